"""The graph that is drawn is the rules: followed for a patient, it ends where the decision does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from types import MappingProxyType

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pathways
import small
from pathways.graph import Ask, Leaf, Node, urgency_graph
from pathways.presentations import Presentation
from pathways.ruleset import RuleSet
from pathways.solver import find
from worlds import World, holds, measured_worlds, worlds

MANY = 2_000  # nodes that a graph of the shipped rules may have; it had 600 when this was written


@pytest.fixture(scope="module", name="folder")
def folder_for_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("graph")


def cells_of(ruleset: RuleSet, patient: dict[str, object]) -> int:
    """One cell of each finding."""
    bits = 0
    for name, answer in patient.items():
        finding = ruleset.findings[name]
        own = answer == "yes" if finding.kind == "yes_no" else answer
        bits |= finding.not_applicable if answer is None else finding.cell(own)
    return bits


def followed(node: Node, patient: int) -> str | None:
    """Where the graph ends for one patient."""
    while isinstance(node, Ask):
        (node,) = (further for cells, further in node.branches if cells & patient)
    return node.value


def drawn(graph: networkx.DiGraph[int], patient: int) -> str:
    """Where the drawing ends for one patient."""
    here = 0
    while graph.nodes[here]["kind"] == "ask":
        (here,) = (further for _, further, edge in graph.out_edges(here, data=True) if edge["cells"] & patient)
    return str(graph.nodes[here]["label"])


@settings(deadline=None, max_examples=25)
@given(world=st.one_of(worlds(handover=False), measured_worlds()))
def test_followed_for_everybody_it_ends_at_the_urgency(folder: Path, world: World) -> None:
    """Also of a pathway that is not for all, and where a red flag is less urgent than `otherwise`."""
    world.rules = {name: (when, "clinic" if level == ">q" else level) for name, (when, level) in world.rules.items()}
    world.handed = {}
    ruleset = world.load(folder)
    graph = urgency_graph(ruleset, "p")
    for patient in world.patients:
        rank = world.rank(patient)

        assert followed(graph, cells_of(ruleset, patient)) == (None if rank < 0 else small.LEVELS[rank])


@settings(deadline=None, max_examples=15)
@given(world=worlds(handover=False, applies=False))
def test_the_graph_of_a_rule_is_its_condition(folder: Path, world: World) -> None:
    ruleset = world.load(folder)
    for name, (when, _) in world.rules.items():
        graph = ruleset.graph("p", name)
        for patient in world.patients:
            assert drawn(graph, cells_of(ruleset, patient)) == ("holds" if holds(when, patient) else "does not hold")


@settings(deadline=None, max_examples=15)
@given(world=worlds())
def test_it_is_drawn_as_a_graph_without_circles_that_begins_once(folder: Path, world: World) -> None:
    ruleset = world.load(folder)

    check_drawing(ruleset, ruleset.graph("p"))


def check_drawing(ruleset: RuleSet, graph: networkx.DiGraph[int]) -> None:
    assert networkx.is_directed_acyclic_graph(graph)
    assert [node for node in graph if graph.in_degree(node) == 0] == [0]
    for node, about in graph.nodes(data=True):
        cells = [edge["cells"] for _, _, edge in graph.out_edges(node, data=True)]
        if about["kind"] == "leaf":
            assert not cells
        else:
            assert len(cells) > 1, "a question that decides nothing"
            assert sum(cells) == ruleset.space.masks[about["finding"]]  # every answer leads on, and to one place
            assert about["label"] == ruleset.findings[about["finding"]].ask


def test_a_pathway_that_is_not_for_everybody_gives_nothing_to_others(tmp_path: Path) -> None:
    ruleset = small.ruleset(tmp_path, {"a": {}, "child": {}}, {"r": ("a", "urgent")}, otherwise="discuss_same_day", applies="child")
    graph = urgency_graph(ruleset, "p")

    assert followed(graph, cells_of(ruleset, {"a": "yes", "child": "yes"})) == "urgent"
    assert followed(graph, cells_of(ruleset, {"a": "no", "child": "yes"})) == "discuss_same_day"
    assert followed(graph, cells_of(ruleset, {"a": "yes", "child": "no"})) is None


def test_a_red_flag_does_not_switch_a_more_urgent_otherwise_off(tmp_path: Path) -> None:
    ruleset = small.ruleset(
        tmp_path, {"a": {}, "flag": {}}, {"r": ("a", "immediate")}, otherwise="urgent", red_flags={"flag": ("flag", "clinic")}
    )
    graph = urgency_graph(ruleset, "p")

    assert followed(graph, cells_of(ruleset, {"a": "no", "flag": "yes"})) == "urgent"
    assert followed(graph, cells_of(ruleset, {"a": "no", "flag": "no"})) == "urgent"


def test_a_handover_is_an_end_of_its_own(tmp_path: Path) -> None:
    findings = {"a": {}, "b": {}}
    ruleset = small.ruleset(
        tmp_path,
        findings,
        {"r": ("a", "clinic"), "over": ("b", ">q")},
        otherwise="urgent",
        others={"q": {"rules": {"x": ("a", "immediate")}}},
    )
    graph = urgency_graph(ruleset, "p")

    assert followed(graph, cells_of(ruleset, {"a": "no", "b": "yes"})) == "handover:q"
    assert followed(graph, cells_of(ruleset, {"a": "yes", "b": "yes"})) == "clinic"
    assert followed(graph, cells_of(ruleset, {"a": "no", "b": "no"})) == "urgent"


def test_a_drawing_says_what_is_asked_and_what_leads_where(tmp_path: Path) -> None:
    graph = small.load(tmp_path).graph("nose", "clot")

    assert [(node, about["kind"], about["label"]) for node, about in graph.nodes(data=True)] == [
        (0, "ask", "has a clot"),
        (1, "leaf", "does not hold"),
        (2, "leaf", "holds"),
    ]
    assert [(start, end, edge["label"]) for start, end, edge in graph.edges(data=True)] == [
        (0, 1, "no: has a clot"),
        (0, 2, "has a clot"),
    ]


def test_equal_questions_are_one(tmp_path: Path) -> None:
    ruleset = small.ruleset(tmp_path, {"a": {}, "b": {}, "c": {}}, {"r": ({"any": [{"all": ["a", "c"]}, {"all": ["b", "c"]}]}, "urgent")})
    graph = ruleset.graph("p", "r")

    assert sum(about.get("finding") == "c" for _, about in graph.nodes(data=True)) == 1


def test_what_is_not_there_is_not_drawn(tmp_path: Path) -> None:
    ruleset = small.load(tmp_path)
    with pytest.raises(ValueError, match="`ear` is not a pathway: nose"):
        ruleset.graph("ear")
    with pytest.raises(ValueError, match="`bled` is not a rule of `nose`: did you mean `bleed`"):
        ruleset.graph("nose", "bled")


# -- the shipped rules -------------------------------------------------------------------------------------------------

SHIPPED = pathways.load()


def nodes(node: Node) -> Iterator[Node]:
    seen: set[Node] = set()
    todo = [node]
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            yield here
            todo += [further for _, further in here.branches] if isinstance(here, Ask) else []


@pytest.mark.parametrize("pathway", SHIPPED.pathways)
def test_the_graph_of_a_shipped_pathway_stays_small_and_says_what_is_decided(pathway: str) -> None:
    """For random patients to whom nothing is handed over; red flags are rare among them."""
    graph = urgency_graph(SHIPPED, pathway)
    assert sum(1 for _ in nodes(graph)) < MANY
    assert {node.value for node in nodes(graph) if isinstance(node, Leaf)} <= {*(level.id for level in SHIPPED.urgency), *leaves(pathway)}
    random = Random(pathway)
    followed_to: set[str | None] = set()
    for _ in range(40):
        patient = random_patient(random, pathway)
        decision = SHIPPED.decide(Presentation(MappingProxyType({}), patient, patient, False, SHIPPED.reader.rules), [pathway])
        assert decision.status == "final"
        if not any(reason.handover for reason in decision.reasons):
            followed_to.add(followed(graph, patient))
            assert followed(graph, patient) == str(decision.urgency.highest)
    assert len(followed_to) >= 3


def leaves(pathway: str) -> list[str]:
    return [f"handover:{rule.handover}" for rule in SHIPPED.pathways[pathway].rules if rule.handover]


def random_patient(random: Random, pathway: str) -> int:
    """A possible patient near a wish: few findings are as bad as they can be."""
    space = SHIPPED.space
    share = random.choice((0.02, 0.1, 0.3))
    box = space.everything
    for name in random.sample(SHIPPED.pathways[pathway].findings, len(SHIPPED.pathways[pathway].findings)):
        finding = SHIPPED.findings[name]
        cells = [bit for bit, _ in finding.cells()]
        wish = random.choice(cells) if finding.kind != "yes_no" else cells[1] if random.random() < share else cells[0]
        wished = box & ~finding.mask | wish
        if find(space, wished, SHIPPED.clauses) is not None:
            box = wished
    found = find(space, box, SHIPPED.clauses)
    assert found is not None
    return space.patient(found)


@pytest.mark.parametrize("pathway", SHIPPED.pathways)
def test_a_shipped_pathway_is_drawn(pathway: str) -> None:
    check_drawing(SHIPPED, SHIPPED.graph(pathway))
    for rule in SHIPPED.pathways[pathway].rules:
        check_drawing(SHIPPED, SHIPPED.graph(pathway, rule.id))
