"""P19 on the engine: the questionnaire of each pathway asked to its end, with ordinary answers and with each single other one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from pathways.checks.book import Book, Disagreement
from pathways.checks.questions import reassured_with_flag
from pathways.content import RED_FLAGS
from pathways.decision import CERTAIN, Decision, Question, Status
from pathways.remarks import InvalidPresentation, Remark

__all__ = ["NOT_KNOWN", "walked", "walks"]

Given: TypeAlias = Mapping[str, Any]
NOT_KNOWN = {"unknown": "asked-unknown"}


def walks(book: Book, pathway: str) -> Iterator[Remark]:
    """Nothing: whatever is wrong with a path would be a mistake of ours. Raises Disagreement.

    A path is wrong if it asks anything twice, or nothing; if it ends open although everything asked is known; if it is final
    between two levels; or if it reassures while a red flag may hold, which the solver has excluded.
    """
    proved = not any(reassured_with_flag(book, pathway))
    for given, decision in walked(book, pathway):
        _hold_end(book, given, decision, proved)
    yield from ()


def walked(book: Book, pathway: str, unknown: bool = False) -> Iterator[tuple[Given, Decision]]:
    """The end of each path: all ordinary answers, then each single other answer; also, if wanted, each that is not known."""
    path = _Path(book, pathway)
    begun: list[dict[str, Any]] = []
    for given, questions in path.screens({}):
        for question in questions:
            others = [*path.others(question.finding), *([NOT_KNOWN] if unknown else [])]
            begun += [{**path.answered(given, questions), question.finding: answer} for answer in others]
    yield path.end
    for start in begun:
        if path.decide(start) is not None:
            for _ in path.screens(start):
                pass  # to its end
            yield path.end


class _Path:
    """One pathway asked again and again."""

    end: tuple[Given, Decision]

    def __init__(self, book: Book, pathway: str) -> None:
        self.book, self.pathway = book, pathway
        self._decided: dict[str, Decision | None] = {}

    def decide(self, given: Given) -> Decision | None:
        """The decision; None where no patient can be so."""
        key = repr(given)
        if key not in self._decided:
            try:
                self._decided[key] = self.book.ruleset.decide(given, [self.pathway])
            except InvalidPresentation:
                self._decided[key] = None
        return self._decided[key]

    def screens(self, given: Given) -> Iterator[tuple[Given, Sequence[Question]]]:
        """Each screen of the path that begins with what is given, and goes on with ordinary answers."""
        while True:
            decision = self.decide(given)
            if decision is None:
                raise Disagreement(f"`{self.pathway}` was asked of nobody: {given}")
            questions = decision.next_questions()
            if not questions:
                self.end = given, decision
                return
            twice = [question.finding for question in questions if question.finding in given]
            if twice or all(question.if_seen for question in questions):
                raise Disagreement(f"`{self.pathway}` asks {twice or 'nothing'} again: {given}")
            yield given, questions
            given = self.answered(given, questions)

    def answered(self, given: Given, questions: Sequence[Question]) -> dict[str, Any]:
        """The screen with the ordinary answers, as far as they are possible together; what waits for its gate is left out."""
        found = dict(given)
        for question in questions:
            if not question.if_seen:
                found[question.finding] = self.ordinary(question.finding)
        if self.decide(found) is not None:
            return found
        found = dict(given)
        for question in questions:
            if not question.if_seen:
                answers = (self.ordinary(question.finding), *self.others(question.finding), NOT_KNOWN)
                found[question.finding] = next(one for one in answers if self.decide({**found, question.finding: one}) is not None)
        return found

    def ordinary(self, name: str) -> Any:
        """The answer that says least: no danger, the first choice, a number in the middle or away from its worse end."""
        shape = self.book.answers.shapes[name]
        if shape.kind == "yes_no":
            return shape.worse == "no"
        answers = self._answers(name)
        if shape.kind == "choice":
            return answers[0]
        return answers[{"higher": 0, "lower": -1}.get(shape.worse, len(answers) // 2)]

    def others(self, name: str) -> list[Any]:
        """Every other answer; of a number its lowest and its highest cell."""
        ordinary, answers = self.ordinary(name), self._answers(name)
        if self.book.answers.shapes[name].kind == "number":
            answers = [answers[0], answers[-1]]
        return [answer for answer in answers if answer != ordinary]

    def _answers(self, name: str) -> list[Any]:
        return [answer for _, answer in self.book.answers.cells(name) if answer is not None]


def _hold_end(book: Book, given: Given, decision: Decision, proved: bool) -> None:
    low, high = decision.urgency.lowest, decision.urgency.highest
    known = not any(isinstance(answer, Mapping) for answer in given.values())
    if low != high and (known or decision.status is Status.FINAL):
        raise Disagreement(f"nothing more is asked, and {low} to {high} are possible: {given}")
    items = (*decision.actions, *decision.advice, *decision.follow_up)
    reassured = [item.id for item in items if item.certainty == CERTAIN and book.content.items[item.id]["reassures"]]
    flags = [reason.rule for reason in decision.reasons if reason.pathway == RED_FLAGS]
    if proved and reassured and flags:
        raise Disagreement(f"{', '.join(reassured)} although {', '.join(flags)} may hold: {given}")
