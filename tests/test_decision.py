"""A decision is a record: frozen, in one order, byte-equal wherever and whenever it is made again, and ages are exact."""

from __future__ import annotations

import copy
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from threading import Barrier
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pathways
import small
from pathways import InvalidPresentation, InvalidRules, Site, Urgency, age_on, replay
from pathways.reports.decision import page
from pathways.reports.when import When
from pathways.schemas import schema

SHIPPED = pathways.load()
BLEED: dict[str, Any] = {"nasal_bleeding_now": True, "age_years": Decimal("7.25"), "anticoagulant": ["none", "warfarin"], "minutes_of_pressure": {"from": 5, "below": 20}, "pallor": {"unknown": "unable-to-assess"}}  # fmt: skip


@pytest.fixture(scope="module", name="tiny")
def tiny_rules(tmp_path_factory: pytest.TempPathFactory) -> pathways.RuleSet:
    return small.load(tmp_path_factory.mktemp("decision"))


# -- frozen ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["status", "urgency", "referrals", "reasons", "because", "notices", "_reached", "anything"])
def test_nothing_of_a_decision_or_its_level_can_be_set(name: str) -> None:
    decision = SHIPPED.decide(BLEED, ["epistaxis"])
    for part in (decision, decision.urgency.highest):
        with pytest.raises(AttributeError, match="cannot be changed"):
            setattr(part, name, None)
        with pytest.raises(AttributeError, match="cannot be changed"):
            delattr(part, name)


def test_a_decision_cannot_be_changed() -> None:
    decision = SHIPPED.decide(BLEED, ["epistaxis"])
    for part in (decision.urgency, decision.urgency.highest, *decision.referrals, *decision.actions, *decision.reasons, *decision.because):
        with pytest.raises((AttributeError, TypeError)):
            part.id = "x"  # type: ignore[union-attr]
    before = decision.to_json()
    dict(decision.presentation)["age_years"] = 8
    decision.to_dict()["reasons"].clear()

    assert decision.to_json() == before


def test_nothing_of_a_rule_set_can_be_changed() -> None:
    """Nor does anything reach a decision that was made before."""
    ruleset = pathways.load()
    decision = ruleset.decide(BLEED, ["epistaxis"])
    before = decision.to_json()
    for name in [*vars(ruleset), "anything"]:
        with pytest.raises(AttributeError, match="cannot be changed"):
            setattr(ruleset, name, None)
        with pytest.raises(AttributeError, match="cannot be changed"):
            delattr(ruleset, name)
    for mapping in [value for name, value in vars(ruleset).items() if isinstance(value, Mapping) and not name.startswith("_")]:
        with pytest.raises(TypeError):
            mapping["epistaxis"] = None  # type: ignore[index]
    finding, pathway = ruleset.findings["anticoagulant"], ruleset.pathways["epistaxis"]
    for inner in (finding.values, pathway.not_encoded):
        with pytest.raises(TypeError):
            inner["none"] = "x"  # type: ignore[index]
    with pytest.raises(TypeError):
        ruleset.space.masks["age_years"] = 0  # type: ignore[index]
    for part in (finding, pathway, ruleset.red_flags[0], *ruleset.site_facts.values(), *ruleset.items.values()):
        with pytest.raises(AttributeError):
            part.id = "x"  # type: ignore[misc]
    for inside, name in ((ruleset.space, "masks"), (ruleset.reader, "space"), (ruleset.reader, "anything")):
        with pytest.raises(AttributeError):
            setattr(inside, name, None)
    ruleset.content()["ruleset"]["notice"] = "Approved."

    assert ruleset.content()["ruleset"]["notice"] == ruleset.notice
    assert decision.to_json() == before == ruleset.decide(BLEED, ["epistaxis"]).to_json()


def test_decisions_of_different_patients_differ_even_if_they_say_the_same(tmp_path: Path) -> None:
    ruleset = small.load(tmp_path)
    one, other = ruleset.decide({"bleeding": True, "age": 40}, ["nose"]), ruleset.decide({"bleeding": True, "age": 41}, ["nose"])
    here = ruleset.at(Site("here", {"ent_here": True, "minutes": 5})).decide({"bleeding": True, "age": 40}, ["nose"])
    newer = small.load(tmp_path, ("ruleset.yaml", "version: 0.1.0", "version: 0.2.0")).decide({"bleeding": True, "age": 40}, ["nose"])

    assert (one.urgency, one.reasons, one.referrals, one.actions) == (other.urgency, other.reasons, other.referrals, other.actions)
    assert len({one, other, here, newer, ruleset.decide({"bleeding": True, "age": 40.0}, "nose")}) == 4
    assert one != one.to_json()


def test_a_reason_for_absence_and_the_pathways_asked_tell_decisions_apart() -> None:
    asked = SHIPPED.decide({"pallor": {"unknown": "asked-unknown"}}, ["epistaxis"])

    assert asked != SHIPPED.decide({}, ["epistaxis"])
    assert SHIPPED.decide({"pallor": None}, ["epistaxis"]) == SHIPPED.decide({}, "epistaxis")
    assert SHIPPED.decide({}, ["epistaxis", "nose_trauma"]) != SHIPPED.decide({}, ["nose_trauma", "epistaxis"])


def test_a_decision_is_shown_in_a_line_without_its_patient(tiny: pathways.RuleSet) -> None:
    digest = tiny.digest[:12]

    assert repr(tiny.decide({}, "nose")) == f"<Decision open, none to immediate; nose; tiny 0.1.0 {digest}>"
    assert repr(tiny.decide({"choking": True, "age": 7}, "nose")) == f"<Decision settled, immediate; nose; tiny 0.1.0 {digest}>"
    assert repr(tiny.read_json('{"choking": true, "age": 7}')) == f"<Presentation, 2 answers; rules {digest}>"


# -- copies ------------------------------------------------------------------------------------------------------------


def copied(thing: Any) -> Iterator[Any]:
    yield copy.copy(thing)
    yield copy.deepcopy(thing)
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        yield pickle.loads(pickle.dumps(thing, protocol))


def test_a_decision_is_copied_and_pickled_with_all_that_can_be_asked_of_it(tmp_path: Path) -> None:
    away = small.load(tmp_path).at(Site("here", {"ent_here": False, "minutes": Decimal("7.5")}))
    for decision in (SHIPPED.decide(BLEED, ["epistaxis", "nose_trauma"]), away.decide({"bleeding": True}, "nose")):
        for other in copied(decision):
            assert other == decision
            assert other.to_json() == decision.to_json()
            assert other.next_questions() == decision.next_questions()
            assert other.why_not(decision.urgency.highest) == decision.why_not(decision.urgency.highest)


def test_many_decisions_are_pickled_with_their_rule_set_once() -> None:
    decisions = [SHIPPED.decide({"age_years": age}, "epistaxis") for age in range(100)]

    assert len(pickle.dumps(decisions)) < 2 * len(pickle.dumps(decisions[0]))
    assert pickle.loads(pickle.dumps(decisions)) == decisions


def test_what_another_engine_pickled_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    text = pickle.dumps(SHIPPED.decide({}, "epistaxis"))
    monkeypatch.setattr("pathways.ruleset.ENGINE", "ent-pathways 9.9.9")
    with pytest.raises(ValueError, match=r"pickled by ent-pathways .*, and this is ent-pathways 9\.9\.9: keep decisions as JSON"):
        pickle.loads(text)


def test_presentations_rule_sets_and_refusals_are_copied_and_pickled(tiny: pathways.RuleSet) -> None:
    presentation = tiny.reader.read({"tablets": ["none", "aspirin"], "age": {"from": 3, "below": 7}, "fever": {"unknown": "asked-unknown"}})
    for other in copied(presentation):
        assert other == presentation
        assert hash(other) == hash(presentation)
        assert tiny.decide(other, "nose") == tiny.decide(presentation, "nose")
        with pytest.raises(TypeError):
            other.given["age"]["from"] = 0
    for ruleset in copied(tiny):
        assert ruleset.digest == tiny.digest
        assert ruleset.content() == tiny.content()
    with pytest.raises(InvalidPresentation) as caught:
        tiny.decide({"temperature": 39, "fever": False, "age": 200}, "nose")
    for error in [*copied(caught.value), *copied(InvalidRules(caught.value.remarks))]:
        assert isinstance(error, InvalidPresentation | InvalidRules)
        assert error.remarks == caught.value.remarks
        assert str(error) == str(caught.value)


def test_the_parts_of_a_rule_set_are_copied_and_pickled(tiny: pathways.RuleSet) -> None:
    site = tiny.at(Site("here", {"ent_here": True, "minutes": 5})).site
    parts: list[Any] = [
        *tiny.findings.values(),
        *tiny.pathways.values(),
        *tiny.urgency,
        *tiny.items.values(),
        *tiny.site_facts.values(),
        site,
    ]
    for part in parts:
        for other in copied(part):
            assert other == part
            assert type(other) is type(part)
    with pytest.raises(TypeError):
        copy.deepcopy(tiny.findings["tablets"]).values["none"] = "x"  # type: ignore[index]


def test_what_was_read_for_other_rules_is_refused(tmp_path: Path, tiny: pathways.RuleSet) -> None:
    """Its cells would mean something else, and nothing would show it."""
    newer = small.load(tmp_path, ("ruleset.yaml", "version: 0.1.0", "version: 0.2.0"))
    presentation = newer.reader.read({"bleeding": True})
    with pytest.raises(InvalidPresentation) as caught:
        tiny.decide(presentation, "nose")

    assert str(caught.value) == ("presentation: error[other-rules]: it was read for other rules\n  help: read it again for this rule set")
    assert newer.decide(presentation, "nose") == newer.decide({"bleeding": True}, "nose")
    assert newer.at(Site("here", {"ent_here": True, "minutes": 5})).decide(presentation, "nose").presentation == {"bleeding": True}


def test_equal_decisions_are_equal_and_hash_alike() -> None:
    one, other = SHIPPED.decide(BLEED, ["epistaxis"]), SHIPPED.decide(BLEED, ["epistaxis"])

    assert one == other
    assert hash(one) == hash(other)
    assert one != SHIPPED.decide({}, ["epistaxis"])
    assert all(
        isinstance(hash(part), int)
        for part in (one.urgency, *one.referrals, *one.actions, *one.advice, *one.reasons, *one.next_questions())
    )


def test_a_decision_tells_what_it_was_made_of(tiny: pathways.RuleSet) -> None:
    decision = tiny.decide({"bleeding": True, "fever": None}, ["nose"])

    assert decision.pathways == ("nose",)
    assert decision.presentation == {"bleeding": True}
    assert decision.engine == f"ent-pathways {pathways.__version__}"
    assert (decision.ruleset.id, decision.ruleset.version, decision.ruleset.digest, decision.ruleset.approval) == (
        "tiny",
        "0.1.0",
        tiny.digest,
        "draft",
    )
    assert (decision.site.id, decision.site.digest) == ("unconfigured", "")
    assert decision.notices == ("Draft.", "Site not configured: what depends on the place of care is shown for both cases.")


# -- urgency -----------------------------------------------------------------------------------------------------------


def test_levels_compare_by_order_and_print_as_their_id() -> None:
    ids = [str(level) for level in SHIPPED.urgency]

    assert ids == [level.id for level in SHIPPED.urgency]
    assert sorted(set(SHIPPED.urgency)) == list(SHIPPED.urgency)
    assert max(SHIPPED.urgency) == SHIPPED.level("immediate")
    assert (
        SHIPPED.level("none")
        < SHIPPED.level("urgent")
        <= SHIPPED.level("urgent")
        > SHIPPED.level("routine_referral")
        >= SHIPPED.level("none")
    )
    assert f"{SHIPPED.level('urgent')}" == "urgent"
    for low, high in zip(SHIPPED.urgency, SHIPPED.urgency[1:], strict=False):
        assert low < high
        assert low <= high
        assert high > low
        assert not low >= high


def test_a_level_equals_its_id_and_has_no_order_with_text() -> None:
    """A comparison that is quietly false would hide the most urgent."""
    with pytest.raises(TypeError):
        assert SHIPPED.level("urgent") < "within_1_hour"  # type: ignore[operator]
    assert SHIPPED.level("urgent") == "urgent"
    assert SHIPPED.level("urgent") != "immediate"
    assert SHIPPED.level("urgent") in {"urgent", "immediate"}
    assert Urgency("urgent", 3) == Urgency("urgent", 3, "another label")


# -- canonical JSON ----------------------------------------------------------------------------------------------------


def test_the_record_is_canonical_json() -> None:
    text = SHIPPED.decide(BLEED, ["epistaxis"]).to_json()

    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    assert text.isascii()


def test_the_record_of_the_smallest_rules_in_full(tiny: pathways.RuleSet) -> None:
    assert tiny.decide({"bleeding": True, "choking": False}, ["nose"]).to_dict() == {
        "format": 1,
        "status": "open",  # the limit can still change
        "urgency": {"lowest": "urgent", "highest": "urgent"},
        "referrals": [
            {"service": "ent", "name": "ENT", "contact": "now", "within": "PT1H", "certain_within": "PT4H", "certainty": "certain", "discreet": False}
        ],
        "actions": [{"id": "pack", "text": "Pack the nose.", "certainty": "certain", "discreet": False}],
        "advice": [],
        "follow_up": [],
        "reasons": [
            {"pathway": "nose", "rule": "clot", "title": "clot", "urgency": "urgent", "basis": "evidence", "sources": ["E1"], "narrows": [], "certainty": "possible", "discreet": False},
            {"pathway": "nose", "rule": "bleed", "title": "bleed", "urgency": "urgent", "basis": "source", "sources": ["row-1"], "narrows": [], "certainty": "certain", "discreet": False},
        ],
        "because": [{"finding": "bleeding", "value": True, "discreet": False}, {"finding": "choking", "value": False, "discreet": False}],
        "next": [{"finding": "examined", "group": "checks", "ask": "was seen", "means": "with a light", "why": "not excluded: clot (urgent)", "optional": False, "if_seen": False, "discreet": False}],
        "optional": [],
        "unread": [],
        "covered": True,
        "not_covered": [],
        "maybe_not_covered": [],
        "pathways": ["nose"],
        "presentation": {"bleeding": True, "choking": False},
        "site": {"id": "unconfigured", "digest": ""},
        "ruleset": {"id": "tiny", "version": "0.1.0", "digest": tiny.digest, "approval": "draft"},
        "notices": ["Draft.", "Site not configured: what depends on the place of care is shown for both cases."],
        "engine": f"ent-pathways {pathways.__version__}",
    }  # fmt: skip


def test_the_record_says_what_is_for_professionals_only(tmp_path: Path) -> None:
    """An item says so itself; the rule that gives it, the service that only such rules name and what only they ask for follow."""
    safeguarding = {
        "urgency": "urgent",
        "referrals": [{"service": "eye", "within": "PT4H"}, {"service": "ent", "within": "PT4H"}],
        "advice": ["talk"],
    }
    ruleset = small.ruleset(
        tmp_path,
        {"burn": {"group": "g"}, "cold": {"group": "g"}},
        {
            "unexplained": ("burn", safeguarding),
            "plain": ("cold", {"urgency": "clinic", "referrals": [{"service": "ent", "within": "P7D"}], "advice": ["rest"]}),
        },
        items={"talk": {"discreet": "yes"}, "rest": {}},
    )
    record = ruleset.decide({"burn": True}, "p").to_dict()

    assert {item["id"]: item["discreet"] for item in record["advice"]} == {"talk": True, "rest": False}
    assert {reason["rule"]: reason["discreet"] for reason in record["reasons"]} == {"unexplained": True, "plain": False}
    assert {referral["service"]: referral["discreet"] for referral in record["referrals"]} == {"eye": True, "ent": False}
    assert record["because"] == [{"finding": "burn", "value": True, "discreet": True}]
    for answers, asked in (({}, ("burn", True)), ({"burn": False}, ("cold", False))):
        assert [(one["finding"], one["discreet"]) for one in ruleset.decide(answers, "p").to_dict()["next"]] == [asked]


def test_a_question_whose_reason_only_professionals_may_read_says_so(tmp_path: Path) -> None:
    """The finding itself is open: another rule asks for it too."""
    ruleset = small.ruleset(
        tmp_path,
        {"a": {}, "b": {}},
        {
            "unexplained": ({"all": ["a", "b"]}, {"urgency": "none", "advice": ["talk"]}),
            "plain": ({"all": ["a", {"b": "no"}]}, "urgent"),
            "mild": ("b", "clinic"),
        },
        items={"talk": {"discreet": "yes"}},
        otherwise="discuss_same_day",
    )
    decision = ruleset.decide({"b": True}, "p")

    assert ruleset.discreet == ({("p", "unexplained")}, set(), set())
    assert [(one.finding, one.why, one.discreet) for one in decision.optional_questions()] == [
        ("a", "may change what to do: unexplained", True)
    ]
    assert [(one.finding, one.discreet) for one in ruleset.decide({"b": False}, "p").next_questions()] == [("a", False)]
    assert {one.rule: one.discreet for one in decision.why_not("none").rules} == {"unexplained": True, "plain": False, "otherwise": True}


def test_the_record_says_when_to_decide_again_and_what_is_optional(tmp_path: Path) -> None:
    ruleset = small.ruleset(
        tmp_path,
        {"ill": {}, "sad": {}},
        {"ill": ("ill", {"urgency": "urgent", "advice": ["look"]}), "sad": ("sad", {"urgency": "none", "advice": ["talk"]})},
        items={"look": {"repeat_after": "30 min"}, "talk": {}},
    )
    record = ruleset.decide({"ill": True}, "p").to_dict()

    assert [(item["id"], item.get("repeat_after", "nothing")) for item in record["advice"]] == [("look", 30), ("talk", "nothing")]
    assert (record["status"], record["next"]) == ("settled", [])
    assert [(one["finding"], one["optional"]) for one in record["optional"]] == [("sad", True)]


def test_the_order_in_which_answers_are_given_does_not_matter() -> None:
    texts = {SHIPPED.decide(dict(pairs), ["epistaxis"]).to_json() for pairs in permutations(BLEED.items())}

    assert len(texts) == 1


def test_different_ways_to_write_one_answer_are_one() -> None:
    given = {"nasal_bleeding_now": True, "minutes_of_pressure": {"unknown": "not-asked"}}
    same = [
        {"nasal_bleeding_now": True, "age_years": age, "minutes_of_pressure": unknown, "anticoagulant": drugs}
        for age in (7, 7.0, Decimal("7.00"))
        for unknown in (None, "unknown", given["minutes_of_pressure"])
        for drugs in (["none", "doac"], ("doac", "none"), {"doac", "none"})
    ]

    assert len({SHIPPED.decide(one, ["epistaxis"]).to_json() for one in same}) == 1


SCRIPT = """
import json, pathways
ruleset = pathways.load()
given = {"nasal_bleeding_now": True, "age_years": 7.25, "anticoagulant": {"none", "warfarin", "doac"}, "pallor": {"unknown": "unable-to-assess"}}
for asked in (["epistaxis"], ["nose_trauma", "epistaxis"], ["nasal_inflammation", "nasal_foreign_body"]):
    print(ruleset.decide(given, asked).to_json())
    print([str(one) for one in ruleset.decide(given, asked).why_not("immediate").change or ()])
print(ruleset.digest)
"""


def test_hash_seed_locale_and_time_zone_change_no_byte() -> None:
    """H56, H64: a Turkish locale lowers I to a dotless i, a German one writes a comma."""
    environments: list[Mapping[str, str]] = [
        {"PYTHONHASHSEED": "0"},
        {"PYTHONHASHSEED": "1", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu"},
        {"PYTHONHASHSEED": "2", "LANG": "de_DE.UTF-8", "LC_NUMERIC": "de_DE.UTF-8", "PYTHONUTF8": "0"},
        {"PYTHONHASHSEED": "3", "LANG": "C", "LC_ALL": "C", "PYTHONOPTIMIZE": "1"},
    ]
    path = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(pathways.__file__).parent.parent)}
    running = [subprocess.Popen([sys.executable, "-c", SCRIPT], env={**path, **one}, stdout=subprocess.PIPE) for one in environments]
    outputs = [process.communicate(timeout=60)[0] for process in running]

    assert [process.returncode for process in running] == [0] * len(environments)
    assert len(set(outputs)) == 1
    assert outputs[0].count(b"\n") == 7


PRESENTATIONS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["epistaxis"]),
    (BLEED, ["epistaxis", "nose_trauma"]),
    ({"foreign_body_kind": "button_battery"}, ["nasal_foreign_body"]),
    ({"airway_compromise": True}, list(SHIPPED.pathways)),
    ({"age_years": Decimal("6.123456789"), "throat_bleeding_now": True}, ["post_tonsillectomy_bleed"]),
    ({"age_years": {"from": 1, "below": Decimal(1) / 3 + 1}, "fever": {"unknown": "asked-unknown"}}, ["nasal_inflammation"]),
    ({"age_years": Decimal(1) / 3, "anticoagulant": ["none", "warfarin"], "pallor": False}, ["epistaxis"]),
]


@pytest.mark.parametrize(("answers", "asked"), PRESENTATIONS, ids=[", ".join((*asked, *answers)) for answers, asked in PRESENTATIONS])
def test_a_record_is_as_its_schema_says(answers: dict[str, Any], asked: list[str]) -> None:
    jsonschema.Draft202012Validator(schema("decision")).validate(json.loads(SHIPPED.decide(answers, asked).to_json()))


def test_a_record_of_nobody_covered_and_one_with_a_window_are_as_the_schema_says(tmp_path: Path) -> None:
    window = {"urgency": "clinic", "referrals": [{"service": "ent", "within": {"from": "injury", "not_before": "P5D", "not_after": "P7D"}}]}
    ruleset = small.ruleset(tmp_path, {"a": {}, "child": {}}, {"r": ("a", window)}, applies="child")
    validator = jsonschema.Draft202012Validator(schema("decision"))
    outside, inside = ruleset.decide({"child": False}, ["p"]), ruleset.decide({"child": True, "a": True}, ["p"])

    assert (outside.status, outside.urgency.lowest, outside.urgency.highest, outside.not_covered) == ("not_covered", None, None, ("p",))
    validator.validate(outside.to_dict())
    assert inside.to_dict()["referrals"][0]["window"] == {"from": "injury", "not_before": "P5D", "not_after": "P7D"}
    validator.validate(inside.to_dict())


def test_who_is_not_covered_is_not_certain_of_an_urgency_while_a_red_flag_is_open(tmp_path: Path) -> None:
    """The bounds are those of the patients who have one; that there may be none is said beside them."""
    ruleset = small.ruleset(
        tmp_path,
        {"a": {}, "child": {}, "choking": {}},
        {"r": ("a", "urgent")},
        applies="child",
        red_flags={"choking": ("choking", "immediate")},
    )
    told = {
        name: (decision.status, str(decision.urgency.lowest), decision.covered, decision.not_covered, decision.maybe_not_covered)
        for name, decision in {
            "open": ruleset.decide({"a": True}, "p"),
            "outside": ruleset.decide({"child": False}, "p"),
            "outside, choking": ruleset.decide({"child": False, "choking": True}, "p"),
            "outside, not choking": ruleset.decide({"child": False, "choking": False}, "p"),
            "inside": ruleset.decide({"child": True, "a": True, "choking": False}, "p"),
        }.items()
    }

    assert told == {
        "open": ("open", "urgent", False, (), ("p",)),
        "outside": ("open", "immediate", False, ("p",), ()),
        "outside, choking": ("final", "immediate", True, ("p",), ()),
        "outside, not choking": ("not_covered", "None", False, ("p",), ()),
        "inside": ("final", "urgent", True, (), ()),
    }
    assert ruleset.decide({"child": False}, "p").to_dict()["covered"] is False


# -- a form ------------------------------------------------------------------------------------------------------------


def test_a_form_has_every_finding_that_can_matter_by_group_in_order(tiny: pathways.RuleSet) -> None:
    """`temperature` is read by no rule, and implies `fever`; a gate comes with what it gates."""
    form = tiny.form("nose")

    assert [(group, [finding.id for finding in findings]) for group, findings in form.items()] == [
        ("signs", ["choking", "bleeding", "fever", "clot"]),
        ("checks", ["examined"]),
        ("about", ["tablets", "age", "temperature"]),
    ]
    assert tiny.groups["checks"] == "what was seen?"


@pytest.mark.parametrize("pathway", SHIPPED.pathways)
def test_a_form_has_what_its_pathway_reads_and_what_it_hands_over_to(pathway: str) -> None:
    form = SHIPPED.form(pathway)
    names = {finding.id for findings in form.values() for finding in findings}
    rules = SHIPPED.pathways[pathway].rules

    assert [group for group in SHIPPED.groups if group in form] == list(form)
    assert all(finding.group == group for group, findings in form.items() for finding in findings)
    assert names >= set(SHIPPED.pathways[pathway].findings)
    assert all(names & set(SHIPPED.pathways[rule.handover].findings) for rule in rules if rule.handover)
    assert names >= {"gcs", "heart_rate", "systolic_bp", "capillary_refill_seconds", "age_years"}
    assert {question.finding for question in SHIPPED.decide({}, pathway).next_questions()} <= names


# -- replay ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answers", "asked"), PRESENTATIONS, ids=[", ".join((*asked, *answers)) for answers, asked in PRESENTATIONS])
def test_a_record_is_reproduced(answers: dict[str, Any], asked: list[str]) -> None:
    decision = SHIPPED.decide(answers, asked)

    assert replay(decision.to_json(), SHIPPED) == (True, ())
    assert replay(decision.to_json().encode(), SHIPPED).same
    assert replay(decision.to_dict(), SHIPPED).same


def test_a_record_is_replayed_with_the_shipped_rules_unless_others_are_given() -> None:
    assert replay(SHIPPED.decide({}, ["epistaxis"]).to_json()).same


TAMPERED: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "a lower urgency": ('"highest":"urgent"', '"highest":"none"', ('urgency.highest: recorded "none", now "urgent"',)),
    "a service away": (
        '"contact":"now"',
        '"contact":null',
        ('referrals[0].contact: recorded null, now "now"',),
    ),
    "another digest": ('"digest":"', '"digest":"0', ()),
    "another text": ("Pack the nose.", "Pack nothing.", ('actions[0].text: recorded "Pack nothing.", now "Pack the nose."',)),
    "a reason away": ('"rule":"bleed"', '"rule":"well"', ('reasons[0].rule: recorded "well", now "bleed"',)),
    "a key more": ('"engine":', '"extra":1,"engine":', ("extra: recorded 1, now nothing",)),
    "a flag away": ('"discreet":false,"id"', '"id"', ("actions[0].discreet: recorded nothing, now false",)),
    "1 for true": ('"discreet":false,"id"', '"discreet":0,"id"', ("actions[0].discreet: recorded 0, now false",)),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_record_that_was_changed_says_what_differs(tiny: pathways.RuleSet, name: str) -> None:
    old, new, wanted = TAMPERED[name]
    given = {"bleeding": True, "choking": False, "examined": False, "age": 40}
    text = tiny.decide(given, ["nose"]).to_json()
    assert old in text
    found = replay(text.replace(old, new), tiny)

    assert not found.same
    assert found.differences == wanted if wanted else found.differences


def test_a_presentation_that_was_changed_gives_another_decision(tiny: pathways.RuleSet) -> None:
    text = tiny.decide({"bleeding": True, "choking": False}, ["nose"]).to_json()
    found = replay(text.replace('"presentation":{"bleeding":true', '"presentation":{"bleeding":false'), tiny)

    assert not found.same
    assert any(one.startswith("urgency.lowest: recorded") for one in found.differences)


def test_a_record_made_elsewhere_names_rules_and_site(tmp_path: Path, tiny: pathways.RuleSet) -> None:
    text = tiny.decide({"bleeding": True}, ["nose"]).to_json()
    newer = small.load(tmp_path, ("ruleset.yaml", "version: 0.1.0", "version: 0.2.0"))

    assert replay(text, newer).differences == (
        f'ruleset.digest: recorded "{tiny.digest}", now "{newer.digest}"',
        'ruleset.version: recorded "0.1.0", now "0.2.0"',
    )


def test_a_record_is_replayed_with_a_rule_set_and_nothing_else(tiny: pathways.RuleSet) -> None:
    with pytest.raises(TypeError, match=r"`rules` is no RuleSet: `pathways\.load` gives one"):
        replay(tiny.decide({}, "nose").to_json(), "rules")  # type: ignore[arg-type]


def test_a_record_that_these_rules_refuse_says_that_others_made_it(tiny: pathways.RuleSet) -> None:
    decision = SHIPPED.decide({"nasal_bleeding_now": True}, ["epistaxis"])
    with pytest.raises(InvalidPresentation) as caught:
        replay(decision.to_json(), tiny)

    first, *others = caught.value.remarks
    assert first.code == "other-rules"
    assert first.message == (
        f"the record was made with `{SHIPPED.id}` {SHIPPED.version} ({SHIPPED.digest[:12]}), "
        f"and these rules are `tiny` 0.1.0 ({tiny.digest[:12]})"
    )
    assert [remark.code for remark in others] == ["unknown-finding"]


def test_a_record_made_at_a_site_is_reproduced_there(tiny: pathways.RuleSet) -> None:
    here = tiny.at(Site("here", {"ent_here": True, "minutes": 5}))
    text = here.decide({"bleeding": True}, "nose").to_json()

    assert replay(text, here).same
    assert 'site.id: recorded "here", now "unconfigured"' in replay(text, tiny).differences


NO_RECORDS: dict[str, tuple[Any, str]] = {
    "None": (None, "not-a-record]: `None` is not a record"),
    "a number": (7, "not-a-record]: `7` is not a record"),
    "a list": ([], "not-a-record]: `[]` is not a record"),
    "JSON of a list": ("[]", "not-a-record]: a record is an object"),
    "nothing in it": ({}, "not-a-record]: a record has `format`"),
    "what JSON cannot hold": ({"presentation": {1, 2}}, "not-a-record]: a record holds what JSON can hold"),
    "not a number": ({"presentation": float("nan")}, "not-a-record]: a record holds what JSON can hold"),
    "another format": ({"format": 2}, "other-format]: the record has format `2`; this engine reads format 1"),
}


@pytest.mark.parametrize("name", NO_RECORDS)
def test_what_is_no_record_is_refused_in_words(tiny: pathways.RuleSet, name: str) -> None:
    record, wanted = NO_RECORDS[name]
    with pytest.raises(InvalidPresentation) as caught:
        replay(record, tiny)

    assert f"record: error[{wanted}" in str(caught.value)


@pytest.mark.parametrize("key", ["format", "presentation", "pathways", "ruleset", "site", "urgency", "status"])
def test_a_record_without_a_part_or_with_a_wrong_one_is_refused(tiny: pathways.RuleSet, key: str) -> None:
    record = tiny.decide({}, "nose").to_dict()
    for changed in ({**record, key: None}, {name: part for name, part in record.items() if name != key}):
        with pytest.raises(InvalidPresentation, match=key):
            replay(changed, tiny)


@pytest.mark.parametrize(
    "record",
    ["[]", "{}", "null", "7", '{"presentation": {}}', "", "{", "[" * 200_000, b"\xff"],
    ids=["a list", "an empty object", "null", "a number", "a presentation alone", "nothing", "half of it", "brackets", "not UTF-8"],
)
def test_what_is_no_record_is_refused(tiny: pathways.RuleSet, record: str | bytes) -> None:
    with pytest.raises(InvalidPresentation):
        replay(record, tiny)


def test_no_record_says_what_is_missing(tiny: pathways.RuleSet) -> None:
    with pytest.raises(InvalidPresentation) as caught:
        replay("{}", tiny)

    assert str(caught.value) == "record: error[not-a-record]: a record has `format`\n  help: give the JSON that a decision wrote"


def test_what_explains_the_differences_stands_first_and_a_list_is_told_by_its_parts(tmp_path: Path, tiny: pathways.RuleSet) -> None:
    text = tiny.decide({"bleeding": True, "choking": False}, "nose").to_json()
    edits = (("ruleset.yaml", "version: 0.1.0", "version: 0.2.0"), ("nose.yaml", "actions: [pack]", "actions: [pack], advice: [ask]"))
    found = replay(text, small.load(tmp_path, *edits)).differences

    assert [one.split(":")[0] for one in found] == ["ruleset.digest", "ruleset.version", "advice"]
    assert found[2] == 'advice: recorded nothing, now {"certainty":"certain","discreet":false,"id":"ask","text":"Ask ENT."}'


def test_a_reason_that_stands_twice_is_a_difference(tiny: pathways.RuleSet) -> None:
    record = tiny.decide({"bleeding": True, "choking": False}, "nose").to_dict()
    record["reasons"] = [*record["reasons"], record["reasons"][0]]

    assert replay(record, tiny).differences == ("reasons: recorded 3 of them, now 2",)


@pytest.mark.parametrize("wrong", [7, None, [[]], [7], {"nose": 1}, "ear", [], ["nose", "nose"]], ids=str)
def test_a_record_of_pathways_that_are_none_is_refused(tiny: pathways.RuleSet, wrong: Any) -> None:
    record = {**tiny.decide({}, ["nose"]).to_dict(), "pathways": wrong}
    with pytest.raises(InvalidPresentation):
        replay(json.dumps(record), tiny)


@pytest.mark.parametrize("wrong", [7, None, [], "bleeding", {"bleeding": 1}, {"blood": True}, {"age": "NaN"}], ids=str)
def test_a_record_of_a_presentation_that_is_none_is_refused(tiny: pathways.RuleSet, wrong: Any) -> None:
    record = {**tiny.decide({}, ["nose"]).to_dict(), "presentation": wrong}
    with pytest.raises(InvalidPresentation):
        replay(json.dumps(record), tiny)


# -- threads -----------------------------------------------------------------------------------------------------------


def test_threads_that_share_a_rule_set_get_the_same_bytes() -> None:
    """Also while the question for their pathways is made for the first time."""
    shared = pathways.load()
    answers = [{**BLEED, "age_years": age} for age in range(40)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda one: shared.decide(one, ["epistaxis", "nose_trauma"]).to_json(), answers))

    assert found == [SHIPPED.decide(one, ["epistaxis", "nose_trauma"]).to_json() for one in answers]


def all_that_can_be_asked(ruleset: pathways.RuleSet, pathway: str) -> list[str]:
    """What a rule set says of some patients, whatever can be asked of it."""
    said = [str(ruleset.form(pathway))]
    for answers in ({}, {**BLEED, "airway_compromise": False}, {"age_years": 3, "severe_bleed": True}):
        decision = ruleset.decide(answers, pathway)
        said += [decision.to_json(), str(decision.why_not("immediate")), str(replay(decision.to_json(), ruleset))]
        try:
            ruleset.decide({**answers, "eye_swollen_shut": True, "periorbital_swelling": False, "age_year": 7}, pathway)
        except InvalidPresentation as error:
            said.append(str(error))
    return said


def test_threads_that_do_everything_at_once_with_a_fresh_rule_set_say_what_one_does_alone() -> None:
    """Every thread begins with another pathway, and is interrupted as often as can be."""
    names = list(SHIPPED.pathways)
    alone = {name: all_that_can_be_asked(SHIPPED, name) for name in names}
    shared, start = pathways.load(), Barrier(8)

    def work(n: int) -> dict[str, list[str]]:
        start.wait()
        return {name: all_that_can_be_asked(shared, name) for name in names[n % len(names) :] + names[: n % len(names)]}

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(work, range(8)))
    finally:
        sys.setswitchinterval(interval)

    assert all(one == alone for one in found)


def test_threads_that_share_a_decision_get_the_same_bytes() -> None:
    decision = SHIPPED.decide(BLEED, ["epistaxis", "nose_trauma"])
    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(lambda _: decision.to_json(), range(16)))

    assert found == {SHIPPED.decide(BLEED, ["epistaxis", "nose_trauma"]).to_json()}


def test_one_decision_leaves_no_trace_in_the_next(tiny: pathways.RuleSet) -> None:
    """Nothing of a patient stays (H28), whatever was asked of the decision before."""
    before = tiny.decide({}, ["nose"]).to_json()
    other = tiny.decide({"bleeding": True, "choking": True}, ["nose"])
    other.to_json()
    other.why_not("immediate")

    assert tiny.decide({}, ["nose"]).to_json() == before


# -- ages --------------------------------------------------------------------------------------------------------------

AGES = [
    ("2020-05-17", "2020-05-17", "0"),
    ("2020-05-17", "2020-05-18", "0.00"),
    ("2020-05-17", "2020-05-24", "0.01"),
    ("2020-05-17", "2020-07-05", "0.13"),
    ("2020-05-17", "2021-05-16", "0.99"),
    ("2020-05-17", "2021-05-17", "1"),
    ("2020-05-17", "2022-05-16", "1.99"),
    ("2020-05-17", "2022-05-17", "2"),
    ("2020-05-17", "2022-11-16", "2.50"),
    ("2020-02-29", "2021-02-28", "0.99"),
    ("2020-02-29", "2021-03-01", "1"),
    ("2020-02-29", "2024-02-28", "3.99"),
    ("2020-02-29", "2024-02-29", "4"),
    ("2020-02-29", "2024-03-01", "4.00"),
    ("2000-02-29", "2100-02-28", "99.99"),
    ("2000-02-29", "2100-03-01", "100"),
    ("2019-02-28", "2020-02-28", "1"),
    ("2019-03-01", "2020-02-29", "0.99"),
    ("2008-12-31", "2024-12-30", "15.99"),
    ("2008-12-31", "2024-12-31", "16"),
    ("1904-01-01", "2024-01-01", "120"),
]


@pytest.mark.parametrize(("birth", "day", "age"), AGES)
def test_age_is_counted_by_the_calendar(birth: str, day: str, age: str) -> None:
    """Who was born on 29 February has a birthday on 1 March in other years; nobody is rounded up into the next band."""
    assert age_on(date.fromisoformat(birth), date.fromisoformat(day)) == Decimal(age)


def test_a_birth_after_the_day_is_an_error() -> None:
    with pytest.raises(ValueError, match="born on 2024-05-18, after 2024-05-17"):
        age_on(date(2024, 5, 18), date(2024, 5, 17))


days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(birth=days, day=days, later=st.integers(0, 800))
def test_age_never_falls_while_time_passes(birth: date, day: date, later: int) -> None:
    birth, day = min(birth, day), max(birth, day)
    age, after = age_on(birth, day), age_on(birth, day + timedelta(days=later))

    assert 0 <= age <= after
    assert after - age <= Decimal(later) / 365 + Decimal("0.02")


@given(birth=days, years=st.integers(0, 100))
def test_a_birthday_is_reached_on_the_day_and_not_before(birth: date, years: int) -> None:
    try:
        birthday = birth.replace(year=birth.year + years)
    except ValueError:
        birthday = date(birth.year + years, 3, 1)

    assert age_on(birth, birthday) == years
    if years:
        assert age_on(birth, birthday - timedelta(days=1)) < years


@given(birth=days, day=days)
def test_an_age_is_a_presentation(birth: date, day: date) -> None:
    birth, day = min(birth, day), max(birth, day)
    age = age_on(birth, day)
    if age <= 120:
        assert replay_of(SHIPPED.reader.read({"age_years": age}).to_dict()["age_years"]) == age


def replay_of(written: Any) -> Decimal:
    return Decimal(written["decimal"]) if isinstance(written, dict) else Decimal(str(written))


# -- what no rule reads ------------------------------------------------------------------------------------------------


def test_a_worrying_answer_that_no_rule_reads_here_is_named() -> None:
    """A bulging eye without an injury: the nosebleed pathway does not read it, and does not keep silent about it."""
    well = {name: False for name in SHIPPED.pathways["epistaxis"].findings if SHIPPED.findings[name].worse != "no"}
    plain = {name: value for name, value in well.items() if SHIPPED.findings[name].kind == "yes_no" and not SHIPPED.findings[name].gated}
    given = {**plain, "age_years": 30, "anticoagulant": "none", "sex": "male", "stopped_with_pressure": True}
    assert SHIPPED.decide(given, "epistaxis").unread == ()

    decision = SHIPPED.decide({**given, "proptosis": True}, "epistaxis")
    assert decision.urgency.highest == "gp_if_persists"
    assert decision.unread == ("proptosis",)
    assert '"unread":["proptosis"]' in decision.to_json()
    text = " ".join(line.text for line in page(decision, SHIPPED, When(datetime(2026, 3, 14, 2, 40, tzinfo=UTC))))
    assert "Answered, and read by no rule that applies here: judge it yourself one eye is pushed forward" in text
    # An injury adds the pathway that reads it.
    assert SHIPPED.decide({**given, "recent_trauma": True, "proptosis": True}, "epistaxis").unread == ()


def test_otherwise_of_a_pathway_handed_to_where_it_is_for_nobody_says_nothing(tmp_path: Path) -> None:
    others = {"q": {"rules": {"t": ("b", "urgent")}, "otherwise": "immediate", "applies": {"a": "no"}}}
    ruleset = small.ruleset(
        tmp_path, {"a": {}, "b": {}}, {"r": ("a", ">q"), "s": ("b", "clinic")}, otherwise="discuss_same_day", others=others
    )

    handed = ruleset.decide({"a": True, "b": True}, "p")
    assert (handed.urgency.highest.id, {reason.rule for reason in handed.reasons}) == ("clinic", {"s", "r"})

    unknown = ruleset.decide({}, "p")
    assert unknown.urgency.highest.id == "discuss_same_day"


def test_what_a_constraint_ties_to_what_is_read_is_read(tmp_path: Path) -> None:
    findings: dict[str, dict[str, Any]] = {"a": {}, "b": {}, "c": {}, "d": {"worse": "no"}}
    ruleset = small.ruleset(tmp_path, findings, {"r": ("a", "urgent")}, otherwise="discuss_same_day", constraints={"k": ("b", "a")})
    assert ruleset.decide({"a": True, "b": True}, ["p"]).unread == ()
    assert ruleset.decide({"c": True, "d": False}, ["p"]).unread == ("c", "d")
    assert ruleset.decide({"c": False, "d": True}, ["p"]).unread == ()
    assert ruleset.decide({"c": None, "d": {"unknown": "asked-unknown"}}, ["p"]).unread == ()


def test_what_is_not_answered_is_no_worrying_answer(tmp_path: Path) -> None:
    """Neither answer of `b` is worse, and none was given."""
    ruleset = small.ruleset(tmp_path, {"a": {}, "b": {"worse": "neither"}}, {"r": ("a", "urgent")}, otherwise="discuss_same_day")

    assert ruleset.decide({"b": None}, ["p"]).unread == ()
