"""The table of pages: each chapter is a function that makes its pages of a rule set. Their order is that of the navigation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pathways.site.page import Page
from pathways.site.pages import (
    bedside,
    changes,
    files,
    findings,
    flowchart,
    glance,
    glossary,
    governance,
    graphs,
    hazards,
    overview,
    rules,
    safety_case,
    sources,
    traceability,
    verification,
)
from pathways.site.volume import Volume

__all__ = ["PAGES", "pages_of"]

PAGES: tuple[Callable[[Volume], Iterable[Page]], ...] = (
    overview.pages,
    glance.pages,
    bedside.pages,
    flowchart.pages,
    graphs.pages,
    rules.pages,
    findings.pages,
    sources.pages,
    traceability.pages,
    verification.pages,
    changes.pages,
    hazards.pages,
    safety_case.pages,
    governance.pages,
    glossary.pages,
    files.pages,
)


def pages_of(volume: Volume) -> Iterator[Page]:
    """Every page of the rule set."""
    for chapter in PAGES:
        yield from chapter(volume)
