"""What a build knows of proofs and tests: found out here, or taken from a record of the same rules and cases, or not at all.

Knows nothing of pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pathways.parallel import cores
from pathways.verification import NotVerified, Verification, read_verification, verified

__all__ = ["NotVerified", "Verified", "verify"]

HERE, RECORDED = "in this build", "from a record"
QUICK = ("check", "coverage")  # what a build runs by itself
SLOW = ("mutants", "differential")  # the cases of the rules are decided in any build
OFF = "checks are off in this build"
NO_RECORD = "it takes minutes, and the build was given no record of it: `pathways report --format json` makes one"
NOT_RECORDED = "the record that the build was given does not have it"


@dataclass(frozen=True, slots=True)
class Verified:
    """The parts of a verification report that a build has, from where each is, and of the others why they are missing."""

    parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    origin: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys((*QUICK, *SLOW), OFF))


def verify(folder: Path, digest: str, day: str, checks: bool = True, record: Path | None = None) -> Verified:
    """Run what is quick, unless `checks` are off, and take the rest from the record.

    Raises NotVerified for a record of other rules, or other cases.
    """
    recorded = None if record is None else _recorded(record, digest, folder)
    here = verified(folder, date.fromisoformat(day), QUICK, jobs=cores()) if checks else None
    parts: dict[str, Mapping[str, Any]] = {}
    origin: dict[str, str] = {}
    missing: dict[str, str] = {}
    for part in (*QUICK, *SLOW):
        if here is not None and part in here.parts:
            parts[part], origin[part] = here.parts[part], HERE
        elif recorded is not None and part in recorded.parts:
            parts[part], origin[part] = recorded.parts[part], RECORDED
        else:
            missing[part] = _why(part, here, recorded)
    return Verified(parts, origin, missing)


def _recorded(record: Path, digest: str, folder: Path) -> Verification:
    try:
        return read_verification(record.read_bytes(), digest, folder)
    except OSError as error:
        raise NotVerified(f"`{record}` cannot be read: {str(error.strerror).lower()}") from None
    except NotVerified as error:
        raise NotVerified(f"`{record}` {error}") from None


def _why(part: str, here: Verification | None, recorded: Verification | None) -> str:
    if part in QUICK:
        return OFF if here is None else here.not_run[part]
    return NO_RECORD if recorded is None else NOT_RECORDED
