"""The rule files as they are written, line by line, so that a reviewer can look from a rule to its lines without a repository."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.site.page import Page
from pathways.site.volume import Volume

__all__ = ["pages"]


def pages(volume: Volume) -> Iterator[Page]:
    """A list, and a page for each file that the rules are read from."""
    names = list(volume.authored.documents)
    yield Page("files/index", "Rule files", "files", {"names": [(name, stem(name)) for name in names]})
    for name in names:
        text = (volume.folder / name).read_text(encoding="utf-8")
        yield Page(f"files/{stem(name)}", name, "file", {"lines": text.splitlines()}, search=False)


def stem(name: str) -> str:
    """How the page of a file is called."""
    return name.removesuffix(".yaml")
