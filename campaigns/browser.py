"""The evaluator of the pages against the engine on many generated presentations, each pathway alone and pathways together.

python campaigns/browser.py --count 20000 --jobs 2 --seed 1 prints how many were compared of each and every disagreement, with its
presentation as JSON; exit status 1 on any. Needs Node.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from multiprocessing import Pool
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import pathways
from generate import Generator
from in_node import Node, differences

CHUNK = 250
SHOWN = 20
TOGETHER = "several"  # pathways alone and in pairs, half of each


class Chunk(NamedTuple):
    """Some presentations of one pathway, or of all as they come together."""

    asked: str
    first: int
    count: int
    seed: int
    folder: str | None


class Found(NamedTuple):
    """What one chunk met."""

    asked: str
    counts: Counter[str]
    disagreements: list[str]


def compared(chunk: Chunk) -> Found:
    ruleset = pathways.load(chunk.folder)
    generator = Generator(ruleset.content(), () if chunk.asked == TOGETHER else (chunk.asked,))
    counts: Counter[str] = Counter()
    disagreements = []
    with tempfile.TemporaryDirectory() as folder, Node(ruleset, Path(folder)) as node:
        for number in range(chunk.first, chunk.first + chunk.count):
            presentation = generator.presentation(chunk.seed, number)
            answer = node.decide(presentation.given, presentation.asked)
            counts[answer.get("status", "refused")] += 1
            counts[f"part: {presentation.part}"] += 1
            found = differences(ruleset, presentation.given, presentation.asked, answer)
            if found:
                disagreements.append(json.dumps({"differences": found, "presentation": presentation.as_json()}))
    return Found(chunk.asked, counts, disagreements)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="presentations of each pathway, and of pathways together")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rules", help="a rule folder instead of the shipped rules")
    parser.add_argument("--only", help=f"one pathway, or `{TOGETHER}`")
    wanted = parser.parse_args()
    began = time.monotonic()
    names = [wanted.only] if wanted.only else [*pathways.load(wanted.rules).pathways, TOGETHER]
    firsts = range(0, wanted.count, CHUNK)
    chunks = [Chunk(name, first, min(CHUNK, wanted.count - first), wanted.seed, wanted.rules) for first in firsts for name in names]
    totals = {name: Counter[str]() for name in names}
    disagreements: list[str] = []
    with Pool(wanted.jobs) as pool:
        for done, found in enumerate(pool.imap_unordered(compared, chunks), 1):
            totals[found.asked] += found.counts
            disagreements += found.disagreements
            if done % 20 == 0 or done == len(chunks):
                print(f"{done} of {len(chunks)} chunks, {len(disagreements)} disagreements, {time.monotonic() - began:.0f} s", flush=True)
    for name, counts in totals.items():
        print(f"{name}: {', '.join(f'{count} {what}' for what, count in sorted(counts.items()))}")
    for each in disagreements[:SHOWN]:
        print(each)
    print(f"disagreements: {len(disagreements)} of {wanted.count * len(names)}, seed {wanted.seed}, {time.monotonic() - began:.0f} s")
    return 1 if disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
