"""Decision graphs to look at: the urgency of a pathway, or one rule, as a diagram that asks one finding at a time.

The graph is the same function as the compiled cubes, made by Shannon expansion over the cells with equal parts shared; a
node asks one finding, an edge carries the cells that lead on, a leaf is an urgency (or yes/no for one rule). Handovers are
leaves of their own kind: what they add belongs to the other pathway's graph.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

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
# A cube with what it gives, its rank, and whether its rule is the pathway's own; most urgent first.
Row: TypeAlias = tuple[int, str, int, bool]
Rows: TypeAlias = tuple[Row, ...]
Cubes: TypeAlias = tuple[int, ...]


class Graph:
    """Builds shared nodes for one pathway: the most urgent row that holds wins; `otherwise` is (value, rank), if it has one.

    `otherwise` holds where the pathway covers the patient and no row of its own holds, whatever the shared red flags say.
    """

    def __init__(self, space: Space, order: list[str], otherwise: tuple[str, int] | None) -> None:
        self.space = space
        self.order = {name: n for n, name in enumerate(order)}
        self.otherwise = otherwise
        self._made: dict[tuple[Rows, Cubes], Node] = {}
        self._shared: dict[tuple[str, tuple[tuple[int, Node], ...]], Ask] = {}

    def node(self, rows: Rows, covers: Cubes) -> Node:
        """The node that decides between these rows; `covers` are the cubes in which the pathway is for the patient."""
        best = rows[0] if rows and rows[0][0] == 0 else None
        own = any(row[3] and row[0] == 0 for row in rows)
        rival = self.otherwise is not None and not own and bool(covers) and (best is None or best[2] < self.otherwise[1])
        if best is not None and not rival:
            return Leaf(best[1])
        # What must be known first: the rows above what holds already, and whether `otherwise` may hold.
        open_ = [row[0] for row in rows if row[0] and (best is None or row[3])]
        if not open_ and rival and 0 not in covers:
            open_ = list(covers)
        if not open_:
            if rival and self.otherwise is not None:
                return Leaf(self.otherwise[0])
            return Leaf(best[1] if best else None)
        found = self._made.get((rows, covers))
        if found is None:
            name = min((one for cube in open_ for one in self.space.names(cube)), key=self.order.__getitem__)
            found = self._made[rows, covers] = self._branch(name, rows, covers)
        return found

    def _branch(self, name: str, rows: Rows, covers: Cubes) -> Node:
        finding = self.space.findings[name]
        mask = finding.mask
        ways: dict[Node, int] = {}
        for bit, _ in finding.cells():
            rest = _simplified((cube & ~mask, *row) for cube, *row in rows if not cube & bit)
            node = self.node(rest, absorbed(cube & ~mask for cube in covers if not cube & bit))
            ways[node] = ways.get(node, 0) | bit
        if len(ways) == 1:
            return next(iter(ways))
        branches = tuple((bits, node) for node, bits in ways.items())
        return self._shared.setdefault((name, branches), Ask(name, branches))


def _simplified(rows: Iterable[Any]) -> Rows:
    """The rows without those that another row, as urgent and of the same kind, already covers."""
    kept: list[Row] = []
    for row in rows:
        if not any(other[0] & ~row[0] == 0 and other[3] == row[3] for other in kept):
            kept.append(tuple(row))
    return tuple(kept)


def urgency_graph(ruleset: RuleSet, pathway: str) -> Node:
    """The urgency of one pathway, shared red flags included, as a graph; relies on handovers being looked at apart."""
    one = ruleset.pathways[pathway]
    covers = (0,) if one.applies is None else one.applies
    rows: list[Row] = []
    for rule in (*ruleset.red_flags, *one.rules):
        rank = rule.outcome.urgency.rank if rule.outcome else -1
        value = rule.outcome.urgency.id if rule.outcome else f"handover:{rule.handover}"
        own = rule.pathway == pathway
        everything = ruleset.space.everything
        within = (a | b for a in rule.cubes for b in covers if ruleset.space.meets(everything, a | b))
        cubes = absorbed(within) if own else rule.cubes
        rows += [(cube, value, rank, own) for cube in cubes]
    otherwise = (one.otherwise.urgency.id, one.otherwise.urgency.rank) if one.otherwise else None
    return _builder(ruleset, otherwise).node(_simplified(sorted(rows, key=lambda row: (-row[2], row[0]))), covers)


def _builder(ruleset: RuleSet, otherwise: tuple[str, int] | None) -> Graph:
    """Asks in the order of the groups, and a gate before what it gates."""
    groups = {name: n for n, name in enumerate(ruleset.groups)}
    place: dict[str, tuple[int, int]] = {}

    def placed(name: str) -> tuple[int, int]:
        if name not in place:
            gates = [placed(gate) for gate in ruleset.findings[name].gates]
            own = groups[ruleset.findings[name].group]
            place[name] = (max([own, *(group for group, _ in gates)]), 1 + max((depth for _, depth in gates), default=0))
        return place[name]

    return Graph(ruleset.space, sorted(ruleset.findings, key=placed), otherwise)


def graph_of(ruleset: RuleSet, pathway: str, rule: str | None = None) -> networkx.DiGraph[int]:
    """A networkx DiGraph: nodes with `label` and `kind` (ask, leaf), edges with `label`; node 0 is where it begins.

    Relies on the rule set having both; `RuleSet.graph` says so where it has not.
    """
    import networkx

    if rule is None:
        start = urgency_graph(ruleset, pathway)
    else:
        found = {one.id: one for one in (*ruleset.red_flags, *ruleset.pathways[pathway].rules)}[rule]
        start = _builder(ruleset, ("does not hold", -1)).node(tuple((cube, "holds", 0, True) for cube in found.cubes), (0,))
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
