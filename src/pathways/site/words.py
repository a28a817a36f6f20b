"""What a rule gives and rests on, in words, for every page that shows it.

Knows nothing of pages or templates. Nothing here is escaped: templates do that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from pathways.decision import Urgency
from pathways.facts import wanted_of
from pathways.loader import Authored
from pathways.reports.reasons import BASIS
from pathways.reports.standing import level
from pathways.ruleset import Outcome, RuleSet
from pathways.site.scale import heat

__all__ = ["BASIS", "Call", "Given", "Level", "Said", "Source", "given", "level_of", "said", "sources"]

GRADES = {"A": "national body", "B": "health service", "C": "teaching", "D": "study", "E": "news"}


@dataclass(frozen=True, slots=True)
class Level:
    """A level of urgency: its name as it is shouted, what it means, and its place from red (0) to green."""

    id: str
    name: str
    label: str
    heat: int


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to call or send to: `phone` at once or not, and by `when`, which is empty if that says it all.

    `where` is what is asked of the place of care; empty for every place.
    """

    service: str
    phone: bool
    when: str
    where: str


@dataclass(frozen=True, slots=True)
class Said:
    """An item as it is said, with what marks it and the place of care for which it is meant; empty for every place."""

    id: str
    kind: str
    text: str
    marks: tuple[str, ...]
    where: str


@dataclass(frozen=True, slots=True)
class Given:
    """What a rule gives."""

    level: Level
    calls: tuple[Call, ...]
    items: tuple[Said, ...]

    @property
    def kinds(self) -> tuple[tuple[str, tuple[Said, ...]], ...]:
        """The items by kind, with a heading for each."""
        headings = {"action": "Do now", "advice": "Advice", "follow_up": "Follow-up"}
        found = ((heading, tuple(item for item in self.items if item.kind == kind)) for kind, heading in headings.items())
        return tuple((heading, items) for heading, items in found if items)


@dataclass(frozen=True, slots=True)
class Source:
    """What a rule cites: a row of the agreed table, a gap in it, or published evidence; as pairs of a word and what stands there."""

    id: str
    kind: Literal["row", "gap", "evidence"]
    parts: tuple[tuple[str, str], ...]


def level_of(urgency: Urgency, ruleset: RuleSet) -> Level:
    """A level as pages show it."""
    return Level(urgency.id, level(urgency), urgency.label, heat(urgency, ruleset))


def given(outcome: Outcome, ruleset: RuleSet) -> Given:
    """An outcome in words, its items in clinical order."""
    calls = tuple(
        Call(
            ruleset.services[row.service],
            row.contact == "now",
            f"on {row.window}" if row.window is not None else "" if row.within == row.contact else ruleset.limits[row.within or ""],
            wanted_of(ruleset.site_facts, row.site),
        )
        for row in outcome.referrals
    )
    order = list(ruleset.items)
    items = tuple(
        said(item, ruleset, wanted_of(ruleset.site_facts, site))
        for item, site in sorted(outcome.items, key=lambda one: order.index(one[0]))
    )
    return Given(level_of(outcome.urgency, ruleset), calls, items)


def said(item: str, ruleset: RuleSet, where: str = "") -> Said:
    """One item."""
    found = ruleset.items[item]
    marks = [
        word for word, holds in (("reassures: given only if certain", found.reassures), ("professionals only", found.discreet)) if holds
    ]
    if found.repeat_after is not None and not found.before_call:
        marks.append(f"decide again after {found.repeat_after} minutes")
    if found.before_call:
        marks.append(f"{ruleset.services[found.before_call]} is phoned after {found.repeat_after} minutes of it, if it has not helped")
    return Said(item, found.kind, found.text, tuple(marks), where)


def sources(ids: Iterable[str], authored: Authored) -> Iterator[Source]:
    """What stands behind these ids, rows of the agreed table first, then gaps, then evidence."""
    wanted = tuple(dict.fromkeys(ids))
    written = authored.sources
    for id in wanted:
        if (row := written.rows.get(id)) is not None:
            yield Source(id, "row", (("The table says of the patient", row.findings), ("and of what to do", row.advice)))
    for id in wanted:
        if (gap := written.gaps.get(id)) is not None:
            yield Source(id, "gap", (("The table leaves open", gap.problem), ("Read here as", gap.resolution)))
    for id in wanted:
        if (evidence := written.evidence.get(id)) is not None:
            grade = ", ".join(GRADES[letter] for letter in evidence.grade.split("/"))
            read = (("Read", evidence.read),) if evidence.read else ()
            alone = () if evidence.cite else (("Weight", "nothing may rest on it alone"),)
            parts = (("Title", evidence.title), ("Where", evidence.where), (f"Grade {evidence.grade}", grade), *read, *alone)
            yield Source(id, "evidence", parts)
