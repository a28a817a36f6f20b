"""Presentations to compare engine and oracle on: seeded, possible patients with part of what is known taken away.

Each starts from rules that are to hold, so that every rule is met often, and from a well, mixed or ill patient around them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from random import Random
from typing import Any

from oracle import FALSE, OTHERWISE, RED_FLAGS, TRUE, Key, Known, Patient, Reading, Span, Value, resolved

PARTS = {"few unknown": 32, "threshold": 22, "many unknown": 22, "all known": 21, "one value changed": 3}  # per cent
REASONS = ("not-asked", "asked-unknown", "unable-to-assess")
TENTH = Decimal("0.1")
PIECES = 40  # drawn of what hangs together, to put completions together from


@dataclass(frozen=True)
class Presentation:
    """What is known of a generated patient, and how it came about."""

    asked: tuple[str, ...]
    part: str
    given: dict[str, object]
    aimed: tuple[Key, ...]  # the rules that it started from
    patient: Patient
    unknown: int  # findings that matter, apply to the patient and are not given or given in part

    def as_json(self) -> str:
        """The presentation as one line, to be replayed."""
        return json.dumps({"pathways": self.asked, "given": self.given, "part": self.part}, default=str, sort_keys=True)


class Generator:
    """Draws presentations for one rule set; the n-th of a seed is always the same."""

    def __init__(self, content: dict[str, Any], asked: Sequence[str] = ()) -> None:
        self.content = content
        names = list(asked) or [pathway["id"] for pathway in content["pathways"]]
        self.singles = [(name,) for name in names]
        self.pairs = list(combinations(names, 2))
        self._readings: dict[tuple[str, ...], Reading] = {}

    def reading(self, asked: tuple[str, ...]) -> Reading:
        """The oracle's reading of these pathways, made once."""
        if asked not in self._readings:
            self._readings[asked] = Reading(self.content, asked)
        return self._readings[asked]

    def presentation(self, seed: int, number: int) -> Presentation:
        """The presentation of that number."""
        random = Random(f"{seed}:{number}")
        part = random.choices(list(PARTS), list(PARTS.values()))[0]
        asked = random.choice(self.pairs if self.pairs and random.random() < 0.5 else self.singles)
        if random.random() < 0.3:
            asked = asked[::-1]
        return draw(self.reading(asked), random, part)


def draw(reading: Reading, random: Random, part: str) -> Presentation:
    """One presentation of that part of the mix."""
    nothing = reading.known({})
    pins = on_a_threshold(reading, random) if part == "threshold" else {}
    patient, aimed = patient_with(reading, nothing, random, pins)
    hidden = set(to_hide(reading, random, part, patient, aimed, pins))
    given: dict[str, object] = {}
    for name, value in patient.items():
        if value is not None and name not in hidden:
            given[name] = as_given(reading, name, value, random)
        elif random.random() < 0.3:
            given[name] = random.choice((None, "unknown", {"unknown": random.choice(REASONS)}))
    blurred = 0
    if random.random() < (0.05 if part == "all known" else 0.25):
        blurred = blur(reading, random, patient, given, pins)
    if part == "one value changed":
        change_one(reading, random, patient, given)
    unknown = sum(patient[name] is not None for name in hidden) + blurred
    return Presentation(reading.asked, part, shuffled(given, random), aimed, patient, unknown)


# -- The patient -----------------------------------------------------------------------------------------------------------


def patient_with(reading: Reading, nothing: Known, random: Random, pins: Mapping[str, Value]) -> tuple[Patient, tuple[Key, ...]]:
    """A possible patient with the pinned values for whom one or two rules hold, where that is possible."""
    known = reading.known(pins) if pins else nothing
    wishes = random_wishes(reading, known, random)
    keys = list(reading.rules)
    if pins:
        keys = [key for key in keys if key[1] != OTHERWISE and not pins.keys().isdisjoint(reading.conditions[key].names)] or keys
    keys = [key for key in keys if key[0] != RED_FLAGS or random.random() < 0.3]
    aimed = random.sample(keys, min(len(keys), random.choice((0, 1, 1, 2, 2, 3))))
    if keys and random.random() < 0.4:  # rules of a low level are few
        rank = random.choice(sorted({reading.rules[key].rank or 0 for key in keys}))
        aimed.insert(0, random.choice([key for key in keys if (reading.rules[key].rank or 0) == rank]))
    wanted = [*map(reading.holds, aimed)]
    attempts = [wanted, wanted[:1], []]
    chance = random.random()
    if chance < 0.7:  # nobody who needs more than the first of these rules says
        level = max([reading.rules[key].rank or 0 for key in aimed[:1]], default=0)
        attempts.insert(0, [*wanted[:1], reading.none_of(reading.above(level))])
    elif chance < 0.9:
        attempts.insert(0, [*wanted, reading.none_of(key for key in reading.rules_of(RED_FLAGS) if key not in aimed)])
    for goals in attempts:
        patient = reading.find(known, goals, wishes)
        if patient is not None:
            return {name: patient[name] for name in reading.matters}, tuple(aimed)
    raise ValueError(f"no possible patient with {pins}")


def random_wishes(reading: Reading, known: Known, random: Random, names: Sequence[str] | None = None) -> Patient:
    """A value for everything that is open, or for these of it; yes is rare in some draws and common in others."""
    share = random.choice((0.0, 0.02, 0.02, 0.1, 0.3, 0.5))
    names = [name for name in reading.matters if name in known.domains] if names is None else names
    return {name: random_value(reading, name, known.domains[name], random, share) for name in names}


def random_value(reading: Reading, name: str, domain: list[str] | Span, random: Random, share: float) -> Value:
    """A value of that domain: for numbers mostly one that some rule tells from others, sometimes any."""
    if isinstance(domain, Span):
        if random.random() < 0.7:
            return random.choice(cells(reading, name, domain))
        value = domain.least + (domain.most - domain.least) * Decimal(random.randrange(10_001)) / 10_000
        return value if value in domain else domain.least
    if reading.findings[name]["kind"] == "choice":
        return random.choice(domain)
    return "yes" if random.random() < share else "no"


def cells(reading: Reading, name: str, domain: Span) -> list[Decimal]:
    """One number for each cell of the domain."""
    key = (name, domain)
    if key not in reading.memory:
        reading.memory[key] = domain.representatives(reading.thresholds[name])
    found: list[Decimal] = reading.memory[key]
    return found


def on_a_threshold(reading: Reading, random: Random) -> dict[str, Value]:
    """One number at, or one step beside, a value that some rule or constraint compares it with."""
    names = [name for name in reading.matters if reading.thresholds.get(name)]
    random.shuffle(names)
    for name in names:
        whole = reading.domain(name)
        step = Decimal(reading.findings[name]["resolution"]) * random.choice((1, 1, 1, TENTH))
        value = random.choice(reading.thresholds[name]) + step * random.choice((-1, 0, 1))
        if value in whole and reading.find(reading.known({name: value})) is not None:
            return {name: value}
    return {}


# -- What is known of the patient --------------------------------------------------------------------------------------------


def to_hide(reading: Reading, random: Random, part: str, patient: Patient, aimed: Sequence[Key], pins: Mapping[str, Value]) -> list[str]:
    """The findings that are not told: for a few mostly those on which the rules depend that it started from."""
    there = [name for name, value in patient.items() if value is not None and name not in pins]
    if part == "many unknown":
        most = len(there)
        return random.sample(there, random.randint(min(most, most // 2 + 1), most))
    count = random.randint(1, 5) if part == "few unknown" else random.choice((0, 0, 0, 1, 2)) if part == "threshold" else 0
    near = [name for name in there if any(name in reading.conditions[key].names for key in aimed if key in reading.conditions)]
    hidden: set[str] = set()
    while len(hidden) < min(count, len(there)):
        hidden.add(random.choice(near if near and random.random() < 0.5 else there))
    return sorted(hidden)


def as_given(reading: Reading, name: str, value: Value, random: Random) -> object:
    """The value as a caller may write it."""
    if isinstance(value, Decimal):
        if value == value.to_integral_value() and random.random() < 0.5:
            return int(value)
        return float(value) if random.random() < 0.3 and Decimal(str(float(value))) == value else value
    return value == "yes" if reading.findings[name]["kind"] == "yes_no" else value


def blur(reading: Reading, random: Random, patient: Patient, given: dict[str, object], pins: Mapping[str, Value]) -> int:
    """Turns one or two known numbers and choices into what is known of them in part; how many."""
    names = [name for name in given if reading.findings[name]["kind"] != "yes_no" and patient[name] is not None and name not in pins]
    chosen = random.sample(names, min(len(names), random.randint(1, 2)))
    for name in chosen:
        value, domain = patient[name], reading.domain(name)
        if isinstance(domain, Span):
            assert isinstance(value, Decimal)
            ends = [*cells(reading, name, domain), value]
            least = random.choice([end for end in ends if end <= value])
            above = [end for end in ends if end > value]
            if not above:  # the end of the range itself cannot be below anything
                continue
            given[name] = {"from": least, "below": random.choice(above)}
        else:
            assert isinstance(value, str)
            given[name] = shuffled_list({value, *random.sample(domain, random.randint(1, len(domain) - 1))}, random)
            if len(given[name]) == 1:  # type: ignore[arg-type]
                given[name] = value
    return len(chosen)


def change_one(reading: Reading, random: Random, patient: Patient, given: dict[str, object]) -> None:
    """Gives one finding another value, also where it does not apply: the presentation may become impossible."""
    name = random.choice(list(patient))
    value = random_value(reading, name, reading.domain(name), random, 0.5)
    if patient[name] in ("yes", "no"):
        value = "no" if patient[name] == "yes" else "yes"
    given[name] = as_given(reading, name, value, random)


def shuffled(given: dict[str, object], random: Random) -> dict[str, object]:
    return {name: given[name] for name in random.sample(list(given), len(given))}


def shuffled_list(values: set[str], random: Random) -> list[str]:
    return random.sample(sorted(values), len(values))


def random_completions(reading: Reading, known: Known, random: Random, count: int) -> list[Patient]:
    """Any possible patients who are as the presentation says.

    What hangs together by constraints and gates is drawn as pieces, each a possible one; every completion takes one piece
    of each kind and its own values for all else.
    """
    open_ = [name for name in reading.matters if name in known.domains]
    pieces: list[list[dict[str, Value]]] = []
    for island in known.islands:
        known.effort = reading.effort
        names = [name for name in open_ if name in island.names]
        drawn = [reading.example(island, known, random_wishes(reading, known, random, names)) for _ in range(min(count, PIECES))]
        pieces.append([piece for piece in drawn if piece is not None])
        assert len(pieces[-1]) == len(drawn), "the presentation has no completion"
    alone = [name for name in open_ if not any(name in island.names for island in known.islands)]
    completions = []
    for _ in range(count):
        values = dict(known.values)
        for drawn in pieces:
            values |= random.choice(drawn)
        completions.append(reading.filled(values, reading.in_order, known, random_wishes(reading, known, random, alone)))
    return completions


def fits(reading: Reading, known: Known, patient: Patient) -> bool:
    """Whether that is a possible patient, as far as the findings that matter go, who is as the presentation says."""
    for name, value in patient.items():
        gate = resolved(reading.gates[name], patient) if name in reading.gates else TRUE
        if (value is None) != (gate is FALSE) or value != known.values.get(name, value):
            return False
        if value is not None and name in known.domains and value not in known.domains[name]:
            return False
    return all(resolved(tree, patient) is TRUE for tree in reading.constraints if tree.names <= patient.keys())
