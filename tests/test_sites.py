"""The place of care is stated completely or not at all, is shown both ways where it is not, and never changes the urgency."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import pathways
import small
from pathways import InvalidRules, Site

SHIPPED = pathways.load()
DEPENDS = (
    "nose.yaml",
    "actions: [pack]",
    "actions: [{item: pack, site: {ent_here: no}}, {item: pack, site: {minutes: {at_least: 30, below: 60}, ent_here: no}}]",
)
HERE = "site: here\ntitle: Here\n"


def load_at(folder: Path, text: str, *edits: small.Edit) -> pathways.RuleSet:
    rules = small.write(folder, *edits)
    (folder / "here.yaml").write_text(text, encoding="utf-8")
    return pathways.load(rules, site=folder / "here.yaml")


REFUSED = {
    "incomplete": ("facts: {ent_here: yes}", "here.yaml: error[site-incomplete]: the site does not state `minutes`\n  help: a site states every fact"),
    "nothing stated": ("facts: {}", "here.yaml: error[site-incomplete]: the site does not state `ent_here`, `minutes`\n  help: a site states every fact"),
    "an unknown fact": ("facts: {ent_here: yes, minutes: 5, ent_her: yes}", "here.yaml:3:36: error[unknown-site-fact]: `ent_her` is not a site fact\n  help: did you mean `ent_here`?"),
    "a fact misspelt": ("facts: {ent_her: yes, minutes: 5}", "here.yaml:3:9: error[unknown-site-fact]: `ent_her` is not a site fact\n  help: did you mean `ent_here`?\nhere.yaml: error[site-incomplete]: the site does not state `ent_here`\n  help: a site states every fact"),
    "neither yes nor no": ("facts: {ent_here: maybe, minutes: 5}", "here.yaml:3:9: error[wrong-kind]: `ent_here` is yes or no, not `maybe`"),
    "a number for yes": ("facts: {ent_here: 1, minutes: 5}", "here.yaml:3:9: error[wrong-kind]: `ent_here` is yes or no, not `1`"),
    "yes in quotes": ('facts: {ent_here: "yes", minutes: 5}', "here.yaml:3:9: error[wrong-kind]: `ent_here` is yes or no, not `yes`"),
    "a list": ("facts: {ent_here: [yes], minutes: 5}", "here.yaml:3:9: error[wrong-kind]: `ent_here` is yes or no, not `a list`"),
    "a mapping": ("facts: {ent_here: yes, minutes: {at_least: 5}}", "here.yaml:3:24: error[wrong-kind]: `minutes` is a number from 0 to 600 minutes, not `a mapping`"),
    "yes for a number": ("facts: {ent_here: yes, minutes: yes}", "here.yaml:3:24: error[wrong-kind]: `minutes` is a number from 0 to 600 minutes, not `yes`"),
    "out of range": ("facts: {ent_here: yes, minutes: 601}", "here.yaml:3:24: error[wrong-kind]: `minutes` is a number from 0 to 600 minutes, not `601`"),
    "a leading zero": ("facts: {ent_here: yes, minutes: 05}", "here.yaml:3:24: error[wrong-kind]: `minutes` is a number from 0 to 600 minutes, not `05`"),
    "a number in quotes": ('facts: {ent_here: yes, minutes: "5"}', "here.yaml:3:24: error[wrong-kind]: `minutes` is a number from 0 to 600 minutes, not `5`"),
    "an exponent": ("facts: {ent_here: yes, minutes: 1e2}", "here.yaml:3:24: error[wrong-kind]: `minutes` is a number from 0 to 600 minutes, not `1e2`"),
    "another key": ("facts: {ent_here: yes, minutes: 5}\nphone: 1", "here.yaml:4:1: error[unknown-key]: `phone` is not a key here\n  help: the keys here are site, title, facts, owner, review_by, tested"),
    "no facts": ("", "here.yaml:1:1: error[missing-key]: `facts` is missing\n  help: add `facts:`"),
    "no site": ("facts: &a {}", "here.yaml:3:8: error[anchor]: `&a` names a place\n  help: write the value out, or name it as a definition"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_site_that_is_not_complete_and_right_is_refused(tmp_path: Path, name: str) -> None:
    facts, wanted = REFUSED[name]
    with pytest.raises(InvalidRules) as caught:
        load_at(tmp_path, HERE + facts)

    assert str(caught.value) == wanted


def test_a_site_fact_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidRules, match="`ent_here` stands here and on line 4"):
        load_at(tmp_path, HERE + "facts:\n  ent_here: yes\n  minutes: 5\n  ent_here: no\n")


def test_a_site_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidRules, match=r"none\.yaml: error\[cannot-read\]"):
        pathways.load(small.write(tmp_path), site=tmp_path / "none.yaml")


def actions(ruleset: pathways.RuleSet) -> list[tuple[str, str]]:
    return [(item.text, item.condition) for item in ruleset.decide({"bleeding": True}, ["nose"]).actions]


def test_without_a_site_what_depends_on_it_is_shown_for_both_and_led_by_its_condition(tmp_path: Path) -> None:
    ruleset = small.load(
        tmp_path, ("nose.yaml", "actions: [pack]", "actions: [{item: pack, site: {ent_here: no}}, {item: pack, site: {ent_here: yes}}]")
    )

    assert actions(ruleset) == [
        ("If ENT is here: Pack the nose.", "if ENT is here"),
        ("If it is not so that ENT is here: Pack the nose.", "if it is not so that ENT is here"),
    ]
    assert ruleset.decide({}, ["nose"]).notices[1] == "Site not configured: what depends on the place of care is shown for both cases."


def test_a_fact_may_say_in_its_own_words_that_it_is_not_so(tmp_path: Path) -> None:
    said = ("ruleset.yaml", "means: ENT is here", "means: ENT is here, negated: nobody from ENT can come")
    ruleset = small.load(tmp_path, said, ("nose.yaml", "actions: [pack]", "actions: [{item: pack, site: {ent_here: no}}]"))

    assert actions(ruleset) == [("If nobody from ENT can come: Pack the nose.", "if nobody from ENT can come")]


def test_a_condition_on_a_number_is_said(tmp_path: Path) -> None:
    assert [condition for _, condition in actions(small.load(tmp_path, DEPENDS))] == [
        "if it is not so that ENT is here",
        "if minutes to ENT: at least 30 and below 60 and it is not so that ENT is here",
    ]


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ("{ent_here: yes, minutes: 0}", False),
        ("{ent_here: no, minutes: 0}", True),
        ("{ent_here: no, minutes: 45}", True),
        ("{ent_here: yes, minutes: 45}", False),
    ],
)
def test_at_a_site_what_depends_on_it_is_shown_or_not_and_without_a_condition(tmp_path: Path, facts: str, shown: bool) -> None:
    ruleset = load_at(tmp_path, f"{HERE}facts: {facts}", DEPENDS)

    assert actions(ruleset) == [("Pack the nose.", "")] * shown
    assert len(ruleset.decide({}, ["nose"]).notices) == 1


@pytest.mark.parametrize(
    ("minutes", "shown"), [("29", False), ("29.9", False), ("30", True), ("59.999", True), ("60", False), ("600", False)]
)
def test_a_number_of_the_site_is_compared_as_a_number(tmp_path: Path, minutes: str, shown: bool) -> None:
    only = ("nose.yaml", "actions: [pack]", "actions: [{item: pack, site: {minutes: {at_least: 30, below: 60}}}]")

    assert actions(load_at(tmp_path, f"{HERE}facts: {{ent_here: yes, minutes: {minutes}}}", only)) == [("Pack the nose.", "")] * shown


def test_a_referral_may_depend_on_the_site_and_its_urgency_does_not(tmp_path: Path) -> None:
    text = "{service: ent, contact: now, within: PT1H}"
    edit = ("nose.yaml", text, f"{text}, {{service: ent, contact: now, within: now, site: {{ent_here: no}}}}")
    unconfigured = small.load(tmp_path, edit).decide({"clot": True, "choking": False}, ["nose"])
    away = load_at(tmp_path, f"{HERE}facts: {{ent_here: no, minutes: 5}}", edit).decide({"clot": True, "choking": False}, ["nose"])

    assert [(one.within, one.condition) for one in unconfigured.referrals] == [("PT1H", ""), ("now", "if it is not so that ENT is here")]
    assert [(one.within, one.condition) for one in away.referrals] == [("now", "")]
    assert unconfigured.urgency == away.urgency


def test_a_decision_names_the_site_with_its_digest(tmp_path: Path) -> None:
    one = load_at(tmp_path, f"{HERE}facts: {{ent_here: no, minutes: 5}}").decide({}, ["nose"]).site
    same = load_at(tmp_path, f"# moved\nfacts: {{minutes: 5, ent_here: no}}\n{HERE}").decide({}, ["nose"]).site
    other = load_at(tmp_path, f"{HERE}facts: {{ent_here: no, minutes: 6}}").decide({}, ["nose"]).site

    assert one.id == "here"
    assert len(one.digest) == 64
    assert one == same
    assert one.digest != other.digest


def test_the_rules_have_one_digest_at_every_site(tmp_path: Path) -> None:
    assert load_at(tmp_path, f"{HERE}facts: {{ent_here: no, minutes: 5}}").digest == small.load(tmp_path).digest


# -- a site made in Python ---------------------------------------------------------------------------------------------

YES_NO, NUMBER = "  help: give True or False", "  help: give an int, a float or a Decimal"
REFUSED_IN_PYTHON: dict[str, tuple[Any, str]] = {
    "the word no": (Site("here", {"ent_here": "no", "minutes": 5}), f"site: error[wrong-kind]: `ent_here` is yes or no, not `no`\n{YES_NO}"),
    "0 for no": (Site("here", {"ent_here": 0, "minutes": 5}), f"site: error[wrong-kind]: `ent_here` is yes or no, not `0`\n{YES_NO}"),
    "nothing for no": (Site("here", {"ent_here": None, "minutes": 5}), f"site: error[wrong-kind]: `ent_here` is yes or no, not `None`\n{YES_NO}"),
    "yes for a number": (Site("here", {"ent_here": True, "minutes": True}), f"site: error[wrong-kind]: `minutes` is a number from 0 to 600 minutes, not `True`\n{NUMBER}"),
    "a number as text": (Site("here", {"ent_here": True, "minutes": "5"}), f"site: error[wrong-kind]: `minutes` is a number from 0 to 600 minutes, not `5`\n{NUMBER}"),
    "not a number": (Site("here", {"ent_here": True, "minutes": float("nan")}), f"site: error[wrong-kind]: `minutes` is a number from 0 to 600 minutes, not `nan`\n{NUMBER}"),
    "too far": (Site("here", {"ent_here": True, "minutes": 600.5}), f"site: error[wrong-kind]: `minutes` is a number from 0 to 600 minutes, not `600.5`\n{NUMBER}"),
    "incomplete": (Site("here", {"ent_here": True}), "site: error[site-incomplete]: the site does not state `minutes`\n  help: a site states every fact"),
    "no facts": (Site("here"), "site: error[site-incomplete]: the site does not state `ent_here`, `minutes`\n  help: a site states every fact"),
    "a fact misspelt": (Site("here", {"ent_here": True, "minutes": 5, "ent_her": True}), "site: error[unknown-site-fact]: `ent_her` is not a site fact\n  help: did you mean `ent_here`?"),
    "a fact without a name": (Site("here", {"ent_here": True, "minutes": 5, 7: True}), "site: error[unknown-site-fact]: `7` is not a site fact"),  # type: ignore[dict-item]
    "a name with a blank": (Site("my site", {"ent_here": True, "minutes": 5}), "site: error[wrong-id]: `my site` cannot name a site\n  help: lower-case letters, digits and `_`, beginning with a letter, and not `unconfigured`"),
    "facts without a site": (Site("unconfigured", {"ent_here": True, "minutes": 5}), "site: error[wrong-id]: `unconfigured` cannot name a site\n  help: lower-case letters, digits and `_`, beginning with a letter, and not `unconfigured`"),
    "a file": ("here.yaml", "site: error[not-a-site]: a site is an id with its facts, and `here.yaml` was given\n  help: give pathways.Site(\"here\", {fact: value, ...}); a site file is read by `load(site=...)`"),
    "facts alone": ({"ent_here": True}, "site: error[not-a-site]: a site is an id with its facts, and `{ent_here: True}` was given\n  help: give pathways.Site(\"here\", {fact: value, ...}); a site file is read by `load(site=...)`"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED_IN_PYTHON)
def test_a_site_made_in_python_is_checked_as_a_file_is(tmp_path: Path, name: str) -> None:
    site, wanted = REFUSED_IN_PYTHON[name]
    with pytest.raises(InvalidRules) as caught:
        small.load(tmp_path).at(site)

    assert str(caught.value) == wanted


@pytest.mark.parametrize("site", [7, {"ent_here": True}])
def test_what_is_neither_a_site_nor_a_file_is_refused(site: Any) -> None:
    with pytest.raises(InvalidRules, match="not-a-site"):
        pathways.load(site=site)


def test_every_mistake_of_a_site_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InvalidRules) as caught:
        small.load(tmp_path).at(Site("Here", {"ent_here": "no", "x": 1}))

    assert [remark.code for remark in caught.value.remarks] == ["wrong-id", "wrong-kind", "unknown-site-fact", "site-incomplete"]


@pytest.mark.parametrize("minutes", [45, 45.0, Decimal("45.00")])
def test_a_site_made_in_python_is_the_site_of_a_file_with_the_same_facts(tmp_path: Path, minutes: Any) -> None:
    written = load_at(tmp_path, f"{HERE}facts: {{ent_here: no, minutes: 45}}", DEPENDS)
    made = small.load(tmp_path, DEPENDS).at(Site("here", {"minutes": minutes, "ent_here": False}, "any digest"))

    assert made.site == written.site
    assert made.site.digest == written.site.digest != ""
    assert made.decide({"bleeding": True}, ["nose"]).to_json() == written.decide({"bleeding": True}, ["nose"]).to_json()
    assert actions(made) == [("Pack the nose.", "")]


def test_a_site_is_not_changed_by_a_caller_later(tmp_path: Path) -> None:
    facts = {"ent_here": False, "minutes": 45}
    ruleset = small.load(tmp_path, DEPENDS).at(Site("here", facts))
    facts["ent_here"] = True

    assert actions(ruleset) == [("Pack the nose.", "")]
    with pytest.raises(TypeError):
        ruleset.site.facts["ent_here"] = True  # type: ignore[index]


def test_a_rule_set_leaves_its_site_again(tmp_path: Path) -> None:
    ruleset = small.load(tmp_path, DEPENDS)

    assert ruleset.at(Site("here", {"ent_here": False, "minutes": 45})).at(ruleset.site).decide({}, ["nose"]) == ruleset.decide(
        {}, ["nose"]
    )


def test_a_form_for_a_site_finds_kind_unit_and_range(tmp_path: Path) -> None:
    facts = small.load(tmp_path).site_facts

    assert list(facts) == ["ent_here", "minutes"]
    assert (facts["ent_here"].kind, facts["ent_here"].means, facts["ent_here"].range) == ("yes_no", "ENT is here", None)
    assert (facts["minutes"].kind, facts["minutes"].unit_text, facts["minutes"].range) == ("number", "minutes", (0, 600))


# -- the shipped rules -------------------------------------------------------------------------------------------------

SITES = [
    Site("here", {**dict(zip(SHIPPED.site_facts, answers, strict=False)), "travel_minutes": minutes})
    for answers in product((True, False), repeat=3)
    for minutes in (0, 45)
]
PRESENTATIONS: list[tuple[str, dict[str, Any]]] = [
    ("epistaxis", {}),
    ("epistaxis", {"severe_bleed": True, "nasal_bleeding_now": True, "age_years": 70}),
    ("epistaxis", {"shock_signs": True}),
    ("nose_trauma", {"septal_haematoma": True, "age_years": 9}),
    ("nose_trauma", {"nasal_bleeding_now": True}),
    ("nasal_foreign_body", {"foreign_body_kind": "button_battery"}),
    ("nasal_foreign_body", {"foreign_body_sharp": True}),
    ("nasal_inflammation", {"proptosis": True}),
    ("nasal_inflammation", {"facial_or_nasal_cellulitis": True}),
    ("post_tonsillectomy_bleed", {"throat_bleeding_now": True, "age_years": 6}),
    ("post_tonsillectomy_bleed", {}),
]


@pytest.mark.parametrize(("pathway", "given"), PRESENTATIONS)
def test_urgency_and_reasons_never_depend_on_the_site(pathway: str, given: dict[str, Any]) -> None:
    plain = SHIPPED.decide(given, [pathway])
    for site in SITES:
        decision = SHIPPED.at(site).decide(given, [pathway])

        assert (decision.urgency, decision.reasons) == (plain.urgency, plain.reasons)
        # Without a site everything is shown that any site shows.
        assert {item.id for item in decision.actions} <= {item.id for item in plain.actions}
        assert {one.service for one in decision.referrals} <= {one.service for one in plain.referrals}
        assert not any(part.condition for part in (*decision.referrals, *decision.actions, *decision.advice, *decision.follow_up))
        assert decision.notices[0] == SHIPPED.notice
        assert "Site not configured" not in "".join(decision.notices)


def test_what_depends_on_the_site_is_led_by_its_condition_in_the_shipped_rules() -> None:
    found = [
        part
        for pathway, given in PRESENTATIONS
        for decision in [SHIPPED.decide(given, [pathway])]
        for part in (*decision.referrals, *decision.actions)
        if part.condition
    ]

    assert len(found) >= 5
    assert all(part.condition.startswith("if ") for part in found)
    assert all(part.text.startswith(part.condition[0].upper() + part.condition[1:] + ": ") for part in found if hasattr(part, "text"))
