"""`pathways fmt`: what is laid out anew says what it said, or the file is left as it was."""

from __future__ import annotations

import random
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pathways
from bedside import write_rules
from handwriting import Writer, tree_of
from pathways import formatting, keys, saving
from pathways.cli import cli
from pathways.documents import read_document
from pathways.formatting import formatted
from pathways.loader import SHARED
from pathways.written import comments_of

ROOT = Path(__file__).parent.parent


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A rule set as it was written by hand, all in one line and with its keys in no order."""
    return write_rules(tmp_path / "bedside")


def fmt(*words: str | Path) -> Result:
    result = CliRunner().invoke(cli, ["fmt", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def files(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in sorted(folder.iterdir())}


def test_the_shipped_rules_are_laid_out() -> None:
    assert [f"{one.name}:{one.line}" for one in formatted(ROOT / "rules")] == []


def test_rules_that_are_laid_out_decide_as_before_and_keep_every_comment(rules: Path) -> None:
    before, digest = files(rules), pathways.load(rules).digest

    assert fmt(rules).exit_code == 0

    after = files(rules)
    assert set(after) == set(before)
    assert after != before
    assert pathways.load(rules).digest == digest
    assert {name: sorted(comments_of(text)) for name, text in after.items()} == {
        name: sorted(comments_of(text)) for name, text in before.items()
    }
    assert fmt(rules).stdout == "0 files laid out\n"
    assert files(rules) == after


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**9))
def test_rules_in_any_handwriting_decide_as_before_and_keep_every_comment(tmp_path: Path, seed: int) -> None:
    folder = Path(tempfile.mkdtemp(dir=tmp_path)) / "bedside"
    write_rules(folder)
    digest = pathways.load(folder).digest
    dice, comments = random.Random(seed), {}
    for file in folder.glob("*.yaml"):
        writer = Writer(dice, (">-", "|-"))
        file.write_text(writer.block(shuffled(tree_of(read_document(file).data), dice), 0), encoding="utf-8")
        comments[file.name] = sorted(writer.comments)

    assert pathways.load(folder).digest == digest
    result = fmt(folder)

    assert (result.exit_code, result.stderr) == (0, "")
    assert pathways.load(folder).digest == digest
    assert {name: sorted(comments_of(text)) for name, text in files(folder).items()} == comments
    assert formatted(folder) == ()


@pytest.mark.parametrize("seed", range(3))
def test_nobody_is_decided_differently_by_rules_in_any_handwriting_once_laid_out(rules: Path, tmp_path: Path, seed: int) -> None:
    """A proof over every possible patient, where the digest is a comparison of bytes."""
    pytest.importorskip("z3")
    from pathways.changes import diff
    from pathways.versions import read_version

    laid, dice = write_rules(tmp_path / "laid"), random.Random(seed)
    for file in laid.glob("*.yaml"):
        file.write_text(Writer(dice, (">-", "|-")).block(shuffled(tree_of(read_document(file).data), dice), 0), encoding="utf-8")
    assert fmt(laid).exit_code == 0

    assert diff(read_version(str(rules)), read_version(str(laid))).empty
    file = laid / "nose.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("when: haematoma", "when: drip", 1), encoding="utf-8")
    assert not diff(read_version(str(rules)), read_version(str(laid))).empty


def shuffled(tree: Any, dice: random.Random) -> Any:
    """With the keys of the file in another order, which says nothing; cases keep theirs."""
    return tree if isinstance(tree, list) else {key: tree[key] for key in dice.sample(list(tree), len(tree))}


def test_keys_stand_in_the_order_of_the_model_and_ids_in_that_of_their_author(rules: Path) -> None:
    (rules / "nose.site.yaml").write_text("# ours\nfacts: {ent_on_site: no}\ntitle: Ours\nsite: ours\n", encoding="utf-8")
    levels = list(read_document(rules / "ruleset.yaml").data["urgency"])  # type: ignore[index, call-overload]

    fmt(rules)

    assert (rules / "nose.site.yaml").read_text(encoding="utf-8") == "site: ours\ntitle: Ours\n# ours\nfacts: {ent_on_site: no}\n"
    assert list(read_document(rules / "ruleset.yaml").data["urgency"]) == levels  # type: ignore[index, call-overload]


def test_check_writes_nothing_and_says_which_line_is_the_first(rules: Path) -> None:
    fmt(rules)
    file = rules / "findings.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("findings:\n", "findings:    \n"), encoding="utf-8")
    before = files(rules)

    result = fmt(rules, "--check")

    assert result.exit_code == 1
    line = text.splitlines().index("findings:") + 1
    assert result.stdout == f"bedside/findings.yaml:{line}: would be laid out anew\n1 file to lay out\n"
    assert files(rules) == before
    assert fmt(rules).stdout == f"bedside/findings.yaml:{line}: laid out anew\n1 file laid out\n"
    assert fmt(rules, "--check").exit_code == 0


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("items.yaml", "items: {", "syntax"),
        ("items.yaml", "items: &a {}", "anchor"),
        ("ruleset.yaml", "ruleset: no_more", "missing-key"),
        ("nose.cases.yaml", "- case: x\n  case: y", "duplicate-key"),
        ("extra.site.yaml", "site: *a", "alias"),
    ],
)
def test_what_the_loader_refuses_is_refused_and_nothing_is_written(rules: Path, name: str, text: str, code: str) -> None:
    (rules / name).write_text(text, encoding="utf-8")
    before = files(rules)

    result = fmt(rules)

    assert result.exit_code == 1
    assert f"error[{code}]" in result.stderr
    assert files(rules) == before


def spoil(monkeypatch: pytest.MonkeyPatch, edit: Callable[[str], str]) -> None:
    """Let the layout make a mistake."""
    real = formatting.laid_out
    monkeypatch.setattr(formatting, "laid_out", lambda text, order: edit(real(text, order)))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("worse: yes", 'worse: "yes"', "a text would be another"),
        ("worse: yes", "worse: no", "a text would be another"),
        ("# of mine", "", "the comment `# of mine` would be lost"),
        ("findings:\n", "findings: {\n", "the file could no longer be read: "),
    ],
)
def test_a_layout_that_would_spoil_a_file_leaves_it_as_it_was(
    rules: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, why: str
) -> None:
    file = rules / "findings.yaml"
    file.write_text("# of mine\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    before = file.read_bytes()
    spoil(monkeypatch, lambda text: text.replace(old, new, 1))

    result = fmt(rules)

    assert result.exit_code == 1
    assert f"bedside/findings.yaml: left as it was: {why}" in result.stderr
    assert file.read_bytes() == before


@pytest.mark.parametrize("other", ["phone soon", "phone: {"])
def test_another_digest_leaves_every_file_as_it_was(rules: Path, monkeypatch: pytest.MonkeyPatch, other: str) -> None:
    """A last door, should data that compare equal ever load differently."""
    before = files(rules)
    monkeypatch.setattr(formatting, "spoilt_by", lambda *_: "")
    spoil(monkeypatch, lambda text: text.replace("phone now", other))

    result = fmt(rules)

    assert result.exit_code == 1
    assert "left as it was: the digest of the rules would be another" in result.stderr
    assert files(rules) == before


def test_a_file_that_was_saved_meanwhile_is_not_overwritten(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = formatting.formatted

    def slow(folder: Path) -> object:
        found = real(folder)
        (rules / "findings.yaml").write_text("# just saved\n", encoding="utf-8")
        return found

    monkeypatch.setattr(formatting, "formatted", slow)
    result = fmt(rules)

    assert result.exit_code == 2
    assert "`bedside/findings.yaml` was saved meanwhile; nothing was written" in result.stderr
    assert (rules / "findings.yaml").read_text(encoding="utf-8") == "# just saved\n"


def test_without_a_folder_it_is_the_rules_here_and_never_the_shipped_ones(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(rules)
    assert fmt("--check").exit_code == 1
    monkeypatch.chdir(rules.parent)
    result = fmt()
    assert result.exit_code == 2
    assert "neither this folder nor `rules` in it holds ruleset.yaml" in result.stderr
    rules.rename(rules.parent / "rules")
    assert fmt().exit_code == 0


def test_a_file_that_may_not_be_written_is_named_before_any_is_replaced(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(rules)
    opened = Path.open

    def opening(self: Path, mode: str = "r", *rest: Any, **more: Any) -> Any:
        if (self.name, mode) == ("nose.yaml", "r+b"):
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, mode, *rest, **more)

    monkeypatch.setattr(Path, "open", opening)
    result = fmt(rules)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "`bedside/nose.yaml` cannot be written: permission denied; nothing was written" in result.stderr
    assert files(rules) == before


def test_where_a_later_file_fails_it_is_said_what_was_written_and_what_not(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, names = files(rules), [one.file.name for one in formatted(rules)]
    replacing = Path.replace

    def replaced(self: Path, target: Path) -> Path:
        if target.name == names[1]:
            raise PermissionError(1, "Operation not permitted", str(target))
        return replacing(self, target)

    monkeypatch.setattr(Path, "replace", replaced)
    result = fmt(rules)

    assert (result.exit_code, result.stdout) == (2, "")
    left = ", ".join(f"bedside/{name}" for name in names[1:])
    assert (
        f"`bedside/{names[1]}` cannot be written: operation not permitted; laid out before it: bedside/{names[0]}; not written: {left}\n"
        in (result.stderr)
    )
    assert {name for name, text in files(rules).items() if text != before.get(name)} == {names[0]}


# -- files, whole or not at all --------------------------------------------------------------------------------------


def test_a_replaced_file_keeps_its_permissions_and_a_link_stays_a_link(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o640)
    link.symlink_to(file)

    saving.replace({link: b"new"})

    assert (file.read_text(encoding="utf-8"), link.is_symlink(), stat.S_IMODE(file.stat().st_mode)) == ("new", True, 0o640)
    assert sorted(files(tmp_path)) == ["file", "link"]


def test_nothing_is_replaced_where_one_of_the_files_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old", encoding="utf-8")

    with pytest.raises(saving.Unwritten):
        saving.replace({tmp_path / "file": b"new", tmp_path / "no folder" / "file": b"new"})

    assert files(tmp_path) == {"file": "old"}


def test_a_new_folder_is_whole_or_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        saving.create(tmp_path / "made", {"a": b"new", "no folder/b": b"new"})

    assert files(tmp_path) == {}


def test_a_file_that_exists_is_never_overwritten_and_nothing_is_left_half_done(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("old", encoding="utf-8")

    with pytest.raises(FileExistsError):
        saving.create(tmp_path, {"a": b"new", "b": b"new"})
    assert files(tmp_path) == {"b": "old"}
    saving.create(tmp_path, {"a": b"new"})
    saving.create(tmp_path / "made", {"a": b"new"})

    assert files(tmp_path / "made") == {"a": "new"}
    assert (tmp_path / "a").read_text(encoding="utf-8") == "new"
    with pytest.raises(FileNotFoundError):
        saving.create(tmp_path / "no" / "parent", {"a": b"new"})


def test_every_file_that_is_read_has_a_model_for_the_order_of_its_keys() -> None:
    names = [*SHARED, "nose.yaml", "nose.cases.yaml", "here.site.yaml", "site.yaml", "requirements.yaml"]

    assert [name for name in names if keys.model_of(name) is None] == []
