"""The verification report: what it is bound to, what speaks against the rules in it, and that it says the same twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

import pathways
import small
from pathways.agreement import agreement
from pathways.cli import cli
from pathways.content import Content
from pathways.verification import PARTS, NotVerified, Verification, bound_files, read_verification, verified

DAY = date(2026, 11, 25)
CASES = """\
- case: a child who bleeds
  given: {bleeding: yes, fever: no, choking: no, age: 7}
  expect: {urgency: urgent, services: [ent]}
"""


def rules_with_cases(folder: Path, *edits: small.Edit) -> Path:
    """The small rules with one case."""
    rules = small.write(folder, *edits)
    (rules / "nose.cases.yaml").write_text(CASES, encoding="utf-8")
    return rules


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Verification:
    return verified(rules_with_cases(tmp_path_factory.mktemp("found")), DAY, patients=40)


def test_the_same_folder_makes_the_same_record_on_any_number_of_processes(tmp_path: Path, found: Verification) -> None:
    again = verified(rules_with_cases(tmp_path), DAY, patients=40, jobs=2)

    assert again.to_json() == found.to_json()
    assert "seconds" not in found.to_json()


def test_each_tool_says_what_is_open(found: Verification) -> None:
    """One case exercises little, and most slips go by unnoticed: the record says so, tool by tool."""
    assert not found.against("test")
    assert not found.against("differential")
    assert any("P9" in text for text in found.against("check"))
    assert [text for text in found.against("coverage") if "exercised by no case" in text]
    assert [text for text in found.against("mutants") if "survived" in text]
    assert found.fails
    assert set(found.parts) == set(PARTS)


def test_a_case_that_fails_is_open(tmp_path: Path) -> None:
    rules = rules_with_cases(tmp_path)
    (rules / "nose.cases.yaml").write_text(CASES.replace("urgency: urgent", "urgency: immediate"), encoding="utf-8")
    failing = verified(rules, DAY, ["test"])

    assert failing.against("test") == ("1 of 1 cases fail",)
    assert failing.parts["test"]["failures"] == ["nose: a child who bleeds"]
    assert failing.fails


def test_what_was_left_out_is_open_and_is_no_failure(tmp_path: Path) -> None:
    part = verified(rules_with_cases(tmp_path), DAY, ["test"])

    assert part.open_points() == tuple(f"{name}: not run, not asked for" for name in PARTS if name != "test")
    assert not part.fails


def test_without_the_extra_a_part_says_why_it_was_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathways.extras import Missing

    def missing(*_: object, **__: object) -> None:
        raise Missing("proofs need", "z3")

    monkeypatch.setattr("pathways.checks.check", missing)
    part = verified(rules_with_cases(tmp_path), DAY, ["test", "check"])

    assert part.not_run["check"] == 'proofs need z3: pip install "ent-pathways[author]"'
    assert part.fails


# -- what a record is bound to -----------------------------------------------------------------------------------------


def test_a_record_is_read_back_for_its_rules_and_cases(tmp_path: Path, found: Verification) -> None:
    rules = rules_with_cases(tmp_path)
    digest = pathways.load(rules).digest

    assert read_verification(found.to_json().encode(), digest, rules) == found


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "other rules": (lambda rules: _edited(rules / "nose.yaml", "within: PT1H", "within: now"), "is of the rules"),
    "another case": (lambda rules: _edited(rules / "nose.cases.yaml", "age: 7", "age: 8"), "another nose.cases.yaml"),
    "a comment in a case file": (lambda rules: _edited(rules / "nose.cases.yaml", "- case", "# read\n- case"), "another nose.cases.yaml"),
    "a case file too many": (lambda rules: (rules / "ear.cases.yaml").write_text("[]"), "another ear.cases.yaml"),
    "requirements since": (lambda rules: (rules / "requirements.yaml").write_text("{}"), "another requirements.yaml"),
}


def _edited(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("change", REFUSED)
def test_a_record_says_nothing_of_other_rules_or_cases(tmp_path: Path, found: Verification, change: str) -> None:
    rules = rules_with_cases(tmp_path)
    edit, said = REFUSED[change]
    edit(rules)

    with pytest.raises(NotVerified, match=said):
        read_verification(found.to_json().encode(), pathways.load(rules).digest, rules)


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b"[" * 100_000, b"\xff", b'{"format": 1}'],
    ids=["empty", "a list", "an empty object", "deep", "not UTF-8", "parts missing"],
)
def test_what_is_no_record_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(NotVerified):
        read_verification(data, "0" * 64, tmp_path)


def test_a_record_with_a_part_cut_out_is_refused(tmp_path: Path, found: Verification) -> None:
    rules = rules_with_cases(tmp_path)
    cut = json.loads(found.to_json()) | {"mutants": None}

    with pytest.raises(NotVerified, match="no verification report"):
        read_verification(json.dumps(cut).encode(), found.digest, rules)


def test_formatting_of_the_rules_leaves_a_record_as_it_is(tmp_path: Path, found: Verification) -> None:
    rules = rules_with_cases(tmp_path)
    _edited(rules / "nose.yaml", "pathway: nose", "# a comment\npathway:   nose")

    assert read_verification(found.to_json().encode(), pathways.load(rules).digest, rules).digest == found.digest
    assert list(bound_files(rules)) == ["nose.cases.yaml"]


# -- two readings ------------------------------------------------------------------------------------------------------

SLIPS = {
    "a limit on the wrong side": ("nose.yaml", "bleeding, {all", "{not: bleeding}, {all"),
    "another urgency": (
        "nose.yaml",
        "otherwise: {urgency: discuss_same_day, referrals: [{service: ent,",
        "otherwise: {urgency: urgent, referrals: [{service: ent, contact: now,",
    ),
    "an item that is gone": ("nose.yaml", ", actions: [pack]}", "}"),
    "another threshold": ("ruleset.yaml", "age: {below: 2}", "age: {below: 20}"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_an_engine_that_reads_other_rules_is_found_out(tmp_path: Path, slip: str) -> None:
    """The plain reading reads the rules, the engine a variant of them: somebody tells them apart."""
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    content = Content(small.load(tmp_path / "one").content())
    other = small.load(tmp_path / "other", SLIPS[slip])

    assert agreement(other, content, 300).fails


def test_every_rule_is_met_and_missed_by_those_who_are_drawn(tmp_path: Path) -> None:
    from random import Random

    from pathways.agreement import drawn
    from pathways.plain import outcome

    ruleset = small.load(tmp_path)
    content = Content(ruleset.content())
    patients = [drawn(ruleset, "nose", Random(number)) for number in range(200)]
    held = [{rule for _, rule in outcome(content, ["nose"], patient).rules} for patient in patients if patient is not None]

    assert len(held) == 200
    for rule in ("choking", "clot", "bleed", "well", "otherwise"):
        assert 0 < sum(rule in one for one in held) < 200, rule


# -- the command -------------------------------------------------------------------------------------------------------


def test_the_command_writes_the_record_and_prints_a_row_for_each_tool(tmp_path: Path) -> None:
    rules, record = rules_with_cases(tmp_path), tmp_path / "verification.json"
    left_out = [word for part in PARTS if part not in ("test", "differential") for word in ("--without", part)]
    done = CliRunner().invoke(cli, ["report", str(rules), *left_out, "--patients", "20", "--format", "json", "--output", str(record)])

    assert done.exit_code == 0, done.output
    assert "test         1 of 1 case passed" in done.output
    assert "check        not run: not asked for" in done.output
    assert "differential 20 patients, known in full and in part: 0 disagreements" in done.output
    assert "3 points open" in done.output
    assert set(read_verification(record.read_bytes(), pathways.load(rules).digest, rules).parts) == {"test", "differential"}


def test_the_command_ends_with_1_where_something_does_not_hold(tmp_path: Path) -> None:
    left_out = [word for part in ("check", "mutants", "differential") for word in ("--without", part)]
    done = CliRunner().invoke(cli, ["report", str(rules_with_cases(tmp_path)), *left_out])

    assert done.exit_code == 1
    assert "exercised by no case" in done.output
