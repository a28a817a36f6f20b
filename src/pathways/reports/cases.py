"""Cases that were run: a failing one as a small side-by-side of expected and decided, with the rules responsible."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from pathways.remarks import Remark
from pathways.reports.lines import WIDTH, visible
from pathways.reports.remarks import number_of
from pathways.reports.roots import Root

if TYPE_CHECKING:
    from pathways.cases import CaseResult

__all__ = ["MANY", "Ran", "beside", "case_rows"]

MANY = 8  # rules that are named one by one


class Ran(NamedTuple):
    """The cases of a rule folder that were run; or, where it does not load, why."""

    results: tuple[CaseResult, ...]
    root: Root
    remarks: tuple[Remark, ...] = ()

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        return tuple(result for result in self.results if not result.passed)

    @property
    def counted(self) -> str:
        """`3 cases, 2 passed, 1 failed`."""
        return f"{number_of(len(self.results), 'case')}, {len(self.results) - len(self.failed)} passed, {len(self.failed)} failed"


def case_rows(result: CaseResult) -> Iterator[str]:
    """A case that failed: its place and name, expected beside decided, the rules responsible."""
    yield visible(f"{result.case.place}: failed: {result.case.name}")
    yield from beside(result)


def beside(result: CaseResult) -> Iterator[str]:
    """What was expected beside what was decided, where they differ; the urgency in any case; the rules responsible below."""
    found = result.comparison
    rows = [found.urgency, *(difference for difference in found.differences if difference.what != "urgency")]
    label = max(len(row.what) for row in rows)
    yield from _columns("", "expected", "decided", label)
    for row in rows:
        yield from _columns(row.what, row.expected, row.decided, label)
    if found.responsible:
        yield "  rules responsible"
    for one in found.responsible[:MANY]:
        lead = f"    {one.state:<13}  "
        why = ": nothing speaks of this patient" if one.state == "missing" else ""
        yield from textwrap.wrap(visible(f"{one.rule}, {one.place}{why}"), WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead))
    if len(found.responsible) > MANY:
        yield f"    and {len(found.responsible) - MANY} more"


def _columns(what: str, expected: str, decided: str, label: int) -> Iterator[str]:
    """A row of the table; what is too long for its column takes several lines."""
    cell = (WIDTH - 2 - label - 4) // 2
    columns = [textwrap.wrap(visible(text), cell, break_on_hyphens=False) for text in (what, expected, decided)]
    for lead, left, right in zip_longest(*columns, fillvalue=""):
        yield f"  {lead:<{label}}  {left:<{cell}}  {right}".rstrip()
