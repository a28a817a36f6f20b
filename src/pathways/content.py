"""The canonical content of a rule set as the author tools read it: which rules count when some pathways are asked together.

The content is plain data (`RuleSet.content()`), whether it comes from a folder, a wheel or a record, so that any two can be
compared. Definitions are written out here: a condition is then a tree of comparisons, `all`, `any` and `not`. Each tree is
made once and kept, so that tools may key what they know of it by identity. Knows nothing of cells, cubes or files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from pathways.decision import canonical

__all__ = ["OTHERWISE", "RED_FLAGS", "Content", "Given", "Referral", "Rule", "Slot", "Tree", "all_of", "any_of", "comparisons", "negation"]

Tree: TypeAlias = Mapping[str, Any]  # {finding, is} | {finding, number} | {all} | {any} | {not}; see `conditions.tree`
Key: TypeAlias = tuple[str, str]  # pathway and rule
Slot: TypeAlias = tuple[str, str, str]  # service, window and condition on the site, the last two as canonical JSON or empty
RED_FLAGS, OTHERWISE = "red_flags", "otherwise"


def all_of(terms: Iterable[Tree]) -> Tree:
    """Every term holds; of none, always."""
    listed = list(terms)
    return listed[0] if len(listed) == 1 else {"all": listed}


def any_of(terms: Iterable[Tree]) -> Tree:
    """A term holds; of none, never."""
    listed = list(terms)
    return listed[0] if len(listed) == 1 else {"any": listed}


def negation(tree: Tree) -> Tree:
    """The term does not hold."""
    inner: Tree = tree.get("not", {"not": tree})
    return inner


ALWAYS: Tree = all_of(())


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral that a rule gives: its slot, the place of its limit on the scale (-1 for a window) and whether it is phoned now."""

    slot: Slot
    limit: int
    contact: bool


@dataclass(frozen=True, slots=True)
class Given:
    """What a rule gives: the rank of its urgency, its referrals, its items each with its condition on the site (empty: always)."""

    rank: int
    referrals: tuple[Referral, ...]
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule as it stands when some pathways are asked.

    `when` is its own condition, `inside` where its pathway counts (asked or handed over to, and for this patient), `holds`
    both. `given` is None for a handover. `otherwise` is a rule whose condition is that no other rule of its pathway holds.
    """

    pathway: str
    id: str
    title: str
    when: Tree
    inside: Tree
    holds: Tree
    given: Given | None
    handover: str | None
    basis: str
    sources: tuple[str, ...]
    narrows: tuple[str, ...]

    @property
    def key(self) -> Key:
        return self.pathway, self.id


@dataclass(frozen=True, slots=True, eq=False)
class Constraint:
    """What holds of every possible patient; `applies:NAME` says that a finding has an answer exactly where its gate is open."""

    id: str
    means: str
    holds: Tree
    applies_to: str | None = None


@dataclass(slots=True)
class Content:
    """The content, with its conditions written out. Not to be changed once made."""

    data: Mapping[str, Any]
    findings: dict[str, Mapping[str, Any]] = field(init=False)
    levels: tuple[str, ...] = field(init=False)
    limits: tuple[str, ...] = field(init=False)
    items: dict[str, Mapping[str, Any]] = field(init=False)
    services: dict[str, str] = field(init=False)
    pathways: dict[str, Mapping[str, Any]] = field(init=False)
    gates: dict[str, Tree] = field(init=False)
    constraints: tuple[Constraint, ...] = field(init=False)
    red_flags: tuple[Rule, ...] = field(init=False)
    _definitions: dict[Key, Tree] = field(init=False, default_factory=dict)
    _conditions: dict[Key, Tree] = field(init=False, default_factory=dict)
    _asked: dict[tuple[str, ...], tuple[Rule, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        data = self.data
        self.findings = {one["id"]: one for one in data["findings"]}
        self.levels = tuple(one["id"] for one in data["urgency"])
        self.limits = tuple(one["id"] for one in data["limits"])
        self.items = {one["id"]: one for one in data["items"]}
        self.services = {one["id"]: one["name"] for one in data["services"]}
        self.pathways = {one["id"]: one for one in data["pathways"]}
        self.gates = {name: self.written_out(one["applies"]) for name, one in self.findings.items() if one["applies"] is not None}
        self.constraints = tuple(self._constraints())
        self.red_flags = tuple(self._rule(RED_FLAGS, one, ALWAYS) for one in data["red_flags"])

    def written_out(self, tree: Tree, pathway: str = RED_FLAGS) -> Tree:
        """The condition without names of definitions, read where the pathway's own stand before the shared ones."""
        if "definition" in tree:
            return self._definition(tree["definition"], pathway)
        for key in ("all", "any"):
            if key in tree:
                return {key: [self.written_out(term, pathway) for term in tree[key]]}
        return {"not": self.written_out(tree["not"], pathway)} if "not" in tree else tree

    def _definition(self, name: str, pathway: str) -> Tree:
        own = pathway != RED_FLAGS and name in self.pathways[pathway]["definitions"]
        where = pathway if own else RED_FLAGS
        if (where, name) not in self._definitions:
            found = (self.pathways[pathway]["definitions"] if own else self.data["definitions"])[name]["when"]
            self._definitions[where, name] = self.written_out(found, where)
        return self._definitions[where, name]

    def _constraints(self) -> Iterator[Constraint]:
        for name, gate in self.gates.items():
            yield Constraint(f"applies:{name}", f"`{name}` applies only where its gate is open", gate, name)
        for one in self.data["constraints"]:
            holds = any_of((negation(self.written_out(one["if"])), self.written_out(one["then"])))
            yield Constraint(one["id"], one["means"], holds)

    def condition(self, pathway: str, rule: str) -> Tree:
        """The condition of one rule, written out; the same object at each call."""
        if (pathway, rule) not in self._conditions:
            rules = self.data["red_flags"] if pathway == RED_FLAGS else self.pathways[pathway]["rules"]
            found = next(one for one in rules if one["id"] == rule)
            self._conditions[pathway, rule] = self.written_out(found["when"], pathway)
        return self._conditions[pathway, rule]

    def applies(self, pathway: str) -> Tree:
        """Whom the pathway is for."""
        if (pathway, "") not in self._conditions:
            applies = self.pathways[pathway]["applies"]
            self._conditions[pathway, ""] = ALWAYS if applies is None else self.written_out(applies, pathway)
        return self._conditions[pathway, ""]

    def asked(self, pathways: Sequence[str]) -> tuple[Rule, ...]:
        """The rules that count when these pathways are asked together: the shared red flags, theirs, and those handed over to."""
        names = tuple(pathways)
        if names not in self._asked:
            self._asked[names] = (*self.red_flags, *self._rules(self._inside(names)))
        return self._asked[names]

    def _inside(self, asked: Sequence[str]) -> dict[str, Tree]:
        """For each pathway that may speak: where it does. Relies on the loader: handovers make no cycle."""
        ways: dict[str, list[Tree]] = {}

        def visit(name: str, way: Tree) -> None:
            way = _both(way, self.applies(name))
            ways.setdefault(name, []).append(way)
            for rule in self.pathways[name]["rules"]:
                if rule["handover"] is not None:
                    visit(rule["handover"], _both(way, self.condition(name, rule["id"])))

        for name in asked:
            visit(name, ALWAYS)
        return {name: any_of(ways[name]) for name in self.pathways if name in ways}

    def _rules(self, inside: Mapping[str, Tree]) -> Iterator[Rule]:
        for name, where in inside.items():
            pathway = self.pathways[name]
            rules = [self._rule(name, one, where) for one in pathway["rules"]]
            yield from rules
            if pathway["otherwise"] is not None:
                nothing = all_of(negation(rule.when) for rule in rules)
                title = f"nothing else in {pathway['title'].lower()} holds"
                given = self._given(pathway["otherwise"])
                yield Rule(name, OTHERWISE, title, nothing, where, _both(where, nothing), given, None, "interpretation", (), ())

    def _rule(self, pathway: str, one: Mapping[str, Any], inside: Tree) -> Rule:
        when = self.condition(pathway, one["id"])
        return Rule(
            pathway=pathway,
            id=one["id"],
            title=one["title"],
            when=when,
            inside=inside,
            holds=_both(inside, when),
            given=None if one["then"] is None else self._given(one["then"]),
            handover=one["handover"],
            basis=one["basis"],
            sources=tuple(one["sources"]),
            narrows=tuple(one["narrows"]),
        )

    def _given(self, then: Mapping[str, Any]) -> Given:
        return Given(
            self.levels.index(then["urgency"]),
            tuple(
                Referral(
                    (row["service"], _text(row["window"]), _text(row["site"])),
                    -1 if row["within"] is None else self.limits.index(row["within"]),
                    row["contact"] == "now",
                )
                for row in then["referrals"]
            ),
            tuple((entry["item"], _text(entry["site"])) for entry in then["items"]),
        )


def comparisons(tree: Tree) -> Iterator[Tree]:
    """The comparisons in a written out tree, from left to right, as often as they stand there."""
    if "finding" in tree:
        yield tree
    elif "not" in tree:
        yield from comparisons(tree["not"])
    else:
        for term in tree.get("all") or tree.get("any") or ():
            yield from comparisons(term)


def findings_read(trees: Iterable[Tree]) -> set[str]:
    """The findings that the written out trees read."""
    return {one["finding"] for tree in trees for one in comparisons(tree)}


def limits_read(trees: Iterable[Tree]) -> dict[str, set[tuple[Decimal, bool]]]:
    """Where the comparisons cut each number: `(limit, above)` cuts just above the limit, else just below it."""
    cuts: dict[str, set[tuple[Decimal, bool]]] = {}
    for tree in trees:
        for one in comparisons(tree):
            for operator, limit in one.get("number", {}).items():
                cuts.setdefault(one["finding"], set()).add((Decimal(limit), operator in ("above", "at_most")))
    return cuts


def _both(one: Tree, other: Tree) -> Tree:
    return other if one is ALWAYS else one if other is ALWAYS else {"all": [one, other]}


def _text(data: Any) -> str:
    return canonical(data) if data else ""
