"""Exact answers about all the patients that a box still holds.

A condition is a list of *cubes*. A cube is the set of cells that it forbids, so that a patient lies in it if none of the
patient's cells is among them: `patient & cube == 0`, whatever the number of findings. The same integer read the other way
is a *clause*: "not in this cube" means that at least one of these cells is the patient's. Constraints are clauses.

Three-valued logic alone is not exact ("a or not a" holds); `find` is: it searches, with unit propagation, for one patient
who hits every clause and satisfies one alternative of every choice, and says None only where there is none.
Knows nothing of rules, urgency or names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from pathways.findings import Space

__all__ = ["Alternative", "absorbed", "find", "narrow"]

Alternative: TypeAlias = tuple[int, tuple[int, ...]]  # lie in this cube, and hit these clauses


def narrow(space: Space, box: int, clauses: Sequence[int]) -> tuple[int, list[int]] | None:
    """The box without what the clauses rule out one by one, and the clauses that still matter; None where one cannot be hit."""
    owner = space.owner
    pending = list(clauses)
    while True:
        before = box
        rest = []
        for clause in pending:
            live = box & clause
            if not live:
                return None
            mask = owner[(live & -live).bit_length() - 1]
            if live & mask == live:
                box &= ~mask | live
                continue
            if not _entailed(owner, box, live):
                rest.append(clause)
        pending = rest
        if box == before or not pending:
            return box, pending


def _entailed(owner: list[int], box: int, live: int) -> bool:
    """Whether some finding can no longer miss these cells."""
    while live:
        mask = owner[(live & -live).bit_length() - 1]
        if live & mask == box & mask:
            return True
        live &= ~mask
    return False


def find(space: Space, box: int, clauses: Sequence[int], choices: Sequence[Sequence[Alternative]] = ()) -> int | None:
    """A box inside `box` all of whose patients hit every clause and satisfy an alternative of every choice; None if there is none."""
    narrowed = narrow(space, box, clauses)
    if narrowed is None:
        return None
    box, rest = narrowed
    if choices:
        for cube, further in choices[0]:
            if space.meets(box, cube):
                found = find(space, box & ~cube, [*rest, *further], choices[1:])
                if found is not None:
                    return found
        return None
    if not rest:
        return box
    live = box & rest[0]
    mask = space.owner[(live & -live).bit_length() - 1]
    here = live & mask
    found = find(space, box & ~mask | here, rest[1:])
    return found if found is not None else find(space, box & ~here, rest)


def absorbed(found: Iterable[int]) -> tuple[int, ...]:
    """The cubes without those that lie inside another."""
    kept: list[int] = []
    for cube in sorted(set(found), key=lambda cube: (cube.bit_count(), cube)):
        if not any(other & ~cube == 0 for other in kept):
            kept.append(cube)
    return tuple(kept)
