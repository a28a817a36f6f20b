"""Verdicts of `check` and of the comparison of versions are those of a look at every patient, on random rule sets.

`campaigns/verdicts.py` does the same on as many as one likes.
"""

from __future__ import annotations

import pytest

from pathways.checks import Verdict
from verdicts import PROPERTIES, verdicts

SEEDS = range(60)


@pytest.mark.parametrize("seed", SEEDS)
def test_verdicts_are_true_of_every_patient(seed, tmp_path):
    for name, holds, verdict in verdicts(seed, tmp_path):
        assert verdict is (Verdict.PROVED if holds else Verdict.REFUTED), name


def test_each_verdict_is_given_often(tmp_path):
    """So that no check is right by saying always the same; a few rule sets are enough to see it."""
    found = {(name, verdict) for seed in range(12) for name, _, verdict in verdicts(seed, tmp_path)}
    assert found == {(name, verdict) for name in PROPERTIES for verdict in (Verdict.PROVED, Verdict.REFUTED)}
