"""Case files as pytest runs them: a file is a collector, a case a test, and what fails reads as `pathways test` prints it.

`pytest_pathways` imports this where there is a case file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import pathways
from pathways.cases import CaseResult, ReadCase, read_cases, run_case
from pathways.remarks import InvalidRules
from pathways.reports.cases import case_rows
from pathways.reports.remarks import counted, remark_rows

__all__ = ["CaseFile", "CaseTest", "NotMet"]

FOLDERS = pytest.StashKey[dict[Path, tuple[ReadCase, ...]]]()


class NotMet(AssertionError):
    """A decision is not what its case expects."""

    def __init__(self, result: CaseResult) -> None:
        self.result = result
        super().__init__("; ".join(map(str, result.comparison.differences)))


class CaseFile(pytest.File):
    """One case file. Its folder is read once for all of them, and if it does not load, that is one error."""

    def collect(self) -> Iterator[CaseTest]:
        """A test for each case of this file."""
        folder = self.path.parent
        read = self.session.stash.setdefault(FOLDERS, {})
        if folder not in read:
            read[folder] = ()  # all that is wrong with the folder is told here: its other files then have nothing to add
            read[folder] = read_cases(folder, pathways.load(folder))
        for case in read[folder]:
            if case.place.file.endswith(f"/{self.path.name}"):
                yield CaseTest.from_parent(self, name=case.name, case=case)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Every remark on a folder that does not load."""
        if isinstance(excinfo.value, InvalidRules):
            return "\n".join([*remark_rows(excinfo.value.remarks), counted(excinfo.value.remarks)])
        return super().repr_failure(excinfo)


class CaseTest(pytest.Item):
    """One case."""

    def __init__(self, *, case: ReadCase, **rest: Any) -> None:
        super().__init__(**rest)
        self.case = case

    def runtest(self) -> None:
        """Decide it, and compare."""
        result = run_case(self.case)
        if not result.passed:
            raise NotMet(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Expected beside decided."""
        if isinstance(excinfo.value, NotMet):
            return "\n".join(case_rows(excinfo.value.result))
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the case stands; pytest counts lines from 0."""
        return self.path, self.case.place.line - 1, self.name
