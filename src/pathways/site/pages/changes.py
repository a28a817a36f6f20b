"""Whom the rules decide differently than another version did: the last that was approved, or one that is named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pathways.edits import Kind
from pathways.reports.changes import HEADINGS, LOOSENED, REFUSED, differences, summed, who, why_apart
from pathways.site.edited import Edited, Reader
from pathways.site.page import Page
from pathways.site.volume import Volume

if TYPE_CHECKING:
    from pathways.changes import Apart, Change, Changes

__all__ = ["pages"]


class Region(NamedTuple):
    """Everybody who is decided differently in one way: what changes, and who they are."""

    number: int
    change: Change
    differences: tuple[str, ...]
    who: tuple[str, ...]


class Group(NamedTuple):
    """Regions of one direction."""

    id: str
    title: str
    regions: tuple[Region, ...]


class Excluded(NamedTuple):
    """Patients who are possible in one version only."""

    apart: Apart
    why: str
    who: tuple[str, ...]


def pages(volume: Volume) -> Iterator[Page]:
    """One page, also where nothing was compared: it says why."""
    found = volume.changes.found
    values = {
        "since": volume.changes,
        "found": found,
        "sum": "" if found is None else summed(found),
        "groups": () if found is None else tuple(_groups(found)),
        "loosened": () if found is None else _excluded(found.loosened),
        "refused": () if found is None else _excluded(found.refused),
        "words": {"loosened": LOOSENED, "refused": REFUSED},
        "edited": () if found is None else _edited(volume, found, Kind.RULES),
        "worded": () if found is None else _edited(volume, found, Kind.WORDS, Kind.ORDER),
    }
    yield Page("changes", "What changed", "changes", values)


def _groups(found: Changes) -> Iterator[Group]:
    numbers = {id(change): number for number, change in enumerate(found.changes, 1)}
    for way, title in enumerate(HEADINGS):
        regions = tuple(
            Region(numbers[id(change)], change, tuple(differences(change)), tuple(who(change.condition)))
            for change in found.changes
            if change.direction == way
        )
        yield Group(("worse", "better", "advice")[way], title, regions)


def _excluded(listed: tuple[Apart, ...]) -> tuple[Excluded, ...]:
    return tuple(Excluded(one, why_apart(one), tuple(who(one.condition))) for one in listed)


def _edited(volume: Volume, found: Changes, *kinds: Kind) -> tuple[Edited, ...]:
    reader = Reader(volume.ruleset)
    return tuple(reader.read(edit) for edit in found.edits if edit.kind in kinds)
