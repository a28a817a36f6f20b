"""Regions of `diff` against a look at every patient, on random pairs of small rule sets.

python campaigns/changes.py --count 1000 prints how many pairs there were that differ and that do not, and how many regions; a
disagreement is an error that shows the pair.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from hypothesis import HealthCheck, Phase, given, seed, settings

from pairs import Giving, pairs
from test_regions import agree


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    began = time.monotonic()
    mix: Counter[str] = Counter()

    @seed(wanted.seed)
    @settings(max_examples=wanted.count, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(pairs())
    def run(pair: tuple[Giving, Giving]) -> None:
        differ, regions = agree(*pair)
        mix["differ" if differ else "equal"] += 1
        mix["regions"] += regions
        mix["patients"] += differ

    run()
    print(", ".join(f"{count} {name}" for name, count in sorted(mix.items())), f"in {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
