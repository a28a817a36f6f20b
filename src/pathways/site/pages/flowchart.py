"""The way down each pathway as pictures, with the same in words below them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pathways.site.drawing.flowchart import pictures
from pathways.site.drawing.svg import Drawing
from pathways.site.page import Page
from pathways.site.steps import Step, steps
from pathways.site.volume import Volume

__all__ = ["pages"]


def pages(volume: Volume) -> Iterator[Page]:
    """A page for each pathway."""
    for pathway in volume.ruleset.pathways.values():
        way = steps(volume.ruleset, volume.authored, pathway.id)
        values = {"pathway": pathway, "steps": way, "drawn": _drawn, "address": _address}
        yield Page(
            f"{pathway.id}/flowchart",
            f"{pathway.title}: flowchart",
            "flowchart",
            values,
            scripts=("zoom.js",),
            styles=("drawing.css",),
            search=False,
        )


def _address(owner: str, rule: str, to: Callable[..., str]) -> str:
    """Where a rule is read in full: with the rules of its pathway, or with the shared danger signs."""
    return to(f"{owner}/rules", f"rule-{rule}")


def _drawn(step: Step, to: Callable[..., str]) -> tuple[Drawing, ...]:
    return pictures(step, lambda owner, rule: _address(owner, rule, to))
