"""`diff` on single edits of the shipped rules: whoever is sampled and decided differently is reported, and every example replays."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest

from edits import KINDS, Verdict, data_of, judged, random_edit
from pathways.shipped import folder
from pathways.versions import read_version


@cache
def shipped():
    return read_version(str(folder())), data_of(folder())


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("threshold", "rule")])  # those take long; the campaign has them
def test_edit_is_reported_with_patients_who_replay(tmp_path, kind):
    old, data = shipped()
    seed = KINDS.index(kind)
    new, made, what = random_edit(old, data, tmp_path, seed)
    verdict = Verdict(what, made)
    judged(old, new, Random(seed), 8, verdict)
    assert made == kind
    assert verdict.mistakes == []
