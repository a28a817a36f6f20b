"""A decision graph as a list of questions: each with its answers and where they lead. Knows nothing of how it is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pathways.findings import Finding
from pathways.reports.standing import level
from pathways.ruleset import RuleSet
from pathways.site.scale import heat

if TYPE_CHECKING:
    import networkx

__all__ = ["Answer", "End", "Layer", "Question", "Questions", "questions"]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in words and as the letters of its values, and the number of the question or end that follows."""

    text: str
    letters: str
    to: int


@dataclass(frozen=True, slots=True)
class Question:
    """A place of the graph where the finding of its layer is asked."""

    number: int
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """A finding with its values, which are lettered, and every place where it is asked."""

    finding: str
    ask: str
    values: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class End:
    """What is decided; `heat` is None where that is no level."""

    number: int
    text: str
    heat: int | None


@dataclass(frozen=True, slots=True)
class Questions:
    """A decision graph from its first question, which has the number 1; every answer leads further down."""

    layers: tuple[Layer, ...]
    ends: tuple[End, ...]

    def ways(self) -> Iterator[tuple[int, int]]:
        """Every answer as (from, to)."""
        return ((one.number, answer.to) for layer in self.layers for one in layer.questions for answer in one.answers)

    def named(self, number: int) -> str:
        """What follows, in words: an end, or another question by its number."""
        first = self.ends[0].number
        return self.ends[number - first].text if number >= first else f"question {number}"


def questions(ruleset: RuleSet, pathway: str, rule: str | None = None) -> Questions:
    """The graph of a pathway's urgency, or of one of its rules."""
    graph = ruleset.graph(pathway, rule)
    order = _order(ruleset, graph)
    asked = {name: [node for node, data in graph.nodes(data=True) if data.get("finding") == name] for name in order}
    ends = sorted((node for node, data in graph.nodes(data=True) if data["kind"] == "leaf"), key=lambda node: _place(ruleset, graph, node))
    numbers = {node: n for n, node in enumerate([*(node for nodes in asked.values() for node in nodes), *ends], 1)}
    layers = tuple(_layer(ruleset.findings[name], graph, nodes, numbers) for name, nodes in asked.items())
    return Questions(layers, tuple(_end(ruleset, graph.nodes[node]["label"], numbers[node]) for node in ends))


def _order(ruleset: RuleSet, graph: networkx.DiGraph[int]) -> list[str]:
    """The findings of the graph so that each is asked after those on any way to it."""
    import networkx

    findings = {node: data["finding"] for node, data in graph.nodes(data=True) if data["kind"] == "ask"}
    before: networkx.DiGraph[str] = networkx.DiGraph()
    before.add_nodes_from(findings.values())
    before.add_edges_from((findings[one], findings[other]) for one, other in graph.edges if other in findings)
    place = {name: n for n, name in enumerate(ruleset.findings)}
    return list(networkx.lexicographical_topological_sort(before, key=place.__getitem__))


def _place(ruleset: RuleSet, graph: networkx.DiGraph[int], node: int) -> tuple[int, str]:
    """Levels from the most urgent down, then what is no level; that a rule holds before that it does not."""
    label = graph.nodes[node]["label"]
    ranks = {one.id: one.rank for one in ruleset.urgency}
    return (-ranks[label] if label in ranks else 1, "" if label == "holds" else label)


def _layer(finding: Finding, graph: networkx.DiGraph[int], nodes: list[int], numbers: dict[int, int]) -> Layer:
    values = tuple(f"{_lettered(finding, bit)}: {_answered(finding, bit)}" for bit, _ in finding.cells())
    return Layer(finding.id, finding.ask, values, tuple(_question(finding, graph, node, numbers) for node in nodes))


def _question(finding: Finding, graph: networkx.DiGraph[int], node: int, numbers: dict[int, int]) -> Question:
    first = finding.cell(True) if finding.kind == "yes_no" else 0  # a yes stands before a no
    ways = sorted(((data["cells"], to) for _, to, data in graph.out_edges(node, data=True)), key=lambda way: (not way[0] & first, way))
    answers = (Answer(_answered(finding, cells), _lettered(finding, cells), numbers[to]) for cells, to in ways)
    return Question(numbers[node], tuple(answers))


def _lettered(finding: Finding, cells: int) -> str:
    """A letter for each of these cells; `b-e` for some in a row."""
    places = [n for n, (bit, _) in enumerate(finding.cells()) if bit & cells]
    runs: list[list[int]] = []
    for place in places:
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    letters = ([_letter(n) for n in run] if len(run) < 3 else [f"{_letter(run[0])}-{_letter(run[-1])}"] for run in runs)
    return " ".join(letter for run in letters for letter in run)


def _letter(n: int) -> str:
    """a to z, then aa, ab and so on."""
    return (_letter(n // 26 - 1) if n >= 26 else "") + chr(ord("a") + n % 26)


def _answered(finding: Finding, cells: int) -> str:
    """The answers of these cells, without the question."""
    own = cells & ~finding.not_applicable
    said = [*([_own(finding, own)] if own else []), *(["does not apply"] if cells & finding.not_applicable else [])]
    return " or ".join(said)


def _own(finding: Finding, cells: int) -> str:
    if finding.kind == "yes_no":
        return " or ".join(word for word, answer in (("yes", True), ("no", False)) if cells & finding.cell(answer))
    others = finding.mask & ~finding.not_applicable & ~cells
    if finding.kind == "choice" and 0 < others.bit_count() < cells.bit_count():
        return f"anything but {finding.say(others).removeprefix(f'{finding.ask}: ')}"
    return finding.say(cells).removeprefix(finding.ask).removeprefix(":").strip()


def _end(ruleset: RuleSet, label: str, number: int) -> End:
    found = next((one for one in ruleset.urgency if one.id == label), None)
    if found is not None:
        return End(number, level(found), heat(found, ruleset))
    handover = label.removeprefix("handover:")
    return End(number, f"adds {ruleset.pathways[handover].title}" if handover != label else label, None)
