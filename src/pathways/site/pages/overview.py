"""The first page of a rule set: its pathways, and which rules these are."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.site.page import Page
from pathways.site.volume import Volume

__all__ = ["pages"]


def pages(volume: Volume) -> Iterator[Page]:
    """One page, at the root of the rule set."""
    yield Page("index", volume.ruleset.title, "overview")
