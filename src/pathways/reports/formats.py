"""Remarks and cases that were run, in each format that a command can print: a function from the report to its lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from pathways.remarks import Remark, Severity
from pathways.reports.cases import MANY, Ran, case_rows
from pathways.reports.github import annotation
from pathways.reports.junit import document
from pathways.reports.remarks import counted, remark_rows
from pathways.reports.roots import Root

if TYPE_CHECKING:
    from pathways.cases import CaseResult

__all__ = ["CASE_FORMATS", "REMARK_FORMATS", "Remarked", "case_data", "remark_annotations", "remark_data"]


# -- remarks ---------------------------------------------------------------------------------------------------------


class Remarked(NamedTuple):
    """What is said of a rule folder."""

    remarks: tuple[Remark, ...]
    root: Root


def remarks_as_text(found: Remarked) -> Iterator[str]:
    """The rows, and how many errors and warnings."""
    yield from remark_rows(found.remarks)
    yield counted(found.remarks)


def remarks_as_json(found: Remarked) -> Iterator[str]:
    """Every remark, with paths from where the command runs."""
    severities = [remark.severity for remark in found.remarks]
    yield _json(
        {
            "errors": severities.count(Severity.ERROR),
            "warnings": severities.count(Severity.WARNING),
            "notes": severities.count(Severity.NOTE),
            "remarks": [remark_data(remark, found.root) for remark in found.remarks],
        }
    )


def remarks_for_github(found: Remarked) -> Iterator[str]:
    """An annotation for each remark; then, for the log, how many."""
    yield from remark_annotations(found.remarks, found.root)
    yield counted(found.remarks)


def remark_data(remark: Remark, root: Root) -> dict[str, Any]:
    """A remark as plain data; what it does not have is left out."""
    return {
        "severity": str(remark.severity),
        "code": remark.code,
        "message": remark.message,
        **root.place(remark.place),
        **({} if remark.other is None else {"other": root.place(remark.other)}),
        **({"help": remark.help} if remark.help else {}),
        **({"example": remark.example._asdict() | {"given": dict(remark.example.given)}} if remark.example else {}),
    }


def remark_annotations(remarks: Iterable[Remark], root: Root) -> Iterator[str]:
    """Each remark beside its line; the other place, the patient and the cure are part of the message."""
    for remark in remarks:
        also = "" if remark.other is None else f"\nsee also: {remark.other._replace(file=root.file(remark.other.file))}"
        shown = f"\npatient: {remark.example.said}\ndecided: {remark.example.decided}" if remark.example else ""
        cure = f"\nhelp: {remark.help}" if remark.help else ""
        yield annotation(remark.severity, remark.code, f"{remark.message}{also}{shown}{cure}", remark.place, root)


# -- cases -----------------------------------------------------------------------------------------------------------


def cases_as_text(ran: Ran) -> Iterator[str]:
    """Each case that failed side by side, and how many passed."""
    for result in ran.failed:
        yield from case_rows(result)
        yield ""
    yield from remark_rows(ran.remarks)
    yield counted(ran.remarks) if ran.remarks else ran.counted


def cases_as_json(ran: Ran) -> Iterator[str]:
    """Every case with what differs, and the rules responsible."""
    yield _json(case_data(ran))


def case_data(ran: Ran) -> dict[str, Any]:
    """Every case as plain data."""
    return {
        "cases": len(ran.results),
        "passed": len(ran.results) - len(ran.failed),
        "failed": len(ran.failed),
        "remarks": [remark_data(remark, ran.root) for remark in ran.remarks],
        "results": [_result(result, ran.root) for result in ran.results],
    }


def cases_as_junit(ran: Ran) -> Iterator[str]:
    """A suite for each pathway, a test for each case."""
    yield document(ran)


def cases_for_github(ran: Ran) -> Iterator[str]:
    """An annotation for each case that failed; then, for the log, how many."""
    for result in ran.failed:
        rows = [str(difference) for difference in result.comparison.differences]
        rows += [f"{one.rule} {one.state}: {ran.root.file(str(one.place))}" for one in result.comparison.responsible[:MANY]]
        yield annotation(Severity.ERROR, f"case failed: {result.case.name}", "\n".join(rows), result.case.place, ran.root)
    yield from remark_annotations(ran.remarks, ran.root)
    yield counted(ran.remarks) if ran.remarks else ran.counted


def _result(result: CaseResult, root: Root) -> dict[str, Any]:
    found = result.comparison
    return {
        "case": result.case.name,
        "pathway": result.case.pathway,
        **root.place(result.case.place),
        "passed": result.passed,
        "urgency": {"expected": found.urgency.expected, "decided": found.urgency.decided},
        "differences": [{"what": one.what, "expected": one.expected, "decided": one.decided} for one in found.differences],
        "responsible": [
            {"rule": one.rule, "pathway": one.pathway, "state": one.state, **root.place(one.place)} for one in found.responsible
        ],
    }


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=1)


REMARK_FORMATS: Mapping[str, Callable[[Remarked], Iterator[str]]] = MappingProxyType(
    {"text": remarks_as_text, "json": remarks_as_json, "github": remarks_for_github}
)
CASE_FORMATS: Mapping[str, Callable[[Ran], Iterator[str]]] = MappingProxyType(
    {"text": cases_as_text, "json": cases_as_json, "junit": cases_as_junit, "github": cases_for_github}
)
