"""Versions of a rule set, from wherever they are: a folder, a wheel, a revision of git, the canonical content as JSON.

A revision is written `REVISION` or `REVISION:FOLDER`, as `main` or `v1.2:rules`; it is read without touching the checkout.
"""

from __future__ import annotations

import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from pathways.checkout import NoGit, git
from pathways.compiler import ruleset_of
from pathways.content import OTHERWISE, RED_FLAGS, Content, Key
from pathways.loader import read
from pathways.recorded import NotRecorded, read_content
from pathways.remarks import InvalidRules, Place
from pathways.ruleset import RuleSet

__all__ = ["NoVersion", "Version", "read_version"]

SHARED = "ruleset.yaml"  # every rule folder has one
LARGEST = 50_000_000  # bytes of all rule files together


class NoVersion(ValueError):
    """What was named is not a version of a rule set, and why."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version: its content, the engine's form of it where its rule files are at hand, and where each rule stands."""

    name: str
    content: Content
    ruleset: RuleSet | None = None
    places: Mapping[Key, Place] = field(default_factory=dict)


def read_version(name: str, folder: str = "rules") -> Version:
    """The version of this name; `folder`, seen from here, is where a revision has its rules if the name does not say so.

    Raises NoVersion where there is none, InvalidRules where its rules do not load.
    """
    path = Path(name)
    if path.is_dir():
        return _of_folder(path, name, None)
    if path.is_file() and path.suffix == ".json":
        return _of_json(path, name)
    if path.is_file():
        files = _of_wheel(path, name)
    else:
        revision, colon, inside = name.partition(":")
        top = _checkout(name)
        inside = inside.strip("/") if colon else _seen_from(top, folder)
        name = f"{revision}:{inside}"
        files = _of_revision(top, revision, inside)
    with TemporaryDirectory(prefix="pathways-") as made:
        rules = Path(made) / "rules"
        rules.mkdir()
        for file, data in files:
            (rules / file).write_bytes(data)
        if not (rules / SHARED).is_file():
            raise NoVersion(f"`{name}` has no `{SHARED}`: name the folder that has the rules, as in `main:rules`")
        return _of_folder(rules, name, name)


def _of_folder(folder: Path, name: str, lead: str | None) -> Version:
    """The rules in the folder; its files are named as those of `lead` where it is a copy that nobody can look into."""
    try:
        ruleset = ruleset_of(read(folder))
    except InvalidRules as error:
        if lead is None:
            raise
        remarks = [
            remark._replace(place=_led(remark.place, lead), other=None if remark.other is None else _led(remark.other, lead))
            for remark in error.remarks
        ]
        raise InvalidRules(remarks) from error
    places = {key: _place(text) if lead is None else _led(_place(text), lead) for key, text in _places(ruleset)}
    return Version(name, Content(ruleset.content()), ruleset, places)


def _places(ruleset: RuleSet) -> Iterator[tuple[Key, str]]:
    yield from (((RED_FLAGS, rule.id), rule.place) for rule in ruleset.red_flags)
    for pathway in ruleset.pathways.values():
        yield from (((pathway.id, rule.id), rule.place) for rule in pathway.rules)
        if pathway.otherwise is not None:
            yield (pathway.id, OTHERWISE), pathway.otherwise_place


def _place(text: str) -> Place:
    file, line, column = text.rsplit(":", 2)
    return Place(file, int(line), int(column))


def _led(place: Place, lead: str) -> Place:
    return place._replace(file=f"{lead}/{PurePosixPath(place.file).name}")


def _of_json(path: Path, name: str) -> Version:
    try:
        return Version(name, Content(read_content(path.read_bytes())))
    except NotRecorded as error:
        raise NoVersion(f"`{name}` {error}") from None


def _of_wheel(path: Path, name: str) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as wheel:
            found = [PurePosixPath(one.filename) for one in wheel.infolist() if PurePosixPath(one.filename).name == SHARED]
            if not found:
                raise NoVersion(f"`{name}` is a wheel without rules")
            if len(found) > 1:
                raise NoVersion(f"`{name}` has rules at {found[0].parent} and at {found[1].parent}: unpack it, and name one of the folders")
            inside = [one for one in wheel.infolist() if _is_rule_file(PurePosixPath(one.filename), found[0].parent)]
            _not_too_large(name, (one.file_size for one in inside))
            yield from ((PurePosixPath(one.filename).name, wheel.read(one)) for one in inside)
    except NoVersion:
        raise
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError) as error:
        if not zipfile.is_zipfile(path):
            raise NoVersion(f"`{name}` is neither a folder nor a wheel") from None
        # Damaged, encrypted, or packed as this Python cannot unpack.
        raise NoVersion(f"`{name}` cannot be unpacked ({f'{error}'.lower() or 'it is cut off'}): build or fetch it again") from None


def _is_rule_file(path: PurePosixPath, folder: PurePosixPath) -> bool:
    return path.parent == folder and path.suffix == ".yaml"


def _not_too_large(name: str, sizes: Iterable[int]) -> None:
    if sum(sizes) > LARGEST:
        raise NoVersion(f"`{name}` has more than {LARGEST // 1_000_000} MB of rules")


def _checkout(name: str) -> Path:
    """The checkout of git in which we are, and a revision may be."""
    top = _git(["rev-parse", "--show-toplevel"], None)
    if top is None:
        raise NoVersion(f"`{name}` is not there, and this is no checkout of git in which it could be a revision")
    return Path(top.decode().strip())


def _seen_from(top: Path, folder: str) -> str:
    whole = Path(folder).resolve()
    return whole.relative_to(top).as_posix() if whole.is_relative_to(top) else folder


def _of_revision(top: Path, revision: str, folder: str) -> Iterator[tuple[str, bytes]]:
    if revision.startswith("-") or _git(["rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"], top) is None:
        raise NoVersion(f"`{revision}` is neither a folder, a wheel nor a revision of git: fetch it, or correct the name")
    tree = _git(["rev-parse", "--verify", "--quiet", f"{revision}:{'' if folder == '.' else folder}"], top)
    packed = None if tree is None else _git(["archive", "--format=tar", tree.decode().strip()], top)
    if packed is None:
        raise NoVersion(f"the revision `{revision}` has no folder `{folder}`: name the one that has the rules, as in `{revision}:rules`")
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        inside = [one for one in archive if one.isfile() and _is_rule_file(PurePosixPath(one.name), PurePosixPath())]
        _not_too_large(f"{revision}:{folder}", (one.size for one in inside))
        for one in inside:
            stream = archive.extractfile(one)
            if stream is not None:
                yield one.name, stream.read()


def _git(arguments: list[str], at: Path | None) -> bytes | None:
    """What git prints; None where it says no."""
    try:
        return git(arguments, at)
    except NoGit as error:
        raise NoVersion(f"revisions need git: {error}; name folders or wheels") from None
