"""P19 and P16: what is asked, when anybody is reassured, and that a rule set differs in nothing from itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import pathways
import small
import worlds
from pathways.checks import Book, Verdict, check, open_book
from pathways.checks.book import Disagreement
from pathways.checks.questions import idle_question
from pathways.checks.same import no_difference, turned_round
from pathways.checks.walks import walked, walks
from pathways.content import Content
from pathways.decision import Decision, Status
from pathways.shipped import folder

FLAG = ("ruleset.yaml", "then: {urgency: immediate, referrals: [{service: ent, contact: now, within: now}]}", "then: {urgency: none}")


@cache
def shipped_book() -> Book:
    return open_book(folder())


def test_who_has_a_red_flag_and_is_reassured_is_shown(tmp_path: Path) -> None:
    report = check(small.write(tmp_path, FLAG), ["P19"])
    [remark] = [one for one in report.remarks if one.code == "reassured-with-flag"]

    assert report.verdict("P19") is Verdict.REFUTED
    assert remark.message == "`nose` reassures with `home` a patient of whom the red flag `choking` holds"
    assert (str(remark.place), str(remark.other)) == ("rules/ruleset.yaml:17:51", "rules/items.yaml:3:3")
    assert remark.example is not None
    assert remark.example.said == "chokes; all else absent"
    assert dict(remark.example.given)["choking"] == "yes"


def test_a_flag_above_every_rule_that_reassures_is_none(tmp_path: Path) -> None:
    assert check(small.write(tmp_path), ["P19"]).verdict("P19") is Verdict.PROVED


def test_a_reassurance_before_the_flag_that_the_solver_excludes_would_be_our_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = open_book(small.write(tmp_path, FLAG))
    assert list(walks(book, "nose")) == []

    monkeypatch.setattr("pathways.checks.walks.reassured_with_flag", lambda *_: iter(()))
    with pytest.raises(Disagreement, match="home although choking may hold"):
        list(walks(book, "nose"))


def test_a_question_that_is_asked_again_would_be_our_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = open_book(small.write(tmp_path))
    first = book.ruleset.decide({}, ["nose"]).next_questions()
    monkeypatch.setattr(Decision, "next_questions", lambda self: first)
    with pytest.raises(Disagreement, match=r"`nose` asks .* again"):
        list(walks(book, "nose"))


def test_an_end_while_something_is_open_would_be_our_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = open_book(small.write(tmp_path))
    monkeypatch.setattr(Decision, "next_questions", lambda self: ())
    with pytest.raises(Disagreement, match="nothing more is asked, and none to immediate are possible"):
        list(walks(book, "nose"))


@pytest.mark.parametrize("pathway", pathways.load().pathways)
def test_every_path_of_the_shipped_questionnaires_ends_with_the_flags_known_before_anybody_is_reassured(pathway: str) -> None:
    """All ordinary answers; each single other answer; each single answer that nobody knows."""
    book = shipped_book()
    ends = list(walked(book, pathway, unknown=True))

    assert len(ends) > 20
    assert any(isinstance(answer, Mapping) for given_, _ in ends for answer in given_.values())
    for given_, decision in ends:
        known = not any(isinstance(answer, Mapping) for answer in given_.values())
        assert decision.status in (Status.SETTLED, Status.FINAL) or not known
        if decision.status is Status.FINAL:
            assert decision.urgency.lowest == decision.urgency.highest
        items = (*decision.actions, *decision.advice, *decision.follow_up)
        if any(book.content.items[item.id]["reassures"] for item in items if item.certainty == "certain"):
            assert not any(reason.pathway == "red_flags" for reason in decision.reasons)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(world=worlds.worlds())
def test_what_a_path_ends_with_is_what_the_patients_who_are_left_get(world: worlds.World) -> None:
    """In random rule sets, against all patients there can be."""
    with TemporaryDirectory() as aside:
        world.load(Path(aside))
        book = open_book(Path(aside) / "rules")
        for given_, decision in walked(book, "p"):
            left = world.completions({name: as_told(name, answer) for name, answer in given_.items()})
            ranks = {rank for patient in left if (rank := world.rank(patient)) >= 0}
            bounds = (decision.urgency.lowest, decision.urgency.highest)

            assert left
            assert bounds == ((small.LEVELS[min(ranks)], small.LEVELS[max(ranks)]) if ranks else (None, None))
        assert list(walks(book, "p")) == []


def as_told(name: str, answer: Any) -> Any:
    """A number by its cell: the worlds know three."""
    if worlds.KINDS[name] != "number" or isinstance(answer, Mapping):
        return answer
    return min(worlds.DOMAINS[name], key=lambda known: ((known < 5) != (answer < 5), (known == 5) != (answer == 5), abs(known - answer)))


# -- questions for nothing -----------------------------------------------------------------------------------------------

AT_RISK = "{any: [bleeding, {all: [small, {tablets: warfarin}]}]}"
MORE = "  more: {title: more, when: {all: [bleeding, {tablets: warfarin}]}, then: {urgency: urgent, referrals: [{service: ent, contact: now, within: PT4H}]}, basis: interpretation, sources: [G1]}"
NOTHING = [("nose.yaml", AT_RISK, "bleeding"), ("nose.yaml", "rules:\n", f"rules:\n{MORE}\n")]


def test_a_question_on_which_nothing_depends_is_named(tmp_path: Path) -> None:
    [remark] = [one for one in check(small.write(tmp_path, *NOTHING), ["P19"]).remarks if one.code == "idle-question"]

    assert remark.message == "`nose` asks `tablets`, and nothing depends on the answer"
    assert (str(remark.place), str(remark.other)) == ("rules/findings.yaml:7:3", "rules/nose.yaml:6:1")


TELLING = {
    "advice alone": (*NOTHING, ("nose.yaml", "otherwise:", "  told: {title: told, when: {tablets: warfarin}, then: {urgency: none, advice: [ask]}, basis: interpretation, sources: [G1]}\notherwise:")),
    "a gate": (*NOTHING, ("findings.yaml", "applies: examined", "applies: {all: [examined, {tablets: none}]}")),
    "a measurement that implies a sign": (*NOTHING, ("ruleset.yaml", "constraints:\n", "constraints:\n  thins: {if: {tablets: warfarin}, then: fever, means: warfarin is hot}\n")),
}  # fmt: skip


@pytest.mark.parametrize("name", TELLING)
def test_an_answer_that_tells_anything_is_not_for_nothing(tmp_path: Path, name: str) -> None:
    assert check(small.write(tmp_path, *TELLING[name]), ["P19"]).remarks == ()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(world=worlds.worlds())
def test_questions_for_nothing_are_those_of_plain_enumeration(world: worlds.World) -> None:
    with TemporaryDirectory() as aside:
        world.load(Path(aside))
        book = open_book(Path(aside) / "rules")
        asked = book.ruleset.space.names(book.ruleset.asked(["p"]).askable)
        named = {remark.message.split("`")[3] for remark in idle_question(book, "p")}

    assert named == {name for name in asked if not matters(world, name)}


def matters(world: worlds.World, name: str) -> bool:
    """Whether two patients who differ in it, and in nothing that does not hang on it, get different levels."""
    tied = {name}
    for constraint in world.constraints.values():
        read = {other for other in worlds.FINDINGS if f"'{other}'" in repr(constraint)}
        tied |= read if name in read else set()
    if "a" in tied:
        tied.add("hidden")
    groups: dict[tuple[Any, ...], set[tuple[Any, int]]] = {}
    for patient in world.patients:
        rest = tuple(patient[other] for other in worlds.FINDINGS if other not in tied)
        groups.setdefault(rest, set()).add((patient[name], world.rank(patient)))
    return any(one[0] != other[0] and one[1] != other[1] for group in groups.values() for one in group for other in group)


# -- nothing differs from itself ---------------------------------------------------------------------------------------


def test_rules_in_another_order_are_no_difference(tmp_path: Path) -> None:
    rules = small.write(tmp_path)
    data = open_book(rules).content.data

    assert [rule["id"] for rule in turned_round(data)["pathways"][0]["rules"]] == ["well", "bleed", "clot"]
    assert check(rules, ["P16"]).verdict("P16") is Verdict.PROVED


def test_a_difference_from_itself_would_be_our_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = open_book(small.write(tmp_path))

    def changed(data: Any) -> Any:
        copy = turned_round(data)
        copy["pathways"][0]["rules"][0]["then"]["urgency"] = "urgent"
        return copy

    monkeypatch.setattr("pathways.checks.same.turned_round", changed)
    with pytest.raises(Disagreement, match="`nose` differs from itself turned round"):
        list(no_difference(book, "nose"))


def test_content_turned_round_twice_is_the_content() -> None:
    data = shipped_book().content.data

    assert turned_round(turned_round(data)) == data
    assert Content(turned_round(data)).data != data
