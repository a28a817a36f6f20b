"""Cases for what the others do not exercise, found by the solver: patients with what the rules decide of them today.

Whether that is right is for somebody to judge before a case is kept; each says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pathways.cases import unmentioned
from pathways.content import findings_read
from pathways.coverage import Examined, Goal, Pair, Seen, Single, State
from pathways.decision import Decision, Referral
from pathways.examples import answer_text, said
from pathways.formatting import in_its_layout
from pathways.literals import SHARED
from pathways.plain import Patient
from pathways.remarks import InvalidPresentation

__all__ = ["Suggestion", "as_yaml", "suggested"]

JUDGE = "judge before keeping: this is what the rules say today, not what is right"
TRIED = 12  # known halves of a pair for which the other half is sought


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A case that could be kept: `shows` names the points that it exercises, alone or with the others."""

    pathway: str
    name: str
    given: Mapping[str, Any]
    absent: bool  # what is not given is absent
    decision: Decision
    shows: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Draft:
    """A patient as a case would have it."""

    pathway: str
    patient: Patient
    given: Mapping[str, Any]
    absent: bool
    seen: Seen
    decision: Decision


def suggested(found: Examined, most: int) -> tuple[Suggestion, ...]:
    """At most so many cases, those first that exercise most of what is missing."""
    missing = [goal for goal, state in found.goals if state is State.MISSING]
    offers = [drafts for goal in missing if (drafts := _drafts(found, goal))]
    kept: list[tuple[_Draft, tuple[Goal, ...]]] = []
    while missing and offers:
        fitting = [drafts for drafts in offers if len(kept) + len(drafts) <= most]
        scored = [(drafts, [goal for goal in missing if goal.would([draft.seen for draft in drafts])]) for drafts in fitting]
        drafts, met = max(scored, key=lambda one: len(one[1]) / len(one[0]), default=([], []))
        if not met:
            break
        for draft in drafts:
            kept.append((draft, tuple(met)))
            for goal in missing:
                goal.look(draft.seen)
        missing = [goal for goal in missing if goal not in met]
        offers = [one for one in offers if one is not drafts]
    order = list(found.book.pathways)
    named = sorted(kept, key=lambda one: order.index(one[0].pathway))
    names: dict[str, int] = {}
    return tuple(_suggestion(found, draft, met, names) for draft, met in named)


def _suggestion(found: Examined, draft: _Draft, met: Sequence[Goal], names: dict[str, int]) -> Suggestion:
    content = found.book.content
    name = said(content, [draft.pathway], draft.patient, draft.given)
    names[name] = names.get(name, 0) + 1
    if names[name] > 1:
        name = f"{name} ({names[name]})"
    return Suggestion(draft.pathway, name, draft.given, draft.absent, draft.decision, tuple(goal.what for goal in met))


# -- finding patients ------------------------------------------------------------------------------------------------


def _drafts(found: Examined, goal: Goal) -> list[_Draft]:
    """One patient who meets the goal, or two; none where the answers of such a patient cannot be written as a case."""
    for patients in _patients(found, goal):
        drafts = [draft for patient in patients if (draft := _draft(found, goal, patient)) is not None]
        if goal.would([draft.seen for draft in drafts]):
            return drafts
    return []


def _patients(found: Examined, goal: Goal) -> Iterator[list[Patient]]:
    book = found.book
    if isinstance(goal, Single):
        patient = book.patient(_asked(found, goal), *goal.wanted(book))
        if patient is not None:
            yield [patient]
    elif isinstance(goal, Pair):
        yield from _halves(found, goal)
        yield from _pairs(found, goal)


def _halves(found: Examined, goal: Pair) -> Iterator[list[Patient]]:
    """Somebody who goes with a case that is there."""
    book = found.book
    so, not_so = goal.sides(goal.found)
    for known, side in ((so, False), (not_so, True)):
        for vector in known[:TRIED]:
            alike = [] if goal.masking else goal.fixed(book, vector)
            patient = book.patient(_asked(found, goal), *goal.deciding(book, side), *alike)
            if patient is not None:
                yield [patient]


def _pairs(found: Examined, goal: Pair) -> Iterator[list[Patient]]:
    """Two new ones."""
    book, asked = found.book, _asked(found, goal)
    if goal.masking:
        one, other = (book.patient(asked, *goal.deciding(book, side)) for side in (True, False))
    else:
        one = book.solver.simplest(book.answers, book.world.possible, book.second.world.possible, *goal.alone(book))
        other = one and book.patient(asked, *goal.deciding(book, False), *goal.fixed(book, goal.vector(book, one)))
    if one is not None and other is not None:
        book.confirm(asked, one)
        yield [one, other]


def _asked(found: Examined, goal: Goal) -> list[str]:
    """The pathway that a case would be of: the goal's, and of what is shared that which reads most of it."""
    book = found.book
    if goal.pathway != SHARED:
        return [goal.pathway]
    wanted = goal.reads(book)
    read = {name: findings_read(rule.holds for rule in book.content.asked([name])) for name in book.pathways}
    return [min(book.pathways, key=lambda name: (-len(wanted & read[name]), len(read[name])))]


# -- writing them ----------------------------------------------------------------------------------------------------


def _draft(found: Examined, goal: Goal, patient: Patient) -> _Draft | None:
    """The patient as a case: only what the pathway asks, and no number or choice without which the case shows as much."""
    [pathway] = _asked(found, goal)
    ruleset = found.book.ruleset
    asked = {finding.id for findings in ruleset.form(pathway).values() for finding in findings}
    answers = {name: answer for name, answer in patient.items() if answer is not None and name in asked}
    short = {name: answer for name, answer in answers.items() if answer is not False}
    for given, absent in ((short, True), (answers, False)):
        draft = _read(found, pathway, patient, given, absent)
        if draft is None or goal.evidence(draft.seen) is None:
            continue
        for name in [name for name, answer in given.items() if not isinstance(answer, bool)]:
            shorter = _read(found, pathway, patient, {key: value for key, value in draft.given.items() if key != name}, absent)
            if shorter is not None and _says_as_much(goal, shorter, draft):
                draft = shorter
        return draft
    return None


def _says_as_much(goal: Goal, one: _Draft, other: _Draft) -> bool:
    return goal.evidence(one.seen) == goal.evidence(other.seen) and one.decision.status == other.decision.status


def _read(found: Examined, pathway: str, patient: Patient, given: Mapping[str, Any], absent: bool) -> _Draft | None:
    """The draft with these answers; nothing where nobody can have them."""
    ruleset = found.book.ruleset
    try:
        whole = {**given, **dict.fromkeys(unmentioned(ruleset, (pathway,), given), False)} if absent else given
        presentation = ruleset.reader.read(whole)
        seen = Seen(found.readings, ruleset, presentation, (pathway,))
    except InvalidPresentation:
        return None
    return _Draft(pathway, patient, given, absent, seen, ruleset.decide(presentation, pathway))


def as_yaml(suggestions: Sequence[Suggestion]) -> str:
    """The cases as their files would have them, each file's after its name."""
    texts = []
    for pathway in dict.fromkeys(one.pathway for one in suggestions):
        cases = "\n".join(_case(one) for one in suggestions if one.pathway == pathway)
        texts.append(in_its_layout(f"{pathway}.cases.yaml", f"# {pathway}.cases.yaml\n\n{cases}"))
    return "\n".join(texts)


def _case(one: Suggestion) -> str:
    given = ", ".join(f"{name}: {answer_text(answer)}" for name, answer in one.given.items())
    rows = [
        f"- case: {_quoted(one.name)}",
        *(f"  # shows: {text}" for text in one.shows),
        f"  given: {{{given}}}",
        *(["  unmentioned: absent"] if one.absent else []),
        f"  # {JUDGE}",
        f"  expect: {{{', '.join(_expected(one.decision))}}}",
    ]
    return "\n".join(rows) + "\n"


def _expected(decision: Decision) -> Iterator[str]:
    lowest, highest = decision.urgency
    if lowest is not None:
        yield f"urgency: {lowest}" if lowest == highest else f"lowest: {lowest}, highest: {highest}"
    yield f"status: {decision.status}"
    services = [referral.service for referral in decision.referrals]
    if lowest is not None and len(set(services)) < len(services):
        yield f"services: [{', '.join(dict.fromkeys(one.service for one in decision.referrals if one.certainty == 'certain'))}]"
    elif lowest is not None:
        yield f"referrals: {{{', '.join(map(_referral, decision.referrals))}}}"
    rules = dict.fromkeys(reason.rule for reason in decision.reasons if reason.certainty == "certain")
    items = [item.id for item in (*decision.actions, *decision.advice, *decision.follow_up) if item.certainty == "certain"]
    for key, names in (("rules", rules), ("items", items)):
        if names:
            yield f"{key}: [{', '.join(names)}]"


def _referral(one: Referral) -> str:
    window = one.window
    within = f"{{from: {window.from_}, not_before: {window.not_before}, not_after: {window.not_after}}}" if window else one.within
    return f"{one.service}: {{{'contact: now, ' if one.contact else ''}within: {within}}}"


def _quoted(text: str) -> str:
    plain = re.fullmatch(r"[A-Za-z][\w '()/-]*", text)
    return text if plain else json.dumps(text, ensure_ascii=False)
