"""How a rule set stands: who signed, who must still sign, what changed since; for a terminal, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from pathways.reports import changes
from pathways.reports.formats import remark_data
from pathways.reports.lines import Line, wrapped
from pathways.reports.remarks import remark_sheet
from pathways.reports.roots import Root

if TYPE_CHECKING:
    from pathways.approvals import Asked, Signature, Standing
    from pathways.since import Since

__all__ = ["FORMATS", "Stood", "standing_data", "standing_lines"]


class Stood(NamedTuple):
    """How a rule folder stands, and where it lies."""

    since: Since
    root: Root


def as_text(found: Stood) -> Iterator[str]:
    """The state, each pathway with its signatures, and whom the changes since touch."""
    yield from remark_sheet(found.since.standing.remarks)
    for line in standing_lines(found.since.standing):
        yield from wrapped(line)
    if found.since.changes is not None:
        yield ""
        yield from changes.FORMATS["text"](found.since.changes)
    elif found.since.unknown:
        yield from wrapped(Line(f"what changed since then is not known: {found.since.unknown}"))


def standing_lines(found: Standing) -> Iterator[Line]:
    """The state with its digest, the last approval, and a row for each pathway."""
    yield Line(f"{found.state.upper()}: version {found.version}, digest {found.digest[:12]}", style="heading")
    if found.newest is not None and found.newest.digest != found.digest:
        yield Line(f"approved last: version {found.newest.version}, digest {found.newest.digest[:12]}, on {found.newest.on}")
    for asked in found.pathways:
        yield Line(_said(asked), f"{asked.pathway}: ")
        yield from (Line(f"{one.role}: {_signature(two)}", "  ") for one in asked.roles for two in one.signatures)


def _said(asked: Asked) -> str:
    if asked.approved:
        return "approved"
    if not asked.roles:
        return "names nobody who must sign it"
    if not asked.missing:
        return "signed only by who wrote the change; somebody else must sign too"
    return f"must still be signed: {', '.join(asked.missing)}"


def _signature(one: Signature) -> str:
    return f"{one.name} ({one.registration}), {one.on}: {one.statement}"


def as_json(found: Stood) -> Iterator[str]:
    """Everything, for other programs."""
    data = standing_data(found.since.standing, found.root)
    data["changes"] = None if found.since.changes is None else changes.changes_data(found.since.changes)
    data["changes_unknown"] = found.since.unknown
    yield from json.dumps(data, indent=1, ensure_ascii=False).split("\n")


def standing_data(found: Standing, root: Root) -> dict[str, Any]:
    """The state with its signatures as plain data."""
    newest = found.newest
    return {
        "format": 1,
        "state": str(found.state),
        "version": found.version,
        "digest": found.digest,
        "approved": None if newest is None else {"digest": newest.digest, "version": newest.version, "on": newest.on},
        "pathways": [_asked_data(one) for one in found.pathways],
        "remarks": [remark_data(remark, root) for remark in found.remarks],
    }


def _asked_data(asked: Asked) -> dict[str, Any]:
    roles = [{"role": one.role, "means": one.means, "signatures": list(map(_signature_data, one.signatures))} for one in asked.roles]
    return {"pathway": asked.pathway, "approved": asked.approved, "missing": list(asked.missing), "others": asked.others, "roles": roles}


def _signature_data(one: Signature) -> dict[str, Any]:
    return {
        "name": one.name,
        "registration": one.registration,
        "statement": one.statement,
        "on": one.on,
        "authors": list(one.authors),
    }


FORMATS = {"text": as_text, "json": as_json}
