"""Where a decision stands, in three lines, never as a bare range; and no level before the danger signs are answered."""

from __future__ import annotations

from collections.abc import Iterable

from pathways.decision import Decision, Status, Urgency
from pathways.reports.discreet import open_titles
from pathways.reports.lines import Line
from pathways.ruleset import RuleSet

__all__ = ["danger_signs", "head", "head_of", "level", "mark", "raised", "standing", "to_act", "untriaged"]

UNTRIAGED = "NOT YET TRIAGED: danger signs first"
ROOM = 85  # characters of titles that are named before the rest is counted; `w` and `explain` show them all


def head(ruleset: RuleSet, pathways: Iterable[str] = ()) -> Line:
    """What stands first on every page: draft, site not configured, and what its own notice says first of a pathway."""
    approval = ruleset.ref.approval
    parts = [approval.upper() if approval == "approved" else f"{approval.upper()}, not approved"]
    parts += [] if ruleset.site.configured else ["site not configured"]
    parts += [said for name in pathways if (said := mark(ruleset, name))]
    return Line("; ".join(dict.fromkeys(parts)), "! ", "warning")


def head_of(decision: Decision, ruleset: RuleSet) -> Line:
    """The head of a decision; a pathway that was certainly added by another one counts too."""
    spoken = {reason.pathway for reason in decision.reasons if reason.certainty == "certain"}
    return head(ruleset, (name for name in ruleset.pathways if name in spoken or name in decision.pathways))


def mark(ruleset: RuleSet, pathway: str) -> str:
    """What the notice of a pathway says first: `reconstructed, not the local pathway`; empty where it has none."""
    said = ruleset.pathways[pathway].notice
    for stop in (".", ":", ";"):
        said = said.partition(stop)[0]
    return said[:1].lower() + said[1:]


def danger_signs(ruleset: RuleSet) -> tuple[str, ...]:
    """The yes/no findings that the shared red flags read, in the order of the rule set."""
    bits = 0
    for flag in ruleset.red_flags:
        for cube in flag.cubes:
            bits |= cube
    return tuple(name for name in ruleset.space.names(bits) if ruleset.findings[name].kind == "yes_no")


def untriaged(decision: Decision, ruleset: RuleSet) -> tuple[str, ...]:
    """The danger signs that nobody has answered yet; none of them where the highest level is certain without them."""
    if decision.status is Status.NOT_COVERED or (decision.urgency.lowest == ruleset.urgency[-1] and decision.covered):
        return ()
    return tuple(name for name in danger_signs(ruleset) if name not in decision.presentation)


def raised(decision: Decision, ruleset: RuleSet) -> bool:
    """Whether anything worrying was answered yes, or could not be assessed: before that nobody is told to act as the worst.

    A yes is worrying where a rule reads it, which may hold, at whose level somebody is phoned at once.
    """
    lowest = decision.urgency.lowest
    if lowest is not None and lowest.latest is not None and decision.covered:
        return True
    names = {(reason.pathway, reason.rule) for reason in decision.reasons if reason.urgency is not None and reason.urgency.contact}
    rules = ruleset.rules
    read = 0
    for cube in (cube for rule in rules if (rule.pathway, rule.id) in names for cube in rule.cubes):
        read |= cube
    gates = {gate for finding in ruleset.findings.values() for gate in finding.gates}
    for name, value in decision.presentation.items():
        finding = ruleset.findings[name]
        if finding.kind == "yes_no" and (
            isinstance(value, dict)
            or (value is True and finding.worse == "yes" and read & finding.mask)
            or (value is False and finding.worse == "no" and name in gates)
        ):
            return True
    return False


def level(urgency: Urgency) -> str:
    """A level as it is shouted: `WITHIN 1 HOUR`."""
    return urgency.id.upper().replace("_", " ")


def standing(decision: Decision, ruleset: RuleSet) -> list[Line]:
    """`Certain so far`, `Not excluded, if any of`, `Act as … until`; or that there is no level yet."""
    waiting = untriaged(decision, ruleset)
    if waiting:
        return [Line(f"{UNTRIAGED} ({len(waiting)} to go)", style="level")]
    lowest, highest = decision.urgency.lowest, decision.urgency.highest
    if lowest is None or highest is None:
        return [Line("NOT COVERED: none of these pathways is for this patient; no urgency is given", style="level")]
    if not decision.covered:
        certain = Line("This patient may not be covered by these pathways: no level is certain.")
    elif lowest < highest:
        quiet = lowest.latest is None and bool(highest.contact)
        certain = Line("nothing yet" if quiet else level(lowest), "Certain so far: ")
    else:
        still = " Whom to call, or by when, is still open." if decision.status is Status.OPEN else ""
        certain, open_ = Line(level(lowest), "Certain: "), f"nothing more urgent.{still}"
        return [certain, Line(open_, "Not excluded: "), to_act(decision, ruleset)]
    open_ = f"{level(highest)}, if any of: {_any_of(decision, ruleset, highest)}"
    return [certain, Line(open_, "Not excluded: "), to_act(decision, ruleset)]


def to_act(decision: Decision, ruleset: RuleSet) -> Line:
    """The last of the three lines: the level to act on, with what it means; nothing is cried out while nothing was found."""
    lowest, highest = decision.urgency.lowest, decision.urgency.highest
    if highest is None or untriaged(decision, ruleset):
        return standing(decision, ruleset)[0]
    if lowest == highest and decision.covered:
        return Line(f"Act as {level(highest)}: {highest.label}", style="level")
    if not raised(decision, ruleset):
        return Line("Not cleared until these are answered: go on.", style="level")
    return Line(f"Act as {level(highest)} until these are answered.", style="level")


def _any_of(decision: Decision, ruleset: RuleSet, highest: Urgency) -> str:
    """The titles of the rules of this level that may hold: as many as there is room for, the others counted; never empty."""
    titles, hidden = open_titles(decision, ruleset, highest)
    shown: list[str] = []
    for title in titles:
        if shown and len("; ".join([*shown, title])) > ROOM:
            break
        shown.append(title)
    more = len(titles) - len(shown) + hidden
    if not shown:
        return "what stands in the note for professionals" if hidden else "what is still to be asked"
    return "; ".join(shown) + (f"; and {more} more" if more else "")
