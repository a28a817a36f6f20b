"""The decision graphs, for whoever wants to see every way to an end: of the whole urgency, and of each rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pathways.ruleset import Pathway, Rule, RuleSet
from pathways.site.drawing.graph import picture
from pathways.site.drawing.svg import Drawing
from pathways.site.page import Page
from pathways.site.questions import Questions, questions
from pathways.site.volume import Volume

__all__ = ["pages"]


class Entry(NamedTuple):
    """The graph of a rule, as a picture and in words."""

    rule: Rule
    picture: Drawing
    questions: Questions


def pages(volume: Volume) -> Iterator[Page]:
    """Two pages for each pathway: its whole graph, and those of its rules."""
    ruleset = volume.ruleset
    for pathway in ruleset.pathways.values():
        title = f"{pathway.title}: decision graph"
        found = questions(ruleset, pathway.id)
        drawn = picture("graph", title, found)
        yield Page(
            f"{pathway.id}/graph",
            title,
            "graph",
            {"pathway": pathway, "questions": found, "picture": drawn},
            scripts=("zoom.js",),
            styles=("drawing.css",),
            search=False,
        )
        entries = [_entry(ruleset, pathway, rule) for rule in (*ruleset.red_flags, *pathway.rules)]
        values = {"pathway": pathway, "entries": entries}
        yield Page(
            f"{pathway.id}/rule-graphs",
            f"{pathway.title}: a graph for each rule",
            "rule_graphs",
            values,
            scripts=("zoom.js",),
            styles=("drawing.css",),
            search=False,
        )


def _entry(ruleset: RuleSet, pathway: Pathway, rule: Rule) -> Entry:
    found = questions(ruleset, pathway.id, rule.id)
    return Entry(rule, picture(f"graph-{rule.pathway}-{rule.id}", rule.title, found), found)
