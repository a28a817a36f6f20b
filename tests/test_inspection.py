"""What loads and is a mistake all the same is told, as a warning; what keeps a folder or its cases from being used, as an error."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import pathways
import small
from pathways.inspection import remarks_of

NOSE = "nose.yaml"
RULES = "ruleset.yaml"
CASE = "- {case: bleeds, given: {bleeding: yes}, expect: {lowest: urgent, highest: immediate, services: [ent]}}\n"
TODAY = date(2026, 12, 31)


def said(folder: Path, *edits: small.Edit, cases: str = CASE, today: date = TODAY) -> str:
    """Every remark on such a folder with these cases."""
    rules = small.write(folder, *edits)
    if cases:
        (rules / "nose.cases.yaml").write_text(cases, encoding="utf-8")
    return "\n".join(map(str, remarks_of(rules, today)))


WARNINGS: dict[str, tuple[list[small.Edit], str]] = {
    "nothing": ([], ""),
    "a rule whose parts exclude each other": ([(NOSE, "{bleeding: no}, {fever: no}]", "{bleeding: no}, {fever: no}, fever]")], "rules/nose.yaml:14:23: warning[dead-rule]: no patient can meet `well`: its parts exclude each other\n  help: correct the condition, or delete the rule"),
    "a rule against a constraint": ([(NOSE, "{fever: no}]", "{fever: no}, {temperature: {at_least: 39}}]")], "rules/nose.yaml:14:23: warning[dead-rule]: no patient can meet `well`: 38 or more is fever\n  help: correct the condition, or delete the rule"),
    "a rule against a gate": ([(NOSE, "when: clot,", "when: {all: [clot, {examined: no}]},")], "rules/nose.yaml:7:23: warning[dead-rule]: no patient can meet `clot`: `clot` applies only if: was seen\n  help: correct the condition, or delete the rule"),
    "a rule outside its pathway": ([(NOSE, "rules:\n", "applies: {age: {at_least: 16}}\nrules:\n"), (NOSE, "when: clot,", "when: {all: [clot, small]},")], "rules/nose.yaml:8:23: warning[dead-rule]: no patient can meet `clot`: it excludes every patient whom the pathway is for\n  help: correct the condition, or delete the rule"),
    "a red flag against a constraint": ([(RULES, "when: choking", "when: {all: [choking, {fever: no}, {temperature: {above: 40}}]}")], "rules/ruleset.yaml:17:29: warning[dead-rule]: no patient can meet `choking`: 38 or more is fever\n  help: correct the condition, or delete the rule"),
    "a pathway for nobody": ([(NOSE, "rules:\n", "applies: {all: [{fever: no}, {temperature: {above: 40}}]}\nrules:\n")], "rules/nose.yaml:6:1: warning[for-nobody]: `nose` applies to no patient\n  help: correct the condition"),
    "an item that no rule gives": ([("items.yaml", "  ask:", "  wait: {kind: advice, text: Wait.}\n  ask:")], "rules/items.yaml:4:3: warning[unused-item]: no rule gives the item `wait`\n  help: use it, or delete it"),
    "a service that no rule calls": ([(RULES, "services: {ent: {name: ENT}}", "services: {ent: {name: ENT}, dentist: {name: dentist}}")], "rules/ruleset.yaml:12:30: warning[unused-service]: no rule calls the service `dentist`\n  help: use it, or delete it"),
    "a shared definition that no rule reads": ([(RULES, "  small: {", "  ill: {means: x, when: fever}\n  small: {")], "rules/ruleset.yaml:19:3: warning[unused-definition]: no rule reads the definition `ill`\n  help: use it, or delete it"),
    "a definition that no rule reads": ([(NOSE, "rules:\n", "definitions: {ill: {means: x, when: fever}}\nrules:\n")], "rules/nose.yaml:6:15: warning[unused-definition]: no rule reads the definition `ill`\n  help: use it, or delete it"),
    "first aid is a use": ([("items.yaml", "  ask:", "  wait: {kind: advice, text: Wait.}\n  ask:"), (NOSE, "rules:\n", "first_aid: [wait]\nrules:\n")], ""),
}  # fmt: skip


@pytest.mark.parametrize("name", WARNINGS)
def test_what_loads_and_is_a_mistake_is_a_warning(tmp_path: Path, name: str) -> None:
    edits, wanted = WARNINGS[name]

    assert said(tmp_path, *edits) == wanted
    assert pathways.load(tmp_path / "rules").id == "tiny"


def test_a_day_that_cannot_be_read_is_no_review_overdue(tmp_path: Path) -> None:
    assert said(tmp_path, (NOSE, "review_by: 2027-01-01", "review_by: 1/1/2027")) == (
        "rules/nose.yaml:5:1: error[wrong-kind]: `1/1/2027` is not a date\n  help: write year-month-day, such as 2027-05-24"
    )


def test_a_review_that_is_overdue(tmp_path: Path) -> None:
    assert said(tmp_path, today=date(2027, 1, 1)) == ""
    assert said(tmp_path, today=date(2027, 1, 2)) == (
        "rules/nose.yaml:5:1: warning[past-review]: the review was due on 2027-01-01\n  help: review it, and set the next day\n"
        "rules/ruleset.yaml:4:1: warning[past-review]: the review was due on 2027-01-01\n  help: review it, and set the next day"
    )


@pytest.mark.parametrize("cases", ["", "[]\n"])
def test_a_pathway_without_cases(tmp_path: Path, cases: str) -> None:
    wanted = "rules/nose.yaml:1:1: warning[no-cases]: no case tests `nose`\n  help: write nose.cases.yaml beside it"

    assert said(tmp_path, cases=cases) == wanted


@pytest.mark.parametrize("cases", [b"\xff\xfe", b"- case: [", b"- {case: c}", b""])
def test_a_case_file_that_cannot_be_read_is_there_all_the_same(tmp_path: Path, cases: bytes) -> None:
    (small.write(tmp_path) / "nose.cases.yaml").write_bytes(cases)

    codes = [remark.code for remark in remarks_of(tmp_path / "rules", date(2026, 11, 25))]

    assert codes
    assert "no-cases" not in codes


def test_an_empty_folder_is_told_how_a_rule_set_begins(tmp_path: Path) -> None:
    (remark,) = remarks_of(tmp_path, date(2026, 11, 25))

    assert str(remark) == (
        f"{tmp_path.name}: error[cannot-read]: the folder holds no rule file\n"
        "  help: name the folder that holds ruleset.yaml; `pathways new PATHWAY FOLDER` begins a rule set"
    )


def test_an_otherwise_that_can_never_hold_is_no_mistake(tmp_path: Path) -> None:
    everybody = "{title: well, when: {any: [bleeding, {bleeding: no}]}, then: {urgency: none, advice: [home]}"
    assert (
        said(tmp_path, (NOSE, "{title: well, when: {all: [{bleeding: no}, {fever: no}]}, then: {urgency: none, advice: [home]}", everybody))
        == ""
    )


CASES = {
    "not YAML": ("- [", "rules/nose.cases.yaml:2:1: error[syntax]"),
    "an unknown key": ("- {case: a, expects: {}}", "rules/nose.cases.yaml:1:13: error[unknown-key]: `expects` is not a key here\n  help: did you mean `expect`?"),
    "an unknown finding": ("- {case: a, given: {bleedin: yes}, expect: {urgency: urgent, services: [ent]}}", "rules/nose.cases.yaml:1:21: error[unknown-finding]: `bleedin` is not a finding\n  help: did you mean `bleeding`?"),
    "an answer of another kind": ("- {case: a, given: {age: old}, expect: {urgency: urgent, services: [ent]}}", "rules/nose.cases.yaml:1:21: error[wrong-kind]: `age` is a number, and `old` was given\n  help: a number from 0 to 120 years"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_in_a_case_file_is_told_as_one_in_a_rule_file(tmp_path: Path, name: str) -> None:
    text, wanted = CASES[name]

    assert said(tmp_path, cases=text).startswith(wanted)


def test_mistakes_in_rules_and_cases_are_told_at_once(tmp_path: Path) -> None:
    found = said(tmp_path, (NOSE, "urgency: none", "urgnecy: none"), cases="- {case: a, expects: {}}")

    assert [line.split(":")[0] for line in found.splitlines() if "error[" in line] == ["rules/nose.cases.yaml", "rules/nose.yaml"]


def test_a_condition_too_wide_is_told_before_it_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(pathways.InvalidRules) as caught:
        small.ruleset(
            tmp_path,
            {f"{side}{n}": {} for n in range(11) for side in "ab"},
            {"wide": ({"all": [{"any": [f"a{n}", f"b{n}"]} for n in range(11)]}, "urgent")},
        )

    assert caught.value.remarks[0] in remarks_of(tmp_path / "rules", TODAY)


def test_constraints_that_nobody_satisfies(tmp_path: Path) -> None:
    """Every decision would be refused."""
    fever = (
        RULES,
        "  hot_is_fever:",
        "  no_fever: {if: fever, then: {fever: no}, means: x}\n  all_fever: {if: {fever: no}, then: fever, means: z}\n  hot_is_fever:",
    )
    wanted = "rules/ruleset.yaml:20:1: error[no-patient]: no patient satisfies all constraints\n  help: correct or delete one of them"

    assert said(tmp_path, fever) == wanted
    with pytest.raises(pathways.InvalidRules):
        pathways.load(tmp_path / "rules")


def test_cases_of_no_pathway(tmp_path: Path) -> None:
    rules = small.write(tmp_path)
    (rules / "noose.cases.yaml").write_text(CASE, encoding="utf-8")

    assert "rules/noose.cases.yaml: error[no-pathway]: there is no pathway `noose` for these cases\n  help: did you mean `nose`?" in said(
        tmp_path
    )


def test_a_file_that_nobody_reads(tmp_path: Path) -> None:
    rules = small.write(tmp_path)
    for name in ("ear.yml", "eye.YAML"):
        (rules / name).write_text("pathway: ear\n", encoding="utf-8")

    assert said(tmp_path) == (
        "rules/ear.yml: warning[not-read]: `ear.yml` is not read\n  help: name it ear.yaml, or delete it\n"
        "rules/eye.YAML: warning[not-read]: `eye.YAML` is not read\n  help: name it eye.yaml, or delete it"
    )


def test_a_place_of_care_in_the_folder_is_read(tmp_path: Path) -> None:
    rules = small.write(tmp_path)
    (rules / "here.site.yaml").write_text("site: here\ntitle: Here\nfacts: {ent_here: yes}\n", encoding="utf-8")

    assert "rules/here.site.yaml: error[site-incomplete]: the site does not state `minutes`" in said(tmp_path)


def test_the_shipped_rules_give_no_remark() -> None:
    rules = Path(__file__).parent.parent / "rules"

    assert [str(remark) for remark in remarks_of(rules, date(2026, 11, 25))] == []
