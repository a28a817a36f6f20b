"""Why a decision is what it is, and what could still change it: asked for one decision, computed then.

Each answer is exact: a *smallest* set of answers is proved smallest (implicit hitting sets), a *smallest* change is found
by trying cheaper ones first. Knows nothing of files or of how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from pathways.decision import Answer, Change, MissedRule, Question, Urgency, WhyNot
from pathways.presentations import Presentation, absence, as_json, told
from pathways.remarks import InvalidPresentation, Place, Remark
from pathways.solver import absorbed, eliminated, find, repaired

if TYPE_CHECKING:
    from pathways.asked import Posed
    from pathways.evaluation import Reached
    from pathways.findings import Space
    from pathways.ruleset import Constraint, RuleSet

__all__ = ["because", "contradiction", "next_questions", "optional_questions", "why_not"]


# -- a smallest set of answers ---------------------------------------------------------------------------------------


def smallest(names: Sequence[str], bits: dict[str, int], counterexample: Callable[[Sequence[str]], int | None]) -> list[str]:
    """A smallest set of `names` for which there is no counterexample; relies on there being none for all of them.

    A counterexample is a box; an answer that it leaves possible cannot be what is missing. So each counterexample says
    "one of these at least", and the smallest set that satisfies all of these is tried next.
    """
    demands: list[frozenset[str]] = []
    while True:
        chosen = hitting_set(demands, names)
        box = counterexample(chosen)
        if box is None:
            return chosen
        missing = [name for name in names if not box & bits[name]]
        if not missing:
            raise AssertionError("a counterexample that agrees with every answer")
        for name in list(missing):
            if len(missing) == 1:
                break
            if name in missing:
                nearer = counterexample([other for other in names if other == name or other not in missing])
                if nearer is not None:
                    missing = [other for other in missing if not nearer & bits[other]]
        demands.append(frozenset(missing))


def hitting_set(demands: Iterable[frozenset[str]], order: Sequence[str]) -> list[str]:
    """A smallest set that has a member in every demand; among equals the first in `order`."""
    place = {name: n for n, name in enumerate(order)}
    wanted = sorted(set(demands), key=lambda demand: (len(demand), sorted(place[name] for name in demand)))
    forced = {next(iter(demand)) for demand in wanted if len(demand) == 1}
    rest = [demand for demand in wanted if not demand & forced]
    size = _disjoint(rest)
    while True:
        chosen = _hit(rest, size, place)
        if chosen is not None:
            return sorted(forced | chosen, key=place.__getitem__)
        size += 1


def _disjoint(demands: list[frozenset[str]]) -> int:
    """How many members are needed at least: demands that share nothing each need their own."""
    count, seen = 0, frozenset[str]()
    for demand in demands:
        if not demand & seen:
            count += 1
            seen |= demand
    return count


def _hit(demands: list[frozenset[str]], size: int, place: dict[str, int]) -> frozenset[str] | None:
    if not demands:
        return frozenset()
    if _disjoint(demands) > size:
        return None
    for name in sorted(demands[0], key=place.__getitem__):
        found = _hit([demand for demand in demands if name not in demand], size - 1, place)
        if found is not None:
            return found | {name}
    return None


def _given_bits(presentation: Presentation, ruleset: RuleSet) -> dict[str, int]:
    return {name: presentation.box & ruleset.space.masks[name] for name in presentation.answers()}


def _box(ruleset: RuleSet, bits: dict[str, int], names: Iterable[str]) -> int:
    box = ruleset.space.everything
    for name in names:
        box &= ~ruleset.space.masks[name] | bits[name]
    return box


def because(reached: Reached) -> tuple[Answer, ...]:
    """A smallest set of answers that fixes the urgency, or its lowest bound while the urgency is open."""
    asked, lowest, highest = reached.asked, reached.lowest, reached.highest
    ruleset = asked.ruleset
    bits = _given_bits(reached.presentation, ruleset)
    if lowest < 0:
        lowest = highest = len(ruleset.urgency)  # nothing may hold: fixed once no rule can
    at_least = [posed for posed in asked.rules if posed.rank >= lowest]
    fixed = lowest == highest and reached.covered() if reached.highest >= 0 else True
    # Where some completions have no urgency, the bound is that of the others: only one of those can speak against it.
    below = None if reached.highest < 0 or reached.covered() else [posed for posed in asked.rules if 0 <= posed.rank < lowest]
    above = [posed for posed in asked.rules if posed.rank > highest] if reached.highest >= 0 else [p for p in asked.rules if p.rank >= 0]

    keep = asked.scope
    for name in bits:
        keep |= ruleset.space.masks[name]
    # Whatever is tried, no finding beyond these is restricted, so what only speaks of others can be left out once.
    clauses = eliminated(ruleset.space, ruleset.space.everything, asked.clauses, keep, ruleset.gates)
    found = find(ruleset.space, reached.box, clauses)
    start = None if found is None else ruleset.space.patient(found)

    def counterexample(names: Sequence[str]) -> int | None:
        box = _box(ruleset, bits, names)
        found = asked.exists(box, clauses, at_least, below, start) if at_least and below != [] else None
        if found is None and fixed:
            # One rule at a time, so that each is first tried close to the patient at hand.
            found = next((one for posed in above if (one := asked.exists(box, clauses, (), (posed,), start)) is not None), None)
        return found

    return tuple(Answer(name, as_json(reached.presentation.given[name])) for name in smallest(sorted(bits), bits, counterexample))


def contradiction(ruleset: RuleSet, presentation: Presentation) -> InvalidPresentation:
    """The refusal of a presentation that no patient can be: a smallest set of given answers, and the constraint they break."""
    bits = _given_bits(presentation, ruleset)

    def patient(names: Sequence[str]) -> int | None:
        return find(ruleset.space, _box(ruleset, bits, names), ruleset.clauses)

    culprits = smallest(list(bits), bits, patient)
    why = "; ".join(dict.fromkeys(one.means for one in _chain(ruleset, _box(ruleset, bits, culprits))))
    said = " and ".join(f"`{name}`" for name in culprits)
    answers = ", ".join(f"{name}: {_shown(presentation, name)}" for name in culprits)
    message = f"{said} cannot be as given ({answers}): {why}"
    help = "nothing was decided: correct one of these; until then treat the patient as if the more serious were true"
    return InvalidPresentation([Remark("contradiction", message, Place("presentation"), help, findings=tuple(culprits))])


def _chain(ruleset: RuleSet, box: int) -> list[Constraint]:
    """The constraint that nobody in this box meets; else the fewest that nobody meets together."""
    for one in ruleset.constraints:
        if find(ruleset.space, box, one.clauses) is None:
            return [one]
    constraints = {one.id: one for one in ruleset.constraints}
    demands: list[frozenset[str]] = []
    while True:
        chosen = hitting_set(demands, list(constraints))
        met = [constraints[name] for name in chosen]
        patient = _who_meets(ruleset, box, met)
        if patient is None:
            return met
        # As many of the others as can be met too: one of those that are left is missing from the chain.
        left = []
        for one in ruleset.constraints:
            if one.id not in chosen:
                if all(patient & clause for clause in one.clauses):
                    met.append(one)
                elif (nearer := _who_meets(ruleset, box, [*met, one])) is not None:
                    met.append(one)
                    patient = nearer
                else:
                    left.append(one.id)
        if not left:
            raise AssertionError("a contradiction that somebody meets")
        demands.append(frozenset(left))


def _who_meets(ruleset: RuleSet, box: int, constraints: Iterable[Constraint]) -> int | None:
    """One patient of the box who meets them all, or None."""
    found = find(ruleset.space, box, [clause for one in constraints for clause in one.clauses])
    return None if found is None else ruleset.space.patient(found)


def _shown(presentation: Presentation, name: str) -> str:
    value = presentation.given[name]
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else told(value)


# -- the next question -----------------------------------------------------------------------------------------------


def next_questions(reached: Reached) -> tuple[Question, ...]:
    """The open findings of the group to ask next (design 3.4); empty where the decision is settled or all was asked."""
    if reached.highest < 0 or not reached.unsure:
        return ()
    watch = _Watch(reached)
    above = [posed for posed in reached.unsure if posed.rank > reached.lowest]
    found = watch.group(above)
    if found:
        return found
    if reached.lowest == reached.highest and not reached.covered():
        return watch.group(reached.unsure)
    if reached.referrals()[1]:
        return ()
    return watch.group([posed for posed in reached.unsure if posed.rows])


def optional_questions(reached: Reached) -> tuple[Question, ...]:
    """What could still change actions or advice once nothing is left to ask for urgency and referrals."""
    if reached.highest < 0 or not reached.unsure or next_questions(reached):
        return ()
    return _Watch(reached).group(reached.unsure, optional=True)


class _Watch:
    """What one decision still has to ask: the open findings of the rules that may hold."""

    def __init__(self, reached: Reached) -> None:
        self.reached = reached
        self.space = reached.asked.space
        self.findings = reached.asked.ruleset.findings
        self.group_order = {name: n for n, name in enumerate(reached.asked.ruleset.groups)}
        self._gated: dict[str, list[str]] = {}
        self.askable_bits = 0
        told = 0
        for name, value in reached.presentation.given.items():
            if absence(value) != "not-asked":
                told |= self.space.masks[name]
        rest = reached.box & ~told & reached.asked.askable
        while rest:
            here = rest & self.space.owner[(rest & -rest).bit_length() - 1]
            rest &= ~here
            if here & (here - 1):
                self.askable_bits |= here

    def askable(self, name: str) -> bool:
        """Whether it was not asked yet, its answer is open, and some rule reads it."""
        return self.askable_bits & self.space.masks[name] != 0

    def read(self, posed: Posed) -> int:
        """The open cells to ask about for one rule, gates apart: what switches its pathway on before what it reads."""
        live = self.open(posed)
        if posed.fails is not None:
            for cube, _ in posed.holds:
                live |= self.reached.box & cube
            for other in self.reached.near:
                if other.pathway == posed.pathway:
                    live |= self.open(other)
        live &= self.askable_bits
        return live & posed.activation or live

    def open(self, posed: Posed) -> int:
        """The open cells that speak against a rule: of each way in which it may hold, unless another asks less of the same."""
        box, cubes = self.reached.box, self.reached.near.get(posed, ())
        if len(cubes) == len(posed.cubes) and not posed.differ & ~box:
            return box & posed.against  # nothing that is known makes one way less than another
        live = 0
        for cube in absorbed([box & cube for cube in cubes]):
            live |= cube
        return live

    def gated(self, name: str) -> list[str]:
        """The finding, or the open findings that its gate waits for."""
        if name not in self._gated:
            self._gated[name] = self._gates_first(name)
        return self._gated[name]

    def _gates_first(self, name: str) -> list[str]:
        if not self.findings[name].gated or not self.reached.box & self.findings[name].not_applicable:
            return [name]
        gates = [further for gate in self.findings[name].gates if self.askable(gate) for further in self.gated(gate)]
        return gates or [name]

    def group(self, rules: Sequence[Posed], optional: bool = False) -> tuple[Question, ...]:
        """The screen for these rules, which are sorted by urgency, highest first."""
        asking: dict[int, list[Posed]] = {}  # open cells → the rules that ask about just these: most share theirs with others
        for posed in rules:
            bits = self.read(posed)
            if bits:
                asking.setdefault(bits, []).append(posed)
        if not asking:
            return ()
        read = {bits: self.space.names(bits) for bits in asking}
        gates = {name: self.gated(name) for names in read.values() for name in names}
        open_of = {bits: dict.fromkeys([gate for name in names for gate in gates[name]]) for bits, names in read.items()}
        counts: dict[str, int] = {}
        for bits, names in open_of.items():
            for name in names:
                counts[name] = counts.get(name, 0) + len(asking[bits])
        top = [bits for bits, here in asking.items() if any(posed.pathway == "red_flags" for posed in here)]
        if not top:
            rank = next(iter(asking.values()))[0].rank
            top = [bits for bits, here in asking.items() if here[0].rank == rank]
        best = min(
            {name for bits in top for name in open_of[bits]},
            key=lambda name: (-counts[name], self.group_order[self.findings[name].group], self.space.masks[name]),
        )
        group = self.findings[best].group
        # The reason that is told is the most urgent rule; of equals one that anybody may see.
        first = {bits: min(here, key=_telling) for bits, here in asking.items()}
        told = sorted(asking, key=lambda bits: _telling(first[bits]), reverse=True)
        reason = {name: first[bits] for bits in told for name in open_of[bits] if self.findings[name].group == group}
        # What waits for an examination stands beside the others for who has seen it already.
        early = {name for name in gates if name not in reason and self.waits(name, group)}
        seen = {name: first[bits] for bits in told for name in read[bits] if name in early} if early else {}
        return tuple(
            self.question(name, (reason | seen)[name], optional, name in seen)
            for name in sorted(reason | seen, key=self.space.masks.__getitem__)
        )

    def waits(self, name: str, group: str) -> bool:
        """Whether a yes/no finding of the group waits for gates that are all asked elsewhere; beside its gate it would come too early."""
        finding = self.findings[name]
        return (
            finding.group == group
            and finding.kind == "yes_no"
            and all(gate != name and self.findings[gate].group != group for gate in self.gated(name))
        )

    def question(self, name: str, posed: Posed, optional: bool, if_seen: bool) -> Question:
        finding = self.findings[name]
        rank = posed.rank
        level = f" ({self.reached.asked.ruleset.urgency[rank].id})" if rank >= 0 else ""
        why = f"may change what to do: {posed.title}" if optional else f"not excluded: {posed.title}{level}"
        discreet = posed.certain.discreet or name in self.reached.asked.ruleset.discreet.findings
        return Question(name, finding.group, finding.ask, finding.means, why, optional, if_seen, discreet)


def _telling(posed: Posed) -> tuple[int, bool, int]:
    return -posed.rank, posed.certain.discreet, posed.order


# -- why not ---------------------------------------------------------------------------------------------------------


def why_not(reached: Reached, level: Urgency) -> WhyNot:
    """The rules that could have reached this level, what failed and what is open; and a smallest change that reaches it."""
    sure = set(reached.sure)
    rules = [posed for posed in reached.asked.rules if posed.rank >= level.rank and posed not in sure]
    missed = sorted((_missed(reached, posed) for posed in rules), key=lambda one: (len(one.failed), len(one.open), -one.urgency.rank))
    change = () if reached.lowest >= level.rank and reached.covered() else _change(reached, [*sure, *rules], level.rank)
    return WhyNot(level, tuple(missed), change)


def _missed(reached: Reached, posed: Posed) -> MissedRule:
    space, box, findings = reached.asked.space, reached.box, reached.asked.ruleset.findings
    urgency = reached.asked.ruleset.urgency[posed.rank]
    if posed.fails is not None:
        holding = [other for other in reached.sure if other.pathway == posed.pathway and other is not posed]
        perhaps = [other for other in reached.unsure if other.pathway == posed.pathway and other is not posed]
        return MissedRule(
            posed.pathway,
            posed.rule,
            posed.title,
            urgency,
            tuple(f"another rule holds: {other.title}" for other in holding),
            tuple(f"another rule may hold: {other.title}" for other in perhaps),
            any(other.certain.discreet for other in (*holding, *perhaps)),
        )
    best: tuple[int, int, int, list[int], list[int]] | None = None
    for cube in posed.cubes:
        failed: list[int] = []
        open_: list[int] = []
        hit = box & cube
        while hit:
            mask = space.owner[(hit & -hit).bit_length() - 1]
            (open_ if box & mask & ~cube else failed).append(mask)
            hit &= ~mask
        if best is None or (len(failed), len(open_)) < best[:2]:
            best = (len(failed), len(open_), cube, failed, open_)
    if best is None:
        return MissedRule(posed.pathway, posed.rule, posed.title, urgency, (), (), posed.certain.discreet)
    cube = best[2]

    def said(masks: list[int]) -> tuple[str, ...]:
        return tuple(findings[space.owners[(mask & -mask).bit_length() - 1]].say(mask & ~cube) for mask in masks)

    return MissedRule(posed.pathway, posed.rule, posed.title, urgency, said(best[3]), said(best[4]), posed.certain.discreet)


def _change(reached: Reached, rules: Iterable[Posed], rank: int) -> tuple[Change, ...] | None:
    """The fewest findings that would have to be answered otherwise, or answered at all, for a rule of this rank to hold."""
    ruleset, space = reached.asked.ruleset, reached.asked.space
    bits = _given_bits(reached.presentation, ruleset)
    given = _box(ruleset, bits, bits)
    ways = sorted(
        (len(_turned(reached, cube, further)), posed.order, cube, further)
        for posed in rules
        if posed.rank >= rank
        for cube, further in posed.holds
    )
    start = space.patient(given)
    hopeless: set[tuple[int, int]] = set()  # ways that no patient at all can go
    for total in range(len(ruleset.findings) + 1 if ways else 0):
        for cost, number, cube, further in ways:
            if cost > total or len(hopeless) == len(ways):
                break
            if (number, cube) in hopeless:
                continue
            turned = _turned(reached, cube, further)
            kept = [name for name in bits if name not in turned]
            clauses = [*ruleset.clauses, *further]
            for gone in combinations(kept, total - cost):
                box = _box(ruleset, bits, [name for name in kept if name not in gone])
                found = repaired(space, box, start, cube, clauses)
                if found is None and space.meets(box, cube):
                    found = find(space, box & ~cube, clauses)
                if found is not None:
                    return tuple(_changed(reached, name, found & ~cube) for name in [*turned, *gone])
            if total == cost and find(space, space.everything & ~cube, clauses) is None:
                hopeless.add((number, cube))
    return None


def _turned(reached: Reached, cube: int, further: Sequence[int]) -> list[str]:
    """The findings that keep the box out of the cube, and the fewest that hit every clause which is not hit already."""
    space, box = reached.asked.space, reached.box
    names = space.names(box & cube)
    settled = box & ~space.scope(box & cube)
    open_ = [clause for clause in further if find(space, settled, [clause]) is None or _may_miss(space, settled, clause)]
    demands = [frozenset(space.names(clause)) for clause in open_]
    if any(not demand & set(names) for demand in demands):
        names += [
            name
            for name in hitting_set([demand - set(names) for demand in demands if not demand & set(names)], list(space.findings))
            if name
        ]
    return names


def _may_miss(space: Space, box: int, clause: int) -> bool:
    """Whether some patient of the box has none of the clause's cells: no finding has its cells within the clause."""
    return not any(box & space.masks[name] and not box & space.masks[name] & ~clause for name in space.names(clause))


def _changed(reached: Reached, name: str, found: int) -> Change:
    """One finding of a change: what was given, and what it is in the box that was found."""
    ruleset, presentation = reached.asked.ruleset, reached.presentation
    now = as_json(presentation.given[name]) if presentation.reason(name) is None else None
    return Change(name, now, ruleset.findings[name].say(found & ruleset.space.masks[name]))
