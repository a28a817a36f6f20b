"""The README names every rule that narrows a source row."""

from __future__ import annotations

from pathlib import Path

import pathways

ROOT = Path(__file__).parent.parent


def test_readme_lists_the_rules_that_narrow_a_row() -> None:
    ruleset = pathways.load(ROOT / "rules")
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = text.split("<!-- narrows -->")[1].split("<!-- /narrows -->")[0].strip().splitlines()
    wanted = [
        f"- `{pathway.id}/{rule.id}` ({rule.title}): narrows {', '.join(rule.narrows)}; "
        + ", ".join(source for source in rule.sources if source.startswith("G"))
        for pathway in ruleset.pathways.values()
        for rule in pathway.rules
        if rule.narrows
    ]
    assert listed == wanted
