"""Where the pages of a rule set stand in the navigation: by pathway, in the order of the table of pages.

Titles are text that a rule file says, and MkDocs themes write titles as they are: they are escaped here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import escape
from mkdocs.structure import StructureItem
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page as MkDocsPage

from pathways.site.page import Page

__all__ = ["titled", "with_pages"]


class _Title(str):
    """A title with its escapes; a theme that strips tags takes one layer of them away, and is given two."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(escape(str(self)))


def titled(text: str) -> str:
    """A title as a theme may write it."""
    return _Title(escape(text))


def with_pages(nav: Navigation, pages: Iterable[tuple[Page, MkDocsPage]]) -> Navigation:
    """The navigation with a section for these pages after the home page; as it is, if its author put one of them there."""
    found = list(pages)
    chosen = {page.file.src_uri for page in nav.pages}
    if any(made.file.src_uri in chosen for _, made in found):
        return nav
    after_home = 1 if nav.items and nav.items[0].is_page else 0
    nav.items.insert(after_home, _section(found))
    nav.pages += [made for _, made in found]
    for one, other in zip(nav.pages, nav.pages[1:], strict=False):
        one.next_page, other.previous_page = other, one
    return nav


def _section(pages: Sequence[tuple[Page, MkDocsPage]]) -> Section:
    """The pages of a folder that has a first page are a section that is called like it; others stand by themselves."""
    heads = {page.path.removesuffix("index").rstrip("/"): page.title for page, _ in pages if page.path.split("/")[-1] == "index"}
    sections = {folder: Section(titled(title), []) for folder, title in heads.items()}
    for page, made in pages:
        folder = page.path.rpartition("/")[0]
        inside = sections[folder] if folder in sections else sections[""]
        if page.path == f"{folder}/index":
            _put(sections[folder], sections[""])
        made.title = titled(_within(page.title, heads.get(folder, "")))
        _put(made, inside)
    return sections[""]


def _put(item: StructureItem, section: Section) -> None:
    item.parent = section
    section.children.append(item)


def _within(title: str, section: str) -> str:
    """The title as it stands in a section: `Rules` for `Nosebleed: rules`."""
    rest = title.removeprefix(f"{section}: ")
    return rest if rest == title else rest[:1].upper() + rest[1:]
