"""Where the files of a rule folder lie for other programs, which do not start from the folder as its own places do."""

from __future__ import annotations

from typing import Any, NamedTuple

from pathways.remarks import Place

__all__ = ["Root"]


class Root(NamedTuple):
    """A rule folder: its `name`, with which its places begin, and its `path` from where the command runs: `rules/`, or nothing."""

    name: str
    path: str

    def file(self, file: str) -> str:
        """The path of a file that a place names."""
        return self.path + file.removeprefix(f"{self.name}/") if file.startswith(f"{self.name}/") else file

    def place(self, place: Place) -> dict[str, Any]:
        """A place as plain data; without line and column where it has none."""
        line = {"line": place.line, "column": place.column} if place.line else {}
        return {"file": self.file(place.file), **line}
