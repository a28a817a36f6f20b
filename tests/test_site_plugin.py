"""The plugin in the site of an organisation: its options, what it refuses, what a page may load, and the same bytes twice."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from mkdocs.exceptions import Abort

import hostile
import small
from building import build

POLICY = {
    "default-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'none'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
}


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest rules in the site of an organisation."""
    folder = tmp_path_factory.mktemp("clinic")
    small.write(folder)
    return build(folder)


def html(site: Path, path: str) -> str:
    return (site / path / "index.html").read_text(encoding="utf-8")


def refused(folder: Path, caplog: pytest.LogCaptureFixture, **options: Any) -> str:
    """What a build that fails says."""
    with pytest.raises(Abort):
        build(folder, **options)
    assert "Traceback" not in caplog.text
    return caplog.text


# -- options -------------------------------------------------------------------------------------------------------------


def test_pages_stand_where_at_says(tmp_path: Path) -> None:
    small.write(tmp_path)

    site = build(tmp_path, plugin={"at": "guides/ent"})

    assert "bleed" in html(site, "guides/ent/nose/rules")
    assert not (site / "pathways").exists()


def test_another_folder_of_rules(tmp_path: Path) -> None:
    small.write(tmp_path).rename(tmp_path / "ours")

    assert "bleed" in html(build(tmp_path, plugin={"rules": "ours"}), "pathways/nose/rules")


def test_a_rule_leads_to_its_line_in_the_repository(tmp_path: Path) -> None:
    rules = small.write(tmp_path)
    line = (rules / "nose.yaml").read_text(encoding="utf-8").splitlines().index("  bleed:") + 1

    page = html(build(tmp_path, plugin={"source": "https://example.org/rules/"}), "pathways/nose/rules")

    assert f'<a href="https://example.org/rules/nose.yaml#L{line}"' in page


def test_without_a_repository_a_rule_leads_to_its_line_in_the_site(clinic: Path) -> None:
    link = BeautifulSoup(html(clinic, "pathways/nose/rules"), "html.parser").find("a", string="rules/nose.yaml:8:3")
    file = BeautifulSoup(html(clinic, "pathways/files/nose"), "html.parser")

    assert link["href"] == "../../files/nose/#L8"
    assert file.find(id="L8").get_text().startswith("  bleed:")


def test_the_pages_stand_after_the_home_page_by_pathway(clinic: Path) -> None:
    nav = BeautifulSoup(html(clinic, "."), "html.parser").select_one("nav.md-nav--primary")
    titles = [" ".join(one.get_text().split()) for one in nav.select("a.md-nav__link .md-ellipsis")]

    assert titles[:6] == ["Our hospital", "Tiny", "Nose", "Try it", "Flowchart", "Decision graph"]
    assert {"Rules", "Findings", "Danger signs", "Glossary"} <= set(titles)


def test_a_navigation_of_ones_own_is_kept_and_added_to(tmp_path: Path) -> None:
    small.write(tmp_path)
    docs = {"index.md": "# Home\n", "phone.md": "# Phone numbers\n"}

    site = build(tmp_path, docs=docs, nav=[{"Start": "index.md"}, {"Numbers": "phone.md"}])

    nav = BeautifulSoup(html(site, "."), "html.parser").select_one("nav.md-nav--primary > ul")
    tops = [" ".join(one.select_one(".md-ellipsis").get_text().split()) for one in nav.find_all("li", recursive=False)]
    assert tops == ["Start", "Tiny", "Numbers"]


def test_a_navigation_that_places_one_of_the_pages_is_left_as_it_is(tmp_path: Path) -> None:
    small.write(tmp_path)

    site = build(tmp_path, nav=[{"Start": "index.md"}, {"Bleeding nose": "pathways/nose/index.md"}])

    nav = BeautifulSoup(html(site, "."), "html.parser").select_one("nav.md-nav--primary > ul")
    assert len(nav.find_all("li", recursive=False)) == 2
    assert "bleed" in html(site, "pathways/nose/rules")


def test_nothing_is_written_beside_the_site(tmp_path: Path) -> None:
    small.write(tmp_path)
    build(tmp_path)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file() and "site" not in file.parts}

    build(tmp_path)

    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file() and "site" not in file.parts} == before


# -- what is refused -----------------------------------------------------------------------------------------------------


def test_a_missing_folder_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert "there is no such folder" in refused(tmp_path, caplog)


BROKEN = {
    "a rule": ({"nose": "rules: {}"}, r"rules/nose\.yaml:1:1: error\["),
    "a case": ({"nose.cases": "- {case: x, given: {bleding: yes}, expect: {urgency: urgent, services: []}}"}, r"`bleding` .*\n.*did you mean `bleeding`"),
    "a requirement": ({"requirements": "never_below: {x: {means: x, pathways: [nose], when: bleding, urgency: urgent, sources: [E1]}}"}, "bleding"),
    "a hazard": ({"hazards": "estimates: ours\nhazards: {x: {}}"}, r"rules/hazards\.yaml:2:\d+: error\["),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_mistake_of_an_author_is_told_with_its_place(tmp_path: Path, caplog: pytest.LogCaptureFixture, what: str) -> None:
    texts, said = BROKEN[what]
    small.write(tmp_path, **texts)

    assert re.search(said, refused(tmp_path, caplog))


@pytest.mark.parametrize("page", ["pathways/nose/rules.md", "pathways/nose.md", "assets/pathways/site.css"])
def test_a_page_of_ones_own_in_the_same_place_is_refused(tmp_path: Path, caplog: pytest.LogCaptureFixture, page: str) -> None:
    small.write(tmp_path)

    said = refused(tmp_path, caplog, docs={"index.md": "# Home\n", page: "# Ours\n"})

    assert f"{page} stands in the documentation folder, and the rule set has such a page too" in said


@pytest.mark.parametrize("name", ["try", "changes", "glossary"])
def test_a_pathway_called_like_a_page_of_every_rule_set_is_refused(tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str) -> None:
    rules = small.write(tmp_path)
    (rules / f"{name}.yaml").write_text(
        (rules / "nose.yaml").read_text(encoding="utf-8").replace("pathway: nose", f"pathway: {name}"), encoding="utf-8"
    )
    (rules / "nose.yaml").unlink()
    (rules / "nose.cases.yaml").unlink(missing_ok=True)

    said = refused(tmp_path, caplog)

    assert f"two pages of the rule set would be pathways/{name}/index.html" in said
    assert "help: every rule set has such a page; call that pathway otherwise" in said


WRONG = {
    "outside the site": ({"at": "../up"}, "'../up' is no place in a site"),
    "no place": ({"at": ""}, "'' is no place in a site: write names of folders, such as guides/ent"),
    "a space": ({"at": "our rules"}, "'our rules' is no place in a site"),
    "a script": ({"source": "javascript:alert(1)"}, "'javascript:alert(1)' is no address: it begins with https:// or http://"),
    "an option that is none": ({"rule": "rules"}, "Unrecognised configuration name: rule"),
}


@pytest.mark.parametrize("what", WRONG)
def test_an_option_that_cannot_be_meant_is_refused(tmp_path: Path, caplog: pytest.LogCaptureFixture, what: str) -> None:
    plugin, said = WRONG[what]
    small.write(tmp_path)

    assert said in refused(tmp_path, caplog, plugin=plugin)


def test_fonts_from_elsewhere_are_complained_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    small.write(tmp_path)

    said = refused(tmp_path, caplog, theme={"name": "material"})

    assert "the theme would fetch its fonts from elsewhere, and a page here loads nothing from there" in said
    assert "help: write `font: false` under `theme:`" in said


# -- what a page may load ------------------------------------------------------------------------------------------------


def policies(text: str) -> list[dict[str, str]]:
    metas = BeautifulSoup(text, "html.parser").find_all("meta", {"http-equiv": "Content-Security-Policy"})
    return [dict(part.split(" ", 1) for part in meta["content"].split("; ")) for meta in metas]


def pages(site: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(site.rglob("*.html")):
        yield str(file.relative_to(site)), file.read_text(encoding="utf-8")


def inline(tag: Tag) -> bool:
    return tag.name == "script" and not tag.get("src") and tag.get("type") != "application/json"


def hashed(script: Tag) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.string.encode()).digest()).decode()}'"


def test_every_page_has_one_policy_before_anything_that_it_governs(built_site: Path) -> None:
    wrong = {}
    for path, text in pages(built_site):
        found = policies(text)
        if len(found) != 1 or {key: value for key, value in found[0].items() if key != "script-src"} != POLICY:
            wrong[path] = found
        if text.index("Content-Security-Policy") > min(text.index(start) for start in ("<script", "<link", "<style") if start in text):
            wrong[path] = "too late"
    assert wrong == {}


def test_a_policy_allows_the_scripts_of_the_theme_and_no_other(built_site: Path) -> None:
    wrong = {}
    for path, text in pages(built_site):
        soup = BeautifulSoup(text, "html.parser")
        wanted = sorted({hashed(tag) for tag in soup.find_all(inline) if tag.find_parent("article") is None})
        if policies(text)[0]["script-src"].split() != ["'self'", *wanted]:
            wrong[path] = policies(text)[0]["script-src"]
        if [tag for tag in soup.select("article script") if not tag.get("src")]:
            wrong[path] = "a script in the content"
    assert wrong == {}


def test_what_authors_write_changes_nothing_in_a_policy(tmp_path: Path, clinic: Path) -> None:
    """A title that closes the title of the page and opens a script adds no script to those allowed."""
    hostile.write(tmp_path)

    allowed = {policies(text)[0]["script-src"] for path, text in pages(build(tmp_path)) if path.startswith("pathways")}

    assert allowed <= {policies(text)[0]["script-src"] for _, text in pages(clinic)}


LOADS = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "link": "href",
    "object": "data",
    "embed": "src",
    "video": "src",
    "audio": "src",
}


def test_nothing_is_loaded_from_elsewhere(built_site: Path) -> None:
    found = {
        (path, tag.name, tag[LOADS[tag.name]])
        for path, text in pages(built_site)
        for tag in BeautifulSoup(text, "html.parser").find_all(list(LOADS))
        if (tag.name != "link" or set(tag.get("rel", ())) & {"stylesheet", "icon", "preload", "preconnect", "manifest", "modulepreload"})
        and re.match(r"(?:https?:)?//", str(tag.get(LOADS[tag.name], "")))
    }
    styles = {
        (str(file.relative_to(built_site)), address)
        for file in built_site.rglob("*.css")
        for address in re.findall(r"(?:url\(|@import)\s*['\"]?((?:https?:)?//[^)'\"\s]+)", file.read_text(encoding="utf-8"))
    }

    assert found | styles == set()


def test_what_makes_the_theme_fetch_is_on_no_page(built_site: Path) -> None:
    """Its script asks elsewhere for diagrams, for numbers of a repository, for analytics and for versions."""
    wanted = 'class="mermaid"', 'data-md-component="source"', "fonts.googleapis.com", "googletagmanager", '"version":{', "gravatar"

    assert [(path, one) for path, text in pages(built_site) for one in wanted if one in text] == []


def test_every_link_between_pages_leads_somewhere(built_site: Path) -> None:
    ids = {path: {tag["id"] for tag in BeautifulSoup(text, "html.parser").find_all(id=True)} for path, text in pages(built_site)}
    lost = set()
    for path, text in pages(built_site):
        for link in BeautifulSoup(text, "html.parser").select("article a[href], article link[href], article script[src]"):
            address = urlsplit(urljoin(f"https://here/{path}", link.get("href") or link.get("src")))
            if address.netloc != "here":
                continue
            target = unquote(address.path.lstrip("/"))
            target += "index.html" if not target or target.endswith("/") else ""
            if not (built_site / target).is_file() or (address.fragment and unquote(address.fragment) not in ids.get(target, ())):
                lost.add((path, link.get("href") or link.get("src")))
    assert lost == set()


def test_the_same_day_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795608000")
    made = []
    for name in ("one", "other"):
        folder = tmp_path / name
        folder.mkdir()
        small.write(folder)
        site = build(folder, site_url="https://example.org/")
        made.append({str(file.relative_to(site)): file.read_bytes() for file in site.rglob("*") if file.is_file()})

    assert sorted(made[0]) == sorted(made[1])
    assert [name for name in made[0] if made[0][name] != made[1][name]] == []
    assert b"2026-11-25" in made[0]["pathways/index.html"]
    assert b"2026-11-25" in made[0]["sitemap.xml"]
