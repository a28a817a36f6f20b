"""What is required of the rules is read from a file of its own: strictly, with every mistake at its place, and apart from the rules."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import pathways
import small
from pathways import InvalidRules, Place
from pathways.content import Content
from pathways.encoding import Answers, Solver, World, shapes
from pathways.inspection import remarks_of
from pathways.loader import attempt, read
from pathways.requirements import Requirement, read_requirements
from pathways.shipped import hashes
from test_inspection import CASE, TODAY

BELOW = "never_below: {clot_small: {means: a clot in an infant, pathways: [nose], when: {all: [clot, small]}, urgency: urgent, sources: [row-1, G1]}}\n"
ABOVE = "never_above: {nothing: {means: nothing at all, pathways: [nose], when: {all: [examined, {tablets: none}]}, unmentioned: absent, urgency: none, sources: [E1]}}\n"


def required(folder: Path, text: str, *edits: small.Edit) -> tuple[Requirement, ...]:
    """The requirements of the smallest rule folder with this file beside its rules."""
    rules = small.write(folder, *edits)
    (rules / "requirements.yaml").write_text(text, encoding="utf-8")
    return read_requirements(rules, read(rules))


def said(folder: Path, text: str, *edits: small.Edit) -> str:
    """What `validate` says of such a folder."""
    rules = small.write(folder, *edits)
    (rules / "nose.cases.yaml").write_text(CASE, encoding="utf-8")
    (rules / "requirements.yaml").write_text(text, encoding="utf-8")
    return "\n".join(map(str, remarks_of(rules, TODAY)))


def test_both_sides_are_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = required(tmp_path, BELOW + ABOVE)

    assert found == (
        Requirement(
            id="clot_small",
            side="below",
            means="a clot in an infant",
            pathways=("nose",),
            condition={"all": [{"finding": "clot", "is": ["yes"]}, {"definition": "small"}]},
            named=frozenset({"clot", "age"}),
            unmentioned=False,
            urgency="urgent",
            sources=("row-1", "G1"),
            place=Place("rules/requirements.yaml", 1, 15),
        ),
        Requirement(
            id="nothing",
            side="above",
            means="nothing at all",
            pathways=("nose",),
            condition={"all": [{"finding": "examined", "is": ["yes"]}, {"finding": "tablets", "is": ["none"]}]},
            named=frozenset({"examined", "tablets"}),
            unmentioned=True,
            urgency="none",
            sources=("E1",),
            place=Place("rules/requirements.yaml", 2, 15),
        ),
    )
    assert [str(one.place) for one in found] == ["rules/requirements.yaml:1:15", "rules/requirements.yaml:2:15"]


def test_a_condition_is_the_same_data_as_that_of_a_rule(tmp_path: Path) -> None:
    """So that one encoding of conditions serves both."""
    (one,) = required(tmp_path, BELOW.replace("{all: [clot, small]}", "{any: [bleeding, {all: [small, {tablets: warfarin}]}]}"))
    rules = pathways.load(tmp_path / "rules").content()["pathways"][0]["rules"]

    assert one.condition == next(rule["when"] for rule in rules if rule["id"] == "bleed")


def test_a_folder_without_requirements_requires_nothing(tmp_path: Path) -> None:
    rules = small.write(tmp_path)

    assert read_requirements(rules, read(rules)) == ()


def test_requirements_are_no_pathway_and_no_part_of_the_digest(tmp_path: Path) -> None:
    digest = small.load(tmp_path).digest
    required(tmp_path, BELOW)
    loaded = pathways.load(tmp_path / "rules")

    assert (list(loaded.pathways), loaded.digest) == (["nose"], digest)


def test_a_change_of_what_is_required_compiles_nothing_anew(tmp_path: Path) -> None:
    before = hashes(str(small.write(tmp_path)))
    required(tmp_path, BELOW)

    assert hashes(str(tmp_path / "rules")) == before


def test_requirements_that_fit_are_not_remarked_upon(tmp_path: Path) -> None:
    assert said(tmp_path, BELOW + ABOVE) == ""


MISTAKES: dict[str, tuple[str, str]] = {
    "a finding that is none": (BELOW.replace("clot, small", "cloth, small"), "rules/requirements.yaml:1:87: error[unknown-name]: `cloth` is neither a finding nor a definition\n  help: did you mean `clot`?"),
    "a level that is none": (BELOW.replace("urgency: urgent", "urgency: urgend"), "rules/requirements.yaml:1:102: error[unknown-level]: `urgend` is not a level of this rule set\n  help: did you mean `urgent`?"),
    "a pathway that is none": (BELOW.replace("[nose]", "[noses]"), "rules/requirements.yaml:1:67: error[unknown-pathway]: `noses` is not a pathway of this rule set\n  help: did you mean `nose`?"),
    "a source that is none": (BELOW.replace("row-1", "row-11"), "rules/requirements.yaml:1:129: error[unknown-source]: `row-11` is not a source of this rule set\n  help: did you mean `row-1`?"),
    "a pathway twice": (BELOW.replace("[nose]", "[nose, nose]"), "rules/requirements.yaml:1:73: error[pathway-twice]: `nose` is asked twice\n  help: name each once"),
    "no pathway": (BELOW.replace("[nose]", "[]"), "rules/requirements.yaml:1:56: error[no-pathway]: no pathway is asked\n  help: name one of: nose"),
    "no source": (BELOW.replace("[row-1, G1]", "[]"), "rules/requirements.yaml:1:119: error[no-source]: a requirement names no source\n  help: name the row, the evidence or the gap that it rests on"),
    "a source that carries nothing": (BELOW.replace("[row-1, G1]", "[E2]"), "rules/requirements.yaml:1:119: error[not-citable]: E2 may not be cited\n  help: rest the requirement on another source"),
    "at least the lowest level": (BELOW.replace("urgency: urgent", "urgency: none"), "rules/requirements.yaml:1:102: error[claims-nothing]: nobody is decided below `none`, the lowest level\n  help: name the level that must hold"),
    "at most the highest level": (ABOVE.replace("urgency: none", "urgency: immediate"), "rules/requirements.yaml:1:129: error[claims-nothing]: nobody is decided above `immediate`, the highest level\n  help: name the level that must hold"),
    "an id twice": (BELOW + ABOVE.replace("nothing:", "clot_small:"), "rules/requirements.yaml:2:15: error[requirement-twice]: `clot_small` is the name of two requirements\n  see also: rules/requirements.yaml:1:15\n  help: rename one of them"),
    "a side that is none": (BELOW.replace("never_below", "never_belov"), "rules/requirements.yaml:1:1: error[unknown-key]: `never_belov` is not a key here\n  help: did you mean `never_below`?"),
    "two mistakes at once": (BELOW.replace("clot, small", "cloth, small").replace("[row-1, G1]", "[]"), "rules/requirements.yaml:1:87: error[unknown-name]: `cloth` is neither a finding nor a definition\n  help: did you mean `clot`?\nrules/requirements.yaml:1:120: error[no-source]: a requirement names no source\n  help: name the row, the evidence or the gap that it rests on"),
    "a mistake of shape beside one of names": (BELOW.replace("[nose]", "[noses]") + ABOVE.replace("unmentioned: absent", "unmentioned: no"), "rules/requirements.yaml:1:67: error[unknown-pathway]: `noses` is not a pathway of this rule set\n  help: did you mean `nose`?\nrules/requirements.yaml:2:108: error[unknown-value]: `no` is not `absent`\n  help: write `absent`, or delete the key"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_at_its_place_with_a_cure(tmp_path: Path, name: str) -> None:
    text, wanted = MISTAKES[name]

    assert said(tmp_path, text) == wanted
    with pytest.raises(InvalidRules) as refused:
        read_requirements(tmp_path / "rules", read(tmp_path / "rules"))
    assert sorted(map(str, refused.value.remarks)) == sorted(wanted.replace("\nrules/", "\0rules/").split("\0"))


def test_a_definition_of_a_pathway_is_not_used(tmp_path: Path) -> None:
    """What is required must not change when the rules of a pathway do."""
    own = ("nose.yaml", "rules:\n", "definitions: {ill: {means: x, when: fever}}\nrules:\n")

    with pytest.raises(InvalidRules, match="`ill` is neither a finding nor a definition"):
        required(tmp_path, BELOW.replace("small]", "ill]"), own)


def test_mistakes_of_shape_are_told_also_where_the_rules_do_not_load(tmp_path: Path) -> None:
    told = said(tmp_path, BELOW.replace("means: ", "meant: "), ("nose.yaml", "when: clot,", "when: cloth,"))

    assert told == (
        "rules/nose.yaml:7:23: error[unknown-name]: `cloth` is neither a finding nor a definition\n  help: did you mean `clot`?\n"
        "rules/requirements.yaml:1:28: error[unknown-key]: `meant` is not a key here\n  help: did you mean `means`?"
    )


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.yaml").write_text(BELOW, encoding="utf-8")
    rules = small.write(tmp_path)
    (rules / "requirements.yaml").symlink_to(tmp_path / "elsewhere.yaml")

    with pytest.raises(InvalidRules, match="not a regular file inside the rule folder"):
        read_requirements(rules, read(rules))


# -- the shipped requirements ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped() -> tuple[Requirement, ...]:
    rules = Path(__file__).parent.parent / "rules"
    authored, _ = attempt(rules)
    assert authored is not None
    return read_requirements(rules, authored)


def test_every_pathway_is_held_from_both_sides(shipped: tuple[Requirement, ...]) -> None:
    asked = {side: Counter(name for one in shipped if one.side == side for name in one.pathways) for side in ("below", "above")}
    names = pathways.load().pathways

    assert [name for name in names if asked["below"][name] < 10 or asked["above"][name] < 2] == []


def test_every_requirement_speaks_of_somebody(shipped: tuple[Requirement, ...]) -> None:
    """What is required of nobody holds of any rules."""
    content = Content(pathways.load().content())
    wanted = [(one, content.written_out(one.condition)) for one in shipped]
    solver = Solver()
    answers = Answers(solver, shapes([content], [tree for _, tree in wanted]))
    world = World(content, solver, answers)
    yes_no = [name for name, finding in content.findings.items() if finding["kind"] == "yes_no"]
    for_nobody = []
    for one, tree in wanted:
        absent = [{"not": {"finding": name, "is": ["yes"]}} for name in yes_no if one.unmentioned and name not in one.named]
        inside = [content.applies(name) for name in one.pathways]
        if not solver.possible(world.possible, *map(world.tree, [tree, *inside, *absent])):
            for_nobody.append(one.id)

    assert for_nobody == []


def test_a_level_above_is_required_only_where_everything_else_is_absent(shipped: tuple[Requirement, ...]) -> None:
    """A region with anything left open may hold somebody who is ill."""
    above = [one for one in shipped if one.side == "above"]

    assert [one.id for one in above if not one.unmentioned or "age_years" not in one.named] == []


def test_a_level_below_is_required_of_one_pathway_alone_whatever_else_the_patient_has(shipped: tuple[Requirement, ...]) -> None:
    """More rules, and more that is wrong, only raise the urgency."""
    assert [one.id for one in shipped if one.side == "below" and (one.unmentioned or len(one.pathways) > 1)] == []
