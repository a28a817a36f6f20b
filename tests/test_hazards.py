"""The hazard log is read strictly, its levels are looked up, and whatever a control names is there."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

import pathways
import small
from pathways import InvalidRules, Place, properties
from pathways.cases import names_of
from pathways.checks import PROPERTIES
from pathways.compiler import content_of
from pathways.hazards import LEVELS, LIKELIHOODS, MATRIX, SEVERITIES, Control, Hazard, Log, Risk, read_hazards
from pathways.inspection import remarks_of
from pathways.loader import read
from pathways.shipped import hashes
from test_inspection import CASE, TODAY

ROOT = Path(__file__).parent.parent
RULES = ROOT / "rules"
LOG = """\
estimates: ours
hazards:
  missed:
    hazard: a clot is missed
    pathways: [nose]
    causes: [nobody looked]
    effect: nobody is phoned
    harm: it bleeds at home
    controls:
      - {does: it is asked, rules: {red_flags: [choking], nose: [bleed]}, cases: {nose: [bleeds]}, properties: [P3r], tests: [a test of ours]}
    initial: {severity: major, likelihood: high}
    residual: {severity: major, likelihood: low}
    status: open
"""


def logged(folder: Path, text: str) -> Log:
    """The log of the smallest rule folder with this file beside its rules."""
    rules = small.write(folder)
    (rules / "nose.cases.yaml").write_text(CASE, encoding="utf-8")
    (rules / "hazards.yaml").write_text(text, encoding="utf-8")
    return read_hazards(rules, read(rules))


def test_a_hazard_is_read_with_what_its_controls_lead_to(tmp_path: Path) -> None:
    found = logged(tmp_path, LOG)

    assert found == Log(
        "ours",
        (
            Hazard(
                id="missed",
                hazard="a clot is missed",
                pathways=("nose",),
                causes=("nobody looked",),
                effect="nobody is phoned",
                harm="it bleeds at home",
                controls=(
                    Control(
                        "it is asked",
                        (("red_flags", "choking"), ("nose", "bleed")),
                        ("P3r",),
                        (),
                        (("nose", "bleeds"),),
                        ("a test of ours",),
                    ),
                ),
                initial=Risk("major", "high"),
                residual=Risk("major", "low"),
                owner="",
                status="open",
                closed="",
                place=Place("rules/hazards.yaml", 3, 3),
            ),
        ),
    )


def test_the_log_as_data_has_every_level_and_no_place(tmp_path: Path) -> None:
    [hazard] = json.loads(json.dumps(logged(tmp_path, LOG).data()))["hazards"]

    assert hazard["initial"] == {"severity": "major", "likelihood": "high", "level": 4}
    assert hazard["residual"] == {"severity": "major", "likelihood": "low", "level": 3}
    assert hazard["controls"][0]["rules"] == [["red_flags", "choking"], ["nose", "bleed"]]
    assert "place" not in hazard


def test_without_a_file_there_is_an_empty_log(tmp_path: Path) -> None:
    rules = small.write(tmp_path)

    assert read_hazards(rules, read(rules)) == Log("", ())


def test_a_mistake_is_told_by_validate_also_where_the_rules_do_not_load(tmp_path: Path) -> None:
    rules = small.write(tmp_path, ("nose.yaml", "urgency: none", "urgency: nun"))
    (rules / "hazards.yaml").write_text(
        LOG.replace("severity: major, likelihood: high", "severity: bad, likelihood: high"), encoding="utf-8"
    )

    said = [str(remark) for remark in remarks_of(rules, TODAY)]

    assert any(text.startswith("rules/hazards.yaml:11:15: error[unknown-value]: `bad` is not one of minor, ") for text in said)


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    wrong = LOG.replace("pathways: [nose]", "pathways: [ear]").replace("likelihood: low", "likelihood: very_high").replace("P3r", "P99")
    wrong = wrong.replace("nose: [bleed]", "nose: [drips]").replace("nose: [bleeds]", "nose: [drips]")

    with pytest.raises(InvalidRules) as error:
        logged(tmp_path, wrong)

    codes = {remark.code for remark in error.value.remarks}
    assert codes == {"unknown-pathway", "residual-above-initial", "unknown-property", "unknown-rule", "unknown-case"}


# -- the matrix --------------------------------------------------------------------------------------------------------

# DCB0129: NHS guidance, as transcribed in an open clinical safety template; likelihood by severity.
PUBLISHED = """
Very high | 3 | 4 | 4 | 5 | 5
High      | 2 | 3 | 3 | 4 | 5
Medium    | 2 | 2 | 3 | 3 | 4
Low       | 1 | 2 | 2 | 3 | 4
Very low  | 1 | 1 | 2 | 2 | 3
"""


def test_the_level_is_that_of_the_published_matrix_in_each_of_25_cells() -> None:
    published = {}
    for line in PUBLISHED.strip().splitlines():
        word, *levels = (part.strip() for part in line.split("|"))
        published |= {(severity, word.lower().replace(" ", "_")): int(level) for severity, level in zip(SEVERITIES, levels, strict=True)}

    assert {(severity, likelihood): Risk(severity, likelihood).level for severity in SEVERITIES for likelihood in LIKELIHOODS} == published
    assert len(published) == 25


def test_a_product_of_ranks_would_give_other_levels() -> None:
    """Which is why the level is looked up: a larger product may have a lower level."""
    ranked = [(severity, likelihood) for severity in range(1, 6) for likelihood in range(1, 6)]
    levels = {severity * likelihood: MATRIX[tuple(reversed(LIKELIHOODS))[likelihood - 1]][severity - 1] for severity, likelihood in ranked}

    assert any(levels[larger] < levels[smaller] for larger in levels for smaller in levels if smaller < larger)
    assert {level for row in MATRIX.values() for level in row} == set(LEVELS)


def test_the_page_for_authors_has_the_same_matrix() -> None:
    page = (ROOT / "docs" / "governance" / "hazards.md").read_text(encoding="utf-8")

    for likelihood, row in MATRIX.items():
        assert f"| {likelihood.replace('_', ' ')} | {' | '.join(map(str, row))} |\n" in page
    for level, words in LEVELS.items():
        assert f"| {level} | {words} |\n" in page


def test_the_example_of_the_page_for_authors_is_read(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "governance" / "hazards.md").read_text(encoding="utf-8")
    [example] = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "hazards.yaml").write_text(example, encoding="utf-8")
    (tmp_path / "requirements.yaml").write_bytes((RULES / "requirements.yaml").read_bytes())

    [hazard] = read_hazards(tmp_path, read(RULES), names_of(RULES)).hazards

    assert (hazard.initial.level, hazard.residual.level) == (4, 3)


# -- the shipped log ---------------------------------------------------------------------------------------------------


@cache
def shipped() -> Log:
    return read_hazards(RULES, read(RULES))


def test_every_test_that_a_control_names_is_there() -> None:
    missing = []
    for hazard in shipped().hazards:
        for control in hazard.controls:
            for test in control.tests:
                file, _, name = test.partition("::")
                there = (ROOT / file).is_file() and (not name or name in functions(ROOT / file))
                missing += [] if there else [f"{hazard.id}: {test}"]

    assert missing == []


@cache
def functions(file: Path) -> frozenset[str]:
    return frozenset(node.name for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef))


def test_every_pathway_has_several_hazards_of_its_own_and_many_are_general() -> None:
    names = tuple(read(RULES).pathways)
    own = [hazard for hazard in shipped().hazards if hazard.pathways != names]

    assert {name: sum(name in hazard.pathways for hazard in own) >= 3 for name in names} == dict.fromkeys(names, True)
    assert len(shipped().hazards) >= 25
    assert len(shipped().hazards) - len(own) >= 10


def test_nobody_is_named_as_owner_and_whose_the_estimates_are_is_said() -> None:
    """Who answers for a hazard, and for the estimates, is the deploying organisation's to say."""
    assert {hazard.owner for hazard in shipped().hazards} == {""}
    assert "drafts" in shipped().estimates


def test_the_log_is_no_part_of_the_digest(tmp_path: Path) -> None:
    rules = small.write(tmp_path)
    before, compiled_from = content_of(read(rules)), hashes(str(rules))
    (rules / "hazards.yaml").write_text(LOG, encoding="utf-8")

    assert content_of(read(rules)) == before
    assert hashes(str(rules)) == compiled_from
    assert pathways.load(rules).digest


def test_the_properties_that_a_control_may_name_are_those_of_check() -> None:
    assert [one.id for one in PROPERTIES] == list(properties.TITLES)
