"""What works without a network is what the pages load, and a new copy has a new name exactly if something of it changed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pathways
import small
from pathways.site.offline import manifest, worker
from pathways.site.theme import named

PAGE = """<link rel="stylesheet" href="../../assets/one.css"><link rel="canonical" href="https://elsewhere.example/nose/">
<img src="../../assets/one.svg"><a href="../../other/">other</a><script src="../../assets/one.js?v=2" defer></script>"""


def site(folder: Path) -> Path:
    (folder / "assets").mkdir(parents=True)
    for name in ("one.css", "one.svg", "one.js", "unused.js"):
        (folder / "assets" / name).write_text(name, encoding="utf-8")
    for place in ("rules/try", "rules/other"):
        (folder / place).mkdir(parents=True)
        (folder / place / "index.html").write_text(PAGE, encoding="utf-8")
    return folder


def constants(text: str) -> dict[str, Any]:
    """What the worker begins with."""
    return {name: json.loads(value) for name, value in re.findall(r"^const ([A-Z]+) = (.*?);$", text, re.MULTILINE | re.DOTALL)}


def test_pages_are_kept_with_what_they_load(tmp_path: Path) -> None:
    ruleset = small.load(tmp_path)

    found = constants(worker(site(tmp_path / "site"), "rules", ["rules/try/"], ruleset))

    assert found["FILES"] == ["../assets/one.css", "../assets/one.js", "../assets/one.svg", "try/"]
    assert found["CACHE"].startswith(f"{ruleset.digest[:12]} ")


def test_the_cache_is_named_by_what_it_holds(tmp_path: Path) -> None:
    ruleset = pathways.load(small.write(tmp_path))
    folder = site(tmp_path / "site")
    first = worker(folder, "rules", ["rules/try/"], ruleset)

    (folder / "assets" / "unused.js").write_text("changed", encoding="utf-8")
    assert worker(folder, "rules", ["rules/try/"], ruleset) == first

    (folder / "assets" / "one.js").write_text("changed", encoding="utf-8")
    assert constants(worker(folder, "rules", ["rules/try/"], ruleset))["CACHE"] != constants(first)["CACHE"]


def test_the_manifest_says_that_the_rules_are_a_draft(tmp_path: Path) -> None:
    found = json.loads(manifest(small.load(tmp_path), "try/", "../assets/icon.svg"))

    assert found["name"] == "Tiny (draft)"
    assert (found["start_url"], found["scope"], found["icons"][0]["src"]) == ("try/", "./", "../assets/icon.svg")


def test_the_search_of_the_theme_has_a_name() -> None:
    assert named('<div class="md-search" data-md-component="search" role="dialog">') == (
        '<div class="md-search" data-md-component="search" role="dialog" aria-label="Search">'
    )
    assert named('<div class="md-search" role="dialog" aria-label="Find">') == '<div class="md-search" role="dialog" aria-label="Find">'
