"""What the pages for authors say is so: the first rule set is complete and can be used as it stands, and every key is explained."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import pathways
from pathways.cases import run
from pathways.inspection import remarks_of

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "authors"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rule folder of the page, file by file."""
    place = tmp_path_factory.mktemp("page")
    text = (PAGES / "first-rule-set.md").read_text(encoding="utf-8")
    for name, block in re.findall(r'^```yaml title="(.+?)"\n(.*?)^```$', text, re.MULTILINE | re.DOTALL):
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(block, encoding="utf-8")
    return place / "my_rules"


def test_the_first_rule_set_is_a_whole_folder_without_a_remark(folder: Path) -> None:
    assert sorted(file.name for file in folder.iterdir()) == [
        "cottage_hospital.site.yaml", "ear_object.cases.yaml", "ear_object.yaml", "findings.yaml", "items.yaml", "ruleset.yaml", "sources.yaml",
    ]  # fmt: skip
    assert [str(remark) for remark in remarks_of(folder, date(2026, 11, 25))] == []


def test_the_cases_of_the_first_rule_set_pass(folder: Path) -> None:
    results = run(folder, pathways.load(folder))

    assert len(results) == 7
    assert [(result.case.name, result.differences) for result in results if not result.passed] == []


def test_the_first_rule_set_decides_a_patient(folder: Path) -> None:
    ruleset = pathways.load(folder, site=folder / "cottage_hospital.site.yaml")
    decision = ruleset.decide({"looks_unwell": False, "battery_possible": True, "object_gone": False}, ["ear_object"])

    assert (str(decision.urgency.lowest), str(decision.urgency.highest)) == ("urgent", "urgent")
    assert [referral.service for referral in decision.referrals] == ["ent_on_call"]
    assert [item.id for item in decision.actions] == ["nothing_into_the_ear", "transfer"]


def test_its_first_command_and_its_last_run_as_they_are_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from pathways.cli import cli

    monkeypatch.chdir(folder.parent)
    text = (PAGES / "first-rule-set.md").read_text(encoding="utf-8")
    commands = re.findall(r"^pathways (.+ my_rules.*)$", text, re.MULTILINE)
    results = [CliRunner().invoke(cli, command.split()) for command in commands]

    assert len(results) == 3
    assert [result.exit_code for result in results] == [0, 0, 0]
    assert "7 cases, 7 passed, 0 failed" in results[1].stdout
