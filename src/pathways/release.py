"""A release: one folder with all that a governance group reads, made of one commit, with a manifest that anybody can check.

Nothing is released that was not verified whole. Equal commits give equal bytes: every date is the commit's, and what the clock
said stands in `times.json`, of which the manifest does not speak.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from pathways import manifests
from pathways.approvals import FOLDER, approved_ruleset, standing
from pathways.browser import holds
from pathways.checkout import commit_of, untouched
from pathways.decision import RuleSetRef, canonical
from pathways.hazards import read_hazards
from pathways.loader import Authored, read
from pathways.manifests import Flaw, NoManifest
from pathways.reports.approvals import standing_data
from pathways.reports.roots import Root
from pathways.ruleset import ENGINE, RuleSet
from pathways.since import NotCompared, approved_content, compared
from pathways.verification import PARTS, NotVerified, Verification, read_verification, verified

if TYPE_CHECKING:
    from pathways.changes import Changes

__all__ = ["Checked", "NotReleased", "Released", "checked", "release"]

VERIFICATION, CONTENT, CHANGES, SITE, RULES = "verification.json", "content.json", "changes.json", "site", "rules"
BEDSIDE = "assets/pathways/ruleset.js"  # in the site: what the pages at the bedside decide with
SHOWN = {  # part of the verification → what prints all that it found
    "test": "pathways test {}",
    "check": "pathways check {}",
    "coverage": "pathways test {} --coverage",
    "mutants": "pathways test {} --mutants",
    "differential": "pathways report {}",
}
Watch: TypeAlias = Callable[[Iterable[Any], int, str], Iterable[Any]]


class NotReleased(RuntimeError):
    """Why nothing was released; a line for each reason."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Released:
    """What was made: how many files, and the SHA-256 of their manifest, which is published where nobody else can write."""

    rules: RuleSetRef
    commit: str
    files: int
    manifest: str


@dataclass(frozen=True, slots=True)
class _Making:
    """What every part of a release is made of."""

    folder: Path
    authored: Authored
    ruleset: RuleSet
    commit: str
    seconds: int
    target: Path

    @property
    def day(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def write(self, name: str, text: str) -> Path:
        file = self.target / name
        file.write_text(text, encoding="utf-8")
        return file


def release(
    folder: Path,
    output: Path,
    mkdocs: Path | None = None,
    against: str = "",
    jobs: int = 1,
    watch: Watch = lambda values, count, what: values,
) -> Released:
    """Make the release of a rule folder, whole or not at all; raises NotReleased, InvalidRules, Missing without an extra.

    `against` is the version that changes are told from, if not the last that was approved.
    """
    from pathways.publishing import documents
    from pathways.sbom import sbom

    if output.exists():
        raise NotReleased(f"`{output}` is there already: name a folder that is not")
    authored = read(folder)
    commit = _commit(folder, documents(mkdocs))
    started = time.time()
    aside = Path(tempfile.mkdtemp(prefix=f".{output.name}.", dir=output.absolute().parent))
    try:
        made = _Making(folder, authored, approved_ruleset(authored), *commit, aside / "release")
        made.target.mkdir()
        made.write("sbom.cdx.json", sbom(made.ruleset.id, made.ruleset.version, made.ruleset.digest, made.commit, made.seconds))
        found = _made(made, mkdocs, against, jobs, watch, aside)
        times = {"started": _clock(started), "ended": _clock(time.time()), "seconds": round(time.time() - started, 1)}
        made.write(manifests.BESIDE[1], json.dumps(times, indent=1) + "\n")
        made.target.rename(output)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return found


def _clock(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _commit(folder: Path, further: Iterable[Path]) -> tuple[str, int]:
    """The commit that is released; raises NotReleased where what is there is not what was committed."""
    found = commit_of(folder)
    if found is None:
        raise NotReleased(f"`{folder}` is in no checkout of git: a release is made of a commit")
    for place in (folder, *further):
        if not untouched(place):
            raise NotReleased(f"`{place}` has changes that are not committed: commit them, or put them aside")
    return found


def _made(made: _Making, mkdocs: Path | None, against: str, jobs: int, watch: Watch, aside: Path) -> Released:
    from pathways.publishing import NotBuilt, build_site
    from pathways.schemas import schema

    ruleset = made.ruleset
    record = made.write(VERIFICATION, _verified(made, jobs, watch).to_json())
    try:
        build_site(mkdocs, made.folder, made.target / SITE, made.seconds, record, aside)
    except NotBuilt as error:
        raise NotReleased(str(error)) from None
    _copied(made)
    made.write(CONTENT, canonical(ruleset.content()))
    made.write("decision.schema.json", _json(schema("decision")))
    made.write("approvals.json", _json(standing_data(standing(made.folder, ruleset), Root(made.folder.resolve().name, ""))))
    made.write("hazards.json", _json(read_hazards(made.folder, made.authored).data()))
    for name, text in _changes(made, against, jobs, watch):
        made.write(name, text)
    files = manifests.hashes(made.target)
    rules = ruleset.ref._asdict()
    about = {"ruleset": rules, "engine": ENGINE, "commit": made.commit, "date": made.day.isoformat()}
    data = manifests.written(about, files)
    (made.target / manifests.MANIFEST).write_bytes(data)
    return Released(ruleset.ref, made.commit, len(files), manifests.hash_of(data))


def _verified(made: _Making, jobs: int, watch: Watch) -> Verification:
    """The verification report; raises NotReleased where anything was not run, or does not hold."""
    found = verified(made.folder, made.day.date(), jobs=jobs, watch=watch)
    if points := found.open_points():
        raise NotReleased(*points, *(f"  help: `{SHOWN[part].format(made.folder)}` shows each" for part in PARTS if found.against(part)))
    return found


def _copied(made: _Making) -> None:
    """The rule files as they are, with what was signed."""
    target = made.target / RULES
    (target / FOLDER).mkdir(parents=True)
    for pattern in ("*.yaml", f"{FOLDER}/*.json"):
        for file in sorted(made.folder.glob(pattern)):
            if not file.name.startswith("."):
                (target / file.relative_to(made.folder)).write_bytes(file.read_bytes())


def _changes(made: _Making, against: str, jobs: int, watch: Watch) -> Iterator[tuple[str, str]]:
    """Whom the rules decide differently than the version before, for people and for programs."""
    from pathways.reports.changes import FORMATS

    found = _compared(made, against, jobs, watch)
    if found is None:
        why = "nothing was ever approved, and no version to compare with was named"
        yield CHANGES, _json({"format": 1, "compared": False, "why": why})
        yield "changes.md", f"Not compared: {why}.\n"
        return
    yield CHANGES, "".join(f"{line}\n" for line in FORMATS["json"](found))
    yield "changes.md", "".join(f"{line}\n" for line in FORMATS["markdown"](found))


def _compared(made: _Making, against: str, jobs: int, watch: Watch) -> Changes | None:
    newest = standing(made.folder, made.ruleset).newest
    if against:
        other, name = against, against
    elif newest is not None:
        other, name = str(approved_content(made.folder, newest)), f"approved on {newest.on}"
    else:
        return None

    def watched(found: Iterable[Any], count: int) -> Iterable[Any]:
        return watch(found, count, "pathways")

    try:
        return compared(made.folder, other, name, f"release {made.ruleset.version}", jobs, watched)
    except NotCompared as error:
        raise NotReleased(f"the changes cannot be told: {error}") from None


def _json(data: Any) -> str:
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


# -- checking one ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of a release: every file that is not as the manifest says, and what is wrong with its rules."""

    rules: RuleSetRef
    commit: str
    files: int
    manifest: str
    flaws: tuple[Flaw, ...]


def checked(folder: Path) -> Checked:
    """Look at every file of a release, and read its rules and its verification report again; raises NoManifest."""
    data = manifests.read_manifest(folder)
    about = data.get("ruleset")
    if not isinstance(about, dict) or not all(isinstance(about.get(key), str) for key in ("id", "version", "digest", "approval")):
        raise NoManifest(f"`{manifests.MANIFEST}` does not say of which rules it speaks")
    rules = RuleSetRef(about["id"], about["version"], about["digest"], about["approval"])
    found = [*manifests.flaws(folder, data["files"]), *_rules(folder, rules)]
    manifest = manifests.hash_of((folder / manifests.MANIFEST).read_bytes())
    return Checked(rules, str(data.get("commit")), len(data["files"]), manifest, tuple(found))


def _rules(folder: Path, said: RuleSetRef) -> Iterator[Flaw]:
    """Whether the rules are those of the manifest and stand as it says, and content, report and bedside are of them."""
    from pathways.remarks import InvalidRules

    try:
        now = approved_ruleset(read(folder / RULES))
    except InvalidRules as error:
        yield Flaw(RULES, f"cannot be read as rules: {error.remarks[0].message}")
        return
    if now.digest != said.digest:
        yield Flaw(RULES, f"have the digest {now.digest[:12]}, and the manifest says {said.digest[:12]}; this is {ENGINE}")
    if now.ref.approval != said.approval:
        yield Flaw(RULES, f"are by their records `{now.ref.approval}`, and the manifest says `{said.approval}`")
    if _read(folder / CONTENT) != canonical(now.content()):
        yield Flaw(CONTENT, "is not the content of the rules here")
    if not holds(_read(folder / SITE / BEDSIDE), now):
        yield Flaw(f"{SITE}/{BEDSIDE}", f"does not ask at the bedside what the rules here ask; this is {ENGINE}")
    try:
        read_verification((folder / VERIFICATION).read_bytes(), said.digest, folder / RULES)
    except NotVerified as error:
        yield Flaw(VERIFICATION, str(error))
    except OSError as error:
        yield Flaw(VERIFICATION, f"cannot be read: {(error.strerror or 'unknown').lower()}")


def _read(file: Path) -> str:
    """What a file holds; nothing of one that cannot be read, which is named already."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""
