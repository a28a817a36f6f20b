"""A release that was made, or one that was looked at: for a terminal, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pathways.reports.lines import Line, wrapped
from pathways.reports.remarks import number_of

if TYPE_CHECKING:
    from pathways.release import Checked, Released

__all__ = ["FORMATS", "released_lines"]


def released_lines(found: Released | Checked) -> Iterator[Line]:
    """Which rules of which commit, and by what a reader knows that it is this release and no other."""
    rules = found.rules
    approval = rules.approval if rules.approval == "approved" else f"{rules.approval}, not approved"
    yield Line(f"{rules.id} {rules.version}, {approval}", "rules:    ")
    yield Line(rules.digest, "digest:   ")
    yield Line(found.commit, "commit:   ")
    yield Line(f"{number_of(found.files, 'file')}, SHA-256 of the manifest {found.manifest}", "manifest: ")


def as_text(found: Checked) -> Iterator[str]:
    """A row for each file that is not as it was released, and the sum."""
    for flaw in found.flaws:
        yield from wrapped(Line(f"{flaw.file}: {flaw.what}"))
    for line in released_lines(found):
        yield from wrapped(line)
    yield f"{number_of(len(found.flaws), 'file')} not as released" if found.flaws else "every file is as it was released"


def as_json(found: Checked) -> Iterator[str]:
    """Everything, for other programs."""
    data = {
        "format": 1,
        "ruleset": found.rules._asdict(),
        "commit": found.commit,
        "files": found.files,
        "manifest": found.manifest,
        "flaws": [flaw._asdict() for flaw in found.flaws],
    }
    yield from json.dumps(data, indent=1, ensure_ascii=False).split("\n")


FORMATS = {"text": as_text, "json": as_json}
