"""Decide one presentation: posed rules × box → Decision, exact over all ways in which the unknowns could turn out.

`Reached` is one decision's working: what holds, what may hold, and the questions about it that are answered only when
somebody asks. Knows nothing of files or of how a decision is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pathways import explanation
from pathways.asked import Asked, Posed, Row, order_of
from pathways.decision import Answer, Bounds, Decision, Item, Question, Referral, Status, Urgency, WhyNot
from pathways.findings import Space
from pathways.presentations import Presentation
from pathways.solver import eliminated, find, narrow, repaired

__all__ = ["NO_SITE", "Reached", "begun", "decide", "reach", "unsigned"]

NOTHING: tuple[tuple[Item, ...], tuple[Item, ...], tuple[Item, ...]] = ((), (), ())
NO_SITE = "Site not configured: what depends on the place of care is shown for both cases."
NEVER, OPEN, ALL = 0, 1, 2  # a rule holds in no completion, in some, in all


def decide(asked: Asked, presentation: Presentation) -> Decision:
    """The decision for one presentation; raises InvalidPresentation if no patient can be so."""
    return reach(asked, presentation).decision()


def reach(asked: Asked, presentation: Presentation) -> Reached:
    """The working behind the decision for one presentation."""
    return Reached(asked, presentation, *begun(asked, presentation))


def begun(asked: Asked, presentation: Presentation) -> tuple[int, list[int], bool]:
    """What the constraints make of a presentation: its box, the constraints still to be watched, and whether none was given in part.

    Raises InvalidPresentation if no patient can be so. It is the same for all rules with these constraints.
    """
    box = presentation.box
    known = presentation.known
    rest = [clause for clause in asked.clauses if not clause & known]
    plain = presentation.plain and not rest
    if rest:
        narrowed = narrow(asked.space, box, rest)
        if narrowed is None or (narrowed[1] and not _somebody(asked.space, *narrowed)):
            raise explanation.contradiction(asked.ruleset, presentation)
        box, rest = narrowed
    return box, rest, plain


def _somebody(space: Space, box: int, clauses: list[int]) -> bool:
    """Whether a patient of the box hits every clause; mostly a small change of any of them does, and nothing is searched."""
    return repaired(space, box, space.patient(box), 0, clauses) is not None or find(space, box, clauses) is not None


class Reached:
    """One presentation's working: the box, the constraints still to be watched, and how each rule stands."""

    __slots__ = (
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

    def __init__(self, asked: Asked, presentation: Presentation, box: int, clauses: list[int], plain: bool) -> None:
        self.asked = asked
        self.presentation = presentation
        self.box = box
        self.clauses = eliminated(asked.space, box, clauses, asked.scope, asked.ruleset.gates) if clauses else clauses
        watched = 0
        for clause in self.clauses:
            watched |= box & clause
        self._residual = asked.space.scope(watched) if watched else 0  # of the findings that the constraints still tie together
        self._witnesses: list[tuple[int, frozenset[Posed]]] = []  # completions, each with the rules that hold in it
        self.near: dict[Posed, list[int]] = {}  # rules with those of their cubes that are open
        self.sure, self.unsure = self._sorted_rules(plain)  # rules that hold in every completion, and in some
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
        holding = {posed for posed, cubes in self.near.items() for cube in cubes if not patient & cube}
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

    def _sorted_rules(self, plain: bool) -> tuple[list[Posed], list[Posed]]:
        asked, box, known, meets = self.asked, self.box, self.presentation.known, self.asked.space.meets
        sure: list[Posed] = []
        unsure: list[Posed] = []
        undecided = self.near
        for cube, posed in [row for row in asked.cubes if not row[0] & known]:
            if not box & cube:
                if not sure or sure[-1] is not posed:
                    sure.append(posed)
            elif plain or meets(box, cube):  # a finding of which nothing is known keeps some cell outside any cube
                if posed in undecided:
                    undecided[posed].append(cube)
                else:
                    undecided[posed] = [cube]
        mixed = False
        if undecided:
            certain = set(sure)
            for posed, cubes in undecided.items():
                state = NEVER if posed in certain else self._state(posed, cubes)
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
            sure.sort(key=order_of)
            unsure.sort(key=order_of)
        return sure, unsure

    def _state(self, posed: Posed, near: list[int]) -> int:
        """How a rule stands of which no cube is certain; `near` are those of its cubes that meet the box."""
        residual = self._residual
        if residual:
            touched = [cube for cube in near if cube & residual]
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
            if self.sure:
                both = [(posed.order, posed.certain) for posed in self.sure]
                both += [(posed.order, posed.possible) for posed in self.unsure]
                both.sort()  # no two rules have the same place
                reasons = tuple([reason for _, reason in both])
            else:
                reasons = tuple([posed.possible for posed in self.unsure])
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
                slot = row.slot
                best = sure.get(slot)
                if best is None or row.limit < best.limit or row.contact > best.contact:
                    if slot in maybe:
                        maybe[slot].append((posed, row))
                    else:
                        maybe[slot] = [(posed, row)]
                if slot not in codes or row.code < codes[slot]:
                    codes[slot] = row.code
        fixed = True
        referrals = []
        for slot in sorted(codes, key=codes.__getitem__) if len(codes) > 1 else codes:
            if slot not in maybe:
                referrals.append(sure[slot].referral)
                continue
            referral, same = self._open_referral(slot, sure.get(slot), maybe[slot])
            fixed = fixed and same
            referrals.append(referral)
        return tuple(referrals), fixed

    def _open_referral(self, slot: int, sure: Row | None, maybe: list[tuple[Posed, Row]]) -> tuple[Referral, bool]:
        """A referral that some rule may add or hasten: its earliest limit, and the one that is certain."""
        if len(maybe) == 1:  # as it is for most: that rule may hold or not
            row = maybe[0][1]
            if sure is None:
                return self.asked.referral(slot, row.contact, row.limit, None), False
            calls = row.contact or sure.contact
            same = row.limit >= sure.limit and calls == sure.contact
            return self.asked.referral(slot, calls, min(row.limit, sure.limit), sure.limit), same
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
        asked = self.asked
        catalogue, top = asked.catalogue, asked.top
        count = len(catalogue)
        codes: dict[int, int] = {}  # number in the catalogue → where it stands
        for posed in self.sure:
            for item, code in posed.items:
                if item not in codes:
                    codes[item] = code
        possible: set[int] = set()
        if self.unsure:
            possible = self._maybe_items(codes)
            if self.lowest in asked.reassuring and self.highest in asked.reassuring:  # both are attained, so there too it is given
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

    def _maybe_items(self, codes: dict[int, int]) -> set[int]:
        """Adds what rules that may hold give, and says which of it is not certain."""
        certain = set(codes)
        givers: dict[int, list[Posed]] = {}
        for posed in self.unsure:
            for item, code in posed.items:
                if item not in certain:
                    givers.setdefault(item, []).append(posed)
                if item not in codes or code < codes[item]:
                    codes[item] = code
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

    def unread(self) -> tuple[str, ...]:
        """The yes/no findings whose answer is the worse one, and which no alternative of a rule reads that holds or may hold.

        Nor does a constraint tie them to a finding that is read. The pathway that reads them was not asked, or does not apply.
        """
        ruleset, given = self.asked.ruleset, self.presentation.given
        worse = {"yes": True, "no": False}
        answered = [name for name in sorted(given) if ruleset.findings[name].kind == "yes_no" and isinstance(given[name], bool)]
        return tuple(name for name in answered if given[name] is worse.get(ruleset.findings[name].worse) and not self._read(name))

    def _read(self, name: str) -> bool:
        space = self.asked.space
        tied = space.masks[name]
        for clause in self.asked.ruleset.clauses:
            if clause & space.masks[name]:
                tied |= space.scope(clause)
        return any(
            cube & tied and space.meets(self.box, cube) and find(space, self.box & ~cube, self.clauses) is not None
            for posed in (*self.sure, *self.unsure)
            for cube in posed.cubes
        )

    def notices(self) -> tuple[str, ...]:
        """How the rules stand, their banner, the notices of the pathways that may have spoken, and whether the site is configured."""
        ruleset = self.asked.ruleset
        spoken = dict.fromkeys([*self.asked.pathways, *(posed.pathway for posed in [*self.sure, *self.unsure])])
        notices = [*unsigned(ruleset.ref.approval, ruleset.notice), ruleset.notice]
        if not ruleset.site.configured:
            notices.append(NO_SITE)
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


def unsigned(approval: str, notice: str) -> tuple[str, ...]:
    """How the rules stand, unless all have signed who must, or the text of their authors begins with it."""
    if approval == "approved" or notice.lower().startswith(approval):
        return ()
    return (f"{approval.capitalize()}: not everybody has signed these rules who must.",)
