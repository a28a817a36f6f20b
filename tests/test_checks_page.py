"""The page of `check` speaks of every property, and its examples are what `check` says."""

from __future__ import annotations

import re
from pathlib import Path

from bad_folders import BAD, CODES
from pathways.checks import PROPERTIES

PAGE = (Path(__file__).parent.parent / "docs" / "authors" / "checks.md").read_text(encoding="utf-8")


def test_every_property_has_its_heading_in_order() -> None:
    assert re.findall(r"^## (P\w+: .*)$", PAGE, re.MULTILINE) == [f"{one.id}: {one.title}" for one in PROPERTIES]


def test_every_example_is_what_is_said_of_the_smallest_rule_set() -> None:
    said = {(BAD / code / "expected.txt").read_text(encoding="utf-8") for code in CODES}
    examples = re.findall(r"^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)

    assert len(examples) > len(PROPERTIES) * 3 // 4
    assert [example for example in examples if example not in said] == []
