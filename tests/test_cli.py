"""Each command does what its help says; exit status and streams are kept apart; no traceback for what a user can cause."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import pathways
import small
from bedside import write_rules
from pathways.cli import COMMANDS, cli
from pathways.cli.completion import VARIABLE
from pathways.cli.shells import CLASSES
from pathways.codes import CODES

Run = Callable[..., Result]
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rules(tmp_path_factory.mktemp("rules") / "bedside")


@pytest.fixture(scope="module")
def run(rules: Path) -> Run:
    def _run(*words: str, typed: str | bytes = "", with_rules: bool = True) -> Result:
        result = CliRunner().invoke(cli, [*words, *(["--rules", str(rules)] if with_rules else [])], input=typed)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return result

    return _run


DANGERS = ("--given", "airway=no", "--given", "shock=no")
HEAD = "! DRAFT, not approved; site not configured; reconstructed, not the local pathway"


# -- triage ----------------------------------------------------------------------------------------------------------


def test_given_answers_are_decided_without_asking(run: Run) -> None:
    result = run("triage", "nose", *DANGERS, "--given", "drip=yes", "--arrived", "now")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{HEAD}\nCertain: WITHIN 1 HOUR\n")
    assert "CALL NOW: ENT on call" in result.stdout
    assert "Draft. No clinician" in result.stdout


def test_no_level_is_printed_before_the_danger_signs_are_given(run: Run) -> None:
    result = run("triage", "nose", "--given", "drip=yes")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{HEAD}\nNOT YET TRIAGED: danger signs first (2 to go)\n")
    assert "Look for these first" in result.stdout
    assert "1 HOUR" not in result.stdout


@pytest.mark.parametrize(
    ("words", "value"),
    [("age_years=7w", 0.13), ("age_years=4y 3m", 4.25), ("systolic=84/50", 84), ("minutes=40 min", 40), ("minutes=1h", 60)],
)
def test_a_number_may_be_given_as_it_is_said(run: Run, words: str, value: float) -> None:
    given = json.loads(run("triage", "nose", "--given", words, "--json").stdout)["presentation"][words.partition("=")[0]]
    assert float(given["decimal"] if isinstance(given, dict) else given) == value


def test_a_danger_sign_that_was_answered_is_not_listed_among_those_that_nobody_could_answer(run: Run) -> None:
    words = ["airway_compromise=no", "shock_signs=no", "reduced_consciousness=no", "foreign_body_seen=yes", "foreign_body_kind=bead"]
    given = [word for name in (*words, "breathing_difficulty=yes") for word in ("--given", name)]
    text = run("triage", "nasal_foreign_body", *given, with_rules=False).stdout
    assert "Certain: IMMEDIATE" in text
    assert "Still open" in text
    assert "nobody could answer" not in text
    unseen = {"nasal_bleeding_now": True, "airway_compromise": {"unknown": "unable-to-assess"}}
    unseen |= dict.fromkeys(("breathing_difficulty", "shock_signs", "reduced_consciousness"), False)
    asked = run("triage", "epistaxis", "--input", "-", typed=json.dumps(unseen), with_rules=False).stdout
    assert "For the danger signs that nobody could answer" in asked


@pytest.mark.parametrize(
    ("pathway", "given", "why"),
    [
        ("epistaxis", ("age_years=1.5",), "nosebleed under 2 years"),
        ("nose_trauma", ("age_years=8m",), "under 1 year, or not yet walking"),
        ("nose_trauma", ("age_years=2", "new_nasal_deformity=yes"), "1 or 2 years old, nose newly bent"),
        ("nose_trauma", ("age_years=1.5", "bleeding_stopped=yes"), "nose bled or bleeds, under 2 years"),
    ],
)
def test_why_paediatrics_is_called_for_a_small_child_stands_on_the_page_and_safeguarding_does_not(
    run: Run, pathway: str, given: tuple[str, ...], why: str
) -> None:
    dangers = ("airway_compromise=no", "breathing_difficulty=no", "shock_signs=no", "reduced_consciousness=no")
    text = run("triage", pathway, *(word for name in (*dangers, *given) for word in ("--given", name)), with_rules=False).stdout
    assert "CALL NOW: paediatrics on call" in text
    assert f"  - {why}" in text
    assert "safeguarding" not in text


def test_what_is_for_professionals_only_can_be_printed_apart(run: Run) -> None:
    words = ("triage", "nose", *DANGERS, "--given", "concern=yes", "--given", "age_years=9m")
    assert "Follow the local procedure." not in run(*words).stdout
    text = run(*words, "--for", "professional").stdout
    assert text.startswith(f"{HEAD}\nFor professionals only - do not hand to family\n  - Follow the local procedure.\n")
    assert run("triage", "nose", *DANGERS, "--given", "concern=no", "--for", "professional").stdout == (
        "Nothing here is for professionals only.\n"
    )
    assert "--json holds everything" in run(*words, "--for", "professional", "--json").stderr
    assert "--json holds no times of the day" in run(*words, "--arrived", "02:25", "--json").stderr


def test_json_is_the_decision(run: Run, rules: Path) -> None:
    result = run("triage", "nose", *DANGERS, "--given", "bleeding=yes", "--json")
    decision = pathways.load(rules).decide({"airway": False, "shock": False, "bleeding": True}, ["nose"])
    assert result.exit_code == 0
    assert result.stdout == decision.to_json() + "\n"
    assert result.stderr == ""


def test_input_is_json_from_a_file_or_the_standard_input(run: Run, tmp_path: Path) -> None:
    known = '{"airway": "no", "shock": false, "bleeding": true, "age_years": 7}'
    file = tmp_path / "patient.json"
    file.write_text(known, encoding="utf-8")
    there, here = run("triage", "nose", "--input", str(file), "--json"), run("triage", "nose", "--input", "-", "--json", typed=known)
    assert there.exit_code == here.exit_code == 0
    assert there.stdout == here.stdout
    assert json.loads(here.stdout)["presentation"] == {"age_years": 7, "airway": False, "bleeding": True, "shock": False}


def test_input_and_given_are_one_presentation_unless_they_differ(run: Run) -> None:
    same = run("triage", "nose", "--input", "-", "--given", "age_years=7", "--json", typed='{"age_years": 7}')
    assert same.exit_code == 0
    other = run("triage", "nose", "--input", "-", "--given", "age_years=8", "--json", typed='{"age_years": 7}')
    assert (other.exit_code, other.stdout) == (2, "")
    assert other.stderr == (
        "presentation: error[given-twice]: `age_years` is given in the input and by --given, with different values\n  help: give it once\n"
    )
    assert run("triage", "nose", "--given", "airway=no", "--given", "airway=yes").exit_code == 2


def test_who_is_not_covered_has_a_status_of_its_own(run: Run) -> None:
    result = run("triage", "infant", *DANGERS, "--given", "age_years=30")
    assert result.exit_code == 3
    assert "NOT COVERED" in result.stdout
    assert run("triage", "infant", *DANGERS, "--given", "age_years=30", "--json").exit_code == 3


def test_the_site_is_a_file_of_its_own(run: Run, tmp_path: Path) -> None:
    site = tmp_path / "here.site.yaml"
    site.write_text("site: here\ntitle: Here\nfacts: {ent_on_site: no}\n", encoding="utf-8")
    result = run("triage", "nose", *DANGERS, "--given", "bleeding=yes", "--site", str(site))
    assert result.exit_code == 0
    assert "Transfer to a hospital with ENT." in result.stdout
    assert "Site not configured" not in result.stdout
    assert run("triage", "nose", "--given", "bleeding=yes", "--site", str(tmp_path / "none.yaml")).exit_code == 2


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("--given", "bleding=yes"), "", "did you mean `bleeding`?"),
        (("--given", "bleeding=maybe"), "", "`bleeding` is a yes/no finding, and `maybe` was given"),
        (("--given", "age_years=130"), "", "`age_years` ranges from 0 to 120 years, and"),
        (("--given", "age_years=old"), "", "`age_years` is a number, and `old` was given"),
        (("--given", "age_years=NaN"), "", "`age_years` is a number"),
        (("--given", "age_years=1e400"), "", "`age_years` is a number"),
        (("--given", "bleeding=yes", "--given", "stopped=yes"), "", "nothing was decided"),
        (("--input", "-"), '{"age_years": NaN}', "`age_years` is a number, and `NaN` was given"),
        (("--input", "-"), '{"age_years": 1e400}', "`age_years` is a number"),
        (("--input", "-"), '{"fever": true, "fever": false}', "`fever` is given twice"),
        (("--input", "-"), "[" * 200_000, "more than 32 levels of brackets"),
        (("--input", "-"), "[]", "a presentation is an object of findings and values"),
        (("--input", "-"), b"\xff", "byte 0 is not UTF-8"),
        (("--input", "-"), "{", "not JSON"),
        (("--input", "-"), " " * 1_000_001, "more than 1,000,000 bytes"),
    ],
)
def test_a_refusal_is_one_clear_message_and_no_decision(run: Run, words: tuple[str, ...], typed: str | bytes, said: str) -> None:
    for more in ((), ("--json",)):
        result = run("triage", "nose", *words, *more, typed=typed)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert said in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("triage", "noose", "--json"), "did you mean `nose`?"),
        (("triage", "nose", "nose", "--json"), "a pathway is asked twice"),
        (("triage", "--json"), "name a pathway"),
        (("triage",), "name a pathway"),
        (("triage", "nose", "--given", "bleeding"), "write FINDING=VALUE"),
        (("triage", "nose", "--arrived", "soon", "--given", "bleeding=no"), "a time on the 24-hour clock"),
        (("triage", "nose", "--input", "."), "is a folder"),
        (("triage", "nose", "--input", "no-such-file"), "no such file"),
        (("triage", "nose", "--input", "a\x1b[2J"), "<U+001B>[2J"),
        (("explain", "nose", "--why-not", "imediate"), "did you mean `immediate`?"),
        (("show", "noose"), "did you mean `nose`?"),
        (("show", "nose", "dripp"), "did you mean `drip`?"),
        (("replay", "."), "is a folder"),
    ],
)
def test_what_cannot_be_run_says_why(run: Run, words: tuple[str, ...], said: str) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_a_pipe_is_refused_and_not_waited_for(run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for words in (("triage", "nose", "--input"), ("triage", "nose", "--json", "--site"), ("replay",)):
        result = run(*words, str(tmp_path / "pipe"))
        assert result.exit_code == 2
        assert "not a regular file" in result.stderr


# -- explain, replay -------------------------------------------------------------------------------------------------


def test_explain_names_the_answers_and_the_smallest_change(run: Run) -> None:
    result = run("explain", "nose", *DANGERS, "--given", "bleeding=yes", "--given", "drip=no", "--why-not", "within_1_hour")
    assert result.exit_code == 0
    text = " ".join(result.stdout.split())
    assert "These rules hold - nose bleeds now (URGENT; agreed table: r-1) [nose/bleeding]" in text
    assert "A smallest set of answers that fixes this" in text
    assert "Why not WITHIN 1 HOUR - airway at risk (IMMEDIATE) [red_flags/airway] failed: would need airway at risk" in text
    assert "The smallest change that would reach WITHIN 1 HOUR - airway at risk (now: no: airway at risk)" in text


def test_explain_says_what_is_certain_already_and_what_nobody_reaches(run: Run) -> None:
    words = ("--given", "age_years=0.5", "--given", "bleeding=no")
    text = run("explain", "infant", *DANGERS, *words, "--why-not", "gp_if_persists", "--why-not", "within_1_hour").stdout
    assert "Why not GP IF PERSISTS\n  - it is certain already\n" in text
    assert "Why not WITHIN 1 HOUR\n" in text
    assert run("explain", "nose", "--given", "bleeding=no").stdout.startswith(f"{HEAD}\nNOT YET TRIAGED: danger signs first (2 to go)\n")


def test_explain_shows_the_nearest_rules_unless_all_are_wanted(run: Run) -> None:
    """Of a shipped pathway some 170 rules may hold before the first answer; nobody reads them."""
    few, many = (run("explain", "epistaxis", "--why-not", "immediate", *more, with_rules=False).stdout for more in ((), ("--all",)))

    assert len(few.splitlines()) < 60
    assert len(many.splitlines()) > 200
    assert "--all" not in many
    assert re.search(
        r"These rules may hold, nearest first\n  - airway at risk .*? and \d+ more: `explain --all` names them\n\n", few, re.DOTALL
    )
    assert re.search(
        r"Why not IMMEDIATE\n  - airway at risk .*? and \d+ more: `explain --all` names them\nThe smallest change", few, re.DOTALL
    )
    assert set(re.findall(r"\[\S+/\S+\]", few)) < set(re.findall(r"\[\S+/\S+\]", many))


def test_replay_reproduces_or_names_what_differs(run: Run, tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    record.write_text(run("triage", "nose", *DANGERS, "--json").stdout, encoding="utf-8")
    same = run("replay", str(record))
    assert (same.exit_code, same.stdout) == (0, "reproduced\n")
    record.write_text(record.read_text(encoding="utf-8").replace('"highest":"within_1_hour"', '"highest":"immediate"'), encoding="utf-8")
    other = run("replay", str(record))
    assert other.exit_code == 1
    assert other.stdout == 'urgency.highest: recorded "immediate", now "within_1_hour"\nnot reproduced: 1 difference\n'
    record.write_text("{}", encoding="utf-8")
    assert (run("replay", str(record)).exit_code, run("replay", str(record)).stdout) == (2, "")


# -- reading and checking --------------------------------------------------------------------------------------------


def test_list_names_each_pathway_and_its_complaint(run: Run) -> None:
    assert run("list").stdout.startswith(
        "! DRAFT, not approved; site not configured\n"
        "infant  Infant with a cold: blocked nose under one year\n"
        "nose    Bumped nose (reconstructed, not the local pathway): a blow to the nose\n"
    )


def test_list_names_the_findings_with_what_may_be_answered(run: Run) -> None:
    everything, some = run("list", "--findings").stdout, run("list", "--findings", "infant").stdout
    assert "bleeding: " in everything
    assert "[none or warfarin" in " ".join(everything.split())
    assert "[0 to 120 years]" in some
    assert "thinner" not in some
    wrong = run("list", "infant")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "`pathways list --findings infant` its findings" in " ".join(wrong.stderr.split())


def test_show_puts_what_narrows_first_and_then_the_most_urgent(run: Run) -> None:
    text = run("show", "nose").stdout
    places = [text.index(f"[{rule}]") for rule in ("week", "drip", "bleeding", "older", "lump", "nothing", "airway")]
    assert places == sorted(places)
    assert "NARROWS r-1" in text
    assert "! Reconstructed, not the local pathway." in text
    assert "Otherwise: no other rule of this pathway holds" in text


def test_show_says_whom_it_is_for_what_it_adds_and_what_is_not_encoded(run: Run) -> None:
    infant = run("show", "infant").stdout
    assert "applies only if: age under 1 years" in infant
    assert "then: the rules of nose are added" in infant
    assert "G2: needs a scan that nobody has at the bedside" in run("show", "nose").stdout
    assert "transfer" not in infant
    assert "Transfer to a hospital with ENT. [only where ent_on_site: no]" in run("show", "nose").stdout


def test_a_handover_is_a_reason(run: Run) -> None:
    words = ("--given", "age_years=0.5", "--given", "bleeding=yes", "--given", "lump=yes")
    assert "bumped as well (adds nose; our interpretation: G1)" in run("triage", "infant", *DANGERS, *words).stdout


def test_show_one_rule_says_what_its_findings_mean(run: Run) -> None:
    text = run("show", "nose", "thinned").stdout
    assert "basis: agreed table: r-1" in text
    assert "- thinner: blood thinner - the first" in text
    assert "place: bedside/nose.yaml:" in text


def test_validate_gives_every_remark_with_its_place(run: Run, rules: Path, tmp_path: Path) -> None:
    good = run("validate", str(rules), with_rules=False)
    assert good.exit_code == 0
    assert good.stdout.endswith("0 errors, 2 warnings\n")
    bad = write_rules(tmp_path / "bad")
    nose = bad / "nose.yaml"
    nose.write_text(
        nose.read_text(encoding="utf-8").replace("when: drip", "when: drp").replace("basis: evidence", "basis: belief"), encoding="utf-8"
    )
    wrong = run("validate", str(bad), with_rules=False)
    assert wrong.exit_code == 1
    assert "bad/nose.yaml:" in wrong.stdout
    assert "did you mean `drip`?" in wrong.stdout
    refused = CliRunner().invoke(cli, ["triage", "nose", "--json", "--rules", str(bad)])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "did you mean `drip`?" in refused.stderr
    assert run("validate", str(tmp_path / "none"), with_rules=False).exit_code == 2
    assert run("validate", str(bad / "nose.yaml"), with_rules=False).exit_code == 2


def test_test_says_which_case_failed_and_how(run: Run, rules: Path) -> None:
    result = run("test", str(rules), with_rules=False)
    assert result.exit_code == 1
    assert "failed: bleeds now" in result.stdout
    assert "  urgency  urgent                             urgent to within_1_hour\n" in result.stdout
    assert result.stdout.endswith("1 case, 0 passed, 1 failed\n")


def test_schema_prints_one_or_all(run: Run) -> None:
    one = json.loads(run("schema", "pathway", with_rules=False).stdout)
    assert one["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads(run("schema", with_rules=False).stdout)["pathway"] == one
    wrong = run("schema", "pathwya", with_rules=False)
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "did you mean `pathway`?" in wrong.stderr


def test_remark_lists_the_codes_or_explains_one(run: Run) -> None:
    assert run("remark", "off-resolution", with_rules=False).stdout == (
        "off-resolution: a limit lies between two values that can be measured\n"
        "It is no multiple of the resolution of the finding.\n"
        "why it matters: Nobody can enter a value at the limit, so no case can test it.\n"
        "the cure: Write one of the two neighbours that the remark names, or correct the\n"
        "          resolution.\n"
    )
    listed = run("remark", with_rules=False).stdout
    assert [code for code in CODES if f"\n  {code} " not in listed] == []
    wrong = run("remark", "dead-rul", with_rules=False)
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "did you mean `dead-rule`?" in wrong.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(run: Run, shell: str) -> None:
    result = run("completion", shell, with_rules=False)
    assert result.exit_code == 0
    assert "_PATHWAYS_COMPLETE" in result.stdout


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("pathways triage n", ["nose"]),
        ("pathways triage nose --given st", ["streaks=", "stopped="]),
        ("pathways triage nose --given stopped=", ["stopped=yes", "stopped=no", "stopped=unknown"]),
        ("pathways triage nose --given thinner=w", ["thinner=warfarin"]),
        ("pathways show nose dri", ["drip"]),
        ("pathways schema pa", ["pathway"]),
        ("pathways remark dead", ["dead-rule"]),
        ("pathways explain nose --why-not im", ["immediate"]),
    ],
)
def test_pathways_rules_and_findings_complete(rules: Path, words: str, completed: list[str]) -> None:
    from click.shell_completion import ZshComplete

    first, *others = words.split()
    last = others.pop()
    found = ZshComplete(cli, {}, first, "_PATHWAYS_COMPLETE").get_completions([others[0], "--rules", str(rules), *others[1:]], last)
    if others[0] in ("schema", "remark"):
        found = ZshComplete(cli, {}, first, "_PATHWAYS_COMPLETE").get_completions(others, last)
    assert [item.value for item in found] == completed


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("approve {rules} --role s", ["surgeon"]),
        ("approve {rules} --pathway n", ["nose"]),
        ("approve --role s", ["surgeon"]),  # in the folder here
        ("test {rules} --only n", ["nose"]),
        ("check --only P3", ["P3", "P3r"]),
        ("check --allow-undecided P7", ["P7a", "P7b"]),
        ("report --without m", ["mutants"]),
    ],
)
def test_what_a_command_for_authors_is_about_completes_from_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, completed: list[str]
) -> None:
    from click.shell_completion import ZshComplete

    rules = small.write(
        tmp_path,
        ("ruleset.yaml", "services: {ent", "roles: {surgeon: {means: operates}, nurse: {means: nurses}}\nservices: {ent"),
        ("nose.yaml", "review_by: 2027-01-01", "review_by: 2027-01-01\nmust_sign: [surgeon, nurse]"),
    )
    monkeypatch.chdir(rules)

    *given, last = words.format(rules=rules).split()

    assert [item.value for item in ZshComplete(cli, {}, "pathways", VARIABLE).get_completions(given, last)] == completed


@pytest.mark.parametrize("words", ["triage nose --input", "triage nose --site", "replay"])
def test_a_file_completes_as_files_do(words: str) -> None:
    from click.shell_completion import ZshComplete

    assert [item.type for item in ZshComplete(cli, {}, "pathways", VARIABLE).get_completions(words.split(), "rec")] == ["file"]


@pytest.mark.parametrize(
    ("words", "replaces"),
    [
        (["triage", "epistaxis", "--given", "nasal_bl"], ["nasal_bleeding_now="]),
        (["triage", "epistaxis", "--given", "nasal_bleeding_now", "="], ["yes", "no", "unknown"]),
        (["triage", "epistaxis", "--given", "nasal_bleeding_now", "=", "y"], ["yes"]),
        (["triage", "epistaxis", "--given", "nasal_bleeding_now=y"], ["nasal_bleeding_now=yes"]),  # `=` breaks no words here
        (["triage", "epistaxis", "--given", "fever", "=", "no", "--given", "anticoagulant", "=", "w"], ["warfarin"]),
        (["triage", "epi"], ["epistaxis"]),
    ],
)
def test_bash_completes_the_word_that_it_takes_for_one(monkeypatch: pytest.MonkeyPatch, words: list[str], replaces: list[str]) -> None:
    monkeypatch.setenv("COMP_WORDS", "\n".join(["pathways", *words]))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    shell = CLASSES["bash"](cli, {}, "pathways", VARIABLE)

    assert shell.complete().splitlines() == [f"plain,{word}" for word in replaces]
    assert "[[ $value == *= ]] && compopt -o nospace" in shell.source_template


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(run: Run, name: str) -> None:
    result = run(name, "--help", with_rules=False)
    assert result.exit_code == 0
    assert "Example" in result.stdout
    assert f"pathways {name}" in result.stdout


ASKS = ("pathways triage", "pathways watch rules")  # stay until they are ended: `test_cli_terminal` and `test_watching` hold them
LONG = ("release", "verify")  # minutes with these rules: `test_release` runs their examples with fewer


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the examples name, and the command `pathways`."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "rules", folder / "rules")
    shutil.copytree(ROOT / "rules", folder / "old_rules")
    with zipfile.ZipFile(folder / "new.whl", "w") as wheel:
        for file in (ROOT / "rules").glob("*.yaml"):
            wheel.write(file, f"pathways/rules/{file.name}")
    author = ["-c", "user.name=author", "-c", "user.email=author@localhost"]
    for arguments in (["init", "-q", "-b", "main"], ["add", "rules"], [*author, "commit", "-qm", "rules"], ["tag", "v1.2"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)  # noqa: S607
    (folder / "patient.json").write_text('{"age_years": 7, "fever": "no"}', encoding="utf-8")
    command = folder / "pathways"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m pathways "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return folder


def examples(name: str) -> list[str]:
    """The lines of the examples of a command's help."""
    epilog = command_of(name).epilog or ""
    return [line.strip() for line in epilog.splitlines() if "pathways " in line]


def command_of(name: str) -> click.Command:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    return command


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_of_the_help_run(desk: Path, name: str) -> None:
    lines = [line for line in examples(name) if line not in ASKS and name not in LONG]
    environment = {**os.environ, "PATH": f"{desk}:{os.environ['PATH']}", "PYTHONPATH": str(Path(pathways.__file__).parent.parent)}
    done = subprocess.run(
        ["/bin/bash", "-ec", "\n".join(lines)], cwd=desk, env=environment, text=True, capture_output=True, timeout=300, check=False
    )

    assert lines or name in ("watch", *LONG)
    assert (done.returncode, done.stderr) == (0, "")


def table() -> dict[str, list[tuple[str, str]]]:
    """The README's table of commands: name → (what is typed, what it does)."""
    rows: dict[str, list[tuple[str, str]]] = {}
    for typed, does in re.findall(r"^\| `pathways ([^`|]+)` \| (.+) \|$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE):
        rows.setdefault(typed.split()[0], []).append((typed, does))
    return rows


def test_the_readme_has_a_row_for_every_command() -> None:
    assert set(table()) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_and_the_help_name_the_same_arguments_and_options(name: str) -> None:
    """What a row types exists, and what a command takes stands in its row; what several take stands below the table."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    below = text[text.index("## Command line") : text.index("## Rules that narrow")].split("|\n\n")[-1]
    row = " ".join(f"{typed} {does}" for typed, does in table()[name])
    options = {one for param in command_of(name).params if isinstance(param, click.Option) for one in param.opts}
    arguments = {str(param.name).upper() for param in command_of(name).params if isinstance(param, click.Argument)}
    values = {str(param.metavar).split("=")[0] for param in command_of(name).params if isinstance(param, click.Option)}

    assert set(re.findall(r"--[a-z-]+", row)) <= options
    assert options <= set(re.findall(r"--[a-z-]+", row + below))
    assert arguments <= set(re.findall(r"[A-Z]{2,}", row))
    assert set(re.findall(r"\b[A-Z]{4,}\b", " ".join(typed for typed, _ in table()[name]))) <= arguments | values | {"VALUE"}


def test_help_is_never_cut_short(run: Run) -> None:
    assert "..." not in run("--help", with_rules=False).stdout.replace("[ARGS]...", "")


def test_a_near_command_is_named(run: Run) -> None:
    result = run("triag", with_rules=False)
    assert result.exit_code == 2
    assert "`triag` is not a command: did you mean `triage`?" in result.stderr


# -- as a process ----------------------------------------------------------------------------------------------------


def process(*words: str, env: dict[str, str] | None = None, then: str = "", typed: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pathways", *words]
    if then:
        quoted = " ".join(f"'{word}'" for word in command)
        return subprocess.run(
            ["/bin/bash", "-c", f"set -o pipefail; {quoted} {then}"], text=True, capture_output=True, timeout=60, check=False, env=env
        )
    return subprocess.run(command, text=True, capture_output=True, timeout=60, check=False, input=typed or "", env=env)


def test_the_version_is_said(run: Run) -> None:
    assert process("--version").stdout == f"ent-pathways {pathways.__version__}\n"


def test_it_decides_with_no_home_and_an_ascii_locale(rules: Path) -> None:
    bare = {key: value for key, value in os.environ.items() if key.startswith("COVERAGE")} | {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    result = process("triage", "nose", "--given", "bleeding=yes", "--rules", str(rules), env=bare)
    assert (result.returncode, result.stderr) == (0, "")


def test_a_reader_that_has_left_is_no_traceback(rules: Path) -> None:
    result = process("show", "nose", "--rules", str(rules), then="| true")
    assert result.returncode in (0, 141)  # who reads may end before or after the last word
    assert result.stderr == ""


GIVEN = {
    "a misspelt finding": (["--given", "bleding=yes"], None, "presentation: error[unknown-finding]: `bleding` is not a finding\n  help: did you mean `bleeding`?"),
    "a finding that none is near": (["--given", "toothache=yes"], None, "presentation: error[unknown-finding]: `toothache` is not a finding\n  help: `pathways list --findings` names them all"),
    "a word for a number": (["--given", "age_years=old"], None, "presentation: error[wrong-kind]: `age_years` is a number, and `old` was given"),
    "a number for yes or no": (["--given", "bleeding=7"], None, "presentation: error[wrong-kind]: `bleeding` is a yes/no finding, and `7` was given"),
    "a value that the choice has not": (["--given", "thinner=heparin"], None, "presentation: error[unknown-value]: `thinner` has other values, and `heparin` was given"),
    "nothing": (["--given", "bleeding="], None, "presentation: error[wrong-kind]: `bleeding` is a yes/no finding, and `` was given"),
    "too high": (["--given", "age_years=121"], None, "presentation: error[out-of-range]: `age_years` ranges from 0 to 120 years, and `121` was given"),
    "below nothing": (["--given", "age_years=-1"], None, "presentation: error[out-of-range]: `age_years` ranges from 0 to 120 years, and `-1` was given"),
    "answers that exclude each other": (["--given", "bleeding=yes", "--given", "stopped=yes"], None, "presentation: error[contradiction]: `bleeding` and `stopped` cannot be as given"),
    "NaN": (["--given", "age_years=NaN"], None, "presentation: error[wrong-kind]: `age_years` is a number, and `NaN` was given"),
    "infinity": (["--given", "age_years=inf"], None, "presentation: error[wrong-kind]: `age_years` is a number, and `inf` was given"),
    "1e400": (["--given", "age_years=1e400"], None, "presentation: error[wrong-kind]: `age_years` is a number, and `1e400` was given"),
    "twice, differently": (["--given", "age_years=7", "--given", "age_years=8"], None, "presentation: error[given-twice]: `age_years` is given twice"),
    "twice, the same": (["--given", "age_years=7", "--given", "age_years=7"], None, "presentation: error[given-twice]: `age_years` is given twice"),
    "a misspelt finding in JSON": (["--input", "-"], '{"bleding": true}', "presentation: error[unknown-finding]: `bleding` is not a finding"),
    "a word for a number in JSON": (["--input", "-"], '{"age_years": "old"}', "presentation: error[wrong-kind]: `age_years` is a number, and `old` was given"),
    "out of range in JSON": (["--input", "-"], '{"age_years": 121}', "presentation: error[out-of-range]: `age_years` ranges from 0 to 120 years, and `121` was given"),
    "NaN in JSON": (["--input", "-"], '{"age_years": NaN}', "presentation: error[wrong-kind]: `age_years` is a number, and `NaN` was given"),
    "1e400 in JSON": (["--input", "-"], '{"age_years": 1e400}', "presentation: error[wrong-kind]: `age_years` is a number, and `1e400` was given"),
    "twice in JSON": (["--input", "-"], '{"bleeding": true, "bleeding": true}', "input: error[duplicate-key]: `bleeding` is given twice"),
    "brackets without end": (["--input", "-"], "[" * 200_000, "input: error[too-deep]: more than 32 levels of brackets"),
    "no JSON": (["--input", "-"], "bleeding: yes", "input:1:1: error[syntax]: not JSON"),
}  # fmt: skip


@pytest.mark.parametrize("name", GIVEN)
def test_the_program_refuses_what_cannot_be_meant_in_one_message(rules: Path, name: str) -> None:
    words, typed, wanted = GIVEN[name]
    result = process("triage", "nose", *words, "--rules", str(rules), typed=typed)

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(wanted)
    assert result.stderr.count("error[") == 1
    assert len(result.stderr.splitlines()) <= 2


@pytest.mark.parametrize("name", ["noose", "epistaxis"])
def test_the_program_refuses_an_unknown_pathway(rules: Path, name: str) -> None:
    result = process("triage", name, "--given", "bleeding=yes", "--rules", str(rules))

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(f"pathways: error[unknown-pathway]: `{name}` is not a pathway\n  help: ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("words", [["triage", "nose", "--given", "bleeding=yes", "--json"], ["list"], ["--help"], ["--version"]])
def test_a_full_disk_is_said_and_not_taken_for_success(rules: Path, words: list[str]) -> None:
    place = [] if words[0].startswith("-") else ["--rules", str(rules)]
    result = process(*words, *place, then="> /dev/full")
    assert (result.returncode, result.stderr) == (2, "could not write: no space left on device\n")


def test_a_closed_output_is_said_and_not_taken_for_success(rules: Path) -> None:
    result = process("triage", "nose", "--given", "bleeding=yes", "--json", "--rules", str(rules), then=">&-")
    assert (result.returncode, result.stderr) == (2, "could not write: the standard output is closed\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    ("words", "then"),
    [
        (("--help",), "> /dev/full"),
        (("--version",), "> /dev/full"),
        (("list",), ">&-"),
        (("triage", "nose", "--given", "bleeding=yes", "--json"), ">&-"),
        (("triage", "nose", "--input", "-"), "<&-"),
        (("triage",), "<&-"),
        (("triage",), "2> /dev/full"),
        (("triage", "nose", "--given", "bleding=yes"), "2>&-"),
        (("triage", "nose", "--given", "bleding=yes"), "2> /dev/full"),
        (("triage", "nose", "--given", "bleding=yes"), "<&- >&- 2>&-"),
    ],
)
def test_a_stream_that_is_closed_or_full_is_no_traceback_and_no_success(rules: Path, words: tuple[str, ...], then: str) -> None:
    result = process(*words, *(["--rules", str(rules)] if words[1:] else []), then=then)
    assert (result.returncode, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr


def test_cases_run_where_nobody_could_read_how_far_they_are(rules: Path) -> None:
    whole = process("test", str(rules))
    result = process("test", str(rules), then="2>&-")
    assert (result.returncode, result.stdout) == (whole.returncode, whole.stdout)
    assert result.stdout


def test_what_is_typed_cannot_steer_the_terminal_when_it_comes_back() -> None:
    for words in (("show",), ("triage", "nose", "--given"), ("explain", "nose", "--why-not"), ("schema",), ("remark",), ()):
        result = process(*words, "a\x1b[2J\u202eb")
        assert result.returncode == 2
        assert "a<U+001B>[2J<U+202E>b" in result.stderr


def test_text_of_rules_cannot_steer_the_terminal() -> None:
    from pathways.reports import visible

    steering = "".join(map(chr, [*range(32), *range(0x7F, 0xA0), 0x200B, 0x202E, 0x2066, 0xFEFF, 0xD800]))
    assert all(character.isprintable() for character in visible(steering))
    assert visible("URGENT\x1b[2K\rroutine") == "URGENT<U+001B>[2K<U+000D>routine"
    assert visible("[bold]*x*~~y~~ :smile: <b>") == "[bold]*x*~~y~~ :smile: <b>"
