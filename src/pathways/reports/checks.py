"""What `check` found: the remarks, then how each property stands, for a terminal or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pathways.reports.formats import remark_annotations, remark_data
from pathways.reports.lines import visible
from pathways.reports.remarks import counted, remark_rows
from pathways.reports.roots import Root

if TYPE_CHECKING:
    from pathways.checks import Report, Result

__all__ = ["FORMATS", "Checked"]


class Checked(NamedTuple):
    """What was found of a rule folder, and where that lies."""

    report: Report
    root: Root


def as_text(found: Checked) -> Iterator[str]:
    """The remarks, a row for each property, what was not checked, and the sum."""
    report = found.report
    yield from remark_rows(report.remarks)
    if report.remarks:
        yield ""
    yield from _verdicts(report)
    yield counted(report.remarks)


def _verdicts(report: Report) -> Iterator[str]:
    """A row for each property, what was not checked, and of how many."""
    for one in report.properties:
        results = [result for result in report.results if result.property == one.id]
        if not results:
            continue
        yield visible(f"{one.id:<4} {report.verdict(one.id):<11} {one.title}")
        for result in results:
            if result.verdict != "proved":
                yield visible(f"     {' + '.join(result.subject) or 'rule set'}: {result.verdict}{_why(result)}")
    for text in report.not_checked:
        yield visible(f"not checked: {text}")
    yield f"of {report.patients:.1e} combinations of answers, those that are possible; rule set {report.digest[:12]}"


def as_github(found: Checked) -> Iterator[str]:
    """An annotation for each remark; then, for the log, how each property stands."""
    yield from remark_annotations(found.report.remarks, found.root)
    yield from _verdicts(found.report)
    yield counted(found.report.remarks)


def _why(result: Result) -> str:
    return f", the solver reached its limit ({result.limit}): allow it by name, or divide the pathway" if result.limit else ""


def as_json(found: Checked) -> Iterator[str]:
    """Everything, for other programs."""
    report = found.report
    properties = [{"id": one.id, "title": one.title, "method": one.method, "verdict": report.verdict(one.id)} for one in report.properties]
    results = [
        {
            "property": result.property,
            "subject": list(result.subject),
            "verdict": result.verdict,
            "seconds": round(result.seconds, 3),
            "questions": result.questions,
            "limit": result.limit,
            "remarks": [remark_data(remark, found.root) for remark in result.remarks],
        }
        for result in report.results
    ]
    data = {
        "format": 1,
        "digest": report.digest,
        "patients": str(report.patients),
        "properties": properties,
        "results": results,
        "not_checked": list(report.not_checked),
    }
    yield from json.dumps(data, indent=2, ensure_ascii=False).split("\n")


FORMATS = {"text": as_text, "json": as_json, "github": as_github}
