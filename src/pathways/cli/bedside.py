"""The interview on a terminal: prints the screens, reads the lines, and keeps nothing of the last patient."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import datetime, timedelta
from shutil import get_terminal_size

from pathways.cli.terminal import Idle, Keyboard, say, wipe
from pathways.decision import Decision, Status
from pathways.interview import Interview, Reply
from pathways.interview.screens import Screen
from pathways.interview.states import Stage, State, sheets
from pathways.reports.decision import left, short_page
from pathways.reports.lines import BLANK, Line, brief, heading, height
from pathways.reports.note import note, professional
from pathways.reports.reasons import NEAREST, reasons
from pathways.reports.standing import head, standing, untriaged
from pathways.reports.when import When
from pathways.ruleset import RuleSet
from pathways.spoken import hour

__all__ = ["fitted", "hold", "screen_lines", "shown_again"]

COULD_NOT_RUN, NOT_COVERED, INTERRUPTED = 2, 3, 130
STOPPED = "stopped: nothing decided"
PAGES = (Stage.ALARM, Stage.DONE)  # what is decided fills the screen
STALE = timedelta(hours=1)
LEAST_ROWS = 24  # a lower terminal scrolls
ROOM = 110  # characters of what was recorded that are repeated; the note and the record have all of it


def hold(ruleset: RuleSet, names: tuple[str, ...], arrived: datetime | None, keyboard: Keyboard, clock: Callable[[], datetime]) -> int:
    """Ask one patient after another until somebody leaves; the exit status of the last."""
    gc.enable()
    interview = Interview(ruleset, clock, max(LEAST_ROWS, get_terminal_size().lines))
    state = interview.start(names, arrived)
    shown: State | None = None
    said: tuple[str, ...] = ()
    while True:
        if state is not shown:
            say(fitted([*(Line(text, "! ", "warning") for text in said), *screen_lines(interview, state)], state.rows))
            shown, said = state, ()
        try:
            reply = interview.answer(state, keyboard.line(prompt_of(state)))
        except (EOFError, KeyboardInterrupt) as stop:
            if isinstance(stop, EOFError) and state.stage is Stage.DONE:
                return _leave(ruleset, state)
            say([BLANK, Line(STOPPED)], err=True)
            return COULD_NOT_RUN if isinstance(stop, EOFError) else INTERRUPTED
        except Idle:
            state = _wiped(interview, keyboard, "Nobody typed for a while: this patient was wiped. Start again.")
            continue
        if reply.leave == "quit":
            return _leave(ruleset, state)
        if reply.leave == "new":
            state = _wiped(interview, keyboard, "NEW PATIENT. Nothing of the last one is kept.")
            continue
        if reply.state is state:
            say(shown_again(interview, reply))
        else:
            said = reply.said
        state = reply.state


def _wiped(interview: Interview, keyboard: Keyboard, said: str) -> State:
    """Nothing of the last patient is left: not on the screen, not typed ahead, not in the state."""
    keyboard.forget()
    wipe()
    say([heading(said)])
    return interview.start()


def fitted(lines: list[Line], rows: int) -> list[Line]:
    """The lines, without the empty ones where the first would scroll away."""
    return lines if height(lines) < rows else [line for line in lines if line != BLANK]


def prompt_of(state: State) -> str:
    """What may always be typed."""
    return "b back, a actions, note, p for professionals, w why, new, q quit" if state.stage in PAGES else "b back, a actions, note, q quit"


def screen_lines(interview: Interview, state: State) -> list[Line]:
    """The screen of a state: what was recorded, where it stands, first aid, the question; shorter where that would scroll."""
    screen = interview.screen(state)
    if state.stage in PAGES:
        page = [*sheets(interview.ruleset, state)[state.sheet], *_question(screen)]
        whole = [BLANK, *_recorded_first(state), *page]
        return whole if height(whole) < state.rows else page
    between: list[Line] = []
    decided = _decided(state)
    if decided is None or state.before is None or not state.given:
        between.append(head(interview.ruleset, state.pathways))
    if decided is not None and state.stage is not Stage.CONFLICT:
        between += standing(decided[0], interview.ruleset)
    between += [*(Line(text, "Do at once: ", "heading") for text in screen.first_aid), BLANK]
    lines = [BLANK, *_recorded(state), *between, *_question(screen)]
    if height(lines) >= state.rows:
        lines = [BLANK, *_recorded_first(state), *between, *_question(screen)]
    return lines if height(lines) < state.rows else [*_recorded_first(state), *between, *_question(screen._replace(why=()))]


def _recorded(state: State) -> list[Line]:
    """What the last answer recorded, shortly: alike answers together, as many as there is room for."""
    said: dict[str, list[str]] = {}
    for text in state.echo:
        answer, colon, asked = text.partition(": ")
        said.setdefault(answer if colon else "", []).append(brief(asked) if colon else text)
    parts: list[str] = []
    for answer, texts in said.items():
        shown = texts[:1]
        while len(shown) < len(texts) and sum(map(len, [*parts, *shown, texts[len(shown)]])) < ROOM:
            shown.append(texts[len(shown)])
        shown += [f"and {len(texts) - len(shown)} more"] if len(shown) < len(texts) else []
        parts.append((f"{answer}: " if answer else "") + "; ".join(shown))
    return [Line("; ".join(parts), "Recorded: ", "dim")] if parts else []


def _recorded_first(state: State) -> list[Line]:
    """The first of what was recorded, where the screen has no room for more."""
    more = f"; and {len(state.echo) - 1} more" if len(state.echo) > 1 else ""
    return [Line(f"{brief(state.echo[0])}{more}", "Recorded: ", "dim")] if state.echo else []


def _question(screen: Screen) -> list[Line]:
    lines = [heading(screen.title)] if screen.title else []
    width = len(str(screen.options[-1].number)) if screen.options else 1
    for option in screen.options:
        done = f"[{option.answer}] " if option.answer else ""
        lines.append(Line(done + option.text, f"  {option.number:{width}}  "))
    if screen.why:
        more = f"; and {len(screen.why) - 1} more" if len(screen.why) > 1 else ""
        lines.append(Line(f"asked because {screen.why[0]}{more}", "  ", "dim"))
    return [*lines, Line(screen.prompt, "  type ", "dim")] if screen.prompt else lines


def shown_again(interview: Interview, reply: Reply) -> list[Line]:
    """What an answer that changed nothing shows: why, and the question once more; or the page that it asked for, alone."""
    lines = [Line(text, "! ", "warning") for text in reply.said]
    decided = _decided(reply.state)
    if not reply.page or decided is None:
        return [*lines, BLANK, *_question(interview.screen(reply.state))]
    decision, when = decided
    if interview.clock() - when.decided > STALE:
        lines.append(Line(f"Decided {hour(when.decided, when.decided)}, over an hour ago: decide again.", "! ", "warning"))
    return [*lines, BLANK, *_page(interview.ruleset, reply, decision, when), Line("Enter shows the question again.", "  ", "dim")]


def _page(ruleset: RuleSet, reply: Reply, decision: Decision, when: When) -> list[Line]:
    if reply.page == "note":
        return note(decision, ruleset, when, reply.state.times, reply.state.first_aid_at)
    if reply.page == "professional":
        return professional(decision, ruleset, when)
    return short_page(decision, ruleset, when) if reply.page == "actions" else reasons(decision, ruleset, most=NEAREST)


def _decided(state: State) -> tuple[Decision, When] | None:
    return None if state.decision is None or state.decided is None else (state.decision, When(state.decided, state.arrived))


def _leave(ruleset: RuleSet, state: State) -> int:
    """The bounded answer so far; nothing that looks like one before the danger signs are answered."""
    decided = _decided(state)
    if decided is None or state.stage is Stage.CONFLICT:
        say([BLANK, Line(STOPPED)], err=True)
        return COULD_NOT_RUN
    decision, when = decided
    if state.stage is not Stage.DONE:
        say([BLANK, *left(decision, ruleset, when)])
    if untriaged(decision, ruleset):
        say([Line(STOPPED)], err=True)
        return COULD_NOT_RUN
    return NOT_COVERED if decision.status is Status.NOT_COVERED else 0
