"""What became of single edits of the rules: a table, then each survivor with the patient who tells the two apart; or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from pathways.reports.coverage import row_name
from pathways.reports.lines import Line, visible, wrapped
from pathways.reports.remarks import number_of
from pathways.reports.roots import Root

if TYPE_CHECKING:
    from pathways.mutants import Report, Tried
    from pathways.slips import Slip

__all__ = ["FORMATS", "Mutated", "mutants_data"]

FATES = ("killed", "equivalent", "survived")


class Mutated(NamedTuple):
    """The edits of a rule folder that were tried, where that lies, and how many seconds it took."""

    report: Report
    root: Root
    seconds: float


def as_text(found: Mutated) -> Iterator[str]:
    """The table, those that survived, and what is only a figure."""
    report = found.report
    rows = [row for row in ("red_flags", *report.pathways, None) if report.counted(row)]
    width = max(len(row_name(row)) for row in rows) if rows else 0
    yield f"{'':<{width}}{'edits':>8}" + "".join(f"{fate:>12}" for fate in FATES)
    for row in rows:
        counts = "".join(f"{report.counted(row, fate):>12}" for fate in FATES)
        yield visible(f"{row_name(row):<{width}}{report.counted(row):>8}{counts}")
    for title, fate in (("survived", "survived"), ("not tried, the condition would have too many alternatives", "untried")):
        listed = [(edit, tried) for edit, tried in report.gated if tried.fate == fate]
        if listed:
            yield ""
            yield f"{title}:"
        for edit, tried in listed:
            yield visible(f"{edit.place}:")
            yield from _edit(edit, tried)
    yield ""
    if report.added:
        shares = {fate: sum(tried.fate == fate for _, tried in report.added) for fate in FATES}
        said = ", ".join(f"{count} {fate}" for fate, count in shares.items())
        yield f"literals added, a figure only: {len(report.added)}; {said}"
    if report.unfit:
        yield f"{number_of(report.unfit, 'case')} not used: {'it fails' if report.unfit == 1 else 'they fail'} without any edit"
    yield f"{len(report.tried)} edits in {found.seconds:.0f} s"


def _edit(edit: Slip, tried: Tried) -> Iterator[str]:
    yield from wrapped(Line(f"{edit.name}: {edit.what}", "  "))
    if tried.patient is not None:
        yield from wrapped(Line(tried.patient.said, "    patient: "))
        yield from wrapped(Line(tried.patient.before, "    decided: "))
        yield from wrapped(Line(tried.patient.after, "    edited:  "))


def as_json(found: Mutated) -> Iterator[str]:
    """Every edit with what became of it, for other programs."""
    yield json.dumps(mutants_data(found), indent=1)


def mutants_data(found: Mutated) -> dict[str, Any]:
    """Every edit with what became of it, as plain data."""
    report = found.report
    return {
        "format": 1,
        "seconds": round(found.seconds, 1),
        "unfit_cases": report.unfit,
        "edits": [_data(edit, tried, found.root) for edit, tried in report.tried],
    }


def _data(edit: Slip, tried: Tried, root: Root) -> dict[str, Any]:
    patient = tried.patient
    shown = {} if patient is None else {"patient": patient._asdict() | {"given": dict(patient.given)}}
    return {
        "kind": edit.kind,
        "pathway": edit.pathway,
        "in": edit.name,
        "what": edit.what,
        "fate": str(tried.fate),
        **({"case": tried.case} if tried.case else {}),
        **shown,
        **root.place(edit.place),
    }


FORMATS = {"text": as_text, "json": as_json}
