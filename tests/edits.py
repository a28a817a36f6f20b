"""Random single edits of a rule folder, and what sampled patients say of each: the plain reading of both versions, side by side."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import yaml

from pathways.changes import Changes, diff
from pathways.plain import Patient, outcome
from pathways.regions import Direction, Pair
from pathways.remarks import InvalidRules
from pathways.versions import Version, read_version

Place = tuple[Any, Any]  # what holds it, and its key there
COMPARED = ("at_least", "above", "at_most", "below")


@dataclass
class Verdict:
    """What came of one edit."""

    edit: str
    kind: str
    sampled: int = 0  # patients who differ
    regions: int = 0
    lower: bool = False
    mistakes: list[str] = field(default_factory=list)


def flow(data: Any) -> str:
    """Plain data as YAML in one line; a text is quoted where it is not a word or a number."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(value)}" for key, value in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(map(flow, data)) + "]"
    return data if re.fullmatch(r"[A-Za-z0-9_.-]+", data) else json.dumps(data, ensure_ascii=False)


def within(data: Any, wanted: Callable[[Any, Any], bool]) -> Iterator[Place]:
    """Every place inside the data that is wanted by its key and value."""
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        if wanted(key, value):
            yield data, key
        yield from within(value, wanted)


def _conditions(data: Any) -> Iterator[Place]:
    yield from within(data, lambda key, value: key in ("when", "if", "applies"))


def _threshold(data: Any, random: Random) -> str:
    places = [place for holder, key in _conditions(data) for place in within(holder[key], lambda key, value: key in COMPARED)]
    holder, key = random.choice(places)
    step = random.choice([Decimal(1), Decimal(-1), Decimal(2)])
    before, holder[key] = holder[key], f"{max(Decimal(holder[key]) + step, Decimal(0))}"
    return f"{key} {before} to {holder[key]}"


def _literal(data: Any, random: Random) -> str:
    lists = [
        holder[key]
        for outer, name in _conditions(data)
        for holder, key in [(outer, name), *within(outer[name], lambda key, value: True)]
        if isinstance(holder[key], list) and len(holder[key]) > 1
    ]
    terms = random.choice(lists)
    return f"dropped {terms.pop(random.randrange(len(terms)))}"


def _urgency(data: Any, random: Random, levels: list[str]) -> str:
    holder, key = random.choice(list(within(data, lambda key, value: key == "urgency" and isinstance(value, str))))
    near = levels.index(holder[key]) + random.choice([-3, -2, -1, 1, 2])
    before, holder[key] = holder[key], levels[max(0, min(near, len(levels) - 1))]
    return f"urgency {before} to {holder[key]}"


def _from_list(*keys: str) -> Callable[..., str]:
    def edit(data: Any, random: Random) -> str:
        holder, key = random.choice(list(within(data, lambda key, value: key in keys and isinstance(value, list) and value)))
        return f"dropped {holder[key].pop(random.randrange(len(holder[key])))} of {key}"

    return edit


def _limit(data: Any, random: Random, limits: list[str]) -> str:
    holder, key = random.choice(list(within(data, lambda key, value: key == "within" and isinstance(value, str))))
    before, holder[key] = holder[key], random.choice([limit for limit in limits if limit != holder[key]])
    return f"within {before} to {holder[key]}"


def _call(data: Any, random: Random) -> str:
    holder, key = random.choice(list(within(data, lambda key, value: key == "contact" and isinstance(value, str))))
    return f"no longer phoned: {holder.pop(key)} {holder}"


def _gone(part: str) -> Callable[..., str]:
    def edit(data: Any, random: Random) -> str:
        name = random.choice(list(data[part]))
        del data[part][name]
        return f"deleted {part} {name}"

    return edit


def _gate(data: Any, random: Random) -> str:
    gated = [name for name, finding in data["findings"].items() if "applies" in finding]
    name = random.choice(gated)
    return f"{name} applies always: {data['findings'][name].pop('applies')}"


def _text(data: Any, random: Random) -> str:
    holder, key = random.choice(list(within(data, lambda key, value: key in ("title", "text", "ask", "means", "note"))))
    holder[key] = f"{holder[key]} in other words"
    return f"another {key}"


KINDS = ("threshold", "literal", "urgency", "item", "service", "limit", "call", "rule", "gate", "constraint", "definition", "text")


def edited(data: dict[str, Any], random: Random, kind: str) -> tuple[str, str, Any]:
    """One edit of this kind: the file, what was done, and the file's data after it."""
    shared = data["ruleset.yaml"]
    files = [name for name in data if "rules" in data[name]]
    name = {"gate": "findings.yaml", "constraint": "ruleset.yaml"}.get(kind, random.choice(files))
    if kind == "definition":
        name = random.choice([*files, "ruleset.yaml"])
    if kind == "text":
        name = random.choice([*files, "items.yaml", "findings.yaml"])
    new = deepcopy(data[name])
    edits: dict[str, Callable[[], str]] = {
        "threshold": lambda: _threshold(new["rules"], random),
        "literal": lambda: _literal(new["rules"], random),
        "urgency": lambda: _urgency(new["rules"], random, list(shared["urgency"])),
        "item": lambda: _from_list("actions", "advice", "follow_up")(new["rules"], random),
        "service": lambda: _from_list("referrals")(new["rules"], random),
        "limit": lambda: _limit(new["rules"], random, list(shared["limits"])),
        "call": lambda: _call(new["rules"], random),
        "rule": lambda: _gone("rules")(new, random),
        "gate": lambda: _gate(new, random),
        "constraint": lambda: _gone("constraints")(new, random),
        "definition": lambda: _literal(new["definitions"], random),
        "text": lambda: _text(new, random),
    }
    return name, edits[kind](), new


def data_of(folder: Path) -> dict[str, Any]:
    """The rule files as plain data in which everything is text."""
    names = [path for path in sorted(folder.glob("*.yaml")) if not path.name.endswith(".cases.yaml")]
    return {path.name: yaml.load(path.read_text("utf-8"), yaml.BaseLoader) for path in names}  # noqa: S506  # which makes texts only


def random_edit(old: Version, data: dict[str, Any], folder: Path, seed: int) -> tuple[Version, str, str]:
    """The version after the random edit of this number, its kind and what it is; only such as load."""
    random = Random(seed)
    kind = KINDS[seed % len(KINDS)]
    while True:
        try:
            name, what, new = edited(data, random, kind)
        except (IndexError, KeyError):
            continue
        where = Path(folder) / "rules"
        shutil.rmtree(where, ignore_errors=True)
        where.mkdir()
        for file, content in {**data, name: new}.items():
            (where / file).write_text(flow(content), encoding="utf-8")
        try:
            version = read_version(str(where))
        except InvalidRules:
            continue
        if version.content.data != old.content.data:
            return version, kind, f"{name}: {what}"


def sampled(old: Version, new: Version, random: Random, count: int) -> Iterator[tuple[str, Patient]]:
    """Patients of both versions whom a pathway decides differently: random ones, most of them aimed at a rule that was edited."""
    pair = Pair.of(old.content, new.content)
    aims = []
    for name in new.content.pathways:
        for one, other in ((pair.old, pair.new), (pair.new, pair.old)):
            there = {rule.key: rule for rule in other.content.asked([name])}
            for rule in one.content.asked([name]):
                twin = there.get(rule.key)
                if rule.id != "otherwise" and (twin is None or twin.holds != rule.holds or twin.given != rule.given):
                    aims.append(one.holds(rule))
    for n in range(count):
        wished = [random.choice(aims)] if aims and n % 4 else []
        if not pair.solver.possible(*pair.possible, *wished):
            continue
        for name in random.sample(list(pair.answers.shapes), 25):
            wish = random.choice([literal for literal, _ in pair.answers.cells(name)])
            if pair.solver.possible(*pair.possible, *wished, wish):
                wished.append(wish)
        patient = pair.solver.find(pair.answers, *pair.possible, *wished)
        assert patient is not None
        for name in new.content.pathways:
            if got(old, name, patient) != got(new, name, patient):
                yield name, patient


def got(version: Version, pathway: str, patient: Patient) -> tuple[Any, ...]:
    """What a version gives the patient, by the plain reading."""
    known = {name: patient[name] for name in version.content.findings}
    found = outcome(version.content, [pathway], known)
    return found.rank, dict(found.referrals), found.items


def judged(old: Version, new: Version, random: Random, patients: int, verdict: Verdict) -> Changes:
    """Runs `diff` and notes every mistake: who was sampled and not reported, what does not replay, what stands in the wrong order."""
    found = diff(old, new)
    verdict.regions = len(found.changes)
    for pathway, patient in sampled(old, new, random, patients):
        verdict.sampled += 1
        before, after = got(old, pathway, patient), got(new, pathway, patient)
        step = (_level(old, before[0]), _level(new, after[0]))
        reported = {_urgencies(change) for change in found.changes if change.pathway == pathway}
        if (step if step[0] != step[1] else None) not in reported:
            verdict.mistakes.append(f"not reported: {pathway} {before} {after} {patient}")
    for change in found.changes:
        sides = [_engine(version, change.pathway, dict(change.given)) for version in (old, new)]
        if sides[0] == sides[1]:
            verdict.mistakes.append(f"the example is decided alike: {change.pathway} {change.example}")
        told = _urgencies(change)
        if told is not None and told != (sides[0][0], sides[1][0]):
            verdict.mistakes.append(f"the example replays as {sides[0][0]} and {sides[1][0]}, not {told}")
    ranks = [(change.direction, change.weight[0]) for change in found.changes]
    verdict.lower = any(way is Direction.WORSE and fall < 0 for way, fall in ranks)
    if ranks != sorted(ranks):
        verdict.mistakes.append(f"in the wrong order: {ranks}")
    if found.empty:
        verdict.mistakes.append("an edit, and nothing is reported")
    return found


def _level(version: Version, rank: int) -> str | None:
    return version.content.levels[rank] if rank >= 0 else None


def _urgencies(change: Any) -> tuple[str | None, str | None] | None:
    return next(((one.before, one.after) for one in change.differences if one.what == "urgency"), None)


def _engine(version: Version, pathway: str, given: dict[str, str]) -> tuple[Any, ...]:
    """What the engine decides: urgency, referrals, actions, advice, follow-up."""
    assert version.ruleset is not None
    known = {name: _value(version, name, text) for name, text in given.items() if name in version.content.findings}
    decision = version.ruleset.decide(known, pathway)
    assert decision.urgency.highest == decision.urgency.lowest
    level = decision.urgency.highest
    parts = (decision.referrals, decision.actions, decision.advice, decision.follow_up, decision.not_covered)
    return (None if level is None else level.id, *map(repr, parts))


def _value(version: Version, name: str, text: str) -> Any:
    kind = version.content.findings[name]["kind"]
    return Decimal(text) if kind == "number" else {"yes": True, "no": False}[text] if kind == "yes_no" else text
