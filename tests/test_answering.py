"""Whoever answers what is asked, however they answer, comes to an end: on the shipped rules, thrown answers and thrown words."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

import pathways
from pathways import InvalidPresentation
from pathways.interview import Interview
from pathways.interview.states import Stage

RULESET = pathways.load()
TIMES = 12


def thrown(finding: Any, random: Random) -> Any:
    """Some answer to that question."""
    if random.random() < 0.1:
        return {"unknown": random.choice(("asked-unknown", "unable-to-assess"))}
    if finding.kind == "yes_no":
        return random.random() < 0.3
    if finding.kind == "choice":
        return random.choice(list(finding.values))
    least, most = finding.range
    return least + finding.resolution * random.randint(0, int((most - least) / finding.resolution))


def taken(given: dict[str, Any], answers: dict[str, Any], asked: list[str]) -> tuple[dict[str, Any], pathways.Decision]:
    """All answers; or one after another those that agree with the rest, and for the others that nobody knows."""
    try:
        return given | answers, RULESET.decide(given | answers, asked)
    except InvalidPresentation:
        for name, answer in answers.items():
            try:
                RULESET.decide(given | {name: answer}, asked)
                given = given | {name: answer}
            except InvalidPresentation:
                given = given | {name: {"unknown": "asked-unknown"}}
        return given, RULESET.decide(given, asked)


@pytest.mark.parametrize("pathway", RULESET.pathways)
def test_answering_whatever_is_asked_ends(pathway: str) -> None:
    for seed in range(TIMES):
        random = Random(f"{pathway}:{seed}")
        given: dict[str, Any] = {}
        decision = RULESET.decide(given, [pathway])
        screens = 0
        while questions := decision.next_questions():
            screens += 1
            assert screens <= len(RULESET.findings), f"seed {seed}: no end"
            assert not {question.finding for question in questions} & given.keys(), f"seed {seed}: asked twice"
            assert not all(question.if_seen for question in questions), f"seed {seed}: nothing that must be answered"
            answers = {one.finding: thrown(RULESET.findings[one.finding], random) for one in questions if not one.if_seen}
            answers |= {one.finding: True for one in questions if one.if_seen and random.random() < 0.2}
            given, decision = taken(given, answers, [pathway])
        assert decision.status != "open" or any(isinstance(value, dict) for value in given.values())


# -- the dialogue ------------------------------------------------------------------------------------------------------

WORDS = (
    "none",
    "none",
    "none",
    "1",
    "2",
    "1 3",
    "3 none",
    "?",
    "u",
    "y",
    "n",
    "all",
    "c",
    "b",
    "40",
    "7y",
    "0.4",
    "100",
    "now",
    "w",
    "x",
    "",
)
STEPS = 120


@pytest.mark.parametrize("pathway", RULESET.pathways)
def test_the_dialogue_ends_whatever_is_typed(pathway: str) -> None:
    """Thrown words, few of which fit; then `c`, `none`, `?` and `u` alone, which must come to an end."""
    clock = datetime(2026, 3, 14, 2, 40, tzinfo=UTC)
    for seed in range(TIMES // 4):
        random = Random(f"{pathway}:{seed}")
        interview = Interview(RULESET, lambda: clock)
        state = interview.start((pathway,), clock)
        for _ in range(STEPS):
            state = interview.answer(state, random.choice(WORDS)).state
            assert interview.screen(state)
        for _ in range(STEPS):
            if state.stage is Stage.DONE:
                break
            before = state
            for word in ("c", "none", "?", "u", "1"):
                state = interview.answer(state, word).state
                if state is not before:
                    break
            assert state is not before, f"seed {seed}: nothing moves {before.stage} with {before.asked}"
        assert state.stage is Stage.DONE, f"seed {seed}: still {state.stage} with {state.asked}"
