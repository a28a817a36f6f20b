"""What a check is given: one rule set with its places, its engine, and the solver that knows its conditions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from pathways import encoding
from pathways.cases import parts_of
from pathways.checks.tables import tables
from pathways.compiler import ruleset_of
from pathways.confirming import Disagreement, confirm
from pathways.content import OTHERWISE, RED_FLAGS, Content, Rule, Tree, findings_read
from pathways.documents import Document
from pathways.encoding import Answers, Literal, Solver, World
from pathways.examples import example, said_of
from pathways.literals import table_path
from pathways.loader import Authored, read
from pathways.model import Case, DefinitionPart
from pathways.plain import Patient, broken, rules_held
from pathways.remarks import Example, InvalidPresentation, Place, Remark
from pathways.requirements import Requirement, read_requirements
from pathways.ruleset import RuleSet

__all__ = ["Book", "Disagreement", "open_book"]


class Second(NamedTuple):
    """A second patient beside the first, and the rule set read of them."""

    answers: Answers
    world: World


class Book:
    """One rule set under examination. `pathways` are those that are asked, one at a time unless a check says otherwise."""

    def __init__(self, authored: Authored, ruleset: RuleSet, today: date | None = None) -> None:
        self.authored = authored
        self.today = today or date.today()  # noqa: DTZ011  # the day where the reader is
        self.ruleset = ruleset
        self.content = Content(ruleset.content())
        self.pathways = tuple(self.content.pathways)
        self.requirements: tuple[tuple[Requirement, Tree], ...] = tuple(
            (one, self.content.written_out(one.condition)) for one in read_requirements(authored.folder, authored)
        )
        self.tables = tuple(tables(authored))
        self._cases: dict[str, tuple[list[tuple[Place, Case]], list[Remark]]] = {}
        self._shapes = encoding.shapes([self.content], self._further())
        self.forget()

    def forget(self) -> None:
        """Begin with a solver that knows nothing: what it was told for other pathways only slows the next questions."""
        self.solver = Solver()
        self.answers = Answers(self.solver, self._shapes)
        self.world = World(self.content, self.solver, self.answers)
        self.__dict__.pop("second", None)

    def _further(self) -> Iterator[Tree]:
        """What is asked beside the conditions of the rules; its limits cut too."""
        yield from (condition for _, condition in self.requirements)
        for table in self.tables:
            for row in table.rows:
                yield from (row.band, row.limit)

    # -- patients ----------------------------------------------------------------------------------------------------

    def possible(self, *wanted: Literal) -> bool:
        """Whether some possible patient is so; raises Undecided at the limit."""
        return self.solver.possible(self.world.possible, *wanted)

    def can_hold(self, pathway: str, rule: str) -> bool:
        """Whether some possible patient meets the rule, of a pathway or a shared red flag."""
        rules = self.content.red_flags if pathway == RED_FLAGS else self.content.asked([pathway])
        return any(self.possible(self.world.holds(one)) for one in rules if one.key == (pathway, rule))

    def patient(self, pathways: Sequence[str], *wanted: Literal) -> Patient | None:
        """The simplest possible patient who is so, read again by the plain reading and by the engine; None where there is none."""
        found = self.solver.simplest(self.answers, self.world.possible, *wanted)
        if found is not None:
            self.confirm(pathways, found)
        return found

    def example(self, pathways: Sequence[str], *wanted: Literal) -> Example | None:
        """As `patient`, in words."""
        found = self.patient(pathways, *wanted)
        return None if found is None else self.told(pathways, found)

    def told(self, pathways: Sequence[str], patient: Patient, about: Collection[str] = ()) -> Example:
        """A patient in words, with what is decided; choices and numbers that it is `about` are named, whatever they are."""
        return example(self.content, pathways, patient, about)

    def confirm(self, pathways: Sequence[str], patient: Patient) -> None:
        """Raises Disagreement unless plain reading and engine say the same of a patient whom both hold possible."""
        confirm(self.content, self.ruleset, pathways, patient)

    def refused(self, constraint: str, patient: Patient) -> str:
        """Somebody who breaks this constraint alone, in words; raises Disagreement unless plain reading and engine refuse them."""
        one = next(one for one in self.content.constraints if one.id == constraint)
        given = {name: patient[name] for name in self.content.findings if patient[name] is not None}
        try:
            self.ruleset.decide(given, self.pathways[0])
        except InvalidPresentation:
            if list(broken(self.content, patient)) == [one.means]:
                return said_of(self.content, patient, findings_read([one.holds]))
        raise Disagreement(f"whom the solver finds excluded by `{constraint}` is not refused, or not by it alone: {patient}")

    def held(self, pathways: Sequence[str], patient: Patient) -> tuple[Rule, ...]:
        """The rules that hold of the patient, most urgent first."""
        return rules_held(self.content, pathways, patient)

    # -- cases -------------------------------------------------------------------------------------------------------

    def cases(self, pathway: str) -> tuple[list[tuple[Place, Case]], list[Remark]]:
        """The cases in the pathway's own file that ask it, each with its place, and what keeps others from being read."""
        if pathway not in self._cases:
            written, remarks = parts_of(self.authored.folder, [pathway])
            parts, document = written.get(pathway, ({}, Document("")))
            asked = {n: part for n, part in parts.items() if part.pathways is None or pathway in part.pathways}
            self._cases[pathway] = [(document.place((n, "case")), part) for n, part in asked.items()], remarks
        return self._cases[pathway]

    # -- two patients ------------------------------------------------------------------------------------------------

    @cached_property
    def second(self) -> Second:
        """Another patient of the same rules, for what is asked of two."""
        answers = Answers(self.solver, self.answers.shapes, "second:")
        return Second(answers, World(self.content, self.solver, answers))

    def possible_pair(self, *wanted: Literal) -> bool:
        """Whether two possible patients can be so together."""
        return self.solver.possible(self.world.possible, self.second.world.possible, *wanted)

    def pair(self, pathways: Sequence[str], *wanted: Literal) -> tuple[Patient, Patient] | None:
        """Two possible patients who are so together: the simplest first one, and the second who differs least from them; confirmed."""
        together = (self.world.possible, self.second.world.possible, *wanted)
        first = self.solver.simplest(self.answers, *together)
        if first is None:
            return None
        second = self.solver.nearest(self.answers, self.second.answers, *together, *self.answers.same(first))
        if second is None:
            raise Disagreement(f"a patient who had a partner has none: {first}")
        self.confirm(pathways, first)
        self.confirm(pathways, second)
        return first, second

    # -- places ------------------------------------------------------------------------------------------------------

    def place(self, pathway: str, rule: str, *path: str | int) -> Place:
        """Where a rule stands, or a part of it such as `when`."""
        if pathway == RED_FLAGS:
            return self.shared(RED_FLAGS, rule, *path)
        document = self.authored.pathways[pathway].document
        return document.place(("otherwise", *path) if rule == OTHERWISE else ("rules", rule, *path))

    def pathway_place(self, pathway: str, *path: str | int) -> Place:
        """A place in a pathway's file."""
        return self.authored.pathways[pathway].document.place(path)

    def definition(self, pathway: str, name: str) -> DefinitionPart:
        """A definition as it was written, shared or of a pathway."""
        part = self.authored.ruleset if pathway == RED_FLAGS else self.authored.pathways[pathway].part
        return part.definitions[name]

    def definition_place(self, pathway: str, name: str, path: Sequence[str | int] = ()) -> Place:
        """Where a definition stands, shared or of a pathway; or a part of it, by the path in its condition."""
        shared = pathway == RED_FLAGS
        document = self.authored.documents["ruleset.yaml"] if shared else self.authored.pathways[pathway].document
        if self.definition(pathway, name).table is None:
            return document.place(("definitions", name, "when", *path))
        return document.place(("definitions", name, "table", *(table_path(tuple(path)) or ("rows",))))

    def shared(self, *path: str | int) -> Place:
        """A place in ruleset.yaml."""
        return self.authored.documents["ruleset.yaml"].place(path)

    def finding_place(self, finding: str, *path: str | int) -> Place:
        """Where a finding is declared."""
        return self.authored.documents["findings.yaml"].place(("findings", finding, *path))

    def item_place(self, item: str, *path: str | int) -> Place:
        """Where an item is declared."""
        return self.authored.documents["items.yaml"].place(("items", item, *path))

    # -- words -------------------------------------------------------------------------------------------------------

    def level(self, rank: int) -> str:
        """The id of the level; `no urgency` below the lowest."""
        return self.content.levels[rank] if rank >= 0 else "no urgency"

    def step(self, finding: str) -> Decimal:
        """The resolution of a number."""
        return Decimal(self.content.findings[finding]["resolution"] or 1)


def open_book(folder: Path, today: date | None = None) -> Book:
    """The rule folder, read and compiled, with the day on which reviews are looked at; raises InvalidRules where it does not load."""
    authored = read(folder)
    return Book(authored, ruleset_of(authored), today)
