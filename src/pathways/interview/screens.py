"""What a state shows, as plain text: a title, options, and what may be typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from pathways.findings import Finding
from pathways.interview.states import Stage, State, adds, choosable, chunks, denied_signs, sheets, waiting, worded
from pathways.reports.decision import first_aid
from pathways.reports.discreet import discreet_titles
from pathways.reports.lines import brief
from pathways.reports.rules import titled
from pathways.reports.standing import level, untriaged
from pathways.ruleset import RuleSet
from pathways.spoken import ago, example, hour, say

__all__ = ["Option", "Screen", "screen"]

MORE_SERIOUS = "Treat as the more serious until corrected"


class Option(NamedTuple):
    """One line of a list: its number, the wording, and its answer where it has one already."""

    number: int
    text: str
    answer: str = ""


class Screen(NamedTuple):
    """What a state shows, as plain text: title, options, and what may be typed."""

    title: str
    options: tuple[Option, ...]
    prompt: str
    first_aid: tuple[str, ...] = ()
    why: tuple[str, ...] = ()


def screen(ruleset: RuleSet, state: State, now: datetime) -> Screen:
    """What the state asks."""
    return _arrival(ruleset, state, now) if state.stage is Stage.ARRIVAL else SCREENS[state.stage](ruleset, state)


def _complaint(ruleset: RuleSet, state: State) -> Screen:
    options = tuple(
        Option(n, titled(ruleset, name) + (f" - {pathway.complaint}" if adds(pathway.title, pathway.complaint) else ""))
        for n, (name, pathway) in enumerate(ruleset.pathways.items(), 1)
    )
    return Screen("What does the patient come with? (several: `1 2`)", options, "number")


def _arrival(ruleset: RuleSet, state: State, now: datetime) -> Screen:
    if state.unsure is not None:
        title = f"Arrived {hour(state.unsure, now)}, {ago(state.unsure, now)}?"
        return Screen(title, (), f"{state.unsure:%H:%M} once more if so, else the right time, `now`, or `?`", _first_aid(ruleset, state))
    return Screen("When did the patient arrive?", (), "HH:MM, `now`, or `?`", _first_aid(ruleset, state))


def _list(ruleset: RuleSet, state: State) -> Screen:
    rest, open_, findings = waiting(ruleset, state), choosable(ruleset, state), ruleset.findings
    sheets, first = chunks(ruleset, state), findings[state.asked[0]]
    options = tuple(
        Option(n, worded(findings[name]), _answered(state, findings[name], open_))
        for n, name in enumerate(state.asked, 1)
        if name in sheets[state.sheet]
    )
    title = _title(ruleset, state)
    begun = any(name in state.given for name in state.asked) and not state.again
    if len(sheets) > 1:
        title += f" (page {state.sheet + 1} of {len(sheets)})"
    more = f"`m` or `none` shows the other {len(state.asked) - options[-1].number}; " if state.seen < len(sheets) else ""
    turn = "`m` other page; " if not more and len(sheets) > 1 else ""
    if rest == open_ and len(rest) == 1:
        prompt = "`y`, `n`, `?` not known, `u` cannot be assessed"
        title = "And the last one?" if begun else title
    elif first.worse == "yes":
        said = f"`none` = {'each' if len(rest) == len(state.asked) else 'each of the others'} ({len(rest)}) is absent; "
        prompt = f"numbers of those present; {more or said}{turn}`?` not known, `u` cannot be assessed"
        if begun and not more:
            title = "And none of the others? Type `none` to confirm that each is absent, or more numbers."
    else:
        prompt = "numbers of those that are true; `all`; `none` = none of these is true; `?` not known, `u` cannot be assessed"
        prompt = prompt if not more else f"numbers of those that are true; {more}`?` not known, `u` cannot be assessed"
        if begun and not more:
            title = "And the others? `none` = none of the others is true, `all` = all of them are."
    return Screen(title, options, prompt, _first_aid(ruleset, state) if not state.given else (), _whys(ruleset, state))


def _title(ruleset: RuleSet, state: State) -> str:
    """The heading of a list; of short lists on one screen all their subjects."""
    if state.again:
        return "Danger signs that were not known: any of these now?"
    titles = list(dict.fromkeys(ruleset.groups[ruleset.findings[name].group] for name in state.asked))
    if len(titles) == 1:
        return titles[0]
    subjects = [title.partition(":")[0] for title in titles if ":" in title] or [titles[0].rstrip("?")]
    return f"{'; '.join([subjects[0], *(one[:1].lower() + one[1:] for one in subjects[1:])])}: any of these?"


def _gate(ruleset: RuleSet, state: State) -> Screen:
    gate, *seen_there = (ruleset.findings[name] for name in state.asked)
    options = tuple(Option(n, worded(finding)) for n, finding in enumerate(seen_there, 1))
    prompt = "numbers of those seen; `none` = it was examined, and none of these; `u` could not be examined; `?` not known"
    return Screen(f"Examined: {worded(gate)}. Any of these?", options, prompt, why=_whys(ruleset, state))


def _value(ruleset: RuleSet, state: State) -> Screen:
    findings = [ruleset.findings[name] for name in waiting(ruleset, state)]
    title, why = ruleset.groups[findings[0].group], _whys(ruleset, state)
    first_aid_ = _first_aid(ruleset, state) if not state.given else ()
    if len(findings) > 1:
        options = tuple(Option(n, f"{brief(one.ask)}{_choices(one) or ', as ' + example(one)}") for n, one in enumerate(findings, 1))
        prompt = "answers in this order, with commas between; `?` not known, `u` cannot be assessed; a last `?` for all the rest"
        return Screen(title, options, f"{prompt}. For example: {', '.join(map(_typed, findings))}", first_aid_, why)
    finding = findings[0]
    options = tuple(Option(n, label) for n, label in enumerate(finding.values.values(), 1))
    asked = "one number" if options else f"for example {example(finding)}"
    return Screen(f"{title} - {worded(finding)}", options, f"{asked}; `?` not known, `u` cannot be assessed", first_aid_, why)


def _alarm(ruleset: RuleSet, state: State) -> Screen:
    return Screen("", (), f"`c` to go on, the rest is optional{_pages_of(ruleset, state)}")


def _done(ruleset: RuleSet, state: State) -> Screen:
    more = not state.further and state.decision is not None and bool(state.decision.optional_questions())
    further = "`c` asks what could still change actions or advice" if more else "`new` for the next patient, `q` leaves"
    return Screen("", (), f"{further}{_pages_of(ruleset, state)}")


def _pages_of(ruleset: RuleSet, state: State) -> str:
    count = len(sheets(ruleset, state))
    return f"; `m` more (page {state.sheet + 1} of {count})" if count > 1 else ""


def _conflict(ruleset: RuleSet, state: State) -> Screen:
    findings = ruleset.findings
    options = tuple(Option(n, f"change: {say(findings[name], state.given[name])}") for n, name in enumerate(state.culprits, 1))
    both = " and ".join(f"'{say(findings[name], state.given[name])}'" for name in state.culprits)
    highest = ruleset.urgency[-1]
    until = f"Until corrected act as {level(highest)}: {highest.label}" if denied_signs(ruleset, state) else MORE_SERIOUS
    title = f"Nothing decided: {both} cannot be true together: {state.refusal}. {until}."
    first = "`1` if what was measured is right, else " if denied_signs(ruleset, state) else ""
    return Screen(title, options, f"{first}the number of the one to change, or `b`")


def _first_aid(ruleset: RuleSet, state: State) -> tuple[str, ...]:
    return tuple(ruleset.items[item].text for item in first_aid(ruleset, state.pathways))


def _whys(ruleset: RuleSet, state: State) -> tuple[str, ...]:
    """Why this screen is asked; nothing before triage, when every screen is the same."""
    if state.decision is None or untriaged(state.decision, ruleset):
        return ()
    hidden, levels = discreet_titles(ruleset), {str(urgency): urgency for urgency in ruleset.urgency}
    whys: dict[str, int] = {}
    for question in state.decision.next_questions():
        why, _, name = question.why.removesuffix(")").rpartition(" (")
        if question.finding in state.asked and not any(title in question.why for title in hidden):
            known = levels.get(name)
            whys[f"{why} ({level(known)})" if known else question.why] = known.rank if known else -1
    return tuple(sorted(whys, key=lambda why: -whys[why]))


def _answered(state: State, finding: Finding, open_: tuple[str, ...]) -> str:
    if finding.id in open_ and finding.id not in state.given:
        return "if seen" if finding.id in state.if_seen else ""
    return say(finding, state.given[finding.id]).partition(":")[0] if finding.id in state.given else "follows"


def _choices(finding: Finding) -> str:
    return ": " * bool(finding.values) + ", ".join(f"{n} {label}" for n, label in enumerate(finding.values.values(), 1))


def _typed(finding: Finding) -> str:
    """One answer as an example."""
    return re.split(", | or ", next(iter(finding.values.values()), example(finding)))[0]


SCREENS: Mapping[Stage, Callable[[RuleSet, State], Screen]] = {
    Stage.COMPLAINT: _complaint, Stage.LIST: _list, Stage.GATE: _gate, Stage.VALUE: _value, Stage.ALARM: _alarm,
    Stage.CONFLICT: _conflict, Stage.DONE: _done,
}  # fmt: skip
