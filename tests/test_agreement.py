"""The engine says what a second, plain reading of the rules says; the full count is `campaigns/agreement.py`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

import pathways
from comparison import Tally, compare
from generate import Generator, Presentation, fits
from oracle import Known, Patient, Reading, Span, TooMany, Value, reading_of

SEED = 20_271
COUNT = 2_000
CHUNKS = 8
DRAWN = 1_000
MANY = 8_000  # steps


@pytest.fixture(scope="module")
def ruleset() -> Any:
    return pathways.load()


@pytest.fixture(scope="module")
def generator(ruleset: Any) -> Generator:
    return Generator(ruleset.content())


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_engine_and_oracle_agree(ruleset: Any, generator: Generator, chunk: int) -> None:
    """Bounds, status, referrals with limits, items and reasons with certainty: equal, and each attained by some completion."""
    tally = Tally()

    for number in range(chunk, COUNT, CHUNKS):
        compare(ruleset, generator, SEED, number, tally, completions=50)

    assert tally.disagreements == []
    assert all(len(texts) == 1 for texts in tally.conditions.values()), tally.conditions


def test_the_mix_is_as_promised(generator: Generator) -> None:
    """Enough partly known, on a threshold and mostly unknown; every pathway, every pair and nearly every rule is met."""
    drawn = [generator.presentation(SEED, number) for number in range(DRAWN)]

    parts = [each.part for each in drawn]
    assert parts.count("few unknown") > 0.25 * DRAWN
    assert parts.count("threshold") > 0.15 * DRAWN
    assert parts.count("many unknown") > 0.15 * DRAWN
    assert all(each.unknown >= 1 for each in drawn if each.part == "few unknown")
    assert all(each.unknown > applying(each) / 2 for each in drawn if each.part == "many unknown")
    assert {frozenset(each.asked) for each in drawn} == {frozenset(asked) for asked in [*generator.singles, *generator.pairs]}
    rules = {key for asked in generator.singles for key in generator.reading(asked).rules}
    held = {key for each in drawn for key in generator.reading(each.asked).outcome(each.patient).held}
    assert len(held) > 0.95 * len(rules), sorted(rules - held)


def applying(presentation: Presentation) -> int:
    """How many findings that matter apply to the patient."""
    return sum(value is not None for value in presentation.patient.values())


def test_enumeration_skips_nobody(generator: Generator) -> None:
    """The oracle's own short cuts change nothing: it says what the plain product of all values says, and so does its search."""
    compared = 0
    for number in range(200):
        presentation = generator.presentation(SEED + 1, number)
        reading = generator.reading(presentation.asked)
        known = reading.known(presentation.given)
        try:
            patients = list(everybody(reading, generator.content, known))
        except TooMany:
            continue
        assert all(fits(reading, known, patient) for patient in patients[:20])
        expected = reading.together(map(reading.outcome, patients)) if patients else {"status": "refused"}
        assert reading.decide(presentation.given) == expected, presentation.as_json()
        assert reading.decide_by_search(presentation.given) == expected, presentation.as_json()
        compared += 1

    assert compared > 80


def everybody(reading: Reading, content: dict[str, Any], known: Known) -> Iterator[Patient]:
    """Every possible patient who is as known, one for each combination of cells."""
    shared = [content["definitions"]]
    gates = {name: reading_of(reading.findings[name]["applies"], shared) for name in reading.gates}
    order = [name for name in reading.matters if name not in gates] + [name for name in reading.gated_last if name in reading.matters]
    checks: dict[str, list[Any]] = {name: [] for name in order}  # constraints, each at the last finding that it reads
    for tree, each in zip(reading.constraints, content["constraints"], strict=True):
        if tree.names <= set(order):
            checks[max(tree.names, key=order.index)].append((reading_of(each["if"], shared), reading_of(each["then"], shared)))

    steps = count()

    def extended(patient: Patient, place: int) -> Iterator[Patient]:
        if next(steps) > MANY:
            raise TooMany
        if place == len(order):
            yield patient
            return
        name = order[place]
        stated = known.values.get(name)
        part = known.domains.get(name, reading.domain(name))
        applies = name not in gates or gates[name](patient)
        values: list[Value] = []
        if not applies:  # and then nothing can have been said of it
            values = [None] if stated is None and (name not in known.domains or part == reading.domain(name)) else []
        elif stated is not None:
            values = [stated]
        else:
            values = list(part.representatives(reading.thresholds[name]) if isinstance(part, Span) else part)
        for value in values:
            more = {**patient, name: value}
            if all(not condition(more) or then(more) for condition, then in checks[name]):
                yield from extended(more, place + 1)

    return extended({}, 0)
