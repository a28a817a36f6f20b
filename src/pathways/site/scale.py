"""From red to green: where a level lies on the scale of the rule set. The colour only repeats what the words say."""

from __future__ import annotations

from typing import NamedTuple

from pathways.decision import Urgency
from pathways.ruleset import RuleSet

__all__ = ["PAINTS", "Paint", "heat"]


class Paint(NamedTuple):
    """`strong` carries white text at 4.5 to 1 or more; `faint` carries black text."""

    strong: str
    faint: str


PAINTS = (
    Paint("#9c1414", "#fdeaea"),
    Paint("#b03010", "#fdeee8"),
    Paint("#9e4c00", "#fdf1e2"),
    Paint("#7a5c00", "#fbf6df"),
    Paint("#5a6812", "#f5f7e0"),
    Paint("#3a6b24", "#ecf5e6"),
    Paint("#1a6b3c", "#e4f4eb"),
)


def heat(level: Urgency, ruleset: RuleSet) -> int:
    """The place of the level among the paints: 0 is the most urgent; `site.css` has a class `pw-heat-0` and so on for each."""
    top = len(ruleset.urgency) - 1
    return round((top - level.rank) / top * (len(PAINTS) - 1)) if top else 0
