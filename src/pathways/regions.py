"""Where two rule sets decide a patient differently: regions of patients, each with what changes for everybody in it.

A decision is read as parts: the urgency, whether the pathway is for the patient, each referral, each item. Where neither rule
nor scale differs, a part is the same by construction; of the others the solver looks for a patient, the plain reading says
what changes for that patient, and the region of all for whom the same changes is cut out until nobody is left. So regions
never overlap, and together they are everybody who is decided differently. One pathway is asked at a time: what several give
together is made of what each gives alone. Knows nothing of files or words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any, TypeAlias

from pathways import encoding
from pathways.content import Content, Tree
from pathways.encoding import Answers, Literal, Solver, Uncut, World, both, differ, either, nor
from pathways.plain import Patient, holds, outcome

__all__ = [
    "Differences",
    "Direction",
    "Incomparable",
    "Original",
    "Pair",
    "Part",
    "Region",
    "State",
    "Step",
    "comparable",
    "direction",
    "equal",
    "scale",
]

Part: TypeAlias = tuple[str, ...]  # urgency | covered | referral, service, window, site | item, id, site
State: TypeAlias = (
    str | bool | tuple[str, bool] | None
)  # level; yes or no; limit (empty: a window) and whether phoned now; None: there is none
URGENCY, COVERED = ("urgency",), ("covered",)
LISTS = 3  # ways in which referrals change, or items, that are told apart where all else changes alike
MANY = 40  # ways in which the urgency changes, beyond which nothing else is told apart
PATIENTS = 300  # rule sets compared before the solver starts anew: what it has learnt of them is of no more use


class Incomparable(ValueError):
    """Two rule sets of which nobody can say who is decided differently, and why."""


class Direction(IntEnum):
    """What a change means for who is in it, the worst first."""

    WORSE = 0  # less urgent, a service or the call lost, a longer limit, no longer covered
    MORE = 1  # more urgent, a service or a call gained, a shorter limit, newly covered
    ADVICE = 2  # items


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the decision that changes."""

    part: Part
    before: State
    after: State


@dataclass(frozen=True, slots=True)
class Region:
    """Patients for whom the same changes: `steps` for all of them, `some` for some of them; nothing else does."""

    literal: Literal
    steps: tuple[Step, ...]
    some: tuple[Step, ...]
    direction: Direction


def scale(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    """The levels of two scales in one order: what only the old one has stands after what it stood after there.

    Raises Incomparable where two levels stand the other way round: nobody could say then who is more urgent.
    """
    before, after = [level for level in old if level in new], [level for level in new if level in old]
    for one, other in zip(before, after, strict=True):
        if one != other:
            raise Incomparable(f"`{other}` stood after `{one}` in the old rule set and stands before it in the new one")
    found = list(new)
    for n, level in enumerate(old):
        if level not in found:
            found.insert(found.index(old[n - 1]) + 1 if n else 0, level)
    return tuple(found)


def comparable(old: Content, new: Content) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The levels and the limits of both; raises Incomparable where a finding is not of one kind, or a scale is turned round."""
    for name, finding in old.findings.items():
        kind = new.findings.get(name, finding)["kind"]
        if kind != finding["kind"]:
            raise Incomparable(f"the finding `{name}` is a {finding['kind']} in the old one and a {kind} in the new one")
    return scale(old.levels, new.levels), scale(old.limits, new.limits)


def direction(levels: Sequence[str], limits: Sequence[str], step: Step) -> Direction:
    """What one step means; worse if it is worse in any respect."""
    before, after = step.before, step.after
    if step.part[0] == "item":
        return Direction.ADVICE
    if before is None or after is None:
        return Direction.MORE if before is None else Direction.WORSE
    if step.part == URGENCY:
        return Direction.MORE if levels.index(str(after)) > levels.index(str(before)) else Direction.WORSE
    if isinstance(before, tuple) and isinstance(after, tuple):
        (limit, phoned), (later, phoned_then) = before, after
        longer = bool(limit) and limits.index(later) > limits.index(limit)
        return Direction.WORSE if longer or (phoned and not phoned_then) else Direction.MORE
    return Direction.MORE if after else Direction.WORSE


class _Side:
    """One of the two rule sets, asked one pathway."""

    def __init__(self, world: World, pathway: str) -> None:
        self.world, self.content, self.asked = world, world.content, (pathway,)
        self.rows = world.rules(self.asked)

    @cached_property
    def recipes(self) -> dict[Part, Any]:
        """Each part with what it is made of: where this is equal on both sides, so is the part for every patient."""
        made: dict[Part, set[Any]] = {}
        levels, limits = self.content.levels, self.content.limits
        for rule, given in self.rows:
            held = encoding.mark(self.world.holds(rule))
            made.setdefault(URGENCY, {levels}).add((held, levels[given.rank]))
            for row in given.referrals:
                made.setdefault(("referral", *row.slot), {limits}).add((held, _limit(limits, row.limit), row.contact))
            for item in given.items:
                reassures = self.content.items[item[0]]["reassures"]
                made.setdefault(("item", *item), set()).add((held, levels[given.rank] if reassures else ""))
        applies = self.world.lit(self.content.applies(self.asked[0]))
        found: dict[Part, Any] = {part: frozenset(recipe) for part, recipe in made.items()}
        for part in found:
            if part[0] == "item" and self.content.items[part[1]]["reassures"]:
                found[part] = (found[part], found[URGENCY])
        return {**found, COVERED: encoding.mark(applies)}

    def states(self, patient: Patient) -> dict[Part, State]:
        """The parts of what one patient gets; a part that is not there is None, and an item False."""
        got = outcome(self.content, self.asked, patient)
        limits = self.content.limits
        return {
            URGENCY: self.content.levels[got.rank] if got.rank >= 0 else None,
            COVERED: holds(self.content.applies(self.asked[0]), patient),
            **{("referral", *slot): (_limit(limits, limit), phoned) for slot, (limit, phoned) in sorted(got.referrals.items())},
            **{("item", *item): True for item in sorted(got.items)},
        }

    def chain(self, part: Part, levels: Sequence[str], limits: Sequence[str]) -> tuple[Literal, ...]:
        """The part as Booleans of which more hold the more urgent it is: at least this level, within this limit, phoned now, given."""
        world, asked = self.world, self.asked
        if part == URGENCY:
            ranks = [max((n for n, own in enumerate(self.content.levels) if levels.index(own) < k), default=-1) for k in range(len(levels))]
            top = len(self.content.levels) - 1
            return tuple(world.at_least(asked, rank + 1) if rank < top else either() for rank in ranks)
        if part[0] != "referral":
            return (self.is_(part, True),)
        slot = (part[1], part[2], part[3])
        within = [max((n for n, own in enumerate(self.content.limits) if limits.index(own) <= k), default=-1) for k in range(len(limits))]
        sooner = (world.refers(asked, slot, n) if n >= 0 else either() for n in within)
        return (world.refers(asked, slot), world.refers(asked, slot, phoned=True), *(() if slot[1] else sooner))

    def is_(self, part: Part, state: State) -> Literal:
        """The part is in this state."""
        world, asked = self.world, self.asked
        if part == URGENCY:
            if state is None:
                return nor(world.at_least(asked, 0))
            return world.exactly(asked, self.content.levels.index(str(state))) if state in self.content.levels else either()
        if part == COVERED:
            applies = world.lit(self.content.applies(asked[0]))
            return applies if state else nor(applies)
        if part[0] == "item":
            gives = world.gives(asked, (part[1], part[2])) if part[1] in self.content.items else either()
            return gives if state else nor(gives)
        slot = (part[1], part[2], part[3])
        if not isinstance(state, tuple):
            return nor(world.refers(asked, slot))
        limit, phoned = state
        if limit and limit not in self.content.limits:
            return either()
        n = self.content.limits.index(limit) if limit else -1
        sooner = world.refers(asked, slot, n - 1) if limit else either()
        call = world.refers(asked, slot, phoned=True)
        return both(world.refers(asked, slot, n), nor(sooner), call if phoned else nor(call))


def _limit(limits: Sequence[str], n: int) -> str:
    return limits[n] if n >= 0 else ""


class Pair:
    """Two rule sets, and one patient who is asked of both."""

    def __init__(self, old: World, new: World, sides: dict[str, _Side] | None = None) -> None:
        self.old, self.new = old, new
        self._sides: dict[str, _Side] = {} if sides is None else sides  # of the old one, kept for the next pair
        self.solver, self.answers = old.solver, old.answers
        self.possible = (old.possible, new.possible)
        self.levels, self.limits = comparable(old.content, new.content)

    @classmethod
    def of(cls, old: Content, new: Content) -> Pair:
        """Raises Incomparable where a finding is not of the same kind in both, or a scale is turned round."""
        comparable(old, new)
        solver = Solver()
        answers = Answers(solver, encoding.shapes([old, new]))
        world = World(old, solver, answers)
        return cls(world, World(new, solver, answers, like=world))

    def sides(self, pathway: str) -> tuple[_Side, _Side]:
        """Each of the two, asked this pathway."""
        if pathway not in self._sides:
            self._sides[pathway] = _Side(self.old, pathway)
        return self._sides[pathway], _Side(self.new, pathway)

    @property
    def only(self) -> tuple[tuple[Literal, Literal], tuple[Literal, Literal]]:
        """Patients who are possible only in the old rule set, and only in the new one: possible here, and not there."""
        one, other = self.possible
        return (one, nor(other)), (other, nor(one))

    def apart(self, pathways: Sequence[str]) -> Patient | None:
        """Somebody who is possible in one only, or whom one of these pathways decides differently; None is a proof that there is nobody."""
        return next((found for way in self._ways(pathways) if (found := self.solver.find(self.answers, *way)) is not None), None)

    def simplest(self, pathways: Sequence[str]) -> Patient | None:
        """As `apart`, and of those whom it may find somebody simple."""
        return next((found for way in self._ways(pathways) if (found := self.solver.simplest(self.answers, *way)) is not None), None)

    def _ways(self, pathways: Sequence[str]) -> Iterator[tuple[Literal, ...]]:
        """How somebody may tell the two apart."""
        if encoding.mark(self.old.possible) != encoding.mark(self.new.possible):
            yield from self.only
        for pathway in pathways:
            asked = Differences(self, pathway)
            if asked.parts:
                yield (*self.possible, asked.differs(*asked.parts))


class Differences:
    """Two rule sets asked one pathway."""

    def __init__(self, pair: Pair, pathway: str) -> None:
        self.pair = pair
        self.old, self.new = pair.sides(pathway)
        one, other = self.old.recipes, self.new.recipes
        self.parts = tuple(part for part in {**one, **other} if one.get(part) != other.get(part))
        self._chains: dict[Part, tuple[tuple[Literal, Literal], ...]] = {}

    def _chain(self, part: Part) -> tuple[tuple[Literal, Literal], ...]:
        if part not in self._chains:
            scales = self.pair.levels, self.pair.limits
            self._chains[part] = tuple(zip(self.old.chain(part, *scales), self.new.chain(part, *scales), strict=True))
        return self._chains[part]

    def differs(self, *parts: Part) -> Literal:
        """One of these parts is not the same."""
        return either(*(self.pair.solver.name(either(*(differ(*sides) for sides in self._chain(part)))) for part in parts))

    def worse(self, *parts: Part) -> Literal:
        """One of these parts is worse in some respect."""
        return either(*(both(one, nor(other)) for part in parts for one, other in self._chain(part)))

    def steps(self, patient: Patient) -> tuple[Step, ...]:
        """What changes for one patient, by the plain reading of both."""
        before, after = self.old.states(patient), self.new.states(patient)
        return tuple(
            Step(part, one, other)
            for part in dict.fromkeys((*self.parts, *before, *after))
            if (one := before.get(part, _absent(part))) != (other := after.get(part, _absent(part)))
        )

    def takes(self, step: Step) -> Literal:
        """The part changes so."""
        return both(self.old.is_(step.part, step.before), self.new.is_(step.part, step.after))

    def exactly(self, steps: Iterable[Step], among: Iterable[Part]) -> Literal:
        """Of these parts those change, in that way, and no other."""
        taken = tuple(steps)
        changed = {step.part for step in taken}
        return self.pair.solver.name(
            both(*(self.takes(step) for step in taken), nor(*(self.differs(part) for part in among if part not in changed)))
        )

    def regions(self) -> Iterator[Region]:
        """All regions; they do not overlap, and `complete` says that nobody is left."""
        if not self.parts:
            return
        pair, name = self.pair, self.pair.solver.name
        referrals = [part for part in self.parts if part[0] == "referral"]
        items = [part for part in self.parts if part[0] == "item"]
        main = [part for part in self.parts if part in (URGENCY, COVERED)]
        worse, differs = name(self.worse(*referrals)), name(self.differs(*referrals))
        anything = name(self.differs(*self.parts))
        told: list[tuple[Literal, tuple[Step, ...], Direction]] = []
        while (patient := pair.solver.find(pair.answers, *pair.possible, anything, *(nor(here) for here, _, _ in told))) is not None:
            steps = self.steps(patient)
            ways = [direction(pair.levels, pair.limits, step) for step in steps if step.part in referrals]
            calls = worse if Direction.WORSE in ways else both(differs, nor(worse)) if ways else nor(differs)
            level = min((direction(pair.levels, pair.limits, step) for step in steps), default=Direction.ADVICE)
            taken = tuple(step for step in steps if step.part in main)
            told.append((name(both(anything, calls, self.exactly(taken, main))), taken, level))
        for here, taken, level in told:
            yield from self._divided(here, taken, [referrals, items], level, LISTS if len(told) <= MANY else 0)

    def _divided(
        self, here: Literal, steps: tuple[Step, ...], groups: Sequence[Sequence[Part]], level: Direction, lists: int
    ) -> Iterator[Region]:
        """Patients for whom all before changes alike, by how the next parts change; where that varies much, by what some see change."""
        if not groups:
            yield Region(here, steps, (), level)
            return
        pair, (parts, *further) = self.pair, groups
        found: list[tuple[tuple[Step, ...], Literal]] = []
        while (patient := pair.solver.find(pair.answers, *pair.possible, here, *(nor(one) for _, one in found))) is not None:
            if len(found) >= lists:
                yield self._mixed(here, steps, [part for group in groups for part in group], level)
                return
            taken = tuple(step for step in self.steps(patient) if step.part in parts)
            found.append((taken, pair.solver.name(both(here, self.exactly(taken, parts)))))
        for taken, literal in found:
            yield from self._divided(literal, (*steps, *taken), further, level, lists)

    def _mixed(self, here: Literal, steps: tuple[Step, ...], parts: Sequence[Part], level: Direction) -> Region:
        """One region of them all: what changes for everybody, and what does for some."""
        pair = self.pair
        everybody: list[Step] = []
        some: list[Step] = []
        for part in parts:
            found: dict[Step, Literal] = {}
            changes = self.differs(part)
            while (patient := pair.solver.find(pair.answers, *pair.possible, here, changes, *map(nor, found.values()))) is not None:
                step = next(step for step in self.steps(patient) if step.part == part)
                found[step] = pair.solver.name(self.takes(step))
            for step, takes in sorted(found.items(), key=lambda one: repr(one[0])):
                (some if pair.solver.possible(*pair.possible, here, nor(takes)) else everybody).append(step)
        return Region(here, (*steps, *everybody), tuple(some), level)

    def complete(self, regions: Iterable[Region]) -> bool:
        """Whether everybody who is decided differently lies in one of these."""
        left = [nor(region.literal) for region in regions]
        return not self.parts or not self.pair.solver.possible(*self.pair.possible, self.differs(*self.parts), *left)


def _absent(part: Part) -> State:
    return False if part[0] in ("item", "covered") else None


Look: TypeAlias = Callable[[Pair, Sequence[str]], Patient | None]


class Original:
    """A rule set that many others are compared with: its conditions are made once."""

    def __init__(self, content: Content, further: Iterable[Tree] = ()) -> None:
        self.content = content
        self._shapes = encoding.shapes([content], further)
        self._compared = 0
        self._begin()

    def _begin(self) -> None:
        solver = Solver()
        self._world = World(self.content, solver, Answers(solver, self._shapes))
        self._sides: dict[str, _Side] = {}

    def apart(self, other: Content, pathways: Sequence[str], look: Look = Pair.apart) -> Patient | None:
        """As `equal`, or looking for somebody simple.

        Quick where `other` was made as a variant (`Content(data, like=original)`) and its limits are among the `further`.
        """
        if other.findings == self.content.findings:
            self._compared += 1
            if self._compared % PATIENTS == 0:
                self._begin()
            try:
                world = World(other, self._world.solver, self._world.answers, like=self._world)
                return look(Pair(self._world, world, self._sides), pathways)
            except Uncut:
                pass
        return look(Pair.of(self.content, other), pathways)


def equal(old: Content, new: Content, pathways: Sequence[str]) -> Patient | None:
    """A patient who tells the two apart when one of these pathways is asked, or None, which proves that there is nobody.

    Told apart: possible in one of them only, or another urgency, referral, limit, call, item, or another answer to whether the
    pathway is for the patient. The patient is found, not chosen to be simple.
    """
    return Pair.of(old, new).apart(pathways)
