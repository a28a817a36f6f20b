"""What the page at the bedside says and understands is what the reports say and the terminal understands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

import pathways
from generate import Generator
from in_node import Node
from pathways import Decision, InvalidPresentation, RuleSet
from pathways.findings import Finding
from pathways.reports.calls import calls
from pathways.reports.decision import again, not_known
from pathways.reports.discreet import discreet_reason
from pathways.reports.reasons import reason_line
from pathways.reports.standing import raised, untriaged
from pathways.reports.when import When
from pathways.spoken import Unclear, read, say

SHIPPED = pathways.load()
COUNT = 150
SEED = 15
UNITS = {"a": "y", "mo": "mo", "wk": "w", "d": "d", "h": "h", "min": " min", "s": " s"}  # as the terminal takes them
OFFERED = {"a": ("a", "mo", "wk"), "d": ("d", "wk", "h"), "min": ("min", "h"), "h": ("h", "min")}
AMOUNTS = (
    "0",
    "1",
    "2",
    "3",
    "4.5",
    "5",
    "7",
    "9",
    "11",
    "12",
    "13",
    "14",
    "23",
    "24",
    "40",
    "90",
    "120",
    "0.5",
    "0.04",
    "1.999999",
    "400",
)
NUMBERS = [name for name, finding in SHIPPED.findings.items() if finding.kind == "number"]


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with Node(SHIPPED, tmp_path_factory.mktemp("node")) as node:
        yield node


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_is_understood_as_at_the_terminal(node: Node, name: str) -> None:
    """The same value and the same words for it, or asked back by both."""
    finding = SHIPPED.findings[name]
    units = OFFERED.get(finding.unit, ("",))
    texts = [(amount, unit) for amount in AMOUNTS for unit in units] + [
        ("1e3", units[0]),
        ("007", units[0]),
        ("-1", units[0]),
        ("", units[0]),
    ]

    different = {f"{text} {unit}": both for text, unit in texts if len(set(both := understood(node, finding, text, unit))) > 1}

    assert different == {}


def understood(node: Node, finding: Finding, text: str, unit: str) -> tuple[str, str]:
    """What the terminal and the page understand, in words and exactly."""
    page = node.typed(finding.id, text, unit)
    there = "asked back" if "ask" in page else f"{page['said']}: {exact(page['value'])}"
    try:
        value = read(finding, f"{text}{UNITS.get(unit, '')}")
    except Unclear:
        return "asked back", there
    return f"{say(finding, value)}: {exact(value)}", there


def exact(value: Any) -> str:
    """A number, or both ends of a range, without trailing zeros."""
    parts = value if isinstance(value, Mapping) else {"": value}
    return ", ".join(f"{end} {Decimal(str(one)).normalize():f}" for end, one in sorted(parts.items()))


def test_a_number_without_its_unit_is_asked_back(node: Node) -> None:
    assert node.typed("age_years", "7", "") == {"ask": "7 what? Choose years or months or weeks"}
    assert node.typed("systolic_bp", "84/50", "")["value"] == "84"


@pytest.mark.parametrize("text", ["84/50", "50/84", "84/84", "120/", "/80", "120/abc", "120/80/60", "1e2/80", "84 / 50"])
def test_a_pressure_is_understood_as_at_the_terminal(node: Node, text: str) -> None:
    terminal, page = understood(node, SHIPPED.findings["systolic_bp"], text, "")

    assert page == terminal


@pytest.mark.parametrize("pathway", SHIPPED.pathways)
def test_what_is_said_of_a_patient_is_what_the_reports_say(node: Node, pathway: str) -> None:
    """Calls with their clock times, why, when to decide again, what is not known: sentence by sentence."""
    generator, random = Generator(SHIPPED.content(), (pathway,)), Random(SEED)
    different: dict[str, Any] = {}
    for number in range(COUNT):
        presentation = generator.presentation(SEED, number)
        try:
            decision = SHIPPED.decide(presentation.given, presentation.asked)
        except InvalidPresentation:
            continue
        decided = datetime(2026, 3, 14, random.randrange(24), random.randrange(60))  # noqa: DTZ001 - the time on the wall
        arrived = None if random.random() < 0.2 else decided - timedelta(minutes=random.randrange(600))
        page = node.words(presentation.given, presentation.asked, decided, arrived)
        reports = said(decision, SHIPPED, When(decided, arrived))
        wrong = {key: (reports[key], page[key]) for key in reports if reports[key] != page[key]}
        if wrong:
            different[presentation.as_json()] = wrong

    assert different == {}


def said(decision: Decision, ruleset: RuleSet, when: When) -> dict[str, Any]:
    """The same parts in the words of the reports."""
    found = calls(decision, ruleset, when)
    reasons = [one for one in decision.reasons if one.certainty == "certain" and not discreet_reason(one, ruleset)]
    return {
        "untriaged": list(untriaged(decision, ruleset)),
        "raised": raised(decision, ruleset),
        "calls": {name: [line.text for line in getattr(found, name)] for name in ("certain", "possible", "cancer", "discreet")},
        "why": [reason_line(reason).text for reason in reasons],
        "again": again(decision, when),
        "not_known": not_known(decision, ruleset, discreet=False),
    }
