"""A case file is read as strictly as a rule file, and a case that fails says how the decision differs."""

from __future__ import annotations

from pathlib import Path

import pytest

import small
from pathways import InvalidRules
from pathways.cases import CaseResult, read_cases, run

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
    "an unknown item": ("- {case: c, expect: {urgency: urgent, services: [ent], absent: [hom]}}", "rules/nose.cases.yaml:1:56: error[unknown-name]: `hom` is not one of the absent of this rule set\n  help: did you mean `home`?"),
    "two of one name": (f"- {{case: c, {BLEED}, {URGENT}}}\n- {{case: c, {URGENT}}}", "rules/nose.cases.yaml:2:4: error[case-twice]: `c` is the name of two cases\n  see also: rules/nose.cases.yaml:1:4\n  help: rename one of them"),
    "an answer of another kind": (f"- {{case: c, given: {{age: old}}, {URGENT}}}", "rules/nose.cases.yaml:1:21: error[wrong-kind]: `age` is a number, and `old` was given\n  help: a number from 0 to 120 years"),
    "an answer of another kind, the rest absent": (f"- {{case: c, given: {{age: old}}, unmentioned: absent, {URGENT}}}", "rules/nose.cases.yaml:1:21: error[wrong-kind]: `age` is a number, and `old` was given\n  help: a number from 0 to 120 years"),
    "a site fact of another kind": (f"- {{case: b, {BLEED}, {URGENT}}}\n- {{case: c, site: {{ent_here: maybe}}, {URGENT}}}", "rules/nose.cases.yaml:2:20: error[wrong-kind]: `ent_here` is yes or no, not `maybe`"),
    "a site fact of another shape": (f"- {{case: c, site: {{ent_here: [yes]}}, {URGENT}}}", "rules/nose.cases.yaml:1:20: error[wrong-kind]: `ent_here` is yes or no, not `a list`"),
    "yes in quotes": (f"- {{case: c, given: {{bleeding: \"yes\"}}, {URGENT}}}", "rules/nose.cases.yaml:1:21: error[wrong-kind]: `bleeding` is a yes/no finding, and `\"yes\"` was given\n  help: answer yes or no (True or False in Python; true, false, \"yes\" or \"no\" in JSON)"),
    "a number in quotes": (f"- {{case: c, given: {{age: \"7\"}}, {URGENT}}}", "rules/nose.cases.yaml:1:21: error[wrong-kind]: `age` is a number, and `\"7\"` was given\n  help: a number from 0 to 120 years"),
    "an unknown site fact": (f"- {{case: c, site: {{ent_her: yes}}, {URGENT}}}", "rules/nose.cases.yaml:1:20: error[unknown-site-fact]: `ent_her` is not a site fact\n  help: did you mean `ent_here`?"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_case_that_cannot_be_meant_is_refused_with_its_place(tmp_path: Path, name: str) -> None:
    text, wanted = REFUSED[name]
    with pytest.raises(InvalidRules) as caught:
        read(tmp_path, text)

    assert str(caught.value) == wanted


DIFFERENCES = {
    "as expected": (f"{BLEED}, {URGENT}", ()),
    "another urgency": (f"{BLEED}, expect: {{urgency: none, services: [ent]}}", ("lowest: expected none, decided urgent", "highest: expected none, decided urgent")),
    "another status": (f"{BLEED}, expect: {{urgency: urgent, status: open, services: [ent]}}", ("status: expected open, decided final",)),
    "another service": (f"{BLEED}, expect: {{urgency: urgent, services: []}}", ("services: expected none, decided ent",)),
    "another limit": (f"{BLEED}, expect: {{urgency: urgent, referrals: {{ent: {{within: PT1H}}}}}}", ("ent: expected within PT1H, decided contact now, within PT4H, certain",)),
    "another rule": (f"{BLEED}, expect: {{urgency: urgent, services: [ent], rules: [well]}}", ("rule well: expected certain, decided not",)),
    "another item": (f"{BLEED}, expect: {{urgency: urgent, services: [ent], items: [ask]}}", ("item ask: expected certain, decided absent",)),
    "an item that is certain": (f"{BLEED}, expect: {{urgency: urgent, services: [ent], possible: [pack]}}", ("pack: expected possible, decided certain",)),
    "an item that is there": (f"{BLEED}, expect: {{urgency: urgent, services: [ent], absent: [pack]}}", ("pack: expected absent, decided certain",)),
    "not refused": (f"{BLEED}, expect: {{refused: [bleeding]}}", ("refused: expected bleeding, decided final",)),
    "refused": ("given: {temperature: 39, fever: no}, expect: {refused: [temperature, fever]}", ()),
    "refused for another reason": ("given: {temperature: 39, fever: no}, expect: {refused: [bleeding]}", ("refused: expected bleeding, decided: `temperature` and `fever` cannot be as given (temperature: 39, fever: no): 38 or more is fever",)),
}  # fmt: skip


@pytest.mark.parametrize("name", DIFFERENCES)
def test_a_case_says_what_was_expected_and_what_was_decided(tmp_path: Path, name: str) -> None:
    text, wanted = DIFFERENCES[name]
    (result,) = read(tmp_path, f"- {{case: c, {text}}}")

    assert result.differences == wanted
    assert result.passed == (not wanted)


def test_what_is_not_mentioned_is_absent_where_the_case_says_so(tmp_path: Path) -> None:
    """Every yes/no finding that its rules read and that applies; numbers, choices and what waits for an examination stay unknown."""
    ruleset = small.load(tmp_path)
    (tmp_path / "rules" / "nose.cases.yaml").write_text(f"- {{case: c, given: {{fever: yes}}, unmentioned: absent, {URGENT}}}")
    (case,) = read_cases(tmp_path / "rules", ruleset)

    assert case.given == {"fever": True, "choking": False, "bleeding": False}
    assert str(case.place) == "rules/nose.cases.yaml:1:4"


def test_a_case_may_give_every_kind_of_answer(tmp_path: Path) -> None:
    given = "{bleeding: yes, fever: unknown, clot: {unknown: unable-to-assess}, tablets: [none, aspirin], age: {from: 40, below: 50}, temperature: 37.5}"
    (result,) = read(tmp_path, f"- {{case: c, given: {given}, expect: {{lowest: urgent, highest: immediate, services: [ent]}}}}")

    assert result.differences == ()


def test_cases_that_are_not_there_are_none(tmp_path: Path) -> None:
    assert run(small.write(tmp_path), small.load(tmp_path)) == ()


def test_a_case_that_cannot_be_read_hides_no_other_mistake(tmp_path: Path) -> None:
    with pytest.raises(InvalidRules) as caught:
        read(tmp_path, f"- {{case: a, given: {{bleeding: yes}}, expects: {{}}}}\n- {{case: b, given: {{bleedin: yes}}, {URGENT}}}")

    assert [(str(remark.place), remark.code) for remark in caught.value.remarks] == [
        ("rules/nose.cases.yaml:1:37", "unknown-key"),
        ("rules/nose.cases.yaml:2:21", "unknown-finding"),
    ]
