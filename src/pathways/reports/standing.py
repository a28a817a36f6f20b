"""Where a decision stands, in three lines, never as a bare range; and no level before the danger signs are answered."""

from __future__ import annotations

from pathways.decision import Decision, Status, Urgency
from pathways.reports.discreet import open_titles
from pathways.reports.lines import Line
from pathways.ruleset import RuleSet

__all__ = ["danger_signs", "level", "standing", "untriaged"]

UNTRIAGED = "NOT YET TRIAGED: danger signs first"
SHOWN = 6  # titles that are named before the rest is counted; `w` and `explain` show them all


def danger_signs(ruleset: RuleSet) -> tuple[str, ...]:
    """The yes/no findings that the shared red flags read, in the order of the rule set."""
    bits = 0
    for flag in ruleset.red_flags:
        for cube in flag.cubes:
            bits |= cube
    return tuple(name for name in ruleset.space.names(bits) if ruleset.findings[name].kind == "yes_no")


def untriaged(decision: Decision, ruleset: RuleSet) -> tuple[str, ...]:
    """The danger signs that nobody has answered yet; none of them where the highest level is certain without them."""
    if decision.urgency.lowest == ruleset.urgency[-1] or decision.status is Status.NOT_COVERED:
        return ()
    return tuple(name for name in danger_signs(ruleset) if name not in decision.presentation)


def level(urgency: Urgency) -> str:
    """A level as it is shouted: `WITHIN 1 HOUR`."""
    return urgency.id.upper().replace("_", " ")


def standing(decision: Decision, ruleset: RuleSet) -> list[Line]:
    """`Certain so far`, `Not excluded, if any of`, `Act as … until`; or that there is no level yet."""
    if untriaged(decision, ruleset):
        return [Line(UNTRIAGED, style="level")]
    lowest, highest = decision.urgency.lowest, decision.urgency.highest
    if lowest is None or highest is None:
        return [Line("NOT COVERED: none of these pathways is for this patient; no urgency is given", style="level")]
    if lowest < highest:
        certain = level(lowest) if lowest.latest is not None else f"nothing urgent ({level(lowest)})"
        return [
            Line(certain, "Certain so far: "),
            Line(f"{level(highest)}, if any of: {_any_of(decision, ruleset, highest)}", "Not excluded: "),
            Line(f"Act as {level(highest)} until these are answered: {highest.label}", style="level"),
        ]
    still = " Whom to call, or by when, is still open." if decision.status is Status.OPEN else ""
    return [
        Line(level(lowest), "Certain: "),
        Line(f"Nothing more urgent is left open by these answers.{still}"),
        Line(f"Act as {level(lowest)}: {lowest.label}", style="level"),
    ]


def _any_of(decision: Decision, ruleset: RuleSet, highest: Urgency) -> str:
    titles, hidden = open_titles(decision, ruleset, highest)
    more = len(titles) - SHOWN + hidden if len(titles) > SHOWN else hidden
    return "; ".join(titles[:SHOWN]) + (f"; and {more} more" if more else "")
