"""Which rules a command for authors takes where no folder is named, and that it says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bedside import write_rules
from pathways.cli import cli

READING = {"validate": [], "test": [], "check": ["--only", "P7b", "--jobs", "1"]}


def run(*words: str | Path) -> Result:
    result = CliRunner().invoke(cli, list(map(str, words)))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an author, who works in it; rules with a mistake lie in `rules`."""
    monkeypatch.chdir(tmp_path)
    nose = write_rules(tmp_path / "rules") / "nose.yaml"
    nose.write_text(nose.read_text(encoding="utf-8").replace("when: drip", "when: drp"), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize(("place", "said"), [(".", "./rules"), ("rules", "this folder")])
def test_the_rules_at_hand_are_read_and_named(broken: Path, monkeypatch: pytest.MonkeyPatch, command: str, place: str, said: str) -> None:
    monkeypatch.chdir(broken / place)

    result = run(command, *READING[command])

    assert (result.exit_code, result.stdout.splitlines()[0]) == (1, f"rules: {said}")
    assert "did you mean `drip`?" in result.output


@pytest.mark.parametrize("command", ["validate", "test"])
def test_without_rules_at_hand_the_shipped_ones_are_read_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.chdir(tmp_path)

    result = run(command, *(["--only", "pressure_first"] if command == "test" else []))

    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "rules: the shipped ones")


@pytest.mark.parametrize("command", READING)
def test_nothing_is_said_of_a_folder_that_was_named_and_in_no_other_format(broken: Path, command: str) -> None:
    assert "rules: ./rules" not in run(command, *READING[command], "rules").output
    assert "rules: ./rules" not in run(command, *READING[command], "--format", "github").output


def test_cases_that_are_suggested_stay_yaml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_rules(tmp_path / "rules")

    assert run("test", "--suggest", "1").stdout.startswith("# rules: ./rules\n")


@pytest.mark.parametrize("words", [["fmt"], ["new", "earache"], ["watch"]])
def test_what_writes_never_takes_the_shipped_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    monkeypatch.chdir(tmp_path)

    result = run(*words)

    assert result.exit_code == 2
    assert "neither this folder nor `rules` in it holds ruleset.yaml; name the folder of the rules" in result.stderr


@pytest.mark.parametrize("words", [["validate"], ["new", "earache"], ["list", "--rules"]])
def test_a_file_is_no_folder(tmp_path: Path, words: list[str]) -> None:
    file = tmp_path / "nose.yaml"
    file.touch()

    result = run(*words, file)

    assert result.exit_code == 2
    assert "is a file; name the folder that it lies in" in " ".join(result.stderr.split())


def test_json_stays_json(broken: Path) -> None:
    assert json.loads(run("validate", "--format", "json").stdout)["errors"] == 1


def test_a_report_is_not_written_into_a_file_called_dash(broken: Path) -> None:
    result = run("validate", "rules", "--output", "-")

    assert result.exit_code == 2
    assert "`-` is not a file; the report is printed where --output is left out" in " ".join(result.stderr.split())
    assert not (broken / "-").exists()
