"""SVG as text: the one place where what stands in a drawing is escaped.

Look is given by presentation attributes and classes only, never by `style`, so that the strictest policy can show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

__all__ = ["Drawing", "Shape", "shape"]


@dataclass(frozen=True, slots=True)
class Shape:
    """One element: its attributes in order, and what stands in it."""

    tag: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple[Shape | str, ...]

    def __str__(self) -> str:
        said = "".join(f' {name}="{escape(value)}"' for name, value in self.attributes)
        inner = "".join(escape(child, quote=False) if isinstance(child, str) else str(child) for child in self.children)
        return f"<{self.tag}{said}>{inner}</{self.tag}>"


def shape(tag: str, *children: Shape | str, **attributes: str | float | None) -> Shape:
    """An element; `class_` is `class`, `stroke_width` is `stroke-width`, and an attribute that is None is left out."""
    said = ((name.rstrip("_").replace("_", "-"), _said(value)) for name, value in attributes.items() if value is not None)
    return Shape(tag, tuple(said), children)


def _said(value: str | float) -> str:
    return value if isinstance(value, str) else f"{round(value, 1):.10g}"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of `width` by `height` units with its name and description; a template writes it as it is.

    Its links and its text stay readable for who cannot see it: it is a group with a name, not one image.
    """

    id: str
    width: float
    height: float
    title: str
    description: str
    shapes: tuple[Shape, ...]

    def __html__(self) -> str:
        names = [shape("title", self.title, id=f"{self.id}-title"), shape("desc", self.description, id=f"{self.id}-desc")]
        card = shape("rect", width=self.width, height=self.height, fill="#ffffff", class_="pw-card")
        return str(
            Shape(
                "svg",
                (
                    ("xmlns", "http://www.w3.org/2000/svg"),
                    ("id", self.id),
                    ("class", "pw-drawing"),
                    ("viewBox", f"0 0 {_said(self.width)} {_said(self.height)}"),
                    ("width", _said(self.width)),
                    ("height", _said(self.height)),
                    ("role", "group"),
                    ("aria-labelledby", f"{self.id}-title"),
                    ("aria-describedby", f"{self.id}-desc"),
                    ("font-family", "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif"),
                ),
                (*names, card, *self.shapes),
            )
        )
