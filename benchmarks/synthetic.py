"""A rule set of any size, made from a seed: as many findings and rules as are asked for, of the shapes that the shipped ones have.

Six findings in ten are signs, the others are choices, numbers, an examination and what it shows. A rule holds of one to three
things together, such as a sign beside a number beyond a limit, and gives an item of its own, so that all of it can be proved.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["write"]

LEVELS = {
    "none": "{label: nothing further}",
    "discuss_same_day": "{label: phoned today, latest: P1D, actionable: yes}",
    "urgent": "{label: phoned now, latest: PT4H, contact: now}",
    "immediate": "{label: at once, latest: now, contact: now}",
}
OUTCOMES = {
    "none": "{urgency: none, advice: [rest]}",
    "discuss_same_day": "{urgency: discuss_same_day, referrals: [{service: ent, within: P1D}], advice: [come_back%s]}",
    "urgent": "{urgency: urgent, referrals: [{service: ent, contact: now, within: PT4H}], actions: [press], advice: [come_back%s]}",
    "immediate": "{urgency: immediate, referrals: [{service: resus, contact: now, within: now}, {service: ent, contact: now, within: PT4H}], actions: [press], advice: [come_back%s]}",
}
BASIS = "basis: interpretation, sources: [G1]"


def write(folder: Path, findings: int = 40, rules: int = 200, seed: int = 1) -> Path:
    """The rule folder, written below `folder`."""
    where = folder / f"rules_{findings}_{rules}"
    where.mkdir()
    dice = random.Random(seed)
    names = list(_findings(findings))
    (where / "findings.yaml").write_text(
        "findings:\n" + "".join(f"  {name}: {text}\n" for name, text in names)
        + "groups: {dangers: Any of these?, signs: Which of these?, seen: What was seen?, about: About the patient}\n",
        encoding="utf-8",
    )  # fmt: skip
    (where / "items.yaml").write_text(
        "items:\n  press: {kind: action, text: Press.}\n  come_back: {kind: advice, text: Come back if it gets worse.}\n"
        "  rest: {kind: advice, text: Rest at home., reassures: yes}\n"
        + "".join(f"  advice_{n}: {{kind: advice, text: Advice number {n}.}}\n" for n in range(rules)),
        encoding="utf-8",
    )
    (where / "sources.yaml").write_text("rows: {}\nevidence: {}\ngaps: {G1: {problem: made up, resolution: made up}}\n", encoding="utf-8")
    (where / "ruleset.yaml").write_text(
        "ruleset: synthetic\ntitle: Synthetic\nversion: 0.1.0\nreview_by: 2099-01-01\nnotice: Made up. Not for patients.\n"
        "urgency:\n" + "".join(f"  {name}: {text}\n" for name, text in LEVELS.items())
        + "limits: {now: now, PT4H: within 4 hours, P1D: within 1 day}\n"
        "services: {resus: {name: resus}, ent: {name: ENT}}\n"
        "red_flags:\n" + "".join(
            f"  flag_{n}: {{title: flag {n}, when: danger_{n}, then: {OUTCOMES['immediate'] % ''}, {BASIS}}}\n" for n in range(4)
        )
        + "constraints:\n  fast_is_danger: {if: {number_0: {at_least: 90}}, then: danger_0, means: 90 or more is a danger}\n",
        encoding="utf-8",
    )  # fmt: skip
    signs = [name for name, _ in names if name.startswith("sign")]
    others = [name for name, _ in names if not name.startswith(("sign", "danger"))]
    (where / "complaint.yaml").write_text(
        "pathway: complaint\ntitle: Complaint\ncomplaint: complaint\nversion: 0.1.0\nreview_by: 2099-01-01\nrules:\n"
        + "".join(
            f"  rule_{n}: {{title: rule {n}, when: {_condition(dice, signs, others)}, then: {OUTCOMES[_level(dice)] % f', advice_{n}'}, {BASIS}}}\n"
            for n in range(rules)
        )
        + f"  well: {{title: well, when: {{all: [{', '.join(f'{{{name}: no}}' for name in signs)}]}}, then: {OUTCOMES['none']}, {BASIS}}}\n"
        f"otherwise: {OUTCOMES['discuss_same_day'] % ''}\n",
        encoding="utf-8",
    )  # fmt: skip
    return where


def _findings(count: int) -> Iterator[tuple[str, str]]:
    told = "means: made up"
    for n in range(4):
        yield f"danger_{n}", f"{{ask: danger number {n}, {told}, worse: yes, group: dangers}}"
    yield "seen", f"{{ask: it was looked at, {told}, worse: no, group: seen}}"
    yield "shown", f"{{ask: it is there, {told}, worse: yes, group: signs, applies: seen}}"
    for n in range(count // 10):
        yield f"choice_{n}", f"{{ask: choice number {n}, {told}, kind: choice, values: {{a: a, b: b, c: c}}, worse: neither, group: about}}"
    for n in range(count // 10):
        form = "kind: number, unit: 1, range: [0, 100], resolution: 1, worse: higher, group: about"
        yield f"number_{n}", f"{{ask: amount number {n}, {told}, {form}}}"
    for n in range(count - 6 - 2 * (count // 10)):
        yield f"sign_{n}", f"{{ask: sign number {n}, {told}, worse: yes, group: signs}}"


def _level(dice: random.Random) -> str:
    return dice.choice(("discuss_same_day", "urgent", "urgent", "immediate"))


def _condition(dice: random.Random, signs: list[str], others: list[str]) -> Any:
    one, two, three = dice.sample(signs, 3)
    other = _other(dice, dice.choice(others))
    return dice.choice(
        (
            f"{{all: [{one}, {two}]}}",
            f"{{all: [{one}, {other}]}}",
            f"{{all: [{one}, {{any: [{two}, {three}]}}]}}",
            f"{{all: [{one}, {two}, {other}]}}",
        )
    )


def _other(dice: random.Random, name: str) -> str:
    if name.startswith("choice"):
        return f"{{{name}: {dice.choice(('a', 'b', '[a, b]'))}}}"
    if name.startswith("number"):
        return f"{{{name}: {{at_least: {dice.choice((40, 60, 80))}}}}}"
    return f"{{{name}: no}}" if name == "seen" else name
