"""The smallest rule folder with one of everything, variants of it, and tiny rule sets made from plain data.

The other tests use it so that what a test is about stands in the test.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pathways
from pathways.loader import remarks_of

FILES = {
    "ruleset.yaml": """\
ruleset: tiny
title: Tiny
version: 0.1.0
review_by: 2027-01-01
notice: Draft.
urgency:
  none: {label: nothing}
  discuss_same_day: {label: discuss, latest: PT4H, actionable: yes}
  urgent: {label: today, latest: PT4H, actionable: yes, contact: now}
  immediate: {label: at once, latest: now, actionable: yes, contact: now}
limits: {now: now, PT1H: within 1 hour, PT4H: within 4 hours, P1D: within 1 day}
services: {ent: {name: ENT}}
site_facts:
  ent_here: {means: ENT is here}
  minutes: {means: minutes to ENT, kind: number, unit: min, range: [0, 600], resolution: 1}
red_flags:
  choking: {title: choking, when: choking, then: {urgency: immediate, referrals: [{service: ent, contact: now, within: now}]}, basis: interpretation, sources: [G1]}
definitions:
  small: {means: under 2 years, when: {age: {below: 2}}}
constraints:
  hot_is_fever: {if: {temperature: {at_least: 38}}, then: fever, means: 38 or more is fever}
""",
    "findings.yaml": """\
findings:
  choking: {ask: chokes, means: cannot breathe, worse: yes, group: signs}
  bleeding: {ask: bleeds, means: blood runs, worse: yes, group: signs}
  fever: {ask: is hot, means: feels hot, worse: yes, group: signs}
  examined: {ask: was seen, means: with a light, worse: no, group: checks}
  clot: {ask: has a clot, means: in the nose, worse: yes, group: signs, applies: examined}
  tablets: {ask: takes, means: the first of these, kind: choice, values: {none: none, warfarin: warfarin, aspirin: aspirin}, worse: neither, group: about}
  age: {ask: age, means: in years, kind: number, unit: a, range: [0, 120], resolution: 0.01, worse: neither, group: about}
  temperature: {ask: temperature, means: measured now, kind: number, unit: Cel, range: [25, 45], resolution: 0.1, worse: higher, group: about}
groups: {signs: any of these?, checks: what was seen?, about: about the patient}
""",
    "items.yaml": """\
items:
  pack: {kind: action, text: Pack the nose.}
  home: {kind: advice, text: Go home., reassures: yes}
  ask: {kind: advice, text: Ask ENT.}
""",
    "sources.yaml": """\
rows: {row-1: {findings: bleeding, advice: urgent}}
evidence:
  E1: {grade: A, title: read, where: there}
  E2: {grade: E, title: heard, where: somewhere, cite: no}
gaps: {G1: {problem: open, resolution: closed}}
""",
    "nose.yaml": """\
pathway: nose
title: Nose
complaint: nose
version: 0.1.0
review_by: 2027-01-01
rules:
  clot: {title: clot, when: clot, then: {urgency: urgent, referrals: [{service: ent, contact: now, within: PT1H}]}, basis: evidence, sources: [E1]}
  bleed:
    title: bleed
    when: {any: [bleeding, {all: [small, {tablets: warfarin}]}]}
    then: {urgency: urgent, referrals: [{service: ent, contact: now, within: PT4H}], actions: [pack]}
    basis: source
    sources: [row-1]
  well: {title: well, when: {all: [{bleeding: no}, {fever: no}]}, then: {urgency: none, advice: [home]}, basis: interpretation, sources: [G1]}
otherwise: {urgency: discuss_same_day, referrals: [{service: ent, within: PT4H}], advice: [ask]}
""",
}
Edit = tuple[str, str, str]


def write(folder: Path, *edits: Edit, **texts: str) -> Path:
    """The rule folder `folder`/rules. An edit (file, what stands there once, what replaces it) makes a variant.

    `texts` replaces whole files: `write(folder, nose="rules: {}")`.
    """
    files = {**FILES, **{f"{name}.yaml": text for name, text in texts.items()}}
    for file, old, new in edits:
        assert files[file].count(old) == 1, f"{old!r} stands {files[file].count(old)} times in {file}"
        files[file] = files[file].replace(old, new)
    rules = folder / "rules"
    rules.mkdir(exist_ok=True)
    for name, text in files.items():
        (rules / name).write_text(text, encoding="utf-8")
    return rules


def load(folder: Path, *edits: Edit, **texts: str) -> pathways.RuleSet:
    """The rule set of such a folder."""
    return pathways.load(write(folder, *edits, **texts))


def remarks(folder: Path) -> str:
    """Every remark on a rule folder as it is printed."""
    return "\n".join(map(str, remarks_of(folder)))


# -- rule sets from plain data ---------------------------------------------------------------------------------------

LEVELS = ("none", "clinic", "discuss_same_day", "urgent", "immediate")
LIMITS = ("now", "PT1H", "PT4H", "P1D", "P7D")


def ruleset(
    folder: Path,
    findings: Mapping[str, Mapping[str, Any]],
    rules: Mapping[str, Any],
    *,
    otherwise: Any = None,
    applies: Any = None,
    red_flags: Mapping[str, Any] | None = None,
    constraints: Mapping[str, Any] | None = None,
    definitions: Mapping[str, Any] | None = None,
    others: Mapping[str, Any] | None = None,
    items: Mapping[str, Mapping[str, Any]] | None = None,
    groups: tuple[str, ...] = (),
) -> pathways.RuleSet:
    """A rule set whose pathway `p` has these rules: id → (condition, level), (condition, outcome) or (condition, ">pathway").

    A finding is yes/no, or has `values` or `range`; it may have `applies`, `group`, `worse`. `constraints`: id → (if, then).
    `others` holds further pathways, each as {"rules": ..., "otherwise": ..., "applies": ...}.
    """
    sources = folder / "rules"
    sources.mkdir(exist_ok=True)
    for stale in sources.glob("*.yaml"):
        stale.unlink()
    named = list(dict.fromkeys([*groups, *(part.get("group", f"g_{name}") for name, part in findings.items())]))
    files: dict[str, Any] = {
        "findings": {"findings": {name: _finding(name, part) for name, part in findings.items()}, "groups": {name: name for name in named}},
        "items": {"items": {name: {"kind": "advice", "text": name, **part} for name, part in (items or {}).items()}},
        "sources": {"rows": {}, "evidence": {}, "gaps": {"G1": {"problem": "open", "resolution": "closed"}}},
        "ruleset": {
            "ruleset": "tiny", "title": "Tiny", "version": "0.1.0", "review_by": "2027-01-01", "notice": "Draft.",
            "urgency": {level: {"label": level} for level in LEVELS},
            "limits": {limit: limit for limit in LIMITS},
            "services": {"ent": {"name": "ENT"}, "eye": {"name": "eyes"}},
            "red_flags": {name: _rule(name, rule) for name, rule in (red_flags or {}).items()},
            "definitions": {name: {"means": name, "when": when} for name, when in (definitions or {}).items()},
            "constraints": {name: {"if": one, "then": other, "means": name} for name, (one, other) in (constraints or {}).items()},
        },
    }  # fmt: skip
    for name, part in {"p": {"rules": rules, "otherwise": otherwise, "applies": applies}, **(others or {})}.items():
        files[name] = {
            "pathway": name, "title": name, "complaint": name, "version": "0.1.0", "review_by": "2027-01-01",
            "rules": {key: _rule(key, rule) for key, rule in part["rules"].items()},
            **({"otherwise": _outcome(part["otherwise"])} if part.get("otherwise") else {}),
            **({"applies": part["applies"]} if part.get("applies") else {}),
        }  # fmt: skip
    for name, data in files.items():
        (sources / f"{name}.yaml").write_text(flow(data), encoding="utf-8")
    return pathways.load(sources)


def _finding(name: str, part: Mapping[str, Any]) -> dict[str, Any]:
    kind = "choice" if "values" in part else "number" if "range" in part else "yes_no"
    whole = {"ask": name, "means": name, "kind": kind, "group": f"g_{name}", "worse": "yes" if kind == "yes_no" else "neither", **part}
    if kind == "choice":
        whole["values"] = {value: value for value in part["values"]}
    if kind == "number":
        whole = {"unit": "a", "resolution": "0.5", **whole}
    return whole


def _rule(name: str, rule: tuple[Any, Any]) -> dict[str, Any]:
    when, then = rule
    whole = {"title": name, "when": when, "basis": "interpretation", "sources": ["G1"]}
    if isinstance(then, str) and then.startswith(">"):
        return {**whole, "handover": then[1:]}
    return {**whole, "then": _outcome(then)}


def _outcome(then: Any) -> dict[str, Any]:
    return {"urgency": then} if isinstance(then, str) else dict(then)


def flow(data: Any) -> str:
    """Plain data as YAML in one line, so that a rule may be written as Python writes it; every text is written plain."""
    if isinstance(data, Mapping):
        return "{" + ", ".join(f"{key}: {flow(value)}" for key, value in data.items()) + "}"
    if isinstance(data, list | tuple):
        return "[" + ", ".join(map(flow, data)) + "]"
    return str(data)
