"""A slip of the pen is noticed by a case, or changes nobody, or is shown with a patient; all three are what counting patients says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import small
from pathways.cases import read_cases
from pathways.checks import open_book
from pathways.comparing import compared
from pathways.content import Content
from pathways.mutants import Bench, Fate
from pathways.plain import broken, holds, outcome
from pathways.remarks import InvalidPresentation
from pathways.ruleset import RuleSet
from pathways.slips import ADDED, slipped
from worlds import World, presentations, worlds

CASES = """\
- case: bleeds
  given: {bleeding: yes, examined: yes}
  unmentioned: absent
  expect: {urgency: urgent, referrals: {ent: {contact: now, within: PT4H}}, rules: [bleed], items: [pack]}
- case: an infant on warfarin
  given: {age: 1.99, tablets: warfarin, examined: yes}
  unmentioned: absent
  expect: {urgency: urgent, services: [ent], items: [pack]}
- case: a child on warfarin
  given: {age: 2, tablets: warfarin, examined: yes}
  unmentioned: absent
  expect: {urgency: none, services: [], items: [home]}
- case: an infant on nothing
  given: {age: 1, tablets: none, examined: yes}
  unmentioned: absent
  expect: {urgency: none, services: []}
- case: has fever
  given: {fever: yes, age: 3, tablets: aspirin, examined: yes}
  unmentioned: absent
  expect: {urgency: discuss_same_day, referrals: {ent: {within: PT4H}}, rules: [otherwise], items: [ask]}
- case: chokes
  given: {choking: yes, bleeding: yes}
  unmentioned: absent
  expect: {urgency: immediate, referrals: {ent: {contact: now, within: now}}}
- case: hot and no fever
  given: {temperature: 38, fever: no}
  expect: {refused: [temperature, fever]}
"""
CLOT = """\
- case: a clot
  given: {clot: yes, examined: yes}
  unmentioned: absent
  expect: {urgency: urgent, referrals: {ent: {contact: now, within: PT1H}}}
"""
EXPECTED = """\
         edits      killed  equivalent    survived
shared      13          12           0           1
nose        43          40           1           2
total       56          52           1           3

survived:
rules/nose.yaml:10:42:
  rule `bleed`: `tablets: warfarin` becomes `tablets: [warfarin, aspirin]`
    patient: takes: aspirin; all else absent
    decided: none; nobody is called
    edited:  urgent; phone ENT now, within 4 hours; no longer home; also pack
rules/ruleset.yaml:17:3:
  red flag `choking`: `ent` no longer phoned now
    patient: chokes; all else absent
    decided: immediate; phone ENT now
    edited:  immediate; ENT now
rules/nose.yaml:7:3:
  rule `clot`: `ent` no longer phoned now
    patient: has a clot; all else absent
    decided: urgent; phone ENT now, within 1 hour
    edited:  urgent; ENT within 1 hour

literals added, a figure only: 8; 5 killed, 0 equivalent, 3 survived
64 edits in 1 s
"""


def mutate(folder: Path, text: str, *options: str) -> subprocess.CompletedProcess[str]:
    where = small.write(folder)
    (where / "nose.cases.yaml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pathways", "test", "rules", "--mutants", *options]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder)


def test_survivors_are_shown_with_their_place_and_the_patient_who_tells_the_two_apart(tmp_path: Path) -> None:
    found = mutate(tmp_path, CASES + CLOT)

    assert found.stderr == ""
    assert re.sub(r"in \d+ s\n", "in 1 s\n", found.stdout) == EXPECTED
    assert found.returncode == 1
    assert max(map(len, found.stdout.splitlines())) <= 80


def test_any_number_of_processes_says_the_same(tmp_path: Path) -> None:
    one, two = (mutate(tmp_path, CASES + CLOT, "--jobs", jobs, "--format", "json") for jobs in ("1", "2"))
    first, second = json.loads(one.stdout), json.loads(two.stdout)

    assert first | {"seconds": 0} == second | {"seconds": 0}
    assert first["edits"][0] == {
        "kind": "negated", "pathway": "red_flags", "in": "red flag `choking`", "what": "`choking` becomes `choking: no`",
        "fate": "killed", "case": "bleeds", "file": "rules/ruleset.yaml", "line": 17, "column": 29,
    }  # fmt: skip


def test_edits_of_one_rule_alone_are_tried_where_it_is_named(tmp_path: Path) -> None:
    found = json.loads(mutate(tmp_path, CASES + CLOT, "--only", "clot", "--format", "json").stdout)
    unknown = mutate(tmp_path, CASES, "--only", "clott")

    assert {edit["in"] for edit in found["edits"]} == {"rule `clot`"}
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "no pathway and no rule is called `clott`" in unknown.stderr


def test_an_unknown_name_is_told_before_any_case_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = open_book(small.write(tmp_path, **{"nose.cases": CASES}))
    cases = read_cases(tmp_path / "rules", book.ruleset)
    monkeypatch.setattr("pathways.mutants.run_case", lambda case: pytest.fail("a case was run"))

    assert cases
    assert Bench(book, cases, "clott").edits == []


def test_case_that_fails_by_itself_is_not_used_and_that_is_said(tmp_path: Path) -> None:
    found = mutate(tmp_path, CASES.replace("{urgency: discuss_same_day,", "{urgency: none,"), "--only", "well")

    assert "1 case not used: it fails without any edit\n" in found.stdout


def test_edit_of_a_limit_is_said_in_the_words_of_the_limits(tmp_path: Path) -> None:
    bench = Bench(open_book(small.write(tmp_path)), [], "clot")
    said = [edit.what for edit in bench.edits if edit.kind == "limit"]
    assert said == ["`ent` no longer phoned now", "`ent` now instead of within 1 hour", "`ent` within 4 hours instead of within 1 hour"]


def edits_of(text: str, folder: Path) -> set[tuple[str, str]]:
    """The edits of a rule whose condition is this, as (kind, what)."""
    rule = f"  r: {{title: r, when: {text}, then: {{urgency: none}}, basis: interpretation, sources: [G1]}}\n"
    where = small.write(folder, nose="pathway: nose\ntitle: nose\ncomplaint: nose\nversion: 0.1.0\nreview_by: 2027-01-01\nrules:\n" + rule)
    bench = Bench(open_book(where), [], "r")
    return {(edit.kind, edit.what) for edit in bench.edits if edit.condition is not None}


def test_edits_of_a_condition_are_those_of_the_list(tmp_path: Path) -> None:
    found = edits_of("{all: [bleeding, {not: small}, {any: [{age: {above: 70}}, {tablets: [warfarin, aspirin]}]}]}", tmp_path)

    assert found == {
        ("and/or", "`all` becomes `any`"),
        ("and/or", "`any` becomes `all`"),
        ("literal dropped", "`bleeding` dropped"),
        ("literal dropped", "`not: small` dropped"),
        ("literal dropped", "`age: {above: 70}` dropped"),
        ("literal dropped", "`tablets: [warfarin, aspirin]` dropped"),
        ("negated", "`bleeding` becomes `bleeding: no`"),
        ("negated", "`small` becomes `not: small`"),
        ("negated", "`age: {above: 70}` becomes `not: age: {above: 70}`"),
        ("negated", "`tablets: [warfarin, aspirin]` becomes `not: tablets: [warfarin, aspirin]`"),
        ("> / >=", "`age: {above: 70}` becomes `age: {at_least: 70}`"),
        ("threshold", "`age: {above: 70}` becomes `age: {above: 69.99}`"),
        ("threshold", "`age: {above: 70}` becomes `age: {above: 70.01}`"),
        ("threshold", "`age: {above: 70}` becomes `age: {above: 63}`"),
        ("threshold", "`age: {above: 70}` becomes `age: {above: 77}`"),
        ("other choice", "`tablets: [warfarin, aspirin]` becomes `tablets: [warfarin, aspirin, none]`"),
        ("other choice", "`tablets: [warfarin, aspirin]` becomes `tablets: warfarin`"),
        ("other choice", "`tablets: [warfarin, aspirin]` becomes `tablets: aspirin`"),
    }


def test_literal_is_added_from_rules_of_the_next_urgency_only(tmp_path: Path) -> None:
    found = [edit for edit in Bench(open_book(small.write(tmp_path)), [], None).edits if edit.kind == ADDED]

    assert {(edit.id, edit.what) for edit in found} == {
        ("clot", "`bleeding: no` added"),
        ("clot", "`fever: no` added"),
        ("bleed", "`bleeding: no` added"),
        ("bleed", "`fever: no` added"),
        ("well", "`clot` added"),
        ("well", "`bleeding` added"),
        ("well", "`small` added"),
        ("well", "`tablets: warfarin` added"),
    }


# -- the verdicts, by counting -----------------------------------------------------------------------------------------


def whole(patient: dict[str, Any]) -> dict[str, Any]:
    """A patient as content reads one: yes and no as true and false, numbers as decimals."""
    return {name: {"yes": True, "no": False}.get(answer, answer) if isinstance(answer, str) else answer for name, answer in patient.items()}


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_verdicts_are_what_counting_all_patients_says(data: st.DataObject) -> None:
    world: World = data.draw(worlds())
    given_ = data.draw(st.lists(presentations(world), max_size=4))
    with TemporaryDirectory() as temporary:
        ruleset = world.load(Path(temporary))
        where = Path(temporary) / "rules"
        rows = [_row(n, one, ruleset) for n, one in enumerate(given_)]
        (where / "p.cases.yaml").write_text("[" + ", ".join(rows) + "]", encoding="utf-8")
        book = open_book(where)
        bench = Bench(book, read_cases(where, book.ruleset), None)
        assert len(bench.runs) == len(given_)
        everybody = [whole(patient) for patient in world.patients]
        # An edit may move the limit of 5 by a step: who stands there and between is counted too.
        everybody += [
            {**patient, "count": Decimal(count)}
            for patient in everybody
            for count in ("4.5", "4.75", "5.25", "5.5")
            if patient["count"] == 5
        ]
        for edit in data.draw(st.lists(st.sampled_from(bench.edits), max_size=8, unique_by=id)):
            _compare(bench, edit, everybody)


def _row(n: int, one: dict[str, Any], ruleset: Any) -> str:
    """A case that passes: it expects what is decided."""
    decision = ruleset.decide(one, "p")
    rules = [reason.rule for reason in decision.reasons if reason.certainty == "certain"]
    expect: dict[str, Any] = {"status": str(decision.status), "rules": rules}
    if decision.urgency.lowest is not None:
        expect |= {"lowest": str(decision.urgency.lowest), "highest": str(decision.urgency.highest), "services": []}
    words = {True: "yes", False: "no"}
    answers = {name: words[value] if isinstance(value, bool) else value for name, value in one.items() if value is not None}
    return small.flow({"case": f"c{n}", "given": answers, "expect": expect})


def _compare(bench: Bench, edit: Any, everybody: list[dict[str, Any]]) -> None:
    before, after = Content(bench.data), Content(slipped(bench.data, edit))
    variant = RuleSet(bench.variants.of(edit).compiled)
    asked = list(before.pathways) if edit.pathway == "red_flags" else [edit.pathway]
    differs = False
    for n, patient in enumerate(everybody):
        possible = [not list(broken(content, patient)) for content in (before, after)]
        if not any(possible):
            continue
        found = [outcome(content, ["p"], patient) for content in (before, after)]
        ranks = {name: [outcome(content, [name], patient).rank for content in (before, after)] for name in asked}
        covered = [[holds(content.applies(name), patient) for content in (before, after)] for name in asked]
        differs = differs or possible[0] != possible[1] or any(one != other for one, other in (*ranks.values(), *covered))
        if possible[1] and n % 11 == 0:
            decision = variant.decide({name: answer for name, answer in patient.items() if answer is not None}, "p")
            highest = decision.urgency.highest
            assert (-1 if highest is None else highest.rank) == found[1].rank, edit
            assert {(one.pathway, one.rule) for one in decision.reasons} == found[1].rules, edit
    tried = bench.tried(edit)
    failing = [run.case.name for run in bench.runs if _fails(run.case, variant)]
    if tried.fate is Fate.KILLED:
        assert tried.case in failing
    else:
        assert failing == []
        # Of who can be only with the edit nobody was counted.
        assert tried.fate is (Fate.SURVIVED if differs else Fate.EQUIVALENT) or (edit.part == "constraint" and not differs)


def _fails(case: Any, variant: RuleSet) -> bool:
    try:
        decision = variant.decide(case.given, case.pathways)
    except InvalidPresentation:
        return case.part.expect.refused is None
    return bool(compared(case.part.expect, decision, variant, case.pathways).differences)
