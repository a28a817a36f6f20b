"""A case file is read as strictly as a rule file, and a case that fails says how the decision differs."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

import small
from pathways import InvalidRules
from pathways.cases import CaseResult, read_cases, run, run_cases, unmentioned
from pathways.reports.cases import case_rows

URGENT = "expect: {urgency: urgent, services: [ent]}"
BLEED = "given: {bleeding: yes, choking: no, examined: no}"


def read(folder: Path, text: str) -> tuple[CaseResult, ...]:
    """The results of the cases of the smallest rule set."""
    ruleset = small.load(folder)
    (folder / "rules" / "nose.cases.yaml").write_text(text, encoding="utf-8")
    return run(folder / "rules", ruleset)


REFUSED = {
    "no list": ("case: bleeds", "rules/nose.cases.yaml:1:1: error[wrong-shape]: a list is expected here, not a mapping\n  help: begin each with `- `"),
    "an unknown key": (f"- {{case: c, {URGENT}, why: x}}", "rules/nose.cases.yaml:1:57: error[unknown-key]: `why` is not a key here\n  help: the keys here are case, given, unmentioned, pathways, site, expect, sources, note"),
    "an unknown finding": (f"- {{case: c, given: {{bleedin: yes}}, {URGENT}}}", "rules/nose.cases.yaml:1:21: error[unknown-finding]: `bleedin` is not a finding\n  help: did you mean `bleeding`?"),
    "an unknown pathway": (f"- {{case: c, pathways: [noose], {URGENT}}}", "rules/nose.cases.yaml:1:13: error[unknown-pathway]: `noose` is not a pathway\n  help: did you mean `nose`?"),
    "no urgency": ("- {case: c, expect: {services: [ent]}}", "rules/nose.cases.yaml:1:4: error[case-asserts-little]: `c` expects no urgency\n  help: add `urgency:`, or `lowest:` and `highest:`"),
    "half an urgency": ("- {case: c, expect: {lowest: urgent, services: [ent]}}", "rules/nose.cases.yaml:1:4: error[case-asserts-little]: `c` expects no urgency\n  help: add `urgency:`, or `lowest:` and `highest:`"),
    "no services": ("- {case: c, expect: {urgency: urgent}}", "rules/nose.cases.yaml:1:4: error[case-asserts-little]: `c` expects no services\n  help: add `referrals:` or `services:`; `services: []` where nobody is called"),
    "an unknown level": ("- {case: c, expect: {urgency: urgnt, services: [ent]}}", "rules/nose.cases.yaml:1:22: error[unknown-level]: `urgnt` is not a level\n  help: did you mean `urgent`?"),
    "an unknown rule": ("- {case: c, expect: {urgency: urgent, services: [ent], rules: [bled]}}", "rules/nose.cases.yaml:1:56: error[unknown-name]: `bled` is not one of the rules of this rule set\n  help: did you mean `bleed`?"),
    "a rule that is gone": ("- {case: c, expect: {urgency: urgent, services: [ent], rules: [referred]}}", "rules/nose.cases.yaml:1:56: error[unknown-name]: `referred` is not one of the rules of this rule set\n  help: correct the case, or bring back what it names"),
    "an unknown item": ("- {case: c, expect: {urgency: urgent, services: [ent], absent: [hom]}}", "rules/nose.cases.yaml:1:56: error[unknown-name]: `hom` is not one of the absent of this rule set\n  help: did you mean `home`?"),
    "two of one name": (f"- {{case: c, {BLEED}, {URGENT}}}\n- {{case: c, {URGENT}}}", "rules/nose.cases.yaml:2:4: error[case-twice]: `c` is the name of two cases\n  see also: rules/nose.cases.yaml:1:4\n  help: rename one of them"),
    "an answer of another kind": (f"- {{case: c, given: {{age: old}}, {URGENT}}}", "rules/nose.cases.yaml:1:21: error[wrong-kind]: `age` is a number, and `old` was given\n  help: a number from 0 to 120 years"),
    "an answer of another kind, the rest absent": (f"- {{case: c, given: {{age: old}}, unmentioned: absent, {URGENT}}}", "rules/nose.cases.yaml:1:21: error[wrong-kind]: `age` is a number, and `old` was given\n  help: a number from 0 to 120 years"),
    "a site fact of another kind": (f"- {{case: b, {BLEED}, {URGENT}}}\n- {{case: c, site: {{ent_here: maybe}}, {URGENT}}}", "rules/nose.cases.yaml:2:20: error[wrong-kind]: `ent_here` is yes or no, not `maybe`"),
    "a site fact of another shape": (f"- {{case: c, site: {{ent_here: [yes]}}, {URGENT}}}", "rules/nose.cases.yaml:1:20: error[wrong-kind]: `ent_here` is yes or no, not `a list`"),
    "yes in quotes": (f"- {{case: c, given: {{bleeding: \"yes\"}}, {URGENT}}}", "rules/nose.cases.yaml:1:21: error[wrong-kind]: `bleeding` is a yes/no finding, and `\"yes\"` was given\n  help: answer yes or no, without quotes"),
    "a number in quotes": (f"- {{case: c, given: {{age: \"7\"}}, {URGENT}}}", "rules/nose.cases.yaml:1:21: error[wrong-kind]: `age` is a number, and `\"7\"` was given\n  help: a number from 0 to 120 years"),
    "an unknown site fact": (f"- {{case: c, site: {{ent_her: yes}}, {URGENT}}}", "rules/nose.cases.yaml:1:20: error[unknown-site-fact]: `ent_her` is not a site fact\n  help: did you mean `ent_here`?"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_case_that_cannot_be_meant_is_refused_with_its_place(tmp_path: Path, name: str) -> None:
    text, wanted = REFUSED[name]
    with pytest.raises(InvalidRules) as caught:
        read(tmp_path, text)

    assert str(caught.value) == wanted


@pytest.mark.parametrize(
    ("given", "cure"),
    [
        ("{fever: {unknown: forgot}}", "write {unknown: reason} with one of: not-asked, asked-unknown, unable-to-assess"),
        ("{fever: not-asked}", "a reason for absence is given as {unknown: not-asked}"),
        ("{fever: 1}", "answer yes or no, without quotes"),
        ("{age: {above: 3}}", "a range is written {from: lowest, below: highest}"),
    ],
)
def test_a_wrong_answer_in_a_case_is_cured_in_the_spelling_of_a_case(tmp_path: Path, given: str, cure: str) -> None:
    with pytest.raises(InvalidRules) as refused:
        read(tmp_path, f"- {{case: c, given: {given}, {URGENT}}}")
    assert [remark.help for remark in refused.value.remarks] == [cure]


DIFFERENCES = {
    "as expected": (f"{BLEED}, {URGENT}", ()),
    "another urgency": (f"{BLEED}, expect: {{urgency: none, services: [ent]}}", ("urgency: expected none, decided urgent",)),
    "half another urgency": ("given: {choking: no}, expect: {lowest: none, highest: urgent, services: []}", ()),
    "a lower lowest urgency": ("given: {choking: no}, expect: {urgency: urgent, services: []}", ("urgency: expected urgent, decided none to urgent",)),
    "another status": (f"{BLEED}, expect: {{urgency: urgent, status: open, services: [ent]}}", ("status: expected open, decided final",)),
    "another service": (f"{BLEED}, expect: {{urgency: urgent, services: []}}", ("services: expected none, decided ent",)),
    "another limit": (f"{BLEED}, expect: {{urgency: urgent, referrals: {{ent: {{within: PT1H}}}}}}", ("referrals: expected ent: within PT1H, decided contact now, within PT4H, certain",)),
    "not phoned": ("given: {fever: yes, examined: yes, age: 3, tablets: none}, unmentioned: absent, expect: {urgency: discuss_same_day, referrals: {ent: {contact: now, within: PT4H}}}", ("referrals: expected ent: contact now, within PT4H, decided not phoned, within PT4H, certain",)),
    "another rule": (f"{BLEED}, expect: {{urgency: urgent, services: [ent], rules: [well]}}", ("rules: expected well, decided does not hold",)),
    "another item": (f"{BLEED}, expect: {{urgency: urgent, services: [ent], items: [ask]}}", ("items: expected ask, decided absent",)),
    "an item that is certain": (f"{BLEED}, expect: {{urgency: urgent, services: [ent], possible: [pack]}}", ("possible: expected pack, decided certain",)),
    "an item that is there": (f"{BLEED}, expect: {{urgency: urgent, services: [ent], absent: [pack]}}", ("absent: expected pack, decided certain",)),
    "not refused": (f"{BLEED}, expect: {{refused: [bleeding]}}", ("refused: expected bleeding, decided final",)),
    "refused": ("given: {temperature: 39, fever: no}, expect: {refused: [temperature, fever]}", ()),
    "refused for another reason": ("given: {temperature: 39, fever: no}, expect: {refused: [bleeding]}", ("refused: expected bleeding, decided `temperature` and `fever` cannot be as given (temperature: 39, fever: no): 38 or more is fever",)),
    "refused against expectation": (f"given: {{temperature: 39, fever: no}}, {URGENT}", ("refused: expected a decision, decided `temperature` and `fever` cannot be as given (temperature: 39, fever: no): 38 or more is fever",)),
}  # fmt: skip


@pytest.mark.parametrize("name", DIFFERENCES)
def test_a_case_says_what_was_expected_and_what_was_decided(tmp_path: Path, name: str) -> None:
    text, wanted = DIFFERENCES[name]
    (result,) = read(tmp_path, f"- {{case: c, {text}}}")

    assert tuple(map(str, result.comparison.differences)) == wanted
    assert result.passed == (not wanted)


RESPONSIBLE = {
    "what gives a level above the expected one": (f"{BLEED}, expect: {{urgency: none, services: [ent]}}", ["bleed holds rules/nose.yaml:8:3"]),
    "what gives a service": (f"{BLEED}, expect: {{urgency: urgent, services: []}}", ["bleed holds rules/nose.yaml:8:3"]),
    "what gives an item": (f"{BLEED}, expect: {{urgency: urgent, services: [ent], absent: [pack]}}", ["bleed holds rules/nose.yaml:8:3"]),
    "a rule that may hold": ("given: {choking: no, bleeding: no, tablets: none}, expect: {urgency: discuss_same_day, services: [ent], absent: [clot]}", ["clot may hold rules/nose.yaml:7:3"]),
    "a rule that should hold, beside those that do": (f"{BLEED}, expect: {{urgency: urgent, services: [ent], rules: [well]}}", ["bleed holds rules/nose.yaml:8:3", "well does not hold rules/nose.yaml:14:3"]),
    "what would give an item": (f"{BLEED}, expect: {{urgency: urgent, services: [ent], items: [ask, home]}}", ["bleed holds rules/nose.yaml:8:3", "otherwise does not hold rules/nose.yaml:15:1", "well does not hold rules/nose.yaml:14:3"]),
    "every rule that holds": (f"{BLEED}, expect: {{urgency: urgent, status: open, services: [ent]}}", ["bleed holds rules/nose.yaml:8:3"]),
    "a shared red flag": ("given: {choking: yes, bleeding: no, fever: no, examined: no, age: 30}, expect: {urgency: none, services: []}", ["choking holds rules/ruleset.yaml:17:3"]),
    "nobody where it passes": (f"{BLEED}, {URGENT}", []),
}  # fmt: skip


@pytest.mark.parametrize("name", RESPONSIBLE)
def test_a_case_that_fails_names_the_rules_responsible_with_their_places(tmp_path: Path, name: str) -> None:
    text, wanted = RESPONSIBLE[name]
    (result,) = read(tmp_path, f"- {{case: c, {text}}}")

    assert [f"{one.rule} {one.state} {one.place}" for one in result.comparison.responsible] == wanted


def test_a_case_names_the_rules_that_hold_and_those_that_may_each_with_its_pathway(tmp_path: Path) -> None:
    (result,) = read(tmp_path, f"- {{case: c, given: {{bleeding: yes, examined: no}}, {URGENT}}}")

    assert result.comparison.rules == (("nose", "bleed"),)
    assert result.comparison.open == (("red_flags", "choking"),)


def test_a_pathway_without_otherwise_has_none_to_name(tmp_path: Path) -> None:
    text = small.FILES["nose.yaml"]
    ruleset = small.load(tmp_path, nose=text[: text.index("otherwise:")])
    (tmp_path / "rules" / "nose.cases.yaml").write_text(
        f"- {{case: c, {BLEED}, expect: {{urgency: urgent, services: [ent], rules: [otherwise]}}}}"
    )
    (result,) = run(tmp_path / "rules", ruleset)

    assert [one.rule for one in result.comparison.responsible] == ["bleed"]


def test_where_nothing_speaks_of_a_patient_the_missing_otherwise_is_named_first(tmp_path: Path) -> None:
    text = small.FILES["nose.yaml"]
    ruleset = small.load(tmp_path, nose=text[: text.index("otherwise:")])
    (tmp_path / "rules" / "nose.cases.yaml").write_text(
        "- {case: c, given: {fever: yes, age: 30, tablets: none, examined: yes}, unmentioned: absent,"
        " expect: {urgency: discuss_same_day, services: [], status: final}}"
    )
    (result,) = run(tmp_path / "rules", ruleset)

    assert [f"{one.rule} {one.state} {one.place}" for one in result.comparison.responsible] == ["otherwise missing rules/nose.yaml:1:1"]
    assert list(case_rows(result))[-3:] == [
        "  rules responsible",
        "    missing        otherwise, rules/nose.yaml:1:1: nothing speaks of this",
        "                   patient",
    ]


def test_the_results_are_the_same_on_any_number_of_processes(tmp_path: Path) -> None:
    levels = ("none", "urgent", "immediate")
    text = "\n".join(f"- {{case: c{n}, {BLEED}, expect: {{urgency: {levels[n % 3]}, services: [ent]}}}}" for n in range(20))
    ruleset = small.load(tmp_path)
    (tmp_path / "rules" / "nose.cases.yaml").write_text(text, encoding="utf-8")
    cases = read_cases(tmp_path / "rules", ruleset)
    alone = list(run_cases(cases))

    assert [result.case.name for result in alone if result.passed] == ["c1", "c4", "c7", "c10", "c13", "c16", "c19"]
    assert list(run_cases(cases, 2)) == list(run_cases(cases, 7)) == alone
    assert multiprocessing.active_children() == []


def test_what_is_not_mentioned_is_absent_where_the_case_says_so(tmp_path: Path) -> None:
    """Every yes/no finding that its rules read and that applies; numbers, choices and what waits for an examination stay unknown."""
    ruleset = small.load(tmp_path)
    (tmp_path / "rules" / "nose.cases.yaml").write_text(f"- {{case: c, given: {{fever: yes}}, unmentioned: absent, {URGENT}}}")
    (case,) = read_cases(tmp_path / "rules", ruleset)

    assert case.given == {"fever": True, "choking": False, "bleeding": False}
    assert str(case.place) == "rules/nose.cases.yaml:1:4"


def test_what_opens_a_question_is_absent_too_unless_it_is_an_examination(tmp_path: Path) -> None:
    """The pathway asks `wound` before `deep` and `seen` before `clot`, and reads only the second of each."""
    findings = {"wound": {}, "deep": {"applies": "wound"}, "seen": {"worse": "no"}, "clot": {"applies": "seen"}}
    ruleset = small.ruleset(tmp_path, findings, {"r": ({"any": ["deep", "clot"]}, "urgent")})

    assert ruleset.pathways["p"].findings == ("wound", "deep", "clot")
    assert list(unmentioned(ruleset, ("p",), {})) == ["wound"]


def test_a_case_may_give_every_kind_of_answer(tmp_path: Path) -> None:
    given = "{bleeding: yes, fever: unknown, clot: {unknown: unable-to-assess}, tablets: [none, aspirin], age: {from: 40, below: 50}, temperature: 37.5}"
    (result,) = read(tmp_path, f"- {{case: c, given: {given}, expect: {{lowest: urgent, highest: immediate, services: [ent]}}}}")

    assert result.comparison.differences == ()


def test_cases_that_are_not_there_are_none(tmp_path: Path) -> None:
    assert run(small.write(tmp_path), small.load(tmp_path)) == ()


def test_a_case_that_cannot_be_read_hides_no_other_mistake(tmp_path: Path) -> None:
    with pytest.raises(InvalidRules) as caught:
        read(tmp_path, f"- {{case: a, given: {{bleeding: yes}}, expects: {{}}}}\n- {{case: b, given: {{bleedin: yes}}, {URGENT}}}")

    assert [(str(remark.place), remark.code) for remark in caught.value.remarks] == [
        ("rules/nose.cases.yaml:1:37", "unknown-key"),
        ("rules/nose.cases.yaml:2:21", "unknown-finding"),
    ]
