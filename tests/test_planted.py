"""Rule sets with one planted defect each are found out, and rule sets without one are left alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest

import pathways
from pathways import checks, inspection
from pathways.cases import run
from pathways.remarks import Remark
from planting import GOOD, HERE, PLANTED, Plant, plant, presentation

TODAY = date(2026, 11, 25)
PLANTS = [plant(folder) for folder in PLANTED]
PROPERTIES = {
    "P0", "P1", "P2", "P3", "P3r", "PG", "P5a", "P5b", "P5c", "P6", "P7a", "P7b", "P8", "P9", "P10", "P11", "P12", "P14", "P16", "P18",
    "P19", "P20", "P21", "P22",
}  # fmt: skip
ASKED = {name.id for name in checks.PROPERTIES}
BY_REMARK = {"P18", "P22"}  # their definitions ask for a remark: of an overdue review, and of words that disagree with the rules
NEAR = 5  # lines: a remark may point to the rule or to its condition
each_plant = pytest.mark.parametrize("planted", PLANTS, ids=[planted.name for planted in PLANTS])
each_good = pytest.mark.parametrize("folder", GOOD, ids=[folder.name for folder in GOOD])


def test_forty_defects_are_planted_at_least_one_for_every_property():
    assert [planted.name[:2] for planted in PLANTS] == [f"{number:02}" for number in range(1, 41)]
    assert {name for planted in PLANTS for name in planted.properties} == PROPERTIES


@each_plant
def test_a_planted_defect_says_in_one_sentence_what_it_is_and_at_which_line(planted: Plant, tmp_path: Path):
    assert planted.kind in ("patient", "place", "change")
    assert planted.kind == "place" or planted.patient
    assert re.fullmatch(r"[^\n]{20,200}[^.]", planted.what)
    lines = (planted.lay(tmp_path) / planted.file).read_text(encoding="utf-8").splitlines()
    good = (HERE / "planted_good" / planted.good / planted.file).read_text(encoding="utf-8").splitlines()
    if planted.file == planted.edits[0][0]:  # what is left out of one file is missed in another
        changes = SequenceMatcher(None, good, lines, autojunk=False).get_opcodes()
        assert planted.line in {line + 1 for kind, _, _, start, end in changes if kind != "equal" for line in range(start, end)}
    else:
        assert 0 < planted.line <= len(lines)


@each_plant
def test_a_planted_patient_is_decided_as_told(planted: Plant, tmp_path: Path):
    """What is told of a defect is true of the engine, so that a check can be held to it."""
    rules = planted.lay(tmp_path)
    if not planted.shows:
        return
    if planted.kind == "change":
        good = pathways.load(HERE / "planted_good" / planted.good)
        assert (level(good, planted, {}), level(pathways.load(rules), planted, {})) == planted.shows
    else:
        changes = [{}, planted.then] if planted.then else [{}]
        assert tuple(level(pathways.load(rules), planted, change) for change in changes) == planted.shows


@each_plant
def test_a_planted_patient_is_decided_otherwise_without_the_defect(planted: Plant, tmp_path: Path):
    rules = planted.lay(tmp_path)
    if planted.kind == "place":
        return
    good, bad = pathways.load(HERE / "planted_good" / planted.good), pathways.load(rules)
    assert any(decided(good, planted, change) != decided(bad, planted, change) for change in ({}, planted.then or {}))


@pytest.mark.parametrize("planted", [planted for planted in PLANTS if planted.kind != "change"], ids=lambda planted: planted.name)
def test_a_planted_defect_is_found_with_a_patient_or_a_place(planted: Plant, tmp_path: Path):
    rules = planted.lay(tmp_path)
    try:
        report = checks.check(rules)
    except pathways.InvalidRules as refused:
        assert places(refused.remarks, planted)
        return
    if not ASKED.intersection(planted.properties):
        pytest.skip(f"{planted.properties[0]} is not asked yet")
    said = against(report, planted)
    assert said
    if planted.kind == "place":
        assert places(said, planted), said
    else:
        shown = [dict(remark.example.given) for remark in said if remark.example]
        assert shown, said
        if planted.then is None:
            assert any(differs(patient, rules, planted) for patient in shown), said
        else:  # the defect lies between two patients, and the one who is shown need not be the one decided otherwise
            ruleset = pathways.load(rules)
            assert all(decided(ruleset, replace(planted, patient=patient), {}) != "impossible" for patient in shown), said


def places(remarks: Iterable[Remark], planted: Plant) -> list[Remark]:
    """Those that point to the planted line, or near it."""
    return [remark for remark in remarks if Path(remark.place.file).name == planted.file and abs(remark.place.line - planted.line) <= NEAR]


def differs(patient: Mapping[str, str], rules: Path, planted: Plant) -> bool:
    """Whether the engine decides otherwise of that patient without the defect."""
    good, bad = pathways.load(HERE / "planted_good" / planted.good), pathways.load(rules)
    shown = replace(planted, patient=patient)
    return bool(decided(good, shown, {}) != decided(bad, shown, {}))


def against(report: checks.Report, planted: Plant) -> list[Remark]:
    """What is said where a property is refuted that the planted defect breaks; of what is no proof, any remark on it."""
    return [
        remark
        for result in report.results
        if result.property in planted.properties and (result.verdict is checks.Verdict.REFUTED or result.property in BY_REMARK)
        for remark in result.remarks
    ]


@each_good
def test_nothing_is_refuted_of_a_good_rule_set(folder: Path):
    assert [
        remark for result in checks.check(folder).results if result.verdict is not checks.Verdict.PROVED for remark in result.remarks
    ] == []


def level(ruleset: pathways.RuleSet, planted: Plant, change: Mapping[str, Any]) -> str:
    """The one level that is given: `nothing` where none is, `impossible` where there is no such patient."""
    decision = decided(ruleset, planted, change)
    if decision == "impossible":
        return "impossible"
    assert decision["urgency"]["lowest"] == decision["urgency"]["highest"], decision["urgency"]
    return decision["urgency"]["lowest"] or "nothing"


def decided(ruleset: pathways.RuleSet, planted: Plant, change: Mapping[str, Any]) -> Any:
    """What is decided of the planted patient, with that changed about them; not which rule set decided."""
    try:
        whole = ruleset.decide(presentation({**(planted.patient or {}), **change}), pathways=tuple(ruleset.pathways)).to_dict()
    except pathways.InvalidPresentation as refused:
        assert {remark.code for remark in refused.remarks} <= {"contradiction", "not-applicable"}, refused
        return "impossible"
    return {key: value for key, value in whole.items() if key != "ruleset"}


@each_good
def test_a_good_rule_set_is_valid_and_its_cases_hold(folder: Path):
    """Only that one has no `otherwise` is said of it: its rules cover everybody."""
    assert {remark.code for remark in inspection.remarks_of(folder, TODAY)} <= {"no-otherwise"}
    assert [result.differences for result in run(folder, pathways.load(folder)) if not result.passed] == []
