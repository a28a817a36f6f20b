"""The interview through a real pseudo-terminal."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bedside import write_rules

pexpect = pytest.importorskip("pexpect")

LEVELS = ("URGENT", "IMMEDIATE", "WITHIN 1 HOUR", "DISCUSS SAME DAY")
Start = Callable[..., "Terminal"]


class Terminal:
    """A terminal of 80 columns with `pathways triage` in it; every answer waits for its prompt."""

    def __init__(self, rules: Path, *words: str, **env: str) -> None:
        here = {key: value for key, value in os.environ.items() if key.startswith(("PATH", "PYTHON", "COVERAGE"))}
        command = ["-m", "pathways", "triage", *words, "--rules", str(rules)]
        self.process = pexpect.spawn(
            sys.executable, command, env={**here, "TERM": "xterm-256color", **env}, encoding="utf-8", dimensions=(40, 80), timeout=30
        )
        self.process.delaybeforesend = None  # every answer waits for its prompt anyway

    def screen(self) -> str:
        """What was printed up to the next prompt, as one line of words."""
        self.process.expect(r"(b back, q quit|b, n, p, w, new, q) > ")
        return " ".join(str(self.process.before).split())

    def type(self, *words: str) -> str:
        """The screen after these words."""
        for word in words:
            self.process.sendline(word)
            screen = self.screen()
        return screen

    def end(self) -> tuple[str, int]:
        self.process.expect(pexpect.EOF)
        self.process.close()
        return " ".join(str(self.process.before).split()), self.process.exitstatus


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rules(tmp_path_factory.mktemp("rules") / "bedside")


@pytest.fixture
def start(rules: Path) -> Iterator[Start]:
    opened: list[Terminal] = []

    def _start(*words: str, **env: str) -> Terminal:
        opened.append(Terminal(rules, *words, **{"NO_COLOR": "1", **env}))
        return opened[-1]

    yield _start
    for terminal in opened:
        terminal.process.close(force=True)


def test_a_wrong_answer_is_taken_back_and_the_well_patient_goes_home(start: Start) -> None:
    terminal = start()
    assert "What does the patient come with?" in terminal.screen()
    assert "Do at once: Pinch and lean forward." in terminal.type("2")
    assert "NOT YET TRIAGED: danger signs first" in terminal.type("now")
    assert "Act as IMMEDIATE" in terminal.type("2")
    assert "One step back. Recorded: arrived" in terminal.type("b")
    assert "no: airway at risk; no: looks shocked" in terminal.type("none")
    terminal.type("none")
    text = terminal.type("2", "n", "none")
    assert "Certain: NONE" in text
    assert "No follow-up needed." in text
    assert "! Draft. No clinician" in text
    terminal.process.send("\x04")  # the answer stands on the screen: leaving takes nothing back
    assert terminal.end() == ("", 0)


def test_enter_space_and_escape_repeat_the_question(start: Start) -> None:
    terminal = start("nose", "--arrived", "now")
    terminal.screen()
    for key in ("", " ", "\x1b", "\x1b[A", "\t"):
        text = terminal.type(key)
        assert "never no" in text
        assert "Any of these danger signs?" in text
        assert not any(level in text for level in LEVELS)


def test_q_leaves_with_the_bounded_answer_so_far(start: Start) -> None:
    terminal = start("nose", "--arrived", "now")
    terminal.screen()
    terminal.type("none", "1")
    terminal.process.sendline("q")
    text, status = terminal.end()
    assert status == 0
    assert "Certain so far: URGENT Not excluded: WITHIN 1 HOUR" in text
    assert "Still open - " in text


def test_q_before_the_danger_signs_decides_nothing(start: Start) -> None:
    terminal = start("nose", "--arrived", "now")
    terminal.screen()
    terminal.process.sendline("q")
    text, status = terminal.end()
    assert status == 2
    assert text.endswith("stopped: nothing decided")
    assert not any(level in text for level in LEVELS)


@pytest.mark.parametrize("answers", [(), ("2",), ("2", "now"), ("2", "now", "none"), ("2", "now", "none", "1")])
def test_an_interrupt_at_any_prompt_prints_nothing_as_final(start: Start, answers: tuple[str, ...]) -> None:
    for key, expected in (("\x03", 130), ("\x04", 2)):
        terminal = start()
        terminal.screen()
        if answers:
            terminal.type(*answers)
        terminal.process.send(key)
        text, status = terminal.end()
        assert status == expected
        assert text.removeprefix("^C").strip() == "stopped: nothing decided"


def test_a_danger_sign_opens_the_action_page_and_the_note(start: Start) -> None:
    terminal = start("nose", "--arrived", "now")
    terminal.screen()
    page = terminal.type("1")
    assert "CALL NOW: resuscitation team, via switchboard" in page
    assert "The rest is optional." in page
    assert "1. age not known; a blow to the nose. IMMEDIATE." in terminal.type("n")
    assert "Any of these danger signs?" not in terminal.type("w")
    assert "And the last one? 1 [yes] airway at risk" in terminal.type("c")


def test_a_new_patient_starts_empty(start: Start) -> None:
    terminal = start("nose", "--arrived", "now")
    terminal.screen()
    terminal.type("none", "1")
    text = terminal.type("new")
    assert "\x1b[2J\x1b[3J\x1b[H" in text
    assert "NEW PATIENT. Nothing of the last one is kept." in text
    assert "What does the patient come with?" in text
    assert "This is the first screen." in terminal.type("b")


def test_a_terminal_that_is_left_alone_is_blanked(start: Start) -> None:
    terminal = start("nose", "--arrived", "now", PATHWAYS_IDLE_SECONDS="0.3")
    text = terminal.screen()
    while "Nobody typed for a while" not in text:
        text = terminal.screen()
    assert "\x1b[2J\x1b[3J\x1b[H" in text
    assert "Start again." in text
    assert "What does the patient come with?" in text


def test_colour_stands_only_beside_words(start: Start) -> None:
    coloured, plain = start("nose", "--arrived", "now", NO_COLOR=""), start("nose", "--arrived", "now")
    with_colour, without = coloured.screen(), plain.screen()
    assert "\x1b[" in with_colour
    assert "\x1b[" not in without
    assert " ".join(re.sub(r"\x1b\[[0-9;]*m", "", with_colour).split()) == without


def test_nothing_is_wider_than_the_terminal(start: Start) -> None:
    terminal = start("nose", "--arrived", "now")
    terminal.screen()
    for word in ("1", "n", "c"):
        terminal.process.sendline(word)
        terminal.process.expect(r"(b back, q quit|b, n, p, w, new, q) > ")
        assert max(map(len, str(terminal.process.before).split("\r\n"))) <= 80
