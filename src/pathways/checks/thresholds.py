"""P9: limits on numbers fit together: the rows of a table neither overlap nor leave a gap, and cases stand at every limit.

That a limit lies in the range of its finding, and is a multiple of its resolution, is seen when the rules are loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import combinations, pairwise
from typing import NamedTuple

from pathways.checks.book import Book
from pathways.checks.tables import Row, Table
from pathways.content import Tree, comparisons, limits_read
from pathways.encoding import Literal, differ, either
from pathways.findings import number
from pathways.plain import holds
from pathways.remarks import Example, Remark

__all__ = ["limit_without_case", "rows_leave_a_gap", "rows_overlap"]


class Cell(NamedTuple):
    """A value, or those between two neighbouring limits."""

    low: Decimal
    high: Decimal

    @property
    def value(self) -> Decimal:
        return (self.low + self.high) / 2


# -- tables ----------------------------------------------------------------------------------------------------------


def rows_overlap(book: Book) -> Iterator[Remark]:
    """Values that lie in two rows of a table."""
    for table in book.tables:
        cells = _cells(book, table)
        for (m, one), (n, other) in combinations(enumerate(table.rows), 2):
            apart = differ(book.world.tree(one.limit), book.world.tree(other.limit))
            for run in _runs(cell for cell in cells if _lies(table, cell, one) and _lies(table, cell, other)):
                example = _example(book, table, run, apart)
                message = f"rows {m + 1} and {n + 1} of `{table.name}` both hold for `{table.by}` {_said(run)}"
                help = "let each row begin where the one before ends"
                yield Remark("bands-overlap", message, other.place, help, one.place, example=example)


def rows_leave_a_gap(book: Book) -> Iterator[Remark]:
    """Values in the range of a number that lie in no row of a table of it."""
    for table in book.tables:
        for run in _runs(cell for cell in _cells(book, table) if not any(_lies(table, cell, row) for row in table.rows)):
            example = _example(book, table, run, either(*(book.world.tree(row.limit) for row in table.rows)))
            message = f"no row of `{table.name}` holds for `{table.by}` {_said(run)}"
            help = "add a row for them; if nobody is meant there, write the definition with `when:`, which says so"
            yield Remark("band-missing", message, table.place, help, example=example)


def _example(book: Book, table: Table, run: list[Cell], limit: Literal) -> Example | None:
    """A patient with such a value, of whom a row, were there one for them, would ask this."""
    pathways = [table.pathway if table.pathway in book.pathways else book.pathways[0]]
    inside = [
        literal
        for literal, value in book.answers.cells(table.by)
        if isinstance(value, Decimal) and any(cell.low < value < cell.high or cell.low == value == cell.high for cell in run)
    ]
    found = book.patient(pathways, either(*inside), limit)
    return None if found is None else book.told(pathways, found, (table.by, table.read))


def _cells(book: Book, table: Table) -> list[Cell]:
    """The range of the number cut at every limit of the bands: each limit, and what lies between two."""
    low, high = map(Decimal, book.content.findings[table.by]["range"])
    limits = {limit for limit, _ in limits_read(row.band for row in table.rows)[table.by]}
    ends = sorted({low, high, *limits})
    cells = [Cell(ends[0], ends[0])]
    for one, other in pairwise(ends):
        cells += [Cell(one, other), Cell(other, other)]
    return cells


def _lies(table: Table, cell: Cell, row: Row) -> bool:
    return holds(row.band, {table.by: cell.value})


def _runs(cells: Iterable[Cell]) -> Iterator[list[Cell]]:
    """Neighbouring cells together."""
    listed = list(cells)
    starts = [n for n, cell in enumerate(listed) if n == 0 or listed[n - 1].high != cell.low]
    for start, end in pairwise([*starts, len(listed)]):
        yield listed[start:end]


def _said(run: list[Cell]) -> str:
    """`from 12 to below 13`."""
    first, last = run[0], run[-1]
    if first.low == last.high:
        return f"{first.low}"
    return f"{'from' if first.low == first.high else 'above'} {first.low} to {'' if last.low == last.high else 'below '}{last.high}"


# -- cases -----------------------------------------------------------------------------------------------------------


def limit_without_case(book: Book) -> Iterator[Remark]:
    """A limit that a rule compares a number with, and no case of its pathway just below it, at it or just above it.

    A rule that nobody meets wants no cases.
    """
    for pathway in book.pathways:
        yield from _without_case(book, pathway)


def _without_case(book: Book, pathway: str) -> Iterator[Remark]:
    cases, unread = book.cases(pathway)
    yield from unread
    given: dict[str, set[Decimal | None]] = {}
    for _, case in cases:
        for name, value in case.given.items():
            if isinstance(value, str):
                given.setdefault(name, set()).add(number(value))
    for (name, limit), readers in _limits(book, pathway).items():
        low, high = map(Decimal, book.content.findings[name]["range"])
        step = book.step(name)
        around = (value for value in (limit - step, limit, limit + step) if low <= value <= high)
        missing = [value for value in around if value not in given.get(name, ())]
        readers = [one for one in readers if not one[0] or book.can_hold(pathway, one[0])] if missing else []
        if readers:
            upward = missing[-1] > limit or limit in missing  # then whoever begins there reads them, else whoever ends there
            rule, _ = next((one for one in readers if one[1] is upward), readers[0])
            place = book.place(pathway, rule, "when") if rule else book.pathway_place(pathway, "applies")
            by, listed = f"`{rule}`" if rule else "`applies`", " or ".join(f"{value}" for value in missing)
            message = f"{by} compares `{name}` with {limit}, and no case of `{pathway}` has it at {listed}"
            yield Remark("limit-without-case", message, place, f"add {'a case' if len(missing) == 1 else 'cases'} to {pathway}.cases.yaml")


def _limits(book: Book, pathway: str) -> dict[tuple[str, Decimal], list[tuple[str, bool]]]:
    """For each limit of a number: the rules that compare it, and whether upward; the pathway's own `applies` has no name."""
    found: dict[tuple[str, Decimal], list[tuple[str, bool]]] = {}
    for rule, tree in [("", book.content.applies(pathway)), *_rules(book, pathway)]:
        for one in comparisons(tree):
            for word, limit in one.get("number", {}).items():
                found.setdefault((one["finding"], Decimal(limit)), []).append((rule, word in ("at_least", "above")))
    return found


def _rules(book: Book, pathway: str) -> Iterator[tuple[str, Tree]]:
    for rule in book.content.pathways[pathway]["rules"]:
        yield rule["id"], book.content.condition(pathway, rule["id"])
