"""How a rule folder stands, and who is decided otherwise since everybody signed: the rules beside the content that was approved."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from pathways.approvals import FOLDER, Standing, State, standing
from pathways.compiler import ruleset_of
from pathways.extras import Missing
from pathways.loader import read

if TYPE_CHECKING:
    from pathways.changes import Changes

__all__ = ["Since", "since_approved"]

Watch: TypeAlias = Callable[[Iterable[Any], int], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Since:
    """How the rules stand; with the changes since the last approval, or why nobody can say what they are."""

    standing: Standing
    changes: Changes | None = None
    unknown: str = ""


def since_approved(folder: Path, jobs: int = 1, watch: Watch = lambda found, count: found) -> Since:
    """What changed since the last approval, if anything did; raises InvalidRules for a folder that does not load."""
    found = standing(folder, ruleset_of(read(folder)))
    if found.state is not State.CHANGED or found.newest is None:
        return Since(found)
    try:
        from pathways import changes
        from pathways.encoding import Undecided
        from pathways.versions import NoVersion, read_version
    except Missing as error:
        return Since(found, unknown=str(error))
    try:
        approved = read_version(str(folder / FOLDER / f"{found.newest.digest}.json"))
        old = replace(approved, name=f"approved on {found.newest.on}")
        new = replace(read_version(str(folder)), name="now")
        return Since(found, changes.diff(old, new, None, jobs, watch))
    except (changes.Incomparable, NoVersion, Undecided) as error:
        return Since(found, unknown=f"the two cannot be compared: {error}")
