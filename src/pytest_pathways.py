"""A plugin of pytest: `pytest rules/` runs the cases of a rule folder, a test for each.

It stands beside the package and imports it only for such a file, so that no other run waits for it, or measures it too late.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

__all__ = ["pytest_collect_file"]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The cases of a file NAME.cases.yaml that has ruleset.yaml beside it."""
    if not file_path.name.endswith(".cases.yaml") or not file_path.with_name("ruleset.yaml").is_file():
        return None
    from pathways.pytest_plugin import CaseFile

    return CaseFile.from_parent(parent, path=file_path)
