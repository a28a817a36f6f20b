"""What the checks say of one random rule set, beside the truth."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

from pathways import regions
from pathways.checks import Verdict, check
from pathways.compiler import content_of
from pathways.content import Content
from pathways.loader import read
from verdict_worlds import TRUTHS, edited, equal, random_rules

PROPERTIES = (*TRUTHS, "P16")


def verdicts(seed: int, folder: Path) -> Iterator[tuple[str, bool, Verdict]]:
    """For each property of the rule set with this seed: its name, whether it holds, and the verdict. Writes into the folder."""
    rules = random_rules(Random(seed))
    report = check(rules.write(folder), list(TRUTHS))
    for name, holds in TRUTHS.items():
        yield name, holds(rules), report.verdict(name)
    yield "P16", *_compared(seed, folder)


def _compared(seed: int, folder: Path) -> tuple[bool, Verdict]:
    """Whether an edit of the rule set changes nothing for anybody, and what the comparison of the two says."""
    random = Random(seed)
    old = random_rules(random)
    new = edited(random, old)
    one, other = (Content(content_of(read(rules.write(folder)))) for rules in (old, new))
    apart = any(regions.equal(one, other, [pathway]) is not None for pathway in old.asked)
    return equal(old, new), Verdict.REFUTED if apart else Verdict.PROVED
