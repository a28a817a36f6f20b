"""The first page of a rule set: what it is, which pathways it has, and where a reviewer finds what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pathways.reports.standing import mark
from pathways.ruleset import Pathway, Rule
from pathways.site.page import Page
from pathways.site.volume import Volume
from pathways.site.words import BASIS, Level, level_of

__all__ = ["pages"]


@dataclass(frozen=True, slots=True)
class Row:
    """A pathway as the table of pathways shows it. `basis` counts its rules by what they rest on."""

    pathway: Pathway
    mark: str
    basis: tuple[tuple[str, int], ...]
    narrowing: tuple[Rule, ...]
    cases: int
    failed: int


def pages(volume: Volume) -> Iterator[Page]:
    """One page, at the root of the rule set."""
    ruleset = volume.ruleset
    levels: tuple[Level, ...] = tuple(level_of(urgency, ruleset) for urgency in reversed(ruleset.urgency))
    rows = tuple(_row(volume, pathway) for pathway in ruleset.pathways.values())
    yield Page("index", ruleset.title, "overview", {"rows": rows, "levels": levels, "words": BASIS, "agreed": volume.authored.sources.rows})


def _row(volume: Volume, pathway: Pathway) -> Row:
    counted = Counter(rule.basis for rule in pathway.rules)
    cases = [result for result in volume.cases if result.case.pathway == pathway.id]
    return Row(
        pathway,
        mark(volume.ruleset, pathway.id),
        tuple((basis, counted[basis]) for basis in BASIS),
        tuple(rule for rule in pathway.rules if rule.narrows),
        len(cases),
        sum(not result.passed for result in cases),
    )
