"""Engine and oracle side by side on one presentation: every difference in words, and what is counted on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from generate import Generator, Presentation, fits, random_completions
from oracle import Patient, Reading, TooMany, flat
from pathways import InvalidPresentation

RANDOM_COMPLETIONS = 200
BECAUSE_CHECKED = 0.03  # share of decisions whose `because` is proved smallest by the oracle too: it takes longer than all else


@dataclass
class Tally:
    """What a run of comparisons met. Tallies of several processes add up."""

    mix: Counter[str] = field(default_factory=Counter)
    certain: Counter[tuple[str, str]] = field(default_factory=Counter)  # rules that certainly held
    possible: Counter[tuple[str, str]] = field(default_factory=Counter)
    disagreements: list[dict[str, Any]] = field(default_factory=list)
    conditions: dict[str, set[str]] = field(default_factory=dict)  # a condition on the site, and how the engine words it

    def add(self, other: Tally) -> None:
        self.mix += other.mix
        self.certain += other.certain
        self.possible += other.possible
        self.disagreements += other.disagreements
        for site, texts in other.conditions.items():
            self.conditions.setdefault(site, set()).update(texts)


def compare(ruleset: Any, generator: Generator, seed: int, number: int, tally: Tally, completions: int = RANDOM_COMPLETIONS) -> None:
    """Compares the presentation of that number and writes down what was met."""
    presentation = generator.presentation(seed, number)
    reading = generator.reading(presentation.asked)
    random = Random(f"{seed}:{number}:comparison")
    expected = answer(reading, presentation, random, tally, completions)
    try:
        decision = ruleset.decide(presentation.given, pathways=presentation.asked)
    except InvalidPresentation:
        decision = None
    found = differences(decision, expected, tally)
    if decision is not None and not found and random.random() < BECAUSE_CHECKED:
        found = unfaithful(reading, decision, presentation.given)
    count(presentation, expected, tally)
    if found:
        tally.disagreements.append({"number": number, "seed": seed, "differences": found, "presentation": presentation.as_json()})


def answer(reading: Reading, presentation: Presentation, random: Random, tally: Tally, completions: int) -> dict[str, Any]:
    """What the oracle says: by enumeration, and by completions that attain each bound and each possibility where there are too many.

    Random completions go in first, so that the answer covers them too; each is replayed by the oracle's reading of one patient.
    """
    if presentation.part != "many unknown":
        try:
            return reading.decide(presentation.given)
        except TooMany:
            tally.mix["too many to enumerate"] += 1
    known = reading.known(presentation.given)
    seen = random_completions(reading, known, random, completions)
    assert fits(reading, known, random.choice(seen)), "not a completion of the presentation"
    return reading.decide_by_search(presentation.given, seen)


def count(presentation: Presentation, expected: Mapping[str, Any], tally: Tally) -> None:
    tally.mix[f"part: {presentation.part}"] += 1
    tally.mix[f"asked: {' + '.join(sorted(presentation.asked))}"] += 1
    tally.mix[f"status: {expected['status']}"] += 1
    if presentation.part != "many unknown":
        tally.mix[f"unknown: {min(presentation.unknown, 6)}{' or more' if presentation.unknown > 5 else ''}"] += 1
    reasons = expected.get("reasons", [])
    certain = [(pathway, rule) for pathway, rule, certainty in reasons if certainty == "certain"]
    tally.mix[f"rules that certainly hold: {min(len(certain), 3)}{' or more' if len(certain) > 2 else ''}"] += 1
    tally.certain.update(certain)
    tally.possible.update((pathway, rule) for pathway, rule, certainty in reasons if certainty == "possible")


def differences(decision: Any, expected: Mapping[str, Any], tally: Tally) -> list[str]:
    """Where the engine's decision (None for a refusal) is not what the oracle expects."""
    if decision is None or expected["status"] == "refused":
        refused = [name for name, is_refused in (("engine", decision is None), ("oracle", expected["status"] == "refused")) if is_refused]
        return [] if len(refused) == 2 else [f"refused by the {refused[0]} only"]
    pairs: dict[str, tuple[Any, Any]] = {
        "status": (str(decision.status), expected["status"]),
        "lowest": (text(decision.urgency.lowest), expected["lowest"]),
        "highest": (text(decision.urgency.highest), expected["highest"]),
        "reasons": ([(each.pathway, each.rule, each.certainty) for each in decision.reasons], expected["reasons"]),
        "not_covered": (sorted(decision.not_covered), sorted(expected["not_covered"])),
        "maybe_not_covered": (sorted(decision.maybe_not_covered), sorted(expected["maybe_not_covered"])),
        "order of referrals": ([each.service for each in decision.referrals], [each["service"] for each in expected["referrals"]]),
        "referrals": conditional(
            [
                (each.condition, (each.service, window(each), each.contact, each.within, each.certain_within, each.certainty))
                for each in decision.referrals
            ],
            [(each["site"], tuple(each[name] for name in REFERRAL)) for each in expected["referrals"]],
            tally,
        ),
    }
    for kind, items in (("action", decision.actions), ("advice", decision.advice), ("follow_up", decision.follow_up)):
        wanted = expected["items"][kind]
        pairs[f"order of {kind}"] = ([each.id for each in items], [item for item, _, _ in wanted])
        pairs[kind] = conditional(
            [(each.condition, (each.id, each.certainty)) for each in items],
            [(site, (item, certainty)) for item, site, certainty in wanted],
            tally,
        )
    return [f"{name}: engine {said}, oracle {wanted}" for name, (said, wanted) in pairs.items() if said != wanted]


REFERRAL = ("service", "window", "contact", "within", "certain_within", "certainty")


def conditional(said: list[tuple[str, Any]], wanted: list[tuple[str, Any]], tally: Tally) -> tuple[list[Any], list[Any]]:
    """Both without regard to order, and with the condition on the site only as there or not; its wording is noted to be compared."""
    for site, each in wanted:
        texts = [condition for condition, other in said if other == each]
        if len(texts) == 1 and sum(other == each for _, other in wanted) == 1:
            tally.conditions.setdefault(site, set()).add(texts[0])
    return tuple(sorted(((bool(condition), each) for condition, each in side), key=repr) for side in (said, wanted))  # type: ignore[return-value]


def window(referral: Any) -> str:
    if referral.window is None:
        return ""
    return flat({"from": referral.window.from_, "not_before": referral.window.not_before, "not_after": referral.window.not_after})


def text(value: Any) -> str | None:
    return None if value is None else str(value)


# -- because ------------------------------------------------------------------------------------------------------------------


def unfaithful(reading: Reading, decision: Any, given: Mapping[str, object]) -> list[str]:
    """Where `because` does not fix the urgency, or would without one of its answers. Nothing is claimed of an urgency that is open."""
    level = text(decision.urgency.highest)
    if level is None or not fixes(reading, given, level):
        return []
    names = [each.finding for each in decision.because]
    if not given.keys() >= set(names):
        return [f"because names what was not given: {sorted(set(names) - given.keys())}"]
    if not fixes(reading, {name: given[name] for name in names}, level):
        return [f"because does not fix {level}: {names}"]
    return [
        f"because can do without {name}: {names}"
        for name in names
        if fixes(reading, {other: given[other] for other in names if other != name}, level)
    ]


def fixes(reading: Reading, given: Mapping[str, object], level: str) -> bool:
    """Whether everybody who is as given has that urgency."""
    known = reading.known(given)
    rank = reading.levels.index(level)
    below = reading.none_of(reading.above(rank - 1))
    return reading.find(known, [below]) is None and all(reading.find(known, [reading.holds(key)]) is None for key in reading.above(rank))


def replayed(reading: Reading, patient: Patient) -> dict[str, Any]:
    """What the oracle says of one patient, in the form of a decision."""
    return reading.together([reading.outcome(patient)])
