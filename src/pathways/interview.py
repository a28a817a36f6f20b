"""The bedside dialogue without a screen: a state, and what one typed answer makes of it.

States are frozen and keep the state before, so that "back" undoes exactly. Only words with one meaning change anything:
what is not understood (Enter, a space, Esc) gives the same state again, and never means "no". Reads no clock of its own, no
keyboard, and shows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from pathways.decision import Decision, Question
from pathways.evaluation import reach
from pathways.findings import Finding
from pathways.presentations import absence
from pathways.remarks import InvalidPresentation
from pathways.reports.decision import first_aid, pages
from pathways.reports.discreet import discreet_titles
from pathways.reports.lines import Line, brief, height
from pathways.reports.rules import titled
from pathways.reports.standing import danger_signs, level, untriaged
from pathways.reports.when import When
from pathways.ruleset import RuleSet
from pathways.spoken import Unclear, ago, clock_time, example, hour, read, say

__all__ = ["Interview", "Option", "Reply", "Screen", "Stage", "State", "worded"]

UNKNOWN, UNABLE = "asked-unknown", "unable-to-assess"
NOTHING: Mapping[str, Any] = MappingProxyType({})
LISTED = 8  # options of a list that are shown at once
ROWS = 10  # rows that they may take, so that nothing scrolls off a terminal of 24
LONG_AGO = timedelta(hours=6)  # an arrival that is further back is asked again: 04:40 typed at 02:40 is 22 hours ago
VITALS = ("/min", "s", "mm[Hg]")  # pulse, refill, pressure


class Stage(StrEnum):
    """What the screen asks."""

    COMPLAINT = "complaint"
    ARRIVAL = "arrival"
    LIST = "list"  # yes/no findings of one group
    GATE = "gate"  # whether something could be examined, and what was seen there
    VALUE = "value"  # numbers and choices
    ALARM = "alarm"  # the action page; the rest is optional
    CONFLICT = "conflict"  # answers that no patient can have together: nothing is decided
    DONE = "done"


@dataclass(frozen=True, slots=True)
class State:
    """Everything about one patient so far. `asked` are the findings on the screen, `screens` the groups shown, in order.

    Those of `if_seen` are only said to be present, by who has seen it; whether it could be seen is asked later. A long list
    has pages: `sheet` is the one on the screen, `seen` how many were shown. `alarmed` is the highest alarm that was shown,
    `unsure` an arrival that is asked back, `again` whether danger signs that nobody could answer are asked once more.
    """

    stage: Stage
    pathways: tuple[str, ...] = ()
    arrived: datetime | None = None
    first_aid_at: datetime | None = None
    given: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    times: Mapping[str, datetime] = field(default_factory=lambda: NOTHING)
    asked: tuple[str, ...] = ()
    if_seen: tuple[str, ...] = ()
    sheet: int = 0
    seen: int = 1
    alarmed: int = -1
    unsure: datetime | None = None
    again: bool | None = None
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


@dataclass(frozen=True, slots=True)
class Interview:
    """A rule set and a clock, from which the dialogue with one patient after another is held."""

    ruleset: RuleSet
    clock: Callable[[], datetime]

    def start(self, pathways: Iterable[str] = (), arrived: datetime | None = None) -> State:
        """The first state; what is named is not asked. Raises InvalidPresentation for an unknown pathway."""
        names = tuple(pathways)
        unsure = arrived if arrived is not None and self.clock() - arrived > LONG_AGO else None
        state = State(Stage.COMPLAINT, arrived=None if unsure else arrived, unsure=unsure)
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
        return SCREENS[state.stage](self, state)

    def sheets(self, state: State) -> list[list[Line]]:
        """The pages of what is decided; none where nothing is."""
        if state.decision is None or state.decided is None:
            return []
        return pages(state.decision, self.ruleset, When(state.decided, state.arrived))

    # -- from one state to the next ----------------------------------------------------------------------------------

    def _complaint_known(self, state: State, names: tuple[str, ...]) -> State:
        shown = self.clock() if first_aid(self.ruleset, names) else None
        state = replace(state, pathways=names, first_aid_at=shown)
        return self._decide(state) if state.arrived is not None else replace(state, stage=Stage.ARRIVAL)

    def _given(self, state: State, answers: Mapping[str, Any]) -> State:
        """The state after these answers, echoed one by one; what a yes hides from view cannot be assessed, and is not denied."""
        now = self.clock()
        answers = {**answers, **self._hidden(state, answers)}
        echo = tuple(say(self.ruleset.findings[name], value) for name, value in answers.items())
        given = MappingProxyType({**state.given, **answers})
        times = MappingProxyType({**state.times, **dict.fromkeys(answers, now)})
        again = False if state.again else state.again
        return self._decide(replace(state, given=given, times=times, echo=echo, again=again, before=state))

    def _hidden(self, state: State, answers: Mapping[str, Any]) -> dict[str, Any]:
        """What cannot be looked for because of a yes among the answers: an eye that is swollen shut hides how it moves."""
        read = {name for pathway in state.pathways for name in self.ruleset.pathways[pathway].findings}
        hidden = [other for name, value in answers.items() if value is True for other in self.ruleset.findings[name].hides]
        return {name: {"unknown": UNABLE} for name in hidden if name in read and name not in state.given and answers.get(name) is not True}

    def _decide(self, state: State) -> State:
        try:
            decision = self.ruleset.decide(state.given, state.pathways)
        except InvalidPresentation as error:
            remark = error.remarks[0]
            culprits = tuple(name for name in remark.findings if name in state.given) or tuple(state.given)
            return replace(state, stage=Stage.CONFLICT, decision=None, refusal=remark.message.rpartition("): ")[2], culprits=culprits)
        state = replace(state, decision=decision, decided=self.clock(), refusal="", culprits=())
        alarm = self._alarm_of(state, decision)
        if alarm > state.alarmed:
            return replace(state, stage=Stage.ALARM, alarmed=alarm, sheet=0)
        return self._ask(state, decision)

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

    def _ask(self, state: State, decision: Decision) -> State:
        """The rest of a list that was begun; else the next screen; else the end."""
        rest = self.waiting(state)
        if rest and any(name in state.given for name in state.asked):
            return self._go_on(state, rest)
        questions = decision.next_questions()
        if not questions and state.further:
            questions = decision.optional_questions()
        if not questions:
            return self._ended(state)
        form = self._form(state) if len(state.screens) > 1 else ()
        if form and self._age_group() not in state.screens:
            return self._shown(state, Stage.VALUE, self._age_group(), form)
        group = questions[0].group
        listed = tuple(question.finding for question in questions if self._finding(question).kind == "yes_no")
        if not listed:
            return self._shown(state, Stage.VALUE, group, tuple(question.finding for question in questions))
        if len(listed) == 1 and (seen_there := self._seen_there(state, listed[0])):
            return self._shown(state, Stage.GATE, group, (*listed, *seen_there))
        if_seen = tuple(question.finding for question in questions if question.if_seen)
        groups, listed = self._joined(state, group, listed) if not if_seen else ((group,), listed)
        return self._shown(replace(state, if_seen=if_seen), Stage.LIST, group, listed, groups[1:])

    def _shown(self, state: State, stage: Stage, group: str, asked: tuple[str, ...], further: tuple[str, ...] = ()) -> State:
        if_seen = state.if_seen if stage is Stage.LIST else ()
        screens = state.screens if state.screens[-1:] == (group,) else (*state.screens, group)
        return replace(state, stage=stage, asked=asked, if_seen=if_seen, screens=(*screens, *further), sheet=0, seen=1)

    def _go_on(self, state: State, rest: tuple[str, ...]) -> State:
        """The same screen again, with what waits: the next page of a list, or the first that still has something open."""
        if self.ruleset.findings[state.asked[-1]].kind != "yes_no":
            return replace(state, stage=Stage.VALUE)
        sheets = self.chunks(state)
        if state.seen < len(sheets):
            return replace(state, stage=Stage.LIST, sheet=state.seen, seen=state.seen + 1)
        waiting = [n for n, chunk in enumerate(sheets) if set(chunk) & set(rest)]
        return replace(state, stage=Stage.LIST, sheet=waiting[0] if waiting else 0)

    def _ended(self, state: State) -> State:
        """The end; but danger signs that nobody knew are asked once more before it."""
        unknown = tuple(name for name in danger_signs(self.ruleset) if absence(state.given.get(name, False)) is not None)
        if unknown and state.again is None:
            group = self.ruleset.findings[unknown[0]].group
            return self._shown(replace(state, again=True, if_seen=()), Stage.LIST, group, unknown)
        return replace(state, stage=Stage.DONE, asked=(), sheet=0)

    def _age_group(self) -> str:
        """The group of the age: what is asked early of every patient, before any limit for age is used."""
        return next((finding.group for finding in self.ruleset.findings.values() if finding.unit == "a"), "")

    def _form(self, state: State) -> tuple[str, ...]:
        """Age first, then the choices and numbers of its group that the pathways read, then vital signs where they count."""
        findings, group = self.ruleset.findings, self._age_group()
        read = [name for pathway in state.pathways for name in self.ruleset.pathways[pathway].findings]
        values = [name for name in dict.fromkeys(read) if findings[name].group == group and findings[name].kind != "yes_no"]
        values.sort(key=lambda name: (findings[name].unit != "a", findings[name].kind != "choice"))
        vitals = [name for unit in VITALS for name, finding in findings.items() if finding.unit == unit and finding.kind == "number"]
        if any(name in read for name in vitals) or self._linked(state, vitals):
            values += vitals
        return self.choosable(replace(state, asked=tuple(dict.fromkeys(values))))

    def _linked(self, state: State, vitals: list[str]) -> bool:
        """Whether a constraint reads a vital sign together with an answer that is yes already."""
        space, findings = self.ruleset.space, self.ruleset.findings
        measured, present = 0, 0
        for name in vitals:
            measured |= space.masks[name]
        for name, value in state.given.items():
            present |= findings[name].cell(False) if value is True else 0
        return any(clause & measured and clause & present for clause in self.ruleset.clauses)

    def _seen_there(self, state: State, gate: str) -> tuple[str, ...]:
        """What an examination shows, if this asks for one: yes/no findings that wait for it alone."""
        findings = self.ruleset.findings
        if findings[gate].worse != "no":
            return ()
        read = {name for pathway in state.pathways for name in self.ruleset.pathways[pathway].findings}
        shown = [
            name for name, one in findings.items() if one.gates == (gate,) and one.kind == "yes_no" and one.worse == "yes" and name in read
        ]
        return self.choosable(replace(state, asked=tuple(shown)))

    def _joined(self, state: State, group: str, listed: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Short lists that would follow one another anyway are one screen; danger signs stand alone."""
        groups: tuple[str, ...] = (group,)
        while len(listed) < LISTED and len(state.screens) > 1 and not set(listed) & set(danger_signs(self.ruleset)):
            denied = {**state.given, **dict.fromkeys(listed, False)}
            try:
                questions = self.ruleset.decide(denied, state.pathways).next_questions()
            except InvalidPresentation:
                break
            more = tuple(question.finding for question in questions if self._finding(question).kind == "yes_no")
            worse = {self.ruleset.findings[name].worse for name in (*listed, *more)}
            follow = not more or worse != {"yes"} or any(question.if_seen for question in questions)
            if follow or len(listed) + len(more) > LISTED or questions[0].group in groups:
                break
            groups, listed = (*groups, questions[0].group), (*listed, *more)
        return groups, listed

    def _finding(self, question: Question) -> Finding:
        return self.ruleset.findings[question.finding]

    def waiting(self, state: State) -> tuple[str, ...]:
        """The findings on the screen that wait for an answer: without those that follow from the others, or are only said if seen."""
        return tuple(name for name in self.choosable(state) if name not in state.if_seen and (state.again or name not in state.given))

    def choosable(self, state: State) -> tuple[str, ...]:
        """The findings on the screen that may still be answered; what could not be assessed may be seen after all."""
        waiting = [name for name in state.asked if absence(state.given.get(name)) is not None]
        if not waiting:
            return ()
        box = reach(self.ruleset.asked(state.pathways), self.ruleset.reader.read(state.given)).box
        open_ = {name: box & self.ruleset.findings[name].mask for name in waiting}
        # A vital sign is asked also where an answer settles its cells: what is measured then contradicts that answer.
        return tuple(name for name, bits in open_.items() if bits & (bits - 1) or self.ruleset.findings[name].unit in VITALS)

    def chunks(self, state: State) -> list[tuple[str, ...]]:
        """The pages of a list: at most so many options, and rows, that none scrolls away before it is denied."""
        found: list[tuple[str, ...]] = [()]
        rows = 0
        for name in state.asked:
            more = height([Line(worded(self.ruleset.findings[name]), "      ")])
            if found[-1] and (len(found[-1]) == LISTED or rows + more > ROWS):
                found.append(())
                rows = 0
            found[-1] = (*found[-1], name)
            rows += more
        return found

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

    def _actions(self, state: State) -> Reply:
        return self._page(state, "actions")

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
        rest, open_, sheets = self.waiting(state), self.choosable(state), self.chunks(state)
        if words == "m" and len(sheets) > 1:
            at = (state.sheet + 1) % len(sheets)
            return Reply(replace(state, sheet=at, seen=max(state.seen, at + 1), echo=(), before=state))
        if rest == open_ and len(rest) == 1 and words in SINGLE and (words != "1" or len(state.asked) == 1):
            return Reply(self._given(state, {rest[0]: SINGLE[words]}))
        shown = tuple(name for sheet in sheets[: state.seen] for name in sheet)
        parsed = _parsed(words, shown, open_, rest, all_=self.ruleset.findings[state.asked[0]].worse != "yes")
        if isinstance(parsed, str):
            return Reply(state, (parsed,))
        if set(parsed) - set(shown):
            unseen = len(state.asked) - len(shown)
            said = f"Nothing recorded yet: {unseen} more {'stand' if unseen != 1 else 'stands'} here. `{words}` then speaks of all."
            return Reply(replace(state, sheet=state.seen, seen=state.seen + 1, echo=(), before=state), (said,))
        return Reply(self._given(state, parsed))

    def _gate(self, state: State, words: str) -> Reply:
        """`u` could not be examined; `none` and numbers say that it could, and what was seen."""
        gate, *seen_there = state.asked
        if words == "u":
            return Reply(self._given(state, {gate: False}))
        if words == "?":
            return Reply(self._given(state, {gate: {"unknown": UNKNOWN}}))
        parsed = _parsed(words, tuple(seen_there), tuple(seen_there), tuple(seen_there), all_=False)
        if isinstance(parsed, str) or any(absence(value) is not None for value in parsed.values()):
            return Reply(state, (parsed if isinstance(parsed, str) else "Numbers, `none`, `u` or `?`.",))
        return Reply(replace(self._given(replace(state, asked=tuple(seen_there)), {gate: True, **parsed}), before=state))

    def _value(self, state: State, words: str) -> Reply:
        """The answers of one line, with commas between them; a last `?` or `u` is said of all that follow."""
        fields = self.waiting(state)
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
                answers[name] = _choice(finding, part) if finding.kind == "choice" else read(finding, part)
            except Unclear as error:
                return Reply(state, (f"{brief(finding.ask)}: {error}" if len(fields) > 1 else f"{error}",))
        if parts[-1] in ABSENCES:
            answers |= {name: {"unknown": ABSENCES[parts[-1]]} for name in fields[len(parts) :]}
        return Reply(self._given(state, answers))

    def _alarm(self, state: State, words: str) -> Reply:
        if words == "c" and state.decision is not None:
            return Reply(self._ask(replace(state, echo=(), before=state), state.decision))
        return self._turned(state, words) or Reply(state, (f"`{words}` is not understood here.",))

    def _turned(self, state: State, words: str) -> Reply | None:
        """The next page of what is decided; after the last the first again."""
        if words != "m":
            return None
        count = len(self.sheets(state))
        if count == 1:
            return Reply(state, ("This is all.",))
        return Reply(replace(state, sheet=(state.sheet + 1) % count, echo=(), before=state))

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
            state = replace(state, asked=(name,), if_seen=(), sheet=0, seen=1)
        state = self._decide(state)
        if state.stage in (Stage.CONFLICT, Stage.ALARM) or name not in self.choosable(replace(state, asked=(name,))):
            return state
        if name in state.asked and len(state.asked) > 1:
            return self._go_on(state, (name,))
        stage = Stage.LIST if self.ruleset.findings[name].kind == "yes_no" else Stage.VALUE
        return replace(state, stage=stage, asked=(name,), sheet=0, seen=1)

    def _done(self, state: State, words: str) -> Reply:
        if words == "c" and state.decision is not None and not state.further and state.decision.optional_questions():
            return Reply(self._ask(replace(state, further=True, echo=(), before=state), state.decision))
        return self._turned(state, words) or Reply(state, ("Nothing more is asked.",))

    # -- what each stage shows ---------------------------------------------------------------------------------------

    def _complaint_screen(self, state: State) -> Screen:
        options = tuple(
            Option(n, f"{titled(self.ruleset, name)} - {pathway.complaint}")
            for n, (name, pathway) in enumerate(self.ruleset.pathways.items(), 1)
        )
        return Screen("What does the patient come with? (several: `1 2`)", options, "number")

    def _arrival_screen(self, state: State) -> Screen:
        if state.unsure is not None:
            title = f"Arrived {hour(state.unsure, self.clock())}, {ago(state.unsure, self.clock())}?"
            return Screen(title, (), f"{state.unsure:%H:%M} once more if so, else the right time, `now`, or `?`", self._first_aid(state))
        return Screen("When did the patient arrive?", (), "HH:MM, `now`, or `?`", self._first_aid(state))

    def _list_screen(self, state: State) -> Screen:
        rest, open_, findings = self.waiting(state), self.choosable(state), self.ruleset.findings
        sheets, first = self.chunks(state), findings[state.asked[0]]
        options = tuple(
            Option(n, worded(findings[name]), _answered(state, findings[name], open_))
            for n, name in enumerate(state.asked, 1)
            if name in sheets[state.sheet]
        )
        title = self._title(state)
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
        return Screen(title, options, prompt, self._first_aid(state) if not state.given else (), self._whys(state))

    def _title(self, state: State) -> str:
        """The heading of a list; of short lists on one screen all their subjects."""
        if state.again:
            return "Danger signs that were not known: any of these now?"
        titles = list(dict.fromkeys(self.ruleset.groups[self.ruleset.findings[name].group] for name in state.asked))
        if len(titles) == 1:
            return titles[0]
        subjects = [title.partition(":")[0] for title in titles if ":" in title] or [titles[0].rstrip("?")]
        return f"{'; '.join([subjects[0], *(one[:1].lower() + one[1:] for one in subjects[1:])])}: any of these?"

    def _gate_screen(self, state: State) -> Screen:
        gate, *seen_there = (self.ruleset.findings[name] for name in state.asked)
        options = tuple(Option(n, worded(finding)) for n, finding in enumerate(seen_there, 1))
        prompt = "numbers of those seen; `none` = it was examined, and none of these; `u` could not be examined; `?` not known"
        return Screen(f"Examined: {worded(gate)}. Any of these?", options, prompt, why=self._whys(state))

    def _value_screen(self, state: State) -> Screen:
        findings = [self.ruleset.findings[name] for name in self.waiting(state)]
        title, why = self.ruleset.groups[findings[0].group], self._whys(state)
        first_aid_ = self._first_aid(state) if not state.given else ()
        if len(findings) > 1:
            options = tuple(Option(n, f"{brief(one.ask)}{_choices(one) or ', as ' + example(one)}") for n, one in enumerate(findings, 1))
            prompt = "answers in this order, with commas between; `?` not known, `u` cannot be assessed; a last `?` for all the rest"
            return Screen(title, options, f"{prompt}. For example: {', '.join(map(_typed, findings))}", first_aid_, why)
        finding = findings[0]
        options = tuple(Option(n, label) for n, label in enumerate(finding.values.values(), 1))
        asked = "one number" if options else f"for example {example(finding)}"
        return Screen(f"{title} - {worded(finding)}", options, f"{asked}; `?` not known, `u` cannot be assessed", first_aid_, why)

    def _alarm_screen(self, state: State) -> Screen:
        return Screen("", (), f"`c` to go on, the rest is optional{self._pages_of(state)}")

    def _pages_of(self, state: State) -> str:
        count = len(self.sheets(state))
        return f"; `m` more (page {state.sheet + 1} of {count})" if count > 1 else ""

    def _conflict_screen(self, state: State) -> Screen:
        findings = self.ruleset.findings
        options = tuple(Option(n, f"change: {say(findings[name], state.given[name])}") for n, name in enumerate(state.culprits, 1))
        both = " and ".join(f"'{say(findings[name], state.given[name])}'" for name in state.culprits)
        title = f"Nothing decided: {both} cannot be true together: {state.refusal}. Treat as the more serious until corrected."
        return Screen(title, options, "the number of the one to change, or `b`")

    def _done_screen(self, state: State) -> Screen:
        more = not state.further and state.decision is not None and bool(state.decision.optional_questions())
        further = "`c` asks what could still change actions or advice" if more else "`new` for the next patient, `q` leaves"
        return Screen("", (), f"{further}{self._pages_of(state)}")

    def _first_aid(self, state: State) -> tuple[str, ...]:
        return tuple(self.ruleset.items[item].text for item in first_aid(self.ruleset, state.pathways))

    def _whys(self, state: State) -> tuple[str, ...]:
        """Why this screen is asked; nothing before triage, when every screen is the same."""
        if state.decision is None or untriaged(state.decision, self.ruleset):
            return ()
        hidden, levels = discreet_titles(self.ruleset), {str(urgency): urgency for urgency in self.ruleset.urgency}
        whys: dict[str, int] = {}
        for question in state.decision.next_questions():
            why, _, name = question.why.removesuffix(")").rpartition(" (")
            if question.finding in state.asked and not any(title in question.why for title in hidden):
                known = levels.get(name)
                whys[f"{why} ({level(known)})" if known else question.why] = known.rank if known else -1
        return tuple(sorted(whys, key=lambda why: -whys[why]))


# -- words -----------------------------------------------------------------------------------------------------------

NOT_UNDERSTOOD = "That key means nothing here, and never no."
SINGLE = {"y": True, "yes": True, "1": True, "n": False, "no": False, "none": False}
ABSENCES = {"?": UNKNOWN, "u": UNABLE}
FILLERS = frozenset({"a", "an", "the", "of", "or", "and", "is", "it", "in", "by", "to", "at", "any", "this", "that"})


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


def worded(finding: Finding) -> str:
    """The wording and what it means, without saying the same twice."""
    ask, means = (re.sub(r"[^a-z0-9 ]", "", text.casefold()) for text in (finding.ask, finding.means))
    if set(means.split()) <= set(ask.split()) | FILLERS:
        return finding.ask
    if means.startswith(ask):
        return finding.means
    return f"{finding.ask} ({finding.means})"


def _choices(finding: Finding) -> str:
    return ": " * bool(finding.values) + ", ".join(f"{n} {label}" for n, label in enumerate(finding.values.values(), 1))


def _typed(finding: Finding) -> str:
    """One answer as an example."""
    return re.split(", | or ", next(iter(finding.values.values()), example(finding)))[0]


def _choice(finding: Finding, words: str) -> str:
    """The value of a number or of words that fit one label only; raises Unclear."""
    values = list(finding.values)
    number = _numbers([words], len(values))
    if number:
        return values[number[0] - 1]
    exact = [value for value, label in finding.values.items() if words in (value.casefold(), label.casefold())]
    named = exact or [value for value, label in finding.values.items() if len(words) > 2 and words in label.casefold()]
    if len(named) != 1:
        raise Unclear(f"Type one number from 1 to {len(values)}, `?` or `u`.")
    return named[0]


def _answered(state: State, finding: Finding, open_: tuple[str, ...]) -> str:
    if finding.id in open_ and finding.id not in state.given:
        return "if seen" if finding.id in state.if_seen else ""
    return say(finding, state.given[finding.id]).partition(":")[0] if finding.id in state.given else "follows"


GENERAL: Mapping[str, Callable[[Interview, State], Reply]] = {
    "b": Interview._back, "back": Interview._back, "q": Interview._quit, "quit": Interview._quit, "new": Interview._new,
    "note": Interview._note, "p": Interview._professionals, "w": Interview._why, "a": Interview._actions,
}  # fmt: skip
ANSWERS: Mapping[Stage, Callable[[Interview, State, str], Reply]] = {
    Stage.COMPLAINT: Interview._complaint, Stage.ARRIVAL: Interview._arrival, Stage.LIST: Interview._list,
    Stage.GATE: Interview._gate, Stage.VALUE: Interview._value,
    Stage.ALARM: Interview._alarm, Stage.CONFLICT: Interview._conflict, Stage.DONE: Interview._done,
}  # fmt: skip
SCREENS: Mapping[Stage, Callable[[Interview, State], Screen]] = {
    Stage.COMPLAINT: Interview._complaint_screen, Stage.ARRIVAL: Interview._arrival_screen, Stage.LIST: Interview._list_screen,
    Stage.GATE: Interview._gate_screen, Stage.VALUE: Interview._value_screen, Stage.ALARM: Interview._alarm_screen,
    Stage.CONFLICT: Interview._conflict_screen, Stage.DONE: Interview._done_screen,
}  # fmt: skip
