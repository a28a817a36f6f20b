"""How fast a decision is, as ratios in one run: `python benchmarks/run.py`.

Every call gets another presentation; nothing is cached between calls but the compiled rules. Medians of several rounds,
each contender measured in turn within a round, so that a busy machine slows all of them alike.
"""

from __future__ import annotations

import argparse
import gc
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import contenders

import pathways

HERE = Path(__file__).parent
RULES = HERE.parent / "rules"


def presentations(ruleset: pathways.RuleSet, count: int, unknown: float, seed: int) -> list[dict[str, Any]]:
    """Random answers to every finding, each left out with the given probability."""
    random_ = random.Random(seed)
    found = []
    for _ in range(count):
        given: dict[str, Any] = {}
        for name, finding in ruleset.findings.items():
            if random_.random() < unknown or finding.gated:
                continue
            if finding.kind == "choice":
                given[name] = random_.choice(list(finding.values))
            elif finding.kind == "number":
                low, high = finding.range or (0, 1)
                given[name] = random_.randint(int(low), int(high))
            else:
                given[name] = random_.random() < 0.3
        found.append(given)
    return found


def timed(action: Callable[[Any], object], inputs: Sequence[Any]) -> float:
    """Microseconds per call, processor time."""
    gc.disable()
    start = time.process_time()
    for one in inputs:
        action(one)
    spent = time.process_time() - start
    gc.enable()
    return spent / len(inputs) * 1e6


def compared(actions: dict[str, tuple[Callable[[Any], object], Sequence[Any]]], rounds: int) -> dict[str, float]:
    """The median of several rounds of each action, the actions taking turns."""
    found: dict[str, list[float]] = {name: [] for name in actions}
    for action, inputs in actions.values():
        timed(action, inputs[:50])
    for _ in range(rounds):
        for name, (action, inputs) in actions.items():
            found[name].append(timed(action, inputs))
    return {name: median(values) for name, values in found.items()}


def nose_table(rounds: int) -> None:
    """The table of thirteen rows: by hand, by zen-engine, by pathways."""
    ruleset = pathways.load(HERE / "nose_table")
    asked = ruleset.asked("nose")
    known = presentations(ruleset, 2_000, 0.0, 1)
    partly = presentations(ruleset, 2_000, 0.15, 2)
    for given in known[:200]:
        rows = {reason.rule for reason in ruleset.decide(given, "nose").reasons} - {"otherwise"}
        assert rows == set(contenders.by_hand(given)), "the contenders disagree"
    actions: dict[str, tuple[Callable[[Any], object], Sequence[Any]]] = {
        "by hand, matched rows only": (contenders.by_hand, known),
        "pathways, all known": (lambda given: ruleset.decide(given, "nose"), known),
        "pathways, reading alone": (ruleset.reader.read, known),
        "pathways, 15 % unknown": (lambda given: ruleset.decide(given, "nose"), partly),
    }
    try:
        import zen
    except ModuleNotFoundError:
        print("zen-engine is not installed: pip install 'ent-pathways[bench]'")
    else:
        import json

        engine = zen.ZenEngine({"loader": {"type": "static", "content": {"nose": json.loads(contenders.zen_table())}}})
        for given in known[:200]:
            rows = {row["row"] for row in engine.evaluate("nose", given)["result"]}
            assert rows == set(contenders.by_hand(given)), "the contenders disagree"
        actions["zen-engine, all known"] = (lambda given: engine.evaluate("nose", given), known)
    found = compared(actions, rounds)
    hand = found["by hand, matched rows only"]
    print(f"\nThe nose table: {len(asked.rules)} rules with `otherwise`, {len(ruleset.findings)} findings")
    for name, spent in found.items():
        print(f"  {name:32} {spent:8.2f} µs   {spent / hand:6.1f} times by hand")
    if "zen-engine, all known" in found:
        print(f"  zen-engine takes {found['zen-engine, all known'] / found['pathways, all known']:.1f} times as long as pathways")


def growth(rounds: int) -> None:
    """Rule sets of 20, 100 and 500 rules over 40 findings, everything known."""
    print("\nGrowth: one decision, 40 findings known")
    for count in (20, 100, 500):
        with tempfile.TemporaryDirectory() as folder:
            write_synthetic(Path(folder), count)
            ruleset = pathways.load(folder)
        given = presentations(ruleset, 500, 0.0, 3)
        spent = compared({"decide": (lambda one, ruleset=ruleset: ruleset.decide(one, "synthetic"), given)}, rounds)["decide"]
        read = compared({"read": (ruleset.reader.read, given)}, rounds)["read"]
        print(f"  {count:4} rules   {spent:8.2f} µs   {(spent - read) / count:6.3f} µs a rule beside reading")


def write_synthetic(folder: Path, rules: int) -> None:
    """A rule set of this many rules, each of three literals, with the scales of the nose table."""
    random_ = random.Random(rules)
    for name in ("ruleset.yaml", "items.yaml", "sources.yaml"):
        (folder / name).write_text((HERE / "nose_table" / name).read_text())
    findings = [f"finding_{n}" for n in range(40)]
    lines = [f"  {name}: {{ask: {name}, means: {name}, worse: yes, group: all_findings}}" for name in findings]
    (folder / "findings.yaml").write_text("findings:\n" + "\n".join(lines) + "\ngroups: {all_findings: Findings}\n")
    body = []
    for n in range(rules):
        one, two, three = random_.sample(findings, 3)
        when = f"{{all: [{one}, {two}, {{{three}: no}}]}}"
        then = "{urgency: urgent, referrals: [{service: ent_on_call, contact: now, within: PT4H}], actions: [iv_access]}"
        body.append(f"  rule_{n}: {{title: rule {n}, when: {when}, then: {then}, basis: source, sources: [table]}}")
    head = "pathway: synthetic\ntitle: Synthetic\ncomplaint: none\nversion: 0.1.0\nreview_by: 2027-05-24\nrules:\n"
    tail = "\notherwise: {urgency: discuss_same_day, referrals: [{service: ent_on_call, within: PT4H}]}\n"
    (folder / "synthetic.yaml").write_text(head + "\n".join(body) + tail)


def shipped(rounds: int) -> None:
    """The shipped pathways: reading and compiling; then, with nothing, the danger signs or also the age known, what is asked of a decision."""
    from pathways.compiler import compile_rules
    from pathways.loader import read

    def whole(_: object) -> None:
        ruleset = pathways.RuleSet(compile_rules(read(RULES)))
        for name in ruleset.pathways:
            ruleset.asked(name)

    spent = compared({"compile": (whole, [None] * 3)}, max(3, rounds // 3))["compile"]
    print(f"\nThe shipped rules: reading, checking and compiling all pathways {spent / 1e6:.2f} s")
    ruleset = pathways.load(RULES)
    for name, pathway in ruleset.pathways.items():
        dangers = {one: False for one in pathway.findings if ruleset.findings[one].group == "danger_signs"}
        steps = {"nothing": {}, "danger signs": dangers, "and age": {**dangers, "age_years": 7}}
        decisions = {step: ruleset.decide(given, name) for step, given in steps.items()}
        top = ruleset.urgency[-1]
        actions: dict[str, tuple[Callable[[Any], object], Sequence[Any]]] = {
            "decide": (lambda given, name=name: ruleset.decide(given, name), [*steps.values()] * 5),
            "why not": (lambda decision, top=top: decision.why_not(top), [*decisions.values()] * 5),
        }
        for step, decision in decisions.items():
            actions[f"next, {step}"] = (lambda decision: decision.next_questions(), [decision] * 15)
        found = compared(actions, rounds)
        print(f"  {name:24} " + "   ".join(f"{key} {value / 1000:.2f} ms" for key, value in found.items()))


def process(rounds: int) -> None:
    """The command line as a whole process, against a Python that does nothing."""
    command = [
        sys.executable,
        "-m",
        "pathways",
        "triage",
        "epistaxis",
        "--given",
        "nasal_bleeding_now=yes",
        "--given",
        "age_years=7",
        "--json",
    ]
    nothing = [sys.executable, "-c", "pass"]
    found: dict[str, list[float]] = {"command": [], "nothing": []}
    for _ in range(max(5, rounds)):
        for name, one in (("command", command), ("nothing", nothing)):
            start = time.perf_counter()
            subprocess.run(one, check=True, stdout=subprocess.DEVNULL)
            found[name].append(time.perf_counter() - start)
    ratio = median(found["command"]) / median(found["nothing"])
    print(f"\nA whole process: `pathways triage epistaxis --given … --json` takes {ratio:.1f} times `python -c pass`")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="rounds of each measurement (default 15)")
    rounds = parser.parse_args().rounds
    nose_table(rounds)
    growth(rounds)
    shipped(rounds)
    process(rounds)


if __name__ == "__main__":
    main()
