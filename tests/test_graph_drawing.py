"""The graph that is drawn is the graph of the rules: each question, each answer, and a line from each answer to what follows."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

import pathways
import small
from pathways.ruleset import RuleSet
from pathways.site.drawing.graph import picture
from pathways.site.drawing.layered import laid_out
from pathways.site.drawing.svg import Drawing
from pathways.site.questions import Questions, questions
from pictures import SVG, Area, areas, element, frame, inside, paragraphs

RULES = Path(__file__).parent.parent / "rules"
PATHWAYS = sorted(path.name.removesuffix(".cases.yaml") for path in RULES.glob("*.cases.yaml"))
CURVE = re.compile(r"M([\d.]+) ([\d.]+)(?:V([\d.]+)M([\d.]+) ([\d.]+))?C[\d.]+ [\d.]+ [\d.]+ [\d.]+ ([\d.]+) ([\d.]+)")


@pytest.fixture(scope="module", name="ruleset")
def shipped_rules() -> RuleSet:
    return pathways.load(RULES)


def all_of(ruleset: RuleSet, pathway: str) -> list[tuple[str | None, Questions]]:
    """The graph of the pathway, and of each of its rules."""
    rules = [None, *(rule.id for rule in (*ruleset.red_flags, *ruleset.pathways[pathway].rules))]
    return [(rule, questions(ruleset, pathway, rule)) for rule in rules]


def cells_of(letters: str) -> set[int]:
    """The places of the cells that `a c-e` names."""
    found: set[int] = set()
    for part in letters.split():
        first, _, last = part.partition("-")
        found |= set(range(place(first), place(last or first) + 1))
    return found


def place(letters: str) -> int:
    value = 0
    for letter in letters:
        value = value * 26 + ord(letter) - ord("a") + 1
    return value - 1


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_the_questions_are_those_of_the_graph(ruleset: RuleSet, pathway: str) -> None:
    for rule, found in all_of(ruleset, pathway):
        graph = ruleset.graph(pathway, rule)
        asked = {one.number: (layer.finding, one) for layer in found.layers for one in layer.questions}
        ends = {end.number: end.text for end in found.ends}
        assert len(asked) + len(ends) == graph.number_of_nodes()
        twin = {0: 1 if asked else found.ends[0].number}
        for node, _ in sorted(graph.nodes(data=True)):
            if graph.nodes[node]["kind"] == "leaf":
                label = graph.nodes[node]["label"]
                said = ends[twin[node]]
                assert said in (label, label.upper().replace("_", " ")) or label.startswith("handover:")
                continue
            name, question = asked[twin[node]]
            finding = ruleset.findings[name]
            assert graph.nodes[node]["finding"] == name
            ways = {frozenset(cells_of(answer.letters)): answer for answer in question.answers}
            assert len(ways) == graph.out_degree(node)
            for _, to, data in graph.out_edges(node, data=True):
                answer = ways[frozenset(n for n in range(finding.size) if data["cells"] >> (finding.offset + n) & 1)]
                assert twin.setdefault(to, answer.to) == answer.to
        assert len(set(twin.values())) == graph.number_of_nodes()


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_an_answer_leads_further_down_and_every_question_but_the_first_is_reached(ruleset: RuleSet, pathway: str) -> None:
    for _, found in all_of(ruleset, pathway):
        layer_of = {one.number: n for n, layer in enumerate(found.layers) for one in layer.questions}
        layer_of |= {end.number: len(found.layers) for end in found.ends}
        assert all(layer_of[one] < layer_of[other] for one, other in found.ways())
        assert {other for _, other in found.ways()} | {1} == set(layer_of)


def groups(page: Element, class_: str) -> dict[int, Element]:
    return {int(node.get("data-number", "")): node for node in page.iter(f"{SVG}g") if node.get("class") == class_}


def drawn_ways(page: Element, boxes: dict[int, Area]) -> set[tuple[int, int, int]]:
    """Every line that the picture has, followed: from which box, the place of its answer from the left, to which box."""
    found: set[tuple[int, int, int]] = set()
    for path in page.iter(f"{SVG}path"):
        to = int(path.get("data-to", ""))
        follows: dict[tuple[str, str], tuple[str, str]] = {}
        starts: list[tuple[str, str]] = []
        for x, y, under, again_x, again_y, to_x, to_y in CURVE.findall(path.get("d", "")):
            if under:
                assert (again_x, again_y) == (x, under)
            else:
                starts.append((x, y))
            follows[x, y] = (to_x, to_y)
        end = boxes[to]
        for start in starts:
            at = start
            while at in follows:
                at = follows[at]
            assert abs(float(at[0]) - (end.left + end.right) / 2) < 0.2
            assert abs(float(at[1]) - end.top) < 0.2
            source = next(
                number
                for number, box in boxes.items()
                if abs(box.bottom - float(start[1])) < 0.2 and box.left < float(start[0]) < box.right
            )
            found.add((source, round(float(start[0]) * 10), to))
    return found


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_a_line_runs_from_each_answer_to_what_follows(ruleset: RuleSet, pathway: str) -> None:
    for rule, found in all_of(ruleset, pathway):
        page = element(picture("graph", str(rule), found))
        asking = groups(page, "drawn-asks")
        boxes = {number: frame(node) for number, node in (*asking.items(), *groups(page, "drawn-end").items())}
        lines = drawn_ways(page, boxes)
        assert sorted((one, to) for one, _, to in lines) == sorted(found.ways())
        for layer in found.layers:
            for question in layer.questions:
                from_left = [to for source, _, to in sorted(lines) if source == question.number]
                assert from_left == [answer.to for answer in question.answers]
                said = paragraphs(asking[question.number], "drawn-answer")
                assert said in ([answer.text for answer in question.answers], [answer.letters for answer in question.answers])


def assert_nothing_overlaps_or_leaves(drawing: Drawing) -> None:
    page = element(drawing)
    card = frame(page)
    assert all(inside(area, card) for area in areas(page))
    groups_ = [*groups(page, "drawn-asks").values(), *groups(page, "drawn-end").values()]
    rows: dict[float, list[Area]] = {}
    for group in groups_:
        box = frame(group)
        rows.setdefault(box.top, []).append(box)
        assert inside(box, card)
        assert all(inside(area, box) for area in areas(group))
    for row in rows.values():
        ordered = sorted(row)
        assert all(one.right < other.left for one, other in pairwise(ordered))


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_no_box_lies_on_another_and_no_text_leaves_its_box(ruleset: RuleSet, pathway: str) -> None:
    for rule, found in all_of(ruleset, pathway):
        assert_nothing_overlaps_or_leaves(picture("graph", str(rule), found))


def test_answers_that_are_letters_are_explained_beside_their_question(ruleset: RuleSet) -> None:
    found = questions(ruleset, "nose_trauma")
    page = element(picture("graph", "all", found))
    explained = paragraphs(page, "drawn-values")

    crowded = [layer for layer in found.layers if layer.finding == "age_years"]
    assert [len(layer.questions) > 12 for layer in crowded] == [True]
    assert "; ".join(crowded[0].values) in explained
    assert crowded[0].values[0].startswith("a: under ")


def test_what_does_not_apply_is_an_answer_of_its_own(tmp_path: Path) -> None:
    found = questions(small.load(tmp_path), "nose", "clot")

    assert [layer.ask for layer in found.layers] == ["has a clot"]
    assert [answer.text for answer in found.layers[-1].questions[0].answers] == ["yes", "no or does not apply"]


def test_most_of_many_choices_are_said_by_those_left_out(tmp_path: Path) -> None:
    found = questions(small.load(tmp_path), "nose", "bleed")
    (tablets,) = (layer for layer in found.layers if layer.finding == "tablets")

    assert [answer.text for answer in tablets.questions[0].answers] == ["warfarin", "anything but warfarin"]


def test_hostile_text_stays_text_and_stays_in_its_box(tmp_path: Path) -> None:
    hostile = '<script>alert(1)</script> ]]> &amp; " onload="x ' + "w" * 200
    ruleset = small.load(
        tmp_path,
        ("findings.yaml", "ask: takes,", f"ask: '{hostile}',"),
        ("findings.yaml", "warfarin: warfarin,", f"warfarin: '{hostile}',"),
    )
    drawing = picture("graph", hostile, questions(ruleset, "nose"))

    assert_nothing_overlaps_or_leaves(drawing)
    page = element(drawing)
    assert {node.tag.removeprefix(SVG) for node in page.iter()} == {"svg", "title", "desc", "g", "rect", "line", "path", "text"}
    assert hostile in paragraphs(page, "drawn-question")
    assert any(hostile in said for said in paragraphs(page, "drawn-answer"))


def test_parts_keep_their_distance_and_a_tree_has_no_crossing() -> None:
    layers = [[0], [2, 1], [3, 4, 5, 6]]
    ways = [(0, 1), (0, 2), (1, 5), (1, 6), (2, 3), (2, 4)]
    place = laid_out(layers, ways, dict.fromkeys(range(7), 10.0), 2)

    assert place.width >= 40
    for n, layer in enumerate(layers):
        for one, other in combinations(layer, 2):
            assert abs(place.x[n, one] - place.x[n, other]) >= 10 - 1e-9
    for (one, to), (other, further) in combinations(place.lines, 2):
        if one[0] == other[0]:
            assert (place.x[one] - place.x[other]) * (place.x[to] - place.x[further]) >= 0


def test_lines_to_one_part_share_their_passage() -> None:
    layers = [[0], [1], [2], [3]]
    place = laid_out(layers, [(0, 1), (0, 3), (1, 2), (1, 3), (2, 3)], dict.fromkeys(range(4), 10.0), 2)

    assert [spot for spot in place.x if spot[1] == 3] == [(1, 3), (2, 3), (3, 3)]
    assert len(place.lines) == 7


def test_the_same_rules_give_the_same_picture(ruleset: RuleSet) -> None:
    again = pathways.load(RULES)
    one, other = (picture("graph", "x", questions(rules, "epistaxis")).__html__() for rules in (ruleset, again))

    assert one == other
