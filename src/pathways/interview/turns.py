"""Which question comes next: the rest of a list, age and vital signs early, an examination with what it shows, the end."""

from __future__ import annotations

from dataclasses import replace

from pathways.decision import Decision
from pathways.interview.states import FRAME, VITALS, Stage, State, choosable, chunks, settled_by_denial, waiting
from pathways.presentations import absence
from pathways.remarks import InvalidPresentation
from pathways.reports.standing import danger_signs
from pathways.ruleset import RuleSet

__all__ = ["again", "next_screen"]


def next_screen(ruleset: RuleSet, state: State, decision: Decision) -> State:
    """The rest of a list that was begun; else the next screen; else the end."""
    rest = waiting(ruleset, state)
    if rest and any(name in state.given for name in state.asked):
        return again(ruleset, state, rest)
    if settled := settled_by_denial(ruleset, replace(state, decision=decision)):
        group = ruleset.findings[settled[0]].group
        listed = tuple(name for name in settled if ruleset.findings[name].group == group)
        return _shown(ruleset, replace(state, if_seen=()), Stage.LIST, group, listed)
    questions = decision.next_questions()
    if not questions and state.further:
        questions = decision.optional_questions()
    if not questions:
        return _ended(ruleset, state)
    form = _form(ruleset, state) if len(state.screens) > 1 else ()
    if form and _age_group(ruleset) not in state.screens:
        return _shown(ruleset, state, Stage.VALUE, _age_group(ruleset), form)
    group = questions[0].group
    listed = tuple(question.finding for question in questions if ruleset.findings[question.finding].kind == "yes_no")
    if not listed:
        return _shown(ruleset, state, Stage.VALUE, group, tuple(question.finding for question in questions))
    if len(listed) == 1 and (seen_there := _seen_there(ruleset, state, listed[0])):
        return _shown(ruleset, state, Stage.GATE, group, (*listed, *seen_there))
    if_seen = tuple(question.finding for question in questions if question.if_seen)
    groups, listed = _joined(ruleset, state, group, listed) if not if_seen else ((group,), listed)
    return _shown(ruleset, replace(state, if_seen=if_seen), Stage.LIST, group, listed, groups[1:])


def again(ruleset: RuleSet, state: State, rest: tuple[str, ...]) -> State:
    """The same screen again, with what waits: the next page of a list, or the first that still has something open."""
    if ruleset.findings[state.asked[-1]].kind != "yes_no":
        return replace(state, stage=Stage.VALUE)
    sheets = chunks(ruleset, state)
    if state.seen < len(sheets):
        return replace(state, stage=Stage.LIST, sheet=state.seen, seen=state.seen + 1)
    waiting = [n for n, chunk in enumerate(sheets) if set(chunk) & set(rest)]
    return replace(state, stage=Stage.LIST, sheet=waiting[0] if waiting else 0)


def _shown(ruleset: RuleSet, state: State, stage: Stage, group: str, asked: tuple[str, ...], further: tuple[str, ...] = ()) -> State:
    if_seen = state.if_seen if stage is Stage.LIST else ()
    screens = state.screens if state.screens[-1:] == (group,) else (*state.screens, group)
    return replace(state, stage=stage, asked=asked, if_seen=if_seen, screens=(*screens, *further), sheet=0, seen=1)


def _ended(ruleset: RuleSet, state: State) -> State:
    """The end; but danger signs that nobody knew are asked once more before it."""
    unknown = tuple(name for name in danger_signs(ruleset) if absence(state.given.get(name, False)) is not None)
    if unknown and state.again is None:
        group = ruleset.findings[unknown[0]].group
        return _shown(ruleset, replace(state, again=True, if_seen=()), Stage.LIST, group, unknown)
    return replace(state, stage=Stage.DONE, asked=(), sheet=0)


def _age_group(ruleset: RuleSet) -> str:
    """The group of the age: what is asked early of every patient, before any limit for age is used."""
    return next((finding.group for finding in ruleset.findings.values() if finding.unit == "a"), "")


def _form(ruleset: RuleSet, state: State) -> tuple[str, ...]:
    """Age first, then the choices and numbers of its group that the pathways read, then vital signs where they count."""
    findings, group = ruleset.findings, _age_group(ruleset)
    read = [name for pathway in state.pathways for name in ruleset.pathways[pathway].findings]
    values = [name for name in dict.fromkeys(read) if findings[name].group == group and findings[name].kind != "yes_no"]
    values.sort(key=lambda name: (findings[name].unit != "a", findings[name].kind != "choice"))
    vitals = [name for unit in VITALS for name, finding in findings.items() if finding.unit == unit and finding.kind == "number"]
    if any(name in read for name in vitals) or _linked(ruleset, state, vitals):
        values += vitals
    return choosable(ruleset, replace(state, asked=tuple(dict.fromkeys(values))))


def _linked(ruleset: RuleSet, state: State, vitals: list[str]) -> bool:
    """Whether a constraint reads a vital sign together with an answer that is yes already."""
    space, findings = ruleset.space, ruleset.findings
    measured, present = 0, 0
    for name in vitals:
        measured |= space.masks[name]
    for name, value in state.given.items():
        present |= findings[name].cell(False) if value is True else 0
    return any(clause & measured and clause & present for clause in ruleset.clauses)


def _seen_there(ruleset: RuleSet, state: State, gate: str) -> tuple[str, ...]:
    """What an examination shows, if this asks for one: yes/no findings that wait for it alone."""
    findings = ruleset.findings
    if findings[gate].worse != "no":
        return ()
    asked = ruleset.asked(state.pathways).askable
    waits = [name for name, one in findings.items() if one.gates == (gate,) and one.kind == "yes_no" and one.worse == "yes"]
    shown = [name for name in waits if asked & ruleset.space.masks[name]]
    return choosable(ruleset, replace(state, asked=tuple(shown)))


def _joined(ruleset: RuleSet, state: State, group: str, listed: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Short lists that would follow one another anyway are one screen; danger signs stand alone."""
    groups: tuple[str, ...] = (group,)
    while len(listed) < state.rows - FRAME and len(state.screens) > 1 and not set(listed) & set(danger_signs(ruleset)):
        denied = {**state.given, **dict.fromkeys(listed, False)}
        try:
            questions = ruleset.decide(denied, state.pathways).next_questions()
        except InvalidPresentation:
            break
        more = tuple(question.finding for question in questions if ruleset.findings[question.finding].kind == "yes_no")
        worse = {ruleset.findings[name].worse for name in (*listed, *more)}
        follow = not more or "no" in worse or any(question.if_seen for question in questions)
        together = replace(state, asked=(*listed, *more))
        if follow or len(chunks(ruleset, together)) > 1 or questions[0].group in groups:
            break
        groups, listed = (*groups, questions[0].group), (*listed, *more)
    return groups, listed
