"""The flowchart is the rules: each once, at its level, in its words; and no text leaves its box."""

from __future__ import annotations

from pathlib import Path

import pytest

import small
from pathways.compiler import ruleset_of
from pathways.loader import Authored, read
from pathways.ruleset import RuleSet
from pathways.site.drawing.flowchart import pictures
from pathways.site.drawing.svg import Drawing
from pathways.site.steps import Step, Term, steps
from pictures import SVG, areas, element, frame, inside, paragraphs, said

RULES = Path(__file__).parent.parent / "rules"
PATHWAYS = sorted(path.name.removesuffix(".cases.yaml") for path in RULES.glob("*.cases.yaml"))
HOSTILE = "<script>alert('x')</script> ]]> &amp; {{ 7*7 }} \" onload=\"x <!-- `q` **b** " + "w" * 200


def link(pathway: str, rule: str) -> str:
    return f"../rules/#{pathway}-{rule}"


def drawn(way: tuple[Step, ...]) -> list[Drawing]:
    return [picture for step in way for picture in pictures(step, link)]


@pytest.fixture(scope="module", name="shipped")
def shipped_rules() -> tuple[Authored, RuleSet]:
    authored = read(RULES)
    return authored, ruleset_of(authored)


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_every_rule_is_drawn_once_in_its_words_and_links_to_itself(shipped: tuple[Authored, RuleSet], pathway: str) -> None:
    authored, ruleset = shipped
    boxes = [
        box for one in drawn(steps(ruleset, authored, pathway)) for box in element(one).iter(f"{SVG}g") if box.get("class") == "drawn-box"
    ]
    rules = {f"{rule.pathway}/{rule.id}": rule for rule in (*ruleset.red_flags, *ruleset.pathways[pathway].rules)}

    assert sorted(box.get("data-rule", "") for box in boxes) == sorted(rules)
    for box in boxes:
        rule = rules[box.get("data-rule", "")]
        assert paragraphs(box, "drawn-title") == [rule.title]
        assert [a.get("href") for a in box.iter(f"{SVG}a")] == [link(rule.pathway, rule.id)]
        services = [ruleset.services[row.service] for row in rule.outcome.referrals] if rule.outcome else []
        assert [call.partition(",")[0] for call in paragraphs(box, "drawn-call")] == services
        added = [mark for mark in paragraphs(box, "drawn-mark") if mark.startswith("adds the rules of: ")]
        assert added == ([f"adds the rules of: {ruleset.pathways[rule.handover].title}"] if rule.handover else [])


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_the_steps_are_the_levels_from_the_most_urgent_down(shipped: tuple[Authored, RuleSet], pathway: str) -> None:
    authored, ruleset = shipped
    way = steps(ruleset, authored, pathway)
    given = {rule.outcome.urgency for rule in ruleset.pathways[pathway].rules if rule.outcome}
    levels = [step.id.removeprefix("level-") for step in way if step.id.startswith("level-")]

    assert levels == [level.id for level in reversed(ruleset.urgency) if level in given]
    assert way[0].id.startswith("danger-")
    assert way[-1].id == "otherwise"
    assert way[-1].calls
    for step in way:
        rules = {(box.pathway, box.rule) for asked in step.asked for box in asked.boxes}
        found = {
            rule.outcome.urgency.id if rule.outcome else rule.handover
            for rule in (*ruleset.red_flags, *ruleset.pathways[pathway].rules)
            if (rule.pathway, rule.id) in rules
        }
        if step.id.startswith(("level-", "danger-")):
            assert found == {step.id.partition("-")[2]}


def rebuilt(terms: tuple[Term, ...]) -> str:
    """The condition in one text, from its lines."""
    tops: list[tuple[str, list[Term]]] = []
    for term in terms:
        if term.depth == 0:
            tops.append((term.join, [term]))
        else:
            tops[-1][1].append(term)
    join = tops[1][0] if len(tops) > 1 else ""
    return f"; {join} ".join(grouped(lines) for _, lines in tops)


def grouped(lines: list[Term]) -> str:
    head, *inner = lines
    if not inner:
        return head.text
    parts: list[list[Term]] = []
    for term in inner:
        if term.depth == head.depth + 1:
            parts.append([])
        parts[-1].append(term)
    return "(" + {"all of": "; and ", "any of": "; or "}[head.text].join(map(grouped, parts)) + ")"


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_the_lines_of_a_condition_are_the_condition(shipped: tuple[Authored, RuleSet], pathway: str) -> None:
    authored, ruleset = shipped
    boxes = [box for step in steps(ruleset, authored, pathway) for asked in step.asked for box in asked.boxes]

    assert [rebuilt(box.terms) for box in boxes] == [box.when for box in boxes]


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_the_picture_says_every_line(shipped: tuple[Authored, RuleSet], pathway: str) -> None:
    authored, ruleset = shipped
    for step in steps(ruleset, authored, pathway):
        pages = [element(picture) for picture in pictures(step, link)]
        for asked in step.asked:
            assert any(asked.question in paragraphs(page, "drawn-question") for page in pages)
            for box in asked.boxes:
                (found,) = (one for page in pages for one in page.iter(f"{SVG}g") if one.get("data-rule") == f"{box.pathway}/{box.rule}")
                assert paragraphs(found, "drawn-term") == ([term.text for term in box.terms] if box.when != box.title else [])
                assert paragraphs(found, "drawn-call") == list(box.calls)
                assert paragraphs(found, "drawn-mark") == list(box.marks)


def assert_nothing_leaves_its_frame(pictures_: list[Drawing]) -> None:
    for picture in pictures_:
        page = element(picture)
        card = frame(page)
        assert all(inside(area, card) for area in areas(page)), picture.title
        for box in page.iter(f"{SVG}g"):
            if box.get("class") == "drawn-box":
                assert inside(frame(box), card)
                lines = list(areas(box))
                assert lines
                assert all(inside(area, frame(box)) for area in lines), box.get("data-rule")
                assert all(one.bottom <= other.top + 4 or one.right <= other.left + 0.1 or other.bottom <= one.top + 4 or other.right <= one.left + 0.1
                           for n, one in enumerate(lines) for other in lines[n + 1 :])  # fmt: skip


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_no_text_leaves_its_box_and_no_picture_is_higher_than_a_page(shipped: tuple[Authored, RuleSet], pathway: str) -> None:
    authored, ruleset = shipped
    found = drawn(steps(ruleset, authored, pathway))

    assert_nothing_leaves_its_frame(found)
    assert max(picture.height for picture in found) < 1400  # of 1000 units width: A4
    assert len({picture.id for picture in found}) == len(found)


def test_hostile_text_stays_text_and_stays_in_its_box(tmp_path: Path) -> None:
    quoted = HOSTILE.replace("'", "''")
    folder = small.write(
        tmp_path,
        ("nose.yaml", "title: bleed\n", f"title: '{quoted}'\n"),
        ("findings.yaml", "ask: bleeds,", f"ask: '{quoted}',"),
        ("findings.yaml", "signs: any of these?", f"signs: '{quoted}'"),
        ("ruleset.yaml", "name: ENT}", f"name: '{quoted}'}}"),
        ("ruleset.yaml", "label: today,", f"label: '{quoted}',"),
    )
    authored = read(folder)
    found = drawn(steps(ruleset_of(authored), authored, "nose"))

    assert_nothing_leaves_its_frame(found)
    tags = {node.tag.removeprefix(SVG) for picture in found for node in element(picture).iter()}
    assert tags == {"svg", "title", "desc", "g", "a", "rect", "line", "polygon", "text"}
    names = {name for picture in found for node in element(picture).iter() for name in node.attrib}
    assert not any(name.startswith("on") or name == "style" for name in names)
    boxes = [box for picture in found for box in element(picture).iter(f"{SVG}g") if box.get("data-rule") == "nose/bleed"]
    assert [said(box).startswith(HOSTILE) for box in boxes] == [True]
    calls = [call for box in boxes for call in paragraphs(box, "drawn-call")]
    assert calls == [f"{HOSTILE}, phone now, within 4 hours"]


def test_an_examination_that_failed_and_what_it_hides_are_marked(tmp_path: Path) -> None:
    rule = "  unseen: {title: unseen, when: {examined: no}, then: {urgency: urgent, referrals: [{service: ent, contact: now, within: PT1H}]}, basis: interpretation, sources: [G1]}\n"
    folder = small.write(tmp_path, ("nose.yaml", "rules:\n", f"rules:\n{rule}"))
    authored = read(folder)
    boxes = {box.rule: box for step in steps(ruleset_of(authored), authored, "nose") for asked in step.asked for box in asked.boxes}

    assert boxes["unseen"].marks == ("could not be examined, so not known: has a clot",)
    assert boxes["clot"].marks == ("only where it could be examined: has a clot",)
    assert boxes["bleed"].marks == ()


def test_a_rule_is_asked_with_the_group_that_its_condition_begins_with(tmp_path: Path) -> None:
    rule = "  first: {title: first, when: {all: [{any: [small, bleeding]}, {examined: no}]}, then: {urgency: urgent, referrals: [{service: ent, contact: now, within: PT1H}]}, basis: interpretation, sources: [G1]}\n"
    authored = read(small.write(tmp_path, ("nose.yaml", "rules:\n", f"rules:\n{rule}")))
    found = {box.rule: asked.group for step in steps(ruleset_of(authored), authored, "nose") for asked in step.asked for box in asked.boxes}

    assert found["first"] == "about"  # `small` is of the age
    assert found["bleed"] == "signs"


def test_the_same_rules_give_the_same_pictures(shipped: tuple[Authored, RuleSet]) -> None:
    one = [picture.__html__() for picture in drawn(steps(shipped[1], shipped[0], PATHWAYS[0]))]
    authored = read(RULES)
    other = [picture.__html__() for picture in drawn(steps(ruleset_of(authored), authored, PATHWAYS[0]))]

    assert one == other
