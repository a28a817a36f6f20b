"""P5: rules that nobody meets, rules without which nothing changes, comparisons that change nothing; P2: the order of files."""

from __future__ import annotations

from typing import Any

import pytest

import small
from pathways.checks import Verdict, check, open_book, order
from pathways.confirming import Disagreement

FINDINGS = {"a": {}, "b": {}, "c": {}}


def asked(folder, only, rules, findings=FINDINGS, **more) -> tuple[Verdict, list[Any]]:
    small.ruleset(folder, findings, rules, **more)
    report = check(folder / "rules", [only])
    return report.verdict(only), list(report.remarks)


def messages(found: tuple[Verdict, list[Any]]) -> list[str]:
    verdict, remarks = found
    assert verdict is (Verdict.REFUTED if remarks else Verdict.PROVED)
    return [remark.message for remark in remarks]


# -- P5a -------------------------------------------------------------------------------------------------------------


def test_why_nobody_meets_a_rule_is_told(tmp_path):
    rules = {"parts": ({"all": ["a", {"a": "no"}]}, "urgent"), "others": ({"all": ["a", "b"]}, "urgent"), "outside": ("c", "urgent")}
    constraints = {"never_both": ("a", {"b": "no"}), "beside": ("c", {"b": "no"})}
    assert messages(asked(tmp_path, "P5a", rules, applies={"c": "no"}, constraints=constraints)) == [
        "no patient can meet `parts`: its parts exclude each other",
        "no patient can meet `others`: never_both",
        "no patient can meet `outside`: it excludes every patient whom the pathway is for",
    ]


def test_otherwise_that_never_holds_is_no_mistake(tmp_path):
    rules = {"one": ("a", "urgent"), "other": ({"a": "no"}, "none")}
    assert messages(asked(tmp_path, "P5a", rules, otherwise="urgent")) == []


@pytest.mark.parametrize("only", ["P5a", "P5b", "P5c", "P9"])
def test_a_rule_that_nobody_meets_is_all_that_is_said_of_it(tmp_path, only):
    """Its comparisons change nothing either, and no case can stand at its limit: that follows."""
    findings = {**FINDINGS, "days": {"range": [0, 9]}}
    rules = {"never": ({"all": ["a", {"a": "no"}, {"days": {"above": 5}}, {"any": ["b", "c"]}]}, "urgent"), "r": ("a", "clinic")}
    said = {"no patient can meet `never`: its parts exclude each other"}
    assert set(messages(asked(tmp_path, only, rules, findings))) == (set() if only == "P9" else said)


# -- P5b -------------------------------------------------------------------------------------------------------------


def test_a_rule_whose_part_another_gives_already_is_idle(tmp_path):
    rules = {"wide": ("a", "urgent"), "narrow": ({"all": ["a", "b"]}, "clinic")}
    assert messages(asked(tmp_path, "P5b", rules)) == ["without `narrow` everybody would get the same: wherever it holds, so does `wide`"]


@pytest.mark.parametrize(
    "more",
    [
        {"urgency": "immediate"},
        {"referrals": [{"service": "ent", "within": "P1D"}]},
        {"referrals": [{"service": "eye", "within": "PT1H"}]},
        {"referrals": [{"service": "eye", "within": "PT4H", "contact": "now"}]},
        {"advice": ["rest"]},
    ],
)
def test_a_level_a_service_a_limit_a_call_or_an_item_makes_it_matter(tmp_path, more):
    wide = {"urgency": "urgent", "referrals": [{"service": "eye", "within": "PT4H"}]}
    rules = {"wide": ("a", wide), "narrow": ({"all": ["a", "b"]}, {"urgency": "clinic", **more})}
    assert messages(asked(tmp_path, "P5b", rules, items={"rest": {}})) == []


def test_a_rule_that_keeps_otherwise_away_matters(tmp_path):
    assert messages(asked(tmp_path, "P5b", {"r": ("a", "none")}, otherwise="urgent")) == []
    idle = asked(tmp_path, "P5b", {"r": ("a", "urgent")}, otherwise="urgent")
    assert messages(idle) == ["without `r` everybody would get the same"]


def test_a_reassurance_that_is_never_given_makes_nothing_matter(tmp_path):
    """It is given only by a rule of the level over everything."""
    rules = {"high": ("a", "urgent"), "low": ({"all": ["a", "b"]}, {"urgency": "none", "advice": ["home"]})}
    items = {"home": {"reassures": "yes"}}
    assert len(messages(asked(tmp_path, "P5b", rules, items=items))) == 1
    assert messages(asked(tmp_path, "P5b", {**rules, "high": ({"all": ["a", "c"]}, "urgent")}, items=items)) == []


def test_a_level_that_takes_a_reassurance_away_matters(tmp_path):
    rules = {"low": ("a", {"urgency": "none", "advice": ["home"]}), "high": ("b", "clinic"), "same": ({"all": ["a", "b"]}, "clinic")}
    assert messages(asked(tmp_path, "P5b", rules, items={"home": {"reassures": "yes"}})) == [
        "without `same` everybody would get the same: wherever it holds, so does `high`"
    ]


def test_a_handover_to_rules_that_give_nothing_new_is_idle(tmp_path):
    others = {"q": {"rules": {"x": ("c", "urgent")}}}
    assert messages(asked(tmp_path, "P5b", {"r": ("a", ">q"), "s": ("b", "urgent")}, others=others)) == []
    idle = asked(tmp_path, "P5b", {"r": ("a", ">q"), "s": ("c", "urgent")}, others=others)
    assert messages(idle) == ["without `r` everybody would get the same"]


def test_a_red_flag_matters_if_it_does_in_one_pathway(tmp_path):
    flag = {"flag": ("a", "urgent")}
    covered, open_ = {"r": ("a", "immediate")}, {"q": {"rules": {"x": ("b", "none")}}}
    assert len(messages(asked(tmp_path, "P5b", covered, red_flags=flag))) == 1
    assert messages(asked(tmp_path, "P5b", covered, red_flags=flag, others=open_)) == []


# -- P5c -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "idle"),
    [
        ({"all": ["a", "b"]}, []),
        ({"any": ["a", {"all": ["a", "b"]}]}, ["`b` changes nothing in `r`: the rest of the condition decides without it"]),
        ({"all": ["a", {"t": {"below": 3}}, {"t": {"below": 7}}]}, ["`{t: {below: 7}}` changes nothing in `r`: the rest of the condition decides without it"]),
        ({"all": ["a", {"kind": ["red", "blue"]}, {"kind": ["red", "blue", "green"]}]}, ["`{kind: [red, blue, green]}` changes nothing in `r`: the rest of the condition decides without it"]),
        ({"all": ["a", {"not": {"all": ["b", {"a": "no"}]}}]}, ["`b` changes nothing in `r`: the rest of the condition decides without it"]),
    ],
)  # fmt: skip
def test_a_comparison_that_the_rest_decides_is_named(tmp_path, when, idle):
    findings = {**FINDINGS, "t": {"range": [0, 10]}, "kind": {"values": ["red", "blue", "green"]}}
    assert messages(asked(tmp_path, "P5c", {"r": (when, "urgent")}, findings)) == idle


def test_what_a_gate_implies_need_not_be_asked(tmp_path):
    findings = {"a": {}, "b": {"applies": "a"}}
    idle = asked(tmp_path, "P5c", {"r": ({"all": ["a", "b"]}, "urgent")}, findings)
    assert messages(idle) == ["`a` changes nothing in `r`: the rest of the condition decides without it"]


def test_a_comparison_matters_by_what_somebody_gets_where_no_two_patients_tell_it_apart(tmp_path):
    """`a` implies `b`, so that nobody differs in `a` alone among those with no `b`; without it more would be urgent."""
    constraints = {"one": ("b", "a")}
    when = {"all": ["a", {"b": "no"}]}
    assert messages(asked(tmp_path, "P5c", {"r": (when, "urgent")}, constraints=constraints)) == []


def test_a_comparison_whose_patients_get_the_same_from_others_is_shown_with_one(tmp_path):
    constraints = {"one": ("a", "b"), "other": ("b", "a")}
    rules = {"r": ({"all": ["a", "b"]}, "urgent")}
    verdict, remarks = asked(tmp_path, "P5c", rules, constraints=constraints)
    assert verdict is Verdict.REFUTED
    assert [remark.example.said for remark in remarks] == ["a; b; all else absent"] * 2


def test_a_definition_is_one_part_of_a_rule_and_is_looked_into_where_it_stands(tmp_path):
    definitions = {"d": {"any": ["a", {"all": ["a", "b"]}]}}
    idle = asked(tmp_path, "P5c", {"r": ({"all": ["d", "a"]}, "urgent")}, definitions=definitions)
    assert messages(idle) == [
        "`d` changes nothing in `r`: the rest of the condition decides without it",
        "`a` changes nothing in `r`: the rest of the condition decides without it",
        "`b` changes nothing in the definition `d`: the rest of it decides without it",
    ]


def test_the_bands_of_a_table_are_no_comparisons_of_their_own(tmp_path):
    """The highest limit lies beyond every other one: its band changes nobody, and says whose limit it is."""
    table = (
        "table: {by: age, read: temperature, rows: [{by: {below: 5}, limit: {at_least: 40}}, {by: {at_least: 5}, limit: {at_least: 39}}]}"
    )
    where = small.write(tmp_path, ("ruleset.yaml", "when: {age: {below: 2}}", table))
    assert check(where, ["P5c"]).verdict("P5c") is Verdict.PROVED
    as_condition = "when: {any: [{all: [{age: {below: 5}}, {temperature: {at_least: 40}}]}, {all: [{age: {at_least: 5}}, {temperature: {at_least: 39}}]}]}"
    where = small.write(tmp_path, ("ruleset.yaml", "when: {age: {below: 2}}", as_condition))
    [remark] = check(where, ["P5c"]).remarks
    assert remark.message == "`{age: {below: 5}}` changes nothing in the definition `small`: the rest of it decides without it"


# -- P2 --------------------------------------------------------------------------------------------------------------


def test_rules_turned_round_decide_the_same(tmp_path):
    rules = {"r": ("a", {"urgency": "urgent", "advice": ["rest"]}), "s": ({"any": ["b", "d"]}, "clinic")}
    found = asked(
        tmp_path, "P2", rules, otherwise="urgent", definitions={"d": "c", "e": {"not": "d"}}, items={"rest": {}},
        constraints={"one": ("a", {"not": "b"}), "other": ("c", "a")}, others={"q": {"rules": {"x": ("e", "none"), "z": ("a", "none")}}},
    )  # fmt: skip
    assert messages(found) == []


def test_an_order_that_mattered_would_be_a_mistake_of_ours(tmp_path, monkeypatch):
    small.ruleset(tmp_path, FINDINGS, {"r": ("a", "urgent"), "s": ("b", "clinic")})
    book = open_book(tmp_path / "rules")
    turned = order._turned(book.authored)
    assert list(turned.pathways["p"].rules) == ["s", "r"]
    other = small.ruleset(tmp_path, FINDINGS, {"r": ("a", "urgent"), "s": ("b", "none")})
    monkeypatch.setattr(order, "RuleSet", lambda compiled: other)
    with pytest.raises(Disagreement, match="the order of the files matters"):
        list(order.order_of_the_files(book))
