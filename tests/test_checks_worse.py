"""P3 and P3r: who gets worse is not less urgent and loses no emergency service; a red flag holds whatever else is true."""

from __future__ import annotations

from typing import Any

import pytest

import small
from pathways.checks import Verdict, check

ENT = {"service": "ent", "within": "PT4H"}


def asked(folder, only, findings, rules, **more) -> tuple[Verdict, list[Any]]:
    small.ruleset(folder, findings, rules, **more)
    report = check(folder / "rules", [only])
    return report.verdict(only), list(report.remarks)


def test_patient_whose_danger_hides_another_is_shown_with_both_sides(tmp_path):
    verdict, [remark] = asked(
        tmp_path, "P3", {"pain": {}, "fever": {}}, {"r": ({"all": ["pain", {"fever": "no"}]}, "urgent"), "s": ("pain", "clinic")}
    )
    assert verdict is Verdict.REFUTED
    assert remark.message == "who gets worse (fever) is less urgent: `urgent` by `r` becomes `clinic`"
    assert (remark.example.said, remark.example.decided) == ("pain; all else absent", "urgent; nobody is called")
    assert (remark.place.file, remark.other.file) == ("rules/p.yaml", "rules/findings.yaml")


def test_each_rule_that_is_lost_is_told(tmp_path):
    rules = {"r": ({"all": ["a", {"c": "no"}]}, "urgent"), "s": ({"all": ["b", {"c": "no"}]}, "urgent")}
    _, remarks = asked(tmp_path, "P3", {"a": {}, "b": {}, "c": {}}, rules)
    assert sorted(remark.message.split("`")[3] for remark in remarks) == ["r", "s"]


@pytest.mark.parametrize(("worse", "verdict"), [("yes", Verdict.REFUTED), ("no", Verdict.PROVED), ("neither", Verdict.PROVED)])
def test_only_the_declared_direction_counts(tmp_path, worse, verdict):
    assert asked(tmp_path, "P3", {"a": {"worse": worse}}, {"r": ({"a": "no"}, "urgent")})[0] is verdict


def test_several_findings_may_get_worse_at_once(tmp_path):
    """Where a constraint allows no step between, the pair itself is asked."""
    together = {"one": ("a", "b"), "other": ("b", "a")}
    verdict, [remark] = asked(tmp_path, "P3", {"a": {}, "b": {}}, {"r": ({"a": "no"}, "urgent")}, constraints=together)
    assert verdict is Verdict.REFUTED
    assert remark.message.startswith("who gets worse (a; b) is less urgent")


def test_a_gate_that_opens_may_bring_anything(tmp_path):
    """A wound that is there may be a plain one, and the patient is worse off all the same."""
    findings = {"swollen": {}, "wound": {}, "plain": {"worse": "no", "applies": "wound"}}
    rules = {"r": ({"all": ["swollen", {"wound": "no"}]}, "urgent"), "s": ({"all": ["wound", {"plain": "no"}]}, "urgent")}
    verdict, [remark] = asked(tmp_path, "P3", findings, rules)
    assert verdict is Verdict.REFUTED
    assert remark.message == "who gets worse (wound; plain) is less urgent: `urgent` by `r` becomes `no urgency`"


def test_a_gate_that_closes_is_no_step_for_the_worse(tmp_path):
    """What the examination would have shown is not known to be absent: that is asked of gates, not here."""
    findings = {"seen": {"worse": "no"}, "clot": {"applies": "seen"}}
    assert asked(tmp_path, "P3", findings, {"r": ("clot", "urgent")})[0] is Verdict.PROVED


BANDS = {
    "cold": ({"t": {"below": 3}}, "urgent"),
    "hot": ({"t": {"at_least": 7}}, "urgent"),
    "well": ({"t": {"at_least": 3, "below": 7}}, "none"),
}


def test_a_number_that_is_worse_on_both_sides_has_an_ordinary_band(tmp_path):
    number = {"t": {"range": [0, 10], "worse": "both"}}
    assert asked(tmp_path, "P3", number, BANDS)[0] is Verdict.PROVED
    hot = {**BANDS, "very_hot": ({"t": {"at_least": 9}}, "immediate"), "hot": ({"t": {"at_least": 7, "below": 9}}, "urgent")}
    assert asked(tmp_path, "P3", number, hot)[0] is Verdict.PROVED
    dip = {**hot, "very_hot": ({"t": {"at_least": 9}}, "none")}
    verdict, remarks = asked(tmp_path, "P3", number, dip)
    assert verdict is Verdict.REFUTED
    assert any("`urgent` by `hot` becomes `none`" in remark.message for remark in remarks)


def test_a_service_that_somebody_phones_is_not_lost(tmp_path):
    """Also where this patient is referred to it in time, without a call."""
    rules = {
        "cool": ({"all": ["lid", {"fever": "no"}]}, {"urgency": "clinic", "referrals": [ENT]}),
        "hot": ({"all": ["lid", "fever"]}, {"urgency": "urgent", "referrals": [{**ENT, "service": "eye", "contact": "now"}]}),
        "pain": ("pain", {"urgency": "urgent", "referrals": [{**ENT, "contact": "now"}]}),
    }
    verdict, [remark] = asked(tmp_path, "P3", {"lid": {}, "fever": {}, "pain": {}}, rules)
    assert verdict is Verdict.REFUTED
    assert remark.message == "who gets worse (fever) is no longer referred to ENT, as `cool` does"
    del rules["pain"]
    assert asked(tmp_path, "P3", {"lid": {}, "fever": {}}, rules)[0] is Verdict.PROVED


# -- red flags -------------------------------------------------------------------------------------------------------

NOTHING = {"rest": ({"a": "no"}, "none")}


@pytest.mark.parametrize(
    ("when", "dangers"),
    [
        ("a", []),
        ({"any": ["a", "b"]}, []),
        ({"all": ["a", "b"]}, ["a", "b"]),
        ({"all": ["a", {"t": {"at_least": 3}}]}, ["a", "t"]),
        ({"all": ["a", {"b": "no"}]}, ["a"]),
        ({"not": {"any": [{"a": "no"}, {"t": {"below": 3}}]}}, ["a", "t"]),
        ({"all": ["a", {"age": {"at_least": 3}}]}, ["a"]),
        ({"any": [{"low": {"below": 3}}, {"all": ["b", {"low": {"below": 7}}]}]}, ["b", "low"]),
    ],
)
def test_a_red_flag_asks_for_a_danger_and_nothing_else(tmp_path, when, dangers):
    number = {"range": [0, 10]}
    findings = {
        "a": {},
        "b": {},
        "t": {**number, "worse": "higher"},
        "low": {**number, "worse": "lower"},
        "age": {**number, "worse": "neither"},
    }
    verdict, remarks = asked(tmp_path, "P3r", findings, NOTHING, red_flags={"flag": (when, "immediate")})
    assert verdict is (Verdict.REFUTED if dangers else Verdict.PROVED)
    said = [remark.message.removeprefix("`flag` calls for `immediate`, and in `p` somebody has ").split()[0] for remark in remarks]
    assert sorted(said) == dangers


def test_what_a_constraint_implies_may_be_asked_of_a_red_flag(tmp_path):
    findings, flag = {"a": {}, "b": {}}, {"flag": ({"all": ["a", "b"]}, "immediate")}
    verdict, [remark] = asked(tmp_path, "P3r", findings, NOTHING, red_flags=flag, constraints={"one": ("a", "b")})
    assert remark.message == "`flag` calls for `immediate`, and in `p` somebody has b and is less urgent"
    assert verdict is Verdict.REFUTED


def test_a_pathway_may_make_up_for_a_narrow_flag(tmp_path):
    """What counts is what the patient gets."""
    findings, flag = {"a": {}, "b": {}}, {"flag": ({"all": ["a", "b"]}, "urgent")}
    rules = {"r": ("a", "urgent"), "s": ("b", "immediate")}
    assert asked(tmp_path, "P3r", findings, rules, red_flags=flag)[0] is Verdict.PROVED
