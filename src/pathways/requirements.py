"""What the rules must do for some patients, claimed from the evidence alone: `requirements.yaml`, read strictly.

Knows nothing of rules: whether they meet a requirement is for `checks` to prove.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pathways.conditions import InvalidCondition, findings_of, parse, tree
from pathways.consistency import unknown
from pathways.documents import Document, Path_
from pathways.loader import Authored, beside, kinds_of
from pathways.model import RequirementPart, RequirementsFile
from pathways.remarks import InvalidRules, Place, Remark

__all__ = ["FILE", "Requirement", "Side", "read_requirements", "structure"]

FILE = "requirements.yaml"
Side: TypeAlias = Literal["below", "above"]
SIDES: Mapping[str, Side] = {"never_below": "below", "never_above": "above"}


@dataclass(frozen=True, slots=True)
class Requirement:
    """These patients are never decided below, or above, this level.

    `condition` is plain data as in `RuleSet.content()`, and `named` are the findings that it reads, through its definitions.
    `unmentioned`: the claim is only about patients of whom every other yes/no finding of the pathways is no or not applicable.
    """

    id: str
    side: Side
    means: str
    pathways: tuple[str, ...]
    condition: Mapping[str, Any]
    named: frozenset[str]
    unmentioned: bool
    urgency: str
    sources: tuple[str, ...]
    place: Place = field(compare=False)


def read_requirements(folder: Path, authored: Authored) -> tuple[Requirement, ...]:
    """The requirements beside the rules, none where there is no such file; raises InvalidRules with every mistake in them.

    Relies on `authored` being a folder that loads.
    """
    part, document, remarks = beside(folder, FILE, RequirementsFile)
    found: list[Requirement] = []
    first_of: dict[str, Place] = {}
    kinds = kinds_of(authored)
    for key, side in SIDES.items():
        for name, one in (getattr(part, key) if part is not None else {}).items():
            path = (key, name)
            place = document.place(path)
            if name in first_of:
                remarks.append(
                    Remark("requirement-twice", f"`{name}` is the name of two requirements", place, "rename one of them", first_of[name])
                )
            first_of[name] = place
            remarks += _mistakes(one, side, authored, document, path)
            try:
                condition = parse(one.when, kinds)
            except InvalidCondition as error:
                at = (*path, "when")
                remarks += [Remark(wrong.code, wrong.message, document.place((*at, *wrong.path)), wrong.help) for wrong in error.mistakes]
                continue
            found.append(
                Requirement(
                    id=name,
                    side=side,
                    means=one.means,
                    pathways=tuple(one.pathways),
                    condition=tree(condition),
                    named=frozenset(findings_of(condition, authored.definitions)),
                    unmentioned=one.unmentioned is not None,
                    urgency=one.urgency,
                    sources=tuple(one.sources),
                    place=place,
                )
            )
    if remarks:
        raise InvalidRules(remarks)
    return tuple(found)


def structure(folder: Path) -> list[Remark]:
    """Every mistake of the file that can be seen without the rules."""
    return beside(folder, FILE, RequirementsFile)[2]


def _mistakes(one: RequirementPart, side: Side, authored: Authored, document: Document, path: Path_) -> Iterator[Remark]:
    known = authored.sources
    if not one.pathways:
        help = f"name one of: {', '.join(authored.pathways)}"
        yield Remark("no-pathway", "no pathway is asked", document.place((*path, "pathways")), help)
    for n, name in enumerate(one.pathways):
        place = document.place((*path, "pathways", n))
        if name not in authored.pathways:
            yield unknown("unknown-pathway", name, authored.pathways, place)
        elif name in one.pathways[:n]:
            yield Remark("pathway-twice", f"`{name}` is asked twice", place, "name each once")
    levels = list(authored.ruleset.urgency)
    place = document.place((*path, "urgency"))
    if one.urgency not in levels:
        yield unknown("unknown-level", one.urgency, levels, place)
    elif one.urgency == levels[0 if side == "below" else -1]:
        end = "lowest" if side == "below" else "highest"
        yield Remark("claims-nothing", f"nobody is decided {side} `{one.urgency}`, the {end} level", place, "name the level that must hold")
    for n, source in enumerate(one.sources):
        if source not in known.rows and source not in known.evidence and source not in known.gaps:
            yield unknown("unknown-source", source, [*known.rows, *known.evidence, *known.gaps], document.place((*path, "sources", n)))
    place = document.place((*path, "sources"))
    if not one.sources:
        yield Remark("no-source", "a requirement names no source", place, "name the row, the evidence or the gap that it rests on")
    elif not any(source not in known.evidence or known.evidence[source].cite for source in one.sources):
        yield Remark("not-citable", f"{', '.join(one.sources)} may not be cited", place, "rest the requirement on another source")
