"""Writes docs/authors/reference.md, every key of every file, from the models; and the pages of the remarks (`remark_pages`).

Tests hold the pages equal to what they are made of.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, StringConstraints
from pydantic.fields import FieldInfo

from pathways import model
from pathways.findings import UNITS

PAGE = Path(__file__).parent.parent / "docs" / "authors" / "reference.md"
FILES: dict[str, tuple[type[BaseModel], ...]] = {
    "ruleset.yaml": (
        model.RuleSetFile, model.ScopePart, model.RolePart, model.RecallPart, model.LevelPart, model.ServicePart, model.AgreedPart,
        model.SiteFactPart, model.RedFlagPart, model.DefinitionPart,
        model.TablePart, model.RowOfLimits, model.ConstraintPart,
    ),
    "findings.yaml": (model.FindingsFile, model.FindingPart, model.CodePart),
    "items.yaml": (model.ItemsFile, model.ItemPart),
    "sources.yaml": (model.SourcesFile, model.OriginPart, model.RowPart, model.EvidencePart, model.GapPart),
    "NAME.yaml, a pathway": (
        model.PathwayFile, model.RulePart, model.OutcomePart, model.ReferralPart, model.WindowPart, model.SiteItemPart,
    ),
    "NAME.cases.yaml, a list of cases": (model.Case, model.ExpectPart, model.ExpectedReferral),
    "requirements.yaml": (model.RequirementsFile, model.RequirementPart),
    "hazards.yaml": (model.HazardsFile, model.HazardPart, model.RiskPart, model.ControlPart),
    "NAME.site.yaml, a place of care": (model.SiteFile,),
}  # fmt: skip
WORDS: tuple[tuple[Any, str], ...] = (  # a type of the models → what an author writes
    (model.YesNoWord, "`yes` or `no`"),
    (model.NumberWord, "a number"),
    (model.Day, "a date such as `2027-11-25`"),
    (model.Minutes, "a time such as `20 min` or `6 h`"),
    (model.UnitWord, f"one of {', '.join(f'`{unit}`' for unit in UNITS)}"),
    (model.ConditionData, "a condition"),
    (model.ComparisonData, "a comparison"),
    (model.SiteWanted, "facts with `yes`, `no` or limits"),
    (model.AnswerData, "an answer"),
    (model.Text, "a text"),
    (model.Id, "an id"),
    (model.SourceId, "the id of a source"),
    (model.LimitId, "the id of a limit"),
    (model.Version, "a version such as `0.1.0`"),
    (model.Days, "days such as `P5D`"),
    (model.PropertyId, "the id of a property"),
)
MANY = {
    model.Id: "ids",
    model.SourceId: "ids of sources",
    model.LimitId: "ids of limits",
    model.Text: "texts",
    model.PropertyId: "ids of properties",
}
TITLES = {  # the part that a file begins with apart
    model.ScopePart: "What it is for", model.RolePart: "A role that signs", model.RecallPart: "When a rule is wrong",
    model.LevelPart: "A level of urgency", model.ServicePart: "A service",
    model.AgreedPart: "Who agreed for a service", model.SiteFactPart: "A site fact",
    model.RedFlagPart: "A red flag", model.DefinitionPart: "A definition", model.TablePart: "A table of limits",
    model.RowOfLimits: "A row of a table", model.ConstraintPart: "A constraint", model.FindingPart: "A finding",
    model.CodePart: "A code", model.ItemPart: "An item", model.RowPart: "A row", model.EvidencePart: "A published source",
    model.GapPart: "A gap", model.RulePart: "A rule", model.OutcomePart: "An outcome", model.ReferralPart: "A referral",
    model.WindowPart: "A window", model.SiteItemPart: "An item that depends on the place of care", model.Case: "A case",
    model.ExpectPart: "What a case expects", model.ExpectedReferral: "An expected referral",
    model.RequirementPart: "A requirement", model.HazardPart: "A hazard", model.RiskPart: "A risk", model.ControlPart: "A control",
}  # fmt: skip


def reference() -> str:
    """The page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Every key"
    yield ""
    yield "Made from the models by `scripts/reference.py`; [the rule language](rule-language.md) explains, this page lists."
    yield ""
    yield "A key that is not optional must be there; no other key may."
    yield "A text has 1 to 2,000 characters, an id at most 80: small letters, digits and underscores, beginning with a letter."
    yield "A rule set has at most 500 findings, a file at most 1,000,000 bytes and 64 levels."
    yield "A condition has at most 40 levels and 2,000 alternatives."
    for file, parts in FILES.items():
        yield from ("", f"## {file}")
        for part in parts:
            if part in TITLES:
                yield from ("", f"### {TITLES[part]}")
            yield from ("", f"{(part.__doc__ or '').strip()}", "", "| key | takes | meaning |", "|---|---|---|")
            hints = get_type_hints(part, include_extras=True)
            for name, info in part.model_fields.items():
                yield f"| `{info.alias or name}`{'' if info.is_required() else ', optional'} | {_takes(hints[name])} | {_cell(info)} |"


def _cell(info: FieldInfo) -> str:
    return (info.description or "").replace("|", "\\|")


def _takes(kind: Any) -> str:
    """What may stand there, in words."""
    for known, said in WORDS:
        if kind == known:
            return said
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        limits = [one for one in parts[1:] if isinstance(one, StringConstraints)]
        if limits:
            return model.FORMS[limits[0].pattern][0]
        return "two numbers" if get_origin(parts[0]) is list else _takes(parts[0])
    if origin in (Union, UnionType):
        return " or ".join(_takes(part) for part in parts if part is not type(None))
    if origin is Literal:
        return " or ".join(f"`{part}`" for part in parts)
    if origin is list:
        return f"a list of {MANY[parts[0]]}" if parts[0] in MANY else f"a list, each {_takes(parts[0])}"
    if origin is dict:
        return f"{MANY[parts[0]]}, each with {_takes(parts[1])}"
    if kind in TITLES:
        return f"[{TITLES[kind][0].lower()}{TITLES[kind][1:]}](#{TITLES[kind].lower().replace(' ', '-')})"
    return {str: "the id of a limit", Any: "`yes`, `no` or a number"}.get(kind, str(kind))


if __name__ == "__main__":
    import remark_pages

    remark_pages.write()
    PAGE.write_text(reference(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n{remark_pages.FOLDER}\n")
