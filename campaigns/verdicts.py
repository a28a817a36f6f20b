"""Verdicts of the checks against a look at every patient, on many random rule sets of up to 2^16 patients.

python campaigns/verdicts.py --count 1000 --jobs 2 --seed 1 prints how often each verdict was given, and every wrong one with
the seed of its rule set; exit status 1 on any, or if a verdict makes less than a quarter of the runs.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from multiprocessing import Pool
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from pathways.checks import Verdict
from verdicts import PROPERTIES, verdicts


def one(seed: int) -> tuple[int, list[tuple[str, bool, Verdict]]]:
    with TemporaryDirectory() as folder:
        return seed, list(verdicts(seed, Path(folder)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()

    began, wrong, given = time.monotonic(), 0, Counter[tuple[str, bool]]()
    with Pool(chosen.jobs) as pool:
        for seed, found in pool.imap_unordered(one, range(chosen.seed, chosen.seed + chosen.count), 5):
            for name, holds, verdict in found:
                given[name, holds] += 1
                if verdict is not (Verdict.PROVED if holds else Verdict.REFUTED):
                    wrong += 1
                    print(f"seed {seed}: {name} is {verdict}, and {'holds' if holds else 'does not hold'}")

    print(f"{chosen.count} rule sets from seed {chosen.seed}, {time.monotonic() - began:.0f} s")
    rare = 0
    for name in PROPERTIES:
        proved, refuted = given[name, True], given[name, False]
        rare += min(proved, refuted) * 4 < proved + refuted
        print(f"{name:4} proved {proved:5}  refuted {refuted:5}")
    print(f"{wrong} wrong verdicts, {rare} properties with a verdict in less than a quarter of the runs")
    return int(wrong > 0 or rare > 0)


if __name__ == "__main__":
    sys.exit(main())
