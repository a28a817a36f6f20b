"""Exact answers about all the patients that a box still holds.

A condition is a list of *cubes*. A cube is the set of cells that it forbids, so that a patient lies in it if none of the
patient's cells is among them: `patient & cube == 0`, whatever the number of findings. The same integer read the other way
is a *clause*: "not in this cube" means that at least one of these cells is the patient's. Constraints are clauses.

Three-valued logic alone is not exact ("a or not a" holds); `find` is: it searches, with unit propagation, for one patient
who hits every clause and satisfies one alternative of every choice, and says None only where there is none.
Knows nothing of rules, urgency or names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from pathways.findings import Space

__all__ = ["Alternative", "absorbed", "apart", "eliminated", "find", "merged", "narrow", "repaired", "widest"]

Alternative: TypeAlias = tuple[int, tuple[int, ...]]  # lie in this cube, and hit these clauses


def narrow(space: Space, box: int, clauses: Sequence[int]) -> tuple[int, list[int]] | None:
    """The box without what the clauses rule out one by one, and the clauses that still matter; None where one cannot be hit."""
    found = _propagate(space.owner, box, 0, clauses)
    return None if found is None else (found[0], found[2])


def _propagate(owner: Sequence[int], box: int, single: int, clauses: Sequence[int]) -> tuple[int, int, list[int]] | None:
    """As `narrow`; `single` collects the cells of findings that have only one left, by which most clauses are seen to be hit."""
    pending = list(clauses)
    changed = True
    while changed and pending:
        changed = False
        rest = []
        for clause in pending:
            live = box & clause
            if not live:
                return None
            if live & single:
                continue
            mask = owner[(live & -live).bit_length() - 1]
            if live & mask == live:
                if box & mask != live:
                    box &= ~mask | live
                    changed = True
                    if live & (live - 1) == 0:
                        single |= live
                continue
            rest.append(clause)
        pending = rest
    return box, single, [clause for clause in pending if not _entailed(owner, box, box & clause)]


def _entailed(owner: Sequence[int], box: int, live: int) -> bool:
    """Whether some finding can no longer miss these cells."""
    while live:
        mask = owner[(live & -live).bit_length() - 1]
        if live & mask == box & mask:
            return True
        live &= ~mask
    return False


def find(space: Space, box: int, clauses: Sequence[int], choices: Sequence[Sequence[Alternative]] = ()) -> int | None:
    """A box inside `box` all of whose patients hit every clause and satisfy an alternative of every choice; None if there is none."""
    return _find(space, box, 0, clauses, choices)


def _find(space: Space, box: int, single: int, clauses: Sequence[int], choices: Sequence[Sequence[Alternative]]) -> int | None:
    narrowed = _propagate(space.owner, box, single, clauses)
    if narrowed is None:
        return None
    box, single, rest = narrowed
    if choices:
        for cube, further in choices[0]:
            if space.meets(box, cube):
                found = _find(space, box & ~cube, single, [*rest, *further] if further else rest, choices[1:])
                if found is not None:
                    return found
        return None
    if not rest:
        return box
    for _, part in apart(space, box, rest):
        here, mask = _branch(space.owner, box, part)
        yes = box & ~mask | here
        found = _find(space, yes, single | (here if here & (here - 1) == 0 else 0), part, ())
        if found is None:
            no = box & mask & ~here
            found = _find(space, box & ~here, single | (no if no & (no - 1) == 0 else 0), part, ())
            if found is None:
                return None
        box = found
    return box


def apart(space: Space, box: int, clauses: Sequence[int]) -> list[tuple[int, list[int]]]:
    """The clauses in groups that share no open finding, each with its scope: each group is a question of its own."""
    groups: list[tuple[int, list[int]]] = []
    for clause in clauses:
        scope = space.scope(box & clause)
        together = [clause]
        others = []
        for group in groups:
            if group[0] & scope:
                scope |= group[0]
                group[1].extend(together)
                together = group[1]
            else:
                others.append(group)
        groups = [*others, (scope, together)]
    return groups


def _branch(owner: Sequence[int], box: int, clauses: Sequence[int]) -> tuple[int, int]:
    """Where to branch: among the shortest clauses, the cells that stand in most clauses."""
    shortest = 1 << 30
    counts: dict[int, int] = {}
    wanted: set[int] = set()
    for clause in clauses:
        live = box & clause
        parts = []
        while live:
            mask = owner[(live & -live).bit_length() - 1]
            part = live & mask
            parts.append(part)
            counts[part] = counts.get(part, 0) + 1
            live ^= part
        if len(parts) < shortest:
            shortest = len(parts)
            wanted = set(parts)
        elif len(parts) == shortest:
            wanted.update(parts)
    here = max(wanted, key=lambda part: (counts[part], part))
    return here, owner[(here & -here).bit_length() - 1]


def repaired(space: Space, box: int, patient: int, cube: int, clauses: Sequence[int], last: bool = False) -> int | None:
    """A patient of the box who lies in the cube and hits every clause, made from a given one by changing what is in the way.

    A quick try: None says nothing. Each finding is changed once at most, so it ends. Where several changes would do, it takes
    the first one that closes what stands behind a gate, else the first; or the last.
    """
    fixed = space.scope(cube)
    if patient & cube:
        wrong = space.scope(patient & cube)
        patient = patient & ~wrong | space.patient(box & wrong & ~cube)
    while True:
        for clause in clauses:
            if not patient & clause:
                break
        else:
            return patient
        live = box & clause & ~fixed
        if not live:
            return None
        live = live & space.not_applicable or live
        cell = 1 << live.bit_length() - 1 if last else live & -live
        mask = space.owner[cell.bit_length() - 1]
        fixed |= mask
        patient = patient & ~mask | cell


def eliminated(space: Space, box: int, clauses: Sequence[int], keep: int, gates: Mapping[int, frozenset[int]]) -> list[int]:
    """The clauses that still say something of the findings in `keep`, once all others may be anything that suits.

    A finding outside `keep` is dropped with its clauses if one of its cells hits them all, or if they only say where it
    applies: whatever the others are, it can then be chosen to fit. `gates` has those clauses by the finding's mask.
    """
    rest = list(clauses)
    while True:
        users: dict[int, list[int]] = {}
        for clause in rest:
            live = box & clause & ~keep
            while live:
                mask = space.owner[(live & -live).bit_length() - 1]
                users.setdefault(mask, []).append(clause)
                live &= ~mask
        gone: set[int] = set()
        for mask, using in users.items():
            common = box & mask
            for clause in using:
                common &= clause
            if common or (box & mask == mask and gates.get(mask, frozenset()).issuperset(using)):
                gone.update(using)
        if not gone:
            return rest
        rest = [clause for clause in rest if clause not in gone]


def absorbed(found: Iterable[int]) -> tuple[int, ...]:
    """The cubes without those that lie inside another."""
    cubes = set(found)
    return tuple(cubes) if len(cubes) < 2 else tuple(widest(cubes))


def widest(found: Iterable[int]) -> Iterator[int]:
    """As `absorbed`, one by one."""
    kept: list[int] = []
    for cube in sorted(sorted(set(found)), key=int.bit_count):
        for other in kept:
            if not other & ~cube:
                break
        else:
            kept.append(cube)
            yield cube


def merged(space: Space, found: Iterable[int]) -> tuple[int, ...]:
    """The same patients in fewer cubes: those that differ in one finding only are one, as wide as all ("a and b, or a and not b")."""
    cubes = absorbed(found)
    before = None
    while before != cubes:
        before = cubes
        for mask in {mask: None for cube in cubes for mask in space.parts(cube)}:
            wide: dict[int, int] = {}
            for cube in cubes:
                rest = cube & ~mask
                wide[rest] = wide.get(rest, cube) & cube
            if len(wide) < len(cubes):
                cubes = absorbed(wide.values())
    return cubes
