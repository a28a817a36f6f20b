"""What some pathways ask together, made once: their rules, those they hand over to, and the shared red flags.

Each rule is *posed*: activation by handover and the pathway's `applies` are multiplied into its cubes, and what it gives
is resolved for the place of care. Knows nothing of presentations.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from pathways.decision import CERTAIN, POSSIBLE, Bounds, Item, Reason, Referral, Window
from pathways.facts import wanted_of
from pathways.solver import Alternative, absorbed, find, repaired

if TYPE_CHECKING:
    from pathways.findings import Space
    from pathways.ruleset import Outcome, Pathway, Rule, RuleSet

__all__ = ["Asked", "Posed", "Row", "order_of"]

KINDS = ("action", "advice", "follow_up")
order_of = attrgetter("order")
ALWAYS = (0,)  # one cube that forbids nothing
MANY = 1_000_000  # more rules than any question has
QUICK = 8  # alternatives that are tried from a known patient before a search


class Row(NamedTuple):
    """A referral that a rule gives. `slot` tells service, window and condition apart; `code` is where it stands in a decision."""

    slot: int
    code: int
    contact: bool
    limit: int  # index in the scale of limits; -1 for a window
    referral: Referral  # as it is given where it is certain


class Posed:
    """One rule as these pathways ask it: activation by handover and the pathway's `applies` multiplied in.

    `cubes` is empty for an `otherwise`; that one holds if no rule of its pathway does. No cube lies inside another; `against`
    has the cells that some cube forbids, `differ` those that some forbid and others do not. `rank` is -1 for a handover.

    Told apart by identity; nothing changes it once it is made (a plain class, because thousands are told apart in sets).
    """

    __slots__ = (
        "activation",
        "against",
        "certain",
        "cubes",
        "differ",
        "fails",
        "holds",
        "items",
        "order",
        "pathway",
        "possible",
        "rank",
        "reassures",
        "rows",
        "rule",
        "title",
    )

    def __init__(
        self,
        *,
        order: int,  # most urgent first, then as the files have them
        pathway: str,
        rule: str,
        title: str,
        rank: int,
        cubes: tuple[int, ...],
        holds: tuple[Alternative, ...],
        fails: tuple[Alternative, ...] | None,  # None: fails where every cube, read as a clause, is hit
        activation: int,  # the scope of what switches the pathway on
        items: tuple[tuple[int, int], ...],  # (number in the catalogue, where it stands in a decision)
        reassures: tuple[int, ...],  # numbers in the catalogue
        rows: tuple[Row, ...],
        certain: Reason,
        possible: Reason,
    ) -> None:
        self.order = order
        self.pathway = pathway
        self.rule = rule
        self.title = title
        self.rank = rank
        self.cubes = cubes
        self.against = _union(cubes)
        self.differ = self.against & ~_common(cubes)
        self.holds = holds
        self.fails = fails
        self.activation = activation
        self.items = items
        self.reassures = reassures
        self.rows = rows
        self.certain = certain
        self.possible = possible


class Asked:
    """The rules that some pathways ask together. Immutable once made; safe to share between threads."""

    def __init__(self, ruleset: RuleSet, pathways: tuple[str, ...]) -> None:
        self.ruleset = ruleset
        self.pathways = pathways
        self.space = ruleset.space
        self.clauses = ruleset.clauses
        self.activation = _activations(ruleset, pathways)
        self._limits = tuple(ruleset.limits)
        self.top = len(ruleset.urgency)
        self.bounds = {
            (low, high): Bounds(one, other) for low, one in enumerate(ruleset.urgency) for high, other in enumerate(ruleset.urgency)
        }
        self.catalogue: list[tuple[int, Item, Item]] = []  # (kind, certain, possible), in clinical order
        self._item_number: dict[tuple[str, str], int] = {}
        self._referrals: dict[tuple[int, bool, int, int | None], Referral] = {}
        self.slots: list[tuple[str, Window | None, str]] = []  # service, window, condition, in the order of services
        self._number_items()
        self._number_slots()
        self.rules: tuple[Posed, ...] = tuple(sorted(self._pose(), key=order_of))
        self.covers: tuple[tuple[str, tuple[int, ...]], ...] = tuple(
            (name, ruleset.pathways[name].applies or ()) for name in pathways if ruleset.pathways[name].applies is not None
        )
        # Every cube with its rule, most urgent first; those of one rule stand together.
        self.cubes: tuple[tuple[int, Posed], ...] = tuple([(cube, posed) for posed in self.rules for cube in posed.cubes])
        read = _union(cube for cube, _ in self.cubes) | _union(cube for _, cubes in self.covers for cube in cubes)
        for posed in self.rules:
            if posed.fails is not None:
                read |= _union(bits for cube, further in posed.holds for bits in (cube, *further))
        self.scope = self.space.scope(read)  # of the findings that decide which rules hold
        self.askable = self._with_gates(self.scope)
        self.reassuring = frozenset([posed.rank for posed in self.rules if posed.reassures])  # ranks at which something reassures
        self.otherwises: tuple[Posed, ...] = tuple(posed for posed in self.rules if posed.fails is not None)

    def _with_gates(self, scope: int) -> int:
        """The scope with the findings that decide, through gates, whether those of the scope can be asked."""
        todo = self.space.names(scope)
        while todo:
            for gate in self.space.findings[todo.pop()].gates:
                if not scope & self.space.masks[gate]:
                    scope |= self.space.masks[gate]
                    todo.append(gate)
        return scope

    # -- making it ---------------------------------------------------------------------------------------------------

    def _number_items(self) -> None:
        given: dict[str, set[str]] = {}
        for outcome in self._outcomes():
            for name, site in outcome.items:
                condition = self._condition(site)
                if condition is not None:
                    given.setdefault(name, set()).add(condition)
        for name, item in self.ruleset.items.items():
            for condition in sorted(given.get(name, ())):
                self._item_number[name, condition] = len(self.catalogue)
                text = f"{condition[0].upper()}{condition[1:]}: {item.text}" if condition else item.text
                certain, possible = (
                    Item(name, item.kind, text, certainty, item.discreet, item.repeat_after, condition) for certainty in (CERTAIN, POSSIBLE)
                )
                self.catalogue.append((KINDS.index(item.kind), certain, possible))

    def _number_slots(self) -> None:
        order = list(self.ruleset.services)
        found = {
            (row.service, row.window, condition)
            for outcome in self._outcomes()
            for row in outcome.referrals
            if (condition := self._condition(row.site)) is not None
        }
        self.slots = sorted(found, key=lambda slot: (order.index(slot[0]), str(slot[1] or ""), slot[2]))

    def _outcomes(self) -> Iterable[Outcome]:
        for flag in self.ruleset.red_flags:
            if flag.outcome is not None:
                yield flag.outcome
        for name in self.activation:
            pathway = self.ruleset.pathways[name]
            yield from (rule.outcome for rule in pathway.rules if rule.outcome is not None)
            if pathway.otherwise is not None:
                yield pathway.otherwise

    def _condition(self, site: tuple[tuple[str, Any], ...]) -> str | None:
        """The words that lead what depends on the site: none where it is known to hold, None where it is known not to."""
        if not site:
            return ""
        facts = self.ruleset.site.facts
        if not self.ruleset.site.configured:
            return f"if {wanted_of(self.ruleset.site_facts, site)}"
        return "" if all(_matches(facts[name], wanted) for name, wanted in site) else None

    def _pose(self) -> Iterable[Posed]:
        number = 0
        for flag in self.ruleset.red_flags:
            yield self._posed(number, flag, flag.cubes, 0)
            number += 1
        for name, activation in self.activation.items():
            pathway = self.ruleset.pathways[name]
            scope = self.space.scope(_union(activation))
            inside: list[int] = []
            for rule in pathway.rules:
                cubes = _both(self.space, rule.cubes, activation)
                inside += cubes
                if cubes:
                    yield self._posed(number, rule, cubes, scope)
                number += 1
            if activation and pathway.otherwise is not None and not pathway.otherwise_never:  # no activation: it is for nobody here
                yield self._otherwise_of(number, pathway, activation, tuple(inside), scope)
            number += 1

    def _posed(self, number: int, rule: Rule, cubes: tuple[int, ...], activation: int) -> Posed:
        return self._make(
            number, rule.pathway, rule.id, rule.title, rule.outcome, cubes, tuple((cube, ()) for cube in cubes), None, activation, rule
        )

    def _otherwise_of(self, number: int, pathway: Pathway, activation: tuple[int, ...], inside: tuple[int, ...], scope: int) -> Posed:
        holds = tuple((cube, inside) for cube in activation)
        fails: tuple[Alternative, ...] = tuple((cube, ()) for cube in inside)
        if activation != ALWAYS:
            fails = ((0, activation), *fails)
        title = f"nothing else in {pathway.title.lower()} holds"
        return self._make(number, pathway.id, "otherwise", title, pathway.otherwise, (), holds, fails, scope, None)

    def _make(
        self, number: int, pathway: str, name: str, title: str, outcome: Outcome | None, cubes: tuple[int, ...],
        holds: tuple[Alternative, ...], fails: tuple[Alternative, ...] | None, activation: int, rule: Rule | None,
    ) -> Posed:  # fmt: skip
        items, reassures, rows = [], [], []
        ahead = self.top - outcome.urgency.rank if outcome else 0
        for item, site in outcome.items if outcome else ():
            condition = self._condition(site)
            if condition is not None:
                at = self._item_number[item, condition]
                if self.ruleset.items[item].reassures:
                    reassures.append(at)
                else:
                    items.append((at, ahead * len(self.catalogue) + at))
        for row in outcome.referrals if outcome else ():
            condition = self._condition(row.site)
            if condition is not None:
                slot = self.slots.index((row.service, row.window, condition))
                limit = -1 if row.within is None else self._limits.index(row.within)
                rows.append(self.row(slot, ahead * len(self.slots) + slot, row.contact == "now", limit))
        reasons = tuple(
            Reason(
                pathway=pathway,
                rule=name,
                title=title,
                urgency=outcome.urgency if outcome else None,
                basis=rule.basis if rule else "interpretation",
                sources=rule.sources if rule else (),
                narrows=rule.narrows if rule else (),
                certainty=certainty,
                handover=rule.handover if rule else None,
                discreet=(pathway, name) in self.ruleset.discreet.rules,
            )
            for certainty in (CERTAIN, POSSIBLE)
        )
        rank = outcome.urgency.rank if outcome else -1
        return Posed(
            order=(self.top - rank) * MANY + number,
            pathway=pathway,
            rule=name,
            title=title,
            rank=rank,
            cubes=cubes,
            holds=holds,
            fails=fails,
            activation=activation,
            items=tuple(items),
            reassures=tuple(reassures),
            rows=tuple(rows),
            certain=reasons[0],
            possible=reasons[1],
        )

    def referral(self, slot: int, calls: bool, earliest: int, certain: int | None) -> Referral:
        """A referral; each that can occur is made once."""
        key = (slot, calls, earliest, certain)
        found = self._referrals.get(key)
        if found is None:
            service, window, condition = self.slots[slot]
            found = self._referrals[key] = Referral(
                service=service,
                name=self.ruleset.services[service],
                contact="now" if calls else None,
                within=None if window is not None else self._limits[earliest],
                certain_within=None if window is not None or certain is None else self._limits[certain],
                window=window,
                certainty=POSSIBLE if certain is None else CERTAIN,
                condition=condition,
                discreet=service in self.ruleset.discreet.services,
            )
        return found

    def row(self, slot: int, code: int, contact: bool, limit: int) -> Row:
        """A row with the referral that it gives where it is certain."""
        return Row(slot, code, contact, limit, self.referral(slot, contact, limit, limit))

    def exists(
        self,
        box: int,
        clauses: Sequence[int],
        none_of: Sequence[Posed] = (),
        some_of: Sequence[Posed] | None = None,
        start: int | None = None,
    ) -> int | None:
        """A box inside `box` of patients for whom none of these rules holds and, if asked, at least one of those does.

        With a patient to `start` from, a small change of that one is tried before anything is searched.
        """
        clauses = [*clauses, *(cube for posed in none_of for cube in posed.cubes)]
        choices: list[Sequence[Alternative]] = [posed.fails for posed in none_of if posed.fails is not None]
        ways = None if some_of is None else [way for posed in some_of for way in posed.holds]
        if start is not None and not choices:
            for cube, further in ((0, ()),) if ways is None else ways[:QUICK]:
                if self.space.meets(box, cube):
                    wanted = [*clauses, *further] if further else clauses
                    patient = repaired(self.space, box, start, cube, wanted)
                    if patient is None and ways is None:
                        patient = repaired(self.space, box, start, cube, wanted, last=True)
                    if patient is not None:
                        return patient
        if ways is not None:
            choices.append(ways)
        return find(self.space, box, clauses, choices)


def _matches(fact: Any, wanted: Any) -> bool:
    if isinstance(wanted, bool):
        return bool(fact is wanted)
    tests = {"at_least": fact.__ge__, "above": fact.__gt__, "at_most": fact.__le__, "below": fact.__lt__}
    return all(tests[operator](limit) for operator, limit in wanted.items())


def _activations(ruleset: RuleSet, pathways: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    """For each pathway asked or handed over to: the cubes in which its rules count, its `applies` included.

    Relies on the loader: handovers make no cycle.
    """
    found: dict[str, tuple[int, ...]] = {}

    def visit(name: str, cubes: tuple[int, ...]) -> None:
        pathway = ruleset.pathways[name]
        if pathway.applies is not None:
            cubes = _both(ruleset.space, cubes, pathway.applies)
        found[name] = absorbed((*found.get(name, ()), *cubes))
        for rule in pathway.rules:
            if rule.handover is not None:
                visit(rule.handover, _both(ruleset.space, rule.cubes, cubes))

    for name in pathways:
        visit(name, ALWAYS)
    return {name: found[name] for name in ruleset.pathways if name in found}


def _union(cubes: Iterable[int]) -> int:
    bits = 0
    for cube in cubes:
        bits |= cube
    return bits


def _common(cubes: Iterable[int]) -> int:
    bits = -1
    for cube in cubes:
        bits &= cube
    return bits


def _both(space: Space, one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    """The cubes of "both": what either forbids is forbidden."""
    if other == ALWAYS:
        return one
    # Each is possible by itself, so only a finding of which the other forbids something can lose its last cell.
    masks = {b: [space.masks[name] for name in space.names(b)] for b in other}
    return absorbed([a | b for a in one for b in other if not any((a | b) & mask == mask for mask in masks[b])])
