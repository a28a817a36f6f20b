"""How wide a text is, and where it is broken, without a font at hand.

The widths are those of Arial, Helvetica and Liberation Sans, which are alike. Every line is told its width, so that it keeps to
its place in any other font too, and with letters that the table does not have.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

from pathways.reports.lines import visible
from pathways.site.drawing.svg import Shape, shape

__all__ = ["Style", "broken", "height", "lettered", "measured"]

LINE = 1.3  # of the size of the letters
OTHER = 1000
# Thousandths of the size of the letters → the letters that are so wide.
_REGULAR: dict[int, str] = {
    191: "'", 222: "ijl\u2018\u2019", 260: "|", 278: " !,./:;I[\\]ft·", 333: "()-`r\u201c\u201d²³", 334: "{}", 350: "•", 355: '"', 389: "*",
    400: "°", 469: "^", 500: "Jcksvxyz", 549: "±≥≤", 556: "#$0123456789?L_abdeghnopqu\u2013£€", 576: "µ", 584: "+<=>~×", 611: "FTZ",
    667: "&ABEKPSVXY", 722: "CDHNRUw", 778: "GOQ", 833: "Mm", 834: "½", 889: "%", 944: "W", 1000: "\u2014…→", 1015: "@",
}  # fmt: skip
_BOLD: dict[int, str] = {
    238: "'", 278: " ,./I\\ijl\u2018\u2019·", 280: "|", 333: "!()-:;[]`ft²³", 350: "•", 389: "*r{}", 400: "°", 474: '"',
    500: "z\u201c\u201d", 549: "±≥≤", 556: "#$0123456789J_aceksvxy\u2013£€", 576: "µ", 584: "+<=>^~×", 611: "?FLTZbdghnopqu", 667: "EPSVXY",
    722: "&ABCDHKNRU", 778: "GOQw", 833: "M", 834: "½", 889: "%m", 944: "W", 975: "@", 1000: "\u2014…→",
}  # fmt: skip
_WIDTHS = tuple({letter: width for width, letters in table.items() for letter in letters} for table in (_REGULAR, _BOLD))


class Style(NamedTuple):
    """How a text looks."""

    size: float
    bold: bool = False
    fill: str = "#1b1b1b"


def measured(text: str, style: Style) -> float:
    """The width of the text."""
    return sum(_width(letter, style.bold) for letter in text) * style.size / 1000


@cache
def _width(letter: str, bold: bool) -> int:
    """An accented letter is as wide as the one that it is made of."""
    return sum(_WIDTHS[bold].get(part, OTHER) for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))


def broken(text: str, width: float, style: Style) -> tuple[str, ...]:
    """The text in lines that are at most so wide; joined, they are the text. A word that is wider than a line is broken."""
    lines = [""]
    used = 0.0
    for word in visible(text).split():
        if used and used + measured(word, style) > width:
            lines.append("")
            used = 0.0
        for letter in word:
            room = measured(letter, style)
            if used and used + room > width:
                lines.append("")
                used = 0.0
            lines[-1] += letter
            used += room
        lines[-1] += " "
        used += measured(" ", style)
    return (*lines[:-1], lines[-1].rstrip())


def height(lines: tuple[str, ...], style: Style) -> float:
    """The room that the lines need from top to bottom."""
    return len(lines) * style.size * LINE


def lettered(lines: tuple[str, ...], x: float, y: float, style: Style, anchor: str | None = None, class_: str | None = None) -> Shape:
    """The lines with their upper edge at `y`; `anchor` is where `x` lies: at their start, `middle` or `end`."""
    rows = (_line(line, x, y + style.size * (LINE * n + 1), style) for n, line in enumerate(lines))
    weight = "bold" if style.bold else None
    return shape("g", *rows, font_size=style.size, font_weight=weight, fill=style.fill, text_anchor=anchor, class_=class_)


def _line(line: str, x: float, y: float, style: Style) -> Shape:
    width = measured(line.rstrip(), style)
    return shape("text", line, x=x, y=y, textLength=width or None, lengthAdjust="spacingAndGlyphs" if width else None)
