"""The hooks and the action call commands that exist, with options that they have; the page shows both as they are."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

import pathways
from bedside import write_rules
from pathways.cli import cli

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "authors" / "automation.md").read_text(encoding="utf-8")
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]


def in_action() -> list[list[str]]:
    """Every call of `pathways` in the action, as the shell reads it with the inputs left out."""
    calls = []
    for step in STEPS:
        for line in str(step.get("run", "")).splitlines():
            if line.startswith("pathways "):
                values = {name: default(str(text)) for name, text in step["env"].items()}
                for name, value in values.items():
                    line = re.sub(rf"\${name}\b", value, line)
                words = shlex.split(line)
                calls.append(words[1 : words.index("|") if "|" in words else None])
    return calls


def default(text: str) -> str:
    """What an expression stands for, if whoever uses the action says nothing."""
    found = re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", text)
    return str(ACTION["inputs"][found[1]]["default"]) if found else {"${{ github.base_ref }}": "main"}[text]


def in_hooks() -> list[list[str]]:
    return [[*shlex.split(hook["entry"])[1:], *hook["args"]] for hook in HOOKS]


def in_page() -> list[list[str]]:
    return [shlex.split(call)[1:] for call in re.findall(r"`(pathways [a-z]+ [^`]+)`", PAGE)]


@pytest.mark.parametrize("words", [*in_action(), *in_hooks(), *in_page()], ids=" ".join)
def test_every_call_is_of_a_command_with_the_options_that_it_has(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("rules", "my_rules"):
        (tmp_path / folder).mkdir()
    monkeypatch.chdir(tmp_path)
    name, *rest = words
    command = cli.get_command(click.Context(cli), name)

    assert command is not None
    command.make_context(name, rest)  # raises for an option, a choice or an argument that it does not take


def test_each_of_the_steps_is_there_and_in_order() -> None:
    assert [words[0] for words in in_action()] == ["validate", "test", "check", "diff"]
    assert [words[0] for words in in_hooks()] == ["fmt", "validate", "test", "check"]
    assert all("--format" in words for words in in_action())
    assert "--fail-on less-urgent" in " ".join(in_action()[-1])


def test_a_step_that_fails_hides_none_of_the_others_and_no_input_is_read_by_the_shell() -> None:
    for step in STEPS[2:]:
        assert step["if"].startswith("${{ !cancelled() && steps.install.outcome == 'success'")
    for step in STEPS:
        assert "${{" not in step.get("run", ""), "an expression would be run as shell; it goes through `env`"
        assert "run" not in step or step["shell"] == "bash"


def run_step(name: str, folder: Path, **values: str) -> subprocess.CompletedProcess[str]:
    """A step of the action, by the shell that GitHub starts for it."""
    command = folder.parent / "bin" / "pathways"
    command.parent.mkdir(exist_ok=True)
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m pathways "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    (script,) = [step["run"] for step in STEPS if step.get("name") == name]
    path = {"PATH": f"{command.parent}:{os.environ['PATH']}", "PYTHONPATH": str(Path(pathways.__file__).parent.parent)}
    return subprocess.run(
        ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, **path, "RULES": "my_rules", **values},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_its_steps_mark_the_line(tmp_path: Path) -> None:
    """The case of these rules fails."""
    write_rules(tmp_path / "work" / "my_rules")
    validated, tested = (run_step(name, tmp_path / "work") for name in ("validate", "test"))

    assert (validated.returncode, validated.stderr, tested.returncode, tested.stderr) == (0, "", 1, "")
    assert "::warning file=my_rules/findings.yaml,line=15," in validated.stdout
    assert "::error file=my_rules/nose.cases.yaml,line=1," in tested.stdout


def test_its_last_step_fails_on_a_patient_who_becomes_less_urgent_and_says_who(tmp_path: Path) -> None:
    pytest.importorskip("z3")
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main"]
    base, work, summary = tmp_path / "base", tmp_path / "work", tmp_path / "summary.md"
    write_rules(base / "my_rules")
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "rules"], ["clone", "-q", str(base), str(work)]):
        subprocess.run([*git, *words], cwd=base, check=True, timeout=60)
    values = {"BASE": "main", "FAIL_ON": "less-urgent", "GITHUB_STEP_SUMMARY": str(summary)}

    same = run_step("diff against the base branch", work, **values)
    file = work / "my_rules" / "nose.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("when: haematoma,", "when: {all: [haematoma, bleeding]},", 1), encoding="utf-8"
    )
    other = run_step("diff against the base branch", work, **values)

    assert (same.returncode, same.stderr) == (0, "")
    assert (other.returncode, other.stderr) == (1, "")
    assert "patient: septal haematoma" in other.stdout
    assert summary.read_text(encoding="utf-8") == same.stdout + other.stdout


def test_the_hooks_are_what_pre_commit_wants() -> None:
    assert all({"id", "name", "entry", "language"} <= set(hook) for hook in HOOKS)
    assert all(hook["language"] == "python" and hook["pass_filenames"] is False for hook in HOOKS)
    assert len({hook["id"] for hook in HOOKS}) == len(HOOKS)


def test_what_a_hook_installs_besides_is_what_the_extra_asks_for() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (besides,) = [hook["additional_dependencies"] for hook in HOOKS if "additional_dependencies" in hook]

    assert set(besides) <= set(project["optional-dependencies"]["author"])


def test_the_page_shows_hooks_and_inputs_that_exist() -> None:
    examples = {
        name: yaml.safe_load(text) for name, text in re.findall(r'```yaml title="(.+?)"\n(.*?)^```$', PAGE, re.MULTILINE | re.DOTALL)
    }
    (repository,) = examples[".pre-commit-config.yaml"]["repos"]
    *_, step = examples[".github/workflows/rules.yml"]["jobs"]["rules"]["steps"]

    assert [hook["id"] for hook in repository["hooks"]] == [hook["id"] for hook in HOOKS]
    assert set(step["with"]) <= set(ACTION["inputs"])
    for name, said in ACTION["inputs"].items():
        assert re.search(rf"^\| `{name}` \|.*\| `?{re.escape(str(said['default']))}`? \|$", PAGE, re.MULTILINE)
    for hook in HOOKS:
        assert f"| `{hook['id']}` | `{hook['entry']}` |" in PAGE
