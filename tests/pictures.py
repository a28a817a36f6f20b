"""Drawings read back: their texts, and the frames that these must lie in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree

from pathways.site.drawing.svg import Drawing

__all__ = ["Area", "areas", "element", "inside", "paragraphs", "said"]

SVG = "{http://www.w3.org/2000/svg}"


class Area(NamedTuple):
    """A rectangle from its left upper to its right lower corner."""

    left: float
    top: float
    right: float
    bottom: float


def element(drawing: Drawing) -> ElementTree.Element:
    """The drawing as XML; raises where it is none."""
    return ElementTree.fromstring(drawing.__html__())  # noqa: S314  # we wrote it


def said(node: ElementTree.Element) -> str:
    """All text in it, in one line."""
    return " ".join("".join(node.itertext()).split())


def paragraphs(node: ElementTree.Element, class_: str) -> list[str]:
    """The texts of one kind in a drawing or a box of it."""
    return [said(group) for group in node.iter(f"{SVG}g") if group.get("class") == class_]


def areas(node: ElementTree.Element, size: float = 16, anchor: str = "start") -> Iterator[Area]:
    """Where each line of text lies: as wide as it is told to be, as high as its letters."""
    size = float(node.get("font-size", size))
    anchor = node.get("text-anchor", anchor)
    if node.tag == f"{SVG}text":
        x, y, width = float(node.get("x", 0)), float(node.get("y", 0)), float(node.get("textLength", 0))
        left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        yield Area(left, y - size, left + width, y + 0.25 * size)
    for child in node:
        yield from areas(child, size, anchor)


def inside(inner: Area, outer: Area) -> bool:
    """Whether the first lies in the second, up to the rounding of what is written."""
    slack = 0.11
    return (
        inner.left >= outer.left - slack
        and inner.top >= outer.top - slack
        and inner.right <= outer.right + slack
        and inner.bottom <= outer.bottom + slack
    )


def frame(node: ElementTree.Element) -> Area:
    """The first rectangle of a group."""
    rect = next(node.iter(f"{SVG}rect"))
    x, y, width, height = (float(rect.get(name, 0)) for name in ("x", "y", "width", "height"))
    return Area(x, y, x + width, y + height)
