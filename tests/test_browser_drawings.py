"""Drawings in a browser: letters lie where they were measured, pictures grow and shrink, and paper cuts none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import pathways

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Every text of the boxes that leaves its frame by more than a pixel, and how many texts were looked at.
OUTSIDE = """() => {
  const found = [];
  let seen = 0;
  for (const box of document.querySelectorAll(".drawn-box, .drawn-asks, .drawn-end")) {
    const frame = box.querySelector("rect").getBoundingClientRect();
    for (const text of box.querySelectorAll("text")) {
      const area = text.getBoundingClientRect();
      seen += 1;
      if (area.left < frame.left - 1 || area.right > frame.right + 1 || area.top < frame.top - 1 || area.bottom > frame.bottom + 1) {
        found.push(text.textContent);
      }
    }
  }
  return [seen, found];
}"""
STRETCHED = """() => [...document.querySelectorAll(".pw-drawing text[textLength]")].map((text) => {
  const told = Number(text.getAttribute("textLength"));
  text.removeAttribute("textLength");
  return [text.textContent, told, text.getComputedTextLength()];
})"""
A4 = {"width": 718, "height": 1045}  # pixels between margins of 10 mm


@pytest.mark.parametrize("pathway", pathways.load().pathways)
def test_no_letter_leaves_its_box(page: Page, pathway: str) -> None:
    page.goto(f"pathways/{pathway}/flowchart/")
    seen, found = page.evaluate(OUTSIDE)

    assert seen > 100
    assert found == []


def test_no_answer_leaves_its_box(page: Page) -> None:
    page.goto("pathways/post_tonsillectomy_bleed/graph/")
    seen, found = page.evaluate(OUTSIDE)

    assert seen > 100
    assert found == []


def test_the_table_of_widths_is_that_of_the_font(page: Page) -> None:
    """With a font of the usual widths no line is squeezed or drawn out by more than a twentieth."""
    page.goto("pathways/nose_trauma/flowchart/")
    lines = [(text, told, drawn) for text, told, drawn in page.evaluate(STRETCHED) if len(text) > 10]

    assert len(lines) > 100
    assert [line for line in lines if not 0.95 < line[1] / line[2] < 1.05] == []


def test_pictures_grow_and_shrink_by_the_keyboard(page: Page) -> None:
    page.goto("pathways/nose_trauma/flowchart/")
    drawing = page.locator(".pw-picture .pw-drawing").first
    width = drawing.bounding_box()["width"]  # type: ignore[index]

    page.get_by_role("button", name="Larger").press("Enter")
    assert drawing.bounding_box()["width"] == pytest.approx(1.25 * width, abs=1)  # type: ignore[index]
    assert page.locator(".pw-zoom-bar output").inner_text() == "125 %"
    page.get_by_role("button", name="Smaller").press("Enter")
    page.get_by_role("button", name="Smaller").press("Space")
    assert drawing.bounding_box()["width"] == pytest.approx(0.75 * width, abs=1)  # type: ignore[index]
    page.get_by_role("button", name="As wide as the page").press("Enter")
    assert drawing.bounding_box()["width"] == pytest.approx(width, abs=1)  # type: ignore[index]


def test_a_wide_graph_is_shown_where_it_begins(page: Page) -> None:
    page.goto("pathways/nose_trauma/graph/")
    first = page.locator(".drawn-asks").first
    graph = page.locator(".pw-graph")

    inner, outer = first.bounding_box(), graph.bounding_box()
    assert inner is not None
    assert outer is not None
    assert outer["x"] <= inner["x"]
    assert inner["x"] + inner["width"] <= outer["x"] + outer["width"]
    assert page.evaluate("() => { const g = document.querySelector('.pw-graph'); return g.scrollWidth > 2 * g.clientWidth; }")


def test_a_box_leads_to_its_rule(page: Page) -> None:
    page.goto("pathways/epistaxis/flowchart/")
    page.locator("[data-rule='epistaxis/heavy_bleed'] rect").first.click()

    page.wait_for_url("**/pathways/epistaxis/rules/#rule-heavy_bleed")
    assert page.locator("#rule-heavy_bleed").is_visible()


def test_the_way_ends_where_no_rule_holds(page: Page) -> None:
    page.goto("pathways/epistaxis/flowchart/")
    last = page.locator("section.pw-step").last

    assert last.locator("h2").inner_text().startswith("None of these rules: DISCUSS SAME DAY")
    assert "ENT on call, within 4 hours" in last.inner_text()


def test_a_rule_leads_to_its_graph(page: Page) -> None:
    page.goto("pathways/epistaxis/rules/#rule-heavy_bleed")
    page.locator("[data-rule='heavy_bleed']").get_by_role("link", name="question after question").click()

    page.wait_for_url("**/pathways/epistaxis/rule-graphs/#graph-of-heavy_bleed")
    assert page.locator("#graph-of-heavy_bleed").is_visible()


def test_a_phone_is_wide_enough_for_the_page(phone: Page) -> None:
    """A picture is scrolled by itself; the page is not."""
    phone.goto("pathways/epistaxis/flowchart/")

    assert phone.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_no_sheet_of_paper_cuts_a_picture(page: Page) -> None:
    page.set_viewport_size(A4)  # type: ignore[arg-type]
    page.emulate_media(media="print")
    page.goto("pathways/epistaxis/flowchart/")
    pictures = page.locator(".pw-picture").evaluate_all(
        "(all) => all.map((one) => [getComputedStyle(one).breakInside, one.getBoundingClientRect().height, one.scrollWidth - one.clientWidth])"
    )

    assert len(pictures) > 10
    assert {rule for rule, _, _ in pictures} == {"avoid"}
    assert max(height for _, height, _ in pictures) < A4["height"]
    assert {wider for _, _, wider in pictures} == {0}
    assert not page.locator(".pw-zoom-bar").is_visible()
