"""The solver says of all patients what looking at them one by one says, and conditions in cells are the conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import product
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pathways
import small
from pathways.conditions import Kinds, Not, cubes, english, parse, tree, walk
from pathways.findings import Finding, Space
from pathways.ruleset import findings_of_rows
from pathways.solver import absorbed, apart, eliminated, find, merged, narrow, repaired


def space_of(sizes: list[int]) -> Space:
    """Findings with so many cells each; two cells are a yes/no finding, three one with a gate, more a choice."""
    rows = [
        {
            "id": f"f{n}", "ask": "", "means": "", "kind": "choice" if size > 3 else "yes_no", "group": "", "worse": "yes", "unit": "", "range": None,
            "resolution": None, "values": {f"v{m}": "" for m in range(size)} if size > 3 else {}, "codes": [], "applies": "x" * (size == 3), "gates": [],
            "hides": [], "measured_by": [], "reserved": False, "cuts": [],
        }
        for n, size in enumerate(sizes)
    ]  # fmt: skip
    return Space(findings_of_rows(rows))


def patients(space: Space, box: int) -> Iterator[int]:
    """Everybody in the box: one cell of each finding."""
    for cells in product(*([bit for bit, _ in finding.cells() if bit & box] for finding in space.findings.values())):
        yield sum(cells)


class Question(NamedTuple):
    """A random box with clauses and choices."""

    space: Space
    box: int
    clauses: list[int]
    choices: list[list[tuple[int, tuple[int, ...]]]]

    def solves(self, patient: int, clauses: list[int] | None = None) -> bool:
        hit = all(patient & clause for clause in (self.clauses if clauses is None else clauses))
        chosen = all(
            any(not patient & cube and all(patient & clause for clause in further) for cube, further in choice) for choice in self.choices
        )
        return hit and chosen


@st.composite
def questions(draw: st.DrawFn, choices: int = 2) -> Question:
    space = space_of(draw(st.lists(st.sampled_from([2, 2, 3, 4]), min_size=1, max_size=4)))
    box = 0
    for finding in space.findings.values():
        cells = [bit for bit, _ in finding.cells()]
        box |= sum(draw(st.one_of(st.just(cells), st.lists(st.sampled_from(cells), min_size=1, unique=True))))
    some = st.integers(1, space.everything)
    clauses = draw(st.lists(some, max_size=5))
    # A cube never forbids every cell of a finding.
    cube = some.map(lambda bits: bits & ~sum(1 << finding.offset for finding in space.findings.values()) & space.everything)
    way = st.tuples(cube, st.lists(some, max_size=2).map(tuple))
    return Question(space, box, clauses, draw(st.lists(st.lists(way, max_size=3), max_size=choices)))


@settings(deadline=None, max_examples=250)
@given(question=questions())
def test_find_finds_nobody_only_where_there_is_nobody(question: Question) -> None:
    found = find(question.space, question.box, question.clauses, question.choices)
    solutions = {patient for patient in patients(question.space, question.box) if question.solves(patient)}

    assert (found is None) == (not solutions)
    if found is not None:
        everybody = set(patients(question.space, found))
        assert everybody
        assert everybody <= solutions  # whoever is in the box that was found


@settings(deadline=None, max_examples=150)
@given(question=questions(choices=0))
def test_narrowing_loses_no_solution_and_the_clauses_left_say_the_rest(question: Question) -> None:
    narrowed = narrow(question.space, question.box, question.clauses)
    solutions = {patient for patient in patients(question.space, question.box) if question.solves(patient)}
    if narrowed is None:
        assert not solutions
        return
    box, rest = narrowed

    assert {patient for patient in patients(question.space, box) if question.solves(patient, rest)} == solutions
    assert set(rest) <= set(question.clauses)


@settings(deadline=None, max_examples=150)
@given(question=questions(choices=0))
def test_groups_that_are_apart_share_no_open_finding(question: Question) -> None:
    groups = apart(question.space, question.box, question.clauses)

    assert sorted(clause for _, group in groups for clause in group) == sorted(question.clauses)
    for n, (scope, group) in enumerate(groups):
        assert not any(scope & other for other, _ in groups[n + 1 :])
        assert all(question.space.scope(question.box & clause) & ~scope == 0 for clause in group)


@settings(deadline=None, max_examples=150)
@given(question=questions(choices=0), data=st.data())
def test_a_patient_that_was_repaired_is_one(question: Question, data: st.DataObject) -> None:
    start = data.draw(st.sampled_from(list(patients(question.space, question.box))))
    cube = data.draw(st.integers(0, question.space.everything))
    if not question.space.meets(question.box, cube):
        return
    found = repaired(question.space, question.box, start, cube, question.clauses)

    if found is not None:
        assert found in set(patients(question.space, question.box))
        assert not found & cube
        assert question.solves(found)


@settings(deadline=None, max_examples=150)
@given(question=questions(choices=0), data=st.data())
def test_a_patient_meets_a_cube_exactly_if_somebody_in_the_box_lies_in_it(question: Question, data: st.DataObject) -> None:
    cube = data.draw(st.integers(0, question.space.everything))

    assert question.space.meets(question.box, cube) == any(not patient & cube for patient in patients(question.space, question.box))


@settings(deadline=None, max_examples=150)
@given(question=questions(choices=0), data=st.data())
def test_what_is_eliminated_leaves_every_completion_of_the_kept_findings_as_possible_as_before(
    question: Question, data: st.DataObject
) -> None:
    space, box = question.space, question.box
    keep = sum(space.masks[name] for name in data.draw(st.sets(st.sampled_from(sorted(space.masks)))))
    rest = eliminated(space, box, question.clauses, keep, {})

    assert possible(question, keep, rest) == possible(question, keep, question.clauses)


def possible(question: Question, keep: int, clauses: list[int]) -> set[int]:
    """The kept part of everybody who hits the clauses."""
    return {patient & keep for patient in patients(question.space, question.box) if question.solves(patient, clauses)}


@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_gates_are_eliminated_only_where_they_decide_nothing_that_is_kept(data: st.DataObject) -> None:
    """A gated finding of which nothing is known may be dropped with the clauses that say where it applies."""
    space = space_of([2, 2, 3, 3])
    gates: dict[int, frozenset[int]] = {}
    for name, names in (("f2", ("f0", "f1")), ("f3", ("f0", "f1", "f2"))):
        finding = space.findings[name]
        condition = parse(data.draw(trees(dict.fromkeys(names, ("yes_no",)))), Kinds(space.findings, {}))
        closed = [cube | finding.not_applicable for cube in cubes(Not(condition), space, {})]
        opened = [cube | finding.mask & ~finding.not_applicable for cube in cubes(condition, space, {})]
        gates[finding.mask] = frozenset([*closed, *opened])
    further = data.draw(st.lists(st.integers(1, space.everything), max_size=2))
    box = space.everything
    for finding in space.findings.values():
        cells = [bit for bit, _ in finding.cells()]
        box &= ~finding.mask | sum(data.draw(st.one_of(st.just(cells), st.lists(st.sampled_from(cells), min_size=1, unique=True))))
    question = Question(space, box, [*(clause for gate in gates.values() for clause in sorted(gate)), *further], [])
    keep = sum(space.masks[name] for name in data.draw(st.sets(st.sampled_from(sorted(space.masks)))))
    rest = eliminated(space, box, question.clauses, keep, gates)

    assert possible(question, keep, rest) == possible(question, keep, question.clauses)


@settings(deadline=None)
@given(st.data())
def test_what_is_merged_says_the_same_of_everybody(data: st.DataObject) -> None:
    space = space_of(data.draw(st.lists(st.sampled_from([2, 2, 3, 4]), min_size=1, max_size=4)))
    cubes_ = data.draw(st.lists(st.integers(0, space.everything), max_size=6))
    wide = merged(space, cubes_)

    assert len(wide) <= len(cubes_)
    for patient in patients(space, space.everything):
        assert any(not patient & cube for cube in wide) == any(not patient & cube for cube in cubes_)


def test_alternatives_that_together_exclude_nothing_are_one() -> None:
    space = space_of([2, 2])
    a, not_a, b, not_b = 0b0001, 0b0010, 0b0100, 0b1000
    assert merged(space, [a, not_a]) == (0,)
    assert merged(space, [a | b, a | not_b]) == (a,)
    assert set(merged(space, [a | b, not_a | not_b])) == {a | b, not_a | not_b}


@settings(deadline=None, max_examples=200)
@given(found=st.lists(st.integers(0, 255), max_size=8))
def test_what_absorbs_says_the_same_and_nothing_twice(found: list[int]) -> None:
    kept = absorbed(found)

    assert set(kept) <= set(found)
    assert all(any(not patient & cube for cube in kept) == any(not patient & cube for cube in found) for patient in range(256))
    assert not any(one != other and one & ~other == 0 for one in kept for other in kept)


# -- conditions --------------------------------------------------------------------------------------------------------

LIMITS = ("0", "2", "4.5", "10")
OPERATORS = {"at_least": Decimal.__ge__, "above": Decimal.__gt__, "at_most": Decimal.__le__, "below": Decimal.__lt__}
VALUES = [Decimal(text) for text in ("0", "0.001", "1.999", "2", "2.001", "4.499", "4.5", "4.50000001", "9.99", "10")]
FINDINGS = {
    "gate": {},
    "flag": {"applies": "gate"},
    "colour": {"values": ["red", "green", "blue"]},
    "count": {"range": [0, 10]},
    "later": {"range": [0, 10], "applies": "{any: [gate, {colour: red}]}"},
}
KINDS: dict[str, tuple[str, ...]] = {
    "gate": ("yes_no",),
    "flag": ("yes_no",),
    "colour": ("red", "green", "blue"),
    "count": ("number",),
    "later": ("number",),
}


def trees(kinds: Mapping[str, tuple[str, ...]]) -> st.SearchStrategy[Any]:
    """Conditions as authors write them."""
    leaves = []
    for name, kind in kinds.items():
        if kind == ("yes_no",):
            leaves += [st.just(name), st.sampled_from(["yes", "no"]).map(lambda answer, name=name: {name: answer})]
        elif kind == ("number",):
            limits = st.dictionaries(st.sampled_from(sorted(OPERATORS)), st.sampled_from(LIMITS), min_size=1, max_size=2)
            leaves.append(limits.map(lambda limits, name=name: {name: limits}))
        else:
            leaves.append(st.lists(st.sampled_from(kind), min_size=1, unique=True).map(lambda values, name=name: {name: values}))
    return st.recursive(
        st.one_of(leaves),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda terms: {"all": terms}),
            st.lists(inner, min_size=1, max_size=3).map(lambda terms: {"any": terms}),
            inner.map(lambda term: {"not": term}),
        ),
        max_leaves=6,
    )


def holds(condition: Any, patient: Mapping[str, Any], definitions: Mapping[str, Any]) -> bool:
    """The condition read aloud: a comparison of what does not apply is false."""
    if isinstance(condition, str):
        return holds(definitions[condition], patient, definitions) if condition in definitions else patient[condition] == "yes"
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
    return answer in value if isinstance(value, list) else answer == value


DEFINITIONS: dict[str, Any] = {"named": {"any": ["flag", {"count": {"above": "2"}}]}}


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> pathways.RuleSet:
    """Cut at every limit in both manners."""
    every = [{name: {operator: limit}} for name in ("count", "later") for operator in OPERATORS for limit in LIMITS]
    return small.ruleset(tmp_path_factory.mktemp("solver"), FINDINGS, {"r": ({"any": [*every, "flag"]}, "urgent")})


def everybody() -> Iterator[dict[str, Any]]:
    """Answers of every kind, not applicable included, with each number at, just below and just above every limit."""
    for gate, flag, colour in product(("yes", "no"), ("yes", "no", None), ("red", "green", "blue")):
        for n, count in enumerate(VALUES):
            for later in (None, VALUES[-n], VALUES[(n * 3) % 10]):
                yield {"gate": gate, "flag": flag, "colour": colour, "count": count, "later": later}


EVERYBODY = list(everybody())


def cells_of(findings: Mapping[str, Finding], patient: Mapping[str, Any]) -> int:
    bits = 0
    for name, answer in patient.items():
        finding = findings[name]
        if answer is None:
            bits |= finding.not_applicable
        else:
            bits |= finding.cell(answer == "yes" if finding.kind == "yes_no" else answer)
    return bits


@settings(deadline=None, max_examples=150)
@given(condition=trees({**KINDS, "named": ("yes_no",)}).filter(lambda one: "named': " not in str(one)))
def test_a_condition_in_cells_is_the_condition(ruleset: pathways.RuleSet, condition: Any) -> None:
    """For everybody, also negated, and written out again as the same."""
    kinds = Kinds(ruleset.findings, DEFINITIONS)
    read = parse(condition, kinds)
    definitions = {"named": parse(DEFINITIONS["named"], kinds)}
    inside, outside = cubes(read, ruleset.space, definitions), cubes(read, ruleset.space, definitions, holds=False)
    for patient in EVERYBODY:
        bits = cells_of(ruleset.findings, patient)
        wanted = holds(condition, patient, DEFINITIONS)

        assert any(not bits & cube for cube in inside) == wanted
        assert any(not bits & cube for cube in outside) == (not wanted)
    assert cubes(Not(read), ruleset.space, definitions) == outside


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("limit", LIMITS)
def test_a_limit_is_on_the_right_side_of_its_value(ruleset: pathways.RuleSet, operator: str, limit: str) -> None:
    """At, just below and just above it, at the ends of the range too (H05)."""
    (rule,) = ruleset.pathways["p"].rules
    finding = ruleset.findings["count"]
    read = parse({"count": {operator: limit}}, Kinds(ruleset.findings, {}))
    inside = cubes(read, ruleset.space, {})
    for value in VALUES:
        assert any(not finding.cell(value) & cube for cube in inside) == OPERATORS[operator](value, Decimal(limit))
    assert rule.cubes


def test_conditions_are_said_in_english(ruleset: pathways.RuleSet) -> None:
    kinds = Kinds(ruleset.findings, DEFINITIONS)

    def said(condition: Any) -> str:
        return english(parse(condition, kinds), ruleset.findings, {"named": "a flag, or many"})

    assert said("gate") == "gate"
    assert said({"gate": "no"}) == "no: gate"
    assert said({"colour": ["blue", "red"]}) == "colour: red or blue"
    assert said({"count": {"at_least": "2", "below": "4.5"}}) == "count at least 2 and under 4.5 years"
    assert said({"all": ["gate", {"any": ["named", {"not": "flag"}]}]}) == "gate; and (a flag, or many; or not: flag)"
    assert said({"not": {"all": ["gate", "flag"]}}) == "not (gate; and flag)"


def test_a_condition_is_walked_and_written_in_order(ruleset: pathways.RuleSet) -> None:
    read = parse({"all": ["gate", {"not": {"count": {"above": "2"}}}]}, Kinds(ruleset.findings, {}))

    assert tree(read) == {"all": [{"finding": "gate", "is": ["yes"]}, {"not": {"finding": "count", "number": {"above": "2"}}}]}
    assert [type(part).__name__ for part in walk(read)] == ["AllOf", "YesNo", "Not", "Number"]
