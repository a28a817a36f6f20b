"""`pathways new`: what it writes loads, passes and is laid out; what is there is never touched."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import pathways
from bedside import write_rules
from pathways import saving
from pathways.cases import run
from pathways.cli import cli
from pathways.formatting import formatted
from pathways.inspection import remarks_of
from pathways.remarks import Severity
from pathways.skeletons import SHARED, Unfit, skeleton

ROOT = Path(__file__).parent.parent
TODAY = date(2026, 11, 25)


def new(*words: str | Path) -> Result:
    result = CliRunner().invoke(cli, ["new", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def files(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in sorted(folder.iterdir())}


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return write_rules(tmp_path / "bedside")


def test_a_new_rule_set_is_whole_without_a_remark(tmp_path: Path) -> None:
    folder = tmp_path / "mine"

    result = new("earache", folder)

    assert (result.exit_code, result.stderr) == (0, "")
    assert sorted(files(folder)) == sorted([*SHARED, "earache.yaml", "earache.cases.yaml"])
    assert [str(remark) for remark in remarks_of(folder, TODAY)] == []
    results = run(folder, pathways.load(folder))
    assert len(results) == 4
    assert all(result.passed for result in results)
    assert formatted(folder) == ()
    assert all("# " in text for text in files(folder).values())


def test_its_last_lines_say_what_to_do_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    lines = new("earache", "mine").stdout.splitlines()

    assert lines[-3] == "Next: replace what the comments point at, in findings.yaml and earache.yaml. Then:"
    for line in lines[-2:]:
        assert CliRunner().invoke(cli, line.split()[1:]).exit_code == 0


def test_a_second_pathway_uses_what_the_folder_has_and_leaves_it_as_it_was(rules: Path) -> None:
    before = files(rules)

    assert new("earache", rules).exit_code == 0

    after = files(rules)
    assert {name: after[name] for name in before} == before
    assert sorted(set(after) - set(before)) == ["earache.cases.yaml", "earache.yaml"]
    ruleset = pathways.load(rules)
    results = [result for result in run(rules, ruleset) if result.case.pathway == "earache"]
    assert [result.passed for result in results] == [True] * 5
    errors = [remark for remark in remarks_of(rules, TODAY) if remark.severity is Severity.ERROR]
    assert errors == []
    (rule,) = ruleset.pathways["earache"].rules
    assert ruleset.findings[after["earache.yaml"].split("when: ")[1].split("\n")[0]].kind == "yes_no"
    assert (str(rule.id), ruleset.decide({}, ["earache"]).status) == ("first_rule", "open")


def test_the_shipped_rules_take_one_more_with_the_first_line_of_the_others() -> None:
    made = skeleton("sore_throat", ROOT / "rules", TODAY).files

    assert made["sore_throat.yaml"].startswith(b"# yaml-language-server: $schema=../src/pathways/schemas/pathway.schema.json\n\n")
    assert made["sore_throat.cases.yaml"].startswith(b"# yaml-language-server: $schema=../src/pathways/schemas/cases.schema.json\n\n")
    assert b"review_by: 2027-11-25\n" in made["sore_throat.yaml"]
    assert not (ROOT / "rules" / "sore_throat.yaml").exists()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Ear-Ache", "`Ear-Ache` is not an id: small letters, digits and underscores, beginning with a letter; did you mean `ear_ache`?"),
        ("2ears", "`2ears` is not an id: small letters, digits and underscores, beginning with a letter; did you mean `ears`?"),
        ("../x", "`../x` is not an id: small letters, digits and underscores, beginning with a letter; did you mean `x`?"),
        ("", "`` is not an id: small letters, digits and underscores, beginning with a letter"),
        ("otherwise", "`otherwise` is a word of the rule language, or the name of another file; choose another name"),
        ("findings", "`findings` is a word of the rule language, or the name of another file; choose another name"),
        ("nose", "the pathway `nose` stands in `bedside` already; nothing is overwritten"),
    ],
)
def test_a_name_that_cannot_be_is_refused(rules: Path, name: str, why: str) -> None:
    before = files(rules)

    result = new(name, rules)

    assert result.exit_code == 2
    assert f"Error: {why}\n" in result.stderr
    assert files(rules) == before


def test_cases_without_their_pathway_are_not_overwritten_either(rules: Path) -> None:
    (rules / "earache.cases.yaml").write_text("[]\n", encoding="utf-8")

    assert new("earache", rules).exit_code == 2
    assert (rules / "earache.cases.yaml").read_text(encoding="utf-8") == "[]\n"


def test_beside_rules_with_an_error_nothing_is_written(rules: Path) -> None:
    (rules / "items.yaml").write_text("items: 1\n", encoding="utf-8")
    before = files(rules)

    result = new("earache", rules)

    assert result.exit_code == 1
    assert "bedside/items.yaml:1:1: error[wrong-shape]" in result.stderr
    assert files(rules) == before


def test_a_file_that_comes_in_between_is_not_overwritten(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = saving.create

    def late(folder: Path, contents: dict[str, bytes]) -> None:
        (rules / "earache.cases.yaml").write_text("mine\n", encoding="utf-8")
        real(folder, contents)

    monkeypatch.setattr(saving, "create", late)
    before = files(rules)

    result = new("earache", rules)

    assert result.exit_code == 2
    assert "cannot be written: file exists; nothing was written" in result.stderr
    assert files(rules) == {**before, "earache.cases.yaml": "mine\n"}


def test_a_folder_without_a_parent_is_not_made(tmp_path: Path) -> None:
    result = new("earache", tmp_path / "no" / "rules")

    assert result.exit_code == 2
    assert f"`{tmp_path}/no/rules` cannot be written: no such file or directory; nothing was written" in result.stderr
    assert files(tmp_path) == {}


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Ours\n", encoding="utf-8")

    assert new("earache", tmp_path).exit_code == 0
    assert [str(remark) for remark in remarks_of(tmp_path, TODAY)] == []


def test_a_finding_that_never_stands_alone_is_passed_over(rules: Path) -> None:
    """The first finding implies another, so that its patient cannot have all others absent."""
    assert new("earache", rules).exit_code == 0
    first = (rules / "earache.yaml").read_text(encoding="utf-8").split("when: ")[1].split("\n")[0]
    for name in ("earache.yaml", "earache.cases.yaml"):
        (rules / name).unlink()
    file = rules / "ruleset.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("constraints:\n", f"constraints:\n  more: {{if: {first}, then: shock, means: it is a sign of shock}}\n"),
        encoding="utf-8",
    )

    assert new("earache", rules).exit_code == 0
    assert f"when: {first}\n" not in (rules / "earache.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("sources.yaml", "rows: {}\nevidence: {}\ngaps: {}\n", "has no row, evidence or gap"),
        ("ruleset.yaml", None, "demands a service and a limit"),
    ],
)
def test_what_a_first_rule_would_need_is_named(tmp_path: Path, name: str, text: str | None, why: str) -> None:
    from pathways import skeletons

    new("earache", tmp_path / "mine")
    authored = skeletons.read(tmp_path / "mine")
    if text is not None:
        authored.sources = type(authored.sources).model_validate({"rows": {}, "evidence": {}, "gaps": {}})
    else:
        authored.ruleset = authored.ruleset.model_copy(update={"services": {}})

    with pytest.raises(Unfit, match=why):
        skeletons._source(authored), skeletons._outcomes(authored)


def test_without_a_finding_that_stands_alone_it_says_so(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathways import skeletons

    monkeypatch.setattr(skeletons, "FIRST_FINDINGS", 0)

    assert "no yes/no finding of findings.yaml can stand alone in a rule; declare one first" in new("earache", rules).stderr


def test_levels_that_name_nobody_need_no_service(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    new("earache", folder)
    for name in ("earache.yaml", "earache.cases.yaml"):
        (folder / name).unlink()
    file = folder / "ruleset.yaml"
    file.write_text(
        re.sub(r"(, latest: \w+|, actionable: yes|, contact: now(?=}$))", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE),
        encoding="utf-8",
    )
    (folder / "cough.yaml").write_text(COUGH, encoding="utf-8")

    assert (new("earache", folder).stderr, new("earache", folder).exit_code) == ("", 2)
    assert "otherwise: {urgency: discuss_same_day}\n" in (folder / "earache.yaml").read_text(encoding="utf-8")


COUGH = """\
pathway: cough
title: Cough
complaint: cough
version: 0.1.0
review_by: 2027-11-25
rules: {ill: {title: looks ill, when: looks_seriously_ill, then: {urgency: urgent}, basis: interpretation, sources: [G1]}}
otherwise: {urgency: immediate}
"""


def test_every_property_of_a_new_rule_set_is_proved(tmp_path: Path) -> None:
    pytest.importorskip("z3")
    new("earache", tmp_path / "mine")

    result = CliRunner().invoke(cli, ["check", str(tmp_path / "mine"), "--jobs", "1"])

    assert result.exit_code == 0, result.output
    assert "0 errors, 0 warnings" in result.stdout


def test_one_more_pathway_of_the_shipped_rules_has_its_cases(tmp_path: Path) -> None:
    """The case of nobody says no to all, also to what is good news, and of which the pathway asks nothing."""
    pytest.importorskip("z3")
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    new("ear_pain", tmp_path / "rules")

    result = CliRunner().invoke(cli, ["check", str(tmp_path / "rules"), "--only", "P9", "--jobs", "1"])

    assert (result.exit_code, "P9   proved" in result.stdout) == (0, True), result.output


@pytest.mark.parametrize("name", ["nose.cases.yaml", "infant.cases.yaml"])
def test_a_case_file_that_is_not_utf_8_is_remarked_upon(rules: Path, name: str) -> None:
    (rules / name).write_bytes(b"- case: caf\xe9\n")

    result = new("earache", rules)

    assert (result.exit_code, result.stdout) == (1, "")
    assert f"bedside/{name}:1:12: error[not-utf-8]: byte 0xe9 is not UTF-8\n  help: save the file as UTF-8\n" in result.stderr
    assert not (rules / "earache.yaml").exists()
