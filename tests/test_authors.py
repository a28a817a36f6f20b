"""What the pages for authors say is so: the first rule set is complete and can be used as it stands, and every key is explained."""

from __future__ import annotations

import ast
import re
import runpy
import shlex
import shutil
from datetime import date
from pathlib import Path

import pytest

import pathways
from pathways import model
from pathways.cases import run
from pathways.documents import Document, read_bytes
from pathways.formatting import formatted
from pathways.inspection import remarks_of

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "authors"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rule folder of the page, file by file."""
    place = tmp_path_factory.mktemp("page")
    text = (PAGES / "first-rule-set.md").read_text(encoding="utf-8")
    for name, block in re.findall(r'^```yaml title="(.+?)"\n(.*?)^```$', text, re.MULTILINE | re.DOTALL):
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(block, encoding="utf-8")
    return place / "my_rules"


def test_the_first_rule_set_is_a_whole_folder_without_a_remark(folder: Path) -> None:
    assert sorted(file.name for file in folder.iterdir()) == [
        "cottage_hospital.site.yaml", "ear_object.cases.yaml", "ear_object.yaml", "findings.yaml", "items.yaml", "ruleset.yaml", "sources.yaml",
    ]  # fmt: skip
    assert [str(remark) for remark in remarks_of(folder, date(2026, 11, 25))] == []


def test_the_first_rule_set_is_laid_out_as_fmt_does_it(folder: Path) -> None:
    assert [f"{one.name}:{one.line}" for one in formatted(folder)] == []


def test_the_cases_of_the_first_rule_set_pass(folder: Path) -> None:
    results = run(folder, pathways.load(folder))

    assert len(results) == 7
    assert [(result.case.name, result.comparison.differences) for result in results if not result.passed] == []


def test_the_first_rule_set_decides_a_patient(folder: Path) -> None:
    ruleset = pathways.load(folder, site=folder / "cottage_hospital.site.yaml")
    decision = ruleset.decide({"looks_unwell": False, "battery_possible": True, "object_gone": False}, ["ear_object"])

    assert (str(decision.urgency.lowest), str(decision.urgency.highest)) == ("urgent", "urgent")
    assert [referral.service for referral in decision.referrals] == ["ent_on_call"]
    assert [item.id for item in decision.actions] == ["nothing_into_the_ear", "transfer"]


def test_the_page_of_every_key_is_what_the_models_say() -> None:
    """`python scripts/reference.py` writes it anew."""
    page = runpy.run_path(str(ROOT / "scripts" / "reference.py"))["reference"]()

    assert (PAGES / "reference.md").read_text(encoding="utf-8") == page


def test_every_key_has_its_meaning() -> None:
    """It stands on the page, and in an editor where the key is written."""
    parts = [part for part in vars(model).values() if isinstance(part, type) and issubclass(part, model.Part) and part is not model.Part]
    page = (PAGES / "reference.md").read_text(encoding="utf-8")

    assert len(parts) > 25
    for part in parts:
        assert f"\n{(part.__doc__ or '').strip()}\n" in page
        for name, info in part.model_fields.items():
            assert info.description, f"{part.__name__}.{name} has no description"


def test_its_first_command_and_its_last_run_as_they_are_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from pathways.cli import cli

    monkeypatch.chdir(folder.parent)
    text = (PAGES / "first-rule-set.md").read_text(encoding="utf-8")
    commands = re.findall(r"^pathways (.+ my_rules.*)$", text, re.MULTILINE)
    results = [CliRunner().invoke(cli, command.split()) for command in commands]

    assert len(results) == 4
    assert [result.exit_code for result in results] == [0, 0, 0, 0]
    assert "7 cases, 7 passed, 0 failed" in results[1].stdout


def test_the_page_about_running_cases_shows_what_is_printed(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from pathways.cli import cli

    shutil.copytree(folder, tmp_path / "my_rules")
    monkeypatch.chdir(tmp_path)
    text = (PAGES / "testing.md").read_text(encoding="utf-8")
    (edited,) = re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    pathway = Path("my_rules/ear_object.yaml")
    before = pathway.read_text(encoding="utf-8")
    pathway.write_text(re.sub(r"    when: \{all: \[\{object_gone: no\}, \{battery.*\n", edited, before), encoding="utf-8")
    shown = re.findall(r'^```text title="pathways (.+?)"\n(.*?)^```$', text, re.MULTILINE | re.DOTALL)
    others = [command for command in re.findall(r"^pathways (test .+)$", text, re.MULTILINE) if "--only" in command]

    assert len(shown) == 2
    assert [CliRunner().invoke(cli, shlex.split(command)).stdout for command, _ in shown] == [printed for _, printed in shown]
    assert len(others) == 3
    assert [CliRunner().invoke(cli, shlex.split(command)).exit_code for command in others] == [1, 0, 1]


def test_a_hole_in_the_first_rule_set_is_shown_as_the_page_says(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from pathways.cli import cli

    shutil.copytree(folder, tmp_path / "my_rules")
    monkeypatch.chdir(tmp_path)
    pathway = Path("my_rules/ear_object.yaml")
    pathway.write_text(pathway.read_text(encoding="utf-8").split("otherwise:")[0], encoding="utf-8")
    text = (PAGES / "first-rule-set.md").read_text(encoding="utf-8")
    [(command, printed)] = re.findall(r'^```text title="pathways (.+?)"\n(.*?)^```$', text, re.MULTILINE | re.DOTALL)
    ran = CliRunner().invoke(cli, shlex.split(command))

    assert (ran.stdout, ran.exit_code) == (printed, 1)
    assert max(map(len, printed.splitlines())) <= 80


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.md")), ids=lambda page: page.stem)
def test_every_example_of_a_page_is_read_without_a_remark(page: Path) -> None:
    for block in re.findall(r"^```yaml.*?\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        assert [str(remark) for remark in read_bytes(block.encode(), Document(page.name)).remarks] == []


def test_every_warning_is_explained_to_authors() -> None:
    text = (PAGES / "rule-language.md").read_text(encoding="utf-8").split("## What `pathways validate` says")[1]
    source = "".join((ROOT / "src" / "pathways" / f"{name}.py").read_text(encoding="utf-8") for name in ("consistency", "inspection"))
    codes = {code for call in ast.walk(ast.parse(source.replace("from __future__", "#"))) if (code := warned(call))}

    assert len(codes) > 8
    assert {code for code in codes if code not in text} == set()


def warned(node: ast.AST) -> str:
    """The code of a remark that is a warning; of one that is put together, how it begins."""
    match node:
        case ast.Call(func=ast.Name(id="_warning"), args=[ast.Constant(value=str(code)), *_]):
            return code
        case ast.Call(
            func=ast.Name(id="Remark"), args=[ast.Constant() | ast.JoinedStr() as code, *_], keywords=[ast.keyword(arg="severity")]
        ):
            return ast.unparse(code).strip("f'\"").split("{")[0]
    return ""


def test_the_page_about_the_worth_of_cases_shows_what_is_printed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from pathways.cli import cli

    monkeypatch.chdir(folder.parent)
    text = (PAGES / "measuring.md").read_text(encoding="utf-8")
    shown = re.findall(r'^```text title="pathways (.+?)"\n(.*?)^```$', text, re.MULTILINE | re.DOTALL)

    printed = [CliRunner().invoke(cli, shlex.split(command)).stdout for command, _ in shown]

    today = r"[0-9]{4}-[0-9]{2}-[0-9]{2}\n"
    assert len(shown) == 4
    assert [re.sub(r"in [0-9]+ s\n", "in 1 s\n", re.sub(today, "2026-11-25\n", text)) for text in printed] == [text for _, text in shown]
