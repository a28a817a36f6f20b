"""The evaluator of the pages decides what the engine decides; the full count is `campaigns/browser.py`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import pathways
import small
from generate import Generator
from in_node import Node, differences
from pathways import RuleSet, Site, browser

SEED = 4_711
COUNT = 300
TOGETHER = "pathways together"
PATHWAYS = [*pathways.load().pathways, TOGETHER]


@pytest.fixture(scope="module")
def ruleset() -> RuleSet:
    return pathways.load()


@pytest.fixture(scope="module")
def node(ruleset: RuleSet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with Node(ruleset, tmp_path_factory.mktemp("node")) as node:
        yield node


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_page_and_engine_agree(ruleset: RuleSet, node: Node, pathway: str) -> None:
    """Status, bounds, referrals with limits, items, reasons, questions and refusals: equal, key by key."""
    generator = Generator(ruleset.content(), () if pathway == TOGETHER else (pathway,))
    found = {}

    for number in range(COUNT):
        presentation = generator.presentation(SEED, number)
        answer = node.decide(presentation.given, presentation.asked)
        different = differences(ruleset, presentation.given, presentation.asked, answer)
        if different:
            found[presentation.as_json()] = different

    assert found == {}


WIDE = ("findings.yaml", "warfarin: warfarin,", f"warfarin: warfarin, {', '.join(f't{n}: number {n}' for n in range(40))},")
VALUES: dict[str, tuple[Any, ...]] = {
    "bleeding": (True, False),
    "fever": (True, False, None),
    "examined": (True, False, None),
    "clot": (True, None),
    "tablets": ("warfarin", "t39", ["none", "t7"], {"unknown": "asked-unknown"}),
    "age": (Decimal("1.999999999999999999"), {"from": 1, "below": 2}, {"from": 2}, None),
    "temperature": (Decimal("37.9999999999999999999"), 38, None),
}


def test_every_answer_of_a_small_rule_set(tmp_path: Path) -> None:
    """Parts of a choice with more values than a number has bits, ranges, and decimals that no float tells apart."""
    ruleset = pathways.load(small.write(tmp_path, WIDE))
    assert ruleset.findings["tablets"].size > browser.WIDEST

    assert disagreements(ruleset, tmp_path) == {}


@pytest.mark.parametrize("facts", [{"ent_here": True, "minutes": 30}, {"ent_here": False, "minutes": 45}, {}])
def test_the_place_of_care_is_resolved(tmp_path: Path, facts: Mapping[str, Any]) -> None:
    depends = "actions: [{item: pack, site: {ent_here: no}}, {item: pack, site: {minutes: {at_least: 30, below: 60}, ent_here: yes}}]"
    ruleset = pathways.load(small.write(tmp_path, ("nose.yaml", "actions: [pack]", depends)))
    ruleset = ruleset.at(Site("here", facts)) if facts else ruleset

    assert disagreements(ruleset, tmp_path) == {}


@pytest.mark.parametrize("approval", ["draft", "approved", "changed since approval"])
def test_how_the_rules_stand_is_said_alike(tmp_path: Path, approval: str) -> None:
    ruleset = pathways.load(small.write(tmp_path, ("ruleset.yaml", "notice: Draft.", "notice: Ours."))).standing_as(approval)

    with Node(ruleset, tmp_path) as node:
        answer = node.decide({}, ["nose"])

    assert differences(ruleset, {}, ["nose"], answer) == []
    assert any(approval.capitalize() in notice for notice in answer["notices"]) is (approval != "approved")


def disagreements(ruleset: RuleSet, folder: Path) -> dict[str, Any]:
    """Every combination of the values, each also left out."""
    found = {}
    with Node(ruleset, folder) as node:
        for values in product(*VALUES.values()):
            given = {name: value for name, value in zip(VALUES, values, strict=True) if value in ruleset_values(ruleset, name, value)}
            different = differences(ruleset, given, ["nose"], node.decide(given, ["nose"]))
            if different:
                found[str(given)] = different
    return found


def ruleset_values(ruleset: RuleSet, name: str, value: Any) -> tuple[Any, ...]:
    """The value, unless it names a choice that this rule set does not have."""
    wanted = value if isinstance(value, list) else [value]
    return () if any(isinstance(one, str) and one not in ruleset.findings[name].values for one in wanted) else (value,)


REFUSED: dict[str, Any] = {
    "severe_bled": True,
    "severe_bleed": "yes",
    "sex": "mal",
    "age_years": "007",
    "gcs": "16",
    "heart_rate": "1e2",
    "temperature_celsius": {"from": "40", "below": "38"},
    "symptom_days": {"unknown": "forgotten"},
    "systolic_bp": {"above": "90"},
    "capillary_refill_seconds": [],
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused(node: Node, name: str) -> None:
    """A misspelt finding, a wrong kind, a value out of range: nothing is guessed, and nothing ignored."""
    assert "refused" in node.decide({name: REFUSED[name]}, ["epistaxis"])


def test_a_contradiction_names_answers_and_constraint(ruleset: RuleSet, node: Node) -> None:
    """patient: awake, and a coma score of 8"""
    answer = node.decide({"reduced_consciousness": False, "gcs": 8, "fever": True}, ["nose_trauma"])

    assert sorted(answer["refused"]) == ["gcs", "reduced_consciousness"]
    assert answer["why"] == [one.means for one in ruleset.constraints if one.means in answer["why"]]
    assert len(answer["why"]) == 1


def test_the_form_holds_nothing_of_the_place_of_rules() -> None:
    """A page is public: where the rule files stand on the machine that built it is nobody's business."""
    assert str(Path(__file__).parents[1]) not in json.dumps(browser.form_of(pathways.load()))
