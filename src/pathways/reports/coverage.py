"""What the cases exercise: a table in per cent, then what is missing, for a terminal or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from pathways.reports.lines import Line, visible, wrapped
from pathways.reports.remarks import number_of
from pathways.reports.roots import Root

if TYPE_CHECKING:
    from pathways.coverage import Coverage, Point

__all__ = ["FORMATS", "Measured", "coverage_data", "row_name"]

COLUMNS = {"rules": 7, "literals": 10, "thresholds": 11, "red flags": 10, "otherwise": 10}


class Measured(NamedTuple):
    """The coverage of a rule folder, and where that lies."""

    coverage: Coverage
    root: Root


def as_text(found: Measured) -> Iterator[str]:
    """The table, what is missing with what would show it, and what was proved that nobody can show."""
    coverage = found.coverage
    rows = [row for row in ("red_flags", *coverage.pathways, None) if row is None or any(point.pathway == row for point in coverage.points)]
    width = max(len(row_name(row)) for row in rows)
    columns = {kind: max(column, 1 + len(_count(coverage, None, kind))) for kind, column in COLUMNS.items()}  # the total is the longest
    yield f"{'':<{width}}{'':>8}" + "".join(f"{kind:>{column}}" for kind, column in columns.items())
    for row in rows:
        cells = (_count(coverage, row, kind).rjust(column) for kind, column in columns.items())
        yield visible(f"{row_name(row):<{width}}{_per_cent(*coverage.counted(row)):>8}") + "".join(cells)
    missing = [point for point in coverage.points if point.state == "missing"]
    impossible = [point for point in coverage.points if point.state == "impossible"]
    for title, points in (("missing", missing), ("cannot be shown: proved that no patient is so, and not counted", impossible)):
        if points:
            yield ""
            yield f"{title}:"
        for point in points:
            yield visible(f"{point.place}:")
            yield from wrapped(Line(point.what, "  "))
            if point.want:
                yield from wrapped(Line(point.want, "    missing: "))
    yield ""
    covered, possible = coverage.counted()
    said = f"{number_of(coverage.cases, 'case')} exercise{'s' * (coverage.cases == 1)}"
    yield f"{said} {covered} of {possible} points, {_per_cent(covered, possible)}"


def row_name(row: str | None) -> str:
    """How a row of a table is called: a pathway, what is shared, or all."""
    return {None: "total", "red_flags": "shared"}.get(row, str(row))


def _count(coverage: Coverage, row: str | None, kind: str) -> str:
    covered, possible = coverage.counted(row, kind)
    return f"{covered}/{possible}" if possible else "-"


def _per_cent(covered: int, possible: int) -> str:
    """Never 100 % while something is missing."""
    return "100 %" if covered == possible else f"{min(100 * covered / possible, 99.9):.1f} %"


def as_json(found: Measured) -> Iterator[str]:
    """Every point, for other programs."""
    yield json.dumps(coverage_data(found), indent=1)


def coverage_data(found: Measured) -> dict[str, Any]:
    """Every point as plain data."""
    coverage = found.coverage
    covered, possible = coverage.counted()
    return {
        "format": 1,
        "cases": coverage.cases,
        "covered": covered,
        "possible": possible,
        "points": [_point(point, found.root) for point in coverage.points],
    }


def _point(point: Point, root: Root) -> dict[str, Any]:
    want = {"want": point.want} if point.want else {}
    return {"kind": point.kind, "pathway": point.pathway, "what": point.what, "state": str(point.state), **want, **root.place(point.place)}


FORMATS = {"text": as_text, "json": as_json}
