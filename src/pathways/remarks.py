"""The one shape for everything a tool says about a place in a file."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

__all__ = ["CLOSE", "MANY", "Example", "InvalidPresentation", "InvalidRules", "Place", "Remark", "Severity", "first", "near", "short"]


MANY = 200  # mistakes of one file or patient that are told one by one
CLOSE = 0.75  # how alike two names are, at least, before one is proposed for the other


class Severity(StrEnum):
    """How much a remark weighs: an error keeps a rule set from loading or refutes a property; a note only wants to be read."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Place(NamedTuple):
    """Where in a file: line and column count from 1, as editors do; 0 where a place has none."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


class Example(NamedTuple):
    """A patient who shows what is wrong: in words, what the rules decide, and the answers as a case file writes them."""

    said: str
    decided: str
    given: tuple[tuple[str, str], ...] = ()


class Remark(NamedTuple):
    """What a tool says about one place: the complaint in lower case, both sides, the cure apart.

    `findings` names those whose given values are at fault, so that a form can mark them; `example` is a patient who shows it.
    """

    code: str
    message: str
    place: Place
    help: str = ""
    other: Place | None = None
    severity: Severity = Severity.ERROR
    findings: tuple[str, ...] = ()
    example: Example | None = None

    def __str__(self) -> str:
        lines = [f"{self.place}: {self.severity}[{self.code}]: {self.message}"]
        if self.other is not None:
            lines.append(f"  see also: {self.other}")
        if self.example is not None:
            lines += [f"  patient: {self.example.said}", f"  decided: {self.example.decided}"]
        if self.help:
            lines.append(f"  help: {self.help}")
        return "\n".join(lines).encode("utf-8", "backslashreplace").decode()  # half a character as its code, so that it can be printed


class _WithRemarks(ValueError):
    def __init__(self, remarks: Iterable[Remark]) -> None:
        self.remarks: tuple[Remark, ...] = tuple(remarks)
        super().__init__("\n".join(map(str, self.remarks)))

    def __reduce__(self) -> tuple[type, tuple[tuple[Remark, ...]]]:
        return type(self), (self.remarks,)


class InvalidRules(_WithRemarks):
    """A rule folder or a place of care is not as it must be; `remarks` holds every mistake found."""


class InvalidPresentation(_WithRemarks):
    """What was given of a patient cannot be read or cannot be; nothing was decided."""


def first(remarks: Iterable[Remark], place: Place) -> list[Remark]:
    """The remarks, and after a great many a word that there are more: nobody reads them, and somebody may mean us to drown."""
    listed = list(islice(remarks, MANY + 2))
    severity = Severity.ERROR if any(remark.severity is Severity.ERROR for remark in listed) else Severity.WARNING
    more = Remark("too-many", f"{MANY} mistakes, and there are more", place, "correct these first", severity=severity)
    found = [remark for remark in listed if remark != more]
    return found if len(found) == len(listed) <= MANY else [*found[:MANY], more]


def short(text: str) -> str:
    """What was written, as a message quotes it: never longer than a line."""
    return text if len(text) <= 60 else text[:57] + "..."


def near(name: str, names: Iterable[str]) -> str:
    """`did you mean ...?` where a declared name is really close, else nothing."""
    from difflib import get_close_matches

    known = list(names)
    found = get_close_matches(name, known, n=1, cutoff=CLOSE) or get_close_matches(name.lower(), known, n=1, cutoff=CLOSE)
    if not found:
        return ""
    strange = next((character for character in name if not character.isascii()), "")
    if strange:
        from unicodedata import name as name_of

        return f"did you mean `{found[0]}`? the `{strange}` here is {name_of(strange, 'a strange character').lower()}"
    return f"did you mean `{found[0]}`?"
