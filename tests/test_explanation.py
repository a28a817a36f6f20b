"""Every explanation is exact: the smallest set of answers, the smallest change, the next question that matters.

Small random rule sets are read plainly, patient by patient, and compared.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import pathways
import small
from pathways import InvalidPresentation
from worlds import DOMAINS, World, as_given, measured_worlds, presentations, worlds

ranked = small.LEVELS.index


@pytest.fixture(scope="module", name="folder")
def folder_for_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("explanation")


def smaller(names: list[str], size: int) -> Iterator[tuple[str, ...]]:
    """Every set of fewer names."""
    for fewer in range(size):
        yield from combinations(names, fewer)


# -- because -----------------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_because_fixes_the_urgency_and_no_smaller_set_does(folder: Path, data: st.DataObject) -> None:
    """Or its lowest bound, while it is open."""
    world = data.draw(worlds(applies=False))
    world.otherwise = world.otherwise or "discuss_same_day"
    check_because(world, folder, data.draw(presentations(world)))


@settings(deadline=None, max_examples=20, phases=[Phase.generate])
@given(data=st.data())
def test_because_is_exact_also_where_somebody_may_get_no_urgency(folder: Path, data: st.DataObject) -> None:
    """The lowest bound is then that of those who get one."""
    world = data.draw(worlds())
    given = data.draw(presentations(world))
    with in_time():
        check_because(world, folder, given)


def check_because(world: World, folder: Path, given: dict[str, Any]) -> None:
    decision = world.load(folder).decide(given, ["p"])
    ranks = {world.rank(patient) for patient in world.completions(given)}
    names = [answer.finding for answer in decision.because]
    lowest = min([rank for rank in ranks if rank >= 0], default=-1)

    def fixes(names: tuple[str, ...] | list[str]) -> bool:
        found = {world.rank(patient) for patient in world.completions({name: given[name] for name in names})}
        if len(ranks) == 1:
            return found == ranks
        return min(found) >= lowest if min(ranks) >= 0 else not any(0 <= rank < lowest for rank in found)

    assert set(names) <= set(given)
    assert fixes(names)
    assert not any(fixes(fewer) for fewer in smaller(sorted(given), len(names)))


@contextmanager
def in_time(seconds: float = 5) -> Iterator[None]:
    """An explanation that does not end fails its test, and not the whole suite."""
    before = signal.signal(signal.SIGALRM, lambda *_: pytest.fail("it does not end"))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_because_names_the_answers_as_they_were_given(tmp_path: Path) -> None:
    ruleset = small.load(tmp_path)
    decision = ruleset.decide(
        {"choking": False, "bleeding": False, "examined": False, "age": Decimal("1.5"), "tablets": ["warfarin"], "fever": True}, ["nose"]
    )

    assert decision.urgency.lowest == ruleset.level("urgent")
    assert [(one.finding, one.value) for one in decision.because] == [("age", 1.5), ("choking", False), ("tablets", ["warfarin"])]


def test_because_ends_where_somebody_may_get_no_urgency(tmp_path: Path) -> None:
    """One rule and no `otherwise`: whoever gets an urgency gets this one, whatever is answered."""
    ruleset = small.ruleset(tmp_path, {"a": {}, "b": {}}, {"r": ("a", "urgent")})

    with in_time():
        assert ruleset.decide({"b": True}, ["p"]).because == ()


# -- why not -----------------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_a_change_reaches_the_level_and_a_smaller_one_does_not(folder: Path, data: st.DataObject) -> None:
    """A change is counted by the findings that are answered otherwise, or answered at all, until a rule of the level holds."""
    world = data.draw(measured_worlds(otherwise=False))
    given = data.draw(presentations(world))
    ruleset = world.load(folder)
    level = data.draw(st.sampled_from(small.LEVELS[1:]))
    why = ruleset.decide(given, ["p"]).why_not(level)
    reached = {world.rank(patient) >= ranked(level) for patient in world.completions(given)}

    assert (why.change == ()) == (reached == {True})
    assert (why.change is None) == (not any(world.rank(patient) >= ranked(level) for patient in world.patients))
    if not why.change:
        return
    changed = {change.finding: change.to for change in why.change}
    others = {name: value for name, value in given.items() if name not in changed}
    after = [
        patient
        for patient in world.completions(others)
        if all(said(ruleset, name, patient[name], to) for name, to in changed.items())
    ]  # fmt: skip
    assert after, "nobody can be so"
    assert any(world.rank(patient) >= ranked(level) for patient in after)
    assert all(change.now == shown(given.get(change.finding)) for change in why.change)
    assert not any(certain(world, given, fewer, level) for fewer in smaller(list(DOMAINS), min(len(changed), 3)))


def certain(world: World, given: Mapping[str, Any], names: tuple[str, ...], level: str) -> bool:
    """Whether some answers to these findings, or none, make a rule of the level hold for certain: found by trying them all."""
    kept = world.completions({name: value for name, value in given.items() if name not in names})
    for answers in product(*((*DOMAINS[name], None) for name in names)):
        found = [
            world.holding(patient)
            for patient in kept
            if all(answer is None or patient[name] == answer for name, answer in zip(names, answers, strict=True))
        ]  # fmt: skip
        rules = frozenset.intersection(*found) if found else frozenset()
        if any((given := world.level(*rule)) is not None and ranked(given) >= ranked(level) for rule in rules):
            return True
    return False


def said(ruleset: pathways.RuleSet, name: str, answer: Any, to: str) -> bool:
    """Whether an answer is one of those that a change names."""
    finding = ruleset.findings[name]
    bits = [bit for bit, _ in finding.cells()]
    cells = next(chosen for size in range(1, len(bits) + 1) for chosen in combinations(bits, size) if finding.say(sum(chosen)) == to)
    own = finding.not_applicable if answer is None else finding.cell(answer == "yes" if finding.kind == "yes_no" else answer)
    return own in cells


def shown(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: int(end) for key, end in value.items()}
    if isinstance(value, list):
        return sorted(value)
    return int(value) if isinstance(value, Decimal) else value


def test_why_not_says_what_failed_what_is_open_and_what_would_reach_it(tmp_path: Path) -> None:
    ruleset = small.load(tmp_path)
    why = ruleset.decide({"choking": False, "bleeding": False, "fever": False, "age": 40}, ["nose"]).why_not("urgent")

    assert [(missed.rule, missed.failed, missed.open) for missed in why.rules] == [
        ("clot", (), ("has a clot",)),
        ("choking", ("chokes",), ()),
        ("bleed", ("bleeds",), ()),
    ]
    assert [(change.finding, change.now, change.to) for change in why.change or ()] == [("choking", False, "chokes")]
    assert ruleset.decide({"bleeding": True}, ["nose"]).why_not("urgent").change == ()
    with pytest.raises(ValueError, match=r"`urgnt` is not a level of urgency: did you mean `urgent`\?"):
        ruleset.decide({}, ["nose"]).why_not("urgnt")


def test_a_level_that_only_otherwise_gives_is_no_empty_change_while_it_is_open(tmp_path: Path) -> None:
    """An empty change says that the level is certain already."""
    ruleset = small.ruleset(tmp_path, {"a": {}}, {"r": ("a", "none")}, otherwise="urgent")

    assert [(change.finding, change.to) for change in ruleset.decide({}, ["p"]).why_not("urgent").change or ()] == [("a", "no: a")]
    assert [(change.finding, change.to) for change in ruleset.decide({"a": True}, ["p"]).why_not("urgent").change or ()] == [("a", "no: a")]
    assert ruleset.decide({"a": False}, ["p"]).why_not("urgent").change == ()


def test_what_is_implied_by_a_measurement_need_not_be_answered(tmp_path: Path) -> None:
    findings = {"fever": {}, "bleeding": {}, "heat": {"range": [30, 45]}}
    ruleset = small.ruleset(
        tmp_path, findings, {"r": ({"all": ["fever", "bleeding"]}, "urgent")}, constraints={"hot": ({"heat": {"at_least": 38}}, "fever")}
    )
    change = ruleset.decide({"heat": 39}, ["p"]).why_not("urgent").change

    assert [one.finding for one in change or ()] == ["bleeding"]


# -- contradictions ----------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_a_contradiction_names_a_smallest_set_of_answers(folder: Path, data: st.DataObject) -> None:
    world = data.draw(worlds(otherwise=False, handover=False))
    given = {name: as_given(name, data.draw(st.sampled_from(domain))) for name, domain in DOMAINS.items() if data.draw(st.integers(0, 3))}
    ruleset = world.load(folder)
    if world.completions(given):
        ruleset.decide(given, ["p"])
        return
    with pytest.raises(InvalidPresentation) as caught:
        ruleset.decide(given, ["p"])
    (remark,) = caught.value.remarks
    names = re.findall("`([a-z]+)`", remark.message.split(" cannot be as given")[0])

    assert remark.code == "contradiction"
    assert not world.completions({name: given[name] for name in names})
    assert all(world.completions({name: given[name] for name in fewer}) for fewer in smaller(sorted(given), len(names)))


# -- the next question -------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_a_question_is_new_open_of_one_group_and_can_matter(folder: Path, data: st.DataObject) -> None:
    world = data.draw(measured_worlds())
    given = data.draw(presentations(world))
    for name in list(given):
        if data.draw(st.integers(0, 4)) == 0:
            given[name] = data.draw(st.sampled_from([None, {"unknown": "asked-unknown"}, {"unknown": "unable-to-assess"}]))
    decision = world.load(folder).decide(given, ["p"])
    questions = [*decision.next_questions(), *decision.optional_questions()]
    completions = world.completions(given)

    assert len({question.group for question in questions}) <= 1
    for question in questions:
        name = question.finding
        told = given.get(name)
        assert told is None or isinstance(told, Mapping | list), "asked already"
        assert not (isinstance(told, Mapping) and "unknown" in told), "asked already"
        assert len({patient[name] for patient in completions}) > 1, "known already"
        assert matters(world, completions, name), f"{name} cannot matter"


def matters(world: World, completions: list[dict[str, Any]], name: str) -> bool:
    """Whether the rules that hold depend on the finding for somebody, all else being equal as far as it can be."""
    by_others: dict[str, set[frozenset[tuple[str, str]]]] = {}
    for patient in completions:
        others = {key: value for key, value in patient.items() if key != name and not (name == "a" and key == "hidden")}
        by_others.setdefault(str(others), set()).add(world.holding(patient))
    held = [world.holding(patient) for patient in completions]
    by_answer = {str(patient[name]): set() for patient in completions}
    for patient, rules in zip(completions, held, strict=True):
        by_answer[str(patient[name])].add(rules)
    return any(len(found) > 1 for found in by_others.values()) or len({frozenset(found) for found in by_answer.values()}) > 1


@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_asking_ends_settled_and_never_asks_twice(folder: Path, data: st.DataObject) -> None:
    """Whoever answers every question ends with one level and fixed referrals, or not covered."""
    world = data.draw(worlds())
    patient = data.draw(st.sampled_from(world.patients))
    ruleset = world.load(folder)
    given: dict[str, Any] = {}
    for _ in range(len(DOMAINS) + 1):
        decision = ruleset.decide(given, ["p"])
        questions = decision.next_questions()
        if not questions:
            break
        for question in questions:
            assert question.finding not in given
            if patient[question.finding] is not None:
                given[question.finding] = as_given(question.finding, patient[question.finding])
            else:
                assert question.if_seen
                given[question.finding] = {"unknown": "unable-to-assess"}
    ranks = {world.rank(one) for one in world.completions(given)}

    assert not decision.next_questions()
    assert ranks == {world.rank(patient)}
    assert decision.status in ("settled", "final", "not_covered") or world.applies is not None


@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_nothing_is_asked_where_the_decision_is_settled(folder: Path, data: st.DataObject) -> None:
    world = data.draw(worlds())
    decision = world.load(folder).decide(data.draw(presentations(world)), ["p"])
    if decision.status != "open":
        assert decision.next_questions() == ()
    if decision.status == "final":
        assert decision.optional_questions() == ()


def asked(ruleset: pathways.RuleSet, given: dict[str, Any]) -> list[str]:
    return [question.finding for question in ruleset.decide(given, ["p"]).next_questions()]


def test_the_danger_signs_are_asked_first(tmp_path: Path) -> None:
    """Also where another group stands before them and more rules read it."""
    findings = {"a": {"group": "first"}, "b": {"group": "first"}, "danger": {"group": "dangers"}, "worse": {"group": "dangers"}}
    rules = {"r": ({"all": ["a", "b"]}, "immediate"), "s": ("a", "immediate"), "t": ("b", "urgent")}
    ruleset = small.ruleset(
        tmp_path,
        findings,
        rules,
        otherwise="discuss_same_day",
        red_flags={"one": ("danger", "urgent"), "two": ("worse", "urgent")},
        groups=("first", "dangers"),
    )

    assert asked(ruleset, {}) == ["danger", "worse"]
    assert asked(ruleset, {"danger": False, "worse": False}) == ["a", "b"]


def test_the_most_urgent_rule_is_asked_for_first_and_then_what_most_rules_read(tmp_path: Path) -> None:
    findings = {"a": {}, "b": {}, "c": {}, "d": {}}
    rules = {
        "low": ("a", "clinic"), "high": ({"all": ["b", "c"]}, "immediate"), "other": ({"all": ["c", "d"]}, "urgent"), "third": ({"all": ["d", "a"]}, "urgent"),
    }  # fmt: skip
    ruleset = small.ruleset(tmp_path, findings, rules, otherwise="discuss_same_day")

    assert asked(ruleset, {}) == ["c"]
    assert asked(ruleset, {"c": True}) == ["b"]
    assert asked(ruleset, {"c": False}) == ["a"] or asked(ruleset, {"c": False}) == ["d"]


def test_equals_are_asked_in_the_declared_order_of_groups(tmp_path: Path) -> None:
    findings = {"a": {"group": "later"}, "b": {"group": "sooner"}}
    rules = {"r": ("a", "urgent"), "s": ("b", "urgent")}

    assert asked(small.ruleset(tmp_path, findings, rules, otherwise="discuss_same_day", groups=("sooner", "later")), {}) == ["b"]


def test_a_gate_is_asked_before_what_it_gates(tmp_path: Path) -> None:
    findings = {"clot": {"applies": "seen"}, "seen": {"applies": "lamp"}, "lamp": {}}
    ruleset = small.ruleset(tmp_path, findings, {"r": ("clot", "urgent")}, otherwise="discuss_same_day")

    assert asked(ruleset, {}) == ["lamp"]
    assert asked(ruleset, {"lamp": True}) == ["seen"]
    assert asked(ruleset, {"seen": True}) == ["clot"]
    assert asked(ruleset, {"lamp": False}) == []
    assert asked(ruleset, {"lamp": True, "seen": False}) == []
    assert asked(ruleset, {"lamp": {"unknown": "asked-unknown"}}) == ["seen"]


def test_what_switches_a_pathway_on_is_asked_before_what_the_pathway_reads(tmp_path: Path) -> None:
    findings = {"after_surgery": {}, "spurting": {}}
    ruleset = small.ruleset(
        tmp_path,
        findings,
        {"over": ("after_surgery", ">q")},
        otherwise="discuss_same_day",
        others={"q": {"rules": {"x": ("spurting", "immediate")}}},
    )

    assert asked(ruleset, {}) == ["after_surgery"]
    assert asked(ruleset, {"after_surgery": True}) == ["spurting"]
    assert asked(ruleset, {"after_surgery": False}) == []


def test_a_pathway_that_is_switched_on_is_not_switched_on_again(tmp_path: Path) -> None:
    findings = {"door": {}, "window": {}, "a": {}}
    rules = {"in": ("door", ">other"), "or_in": ("window", ">other")}
    others = {"other": {"rules": {"r": ("a", "urgent")}, "otherwise": "discuss_same_day"}}
    ruleset = small.ruleset(tmp_path, findings, rules, otherwise="discuss_same_day", others=others)

    assert asked(ruleset, {}) == ["door"]
    assert asked(ruleset, {"door": True}) == ["a"]
    assert asked(ruleset, {"door": False}) == ["window"]


def test_an_alternative_that_another_one_has_overtaken_is_not_asked_for(tmp_path: Path) -> None:
    findings = {"a": {"group": "first"}, "b": {"group": "last"}, "c": {"group": "middle"}}
    rules = {"r": ({"any": [{"all": ["a", "b"]}, {"all": ["c", "b"]}]}, "urgent")}
    ruleset = small.ruleset(tmp_path, findings, rules, otherwise="discuss_same_day", groups=("first", "middle", "last"))

    assert asked(ruleset, {"a": True}) == ["b"]
    assert asked(ruleset, {"a": False}) == ["c"]
    # What `otherwise` waits for is the same.
    ruleset = small.ruleset(tmp_path, findings, {"r": (rules["r"][0], "none")}, otherwise="urgent", groups=("first", "middle", "last"))
    assert asked(ruleset, {"a": True}) == ["b"]


def test_an_alternative_that_is_ruled_out_is_not_asked_for(tmp_path: Path) -> None:
    findings = {"a": {"group": "last"}, "b": {"group": "last"}, "c": {"group": "first"}}
    rules = {"r": ({"any": ["b", {"all": [{"a": "no"}, "c"]}]}, "urgent")}
    ruleset = small.ruleset(tmp_path, findings, rules, otherwise="discuss_same_day", groups=("first", "last"))

    assert asked(ruleset, {}) == ["c"]
    assert asked(ruleset, {"a": True}) == ["b"]


def test_what_waits_for_a_gate_is_not_shown_beside_it(tmp_path: Path) -> None:
    """Shown on another screen, somebody may have seen it already; beside its gate, the gate's answer opens it."""
    findings = {"a": {"group": "one"}, "gate": {"group": "one"}, "b": {"group": "one", "applies": "gate"}}
    rules = {"r": ("a", "urgent"), "s": ("b", "urgent")}
    ruleset = small.ruleset(tmp_path, findings, rules, otherwise="discuss_same_day")
    assert asked(ruleset, {}) == ["a", "gate"]

    findings["gate"] = {"group": "two"}
    ruleset = small.ruleset(tmp_path, findings, rules, otherwise="discuss_same_day", groups=("one", "two"))
    first, second = ruleset.decide({}, ["p"]).next_questions()
    assert (first.finding, first.if_seen, second.finding, second.if_seen) == ("a", False, "b", True)


def test_only_what_was_not_asked_is_asked(tmp_path: Path) -> None:
    ruleset = small.ruleset(tmp_path, {"a": {}}, {"r": ("a", "urgent")}, otherwise="discuss_same_day")

    assert (
        asked(ruleset, {})
        == asked(ruleset, {"a": None})
        == asked(ruleset, {"a": "unknown"})
        == asked(ruleset, {"a": {"unknown": "not-asked"}})
        == ["a"]
    )
    assert asked(ruleset, {"a": {"unknown": "asked-unknown"}}) == asked(ruleset, {"a": {"unknown": "unable-to-assess"}}) == []


def test_a_question_says_why_it_is_asked(tmp_path: Path) -> None:
    ruleset = small.load(tmp_path)
    (first,) = ruleset.decide({"bleeding": False, "fever": False, "clot": False}, ["nose"]).next_questions()

    assert (first.finding, first.group, first.ask, first.means) == ("choking", "signs", "chokes", "cannot breathe")
    assert (first.why, first.optional) == ("not excluded: choking (immediate)", False)


def test_the_reason_of_a_question_is_the_most_urgent_rule(tmp_path: Path) -> None:
    """Whichever rules ask for just the same, or for more."""
    rules = {"low": ({"all": ["a", "b"]}, "clinic"), "high": ({"all": ["a", "c"]}, "immediate"), "middle": ("a", "urgent")}
    ruleset = small.ruleset(tmp_path, {"a": {}, "b": {}, "c": {}}, rules, otherwise="discuss_same_day")
    questions = ruleset.decide({}, ["p"]).next_questions()

    assert {question.finding: question.why for question in questions}["a"] == "not excluded: high (immediate)"


@pytest.mark.parametrize("order", [("r", "s"), ("s", "r")])
@pytest.mark.parametrize("seen", ["a", {"all": ["a", "b"]}])
def test_of_equal_reasons_a_question_tells_one_that_anybody_may_see(tmp_path: Path, order: tuple[str, ...], seen: Any) -> None:
    quiet = ("a", {"urgency": "urgent", "advice": ["team"]})
    rules = {"r": quiet, "s": (seen, "urgent")}
    items = {"team": {"discreet": "yes"}}
    findings = {"a": {}, "b": {}}
    ruleset = small.ruleset(tmp_path, findings, {name: rules[name] for name in order}, otherwise="discuss_same_day", items=items)
    first = ruleset.decide({}, ["p"]).next_questions()[0]
    assert (first.finding, first.why, first.discreet) == ("a", "not excluded: s (urgent)", False)


def test_what_could_only_change_advice_is_offered_and_not_asked(tmp_path: Path) -> None:
    findings = {"a": {}, "b": {}}
    rules = {"r": ("a", "urgent"), "s": ("b", {"urgency": "urgent", "advice": ["rest"]})}
    ruleset = small.ruleset(tmp_path, findings, rules, otherwise="discuss_same_day", items={"rest": {}})
    decision = ruleset.decide({"a": True}, ["p"])

    assert decision.status == "settled"
    assert decision.next_questions() == ()
    assert [(one.finding, one.why, one.optional) for one in decision.optional_questions()] == [("b", "may change what to do: s", True)]
    assert ruleset.decide({"a": True, "b": False}, ["p"]).optional_questions() == ()


def test_a_referral_that_is_open_is_asked_for(tmp_path: Path) -> None:
    findings = {"a": {}, "b": {}}
    soon = {"urgency": "urgent", "referrals": [{"service": "ent", "within": "PT4H"}]}
    rules = {"r": ("a", "urgent"), "s": ("b", soon)}
    ruleset = small.ruleset(tmp_path, findings, rules, otherwise="discuss_same_day")

    assert ruleset.decide({"a": True}, ["p"]).status == "open"
    assert asked(ruleset, {"a": True}) == ["b"]


# -- reasons for absence -----------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_why_something_is_not_known_changes_no_bound(folder: Path, data: st.DataObject) -> None:
    world = data.draw(worlds())
    given = data.draw(presentations(world))
    ruleset = world.load(folder)
    absent = [name for name in DOMAINS if name not in given]
    plain = ruleset.decide(given, ["p"])
    for reason in (None, "unknown", {"unknown": "not-asked"}, {"unknown": "asked-unknown"}, {"unknown": "unable-to-assess"}):
        other = ruleset.decide({**given, **dict.fromkeys(absent, reason)}, ["p"])

        assert (other.status, other.urgency, other.referrals, other.reasons) == (
            plain.status,
            plain.urgency,
            plain.referrals,
            plain.reasons,
        )
        assert (other.actions, other.advice, other.follow_up) == (plain.actions, plain.advice, plain.follow_up)
