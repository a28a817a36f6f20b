"""A small rule set with everything that the bedside shows, for the tests of the interview and the command line."""

from __future__ import annotations

import shutil
from pathlib import Path

__all__ = ["DANGERS", "write_rules"]

DANGERS = ("airway", "shock")


def write_rules(folder: Path) -> Path:
    """A copy of the rule set in this folder, to be changed at will."""
    shutil.copytree(Path(__file__).parent / "bedside_rules", folder)
    return folder
