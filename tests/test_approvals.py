"""Who signed: bound to the digest, derived from records that cannot be edited, voided by one changed character of meaning."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import pathways
import small
from pathways import shipped
from pathways.approvals import State, standing
from pathways.cli import cli
from pathways.compiler import ruleset_of
from pathways.loader import read
from pathways.ruleset import RuleSet
from pathways.site.volume import open_volume

SIGNED_BY = {"surgeon": "test signer 1", "nurse": "test signer 2"}
ROLES = (
    ("ruleset.yaml", "services: {ent: {name: ENT}}", "services: {ent: {name: ENT}}\nroles: {surgeon: {means: operates}, nurse: {means: nurses}}"),
    ("nose.yaml", "review_by: 2027-01-01", "review_by: 2027-01-01\nmust_sign: [surgeon, nurse]"),
)  # fmt: skip


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """The small rules, which a surgeon and a nurse must sign; in no checkout of git."""
    return small.write(tmp_path, *ROLES)


def approve(rules: Path, role: str, *further: str, name: str = "", author: str = "test author") -> Result:
    arguments = ["--role", role, "--name", name or SIGNED_BY[role], "--registration", "none: a test", "--statement", "a test"]
    return CliRunner().invoke(cli, ["approve", str(rules), *arguments, *(["--author", author] if author else []), "--yes", *further])


def signed(rules: Path, *roles: str) -> Path:
    """The folder with these signatures; all that are needed where none are named."""
    for role in roles or SIGNED_BY:
        done = approve(rules, role)
        assert done.exit_code == 0, done.output
    return rules


def git_in(at: Path, *arguments: str) -> None:
    subprocess.run(["git", "-c", "user.email=a@localhost", *arguments], cwd=at, check=True, capture_output=True)  # noqa: S607


def state(rules: Path) -> State:
    return standing(rules, ruleset_of(read(rules))).state


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{old!r} does not stand in {file.name}"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def status(rules: Path, *further: str) -> Result:
    return CliRunner().invoke(cli, ["status", str(rules), *further])


# -- what approves -----------------------------------------------------------------------------------------------------


def test_it_is_a_draft_until_every_role_has_signed(rules: Path) -> None:
    assert state(rules) is State.DRAFT
    assert state(signed(rules, "surgeon")) is State.DRAFT
    assert state(signed(rules, "nurse")) is State.APPROVED


def test_what_every_page_shows_says_first_that_not_all_have_signed(rules: Path) -> None:
    """Whatever the authors' own notice says, which is part of what is signed and cannot say how it stands."""
    edit(rules / "ruleset.yaml", "notice: Draft.", "notice: For our department.")
    drafts = pathways.load(rules).decide({}, "nose").notices
    signed(rules)
    approved = pathways.load(rules).decide({}, "nose").notices
    edit(rules / "ruleset.yaml", "notice: For our department.", "notice: For our hospital.")
    changed = pathways.load(rules).decide({}, "nose").notices

    assert drafts[:2] == ("Draft: not everybody has signed these rules who must.", "For our department.")
    assert approved[0] == "For our department."
    assert changed[:2] == ("Changed since approval: not everybody has signed these rules who must.", "For our hospital.")


def test_a_notice_that_begins_with_how_the_rules_stand_says_it_once(rules: Path) -> None:
    assert pathways.load(rules).decide({}, "nose").notices[0] == "Draft."
    edit(signed(rules) / "ruleset.yaml", "notice: Draft.", "notice: Draft, again.")

    assert pathways.load(rules).decide({}, "nose").notices[:2] == (
        "Changed since approval: not everybody has signed these rules who must.",
        "Draft, again.",
    )


def test_the_author_of_a_change_is_never_its_only_signature(rules: Path) -> None:
    approve(rules, "surgeon", name="Test  Author")
    approve(rules, "nurse", name="test author")

    assert state(rules) is State.DRAFT
    assert "signed only by who wrote the change; somebody else must sign too" in " ".join(status(rules).output.split())

    approve(rules, "nurse", name="test signer 2")
    assert state(rules) is State.APPROVED


@pytest.mark.parametrize(
    "name", ["Dr Test Author", "T. Author", "Tést Author", "test-author", "Author, Test", "Test B. Author FRCS", "author"]
)
def test_the_author_with_another_spelling_is_no_other_person(rules: Path, name: str) -> None:
    approve(rules, "surgeon", name=name)
    approve(rules, "nurse", name="test author")

    assert state(rules) is State.DRAFT


def test_who_took_a_file_away_or_wrote_with_another_is_an_author(rules: Path) -> None:
    git = partial(git_in, rules)
    (rules / "ear.yaml").write_text((rules / "nose.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (rules / "nose.cases.yaml").write_text("[]\n", encoding="utf-8")
    git("init", "-q")
    git("add", ".")
    git("-c", "user.name=the first author", "commit", "-qm", "rules\n\nCo-authored-by: beside the first <b@localhost>")
    git("rm", "-q", "ear.yaml")
    git("-c", "user.name=who took it away", "commit", "-qm", "one less")
    git("rm", "-q", "nose.cases.yaml")
    git("-c", "user.name=who wrote cases alone", "commit", "-qm", "no cases")
    done = approve(rules, "surgeon", author="")

    assert done.exit_code == 0, done.output
    written = re.findall(r"authors: (.*)", (rules / "approvals.yaml").read_text(encoding="utf-8"))
    assert written == ['["who took it away", "the first author", "beside the first"]']


def test_who_wrote_the_change_is_asked_of_git_and_cannot_be_left_out(rules: Path) -> None:
    git = partial(git_in, rules)
    git("init", "-q")
    git("config", "user.name", "the one who commits")
    git("add", ".")
    git("-c", "user.name=the first author", "commit", "-qm", "rules")
    approve(rules, "surgeon", author="")
    edit(rules / "nose.yaml", "title: Nose", "title: The nose")
    git("-c", "user.name=the second author", "commit", "-qam", "a change")
    edit(rules / "items.yaml", "Go home.", "Do go home.")
    done = approve(rules, "surgeon", author="somebody else", name="the second author")

    written = re.findall(r"authors: (.*)", (rules / "approvals.yaml").read_text(encoding="utf-8"))
    assert done.exit_code == 0
    assert written[0] == '["the first author"]'
    assert written[1] == '["the second author", "the first author", "the one who commits", "somebody else"]'


def test_half_a_history_does_not_say_who_wrote_the_rules(rules: Path, tmp_path: Path) -> None:
    git = partial(git_in, rules)
    git("init", "-q")
    for word in ("Go home.", "Do go home."):
        edit(rules / "items.yaml", "Go home.", word)
        git("add", ".")
        git("-c", "user.name=an author", "commit", "-qm", "rules", "--allow-empty")
    git_in(tmp_path, "clone", "-q", "--depth", "1", rules.as_uri(), "half")
    done = approve(tmp_path / "half", "surgeon")

    assert done.exit_code == 2
    assert "the history here is cut short" in done.output
    assert not (tmp_path / "half" / "approvals.yaml").exists()


def test_without_git_the_author_must_be_named(rules: Path) -> None:
    done = approve(rules, "surgeon", author="")

    assert done.exit_code == 2
    assert "git does not say who wrote these rules" in done.output
    assert not (rules / "approvals.yaml").exists()


def test_a_pathway_that_names_nobody_is_never_approved(tmp_path: Path) -> None:
    assert state(small.write(tmp_path)) is State.DRAFT


# -- what voids it, and what does not ----------------------------------------------------------------------------------

SAME: dict[str, Callable[[Path], object]] = {
    "a comment": lambda rules: edit(rules / "nose.yaml", "pathway: nose", "# read\npathway: nose"),
    "blanks": lambda rules: edit(rules / "ruleset.yaml", "title: Tiny", "title:    Tiny"),
    "the order of keys": lambda rules: edit(rules / "nose.yaml", "title: Nose\ncomplaint: nose", "complaint: nose\ntitle: Nose"),
    "the layout": lambda rules: CliRunner().invoke(cli, ["fmt", str(rules)]),
    "a case": lambda rules: (rules / "nose.cases.yaml").write_text("- case: a\n  given: {bleeding: yes}\n  expect: {highest: immediate}\n"),
}


@pytest.mark.parametrize("change", SAME)
def test_what_says_the_same_leaves_it_approved(rules: Path, change: str) -> None:
    signed(rules)
    SAME[change](rules)

    assert state(rules) is State.APPROVED


OTHER = {
    "a threshold by one step": ("ruleset.yaml", "{at_least: 38}", "{at_least: 38.1}"),
    "one character of advice": ("items.yaml", "Pack the nose.", "Pack the noses."),
    "a limit": ("nose.yaml", "within: PT1H", "within: now"),
    "who must sign": ("nose.yaml", "must_sign: [surgeon, nurse]", "must_sign: [nurse]"),
    "the notice": ("ruleset.yaml", "notice: Draft.", "notice: Draft!"),
    "a source": ("sources.yaml", "findings: bleeding", "findings: bleeds"),
}


@pytest.mark.parametrize("change", OTHER)
def test_one_changed_character_of_meaning_voids_it(rules: Path, change: str) -> None:
    signed(rules)
    file, old, new = OTHER[change]
    extra = [("ruleset.yaml", "roles: {surgeon: {means: operates}, ", "roles: {")] if change == "who must sign" else []
    for name, before, after in ((file, old, new), *extra):
        edit(rules / name, before, after)

    assert state(rules) is State.CHANGED


def test_what_is_taken_back_is_approved_again(rules: Path) -> None:
    signed(rules)
    edit(rules / "items.yaml", "Go home.", "Go now.")
    edit(rules / "items.yaml", "Go now.", "Go home.")

    assert state(rules) is State.APPROVED


def test_rules_of_before_a_later_approval_are_still_approved(rules: Path) -> None:
    signed(rules)
    edit(rules / "items.yaml", "Go home.", "Go now.")
    signed(rules)
    edit(rules / "items.yaml", "Go now.", "Go home.")
    found = standing(rules, ruleset_of(read(rules)))

    assert found.state is State.APPROVED
    assert found.newest is not None
    assert found.newest.digest != found.digest


def test_a_change_that_not_everybody_has_signed_is_compared_with_what_everybody_signed(rules: Path) -> None:
    signed(rules)
    edit(rules / "items.yaml", "Go home.", "Go now.")
    signed(rules, "nurse")
    found = standing(rules, ruleset_of(read(rules)))

    assert found.state is State.CHANGED
    assert found.pathways[0].missing == ("surgeon",)
    assert found.newest is not None
    assert found.newest.digest != found.digest


# -- what status says --------------------------------------------------------------------------------------------------


def test_status_names_whom_one_step_of_a_threshold_touches(rules: Path) -> None:
    signed(rules)
    edit(rules / "ruleset.yaml", "age: {below: 2}", "age: {below: 1.99}")
    done = status(rules)
    text = " ".join(done.output.split())

    assert done.exit_code == 0
    assert text.startswith("CHANGED SINCE APPROVAL: version 0.1.0, digest ")
    assert "LESS URGENT, A SERVICE OR A CALL LOST, OR A LONGER LIMIT" in text
    assert "nose - urgency: urgent → none - ENT: within 4 hours, phoned now → not called any more" in text
    assert "patient: takes: warfarin; age 1.99 years; all else absent" in text


def test_status_as_json_holds_signatures_and_changes(rules: Path) -> None:
    signed(rules)
    edit(rules / "ruleset.yaml", "age: {below: 2}", "age: {below: 1.99}")
    data = json.loads(status(rules, "--format", "json").output)

    assert data["state"] == "changed since approval"
    assert data["approved"]["on"] == "2026-11-25" or re.fullmatch(r"\d{4}-\d\d-\d\d", data["approved"]["on"])
    assert data["pathways"] == [
        {
            "pathway": "nose",
            "approved": False,
            "missing": ["surgeon", "nurse"],
            "others": False,
            "roles": [{"role": "surgeon", "means": "operates", "signatures": []}, {"role": "nurse", "means": "nurses", "signatures": []}],
        }
    ]
    assert data["changes"]["regions"][0]["direction"] == "worse"


def test_status_ends_with_1_only_where_it_is_told_to_insist(rules: Path) -> None:
    assert (status(rules).exit_code, status(rules, "--require-approved").exit_code) == (0, 1)
    signed(rules)
    assert (status(rules).exit_code, status(rules, "--require-approved").exit_code) == (0, 0)


# -- who may use them --------------------------------------------------------------------------------------------------


def test_only_approved_rules_load_where_they_must_be(rules: Path) -> None:
    with pytest.raises(pathways.InvalidRules, match="not-approved"):
        pathways.load(rules, require_approved=True)
    signed(rules)

    assert pathways.load(rules, require_approved=True).ref.approval == "approved"

    edit(rules / "items.yaml", "Go home.", "Go now.")
    with pytest.raises(pathways.InvalidRules, match="changed since approval"):
        pathways.load(rules, require_approved=True)


def test_a_decision_names_the_approval_and_is_otherwise_the_same(rules: Path) -> None:
    draft = pathways.load(rules).decide({"bleeding": True}, "nose").to_json()
    approved = pathways.load(signed(rules)).decide({"bleeding": True}, "nose").to_json()

    assert json.loads(draft)["ruleset"]["approval"] == "draft"
    assert json.loads(approved)["ruleset"]["approval"] == "approved"
    assert approved.replace('"approved"', '"draft"') == draft
    assert pathways.load(rules).decide({"bleeding": True}, "nose").to_json() == approved


def test_the_shipped_rules_are_a_draft_and_say_so() -> None:
    assert pathways.load().ref.approval == "draft"
    with pytest.raises(pathways.InvalidRules, match="not-approved"):
        pathways.load(require_approved=True)


def test_the_compiled_form_says_how_the_rules_stand(rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wheel with approved rules decides as approved, without a look at a record; other records compile it anew."""
    shipped.write(signed(rules), tmp_path / "shipped.json")
    compiled = json.loads((tmp_path / "shipped.json").read_text(encoding="utf-8"))

    assert RuleSet(compiled["compiled"]).ref.approval == "approved"

    monkeypatch.setattr(shipped, "COMPILED", str(tmp_path / "shipped.json"))
    monkeypatch.setattr(shipped, "_folder", lambda: str(rules))
    assert shipped.compiled()["approval"] == "approved"
    shutil.rmtree(rules / "approved")
    assert shipped.compiled()["approval"] == "draft"


def test_a_site_says_how_the_rules_stand_and_compares_with_what_was_approved(rules: Path) -> None:
    signed(rules)
    before = open_volume(rules, "2026-11-25", checks=True)
    edit(rules / "ruleset.yaml", "age: {below: 2}", "age: {below: 1.99}")
    after = open_volume(rules, "2026-11-25", checks=True)

    assert (before.ruleset.ref.approval, after.ruleset.ref.approval) == ("approved", "changed since approval")
    assert before.changes.found is not None
    assert before.changes.found.empty
    assert after.changes.found is not None
    assert after.changes.found.worse
    assert after.changes.version.startswith("version 0.1.0, approved on ")
    assert [one.role for one in after.standing.pathways[0].roles] == ["surgeon", "nurse"]


# -- records that cannot be trusted ------------------------------------------------------------------------------------


def _kept(rules: Path) -> Path:
    (file,) = (rules / "approved").iterdir()
    return file


TAMPERED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a statement": (lambda rules: edit(rules / "approvals.yaml", '"a test"', '"I read it all"'), "approval-edited"),
    "a role": (lambda rules: edit(rules / "approvals.yaml", 'role: "nurse"', 'role: "surgeon"'), "approval-edited"),
    "a digest": (lambda rules: edit(rules / "approvals.yaml", _kept(rules).stem, "0" * 64), "approval-without-content"),
    "a way out of the folder": (lambda rules: edit(rules / "approvals.yaml", _kept(rules).stem, "../../x"), "approval-without-content"),
    "an author who is gone": (lambda rules: edit(rules / "approvals.yaml", '"test author"', '"nobody"'), "approval-edited"),
    "a record cut out": (lambda rules: _first_cut(rules / "approvals.yaml"), "approval-edited"),
    "a record twice": (lambda rules: _last_again(rules / "approvals.yaml"), "approval-edited"),
    "no content": (lambda rules: _kept(rules).unlink(), "approval-without-content"),
    "other content": (lambda rules: edit(_kept(rules), "Go home.", "Go now."), "approval-of-other-content"),
    "what is no content": (lambda rules: _signed_instead(rules, b"hello"), "approval-of-other-content"),
    "what is no content of rules": (lambda rules: _signed_instead(rules, b'{"pathways": [1]}'), "approval-of-other-content"),
    "a key that means nothing": (lambda rules: edit(rules / "approvals.yaml", "  role:", "  approved: yes\n  role:"), "unknown-key"),
    "no list": (lambda rules: (rules / "approvals.yaml").write_text("approved: yes\n"), "wrong-shape"),
}


def _signed_instead(rules: Path, data: bytes) -> None:
    """Other bytes under their own SHA-256."""
    digest = hashlib.sha256(data).hexdigest()
    (rules / "approved" / f"{digest}.json").write_bytes(data)
    edit(rules / "approvals.yaml", pathways.load(rules).digest, digest)


def _first_cut(file: Path) -> None:
    head, first, *rest = file.read_text(encoding="utf-8").split("- digest:")
    assert first
    assert rest
    file.write_text(head + "".join(f"- digest:{one}" for one in rest), encoding="utf-8")


def _last_again(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text}- digest:{text.rpartition('- digest:')[2]}", encoding="utf-8")


@pytest.mark.parametrize("what", TAMPERED)
def test_a_record_that_was_tampered_with_is_named_and_none_is_trusted(rules: Path, what: str) -> None:
    signed(rules)
    change, code = TAMPERED[what]
    change(rules)
    found = standing(rules, ruleset_of(read(rules)))
    checked = CliRunner().invoke(cli, ["validate", str(rules)])

    assert code in [remark.code for remark in found.remarks]
    assert found.state is State.DRAFT
    assert pathways.load(rules).ref.approval == "draft"
    assert (checked.exit_code, status(rules).exit_code) == (1, 1)
    assert f"error[{code}]" in checked.output
    assert f"error[{code}]" in " ".join(status(rules).output.split())


def test_nobody_signs_beside_a_record_that_cannot_be_trusted(rules: Path) -> None:
    signed(rules, "surgeon")
    edit(rules / "approvals.yaml", '"a test"', '"read"')
    before = (rules / "approvals.yaml").read_bytes()
    done = approve(rules, "nurse")

    assert done.exit_code == 1
    assert "approval-edited" in done.output
    assert (rules / "approvals.yaml").read_bytes() == before


# -- signing -----------------------------------------------------------------------------------------------------------

REFUSALS = {
    "a role that need not sign": (
        ("porter",),
        {"name": "test signer 3"},
        "`porter` need not sign anything: those who must are surgeon, nurse",
    ),
    "a role misspelt for a pathway": (("nurze", "--pathway", "nose"), {"name": "test signer 3"}, "`nurze` need not sign `nose`"),
    "a pathway that is not there": (("nurse", "--pathway", "nos"), {}, "`nos` is not a pathway: did you mean `nose`?"),
    "a name that turns the page round": (("nurse",), {"name": "test \u202esigner"}, "it could not be read again"),
    "a name that clears the screen": (("nurse",), {"name": "test \x1b[2Jsigner"}, "it could not be read again"),
    "no name": (("nurse",), {"name": " "}, "the name is empty"),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_what_cannot_be_signed_is_refused_and_nothing_is_written(rules: Path, what: str) -> None:
    arguments, named, said = REFUSALS[what]
    done = approve(rules, *arguments, **named)

    assert done.exit_code == 2
    assert said in " ".join(done.output.split())
    assert not (rules / "approvals.yaml").exists()
    assert not (rules / "approved").exists()


def test_nobody_signs_the_same_twice(rules: Path) -> None:
    signed(rules, "nurse")
    done = approve(rules, "nurse", name="Test Signer  2")

    assert done.exit_code == 2
    assert "signed `nose` in this role on" in done.output


def test_records_are_only_ever_added(rules: Path) -> None:
    signed(rules, "surgeon")
    before = (rules / "approvals.yaml").read_bytes()
    signed(rules, "nurse")

    assert (rules / "approvals.yaml").read_bytes().startswith(before)


def test_what_is_signed_is_shown_first_and_nothing_is_written_without_a_yes(rules: Path) -> None:
    arguments = ["--role", "nurse", "--name", "test signer 2", "--registration", "none", "--statement", "a test", "--author", "test author"]
    done = CliRunner().invoke(cli, ["approve", str(rules), *arguments], input="n\n")

    assert done.exit_code == 130
    assert pathways.load(rules).digest in done.output
    assert "written by: test author" in done.output
    assert not (rules / "approvals.yaml").exists()


def test_who_signs_while_another_reads_is_not_written_over(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(*_: object, **__: object) -> bool:
        assert approve(rules, "nurse").exit_code == 0
        return True

    monkeypatch.setattr("click.confirm", meanwhile)
    words = [
        "--role",
        "surgeon",
        "--name",
        "test signer 1",
        "--registration",
        "none: a test",
        "--statement",
        "a test",
        "--author",
        "test author",
    ]
    done = CliRunner().invoke(cli, ["approve", str(rules), *words])

    assert done.exit_code == 0, done.output
    assert state(rules) is State.APPROVED


def test_a_full_disk_leaves_no_half_of_a_signature(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(contents: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathways.saving.replace", full)
    done = approve(rules, "nurse")

    assert done.exit_code == 2
    assert "no space left on device" in done.output
    assert not (rules / "approvals.yaml").exists()
    assert not (rules / "approved").exists()


def test_what_is_kept_is_the_canonical_content_and_can_be_compared_with(rules: Path) -> None:
    from pathways.versions import read_version

    kept = _kept(signed(rules))

    assert read_version(str(kept)).content.data == pathways.load(rules).content()
