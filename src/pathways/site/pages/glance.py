"""Each pathway as the table that clinicians know: who, what to do, whom to call, by when; and the same on two sheets of paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pathways.ruleset import Rule, RuleSet
from pathways.site.page import Page
from pathways.site.sheet import sheet
from pathways.site.volume import Volume
from pathways.site.words import Given, Level, given, level_of, said

__all__ = ["Line", "pages"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: a rule with what it gives.."""

    rule: Rule
    given: Given
    discreet: bool


@dataclass(frozen=True, slots=True)
class Band:
    """The lines of one level."""

    level: Level
    lines: tuple[Line, ...]


def pages(volume: Volume) -> Iterator[Page]:
    """A page for each pathway."""
    ruleset = volume.ruleset
    for pathway in ruleset.pathways.values():
        values = {
            "pathway": pathway,
            "first_aid": tuple(said(item, ruleset) for item in pathway.first_aid),
            "flags": _bands(ruleset.red_flags, ruleset),
            "bands": _bands(pathway.rules, ruleset),
            "handovers": tuple(rule for rule in pathway.rules if rule.handover is not None),
            "otherwise": None if pathway.otherwise is None else given(pathway.otherwise, ruleset),
            "sheet": sheet(pathway, ruleset, volume.authored),
        }
        yield Page(f"{pathway.id}/index", pathway.title, "glance", values)


def _bands(rules: Iterable[Rule], ruleset: RuleSet) -> tuple[Band, ...]:
    """The rules by level, most urgent first; in a level as the file has them."""
    found: dict[int, list[Line]] = {}
    for rule in rules:
        if rule.outcome is not None:
            line = Line(rule, given(rule.outcome, ruleset), (rule.pathway, rule.id) in ruleset.discreet.rules)
            found.setdefault(rule.outcome.urgency.rank, []).append(line)
    return tuple(Band(level_of(ruleset.urgency[rank], ruleset), tuple(found[rank])) for rank in sorted(found, reverse=True))
