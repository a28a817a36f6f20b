"""Decision graphs to look at: the urgency of a pathway, or one rule, as a diagram that asks one finding at a time.

The graph is the same function as the compiled cubes, made by Shannon expansion over the cells with equal parts shared; a
node asks one finding, an edge carries the cells that lead on, a leaf is an urgency (or yes/no for one rule). Handovers are
leaves of their own kind: what they add belongs to the other pathway's graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from pathways.solver import absorbed

if TYPE_CHECKING:
    import networkx

    from pathways.findings import Space
    from pathways.ruleset import RuleSet

__all__ = ["Ask", "Graph", "Leaf", "graph_of", "urgency_graph"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """An end: what is decided here, or None where nothing holds."""

    value: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Ask:
    """A question: each branch is (cells, where they lead); the cells of all branches are those of the finding.

    Equal questions are one object, so that a graph is compared and hashed by identity.
    """

    finding: str
    branches: tuple[tuple[int, Node], ...]


Node: TypeAlias = Leaf | Ask
# Cubes with what each gives; sorted so that the first is the most urgent.
Given: TypeAlias = tuple[tuple[int, str], ...]


class Graph:
    """Builds shared nodes for one rule set; finding order is that of the groups, dangers first."""

    def __init__(self, space: Space, order: list[str]) -> None:
        self.space = space
        self.order = {name: n for n, name in enumerate(order)}
        self._made: dict[Given, Node] = {}
        self._shared: dict[tuple[str, tuple[tuple[int, Node], ...]], Ask] = {}

    def node(self, given: Given, otherwise: str | None) -> Node:
        """The node that decides between these cubes: the first that holds wins, and `otherwise` if none does."""
        if not given:
            return Leaf(otherwise)
        if given[0][0] == 0:
            return Leaf(given[0][1])
        found = self._made.get(given)
        if found is None:
            name = min((one for cube, _ in given for one in self.space.names(cube)), key=self.order.__getitem__)
            found = self._made[given] = self._branch(name, given, otherwise)
        return found

    def _branch(self, name: str, given: Given, otherwise: str | None) -> Node:
        finding = self.space.findings[name]
        mask = finding.mask
        ways: dict[Node, int] = {}
        for bit, _ in finding.cells():
            rest = _simplified((cube & ~mask, value) for cube, value in given if not cube & bit)
            node = self.node(rest, otherwise)
            ways[node] = ways.get(node, 0) | bit
        if len(ways) == 1:
            return next(iter(ways))
        branches = tuple((bits, node) for node, bits in ways.items())
        return self._shared.setdefault((name, branches), Ask(name, branches))


def _simplified(given: Iterator[tuple[int, str]]) -> Given:
    """The cubes without those that a more urgent one, or an equal one, already covers."""
    kept: list[tuple[int, str]] = []
    for cube, value in given:
        if not any(other & ~cube == 0 for other, _ in kept):
            kept = [(other, said) for other, said in kept if said != value or cube & ~other != 0]
            kept.append((cube, value))
    return tuple(kept)


def urgency_graph(ruleset: RuleSet, pathway: str) -> Node:
    """The urgency of one pathway, shared red flags included, as a graph; relies on handovers being looked at apart."""
    one = ruleset.pathways[pathway]
    rows: list[tuple[int, int, str]] = []
    for rule in (*ruleset.red_flags, *one.rules):
        rank = rule.outcome.urgency.rank if rule.outcome else -1
        value = rule.outcome.urgency.id if rule.outcome else f"handover:{rule.handover}"
        rows += [(-rank, cube, value) for cube in absorbed(rule.cubes)]
    otherwise = one.otherwise.urgency.id if one.otherwise else None
    return _builder(ruleset).node(_simplified((cube, value) for _, cube, value in sorted(rows)), otherwise)


def _builder(ruleset: RuleSet) -> Graph:
    """Asks in the order of the groups, and a gate before what it gates."""
    groups = {name: n for n, name in enumerate(ruleset.groups)}
    place: dict[str, tuple[int, int]] = {}

    def placed(name: str) -> tuple[int, int]:
        if name not in place:
            gates = [placed(gate) for gate in ruleset.findings[name].gates]
            own = groups[ruleset.findings[name].group]
            place[name] = (max([own, *(group for group, _ in gates)]), 1 + max((depth for _, depth in gates), default=0))
        return place[name]

    return Graph(ruleset.space, sorted(ruleset.findings, key=placed))


def graph_of(ruleset: RuleSet, pathway: str, rule: str | None = None) -> networkx.DiGraph[int]:
    """A networkx DiGraph: nodes with `label` and `kind` (ask, leaf), edges with `label`; node 0 is where it begins.

    Raises KeyError for a pathway or rule that the rule set does not have.
    """
    import networkx

    if rule is None:
        start = urgency_graph(ruleset, pathway)
    else:
        found = {one.id: one for one in (*ruleset.red_flags, *ruleset.pathways[pathway].rules)}[rule]
        start = _builder(ruleset).node(tuple((cube, "holds") for cube in found.cubes), "does not hold")
    graph: networkx.DiGraph[int] = networkx.DiGraph(pathway=pathway, rule=rule)
    numbers: dict[Node, int] = {}

    def add(node: Node) -> int:
        if node in numbers:
            return numbers[node]
        number = numbers[node] = len(numbers)
        if isinstance(node, Leaf):
            graph.add_node(number, kind="leaf", label=node.value or "nothing holds")
            return number
        finding = ruleset.findings[node.finding]
        graph.add_node(number, kind="ask", label=finding.ask, finding=finding.id, group=finding.group)
        for bits, further in node.branches:
            graph.add_edge(number, add(further), label=finding.say(bits), cells=bits)
        return number

    add(start)
    return graph
