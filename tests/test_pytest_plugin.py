"""`pytest rules/` runs the cases of a rule folder, for people who keep their own rules; every other run of pytest is left alone."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import pathways
import small
from pathways.cases import read_cases

ROOT = Path(__file__).parent.parent
MET = "- {case: bleeds, given: {bleeding: yes}, expect: {lowest: urgent, highest: immediate, services: [ent]}}\n"
NOT_MET = "- {case: bled, given: {bleeding: yes, choking: no, examined: no}, expect: {urgency: none, services: [ent]}}\n"
EAR = small.FILES["nose.yaml"].replace("pathway: nose", "pathway: ear")


def run(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """pytest with the plugin, as a process; installed or not."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(pathways.__file__).parent.parent), "COLUMNS": "80"}
    command = [sys.executable, "-m", "pytest", "-p", "pytest_pathways", "-p", "no:cacheprovider", *words]
    return subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, timeout=120, check=False)


def write(folder: Path, **cases: str) -> None:
    """The smallest rule folder with a second pathway, and these case files."""
    rules = small.write(folder, ear=EAR)
    for name, text in cases.items():
        (rules / f"{name}.cases.yaml").write_text(text, encoding="utf-8")


def test_every_case_is_a_test_and_fails_side_by_side(tmp_path: Path) -> None:
    write(tmp_path, nose=MET + NOT_MET, ear=MET)
    done = run(tmp_path, "rules", "-v")

    assert done.returncode == 1
    assert [line.partition(" ")[0] for line in done.stdout.splitlines() if "::" in line and "%]" in line] == [
        "rules/ear.cases.yaml::bleeds",
        "rules/nose.cases.yaml::bleeds",
        "rules/nose.cases.yaml::bled",
    ]
    assert (
        """\
rules/nose.cases.yaml:2:4: failed: bled
           expected                           decided
  urgency  none                               urgent
  rules responsible
    holds          bleed, rules/nose.yaml:8:3
"""
        in done.stdout
    )
    assert "Traceback" not in done.stdout
    assert "1 failed, 2 passed" in done.stdout


def test_one_case_can_be_run_by_its_name(tmp_path: Path) -> None:
    write(tmp_path, nose=MET + NOT_MET, ear=MET)

    assert "1 passed" in run(tmp_path, "rules/nose.cases.yaml::bleeds").stdout
    assert "1 passed, 2 deselected" in run(tmp_path, "rules", "-k", "ear and bleeds").stdout


def test_pytest_reports_the_line_of_the_case(tmp_path: Path) -> None:
    write(tmp_path, nose=MET + NOT_MET)
    run(tmp_path, "rules", "--junitxml", "report.xml", "-o", "junit_family=xunit1")

    assert 'name="bled" file="rules/nose.cases.yaml" line="1"' in (tmp_path / "report.xml").read_text(encoding="utf-8")  # counted from 0


@pytest.mark.parametrize("fault", ["rules", "cases"])
def test_a_folder_that_does_not_load_is_one_error_with_its_remarks(tmp_path: Path, fault: str) -> None:
    write(tmp_path, nose=MET, ear=MET if fault == "rules" else MET.replace("bleeding", "bleedin"))
    if fault == "rules":
        (tmp_path / "rules" / "ear.yaml").write_text(EAR.replace("when: clot", "when: clott"), encoding="utf-8")
    done = run(tmp_path, "rules")

    assert done.returncode == 2
    assert f"rules/ear{'' if fault == 'rules' else '.cases'}.yaml:" in done.stdout
    assert f"  help: did you mean `{'clot' if fault == 'rules' else 'bleeding'}`?\n1 error, 0 warnings\n" in done.stdout
    assert "Traceback" not in done.stdout
    assert done.stdout.count("did you mean") == 1
    assert "1 error in" in done.stdout


def test_other_files_are_left_alone_and_nothing_is_imported_for_them(tmp_path: Path) -> None:
    (tmp_path / "data.cases.yaml").write_text("- case: something else\n", encoding="utf-8")
    (tmp_path / "test_app.py").write_text("import sys\n\ndef test_app():\n    assert 'pathways' not in sys.modules\n", encoding="utf-8")
    done = run(tmp_path)

    assert done.returncode == 0, done.stdout
    assert "collected 1 item" in done.stdout


def test_the_shipped_cases_run_so(tmp_path: Path) -> None:
    name = "nasal_foreign_body"
    count = sum(case.pathway == name for case in read_cases(ROOT / "rules", pathways.load(ROOT / "rules")))
    done = run(ROOT, f"rules/{name}.cases.yaml")

    assert (done.returncode, count > 100) == (0, True), done.stdout
    assert f"{count} passed" in done.stdout


def test_the_case_files_of_these_tests_are_not_run() -> None:
    assert "no tests collected" in run(ROOT, "tests/bedside_rules", "--collect-only").stdout


def test_whoever_installs_the_package_has_the_plugin() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert project["project"]["entry-points"]["pytest11"] == {"pytest_pathways": "pytest_pathways"}
    assert "src/pytest_pathways.py" in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert [one for one in project["project"]["dependencies"] if "pytest" in one] == []
