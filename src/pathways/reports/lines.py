"""Lines of text for people: wrapped, never cropped, never read as markup; what steers a terminal is made visible."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["BLANK", "Line", "brief", "bullet", "heading", "height", "plain", "sheets", "visible", "wrapped"]

WIDTH = 80
# C0 and C1 controls, DEL, invisible and direction-changing characters, line separators, tags, lone surrogates (hazards H24).
STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


class Line(NamedTuple):
    """A paragraph: `lead` stands before its first line, the others are indented as far. `style` names a look, never a meaning."""

    text: str
    lead: str = ""
    style: str = ""


BLANK = Line("")


def heading(text: str) -> Line:
    return Line(text, style="heading")


def bullet(text: str, lead: str = "  - ") -> Line:
    return Line(text, lead)


def visible(text: str) -> str:
    """The text with every character that could steer a terminal written out, as <U+001B>."""
    return STEERING.sub(lambda match: f"<U+{ord(match[0]):04X}>", text.replace("\n", " "))


def brief(text: str) -> str:
    """The words of a question up to its first explanation."""
    return re.split(r" - |,? \(", text)[0]


def wrapped(line: Line, width: int = WIDTH, hanging: str | None = None) -> list[str]:
    """The line as rows of at most `width` characters, except for a word that is longer; `hanging` stands before all but the first."""
    lead, text = visible(line.lead), visible(line.text)
    after = " " * len(lead) if hanging is None else hanging
    rows = textwrap.wrap(text, width, initial_indent=lead, subsequent_indent=after, break_long_words=False, break_on_hyphens=False)
    return rows or [lead.rstrip()]


def plain(lines: Iterable[Line], width: int = WIDTH) -> str:
    """The lines as text without any style."""
    return "\n".join(row for line in lines for row in wrapped(line, width))


def height(lines: Iterable[Line], width: int = WIDTH) -> int:
    """How many rows the lines take."""
    return sum(len(wrapped(line, width)) for line in lines)


def sheets(lines: Iterable[Line], rows: int, width: int = WIDTH) -> list[list[Line]]:
    """The lines in portions of at most `rows` rows each; a line is never cut, a heading never the last of its sheet."""
    found: list[list[Line]] = [[]]
    for line in lines:
        here = found[-1]
        if here and height([*here, line], width) > rows:
            carried = [here.pop()] if len(here) > 1 and here[-1].style == "heading" else []
            found.append(carried)
            here = found[-1]
        if here or line != BLANK:
            here.append(line)
    return [sheet for sheet in found if sheet]
