"""Source → rule → case → proof → hazard, source by source, and what hangs loose; then the cases, each with the rules that it reaches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pathways.cases import CaseResult
from pathways.content import OTHERWISE
from pathways.hazards import Hazard
from pathways.ruleset import Rule
from pathways.site.page import Page
from pathways.site.proofs import NOT_CHECKED, NOTHING
from pathways.site.volume import Volume
from pathways.spoken import say
from pathways.tracing import Exercised, Kind, Trace, idle_cases, untested

__all__ = ["Loose", "Row", "loose", "matrix", "pages"]

FEW = 3  # cases that are named in a cell
PAGES = {
    Kind.ROW: ("traceability/index", "Traceability"),
    Kind.GAP: ("traceability/gaps", "Traceability of gaps"),
    Kind.EVIDENCE: ("traceability/evidence", "Traceability of evidence"),
}


class Row(NamedTuple):
    """A rule in the table of a source: whether it is for fewer patients than that names, its cases, the hazards that it controls."""

    rule: Rule
    narrows: bool
    exercised: Exercised
    hazards: tuple[Hazard, ...]


class Table(NamedTuple):
    """A source with a row for each rule that names it."""

    trace: Trace
    rows: tuple[Row, ...]


class Loose(NamedTuple):
    """A kind of what hangs loose: how it is called, why it matters, each of them in words, and whether it is a fault."""

    id: str
    title: str
    why: str
    found: tuple[str, ...]
    fault: bool = True


def pages(volume: Volume) -> Iterator[Page]:
    """Rows of the agreed table with what hangs loose; gaps; evidence; the cases of each pathway."""
    tables = list(matrix(volume))
    written = volume.authored.sources
    for kind, (path, title) in PAGES.items():
        values = {
            "kind": kind,
            "tables": [one for one in tables if one.trace.kind is kind],
            "loose": list(loose(volume)) if kind is Kind.ROW else [],
            "unsourced": [pathway for pathway in volume.ruleset.pathways.values() if pathway.otherwise is not None],
            "written": {Kind.ROW: written.rows, Kind.GAP: written.gaps, Kind.EVIDENCE: written.evidence}[kind],
            "required": {one.id: one for one in volume.requirements},
            "numbers": volume.case_numbers,
            "few": FEW,
        }
        yield Page(path, title, "traceability", values, search=kind is Kind.ROW)
    for pathway in volume.ruleset.pathways.values():
        cases = [Told.of(volume, result) for result in volume.cases if result.case.pathway == pathway.id]
        yield Page(f"{pathway.id}/cases", f"{pathway.title}: cases", "cases", {"pathway": pathway, "cases": cases})


def matrix(volume: Volume) -> Iterator[Table]:
    """The table of every source."""
    hazards = volume.hazards.by_rule()

    for trace in volume.traces:
        rules = {(rule.pathway, rule.id): rule for rule in (*trace.rules, *trace.narrowing)}
        yield Table(
            trace, tuple(Row(rule, rule in trace.narrowing, volume.exercised[key], hazards.get(key, ())) for key, rule in rules.items())
        )


# -- what hangs loose ------------------------------------------------------------------------------------------------


def loose(volume: Volume) -> Iterator[Loose]:
    """Every kind, also where nothing is: that it was looked for is part of what a reviewer wants to know."""
    orphans = [one for one in volume.traces if one.orphan]
    kinds = {kind: tuple(one.id for one in orphans if one.kind is kind) for kind in Kind}
    hazards = volume.hazards.by_rule()
    yield Loose("rows", "rows of the agreed table without a rule", "The table says something that the rules do not.", kinds[Kind.ROW])
    yield Loose(
        "gaps", "gaps that nothing fills, and nobody says why", "The table leaves something open, and so do the rules.", kinds[Kind.GAP]
    )
    yield Loose("evidence", "references that nothing names", "They were read, and nothing rests on them.", kinds[Kind.EVIDENCE], False)
    yield Loose(
        "rules",
        "rules that no case reaches",
        "Nobody has written down what they should do.",
        tuple(_named(volume, *key) for key in untested(volume.exercised, volume.ruleset)),
    )
    yield Loose(
        "cases",
        "cases that exercise no rule",
        "No rule holds or may hold, and it is not a refusal that they expect.",
        tuple(f"{one.case.name} ({_title(volume, one.case.pathway)})" for one in idle_cases(volume.cases)),
    )
    yield Loose(
        "controls",
        "hazards without a control",
        "Nothing is done against them.",
        tuple(f"{one.id}: {one.hazard}" for one in volume.hazards.hazards if not one.controls),
    )
    yield Loose(
        "hazards",
        "rules that no hazard names as its control",
        "They answer no hazard of the log by their name. That is no fault by itself: the log names what matters most.",
        tuple(_named(volume, rule.pathway, rule.id) for rule in volume.ruleset.rules if (rule.pathway, rule.id) not in hazards),
        False,
    )
    yield Loose(
        "properties",
        "properties that were not checked, or had nothing to ask",
        "A property without anything to speak of, such as a requirement that nobody has written, proves nothing.",
        tuple(f"{one.property}: {one.title} ({one.verdict})" for one in volume.proofs.everywhere if one.verdict in (NOT_CHECKED, NOTHING)),
    )


def _named(volume: Volume, pathway: str, rule: str) -> str:
    titles = {(one.pathway, one.id): one.title for one in volume.ruleset.rules}
    said = "no other rule holds" if rule == OTHERWISE else titles[pathway, rule]
    return f"{said} ({rule}, {_title(volume, pathway)})"


def _title(volume: Volume, pathway: str) -> str:
    return volume.ruleset.pathways[pathway].title if pathway in volume.ruleset.pathways else "shared danger signs"


# -- cases -----------------------------------------------------------------------------------------------------------


class Told(NamedTuple):
    """A case in words: its number in its file, what is given and expected, and the rules that hold."""

    number: int
    result: CaseResult
    given: tuple[str, ...]
    expected: tuple[str, ...]
    rules: tuple[Rule, ...]
    open: int

    @classmethod
    def of(cls, volume: Volume, result: CaseResult) -> Told:
        part = result.case.part
        ruleset = result.case.ruleset
        rules = {(rule.pathway, rule.id): rule for rule in ruleset.rules}
        return cls(
            volume.case_numbers[result.case.pathway, result.case.name],
            result,
            tuple(say(ruleset.findings[name], result.case.given[name]) for name in part.given),
            tuple(_expected(result)),
            tuple(rules[key] for key in result.comparison.rules if key in rules),
            len(result.comparison.open),
        )


def _expected(result: CaseResult) -> Iterator[str]:
    expect = result.case.part.expect
    if expect.refused is not None:
        yield f"refused: {', '.join(expect.refused)}"
        return
    if expect.urgency is not None:
        yield expect.urgency.replace("_", " ")
    elif expect.lowest is not None and expect.highest is not None:
        yield f"{expect.lowest} to {expect.highest}".replace("_", " ")
    if expect.status is not None:
        yield str(expect.status).replace("_", " ")
    services = list(expect.referrals or expect.services or ())
    names = [result.case.ruleset.services.get(name, name) for name in services]
    yield f"calls {', '.join(names)}" if names else "calls nobody"
