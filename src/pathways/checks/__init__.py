"""What holds of a rule set for every possible patient: each property with its checks, its verdict, and a patient where it fails.

A check is a generator of remarks, one for each way in which its property fails; it yields nothing where the property holds.
`PROPERTIES` lists them all. A check on the rule set takes the book; one on a pathway is run for each pathway; one on a pair
for each two pathways that may be asked together.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations
from pathlib import Path
from typing import Any, TypeAlias

from pathways.checks import (
    completeness,
    contradictions,
    danger,
    evaluation_size,
    gates,
    leftovers,
    limits,
    narrowing,
    needed,
    order,
    pairs,
    population,
    questions,
    read_again,
    requirements,
    rewriting,
    same,
    texts,
    thresholds,
    vocabulary,
    walks,
)
from pathways.checks.book import Book, open_book
from pathways.content import RED_FLAGS
from pathways.encoding import Undecided
from pathways.extras import Missing
from pathways.loader import in_order
from pathways.parallel import mapped
from pathways.properties import TITLES
from pathways.remarks import Remark, Severity

__all__ = ["PROPERTIES", "Book", "Each", "Property", "Report", "Result", "Verdict", "check", "open_book"]


class Verdict(StrEnum):
    """How a property stands."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"
    NOT_CHECKED = "not checked"


class Each(StrEnum):
    """What a property is asked of, one after the other."""

    RULE_SET = "rule set"
    FILE = "file"  # the shared rules, then each pathway
    PATHWAY = "pathway"
    PAIR = "pair"


@dataclass(frozen=True, slots=True)
class Property:
    """A property of hazards section 4, with the checks that look for whoever speaks against it."""

    id: str
    each: Each
    checks: tuple[Callable[..., Iterator[Remark]], ...]
    method: str  # how it is known: by the solver, by looking it up, by enumeration

    @property
    def title(self) -> str:
        """What it says."""
        return TITLES[self.id]


PROPERTIES: tuple[Property, ...] = (
    Property(
        "P0",
        Each.RULE_SET,
        (completeness.nobody, completeness.idle_constraint),
        "solver",
    ),
    Property("P1", Each.PATHWAY, (completeness.gap, leftovers.only_otherwise), "solver"),
    Property(
        "P2",
        Each.RULE_SET,
        (thresholds.rows_overlap, order.order_of_the_files),
        "look-up, and a second reading of the rules turned round",
    ),
    Property("P3", Each.PATHWAY, (danger.less_urgent, danger.service_lost), "solver"),
    Property("P3r", Each.RULE_SET, (danger.flag_does_not_hold,), "solver"),
    Property("P5a", Each.FILE, (needed.dead_rule,), "solver"),
    Property("P5b", Each.FILE, (needed.idle_rule,), "solver"),
    Property("P5c", Each.FILE, (needed.idle_comparison,), "solver"),
    Property(
        "P6",
        Each.PATHWAY,
        (contradictions.excluded_together, contradictions.reassured_and_urgent, contradictions.reassured_and_called),
        "solver",
    ),
    Property("PG", Each.PATHWAY, (gates.gates,), "solver"),
    Property("P7a", Each.PATHWAY, (limits.late,), "solver"),
    Property("P7b", Each.RULE_SET, (limits.more_time_above,), "look-up"),
    Property(
        "P8",
        Each.RULE_SET,
        (read_again.vocabulary, vocabulary.look_alike, vocabulary.code_twice),
        "look-up",
    ),
    Property(
        "P9",
        Each.RULE_SET,
        (thresholds.rows_overlap, thresholds.rows_leave_a_gap, thresholds.limit_without_case, leftovers.without_case),
        "look-up; range and resolution of a limit when the rules are loaded",
    ),
    Property("P10", Each.RULE_SET, (requirements.about_nobody, requirements.below), "solver"),
    Property("P11", Each.RULE_SET, (requirements.about_nobody, requirements.above), "solver"),
    Property(
        "P12",
        Each.PAIR,
        (pairs.less_together, pairs.lost_together, pairs.against_each_other),
        "solver",
    ),
    Property(
        "P14",
        Each.RULE_SET,
        (read_again.well_founded, evaluation_size.evaluation_size),
        "look-up",
    ),
    Property("P16", Each.PATHWAY, (same.no_difference,), "solver"),
    Property(
        "P18",
        Each.RULE_SET,
        (read_again.traced, read_again.past_review, narrowing.narrowed),
        "look-up",
    ),
    Property(
        "P19",
        Each.PATHWAY,
        (questions.idle_question, questions.reassured_with_flag, walks.walks),
        "solver; paths by enumeration",
    ),
    Property("P20", Each.PATHWAY, (population.speaks_of_others, population.rule_for_others), "solver"),
    Property("P21", Each.RULE_SET, (rewriting.rewriting,), "enumeration"),
    Property(
        "P22",
        Each.RULE_SET,
        (texts.other_times, texts.service_not_called, texts.telephone_numbers),
        "look-up; services by the solver",
    ),
)


NEVER_CHECKED = (
    "P4, P13, P15 and P17 (unknown is never read as absent, one meaning): held by the tests of the engine, whatever the rules",
    "P7c (somebody is there): no rota is read yet",
    "whether the rules are clinically right: only the requirements of P10 and P11 speak of that, and they are as good as their author",
)


@dataclass(frozen=True, slots=True)
class Result:
    """How one property stands for one subject: the rule set, a pathway or a pair. `remarks` are notes where it is proved."""

    property: str
    subject: tuple[str, ...]
    verdict: Verdict
    remarks: tuple[Remark, ...]
    seconds: float
    questions: int
    limit: str = ""  # what kept it from being decided
    missing: str = ""  # what is not installed, and kept a part of it from being asked


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was checked of a rule set, and what was not."""

    digest: str
    properties: tuple[Property, ...]
    patients: int  # combinations of answers before constraints, a number counted by its cells
    results: tuple[Result, ...]
    not_checked: tuple[str, ...]

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """Every remark once, in the order of the files."""
        return tuple(in_order(remark for result in self.results for remark in result.remarks))

    def fails(self, allowed: Iterable[str] = ()) -> bool:
        """Whether something is refuted, or undecided or not asked in full without being allowed by name."""
        fine = dict.fromkeys(allowed, (Verdict.PROVED, Verdict.UNDECIDED, Verdict.NOT_CHECKED))
        return any(result.verdict not in fine.get(result.property, (Verdict.PROVED,)) for result in self.results)

    def verdict(self, property_: str) -> Verdict:
        """The worst of a property's verdicts."""
        order = (Verdict.REFUTED, Verdict.UNDECIDED, Verdict.NOT_CHECKED, Verdict.PROVED)
        found = [result.verdict for result in self.results if result.property == property_]
        return min(found, key=order.index, default=Verdict.NOT_CHECKED)


Watch: TypeAlias = Callable[[Iterable[Result], int], Iterable[Result]]


def check(
    folder: Path, only: Iterable[str] = (), jobs: int = 1, watch: Watch = lambda results, count: results, today: date | None = None
) -> Report:
    """Ask every property, or those named, of the rule folder; `watch` passes the results on as they come, and hears how many.

    `today` is the day on which reviews are looked at, if not that of the clock. Raises InvalidRules where the folder does not load.
    """
    book = open_book(folder, today)
    wanted = set(only) or {one.id for one in PROPERTIES}
    tasks = [(one.id, subject) for one in PROPERTIES if one.id in wanted for subject in _subjects(one, book)]
    order = {task: n for n, task in enumerate(tasks)}
    results = sorted(watch(_run(book, tasks, jobs), len(tasks)), key=lambda result: order[result.property, result.subject])
    patients = math.prod(len(book.answers.cells(name)) for name in book.answers.shapes)
    some = ", ".join(one.id for one in PROPERTIES if one.id in wanted)
    missing = [f"{result.property}, in part: {result.missing}" for result in results if result.missing]
    not_checked = (*missing, *([f"every property but {some}: not asked for"] if len(wanted) < len(PROPERTIES) else []), *NEVER_CHECKED)
    return Report(book.ruleset.digest, PROPERTIES, patients, tuple(results), not_checked)


def _subjects(one: Property, book: Book) -> list[tuple[str, ...]]:
    if one.each is Each.RULE_SET:
        return [()]
    if one.each is Each.FILE:
        return [(RED_FLAGS,), *((name,) for name in book.pathways)]
    if one.each is Each.PATHWAY:
        return [(name,) for name in book.pathways]
    return list(combinations(book.pathways, 2))


Task: TypeAlias = tuple[str, tuple[str, ...]]  # a property and what it is asked of


def _run(book: Book, tasks: list[Task], jobs: int) -> Iterator[Result]:
    """The tasks of one pathway after each other, with one solver; those of the whole first, then those of the largest pathways."""
    size = {name: len(book.content.asked([name])) for name in book.pathways}
    together: dict[tuple[str, ...], list[Task]] = {}
    for name, subject in tasks:
        together.setdefault(subject if len(subject) < 2 else (name,), []).append((name, subject))
    groups = sorted(together.values(), key=lambda group: -sum(size.get(name, 0) for name in group[0][1] or size))
    for found in mapped(_group, (book, groups), len(groups), jobs):
        yield from found


def _group(work: tuple[Book, list[list[Task]]], n: int) -> list[Result]:
    """The tasks of the n-th group."""
    book, groups = work
    book.forget()
    return [_one(book, *task) for task in groups[n]]


def _one(book: Book, name: str, subject: tuple[str, ...]) -> Result:
    """One property of one subject."""
    started, before = time.perf_counter(), book.solver.questions
    found: list[Remark] = []
    limit = missing = ""
    for one in next(one for one in PROPERTIES if one.id == name).checks:
        arguments: tuple[Any, ...] = (book, *subject)
        try:
            found += one(*arguments)
        except Undecided as error:
            limit = str(error)
        except Missing as error:
            missing = str(error)
    refuted = any(remark.severity is not Severity.NOTE for remark in found)
    kept = Verdict.UNDECIDED if limit else Verdict.NOT_CHECKED if missing else Verdict.PROVED
    seconds, questions = time.perf_counter() - started, book.solver.questions - before
    return Result(name, subject, Verdict.REFUTED if refuted else kept, tuple(found), seconds, questions, limit, missing)
