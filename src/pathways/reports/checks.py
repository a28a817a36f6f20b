"""What `check` found: the remarks and how each property stands, in each format that it can be printed in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from pathways.remarks import Place, Remark, Severity
from pathways.reports.formats import remark_annotations, remark_data
from pathways.reports.lines import Line, visible, wrapped
from pathways.reports.remarks import counted, remark_sheet
from pathways.reports.roots import Root

if TYPE_CHECKING:
    from pathways.checks import Property, Report, Result

__all__ = ["FORMATS", "Checked", "check_data"]


class Checked(NamedTuple):
    """What was found of a rule folder, where that lies, and whether the text has the `notes` in full."""

    report: Report
    root: Root
    notes: bool = False


def as_text(found: Checked) -> Iterator[str]:
    """What only wants to be read, if it is asked for, what is refuted, a row for each property, the sum, and what was not checked."""
    report = found.report
    notes, refuting = _parted(report)
    for remarks in (notes if found.notes else [], refuting):
        yield from remark_sheet(remarks)
        if remarks:
            yield ""
    yield from _verdicts(report)
    yield counted(report.remarks) + (" (see --notes)" if notes and not found.notes else "")
    yield from _not_checked(report)


def _parted(report: Report) -> tuple[list[Remark], list[Remark]]:
    """The notes, and the remarks that refute something."""
    notes = [remark for remark in report.remarks if remark.severity is Severity.NOTE]
    return notes, [remark for remark in report.remarks if remark.severity is not Severity.NOTE]


def _verdicts(report: Report) -> Iterator[str]:
    """A row for each property, below it the pathways for which it does not hold, and of how many."""
    for one, results in _asked(report):
        yield from wrapped(Line(one.title, f"{one.id:<4} {report.verdict(one.id):<10} "))
        for result in results:
            if result.verdict != "proved":
                yield from wrapped(Line(f"{_subject(result)}: {result.verdict}{_why(result)}", " " * 16))
    size = f"of {_many(report.patients)} combinations of answers, those that are possible; rules {report.digest[:12]}"
    yield from wrapped(Line(size))


def _many(count: int) -> str:
    """So many, in digits as long as they can be read."""
    return f"{count:,}" if count < 1_000_000 else f"{count:.1e}"


def _asked(report: Report) -> Iterator[tuple[Property, list[Result]]]:
    for one in report.properties:
        results = [result for result in report.results if result.property == one.id]
        if results:
            yield one, results


def _subject(result: Result) -> str:
    return " + ".join(result.subject) or "rule set"


def _not_checked(report: Report) -> Iterator[str]:
    for text in report.not_checked:
        yield from wrapped(Line(f"not checked: {text}"), hanging="    ")


def as_github(found: Checked) -> Iterator[str]:
    """An annotation for each remark; then, for the log, how each property stands."""
    yield from remark_annotations(found.report.remarks, found.root)
    yield from _verdicts(found.report)
    yield counted(found.report.remarks)
    yield from _not_checked(found.report)


def as_markdown(found: Checked) -> Iterator[str]:
    """For a pull request or a page: how each property stands, what refutes it, and, folded away, what only wants to be read."""
    report = found.report
    notes, refuting = _parted(report)
    yield f"## `pathways check`: {counted(report.remarks)}"
    yield ""
    yield "| property | verdict | |"
    yield "|---|---|---|"
    for one, results in _asked(report):
        failing = ", ".join(f"{_subject(result)} {result.verdict}" for result in results if result.verdict != "proved")
        yield f"| {one.id} {_text(one.title)} | {report.verdict(one.id)} | {_text(failing)} |"
    for title, remarks in (("What is refuted", refuting), ("To be read; nothing is wrong with it", notes)):
        if remarks:
            yield from ("", f"<details{' open' * (remarks is refuting)}><summary>{title}: {len(remarks)}</summary>", "")
            for remark in remarks:
                yield from _item(remark, found.root)
            yield from ("", "</details>")
    yield from ("", f"Rule set `{report.digest[:12]}`, {_many(report.patients)} combinations of answers. Not checked:", "")
    yield from (f"- {_text(text)}" for text in report.not_checked)


def _item(remark: Remark, root: Root) -> Iterator[str]:
    """A remark as an item of a list, with its parts below it."""
    yield f"- `{_place(remark.place, root)}` **{remark.code}**: {_text(remark.message)}"
    if remark.other is not None:
        yield f"    - see also `{_place(remark.other, root)}`"
    if remark.example is not None:
        yield from (f"    - patient: {_text(remark.example.said)}", f"    - decided: {_text(remark.example.decided)}")
    if remark.help:
        yield f"    - help: {_text(remark.help)}"


def _place(place: Place, root: Root) -> str:
    return f"{root.file(place.file)}:{place.line}" if place.line else root.file(place.file)


def _text(text: str) -> str:
    """Words that Markdown reads as words: what stands in backquotes is code, and all else is plain."""
    parts = visible(text).split("`")
    return "`".join(part if n % 2 and n < len(parts) - 1 else re.sub(r"([\\*_<>&\[\]#|~])", r"\\\1", part) for n, part in enumerate(parts))


def _why(result: Result) -> str:
    if result.verdict == "not checked":
        return f", {result.missing}; or allow it by name"
    return f", the solver reached its limit ({result.limit}): allow it by name, or divide the pathway" if result.limit else ""


def as_json(found: Checked) -> Iterator[str]:
    """Everything, for other programs."""
    yield from json.dumps(check_data(found), indent=2, ensure_ascii=False).split("\n")


def check_data(found: Checked) -> dict[str, Any]:
    """Everything as plain data."""
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
            "missing": result.missing,
            "remarks": [remark_data(remark, found.root) for remark in result.remarks],
        }
        for result in report.results
    ]
    return {
        "format": 1,
        "digest": report.digest,
        "patients": str(report.patients),
        "properties": properties,
        "results": results,
        "not_checked": list(report.not_checked),
    }


FORMATS = {"text": as_text, "json": as_json, "github": as_github, "markdown": as_markdown}
