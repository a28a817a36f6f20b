"""What git says of a folder: asked, never changed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

__all__ = ["NoGit", "commit_of", "cut_short", "git", "lines", "untouched", "writers"]

PATIENCE = 60  # seconds


class NoGit(RuntimeError):
    """git is not installed, or does not answer."""


def git(arguments: list[str], at: Path | None) -> bytes | None:
    """What git prints, called in that folder; None where it says no. Raises NoGit."""
    found = shutil.which("git")
    if found is None:
        raise NoGit("git is not installed")
    try:
        ran = subprocess.run([found, *arguments], cwd=at, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603  # no shell
    except subprocess.TimeoutExpired:
        raise NoGit(f"git did not answer within {PATIENCE} seconds") from None
    return ran.stdout if ran.returncode == 0 else None


def lines(arguments: list[str], at: Path) -> list[str] | None:
    """What git prints, line by line; None where it says no, or there is no git."""
    try:
        printed = git(arguments, at)
    except NoGit:
        return None
    return None if printed is None else printed.decode("utf-8", "replace").splitlines()


WRITERS = "%aN%n%(trailers:key=Co-authored-by,valueonly)"


def writers(folder: Path, files: list[str], since: str) -> list[str]:
    """Who wrote what changed in these files after the file `since` was added, or ever; whoever has not committed a change yet too.

    `files` are patterns. Who is named as co-author of a commit wrote it too.
    """
    added = lines(["log", "-1", "--format=%H", "--diff-filter=A", "--", since], folder) if since else None
    range_ = [f"{added[0]}..HEAD"] if added else []
    found = lines(["log", f"--format={WRITERS}", *range_, "--", *files], folder) or []
    if lines(["status", "--porcelain", "--ignored", "--", *files], folder):
        found += lines(["config", "user.name"], folder) or []
    return list(dict.fromkeys(name for line in found if (name := line.partition("<")[0].strip())))


def cut_short(folder: Path) -> bool:
    """Whether the checkout has only the latest part of its history."""
    return lines(["rev-parse", "--is-shallow-repository"], folder) == ["true"]


def commit_of(folder: Path) -> tuple[str, int] | None:
    """The commit that is checked out, and its time in seconds; None where the folder is in no checkout."""
    found = lines(["log", "-1", "--format=%H %ct"], folder)
    if not found:
        return None
    commit, seconds = found[0].split()
    return commit, int(seconds)


def untouched(place: Path) -> bool:
    """Whether a file or folder is as it was committed, with nothing beside but hidden files; also where git was told to look away."""
    at, name = (place.parent, place.name) if place.is_file() else (place, ".")
    changed, watched = lines(["status", "--porcelain", "--ignored", "--", name], at), lines(["ls-files", "-v", "--", name], at)
    if changed is None or watched is None:
        return False
    beside = [line for line in changed if not (line.startswith("!!") and Path(line[3:].strip('"')).name.startswith("."))]
    return not beside and all(line.startswith("H ") for line in watched)
