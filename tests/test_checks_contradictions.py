"""P6: items that exclude each other, reassurance of the urgent, reassurance beside a call."""

from __future__ import annotations

from typing import Any

import pytest

import small
from pathways.checks import Verdict, check

FINDINGS = {"a": {}, "b": {}}
PACK = {"pack": {}, "hands_off": {"excludes": ["pack"]}}
HOME = {"home": {"reassures": "yes"}}


def asked(folder, rules, items, **more) -> list[str]:
    small.ruleset(folder, FINDINGS, rules, items=items, **more)
    report = check(folder / "rules", ["P6"])
    assert report.verdict("P6") is (Verdict.REFUTED if report.remarks else Verdict.PROVED)
    return [remark.message for remark in report.remarks]


def test_two_rules_that_give_what_excludes_each_other_are_both_named(tmp_path):
    rules = {"r": ("a", {"urgency": "urgent", "advice": ["pack"]}), "s": ("b", {"urgency": "none", "advice": ["hands_off"]})}
    assert asked(tmp_path, rules, PACK) == ["`hands_off` by `s` and `pack` by `r` are given together, and exclude each other"]
    apart = {**rules, "s": ({"all": ["b", {"a": "no"}]}, {"urgency": "none", "advice": ["hands_off"]})}
    assert asked(tmp_path, apart, PACK) == []


def test_one_rule_may_contradict_itself(tmp_path):
    rules = {"r": ("a", {"urgency": "urgent", "advice": ["pack", "hands_off"]})}
    assert asked(tmp_path, rules, PACK) == ["`r` gives `hands_off` and `pack`, which exclude each other"]


def test_a_pair_is_one_pair_whichever_item_names_the_other(tmp_path):
    rules = {"r": ("a", {"urgency": "urgent", "advice": ["pack", "hands_off"]})}
    both = {"pack": {"excludes": ["hands_off"]}, "hands_off": {"excludes": ["pack"]}}
    assert len(asked(tmp_path, rules, both)) == 1


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ({"ent_here": "yes"}, {"ent_here": "no"}, False),
        ({"ent_here": "yes"}, {"ent_here": "yes"}, True),
        ({"ent_here": "yes"}, {"minutes": {"above": 30}}, True),
        ({"minutes": {"at_most": 30}}, {"minutes": {"above": 30}}, False),
        ({"minutes": {"at_most": 30}}, {"minutes": {"at_least": 30}}, True),
        ({"minutes": {"below": 30}}, {"minutes": {"at_least": 30}}, False),
        ({"minutes": {"below": 31}}, {"minutes": {"at_least": 30, "below": 60}}, True),
        (None, {"ent_here": "no"}, True),
    ],
)
def test_what_no_place_of_care_is_told_together_is_no_contradiction(tmp_path, one, other, clash):
    def item(name: str, site: Any) -> Any:
        return name if site is None else {"item": name, "site": site}

    text = small.flow([item("pack", one), item("hands_off", other)])
    where = small.write(
        tmp_path,
        ("items.yaml", "pack: {kind: action, text: Pack the nose.}", "pack: {kind: action, text: Pack.}\n  hands_off: {kind: action, text: No., excludes: [pack]}"),
        ("nose.yaml", "actions: [pack]", f"actions: {text}"),
    )  # fmt: skip
    assert check(where, ["P6"]).verdict("P6") is (Verdict.REFUTED if clash else Verdict.PROVED)


def test_the_urgent_are_not_reassured(tmp_path):
    rules = {"r": ("a", {"urgency": "urgent", "advice": ["home"]}), "s": ("b", {"urgency": "discuss_same_day", "advice": ["home"]})}
    assert asked(tmp_path, rules, HOME) == ["`home` reassures, and `r` gives it at `urgent`"]


def test_whoever_is_phoned_about_is_not_reassured(tmp_path):
    call = [{"service": "ent", "within": "P1D", "contact": "now"}]
    rules = {"r": ("a", {"urgency": "none", "advice": ["home"]}), "s": ("b", {"urgency": "none", "referrals": call})}
    assert asked(tmp_path, rules, HOME) == ["`home` by `r` reassures, and ENT is phoned now by `s`"]
    higher = {**rules, "s": ("b", {"urgency": "clinic", "referrals": call})}
    assert asked(tmp_path, higher, HOME) == []  # the reassurance of the lower rule is not given
    itself = {"r": ("a", {"urgency": "none", "advice": ["home"], "referrals": call})}
    assert asked(tmp_path, itself, HOME) == ["`r` reassures with `home` and has ENT phoned now"]
