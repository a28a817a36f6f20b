"""The MkDocs plugin: the pages of a rules folder in the site of any organisation.

    plugins:
      - pathways: {rules: rules, at: pathways}

Pages exist in memory only. Nothing here says what a page says.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

from mkdocs.config import config_options
from mkdocs.config.base import Config, ValidationError
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import get_toc
from mkdocs.utils import get_relative_url

from pathways.browser import as_script
from pathways.remarks import InvalidRules
from pathways.ruleset import RuleSet
from pathways.site.navigation import titled, with_pages
from pathways.site.offline import ICON, MANIFEST, WORKER, manifest, worker
from pathways.site.page import Page, anchors, headings, render
from pathways.site.pages import pages_of
from pathways.site.policy import guarded
from pathways.site.since import NotCompared
from pathways.site.theme import named
from pathways.site.verifying import NotVerified
from pathways.site.volume import open_volume

__all__ = ["Plugin"]

ASSETS = "assets/pathways"
OFFLINE = ("try", "glance")  # pages by their template: at the bedside, and the table that stands in when they are out of date
FONT = """mkdocs.yml: the theme would fetch its fonts from elsewhere, and a page here loads nothing from there
  help: write `font: false` under `theme:`"""
LOG = get_plugin_logger(__name__)


class Place(config_options.Type[str]):
    """Where in the site: names of folders, below its root."""

    def run_validation(self, value: object) -> str:
        names = super().run_validation(value).strip("/")
        if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*", names):
            raise ValidationError(f"{value!r} is no place in a site: write names of folders, such as guides/ent")
        return str(names)


class Address(config_options.Type[str]):
    """Where something can be read on the web, or nothing."""

    def run_validation(self, value: object) -> str:
        address = str(super().run_validation(value))
        if address and not re.match(r"https?://[^/]", address):
            raise ValidationError(f"{value!r} is no address: it begins with https:// or http://")
        return address


class Options(Config):
    """What `mkdocs.yml` may say."""

    rules = config_options.Type(str, default="rules")  # the rules folder, from where mkdocs.yml stands
    at = Place(str, default="pathways")  # where in the site its pages stand
    source = Address(str, default="")  # the address of the rules folder in the repository, for links to lines
    checks = config_options.Type(bool, default=True)  # prove what is proved quickly, and compare; no: said in red on each page
    record = config_options.Type(str, default="")  # a verification report that has the rest, from where mkdocs.yml stands
    against = config_options.Type(str, default="")  # what the rules are compared with, if not the last that was approved


class Plugin(BasePlugin[Options]):
    """Adds the pages of one rules folder."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        if sum(isinstance(one, Plugin) for one in config.plugins.values()) > 1:
            raise PluginError("a site shows one folder of rules, and `pathways` stands twice under `plugins`\n  help: make a site for each")
        self.beside = Path(config.config_file_path or ".").parent
        self.folder = self.beside / self.config.rules
        config.extra_css.append(f"{ASSETS}/site.css")
        if config.theme.name == "material" and config.theme.get("font") is not False:
            LOG.warning(FONT)
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        self.common, made = self._read()
        self.ruleset: RuleSet = self.common["ruleset"]
        self.pages: dict[str, Page] = {}
        self.wanted: list[tuple[str, str, str]] = []  # (from, to, anchor), looked at once every page is made
        self.anchors: dict[str, set[str]] = {}
        add = _adder(files)
        for page in made:
            uri = f"{self.config.at}/{page.path}.md"
            add(File.generated(config, uri, content="", inclusion=InclusionLevel.NOT_IN_NAV))  # `on_nav` puts it there
            self.pages[uri] = page
        for asset in resources("pathways.site").joinpath("assets").iterdir():
            add(File.generated(config, f"{ASSETS}/{asset.name}", content=asset.read_bytes()))
        icon = get_relative_url(f"{ASSETS}/{ICON}", f"{self.config.at}/")
        add(File.generated(config, f"{self.config.at}/{MANIFEST}", content=manifest(self.ruleset, "try/", icon)))
        add(File.generated(config, f"{ASSETS}/ruleset.js", content=as_script(self.ruleset)))
        if (place := f"{self.config.at}/{WORKER}") in files.src_uris:
            raise PluginError(f"{place} stands in the documentation folder, and the rule set has such a file too")
        self.files = files
        return files

    def _read(self) -> tuple[Mapping[str, Any], Sequence[Page]]:
        """What every template may use, and the pages; whatever an author can get wrong is said here, without a traceback."""
        record = self.beside / self.config.record if self.config.record else None
        try:
            volume = open_volume(self.folder, _today().isoformat(), self.config.source, self.config.checks, record, self.config.against)
            return volume.common, tuple(pages_of(volume))
        except InvalidRules as error:
            raise PluginError(f"{self.folder} is no rule set:\n{error}") from error
        except NotVerified as error:
            raise PluginError(f"the verification report {error}") from error
        except NotCompared as error:
            raise PluginError(f"the rules are not compared with `{self.config.against}`: {error}") from error

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        return with_pages(nav, ((page, self._made(uri)) for uri, page in self.pages.items()))

    def _made(self, uri: str) -> MkDocsPage:
        found = self.files.get_file_from_path(uri)
        if found is None or found.page is None:
            raise PluginError(f"another plugin took {uri} away")
        return found.page

    def on_page_content(self, html: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        ours = self.pages.get(page.file.src_uri)
        if ours is None:
            return html

        def to(path: str, anchor: str = "") -> str:
            uri = f"{self.config.at}/{path}.md"
            if uri not in self.pages:
                raise PluginError(f"{page.file.src_uri} links to {uri}, and there is no such page")
            self.wanted.append((page.file.src_uri, uri, anchor))
            return self._from(page, uri) + (f"#{anchor}" if anchor else "")

        def asset(name: str) -> str:
            return self._from(page, f"{ASSETS}/{name}")

        def beside(name: str) -> str:
            return get_relative_url(f"{self.config.at}/{name}", page.url)

        body = render(ours, to, asset, beside=beside, **self.common)
        self.anchors[page.file.src_uri] = page.present_anchor_ids = anchors(body)
        page.toc = get_toc(_nested(body))
        page.meta["search"] = {"exclude": not ours.search}
        page.meta["hide"] = list(ours.hide)
        page.meta["title"] = titled(ours.title)  # in full, for the window; the navigation has it as short as its section allows
        return body

    def _from(self, page: MkDocsPage, uri: str) -> str:
        found = self.files.get_file_from_path(uri)
        if found is None:
            raise PluginError(f"{page.file.src_uri} names {uri}, and there is no such file")
        return get_relative_url(found.url, page.url)

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> Any:
        for file in files.documentation_pages():
            # The theme writes titles as they are, beside its own scripts, which the policy allows.
            if file.src_uri not in self.pages and file.page is not None and "<script" in str(file.page.title).lower():
                raise PluginError(f"{file.src_uri}: its title holds a script\n  help: write a title without markup")
        missing = [f"{one} links to {other}#{anchor}" for one, other, anchor in self.wanted if anchor and anchor not in self.anchors[other]]
        if missing:
            raise PluginError("links to places that do not exist:\n" + "\n".join(sorted(set(missing))))
        return env

    @event_priority(100)  # before any plugin that changes what the page is made of, which the policy knows apart from the theme
    def on_post_page(self, output: str, *, page: MkDocsPage, config: MkDocsConfig) -> str:
        return named(guarded(output, page.content or ""))

    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        return named(guarded(output_content)) if template_name.endswith(".html") else output_content

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """What works without a network is known once every file of the site is written."""
        kept = [self._made(uri).file.url for uri, page in self.pages.items() if page.template in OFFLINE]
        kept += [f"{self.config.at}/{MANIFEST}", f"{ASSETS}/{ICON}"]
        text = worker(Path(config.site_dir), self.config.at, kept, self.ruleset)
        (Path(config.site_dir) / self.config.at / WORKER).write_text(text, encoding="utf-8")

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        server.watch(str(self.folder))
        return server


def _adder(files: Files) -> Callable[[File], None]:
    """Adds a file, if no other becomes the same file of the site, as `try.md` and `try/index.md` do: MkDocs would lose one."""
    theirs = {file.dest_uri: file.src_uri for file in files if file.inclusion.is_included()}
    ours: set[str] = set()

    def add(file: File) -> None:
        to = file.dest_uri
        if to in theirs:
            raise PluginError(f"{theirs[to]} stands in the documentation folder, and the rule set has such a page too: both would be {to}")
        if to in ours:
            raise PluginError(
                f"two pages of the rule set would be {to}\n  help: every rule set has such a page; call that pathway otherwise"
            )
        ours.add(to)
        files.append(file)

    return add


def _today() -> date:
    """The day that pages are made for; SOURCE_DATE_EPOCH where the build is to be repeated."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return (datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)).date()


def _nested(html: str) -> list[Any]:
    """The headings below the title as MkDocs takes them: each with those below it."""
    top: list[Any] = []
    stack: list[dict[str, Any]] = []
    for heading in headings(html):
        if heading.level == 1:
            continue
        token: dict[str, Any] = {"level": heading.level, "id": heading.id, "name": heading.text, "children": []}
        while stack and stack[-1]["level"] >= heading.level:
            stack.pop()
        (stack[-1]["children"] if stack else top).append(token)
        stack.append(token)
    return top
