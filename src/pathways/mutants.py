"""Whether the cases would notice a slip of the pen: every single edit of the rules, tried on the cases.

An edit is killed by a case that fails with it, or proved to change nobody's decision, or it survives, and then a patient is
shown whom it decides differently. It is tried on the cases that it can touch: those whose answers do not say already that
the edited rule holds, or does not, whether edited or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from pathways.cases import ReadCase, run_case
from pathways.checks.book import Book
from pathways.comparing import compared, refused
from pathways.compiler import content_of
from pathways.conditions import TooWide, tree
from pathways.content import Content, Key
from pathways.evaluation import Reached, begun
from pathways.examples import decided, given, said
from pathways.facts import Site
from pathways.findings import Space
from pathways.literals import SHARED
from pathways.parallel import mapped
from pathways.plain import broken, outcome
from pathways.presentations import Presentation
from pathways.regions import Original, Pair
from pathways.remarks import InvalidPresentation
from pathways.ruleset import RuleSet
from pathways.slips import ADDED, Slip, added, slipped, slips
from pathways.variants import Cubes, Variant, Variants

__all__ = ["Bench", "Fate", "Report", "Shown", "Tried", "try_all"]


class Fate(StrEnum):
    """What became of an edit."""

    KILLED = "killed"  # a case fails
    EQUIVALENT = "equivalent"  # proved: nobody is decided differently
    SURVIVED = "survived"
    UNTRIED = "untried"  # its condition has too many alternatives


class Shown(NamedTuple):
    """A patient in words, with what is decided without and with the edit."""

    pathway: str
    said: str
    before: str
    after: str
    given: tuple[tuple[str, str], ...]


class Tried(NamedTuple):
    """What became of an edit: the case that kills it, or the patient whom no case has."""

    fate: Fate
    case: str = ""
    patient: Shown | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Each edit with what became of it, in the order of the files. `unfit` cases fail without any edit, and can notice none."""

    pathways: tuple[str, ...]
    tried: tuple[tuple[Slip, Tried], ...]
    unfit: int

    @property
    def gated(self) -> tuple[tuple[Slip, Tried], ...]:
        """All but added literals, which are a figure and no gate."""
        return tuple(one for one in self.tried if one[0].kind != ADDED)

    @property
    def added(self) -> tuple[tuple[Slip, Tried], ...]:
        return tuple(one for one in self.tried if one[0].kind == ADDED)

    def counted(self, pathway: str | None = None, fate: str | None = None) -> int:
        """How many there are but added literals: of one pathway or all, with one fate or any."""
        return sum(pathway in (None, edit.pathway) and fate in (None, tried.fate) for edit, tried in self.gated)

    @property
    def fails(self) -> bool:
        """Whether one survived, or could not be tried."""
        return any(tried.fate in (Fate.SURVIVED, Fate.UNTRIED) for _, tried in self.gated)


Watch: TypeAlias = Callable[[Iterable[Tried], int], Iterable[Tried]]


def try_all(
    book: Book, cases: Sequence[ReadCase], only: str | None = None, jobs: int = 1, watch: Watch = lambda tried, count: tried
) -> Report:
    """Try every edit, or those of a pathway or a rule of this name (* is anything); `watch` passes on what becomes of them as it
    comes, and hears how many they are."""
    bench = Bench(book, cases, only)
    found = watch(mapped(_numbered, bench, len(bench.edits), jobs), len(bench.edits))
    return Report(book.pathways, tuple(zip(bench.edits, found, strict=True)), len(cases) - len(bench.runs))


def _numbered(bench: Bench, n: int) -> Tried:
    return bench.tried(bench.edits[n])


FIRST = 16  # cases that an edit is tried on before a proof that it changes nothing is tried
ALWAYS, OPEN, NEVER = "always", "open", "never"


def _standing(space: Space, box: int, cubes: Cubes) -> str:
    """How a condition stands for whom a box leaves, as far as can be seen without a search."""
    near = False
    for cube in cubes:
        if not box & cube:
            return ALWAYS
        near = near or space.meets(box, cube)
    return OPEN if near else NEVER


@dataclass(frozen=True, slots=True)
class Run:
    """One case that passes, read for the space of all edits. `begun` is what the constraints make of it; None where it is refused."""

    case: ReadCase
    presentation: Presentation
    site: Site | None
    begun: tuple[int, list[int], bool] | None
    reached: frozenset[str]  # pathways that may speak
    certain: frozenset[Key]  # rules that hold, and that may
    open: frozenset[Key]


class Bench:
    """What all edits are tried on."""

    def __init__(self, book: Book, cases: Sequence[ReadCase], only: str | None) -> None:
        self.book = book
        self.data = content_of(book.authored)
        every = (*slips(book.authored, self.data), *added(book.authored, self.data))
        self.edits = [edit for edit in every if only is None or fnmatchcase(edit.pathway, only) or fnmatchcase(edit.id, only)]
        self.variants = Variants(book.authored, self.edits)
        self.space = self.variants.ruleset.space
        self.runs = [self._run(case) for case in cases if run_case(case).passed] if self.edits else []

    def _run(self, case: ReadCase) -> Run:
        ruleset = self.variants.ruleset
        asked = ruleset.asked(case.pathways)
        presentation = ruleset.reader.read(case.given)
        site = case.ruleset.site if case.part.site is not None else None
        try:
            start = begun(asked, presentation)
        except InvalidPresentation:
            return Run(case, presentation, site, None, frozenset((SHARED, *asked.activation)), frozenset(), frozenset())
        found = Reached(asked, presentation, *start)
        certain, maybe = (frozenset((posed.pathway, posed.rule) for posed in rules) for rules in (found.sure, found.unsure))
        speaking = (name for name, cubes in asked.activation.items() if _standing(self.space, start[0], cubes) != NEVER)
        return Run(case, presentation, site, start, frozenset((SHARED, *speaking)), certain, maybe)

    def tried(self, edit: Slip) -> Tried:
        """What becomes of one edit."""
        try:
            variant = self.variants.of(edit)
        except TooWide:
            return Tried(Fate.UNTRIED)
        rulesets: dict[tuple[frozenset[str], str], RuleSet] = {}
        runs = self._touched(edit, variant)
        for run in runs[:FIRST]:
            if self._fails(run, variant, rulesets):
                return Tried(Fate.KILLED, run.case.name)
        shown = self._apart(edit)
        if shown is None:
            return Tried(Fate.EQUIVALENT)
        for run in runs[FIRST:]:
            if self._fails(run, variant, rulesets):
                return Tried(Fate.KILLED, run.case.name)
        return Tried(Fate.SURVIVED, patient=None if edit.kind == ADDED else shown())

    def _touched(self, edit: Slip, variant: Variant) -> list[Run]:
        """The cases that the edit can touch, those first that most probably notice."""
        found: list[tuple[bool, int, Run]] = []
        tied = {name for clause in variant.ties(self.variants.compiled) for name in self.space.names(clause)}
        for run in self.runs:
            if variant.touched is None:
                # Who is asked of what a constraint ties together notices first that it is another.
                # Whom a pathway is for may become those of whom it did not speak.
                reached = self._handed(run) if edit.part == "applies" else run.reached
                likely = int(edit.pathway in reached) and 1 + len(tied & run.case.part.given.keys())
            elif run.begun is not None:
                likely = max((self._likely(edit, run, key, cubes) for key, cubes in variant.touched.items()), default=0)
            else:
                continue
            if likely:
                found.append((run.case.pathway != edit.pathway, -likely, run))
        return [run for _, _, run in sorted(found, key=lambda one: one[:2])]

    def _likely(self, edit: Slip, run: Run, key: Key, cubes: tuple[Cubes, Cubes]) -> int:
        """How probably a case notices that this rule has other cubes, or gives something else; 0 where it cannot."""
        if key[0] not in run.reached or run.begun is None:
            return 0
        before = ALWAYS if key in run.certain else OPEN if key in run.open else NEVER
        if edit.condition is None:
            return {ALWAYS: 2, OPEN: 1, NEVER: 0}[before]
        was, now = (_standing(self.space, run.begun[0], one) for one in cubes)
        if was == now and (was != OPEN or cubes[0] == cubes[1]):
            return 0
        return 1 if OPEN in (before, now) else 2

    def _handed(self, run: Run) -> frozenset[str]:
        """The pathways that the case asks, and those that they may hand over to."""
        return frozenset(self.variants.ruleset.asked(run.case.pathways).activation)

    def _fails(self, run: Run, variant: Variant, rulesets: dict[tuple[frozenset[str], str], RuleSet]) -> bool:
        handed = self._handed(run)
        key = (handed, run.site.digest if run.site else "")
        if key not in rulesets:
            pathways = [one for one in variant.compiled["pathways"] if one["id"] in handed]
            compiled = {**variant.compiled, "pathways": pathways}
            rulesets[key] = RuleSet(compiled, run.site) if run.site else RuleSet(compiled)
        ruleset, expect = rulesets[key], run.case.part.expect
        asked = ruleset.asked(run.case.pathways)
        same = variant.compiled["constraints"] is self.variants.compiled["constraints"]
        try:
            start = run.begun if same and run.begun is not None else begun(asked, run.presentation)
        except InvalidPresentation as error:
            return bool(refused(expect, error.remarks).differences)
        decision = Reached(asked, run.presentation, *start).decision()
        return bool(compared(expect, decision, ruleset, run.case.pathways).differences)

    # -- proofs --------------------------------------------------------------------------------------------------------

    @cached_property
    def _original(self) -> Original:
        return Original(Content(self.data), [self._written_out(edit) for edit in self.edits if edit.condition is not None])

    def _written_out(self, edit: Slip) -> Any:
        assert edit.condition is not None  # noqa: S101 - asked of those that have one
        return self.book.content.written_out(tree(edit.condition), edit.pathway)

    def _apart(self, edit: Slip) -> Callable[[], Shown] | None:
        """How to show whom the edit decides differently; None where it is proved that there is nobody."""
        original = self._original
        after = Content(slipped(self.data, edit), like=original.content)
        for pathway in self.book.pathways if edit.pathway == SHARED else (edit.pathway,):
            if original.apart(after, [pathway]) is not None:
                return lambda: self._shown(pathway, after)
        return None

    def _shown(self, pathway: str, after: Content) -> Shown:
        """The simplest patient who tells the two apart."""
        before = self._original.content
        patient = self._original.apart(after, [pathway], Pair.simplest)
        assert patient is not None  # noqa: S101 - somebody was found before
        one, other = (None if any(broken(content, patient)) else outcome(content, [pathway], patient) for content in (before, after))
        words = ["nobody can be so" if found is None else decided(before, found) for found in (one, other)]
        if one is not None and other is not None:
            words[1] += "".join(f"; no longer {item}" for item, _ in sorted(one.items - other.items))
            words[1] += "".join(f"; also {item}" for item, _ in sorted(other.items - one.items))
        return Shown(pathway, said(before, [pathway], patient), words[0], words[1], given(before, patient))
