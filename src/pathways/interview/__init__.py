"""The bedside dialogue without a screen: a state, and what one typed answer makes of it.

States are frozen and keep the state before, so that "back" undoes exactly. Only words with one meaning change anything:
what is not understood (Enter, a space, Esc) gives the same state again, and never means "no". Reads no clock of its own, no
keyboard, and shows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from pathways.decision import Decision
from pathways.interview.screens import Screen, screen
from pathways.interview.states import UNABLE, UNKNOWN, Stage, State, choosable, chunks, denied_signs, presumes, sheets, waiting
from pathways.interview.turns import again, next_screen
from pathways.interview.typed import ABSENCES, SINGLE, choice, numbers, parsed
from pathways.presentations import absence
from pathways.remarks import InvalidPresentation
from pathways.reports.decision import first_aid
from pathways.reports.lines import brief
from pathways.reports.standing import danger_signs, untriaged
from pathways.ruleset import RuleSet
from pathways.spoken import Unclear, clock_time, hour, read, say

__all__ = ["Interview", "Reply"]

LONG_AGO = timedelta(hours=6)  # an arrival that is further back is asked again: 04:40 typed at 02:40 is 22 hours ago


class Reply(NamedTuple):
    """What an answer did. `said` is shown before the screen; `page` asks for a page; `leave` ends: `quit` or `new`."""

    state: State
    said: tuple[str, ...] = ()
    page: str = ""
    leave: str = ""


@dataclass(frozen=True, slots=True)
class Interview:
    """A rule set, a clock and a terminal of so many rows, from which the dialogue with one patient after another is held."""

    ruleset: RuleSet
    clock: Callable[[], datetime]
    rows: int = 24

    def start(self, pathways: Iterable[str] = (), arrived: datetime | None = None) -> State:
        """The first state; what is named is not asked. Raises InvalidPresentation for an unknown pathway."""
        names = tuple(pathways)
        unsure = arrived if arrived is not None and self.clock() - arrived > LONG_AGO else None
        state = State(Stage.COMPLAINT, arrived=None if unsure else arrived, unsure=unsure, rows=self.rows)
        if not names:
            return state
        self.ruleset.asked(names)
        return self._complaint_known(state, names)

    def answer(self, state: State, text: str) -> Reply:
        """What the typed text makes of the state: another one, or the same with a word why."""
        words = " ".join(text.casefold().split())
        if any(not character.isprintable() for character in words):
            return Reply(state, (NOT_UNDERSTOOD,))
        general = GENERAL.get(words)
        if general is not None:
            return general(self, state)
        if not words:
            return Reply(state, ("Enter and space mean nothing here, and never no.",))
        return ANSWERS[state.stage](self, state, words)

    def screen(self, state: State) -> Screen:
        """What the state asks."""
        return screen(self.ruleset, state, self.clock())

    # -- from one state to the next ----------------------------------------------------------------------------------

    def _complaint_known(self, state: State, names: tuple[str, ...]) -> State:
        shown = self.clock() if first_aid(self.ruleset, names) else None
        state = replace(state, pathways=names, first_aid_at=shown)
        return self._decide(state) if state.arrived is not None else replace(state, stage=Stage.ARRIVAL)

    def _given(self, state: State, answers: Mapping[str, Any]) -> State:
        """The state after these answers, echoed one by one; what a yes hides from view cannot be assessed, and is not denied."""
        now = self.clock()
        answers = self._unpresuming(state, {**answers, **self._hidden(state, answers), **self._measured(state, answers)})
        echo = tuple(say(self.ruleset.findings[name], value) for name, value in answers.items())
        given = MappingProxyType({**state.given, **answers})
        times = MappingProxyType({**state.times, **dict.fromkeys(answers, now)})
        again = False if state.again else state.again
        return self._decide(replace(state, given=given, times=times, echo=echo, again=again, before=state))

    def _unpresuming(self, state: State, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The answers, in which what nobody may have looked for is not denied but not known."""
        after = replace(state, given={**state.given, **answers})
        open_ = {name for name, value in answers.items() if value is False and presumes(self.ruleset, after, name)}
        return {name: {"unknown": UNKNOWN} if name in open_ else value for name, value in answers.items()}

    def _hidden(self, state: State, answers: Mapping[str, Any]) -> dict[str, Any]:
        """What cannot be looked for because of a yes among the answers: an eye that is swollen shut hides how it moves."""
        asked, masks = self.ruleset.asked(state.pathways).askable, self.ruleset.space.masks
        hidden = [other for name, value in answers.items() if value is True for other in self.ruleset.findings[name].hides]
        unseen = [name for name in hidden if asked & masks[name] and name not in state.given and answers.get(name) is not True]
        return {name: {"unknown": UNABLE} for name in unseen}

    def _measured(self, state: State, answers: Mapping[str, Any]) -> dict[str, Any]:
        """What was measured just now needs not be asked: it is yes once every number that says so is known."""
        asked, known = self.ruleset.asked(state.pathways).askable, {**state.given, **answers}
        return {
            name: True
            for name, finding in self.ruleset.findings.items()
            if any(other in answers for other in finding.measured_by)
            and all(absence(known.get(other)) is None for other in finding.measured_by)
            and asked & self.ruleset.space.masks[name]
        }

    def _decide(self, state: State) -> State:
        try:
            decision = self.ruleset.decide(state.given, state.pathways)
        except InvalidPresentation as error:
            remark = error.remarks[0]
            culprits = tuple(name for name in remark.findings if name in state.given) or tuple(state.given)
            denied = denied_signs(self.ruleset, replace(state, culprits=culprits))
            culprits = (*denied, *(name for name in culprits if name not in denied))
            return replace(state, stage=Stage.CONFLICT, decision=None, refusal=self._said(remark.message), culprits=culprits)
        state = replace(state, decision=decision, decided=self.clock(), refusal="", culprits=())
        alarm = self._alarm_of(state, decision)
        if alarm > state.alarmed:
            following = next_screen(self.ruleset, replace(state, alarmed=alarm), decision)
            return following if following.stage is Stage.DONE else replace(state, stage=Stage.ALARM, alarmed=alarm, sheet=0)
        return next_screen(self.ruleset, state, decision)

    def _said(self, message: str) -> str:
        """Why the answers exclude each other, with the wording of a finding in place of its id."""
        findings = self.ruleset.findings
        return re.sub(r"`(\w+)`", lambda found: findings[found[1]].ask if found[1] in findings else found[0], message.rpartition("): ")[2])

    def _alarm_of(self, state: State, decision: Decision) -> int:
        """How loud it is: a danger sign, one that cannot be assessed, a level at which somebody is called now; -1 if nothing."""
        answers = [state.given.get(name) for name in danger_signs(self.ruleset)]
        lowest, top = decision.urgency.lowest, 2 * len(self.ruleset.urgency)
        if True in answers:
            return top
        if untriaged(decision, self.ruleset):
            return -1
        if any(absence(answer) == UNABLE for answer in answers):
            return top - 1
        return 2 * lowest.rank if lowest is not None and lowest.contact else -1

    # -- what every stage understands --------------------------------------------------------------------------------

    def _back(self, state: State) -> Reply:
        return Reply(state, ("This is the first screen.",)) if state.before is None else Reply(state.before, ("One step back.",))

    def _quit(self, state: State) -> Reply:
        return Reply(state, leave="quit")

    def _new(self, state: State) -> Reply:
        return Reply(state, leave="new")

    def _page(self, state: State, page: str) -> Reply:
        if state.stage is Stage.CONFLICT:
            return Reply(state, ("Nothing is decided: the number of the wrong answer first.",))
        if state.decision is None or untriaged(state.decision, self.ruleset):
            return Reply(state, ("Nothing is decided yet: danger signs first.",))
        return Reply(state, page=page)

    def _note(self, state: State) -> Reply:
        return self._page(state, "note")

    def _professionals(self, state: State) -> Reply:
        return self._page(state, "professional")

    def _why(self, state: State) -> Reply:
        return self._page(state, "why")

    def _actions(self, state: State) -> Reply:
        return self._page(state, "actions")

    # -- what each stage understands ---------------------------------------------------------------------------------

    def _complaint(self, state: State, words: str) -> Reply:
        names = tuple(self.ruleset.pathways)
        chosen = numbers(words.replace(",", " ").split(), len(names))
        if not chosen:
            return Reply(state, (f"Type the number of the complaint, or several as `1 2` (1 to {len(names)}).",))
        picked = tuple(names[number - 1] for number in chosen)
        echo = tuple(self.ruleset.pathways[name].title for name in picked)
        return Reply(self._complaint_known(replace(state, echo=echo, before=state), picked))

    def _arrival(self, state: State, words: str) -> Reply:
        if words in ("?", "u"):
            return Reply(
                self._decide(replace(state, echo=("arrival not known: times count from the decision",), unsure=None, before=state))
            )
        now = self.clock()
        try:
            arrived = clock_time(words, now)
        except Unclear as error:
            return Reply(state, (f"Arrival: {error}; `?` if nobody knows.",))
        if now - arrived > LONG_AGO and arrived != state.unsure:
            return Reply(replace(state, unsure=arrived, before=state))
        echo = (f"arrived {hour(arrived, now)}",)
        return Reply(self._decide(replace(state, arrived=arrived, unsure=None, echo=echo, before=state)))

    def _list(self, state: State, words: str) -> Reply:
        """Numbers are present; `none` denies the rest, `?` and `u` say why the rest is not known, with numbers only those."""
        rest, open_, sheets = waiting(self.ruleset, state), choosable(self.ruleset, state), chunks(self.ruleset, state)
        if words == "m" and len(sheets) > 1:
            at = (state.sheet + 1) % len(sheets)
            return Reply(replace(state, sheet=at, seen=max(state.seen, at + 1), echo=(), before=state))
        if rest == open_ and len(rest) == 1 and words in SINGLE and (words != "1" or len(state.asked) == 1):
            return Reply(self._given(state, {rest[0]: SINGLE[words]}))
        shown = tuple(name for sheet in sheets[: state.seen] for name in sheet)
        answers = parsed(words, shown, open_, rest, all_=self.ruleset.findings[state.asked[0]].worse != "yes")
        if isinstance(answers, str):
            return Reply(state, (answers,))
        if set(answers) - set(shown):
            unseen = len(state.asked) - len(shown)
            said = f"Nothing recorded yet: {unseen} more {'stand' if unseen != 1 else 'stands'} here. `{words}` then speaks of all."
            return Reply(replace(state, sheet=state.seen, seen=state.seen + 1, echo=(), before=state), (said,))
        return Reply(self._given(state, self._denied(state, answers)))

    def _denied(self, state: State, answers: dict[str, Any]) -> dict[str, Any]:
        """The answers of a line, in which `none` is said of what does not follow from the numbers beside it: as in two lines."""
        present = {name: value for name, value in answers.items() if value is not False}
        try:
            open_ = choosable(self.ruleset, replace(state, given={**state.given, **present}))
        except InvalidPresentation:
            return answers  # the numbers alone cannot be
        return {name: value for name, value in answers.items() if name in present or name in open_}

    def _gate(self, state: State, words: str) -> Reply:
        """`u` could not be examined; `none` and numbers say that it could, and what was seen."""
        gate, *seen_there = state.asked
        if words == "u":
            return Reply(self._given(state, {gate: False}))
        if words == "?":
            return Reply(self._given(state, {gate: {"unknown": UNKNOWN}}))
        answers = parsed(words, tuple(seen_there), tuple(seen_there), tuple(seen_there), all_=False)
        if isinstance(answers, str) or any(absence(value) is not None for value in answers.values()):
            return Reply(state, (answers if isinstance(answers, str) else "Numbers, `none`, `u` or `?`.",))
        return Reply(replace(self._given(replace(state, asked=tuple(seen_there)), {gate: True, **answers}), before=state))

    def _value(self, state: State, words: str) -> Reply:
        """The answers of one line, with commas between them; a last `?` or `u` is said of all that follow."""
        fields = waiting(self.ruleset, state)
        parts = [part.strip() for part in words.split(",")]
        if len(parts) > len(fields):
            return Reply(state, (f"{len(parts)} answers for {len(fields)} questions: nothing is recorded.",))
        answers: dict[str, Any] = {}
        for name, part in zip(fields, parts, strict=False):
            if part in ABSENCES:
                answers[name] = {"unknown": ABSENCES[part]}
                continue
            finding = self.ruleset.findings[name]
            try:
                answers[name] = choice(finding, part) if finding.kind == "choice" else read(finding, part)
            except Unclear as error:
                return Reply(state, (f"{brief(finding.ask)}: {error}" if len(fields) > 1 else f"{error}",))
        if parts[-1] in ABSENCES:
            answers |= {name: {"unknown": ABSENCES[parts[-1]]} for name in fields[len(parts) :]}
        return Reply(self._given(state, answers))

    def _alarm(self, state: State, words: str) -> Reply:
        if words == "c" and state.decision is not None:
            return Reply(next_screen(self.ruleset, replace(state, echo=(), before=state), state.decision))
        return self._turned(state, words) or Reply(state, (f"`{words}` is not understood here.",))

    def _turned(self, state: State, words: str) -> Reply | None:
        """The next page of what is decided; after the last the first again."""
        if words != "m":
            return None
        count = len(sheets(self.ruleset, state))
        if count == 1:
            return Reply(state, ("This is all.",))
        return Reply(replace(state, sheet=(state.sheet + 1) % count, echo=(), before=state))

    def _conflict(self, state: State, words: str) -> Reply:
        chosen = numbers([words], len(state.culprits))
        if not chosen:
            return Reply(state, (f"Type the number of the answer that is wrong (1 to {len(state.culprits)}), or `b`.",))
        name = state.culprits[chosen[0] - 1]
        given = MappingProxyType({key: value for key, value in state.given.items() if key != name})
        times = MappingProxyType({key: value for key, value in state.times.items() if key != name})
        echo = (f"taken back: {say(self.ruleset.findings[name], state.given[name])}",)
        again = replace(state, given=given, times=times, echo=echo, refusal="", culprits=(), before=state)
        return Reply(self._ask_again(again, name))

    def _ask_again(self, state: State, name: str) -> State:
        """The question of an answer that was taken back, unless the other answers settle it now."""
        if name not in state.asked:
            state = replace(state, asked=(name,), if_seen=(), sheet=0, seen=1)
        state = self._decide(state)
        if state.stage in (Stage.CONFLICT, Stage.ALARM) or name not in choosable(self.ruleset, replace(state, asked=(name,))):
            return state
        if name in state.asked and len(state.asked) > 1:
            return again(self.ruleset, state, (name,))
        stage = Stage.LIST if self.ruleset.findings[name].kind == "yes_no" else Stage.VALUE
        return replace(state, stage=stage, asked=(name,), sheet=0, seen=1)

    def _done(self, state: State, words: str) -> Reply:
        if words == "c" and state.decision is not None and not state.further and state.decision.optional_questions():
            return Reply(next_screen(self.ruleset, replace(state, further=True, echo=(), before=state), state.decision))
        return self._turned(state, words) or Reply(state, ("Nothing more is asked.",))


# -- words -----------------------------------------------------------------------------------------------------------

NOT_UNDERSTOOD = "That key means nothing here, and never no."


GENERAL: Mapping[str, Callable[[Interview, State], Reply]] = {
    "b": Interview._back, "back": Interview._back, "q": Interview._quit, "quit": Interview._quit, "new": Interview._new,
    "note": Interview._note, "p": Interview._professionals, "w": Interview._why, "a": Interview._actions,
}  # fmt: skip
ANSWERS: Mapping[Stage, Callable[[Interview, State, str], Reply]] = {
    Stage.COMPLAINT: Interview._complaint, Stage.ARRIVAL: Interview._arrival, Stage.LIST: Interview._list,
    Stage.GATE: Interview._gate, Stage.VALUE: Interview._value,
    Stage.ALARM: Interview._alarm, Stage.CONFLICT: Interview._conflict, Stage.DONE: Interview._done,
}  # fmt: skip
