"""Whom to call or to send to, and by which clock time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from pathways.decision import Decision, Referral, Status, Window
from pathways.reports.discreet import discreet_referral
from pathways.reports.lines import Line
from pathways.reports.when import When
from pathways.ruleset import RuleSet
from pathways.spoken import day, decimal, duration, hour, later, span

__all__ = ["Calls", "calls", "in_one_line", "led", "said"]

NOW = "CALL NOW"
CANCER = "suspected_cancer"  # the level whose referrals keep a line of their own, whatever the urgency


class Calls(NamedTuple):
    """The calls of a decision: certain, only possible, the cancer route, and those for professionals alone."""

    certain: list[Line]
    possible: list[Line]
    cancer: list[Line]
    discreet: list[Line]


def calls(decision: Decision, ruleset: RuleSet, when: When, certain: bool = False) -> Calls:
    """Every referral, or every certain one, in exactly one of the four lists."""
    found = Calls([], [], [], [])
    cancer = _cancer_services(decision, ruleset)
    for referral in merged(decision.referrals):
        if certain and referral.certainty != "certain":
            continue
        line = Line(said(referral, decision, ruleset, when), "  - ")
        if discreet_referral(referral, ruleset):
            found.discreet.append(_marked(line, referral))
        elif referral.service in cancer:
            found.cancer.append(_marked(line, referral))
        else:
            (found.certain if referral.certainty == "certain" else found.possible).append(line)
    return found


def merged(referrals: Iterable[Referral]) -> list[Referral]:
    """The referrals, those without a condition first; what differs only in its condition once, led by all of them."""
    found: dict[Referral, list[str]] = {}
    for referral in referrals:
        found.setdefault(referral._replace(condition=""), []).append(referral.condition)
    whole = [referral._replace(condition="" if "" in conditions else ", or ".join(conditions)) for referral, conditions in found.items()]
    return sorted(whole, key=lambda referral: bool(referral.condition))


def led(condition: str, text: str) -> str:
    """The text, led by the condition on which it depends."""
    return f"{condition[0].upper()}{condition[1:]}: {text}" if condition else text


def in_one_line(decision: Decision, ruleset: RuleSet, when: When, feared: frozenset[str] = frozenset()) -> list[Line]:
    """The certain calls, and those to the `feared` services, as few lines: who is called now and by when, conditions leading."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    others: list[Line] = []
    cancer = _cancer_services(decision, ruleset)
    for referral in merged(decision.referrals):
        if (referral.certainty != "certain" and referral.service not in feared) or discreet_referral(referral, ruleset):
            continue
        if referral.contact != "now" or referral.window is not None or referral.service in cancer:
            others.append(Line(said(referral, decision, ruleset, when), "  - "))
            continue
        by = referral.within if referral.within != "now" else referral.certain_within  # the earliest that the clock can say
        limit = "" if by in (None, "now") else f"; seen, or with a plan, {_limit(by or '', ruleset, when)}"
        groups.setdefault((referral.condition, _now(referral, decision, ruleset), limit), []).append(referral.name)
    lines = [
        Line(led(condition, f"{now}: {', '.join(names)}{_via(names)}{limit}"), "  - ", "" if condition else "level")
        for (condition, now, limit), names in groups.items()
    ]
    return [*lines, *others]


def _via(names: Iterable[str]) -> str:
    return "" if all(any(character.isdigit() for character in name) for name in names) else ", via switchboard"


def _marked(line: Line, referral: Referral) -> Line:
    return line if referral.certainty == "certain" else Line(f"possibly: {line.text}", line.lead)


def said(referral: Referral, decision: Decision, ruleset: RuleSet, when: When) -> str:
    """One call: `CALL NOW: ENT on call, via switchboard; seen, or with a plan, by 03:25 (arrived 02:25)`."""
    return led(referral.condition, _said(referral, decision, ruleset, when))


def _said(referral: Referral, decision: Decision, ruleset: RuleSet, when: When) -> str:
    name, via = referral.name, _via([referral.name])
    if referral.window is not None:
        return f"{'CALL NOW, then ' if referral.contact else ''}{name}: {_window(referral.window, decision, ruleset, when)}"
    limits = "; ".join(_limits(referral, ruleset, when))
    wait = _waits(referral, decision, ruleset)
    if wait is not None:
        at = hour(later(when.decided, wait), when.decided)
        return f"Call {name}{via} at {at} if it has not stopped by then; seen, or with a plan, {limits}"
    if referral.contact == "now":
        at_once = referral.within == "now" and referral.certain_within in (None, "now")
        return f"{_now(referral, decision, ruleset)}: {name}{via}" + ("" if at_once else f"; seen, or with a plan, {limits}")
    if _within_a_day(referral.within):
        return f"Call {name}{via}, {limits}"
    return f"Refer to {name} {limits}"


def _waits(referral: Referral, decision: Decision, ruleset: RuleSet) -> timedelta | None:
    """How long a call that nobody makes at once waits for first aid that is certain."""
    if referral.contact is not None or referral.certainty != "certain":
        return None
    return _first_aid_before(referral, decision, ruleset)


def _first_aid_before(referral: Referral, decision: Decision, ruleset: RuleSet) -> timedelta | None:
    """How long the certain first aid takes that may come before a call to this service."""
    minutes = [
        item.repeat_after
        for item in decision.actions
        if item.certainty == "certain" and item.repeat_after and ruleset.items[item.id].before_call == referral.service
    ]
    return timedelta(minutes=min(minutes)) if minutes else None


def _now(referral: Referral, decision: Decision, ruleset: RuleSet) -> str:
    """`CALL NOW`; with the reservation where no certain rule says so, and first aid before the call is certain."""
    if referral.certainty != "certain" or _first_aid_before(referral, decision, ruleset) is None:
        return NOW
    sure = {(reason.pathway, reason.rule) for reason in decision.reasons if reason.certainty == "certain"}
    rules = ruleset.rules
    outcomes = [rule.outcome for rule in rules if (rule.pathway, rule.id) in sure and rule.outcome is not None]
    said = any(row.service == referral.service and row.contact == "now" for outcome in outcomes for row in outcome.referrals)
    return NOW if said or decision.status is not Status.OPEN else f"{NOW}, unless the open questions let first aid come first"


def _limits(referral: Referral, ruleset: RuleSet, when: When) -> Iterator[str]:
    if referral.within is not None:
        yield _limit(referral.within, ruleset, when)
        if referral.certain_within is not None and referral.certain_within != referral.within:
            yield f"if nothing more urgent turns out, {_limit(referral.certain_within, ruleset, when)}"


def _limit(limit: str, ruleset: RuleSet, when: When) -> str:
    length = duration(limit)
    if length is None:
        return ruleset.limits.get(limit, limit)
    if not length:
        return "at once"
    end = when.by(length)
    if length > timedelta(days=1):
        return f"by {day(end)}"
    past = " - that time is past" if end < when.decided else ""
    return f"by {hour(end, when.decided)} ({when.said()}){past}"


def _within_a_day(limit: str | None) -> bool:
    length = duration(limit) if limit is not None else None
    return length is not None and length <= timedelta(days=1)


def _window(window: Window, decision: Decision, ruleset: RuleSet, when: When) -> str:
    first, last = duration(window.not_before), duration(window.not_after)
    if first is None or last is None:
        return f"from {window.not_before} to {window.not_after} after the {window.from_}"
    since = decision.presentation.get(f"days_since_{window.from_}")
    if since is None or (isinstance(since, dict) and "decimal" not in since):
        return f"on day {first.days} to {last.days} from the {window.from_}; write down its date (not given)"
    begin = when.decided - timedelta(days=float(decimal(since)))
    return _dates(later(begin, first), later(begin, last), when.decided) + f", day {first.days} to {last.days} from the {window.from_}"


def _dates(first: datetime, last: datetime, now: datetime) -> str:
    if last.date() < now.date():
        return f"{span(first, last)} - that is past"
    if last < now:
        return f"{span(first, last)} - over, unless the clinic still runs today"
    if first.date() >= now.date():
        return span(first, last)
    return f"today, {day(now)}" if last.date() == now.date() else f"today or until {day(last)}"


def _cancer_services(decision: Decision, ruleset: RuleSet) -> set[str]:
    """The services of the suspected-cancer rules that hold or may hold."""
    names = {(reason.pathway, reason.rule) for reason in decision.reasons if reason.urgency is not None and reason.urgency.id == CANCER}
    rules = [rule for pathway in ruleset.pathways.values() for rule in pathway.rules if (rule.pathway, rule.id) in names]
    own = {row.service for rule in rules if rule.outcome is not None for row in rule.outcome.referrals}
    others = {
        row.service
        for pathway in ruleset.pathways.values()
        for rule in pathway.rules
        if rule.outcome is not None and rule.outcome.urgency.id != CANCER
        for row in rule.outcome.referrals
    }
    return own - others or own
