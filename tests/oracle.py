"""A second reading of a rule set, to hold the engine to: one JSON content, plain enumeration, nothing shared with the engine.

`outcome` says what the rules give one patient of whom everything is known; all else is counted over such patients.
`decide` enumerates the completions of a presentation; `decide_by_search` looks for completions that refute what others agree on,
and serves where there are too many to enumerate.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, partial
from itertools import pairwise
from typing import Any

Value = str | Decimal | None  # yes, no, a choice, a number; None is "not applicable"
Patient = dict[str, Value]
Key = tuple[str, str]  # pathway ("red_flags" for the shared ones) and rule
RED_FLAGS, OTHERWISE = "red_flags", "otherwise"
MEMORY = 4_000  # answers kept at most, by each reading: one takes some kB, and a campaign has 25 readings a process


class Contradiction(Exception):
    """No possible patient is as the presentation says."""


class TooMany(Exception):
    """More completions, or a longer search, than the oracle is willing to go through."""


# -- One patient -------------------------------------------------------------------------------------------------------


def reading_of(tree: dict[str, Any], scopes: Sequence[dict[str, Any]]) -> Callable[[Patient], bool]:
    """The condition as a function of a patient; a comparison on what does not apply is false."""
    match tree:
        case {"finding": name, "is": values}:
            return lambda patient: patient[name] in values
        case {"finding": name, "number": limits}:
            tests = [(OPERATORS[word], Decimal(limit)) for word, limit in limits.items()]
            return lambda patient: within(patient[name], tests)
        case {"definition": name}:
            return reading_of(*defined(name, scopes))
        case {"all": trees}:
            parts = [reading_of(part, scopes) for part in trees]
            return lambda patient: all(part(patient) for part in parts)
        case {"any": trees}:
            parts = [reading_of(part, scopes) for part in trees]
            return lambda patient: any(part(patient) for part in parts)
        case {"not": part}:
            inner = reading_of(part, scopes)
            return lambda patient: not inner(patient)
    raise ValueError(f"not a condition: {tree}")


def within(value: Any, tests: Iterable[tuple[Callable[[Any, Any], bool], Decimal]]) -> bool:
    """Whether the number passes all; what does not apply passes nothing."""
    return value is not None and all(test(value, limit) for test, limit in tests)


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "at_least": operator.ge,
    "above": operator.gt,
    "at_most": operator.le,
    "below": operator.lt,
}


def defined(name: str, scopes: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], Sequence[dict[str, Any]]]:
    """The condition of that name, the pathway's own before the shared one, with the names that it may use itself."""
    for place, scope in enumerate(scopes):
        if name in scope:
            return scope[name]["when"], scopes[place:]
    raise ValueError(f"no definition {name}")


@dataclass(frozen=True)
class Rule:
    """What a rule gives, apart from when it holds. `rank` is the place on the urgency scale; None for a handover."""

    key: Key
    rank: int | None
    referrals: tuple[tuple[tuple[str, str, str], int | None, bool], ...]  # (service, window, site), place of the limit, contact now
    items: tuple[tuple[str, str], ...]  # (item, site)
    handover: str | None


@dataclass(frozen=True)
class Outcome:
    """What one patient gets: an entry of `referrals` has its earliest limit and whether somebody is phoned now."""

    held: frozenset[Key]
    uncovered: frozenset[str]
    rank: int | None
    referrals: Mapping[tuple[str, str, str], tuple[int | None, bool]] = field(hash=False)
    items: frozenset[tuple[str, str]]


# -- Conditions that can be known in part --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """A condition with its definitions written out, and the names that it still depends on."""

    kind: str  # true | false | is | number | rule | all | any | not
    names: frozenset[Any] = frozenset()
    name: Any = None  # of a comparison: the finding; of `rule`: the rule whose condition it stands for
    against: Any = None
    parts: tuple[Tree, ...] = ()

    def truth(self, value: Any) -> bool:
        """Of a comparison: whether it holds for that value."""
        if self.kind == "is":
            return value in self.against
        if self.kind == "rule":
            return bool(value)
        return within(value, self.against)


TRUE, FALSE = Tree("true"), Tree("false")


def rule_tree(key: Key) -> Tree:
    """Stands for the condition of that rule."""
    return Tree("rule", frozenset([key]), key)


def negation(tree: Tree) -> Tree:
    if tree is TRUE or tree is FALSE:
        return FALSE if tree is TRUE else TRUE
    return tree.parts[0] if tree.kind == "not" else Tree("not", tree.names, parts=(tree,))


def joined(kind: str, trees: Iterable[Tree]) -> Tree:
    """`all` or `any` of the trees, without what is already decided."""
    decides, leaves = (FALSE, TRUE) if kind == "all" else (TRUE, FALSE)
    parts = []
    for tree in trees:
        if tree is decides:
            return decides
        if tree is not leaves:
            parts.append(tree)
    if len(parts) < 2:
        return parts[0] if parts else leaves
    return Tree(kind, frozenset().union(*(part.names for part in parts)), parts=tuple(parts))


def all_of(*trees: Tree) -> Tree:
    return joined("all", trees)


def any_of(*trees: Tree) -> Tree:
    return joined("any", trees)


def tree_of(source: dict[str, Any] | None, scopes: Sequence[dict[str, Any]]) -> Tree:
    match source:
        case None:
            return TRUE
        case {"finding": name, "is": values}:
            return Tree("is", frozenset([name]), name, frozenset(values))
        case {"finding": name, "number": limits}:
            return Tree("number", frozenset([name]), name, tuple((OPERATORS[word], Decimal(limit)) for word, limit in limits.items()))
        case {"definition": name}:
            return tree_of(*defined(name, scopes))
        case {"all": trees}:
            return all_of(*(tree_of(part, scopes) for part in trees))
        case {"any": trees}:
            return any_of(*(tree_of(part, scopes) for part in trees))
        case {"not": part}:
            return negation(tree_of(part, scopes))
    raise ValueError(f"not a condition: {source}")


def put(tree: Tree, name: Any, value: Any) -> Tree:
    """The condition once that finding has that value."""
    if name not in tree.names:
        return tree
    if tree.kind == "not":
        return negation(put(tree.parts[0], name, value))
    if tree.parts:
        return joined(tree.kind, (put(part, name, value) for part in tree.parts))
    return TRUE if tree.truth(value) else FALSE


def resolved(tree: Tree, known: Mapping[Any, Any]) -> Tree:
    """The condition once all these findings have these values."""
    if known.keys().isdisjoint(tree.names):
        return tree
    if tree.kind == "not":
        return negation(resolved(tree.parts[0], known))
    if tree.parts:
        return joined(tree.kind, (resolved(part, known) for part in tree.parts))
    return TRUE if tree.truth(known[tree.name]) else FALSE


def comparisons(tree: Tree, name: str) -> Iterator[Tree]:
    """All comparisons in the condition that read that finding."""
    if name in tree.names:
        if tree.parts:
            for part in tree.parts:
                yield from comparisons(part, name)
        else:
            yield tree


Goal = tuple[Tree, frozenset[Any]]  # what must become true, and the names on which it depended at first
Forced = tuple[Any, frozenset[Any]]  # a value that a goal leaves no choice about, and the names of that goal
Found = dict[Any, Any] | frozenset[Any]  # values that make goals true, or the names at fault


def apart(trees: Iterable[Tree]) -> list[Goal]:
    """The conditions as separate goals."""
    return [(part, part.names) for tree in trees for part in (tree.parts if tree.kind == "all" else [tree])]


# -- What is known ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Span:
    """The numbers that are still possible."""

    least: Decimal
    most: Decimal
    closed: bool = True  # whether `most` itself is possible

    def __contains__(self, value: object) -> bool:
        return isinstance(value, Decimal) and self.least <= value <= self.most and (self.closed or value != self.most)

    def representatives(self, cuts: Iterable[Decimal]) -> list[Decimal]:
        """One number for each cell between the cuts, each cut, both ends."""
        points = sorted({self.least, self.most} | {cut for cut in cuts if cut in self})
        middles = [(low + high) / 2 for low, high in pairwise(points)]
        return sorted(value for value in {*points, *middles} if value in self)


@dataclass
class Known:
    """A presentation as read: values, what is left of each finding's domain, and what must be true for it to be possible."""

    values: dict[str, Value]
    domains: dict[str, list[str] | Span]
    islands: list[Island]
    fixed: dict[Any, bool]  # the conditions of rules that are decided already
    effort: int = 0


@dataclass
class Island:
    """What must be true for a presentation to be possible, as far as it hangs together: no finding stands in two islands."""

    names: frozenset[str]
    demands: list[Tree]
    example: dict[str, Value] | None = None  # values that make all of it true, once looked for


def plain(value: object) -> Any:
    """A given value in the oracle's words; None where it is not known."""
    match value:
        case None | "unknown" | {"unknown": _}:
            return None
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return Decimal(str(value))
        case _:
            return value


# -- One rule set and the pathways asked -----------------------------------------------------------------------------------


class Reading:
    """The rules that can matter when these pathways are asked, read from the content alone."""

    def __init__(self, content: dict[str, Any], asked: Sequence[str], effort: int = 200_000) -> None:
        self.asked = tuple(asked)
        self.effort = effort
        self.levels: list[str] = [level["id"] for level in content["urgency"]]
        self.limits: list[str] = [limit["id"] for limit in content["limits"]]
        self.services: list[str] = [service["id"] for service in content["services"]]
        self.items: dict[str, dict[str, Any]] = {item["id"]: item for item in content["items"]}
        self.findings: dict[str, dict[str, Any]] = {finding["id"]: finding for finding in content["findings"]}
        self.pathways: dict[str, dict[str, Any]] = {pathway["id"]: pathway for pathway in content["pathways"]}
        self.order = {pathway: place for place, pathway in enumerate([RED_FLAGS, *self.pathways])}
        shared = content["definitions"]

        self.rules: dict[Key, Rule] = {}
        self.conditions: dict[Any, Tree] = {}
        self.functions: dict[Any, Callable[[Patient], bool]] = {}
        for source in content["red_flags"]:
            self._add(RED_FLAGS, source, [shared])
        reached = list(self.asked)
        for pathway in reached:  # grows while it is walked
            body = self.pathways[pathway]
            scopes = [body.get("definitions") or {}, shared]
            self._condition(("applies", pathway), body["applies"], scopes)
            for source in body["rules"]:
                self._add(pathway, source, scopes)
                if source["handover"] and source["handover"] not in reached:
                    reached.append(source["handover"])
            if body["otherwise"]:
                self.rules[pathway, OTHERWISE] = self._rule((pathway, OTHERWISE), body["otherwise"], None)
        self.reached = tuple(reached)

        self.gates = {name: tree_of(finding["applies"], [shared]) for name, finding in self.findings.items() if finding.get("applies")}
        self.constraints = [
            any_of(negation(tree_of(each["if"], [shared])), tree_of(each["then"], [shared])) for each in content["constraints"]
        ]
        self.everywhere = [*self.conditions.values(), *self.constraints, *self.gates.values()]
        self.memory: dict[Any, Any] = {}  # what is worked out more than once

    def _condition(self, name: Any, source: dict[str, Any] | None, scopes: Sequence[dict[str, Any]]) -> None:
        self.conditions[name] = tree_of(source, scopes)
        self.functions[name] = reading_of(source, scopes) if source else lambda patient: True

    def _add(self, pathway: str, source: dict[str, Any], scopes: Sequence[dict[str, Any]]) -> None:
        key = (pathway, source["id"])
        self._condition(key, source["when"], scopes)
        self.rules[key] = self._rule(key, source["then"], source["handover"])

    def _rule(self, key: Key, then: dict[str, Any] | None, handover: str | None) -> Rule:
        if then is None:
            return Rule(key, None, (), (), handover)
        referrals = tuple(
            (
                (each["service"], flat(each.get("window")), flat(each.get("site"))),
                self.limits.index(each["within"]) if each.get("within") else None,
                each.get("contact") == "now",
            )
            for each in then["referrals"]
        )
        items = tuple((each["item"], flat(each.get("site"))) for each in then["items"])
        return Rule(key, self.levels.index(then["urgency"]), referrals, items, handover)

    def rules_of(self, pathway: str) -> list[Key]:
        """Its rules, without `otherwise`."""
        return self.by_pathway.get(pathway, [])

    @cached_property
    def by_pathway(self) -> dict[str, list[Key]]:
        found: dict[str, list[Key]] = {}
        for key in self.rules:
            if key[1] != OTHERWISE:
                found.setdefault(key[0], []).append(key)
        return found

    # What holds for one patient

    def fired(self, holds: Callable[[Any], bool]) -> tuple[frozenset[Key], frozenset[str]]:
        """The rules that hold, and the pathways that were run without covering the patient, given which conditions hold."""
        held = {key for key in self.rules_of(RED_FLAGS) if holds(key)}
        uncovered = set()
        active = list(self.asked)
        for pathway in active:  # a handover adds to it
            if not holds(("applies", pathway)):
                uncovered.add(pathway)
                continue
            own = [key for key in self.rules_of(pathway) if holds(key)]
            for key in own:
                other = self.rules[key].handover
                if other and other not in active:
                    active.append(other)
            if not own and (pathway, OTHERWISE) in self.rules:
                own = [(pathway, OTHERWISE)]
            held.update(own)
        return frozenset(held), frozenset(uncovered)

    def outcome(self, patient: Patient) -> Outcome:
        """What one patient gets, of whom everything is known."""
        return self.given_by(*self.fired(lambda name: self.functions[name](patient)))

    def given_by(self, held: frozenset[Key], uncovered: frozenset[str]) -> Outcome:
        """Every rule that holds contributes: the highest urgency, limits to the earliest, a reassurance only at its own level."""
        if (held, uncovered) not in self.memory:
            if len(self.memory) > MEMORY:
                self.memory.clear()
            rules = [self.rules[key] for key in held]
            rank = max((rule.rank for rule in rules if rule.rank is not None), default=None)
            referrals: dict[tuple[str, str, str], tuple[int | None, bool]] = {}
            for rule in rules:
                for entry, limit, now in rule.referrals:
                    before, phoned = referrals.get(entry, (None, False))
                    referrals[entry] = (earliest(before, limit), phoned or now)
            items = {item for rule in rules for item in rule.items if rule.rank == rank or not self.items[item[0]]["reassures"]}
            self.memory[held, uncovered] = Outcome(held, uncovered, rank, referrals, frozenset(items))
        found: Outcome = self.memory[held, uncovered]
        return found

    # What a presentation leaves open

    def known(self, given: Mapping[str, object]) -> Known:
        """The presentation as read. A value implies that its finding applies."""
        values: dict[str, Value] = {}
        domains: dict[str, list[str] | Span] = {}
        demands = []
        for name, stated in given.items():
            finding = self.findings[name]
            match plain(stated):
                case None:
                    continue
                case {"from": least, "below": most}:
                    domains[name] = Span(Decimal(str(least)), Decimal(str(most)), closed=False)
                case [*choices]:
                    domains[name] = list(choices)
                case value:
                    values[name] = Decimal(value) if finding["kind"] == "number" else value
            if name in self.gates:
                demands.append(self.gates[name])
        for name in self.gated_last:
            if name not in values and name not in domains and resolved(self.gates[name], values) is FALSE:
                values[name] = None
        for name in self.findings:
            if name not in values and name not in domains:
                domains[name] = self.domain(name)
        conditions = {name: resolved(tree, values) for name, tree in self.conditions.items()}
        fixed = {name: tree is TRUE for name, tree in conditions.items() if tree is TRUE or tree is FALSE}
        return Known(values, domains, self.islands(resolved(demand, values) for demand in [*demands, *self.constraints]), fixed)

    def islands(self, demands: Iterable[Tree]) -> list[Island]:
        """The demands, those together that share a finding or what decides whether one applies."""
        found: list[Island] = []
        for demand in demands:
            if demand is TRUE:
                continue
            island = Island(demand.names | self.all_behind(demand.names), [demand])
            for other in [other for other in found if not other.names.isdisjoint(island.names)]:
                found.remove(other)
                island = Island(island.names | other.names, [*other.demands, *island.demands])
            found.append(island)
        return found

    def domain(self, name: str) -> list[str] | Span:
        """Everything that the finding can be, where it applies."""
        finding = self.findings[name]
        match finding["kind"]:
            case "number":
                least, most = finding["range"]
                return Span(Decimal(least), Decimal(most))
            case "choice":
                return list(finding["values"])
            case _:
                return ["yes", "no"]

    @cached_property
    def gated_last(self) -> list[str]:
        """The findings with a gate, each after the findings that its gate reads."""
        ordered: list[str] = []

        def visit(name: str) -> None:
            if name in self.gates and name not in ordered:
                for other in sorted(self.gates[name].names):
                    visit(other)
                ordered.append(name)

        for name in self.gates:
            visit(name)
        return ordered

    @cached_property
    def gated_by(self) -> dict[str, list[Tree]]:
        """The gates that read a finding."""
        return {name: [gate for gate in self.gates.values() if name in gate.names] for name in self.findings}

    @cached_property
    def thresholds(self) -> dict[str, list[Decimal]]:
        """For each number, everything that any condition compares it with."""
        cuts: dict[str, set[Decimal]] = {name: set() for name, finding in self.findings.items() if finding["kind"] == "number"}
        for name, found in cuts.items():
            for tree in self.everywhere:
                found.update(limit for leaf in comparisons(tree, name) for _, limit in leaf.against)
        return {name: sorted(found) for name, found in cuts.items()}

    @cached_property
    def matters(self) -> list[str]:
        """The findings that the rules, their gates and the constraints tied to them read, in the order of the rule set."""
        names = set().union(*(tree.names for tree in self.conditions.values()))
        while True:
            tied = [tree.names for tree in self.constraints if not names.isdisjoint(tree.names)]
            more = names.union(*tied, *(self.gates[name].names for name in names if name in self.gates))
            if more == names:
                return [name for name in self.findings if name in names]
            names = more

    def next_name(self, tree: Tree, values: Mapping[str, Value]) -> tuple[Any, bool]:
        """A finding to decide next so that the condition gets decided, and whether it applies: a gate comes before what it gates."""
        while tree.parts:
            tree = tree.parts[0]
        name = tree.name
        if name in self.gates:
            gate = resolved(self.gates[name], values)
            if gate is FALSE:
                return name, False
            if gate is not TRUE:
                return self.next_name(gate, values)
        return name, True

    def classes(self, name: str, domain: list[str] | Span, trees: Iterable[Tree], wished: Value = None) -> list[Value]:
        """One value for each way in which the comparisons that are left can turn out; the wished value first."""
        found = {leaf.against: leaf for tree in [*trees, *self.gated_by[name]] for leaf in comparisons(tree, name)}
        key = (name, domain if isinstance(domain, Span) else tuple(domain), frozenset(found))
        if key not in self.memory:
            self.memory[key] = told_apart(domain, list(found.values()))
        leaves, kinds = self.memory[key]
        if wished is None or wished not in domain:
            return list(kinds.values())
        kind = tuple([leaf.truth(wished) for leaf in leaves])
        return [wished, *(value for other, value in kinds.items() if other != kind)]

    # All completions

    def completions(self, known: Known) -> set[Outcome]:
        """What each possible patient gets who is as the presentation says: every one enumerated, up to what makes no difference."""
        found: set[tuple[frozenset[Key], frozenset[str]]] = set()
        conditions = {name: resolved(tree, known.values) for name, tree in self.conditions.items()}
        known.effort = self.effort
        names = frozenset().union(*(tree.names for tree in conditions.values()))
        names |= self.all_behind(names)
        demands: list[Tree] = []
        for island in known.islands:
            if not names.isdisjoint(island.names):
                demands += island.demands
            elif self.example(island, known, {}) is None:
                raise Contradiction
        self._enumerate(conditions, demands, known.values, known, found)
        if not found:
            raise Contradiction
        return {self.given_by(*each) for each in found}

    def _enumerate(self, conditions: dict[Any, Tree], demands: list[Tree], values: dict[str, Value], known: Known, found: set[Any]) -> None:
        spend(known)
        demands = [demand for demand in demands if demand is not TRUE]
        if FALSE in demands:
            return
        open_tree = self._open(conditions)
        if open_tree is None:
            each = self.fired(lambda name: conditions[name] is TRUE)
            if each not in found and isinstance(self._solve(apart(demands), values, known, {}), dict):
                found.add(each)
            return
        name, applies = self.next_name(open_tree, values)
        choices = self.classes(name, known.domains[name], [*conditions.values(), *demands]) if applies else [None]
        for value in choices:
            self._enumerate(
                {key: put(tree, name, value) for key, tree in conditions.items()},
                [put(demand, name, value) for demand in demands],
                {**values, name: value},
                known,
                found,
            )

    def _open(self, conditions: dict[Any, Tree]) -> Tree | None:
        """A condition that is not decided and on which the outcome may depend: not one of a pathway that does not run."""
        for key in self.rules_of(RED_FLAGS):
            if conditions[key] is not TRUE and conditions[key] is not FALSE:
                return conditions[key]
        active = list(self.asked)
        for pathway in active:
            applies = conditions["applies", pathway]
            if applies is FALSE:
                continue
            if applies is not TRUE:
                return applies
            for key in self.rules_of(pathway):
                if conditions[key] is not TRUE and conditions[key] is not FALSE:
                    return conditions[key]
                other = self.rules[key].handover
                if conditions[key] is TRUE and other and other not in active:
                    active.append(other)
        return None

    # One completion of a certain sort

    def find(self, known: Known, goals: Iterable[Tree] = (), wishes: Mapping[str, Value] | None = None) -> Patient | None:
        """A possible patient who is as the presentation says and for whom the goals are true, near the wishes; None if there is none."""
        known.effort = self.effort
        wishes = wishes or {}
        wanted = apart(resolved(goal, known.fixed) for goal in goals)
        if any(tree is FALSE for tree, _ in wanted):
            return None
        names = frozenset().union(*(self.read_by(tree) for tree, _ in wanted))
        found: Patient = {}
        for island in known.islands:
            if names.isdisjoint(island.names):
                example = self.example(island, known, wishes)
                if example is None:
                    return None
                found.update(example)
            else:
                wanted += apart(island.demands)
        result = self._solve(wanted, dict(known.values), known, wishes)
        if not isinstance(result, dict):
            return None
        found.update((name, value) for name, value in result.items() if not isinstance(name, tuple))
        return self.filled(found, self.in_order, known, wishes)

    def read_by(self, tree: Tree) -> frozenset[str]:
        """All findings on which the condition may depend, through rules and gates too."""
        names: frozenset[Any] = frozenset()
        for name in tree.names:
            names |= self.conditions[name].names if isinstance(name, tuple) else frozenset([name])
        return names | self.all_behind(names)

    def example(self, island: Island, known: Known, wishes: Mapping[str, Value]) -> dict[str, Value] | None:
        """Values for which everything on the island is true: as wished, or near that."""
        if not wishes and island.example is not None:
            return island.example
        names = [name for name in self.in_order if name in island.names and name not in known.values]
        values = self.filled(known.values, names, known, wishes)
        if all(resolved(demand, values) is TRUE for demand in island.demands):
            example = {name: values[name] for name in names}
        else:
            result = self._solve(apart(island.demands), dict(known.values), known, wishes)
            if not isinstance(result, dict):
                return None
            values = self.filled(result, names, known, wishes)
            example = {name: values[name] for name in names}
        if not wishes:
            island.example = example
        return example

    def _solve(self, goals: list[Goal], values: dict[Any, Any], known: Known, wishes: Mapping[str, Value]) -> Found:
        """Values that make all goals true whatever else is open; else the names at fault, so that others are not tried again."""
        spend(known)
        left: list[Goal] = []
        forced: dict[Any, Forced] = {}
        for tree, origin in goals:
            if tree is TRUE:
                continue
            if tree is FALSE:
                return origin
            for part in tree.parts if tree.kind == "all" else (tree,):
                name, value = self.forces(part)
                if name is None:
                    left.append((part, origin))
                elif forced.setdefault(name, (value, origin))[0] != value:
                    return (origin | forced[name][1]) - {name}
        if forced:
            return self._forced(left, forced, values, known, wishes)
        if not left:
            return values
        goal = min(left, key=lambda each: len(each[0].names))[0]
        name, applies = self.next_name(goal, values)
        blamed: frozenset[Any] = self.behind[name] if name in self.gates else frozenset()
        for value in self._choices(name, applies, goal, left, known, wishes):
            after = {**values, name: value}
            more = [(put(tree, name, value) if name in tree.names else tree, origin) for tree, origin in left]
            if isinstance(name, tuple):
                more += self._condition_goals(name, value, after, known)
            result = self._solve(more, after, known, wishes)
            if isinstance(result, dict) or name not in result:
                return result
            blamed |= result - {name}
        return blamed

    def forces(self, tree: Tree) -> tuple[Any, Any]:
        """What the goal leaves no choice about: a rule that must hold or not, a plain yes or no; a name of None if it does leave one."""
        leaf, wanted = (tree.parts[0], False) if tree.kind == "not" else (tree, True)
        if leaf.kind == "rule":
            return leaf.name, wanted
        if leaf.kind == "is" and leaf.name not in self.gates and self.findings[leaf.name]["kind"] == "yes_no" and len(leaf.against) == 1:
            return leaf.name, "yes" if ("yes" in leaf.against) == wanted else "no"
        return None, None

    def _forced(
        self, left: list[Goal], forced: Mapping[Any, Forced], values: dict[Any, Any], known: Known, wishes: Mapping[str, Value]
    ) -> Found:
        """Goes on with what is forced; a failure that rests on it rests on what forced it."""
        chosen = {name: value for name, (value, _) in forced.items()}
        after = {**values, **chosen}
        more = [(resolved(tree, chosen), origin) for tree, origin in left]
        for name, value in chosen.items():
            if isinstance(name, tuple):
                more += self._condition_goals(name, value, after, known)
        result = self._solve(more, after, known, wishes)
        if isinstance(result, dict):
            return result
        reasons = [forced[name][1] for name in result if name in forced]
        return result.union(*reasons) - forced.keys()

    def _condition_goals(self, key: Any, holds: bool, values: dict[Any, Any], known: Known) -> list[Goal]:
        """Once it is decided that a rule holds or does not, its condition or the negation is a goal."""
        condition = resolved(self.conditions[key], known.values)
        return [(resolved(part, values), origin | {key}) for part, origin in apart([condition if holds else negation(condition)])]

    def _choices(self, name: Any, applies: bool, goal: Tree, left: list[Goal], known: Known, wishes: Mapping[str, Value]) -> list[Any]:
        if isinstance(name, tuple):
            return [True, False] if goal.kind == "any" else [False, True]
        if not applies:
            return [None]
        trees = [tree for tree, _ in left]
        undecided = {key for tree in trees for key in tree.names if isinstance(key, tuple)}  # their conditions become goals later
        return self.classes(name, known.domains[name], [*trees, *(self.conditions[key] for key in undecided)], wishes.get(name))

    @cached_property
    def behind(self) -> dict[str, frozenset[str]]:
        """For each finding with a gate, all that decides whether it applies."""
        found: dict[str, frozenset[str]] = {}
        for name in self.gated_last:
            found[name] = self.gates[name].names.union(*(found[other] for other in self.gates[name].names if other in found))
        return found

    def all_behind(self, names: Iterable[str]) -> frozenset[str]:
        return frozenset().union(*(self.behind[name] for name in names if name in self.behind))

    @cached_property
    def in_order(self) -> list[str]:
        """The findings that matter, each after what decides whether it applies."""
        return [*(name for name in self.matters if name not in self.gates), *(name for name in self.gated_last if name in self.matters)]

    def filled(self, values: Mapping[str, Value], names: Iterable[str], known: Known, wishes: Mapping[str, Value]) -> Patient:
        """The values, and for these names as far as they are open a value as wished, where it applies."""
        patient = dict(values)
        for name in names:
            if name not in patient:
                if name in self.gates and resolved(self.gates[name], patient) is FALSE:
                    patient[name] = None
                else:
                    domain, wished = known.domains[name], wishes.get(name)
                    patient[name] = wished if wished is not None and wished in domain else first(domain)
        return patient

    # Conditions about what holds, over rules rather than findings

    def holds(self, key: Key) -> Tree:
        """That the rule holds: its condition, and its pathway runs and covers the patient."""
        pathway, rule = key
        if pathway == RED_FLAGS:
            return rule_tree(key)
        if rule == OTHERWISE:
            return all_of(self.runs(pathway), *(negation(rule_tree(other)) for other in self.rules_of(pathway)))
        return all_of(self.runs(pathway), rule_tree(key))

    def runs(self, pathway: str) -> Tree:
        """That the pathway was asked or handed over to, and covers the patient."""
        return all_of(self.active(pathway), self.covers(pathway))

    def active(self, pathway: str) -> Tree:
        if pathway in self.asked:
            return TRUE
        return any_of(*(self.holds(key) for key, rule in self.rules.items() if rule.handover == pathway))

    def covers(self, pathway: str) -> Tree:
        name = ("applies", pathway)
        return TRUE if self.conditions[name] is TRUE else rule_tree(name)

    # The answer

    def decide(self, given: Mapping[str, object]) -> dict[str, Any]:
        """The decision, by enumeration of all completions."""
        try:
            return self.together(self.completions(self.known(given)))
        except Contradiction:
            return {"status": "refused"}

    def decide_by_search(self, given: Mapping[str, object], seen: Iterable[Patient] = ()) -> dict[str, Any]:
        """The decision, from completions that attain all that can be: each that is added refutes a claim, until none can be refuted."""
        known = self.known(given)
        outcomes = {self.outcome(patient) for patient in seen}
        if not outcomes:
            patient = self.find(known)
            if patient is None:
                return {"status": "refused"}
            outcomes.add(self.outcome(patient))
        proved: set[Any] = set()
        while (refutation := self._refutation(known, outcomes, proved)) is not None:
            outcomes.add(refutation)
        return self.together(outcomes)

    def _refutation(self, known: Known, outcomes: set[Outcome], proved: set[Any]) -> Outcome | None:
        """What a patient gets who refutes something that all outcomes so far agree on; None if nothing can be refuted."""
        for claim, goal in self._claims(outcomes):
            if claim not in proved:
                patient = self.find(known, [goal()])
                if patient is not None:
                    outcome = self.outcome(patient)
                    assert outcome not in outcomes, "the search found what it was not asked for"
                    return outcome
                proved.add(claim)
        return None

    def _claims(self, outcomes: set[Outcome]) -> Iterator[tuple[Any, Callable[[], Tree]]]:
        """What the outcomes agree on, each claim with what would be true of a patient who refutes it."""
        some = frozenset().union(*(outcome.held for outcome in outcomes))
        every = frozenset.intersection(*(outcome.held for outcome in outcomes))
        rules = self.rules.items()
        for key in self.rules:
            if key not in some:
                yield ("never", key), partial(self.holds, key)
            elif key in every:
                yield ("always", key), partial(self.none_of, [key])

        ranks = [outcome.rank for outcome in outcomes]
        lowest = min((rank for rank in ranks if rank is not None), default=0)
        if None not in ranks:
            yield ("at least", lowest), partial(self.none_of, self.above(lowest - 1))
        else:  # somebody gets no urgency at all: only who gets a lower one refutes
            for key, rule in rules:
                if rule.rank is not None and rule.rank < lowest:
                    yield ("at least", lowest, key), partial(self.only, key, self.above(lowest - 1))

        for entry in sorted(frozenset.intersection(*(frozenset(outcome.referrals) for outcome in outcomes))):
            got = [outcome.referrals[entry] for outcome in outcomes]
            givers = [(key, limit, now) for key, rule in rules for other, limit, now in rule.referrals if other == entry]
            yield ("referral", entry), partial(self.none_of, [key for key, _, _ in givers])
            limits = [limit for limit, _ in got if limit is not None]
            if len(limits) == len(got):
                latest = max(limits)
                early = [key for key, limit, _ in givers if limit is not None and limit <= latest]
                yield ("within", entry, latest), partial(self.none_of, early)
            if all(now for _, now in got):
                yield ("phoned", entry), partial(self.none_of, [key for key, _, now in givers if now])

        for item in sorted(frozenset.intersection(*(outcome.items for outcome in outcomes))):
            giving = [key for key, rule in rules if item in rule.items]
            yield ("item", item), partial(self.withheld if self.items[item[0]]["reassures"] else self.none_of, giving)

        for pathway in self.reached:
            lost = {pathway in outcome.uncovered for outcome in outcomes}
            if len(lost) == 1 and self.covers(pathway) is not TRUE:
                goal = all_of(self.active(pathway), negation(self.covers(pathway)))
                yield ("covers", pathway), partial(all_of, negation(goal) if lost == {True} else goal)

    def only(self, key: Key, others: Iterable[Key]) -> Tree:
        """That the rule holds and none of the others does."""
        return all_of(self.holds(key), self.none_of(others))

    def withheld(self, keys: Iterable[Key]) -> Tree:
        """That each of these rules, which reassure, does not hold or is overruled by a higher one."""
        return all_of(*(any_of(self.none_of([key]), self.one_of(self.above(self.rules[key].rank or 0))) for key in keys))

    def above(self, level: int) -> list[Key]:
        return [key for key, rule in self.rules.items() if rule.rank is not None and rule.rank > level]

    def none_of(self, keys: Iterable[Key]) -> Tree:
        return all_of(*(negation(self.holds(key)) for key in keys))

    def one_of(self, keys: Iterable[Key]) -> Tree:
        return any_of(*(self.holds(key) for key in keys))

    def together(self, outcomes: Iterable[Outcome]) -> dict[str, Any]:
        """The bounded answer over these completions."""
        outcomes = list(outcomes)
        ranks = [outcome.rank for outcome in outcomes]
        known_ranks = [rank for rank in ranks if rank is not None]
        some = frozenset().union(*(outcome.held for outcome in outcomes))
        every = frozenset.intersection(*(outcome.held for outcome in outcomes))
        lost_somewhere = frozenset().union(*(outcome.uncovered for outcome in outcomes))
        lost_everywhere = frozenset.intersection(*(outcome.uncovered for outcome in outcomes))
        fixed = all(outcome.referrals == outcomes[0].referrals for outcome in outcomes)
        if not known_ranks:
            status = "not_covered"
        elif some == every and None not in ranks and lost_somewhere == lost_everywhere:
            status = "final"
        elif len(set(ranks)) == 1 and fixed:
            status = "settled"
        else:
            status = "open"
        return {
            "status": status,
            "lowest": self.levels[min(known_ranks)] if known_ranks else None,
            "highest": self.levels[max(known_ranks)] if known_ranks else None,
            "referrals": self._referrals(outcomes, some),
            "items": self._items(outcomes, some),
            "reasons": self._reasons(some, every),
            "not_covered": [pathway for pathway in self.reached if pathway in lost_everywhere],
            "maybe_not_covered": [pathway for pathway in self.reached if pathway in lost_somewhere - lost_everywhere],
        }

    def _referrals(self, outcomes: list[Outcome], some: frozenset[Key]) -> list[dict[str, Any]]:
        entries = {}
        for entry in {entry for outcome in outcomes for entry in outcome.referrals}:
            got = [outcome.referrals.get(entry) for outcome in outcomes]
            limits = [None if each is None else each[0] for each in got]
            known_limits = [limit for limit in limits if limit is not None]
            certain_within = None if None in limits else max(known_limits)
            entries[entry] = {
                "service": entry[0],
                "window": entry[1],
                "site": entry[2],
                "contact": "now" if any(each and each[1] for each in got) else None,
                "within": self.limits[min(known_limits)] if known_limits else None,
                "certain_within": None if certain_within is None else self.limits[certain_within],
                "certainty": "possible" if None in got else "certain",
            }
        highest = {
            entry: max(self.rules[key].rank or 0 for key in some if any(each[0] == entry for each in self.rules[key].referrals))
            for entry in entries
        }
        return [entries[entry] for entry in sorted(entries, key=lambda entry: (-highest[entry], self.services.index(entry[0]), entry))]

    def _items(self, outcomes: list[Outcome], some: frozenset[Key]) -> dict[str, list[tuple[str, str, str]]]:
        anywhere = frozenset().union(*(outcome.items for outcome in outcomes))
        everywhere = frozenset.intersection(*(outcome.items for outcome in outcomes))
        places = {item: place for place, item in enumerate(self.items)}

        def order(item: tuple[str, str]) -> tuple[int, int, str]:
            highest = max(self.rules[key].rank or 0 for key in some if item in self.rules[key].items)
            return -highest, places[item[0]], item[1]

        shown = [item for item in sorted(anywhere, key=order) if item in everywhere or not self.items[item[0]]["reassures"]]
        lists: dict[str, list[tuple[str, str, str]]] = {"action": [], "advice": [], "follow_up": []}
        for item in shown:
            lists[self.items[item[0]]["kind"]].append((*item, "certain" if item in everywhere else "possible"))
        return lists

    def _reasons(self, some: frozenset[Key], every: frozenset[Key]) -> list[tuple[str, str, str]]:
        places = {key: place for place, key in enumerate(self.rules)}

        def order(key: Key) -> tuple[bool, int, int, int]:
            rank = self.rules[key].rank
            return rank is None, -(rank or 0), self.order[key[0]], places[key]

        return [(*key, "certain" if key in every else "possible") for key in sorted(some, key=order)]


def told_apart(domain: list[str] | Span, leaves: list[Tree]) -> tuple[list[Tree], dict[tuple[bool, ...], Value]]:
    """One value for each way in which the comparisons can turn out."""
    limits = [limit for leaf in leaves for _, limit in leaf.against] if isinstance(domain, Span) else []
    values: list[Any] = domain.representatives(limits) if isinstance(domain, Span) else list(domain)
    kinds: dict[tuple[bool, ...], Value] = {}
    for value in values:
        kinds.setdefault(tuple([leaf.truth(value) for leaf in leaves]), value)
    return leaves, kinds


def spend(known: Known) -> None:
    known.effort -= 1
    if known.effort < 0:
        raise TooMany


def earliest(one: int | None, other: int | None) -> int | None:
    return min((limit for limit in (one, other) if limit is not None), default=None)


def first(domain: list[str] | Span) -> Value:
    return domain.least if isinstance(domain, Span) else domain[-1]  # the last of yes and no is no


def flat(value: Mapping[str, Any] | None) -> str:
    """A window or a site condition as text; empty for none."""
    return "" if not value else ", ".join(f"{name}: {value[name]}" for name in sorted(value))


def decide(content: dict[str, Any], asked: Sequence[str], given: Mapping[str, object]) -> dict[str, Any]:
    """The decision on what is given, by enumeration."""
    return Reading(content, asked).decide(given)


def outcome(content: dict[str, Any], asked: Sequence[str], patient: Patient) -> Outcome:
    """What the rules give one patient of whom everything that matters is known."""
    return Reading(content, asked).outcome(patient)
