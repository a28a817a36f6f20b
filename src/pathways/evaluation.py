"""Decide one presentation: compiled rules × box → Decision, exact over all ways in which the unknowns could turn out.

`Asked` is what some pathways ask together, made once: their rules, those of the pathways they hand over to, the shared
red flags. `Reached` is one decision's working: what holds, may hold, and the questions about it that are answered only when
somebody asks. Knows nothing of files or of how a decision is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from pathways import explanation
from pathways.decision import CERTAIN, POSSIBLE, Answer, Bounds, Decision, Item, Question, Reason, Referral, Status, Urgency, WhyNot, Window
from pathways.presentations import Presentation
from pathways.solver import Alternative, absorbed, apart, eliminated, find, narrow, repaired

if TYPE_CHECKING:
    from pathways.ruleset import Outcome, Pathway, Rule, RuleSet

__all__ = ["Asked", "Posed", "Reached"]

NOTHING: tuple[tuple[Item, ...], tuple[Item, ...], tuple[Item, ...]] = ((), (), ())
KINDS = ("action", "advice", "follow_up")
_order = attrgetter("order")
ALWAYS = (0,)  # one cube that forbids nothing
MANY = 1_000_000  # more rules than any question has
QUICK = 8  # alternatives that are tried from a known patient before a search
NEVER, OPEN, ALL = 0, 1, 2  # a rule holds in no completion, in some, in all


class Row(NamedTuple):
    """A referral that a rule gives. `slot` tells service, window and condition apart; `code` is where it stands in a decision."""

    slot: int
    code: int
    contact: bool
    limit: int  # index in the scale of limits; -1 for a window
    referral: Referral  # as it is given where it is certain


class Posed:
    """One rule as these pathways ask it: activation by handover and the pathway's `applies` multiplied in.

    `cubes` is empty for an `otherwise`; that one holds if no rule of its pathway does. `rank` is -1 for a handover.

    Told apart by identity; nothing changes it once it is made (a plain class, because thousands are told apart in sets).
    """

    __slots__ = (
        "order",
        "pathway",
        "rule",
        "title",
        "rank",
        "cubes",
        "scopes",
        "scope",
        "holds",
        "fails",
        "activation",
        "items",
        "reassures",
        "rows",
        "certain",
        "possible",
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
        scopes: tuple[int, ...],
        scope: int,  # of all that decides whether it holds
        holds: tuple[Alternative, ...],
        fails: tuple[Alternative, ...] | None,  # None: fails where every cube, read as a clause, is hit
        activation: int,  # the scope of what switches the pathway on
        items: tuple[int, ...],  # codes: where each stands in a decision, and which it is
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
        self.scopes = scopes
        self.scope = scope
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
        self._activation = _activations(ruleset, pathways)
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
        self.rules: tuple[Posed, ...] = tuple(sorted(self._pose(), key=_order))
        self.covers: tuple[tuple[str, tuple[int, ...]], ...] = tuple(
            (name, ruleset.pathways[name].applies or ()) for name in pathways if ruleset.pathways[name].applies is not None
        )
        # Every cube with its rule, most urgent first; those of one rule stand together.
        self.cubes: tuple[tuple[int, Posed, int], ...] = tuple(
            (cube, posed, scope) for posed in self.rules for cube, scope in zip(posed.cubes, posed.scopes, strict=True)
        )
        self.scope = _union(posed.scope for posed in self.rules) | self.space.scope(
            _union(cube for _, cubes in self.covers for cube in cubes)
        )
        self.askable = self._with_gates(self.scope)
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
        for name in self._activation:
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
            return "if " + " and ".join(self._said(name, wanted) for name, wanted in site)
        return "" if all(_matches(facts[name], wanted) for name, wanted in site) else None

    def _said(self, name: str, wanted: Any) -> str:
        means = self.ruleset.site_facts[name]["means"]
        if isinstance(wanted, bool):
            return f"{means}" if wanted else f"it is not so that {means}"
        limits = " and ".join(f"{operator.replace('_', ' ')} {limit}" for operator, limit in wanted.items())
        return f"{means}: {limits}"

    def _pose(self) -> Iterable[Posed]:
        number = 0
        for flag in self.ruleset.red_flags:
            yield self._posed(number, flag, flag.cubes, 0)
            number += 1
        for name, activation in self._activation.items():
            pathway = self.ruleset.pathways[name]
            scope = self.space.scope(_union(activation))
            inside: list[int] = []
            for rule in pathway.rules:
                cubes = _both(self.space, rule.cubes, activation)
                inside += cubes
                if cubes:
                    yield self._posed(number, rule, cubes, scope)
                number += 1
            if pathway.otherwise is not None and not pathway.otherwise_never:
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
                    items.append(ahead * len(self.catalogue) + at)
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
            )
            for certainty in (CERTAIN, POSSIBLE)
        )
        rank = outcome.urgency.rank if outcome else -1
        scopes = tuple([self.space.scope(cube) for cube in cubes])
        return Posed(
            order=(self.top - rank) * MANY + number,
            pathway=pathway,
            rule=name,
            title=title,
            rank=rank,
            cubes=cubes,
            scopes=scopes,
            scope=_union(scopes)
            if fails is None
            else self.space.scope(_union(bits for cube, further in holds for bits in (cube, *further))),
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
            )
        return found

    def row(self, slot: int, code: int, contact: bool, limit: int) -> Row:
        """A row with the referral that it gives where it is certain."""
        return Row(slot, code, contact, limit, self.referral(slot, contact, limit, limit))

    def decide(self, presentation: Presentation) -> Decision:
        """The decision for one presentation; raises InvalidPresentation if no patient can be so."""
        return self.reach(presentation).decision()

    def reach(self, presentation: Presentation) -> Reached:
        """The working behind the decision for one presentation."""
        box = presentation.box
        known = presentation.known
        rest = [clause for clause in self.clauses if not clause & known]
        if rest:
            narrowed = narrow(self.space, box, rest)
            if narrowed is None or (narrowed[1] and find(self.space, *narrowed) is None):
                raise explanation.contradiction(self.ruleset, presentation)
            box, rest = narrowed
        return Reached(self, presentation, box, rest)

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
                    patient = repaired(self.space, box, start, cube, [*clauses, *further] if further else clauses)
                    if patient is not None:
                        return patient
        if ways is not None:
            choices.append(ways)
        return find(self.space, box, clauses, choices)


class Reached:
    """One presentation's working: the box, the constraints still to be watched, and how each rule stands."""

    __slots__ = (
        "_groups",
        "_residual",
        "_witnesses",
        "asked",
        "box",
        "clauses",
        "highest",
        "lowest",
        "near",
        "presentation",
        "sure",
        "unsure",
    )

    def __init__(self, asked: Asked, presentation: Presentation, box: int, clauses: list[int]) -> None:
        self.asked = asked
        self.presentation = presentation
        self.box = box
        self.clauses = eliminated(asked.space, box, clauses, asked.scope, asked.ruleset.gates) if clauses else clauses
        self._groups = apart(asked.space, box, self.clauses) if self.clauses else []
        self._residual = 0
        for scope, _ in self._groups:
            self._residual |= scope
        self._witnesses: list[tuple[int, frozenset[Posed]]] = []  # completions, each with the rules that hold in it
        self.near: dict[Posed, list[tuple[int, Posed, int]]] = {}  # rules with those of their cubes that are open
        self.sure, self.unsure = self._sorted_rules()  # rules that hold in every completion, and in some
        self.lowest, self.highest = self._bounds()

    def exists(self, none_of: Sequence[Posed] = (), some_of: Sequence[Posed] | None = None) -> bool:
        """Whether in some completion none of these rules holds and, if asked, at least one of those does.

        Completions found before answer first, then one of them changed a little; only then is it searched.
        """
        for _, holding in self._witnesses:
            if holding.isdisjoint(none_of) and (some_of is None or not holding.isdisjoint(some_of)):
                return True
        if not self._witnesses and not self.clauses and self._extremes(none_of, some_of):
            return True
        found = self.asked.exists(self.box, self.clauses, none_of, some_of, self.patient())
        if found is None:
            return False
        space = self.asked.space
        patient = found if found.bit_count() == len(space.masks) else space.patient(found)
        self._witnesses.append((patient, self._holding(patient)))
        return True

    def _holding(self, patient: int) -> frozenset[Posed]:
        """The open rules that hold for one completion, read cube by cube."""
        holding = {row[1] for rows in self.near.values() for row in rows if not patient & row[0]}
        if self.asked.otherwises:
            speaking = {posed.pathway for posed in holding}
            for posed in self.asked.otherwises:
                if posed.pathway not in speaking and any(not patient & cube for cube, _ in posed.holds):
                    holding.add(posed)
        return frozenset(holding)

    def _extremes(self, none_of: Sequence[Posed], some_of: Sequence[Posed] | None) -> bool:
        """Whether one of two completions answers: every open finding at its first cell, or at its last."""
        space, known = self.asked.space, self.presentation.known
        for patient in (known | space.patient(self.box & ~known), known | space.patient(self.box & ~known, last=True)):
            holding = self._holding(patient)
            self._witnesses.append((patient, holding))
            if holding.isdisjoint(none_of) and (some_of is None or not holding.isdisjoint(some_of)):
                return True
        return False

    def patient(self) -> int:
        """One completion, as far as the rules that are asked can tell; the last one found."""
        return self._witnesses[-1][0] if self._witnesses else self.asked.space.patient(self.box)

    def _sorted_rules(self) -> tuple[list[Posed], list[Posed]]:
        asked, box, known, meets = self.asked, self.box, self.presentation.known, self.asked.space.meets
        sure: list[Posed] = []
        unsure: list[Posed] = []
        undecided = self.near
        for row in [row for row in asked.cubes if not row[0] & known]:
            cube, posed, _ = row
            if not box & cube:
                if not sure or sure[-1] is not posed:
                    sure.append(posed)
            elif meets(box, cube):
                undecided.setdefault(posed, []).append(row)
        mixed = False
        if undecided:
            certain = set(sure)
            for posed, rows in undecided.items():
                state = NEVER if posed in certain else self._state(posed, rows)
                if state == OPEN:
                    unsure.append(posed)
                elif state == ALL:
                    sure.append(posed)
                    mixed = True
        for posed in asked.otherwises:
            state = self._otherwise(posed, sure, unsure)
            if state == ALL:
                sure.append(posed)
                mixed = True
            elif state == OPEN:
                unsure.append(posed)
                mixed = True
        if mixed:
            sure.sort(key=_order)
            unsure.sort(key=_order)
        return sure, unsure

    def _state(self, posed: Posed, near: list[tuple[int, Posed, int]]) -> int:
        """How a rule stands of which no cube is certain; `near` are the rows of its cubes that meet the box."""
        residual = self._residual
        if residual:
            touched = [row for row in near if row[2] & residual]
            if len(touched) == len(near) and not self.exists(some_of=(posed,)):
                return NEVER
            if len(near) == 1 and not touched:
                return OPEN
        elif len(near) == 1:
            return OPEN
        return OPEN if self.exists(none_of=(posed,)) else ALL

    def _otherwise(self, posed: Posed, sure: list[Posed], unsure: list[Posed]) -> int:
        """How an `otherwise` stands, the other rules of its pathway being sorted already."""
        for other in sure:
            if other.pathway == posed.pathway:
                return NEVER
        rival = any(other.pathway == posed.pathway for other in unsure)
        if not posed.activation and not rival:
            return ALL
        if not self.exists(some_of=(posed,)):
            return NEVER
        # Where another rule of the pathway may hold, this one may not.
        return OPEN if rival or self.exists(none_of=(posed,)) else ALL

    def _bounds(self) -> tuple[int, int]:
        """The lowest and highest rank over the completions that have one; (-1, -1) if none has."""
        floor = self.sure[0].rank if self.sure else -1
        highest = max(floor, self.unsure[0].rank if self.unsure else -1)
        if highest == floor:
            return floor, highest
        above = [posed for posed in self.unsure if posed.rank > floor]
        if floor >= 0 and (len(above) == 1 or self.exists(none_of=above)):  # one rule alone is open, so it may not hold
            return floor, highest
        for rank in sorted({posed.rank for posed in above}):
            higher = [posed for posed in above if posed.rank > rank]
            here = None if floor >= 0 else [posed for posed in above if posed.rank <= rank]
            if self.exists(none_of=higher, some_of=here):
                return rank, highest
        return highest, highest

    def covered(self) -> bool:
        """Whether every completion has an urgency."""
        if self.sure and self.sure[0].rank >= 0:
            return True
        return not self.exists(none_of=[posed for posed in self.unsure if posed.rank >= 0])

    # -- the decision ------------------------------------------------------------------------------------------------

    def decision(self) -> Decision:
        asked = self.asked
        if self.highest < 0:
            reasons = tuple([posed.certain for posed in self.sure] + [posed.possible for posed in self.unsure])
            return Decision(Status.NOT_COVERED, Bounds(None, None), (), NOTHING, reasons, self)
        referrals, fixed = self.referrals()
        items = self._items()
        if self.unsure:
            settled = fixed and self.lowest == self.highest and self.covered()
            status = Status.SETTLED if settled else Status.OPEN
            both = {posed.order: posed.certain for posed in self.sure} | {posed.order: posed.possible for posed in self.unsure}
            reasons = tuple([both[order] for order in sorted(both)])
        else:
            status = Status.OPEN if asked.covers and self.coverage()[1] else Status.FINAL
            reasons = tuple([posed.certain for posed in self.sure])
        bounds = asked.bounds[self.lowest, self.highest]
        return Decision(status, bounds, referrals, items, reasons, self)

    def coverage(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The asked pathways that are not for this patient: certainly, and perhaps."""
        outside: list[str] = []
        perhaps: list[str] = []
        for name, cubes in self.asked.covers:
            inside = [cube for cube in cubes if find(self.asked.space, self.box & ~cube, self.clauses) is not None] if cubes else []
            inside = [cube for cube in inside if self.asked.space.meets(self.box, cube)]
            if not inside:
                outside.append(name)
            elif find(self.asked.space, self.box, [*self.clauses, *cubes]) is not None:
                perhaps.append(name)
        return tuple(outside), tuple(perhaps)

    def referrals(self) -> tuple[tuple[Referral, ...], bool]:
        """The referrals, merged, and whether they are the same in every completion."""
        sure: dict[int, Row] = {}
        codes: list[int] = []
        for posed in self.sure:
            for row in posed.rows:
                other = sure.get(row.slot)
                if other is None:
                    sure[row.slot] = row
                    codes.append(row.code)
                elif row.limit < other.limit or row.contact > other.contact:
                    sure[row.slot] = self._merged(other, row)
        if not self.unsure:
            if len(codes) > 1:
                codes.sort()
            count = len(self.asked.slots)
            return tuple([sure[code % count].referral for code in codes]), True
        return self._open_referrals(sure, dict(zip(sure, codes, strict=True)))

    def _merged(self, one: Row, other: Row) -> Row:
        """The earlier of two limits, and a call if either calls."""
        for row, further in ((one, other), (other, one)):
            if row.limit <= further.limit and row.contact >= further.contact:
                return row
        return self.asked.row(one.slot, one.code, True, min(one.limit, other.limit))

    def _open_referrals(self, sure: dict[int, Row], codes: dict[int, int]) -> tuple[tuple[Referral, ...], bool]:
        """The referrals where rules that may hold add to, or hasten, those that are certain."""
        maybe: dict[int, list[tuple[Posed, Row]]] = {}
        for posed in self.unsure:
            for row in posed.rows:
                best = sure.get(row.slot)
                if best is None or row.limit < best.limit or row.contact > best.contact:
                    maybe.setdefault(row.slot, []).append((posed, row))
                codes[row.slot] = min(codes.get(row.slot, row.code), row.code)
        fixed = True
        referrals = []
        for slot in sorted(codes, key=codes.__getitem__):
            if slot not in maybe:
                referrals.append(sure[slot].referral)
                continue
            referral, same = self._open_referral(slot, sure.get(slot), maybe[slot])
            fixed = fixed and same
            referrals.append(referral)
        return tuple(referrals), fixed

    def _open_referral(self, slot: int, sure: Row | None, maybe: list[tuple[Posed, Row]]) -> tuple[Referral, bool]:
        """A referral that some rule may add or hasten: its earliest limit, and the one that is certain."""
        earliest = min([row.limit for _, row in maybe] + ([sure.limit] if sure else []))
        certain = sure.limit if sure else None
        for limit in sorted({row.limit for _, row in maybe}):
            if certain is not None and limit >= certain:
                break
            givers = [posed for posed, row in maybe if row.limit <= limit]
            if len(givers) > 1 and not self.exists(none_of=givers):
                certain = limit
                break
        callers = [posed for posed, row in maybe if row.contact]
        calls = bool(sure and sure.contact)
        fixed_call = not callers or calls or (len(callers) > 1 and not self.exists(none_of=callers))
        referral = self.asked.referral(slot, bool(callers) or calls, earliest, certain)
        return referral, certain == earliest and fixed_call

    def _items(self) -> tuple[tuple[Item, ...], tuple[Item, ...], tuple[Item, ...]]:
        """Actions, advice and follow-up, by the highest urgency among the rules that give them, then in clinical order."""
        catalogue, top = self.asked.catalogue, self.asked.top
        count = len(catalogue)
        codes: dict[int, int] = {}  # number in the catalogue → where it stands
        for posed in self.sure:
            for code in posed.items:
                item = code % count
                if item not in codes:
                    codes[item] = code
        possible: set[int] = set()
        if self.unsure:
            possible = self._maybe_items(codes, count)
            for item, rank in self._reassurances():
                codes[item] = (top - rank) * count + item
        else:
            for posed in self.sure:
                for item in posed.reassures if posed.rank == self.lowest else ():
                    codes[item] = (top - posed.rank) * count + item
        if not codes:
            return NOTHING
        parts: tuple[list[Item], list[Item], list[Item]] = ([], [], [])
        for code in sorted(codes.values()):
            kind, certain, perhaps = catalogue[code % count]
            parts[kind].append(perhaps if code % count in possible else certain)
        return tuple(parts[0]), tuple(parts[1]), tuple(parts[2])

    def _maybe_items(self, codes: dict[int, int], count: int) -> set[int]:
        """Adds what rules that may hold give, and says which of it is not certain."""
        certain = set(codes)
        givers: dict[int, list[Posed]] = {}
        for posed in self.unsure:
            for code in posed.items:
                item = code % count
                if item not in certain:
                    givers.setdefault(item, []).append(posed)
                codes[item] = min(codes.get(item, code), code)
        return {item for item, rules in givers.items() if len(rules) == 1 or self.exists(none_of=rules)}

    def _reassurances(self) -> Iterable[tuple[int, int]]:
        """The reassuring items that every completion gives, each with the highest rank that gives it, some rules being open."""
        givers: dict[int, list[Posed]] = {}
        for posed in [*self.sure, *self.unsure]:
            for item in posed.reassures:
                if self.lowest <= posed.rank <= self.highest:
                    givers.setdefault(item, []).append(posed)
        for item, rules in givers.items():
            if self._given_everywhere(rules):
                yield item, max(posed.rank for posed in rules)

    def _given_everywhere(self, givers: list[Posed]) -> bool:
        """Whether in every completion one of these rules holds at the very urgency of that completion."""
        ranks = {posed.rank for posed in givers}
        if self.lowest not in ranks or self.highest not in ranks:
            return False  # both are attained, and there nobody gives it
        sure = set(self.sure)
        rules = [*self.sure, *self.unsure]
        for rank in {posed.rank for posed in rules if self.lowest <= posed.rank <= self.highest}:
            here = [posed for posed in givers if posed.rank == rank]
            none_of = [posed for posed in rules if posed.rank > rank] + here
            if any(posed in sure for posed in none_of):
                continue
            if self.exists(none_of=none_of, some_of=[posed for posed in rules if posed.rank == rank]):
                return False
        return self.covered()

    def notices(self) -> tuple[str, ...]:
        """The draft banner, the notices of the pathways that may have spoken, and whether the site is configured."""
        ruleset = self.asked.ruleset
        spoken = dict.fromkeys([*self.asked.pathways, *(posed.pathway for posed in [*self.sure, *self.unsure])])
        notices = [ruleset.notice]
        if not ruleset.site.configured:
            notices.append("Site not configured: what depends on the place of care is shown for both cases.")
        notices += [ruleset.pathways[name].notice for name in spoken if name in ruleset.pathways and ruleset.pathways[name].notice]
        return tuple(dict.fromkeys(notices))

    # -- asked afterwards --------------------------------------------------------------------------------------------

    def because(self) -> tuple[Answer, ...]:
        return explanation.because(self)

    def next_questions(self) -> tuple[Question, ...]:
        return explanation.next_questions(self)

    def optional_questions(self) -> tuple[Question, ...]:
        return explanation.optional_questions(self)

    def why_not(self, level: str | Urgency) -> WhyNot:
        return explanation.why_not(self, self.asked.ruleset.level(level))


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


def _both(space: Any, one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    """The cubes of "both": what either forbids is forbidden."""
    if other == ALWAYS:
        return one
    return absorbed(a | b for a in one for b in other if space.meets(space.everything, a | b))
