"""`diff` on random single edits of the shipped rules, against patients who are sampled.

python campaigns/edits.py --count 200 --jobs 2 prints, for each kind of edit, how many there were, how many changed somebody in the
sample, how many regions were reported, and every mistake; exit status 1 on any.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from multiprocessing import Pool
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from edits import Verdict, data_of, judged, random_edit
from pathways.shipped import folder
from pathways.versions import read_version

state: dict[str, Any] = {}  # of a worker process


def start(patients: int) -> None:
    """Each worker reads the rules once."""
    state.update(old=read_version(str(folder())), data=data_of(folder()), patients=patients)


def one(seed: int) -> Verdict:
    with TemporaryDirectory() as made:
        new, kind, what = random_edit(state["old"], state["data"], Path(made), seed)
        verdict = Verdict(what, kind)
        judged(state["old"], new, Random(seed), state["patients"], verdict)
    return verdict


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--first", type=int, default=0, help="number of the first edit, to repeat one with --count 1")
    parser.add_argument("--patients", type=int, default=40, help="who are sampled for each edit")
    wanted = parser.parse_args()
    began = time.monotonic()
    kinds: dict[str, list[Verdict]] = defaultdict(list)
    mistakes = 0
    with Pool(wanted.jobs, start, (wanted.patients,)) as pool:
        for done, verdict in enumerate(pool.imap(one, range(wanted.first, wanted.first + wanted.count)), 1):
            kinds[verdict.kind].append(verdict)
            mistakes += len(verdict.mistakes)
            for mistake in verdict.mistakes:
                print(f"{wanted.first + done - 1}: {verdict.edit}: {mistake[:600]}", flush=True)
            if done % 20 == 0:
                print(f"{done} of {wanted.count}, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    print("edits  changed in the sample  reported  lower an urgency  regions")
    for kind, verdicts in kinds.items():
        changed = sum(bool(verdict.sampled) for verdict in verdicts)
        reported = sum(bool(verdict.regions) for verdict in verdicts)
        lower = sum(verdict.lower for verdict in verdicts)
        regions = sum(verdict.regions for verdict in verdicts)
        print(f"{len(verdicts):5}  {changed:21}  {reported:8}  {lower:16}  {regions:7}  {kind}")
    print(f"{wanted.count} edits, {mistakes} mistakes, {time.monotonic() - began:.0f} s")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
