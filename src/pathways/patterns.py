"""Who lies in a region of patients, in words: patterns of answers, each of which is enough to lie in it.

A pattern is found from one patient: answers are dropped, ordinary ones first, as long as all who are left lie in the region.
Knows nothing of rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, islice
from typing import Any, TypeAlias

from pathways.encoding import Answers, Fact, Literal, Shape, Solver, both, nor
from pathways.findings import UNITS
from pathways.plain import Patient

__all__ = ["Kept", "Pattern", "Patterns", "Term", "covering", "patterns"]

Kept: TypeAlias = dict[str, tuple[Fact, ...]]  # finding → what is known of its answer
ROUNDS = 2  # in which ordinary answers are dropped: a few too many may stay, and only their number is told
MANY = 8  # patterns of a region that are counted


@dataclass(frozen=True, slots=True)
class Term:
    """What a pattern wants of one finding, in words; `ordinary` where somebody in whom nothing is found meets it."""

    finding: str
    text: str
    ordinary: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """Whoever meets all terms lies in the region; what is out of the ordinary comes first."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Patterns:
    """Patterns that differ in what is out of the ordinary: everybody in the region has that of one of them, unless there are `more`."""

    found: tuple[Pattern, ...]
    more: bool = False


def patterns(solver: Solver, answers: Answers, findings: Mapping[str, Any], world: Sequence[Literal], region: Literal) -> Patterns:
    """The patterns of the region among the patients of the world; `findings` has the words."""
    found = list(islice(covering(solver, answers, world, region), MANY + 1))
    return Patterns(tuple(_told(answers.shapes, findings, kept) for kept in found[:MANY]), len(found) > MANY)


def covering(solver: Solver, answers: Answers, world: Sequence[Literal], region: Literal) -> Iterator[Kept]:
    """Answers, by finding, that are enough to lie in the region, until everybody in it has what is out of the ordinary in some of them."""
    blocked: list[Literal] = []
    while (patient := solver.find(answers, *world, region, *blocked)) is not None:
        kept = _generalised(solver, answers, patient, world, region)
        yield kept
        blocked.append(
            nor(both(*(fact.literal for name, facts in kept.items() if not _plain(answers.shapes[name], facts) for fact in facts)))
        )


def _generalised(solver: Solver, answers: Answers, patient: Patient, world: Sequence[Literal], region: Literal) -> Kept:
    """What is left of the patient's answers when all is dropped without which everybody else still lies in the region.

    What is out of the ordinary is dropped one by one, all ordinary answers staying as they are; of those then all that take no part.
    """
    outside = [*world, nor(region)]
    facts = list(answers.facts(patient))
    ordinary: list[Fact] = []
    marked: list[Fact] = []
    for fact in facts:
        (ordinary if _unremarkable(answers.shapes[fact.finding], fact) else marked).append(fact)
    as_ordinary = solver.name(both(*(fact.literal for fact in ordinary)))
    for fact in tuple(marked):
        if fact in marked:
            fewer = _core(solver, [*outside, as_ordinary], [other for other in marked if other is not fact])
            marked = marked if fewer is None else fewer
    kept = [*marked, *ordinary]
    for _ in range(ROUNDS):
        kept = _core(solver, outside, kept) or []
    order = list(answers.shapes)
    kept.sort(key=lambda fact: order.index(fact.finding))
    return {name: tuple(of_one) for name, of_one in groupby(kept, key=lambda fact: fact.finding)}


def _core(solver: Solver, outside: Sequence[Literal], facts: Sequence[Fact]) -> list[Fact] | None:
    blamed = solver.core(outside, [fact.literal for fact in facts])
    return None if blamed is None else [facts[n] for n in blamed]


def _plain(shape: Shape, facts: Iterable[Fact]) -> bool:
    """Whether all of this is true of somebody in whom nothing is found."""
    return all(_unremarkable(shape, fact) for fact in facts)


def _unremarkable(shape: Shape, fact: Fact) -> bool:
    """Whether it is true of somebody in whom nothing is found."""
    if fact.at is None:
        return True
    if shape.kind == "yes_no":
        return fact.holds is (shape.worse == "no")
    if shape.kind == "choice":
        return fact.holds is (fact.at == shape.values[0])
    return fact.holds is (shape.cuts.index(fact.at) < shape.ordinary)


def _told(shapes: Mapping[str, Shape], findings: Mapping[str, Any], kept: Kept) -> Pattern:
    terms = [_term(shapes[name], facts, findings[name]) for name, facts in kept.items()]
    return Pattern(tuple(sorted(terms, key=lambda term: term.ordinary)))


def _term(shape: Shape, facts: Sequence[Fact], finding: Mapping[str, Any]) -> Term:
    """The facts on one finding as one term."""
    known = {fact.at: fact.holds for fact in facts}
    ask, ordinary = str(finding["ask"]), _plain(shape, facts)
    applies = not shape.gated or known.get(None, False)
    told = {"yes_no": _yes_no, "choice": _choice}.get(shape.kind, _number)
    if known.get(None) is False:
        return Term(shape.name, f"does not apply: {ask}", ordinary)
    if set(known) == {None}:
        return Term(shape.name, f"applies: {ask}", ordinary)
    return Term(shape.name, told(ask, known, applies, finding, shape), ordinary)


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
    unit = UNITS.get(str(finding["unit"] or ""), "")
    lowest = max((cut for cut, beyond in known.items() if cut is not None and beyond), default=None)
    highest = min((cut for cut, beyond in known.items() if cut is not None and not beyond), default=None)
    words = []
    if lowest is not None:
        words.append(f"above {_amount(lowest[0], unit)}" if lowest[1] else f"{_amount(lowest[0], unit)} or more")
    if highest is not None and (applies or lowest is not None):
        words.append(f"at most {_amount(highest[0], unit)}" if highest[1] else f"below {_amount(highest[0], unit)}")
    elif highest is not None:
        words.append(f"not above {_amount(highest[0], unit)}" if highest[1] else f"not {_amount(highest[0], unit)} or more")
    return f"{ask}: {' and '.join(words)}"


def _amount(limit: Decimal, unit: str) -> str:
    return f"{limit} {unit}".rstrip()
