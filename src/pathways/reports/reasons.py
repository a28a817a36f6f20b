"""Why a decision is what it is, and why it is not more urgent."""

from __future__ import annotations

from pathways.decision import Decision, MissedRule, Reason, Urgency
from pathways.reports.discreet import discreet_reason
from pathways.reports.lines import BLANK, Line, bullet, heading
from pathways.reports.standing import head_of, level, standing
from pathways.ruleset import RuleSet
from pathways.spoken import say

__all__ = ["explained", "reason_line", "reasons"]

NEAREST = 6  # rules that a person reads, of those that may hold or were missed
BASIS = {"source": "agreed table", "evidence": "published evidence", "interpretation": "our interpretation"}


def reason_line(reason: Reason, without_level: bool = False) -> Line:
    """One reason: title, level, basis and sources."""
    if reason.handover is not None:
        outcome = f"adds {reason.handover}"
    else:
        outcome = "" if reason.urgency is None or without_level else level(reason.urgency)
    said = "; ".join(
        part for part in (outcome, f"{BASIS[reason.basis]}: {', '.join(reason.sources)}" if reason.sources else BASIS[reason.basis]) if part
    )
    narrows = f"; narrows {', '.join(reason.narrows)}" if reason.narrows else ""
    return bullet(f"{reason.title} ({said}{narrows})")


def reasons(decision: Decision, ruleset: RuleSet, discreet: bool = False, most: int | None = None) -> list[Line]:
    """Every rule that holds, and every rule that may hold; those for professionals only where `discreet` says so.

    With `most`, so many of those that may hold: those that the fewest answers would decide.
    """
    shown = [reason for reason in decision.reasons if discreet or not discreet_reason(reason, ruleset)]
    hold = [reason for reason in shown if reason.certainty == "certain"]
    may_hold = [reason for reason in shown if reason.certainty == "possible"]
    lines: list[Line] = []
    if hold:
        lines += [heading("These rules hold"), *map(_named, hold), BLANK]
    if may_hold and (most is None or len(may_hold) <= most):
        lines += [heading("These rules may hold"), *map(_named, may_hold), BLANK]
    elif may_hold:
        nearest = _nearest(decision, ruleset, may_hold)[:most]
        lines += [heading("These rules may hold, nearest first"), *map(_named, nearest), _more(len(may_hold) - len(nearest)), BLANK]
    return lines


def _named(reason: Reason) -> Line:
    return bullet(f"{reason_line(reason).text} [{reason.pathway}/{reason.rule}]")


def _nearest(decision: Decision, ruleset: RuleSet, found: list[Reason]) -> list[Reason]:
    """Rules of the pathways asked before those that a handover would add, each by how many answers it waits for."""
    missed = decision.why_not(ruleset.urgency[0]).rules
    waits = {(one.pathway, one.rule): len(one.open) for one in missed}
    asked = {"red_flags", *decision.pathways}
    return sorted(found, key=lambda one: (one.pathway not in asked, waits.get((one.pathway, one.rule), len(waits))))


def _more(count: int) -> Line:
    return Line(f"and {count} more: `explain --all` names them", "    ", "dim")


def explained(decision: Decision, ruleset: RuleSet, levels: tuple[Urgency, ...], everything: bool = False) -> list[Line]:
    """Reasons, the answers that fix the urgency, and for each level why it is not reached; the nearest rules, or all."""
    most = None if everything else NEAREST
    lines = [head_of(decision, ruleset), *standing(decision, ruleset), BLANK]
    lines += reasons(decision, ruleset, discreet=True, most=most)
    because = decision.because
    lines.append(heading("A smallest set of answers that fixes this" if because else "No answer is needed to fix this"))
    lines += [bullet(say(ruleset.findings[answer.finding], answer.value)) for answer in because]
    lines.append(BLANK)
    for wanted in levels:
        lines += _why_not(decision, ruleset, wanted, most)
    return lines


def _why_not(decision: Decision, ruleset: RuleSet, wanted: Urgency, most: int | None) -> list[Line]:
    answer = decision.why_not(wanted)
    lines = [heading(f"Why not {level(wanted)}")]
    if answer.change == ():
        return [*lines, bullet("it is certain already"), BLANK]
    for missed in answer.rules[:most]:
        lines += _missed(missed)
    if most is not None and len(answer.rules) > most:
        lines.append(_more(len(answer.rules) - most))
    if not answer.rules:
        lines.append(bullet("no rule of these pathways gives it"))
    lines.append(heading(f"The smallest change that would reach {level(wanted)}"))
    if answer.change is None:
        lines.append(bullet("no patient reaches it"))
    for change in answer.change or ():
        now = "not given" if change.now is None else say(ruleset.findings[change.finding], change.now)
        lines.append(bullet(f"{change.to} (now: {now})"))
    return [*lines, BLANK]


def _missed(missed: MissedRule) -> list[Line]:
    lines = [bullet(f"{missed.title} ({level(missed.urgency)}) [{missed.pathway}/{missed.rule}]")]
    lines += [Line(text, "      failed: would need ") for text in missed.failed]
    return lines + [Line(text, "      open: ") for text in missed.open]
