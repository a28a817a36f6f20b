"""A rule folder with hostile text in every text that its authors may write, found by walking the models that read it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, StringConstraints

from pathways.model import Case, FindingsFile, HazardsFile, ItemsFile, PathwayFile, RequirementsFile, RuleSetFile, SourcesFile

LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 5
ATTACKS = (
    "<script>window.pwned=1</script>",
    "</script></title></style></textarea></noscript><script>window.pwned=2</script>",
    '"><img src=x onerror="window.pwned=3">',
    "' autofocus onfocus='window.pwned=4' x='",
    "<svg onload=window.pwned=5><a href='javascript:window.pwned=6'>",
    "]]> --> <!-- <![CDATA[ <iframe src=https://evil.example/></iframe>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'><base href=https://evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css><style>@import 'https://evil.example/'</style>",
    "![x](https://evil.example/x.png) [y](javascript:window.pwned=7) <https://evil.example>",
    "**bold** `code` # heading | a | b | ~~~ ``` $x$ :smile: [[link]] [^1] *[a]: b {: onclick='window.pwned=8'} ::: snippet --8<-- 'x'",
    "```mermaid graph TD; A[click]-->B; click A 'javascript:window.pwned=9' ```",
    "{{ 7 * 7 }} {% for x in y %} {# gone #} ${7*7} #{7*7} <%= 7 %> __proto__",
    "&lt;b&gt; &amp;amp; &#106;avascript: %3Cscript%3E \\u003cscript\\u003e \\n \\",
    "مرحبا שלום 你好 a\u0301\u0302\u0303\u0304 🩸",
    LONG,
)
ROOTS: Mapping[str, Any] = {
    "ruleset.yaml": RuleSetFile,
    "findings.yaml": FindingsFile,
    "items.yaml": ItemsFile,
    "sources.yaml": SourcesFile,
    "nose.yaml": PathwayFile,
    "nose.cases.yaml": list[Case],
    "requirements.yaml": RequirementsFile,
    "hazards.yaml": HazardsFile,
}
CASE = "the case"  # the name by which a hazard's control names the first case


class Hostile(str):
    """A text of an author that is written in quotes."""

    __slots__ = ()


# One of everything, with every key that takes a text. A text that is planted is replaced, whatever stands here.
T = "text"
REFERRED = {"urgency": "urgent", "referrals": [{"service": "ent", "contact": "now", "within": "PT1H", "site": {"ent_here": "no"}}]}
FOLDER: Mapping[str, Any] = {
    "ruleset.yaml": {
        "ruleset": "tiny", "title": T, "version": "0.1.0", "review_by": "2030-01-01", "notice": T,
        "urgency": {
            "none": {"label": T},
            "discuss_same_day": {"label": T, "latest": "PT4H", "actionable": "yes"},
            "urgent": {"label": T, "latest": "PT4H", "actionable": "yes", "contact": "now"},
            "immediate": {"label": T, "latest": "now", "actionable": "yes", "contact": "now"},
        },
        "limits": {"now": T, "PT1H": T, "PT4H": T},
        "services": {"ent": {"name": T, "agreed": {"by": T, "on": "2026-01-01"}}},
        "scope": {"purpose": T, "users": T, "setting": T, "excludes": [T]},
        "roles": {"ent_lead": {"means": T}},
        "recall": {"withdrawn": T, "incidents": [T], "told": [T], "problems": T},
        "site_facts": {"ent_here": {"means": T, "negated": T}},
        "red_flags": {
            "choking": {
                "title": T, "when": "choking", "basis": "interpretation", "sources": ["G1"], "note": T,
                "then": {"urgency": "immediate", "referrals": [{"service": "ent", "contact": "now", "within": "now"}]},
            }
        },
        "definitions": {"small": {"means": T, "when": {"age": {"below": "2"}}, "sources": ["E2"]}},
        "constraints": {"hot": {"if": {"temperature": {"at_least": "38"}}, "then": "fever", "means": T, "sources": ["E1"]}},
        "not_encoded": {"G2": T},
    },
    "findings.yaml": {
        "findings": {
            "choking": {"ask": T, "means": T, "worse": "yes", "group": "signs", "appearance": T},
            "bleeding": {
                "ask": T, "means": T, "worse": "yes", "group": "signs",
                "codes": [{"system": "snomed", "code": "249366005", "match": "near", "verified_by": [T]}],
            },
            "fever": {"ask": T, "means": T, "worse": "yes", "group": "signs", "measured_by": ["temperature"]},
            "closed": {"ask": T, "means": T, "worse": "yes", "group": "signs", "hides": ["bleeding"]},
            "examined": {"ask": T, "means": T, "worse": "no", "group": "checks"},
            "clot": {"ask": T, "means": T, "worse": "yes", "group": "signs", "applies": "examined"},
            "tablets": {"ask": T, "means": T, "kind": "choice", "values": {"none": T, "warfarin": T}, "worse": "neither", "group": "about"},
            "age": {"ask": T, "means": T, "kind": "number", "unit": "a", "range": ["0", "120"], "resolution": "0.01", "worse": "neither", "group": "about"},
            "temperature": {
                "ask": T, "means": T, "kind": "number", "unit": "Cel", "range": ["25", "45"], "resolution": "0.1", "worse": "higher", "group": "about",
            },
        },
        "groups": {"signs": T, "checks": T, "about": T},
    },
    "items.yaml": {
        "items": {
            "pack": {"kind": "action", "text": T, "sources": ["E1"], "quotes": [T], "repeat_after": "20 min", "before_call": "ent", "medicine": T},
            "quiet": {"kind": "action", "text": T, "discreet": "yes"},
            "home": {"kind": "advice", "text": T, "reassures": "yes"},
            "again": {"kind": "follow_up", "text": T},
        }
    },
    "sources.yaml": {
        "table": {"title": T, "by": T, "published": T, "date": "2021-08-31", "in_force": T},
        "rows": {"row-1": {"findings": T, "advice": T}},
        "evidence": {
            "E1": {"grade": "A", "title": T, "where": T, "read": T},
            "E2": {"grade": "B", "title": T, "where": "https", "read": T},
            "E3": {"grade": "C", "title": T, "where": "javascript", "read": T},
        },
        "gaps": {"G1": {"problem": T, "resolution": T}, "G2": {"problem": T, "resolution": T}, "G3": {"problem": T, "resolution": T}},
    },
    "nose.yaml": {
        "pathway": "nose", "title": T, "complaint": T, "version": "0.1.0", "review_by": "2030-01-01", "notice": T, "must_sign": ["ent_lead"],
        "applies": {"age": {"at_least": "0.5"}}, "first_aid": ["pack"],
        "definitions": {"bleeds": {"means": T, "when": {"any": ["bleeding", {"all": ["small", {"tablets": "warfarin"}]}]}, "sources": ["E3"]}},
        "rules": {
            "bleed": {
                "title": T, "when": "bleeds", "basis": "source", "sources": ["row-1", "G1"], "narrows": ["row-1"], "note": T,
                "then": {**REFERRED, "actions": ["pack", "quiet"], "follow_up": [{"item": "again", "site": {"ent_here": "yes"}}]},
            },
            "clot": {"title": T, "when": "clot", "basis": "evidence", "sources": ["E1", "E3"], "then": REFERRED},
            "not_seen": {"title": T, "when": {"any": [{"examined": "no"}, "closed"]}, "basis": "interpretation", "sources": ["G1"], "then": {**REFERRED, "actions": ["pack"]}},
            "well": {
                "title": T, "when": {"all": [{"bleeding": "no"}, {"fever": "no"}]}, "basis": "interpretation", "sources": ["G1"],
                "then": {"urgency": "none", "advice": ["home"]},
            },
        },
        "otherwise": {"urgency": "discuss_same_day", "referrals": [{"service": "ent", "within": "PT4H"}]},
        "not_encoded": {"G3": T},
    },
    "nose.cases.yaml": [
        {
            "case": CASE, "given": {"bleeding": "yes", "age": "30"}, "note": T, "sources": ["row-1"],
            "expect": {"lowest": "urgent", "highest": "immediate", "services": ["ent"], "rules": ["bleed"]},
        }
    ],
    "requirements.yaml": {
        "never_below": {"bleeds": {"means": T, "pathways": ["nose"], "when": "bleeding", "urgency": "urgent", "sources": ["E1"]}},
        "never_above": {
            "well": {"means": T, "pathways": ["nose"], "when": {"bleeding": "no"}, "unmentioned": "absent", "urgency": "urgent", "sources": ["E1"]}
        },
    },
    "hazards.yaml": {
        "estimates": T,
        "hazards": {
            "missed": {
                "hazard": T, "causes": [T, T], "effect": T, "harm": T, "owner": T, "status": "closed", "closed": T,
                "controls": [{"does": T, "rules": {"nose": ["bleed"]}, "cases": {"nose": [CASE]}, "properties": ["P3"], "requirements": ["bleeds"], "tests": [T]}],
                "initial": {"severity": "major", "likelihood": "medium"},
                "residual": {"severity": "major", "likelihood": "low"},
            }
        },
    },
}  # fmt: skip


def write(folder: Path) -> dict[str, str]:
    """Writes `folder`/rules; field (`PathwayFile.title 12`) → the text planted there."""
    rules = folder / "rules"
    rules.mkdir()
    planted: dict[str, str] = {}
    for name, root in ROOTS.items():
        data = _plant(root, FOLDER[name], name, planted)
        (rules / name).write_text(_flow(data), encoding="utf-8")
    return planted


def fields() -> set[str]:
    """Every field of a model that takes a text, by its model; a control names a case as the case is called, and says nothing itself."""
    return {name for root in ROOTS.values() for name in _fields(root, "", set())} - {"ControlPart.cases"}


def _fields(hint: Any, where: str, seen: set[type]) -> Iterator[str]:
    if _is_text(hint):
        yield where
    elif isinstance(hint, type) and issubclass(hint, BaseModel):
        if hint not in seen:
            seen.add(hint)
            for name, inner in get_type_hints(hint, include_extras=True).items():
                if name != "model_config":
                    yield from _fields(inner, f"{hint.__name__}.{name}", seen)
    else:
        for inner in get_args(hint)[:1] if get_origin(hint) is Annotated else get_args(hint):
            yield from _fields(inner, where, seen)


def _is_text(hint: Any) -> bool:
    """Whether it is text without a form: what has one can hold nothing hostile."""
    if get_origin(hint) is not Annotated or get_args(hint)[0] is not str:
        return False
    return any(isinstance(one, StringConstraints) and one.pattern is None for one in get_args(hint)[1:])


def _plant(hint: Any, data: Any, where: str, planted: dict[str, str]) -> Any:
    if _is_text(hint):
        return _hostile(where, data, planted)
    if get_origin(hint) is Annotated:
        return _plant(get_args(hint)[0], data, where, planted)
    if get_origin(hint) in (Union, UnionType):
        fitting = [one for one in get_args(hint) if one is not NoneType and _fits(one, data)]
        return _plant(fitting[0], data, where, planted) if fitting else data
    if get_origin(hint) is dict:
        return {key: _plant(get_args(hint)[1], value, where, planted) for key, value in data.items()}
    if get_origin(hint) is list:
        return [_plant(get_args(hint)[0], value, where, planted) for value in data]
    if isinstance(hint, type) and issubclass(hint, BaseModel) and isinstance(data, Mapping):
        hints = get_type_hints(hint, include_extras=True)
        names = {(field.alias or name): name for name, field in hint.model_fields.items()}
        return {key: _plant(hints[names[key]], value, f"{hint.__name__}.{names[key]}", planted) for key, value in data.items()}
    return data


def _fits(hint: Any, data: Any) -> bool:
    plain = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    kind = get_origin(plain) or plain
    if not isinstance(kind, type) or kind is Any:
        return False
    return isinstance(data, Mapping) if issubclass(kind, BaseModel) else isinstance(data, kind)


def _hostile(where: str, data: str, planted: dict[str, str]) -> Hostile:
    """A text that nothing else says, with every attack in it. A hazard names a case as the case is called."""
    if where == "ControlPart.cases":
        return Hostile(planted["Case.case 1"])
    number = sum(name.startswith(f"{where} ") for name in planted) + 1
    key = f"{where.replace('.', '')}{number}"
    lead = {
        "https": f'https://evil.example/{key}/"><script>window.pwned=10</script> ',
        "javascript": f"javascript:window.pwned=11;//{key} ",
    }
    said = lead.get(data, f"{key} ") + " ".join(ATTACKS) + f" end of {key}"
    planted[f"{where} {number}"] = said
    return Hostile(said)


def _flow(data: Any) -> str:
    if isinstance(data, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(value)}" for key, value in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(map(_flow, data)) + "]"
    return json.dumps(data, ensure_ascii=False) if isinstance(data, Hostile) else str(data)
