"""The site parsed back to tables equals the rules: every rule, outcome, limit, source and finding (T24)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jinja2 import ChoiceLoader, DictLoader

import pathways
from pathways.site import page as pages_module
from pathways.site.page import render
from pathways.site.pages import findings, glance, rules
from pathways.site.volume import Volume, open_volume
from site_tables import Told, findings_shown, glance_shown, rules_shown, sheet_shown

if TYPE_CHECKING:
    from playwright.sync_api import Page

RULES = Path(__file__).parent.parent / "rules"
PATHWAYS = list(pathways.load().pathways)


@pytest.fixture(scope="module")
def told() -> Told:
    return Told(pathways.load(RULES).content())


def read_page(site: Path, path: str) -> str:
    return (site / "pathways" / path / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("pathway", [*PATHWAYS, "red_flags"])
def test_the_page_of_rules_says_every_rule_with_its_outcome_limits_and_sources(built_site: Path, told: Told, pathway: str) -> None:
    assert rules_shown(read_page(built_site, f"{pathway}/rules")) == told.rules(pathway)


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_the_page_at_a_glance_says_every_rule_most_urgent_first(built_site: Path, told: Told, pathway: str) -> None:
    shown, wanted = glance_shown(read_page(built_site, pathway)), told.glance(pathway)

    assert shown == wanted
    assert list(shown["lines"]) == list(wanted["lines"])


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_the_paper_says_the_danger_signs_all_that_is_urgent_and_every_row(built_site: Path, told: Told, pathway: str) -> None:
    assert sheet_shown(read_page(built_site, pathway)) == told.sheet(pathway)


@pytest.mark.parametrize("pathway", [*PATHWAYS, None])
def test_the_page_of_findings_says_every_finding_with_who_reads_it(built_site: Path, told: Told, pathway: str | None) -> None:
    shown = findings_shown(read_page(built_site, f"{pathway}/findings" if pathway else "findings"))
    listed = frozenset(name for group in shown.values() for name in group)
    readers = {name: found.pop("readers") for group in shown.values() for name, found in group.items()}

    assert shown == told.findings_of(listed)
    assert list(shown) == list(told.findings_of(listed))
    assert {name: sorted(found) for name, found in readers.items() if found} == {
        n: sorted(found) for n, found in told.readers(pathway).items()
    }
    if pathway is None:
        assert listed == frozenset(told.findings)


# -- planted: what a template drops or changes is noticed ----------------------------------------------------------------

Shown = tuple[Callable[[Volume], Any], str, Callable[[str], Any], Callable[[Told], Any]]
RULES_PAGE: Shown = (rules.pages, "epistaxis/rules", rules_shown, lambda told: told.rules("epistaxis"))
FLAGS_PAGE: Shown = (rules.pages, "red_flags/rules", rules_shown, lambda told: told.rules("red_flags"))
GLANCE: Shown = (glance.pages, "epistaxis/index", glance_shown, lambda told: told.glance("epistaxis"))
PAPER: Shown = (glance.pages, "epistaxis/index", sheet_shown, lambda told: told.sheet("epistaxis"))
FINDINGS: Shown = (
    findings.pages, "findings", lambda html: {k: {n: {**f, "readers": []} for n, f in g.items()} for k, g in findings_shown(html).items()},
    lambda told: {k: {n: {**f, "readers": []} for n, f in g.items()} for k, g in told.findings_of().items()},
)  # fmt: skip
PLANTED = {
    "a call": ("parts.html.j2", r"\{% for call in listed %\}", "{% for call in listed[:-1] %}", RULES_PAGE),
    "a call on the first page": ("parts.html.j2", r"\{% for call in listed %\}", "{% for call in listed[:-1] %}", GLANCE),
    "a limit": ("parts.html.j2", r"\{\{ call\.when \}\}", "soon", RULES_PAGE),
    "that it is phoned": ("parts.html.j2", r"if call\.phone", "if call.phone and call.when", RULES_PAGE),
    "the place of care": ("parts.html.j2", r"\{\{ where\(one\.where\) \}\}", "", RULES_PAGE),
    "an item": ("parts.html.j2", r"for one in listed %\}\n  <li data-item", "for one in listed[1:] %}\n  <li data-item", GLANCE),
    "a kind of items": ("parts.html.j2", r"for heading, listed in given\.kinds", "for heading, listed in given.kinds[:1]", RULES_PAGE),
    "a mark": ("parts.html.j2", r"for mark in one\.marks", "for mark in one.marks[1:]", RULES_PAGE),
    "a source": ("rule.html.j2", r"for one in entry\.sources", "for one in entry.sources[1:]", RULES_PAGE),
    "what a source says": ("parts.html.j2", r"for word, text in one\.parts", "for word, text in one.parts[:1]", RULES_PAGE),
    "what is narrowed": ("rule.html.j2", r"if rule\.narrows %\}\n  <span", "if rule.narrows and false %}\n  <span", RULES_PAGE),
    "a note": ("rule.html.j2", r"\{\{ rule\.note \}\}", "{{ rule.note[:20] }}", RULES_PAGE),
    "a condition": ("rule.html.j2", r"\{\{ rule\.when \}\}", "{{ rule.when | truncate(60) }}", RULES_PAGE),
    "a danger sign": ("flags.html.j2", r"for entry in chapter\.entries", "for entry in chapter.entries[1:]", FLAGS_PAGE),
    "a rule": ("rules.html.j2", r"for entry in chapter\.entries", "for entry in chapter.entries[:-1]", RULES_PAGE),
    "a handover": ("rule.html.j2", r"ruleset\.pathways\[rule\.handover\]\.title", "rule.handover", RULES_PAGE),
    "a line of the first page": ("glance.html.j2", r"for line in band\.lines", "for line in band.lines[1:]", GLANCE),
    "first aid": ("glance.html.j2", r"if first_aid", "if false", GLANCE),
    "what is otherwise": ("glance.html.j2", r"\{% if otherwise %\}", "{% if false %}", GLANCE),
    "a group of the paper": ("sheet.html.j2", r"for one in sheet\.groups", "for one in sheet.groups[:-1]", PAPER),
    "a letter": ("sheet.html.j2", r"for letter, where in one\.letters", "for letter, where in one.letters[1:]", PAPER),
    "a row on the paper": ("sheet.html.j2", r"for row in sheet\.rows", "for row in sheet.rows[1:]", PAPER),
    "a finding": ("findings.html.j2", r"for entry in group\.entries", "for entry in group.entries[1:]", FINDINGS),
    "a range": ("findings.html.j2", r"finding\.range\[1\]", "finding.range[0]", FINDINGS),
    "a code": ("findings.html.j2", r"for system, code, match in entry\.codes", "for system, code, match in entry.codes[1:]", FINDINGS),
}  # fmt: skip


@pytest.fixture(scope="module")
def volume() -> Volume:
    return open_volume(RULES, "2026-11-25")


def shown(volume: Volume, told: Told, what: Shown) -> bool:
    """Whether the page says what the content says."""
    chapter, path, read, wanted = what
    made = next(one for one in chapter(volume) if one.path == path)
    return bool(read(render(made, lambda path, anchor="": "#", lambda name: name, **volume.common)) == wanted(told))


@pytest.mark.parametrize("name", PLANTED)
def test_what_a_template_leaves_out_is_noticed(volume: Volume, told: Told, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    template, old, new, what = PLANTED[name]
    environment = pages_module._TEMPLATES
    written, count = re.subn(old, new, environment.loader.get_source(environment, template)[0])
    assert count == 1, f"{old} stands {count} times in {template}"
    assert shown(volume, told, what)
    monkeypatch.setattr(
        pages_module, "_TEMPLATES", environment.overlay(loader=ChoiceLoader([DictLoader({template: written}), environment.loader]))
    )

    assert not shown(volume, told, what)


# -- on a phone ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "epistaxis/", "epistaxis/rules/", "epistaxis/findings/"])
def test_on_a_phone_everything_stands_below_each_other_in_its_full_width(phone: Page, path: str) -> None:
    phone.goto(f"pathways/{path}")
    widths = phone.evaluate(
        "[...document.querySelectorAll('article .pw-guide dd, article .pw-facts > div > dd, article .pw-table td')]"
        ".filter(one => one.offsetParent).map(one => one.getBoundingClientRect().width)"
    )

    assert len(widths) > 5
    assert min(widths) > 250
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
