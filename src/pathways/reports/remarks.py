"""Remarks as rows for a terminal or an editor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pathways.remarks import Remark, Severity
from pathways.reports.lines import WIDTH, Line, visible, wrapped

__all__ = ["counted", "narrow", "number_of", "remark_rows", "remark_sheet"]


def remark_rows(remarks: Iterable[Remark]) -> Iterator[str]:
    """`file:line:column: error[code]: message`, with the other place and the cure below it."""
    for remark in remarks:
        yield from map(visible, str(remark).split("\n"))


def remark_sheet(remarks: Iterable[Remark]) -> Iterator[str]:
    """As `remark_rows`, no row longer than a terminal is wide; the place and the code begin a row."""
    yield from narrow(remark_rows(remarks))


def narrow(rows: Iterable[str]) -> Iterator[str]:
    """The rows, those that are longer than a terminal is wide continued on the next, indented."""
    for row in rows:
        if len(row) <= WIDTH:
            yield row
        else:
            lead = "  " if row.startswith("  ") else ""
            yield from wrapped(Line(row.removeprefix(lead), lead), hanging="    ")


def counted(remarks: Iterable[Remark]) -> str:
    """How many errors and warnings."""
    severities = [remark.severity for remark in remarks]
    notes = severities.count(Severity.NOTE)
    said = f"{number_of(severities.count(Severity.ERROR), 'error')}, {number_of(severities.count(Severity.WARNING), 'warning')}"
    return f"{said}, {number_of(notes, 'note')}" if notes else said


def number_of(count: int, noun: str) -> str:
    """`1 case`, `2 cases`."""
    return f"{count} {noun}{'s' * (count != 1)}"
