"""`pathways watch`: a save is validated and tested, in a real process too; what was not saved is not read anew."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

import pathways
from bedside import write_rules
from pathways.cli.watching import Checking
from pathways.inspection import remarks_of
from pathways.watching import Desk

pexpect = pytest.importorskip("pexpect")
pytest.importorskip("watchfiles")

TODAY = date(2026, 11, 25)
SOURCE = Path(pathways.__file__).parent.parent
Edit = Callable[[str, str, str], None]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """Rules whose cases pass."""
    folder = write_rules(tmp_path / "bedside")
    (folder / "nose.cases.yaml").write_text(
        "- case: nothing\n  unmentioned: absent\n  given: {age_years: 40}\n  expect: {urgency: urgent, services: [ent]}\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def edit(rules: Path) -> Edit:
    def _edit(name: str, old: str, new: str) -> None:
        file = rules / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    return _edit


# -- what is run ------------------------------------------------------------------------------------------------------


def test_a_first_look_says_of_the_rules_what_validate_says(rules: Path) -> None:
    found = Desk(rules).validated(None, TODAY)

    of_rules = [remark for remark in remarks_of(rules, TODAY) if remark.code != "no-cases"]
    assert [str(remark) for remark in found.remarks] == [str(remark) for remark in of_rules]
    assert found.pathways == ("infant", "nose")


@pytest.mark.parametrize(
    ("saved", "concerned"),
    [
        ({"infant.yaml"}, ("infant",)),
        ({"infant.cases.yaml"}, ("infant",)),
        ({"nose.yaml"}, ("infant", "nose")),  # `infant` hands over to it
        ({"findings.yaml", "nose.yaml"}, ("infant", "nose")),
        ({"gone.yaml"}, ("infant", "nose")),
        ({"here.site.yaml"}, ("infant", "nose")),
    ],
)
def test_a_save_concerns_its_pathway_and_those_that_hand_over_to_it(rules: Path, saved: set[str], concerned: tuple[str, ...]) -> None:
    assert Desk(rules).validated(saved, TODAY).pathways == concerned


def test_what_was_not_saved_is_not_read_anew(rules: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathways import watching

    read: list[str] = []
    real = watching.read_document
    monkeypatch.setattr(watching, "read_document", lambda file, name: (read.append(file.name), real(file, name))[1])
    desk = Desk(rules)
    desk.tested(desk.validated(None, TODAY))
    assert sorted(set(read)) == sorted(read)
    assert {"nose.yaml", "nose.cases.yaml", "findings.yaml"} <= set(read)

    read.clear()
    edit("nose.yaml", "title:", "title: ")
    desk.tested(desk.validated({"nose.yaml"}, TODAY))

    assert read == ["nose.yaml"]


def test_a_dead_rule_is_found_where_it_was_saved(rules: Path, edit: Edit) -> None:
    desk = Desk(rules)
    desk.validated(None, TODAY)
    edit("nose.yaml", "when: drip", "when: {all: [drip, {drip: no}]}")

    assert [remark.code for remark in desk.validated({"nose.yaml"}, TODAY).remarks if remark.code == "dead-rule"] == ["dead-rule"]
    assert "dead-rule" not in [remark.code for remark in desk.validated({"infant.yaml"}, TODAY).remarks]


def test_broken_rules_are_remarked_upon_and_not_tested(rules: Path, edit: Edit) -> None:
    desk = Desk(rules)
    edit("nose.yaml", "title:", "titel:")

    found = desk.validated({"nose.yaml"}, TODAY)

    assert "did you mean `title`?" in [remark.help for remark in found.remarks]
    assert (found.pathways, found.ruleset, desk.tested(found)) == ((), None, ())


def test_a_file_that_is_gone_is_remarked_upon(rules: Path) -> None:
    desk = Desk(rules)
    desk.validated(None, TODAY)
    (rules / "items.yaml").unlink()

    assert [remark.code for remark in desk.validated({"items.yaml"}, TODAY).remarks] == ["cannot-read"]


# -- in a process -----------------------------------------------------------------------------------------------------

STEP = r"(validate|test|check) +(\d+\.\d\d) s  ([^\r\n]*)\r\n"


class Watching:
    """`pathways watch` on a terminal."""

    def __init__(self, rules: Path) -> None:
        environment = {key: value for key, value in os.environ.items() if key.startswith(("PATH", "PYTHON", "COVERAGE"))}
        self.process = pexpect.spawn(
            sys.executable,
            ["-m", "pathways", "watch", str(rules)],
            env={**environment, "PYTHONPATH": str(SOURCE), "TERM": "dumb"},
            encoding="utf-8",
            dimensions=(24, 200),
            timeout=60,
        )

    def step(self, name: str) -> tuple[str, str]:
        """The result of the next step, which is this one, and what was printed before it."""
        self.process.expect(STEP)
        assert self.process.match is not None
        assert self.process.match[1] == name
        return self.process.match[3], str(self.process.before)


@pytest.fixture
def watching(rules: Path) -> Iterator[Watching]:
    started = Watching(rules)
    yield started
    started.process.close(force=True)


def test_a_save_is_validated_tested_and_checked_until_ctrl_c(watching: Watching, edit: Edit) -> None:
    assert watching.step("validate")[0].startswith("0 errors, ")
    assert watching.step("test")[0] == "all: 1 case, 1 passed, 0 failed"
    assert watching.step("check")[0] in ("nothing to complain of", "see above")

    edit("nose.yaml", "title:", "titel:")
    result, said = watching.step("validate")
    assert result.startswith("1 error, ")
    assert "nose.yaml saved" in said
    assert "help: did you mean `title`?" in said

    edit("nose.yaml", "titel:", "title:")
    assert watching.step("validate")[0].startswith("0 errors, ")
    assert watching.step("test")[0] == "all: 1 case, 1 passed, 0 failed"
    watching.step("check")

    edit("nose.cases.yaml", "[ent]", "[clinic]")
    assert watching.step("validate")[0].startswith("0 errors, ")
    result, said = watching.step("test")
    assert result == "all: 1 case, 0 passed, 1 failed"
    assert "nose.cases.yaml:1:3: failed: nothing" in said

    edit("nose.cases.yaml", "urgency: urgent", "urgency: urgend")
    assert watching.step("validate")[0].startswith("0 errors, ")
    result, said = watching.step("test")
    assert result == "1 error, 0 warnings"
    assert "help: did you mean `urgent`?" in said
    edit("nose.cases.yaml", "urgency: urgend", "urgency: urgent")
    watching.step("validate"), watching.step("test")

    edit("infant.yaml", "title:", "title: ")
    watching.step("validate")
    assert watching.step("test")[0] == "infant: 0 cases, 0 passed, 0 failed"

    watching.process.sendintr()
    watching.process.expect("stopped\r\n")
    watching.process.expect(pexpect.EOF)
    watching.process.close()
    assert watching.process.exitstatus == 0


def test_what_was_saved_while_the_rules_were_broken_is_tested_once_they_load(watching: Watching, edit: Edit) -> None:
    watching.step("validate"), watching.step("test"), watching.step("check")
    edit("infant.yaml", "title:", "titel:")
    watching.step("validate")
    edit("nose.yaml", "title:", "title: ")
    watching.step("validate")
    edit("infant.yaml", "titel:", "title:")
    watching.step("validate")

    assert watching.step("test")[0].startswith("all: ")


def test_two_writes_of_an_editor_are_one_save(watching: Watching, rules: Path) -> None:
    watching.step("validate"), watching.step("test"), watching.step("check")
    (rules / "new").write_text((rules / "nose.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (rules / ".nose.yaml.swp.yaml").write_text("not ours", encoding="utf-8")
    (rules / "nose.yaml").write_text("", encoding="utf-8")
    (rules / "new").rename(rules / "nose.yaml")

    result, said = watching.step("validate")
    assert result.startswith("0 errors, ")
    assert "\nnose.yaml saved" in said
    watching.step("test")


def test_without_the_extra_it_says_what_to_install(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from pathways.cli import cli

    monkeypatch.setitem(sys.modules, "watchfiles", None)
    result = CliRunner().invoke(cli, ["watch", str(rules)])

    assert result.exit_code == 2
    assert 'Error: `watch` needs watchfiles: pip install "ent-pathways[author]"\n' in result.stderr


def test_a_save_ends_the_check_that_runs(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checking = Checking(rules)
    checking.command = [sys.executable, "-c", "import time; time.sleep(60)"]
    checking.begin()
    process = checking.process
    assert process is not None
    checking.look()
    checking.stop()
    checking.look()

    assert process.returncode == -signal.SIGTERM
    assert capsys.readouterr().out == ""
