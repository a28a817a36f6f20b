"""The interview on a terminal: prints the screens, reads the lines, and keeps nothing of the last patient."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import datetime, timedelta

from pathways.cli.terminal import Idle, Keyboard, say, wipe
from pathways.decision import Decision, Status
from pathways.interview import Interview, Option, Reply, Screen, Stage, State
from pathways.reports.decision import action_page, at_once, in_short, page
from pathways.reports.lines import BLANK, Line, heading
from pathways.reports.note import note, professional
from pathways.reports.reasons import reasons
from pathways.reports.standing import standing, untriaged
from pathways.reports.when import When
from pathways.ruleset import RuleSet
from pathways.spoken import hour

__all__ = ["hold", "screen_lines", "shown_again"]

COULD_NOT_RUN, NOT_COVERED, INTERRUPTED = 2, 3, 130
STOPPED = "stopped: nothing decided"
PAGES = {Stage.ALARM: action_page, Stage.DONE: page}
STALE = timedelta(hours=1)
WHYS = 3  # reasons that a question shows; `w` shows every rule


def hold(ruleset: RuleSet, names: tuple[str, ...], arrived: datetime | None, keyboard: Keyboard, clock: Callable[[], datetime]) -> int:
    """Ask one patient after another until somebody leaves; the exit status of the last."""
    gc.enable()
    interview = Interview(ruleset, clock)
    state = interview.start(names, arrived)
    shown: State | None = None
    while True:
        if state is not shown:
            say(screen_lines(interview, state))
            shown = state
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
            say([Line(text, "! ", "warning") for text in reply.said])
        state = reply.state


def _wiped(interview: Interview, keyboard: Keyboard, said: str) -> State:
    """Nothing of the last patient is left: not on the screen, not typed ahead, not in the state."""
    keyboard.forget()
    wipe()
    say([heading(said)])
    return interview.start()


def prompt_of(state: State) -> str:
    """What may always be typed."""
    return "b, n, p, w, new, q" if state.stage in PAGES else "b back, q quit"


def screen_lines(interview: Interview, state: State) -> list[Line]:
    """The screen of a state: what was recorded, where it stands, first aid, the question."""
    screen = interview.screen(state)
    lines = [BLANK, *([Line("; ".join(state.echo), "Recorded: ", "dim")] if state.echo else [])]
    if state.stage is not Stage.CONFLICT and (decided := _decided(state)) is not None:
        decision, when = decided
        if state.stage in PAGES:
            lines += [*PAGES[state.stage](decision, interview.ruleset, when), BLANK, *in_short(decision, interview.ruleset)]
        else:
            lines += standing(decision, interview.ruleset)
            if interview.risen(state):
                lines += [BLANK, *at_once(decision, interview.ruleset, when)]
    lines += [Line(text, "Do at once: ", "heading") for text in screen.first_aid]
    return [*lines, BLANK, *_question(screen)]


def _question(screen: Screen) -> list[Line]:
    lines = [heading(screen.title)] if screen.title else []
    width = len(str(len(screen.options)))
    for option in screen.options:
        done = f"[{option.answer}] " if option.answer else ""
        lines.append(Line(done + _worded(option), f"  {option.number:{width}}  "))
    if screen.why:
        first, *others = screen.why[:WHYS]
        said = "; ".join([first, *(why.removeprefix("not excluded: ") for why in others)])
        more = f"; and {len(screen.why) - WHYS} more" if len(screen.why) > WHYS else ""
        lines.append(Line(f"asked because {said}{more}", "  ", "dim"))
    return [*lines, Line(screen.prompt, "  type ", "dim")] if screen.prompt else lines


def _worded(option: Option) -> str:
    """The wording and what it means, without saying the same twice."""
    ask, means = ("".join(filter(str.isalnum, text.casefold())) for text in (option.text, option.means))
    if means.startswith(ask) and len(means) > len(ask):
        return option.means
    return option.text if means in ask else f"{option.text} - {option.means}"


def shown_again(interview: Interview, reply: Reply) -> list[Line]:
    """What an answer that changed nothing shows: why, or the page that it asked for; then the question once more."""
    lines = [Line(text, "! ", "warning") for text in reply.said]
    decided = _decided(reply.state)
    if reply.page and decided is not None:
        decision, when = decided
        if interview.clock() - when.decided > STALE:
            lines.append(Line(f"Decided {hour(when.decided, when.decided)}, over an hour ago: decide again.", "! ", "warning"))
        lines += [BLANK, *_page(interview.ruleset, reply, decision, when)]
    return [*lines, BLANK, *_question(interview.screen(reply.state))]


def _page(ruleset: RuleSet, reply: Reply, decision: Decision, when: When) -> list[Line]:
    if reply.page == "note":
        return note(decision, ruleset, when, reply.state.times, reply.state.first_aid_at)
    if reply.page == "professional":
        return professional(decision, ruleset, when) or [Line("Nothing here is for professionals only.")]
    return reasons(decision, ruleset)


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
        say([BLANK, *page(decision, ruleset, when)])
    if untriaged(decision, ruleset):
        say([Line(STOPPED)], err=True)
        return COULD_NOT_RUN
    return NOT_COVERED if decision.status is Status.NOT_COVERED else 0
