"""What the cases of a rule folder exercise: rules, literals, thresholds, red flags; and what nobody can exercise, with proof.

A literal is shown to matter by two cases: it is true of one and false of the other, in both it decides whether the condition
holds, and no other literal of the condition is true of one and false of the other (MC/DC, unique cause). Where no two
possible patients are so, because literals hang together, it is enough that it decides in each of the two (masking).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import NamedTuple, TypeAlias

from pathways.asked import Asked
from pathways.cases import ReadCase
from pathways.checks.book import Book
from pathways.conditions import Condition, Number, cubes, findings_of, limits_of, tree
from pathways.content import OTHERWISE, RED_FLAGS, Key, Rule
from pathways.encoding import Literal as Boolean
from pathways.encoding import World, differ, nor
from pathways.evaluation import reach
from pathways.findings import Finding
from pathways.literals import SHARED, Leaf, Literal, Subject, leaves, subjects, written
from pathways.plain import Patient, holds
from pathways.presentations import Presentation
from pathways.remarks import InvalidPresentation, Place
from pathways.ruleset import RuleSet
from pathways.solver import find, merged, narrow, repaired

__all__ = [
    "KINDS", "Coverage", "Examined", "Goal", "Pair", "Point", "Readings", "Seen", "Single", "State",
    "coverage", "examined", "judged",
]  # fmt: skip

KINDS = ("rules", "literals", "thresholds", "red flags", "otherwise")


class State(StrEnum):
    """Whether the cases exercise a point."""

    COVERED = "covered"
    MISSING = "missing"
    IMPOSSIBLE = "impossible"  # proved: nobody can be so


class Point(NamedTuple):
    """One thing that some case must exercise: `what` says which, `want` what is not there yet."""

    kind: str
    pathway: str
    what: str
    place: Place
    state: State
    want: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every point of a rule folder, the shared ones first, then by pathway; `cases` were looked at."""

    pathways: tuple[str, ...]
    points: tuple[Point, ...]
    cases: int

    def of(self, state: State) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.state is state)

    def counted(self, pathway: str | None = None, kind: str | None = None) -> tuple[int, int]:
        """How many points are covered, of how many that can be: of one pathway or all, of one kind or all."""
        states = [point.state for point in self.points if pathway in (None, point.pathway) and kind in (None, point.kind)]
        return states.count(State.COVERED), len(states) - states.count(State.IMPOSSIBLE)


def coverage(book: Book, cases: Iterable[ReadCase]) -> Coverage:
    """What the cases exercise of the rules in the book. A case that expects a refusal exercises nothing."""
    return examined(book, cases).coverage


# -- what one case shows ---------------------------------------------------------------------------------------------


class Readings:
    """The literals of a rule set as cubes, each made once."""

    def __init__(self, book: Book) -> None:
        self._space = book.ruleset.space
        self._definitions = {name: book.authored.definitions_of(name) for name in (SHARED, *book.authored.pathways)}
        self._made: dict[tuple[str, Leaf], tuple[int, ...]] = {}

    def cubes(self, leaf: Leaf, pathway: str) -> tuple[int, ...]:
        """The cubes of a literal as the pathway reads it."""
        if (pathway, leaf) not in self._made:
            self._made[pathway, leaf] = merged(self._space, cubes(leaf, self._space, self._definitions[pathway]))
        return self._made[pathway, leaf]


class Seen:
    """One presentation as coverage sees it: which rules hold, and what is known of each literal."""

    def __init__(self, readings: Readings, ruleset: RuleSet, presentation: Presentation, pathways: tuple[str, ...]) -> None:
        asked = ruleset.asked(pathways)
        found = reach(asked, presentation)
        narrowed = narrow(ruleset.space, presentation.box, ruleset.clauses)
        if narrowed is None:
            raise AssertionError("nobody can be so, and `reach` did not refuse it")
        self.pathways = pathways
        self.space = ruleset.space
        self.box, self.clauses = narrowed
        self.certain: frozenset[Key] = frozenset((posed.pathway, posed.rule) for posed in found.sure)
        self.open: frozenset[Key] = frozenset((posed.pathway, posed.rule) for posed in found.unsure)
        self.reached = frozenset((SHARED, *_reached(asked, self.box)))
        self._readings = readings
        self._somebody: list[int] = []  # people whom the presentation leaves
        self._known: dict[tuple[str, Leaf], bool | None] = {}

    def leaf(self, leaf: Leaf, pathway: str) -> bool | None:
        """Whether a literal is true of everybody whom the presentation leaves, of nobody, or neither."""
        key = (pathway, leaf)
        if key not in self._known:
            self._known[key] = self._decided(self._readings.cubes(leaf, pathway))
        return self._known[key]

    def _decided(self, alternatives: tuple[int, ...]) -> bool | None:
        if any(not self.box & cube for cube in alternatives):
            return True
        possible = [cube for cube in alternatives if self.space.meets(self.box, cube)]
        if not possible:
            return False
        so = any(not patient & cube for patient in self._somebody for cube in possible)
        not_so = any(all(patient & cube for cube in possible) for patient in self._somebody)
        if not so and not any(self._found(cube, ()) for cube in possible):
            return False
        return None if not_so or self._found(0, possible) else True

    def _found(self, cube: int, against: Sequence[int]) -> bool:
        """Whether somebody lies in the cube and in none of those; a small change of somebody known is tried before a search."""
        clauses = [*self.clauses, *against]
        found = repaired(self.space, self.box, self._somebody[-1], cube, clauses) if self._somebody else None
        if found is None:
            found = find(self.space, self.box & ~cube, clauses)
        if found is not None:
            self._somebody.append(self.space.patient(found))
        return found is not None

    def cell(self, finding: str) -> int:
        """The cells that the finding may still have."""
        return self.box & self.space.masks[finding]


def _reached(asked: Asked, box: int) -> Iterator[str]:
    """The pathways that certainly speak."""
    for name, activation in asked.activation.items():
        if any(not box & cube for cube in activation):
            yield name


def look(readings: Readings, case: ReadCase) -> Seen | None:
    """What a case shows; nothing if its answers are refused."""
    try:
        return Seen(readings, case.ruleset, case.ruleset.reader.read(case.given), case.pathways)
    except InvalidPresentation:
        return None


# -- what must be shown ----------------------------------------------------------------------------------------------


class Goal(ABC):
    """One point, and the evidence for it that cases have given so far."""

    def __init__(self, kind: str, pathway: str, id: str, what: str, place: Place) -> None:
        self.kind, self.pathway, self.id, self.what, self.place = kind, pathway, id, what, place
        self.found: dict[Hashable, None] = {}

    @abstractmethod
    def evidence(self, seen: Seen) -> Hashable | None:
        """What one presentation contributes; None: nothing."""

    def met(self, evidence: Iterable[Hashable]) -> bool:
        """Whether this much is enough."""
        return any(True for _ in evidence)

    def want(self) -> str:
        """What is missing, in words; nothing where the point says it already."""
        return ""

    @abstractmethod
    def possible(self, book: Book) -> bool:
        """Whether possible patients could give enough evidence."""

    @abstractmethod
    def reads(self, book: Book) -> set[str]:
        """The findings that it is about."""

    def look(self, seen: Seen) -> bool:
        """Take what the presentation contributes; whether that is something new."""
        found = self.evidence(seen)
        if found is None or found in self.found:
            return False
        self.found[found] = None
        return True

    def would(self, seen: Iterable[Seen]) -> bool:
        """Whether these presentations, with those seen before, are enough."""
        more = {found: None for one in seen if (found := self.evidence(one)) is not None}
        return bool(more) and self.met({**self.found, **more})

    def point(self, state: State) -> Point:
        return Point(self.kind, self.pathway, self.what, self.place, state, self.want() if state is State.MISSING else "")


class Single(Goal):
    """A point that one case shows by itself; `wanted` says of whom."""

    def __init__(
        self, kind: str, pathway: str, id: str, what: str, place: Place, shows: Callable[[Seen], bool],
        wanted: Callable[[Book], Sequence[Boolean]], about: str = "",
    ) -> None:  # fmt: skip
        super().__init__(kind, pathway, id, what, place)
        self._shows, self.wanted, self._about = shows, wanted, about

    def reads(self, book: Book) -> set[str]:
        return {self._about}

    def evidence(self, seen: Seen) -> Hashable | None:
        return True if self._shows(seen) else None

    def possible(self, book: Book) -> bool:
        return book.possible(*self.wanted(book))


Vector: TypeAlias = tuple[bool | None, ...]


class Pair(Goal):
    """A literal, which two cases show to matter."""

    def __init__(self, subject: Subject, number: int, literals: Sequence[Literal]) -> None:
        literal = literals[number]
        what = f"{subject.name}: `{written(literal.leaf)}`"
        super().__init__("literals", subject.pathway, subject.id, what, subject.place(literal.path))
        self.subject, self.number, self.literals, self.literal = subject, number, literals, literal
        self.masking = False

    def evidence(self, seen: Seen) -> Hashable | None:
        pathway = self.subject.pathway
        if pathway not in seen.reached or seen.leaf(self.literal.leaf, pathway) is None:
            return None
        if not self.literal.matters(lambda leaf: seen.leaf(leaf, pathway)):
            return None
        return tuple(seen.leaf(one.leaf, pathway) for one in self.literals)

    def met(self, evidence: Iterable[Hashable]) -> bool:
        so, not_so = self.sides(evidence)
        return bool(so and not_so) if self.masking else any(self.alike(one, other) for one in so for other in not_so)

    def sides(self, evidence: Iterable[Hashable]) -> tuple[list[Vector], list[Vector]]:
        """The evidence in which the literal is true, and in which it is false."""
        vectors: list[Vector] = list(evidence)  # type: ignore[arg-type]  # what `evidence` gives
        return [one for one in vectors if one[self.number]], [one for one in vectors if not one[self.number]]

    def alike(self, one: Vector, other: Vector) -> bool:
        """Whether no other literal is true of one and false of the other."""
        pairs = enumerate(zip(one, other, strict=True))
        return all(n == self.number or a is None or b is None or a is b for n, (a, b) in pairs)

    def want(self) -> str:
        so, not_so = self.sides(self.found)
        if so and not_so:
            return "two cases that differ in nothing else here"
        return " and ".join(f"a case in which it is {side} and decides" for side, there in (("true", so), ("false", not_so)) if not there)

    def possible(self, book: Book) -> bool:
        """Whether two possible patients could show it. Where none differ in this literal alone, masking is allowed."""
        if book.possible_pair(*self.alone(book)):
            return True
        self.masking = True
        return all(book.possible(*self.deciding(book, side)) for side in (True, False))

    def alone(self, book: Book) -> list[Boolean]:
        """Two patients who differ in the literal, which decides in both, and in no other literal of the condition."""
        here, other = book.world, book.second.world
        same = [
            nor(differ(self.boolean(book, one.leaf, here), self.boolean(book, one.leaf, other)))
            for n, one in enumerate(self.literals)
            if n != self.number
        ]
        return [*self.deciding(book, True, here), *self.deciding(book, False, other), *same]

    def deciding(self, book: Book, so: bool, world: World | None = None) -> list[Boolean]:
        """A patient of whom the literal is true, or false, and decides."""
        world = world or book.world
        here = self.boolean(book, self.literal.leaf, world)
        beside = [self.boolean(book, one, world) for one in self.literal.beside_all]
        against = [nor(self.boolean(book, one, world)) for one in self.literal.beside_any]
        return [_inside(book, self.pathway, world), here if so else nor(here), *beside, *against]

    def fixed(self, book: Book, vector: Vector) -> list[Boolean]:
        """A patient of whom every other literal is as here; what is open may be anything."""
        known = [(n, one.leaf, so) for n, (one, so) in enumerate(zip(self.literals, vector, strict=True)) if so is not None]
        others = [(self.boolean(book, leaf), so) for n, leaf, so in known if n != self.number]
        return [literal if so else nor(literal) for literal, so in others]

    def vector(self, book: Book, patient: Patient) -> Vector:
        """The literals of one patient, read plainly."""
        return tuple(holds(book.content.written_out(tree(one.leaf), self.pathway), patient) for one in self.literals)

    def reads(self, book: Book) -> set[str]:
        return {name for one in self.literals for name in findings_of(one.leaf, book.authored.definitions)}

    def boolean(self, book: Book, condition: Condition, world: World | None = None) -> Boolean:
        """A part of the condition, of one patient."""
        return _boolean(book, condition, self.pathway, world or book.world)


def _boolean(book: Book, condition: Condition, pathway: str, world: World) -> Boolean:
    return world.named(("authored", pathway, condition), lambda: world.tree(book.content.written_out(tree(condition), pathway)))


def _inside(book: Book, pathway: str, world: World) -> Boolean:
    """The pathway is for the patient."""
    return world.possible if pathway == SHARED else world.lit(book.content.applies(pathway))


@dataclass(frozen=True, slots=True)
class Examined:
    """Every goal with its state, and the book to find patients in for what is missing."""

    book: Book
    readings: Readings
    goals: tuple[tuple[Goal, State], ...]
    cases: int

    @property
    def coverage(self) -> Coverage:
        return Coverage(self.book.pathways, tuple(goal.point(state) for goal, state in self.goals), self.cases)


def examined(book: Book, cases: Iterable[ReadCase], only: str | None = None) -> Examined:
    """Every goal of the rules in the book, seen with the cases; or those of a pathway or a rule of this name (* is anything)."""
    readings = Readings(book)
    return judged(book, readings, [one for case in cases if (one := look(readings, case)) is not None], only)


def judged(book: Book, readings: Readings, seen: Sequence[Seen], only: str | None = None) -> Examined:
    """Every goal of the rules in the book that is meant, seen with these presentations."""
    goals = [goal for goal in _goals(book) if only is None or fnmatchcase(goal.pathway, only) or fnmatchcase(goal.id, only)]
    return Examined(book, readings, tuple((goal, _state(goal, seen, book)) for goal in goals), len(seen))


def _state(goal: Goal, seen: Sequence[Seen], book: Book) -> State:
    for one in seen:
        if goal.look(one) and goal.met(goal.found):
            return State.COVERED
    if not goal.possible(book):
        return State.IMPOSSIBLE
    return State.COVERED if goal.met(goal.found) else State.MISSING


def _goals(book: Book) -> Iterator[Goal]:
    written_ = [one for one in subjects(book.authored) if one.kind not in ("rule", "red flag") or book.can_hold(one.pathway, one.id)]
    for pathway in (SHARED, *book.pathways):
        yield from _rules(book, pathway) if pathway != SHARED else _idle_flags(book)
        for subject in written_:
            if subject.pathway == pathway:
                found = tuple(leaves(subject))
                yield from (Pair(subject, number, found) for number in range(len(found)))
        yield from _thresholds(book, pathway, [subject for subject in written_ if subject.pathway == pathway])
        if pathway != SHARED:
            yield from _flags(book, pathway)


def _rules(book: Book, pathway: str) -> Iterator[Goal]:
    for rule in book.content.asked([pathway]):
        if rule.pathway == pathway:
            kind, what = ("otherwise", "`otherwise`") if rule.id == OTHERWISE else ("rules", f"rule `{rule.id}`")
            yield _held(book, rule, kind, what)


def _held(book: Book, rule: Rule, kind: str, what: str) -> Goal:
    """That a rule holds. Where it never does, this is all that is said of it: its literals and limits want no cases."""
    return Single(
        kind,
        rule.pathway,
        rule.id,
        f"{what} {'holds' if book.can_hold(*rule.key) else 'can never hold'}",
        book.place(*rule.key),
        lambda seen: rule.key in seen.certain,
        lambda book: [book.world.holds(rule)],
    )


def _idle_flags(book: Book) -> Iterator[Goal]:
    """The red flags that never hold."""
    for flag in book.content.red_flags:
        if not book.can_hold(*flag.key):
            yield _held(book, flag, "red flags", f"red flag `{flag.id}`")


def _flags(book: Book, pathway: str) -> Iterator[Goal]:
    for flag in book.content.red_flags:
        if not book.can_hold(*flag.key):
            continue
        for state in ("present", "absent", "unknown"):

            def shows(seen: Seen, key: Key = flag.key, state: str = state) -> bool:
                found = "present" if key in seen.certain else "unknown" if key in seen.open else "absent"
                return pathway in seen.pathways and found == state

            def wanted(book: Book, flag: Rule = flag, state: str = state) -> list[Boolean]:
                holds = book.world.holds(flag)
                return [_inside(book, pathway, book.world), nor(holds) if state == "absent" else holds]

            yield Single("red flags", pathway, flag.id, f"red flag `{flag.id}` {state}", book.place(RED_FLAGS, flag.id), shows, wanted)


def _thresholds(book: Book, pathway: str, written_: Sequence[Subject]) -> Iterator[Goal]:
    first: dict[tuple[str, tuple[Decimal, bool]], Place] = {}
    for condition, place in _compared(book, pathway, written_):
        for name, limits in limits_of([condition]).items():
            for cut in sorted(limits):
                if cut in book.ruleset.findings[name].cuts:
                    first.setdefault((name, cut), place)
    for (name, cut), place in first.items():
        finding = book.ruleset.findings[name]
        below, above = (f"up to {cut[0]}", f"above {cut[0]}") if cut[1] else (f"below {cut[0]}", f"{cut[0]} or above")
        for value, words in zip(_beside(finding, cut), (below, above), strict=True):
            # The cell of the value that the keyboard gives there: a narrower one may hold no such value.
            bit = finding.cell(value)

            def shows(seen: Seen, name: str = name, bit: int = bit) -> bool:
                return pathway in seen.reached and seen.cell(name) == bit

            def wanted(book: Book, name: str = name, side: int = bit.bit_length() - 1 - finding.offset) -> list[Boolean]:
                cells = [literal for literal, answer in book.answers.cells(name) if answer is not None]
                return [_inside(book, pathway, book.world), cells[side]]

            yield Single("thresholds", pathway, name, f"`{name}` {words}", place, shows, wanted, name)


def _beside(finding: Finding, cut: tuple[Decimal, bool]) -> tuple[Decimal, Decimal]:
    """The values on both sides of a cut that are next to it, in steps of the resolution and within the range."""
    limit, above = cut
    step = finding.resolution or Decimal(1)
    low, high = finding.range or (limit, limit)
    return (limit, min(limit + step, high)) if above else (max(limit - step, low), limit)


def _compared(book: Book, pathway: str, written_: Sequence[Subject]) -> Iterator[tuple[Condition, Place]]:
    """Each comparison of a number with its place; constraints and gates are shared."""
    for subject in written_:
        for literal in leaves(subject):
            if isinstance(literal.leaf, Number):
                yield literal.leaf, subject.place(literal.path)
    if pathway == SHARED:
        for name, conditions in book.authored.constraints.items():
            yield from ((one, book.shared("constraints", name)) for one in conditions)
        yield from ((gate, book.finding_place(name, "applies")) for name, gate in book.authored.gates.items())
