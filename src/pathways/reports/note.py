"""The note for the phone: six lines, read aloud in under a minute; and what is for professionals only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from pathways.decision import Decision, Status
from pathways.presentations import absence
from pathways.reports.calls import calls, in_one_line
from pathways.reports.decision import first_aid, not_known, release
from pathways.reports.discreet import discreet_finding, discreet_reason
from pathways.reports.lines import BLANK, Line, brief, bullet, heading
from pathways.reports.standing import head_of, level, raised, untriaged
from pathways.reports.when import When
from pathways.ruleset import RuleSet
from pathways.spoken import hour, quantity, say

__all__ = ["note", "professional"]

VITALS = ("/min", "mm[Hg]", "s", "Cel", "{score}")  # units of what is measured at the bedside
NO_TIMES: Mapping[str, datetime] = MappingProxyType({})
SPANS = ("min", "h", "d")  # units of durations: pressure, bleeding, days since the operation or the injury
CLOTTING = ("bleeding_disorder",)  # beside the blood thinner, the first choice that is asked with the age
FACTS = 3  # of what was found, that are read out
OPEN = 4  # lines of what is only possible
NAMED = 4  # unknowns that are read out before the rest is counted
CONFIDENTIAL = "For professionals only - do not hand to family"


def note(
    decision: Decision, ruleset: RuleSet, when: When, times: Mapping[str, datetime] = NO_TIMES, first_aid_at: datetime | None = None
) -> list[Line]:
    """Age and complaint; worst fact; vital signs; what was done; what is asked of whom by when; unknowns, draft, version.

    `times` says when each finding was answered.
    """
    lines = [
        Line(_who(decision, ruleset), "1. "),
        Line(_worst(decision, ruleset), "2. Worst: "),
        Line(_vitals(decision, ruleset, when, times), "3. "),
        Line(_done(decision, ruleset, first_aid_at, when), "4. Done: "),
        Line(_asked(decision, ruleset, when), "5. Asked: "),
        Line(_unknown(decision, ruleset, when), "6. "),
    ]
    private = _private(decision, ruleset, when, "certain")
    return [*lines, BLANK, Line(f"{CONFIDENTIAL}: {len(private)} more lines stand apart (p)", style="level")] if private else lines


def professional(decision: Decision, ruleset: RuleSet, when: When) -> list[Line]:
    """What does not stand on the main screen: discreet reasons, actions, calls and answers; or that there are none."""
    sure, perhaps = (_private(decision, ruleset, when, certainty) for certainty in ("certain", "possible"))
    if not sure and not perhaps:
        return [Line("Nothing here is for professionals only.")]
    shown, more = perhaps[:OPEN], len(perhaps) - OPEN
    open_ = [heading("Not excluded"), *shown, *([bullet(f"and {more} more; the open questions decide")] if more > 0 else [])]
    lines = [head_of(decision, ruleset), Line(CONFIDENTIAL, style="level"), *sure, *(open_ if perhaps else [])]
    return [*lines, release(decision)[-1]]


def _private(decision: Decision, ruleset: RuleSet, when: When, certainty: str) -> list[Line]:
    """The discreet items and reasons of this certainty; with the certain ones the calls and the answers behind them."""
    items = [
        item.text for item in (*decision.actions, *decision.advice, *decision.follow_up) if item.discreet and item.certainty == certainty
    ]
    titles = [reason.title for reason in decision.reasons if reason.certainty == certainty and discreet_reason(reason, ruleset)]
    if not items and not titles:
        return []
    called, answers = [], []
    if certainty == "certain":
        called = calls(decision, ruleset, when, certain=True).discreet
        answers = [say(ruleset.findings[name], value) for name, value in decision.presentation.items() if discreet_finding(name, ruleset)]
    return [*map(bullet, items), *called, *(bullet(f"because: {title}") for title in dict.fromkeys(titles)), *map(bullet, answers)]


def _who(decision: Decision, ruleset: RuleSet) -> str:
    given = decision.presentation
    ages = [
        say(finding, given[name]) for name, finding in ruleset.findings.items() if finding.unit == "a" and absence(given.get(name)) is None
    ]
    complaints = "; ".join(ruleset.pathways[name].complaint for name in decision.pathways)
    return f"{ages[0] if ages else 'age not known'}; {complaints}. {_level(decision, ruleset)}"


def _level(decision: Decision, ruleset: RuleSet) -> str:
    lowest, highest = decision.urgency.lowest, decision.urgency.highest
    if untriaged(decision, ruleset):
        return "NOT YET TRIAGED: danger signs not answered."
    if lowest is None or highest is None:
        return "Not covered by these pathways, no level."
    if lowest == highest and decision.covered:
        return f"{level(lowest)}."
    certain = (
        f"{level(lowest)} so far" if decision.covered and (lowest.latest is not None or not highest.contact) else "Nothing certain yet"
    )
    return f"{certain}, {level(highest)} not excluded{f': act as {level(highest)}' if raised(decision, ruleset) else ''}."


def _worst(decision: Decision, ruleset: RuleSet) -> str:
    """The first certain rule of the highest certain level, and what was found that such rules ask for."""
    sure = [reason for reason in decision.reasons if reason.certainty == "certain" and not discreet_reason(reason, ruleset)]
    top = {(reason.pathway, reason.rule) for reason in sure if reason.urgency == decision.urgency.lowest}
    rules = ruleset.rules
    asked = [cube for rule in rules if (rule.pathway, rule.id) in top for cube in rule.cubes]
    found = [
        ruleset.findings[name].ask
        for name, value in decision.presentation.items()
        if value is True and not discreet_finding(name, ruleset) and any(cube & ruleset.findings[name].cell(False) for cube in asked)
    ]
    title = next((reason.title for reason in sure), "")
    facts = [fact for fact in found if fact != title][:FACTS]
    return ": ".join(part for part in (title, "; ".join(facts)) if part) or "nothing certain yet"


def _read(decision: Decision, ruleset: RuleSet) -> set[str]:
    return {name for pathway in decision.pathways for name in ruleset.pathways[pathway].findings}


def _vitals(decision: Decision, ruleset: RuleSet, when: When, times: Mapping[str, datetime]) -> str:
    given, measured, missing = decision.presentation, [], []
    read = _read(decision, ruleset)
    for name, finding in ruleset.findings.items():
        if finding.unit not in VITALS or finding.kind != "number":
            continue
        called = brief(finding.ask).removesuffix(" now")
        if name in given and absence(given[name]) is None:
            measured.append(f"{called} {quantity(finding, given[name])} at {hour(times.get(name, when.decided), when.decided)}")
        elif name in read or name in given:
            missing.append(called)
    said = [", ".join(measured)] if measured else []
    said += [f"not measured: {', '.join(missing)}"] if missing else []
    return f"Vital signs: {'; '.join(said) or 'none asked'}"


def _done(decision: Decision, ruleset: RuleSet, first_aid_at: datetime | None, when: When) -> str:
    """First aid, durations, and what bears on clotting; the blood thinner also where nobody has asked yet."""
    given, read = decision.presentation, _read(decision, ruleset)
    group = next((finding.group for finding in ruleset.findings.values() if finding.unit == "a"), "")
    thinner = next((name for name, one in ruleset.findings.items() if one.kind == "choice" and one.group == group), "")
    parts = []
    for name, finding in ruleset.findings.items():
        if not (finding.unit in SPANS or name == thinner or name in CLOTTING):
            continue
        if name in given and absence(given[name]) is None:
            parts.append(say(finding, given[name]))
        elif name == thinner and name in read:
            parts.append(f"{finding.ask}: not known")
    sure = {item.id for item in decision.actions if item.certainty == "certain"}
    items = [item.replace("_", " ") for item in first_aid(ruleset, decision.pathways) if item in sure]
    at = f" at {hour(first_aid_at, when.decided)}" if first_aid_at is not None else ""
    return "; ".join([*([f"first aid advised{at} ({', '.join(items)})"] if items else []), *parts, "say what was really done"])


def _asked(decision: Decision, ruleset: RuleSet, when: When) -> str:
    """One request; what else is to be called stands on the page."""
    lines = in_one_line(decision, ruleset, when)
    more = f"; {len(lines) - 1} further call{'s' * (len(lines) > 2)} on the page" if len(lines) > 1 else ""
    if lines:
        return f"{lines[0].text}{more}"
    return "nobody for certain yet" if decision.status is Status.OPEN else "nobody"


def _unknown(decision: Decision, ruleset: RuleSet, when: When) -> str:
    unknown = [
        text.removeprefix("not known: ").removeprefix("cannot be assessed: ") for text in not_known(decision, ruleset, discreet=False)
    ]
    unasked = [question.ask for question in decision.next_questions() if not discreet_finding(question.finding, ruleset)]
    parts = [f"Not known: {_named(unknown)}. "] if unknown else []
    parts += [f"Not asked: {_named(unasked)}. "] if unasked else []
    rules = decision.ruleset
    about = f"{head_of(decision, ruleset).text}; {rules.id} {rules.version}, {rules.digest[:12]}; decided {when.decided:%H:%M}"
    return f"{''.join(parts)}{about}"


def _named(texts: list[str]) -> str:
    more = len(texts) - NAMED
    return "; ".join(map(brief, texts[:NAMED])) + (f"; and {more} more" if more > 0 else "")
