"""Every kind of page of the site in a browser: who cannot see, or has no mouse, can use it, and nothing is asked of elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import pathways
from browser import DESKTOP, PHONE, ROOT, new_page, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

AT = "pathways"
NOT_WORKING = ("serious", "critical")
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OF_COLOUR = ("color-contrast", "link-in-text-block")


def pages_of(site: Path, but: str = "") -> list[str]:
    """The addresses of the generated pages, without those of one pathway."""
    found = sorted(str(file.parent.relative_to(site)) + "/" for file in (site / AT).rglob("index.html"))
    return [address for address in found if not but or not address.startswith(f"{AT}/{but}/")]


def problems(page: Page, rules: tuple[str, ...]) -> list[Any]:
    """What axe finds that keeps somebody from using the page."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page, options={"runOnly": list(rules), "resultTypes": ["violations"]}).response["violations"]
    return [(one["id"], one["help"], [node["target"] for node in one["nodes"]][:5]) for one in found if one["impact"] in NOT_WORKING]


CUT = """[...document.querySelectorAll('.pw-dense :is(td, th)')]
  .filter(cell => /[a-z]{6}/i.test(cell.textContent) && cell.clientWidth < 60 && cell.closest('table').dataset.table !== 'matrix')
  .map(cell => cell.textContent.trim())"""
OUT_OF_REACH = """[...document.querySelectorAll('.pw-dense')]
  .filter(box => box.scrollWidth > box.clientWidth && box.tabIndex < 0 && !box.querySelector('a[href], summary'))
  .map(box => box.textContent.trim().slice(0, 60))"""


@pytest.mark.parametrize("chapter", ["governance", "verification", "traceability", "hazards", "safety-case", "sources"])
def test_on_a_phone_a_table_cuts_no_word_and_scrolls_by_keyboard(chromium: Browser, small_site: Path, chapter: str) -> None:
    """A column is wide enough for its words; what does not fit scrolls in its own box, and the page does not."""
    with serving(small_site) as address, new_page(chromium, address, PHONE) as page:
        page.goto(f"{AT}/{chapter}/")

        assert page.evaluate(CUT) == []
        assert page.evaluate(OUT_OF_REACH) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("chapter", ["hazards", "safety-case", "governance", "verification"])
def test_on_paper_a_table_keeps_its_words_and_its_red(chromium: Browser, small_site: Path, chapter: str) -> None:
    """Printed from a dark screen on A4: no table is wider than the sheet, no column narrower than a word, and red is dark enough for paper."""
    with serving(small_site) as address, new_page(chromium, address, {"width": 718, "height": 1000}, color_scheme="dark") as page:
        page.emulate_media(media="print")
        page.goto(f"{AT}/{chapter}/")

        assert (
            page.evaluate("[...document.querySelectorAll('.pw-dense')].filter(box => box.scrollWidth > box.clientWidth + 16).length") == 0
        )
        assert page.evaluate(CUT.replace("< 60", "< 28")) == []
        for selector, wanted in ((".md-content a[href]", "rgb(0, 87, 75)"), (".pw-bad", "rgb(166, 27, 27)")):
            shown = page.evaluate(
                f"[...document.querySelectorAll('.md-content {selector.split()[-1]}')].map(one => getComputedStyle(one).color)"
            )
            assert set(shown) <= {wanted}, selector


@pytest.mark.parametrize(("scheme", "rules"), [("light", RULES), ("dark", OF_COLOUR)])
def test_nothing_serious_is_in_the_way_of_anybody(chromium: Browser, small_site: Path, scheme: str, rules: tuple[str, ...]) -> None:
    """axe finds nothing serious or critical on any kind of page, light or dark."""
    addresses = pages_of(small_site, but="infant")
    assert len(addresses) > 15
    found: dict[str, Any] = {}

    with serving(small_site) as address, new_page(chromium, address, DESKTOP, color_scheme=scheme) as page:
        for place in addresses:
            page.goto(place)
            if bad := problems(page, rules):
                found[place] = bad

    assert found == {}


def test_the_bedside_page_in_use(phone: Page) -> None:
    """The same of a page that shows a level, calls, answers and a contradiction, on a phone."""
    phone.goto(f"{AT}/nose_trauma/try/")
    assert problems(phone, RULES) == []
    phone.get_by_role("button", name="None of these").click()
    phone.get_by_text("Ask something else").click()
    phone.get_by_role("button", name="Measured now").click()
    for finding, text in (("heart_rate", "96"), ("gcs", "8")):
        phone.locator(f"#try-{finding}").fill(text)
        phone.locator(f"#try-{finding}").press("Tab")
        assert problems(phone, RULES) == []
    assert "NOTHING DECIDED" in phone.locator(".pw-status-lines").inner_text()


def test_no_page_asks_for_anything_from_elsewhere(page: Page, built_site: Path) -> None:
    """Each is loaded to the end; `page` fails a request that leaves the site, a script that is refused, and an error."""
    others = [name for name in pathways.load().pathways if name != "nasal_foreign_body"]
    addresses = [place for place in pages_of(built_site) if not place.startswith(tuple(f"{AT}/{name}/" for name in others))]

    for address in addresses:
        page.goto(address, wait_until="networkidle")
        assert page.locator("meta[http-equiv=Content-Security-Policy]").count() == 1


def test_every_script_of_the_site_is_a_file_of_this_project_or_its_theme(built_site: Path) -> None:
    ours = {file.name for file in (ROOT / "src" / "pathways" / "site" / "assets").iterdir()} | {"ruleset.js"}

    assert {file.name for file in (built_site / "assets" / "pathways").iterdir()} == ours
