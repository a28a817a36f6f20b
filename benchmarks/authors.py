"""How long authors wait: `python benchmarks/authors.py [--rounds N] [--quick]`.

Whole processes, as they are typed: `check` of the shipped pathways and of made-up rule sets of 40 findings and 50 to 500 rules,
`diff` of two versions of the shipped ones. Each round measures all of them in turn, and `python -c pass` between, so that a busy
machine slows all alike; printed are medians of the seconds that pass, of processor time (all processes together), and of the
ratio of that to `python -c pass`. What a save takes is measured by `benchmarks/on_save.py`, which this runs last.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))

import synthetic

RULES = Path(__file__).parent.parent / "rules"
SIZES = (50, 100, 200, 500)
LIMITS = {"check, shipped": 5, "check, 40 findings and 200 rules": 10, "diff, shipped": 3}


def spent(command: list[str]) -> tuple[float, float]:
    """Seconds that pass, and processor seconds of the process and of all that it started."""
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):  # 1: something is refuted, or differs
        raise SystemExit(f"{' '.join(command)}: exit status {process.returncode}")
    return time.perf_counter() - begun, usage.ru_utime + usage.ru_stime


def edited(folder: Path) -> Path:
    """The shipped rules with a change in each pathway: what was immediate first is within the hour, what was for the GP first is nothing."""
    other = shutil.copytree(RULES, folder / "edited")
    for file in sorted(other.glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        if "\npathway: " in text:
            changed = text.replace("urgency: immediate", "urgency: within_1_hour", 1).replace("urgency: gp_if_persists", "urgency: none", 1)
            file.write_text(changed, encoding="utf-8")
    return other


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="measurements of each (default 3)")
    parser.add_argument("--quick", action="store_true", help="leave out the made-up rule sets of more than 200 rules")
    arguments = parser.parse_args()
    pathways = [sys.executable, "-m", "pathways"]
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside)
        commands = {
            "check, shipped": [*pathways, "check", str(RULES), "--jobs", "2"],
            "diff, shipped": [*pathways, "diff", str(RULES), str(edited(folder))],
        }
        for count in SIZES[: 3 if arguments.quick else None]:
            where = synthetic.write(folder, 40, count)
            commands[f"check, 40 findings and {count} rules"] = [*pathways, "check", str(where), "--jobs", "2"]
        found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in commands}
        for _ in range(arguments.rounds):
            for name, command in commands.items():
                nothing = spent([sys.executable, "-c", "pass"])[1]
                passed, worked = spent(command)
                found[name].append((passed, worked, worked / nothing))
    print(f"{'':36} {'seconds':>8} {'processor':>10} {'ratio':>7}   wanted")
    for name, rows in found.items():
        passed, worked, ratio = (median(column) for column in zip(*rows, strict=True))
        wanted = f"under {LIMITS[name]} s on two idle cores" if name in LIMITS else ""
        print(f"{name:36} {passed:8.2f} {worked:10.2f} {ratio:7.0f}   {wanted}".rstrip())
    print("\non save (wanted: validate under 0.3 s)")
    sys.stdout.flush()
    subprocess.run([sys.executable, str(Path(__file__).parent / "on_save.py")], check=True)


if __name__ == "__main__":
    main()
