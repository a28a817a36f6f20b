"""Remarks and case results as rows for a terminal or an editor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pathways.remarks import Remark, Severity
from pathways.reports.lines import visible

if TYPE_CHECKING:
    from pathways.cases import CaseResult

__all__ = ["case_rows", "counted", "number_of", "remark_rows"]


def remark_rows(remarks: Iterable[Remark]) -> Iterator[str]:
    """`file:line:column: error[code]: message`, with the other place and the cure below it."""
    for remark in remarks:
        yield from map(visible, str(remark).split("\n"))


def counted(remarks: Iterable[Remark]) -> str:
    """How many errors and warnings."""
    severities = [remark.severity for remark in remarks]
    errors = severities.count(Severity.ERROR)
    return f"{number_of(errors, 'error')}, {number_of(len(severities) - errors, 'warning')}"


def case_rows(results: Iterable[CaseResult]) -> Iterator[str]:
    """Each case that failed with its differences, and how many passed."""
    passed = failed = 0
    for result in results:
        if result.passed:
            passed += 1
            continue
        failed += 1
        yield visible(f"{result.case.place}: failed: {result.case.name}")
        yield from (visible(f"  {difference}") for difference in result.differences)
        if result.rules:
            yield visible(f"  rules that hold: {', '.join(result.rules)}")
    yield f"{number_of(passed + failed, 'case')}, {passed} passed, {failed} failed"


def number_of(count: int, noun: str) -> str:
    """`1 case`, `2 cases`."""
    return f"{count} {noun}{'s' * (count != 1)}"
