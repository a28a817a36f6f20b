"""The compiled form of a rule set with one edit: only what the edit touches is compiled again, in a space that all edits share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from pathways.compiler import compile_rules, gate_clauses
from pathways.conditions import AllOf, Condition, Named, Not, cubes, walk
from pathways.content import OTHERWISE, Key
from pathways.literals import SHARED
from pathways.loader import Authored
from pathways.ruleset import RuleSet
from pathways.slips import Slip
from pathways.solver import merged

__all__ = ["Variant", "Variants"]

Cubes: TypeAlias = tuple[int, ...]


class Variant(NamedTuple):
    """A compiled rule set with one edit. `touched` has the rules whose condition or outcome it changes, each with the cubes before
    and after; it is None where patients of any answers may be decided differently."""

    compiled: Mapping[str, Any]
    touched: Mapping[Key, tuple[Cubes, Cubes]] | None

    def ties(self, other: Mapping[str, Any]) -> set[int]:
        """The clauses of constraints that it has and the other has not, or the other way about."""
        one, two = ({clause for row in rules["constraints"] for clause in _masks(row["clauses"])} for rules in (self.compiled, other))
        return one ^ two


class Variants:
    """Makes them. Numbers are cut at every limit that some edit compares them with."""

    def __init__(self, authored: Authored, edits: Iterable[Slip]) -> None:
        self.authored = authored
        self.compiled = compile_rules(authored, (edit.condition for edit in edits if edit.condition is not None))
        self.ruleset = RuleSet(self.compiled)
        self._space = self.ruleset.space
        self._definitions = {name: authored.definitions_of(name) for name in (SHARED, *authored.pathways)}
        self._named: dict[str, dict[tuple[str, bool], Cubes]] = {name: {} for name in self._definitions}

    def of(self, edit: Slip) -> Variant:
        """The rule set with this edit; raises TooWide where a condition then has too many alternatives."""
        if edit.part == "constraint":
            constraints = [one for one in self.compiled["constraints"] if one["id"] != edit.id]
            return Variant(self._open({**self.compiled, "constraints": constraints}), None)
        if edit.part == "definition":
            return self._redefined(edit)
        if edit.part == "applies":
            assert edit.condition is not None  # noqa: S101 - it is never deleted
            applies = _hex(self._cubes(edit.condition, edit.pathway))
            return Variant(self._open(self._with(edit.pathway, {"applies": applies})), None)
        if edit.part == OTHERWISE:
            return Variant(self._with(edit.pathway, {OTHERWISE: edit.outcome}), {(edit.pathway, OTHERWISE): ((), ())})
        return self._ruled(edit)

    def _ruled(self, edit: Slip) -> Variant:
        before = self._rule(edit.pathway, edit.id)
        old = _masks(before["cubes"])
        if edit.deletes:
            rules = [one for one in self._rules(edit.pathway) if one is not before]
            new: Cubes = ()
        else:
            new = old if edit.condition is None else self._cubes(edit.condition, edit.pathway)
            after = {**before, "then": edit.outcome} if edit.condition is None else {**before, "cubes": _hex(new)}
            rules = [after if one is before else one for one in self._rules(edit.pathway)]
        key = "red_flags" if edit.pathway == SHARED else "rules"
        compiled = {**self.compiled, key: rules} if edit.pathway == SHARED else self._with(edit.pathway, {key: rules})
        return Variant(self._open(compiled), None if before["handover"] is not None else {(edit.pathway, edit.id): (old, new)})

    def _redefined(self, edit: Slip) -> Variant:
        """Every condition that uses the definition, compiled again."""
        assert edit.condition is not None  # noqa: S101 - a definition is never deleted
        touched: dict[Key, tuple[Cubes, Cubes]] = {}
        anything = False
        compiled = dict(self.compiled)
        for pathway in self._definitions if edit.pathway == SHARED else (edit.pathway,):
            definitions = {**self._definitions[pathway], edit.id: edit.condition}
            users = _users(edit.id, definitions)
            named: dict[tuple[str, bool], Cubes] = {}
            rules = []
            for rule in self._rules(pathway):
                condition = self.authored.red_flags[rule["id"]] if pathway == SHARED else self.authored.pathways[pathway].rules[rule["id"]]
                if _uses(condition, users):
                    new = merged(self._space, cubes(condition, self._space, definitions, True, named))
                    touched[pathway, rule["id"]] = (_masks(rule["cubes"]), new)
                    anything = anything or rule["handover"] is not None
                    rule = {**rule, "cubes": _hex(new)}
                rules.append(rule)
            if pathway == SHARED:
                compiled["red_flags"] = rules
                constraints = list(self._constraints(users, definitions))
                if constraints != compiled["constraints"]:
                    compiled["constraints"], anything = constraints, True
                continue
            changed: dict[str, Any] = {"rules": rules}
            applies = self.authored.pathways[pathway].applies
            if applies is not None and _uses(applies, users):
                changed["applies"] = _hex(merged(self._space, cubes(applies, self._space, definitions)))
                anything = True
            compiled["pathways"] = [{**one, **changed} if one["id"] == pathway else one for one in compiled["pathways"]]
        return Variant(self._open(compiled), None if anything else touched)

    def _constraints(self, users: frozenset[str], definitions: Mapping[str, Condition]) -> Iterator[Mapping[str, Any]]:
        for one in self.compiled["constraints"]:
            name = one["id"]
            if name in self.authored.constraints:
                conditions = self.authored.constraints[name]
                if any(_uses(condition, users) for condition in conditions):
                    never = cubes(AllOf((conditions[0], Not(conditions[1]))), self._space, definitions)
                    one = {**one, "clauses": _hex(merged(self._space, never))}
            else:
                finding = name.removeprefix("applies:")
                gate = self.authored.gates[finding]
                if _uses(gate, users):
                    opens, shuts = (merged(self._space, cubes(gate, self._space, definitions, holds)) for holds in (True, False))
                    one = {**one, "clauses": _hex(gate_clauses(self.ruleset.findings[finding], opens, shuts))}
            yield one

    def _cubes(self, condition: Condition, pathway: str) -> Cubes:
        return merged(self._space, cubes(condition, self._space, self._definitions[pathway], True, self._named[pathway]))

    def _rules(self, pathway: str) -> list[Mapping[str, Any]]:
        if pathway == SHARED:
            return list(self.compiled["red_flags"])
        return next(list(one["rules"]) for one in self.compiled["pathways"] if one["id"] == pathway)

    def _rule(self, pathway: str, name: str) -> Mapping[str, Any]:
        return next(rule for rule in self._rules(pathway) if rule["id"] == name)

    def _with(self, pathway: str, changed: Mapping[str, Any]) -> dict[str, Any]:
        pathways = [{**one, **changed} if one["id"] == pathway else one for one in self.compiled["pathways"]]
        return {**self.compiled, "pathways": pathways}

    def _open(self, compiled: Mapping[str, Any]) -> dict[str, Any]:
        """That `otherwise` never holds was proved of other rules."""
        return {**compiled, "pathways": [{**one, "otherwise_never": False} for one in compiled["pathways"]]}


def _users(name: str, definitions: Mapping[str, Condition]) -> frozenset[str]:
    """The definition and those that use it."""
    found = {name}
    while more := {other for other, condition in definitions.items() if other not in found and _uses(condition, found)}:
        found |= more
    return frozenset(found)


def _uses(condition: Condition, names: Iterable[str]) -> bool:
    return any(isinstance(part, Named) and part.name in names for part in walk(condition))


def _masks(texts: Iterable[str]) -> Cubes:
    return tuple(int(text, 16) for text in texts)


def _hex(found: Iterable[int]) -> list[str]:
    return [f"{cube:x}" for cube in found]
