"""Where the dialogue with one patient stands: frozen, with the state before, so that "back" undoes exactly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from pathways.decision import Decision
from pathways.evaluation import begun, reach
from pathways.findings import Finding
from pathways.presentations import absence
from pathways.remarks import InvalidPresentation
from pathways.reports.decision import pages
from pathways.reports.lines import Line, height
from pathways.reports.standing import danger_signs
from pathways.reports.when import When
from pathways.ruleset import RuleSet

__all__ = [
    "FRAME",
    "UNABLE",
    "UNKNOWN",
    "VITALS",
    "Stage",
    "State",
    "adds",
    "choosable",
    "chunks",
    "denied_signs",
    "presumes",
    "settled_by_denial",
    "sheets",
    "waiting",
    "worded",
]

UNKNOWN, UNABLE = "asked-unknown", "unable-to-assess"
NOTHING: Mapping[str, Any] = MappingProxyType({})
FRAME = 12  # rows of a screen beside its options: what was recorded, where it stands, title, reason, what may be typed
VITALS = ("/min", "s", "mm[Hg]")  # pulse, refill, pressure
FILLERS = frozenset({"a", "an", "the", "of", "or", "and", "is", "it", "in", "by", "to", "at", "any", "this", "that"})


class Stage(StrEnum):
    """What the screen asks."""

    COMPLAINT = "complaint"
    ARRIVAL = "arrival"
    LIST = "list"  # yes/no findings of one group
    GATE = "gate"  # whether something could be examined, and what was seen there
    VALUE = "value"  # numbers and choices
    ALARM = "alarm"  # the action page; the rest is optional
    CONFLICT = "conflict"  # answers that no patient can have together: nothing is decided
    DONE = "done"


@dataclass(frozen=True, slots=True)
class State:
    """Everything about one patient so far. `asked` are the findings on the screen, `screens` the groups shown, in order.

    Those of `if_seen` are only said to be present, by who has seen it; whether it could be seen is asked later. A long list
    has pages: `sheet` is the one on the screen, `seen` how many were shown. `alarmed` is the highest alarm that was shown,
    `unsure` an arrival that is asked back, `again` whether danger signs that nobody could answer are asked once more.
    `rows` is the height of the terminal.
    """

    stage: Stage
    pathways: tuple[str, ...] = ()
    arrived: datetime | None = None
    first_aid_at: datetime | None = None
    given: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    times: Mapping[str, datetime] = field(default_factory=lambda: NOTHING)
    asked: tuple[str, ...] = ()
    if_seen: tuple[str, ...] = ()
    sheet: int = 0
    seen: int = 1
    alarmed: int = -1
    unsure: datetime | None = None
    again: bool | None = None
    further: bool = False
    echo: tuple[str, ...] = ()
    decision: Decision | None = None
    decided: datetime | None = None
    refusal: str = ""
    culprits: tuple[str, ...] = ()
    screens: tuple[str, ...] = ()
    rows: int = 24
    before: State | None = field(default=None, repr=False, compare=False)


def waiting(ruleset: RuleSet, state: State) -> tuple[str, ...]:
    """The findings on the screen that wait for an answer: without those that follow from the others, or are only said if seen."""
    return tuple(name for name in choosable(ruleset, state) if name not in state.if_seen and (state.again or name not in state.given))


def choosable(ruleset: RuleSet, state: State) -> tuple[str, ...]:
    """The findings on the screen that may still be answered; what could not be assessed may be seen after all."""
    waiting = [name for name in state.asked if absence(state.given.get(name)) is not None]
    if not waiting:
        return ()
    box = reach(ruleset.asked(state.pathways), ruleset.reader.read(state.given)).box
    open_ = {name: box & ruleset.findings[name].mask for name in waiting}
    settled = settled_by_denial(ruleset, state)
    # A vital sign is asked also where an answer settles its cells: what is measured then contradicts that answer.
    return tuple(name for name, bits in open_.items() if bits & (bits - 1) or ruleset.findings[name].unit in VITALS or name in settled)


def settled_by_denial(ruleset: RuleSet, state: State) -> tuple[str, ...]:
    """What would be taken for absent without being asked, because a danger sign was denied and something was measured.

    No blood, since the pulse is fast and shock was denied: the denial may be what is wrong. In the order in which groups are asked.
    """
    findings = ruleset.findings
    denied = {name for name in danger_signs(ruleset) if state.given.get(name) is False}
    measured = {name for name, value in state.given.items() if findings[name].kind == "number" and absence(value) is None}
    if not denied or not measured or state.decision is None:
        return ()
    asked = ruleset.asked(state.pathways)
    added = [reason.handover for reason in state.decision.reasons if reason.handover and reason.certainty == "certain"]
    read = {name for pathway in (*state.pathways, *added) for name in ruleset.pathways[pathway].findings}

    def box(without: set[str]) -> int:
        return begun(asked, ruleset.reader.read({name: value for name, value in state.given.items() if name not in without}))[0]

    try:
        whole, undenied, unmeasured = box(set()), box(denied), box(measured)
    except InvalidPresentation:
        return ()
    found = []
    for name in read - set(state.given):
        finding = findings[name]
        one, other, third = (bits & finding.mask for bits in (whole, undenied, unmeasured))
        if finding.kind == "yes_no" and finding.worse == "yes" and not one & (one - 1) and other & (other - 1) and third & (third - 1):
            found.append(name)
    groups = list(ruleset.groups)
    return tuple(sorted(found, key=lambda name: (groups.index(findings[name].group), ruleset.space.masks[name])))


def presumes(ruleset: RuleSet, state: State, name: str) -> bool:
    """Whether a "no" would say more than no: that an examination was done, or that there is an object, of which nobody has said so."""
    finding = ruleset.findings[name]
    if finding.kind != "yes_no" or not finding.gated:
        return False
    # A worrying "no" may say so where that only adds a yes: an object that does not stay put is one that is there.
    if finding.worse == "no" and all(ruleset.findings[gate].kind == "yes_no" for gate in finding.gates):
        return False
    others = {other: value for other, value in state.given.items() if other != name}
    try:
        box, _, _ = begun(ruleset.asked(state.pathways), ruleset.reader.read(others))
    except InvalidPresentation:
        return False
    return box & finding.not_applicable != 0


def denied_signs(ruleset: RuleSet, state: State) -> tuple[str, ...]:
    """The danger signs among the answers that exclude each other to which somebody said no: what was measured may say yes."""
    return tuple(name for name in danger_signs(ruleset) if name in state.culprits and state.given.get(name) is False)


def chunks(ruleset: RuleSet, state: State) -> list[tuple[str, ...]]:
    """The pages of a list: at most so many options that none scrolls off the terminal before it is denied."""
    room = state.rows - FRAME
    found: list[tuple[str, ...]] = [()]
    rows = 0
    for name in state.asked:
        more = height([Line(worded(ruleset.findings[name]), "      ")])
        if found[-1] and rows + more > room:
            found.append(())
            rows = 0
        found[-1] = (*found[-1], name)
        rows += more
    return found


def sheets(ruleset: RuleSet, state: State) -> list[list[Line]]:
    """The pages of what is decided; none where nothing is."""
    if state.decision is None or state.decided is None:
        return []
    return pages(state.decision, ruleset, When(state.decided, state.arrived))


def worded(finding: Finding) -> str:
    """The wording and what it means, without saying the same twice."""
    if not adds(finding.ask, finding.means):
        return finding.ask
    if _bare(finding.means).startswith(_bare(finding.ask)):
        return finding.means
    return f"{finding.ask} ({finding.means})"


def adds(text: str, further: str) -> bool:
    """Whether the further text says more than the text."""
    return not set(_bare(further).split()) <= set(_bare(text).split()) | FILLERS


def _bare(text: str) -> str:
    return re.sub(r"[^a-z0-9 ]", "", text.casefold())
