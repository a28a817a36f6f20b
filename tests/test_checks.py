"""What `check` proves, and whom it shows where it cannot."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import small
from pathways.checks import PROPERTIES, Verdict, check
from pathways.remarks import Severity
from pathways.shipped import folder


def refuted(where, only):
    """The remarks of a property that is refuted."""
    report = check(where, [only])
    assert report.verdict(only) is Verdict.REFUTED
    assert report.fails()
    return report.remarks


def test_patient_of_whom_no_rule_speaks_is_shown(tmp_path):
    where = small.write(tmp_path, ("nose.yaml", small.FILES["nose.yaml"].splitlines(keepends=True)[-1], ""))
    [remark] = refuted(where, "P1")
    assert (remark.code, str(remark.place)) == ("gap", "rules/nose.yaml:6:1")
    assert remark.message == "`nose` says nothing of some of its patients"
    assert remark.example.said == "is hot; all else absent"
    assert remark.example.decided == "no urgency; nobody is called"
    assert dict(remark.example.given)["fever"] == "yes"


def test_constraint_that_excludes_nobody_is_named(tmp_path):
    where = small.write(
        tmp_path,
        ("ruleset.yaml", "constraints:\n", "constraints:\n  again: {if: {temperature: {at_least: 39}}, then: fever, means: hot}\n"),
    )
    [remark] = [remark for remark in refuted(where, "P0") if remark.severity is not Severity.NOTE]
    assert remark.message == "the constraint `again` excludes nobody whom the others leave"


def test_every_property_of_the_shipped_rules_is_proved():
    report = check(folder(), jobs=2)
    assert {one.id: report.verdict(one.id) for one in PROPERTIES} == {one.id: Verdict.PROVED for one in PROPERTIES}
    assert not report.fails()


def test_any_number_of_processes_says_the_same(tmp_path):
    one, two = check(folder(), ["P0", "P1"], jobs=1), check(folder(), ["P0", "P1"], jobs=2)
    assert [(result.property, result.subject, result.verdict, result.remarks) for result in one.results] == [
        (result.property, result.subject, result.verdict, result.remarks) for result in two.results
    ]
    assert one.not_checked == two.not_checked
    assert one.not_checked[0] == "every property but P0, P1: not asked for"
    assert one.not_checked[1:] == check(small.write(tmp_path)).not_checked, "what no property asks is always said"


@pytest.mark.parametrize("arguments", [["--only", "P99"], ["--allow-undecided", "p1"]])
def test_unknown_property_is_refused(arguments):
    run = subprocess.run([sys.executable, "-m", "pathways", "check", *arguments], capture_output=True, text=True)
    assert run.returncode == 2
    assert "is not a property: one of P0, P1" in run.stderr
    assert run.stdout == ""


def test_report_for_other_programs_names_properties_results_and_digest():
    run = subprocess.run([sys.executable, "-m", "pathways", "check", "--only", "P7b", "--format", "json"], capture_output=True, text=True)
    data = json.loads(run.stdout)
    assert run.returncode == 0
    assert data["results"][0] | {"seconds": 0, "questions": 0} == {
        "property": "P7b", "subject": [], "verdict": "proved", "seconds": 0, "questions": 0, "limit": "", "missing": "", "remarks": [],
    }  # fmt: skip
    assert len(data["digest"]) == 64
