"""One typed line of a list or a choice → its answers, or what to say back. Knows nothing of rules."""

from __future__ import annotations

from typing import Any

from pathways.findings import Finding
from pathways.interview.states import UNABLE, UNKNOWN
from pathways.spoken import Unclear

__all__ = ["ABSENCES", "SINGLE", "choice", "numbers", "parsed"]

SINGLE = {"y": True, "yes": True, "1": True, "n": False, "no": False, "none": False}
ABSENCES = {"?": UNKNOWN, "u": UNABLE}


def numbers(words: list[str], top: int) -> list[int]:
    """Numbers from 1 to `top`, each once; empty unless every word is one."""
    found = [int(word) if word.isascii() and word.isdigit() and len(word) < 4 else 0 for word in words]
    return list(dict.fromkeys(found)) if found and all(1 <= number <= top for number in found) else []


def parsed(words: str, listed: tuple[str, ...], open_: tuple[str, ...], rest: tuple[str, ...], all_: bool) -> dict[str, Any] | str:
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
        elif (number := numbers([word], len(listed))) and not (fresh and isinstance(mode, bool)):
            name = listed[number[0] - 1]
            if name not in open_ or name in answers:
                return f"{number[0]} has its answer already; `b` goes back."
            answers[name], fresh = mode, False
        else:
            return f"`{word}` is not understood: numbers from 1 to {len(listed)}, {'`all`, ' if all_ else ''}`none` in full, `?` or `u`."
    if fresh:
        answers |= {name: mode for name in rest if name not in answers}
    return answers or "Nothing is left to answer here."


def choice(finding: Finding, words: str) -> str:
    """The value of a number or of words that fit one label only, the initial where there are two; raises Unclear."""
    values = list(finding.values)
    if words == "no" and "none" in values:
        return "none"
    number = numbers([words], len(values))
    if number:
        return values[number[0] - 1]
    exact = [value for value, label in finding.values.items() if words in (value.casefold(), label.casefold())]
    initial = len(values) == 2 and len(words) == 1 and words != "n"
    named = exact or [
        value
        for value, label in finding.values.items()
        if (initial and label.casefold().startswith(words)) or (len(words) > 2 and words in label.casefold())
    ]
    if len(named) != 1:
        raise Unclear(f"Type one number from 1 to {len(values)}, `?` or `u`.")
    return named[0]
