"""What `validate` and `test` print in each format: for people in 80 columns, for other programs as those programs read it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

import small
from pathways import InvalidRules, Place, Remark, Severity, load
from pathways.cases import run
from pathways.cli import cli
from pathways.loader import remarks_of
from pathways.remarks import Example
from pathways.reports.cases import Ran, case_rows
from pathways.reports.formats import CASE_FORMATS, REMARK_FORMATS, Remarked
from pathways.reports.github import annotation
from pathways.reports.roots import Root

BLEED = "given: {bleeding: yes, choking: no, examined: no}"
MET = f"- {{case: bleeds, {BLEED}, expect: {{urgency: urgent, services: [ent]}}}}\n"
NOT_MET = f"- {{case: 'bleeds, 50% & <more>', {BLEED}, expect: {{urgency: none, referrals: {{ent: {{within: PT1H}}}}, rules: [well], absent: [pack]}}}}\n"
HERE = Root("rules", "there/rules/")


def write(folder: Path, text: str) -> Path:
    rules = small.write(folder)
    (rules / "nose.cases.yaml").write_text(text, encoding="utf-8")
    return rules


def ran(folder: Path, text: str) -> Ran:
    """The cases of the smallest rule set, run."""
    rules = write(folder, text)
    return Ran(run(rules, load(rules)), HERE)


def printed(name: str, report: Ran) -> str:
    return "".join(f"{line}\n" for line in CASE_FORMATS[name](report))


# -- for people ------------------------------------------------------------------------------------------------------

BESIDE = """\
rules/nose.cases.yaml:2:4: failed: bleeds, 50% & <more>
             expected                          decided
  urgency    none                              urgent
  referrals  ent: within PT1H                  contact now, within PT4H,
                                               certain
  rules      well                              does not hold
  absent     pack                              certain
  rules responsible
    holds          bleed, rules/nose.yaml:8:3
    does not hold  well, rules/nose.yaml:14:3

2 cases, 1 passed, 1 failed
"""


def test_a_case_that_fails_stands_side_by_side_with_the_rules_responsible(tmp_path: Path) -> None:
    assert printed("text", ran(tmp_path, MET + NOT_MET)) == BESIDE


def test_the_urgency_stands_there_also_where_it_is_as_expected(tmp_path: Path) -> None:
    text = printed("text", ran(tmp_path, f"- {{case: c, {BLEED}, expect: {{urgency: urgent, services: []}}}}"))

    assert "  urgency   urgent                             urgent\n  services  none                               ent\n" in text


def test_what_is_too_long_for_its_column_goes_on_below_it(tmp_path: Path) -> None:
    name = "pack_the_nose_on_both_sides_and_look_again_after_ten_minutes"
    rules = small.write(tmp_path, ("items.yaml", "pack:", f"{name}:"), ("nose.yaml", "actions: [pack]", f"actions: [{name}]"))
    seen = f"- {{case: seen, {BLEED}, expect: {{urgency: urgent, services: [ent], absent: [{name}]}}}}\n"
    refused = "- {case: refused, given: {temperature: 39, fever: no}, expect: {refused: [bleeding]}}"
    (rules / "nose.cases.yaml").write_text(seen + refused, encoding="utf-8")
    rows = [row for result in run(rules, load(rules)) for row in case_rows(result)]

    assert max(map(len, rows)) <= 80
    assert "  absent   pack_the_nose_on_both_sides_and_l  certain\n           ook_again_after_ten_minutes\n" in "\n".join(rows)
    assert "  refused  bleeding                           `temperature` and `fever` cannot" in rows


def test_a_great_many_rules_are_not_all_named(tmp_path: Path) -> None:
    rules = {f"rule_{n}": ({"a": "yes"}, "urgent") for n in range(11)}
    small.ruleset(tmp_path, {"a": {}}, rules, otherwise="discuss_same_day")
    (tmp_path / "rules" / "p.cases.yaml").write_text(
        "- {case: c, given: {a: yes}, expect: {urgency: none, services: []}}", encoding="utf-8"
    )
    (result,) = run(tmp_path / "rules", load(tmp_path / "rules"))
    rows = list(case_rows(result))

    assert [row for row in rows if "rule_" in row][-1].startswith("    holds          rule_7, ")
    assert rows[-1] == "    and 3 more"


# -- for other programs ----------------------------------------------------------------------------------------------


def test_json_has_every_case_with_what_differs_and_paths_that_can_be_opened(tmp_path: Path) -> None:
    data = json.loads(printed("json", ran(tmp_path, MET + NOT_MET)))

    assert [data[key] for key in ("cases", "passed", "failed", "remarks")] == [2, 1, 1, []]
    assert data["results"][0] == {
        "case": "bleeds", "pathway": "nose", "file": "there/rules/nose.cases.yaml", "line": 1, "column": 4, "passed": True,
        "urgency": {"expected": "urgent", "decided": "urgent"}, "differences": [], "responsible": [],
    }  # fmt: skip
    assert data["results"][1]["differences"][2:] == [
        {"what": "rules", "expected": "well", "decided": "does not hold"},
        {"what": "absent", "expected": "pack", "decided": "certain"},
    ]
    assert data["results"][1]["responsible"][0] == {
        "rule": "bleed",
        "pathway": "nose",
        "state": "holds",
        "file": "there/rules/nose.yaml",
        "line": 8,
        "column": 3,
    }


def test_github_reads_an_annotation_for_each_case_that_fails(tmp_path: Path) -> None:
    first, last = printed("github", ran(tmp_path, MET + NOT_MET)).splitlines()

    assert first == (
        "::error file=there/rules/nose.cases.yaml,line=2,col=4,title=case failed%3A bleeds%2C 50%25 & <more>::"
        "urgency: expected none, decided urgent%0A"
        "referrals: expected ent: within PT1H, decided contact now, within PT4H, certain%0A"
        "rules: expected well, decided does not hold%0A"
        "absent: expected pack, decided certain%0A"
        "bleed holds: there/rules/nose.yaml:8:3%0A"
        "well does not hold: there/rules/nose.yaml:14:3"
    )
    assert last == "2 cases, 1 passed, 1 failed"


def test_nothing_in_an_annotation_ends_it_or_begins_another() -> None:
    line = annotation(Severity.WARNING, "a:b,c", "50%\n::error::x\r\ny\x1b", Place("rules/a,b.yaml"), HERE)

    assert line == "::warning file=there/rules/a%2Cb.yaml,title=a%3Ab%2Cc::50%25%0A::error::x<U+000D>%0Ay<U+001B>"


def test_the_patient_of_a_remark_is_in_every_format() -> None:
    patient = Example("a child of 3, bleeding now", "none", (("bleeding", "yes"), ("age", "3")))
    note = Remark(
        "only-otherwise", "no rule is for them", Place("rules/nose.yaml", 15, 1), "write a case", severity=Severity.NOTE, example=patient
    )
    report = Remarked((note,), HERE)

    assert "  patient: a child of 3, bleeding now\n  decided: none\n" in "\n".join(REMARK_FORMATS["text"](report))
    data = json.loads("".join(REMARK_FORMATS["json"](report)))
    assert [data[key] for key in ("errors", "warnings", "notes")] == [0, 0, 1]
    assert data["remarks"][0]["example"] == {"said": patient.said, "decided": "none", "given": {"bleeding": "yes", "age": "3"}}
    assert next(iter(REMARK_FORMATS["github"](report))) == (
        "::notice file=there/rules/nose.yaml,line=15,col=1,title=only-otherwise::no rule is for them%0A"
        "patient: a child of 3, bleeding now%0Adecided: none%0Ahelp: write a case"
    )


def test_check_prints_annotations_and_then_how_each_property_stands(tmp_path: Path) -> None:
    pytest.importorskip("z3")
    constraints = "constraints:\n"
    rules = small.write(
        tmp_path,
        ("ruleset.yaml", constraints, f"{constraints}  again: {{if: {{temperature: {{at_least: 39}}}}, then: fever, means: fever}}\n"),
    )
    lines = call("check", rules, "--only", "P0", "--jobs", "1", "--format", "github").stdout.splitlines()
    text = call("check", rules, "--only", "P0", "--jobs", "1", "--notes").stdout.splitlines()

    assert [line.split(",")[0] for line in lines if line.startswith("::error")] == [f"::error file={rules}/ruleset.yaml"]
    assert [line for line in lines if not line.startswith("::")] == text[len(text) - text[::-1].index("") :]


# Attributes that junit-10.xsd of Jenkins' xUnit plugin allows and requires; `file` and `line` of a test are those of pytest and GitLab.
SHAPE = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, set(), {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"},
        {"name", "tests", "failures", "errors"},
        {"testcase"},
    ),
    "testcase": ({"name", "time", "classname", "group", "file", "line"}, {"name", "classname"}, {"failure", "error", "skipped"}),
    "failure": ({"type", "message"}, {"message"}, set()),
    "error": ({"type", "message"}, {"message"}, set()),
}


def well_formed(text: str) -> ElementTree.Element:
    """The root of a document in which every element has the attributes and children that it may and must have."""
    root = ElementTree.fromstring(text)  # noqa: S314 - we wrote it
    assert root.tag == "testsuites"
    for element in root.iter():
        allowed, required, children = SHAPE[element.tag]
        assert required <= set(element.attrib) <= allowed
        assert {child.tag for child in element} <= children
    for suite in root:
        tests = list(suite)
        assert int(suite.attrib["tests"]) == len(tests)
        assert int(suite.attrib["failures"]) == sum(test.find("failure") is not None for test in tests)
        assert int(suite.attrib["errors"]) == sum(test.find("error") is not None for test in tests)
    for total in ("tests", "failures", "errors"):
        assert int(root.attrib[total]) == sum(int(suite.attrib[total]) for suite in root)
    return root


def test_junit_has_a_suite_for_each_pathway_and_a_test_for_each_case(tmp_path: Path) -> None:
    text = printed("junit", ran(tmp_path, MET + NOT_MET))
    root = well_formed(text)

    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n')
    assert [suite.attrib["name"] for suite in root] == ["nose"]
    met, not_met = root.iter("testcase")
    assert met.attrib == {"classname": "nose", "name": "bleeds", "file": "there/rules/nose.cases.yaml", "line": "1"}
    assert len(met) == 0
    assert not_met.attrib["name"] == "bleeds, 50% & <more>"
    assert not_met[0].attrib["message"].startswith("urgency: expected none, decided urgent; referrals: ")
    assert (not_met[0].text or "").splitlines()[:4] == ["there/rules/nose.cases.yaml:2", *BESIDE.splitlines()[1:4]]


def test_a_folder_that_does_not_load_is_an_error_in_every_format(tmp_path: Path) -> None:
    rules = small.write(tmp_path, ("nose.yaml", "when: clot", "when: clott"))
    with pytest.raises(InvalidRules) as caught:
        load(rules)
    report = Ran((), HERE, caught.value.remarks)
    (suite,) = well_formed(printed("junit", report))

    assert (suite.attrib["name"], suite[0].attrib["name"]) == ("rules", "the rules load")
    assert "did you mean `clot`?" in (suite[0][0].text or "")
    assert json.loads(printed("json", report))["remarks"][0]["code"] == "unknown-name"
    assert printed("github", report).startswith("::error file=there/rules/nose.yaml,line=")
    assert printed("text", report).endswith("1 error, 0 warnings\n")


def test_remarks_are_printed_in_every_format(tmp_path: Path) -> None:
    rules = small.write(
        tmp_path, ("nose.yaml", "when: clot", "when: clott"), ("nose.yaml", "pathway: nose", "pathway: nose\npathway: nose")
    )
    report = Remarked(remarks_of(rules), HERE)
    text, data, github = ("\n".join(REMARK_FORMATS[name](report)) for name in ("text", "json", "github"))
    twice = next(remark for remark in report.remarks if remark.other is not None)

    assert text == "\n".join([*map(str, report.remarks), f"{len(report.remarks)} errors, 0 warnings"])
    assert json.loads(data)["errors"] == len(report.remarks)
    assert {"severity": "error", "code": twice.code, "message": twice.message, "file": "there/rules/nose.yaml", "line": 2, "column": 1,
            "other": {"file": "there/rules/nose.yaml", "line": 1, "column": 1}, "help": twice.help} in json.loads(data)["remarks"]  # fmt: skip
    assert (
        f"::error file=there/rules/nose.yaml,line=2,col=1,title={twice.code}::{twice.message}%0Asee also: there/rules/nose.yaml:1:1%0Ahelp: {twice.help}\n"
        in github
    )


# -- on the command line ---------------------------------------------------------------------------------------------


def call(*words: str | Path) -> Result:
    result = CliRunner().invoke(cli, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


@pytest.mark.parametrize(("command", "formats"), [("test", CASE_FORMATS), ("validate", REMARK_FORMATS)])
def test_the_command_takes_every_format_of_its_table(tmp_path: Path, command: str, formats: dict[str, object]) -> None:
    rules = write(tmp_path, MET)

    assert all(call(command, rules, "--format", name).exit_code == 0 for name in formats)
    assert all(name in call(command, "--help").stdout for name in formats)
    assert "'sarif' is not one of" in call(command, rules, "--format", "sarif").stderr


@pytest.mark.parametrize("name", CASE_FORMATS)
def test_any_number_of_processes_gives_the_same_bytes(tmp_path: Path, name: str) -> None:
    levels = ("urgent", "none", "immediate")
    rules = write(
        tmp_path, "".join(f"- {{case: c{n}, {BLEED}, expect: {{urgency: {levels[n % 3]}, services: [ent]}}}}\n" for n in range(9))
    )
    outputs = [call("test", rules, "--format", name, "--jobs", str(jobs)) for jobs in (1, 2, 5)]

    assert {result.exit_code for result in outputs} == {1}
    assert len({result.stdout for result in outputs}) == 1


def test_paths_are_those_from_where_the_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = write(tmp_path, NOT_MET)
    found = []
    for place, name in (
        (tmp_path, "rules"),
        (tmp_path.parent, f"{tmp_path.name}/rules"),
        (rules, "."),
        (rules, "../rules"),
        (Path("/usr"), rules),
    ):
        monkeypatch.chdir(place)
        found.append(json.loads(call("test", name, "--format", "json").stdout)["results"][0]["file"])

    assert found == [
        "rules/nose.cases.yaml",
        f"{tmp_path.name}/rules/nose.cases.yaml",
        "nose.cases.yaml",
        "nose.cases.yaml",
        f"{rules}/nose.cases.yaml",
    ]


def test_a_report_is_written_whole_and_people_read_text(tmp_path: Path) -> None:
    rules = write(tmp_path, NOT_MET)
    file = tmp_path / "report.xml"
    file.write_text("old", encoding="utf-8")
    result = call("test", rules, "--format", "junit", "--output", file)

    assert result.exit_code == 1
    assert result.stdout.endswith("1 case, 0 passed, 1 failed\n")
    assert well_formed(file.read_text(encoding="utf-8")).attrib["failures"] == "1"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["report.xml", "rules"]


def test_a_folder_that_does_not_load_is_reported_in_the_format_too(tmp_path: Path) -> None:
    rules = small.write(tmp_path, ("nose.yaml", "when: clot", "when: clott"))
    file = tmp_path / "report.xml"
    result = call("test", rules, "--format", "junit", "--output", file)
    github = call("test", rules, "--format", "github")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "did you mean `clot`?" in result.stderr
    assert well_formed(file.read_text(encoding="utf-8")).attrib["errors"] == "1"
    assert github.stdout.startswith("::error file=")
    assert call("test", rules).stdout == ""


@pytest.mark.parametrize("name", ["none/report.xml", ".", "rules/nose.cases.yaml/x"])
def test_a_report_that_cannot_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    write(tmp_path, MET)
    monkeypatch.chdir(tmp_path)
    result = call("test", "rules", "--output", name)

    assert result.exit_code == 2
    assert f"`{name}` " in result.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["rules"]


def test_a_terminal_is_told_how_far_a_run_is_and_nobody_else(tmp_path: Path) -> None:
    pexpect = pytest.importorskip("pexpect")
    rules = write(tmp_path, MET)
    here = {key: value for key, value in os.environ.items() if key.startswith(("PATH", "PYTHON", "COVERAGE"))}
    shown = {
        term: pexpect.run(f"{sys.executable} -m pathways test {rules}", env={**here, "TERM": term}, encoding="utf-8", timeout=60)
        for term in ("xterm", "dumb")
    }

    assert "cases  [####################################]  100%" in shown["xterm"]
    assert shown["dumb"] == "1 case, 1 passed, 0 failed\r\n"
    assert call("test", rules).stderr == ""


ONLY = {
    "nose": ["bleeds", "is well", "is seen"],  # a pathway
    "well": ["is well"],  # a rule; and the name
    "ble*": ["bleeds", "is seen"],  # a rule that a case names
    "IS ": ["is well", "is seen"],  # a part of the name
    "is?w": ["is well"],
}


@pytest.mark.parametrize("pattern", ONLY)
def test_only_some_cases_are_run(tmp_path: Path, pattern: str) -> None:
    expect = "expect: {urgency: none, services: []"
    rules = write(tmp_path, f"{MET}- {{case: is well, {expect}, rules: [well]}}}}\n- {{case: is seen, {expect}, absent: [bleed]}}}}\n")
    result = call("test", rules, "--only", pattern, "--format", "json")

    assert [one["case"] for one in json.loads(result.stdout)["results"]] == ONLY[pattern]


def test_a_pattern_that_no_case_meets_is_refused(tmp_path: Path) -> None:
    result = call("test", write(tmp_path, MET), "--only", "ear")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "no case is of a pathway, names a rule or item, or has a name like `ear`" in result.stderr
