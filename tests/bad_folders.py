"""The folders of `tests/bad`: each is `_base` with its own files laid over it, and causes the remark that it is called after.

A file `without` lists files of `_base` that are left out; of a file `NAME.grown` a line `%times 20 text` stands for twenty
lines, in which `{n}` counts. What is asked of the rules stands in a file of `DOORS`; without one, `validate` is asked.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pathways
from pathways.checks import check
from pathways.inspection import remarks_of

BAD = Path(__file__).parent / "bad"
BASE = BAD / "_base"
CODES = sorted(folder.name for folder in BAD.iterdir() if folder != BASE)
TODAY = date(2026, 11, 25)


def lay(code: str, folder: Path) -> Path:
    """The rule folder `folder`/rules that causes the remark; for some codes there is none."""
    rules, changes = folder / "rules", BAD / code
    without = (changes / "without").read_text(encoding="utf-8").split() if (changes / "without").exists() else []
    if "." in without:
        return rules
    rules.mkdir()
    for file in (*BASE.iterdir(), *changes.rglob("*")):
        place = rules / file.relative_to(BASE if file.parent == BASE else changes)
        if file.is_dir():
            place.mkdir()
        elif file.suffix == ".grown":
            (rules / file.stem).write_text(grown(file.read_text(encoding="utf-8")), encoding="utf-8")
        elif file.name not in {*OWN, *without} or file.parent not in (BASE, changes):
            place.write_bytes(file.read_bytes())
    return rules


def grown(text: str) -> str:
    """The text with its `%times` lines written out."""
    return re.sub(r"^%times (\d+) (.*\n)", _times, text, flags=re.MULTILINE)


def _times(line: re.Match[str]) -> str:
    count, text = int(line[1]), line[2]
    return "".join(text.replace("{n}", str(n)).replace("{n-1}", str(n - 1)) for n in range(1, count + 1))


def said(code: str, folder: Path) -> str:
    """Every remark that is made, as it is printed."""
    rules, door = lay(code, folder), next((name for name in DOORS if (BAD / code / name).exists()), None)
    if door is not None:
        return DOORS[door](rules, (BAD / code / door).read_text(encoding="utf-8"))
    return "\n".join(map(str, remarks_of(rules, TODAY))).replace(f"{folder}/", "")


def _refused(action: Callable[[], object]) -> str:
    try:
        action()
    except (pathways.InvalidPresentation, pathways.InvalidRules) as error:
        return str(error)
    return ""


def _patient(rules: Path, text: str) -> str:
    """The JSON of a patient, decided in every pathway."""
    ruleset = pathways.load(rules)
    return _refused(lambda: ruleset.decide(ruleset.read_json(text), list(ruleset.pathways)))


def _call(rules: Path, text: str) -> str:
    """A call from Python."""
    names = {"pathways": pathways, "ruleset": pathways.load(rules)}
    return _refused(lambda: eval(text, names))  # noqa: S307 - written beside this file


def _command(rules: Path, text: str) -> str:
    """A command, started beside the rule folder."""
    words = [sys.executable, "-m", *shlex.split(text)]
    done = subprocess.run(words, cwd=rules.parent, capture_output=True, text=True, timeout=60, check=False)
    return done.stderr.rstrip("\n")


def _check(rules: Path, text: str) -> str:
    """The properties that `check` is asked for."""
    return "\n".join(map(str, check(rules, text.split(), today=TODAY).remarks))


DOORS = {"check.txt": _check, "given.json": _patient, "call.txt": _call, "command.txt": _command}
OWN = {"expected.txt", "without", *DOORS}  # files that are no part of the rule folder
