"""Where the parts of a layered graph lie, so that few lines cross and most run straight down.

A line to a part several layers below runs through each layer between as a *passage*; all lines to one part share their passages,
so that many lines to one end are drawn as one. Knows nothing of questions or of how anything looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

__all__ = ["Layout", "Spot", "laid_out"]

# A part of the graph in its layer, or the passage of the lines to this part in a layer above its own.
Spot: TypeAlias = tuple[int, int]  # layer, part

SWEEPS = 12


@dataclass(frozen=True, slots=True)
class Layout:
    """The middle of each spot from left to right, and how wide everything is. `lines` are those between neighbouring layers."""

    x: Mapping[Spot, float]
    width: float
    lines: tuple[tuple[Spot, Spot], ...]


def laid_out(layers: Sequence[Sequence[int]], ways: Sequence[tuple[int, int]], widths: Mapping[int, float], passage: float) -> Layout:
    """Places for the parts, given layer by layer; every way leads from a part to one in a lower layer.

    The ways of a part leave it in their order. `widths` are the widths of the parts, `passage` that of a passage; gaps are part of them.
    """
    layer_of = {part: n for n, layer in enumerate(layers) for part in layer}
    highest: dict[int, int] = {}
    for one, other in ways:
        highest[other] = min(highest.get(other, layer_of[other]), layer_of[one] + 1)
    rows: list[list[Spot]] = [[(n, part) for part in layer] for n, layer in enumerate(layers)]
    lines: dict[tuple[Spot, Spot], None] = {}
    for part, top in highest.items():
        for n in range(top, layer_of[part]):
            rows[n].append((n, part))
            lines[(n, part), (n + 1, part)] = None
    for one, other in ways:
        n = layer_of[one]
        lines[(n, one), (n + 1, other)] = None
    room = {spot: widths[spot[1]] if layer_of[spot[1]] == spot[0] else passage for row in rows for spot in row}
    above, below = _neighbours(lines)
    _ordered(rows, above, below)
    x = _placed(rows, room, above, below)
    left = min(x[spot] - room[spot] / 2 for spot in x)
    right = max(x[spot] + room[spot] / 2 for spot in x)
    return Layout({spot: at - left for spot, at in x.items()}, right - left, tuple(lines))


Neighbours: TypeAlias = Mapping[Spot, list[Spot]]


def _neighbours(lines: Mapping[tuple[Spot, Spot], None]) -> tuple[Neighbours, Neighbours]:
    above: dict[Spot, list[Spot]] = {}
    below: dict[Spot, list[Spot]] = {}
    for one, other in lines:
        above.setdefault(other, []).append(one)
        below.setdefault(one, []).append(other)
    return above, below


def _ordered(rows: list[list[Spot]], above: Neighbours, below: Neighbours) -> None:
    """Each layer in the order of the middles of what its spots are joined to, down and up again; the best order is kept."""
    leaves = {(one, other): n / len(others) for one, others in below.items() for n, other in enumerate(others)}
    best, crossed = [list(row) for row in rows], _crossings(rows, below)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for n in range(1, len(rows)) if down else range(len(rows) - 2, -1, -1):
            near = {spot: place for place, spot in enumerate(rows[n - 1] if down else rows[n + 1])}
            joined = above if down else below
            own = {spot: place for place, spot in enumerate(rows[n])}
            middle = {
                spot: _mean([near[one] + (leaves[one, spot] if down else 0) for one in joined.get(spot, ())], own[spot]) for spot in rows[n]
            }
            rows[n].sort(key=lambda spot: middle[spot])
        now = _crossings(rows, below)
        if now < crossed:
            best, crossed = [list(row) for row in rows], now
    rows[:] = best


def _mean(places: Sequence[float], otherwise: float) -> float:
    return sum(places) / len(places) if places else otherwise


def _crossings(rows: list[list[Spot]], below: Neighbours) -> int:
    """How many pairs of lines cross, counted from the left with a tree of partial sums; lines leave a spot in their order."""
    found = 0
    for row, further in pairwise(rows):
        place = {spot: n for n, spot in enumerate(further)}
        sums = [0] * (len(further) + 1)
        count = 0
        for spot in row:
            for other in below.get(spot, ()):
                n = place[other] + 1
                found += count - _upto(sums, n)
                count += 1
                while n < len(sums):
                    sums[n] += 1
                    n += n & -n
    return found


def _upto(sums: Sequence[int], n: int) -> int:
    total = 0
    while n > 0:
        total += sums[n]
        n -= n & -n
    return total


def _placed(rows: list[list[Spot]], room: Mapping[Spot, float], above: Neighbours, below: Neighbours) -> dict[Spot, float]:
    """Each spot as near to the middle of what it is joined to as its neighbours in the layer let it."""
    x: dict[Spot, float] = {}
    for row in rows:
        at = -sum(room[spot] for spot in row) / 2
        for spot in row:
            x[spot] = at + room[spot] / 2
            at += room[spot]
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for row in rows if down else reversed(rows):
            joined = above if down else below
            wanted = [_mean([x[one] for one in joined.get(spot, ())], x[spot]) for spot in row]
            x.update(zip(row, _kept_apart(wanted, [room[spot] for spot in row]), strict=True))
    return x


def _kept_apart(wanted: Sequence[float], room: Sequence[float]) -> list[float]:
    """The places nearest to those wanted that keep their order and overlap nowhere (pool adjacent violators)."""
    offsets = [0.0]
    for one, other in pairwise(room):
        offsets.append(offsets[-1] + (one + other) / 2)
    pools: list[tuple[float, int]] = []  # sum of what is wanted, and for how many
    for at, offset in zip(wanted, offsets, strict=True):
        total, count = at - offset, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            before, more = pools.pop()
            total, count = total + before, count + more
        pools.append((total, count))
    level = [total / count for total, count in pools for _ in range(count)]
    return [at + offset for at, offset in zip(level, offsets, strict=True)]
