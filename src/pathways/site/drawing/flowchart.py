"""A step of the way down a pathway as pictures, one for each question group, so that paper can be cut between them.

At the left the question and the way on where none of its rules holds; at the right the rules, two beside each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from pathways.site.drawing.lettering import Style, broken, height, lettered
from pathways.site.drawing.svg import Drawing, Shape, shape
from pathways.site.scale import PAINTS, Paint
from pathways.site.steps import Asked, Box, Step

__all__ = ["pictures"]

WIDTH = 1000
TALLEST = 1250  # of a picture: a page of A4 that is as wide as a picture holds as much
QUESTION = 200  # width of the box with the question
LEFT, GAP, PAD = 250, 10, 10
WHOLE = WIDTH - LEFT - 2 * GAP  # width of a box that has a row for itself
COLUMN = (WHOLE - GAP) / 2
NO_LEVEL = Paint("#34506b", "#eaf0f6")
LINE = "#5a5a5a"
BAR, SPACE = 5, 4  # width of the coloured edge of a box; space between its paragraphs
LEAD = 34  # width of `if`, `and`, `or`
INSET, DEEPEST = 14, 6  # of a term that lies deeper; how many times at most
TITLE, TEXT, STRONG, SMALL = Style(17, bold=True, fill="#0b3d66"), Style(15), Style(15, bold=True), Style(14, fill="#4a4a4a")
MARK = Style(14, bold=True, fill="#7a1f5c")


class Part(NamedTuple):
    """A paragraph of a box: what stands before it, how far it is set in, and its lines."""

    lead: str
    inset: float
    lines: tuple[str, ...]
    style: Style
    class_: str


class Placed(NamedTuple):
    """A box with its paragraphs broken to its width, and the height that they need."""

    box: Box
    width: float
    parts: tuple[Part, ...]
    height: float


def pictures(step: Step, link: Callable[[str, str], str]) -> tuple[Drawing, ...]:
    """The pictures of a step, in order; `link` is the address of a rule, from its pathway and its id."""
    return tuple(_pictures(step, link))


def _pictures(step: Step, link: Callable[[str, str], str]) -> Iterator[Drawing]:
    paint = NO_LEVEL if step.heat is None else PAINTS[step.heat]
    for asked in step.asked:
        for n, rows in enumerate(_sheets(asked)):
            name = f"draw-{step.id}-{asked.group}" + (f"-{n + 1}" if n else "")
            yield _picture(name, step, asked, rows, paint, n > 0, link)


def _sheets(asked: Asked) -> list[list[tuple[Placed, ...]]]:
    """The rows of boxes, as many together as one picture holds."""
    sheets: list[list[tuple[Placed, ...]]] = [[]]
    used = 0.0
    for n in range(0, len(asked.boxes), 2):
        boxes = asked.boxes[n : n + 2]
        row = tuple(_placed(box, COLUMN if len(boxes) > 1 else WHOLE) for box in boxes)
        room = max(one.height for one in row) + GAP
        if sheets[-1] and used + room > TALLEST:
            sheets.append([])
            used = 0.0
        sheets[-1].append(row)
        used += room
    return sheets


def _placed(box: Box, width: float) -> Placed:
    parts = tuple(_parts(box, width - 2 * PAD - BAR))
    return Placed(box, width, parts, sum(height(part.lines, part.style) + SPACE for part in parts) + 2 * PAD - SPACE)


def _parts(box: Box, width: float) -> Iterator[Part]:
    yield Part("", 0, broken(box.title, width, TITLE), TITLE, "drawn-title")
    for term in box.terms if box.when != box.title else ():
        inset = LEAD + min(term.depth, DEEPEST) * INSET
        yield Part(term.join or "•", inset, broken(term.text, width - inset, TEXT), TEXT, "drawn-term")
    for class_, lead, style, texts in (("drawn-call", "→", STRONG, box.calls), ("drawn-mark", "!", MARK, box.marks)):
        for text in texts:
            yield Part(lead, LEAD, broken(text, width - LEAD, style), style, class_)


def _picture(
    name: str, step: Step, asked: Asked, rows: list[tuple[Placed, ...]], paint: Paint, further: bool, link: Callable[[str, str], str]
) -> Drawing:
    question = broken(asked.question + (" (continued)" if further else ""), QUESTION - 2 * PAD, STRONG)
    rules = sum(max(one.height for one in row) + GAP for row in rows) + GAP
    asks = height(question, STRONG) + 2 * PAD
    top = 14
    tall = max(rules, asks + 40) + top + 8
    middle = QUESTION / 2
    shapes = [
        _line(middle, 0, middle, top - 1),
        _arrow(middle, top, "down"),
        *_frame(1, top, QUESTION - 1, asks, "#eef1f4", LINE, radius=14),
        lettered(question, PAD, top + PAD, STRONG, class_="drawn-question"),
        _line(QUESTION, top + asks / 2, LEFT - 8, top + asks / 2),
        _arrow(LEFT, top + asks / 2, "right"),
        lettered(("any",), (QUESTION + LEFT - 8) / 2, top + asks / 2 - 20, SMALL, "middle"),
        _line(middle, top + asks, middle, tall),
        lettered(("none",), middle + 8, top + asks + 6, SMALL),
        *_frame(LEFT, top, WIDTH - LEFT - 1, rules, paint.faint, paint.strong),
    ]
    y: float = top + GAP
    for row in rows:
        tallest = max(one.height for one in row)
        for n, one in enumerate(row):
            shapes.append(_box(one, LEFT + GAP + n * (COLUMN + GAP), y, tallest, paint, link))
        y += tallest + GAP
    titles = "; ".join(one.box.title for row in rows for one in row)
    return Drawing(name, WIDTH, tall, f"{step.name}: {asked.question}", f"If any of these holds, {step.name}: {titles}", tuple(shapes))


def _box(placed: Placed, x: float, y: float, tall: float, paint: Paint, link: Callable[[str, str], str]) -> Shape:
    box = placed.box
    frame = [
        *_frame(x, y, placed.width, tall, "#ffffff", "#8a8a8a"),
        shape("rect", x=x, y=y, width=BAR, height=tall, fill=paint.strong),
    ]
    title, *others = placed.parts
    left = x + PAD + BAR
    at = y + PAD
    linked = shape("a", *frame, lettered(title.lines, left, at, title.style, class_=title.class_), href=link(box.pathway, box.rule))
    texts: list[Shape] = []
    at += height(title.lines, title.style) + SPACE
    for part in others:
        lead = SMALL if part.class_ == "drawn-term" else part.style
        texts.append(lettered((part.lead,), left + part.inset - (LEAD if part.lead != "•" else INSET), at, lead, class_="drawn-lead"))
        texts.append(lettered(part.lines, left + part.inset, at, part.style, class_=part.class_))
        at += height(part.lines, part.style) + SPACE
    said = {"data-rule": f"{box.pathway}/{box.rule}"}
    through = shape("g", *texts, pointer_events="none")  # a click on any text of the box is one on the box
    return Shape("g", (("class", "drawn-box"), *said.items()), (linked, through))


def _frame(x: float, y: float, width: float, tall: float, fill: str, stroke: str, radius: float = 4) -> tuple[Shape, ...]:
    return (shape("rect", x=x, y=y, width=width, height=tall, rx=radius, fill=fill, stroke=stroke, stroke_width=1.2),)


def _line(x: float, y: float, to_x: float, to_y: float) -> Shape:
    return shape("line", x1=x, y1=y, x2=to_x, y2=to_y, stroke=LINE, stroke_width=2)


def _arrow(x: float, y: float, way: str) -> Shape:
    """The head of an arrow with its point here."""
    ends = {"down": f"{x - 6},{y - 9} {x + 6},{y - 9}", "right": f"{x - 9},{y - 6} {x - 9},{y + 6}"}[way]
    return shape("polygon", points=f"{x},{y} {ends}", fill=LINE)
