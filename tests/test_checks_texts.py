"""P22: times, services and telephone numbers in texts are those of the rules; what is said otherwise is a note."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import small
from pathways.checks import Verdict, check
from pathways.checks.texts import times_of


def said(folder: Path, *edits: small.Edit) -> list[str]:
    """What is said of the texts; nothing of it refutes anything."""
    report = check(small.write(folder, *edits), ["P22"])
    assert report.verdict("P22") is Verdict.PROVED
    return [remark.message for remark in report.remarks]


def pack(text: str, more: str = "") -> small.Edit:
    """The item that the rule for bleeding gives, with another text."""
    return ("items.yaml", "pack: {kind: action, text: Pack the nose.}", f"pack: {{kind: action, text: {text}{more}}}")


TIMES = {
    "20 minutes": [20],
    "press for 10 to 15 min": [10, 15],
    "2 or 3 weeks": [20_160, 30_240],
    "a 14-day course": [20_160],
    "half past 3, within the hour": [60],
    "day 5 to 7": [7200, 10_080],
    "days 5 to 7": [7200, 10_080],
    "two weeks": [20_160],
    "1.5 hours": [90],
    "38 degrees, 2 doses": [],
    "the hour is late": [],
    "someone hours": [],
}


@pytest.mark.parametrize("text", TIMES)
def test_times_are_read_as_they_are_said(text: str) -> None:
    assert [one.minutes for one in times_of(text)] == [Fraction(minutes) for minutes in TIMES[text]]


AGREES = {
    "the limit of a referral": (pack("Pack the nose within 4 hours."),),
    "the same time in other words": (pack("Pack the nose within 240 minutes."),),
    "the time to decide again": (pack("Pack the nose for 20 minutes.", ", repeat_after: 20 min"),),
    "a number that the rule compares": (pack("Under 2 years pack with care."),),
    "a row that the rule rests on": (pack("Pack the nose for 20 minutes."), ("sources.yaml", "advice: urgent", "advice: press for 20 minutes")),
    "a gap that the item rests on": (pack("Pack the nose for 20 minutes.", ", sources: [G1]"), ("sources.yaml", "problem: open", "problem: whether 20 minutes are enough")),
    "what a finding means": (pack("Pack the nose for 20 minutes."), ("findings.yaml", "means: blood runs", "means: for 20 minutes and more")),
    "a quotation": (pack("Pack the nose for 20 minutes.", ", quotes: [20 minutes]"),),
    "a window": (pack("Pack it from day 2 to 3."), ("nose.yaml", "contact: now, within: PT4H}], actions", "contact: now, within: PT4H}, {service: ent, within: {from: bleed, not_before: P2D, not_after: P3D}}], actions")),
}  # fmt: skip


@pytest.mark.parametrize("name", AGREES)
def test_a_time_that_the_rules_or_their_sources_say_is_no_other(tmp_path: Path, name: str) -> None:
    assert said(tmp_path, *AGREES[name]) == []


OTHER = "`pack` says 20 minutes, and neither a rule that gives it nor its sources say so"
DIFFERS = {
    "nobody says it": ((pack("Pack the nose for 20 minutes."),), [OTHER]),
    "decide again at another time": ((pack("Pack the nose for 20 minutes.", ", repeat_after: 10 min"),), [OTHER]),
    "a gap that nobody rests on": ((pack("Pack the nose for 20 minutes."), ("sources.yaml", "problem: open", "problem: whether 20 minutes are enough")), [OTHER]),
    "one of two": ((pack("Pack it within 4 to 5 hours."),), ["`pack` says 4 to 5 hours, and neither a rule that gives it nor its sources say so"]),
    "a quotation of something else": ((pack("Pack the nose for 20 minutes.", ", quotes: [10 minutes]"),), [OTHER, "`pack` does not say 10 minutes"]),
    "the label of a limit": ((("ruleset.yaml", "PT4H: within 4 hours", "PT4H: within 3 hours"),), ["the label of `PT4H` says 3 hours"]),
    "the label of a level": ((("ruleset.yaml", "urgent: {label: today", "urgent: {label: within 5 hours"),), ["the label of `urgent` says 5 hours, and its latest is PT4H"]),
}  # fmt: skip


@pytest.mark.parametrize("name", DIFFERS)
def test_another_time_is_named(tmp_path: Path, name: str) -> None:
    edits, wanted = DIFFERS[name]

    assert sorted(said(tmp_path, *edits)) == sorted(wanted)


def test_a_service_that_every_such_patient_is_referred_to_may_be_named(tmp_path: Path) -> None:
    assert said(tmp_path, pack("Pack the nose and phone ENT.")) == []


def test_a_patient_who_is_not_referred_to_the_service_of_the_text_is_shown(tmp_path: Path) -> None:
    rules = small.write(tmp_path, ("items.yaml", "text: Go home.", "text: Go home and phone ENT."))
    [remark] = check(rules, ["P22"]).remarks

    assert remark.message == "`home` names ENT, to whom this patient of `nose` is not referred"
    assert remark.example is not None
    assert remark.example.decided == "none; nobody is called"
    assert said(tmp_path, ("items.yaml", "text: Go home.", "text: Go home and phone ENT., quotes: [ENT]")) == []


@pytest.mark.parametrize("number", ["0300 123 4567", "bleep 2222", "+44 20 7946 0018"])
def test_a_telephone_number_in_a_text_is_named(tmp_path: Path, number: str) -> None:
    digits = number.removeprefix("bleep ")

    assert said(tmp_path, pack(f"Pack the nose and phone {number}.")) == [f"`pack` says {digits}, and no service has that number"]
    assert said(tmp_path, pack(f"Pack the nose and phone {number}.", f', quotes: ["{digits}"]')) == []


@pytest.mark.parametrize("text", ["Give 500 mg.", "Give 1000 ml.", "For 120 minutes.", "A cell of 4.75 mm of number CR2032."])
def test_an_amount_is_no_telephone_number(tmp_path: Path, text: str) -> None:
    assert not [one for one in said(tmp_path, pack(text)) if "no service has that number" in one]


def test_the_number_of_an_ambulance_is_its_name(tmp_path: Path) -> None:
    assert said(tmp_path, pack("Pack the nose and dial 999."), ("ruleset.yaml", "{ent: {name: ENT}}", "{ent: {name: 999 ENT}}")) == []
