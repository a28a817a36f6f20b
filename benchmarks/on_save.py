"""How long an author waits after a save: `python benchmarks/on_save.py [FOLDER]`.

Each pathway is saved in turn, as `pathways watch` sees it: validated, then the cases run that the save concerns. Processor
time, medians; the first look at all files stands above.
"""

from __future__ import annotations

import argparse
import gc
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from typing import TypeVar

from pathways.watching import Desk

RULES = Path(__file__).parent.parent / "rules"
TODAY = date(2026, 11, 25)
Result = TypeVar("Result")


def timed(action: Callable[[], Result]) -> tuple[Result, float]:
    """What an action gives, and its seconds; garbage is collected between two, as `watch` does it."""
    gc.collect()
    gc.disable()
    start = time.process_time()
    found = action()
    spent = time.process_time() - start
    gc.enable()
    return found, spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=RULES)
    parser.add_argument("--rounds", type=int, default=7, help="saves of each pathway (default 7)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside) / "rules"
        shutil.copytree(arguments.folder, folder)
        desk = Desk(folder)
        validated, spent = timed(lambda: desk.validated(None, TODAY))
        results, run = timed(lambda: desk.tested(validated))
        print(f"{'all files, first look':28} validate {spent:5.2f} s   test {run:5.2f} s, {len(results)} cases")
        for name in validated.pathways:
            found: list[tuple[float, float]] = []
            for _ in range(arguments.rounds):
                file = folder / f"{name}.yaml"
                file.write_text(file.read_text(encoding="utf-8") + "# saved\n", encoding="utf-8")
                saved, spent = timed(lambda file=file: desk.validated({file.name}, TODAY))  # type: ignore[misc]
                results, run = timed(lambda saved=saved: desk.tested(saved))  # type: ignore[misc]
                found.append((spent, run))
            print(
                f"{name:28} validate {median(one for one, _ in found):5.2f} s   test {median(one for _, one in found):5.2f} s, {len(results)} cases"
            )


if __name__ == "__main__":
    main()
