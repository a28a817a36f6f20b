"""Whether the engine and the plain reading of the rules say the same of drawn patients, known in full and in part.

The n-th patient of a digest is always the same. Each begins with a rule that is to hold, so that every rule is met often;
numbers often lie on a limit. Then some answers are taken away: what is decided of the rest must leave room for what the
plain reading gives the whole patient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import TypeAlias

from pathways.content import Content
from pathways.decision import Decision
from pathways.findings import Finding
from pathways.parallel import mapped
from pathways.plain import Answer, Outcome, Patient, broken, outcome
from pathways.ruleset import RuleSet
from pathways.solver import find, repaired

__all__ = ["Agreement", "Compared", "agreement", "differences", "drawn"]

HALF = 0.5
PORTION = 50  # patients that one piece of work compares
AS_AIMED = 0.8  # how often a rule is made to hold
WELL = 0.8  # how often an answer is the first of its finding, which of a yes/no finding is no


@dataclass(frozen=True, slots=True)
class Compared:
    """A pathway: how many patients were compared, and on whom the two readings disagree, in words."""

    pathway: str
    patients: int
    disagreements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was compared of each pathway; every patient is read twice, known in full and in part."""

    pathways: tuple[Compared, ...]

    @property
    def fails(self) -> bool:
        return any(one.disagreements for one in self.pathways)


Watch: TypeAlias = Callable[[Iterable[list[str]], int], Iterable[list[str]]]
Work: TypeAlias = tuple[RuleSet, Content, list[tuple[str, range]]]


def agreement(ruleset: RuleSet, content: Content, patients: int, jobs: int = 1, watch: Watch = lambda found, count: found) -> Agreement:
    """Compare so many patients of each pathway; `watch` passes on what is found of each portion, and hears how many portions.

    `content` is that of the rule set, for the plain reading.
    """
    portions = [
        (pathway, range(start, min(start + PORTION, patients))) for pathway in ruleset.pathways for start in range(0, patients, PORTION)
    ]
    work: Work = (ruleset, content, portions)
    found = list(watch(mapped(_portion, work, len(portions), jobs), len(portions)))
    said: dict[str, list[str]] = {pathway: [] for pathway in ruleset.pathways}
    for (pathway, _), texts in zip(portions, found, strict=True):
        said[pathway] += texts
    return Agreement(tuple(Compared(pathway, patients, tuple(texts)) for pathway, texts in said.items()))


def _portion(work: Work, n: int) -> list[str]:
    ruleset, content, portions = work
    pathway, numbers = portions[n]
    return [text for number in numbers for text in _compared(ruleset, content, pathway, number)]


def _compared(ruleset: RuleSet, content: Content, pathway: str, number: int) -> Iterator[str]:
    random = Random(f"{ruleset.digest} {pathway} {number}")  # noqa: S311 - drawn so that it can be drawn again
    patient = drawn(ruleset, pathway, random)
    if patient is None:
        return
    given = {name: answer for name, answer in patient.items() if answer is not None}
    kept = {name: answer for name, answer in given.items() if random.random() < HALF}
    impossible = list(broken(content, patient))
    if impossible:
        yield f"patient {number}: possible for the engine, and breaks a constraint: {'; '.join(impossible)}"
        return
    plain = outcome(content, [pathway], patient)
    for known, answers in (("known in full", given), ("known in part", kept)):
        decision = ruleset.decide(answers, pathway)
        yield from (f"patient {number}, {known}: {text}" for text in differences(content, plain, decision, answers is given))


def differences(content: Content, plain: Outcome, decision: Decision, whole: bool) -> Iterator[str]:
    """Where what is decided leaves no room for the plain reading, or, of a `whole` patient, is not it."""
    lowest, highest = (-1 if level is None else level.rank for level in decision.urgency)
    if not lowest <= plain.rank <= highest or (whole and lowest != highest):
        yield f"urgency {lowest} to {highest}, plain reading {plain.rank}"
    certain = {(one.pathway, one.rule) for one in decision.reasons if one.certainty == "certain"}
    yield from _outside("rules", certain, set(plain.rules), {(one.pathway, one.rule) for one in decision.reasons}, whole)
    services = {slot[0] for slot in plain.referrals}
    sure = {one.service for one in decision.referrals if one.certainty == "certain"}
    yield from _outside("services", sure, services, {one.service for one in decision.referrals}, whole)
    given = (*decision.actions, *decision.advice, *decision.follow_up)
    items = {name for name, _ in plain.items}
    # What reassures is given where it is certain, and where it is only possible it stands nowhere.
    listed = {one.id for one in given} | {name for name in items if content.items[name]["reassures"] and not whole}
    yield from _outside("items", {one.id for one in given if one.certainty == "certain"}, items, listed, whole)


def _outside(what: str, certain: Set[object], plain: Set[object], possible: Set[object], whole: bool) -> Iterator[str]:
    if not certain <= plain <= possible or (whole and certain != plain):
        yield f"{what} {sorted(map(str, certain))} to {sorted(map(str, possible))}, plain reading {sorted(map(str, plain))}"


# -- drawing a patient -----------------------------------------------------------------------------------------------


def drawn(ruleset: RuleSet, pathway: str, random: Random) -> Patient | None:
    """A possible patient of whom everything is known; None where nobody is possible."""
    space, clauses = ruleset.space, ruleset.clauses
    box = space.everything
    cubes = [cube for rule in (*ruleset.red_flags, *ruleset.pathways[pathway].rules) for cube in rule.cubes]
    if cubes and random.random() < AS_AIMED:
        aimed = box & ~random.choice(cubes)
        box = aimed if find(space, aimed, clauses) is not None else box
    somebody = find(space, box, clauses)
    if somebody is None:
        return None
    patient = space.patient(somebody)
    for finding in random.sample(list(ruleset.findings.values()), len(ruleset.findings)):
        cell = 1 << finding.offset + (0 if finding.kind == "yes_no" and random.random() < WELL else random.randrange(finding.size))
        changed = repaired(space, box, patient, finding.mask & ~cell, clauses) if cell & box else None
        patient = patient if changed is None else changed
    return {finding.id: _value(finding, (patient & finding.mask) >> finding.offset, random) for finding in ruleset.findings.values()}


def _value(finding: Finding, cell: int, random: Random) -> Answer:
    """An answer in this cell."""
    n = cell.bit_length() - 1
    if finding.gated and n == finding.size - 1:
        return None
    if finding.kind == "yes_no":
        return n == 1
    if finding.kind == "choice":
        return list(finding.values)[n]
    return _number(finding, n, random)


def _number(finding: Finding, n: int, random: Random) -> Decimal:
    """A number of the n-th cell: as often as not the least that its resolution has there, which is mostly a limit."""
    if finding.range is None or finding.resolution is None:
        raise AssertionError(f"`{finding.id}` is a number without range or resolution")
    low, after = finding.cuts[n - 1] if n else (finding.range[0], False)
    high = finding.cuts[n][0] if n < len(finding.cuts) else finding.range[1]
    within = low + random.randint(0, int((high - low) / finding.resolution)) * finding.resolution
    least = low + finding.resolution * after
    wanted = (within, least) if random.random() < HALF else (least, within)
    found = [one for one in wanted if finding.cell(one) == 1 << finding.offset + n]
    return found[0] if found else (low + high) / 2
