"""What changed since another version of the rules: the last that was approved, or one that is named.

Knows nothing of pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pathways.approvals import Approved
from pathways.extras import Missing
from pathways.parallel import cores
from pathways.since import NotCompared, approved_content, compared

if TYPE_CHECKING:
    from pathways.changes import Changes

__all__ = ["NotCompared", "Since", "since"]

OFF = "not compared in this build: checks are off"
NEVER = "nothing was ever approved, so there is nothing to compare these rules with"


@dataclass(frozen=True, slots=True)
class Since:
    """What differs from another version, and which that is; where nothing was compared, why."""

    version: str = ""
    found: Changes | None = None
    why: str = NEVER


def since(folder: Path, against: str = "", newest: Approved | None = None, checks: bool = True) -> Since:
    """The rules in the folder compared with `against` (see `versions`), or with the content that was approved last.

    Raises NotCompared where there is no such version, or the two cannot be compared.
    """
    if against:
        where = version = against
    elif newest is not None:
        where, version = str(approved_content(folder, newest)), f"version {newest.version}, approved on {newest.on}"
    else:
        return Since()
    if not checks:
        return Since(version, None, OFF)
    try:
        return Since(version, compared(folder, where, version, "these rules", cores()), "")
    except Missing as error:
        return Since(version, None, f"not compared in this build: {error}")
