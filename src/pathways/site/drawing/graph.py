"""A decision graph as a picture: a band for each question, a box wherever it is asked, a line from each answer downward.

The lines to one end run together, in its colour. Where a question is asked very often, its answers are letters, explained beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from pathways.site.drawing.layered import Layout, Spot, laid_out
from pathways.site.drawing.lettering import Style, broken, height, lettered, measured
from pathways.site.drawing.svg import Drawing, Shape, shape
from pathways.site.questions import Answer, End, Layer, Question, Questions
from pathways.site.scale import PAINTS

__all__ = ["picture"]

MARGIN, AGAIN = 230, 1100  # where the boxes begin, right of the questions; how far apart a question is repeated
PORT, END = 130, 150  # the greatest width of an answer and of an end
CROWD = 12  # boxes of a band; where there are more, long answers are letters
GAP, PASSAGE, FALL = 14, 9, 44  # between boxes; of a line that passes; from a band to the next
ASK, REPEAT = Style(13, bold=True), Style(10, fill="#5a5a5a")
NUMBER, ANSWER, DECIDED = Style(9, fill="#5a5a5a"), Style(11), Style(12, bold=True, fill="#ffffff")
SHORT = ("yes", "no")
LINE, NO_LEVEL = "#7d8790", "#34506b"


class Port(NamedTuple):
    """An answer in its box: its lines, where it begins in the box, and how wide it is."""

    answer: Answer
    lines: tuple[str, ...]
    left: float
    width: float


class Box(NamedTuple):
    """A question, or an end, as wide and high as what it says."""

    part: Question | End
    ports: tuple[Port, ...]
    lines: tuple[str, ...]
    width: float
    height: float


class Band(NamedTuple):
    """A row of boxes with its question, from `top` down; `again` is what stands above the boxes of a wide band."""

    layer: Layer | None
    ask: tuple[str, ...]
    values: tuple[str, ...]
    again: tuple[str, ...]
    boxes: tuple[Box, ...]
    top: float
    height: float


def picture(name: str, title: str, found: Questions) -> Drawing:
    """The graph; `name` is its id in the page."""
    bands = tuple(_bands(found))
    boxes = {box.part.number: box for band in bands for box in band.boxes}
    layers = [[box.part.number for box in band.boxes] for band in bands]
    place = laid_out(layers, tuple(found.ways()), {number: box.width + GAP for number, box in boxes.items()}, PASSAGE)
    width = max(MARGIN + place.width + GAP, 560)
    tall = bands[-1].top + bands[-1].height + GAP
    shapes = [
        *_stripes(bands, width),
        *_lines(found, bands, boxes, place),
        *(one for band in bands for one in _words(band, width)),
        *(_box(box, MARGIN + place.x[n, box.part.number], band.top) for n, band in enumerate(bands) for box in band.boxes),
    ]
    count = sum(len(layer.questions) for layer in found.layers)
    ends = ", ".join(end.text for end in found.ends)
    said = f"{count} questions about {len(found.layers)} findings, each asked where it matters; the ends are: {ends}"
    return Drawing(name, width, tall, title, said, tuple(shapes))


def _bands(found: Questions) -> Iterator[Band]:
    bottom = 0.0
    for layer in found.layers:
        crowded = len(layer.questions) > CROWD and any(answer.text not in SHORT for one in layer.questions for answer in one.answers)
        boxes = tuple(_asking(question, crowded) for question in layer.questions)
        ask = broken(layer.ask, MARGIN - 2 * GAP, ASK)
        values = broken(_legend(layer), MARGIN - 2 * GAP, REPEAT) if crowded else ()
        again = broken(layer.ask + (f" - {_legend(layer)}" if crowded else ""), AGAIN - 2 * GAP, REPEAT)
        top = bottom + max(FALL if bottom else GAP, height(again, REPEAT) + GAP)
        tall = max(height(ask, ASK) + height(values, REPEAT), *(box.height for box in boxes))
        yield Band(layer, ask, values, again, boxes, top, tall)
        bottom = top + tall
    ends = tuple(_ending(end) for end in found.ends)
    yield Band(None, (), (), (), ends, bottom + FALL, max(end.height for end in ends))


def _legend(layer: Layer) -> str:
    return "; ".join(layer.values)


def _asking(question: Question, crowded: bool) -> Box:
    ports: list[Port] = []
    left = 0.0
    for answer in question.answers:
        lines = broken(answer.letters if crowded else answer.text, PORT, ANSWER)
        width = max(measured(line.rstrip(), ANSWER) for line in lines) + 10
        ports.append(Port(answer, lines, left, width))
        left += width
    number = broken(str(question.number), PORT, NUMBER)
    tall = height(number, NUMBER) + max(height(port.lines, ANSWER) for port in ports) + 8
    return Box(question, tuple(ports), number, max(left, measured(number[0], NUMBER) + 10), tall)


def _ending(end: End) -> Box:
    lines = broken(end.text, END, DECIDED)
    return Box(end, (), lines, max(measured(line.rstrip(), DECIDED) for line in lines) + 20, height(lines, DECIDED) + 12)


def _stripes(bands: Sequence[Band], width: float) -> Iterator[Shape]:
    """Every other band with a ground of its own, to the middle between it and those beside it."""
    ends = [0.0, *((one.top + one.height + other.top) / 2 for one, other in pairwise(bands))]
    for n in range(0, len(ends) - 1, 2):
        yield shape("rect", x=0, y=ends[n], width=width, height=ends[n + 1] - ends[n], fill="#f2f5f7")


def _words(band: Band, width: float) -> Iterator[Shape]:
    """The question at the left, and again and again above the boxes of a wide band."""
    if band.layer is None:
        return
    yield lettered(band.ask, GAP, band.top, ASK, class_="drawn-question")
    if band.values:
        yield lettered(band.values, GAP, band.top + height(band.ask, ASK), REPEAT, class_="drawn-values")
    at = MARGIN + AGAIN
    while at + AGAIN < width:
        lines = lettered(band.again, at, band.top - height(band.again, REPEAT) - 2, REPEAT, class_="drawn-again")
        yield Shape(lines.tag, (*lines.attributes, ("stroke", "#ffffff"), ("stroke-width", "3"), ("paint-order", "stroke")), lines.children)
        at += AGAIN


def _box(box: Box, middle: float, top: float) -> Shape:
    left = middle - box.width / 2
    if isinstance(box.part, End):
        frame = shape("rect", x=left, y=top, width=box.width, height=box.height, rx=5, fill=_paint(box.part))
        return _group(box, "drawn-end", frame, lettered(box.lines, middle, top + 6, DECIDED, "middle"))
    frame = shape("rect", x=left, y=top, width=box.width, height=box.height, rx=3, fill="#ffffff", stroke="#5a5a5a")
    under = top + height(box.lines, NUMBER) + 4
    ports = (lettered(port.lines, left + port.left + port.width / 2, under, ANSWER, "middle", class_="drawn-answer") for port in box.ports)
    bars = (
        shape("line", x1=left + port.left, y1=under, x2=left + port.left, y2=top + box.height, stroke="#b9c0c6") for port in box.ports[1:]
    )
    return _group(box, "drawn-asks", frame, lettered(box.lines, middle, top + 2, NUMBER, "middle", class_="drawn-number"), *bars, *ports)


def _group(box: Box, class_: str, *shapes: Shape) -> Shape:
    return Shape("g", (("class", class_), ("data-number", str(box.part.number))), shapes)


def _lines(found: Questions, bands: Sequence[Band], boxes: Mapping[int, Box], place: Layout) -> Iterator[Shape]:
    """One path for everything that leads to the same part: from each answer to the next band, and on through the bands."""
    paths: dict[int, list[str]] = {}
    layer_of = {box.part.number: n for n, band in enumerate(bands) for box in band.boxes}
    for number, box in boxes.items():
        n = layer_of[number]
        left = MARGIN + place.x[n, number] - box.width / 2
        for port in box.ports:
            start = (left + port.left + port.width / 2, bands[n].top + box.height)
            paths.setdefault(port.answer.to, []).append(_curve(start, _top((n + 1, port.answer.to), bands, place)))
    for one, other in place.lines:
        if layer_of[one[1]] != one[0]:
            top = _top(one, bands, place)
            under = (top[0], bands[one[0]].top + bands[one[0]].height)
            paths[one[1]].append(f"M{_at(top)}V{under[1]:.1f}" + _curve(under, _top(other, bands, place)))
    for number in sorted(paths, key=lambda number: isinstance(boxes[number].part, End)):
        yield _path(boxes[number].part, paths[number])


def _path(to: Question | End, parts: Sequence[str]) -> Shape:
    stroke, width = (_paint(to), 1.4) if isinstance(to, End) else (LINE, 1)
    look = shape("path", d="".join(parts), fill="none", stroke=stroke, stroke_width=width, stroke_opacity=0.75)
    return Shape(look.tag, (("data-to", str(to.number)), *look.attributes), ())


def _paint(end: End) -> str:
    return NO_LEVEL if end.heat is None else PAINTS[end.heat].strong


def _top(spot: Spot, bands: Sequence[Band], place: Layout) -> tuple[float, float]:
    return MARGIN + place.x[spot], bands[spot[0]].top


def _curve(start: tuple[float, float], end: tuple[float, float]) -> str:
    half = (end[1] - start[1]) / 2
    return f"M{_at(start)}C{start[0]:.1f} {start[1] + half:.1f} {end[0]:.1f} {end[1] - half:.1f} {_at(end)}"


def _at(point: tuple[float, float]) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
