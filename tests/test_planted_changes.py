"""Planted changes are reported, and what only looks like a change is not.

A good rule set of `planted_good` is the old version, and the planted one the new.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from pathways.changes import diff
from pathways.versions import read_version
from planting import GOOD, HERE, PLANTED, Plant, plant

CHANGES = [planted for planted in map(plant, PLANTED) if planted.kind == "change"]
each_good = pytest.mark.parametrize("folder", GOOD, ids=[folder.name for folder in GOOD])


@pytest.mark.parametrize("planted", CHANGES, ids=lambda planted: planted.name)
def test_a_planted_change_is_reported(planted: Plant, tmp_path: Path):
    """Who is less urgent comes first; who is possible in one version only stands apart; what only reads otherwise is an edit."""
    old, new = HERE / "planted_good" / planted.good, planted.lay(tmp_path)
    found = diff(read_version(str(old)), read_version(str(new)))
    before, after = planted.shows
    assert found.digests[0] != found.digests[1]
    assert found.edits
    if "impossible" in planted.shows:
        assert ("old" if after == "impossible" else "new") in {apart.possible_in for apart in found.apart}
    elif before != after:
        first = {difference.what: (difference.before, difference.after) for difference in found.changes[0].differences}
        assert first["urgency"] == (before, after)
    else:
        assert not [change for change in found.changes if "urgency" in {difference.what for difference in change.differences}]


@each_good
def test_a_rule_set_written_otherwise_is_the_same_rule_set(folder: Path, tmp_path: Path):
    """Keys in another order, a comment and more space: nothing is reported, and the digest stays."""
    rewritten = shutil.copytree(folder, tmp_path / folder.name)
    for file in pathway_files(rewritten):
        text = file.read_text(encoding="utf-8")
        moved, times = re.subn(r"^(    title: .*\n)((?:    .*\n)+)", r"\2\n    # Said aloud.\n\1", text, flags=re.MULTILINE)
        assert times > 2
        file.write_text(moved, encoding="utf-8")
    found = diff(read_version(str(folder)), read_version(str(rewritten)))
    assert found.digests[0] == found.digests[1]
    assert (found.changes, found.apart, found.edits) == ((), (), ())


@each_good
def test_rules_in_another_order_are_for_the_same_patients(folder: Path, tmp_path: Path):
    """The order of reasons is read by people, so it has a digest of its own; nobody is decided otherwise."""
    rewritten = shutil.copytree(folder, tmp_path / folder.name)
    for file in pathway_files(rewritten):
        head, rest = file.read_text(encoding="utf-8").split("\nrules:\n")
        rules, *otherwise = re.split(r"^(?=otherwise:)", rest, flags=re.MULTILINE)
        each = re.split(r"^(?=  [a-z_]+:$)", rules, flags=re.MULTILINE)[1:]
        assert len(each) > 2
        file.write_text("".join([head, "\nrules:\n", *(rule.rstrip() + "\n" for rule in reversed(each)), *otherwise]), encoding="utf-8")
    found = diff(read_version(str(folder)), read_version(str(rewritten)))
    assert (found.changes, found.apart) == ((), ())


def pathway_files(folder: Path) -> list[Path]:
    return [file for file in folder.glob("*.yaml") if (folder / f"{file.stem}.cases.yaml").exists()]
