"""Random small rule sets with all the patients there can be, and a plain reading of both: no cells, no graph, no search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

import pathways
import small

Patient = dict[str, Any]  # yes/no findings and choices as words, numbers as decimals, None where a finding does not apply
OPERATORS = {"at_least": Decimal.__ge__, "above": Decimal.__gt__, "at_most": Decimal.__le__, "below": Decimal.__lt__}


def holds(condition: Any, patient: Mapping[str, Any], definitions: Mapping[str, Any] | None = None) -> bool:
    """The condition read aloud; a comparison of what does not apply is false."""
    if isinstance(condition, str):
        if definitions and condition in definitions:
            return holds(definitions[condition], patient, definitions)
        return bool(patient[condition] == "yes")
    ((key, value),) = condition.items()
    if key == "all":
        return all(holds(term, patient, definitions) for term in value)
    if key == "any":
        return any(holds(term, patient, definitions) for term in value)
    if key == "not":
        return not holds(value, patient, definitions)
    answer = patient[key]
    if answer is None:
        return False
    if isinstance(value, Mapping):
        return all(OPERATORS[operator](answer, Decimal(limit)) for operator, limit in value.items())
    return answer in value if isinstance(value, list) else bool(answer == value)


def trees(kinds: Mapping[str, Any], limits: tuple[str, ...] = ("5",), leaves: int = 4) -> st.SearchStrategy[Any]:
    """Conditions as authors write them over yes/no findings, choices (their values) and numbers ("number")."""
    single: list[st.SearchStrategy[Any]] = []
    for name, kind in kinds.items():
        if kind == "yes_no":
            single += [st.just(name), st.sampled_from([{name: "yes"}, {name: "no"}])]
        elif kind == "number":
            compared = st.dictionaries(st.sampled_from(sorted(OPERATORS)), st.sampled_from(limits), min_size=1, max_size=2)
            single.append(compared.map(lambda compared, name=name: {name: compared}))
        else:
            single.append(st.lists(st.sampled_from(kind), min_size=1, unique=True).map(lambda values, name=name: {name: values}))
    return st.recursive(
        st.one_of(single),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda terms: {"all": terms}),
            st.lists(inner, min_size=1, max_size=3).map(lambda terms: {"any": terms}),
            inner.map(lambda term: {"not": term}),
        ),
        max_leaves=leaves,
    )


FINDINGS: dict[str, dict[str, Any]] = {
    "danger": {"group": "dangers"},
    "a": {"group": "first"},
    "b": {"group": "first"},
    "c": {"group": "second"},
    "hidden": {"applies": "a", "group": "second"},
    "kind": {"values": ["red", "blue"]},
    "count": {"range": [0, 10]},
}
KINDS = {name: "number" if "range" in part else tuple(part["values"]) if "values" in part else "yes_no" for name, part in FINDINGS.items()}
DOMAINS: dict[str, tuple[Any, ...]] = {
    name: (Decimal(2), Decimal(5), Decimal(8)) if kind == "number" else ("yes", "no") if kind == "yes_no" else kind
    for name, kind in KINDS.items()
}


@dataclass
class World:
    """A rule set as plain data: a red flag `danger`, the pathway `p`, and `q`, to which `p` may hand over."""

    rules: dict[str, tuple[Any, str]]
    otherwise: str | None = None
    applies: Any = None
    handed: dict[str, tuple[Any, str]] = field(default_factory=dict)
    constraints: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    flag: str = "immediate"

    def load(self, folder: Path) -> pathways.RuleSet:
        return small.ruleset(
            folder, FINDINGS, self.rules, otherwise=self.otherwise, applies=self.applies, red_flags={"danger": ("danger", self.flag)},
            constraints=self.constraints, others={"q": {"rules": self.handed}} if self.handed else {}, groups=("dangers", "first", "second"),
        )  # fmt: skip

    @cached_property
    def patients(self) -> list[Patient]:
        """Everybody who can be."""
        found = []
        for answers in product(*DOMAINS.values()):
            patient = dict(zip(DOMAINS, answers, strict=True))
            if patient["a"] == "no":
                if patient["hidden"] == "no":
                    continue  # once is enough
                patient["hidden"] = None
            if all(holds(other, patient) for one, other in self.constraints.values() if holds(one, patient)):
                found.append(patient)
        return found

    def holding(self, patient: Patient) -> frozenset[tuple[str, str]]:
        """The rules that hold for one patient, as (pathway, rule)."""
        found = {("red_flags", "danger")} if holds("danger", patient) else set()
        if self.applies is not None and not holds(self.applies, patient):
            return frozenset(found)
        own = {("p", name) for name, (when, _) in self.rules.items() if holds(when, patient)}
        if not own and self.otherwise:
            own = {("p", "otherwise")}
        found |= own
        if any(self.rules[name][1] == ">q" for _, name in own if name != "otherwise"):
            found |= {("q", name) for name, (when, _) in self.handed.items() if holds(when, patient)}
        return frozenset(found)

    def level(self, pathway: str, rule: str) -> str | None:
        """The urgency that a rule gives; None for a handover."""
        if pathway == "red_flags":
            return self.flag
        if rule == "otherwise":
            return self.otherwise
        level = (self.rules if pathway == "p" else self.handed)[rule][1]
        return None if level.startswith(">") else level

    def rank(self, patient: Patient) -> int:
        """The highest urgency that holds; -1 where none does."""
        levels = [self.level(*rule) for rule in self.holding(patient)]
        return max([small.LEVELS.index(level) for level in levels if level is not None], default=-1)

    def completions(self, given: Mapping[str, Any]) -> list[Patient]:
        """Everybody who is as given."""
        return [patient for patient in self.patients if all(is_as(patient[name], value) for name, value in given.items())]


def is_as(answer: Any, given: Any) -> bool:
    """Whether a patient's answer is what was given."""
    if given is None or given == "unknown" or (isinstance(given, Mapping) and "unknown" in given):
        return True
    if answer is None:
        return False
    if isinstance(given, bool):
        return bool(answer == ("yes" if given else "no"))
    if isinstance(given, Mapping):
        return bool(given.get("from", 0) <= answer and ("below" not in given or answer < given["below"]))
    return answer in given if isinstance(given, list) else bool(answer == given)


def as_given(name: str, answer: Any) -> Any:
    """A patient's answer as Python gives it."""
    return answer == "yes" if KINDS[name] == "yes_no" else answer


levels = st.sampled_from(small.LEVELS)


@st.composite
def worlds(draw: st.DrawFn, constraints: bool = True, handover: bool = True, otherwise: bool = True, applies: bool = True) -> World:
    """A random world with somebody in it."""
    condition = trees({name: kind for name, kind in KINDS.items() if name != "danger"})
    handed = draw(st.dictionaries(st.sampled_from(["x", "z"]), st.tuples(condition, levels), max_size=2)) if handover else {}
    given = st.one_of(levels, levels, st.just(">q")) if handed else levels
    rules = draw(st.dictionaries(st.sampled_from(["r", "s", "t", "u"]), st.tuples(condition, given), min_size=1, max_size=4))
    lowest = [level for level in small.LEVELS if small.LEVELS.index(level) >= 2]
    world = World(
        rules,
        draw(st.one_of(st.none(), st.sampled_from(lowest))) if otherwise else None,
        draw(st.one_of(st.none(), st.none(), condition)) if applies else None,
        handed,
        draw(st.dictionaries(st.sampled_from(["one", "two"]), st.tuples(condition, trees({"a": "yes_no", "c": "yes_no", "danger": "yes_no"}, leaves=2)), max_size=2)) if constraints else {},
        draw(st.sampled_from(["immediate", "immediate", "urgent"])),
    )  # fmt: skip
    if not world.patients:
        world.constraints = {}
        del world.patients
    return world


@st.composite
def presentations(draw: st.DrawFn, world: World) -> dict[str, Any]:
    """What is known of one of the world's patients: some of it not, some in part."""
    patient = draw(st.sampled_from(world.patients))
    given: dict[str, Any] = {}
    for name, answer in patient.items():
        if answer is None or not draw(st.booleans()):
            continue
        given[name] = as_given(name, answer)
        if name == "count" and draw(st.integers(0, 3)) == 0:
            given[name] = {"from": min(answer, Decimal(5)), "below": Decimal(9)}
        if name == "kind" and draw(st.integers(0, 3)) == 0:
            given[name] = ["red", "blue"]
    return given


MEASURES: dict[str, tuple[Any, Any]] = {
    "high_count_is_danger": ({"count": {"at_least": "5"}}, "danger"),
    "b_is_not_c": ("b", {"not": "c"}),
    "hidden_is_b": ("hidden", "b"),
    "red_is_c": ({"kind": "red"}, "c"),
    "high_count_with_a_is_c": ({"all": ["a", {"count": {"at_least": "5"}}]}, "c"),
}


@st.composite
def measured_worlds(draw: st.DrawFn, otherwise: bool = True) -> World:
    """A random world whose constraints are such as rule sets have: what one answer implies for another."""
    world = draw(worlds(constraints=False, otherwise=otherwise))
    world.constraints = {name: MEASURES[name] for name in draw(st.sets(st.sampled_from(sorted(MEASURES)), max_size=3))}
    del world.patients
    return world
