"""A generated page, and how it becomes HTML: templates with autoescape, the one place where text of a rule file is escaped.

Knows nothing of MkDocs or of what the pages say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import escape

__all__ = ["Heading", "Page", "anchors", "headings", "render"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page at `path` below the rule set's part of the site (`epistaxis/rules`, `epistaxis/index`): a template with its values.

    `title` is text. `scripts` and `styles` name files of `assets` that this page needs beside those of every page.
    `search` says whether its words are found: not those that another page says better. `hide` names parts of the theme that it
    is shown without (`navigation`, `toc`).
    """

    path: str
    title: str
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    search: bool = True
    hide: tuple[str, ...] = ()


# No template marks text as markup: what a rule file says is escaped wherever it stands.
_TEMPLATES = Environment(
    loader=PackageLoader("pathways.site"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def render(page: Page, to: Callable[..., str], asset: Callable[[str], str], **common: Any) -> str:
    """The body of the page. `to(path, anchor)` and `asset(name)` are the addresses of other pages and of files, from this one."""
    template = _TEMPLATES.get_template(f"{page.template}.html.j2")
    body = template.render(**common, **page.values, page=page, to=to, asset=asset)
    styles = "".join(f'<link rel="stylesheet" href="{escape(asset(name))}">\n' for name in page.styles)
    scripts = "".join(f'<script src="{escape(asset(name))}" defer></script>\n' for name in page.scripts)
    return f"{styles}{body}\n{scripts}"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with an id, as the table of contents lists it; its text escaped."""

    level: int
    id: str
    text: str


# What is rendered here has every quotation mark of a rule file escaped, so that none of it looks like an attribute.
_ID = re.compile(r' id="([^"]*)"')
_HEADING = re.compile(r'<h(?P<level>[1-4])[^>]* id="(?P<id>[^"]*)"[^>]*>(?P<text>.*?)</h(?P=level)>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def headings(html: str) -> list[Heading]:
    """The headings of a rendered page that can be linked to, in order."""
    return [Heading(int(found["level"]), found["id"], " ".join(_TAG.sub("", found["text"]).split())) for found in _HEADING.finditer(html)]


def anchors(html: str) -> set[str]:
    """Every id of a rendered page."""
    return set(_ID.findall(html))
