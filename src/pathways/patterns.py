"""Who lies in a region of patients, in words: patterns of what is out of the ordinary.

A pattern is made of the simplest patient whom no pattern before it describes: what is out of the ordinary is dropped piece by
piece, as long as that patient, otherwise ordinary, lies in the region whatever the dropped answers are. Who is asked in which
order and what the solver has learnt before change nothing of it. Knows nothing of rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, islice
from typing import Any, TypeAlias

from pathways.encoding import Answers, Fact, Literal, Shape, Solver, both, nor
from pathways.findings import unit_of
from pathways.plain import Patient

__all__ = ["Among", "Kept", "Pattern", "Patterns", "Term", "covering", "patterns"]

Kept: TypeAlias = dict[str, tuple[Fact, ...]]  # finding → what is known of its answer
MANY = 6  # patterns of a region that are counted


@dataclass(frozen=True, slots=True)
class Term:
    """What a pattern wants of one finding, in words."""

    finding: str
    text: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is out of the ordinary; or, in a region of people in whom nothing need be found, which answers are ordinary.

    `alone`: whoever is so lies in the region, whatever else is true; otherwise whoever is so and ordinary in all else.
    """

    terms: tuple[Term, ...]
    alone: bool


@dataclass(frozen=True, slots=True)
class Patterns:
    """Patterns that differ; everybody in the region is as one of them says, unless there are `more`."""

    found: tuple[Pattern, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class Among:
    """The patients among whom a region lies; ordinary is what is so of `usual`, the simplest of them."""

    solver: Solver
    answers: Answers
    possible: tuple[Literal, ...]
    usual: Patient

    @classmethod
    def of(cls, solver: Solver, answers: Answers, *possible: Literal) -> Among | None:
        """None where nobody is possible."""
        usual = solver.simplest(answers, *possible)
        return None if usual is None else cls(solver, answers, possible, usual)


def patterns(among: Among, findings: Mapping[str, Any], region: Literal, simplest: Patient | None = None) -> Patterns:
    """The patterns of the region; `findings` has the words, `simplest` is its simplest patient if that is known."""
    shapes = among.answers.shapes
    found = list(islice(covering(among, region, simplest), MANY + 1))
    told = (Pattern(tuple(_term(shapes[name], facts, findings[name]) for name, facts in kept.items()), alone) for kept, alone in found)
    return Patterns(tuple(islice(told, MANY)), len(found) > MANY)


def covering(among: Among, region: Literal, simplest: Patient | None = None) -> Iterator[tuple[Kept, bool]]:
    """What is known of a pattern, by finding, and whether that is enough alone; until everybody in the region is as one says."""
    solver, answers = among.solver, among.answers
    outside = [*among.possible, nor(region)]
    blocked: list[Literal] = []
    patient = simplest or solver.simplest(answers, *among.possible, region)
    while patient is not None:
        ordinary, marked = _divided(among, patient)
        as_ordinary = solver.name(both(*(fact.literal for fact in ordinary)))
        for fact in tuple(marked):
            fewer = [other for other in marked if other is not fact]
            if not solver.possible(*outside, as_ordinary, *(other.literal for other in fewer)):
                marked = fewer
        marked = [*marked, *_other_limits(solver, outside, marked, ordinary)]
        alone = not solver.possible(*outside, *(fact.literal for fact in marked))
        if marked or alone:
            yield _by_finding(answers, marked), alone
        else:
            yield _by_finding(answers, _needed(solver, outside, [], ordinary)), True
        blocked.append(nor(both(*(fact.literal for fact in marked))))
        patient = solver.simplest(answers, *among.possible, region, *blocked)


def _other_limits(solver: Solver, outside: Sequence[Literal], marked: Sequence[Fact], ordinary: Sequence[Fact]) -> list[Fact]:
    """Of the numbers that are marked the ordinary limits, as far as somebody who is ordinary in all else is outside beyond them."""
    numbers = {fact.finding for fact in marked if isinstance(fact.at, tuple)}
    limits = [fact for fact in ordinary if fact.finding in numbers and isinstance(fact.at, tuple)]
    if not limits:
        return []
    others = solver.name(both(*(fact.literal for fact in ordinary if fact not in limits)))
    return _needed(solver, [*outside, others, *(fact.literal for fact in marked)], [], limits, new=True)


def _divided(among: Among, patient: Patient) -> tuple[list[Fact], list[Fact]]:
    """What is ordinary about the patient, and what is not."""
    usual = {(fact.finding, fact.at): fact.holds for fact in among.answers.facts(among.usual)}
    ordinary: list[Fact] = []
    marked: list[Fact] = []
    for fact in among.answers.facts(patient):
        (ordinary if usual.get((fact.finding, fact.at)) is fact.holds else marked).append(fact)
    return ordinary, marked


def _needed(solver: Solver, outside: Sequence[Literal], kept: list[Fact], facts: list[Fact], new: bool = False) -> list[Fact]:
    """Those of the facts without which, beside what is kept, somebody is outside; halved again and again (Junker 2004)."""
    if new and not solver.possible(*outside, *(fact.literal for fact in kept)):
        return []
    if len(facts) == 1:
        return facts
    one, other = facts[: len(facts) // 2], facts[len(facts) // 2 :]
    of_other = _needed(solver, outside, [*kept, *one], other, bool(one))
    return [*_needed(solver, outside, [*kept, *of_other], one, bool(of_other)), *of_other]


def _by_finding(answers: Answers, facts: Sequence[Fact]) -> Kept:
    order = {name: n for n, name in enumerate(answers.shapes)}
    listed = sorted(facts, key=lambda fact: order[fact.finding])
    return {name: tuple(of_one) for name, of_one in groupby(listed, key=lambda fact: fact.finding)}


def _term(shape: Shape, facts: Sequence[Fact], finding: Mapping[str, Any]) -> Term:
    """The facts on one finding as one term."""
    known = {fact.at: fact.holds for fact in facts}
    ask = str(finding["ask"])
    applies = not shape.gated or known.get(None, False)
    told = {"yes_no": _yes_no, "choice": _choice}.get(shape.kind, _number)
    if known.get(None) is False:
        return Term(shape.name, f"does not apply: {ask}")
    if set(known) == {None}:
        return Term(shape.name, f"applies: {ask}")
    return Term(shape.name, told(ask, known, applies, finding, shape))


def _yes_no(ask: str, known: Mapping[Any, bool], applies: bool, finding: Mapping[str, Any], shape: Shape) -> str:
    return ask if known[True] else f"no: {ask}" if applies else f"not: {ask}"


def _choice(ask: str, known: Mapping[Any, bool], applies: bool, finding: Mapping[str, Any], shape: Shape) -> str:
    labels = {value: str(finding["values"].get(value, value)) for value in shape.values}
    excluded = [value for value, holds in known.items() if value is not None and not holds]
    if any(holds for value, holds in known.items() if value is not None):
        return f"{ask}: {next(labels[value] for value, holds in known.items() if value is not None and holds)}"
    if not applies or 2 * len(excluded) < len(shape.values):
        return f"{ask}: not {' or '.join(labels[value] for value in excluded)}"
    return f"{ask}: {' or '.join(labels[value] for value in shape.values if value not in excluded)}"


def _number(ask: str, known: Mapping[Any, bool], applies: bool, finding: Mapping[str, Any], shape: Shape) -> str:
    unit = str(finding["unit"] or "")
    lowest = max((cut for cut, beyond in known.items() if cut is not None and beyond), default=None)
    highest = min((cut for cut, beyond in known.items() if cut is not None and not beyond), default=None)
    words = []
    if lowest is not None and highest is not None and shape.resolution is not None:
        first, last = lowest[0] + shape.resolution * lowest[1], highest[0] - shape.resolution * (not highest[1])
        if first == last:
            return f"{ask}: {_amount(first, unit)}"
    if lowest is not None:
        words.append(f"above {_amount(lowest[0], unit)}" if lowest[1] else f"{_amount(lowest[0], unit)} or more")
    if highest is not None and (applies or lowest is not None):
        words.append(f"at most {_amount(highest[0], unit)}" if highest[1] else f"below {_amount(highest[0], unit)}")
    elif highest is not None:
        words.append(f"not above {_amount(highest[0], unit)}" if highest[1] else f"not {_amount(highest[0], unit)} or more")
    return f"{ask}: {' and '.join(words)}"


def _amount(limit: Decimal, unit: str) -> str:
    return f"{limit} {unit_of(unit, limit)}".rstrip()
