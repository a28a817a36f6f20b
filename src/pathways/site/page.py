"""A generated page, and how it becomes HTML: templates with autoescape, the one place where text of a rule file is escaped.

Knows nothing of MkDocs or of what the pages say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

__all__ = ["Heading", "Page", "anchors", "headings", "render"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page at `path` below the rule set's part of the site (`epistaxis/rules`, `epistaxis/index`): a template with its values.

    `title` is text. `scripts` and `styles` name files of `assets` that this page needs beside those of every page.
    """

    path: str
    title: str
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()


# No template marks text as markup: what a rule file says is escaped wherever it stands.
_TEMPLATES = Environment(
    loader=PackageLoader("pathways.site"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def render(page: Page, to: Callable[..., str], asset: Callable[[str], str], **common: Any) -> str:
    """The body of the page. `to(path, anchor)` and `asset(name)` are the addresses of other pages and of files, from this one."""
    template = _TEMPLATES.get_template(f"{page.template}.html.j2")
    return template.render(**common, **page.values, page=page, to=to, asset=asset)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with an id, as the table of contents lists it; its text escaped."""

    level: int
    id: str
    text: str


class _Outline(HTMLParser):
    """The headings and the ids of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[Heading] = []
        self.ids: set[str] = set()
        self._open: tuple[int, str] | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = dict(attrs).get("id")
        if name:
            self.ids.add(name)
            if tag in ("h1", "h2", "h3", "h4"):
                self._open, self._text = (int(tag[1]), name), []

    def handle_data(self, data: str) -> None:
        if self._open:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._open and tag == f"h{self._open[0]}":
            self.headings.append(Heading(*self._open, escape(" ".join("".join(self._text).split()))))
            self._open = None


def headings(html: str) -> list[Heading]:
    """The headings of a rendered page that can be linked to, in order."""
    return _outlined(html).headings


def anchors(html: str) -> set[str]:
    """Every id of a rendered page."""
    return _outlined(html).ids


def _outlined(html: str) -> _Outline:
    outline = _Outline()
    outline.feed(html)
    outline.close()
    return outline
