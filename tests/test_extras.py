"""Without a package of the extra `author`, each command that needs it says in one line what to install."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import small

INSTALL = 'pip install "ent-pathways[author]"'
WITHOUT = "import sys; sys.modules[sys.argv.pop(1)] = None; from pathways.cli import main; main()"
COMMANDS = (
    ("check", "."),
    ("diff", ".", "."),
    ("test", ".", "--coverage"),
    ("test", ".", "--suggest", "1"),
    ("test", ".", "--mutants"),
)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return small.write(tmp_path)


def run(rules: Path, without: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", WITHOUT, without, *arguments], cwd=rules, capture_output=True, text=True)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_without_the_solver_a_command_that_proves_says_what_to_install(rules: Path, command: tuple[str, ...]) -> None:
    ran = run(rules, "z3", *command)
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", f"Error: proofs need z3: {INSTALL}\n")


def test_without_the_watcher_watch_says_what_to_install(rules: Path) -> None:
    ran = run(rules, "watchfiles", "watch", ".")
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", f"Error: `watch` needs watchfiles: {INSTALL}\n")


@pytest.mark.parametrize("package", ["z3", "watchfiles", "confusable_homoglyphs"])
@pytest.mark.parametrize("command", [("validate", "."), ("test", "."), ("list", "--rules", ".")], ids=" ".join)
def test_every_other_command_does_without(rules: Path, package: str, command: tuple[str, ...]) -> None:
    assert run(rules, package, *command).stderr == run(rules, "nothing", *command).stderr


@pytest.mark.parametrize("command", COMMANDS[1:], ids=" ".join)
def test_what_measures_and_compares_needs_no_table_of_letters(rules: Path, command: tuple[str, ...]) -> None:
    ran, whole = (run(rules, without, *command) for without in ("confusable_homoglyphs", "nothing"))
    assert (ran.returncode, ran.stderr) == (whole.returncode, whole.stderr)


def test_without_the_table_of_letters_check_asks_the_rest_and_says_what_it_did_not_ask(rules: Path) -> None:
    ran = run(rules, "confusable_homoglyphs", "check", ".", "--only", "P8", "--only", "P7b")
    said = " ".join(ran.stdout.split())
    assert ran.returncode == 1
    assert "P7b proved" in said
    assert "P8 not checked every name is declared once" in said
    assert f"not checked: P8, in part: names and wordings that look alike are found with confusable_homoglyphs: {INSTALL}" in said
    assert run(rules, "confusable_homoglyphs", "check", ".", "--only", "P8", "--allow-undecided", "P8").returncode == 0


def test_the_rest_of_a_property_is_asked_where_a_part_cannot_be(rules: Path) -> None:
    findings = rules / "findings.yaml"
    text = findings.read_text()
    findings.write_text(text + "  unread: {kind: yes_no, ask: is read by nobody, group: seen, worse: yes}\n")
    whole = run(rules, "nothing", "check", ".", "--only", "P8")
    ran = run(rules, "confusable_homoglyphs", "check", ".", "--only", "P8", "--allow-undecided", "P8")
    assert whole.returncode == ran.returncode
    assert whole.stdout.split("\nP8")[0] == ran.stdout.split("\nP8")[0]


def test_a_mistake_of_ours_is_none_of_the_extra(rules: Path) -> None:
    ran = run(rules, "pathways.reports.checks", "check", ".")
    assert "Traceback" in ran.stderr
