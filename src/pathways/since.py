"""How a rule folder stands, and who is decided otherwise since everybody signed: the rules beside the content that was approved."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from pathways.approvals import FOLDER, Approved, Standing, State, standing
from pathways.compiler import ruleset_of
from pathways.extras import Missing
from pathways.loader import read

if TYPE_CHECKING:
    from pathways.changes import Changes

__all__ = ["NotCompared", "Since", "approved_content", "compared", "since_approved"]

Watch: TypeAlias = Callable[[Iterable[Any], int], Iterable[Any]]


class NotCompared(ValueError):
    """What was named cannot be compared with these rules, and why."""


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
        against = str(approved_content(folder, found.newest))
        return Since(found, compared(folder, against, f"approved on {found.newest.on}", "now", jobs, watch))
    except (Missing, NotCompared) as error:
        return Since(found, unknown=str(error))


def approved_content(folder: Path, approved: Approved) -> Path:
    """The file that keeps what was approved."""
    return folder / FOLDER / f"{approved.digest}.json"


def compared(folder: Path, against: str, old: str, new: str, jobs: int = 1, watch: Watch = lambda found, count: found) -> Changes:
    """The rules in the folder beside another version (see `versions`), called so; raises NotCompared, Missing without the extra."""
    from pathways.changes import Incomparable, diff
    from pathways.encoding import Undecided
    from pathways.versions import NoVersion, read_version

    try:
        versions = replace(read_version(against, str(folder)), name=old), replace(read_version(str(folder)), name=new)
        return diff(*versions, None, jobs, watch)
    except (NoVersion, Incomparable) as error:
        raise NotCompared(str(error)) from None
    except Undecided as error:
        raise NotCompared(f"the solver reached its limit ({error}); `pathways diff --pathway` asks one pathway at a time") from None
