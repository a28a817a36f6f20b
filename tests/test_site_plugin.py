"""The plugin in the site of an organisation: its options, what it refuses, what a page may load, and the same bytes twice."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, PluginError

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


def test_two_folders_of_rules_are_two_sites(tmp_path: Path) -> None:
    """Both would ask at the bedside what the second says."""
    small.write(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: a site\nplugins: [pathways, {pathways: {at: others}}]\n", encoding="utf-8")
    config = load_config(str(tmp_path / "mkdocs.yml"), strict=False)

    with pytest.raises(PluginError, match="a site shows one folder of rules"):
        config.plugins.run_event("config", config)


def test_a_script_of_ones_own_is_not_lost_to_what_works_without_a_network(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    small.write(tmp_path)

    said = refused(tmp_path, caplog, docs={"index.md": "# Home\n", "pathways/worker.js": "ours"})

    assert "pathways/worker.js stands in the documentation folder" in said


def test_a_title_that_holds_a_script_is_refused(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Among the scripts of the theme it would be allowed."""
    small.write(tmp_path)
    docs = {"index.md": "---\ntitle: '</title><script>alert(1)</script>'\n---\n# Home\n"}

    assert "index.md: its title holds a script" in refused(tmp_path, caplog, docs=docs)


def test_fonts_from_elsewhere_are_complained_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    small.write(tmp_path)

    said = refused(tmp_path, caplog, theme={"name": "material"})

    assert "the theme would fetch its fonts from elsewhere, and a page here loads nothing from there" in said
    assert "help: write `font: false` under `theme:`" in said


# -- what a page may load ------------------------------------------------------------------------------------------------


class Element:
    """A start tag where it stands; of a script with its text."""

    __slots__ = ("attributes", "content", "tag", "text")

    def __init__(self, tag: str, attributes: dict[str, str], content: bool) -> None:
        self.tag, self.attributes, self.content, self.text = tag, attributes, content, ""

    @property
    def inline(self) -> bool:
        return self.tag == "script" and not self.attributes.get("src") and self.attributes.get("type") != "application/json"

    @property
    def hashed(self) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(self.text.encode()).digest()).decode()}'"


class Reader(HTMLParser):
    """Every start tag of a page; `content` is what stands in its article. A site has millions of them, so no tree is made."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Element] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = self.inside or tag == "article"
        self.found.append(Element(tag, {name: value or "" for name, value in attrs}, self.inside))

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "article"

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            self.found[-1].text += data


def elements(text: str) -> list[Element]:
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader.found


@pytest.fixture(scope="module")
def seen(built_site: Path) -> dict[str, list[Element]]:
    """Page → its elements, read once."""
    return {path: elements(text) for path, text in pages(built_site)}


def policies(found: list[Element]) -> list[dict[str, str]]:
    metas = [one.attributes for one in found if one.tag == "meta" and one.attributes.get("http-equiv") == "Content-Security-Policy"]
    return [dict(part.split(" ", 1) for part in meta["content"].split("; ")) for meta in metas]


def pages(site: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(site.rglob("*.html")):
        yield str(file.relative_to(site)), file.read_text(encoding="utf-8")


def test_every_page_has_one_policy_before_anything_that_it_governs(seen: dict[str, list[Element]]) -> None:
    wrong: dict[str, object] = {}
    for path, found in seen.items():
        policy = policies(found)
        if len(policy) != 1 or {key: value for key, value in policy[0].items() if key != "script-src"} != POLICY:
            wrong[path] = policy
        first = next(one for one in found if one.tag in ("script", "link", "style") or one.attributes.get("http-equiv"))
        if first.tag != "meta":
            wrong[path] = "too late"
    assert wrong == {}


def test_a_policy_allows_the_scripts_of_the_theme_and_no_other(seen: dict[str, list[Element]]) -> None:
    wrong = {}
    for path, found in seen.items():
        wanted = sorted({one.hashed for one in found if one.inline and not one.content})
        if policies(found)[0]["script-src"].split() != ["'self'", *wanted]:
            wrong[path] = policies(found)[0]["script-src"]
        if [one for one in found if one.inline and one.content]:
            wrong[path] = "a script in the content"
    assert wrong == {}


LOADED = {
    "pathways/nose/flowchart": ({"drawing.css"}, {"zoom.js"}),
    "pathways/nose/graph": ({"drawing.css"}, {"zoom.js"}),
    "pathways/nose/rule-graphs": ({"drawing.css"}, {"zoom.js"}),
    "pathways/nose/rules": (set(), set()),
}


@pytest.mark.parametrize("path", LOADED)
def test_a_page_loads_the_files_that_it_names(clinic: Path, path: str) -> None:
    article = BeautifulSoup(html(clinic, path), "html.parser").find("article")
    names = [[Path(tag[key]).name for tag in article.find_all(tag_, **{key: True})] for tag_, key in (("link", "href"), ("script", "src"))]

    assert tuple(map(set, names)) == LOADED[path]
    assert all((clinic / "assets/pathways" / name).is_file() for found in names for name in found)


def test_what_authors_write_changes_nothing_in_a_policy(tmp_path: Path, clinic: Path) -> None:
    """A title that closes the title of the page and opens a script adds no script to those allowed."""
    hostile.write(tmp_path)

    allowed = {policies(elements(text))[0]["script-src"] for path, text in pages(build(tmp_path)) if path.startswith("pathways")}

    assert allowed <= {policies(elements(text))[0]["script-src"] for _, text in pages(clinic)}


FETCHED = {"stylesheet", "icon", "preload", "preconnect", "manifest", "modulepreload"}
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


def test_nothing_is_loaded_from_elsewhere(built_site: Path, seen: dict[str, list[Element]]) -> None:
    found = {
        (path, one.tag, one.attributes.get(LOADS[one.tag], ""))
        for path, listed in seen.items()
        for one in listed
        if one.tag in LOADS
        and (one.tag != "link" or set(one.attributes.get("rel", "").split()) & FETCHED)
        and re.match(r"(?:https?:)?//", one.attributes.get(LOADS[one.tag], ""))
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


def test_every_link_between_pages_leads_somewhere(built_site: Path, seen: dict[str, list[Element]]) -> None:
    ids = {path: {one.attributes["id"] for one in found if "id" in one.attributes} for path, found in seen.items()}
    lost = set()
    for path, found in seen.items():
        links = {
            one.attributes.get("href") or one.attributes.get("src") for one in found if one.content and one.tag in ("a", "link", "script")
        }
        for link in links - {None, ""}:
            address = urlsplit(urljoin(f"https://here/{path}", link))
            target = unquote(address.path.lstrip("/"))
            target += "index.html" if not target or target.endswith("/") else ""
            there = (built_site / target).is_file() and (not address.fragment or unquote(address.fragment) in ids.get(target, ()))
            if address.netloc == "here" and not there:
                lost.add((path, link))
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
