"""The interview through a real pseudo-terminal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bedside import write_rules

pexpect = pytest.importorskip("pexpect")

PROMPT = r"(b back, a actions, note, q quit|b back, a actions, note, p for professionals, w why, new, q quit) > "
LEVELS = ("URGENT", "IMMEDIATE", "WITHIN 1 HOUR", "DISCUSS SAME DAY")
Start = Callable[..., "Terminal"]


class Terminal:
    """A terminal of 24 rows and 80 columns with `pathways triage` in it; every answer waits for its prompt."""

    def __init__(self, rules: Path | None, *words: str, **env: str) -> None:
        here = {key: value for key, value in os.environ.items() if key.startswith(("PATH", "PYTHON", "COVERAGE"))}
        command = ["-m", "pathways", "triage", *words, *(["--rules", str(rules)] if rules else [])]
        self.process = pexpect.spawn(
            sys.executable, command, env={**here, "TERM": "xterm-256color", **env}, encoding="utf-8", dimensions=(24, 80), timeout=30
        )
        self.process.delaybeforesend = None  # every answer waits for its prompt anyway
        self.rows: list[str] = []

    def screen(self) -> str:
        """What was printed up to the next prompt, as one line of words."""
        self.process.expect(PROMPT)
        self.rows = str(self.process.before).split("\r\n")
        return " ".join(str(self.process.before).split())

    def number(self, wording: str) -> str:
        """The number of an option on the screen, by its wording."""
        found = [match[1] for row in self.rows if (match := re.match(rf" +(\d+)  (?:\[.*\] )?{re.escape(wording)}", row))]
        assert len(found) == 1, (wording, self.rows)
        return str(found[0])

    def choose(self, *wordings: str, then: str = "") -> str:
        """The screen after the options of these wordings."""
        return self.type(" ".join([*map(self.number, wordings), *([then] if then else [])]))

    def deny(self) -> str:
        """The screen after `none`, which shows every page of a list before it is taken."""
        screen = self.type("none")
        while "Nothing recorded yet" in screen:
            screen = self.type("none")
        return screen

    def type(self, *words: str) -> str:
        """The screen after these words."""
        for word in words:
            self.process.sendline(word)
            screen = self.screen()
        return screen

    def deny_all(self) -> str:
        """The screen after `none` to every list that follows."""
        screen = self.deny()
        while "`none`" in screen:
            screen = self.deny()
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

    def _start(*words: str, shipped: bool = False, **env: str) -> Terminal:
        opened.append(Terminal(None if shipped else rules, *words, **{"NO_COLOR": "1", **env}))
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
    assert "no: airway at risk; looks shocked" in terminal.type("none")
    terminal.type("none", "4y, none")
    text = terminal.type("2", "n", "none")
    assert "Act as NONE" in text
    assert "No follow-up needed." in text
    assert "! DRAFT, not approved" in text
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
    assert "Do now 1. Pinch and lean forward." in text
    assert "Still open - " in text
    assert "Send an INR." not in text  # only possible


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
    assert "the rest is optional" in page
    assert "1. age not known; a blow to the nose. IMMEDIATE." in terminal.type("note")
    assert "Act as IMMEDIATE" in terminal.type("a")
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
    for word in ("1", "note", "c"):
        terminal.process.sendline(word)
        terminal.process.expect(PROMPT)
        assert max(map(len, str(terminal.process.before).split("\r\n"))) <= 80


# -- the shipped pathways, each with a wrong answer that is taken back ------------------------------------------------


def test_a_bumped_nose(start: Start) -> None:
    """A danger sign and a haematoma are typed by mistake; the nose is well."""
    terminal = start("nose_trauma", "--arrived", "now", shipped=True)
    assert "NOT YET TRIAGED: danger signs first (4 to go) Do at once: Nose injury - if it bleeds" in terminal.screen()
    assert "Act as IMMEDIATE: resuscitation team now" in terminal.choose("looks shocked")
    assert "NOT YET TRIAGED" in terminal.type("b")
    assert "Certain so far: nothing yet" in terminal.deny()
    text = terminal.choose("soft, boggy swelling of the septum")
    assert "Act as URGENT" in text or "Certain so far: URGENT" in text
    assert "CALL NOW: ENT on call" in text
    text = terminal.type("b")
    assert "[if seen] soft, boggy swelling of the septum" in text
    assert "About the patient" in terminal.deny()
    assert "Nose and face: any of these?" in terminal.type("30y, none")
    assert "Examined: both sides of the septum" in terminal.deny()
    assert "Anything else" in terminal.deny()
    text = terminal.deny()
    assert "Act as NONE: nothing further needed" in text
    assert "No intervention and no follow-up needed for the nose." in text


def test_a_bead_that_is_out(start: Start) -> None:
    """A battery is typed by mistake: the first aid for it leads, and goes with it."""
    terminal = start("nasal_foreign_body", "--arrived", "now", shipped=True)
    terminal.screen()
    terminal.deny()
    text = terminal.choose("a button battery cannot be ruled out")
    assert "Act as WITHIN 1 HOUR" in text or "Certain so far: WITHIN 1 HOUR" in text
    assert "1. If it may be a button battery - nothing into the nose" in text
    assert "CALL NOW: ENT on call, via switchboard; seen, or with a plan, by" in text
    assert "a button battery cannot be ruled out" in terminal.type("b")
    assert "About the patient" in terminal.deny()
    assert "An object in the nose" in terminal.type("4y, bead")
    terminal.choose("an object is seen", "somebody has tried", then="none")
    facts = ("the object would pass", "the object is inert", "the whole object is in view", "the object stays put")
    out = ("the whole object is out", "both sides were looked up", "the patient sits still")
    terminal.choose(*facts, *(wording for wording in out if any(wording in row for row in terminal.rows)), then="none")
    text = terminal.deny()
    assert "Act as NONE: nothing further needed" in text
    assert "No follow-up needed." in text


def test_a_nose_that_bleeds(start: Start) -> None:
    """A pulse typed wrong contradicts the danger signs, and is taken back by one key; a wrong blood thinner by `b`."""
    terminal = start("epistaxis", "--arrived", "now", shipped=True)
    assert "Do at once: Sit up, lean forward, pinch the soft part of the nose" in terminal.screen()
    terminal.deny()
    text = terminal.choose("blood runs or drips from the nose now")
    assert "URGENT" in text
    assert "1. Sit up, lean forward, pinch the soft part of the nose" in text
    terminal.type("c")
    assert "pulse now, as 142" in terminal.deny()
    assert "Certain so far: URGENT" in terminal.type("40y, warfarin, m, ?")
    assert "About the patient" in terminal.type("b")
    text = terminal.type("40y, none, male, 180, 2, 130/80")
    assert "Nothing decided: 'no: looks shocked" in text
    assert "Until corrected act as IMMEDIATE: resuscitation team now" in text
    assert "1 change: no: looks shocked" in text
    assert "type `1` if what was measured is right" in text
    assert "the number of the wrong answer first" in terminal.type("note")
    assert not any(level in text for level in LEVELS if level != "IMMEDIATE")
    assert "Measured now - pulse now" in terminal.choose("change: pulse now 180")
    assert "Before today" in terminal.type("80")
    assert "for example 40 min" in terminal.deny_all()
    text = terminal.type("25 min")  # a heavy bleed by now, which contradicts what was denied
    assert "Nothing decided: " in text
    assert "'no: heavy bleed'" in text
    assert "for example 40 min" in terminal.choose("change: unbroken minutes")
    assert "Certain: URGENT" in terminal.type("5 min")
    text = terminal.deny_all()
    assert "Act as URGENT" in text
    assert "Call ENT on call, via switchboard at" in text
    assert "Decide again at" in text


def test_a_cold(start: Start) -> None:
    """An eye swollen shut is typed by mistake: nothing of that eye is taken as normal, and the cold stays with the GP."""
    terminal = start("nasal_inflammation", "--arrived", "now", shipped=True)
    terminal.screen()
    terminal.deny()
    text = terminal.choose("an eye swollen shut")
    assert "Act as IMMEDIATE: resuscitation team now" in text
    assert "ophthalmology on call" in text
    terminal.type("c")
    assert "[cannot be assessed] sight newly lost" in terminal.type("m")
    terminal.type("b", "b")
    assert "Act as IMMEDIATE" not in terminal.type("b")
    assert "About the patient" in terminal.deny()
    terminal.type("30y, 6d")
    text = terminal.deny_all()
    assert "Act as GP IF PERSISTS: own GP if it does not settle" in text
    assert "See the GP if it does not settle." in text


def test_a_tonsil_that_bleeds(start: Start) -> None:
    """Streaks are typed by mistake; the throat bleeds now."""
    terminal = start("post_tonsillectomy_bleed", "--arrived", "now", shipped=True)
    assert "reconstructed, not the local pathway" in terminal.screen()
    terminal.deny()
    assert "Certain so far: DISCUSS SAME DAY" in terminal.choose("only pink or streaked spit")
    assert "Certain so far: nothing yet" in terminal.type("b")
    text = terminal.choose("fresh blood from mouth or throat now")
    assert "! DRAFT, not approved; site not configured; reconstructed, not the local pathway Act as IMMEDIATE" in text
    assert "1. Call the resuscitation team now" in text
    assert "CALL NOW: " in text
    assert "999" not in text.partition("CALL NOW: ")[2].partition("via switchboard")[0]
    assert len(terminal.rows) + 1 <= 24
    note = terminal.type("note")
    assert "IMMEDIATE." in note
    assert "reconstructed, not the local pathway" in note
    terminal.process.sendline("q")
    text, status = terminal.end()
    assert status == 0
    assert "Act as IMMEDIATE: resuscitation team now; nothing waits for this form" in text


@pytest.mark.parametrize(("command", "broken"), [("validate", ""), ("validate", "nose.yaml"), ("test", "nose.yaml")])
def test_remarks_are_as_narrow_as_a_terminal_and_one_line_elsewhere(tmp_path: Path, command: str, broken: str) -> None:
    """A finding that nothing reads, whose name is long; or a key that is none."""
    rules = write_rules(tmp_path / "bedside")
    name = "a_finding_with_a_name_that_is_as_long_as_names_in_rule_files_become"
    file = rules / "findings.yaml"
    text = file.read_text(encoding="utf-8")
    line = f"  {name}: {{ask: a, means: b, worse: yes, group: danger}}\n"
    file.write_text(text.replace("findings:\n", f"findings:\n{line}", 1), encoding="utf-8")
    if broken:
        with (rules / broken).open("a", encoding="utf-8") as end:
            end.write(f"{name}: 1\n")
    words = ["-m", "pathways", command, str(rules)]
    whole = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    shown, _ = pexpect.run(" ".join([sys.executable, *words]), withexitstatus=True, encoding="utf-8", env={**os.environ, "TERM": "xterm"})
    rows, lines = shown.splitlines(), (whole.stdout + whole.stderr).splitlines()

    assert " ".join(shown.split()) == " ".join("\n".join(lines).split())
    assert max(map(len, lines)) > 80
    assert [row for row in rows if len(row) > 80 and " " in row.strip()] == []
    assert [row.split(":")[0] for row in rows if "]:" in row] == [line.split(":")[0] for line in lines if "]:" in line]
