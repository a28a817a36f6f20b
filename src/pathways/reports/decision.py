"""A decision as a page: where it stands, what to do now, whom to call, why, what is open, when to decide again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from pathways.decision import Decision, Item, Status, Urgency
from pathways.reports.calls import calls, in_one_line, led
from pathways.reports.discreet import discreet_finding, discreet_reason, discreet_referral
from pathways.reports.lines import BLANK, Line, bullet, heading, height, sheets
from pathways.reports.reasons import reason_line
from pathways.reports.standing import head_of, raised, standing, to_act, untriaged
from pathways.reports.when import When
from pathways.ruleset import Rule, RuleSet
from pathways.spoken import hour, later, say

__all__ = ["again", "first_aid", "left", "not_known", "page", "pages", "release", "short_page"]

ROWS = 20  # what a page may take of a terminal of 24 rows
ACTIONS = 5  # what the short page shows of what is to be done


def page(decision: Decision, ruleset: RuleSet, when: When) -> list[Line]:
    """The whole page; without a level while danger signs are unanswered, and without what is for professionals only."""
    waiting = untriaged(decision, ruleset)
    found = calls(decision, ruleset, when)
    lines = [head_of(decision, ruleset), *standing(decision, ruleset), BLANK]
    unread = [name for name in decision.unread if name not in ruleset.discreet.findings]
    lines += _listed("Answered, and read by no rule that applies here: judge it yourself", [ruleset.findings[name].ask for name in unread])
    if waiting:
        lines += _listed("Look for these first", [ruleset.findings[name].ask for name in waiting])
        lines += _listed("Do at once", [ruleset.items[item].text for item in first_aid(ruleset, decision.pathways)])
    lines += _numbered("Do now", _to_do(decision, ruleset))
    lines += _section("Whom to call", found.certain)
    lines += _section("Suspected cancer: its own route, whatever the urgency", found.cancer)
    lines += _numbered("Advice", _texts(decision.advice))
    lines += _numbered("Follow-up", _texts(decision.follow_up))
    lines += _hidden(decision, ruleset)
    if not waiting:
        lines += _possible(decision, ruleset, found.possible)
    lines += _why(decision, ruleset, bool(waiting))
    lines += _listed("Still open", _open(decision))
    lines += _listed("Not examined, not known", not_known(decision, ruleset, discreet=False))
    lines += [Line(again(decision, when), style="heading"), BLANK]
    return lines + release(decision)


def pages(decision: Decision, ruleset: RuleSet, when: When) -> list[list[Line]]:
    """The page in portions that fit a small terminal; a short one first, unless the whole fits."""
    whole = page(decision, ruleset, when)
    return [whole] if height(whole) <= ROWS else [short_page(decision, ruleset, when), *sheets(whole, ROWS)]


def short_page(decision: Decision, ruleset: RuleSet, when: When) -> list[Line]:
    """The level, the first things to do, and whom to call by when, on one screen."""
    if decision.urgency.lowest == decision.urgency.highest or untriaged(decision, ruleset):
        before = [head_of(decision, ruleset), to_act(decision, ruleset)]
    else:
        before = [head_of(decision, ruleset), *standing(decision, ruleset)]
    texts = _to_do(decision, ruleset)
    follow_up = [Line(text, "  - ") for text in _texts(decision.follow_up)]
    feared: frozenset[str] = frozenset()
    if raised(decision, ruleset) and decision.urgency.lowest != decision.urgency.highest and not untriaged(decision, ruleset):
        worst, feared = _worst_case(decision, ruleset)
        texts = [*worst, *(text for text in texts if text not in worst)]
    after = [
        *in_one_line(decision, ruleset, when, feared),
        *follow_up,
        *_hidden(decision, ruleset)[:1],
        Line(again(decision, when), style="heading"),
    ]
    shown = [Line(text, f"{n:3}. ") for n, text in enumerate(texts[:ACTIONS], 1)]
    while len(shown) > 1 and height([*before, *shown, *after]) > ROWS - 1:
        shown.pop()
    rest = len(texts) - len(shown)
    more = [Line(f"and {rest} more to do", "     ", "dim")] if rest else []
    return [*before, *shown, *more, *after]


def left(decision: Decision, ruleset: RuleSet, when: When) -> list[Line]:
    """What stands when somebody leaves before the end: what is certain, first aid, and what is still open."""
    waiting = untriaged(decision, ruleset)
    found = calls(decision, ruleset, when, certain=True)
    lines = [head_of(decision, ruleset), *standing(decision, ruleset), BLANK]
    lines += _numbered("Do now", _to_do(decision, ruleset))
    lines += _section("Whom to call", [*found.certain, *found.cancer])
    lines += _hidden(decision, ruleset)
    lines += _listed(
        "Danger signs not answered" if waiting else "Still open", [ruleset.findings[name].ask for name in waiting] or _open(decision)
    )
    return [*lines, Line(again(decision, when), style="heading"), *release(decision)]


def first_aid(ruleset: RuleSet, pathways: Iterable[str]) -> tuple[str, ...]:
    """The first-aid items of the pathways, each once."""
    return tuple(dict.fromkeys(item for name in pathways for item in ruleset.pathways[name].first_aid))


def _section(title: str, lines: list[Line]) -> list[Line]:
    return [heading(title), *lines, BLANK] if lines else []


def _listed(title: str, texts: Iterable[str]) -> list[Line]:
    return _section(title, [bullet(text) for text in texts])


def _numbered(title: str, texts: Iterable[str]) -> list[Line]:
    return _section(title, [Line(text, f"{n:3}. ") for n, text in enumerate(texts, 1)])


def _texts(items: Iterable[Item]) -> list[str]:
    """The certain items that everybody may read; what differs only in its condition once, led by all of them."""
    found: dict[str, list[str]] = {}
    for item in items:
        if item.certainty == "certain" and not item.discreet:
            found.setdefault(item.text[len(item.condition) + 2 :] if item.condition else item.text, []).append(item.condition)
    return [led("" if "" in conditions else ", or ".join(conditions), text) for text, conditions in found.items()]


def _to_do(decision: Decision, ruleset: RuleSet) -> list[str]:
    """What is certainly to be done, first aid at its place in the clinical order; while anything is open, the rest of it last."""
    actions = [item for item in decision.actions if item.certainty == "certain" and not item.discreet]
    unsure: list[Item] = []
    place = {name: n for n, name in enumerate(ruleset.items)}
    for name in first_aid(ruleset, decision.pathways):
        found = [item for item in decision.actions if item.id == name]
        if not found and (decision.status is not Status.OPEN or _given_by_a_rule(name, ruleset)):
            continue
        if not found or found[0].certainty != "certain":
            unsure += [item._replace(certainty="certain") for item in found[:1]] or [
                Item(name, "action", ruleset.items[name].text, "certain")
            ]
            continue
        item = found[0]
        actions = [action for action in actions if action.id != name]
        after = next((n for n, action in enumerate(actions) if place[action.id] > place[name]), len(actions))
        actions.insert(after, item)
    return _texts([*actions, *unsure])


def _given_by_a_rule(name: str, ruleset: RuleSet) -> bool:
    return any(
        name == item
        for pathway in ruleset.pathways.values()
        for rule in pathway.rules
        if rule.outcome is not None
        for item, _ in rule.outcome.items
    )


def _worst_case(decision: Decision, ruleset: RuleSet) -> tuple[list[str], frozenset[str]]:
    """What to do and whom to call for the danger signs that nobody could answer."""
    outcomes = [rule.outcome for rule in _rules_at(decision, ruleset, decision.urgency.highest) if rule.pathway == "red_flags"]
    items = {item for outcome in outcomes if outcome is not None for item, _ in outcome.items}
    services = frozenset(row.service for outcome in outcomes if outcome is not None for row in outcome.referrals)
    return _texts(item._replace(certainty="certain") for item in decision.actions if item.id in items), services


def _possible(decision: Decision, ruleset: RuleSet, called: list[Line]) -> list[Line]:
    """What is only possible: all of it once settled; before that whom it may concern, and how much, since the questions decide."""
    items = [
        item for item in (*decision.actions, *decision.advice, *decision.follow_up) if item.certainty != "certain" and not item.discreet
    ]
    if decision.status is not Status.OPEN:
        return _section("Possibly also, until the open questions are answered", [*called, *(bullet(item.text) for item in items)])
    worst, _ = _worst_case(decision, ruleset)
    lines = _listed("For the danger signs that nobody could answer", worst) if raised(decision, ruleset) else []
    perhaps = [one.name for one in decision.referrals if one.certainty != "certain" and not discreet_referral(one, ruleset)]
    said = [f"calls to {', '.join(dict.fromkeys(perhaps))}"] if perhaps else []
    said += [f"{len(items)} actions and advice"] if items else []
    return [*lines, *_section("Only possible yet: the open questions decide", [bullet("; ".join(said))] if said else [])]


def _rules_at(decision: Decision, ruleset: RuleSet, urgency: Urgency | None) -> list[Rule]:
    """The rules of this level that may hold; one that holds was answered."""
    names = {(reason.pathway, reason.rule) for reason in decision.reasons if reason.urgency == urgency and reason.certainty != "certain"}
    rules = ruleset.rules
    return [rule for rule in rules if (rule.pathway, rule.id) in names]


def _hidden(decision: Decision, ruleset: RuleSet) -> list[Line]:
    """That more stands in the note for professionals; not what."""
    if not any(reason.certainty == "certain" and discreet_reason(reason, ruleset) for reason in decision.reasons):
        return []
    return [heading("More stands in the note for professionals (`p`, or `--for professional`): read it before the patient leaves."), BLANK]


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
