"""The pages at the bedside: one for each pathway, and one where the complaint is chosen."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.ruleset import Pathway
from pathways.site.page import Page
from pathways.site.volume import Volume

__all__ = ["SCRIPTS", "pages"]

# Each uses what those before it made; the rules come last but one, and the page starts with the last.
SCRIPTS = ("search.js", "rules.js", "evaluate.js", "words.js", "advice.js", "flow.js", "ruleset.js", "try.js")


def pages(volume: Volume) -> Iterator[Page]:
    """Every page at the bedside; they differ in the complaints alone."""
    pathways = tuple(volume.ruleset.pathways.values())
    for pathway in pathways:
        yield _page(f"{pathway.id}/try", f"{pathway.title}: try it", (pathway,), pathway)
    yield _page("try", "Try it", pathways, None)


def _page(path: str, title: str, tables: tuple[Pathway, ...], pathway: Pathway | None) -> Page:
    values = {"tables": tables, "pathway": pathway}
    return Page(path, title, "try", values, scripts=SCRIPTS, styles=("try.css",), hide=("navigation", "toc"))
