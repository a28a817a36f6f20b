"""Case results as JUnit XML, as continuous integration reads it; `file` and `line` stand where pytest and GitLab have them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pathways.reports.cases import beside
from pathways.reports.lines import visible
from pathways.reports.remarks import counted, remark_rows

if TYPE_CHECKING:
    from pathways.cases import CaseResult
    from pathways.reports.cases import Ran
    from pathways.reports.roots import Root

__all__ = ["document"]


def document(ran: Ran) -> str:
    """The whole document. A folder that does not load is one test, with an error."""
    suites = Element("testsuites", {"name": "pathways", **_counts(len(ran.results), len(ran.failed), int(bool(ran.remarks)))})
    for pathway, results in groupby(ran.results, key=lambda result: result.case.pathway):
        _suite(suites, pathway, list(results), ran.root)
    if ran.remarks:
        suite = SubElement(suites, "testsuite", {"name": _legible(ran.root.name), **_counts(0, 0, 1)})
        test = SubElement(suite, "testcase", name="the rules load", classname=_legible(ran.root.name))
        error = SubElement(test, "error", message=counted(ran.remarks))
        error.text = "\n".join(map(_legible, remark_rows(ran.remarks)))
    indent(suites, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suites, encoding="unicode")


def _counts(passed_or_failed: int, failed: int, errors: int) -> dict[str, str]:
    return {"tests": str(passed_or_failed + errors), "failures": str(failed), "errors": str(errors)}


def _suite(suites: Element, pathway: str, results: list[CaseResult], root: Root) -> None:
    failed = sum(not result.passed for result in results)
    suite = SubElement(suites, "testsuite", {"name": pathway, **_counts(len(results), failed, 0), "skipped": "0"})
    for result in results:
        place = result.case.place
        test = SubElement(
            suite, "testcase", classname=pathway, name=_legible(result.case.name), file=root.file(place.file), line=str(place.line)
        )
        if not result.passed:
            message = "; ".join(map(str, result.comparison.differences))
            failure = SubElement(test, "failure", type="difference", message=_legible(message))
            failure.text = "\n".join([f"{root.file(place.file)}:{place.line}", *map(_legible, beside(result))])


def _legible(text: str) -> str:
    """The text without what XML cannot hold, even as a reference."""
    return visible(text).replace("\ufffe", "<U+FFFE>").replace("\uffff", "<U+FFFF>")
