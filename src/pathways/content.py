"""The canonical content of a rule set as the author tools read it: which rules count when some pathways are asked together.

The content is plain data (`RuleSet.content()`), whether it comes from a folder, a wheel or a record, so that any two can be
compared. Definitions are written out here: a condition is then a tree of comparisons, `all`, `any` and `not`. Each tree is
made once and kept, so that tools may key what they know of it by identity. Knows nothing of cells, cubes or files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import InitVar, dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from pathways.decision import canonical

__all__ = [
    "ALWAYS", "NEVER", "OTHERWISE", "RED_FLAGS", "Content", "Given", "Referral", "Rule", "Slot", "Tree", "all_of", "any_of", "comparisons",
    "negation",
]  # fmt: skip

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
NEVER: Tree = any_of(())


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
    """The content, with its conditions written out. Not to be changed once made.

    `like` is a content that this one is a variant of: trees that are the same in both are made once.
    """

    data: Mapping[str, Any]
    like: InitVar[Content | None] = None
    findings: dict[str, Mapping[str, Any]] = field(init=False)
    levels: tuple[str, ...] = field(init=False)
    limits: tuple[str, ...] = field(init=False)
    items: dict[str, Mapping[str, Any]] = field(init=False)
    services: dict[str, str] = field(init=False)
    pathways: dict[str, Mapping[str, Any]] = field(init=False)
    gates: dict[str, Tree] = field(init=False)
    constraints: tuple[Constraint, ...] = field(init=False)
    red_flags: tuple[Rule, ...] = field(init=False)
    _like: Content | None = field(init=False)
    _read_alike: frozenset[str] = field(init=False, default=frozenset())  # pathways whose definitions are those of `like`
    _authored: dict[Key, Tree] = field(init=False)
    _definitions: dict[Key, Tree] = field(init=False, default_factory=dict)
    _conditions: dict[Key, Tree] = field(init=False, default_factory=dict)
    _asked: dict[tuple[str, ...], tuple[Rule, ...]] = field(init=False, default_factory=dict)
    _readers: dict[tuple[str, ...], dict[str, list[Tree]]] = field(init=False, default_factory=dict)
    _cuts: dict[str, set[tuple[Decimal, bool]]] | None = field(init=False, default=None)
    _joined: dict[tuple[object, ...], tuple[Tree, list[Tree]]] = field(init=False)

    def __post_init__(self, like: Content | None) -> None:
        data = self.data
        self._like = like
        self._joined = {} if like is None else like._joined
        self._authored = {(RED_FLAGS, one["id"]): one["when"] for one in data["red_flags"]}
        for pathway in data["pathways"]:
            self._authored[pathway["id"], ""] = ALWAYS if pathway["applies"] is None else pathway["applies"]
            self._authored |= {(pathway["id"], one["id"]): one["when"] for one in pathway["rules"]}
        self.findings = {one["id"]: one for one in data["findings"]}
        self.levels = tuple(one["id"] for one in data["urgency"])
        self.limits = tuple(one["id"] for one in data["limits"])
        self.items = {one["id"]: one for one in data["items"]}
        self.services = {one["id"]: one["name"] for one in data["services"]}
        self.pathways = {one["id"]: one for one in data["pathways"]}
        if like is not None and like.data["definitions"] == data["definitions"]:
            own = {name: one["definitions"] for name, one in like.pathways.items()}
            self._read_alike = frozenset({RED_FLAGS, *(name for name, one in self.pathways.items() if own.get(name) == one["definitions"])})
        if like is not None and all(like.data[key] == data[key] for key in ("findings", "definitions", "constraints")):
            self.gates, self.constraints = like.gates, like.constraints
        else:
            self.gates = {name: self.written_out(one["applies"]) for name, one in self.findings.items() if one["applies"] is not None}
            self.constraints = tuple(self._constraints())
        self.red_flags = tuple(self._rule(RED_FLAGS, one, ALWAYS) for one in data["red_flags"])

    def written_out(self, tree: Tree, pathway: str = RED_FLAGS) -> Tree:
        """The condition without names of definitions, read where the pathway's own stand before the shared ones."""
        if tree is ALWAYS:
            return tree
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

    def definitions_read(self, pathway: str = RED_FLAGS) -> frozenset[str]:
        """The definitions of a pathway, or the shared ones, that some condition reads, by itself or through another."""
        return frozenset(name for where, name in self._definitions if where == pathway)

    def _constraints(self) -> Iterator[Constraint]:
        for name, gate in self.gates.items():
            yield Constraint(f"applies:{name}", f"`{name}` applies only where its gate is open", gate, name)
        for one in self.data["constraints"]:
            holds = any_of((negation(self.written_out(one["if"])), self.written_out(one["then"])))
            yield Constraint(one["id"], one["means"], holds)

    def condition(self, pathway: str, rule: str) -> Tree:
        """The condition of one rule, written out; the same object at each call."""
        return self._condition((pathway, rule))

    def applies(self, pathway: str) -> Tree:
        """Whom the pathway is for."""
        return self._condition((pathway, ""))

    def _condition(self, key: Key) -> Tree:
        if key not in self._conditions:
            authored, like = self._authored[key], self._like
            if like is not None and key[0] in self._read_alike and like._authored.get(key) == authored:
                self._conditions[key] = like._condition(key)
            else:
                self._conditions[key] = self.written_out(authored, key[0])
        return self._conditions[key]

    def with_condition(self, pathway: str, rule: str, when: Tree) -> Content:
        """The same rules, but for the condition of one of them."""
        other = copy(self)
        other._conditions = {**self._conditions, (pathway, rule): when}
        other._asked = {}
        other.red_flags = tuple(other._rule(RED_FLAGS, one, ALWAYS) for one in self.data["red_flags"])
        return other

    def asked(self, pathways: Sequence[str]) -> tuple[Rule, ...]:
        """The rules that count when these pathways are asked together: the shared red flags, theirs, and those handed over to."""
        names = tuple(pathways)
        if names not in self._asked:
            self._asked[names] = (*self.red_flags, *self._rules(self._inside(names)))
        return self._asked[names]

    def readers(self, pathways: Sequence[str]) -> Mapping[str, Sequence[Tree]]:
        """Finding → where the rules hold that read it, of those that count when these pathways are asked together."""
        names = tuple(pathways)
        if names not in self._readers:
            found: dict[str, list[Tree]] = {}
            for rule in self.asked(names):
                for name in findings_read([rule.holds]):
                    found.setdefault(name, []).append(rule.holds)
            self._readers[names] = found
        return self._readers[names]

    @property
    def cuts(self) -> Mapping[str, set[tuple[Decimal, bool]]]:
        """Where the rules cut each number."""
        if self._cuts is None:
            self._cuts = limits_read(rule.when for name in self.pathways for rule in self.asked((name,)) if rule.handover is None)
        return self._cuts

    def _inside(self, asked: Sequence[str]) -> dict[str, Tree]:
        """For each pathway that may speak: where it does. Relies on the loader: handovers make no cycle."""
        ways: dict[str, list[Tree]] = {}

        def visit(name: str, way: Tree) -> None:
            way = self._join("all", way, self.applies(name))
            ways.setdefault(name, []).append(way)
            for rule in self.pathways[name]["rules"]:
                if rule["handover"] is not None:
                    visit(rule["handover"], self._join("all", way, self.condition(name, rule["id"])))

        for name in asked:
            visit(name, ALWAYS)
        return {name: self._join("any", *ways[name]) for name in self.pathways if name in ways}

    def _rules(self, inside: Mapping[str, Tree]) -> Iterator[Rule]:
        for name, where in inside.items():
            pathway = self.pathways[name]
            rules = [self._rule(name, one, where) for one in pathway["rules"]]
            yield from rules
            if pathway["otherwise"] is not None:
                nothing = self._join("all", *(self._join("not", rule.when) for rule in rules))
                title = f"nothing else in {pathway['title'].lower()} holds"
                given = self._given(pathway["otherwise"])
                yield Rule(name, OTHERWISE, title, nothing, where, self._join("all", where, nothing), given, None, "interpretation", (), ())

    def _rule(self, pathway: str, one: Mapping[str, Any], inside: Tree) -> Rule:
        when = self.condition(pathway, one["id"])
        return Rule(
            pathway=pathway,
            id=one["id"],
            title=one["title"],
            when=when,
            inside=inside,
            holds=self._join("all", inside, when),
            given=None if one["then"] is None else self._given(one["then"]),
            handover=one["handover"],
            basis=one["basis"],
            sources=tuple(one["sources"]),
            narrows=tuple(one["narrows"]),
        )

    def _join(self, word: str, *trees: Tree) -> Tree:
        """`all`, `any` or `not` of these trees; the same object for the same ones, and no more than is needed for one."""
        terms = [tree for tree in trees if tree is not ALWAYS] if word == "all" else list(trees)
        key = (word, *map(id, terms))
        if key not in self._joined:
            joined = negation(terms[0]) if word == "not" else any_of(terms) if word == "any" else all_of(terms) if terms else ALWAYS
            self._joined[key] = (joined, terms)  # kept with its terms, so that no other tree takes their identity
        return self._joined[key][0]

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


def _text(data: Any) -> str:
    return canonical(data) if data else ""
