"""A decision as a page: where it stands, what to do now, whom to call, why, what is open, when to decide again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from pathways.decision import Decision, Item, Status, Urgency
from pathways.reports.calls import calls
from pathways.reports.discreet import discreet_finding, discreet_reason, discreet_referral
from pathways.reports.lines import BLANK, Line, bullet, heading
from pathways.reports.reasons import reason_line
from pathways.reports.standing import level, standing, untriaged
from pathways.reports.when import When
from pathways.ruleset import RuleSet
from pathways.spoken import hour, later, say

__all__ = ["action_page", "at_once", "first_aid", "in_short", "not_known", "page", "release"]


def page(decision: Decision, ruleset: RuleSet, when: When) -> list[Line]:
    """The whole page; without a level while danger signs are unanswered, and without what is for professionals only."""
    waiting = untriaged(decision, ruleset)
    found = calls(decision, ruleset, when)
    lines = [*standing(decision, ruleset), BLANK]
    if waiting:
        lines += _listed("Look for these first", [ruleset.findings[name].ask for name in waiting])
        lines += _listed("Do at once", [ruleset.items[item].text for item in first_aid(ruleset, decision.pathways)])
    lines += _items("Do now", decision.actions, "certain")
    lines += _section("Whom to call", found.certain)
    lines += _section("Suspected cancer: its own route, whatever the urgency", found.cancer)
    lines += _items("Advice", decision.advice, "certain")
    lines += _items("Follow-up", decision.follow_up, "certain")
    lines += _hidden(decision, ruleset)
    if not waiting:
        lines += _possible(decision, ruleset, found.possible)
    lines += _why(decision, ruleset, bool(waiting))
    lines += _listed("Still open", _open(decision))
    lines += _listed("Not examined, not known", not_known(decision, ruleset, discreet=False))
    lines += [Line(again(decision, when), style="heading"), BLANK]
    return lines + release(decision)


def action_page(decision: Decision, ruleset: RuleSet, when: When) -> list[Line]:
    """What a danger sign opens: where it stands, what to do and whom to call at once, when to decide again."""
    lines = [*standing(decision, ruleset), BLANK, *at_once(decision, ruleset, when)]
    return [*lines, Line(again(decision, when), style="heading"), *release(decision)]


def at_once(decision: Decision, ruleset: RuleSet, when: When) -> list[Line]:
    """What is certain to be done, and who is certain to be called."""
    found = calls(decision, ruleset, when, certain=True)
    lines = [*_items("Do now", decision.actions, "certain"), *_section("Whom to call", found.certain)]
    return lines + _section("Suspected cancer: its own route, whatever the urgency", found.cancer) + _hidden(decision, ruleset)


def in_short(decision: Decision, ruleset: RuleSet) -> list[Line]:
    """The level to act on and who is called now, once more below a page that is longer than the screen."""
    now = [
        referral.name
        for referral in decision.referrals
        if referral.contact and referral.certainty == "certain" and not discreet_referral(referral, ruleset)
    ]
    calling = [Line(", ".join(dict.fromkeys(now)), "CALL NOW: ", "level")] if now else []
    return [*standing(decision, ruleset)[-1:], *calling]


def first_aid(ruleset: RuleSet, pathways: Iterable[str]) -> tuple[str, ...]:
    """The first-aid items of the pathways, each once."""
    return tuple(dict.fromkeys(item for name in pathways for item in ruleset.pathways[name].first_aid))


def _section(title: str, lines: list[Line]) -> list[Line]:
    return [heading(title), *lines, BLANK] if lines else []


def _listed(title: str, texts: Iterable[str]) -> list[Line]:
    return _section(title, [bullet(text) for text in texts])


def _items(title: str, items: Iterable[Item], certainty: str) -> list[Line]:
    texts = [item.text for item in items if item.certainty == certainty and not item.discreet]
    return _section(title, [Line(text, f"{n:3}. ") for n, text in enumerate(texts, 1)])


def _possible(decision: Decision, ruleset: RuleSet, called: list[Line]) -> list[Line]:
    """What is only possible: all of it once settled; before that what belongs to the level that is to be acted on, the rest counted.

    Where nothing more urgent is open, what is certain is enough to act on.
    """
    items = [
        item for item in (*decision.actions, *decision.advice, *decision.follow_up) if item.certainty != "certain" and not item.discreet
    ]
    lowest, highest = decision.urgency.lowest, decision.urgency.highest
    if decision.status is not Status.OPEN or lowest is None or highest is None:
        return _section("Possibly also, until the open questions are answered", [*called, *(bullet(item.text) for item in items)])
    given = _items_at(decision, ruleset, highest) if lowest < highest else set()
    acted = [item for item in items if item.id in given]
    lines = _section(f"As {level(highest)} until the open questions are answered", [*called, *(bullet(item.text) for item in acted)])
    rest = len(items) - len(acted)
    return [*lines, Line(f"{rest} more items are possible: the open questions decide."), BLANK] if rest else lines


def _items_at(decision: Decision, ruleset: RuleSet, urgency: Urgency) -> set[str]:
    """The items of the rules of this level that may hold."""
    names = {(reason.pathway, reason.rule) for reason in decision.reasons if reason.urgency == urgency}
    rules = (*ruleset.red_flags, *(rule for pathway in ruleset.pathways.values() for rule in pathway.rules))
    return {item for rule in rules if (rule.pathway, rule.id) in names and rule.outcome is not None for item, _ in rule.outcome.items}


def _hidden(decision: Decision, ruleset: RuleSet) -> list[Line]:
    """That more stands in the note for professionals; not what."""
    if not any(reason.certainty == "certain" and discreet_reason(reason, ruleset) for reason in decision.reasons):
        return []
    return [heading("More stands in the note for professionals (p): read it before the patient leaves."), BLANK]


def _why(decision: Decision, ruleset: RuleSet, without_level: bool) -> list[Line]:
    reasons = [reason for reason in decision.reasons if reason.certainty == "certain" and not discreet_reason(reason, ruleset)]
    return _section("Why", [reason_line(reason, without_level) for reason in reasons])


def _open(decision: Decision) -> list[str]:
    names = [question.ask for question in decision.next_questions()] if decision.status is Status.OPEN else []
    return names + [f"whether {name} is for this patient at all" for name in decision.maybe_not_covered]


def not_known(decision: Decision, ruleset: RuleSet, discreet: bool) -> list[str]:
    """What could not be examined or is not known; `discreet` findings too where only professionals read it."""
    gates = {gate for finding in ruleset.findings.values() for gate in finding.gates}
    found = []
    for name, value in decision.presentation.items():
        finding = ruleset.findings[name]
        if discreet_finding(name, ruleset) and not discreet:
            continue
        if isinstance(value, dict) and "unknown" in value:
            found.append(say(finding, value))
        elif value is False and finding.worse == "no" and name in gates:
            found.append(f"NOT EXAMINED - {say(finding, value)}")
    return found


def again(decision: Decision, when: When) -> str:
    """When to decide again: the earliest times that the certain items name, and on any change."""
    times: dict[int, list[str]] = {}
    for item in (*decision.actions, *decision.advice):
        if item.certainty == "certain" and item.repeat_after:
            times.setdefault(item.repeat_after, []).append(item.id.replace("_", " "))
    parts = [
        f"at {hour(later(when.decided, timedelta(minutes=minutes)), when.decided)} ({minutes} minutes: {', '.join(names)})"
        for minutes, names in sorted(times.items())
    ]
    return (
        f"Decided {hour(when.decided, when.decided)}. Decide again {', '.join([*parts, 'or on any change' if parts else 'on any change'])}."
    )


def release(decision: Decision) -> list[Line]:
    """The notices, and which rules decided: the last lines of every page."""
    rules = decision.ruleset
    lines = [Line(notice, "! ", "warning") for notice in decision.notices]
    about = f"{rules.approval.upper()}: {rules.id} {rules.version}, digest {rules.digest[:12]}; {decision.engine}; site {decision.site.id}"
    return [*lines, Line(about, style="dim")]
