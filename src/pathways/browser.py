"""The compiled form as a browser reads it: plain JSON, every cube as its findings with the cells it forbids, limits as exact text.

`site/assets/evaluate.js` decides with it what `evaluation` decides here. What depends on the place of care is resolved already.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pathways.asked import Posed
from pathways.decision import Window
from pathways.evaluation import NO_SITE, unsigned
from pathways.findings import Finding, Space
from pathways.ruleset import Pathway, Rule, RuleSet

if TYPE_CHECKING:
    from pathways.asked import Asked

__all__ = ["NAME", "as_script", "form_of", "holds"]

FORMAT = 1
NAME = "PATHWAYS"  # of the variable that the script sets
BEFORE, AFTER = f"globalThis.{NAME} = ", ";\n"
WIDEST = 31  # cells of one finding that a number of JavaScript holds as bits; a finding with more has its masks as text


def as_script(ruleset: RuleSet) -> str:
    """A script that hands the form to a page: no fetch, so that the page works opened as a file."""
    return _script(form_of(ruleset))


def _script(form: Mapping[str, Any]) -> str:
    return f"{BEFORE}{json.dumps(form, separators=(',', ':'), ensure_ascii=True, allow_nan=False)}{AFTER}"


def holds(script: str, ruleset: RuleSet) -> bool:
    """Whether a script is that of these rules and does nothing else, whichever engine wrote it."""
    try:
        engine = json.loads(script.removeprefix(BEFORE).removesuffix(AFTER))["engine"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return False
    return isinstance(engine, str) and script == _script({**form_of(ruleset), "engine": engine})


def form_of(ruleset: RuleSet) -> dict[str, Any]:
    """The rule set as plain data for `evaluate.js`."""
    together = ruleset.asked(tuple(ruleset.pathways))  # numbers items and referrals in the order in which any question shows them
    given = {(posed.pathway, posed.rule): posed for posed in together.rules}
    cubes = _Cubes(ruleset.space)
    return {
        "format": FORMAT,
        "engine": ruleset.engine,
        "id": ruleset.id,
        "title": ruleset.title,
        "version": ruleset.version,
        "digest": ruleset.digest,
        "approval": ruleset.ref.approval,
        "review_by": ruleset.review_by,
        "notice": ruleset.notice,
        "unsigned": unsigned(ruleset.ref.approval, ruleset.notice),
        "site": {"id": ruleset.site.id, "configured": ruleset.site.configured, "notice": NO_SITE},
        "urgency": [{"id": one.id, "label": one.label, "latest": one.latest, "contact": one.contact} for one in ruleset.urgency],
        "limits": [{"id": name, "label": label} for name, label in ruleset.limits.items()],
        "services": [{"id": name, "name": said, "discreet": name in ruleset.discreet.services} for name, said in ruleset.services.items()],
        "groups": [{"id": name, "ask": ask} for name, ask in ruleset.groups.items()],
        "findings": [_finding(finding, ruleset) for finding in ruleset.findings.values()],
        "constraints": [
            {
                "id": one.id,
                "means": one.means,
                "applies": one.id.removeprefix("applies:") if one.id.startswith("applies:") else "",
                "clauses": cubes.written(one.clauses),
            }
            for one in ruleset.constraints
        ],
        "items": _items(together, ruleset),
        "slots": [{"service": service, "window": _window(window), "condition": condition} for service, window, condition in together.slots],
        "red_flags": [_rule(rule, given, cubes, ruleset) for rule in ruleset.red_flags],
        "pathways": [_pathway(pathway, given, cubes, ruleset) for pathway in ruleset.pathways.values()],
    }


class _Cubes:
    """Writes cubes and clauses as `finding, mask, finding, mask`, findings by their number."""

    def __init__(self, space: Space) -> None:
        self.findings = list(space.findings.values())
        self.number = {finding.mask: n for n, finding in enumerate(self.findings)}
        self.space = space

    def written(self, cubes: Iterable[int]) -> list[list[int | str]]:
        return [[part for mask in self.space.parts(cube) for part in self._part(cube, mask)] for cube in cubes]

    def _part(self, cube: int, mask: int) -> tuple[int, int | str]:
        number = self.number[mask]
        finding = self.findings[number]
        bits = (cube & mask) >> finding.offset
        return number, bits if finding.size <= WIDEST else str(bits)


def _finding(finding: Finding, ruleset: RuleSet) -> dict[str, Any]:
    return {
        "id": finding.id,
        "ask": finding.ask,
        "means": finding.means,
        "kind": finding.kind,
        "group": finding.group,
        "worse": finding.worse,
        "unit": finding.unit,
        "unit_text": finding.unit_text,
        "range": [str(end) for end in finding.range] if finding.range else None,
        "resolution": None if finding.resolution is None else str(finding.resolution),
        "values": [[name, label] for name, label in finding.values.items()],
        "cuts": [[str(limit), after] for limit, after in finding.cuts],
        "size": finding.size,
        "gated": finding.gated,
        "gates": list(finding.gates),
        "hides": list(finding.hides),
        "measured_by": list(finding.measured_by),
        "discreet": finding.id in ruleset.discreet.findings,
    }


def _items(together: Asked, ruleset: RuleSet) -> list[dict[str, Any]]:
    return [
        {
            "id": item.id,
            "kind": item.kind,
            "text": item.text,
            "condition": item.condition,
            "discreet": item.discreet,
            "repeat_after": item.repeat_after,
            "before_call": ruleset.items[item.id].before_call,
        }
        for _, item, _ in together.catalogue
    ]


def _window(window: Window | None) -> dict[str, str] | None:
    return None if window is None else {"from": window.from_, "not_before": window.not_before, "not_after": window.not_after}


def _outcome(posed: Posed | None) -> dict[str, Any] | None:
    """What a rule gives, by number; None for a handover, and for a rule that can hold for nobody."""
    if posed is None or posed.rank < 0:
        return None
    return {
        "urgency": posed.rank,
        "items": [item for item, _ in posed.items],
        "reassures": list(posed.reassures),
        "rows": [[row.slot, row.contact, row.limit] for row in posed.rows],
    }


def _rule(rule: Rule, given: Mapping[tuple[str, str], Posed], cubes: _Cubes, ruleset: RuleSet) -> dict[str, Any]:
    posed = given.get((rule.pathway, rule.id))
    return {
        "id": rule.id,
        "title": rule.title,
        "cubes": [] if posed is None else cubes.written(rule.cubes),
        "then": _outcome(posed),
        "handover": rule.handover,
        "basis": rule.basis,
        "sources": list(rule.sources),
        "narrows": list(rule.narrows),
        "discreet": (rule.pathway, rule.id) in ruleset.discreet.rules,
    }


def _pathway(pathway: Pathway, given: Mapping[tuple[str, str], Posed], cubes: _Cubes, ruleset: RuleSet) -> dict[str, Any]:
    return {
        "id": pathway.id,
        "title": pathway.title,
        "complaint": pathway.complaint,
        "notice": pathway.notice,
        "version": pathway.version,
        "review_by": pathway.review_by,
        "applies": None if pathway.applies is None else cubes.written(pathway.applies),
        "applies_text": pathway.applies_text,
        "first_aid": [[item, ruleset.items[item].text] for item in pathway.first_aid],
        "findings": list(pathway.findings),
        "rules": [_rule(rule, given, cubes, ruleset) for rule in pathway.rules],
        "otherwise": _outcome(given.get((pathway.id, "otherwise"))),
    }
