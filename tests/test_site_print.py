"""A pathway on paper: all that is urgent on two sheets of A4, 9 pt or more, each with status, version, digest and date, and nothing cut."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

import pathways
from browser import DESKTOP, new_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RULESET = pathways.load()
PATHWAYS = list(RULESET.pathways)
A4 = (595, 842)  # points
SMALLEST = """() => Math.min(...[...document.querySelectorAll(".pw-paper *")]
  .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
  .map(one => parseFloat(getComputedStyle(one).fontSize)))"""


def closed_up(text: str) -> str:
    """The text without any space: where lines end is the paper's."""
    return "".join(text.split())


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_a_pathway_is_printed_on_two_sheets_of_a4(built_site: Path, chromium: Browser, address: str, pathway: str) -> None:
    with new_page(chromium, address, DESKTOP) as page:
        page.goto(f"{address}pathways/{pathway}/")
        printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
        page.emulate_media(media="print")
        points = page.evaluate(SMALLEST) * 72 / 96

    sheets = [closed_up(sheet.extract_text()) for sheet in printed.pages]
    about, html = RULESET.pathways[pathway], (built_site / "pathways" / pathway / "index.html").read_text(encoding="utf-8")
    head = [about.title, "DRAFT", RULESET.notice, about.notice, RULESET.version, RULESET.digest[:12], about.review_by]
    date = BeautifulSoup(html, "html.parser").select_one(".pw-sheet-version").get_text().split("pages of ")[1][:10]

    assert [(round(sheet.mediabox.width), round(sheet.mediabox.height)) for sheet in printed.pages] == [A4, A4]
    assert points >= 9
    assert [[text for text in (*head, date) if closed_up(text) not in sheet] for sheet in sheets] == [[], []]
    paper = BeautifulSoup(html, "html.parser").select_one(".pw-paper tbody")
    assert [text for text in map(closed_up, paper.stripped_strings) if text not in "".join(sheets)] == []
    assert "Allfindings" not in "".join(sheets), "the navigation is printed too"


@pytest.mark.parametrize("path", ["rules", "findings"])
def test_the_other_pages_print_with_their_banner(chromium: Browser, address: str, path: str) -> None:
    with new_page(chromium, address, DESKTOP) as page:
        page.goto(f"{address}pathways/post_tonsillectomy_bleed/{path}/")
        first = closed_up(PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages[0].extract_text())

    assert closed_up("Reconstructed, not the local pathway") in first
    assert closed_up(RULESET.notice) in first
