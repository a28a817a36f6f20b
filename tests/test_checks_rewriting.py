"""P21: what is written otherwise is the same; what says something else is not."""

from __future__ import annotations

from pathlib import Path

import pytest

import pathways
import small
from pathways.checks import Verdict, check, open_book, rewriting
from pathways.checks.book import Disagreement
from pathways.documents import read_document


def laid(folder: Path) -> Path:
    """The small rule set, rewritten file by file."""
    rules = small.write(folder)
    copy = folder / "copy" / "rules"
    copy.mkdir(parents=True)
    for file in rules.glob("*.yaml"):
        data = read_document(file).data
        assert data is not None
        (copy / file.name).write_text(rewriting.rewritten(file.name, data), encoding="utf-8")
    return copy


def test_a_rewritten_copy_has_no_comment_and_one_line_and_is_the_same_rule_set(tmp_path: Path) -> None:
    copy = laid(tmp_path)
    texts = {file.name: file.read_text(encoding="utf-8") for file in copy.iterdir()}

    assert all("\n" not in text and "#" not in text for text in texts.values())
    assert texts["nose.yaml"].startswith("{otherwise: {")
    assert texts["nose.yaml"].index("clot: {sources: [E1], basis: evidence") < texts["nose.yaml"].index("bleed: {")
    assert pathways.load(copy).digest == pathways.load(tmp_path / "rules").digest


def test_a_copy_with_another_digest_would_be_our_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = small.write(tmp_path)
    assert check(rules, ["P21"]).verdict("P21") is Verdict.PROVED

    real = rewriting.rewritten
    monkeypatch.setattr(rewriting, "rewritten", lambda name, data: real(name, data).replace("blood runs", "blood ran"))
    with pytest.raises(Disagreement, match="rewritten without a change of meaning"):
        list(rewriting.rewriting(open_book(rules)))


def test_two_rules_that_swap_places_are_another_digest_and_the_same_outcome(tmp_path: Path) -> None:
    """Reasons of equal urgency are listed as the file has the rules, and a reviewer reads them so."""
    findings, rules = {"a": {}, "b": {}}, {"r": ("a", "urgent"), "s": ("b", "urgent")}
    one = small.ruleset(tmp_path, findings, rules, otherwise="discuss_same_day")
    other = small.ruleset(tmp_path, findings, dict(reversed(rules.items())), otherwise="discuss_same_day")
    left, right = (each.decide({"a": True, "b": True}, ["p"]) for each in (one, other))

    assert one.digest != other.digest
    assert [reason.rule for reason in left.reasons] == ["r", "s"]
    assert [reason.rule for reason in right.reasons] == ["s", "r"]
    assert (left.urgency, left.referrals, left.actions) == (right.urgency, right.referrals, right.actions)
