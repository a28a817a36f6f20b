"""A release: everything in one folder, the same bytes from the same commit, refused unless all of it was verified, and checked by anybody."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import pathways
from pathways.cli import cli
from pathways.release import SHOWN
from pathways.verification import PARTS

GOOD = Path(__file__).parent / "planted_good" / "smallest"
CASES = """\
- case: drools
  given: {drooling: yes}
  unmentioned: absent
  expect: {urgency: urgent, status: final, referrals: {ent_on_call: {contact: now, within: PT4H}}, rules: [cannot_swallow]}
- case: drools, and the throat hurts
  given: {drooling: yes, sore_throat: yes}
  unmentioned: absent
  expect: {urgency: urgent, status: final, services: [ent_on_call], rules: [cannot_swallow], absent: [safety_net, no_follow_up]}
- case: sore
  given: {sore_throat: yes}
  unmentioned: absent
  expect: {urgency: gp_if_persists, status: final, services: [], rules: [sore], items: [safety_net]}
- case: neither
  given: {}
  unmentioned: absent
  expect: {urgency: none, status: final, services: [], rules: [not_sore], items: [no_follow_up]}
- case: airway at risk
  given: {airway_compromise: yes}
  unmentioned: absent
  expect: {urgency: immediate, status: final, referrals: {resus: {contact: now, within: now}}, rules: [airway_compromise, not_sore], items: [resuscitate], absent: [no_follow_up]}
- case: drools, the airway not looked at
  given: {drooling: yes, sore_throat: no}
  expect: {lowest: urgent, highest: immediate, status: open, services: [ent_on_call]}
"""
WHEN = "2026-03-01T12:00:00+0000"


def git(at: Path, *arguments: str) -> None:
    author = ["-c", "user.name=test author", "-c", "user.email=author@localhost"]
    dated = {**os.environ, "GIT_COMMITTER_DATE": WHEN, "GIT_AUTHOR_DATE": WHEN}
    subprocess.run(["git", *author, *arguments], cwd=at, env=dated, check=True, capture_output=True)  # noqa: S607


def commit(rules: Path) -> None:
    git(rules, "add", "-A")
    git(rules, "commit", "-qm", "rules")


def checkout(folder: Path) -> Path:
    """The smallest rules with cases that notice every edit, committed."""
    rules = shutil.copytree(GOOD, folder / "rules")
    (rules / "smallest.cases.yaml").write_text(CASES, encoding="utf-8")
    git(folder, "init", "-q", "-b", "main")
    commit(rules)
    return rules


def release(rules: Path, output: Path, *further: str) -> Result:
    return CliRunner().invoke(cli, ["release", str(rules), "--output", str(output), "--jobs", "1", *further])


def verify(folder: Path, *further: str) -> Result:
    return CliRunner().invoke(cli, ["verify", str(folder), *further])


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release, the same for all tests: who changes it takes a copy."""
    folder = tmp_path_factory.mktemp("made")
    done = release(checkout(folder), folder / "release")
    assert done.exit_code == 0, done.output
    return folder / "release"


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "release")


# -- what is in it -----------------------------------------------------------------------------------------------------


def test_everything_that_is_reviewed_is_in_it(made: Path) -> None:
    wanted = {
        "manifest.json", "times.json", "verification.json", "changes.json", "changes.md", "content.json", "approvals.json", "hazards.json",
        "decision.schema.json", "sbom.cdx.json", "rules", "site",
    }  # fmt: skip

    assert {file.name for file in made.iterdir()} == wanted
    assert {file.name for file in (made / "rules").glob("*.yaml")} == {file.name for file in GOOD.iterdir()}
    assert "smallest" in (made / "site" / "pathways" / "index.html").read_text(encoding="utf-8").lower()


def test_the_manifest_names_rules_commit_and_the_hash_of_each_file(made: Path) -> None:
    data = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    files = {name: hashlib.sha256(data).hexdigest() for name, data in bytes_of(made).items() if name not in ("manifest.json", "times.json")}

    assert data["files"] == files
    assert data["ruleset"] == pathways.load(made / "rules").ref._asdict()
    assert data["date"] == "2026-03-01T12:00:00+00:00"
    assert hashlib.sha256((made / "content.json").read_bytes()).hexdigest() == data["ruleset"]["digest"]


def test_the_report_has_every_part_and_nothing_open(made: Path) -> None:
    data = json.loads((made / "verification.json").read_text(encoding="utf-8"))

    assert [part for part in PARTS if data[part] is None] == []
    assert data["not_run"] == {}
    assert data["day"] == "2026-03-01"


def test_the_bill_of_materials_names_the_rules_and_what_decides(made: Path) -> None:
    data = json.loads((made / "sbom.cdx.json").read_text(encoding="utf-8"))
    components = {one["name"]: one for one in data["components"]}
    digest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))["ruleset"]["digest"]

    assert data["bomFormat"] == "CycloneDX"
    assert data["metadata"]["component"]["hashes"] == [{"alg": "SHA-256", "content": digest}]
    assert data["metadata"]["timestamp"] == "2026-03-01T12:00:00+00:00"
    assert {name for name in ("click", "pydantic", "pyyaml") if components[name]["scope"] == "required"} == {"click", "pydantic", "pyyaml"}
    assert components["mkdocs"]["scope"] == "optional"


def test_the_same_commit_makes_the_same_bytes(made: Path, tmp_path: Path) -> None:
    """From another checkout of it, in another folder, on two processes; but for what the clock said."""
    done = release(checkout(tmp_path), tmp_path / "again", "--jobs", "2")
    one, other = bytes_of(made), bytes_of(tmp_path / "again")

    assert done.exit_code == 0, done.output
    assert one.pop("times.json")
    assert other.pop("times.json")
    assert [name for name in sorted({*one, *other}) if one.get(name) != other.get(name)] == []


# -- what is refused ---------------------------------------------------------------------------------------------------


def _without_a_case(rules: Path) -> None:
    (rules / "smallest.cases.yaml").write_text(CASES.replace(", absent: [safety_net, no_follow_up]", ""), encoding="utf-8")
    commit(rules)


def _failing_case(rules: Path) -> None:
    (rules / "smallest.cases.yaml").write_text(CASES.replace("urgency: gp_if_persists", "urgency: none"), encoding="utf-8")
    commit(rules)


def _hole(rules: Path) -> None:
    text = (rules / "smallest.yaml").read_text(encoding="utf-8")
    (rules / "smallest.yaml").write_text(
        text.split("otherwise:")[0].replace("{all: [sore_throat, {drooling: no}]}", "airway_compromise"), encoding="utf-8"
    )
    commit(rules)


def _ignored(rules: Path) -> None:
    (rules / ".gitignore").write_text("x.site.yaml\n", encoding="utf-8")
    commit(rules)
    (rules / "x.site.yaml").write_text("site: x\nfacts: {}\n", encoding="utf-8")


def _looked_away(rules: Path) -> None:
    git(rules, "update-index", "--assume-unchanged", "items.yaml")
    _uncommitted(rules)


def _uncommitted(rules: Path) -> None:
    with (rules / "items.yaml").open("a", encoding="utf-8") as file:
        file.write("# a word\n")


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "an edit that no case notices": (_without_a_case, "mutants: 1 of 37 edits survived"),
    "a case that fails": (_failing_case, "test: 1 of 6 cases fail"),
    "a property that is refuted": (_hole, "check: P1 is refuted"),
    "a change that is not committed": (_uncommitted, "has changes that are not committed"),
    "a file that is not committed": (lambda rules: (rules / "x.site.yaml").write_text("site: x\nfacts: {}\n"), "has changes that are not committed"),
    "a file that git ignores": (_ignored, "has changes that are not committed"),
    "a file that git was told not to look at": (_looked_away, "has changes that are not committed"),
    "no checkout": (lambda rules: shutil.rmtree(rules.parent / ".git"), "is in no checkout of git"),
}  # fmt: skip


def test_every_part_has_a_command_that_shows_what_it_found() -> None:
    assert list(SHOWN) == list(PARTS)
    for line in SHOWN.values():
        command(shlex.split(line)[1])


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_verified_or_not_committed_is_not_released(tmp_path: Path, what: str) -> None:
    rules = checkout(tmp_path)
    change, said = REFUSED[what]
    change(rules)
    before = sorted(tmp_path.iterdir())
    done = release(rules, tmp_path / "release")

    assert done.exit_code == 1
    assert said in done.output
    part = said.partition(":")[0]
    assert (f"help: `{SHOWN[part].format(rules)}` shows each" in done.output) if part in PARTS else "shows each" not in done.output
    assert "nothing was released" in done.output
    assert sorted(tmp_path.iterdir()) == before


def test_without_the_author_extra_nothing_is_released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathways.extras import Missing

    def missing(*_: object, **__: object) -> None:
        raise Missing("proofs need", "z3")

    monkeypatch.setattr("pathways.mutants.try_all", missing)
    done = release(checkout(tmp_path), tmp_path / "release")

    assert done.exit_code == 1
    assert 'mutants: not run, proofs need z3: pip install "ent-pathways[author]"' in done.output
    assert not (tmp_path / "release").exists()


def test_nothing_takes_the_place_of_what_is_there(tmp_path: Path) -> None:
    rules = checkout(tmp_path)
    (tmp_path / "release").mkdir()
    done = release(rules, tmp_path / "release")

    assert done.exit_code == 1
    assert "is there already" in done.output
    assert list((tmp_path / "release").iterdir()) == []


def test_a_site_of_other_rules_is_not_released(tmp_path: Path) -> None:
    rules = checkout(tmp_path)
    shutil.copytree(rules, tmp_path / "others")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# A site\n", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text("site_name: a site\nplugins: [{pathways: {rules: others}}]\n", encoding="utf-8")
    commit(tmp_path)
    done = release(rules, tmp_path / "release", "--mkdocs", str(tmp_path / "mkdocs.yml"))

    assert done.exit_code == 1
    assert "shows the rules in" in done.output
    assert not (tmp_path / "release").exists()


def test_a_release_of_a_site_has_the_pages_of_that_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made and looked at as the examples of the help do it."""
    checkout(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# The site of a region\n", encoding="utf-8")
    config = "site_name: a region\ntheme: {name: material, font: false}\nplugins: [{pathways: {rules: rules}}]\n"
    (tmp_path / "mkdocs.yml").write_text(config, encoding="utf-8")
    commit(tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in ("release", "verify"):
        [line] = [line.strip() for line in (command(name).epilog or "").splitlines() if "pathways " in line]
        done = CliRunner().invoke(cli, shlex.split(line)[1:])
        assert done.exit_code == 0, done.output

    assert "The site of a region" in (tmp_path / "release-0.1.0" / "site" / "index.html").read_text(encoding="utf-8")


def command(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


@pytest.mark.parametrize(("package", "what"), [("cyclonedx", "a bill of materials needs cyclonedx"), ("mkdocs", "a site needs mkdocs")])
def test_without_its_extra_a_release_says_at_once_what_to_install(tmp_path: Path, package: str, what: str) -> None:
    rules = checkout(tmp_path)
    without = "import sys; sys.modules[sys.argv.pop(1)] = None; from pathways.cli import main; main()"
    words = [sys.executable, "-c", without, package, "release", "rules", "--output", "release"]
    done = subprocess.run(words, cwd=rules.parent, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 2
    assert what in done.stderr
    assert 'pip install "ent-pathways[' in done.stderr
    assert not (tmp_path / "release").exists()


# -- looking at one ----------------------------------------------------------------------------------------------------


def test_a_release_is_as_it_was_made_wherever_it_is_copied(copy: Path) -> None:
    done = verify(copy)

    assert done.exit_code == 0, done.output
    assert "every file is as it was released" in done.output
    assert hashlib.sha256((copy / "manifest.json").read_bytes()).hexdigest() in done.output.replace("\n", "").replace(" ", "")


def _flipped(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def _linked(folder: Path) -> None:
    (folder / "changes.md").unlink()
    (folder / "changes.md").symlink_to(folder / "content.json")


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "one byte of a page": (lambda folder: _flipped(folder / "site" / "index.html"), "site/index.html: is not what the manifest says"),
    "one byte of the content": (lambda folder: _flipped(folder / "content.json"), "content.json: is not what the manifest says"),
    "a file too many": (lambda folder: (folder / "rules" / "extra.txt").write_text("x"), "rules/extra.txt: is not in the manifest"),
    "a hidden file too many": (lambda folder: (folder / "site" / ".hidden").write_text("x"), "site/.hidden: is not in the manifest"),
    "a file too few": (lambda folder: (folder / "sbom.cdx.json").unlink(), "sbom.cdx.json: is missing"),
    "a link": (_linked, "changes.md: is no regular file"),
    "no rules": (lambda folder: shutil.rmtree(folder / "rules"), "rules: cannot be read as rules"),
}


@pytest.mark.parametrize("what", SPOILT)
def test_what_is_not_as_it_was_released_is_named(copy: Path, what: str) -> None:
    change, said = SPOILT[what]
    change(copy)
    done = verify(copy)

    assert done.exit_code == 1
    assert said in done.output


def test_rules_that_were_changed_together_with_the_manifest_have_another_digest(copy: Path) -> None:
    """Whoever fakes the hash of a file must fake the digest too; the SHA-256 of the manifest is then another."""
    file, manifest = copy / "rules" / "smallest.yaml", copy / "manifest.json"
    file.write_text(file.read_text(encoding="utf-8").replace("within: PT4H", "within: now"), encoding="utf-8")
    data = json.loads(manifest.read_text(encoding="utf-8"))
    data["files"]["rules/smallest.yaml"] = hashlib.sha256(file.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(data), encoding="utf-8")
    done = verify(copy, "--format", "json")

    assert done.exit_code == 1
    assert [flaw["file"] for flaw in json.loads(done.output)["flaws"]] == ["rules", "content.json", "site/assets/pathways/ruleset.js"]
    assert "have the digest" in done.output


def test_cases_that_were_changed_together_with_the_manifest_are_not_those_of_the_report(copy: Path) -> None:
    file, manifest = copy / "rules" / "smallest.cases.yaml", copy / "manifest.json"
    file.write_text(CASES.replace("case: sore", "case: it hurts"), encoding="utf-8")
    data = json.loads(manifest.read_text(encoding="utf-8"))
    data["files"]["rules/smallest.cases.yaml"] = hashlib.sha256(file.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(data), encoding="utf-8")
    done = verify(copy)

    assert done.exit_code == 1
    assert "verification.json: was made with another smallest.cases.yaml" in done.output


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1, "files": {"a": 1}}', '{"format": 1, "files": {}}'])
def test_a_folder_without_a_manifest_that_can_be_read_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    done = verify(tmp_path)

    assert done.exit_code == 2
    assert "manifest.json" in done.output


def _forged(folder: Path, name: str, old: str, new: str) -> None:
    """A file edited, and the manifest made to fit."""
    file, manifest = folder / name, folder / "manifest.json"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    if name != "manifest.json":
        data = json.loads(manifest.read_text(encoding="utf-8"))
        data["files"][name] = hashlib.sha256(file.read_bytes()).hexdigest()
        manifest.write_text(json.dumps(data), encoding="utf-8")


def _link_in_the_manifest(folder: Path) -> None:
    _linked(folder)
    data = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps(data | {"files": data["files"] | {"changes.md": "no regular file"}}), encoding="utf-8")


FORGED: dict[str, tuple[Callable[[Path], object], str]] = {
    "an approval that nobody gave": (
        lambda folder: _forged(folder, "manifest.json", '"approval": "draft"', '"approval": "approved"'),
        "rules: are by their records `draft`, and the manifest says `approved`",
    ),
    "another question at the bedside": (
        lambda folder: _forged(folder, "site/assets/pathways/ruleset.js", '"drooling"', '"dribbling"'),
        "site/assets/pathways/ruleset.js: does not ask at the bedside what the rules here ask",
    ),
    "a script beside the rules of the bedside": (
        lambda folder: _forged(folder, "site/assets/pathways/ruleset.js", ";\n", ";alert(1);\n"),
        "site/assets/pathways/ruleset.js: does not ask at the bedside what the rules here ask",
    ),
    "other content": (lambda folder: _forged(folder, "content.json", "drooling", "dribbling"), "content.json: is not the content of the rules here"),
    "a link that the manifest calls one": (_link_in_the_manifest, "changes.md: is no regular file"),
}  # fmt: skip


@pytest.mark.parametrize("what", FORGED)
def test_what_was_edited_together_with_the_manifest_is_held_against_the_rules(copy: Path, what: str) -> None:
    change, said = FORGED[what]
    change(copy)
    done = verify(copy)

    assert done.exit_code == 1
    assert said in " ".join(done.output.split())
