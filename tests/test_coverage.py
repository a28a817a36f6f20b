"""What cases exercise is what the definition says, nobody is asked for who cannot be, and what is suggested covers what was missing."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import small
from pathways.cases import read_cases, run
from pathways.checks import open_book
from pathways.cli import cli
from pathways.coverage import Coverage, Pair, Point, Readings, Seen, State, coverage, examined, judged
from pathways.remarks import Place
from pathways.reports.coverage import Measured, as_text
from pathways.reports.roots import Root
from pathways.shipped import folder
from pathways.suggestions import as_yaml, suggested
from worlds import World, holds, presentations, worlds

CASES = """\
- case: bleeds
  given: {bleeding: yes}
  unmentioned: absent
  expect: {urgency: urgent, services: [ent]}
- case: nothing known
  given: {}
  expect: {lowest: none, highest: immediate, services: []}
- case: has nothing
  given: {}
  unmentioned: absent
  expect: {lowest: none, highest: urgent, services: []}
"""

EXPECTED = """\
                rules  literals thresholds red flags otherwise
shared  16.7 %      -       0/2        1/4         -         -
nose    38.5 %    2/3       1/6          -       2/3       0/1
total   31.6 %    2/3       1/8        1/4       2/3       0/1

missing:
rules/ruleset.yaml:17:29:
  red flag `choking`: `choking`
    missing: a case in which it is true and decides
rules/ruleset.yaml:19:33:
  definition `small`: `age: {below: 2}`
    missing: a case in which it is true and decides and a case in which it is
             false and decides
rules/ruleset.yaml:19:33:
  `age` below 2
rules/ruleset.yaml:19:33:
  `age` 2 or above
rules/ruleset.yaml:21:3:
  `temperature` 38 or above
rules/nose.yaml:7:3:
  rule `clot` holds
rules/nose.yaml:15:1:
  `otherwise` holds
rules/nose.yaml:7:23:
  rule `clot`: `clot`
    missing: a case in which it is true and decides and a case in which it is
             false and decides
rules/nose.yaml:10:18:
  rule `bleed`: `bleeding`
    missing: a case in which it is true and decides and a case in which it is
             false and decides
rules/nose.yaml:10:35:
  rule `bleed`: `small`
    missing: a case in which it is true and decides and a case in which it is
             false and decides
rules/nose.yaml:10:42:
  rule `bleed`: `tablets: warfarin`
    missing: a case in which it is true and decides and a case in which it is
             false and decides
rules/nose.yaml:14:52:
  rule `well`: `fever: no`
    missing: a case in which it is false and decides
rules/ruleset.yaml:17:3:
  red flag `choking` present

3 cases exercise 6 of 19 points, 31.6 %
"""


def measure(where: Path, text: str) -> subprocess.CompletedProcess[str]:
    (where / "nose.cases.yaml").write_text(text, encoding="utf-8")
    return subprocess.run([sys.executable, "-m", "pathways", "test", str(where), "--coverage"], capture_output=True, text=True)


def test_report_says_what_is_missing_and_what_would_show_it(tmp_path: Path) -> None:
    found = measure(small.write(tmp_path), CASES)

    assert found.stderr == ""
    assert found.stdout == EXPECTED
    assert found.returncode == 1
    assert max(map(len, found.stdout.splitlines())) <= 80


def test_coverage_for_other_programs_names_every_point_with_its_place(tmp_path: Path) -> None:
    where = small.write(tmp_path)
    (where / "nose.cases.yaml").write_text(CASES, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "pathways", "test", str(where), "--coverage", "--format", "json"], capture_output=True, text=True
    )
    data = json.loads(run.stdout)

    assert (data["cases"], data["covered"], data["possible"]) == (3, 6, 19)
    assert [point for point in data["points"] if point["what"] == "rule `clot`: `clot`"] == [
        {
            "kind": "literals", "pathway": "nose", "what": "rule `clot`: `clot`", "state": "missing",
            "want": "a case in which it is true and decides and a case in which it is false and decides",
            "file": f"{where}/nose.yaml", "line": 7, "column": 23,
        }
    ]  # fmt: skip


def test_what_is_suggested_passes_as_it_stands_and_leaves_nothing_missing(tmp_path: Path) -> None:
    where = small.write(tmp_path)
    (where / "nose.cases.yaml").write_text(CASES, encoding="utf-8")
    book = open_book(where)
    text = as_yaml(suggested(examined(book, read_cases(where, book.ruleset)), 20))
    assert text.count("# judge before keeping") == text.count("- case:") == 8
    (where / "nose.cases.yaml").write_text(CASES + text, encoding="utf-8")
    results = run(where, book.ruleset)

    assert [str(one) for result in results for one in result.comparison.differences] == []
    assert coverage(book, [result.case for result in results]).of(State.MISSING) == ()


def test_few_suggestions_are_those_that_show_most(tmp_path: Path) -> None:
    where = small.write(tmp_path)
    (where / "nose.cases.yaml").write_text(CASES, encoding="utf-8")
    book = open_book(where)
    one = suggested(examined(book, read_cases(where, book.ruleset)), 1)

    assert [len(suggestion.shows) for suggestion in one] == [4]


def test_literal_that_nobody_can_show_is_proved_so_and_not_counted(tmp_path: Path) -> None:
    """Under 2 and under 5: nobody of whom the second alone is false is met by the first."""
    small.ruleset(
        tmp_path,
        {"age": {"range": [0, 10]}, "hot": {}},
        {"r": ({"all": [{"age": {"below": 2}}, {"age": {"below": 5}}, "hot"]}, "urgent")},
    )
    book = open_book(tmp_path / "rules")
    states = {point.what: point.state for point in coverage(book, []).points if point.kind == "literals"}

    assert states == {
        "rule `r`: `age: {below: 2}`": State.MISSING,
        "rule `r`: `age: {below: 5}`": State.IMPOSSIBLE,
        "rule `r`: `hot`": State.MISSING,
    }


def test_a_rule_that_never_holds_wants_no_cases_and_is_named_once(tmp_path: Path) -> None:
    dead = {"all": ["hot", {"age": {"below": 5}}, {"age": {"above": 7}}]}
    small.ruleset(
        tmp_path,
        {"age": {"range": [0, 10]}, "hot": {}},
        {"never": (dead, "urgent"), "r": ("hot", "clinic")},
        red_flags={"neither": ({"all": ["hot", {"hot": "no"}]}, "urgent")},
    )
    book = open_book(tmp_path / "rules")
    found = examined(book, [])

    assert {point.what: point.state for point in found.coverage.points} == {
        "red flag `neither` can never hold": State.IMPOSSIBLE,
        "rule `never` can never hold": State.IMPOSSIBLE,
        "rule `r` holds": State.MISSING,
        "rule `r`: `hot`": State.MISSING,
    }
    assert {text for one in suggested(found, 9) for text in one.shows} == {"rule `r` holds", "rule `r`: `hot`"}


def test_columns_of_the_table_stand_apart_however_much_is_counted() -> None:
    rule, literal = (Point(kind, "p", "", Place("p.yaml"), State.COVERED, "") for kind in ("rules", "literals"))
    head, row, total, *_ = as_text(Measured(Coverage(("p",), (rule,) * 12345 + (literal,) * 123456, 1), Root("rules", "")))

    assert total.split() == ["total", "100", "%", "12345/12345", "123456/123456", "-", "-", "-"]
    assert len(head) == len(row) == len(total)


def test_literals_that_hang_together_are_shown_one_by_one_where_they_decide(tmp_path: Path) -> None:
    """Nobody is under 2 and not under 2: no two patients differ in one of them alone, and each decides for somebody."""
    small.ruleset(
        tmp_path,
        {"age": {"range": [0, 10]}, "hot": {}, "cold": {}},
        {
            "r": (
                {"any": [{"all": [{"age": {"below": 2}}, "hot"]}, {"all": [{"age": {"at_least": 2}}, "cold"]}]},
                "urgent",
            )
        },
    )
    book = open_book(tmp_path / "rules")
    readings = Readings(book)
    seen = [
        Seen(readings, book.ruleset, book.ruleset.reader.read(given), ("p",))
        for given in ({"age": 1, "hot": True, "cold": False}, {"age": 3, "hot": True, "cold": False})
    ]
    states = {goal.what: state for goal, state in judged(book, readings, seen).goals if isinstance(goal, Pair)}

    assert states["rule `r`: `age: {below: 2}`"] is State.COVERED
    assert states["rule `r`: `age: {at_least: 2}`"] is State.MISSING


@pytest.mark.parametrize("kind", ["junit", "github"])
def test_coverage_is_no_list_of_cases(tmp_path: Path, kind: str) -> None:
    run = subprocess.run([sys.executable, "-m", "pathways", "test", "--coverage", "--format", kind], capture_output=True, text=True)

    assert (run.returncode, run.stdout) == (2, "")
    assert f"coverage is printed as one of text, json, not `{kind}`" in run.stderr


# -- the definition, by counting ---------------------------------------------------------------------------------------


def leaves(condition: Any) -> Iterator[Any]:
    """The comparisons of a condition as its author wrote it, from left to right."""
    if isinstance(condition, str):
        yield condition
        return
    ((key, value),) = condition.items()
    if key in ("all", "any"):
        for term in value:
            yield from leaves(term)
    elif key == "not":
        yield from leaves(value)
    else:
        yield condition


def value(condition: Any, known: Iterator[bool | None]) -> bool | None:
    """The condition in three values, from those of its leaves in their order."""
    if not isinstance(condition, str):
        ((key, inner),) = condition.items()
        if key in ("all", "any"):
            found = [value(term, known) for term in inner]
            return (key == "any") if (key == "any") in found else None if None in found else key == "all"
        if key == "not":
            found_ = value(inner, known)
            return None if found_ is None else not found_
    return next(known)


def decides(condition: Any, vector: tuple[bool | None, ...], number: int) -> bool:
    so, not_so = (value(condition, iter([side if n == number else one for n, one in enumerate(vector)])) for side in (True, False))
    return vector[number] is not None and None not in (so, not_so) and so is not not_so


def shown(vectors: list[tuple[bool | None, ...]], condition: Any, number: int, masking: bool) -> bool:
    good = [vector for vector in vectors if decides(condition, vector, number)]
    return any(
        one[number] is True and other[number] is False
        and (masking or all(n == number or {a, b} != {True, False} for n, (a, b) in enumerate(zip(one, other, strict=True))))
        for one, other in product(good, good)
    )  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_literals_are_shown_exactly_where_counting_all_patients_says_so(data: st.DataObject) -> None:
    world: World = data.draw(worlds())
    given_ = data.draw(st.lists(presentations(world), max_size=6))
    with TemporaryDirectory() as temporary:
        world.load(Path(temporary))
        book = open_book(Path(temporary) / "rules")
    readings = Readings(book)
    seen = [Seen(readings, book.ruleset, book.ruleset.reader.read(one), ("p",)) for one in given_]
    states = iter(
        [
            state
            for goal, state in judged(book, readings, seen).goals
            if isinstance(goal, Pair) and goal.subject.pathway == "p" and goal.subject.kind == "rule"
        ]
    )

    def inside(patient: Any) -> bool:
        return world.applies is None or holds(world.applies, patient)

    for condition, _ in world.rules.values():
        if not any(holds(condition, patient) for patient in world.patients if inside(patient)):
            continue  # of a rule that nobody meets that alone is said
        parts = list(leaves(condition))
        everybody = [tuple(holds(part, patient) for part in parts) for patient in world.patients if inside(patient)]
        known = []
        for one in given_:
            left = world.completions(one)
            if all(map(inside, left)):
                truths = [{holds(part, patient) for patient in left} for part in parts]
                known.append(tuple(None if len(truth) > 1 else truth.pop() for truth in truths))
        for number in range(len(parts)):
            masking = not shown(everybody, condition, number, False)
            covered = shown(known, condition, number, False) or (masking and shown(known, condition, number, True))
            possible = shown(everybody, condition, number, masking)
            assert next(states) is (State.COVERED if covered else State.MISSING if possible else State.IMPOSSIBLE)
    assert next(states, None) is None


def test_shipped_cases_exercise_every_rule_and_red_flag() -> None:
    book = open_book(folder())
    found = coverage(book, read_cases(folder(), book.ruleset))

    assert [point for point in found.of(State.MISSING) if point.kind in ("rules", "red flags", "otherwise")] == []


# -- a part of the rules -----------------------------------------------------------------------------------------------


def asked(folder: Path, *words: str) -> Result:
    small.write(folder, **{"nose.cases": CASES})
    result = CliRunner().invoke(cli, ["test", str(folder / "rules"), *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def test_coverage_of_one_rule_counts_its_points_alone(tmp_path: Path) -> None:
    found = json.loads(asked(tmp_path, "--coverage", "--only", "clot", "--format", "json").stdout)
    text = asked(tmp_path, "--coverage", "--only", "clot").stdout

    assert [point["what"] for point in found["points"]] == ["rule `clot` holds", "rule `clot`: `clot`"]
    assert "shared" not in text


def test_cases_are_suggested_for_one_rule_alone(tmp_path: Path) -> None:
    shown = re.findall("# shows: (.+)", asked(tmp_path, "--suggest", "9", "--only", "clot").stdout)

    assert shown
    assert all("`clot`" in one for one in shown)


@pytest.mark.parametrize("words", [["--coverage"], ["--suggest", "1"]])
def test_a_name_that_nothing_has_is_refused(tmp_path: Path, words: list[str]) -> None:
    result = asked(tmp_path, *words, "--only", "clott")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "no pathway and no rule is called `clott`" in result.stderr


def test_suggestions_are_yaml_and_nothing_else(tmp_path: Path) -> None:
    result = asked(tmp_path, "--suggest", "1", "--format", "json")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "cases are suggested as YAML, to be judged and kept, and not as json" in result.stderr


def test_one_case_exercises(tmp_path: Path) -> None:
    small.write(tmp_path, **{"nose.cases": CASES.partition("- case: nothing known")[0].partition("- case: has")[0]})

    assert "1 case exercises " in CliRunner().invoke(cli, ["test", str(tmp_path / "rules"), "--coverage"]).stdout


def test_mutants_after_coverage_are_two_reports_in_one_run(tmp_path: Path) -> None:
    one, other = asked(tmp_path, "--coverage"), asked(tmp_path, "--mutants", "--jobs", "1")
    both = asked(tmp_path, "--coverage", "--mutants", "--jobs", "1")
    assert [run.exit_code for run in (one, other, both)] == [1, 1, 1]
    assert re.sub(r"in \d+ s", "", both.stdout) == re.sub(r"in \d+ s", "", f"{one.stdout}\n{other.stdout}")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--coverage", "--suggest", "1"], "suggested cases are printed as YAML and alone"),
        (["--coverage", "--mutants", "--format", "json"], "coverage and mutants are two reports"),
        (["--coverage", "--mutants", "--output", "both.txt"], "coverage and mutants are two reports"),
    ],
)
def test_reports_that_do_not_go_together_are_refused(words: list[str], said: str) -> None:
    result = CliRunner().invoke(cli, ["test", *words])
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
