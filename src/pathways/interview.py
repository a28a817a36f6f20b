"""The bedside dialogue without a screen: a state, and what one typed answer makes of it.

States are frozen and keep the state before, so that "back" undoes exactly. Only words with one meaning change anything:
what is not understood (Enter, a space, Esc) gives the same state again, and never means "no". Reads no clock of its own, no
keyboard, and shows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from pathways.decision import Decision, Question
from pathways.evaluation import reach
from pathways.findings import Finding
from pathways.remarks import InvalidPresentation
from pathways.reports.decision import first_aid
from pathways.reports.discreet import discreet_titles
from pathways.reports.standing import danger_signs, untriaged
from pathways.ruleset import RuleSet
from pathways.spoken import Unclear, clock_time, example, hour, read, say

__all__ = ["Interview", "Option", "Reply", "Screen", "Stage", "State"]

UNKNOWN, UNABLE = "asked-unknown", "unable-to-assess"
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Stage(StrEnum):
    """What the screen asks."""

    COMPLAINT = "complaint"
    ARRIVAL = "arrival"
    LIST = "list"  # yes/no findings of one group
    VALUE = "value"  # one number or choice
    ALARM = "alarm"  # the action page; the rest is optional
    CONFLICT = "conflict"  # answers that no patient can have together: nothing is decided
    DONE = "done"


@dataclass(frozen=True, slots=True)
class State:
    """Everything about one patient so far. `asked` are the findings on the screen, `screens` the groups shown, in order.

    Those of `if_seen` are only said to be present, by who has seen it; whether it could be seen is asked later.
    """

    stage: Stage
    pathways: tuple[str, ...] = ()
    arrived: datetime | None = None
    first_aid_at: datetime | None = None
    given: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    times: Mapping[str, datetime] = field(default_factory=lambda: NOTHING)
    asked: tuple[str, ...] = ()
    if_seen: tuple[str, ...] = ()
    alarmed: bool = False
    further: bool = False
    echo: tuple[str, ...] = ()
    decision: Decision | None = None
    decided: datetime | None = None
    refusal: str = ""
    culprits: tuple[str, ...] = ()
    screens: tuple[str, ...] = ()
    before: State | None = field(default=None, repr=False, compare=False)


class Reply(NamedTuple):
    """What an answer did. `said` is shown before the screen; `page` asks for a page; `leave` ends: `quit` or `new`."""

    state: State
    said: tuple[str, ...] = ()
    page: str = ""
    leave: str = ""


class Option(NamedTuple):
    """One line of a list: its number, the wording, what it means, and its answer where it has one already."""

    number: int
    text: str
    means: str = ""
    answer: str = ""


class Screen(NamedTuple):
    """What a state shows, as plain text: title, options, and what may be typed."""

    title: str
    options: tuple[Option, ...]
    prompt: str
    first_aid: tuple[str, ...] = ()
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Interview:
    """A rule set and a clock, from which the dialogue with one patient after another is held."""

    ruleset: RuleSet
    clock: Callable[[], datetime]

    def start(self, pathways: Iterable[str] = (), arrived: datetime | None = None) -> State:
        """The first state; what is named is not asked. Raises InvalidPresentation for an unknown pathway."""
        names = tuple(pathways)
        if names:
            self.ruleset.asked(names)
            return self._complaint_known(State(Stage.COMPLAINT, arrived=arrived), names)
        return State(Stage.COMPLAINT, arrived=arrived)

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
        return SCREENS[state.stage](self, state)

    def risen(self, state: State) -> bool:
        """Whether the last answer made a level certain at which somebody is called now: what to do is shown at once."""
        if state.decision is None or state.decision.urgency.lowest is None or not state.decision.urgency.lowest.contact:
            return False
        if untriaged(state.decision, self.ruleset):
            return False
        before = state.before.decision if state.before is not None else None
        return before is None or before.urgency.lowest is None or before.urgency.lowest < state.decision.urgency.lowest

    # -- from one state to the next ----------------------------------------------------------------------------------

    def _complaint_known(self, state: State, names: tuple[str, ...]) -> State:
        shown = self.clock() if first_aid(self.ruleset, names) else None
        state = replace(state, pathways=names, first_aid_at=shown)
        return self._decide(state) if state.arrived is not None else replace(state, stage=Stage.ARRIVAL)

    def _given(self, state: State, answers: Mapping[str, Any]) -> State:
        """The state after these answers, echoed one by one."""
        now = self.clock()
        echo = tuple(say(self.ruleset.findings[name], value) for name, value in answers.items())
        given = MappingProxyType({**state.given, **answers})
        times = MappingProxyType({**state.times, **dict.fromkeys(answers, now)})
        return self._decide(replace(state, given=given, times=times, echo=echo, before=state))

    def _decide(self, state: State) -> State:
        try:
            decision = self.ruleset.decide(state.given, state.pathways)
        except InvalidPresentation as error:
            remark = error.remarks[0]
            found = [name for name in re.findall("`([a-z0-9_]+)`", remark.message.partition(" cannot ")[0]) if name in state.given]
            culprits = tuple(dict.fromkeys(found)) or tuple(state.given)
            return replace(state, stage=Stage.CONFLICT, decision=None, refusal=remark.message.rpartition("): ")[2], culprits=culprits)
        state = replace(state, decision=decision, decided=self.clock(), refusal="", culprits=())
        if not state.alarmed and self._alarming(state, decision):
            return replace(state, stage=Stage.ALARM, alarmed=True)
        return self._ask(state, decision)

    def _alarming(self, state: State, decision: Decision) -> bool:
        danger = any(state.given.get(name) is True for name in danger_signs(self.ruleset))
        return danger or decision.urgency.lowest == self.ruleset.urgency[-1]

    def _ask(self, state: State, decision: Decision) -> State:
        """The rest of a list that was begun; else the next screen; else the end."""
        rest = self._rest(state)
        if rest and any(name in state.given for name in state.asked):
            return replace(state, stage=Stage.LIST)
        questions = decision.next_questions()
        if not questions and state.further:
            questions = decision.optional_questions()
        if not questions:
            return replace(state, stage=Stage.DONE, asked=())
        group = questions[0].group
        screens = state.screens if state.screens[-1:] == (group,) else (*state.screens, group)
        listed = tuple(question.finding for question in questions if self._finding(question).kind == "yes_no")
        if listed:
            seen = tuple(question.finding for question in questions if question.if_seen)
            return replace(state, stage=Stage.LIST, asked=listed, if_seen=seen, screens=screens)
        return replace(state, stage=Stage.VALUE, asked=(questions[0].finding,), if_seen=(), screens=screens)

    def _finding(self, question: Question) -> Finding:
        return self.ruleset.findings[question.finding]

    def _rest(self, state: State) -> tuple[str, ...]:
        """The findings of the list that wait for an answer: without those that follow from the others, or are only said if seen."""
        return tuple(name for name in self._open(state) if name not in state.if_seen)

    def _open(self, state: State) -> tuple[str, ...]:
        """The findings of the list that may still be answered."""
        if all(name in state.given for name in state.asked):
            return ()
        box = reach(self.ruleset.asked(state.pathways), self.ruleset.reader.read(state.given)).box
        open_ = {name: box & self.ruleset.findings[name].mask for name in state.asked if name not in state.given}
        return tuple(name for name, bits in open_.items() if bits & (bits - 1))

    # -- what every stage understands --------------------------------------------------------------------------------

    def _back(self, state: State) -> Reply:
        return Reply(state, ("This is the first screen.",)) if state.before is None else Reply(state.before, ("One step back.",))

    def _quit(self, state: State) -> Reply:
        return Reply(state, leave="quit")

    def _new(self, state: State) -> Reply:
        return Reply(state, leave="new")

    def _page(self, state: State, page: str) -> Reply:
        if state.decision is None or untriaged(state.decision, self.ruleset):
            return Reply(state, ("Nothing is decided yet: danger signs first.",))
        return Reply(state, page=page)

    def _note(self, state: State) -> Reply:
        return self._page(state, "note")

    def _professionals(self, state: State) -> Reply:
        return self._page(state, "professional")

    def _why(self, state: State) -> Reply:
        return self._page(state, "why")

    # -- what each stage understands ---------------------------------------------------------------------------------

    def _complaint(self, state: State, words: str) -> Reply:
        names = tuple(self.ruleset.pathways)
        chosen = _numbers(words.replace(",", " ").split(), len(names))
        if not chosen:
            return Reply(state, (f"Type the number of the complaint, or several as `1 2` (1 to {len(names)}).",))
        picked = tuple(names[number - 1] for number in chosen)
        echo = tuple(self.ruleset.pathways[name].title for name in picked)
        return Reply(self._complaint_known(replace(state, echo=echo, before=state), picked))

    def _arrival(self, state: State, words: str) -> Reply:
        if words in ("?", "u"):
            return Reply(self._decide(replace(state, echo=("arrival not known: times count from the decision",), before=state)))
        try:
            arrived = clock_time(words, self.clock())
        except Unclear as error:
            return Reply(state, (f"Arrival: {error}; `?` if nobody knows.",))
        return Reply(self._decide(replace(state, arrived=arrived, echo=(f"arrived {hour(arrived, self.clock())}",), before=state)))

    def _list(self, state: State, words: str) -> Reply:
        """Numbers are present; `none` denies the rest, `?` and `u` say why the rest is not known, with numbers only those."""
        rest, open_ = self._rest(state), self._open(state)
        if rest == open_ and len(rest) == 1 and words in SINGLE and (words != "1" or len(state.asked) == 1):
            return Reply(self._given(state, {rest[0]: SINGLE[words]}))
        parsed = _parsed(words, state.asked, open_, rest, all_=self.ruleset.findings[state.asked[0]].worse != "yes")
        if isinstance(parsed, str):
            return Reply(state, (parsed,))
        return Reply(self._given(state, parsed))

    def _value(self, state: State, words: str) -> Reply:
        name = state.asked[0]
        finding = self.ruleset.findings[name]
        if words in ("?", "u"):
            return Reply(self._given(state, {name: {"unknown": UNKNOWN if words == "?" else UNABLE}}))
        if finding.kind == "choice":
            value = _choice(finding, words)
            if value is None:
                return Reply(state, (f"Type one number from 1 to {len(finding.values)}, `?` or `u`.",))
            return Reply(self._given(state, {name: value}))
        try:
            return Reply(self._given(state, {name: read(finding, words)}))
        except Unclear as error:
            return Reply(state, (f"{error}",))

    def _alarm(self, state: State, words: str) -> Reply:
        if words != "c" or state.decision is None:
            return self._keys(state, words, f"`{words}` is not understood here.")
        return Reply(self._ask(replace(state, echo=(), before=state), state.decision))

    def _conflict(self, state: State, words: str) -> Reply:
        chosen = _numbers([words], len(state.culprits))
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
            state = replace(state, asked=(name,), if_seen=())
        state = self._decide(state)
        if state.stage in (Stage.CONFLICT, Stage.ALARM) or name not in self._open(replace(state, asked=(name,))):
            return state
        if self.ruleset.findings[name].kind != "yes_no":
            return replace(state, stage=Stage.VALUE, asked=(name,))
        return replace(state, stage=Stage.LIST, asked=state.asked if name in state.asked else (name,))

    def _done(self, state: State, words: str) -> Reply:
        if words != "c" or state.decision is None or state.further or not state.decision.optional_questions():
            return self._keys(state, words, "Nothing more is asked.")
        return Reply(self._ask(replace(state, further=True, echo=(), before=state), state.decision))

    def _keys(self, state: State, words: str, hint: str) -> Reply:
        return self._note(state) if words == "n" else Reply(state, (hint,))

    # -- what each stage shows ---------------------------------------------------------------------------------------

    def _complaint_screen(self, state: State) -> Screen:
        options = tuple(Option(n, pathway.title, pathway.complaint) for n, pathway in enumerate(self.ruleset.pathways.values(), 1))
        return Screen("What does the patient come with? (several: `1 2`)", options, "number")

    def _arrival_screen(self, state: State) -> Screen:
        return Screen("When did the patient arrive?", (), "HH:MM, `now`, or `?`", self._first_aid(state))

    def _list_screen(self, state: State) -> Screen:
        rest, open_, findings = self._rest(state), self._open(state), self.ruleset.findings
        first = findings[state.asked[0]]
        options = tuple(
            Option(n, findings[name].ask, findings[name].means, _answered(state, findings[name], open_))
            for n, name in enumerate(state.asked, 1)
        )
        title = self.ruleset.groups[first.group]
        begun = any(name in state.given for name in state.asked)
        if rest == open_ and len(rest) == 1:
            prompt = "`y`, `n`, `?` not known, `u` cannot be assessed"
            title = "And the last one?" if begun else title
        elif first.worse == "yes":
            prompt = "numbers of those present; `none` = each is absent; `?` not known, `u` cannot be assessed"
            if begun:
                title = "And none of the others? Type `none` to confirm that each is absent, or more numbers."
        else:
            prompt = "numbers of those that are true; `all`; `none` = none of these is true; `?` not known, `u` cannot be assessed"
            if begun:
                title = "And the others? `none` = none of the others is true, `all` = all of them are."
        return Screen(title, options, prompt, self._first_aid(state) if not state.given else (), self._whys(state))

    def _value_screen(self, state: State) -> Screen:
        finding = self.ruleset.findings[state.asked[0]]
        group = self.ruleset.groups[finding.group]
        if finding.kind == "choice":
            options = tuple(Option(n, label) for n, label in enumerate(finding.values.values(), 1))
            return Screen(
                f"{group} - {finding.ask} ({finding.means})",
                options,
                "one number, `?` not known, `u` cannot be assessed",
                why=self._whys(state),
            )
        first_aid_ = self._first_aid(state) if not state.given else ()
        return Screen(
            f"{group} - {finding.ask} ({finding.means})", (), f"for example {example(finding)}; `?` not known, `u` cannot be assessed",
            first_aid_, self._whys(state),
        )  # fmt: skip

    def _alarm_screen(self, state: State) -> Screen:
        return Screen("The rest is optional.", (), "`c` to go on, `n` note for the phone, `b` back, `q` to finish")

    def _conflict_screen(self, state: State) -> Screen:
        findings = self.ruleset.findings
        options = tuple(Option(n, f"change: {say(findings[name], state.given[name])}") for n, name in enumerate(state.culprits, 1))
        both = " and ".join(f"'{say(findings[name], state.given[name])}'" for name in state.culprits)
        title = f"Nothing decided: {both} cannot be true together: {state.refusal}. Treat as the more serious until corrected."
        return Screen(title, options, "the number of the one to change, or `b`")

    def _done_screen(self, state: State) -> Screen:
        more = not state.further and state.decision is not None and bool(state.decision.optional_questions())
        further = "`c` asks what could still change actions or advice; " if more else ""
        return Screen("", (), f"{further}`n` note for the phone, `p` for professionals, `w` why, `b` back, `new` patient, `q` leaves")

    def _first_aid(self, state: State) -> tuple[str, ...]:
        return tuple(self.ruleset.items[item].text for item in first_aid(self.ruleset, state.pathways))

    def _whys(self, state: State) -> tuple[str, ...]:
        """Why this screen is asked; nothing before triage, when every screen is the same."""
        if state.decision is None or untriaged(state.decision, self.ruleset):
            return ()
        hidden = discreet_titles(self.ruleset)
        whys = (question.why for question in state.decision.next_questions() if question.finding in state.asked)
        return tuple(dict.fromkeys(why for why in whys if not any(title in why for title in hidden)))


# -- words -----------------------------------------------------------------------------------------------------------

NOT_UNDERSTOOD = "That key means nothing here, and never no."
SINGLE = {"y": True, "yes": True, "1": True, "n": False, "no": False, "none": False}
ABSENCES = {"?": UNKNOWN, "u": UNABLE}


def _numbers(words: list[str], top: int) -> list[int]:
    """Numbers from 1 to `top`, each once; empty unless every word is one."""
    found = [int(word) if word.isascii() and word.isdigit() and len(word) < 4 else 0 for word in words]
    return list(dict.fromkeys(found)) if found and all(1 <= number <= top for number in found) else []


def _parsed(words: str, listed: tuple[str, ...], open_: tuple[str, ...], rest: tuple[str, ...], all_: bool) -> dict[str, Any] | str:
    """The answers of one line: `2 4`, `none`, `2 4 none`, `?`, `? 3`, `2 u 5`; or what to say back.

    Numbers choose among what is open; a word without numbers is said of the rest.
    """
    answers: dict[str, Any] = {}
    mode: Any = True
    fresh = False  # whether `?` or `u` still waits for its numbers
    for word in words.replace(",", " ").replace("?", " ? ").split():
        if word in ABSENCES and not fresh:
            mode, fresh = {"unknown": ABSENCES[word]}, True
        elif (word == "none" or (word == "all" and all_)) and not fresh:
            mode, fresh = word == "all", True
        elif (number := _numbers([word], len(listed))) and not (fresh and isinstance(mode, bool)):
            name = listed[number[0] - 1]
            if name not in open_ or name in answers:
                return f"{number[0]} has its answer already; `b` goes back."
            answers[name], fresh = mode, False
        else:
            return f"`{word}` is not understood: numbers from 1 to {len(listed)}, {'`all`, ' if all_ else ''}`none` in full, `?` or `u`."
    if fresh:
        answers |= {name: mode for name in rest if name not in answers}
    return answers or "Nothing is left to answer here."


def _choice(finding: Finding, words: str) -> str | None:
    values = list(finding.values)
    number = _numbers([words], len(values))
    if number:
        return values[number[0] - 1]
    named = [value for value, label in finding.values.items() if words in (value.casefold(), label.casefold())]
    return named[0] if len(named) == 1 else None


def _answered(state: State, finding: Finding, open_: tuple[str, ...]) -> str:
    if finding.id in open_:
        return "if seen" if finding.id in state.if_seen else ""
    return say(finding, state.given[finding.id]).partition(":")[0] if finding.id in state.given else "follows"


GENERAL: Mapping[str, Callable[[Interview, State], Reply]] = {
    "b": Interview._back, "back": Interview._back, "q": Interview._quit, "quit": Interview._quit, "new": Interview._new,
    "note": Interview._note, "p": Interview._professionals, "w": Interview._why,
}  # fmt: skip
ANSWERS: Mapping[Stage, Callable[[Interview, State, str], Reply]] = {
    Stage.COMPLAINT: Interview._complaint, Stage.ARRIVAL: Interview._arrival, Stage.LIST: Interview._list, Stage.VALUE: Interview._value,
    Stage.ALARM: Interview._alarm, Stage.CONFLICT: Interview._conflict, Stage.DONE: Interview._done,
}  # fmt: skip
SCREENS: Mapping[Stage, Callable[[Interview, State], Screen]] = {
    Stage.COMPLAINT: Interview._complaint_screen, Stage.ARRIVAL: Interview._arrival_screen, Stage.LIST: Interview._list_screen,
    Stage.VALUE: Interview._value_screen, Stage.ALARM: Interview._alarm_screen, Stage.CONFLICT: Interview._conflict_screen,
    Stage.DONE: Interview._done_screen,
}  # fmt: skip
