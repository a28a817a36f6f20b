"""Regions of patients who are decided differently: exactly those, each in one region, whoever looks at every patient."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings

import small
from pairs import Giving, pairs
from pathways.content import Content
from pathways.encoding import both, nor
from pathways.patterns import Among, covering
from pathways.regions import Differences, Direction, Original, Pair, Step, direction, equal, scale

WORDS = {"yes": True, "no": False}


def content(world: Giving) -> Content:
    with TemporaryDirectory() as folder:
        return Content(world.load(Path(folder)).content())


def answers(patient):
    """A patient of a world as the plain reading has them."""
    return {name: WORDS.get(answer, answer) if isinstance(answer, str) else answer for name, answer in patient.items()}


def agree(old: Giving, new: Giving) -> tuple[int, int]:
    """Regions, patterns and the quick comparison of two worlds against a look at every patient; how many differ, in how many regions."""
    pair = Pair.of(content(old), content(new))
    asked = Differences(pair, "p")
    regions = list(asked.regions())
    assert asked.complete(regions)
    shared = [patient for patient in old.patients if patient in new.patients]
    differ = 0
    for patient in shared:
        before, after = old.gets(patient), new.gets(patient)
        fixed = [fact.literal for fact in pair.answers.facts(answers(patient))]
        inside = [region for region in regions if pair.solver.possible(*pair.possible, *fixed, region.literal)]
        assert len(inside) == (before != after), (patient, before, after)
        for region in inside:
            differ += 1
            changed = {" ".join(part for part in step.part if part) for step in asked.steps(answers(patient))}
            assert changed == {part for part in {**before, **after} if before.get(part) != after.get(part)}
            assert {step.part for step in region.steps} <= {step.part for step in asked.steps(answers(patient))}
            if after["urgency"] < before["urgency"]:
                assert region.direction is Direction.WORSE
    for region in regions:
        kept = list(covering(Among.of(pair.solver, pair.answers, *pair.possible), region.literal))
        described = []
        for facts, alone in kept:
            here = [fact.literal for of_one in facts.values() for fact in of_one]
            assert pair.solver.possible(*pair.possible, *here, region.literal)
            assert alone <= (not pair.solver.possible(*pair.possible, *here, nor(region.literal)))
            described.append(nor(both(*here)))
        assert not pair.solver.possible(*pair.possible, region.literal, *described) or any(alone for _, alone in kept)
    told_apart = bool(differ) or len(shared) < max(len(old.patients), len(new.patients))
    assert (pair.apart(["p"]) is not None) is told_apart
    assert (Original(pair.old.content).apart(pair.new.content, ["p"]) is not None) is told_apart
    return differ, len(regions)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(pairs())
def test_everybody_decided_differently_lies_in_exactly_one_region(pair):
    agree(*pair)


def test_variant_that_shares_conditions_is_told_apart_as_one_that_does_not(tmp_path):
    """Mutants are made so: a limit that no other condition has, and one that changes nobody."""
    whole = small.load(tmp_path).content()
    old = Content(whole)
    original = Original(old)
    for rule, when, apart in (
        ("bleed", {"all": [{"finding": "bleeding", "is": ["yes"]}]}, True),
        (
            "bleed",
            {
                "any": [
                    whole["pathways"][0]["rules"][1]["when"],
                    {"all": [{"finding": "clot", "is": ["yes"]}, {"finding": "examined", "is": ["no"]}]},
                ]
            },
            False,
        ),
        ("well", {"finding": "age", "number": {"at_least": "77"}}, True),
    ):
        nose = whole["pathways"][0]
        rules = [{**one, "when": when} if one["id"] == rule else one for one in nose["rules"]]
        data = {**whole, "pathways": [{**nose, "rules": rules}]}
        assert (original.apart(Content(data, like=old), ["nose"]) is not None) is apart, rule
        assert (equal(old, Content(data), ["nose"]) is not None) is apart


def test_patient_who_is_possible_in_one_only_tells_them_apart(tmp_path):
    whole = small.load(tmp_path).content()
    patient = equal(Content(whole), Content({**whole, "constraints": []}), [])
    assert (patient["temperature"] >= 38, patient["fever"]) == (True, False)


def test_level_that_one_scale_has_alone_stands_after_what_it_stood_after():
    assert scale(("low", "middle", "high"), ("low", "high", "highest")) == ("low", "middle", "high", "highest")
    assert scale(("lowest", "low"), ("low",)) == ("lowest", "low")


def test_scale_that_is_turned_round_cannot_be_compared():
    with pytest.raises(ValueError, match="`b` stood after `a` in the old rule set and stands before it in the new one"):
        scale(("a", "b"), ("b", "a"))


@pytest.mark.parametrize(
    ("part", "before", "after", "meant"),
    [
        ("urgency", "urgent", "none", Direction.WORSE),
        ("urgency", "none", None, Direction.WORSE),
        ("urgency", None, "none", Direction.MORE),
        ("referral", ("PT1H", True), None, Direction.WORSE),
        ("referral", None, ("P7D", False), Direction.MORE),
        ("referral", ("PT1H", False), ("PT4H", True), Direction.WORSE),
        ("referral", ("PT4H", True), ("PT1H", False), Direction.WORSE),
        ("referral", ("PT4H", False), ("PT1H", False), Direction.MORE),
        ("referral", ("", False), ("", True), Direction.MORE),
        ("covered", True, False, Direction.WORSE),
        ("covered", False, True, Direction.MORE),
        ("item", True, False, Direction.ADVICE),
    ],
)
def test_change_is_for_the_worse_if_it_is_in_any_respect(part, before, after, meant):
    assert direction(small.LEVELS, small.LIMITS, Step((part,), before, after)) is meant
