"""The interview on a terminal: prints the screens, reads the lines, and keeps nothing of the last patient."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from pathways.cli.terminal import Idle, Keyboard, say, wipe
from pathways.decision import Status
from pathways.interview import Interview, Reply, Screen, Stage, State
from pathways.reports.decision import action_page, in_short, page
from pathways.reports.lines import BLANK, Line, heading
from pathways.reports.note import note, professional
from pathways.reports.reasons import reason_line
from pathways.reports.discreet import discreet_reason
from pathways.reports.standing import standing, untriaged
from pathways.reports.when import When
from pathways.ruleset import RuleSet

__all__ = ["hold", "screen_lines"]

COULD_NOT_RUN, NOT_COVERED = 2, 3
PAGES = {Stage.ALARM: action_page, Stage.DONE: page}
STALE = timedelta(hours=1)
WHYS = 3  # reasons that a question shows; `w` shows every rule


def hold(ruleset: RuleSet, names: tuple[str, ...], arrived: datetime | None, keyboard: Keyboard, clock: Callable[[], datetime]) -> int:
    """Ask one patient after another until somebody leaves; the exit status of the last."""
    interview = Interview(ruleset, clock)
    state = interview.start(names, arrived)
    shown: State | None = None
    while True:
        if state is not shown:
            say(screen_lines(interview, state))
            shown = state
        try:
            reply = interview.answer(state, keyboard.line(prompt_of(interview, state)))
        except EOFError:
            say([BLANK, Line("stopped: nothing decided")], err=True)
            return COULD_NOT_RUN
        except Idle:
            keyboard.forget()
            wipe()
            say([heading("Nobody typed for a while, so this patient was wiped. Start again.")])
            state = interview.start()
            continue
        if reply.leave == "quit":
            return _leave(ruleset, state)
        if reply.leave == "new":
            keyboard.forget()
            wipe()
            say([heading("NEW PATIENT. Nothing of the last one is kept.")])
            state = interview.start()
            continue
        _answer(interview, reply)
        state = reply.state


def prompt_of(interview: Interview, state: State) -> str:
    return "b back, q quit" if state.stage is not Stage.DONE else "b, n, p, w, new, q"


def screen_lines(interview: Interview, state: State) -> list[Line]:
    """The screen of a state: what was recorded, where it stands, first aid, the question."""
    screen = interview.screen(state)
    lines = [BLANK, *_echo(state)]
    if state.decision is not None and state.stage in PAGES:
        lines += [*PAGES[state.stage](state.decision, interview.ruleset, _when(state)), BLANK, *in_short(state.decision, interview.ruleset)]
    elif state.stage is Stage.CONFLICT:
        pass
    elif state.decision is not None:
        lines += standing(state.decision, interview.ruleset)
    lines += [Line(text, "Do at once: ", "heading") for text in screen.first_aid]
    return [*lines, BLANK, *_question(screen)]


def _echo(state: State) -> list[Line]:
    return [Line("; ".join(state.echo), "Recorded: ", "dim")] if state.echo else []


def _question(screen: Screen) -> list[Line]:
    lines = [heading(screen.title)] if screen.title else []
    width = max((len(f"{option.number}") for option in screen.options), default=1)
    for option in screen.options:
        done = f" [{option.answer}]" if option.answer else ""
        same = not option.means or option.means.casefold() == option.text.casefold()
        lines.append(Line(f"{option.text}{done}{'' if same else f' - {option.means}'}", f"  {option.number:{width}}  "))
    if screen.why:
        lines.append(Line("; ".join(screen.why[:WHYS]) + (f"; and {len(screen.why) - WHYS} more" if len(screen.why) > WHYS else ""), "  asked because ", "dim"))
    return [*lines, Line(screen.prompt, "  type ", "dim")] if screen.prompt else lines


def _answer(interview: Interview, reply: Reply) -> None:
    say([Line(text, "! ", "warning") for text in reply.said])
    if reply.page:
        say([BLANK, *_page(interview, reply.state, reply.page)])


def _page(interview: Interview, state: State, name: str) -> list[Line]:
    decision, ruleset, when = state.decision, interview.ruleset, _when(state)
    assert decision is not None  # the interview asks for a page only where something is decided
    old = interview.clock() - when.decided > STALE
    lines = [Line(f"Decided {when.decided:%H:%M}, over an hour ago: decide again.", "! ", "warning")] if old else []
    if name == "note":
        return [*lines, *note(decision, ruleset, when, state.times, state.first_aid_at), BLANK]
    if name == "professional":
        return [*lines, *(professional(decision, ruleset, when) or [Line("Nothing here is for professionals only.")]), BLANK]
    found = [reason for reason in decision.reasons if not discreet_reason(reason, ruleset)]
    for title, certainty in (("These rules hold", "certain"), ("These rules may hold", "possible")):
        lines += [heading(title), *(reason_line(reason) for reason in found if reason.certainty == certainty)]
    return [*lines, BLANK]


def _when(state: State) -> When:
    assert state.decided is not None  # relies on the caller: only where something is decided
    return When(state.decided, state.arrived)


def _leave(ruleset: RuleSet, state: State) -> int:
    """The bounded answer so far; nothing that looks like one before the danger signs are answered."""
    decision = state.decision
    if decision is None or state.decided is None:
        say([BLANK, Line("stopped: nothing decided")], err=True)
        return COULD_NOT_RUN
    if state.stage is not Stage.DONE:
        say([BLANK, *page(decision, ruleset, _when(state))])
    if untriaged(decision, ruleset):
        say([Line("stopped: nothing decided")], err=True)
        return COULD_NOT_RUN
    return NOT_COVERED if decision.status is Status.NOT_COVERED else 0

