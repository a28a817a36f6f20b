"""A folder and the SHA-256 of every file in it: written down when it is made, compared when somebody has it.

Knows nothing of rules.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

__all__ = ["BESIDE", "MANIFEST", "Flaw", "NoManifest", "flaws", "hash_of", "hashes", "read_manifest", "written"]

MANIFEST = "manifest.json"
BESIDE = (MANIFEST, "times.json")  # files that no manifest can speak of: itself, and what the clock said
FORMAT = 1
NO_FILE = "no regular file"  # where a hash stands else; nothing that anybody can write in a manifest makes it right


class NoManifest(ValueError):
    """What was named has no manifest that can be read, and why."""


class Flaw(NamedTuple):
    """A file that is not as the manifest says."""

    file: str
    what: str


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file in the folder, by its path there."""
    found = {_name(file, folder): file for file in folder.rglob("*") if not file.is_dir() or file.is_symlink()}
    return {name: _hash(found[name]) for name in sorted(found) if name not in BESIDE}


def _name(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix()


def _hash(file: Path) -> str:
    """SHA-256 of a regular file; of anything else nothing that a file could have."""
    if file.is_symlink() or not file.is_file():
        return NO_FILE
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hash_of(data: bytes) -> str:
    """SHA-256 of what a file holds."""
    return hashlib.sha256(data).hexdigest()


def written(about: Mapping[str, Any], files: Mapping[str, str]) -> bytes:
    """A manifest of these files, and what else there is to say."""
    return (json.dumps({"format": FORMAT, **about, "files": dict(files)}, indent=1, ensure_ascii=False) + "\n").encode()


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of the folder; raises NoManifest."""
    file = folder / MANIFEST
    try:
        data: dict[str, Any] = json.loads(file.read_bytes())
    except OSError as error:
        raise NoManifest(f"`{MANIFEST}` cannot be read: {(error.strerror or 'unknown').lower()}") from None
    except (ValueError, RecursionError):
        raise NoManifest(f"`{MANIFEST}` is not JSON") from None
    files = data.get("files") if isinstance(data, dict) else None
    if not isinstance(files, dict) or data.get("format") != FORMAT or not all(isinstance(one, str) for one in files.values()):
        raise NoManifest(f"`{MANIFEST}` is no manifest of this format")
    return data


def flaws(folder: Path, files: Mapping[str, str]) -> Iterator[Flaw]:
    """Every file that is changed, missing or too many, in order."""
    now = hashes(folder)
    for name in sorted({*files, *now}):
        if name not in now:
            outside = PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts
            yield Flaw(name, "the manifest names a file outside the folder" if outside else "is missing")
        elif name not in files:
            yield Flaw(name, "is not in the manifest")
        elif now[name] == NO_FILE:
            yield Flaw(name, "is no regular file: what a link leads to can change at any time")
        elif now[name] != files[name]:
            yield Flaw(name, "is not what the manifest says: its SHA-256 is another")
