"""Engine against oracle on many generated presentations of the shipped rules.

python campaigns/agreement.py --count 200000 --jobs 2 --seed 1 prints the mix, how often each rule was met, and every disagreement
with its presentation as JSON; exit status 1 on any.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import pathways
from comparison import RANDOM_COMPLETIONS, Tally, compare
from generate import Generator

CHUNK = 100
SHOWN = 50
state: dict[str, Any] = {}  # of a worker process


def start(folder: str | None, seed: int, completions: int) -> None:
    """Each worker loads the rules once."""
    ruleset = pathways.load(folder)
    state.update(ruleset=ruleset, generator=Generator(ruleset.content()), seed=seed, completions=completions)


def chunk(numbers: range) -> Tally:
    tally = Tally()
    for number in numbers:
        compare(state["ruleset"], state["generator"], state["seed"], number, tally, state["completions"])
    return tally


def run(count: int, jobs: int, seed: int, first: int, folder: str | None, completions: int) -> Tally:
    """All presentations from `first`, shared out over the processes."""
    total = Tally()
    chunks = [range(start, min(start + CHUNK, first + count)) for start in range(first, first + count, CHUNK)]
    with Pool(jobs, start, (folder, seed, completions)) as pool:
        for tally in progress(pool.imap_unordered(chunk, chunks), len(chunks), total):
            total.add(tally)
    return total


def progress(tallies: Iterator[Tally], chunks: int, total: Tally) -> Iterator[Tally]:
    """The tallies, with a bar on a terminal and a line now and then elsewhere."""
    began, said = time.monotonic(), 0.0
    for done, tally in enumerate(tallies, 1):
        yield tally
        passed = time.monotonic() - began
        if sys.stderr.isatty() or passed - said > 60 or done == chunks:
            said = passed
            bar = "#" * (40 * done // chunks)
            left = passed / done * (chunks - done)
            line = f"[{bar:40}] {done * CHUNK} presentations, {len(total.disagreements)} disagreements, {passed:.0f} s, {left:.0f} s left"
            print(line, end="\r" if sys.stderr.isatty() and done < chunks else "\n", file=sys.stderr, flush=True)


def report(total: Tally, rules: list[tuple[str, str]]) -> None:
    """The mix, the rules and the disagreements, as text."""
    print("mix")
    for name, count in sorted(total.mix.items()):
        print(f"  {count:8}  {name}")
    print("rules: certainly held, possibly held")
    for key in sorted(rules, key=lambda key: total.certain[key]):
        print(f"  {total.certain[key]:8} {total.possible[key]:8}  {'.'.join(key)}")
    print("conditions on the site, and how they are worded")
    for site, texts in sorted(total.conditions.items()):
        print(f"  {site or '(none)'}: {sorted(texts)}")
    print(f"disagreements: {len(total.disagreements)}")
    for each in total.disagreements[:SHOWN]:
        print(json.dumps(each))
    kinds = Counter(difference.split(":")[0] for each in total.disagreements for difference in each["differences"])
    for kind, count in kinds.most_common():
        print(f"  {count:8}  {kind}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first presentation, to repeat one with --count 1")
    parser.add_argument("--rules", help="a rule folder instead of the shipped rules")
    parser.add_argument("--completions", type=int, default=RANDOM_COMPLETIONS, help="random completions where more than half is unknown")
    wanted = parser.parse_args()
    began = time.monotonic()
    total = run(wanted.count, wanted.jobs, wanted.seed, wanted.first, wanted.rules, wanted.completions)
    generator = Generator(pathways.load(wanted.rules).content())
    rules = {key for asked in generator.singles for key in generator.reading(asked).rules}
    report(total, sorted(rules))
    print(f"{wanted.count} presentations, seed {wanted.seed}, {time.monotonic() - began:.0f} s")
    differently = [texts for texts in total.conditions.values() if len(texts) > 1]
    return 1 if total.disagreements or differently else 0


if __name__ == "__main__":
    sys.exit(main())
