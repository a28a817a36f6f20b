"""Whatever authors write, a site shows it and nothing runs: every text of every model, in a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from mkdocs.exceptions import Abort

import hostile
import pathways.site
import small
from browser import DESKTOP, new_page, serving
from building import build
from pathways.site.page import _TEMPLATES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# What no page shows, and why it need not.
NOT_SHOWN = {
    "ItemPart.quotes": "tells `check` which words are a source's",
}
READ = """() => {
  document.querySelectorAll("details").forEach(one => { one.open = true });
  const words = text => text.replace(/\\s+/g, " ");
  return {
    pwned: window.pwned ?? null,
    title: words(document.title),
    shown: words(document.body.innerText),
    drawn: words([...document.querySelectorAll("svg text, svg tspan")].map(one => one.textContent).join(" ")),
    inside: words(document.querySelector("article").innerText),
    nav: words(document.querySelector("nav.md-nav--primary").textContent),
    scripts: [...document.querySelectorAll("article script")].map(one => one.src || one.type || one.textContent.slice(0, 80)),
    handlers: [...document.querySelectorAll("*")].filter(one => [...one.attributes].some(a => a.name.startsWith("on"))).map(one => one.outerHTML.slice(0, 80)),
    addresses: [...document.querySelectorAll("article a[href]")].map(one => new URL(one.getAttribute("href"), location).protocol).filter((one, n, all) => all.indexOf(one) === n),
    wide: document.documentElement.scrollWidth - innerWidth,
  };
}"""


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A site of hostile rules, and what was planted where."""
    folder = tmp_path_factory.mktemp("hostile")
    texts = hostile.write(folder)
    return build(folder), texts


@pytest.fixture(scope="module")
def read(planted: tuple[Path, dict[str, str]], chromium: Browser) -> Iterator[dict[str, dict[str, object]]]:
    """Page → what a browser makes of it. What runs, fails to load, or asks elsewhere fails the test."""
    site = planted[0]
    pages = sorted(str(file.parent.relative_to(site)) + "/" for file in site.rglob("index.html"))
    found: dict[str, dict[str, object]] = {}
    with serving(site) as address, new_page(chromium, address, DESKTOP) as page:
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
        for path in pages:
            page.goto(address + path)
            found[path] = page.evaluate(READ)
        yield found


def test_every_text_of_every_model_is_planted(planted: tuple[Path, dict[str, str]]) -> None:
    """A new field of a model is missing here until a hostile text stands in it."""
    assert hostile.fields() == {name.rsplit(" ", 1)[0] for name in planted[1]}


def test_nothing_runs(read: dict[str, dict[str, object]]) -> None:
    assert {path: one["pwned"] for path, one in read.items() if one["pwned"] is not None} == {}
    assert {path: one["handlers"] for path, one in read.items() if one["handlers"]} == {}


def test_no_script_stands_in_what_authors_write(read: dict[str, dict[str, object]]) -> None:
    local = {path: [src for src in one["scripts"] if not str(src).startswith("http://127.0.0.1")] for path, one in read.items()}

    assert {path: found for path, found in local.items() if found} == {}


def test_a_link_leads_to_a_page_and_to_nothing_that_runs(read: dict[str, dict[str, object]]) -> None:
    assert {protocol for one in read.values() for protocol in one["addresses"]} <= {"http:", "https:"}


def test_visible_text_is_what_was_written(planted: tuple[Path, dict[str, str]], read: dict[str, dict[str, object]]) -> None:
    """Each planted text stands on some page, character for character."""
    shown = [str(one["shown"]) for path, one in read.items() if "/files/" not in path]
    missing = {name: said for name, said in planted[1].items() if not any(" ".join(said.split()) in page for page in shown)}

    assert {name.rsplit(" ", 1)[0] for name in missing} == set(NOT_SHOWN)


def test_titles_say_what_was_written(planted: tuple[Path, dict[str, str]], read: dict[str, dict[str, object]]) -> None:
    """In the window's title and in the navigation, where a theme escapes nothing itself."""
    texts = planted[1]
    pathway, ruleset = (" ".join(texts[name].split()) for name in ("PathwayFile.title 1", "RuleSetFile.title 1"))

    assert read["pathways/nose/"]["title"] == f"{pathway} - Our hospital"
    assert read["pathways/"]["title"] == f"{ruleset} - Our hospital"
    assert pathway in str(read["pathways/nose/"]["nav"])
    assert ruleset in str(read["pathways/nose/"]["nav"])


def test_long_words_do_not_widen_a_page(read: dict[str, dict[str, object]]) -> None:
    assert {path: one["wide"] for path, one in read.items() if int(str(one["wide"])) > 0} == {}


def test_the_search_shows_it_and_runs_nothing(planted: tuple[Path, dict[str, str]], chromium: Browser) -> None:
    site, texts = planted
    said = texts["RulePart.title 1"]
    with serving(site) as address, new_page(chromium, address, DESKTOP) as page:
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
        page.goto(address)
        search(page, said.split()[0])
        results = " ".join(page.locator(".md-search-result__list").inner_text().split())

        assert page.evaluate("window.pwned ?? null") is None
        assert " ".join(said.split())[:300] in results
        search(page, "onerror script pwned")

        assert page.evaluate("window.pwned ?? null") is None


def search(page: Page, words: str) -> None:
    """Types the words as a person does: the theme looks once a key is let go."""
    field = page.locator("input.md-search__input")
    field.fill(words)
    field.press("End")
    page.locator(".md-search-result__link").first.wait_for(timeout=60_000)
    page.wait_for_timeout(500)


def test_the_search_index_is_text_alone(planted: tuple[Path, dict[str, str]]) -> None:
    """The theme writes what it finds there into the page as markup: nothing but its own few tags may stand in it."""
    index = json.loads((planted[0] / "search" / "search_index.json").read_text(encoding="utf-8"))
    allowed = {f"<{slash}{tag}>" for slash in ("", "/") for tag in ("p", "code", "pre", "li", "ol", "ul", "sub", "sup")}
    text = "".join(f"{one['title']}{one['text']}" for one in index["docs"])
    for tag in allowed:
        text = text.replace(tag, "")

    assert "pwned" in text
    assert "<" not in text


BIDI = {"an override": "\u202e", "an isolate": "\u2066", "a mark": "\u200f", "nothing": "\u200b", "an escape": "\x1b"}


@pytest.mark.parametrize("what", BIDI)
def test_what_turns_or_hides_text_is_refused_before_there_is_a_page(tmp_path: Path, caplog: pytest.LogCaptureFixture, what: str) -> None:
    small.write(tmp_path, ("nose.yaml", "title: clot,", f"title: clo{BIDI[what]}t,"))

    with pytest.raises(Abort):
        build(tmp_path)
    assert re.search(r"rules/nose\.yaml:\d+:\d+: error\[", caplog.text)


def test_right_to_left_text_stays_in_its_place(tmp_path: Path, chromium: Browser) -> None:
    """Arabic in a title does not turn what stands beside it: the level is still read first to last."""
    small.write(tmp_path, ("nose.yaml", "title: clot,", "title: جلطة 5,"))
    site = build(tmp_path)

    with serving(site) as address, new_page(chromium, address, DESKTOP) as page:
        page.goto(f"{address}pathways/nose/")
        row = page.locator("tr[data-rule=clot]")

        assert row.locator("th a").inner_text() == "جلطة 5"
        assert page.evaluate("getComputedStyle(document.querySelector('tr[data-rule=clot] th a')).unicodeBidi") == "isolate"


def test_no_template_takes_text_for_markup() -> None:
    """Escaping is left to the templates' environment, and nothing switches it off; a drawing says itself that it is markup."""
    templates = Path(pathways.site.__file__).parent / "templates"
    off = re.compile(r"\|\s*safe\b|autoescape|Markup|\bon[a-z]+=|javascript:")

    assert [
        (file.name, found.group()) for file in sorted(templates.iterdir()) for found in off.finditer(file.read_text(encoding="utf-8"))
    ] == []
    assert _TEMPLATES.autoescape is True


# -- the policy --------------------------------------------------------------------------------------------------------


def test_the_policy_holds_where_an_author_writes_a_script_into_a_page_of_their_own(tmp_path: Path, chromium: Browser) -> None:
    """Markdown may hold HTML: its script stands in the page, and does not run."""
    small.write(tmp_path)
    script = "<script>window.pwned = 1</script><img src=x onerror='window.pwned = 2'><script src='https://evil.example/x.js'></script>"
    site = build(tmp_path, docs={"index.md": f"# Our hospital\n\n{script}\n"})
    blocked: list[str] = []
    with serving(site) as address:
        page = chromium.new_page()
        page.on("console", lambda message: blocked.append(message.text))
        page.on("response", lambda response: None if response.url.startswith(address) else pytest.fail(f"answered: {response.url}"))
        page.goto(address)

        assert page.evaluate("window.pwned ?? null") is None
        page.close()
    assert sum("Content Security Policy" in text for text in blocked) >= 3
