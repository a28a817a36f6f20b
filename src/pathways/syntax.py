"""What a parser's complaint means to who wrote the file: plain words, the place to look at, the cure.

Knows nothing of the parser but its phrases; a phrase that is not known here is passed on as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pathways.remarks import Place, Remark

__all__ = ["Complaint", "remark_on"]


@dataclass(frozen=True, slots=True)
class Complaint:
    """What the parser says: the problem and where it noticed it, and where the part began that it was reading."""

    problem: str
    place: Place
    begun: Place | None
    lines: Sequence[str]

    def line(self, number: int) -> str:
        """The line of this number; empty where there is none."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def character(self, place: Place) -> str:
        """The character at a place; empty at the end of a line."""
        return self.line(place.line)[place.column - 1 : place.column]


def remark_on(complaint: Complaint) -> Remark:
    """The remark for a file that is not YAML."""
    for phrase, meaning in MEANINGS.items():
        if phrase in complaint.problem:
            return meaning(complaint)
    return _remark(complaint, complaint.problem)


def _remark(complaint: Complaint, message: str, help: str = "", place: Place | None = None, other: Place | None = None) -> Remark:
    return Remark("syntax", f"not YAML: {message}", place or complaint.place, help, other)


def _tab_or_sign(complaint: Complaint) -> Remark:
    sign = complaint.character(complaint.place)
    if sign == "\t":
        return _remark(complaint, "a tab stands where the line begins", "indent with spaces")
    return _remark(complaint, f"a text cannot begin with {'a backtick' if sign == '`' else f'`{sign}`'}", "put it in quotes")


def _anchor_or_alias(complaint: Complaint) -> Remark:
    begun = complaint.begun or complaint.place
    return _remark(complaint, f"a text cannot begin with `{complaint.character(begun)}`", "put it in quotes", begun)


def _open_quote(complaint: Complaint) -> Remark:
    help = "close it; a text with a quote in it stands in the other kind of quotes"
    return _remark(complaint, "the quote that begins here does not end", help, complaint.begun)


def _open_bracket(complaint: Complaint) -> Remark:
    begun = complaint.begun or complaint.place
    sign = complaint.character(begun)
    help = f"close it with `{ {'{': '}', '[': ']'}.get(sign, sign) }`, or write the comma"
    return _remark(complaint, f"the `{sign}` of line {begun.line} does not end before this, or a comma is missing", help, other=begun)


def _no_key(complaint: Complaint) -> Remark:
    help = "check the indentation of this line; a text with a quote in it stands in the other kind of quotes"
    return _remark(complaint, "what begins here belongs to no key", help)


_CLOSE_COLON = re.compile(r"\s*(?:- )?[\w.-]+:[^\s:]")


def _colon(complaint: Complaint) -> Remark:
    here, above = complaint.line(complaint.place.line), complaint.line(complaint.place.line - 1).split(" #")[0]
    if _CLOSE_COLON.match(above):
        return _remark(complaint, "the line above has no key", f"write a space after the `:` of line {complaint.place.line - 1}")
    if len(re.findall(r":(?:\s|$)", here)) > 1:
        return _remark(complaint, "a second `: ` in one line", "a text that holds `: ` stands in quotes")
    if above.strip() and not re.search(r":(?:\s|$)", above):
        return _remark(complaint, "the line above has no key", f"write `:` and a space after the key of line {complaint.place.line - 1}")
    return _remark(complaint, "a key stands where a text goes on", "check the indentation of this line and of the line above")


MEANINGS: dict[str, Callable[[Complaint], Remark]] = {
    "cannot start any token": _tab_or_sign,
    "expected alphabetic or numeric character": _anchor_or_alias,
    "found unexpected end of stream": _open_quote,
    "did not find expected ',' or": _open_bracket,
    "did not find expected key": _no_key,
    "mapping values are not allowed": _colon,
    "did not find expected '-' indicator": lambda one: _remark(one, "what begins here is no item of the list above", "begin it with `- `"),
    "did not find expected node content": lambda one: _remark(
        one, "a value is missing before this", "write the value, or delete the comma"
    ),
    "unknown escape character": lambda one: _remark(
        one, "`\\` has a meaning of its own in double quotes", "use single quotes, or double it"
    ),
    "block sequence entries": lambda one: _remark(one, "a list cannot begin here", "begin it on a line of its own, or write [a, b]"),
    "expected comment or line break": lambda one: _remark(
        one, "a text cannot begin with `|` or `>`", "put it in quotes, or begin it on the next line"
    ),
}
