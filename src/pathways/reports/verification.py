"""The verification report on a terminal: a row for each tool, and what is open; or the record itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pathways.reports.lines import Line, wrapped
from pathways.reports.remarks import number_of

if TYPE_CHECKING:
    from pathways.verification import Verification

__all__ = ["FORMATS", "sum_of"]


def as_text(found: Verification) -> Iterator[str]:
    """What each tool counted; below it what speaks against the rules, or why it was not run."""
    for part in SUMS:
        yield from wrapped(Line(sum_of(found, part), f"{part:<13}"))
        yield from (row for text in found.against(part) for row in wrapped(Line(text, f"{'':<13}open: ")))
    yield from wrapped(Line(f"{found.ruleset['id']} {found.ruleset['version']}, digest {found.digest[:12]}; {found.engine}; {found.day}"))
    count = len(found.open_points())
    yield "nothing is open" if not count else f"{number_of(count, 'point')} open"


def sum_of(found: Verification, part: str) -> str:
    """What a tool counted, in a few words; `not run`, and why."""
    return SUMS[part](found.parts[part]) if part in found.parts else f"not run: {found.not_run[part]}"


def _test(data: Mapping[str, Any]) -> str:
    return f"{data['passed']} of {number_of(data['cases'], 'case')} passed"


def _check(data: Mapping[str, Any]) -> str:
    asked = {one["property"] for one in data["results"]}
    verdicts = [one["verdict"] for one in data["properties"] if one["id"] in asked]
    return f"{verdicts.count('proved')} of {len(verdicts)} properties proved"


def _coverage(data: Mapping[str, Any]) -> str:
    return f"{data['covered']} of {number_of(data['possible'], 'point')} exercised by {number_of(data['cases'], 'case')}"


def _mutants(data: Mapping[str, Any]) -> str:
    fates = [edit["fate"] for edit in data["edits"] if edit["kind"] != "literal added"]  # a figure and no gate
    return f"{number_of(len(fates), 'edit')}: " + ", ".join(f"{fates.count(fate)} {fate}" for fate in dict.fromkeys(sorted(fates)))


def _differential(data: Mapping[str, Any]) -> str:
    rows = data["pathways"]
    patients, disagreements = sum(one["patients"] for one in rows), sum(len(one["disagreements"]) for one in rows)
    return f"{number_of(patients, 'patient')}, known in full and in part: {number_of(disagreements, 'disagreement')}"


SUMS = {"test": _test, "check": _check, "coverage": _coverage, "mutants": _mutants, "differential": _differential}


def as_json(found: Verification) -> Iterator[str]:
    """The record."""
    yield from found.to_json().rstrip("\n").split("\n")


FORMATS = {"text": as_text, "json": as_json}
