"""Random rule sets of up to 2^16 patients, and the truth about each property of them by going through all of these patients.

Shares nothing with the checks: conditions are read by `worlds.holds`, everything else is written out here from the definitions
(hazards section 4, design section 3). A rule set is plain data, made by `small.ruleset`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import small
from worlds import holds

MOST = 1 << 16
NUMBERS = tuple(map(Decimal, (1, 3, 5, 7, 9)))  # below, at, between, at and above the limits that conditions use
LIMITS = ("3", "7")
URGENT = small.LEVELS.index("urgent")
NOBODY: Any = None  # the answer of a finding that does not apply


@dataclass(frozen=True)
class Finding:
    """A finding with its answers; `gate` is the yes/no finding without which it does not apply."""

    name: str
    answers: tuple[Any, ...]
    worse: str
    gate: str = ""

    @property
    def domain(self) -> tuple[Any, ...]:
        return (*self.answers, NOBODY) if self.gate else self.answers

    def as_bad(self, one: Any, other: Any, band: int = 0) -> bool:
        """Whether the other answer is the same or worse; not to apply is least; `band` is the ordinary number."""
        if one == other or one is NOBODY:
            return True
        if other is NOBODY:
            return False
        here, there = self.answers.index(one), self.answers.index(other)
        if self.worse == "both":
            return (band <= here <= there) or (there <= here <= band)
        return {"yes": here < there, "higher": here < there, "no": here > there, "lower": here > there}.get(self.worse, False)

    def declared(self) -> dict[str, Any]:
        """As `small.ruleset` takes it."""
        kind: dict[str, Any] = {}
        if self.answers == NUMBERS:
            kind = {"range": [0, 10]}
        elif self.answers != ("no", "yes"):
            kind = {"values": list(self.answers)}
        return {**kind, "worse": self.worse, **({"applies": self.gate} if self.gate else {})}


@dataclass
class RuleSet:
    """A red flag, the pathway `p`, and perhaps `q`, to which `p` hands over."""

    findings: tuple[Finding, ...]
    rules: dict[str, tuple[Any, Any]]  # id → condition, outcome or ">q"
    handed: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    flag: tuple[Any, Any] = ("danger", {"urgency": "immediate"})
    otherwise: dict[str, Any] | None = None
    applies: Any = None
    constraints: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    items: dict[str, dict[str, Any]] = field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        others = {"q": {"rules": self.handed}} if self.handed else {}
        declared = {one.name: one.declared() for one in self.findings}
        small.ruleset(
            folder, declared, self.rules, otherwise=self.otherwise, applies=self.applies, red_flags={"flag": self.flag},
            constraints=self.constraints, others=others, items=self.items,
        )  # fmt: skip
        return folder / "rules"

    # -- patients ----------------------------------------------------------------------------------------------------

    @cached_property
    def everybody(self) -> list[tuple[Any, ...]]:
        """All combinations of answers, possible or not, in the order of the domains."""
        return list(product(*(one.domain for one in self.findings)))

    def named(self, answers: tuple[Any, ...]) -> dict[str, Any]:
        return dict(zip((one.name for one in self.findings), answers, strict=True))

    @cached_property
    def patients(self) -> dict[tuple[Any, ...], dict[str, Any]]:
        """Those who can be."""
        found = {}
        for answers in self.everybody:
            patient = self.named(answers)
            gates = all((patient[one.name] is not NOBODY) == (patient[one.gate] == "yes") for one in self.findings if one.gate)
            if gates and all(holds(then, patient) for when, then in self.constraints.values() if holds(when, patient)):
                found[answers] = patient
        return found

    # -- outcomes ----------------------------------------------------------------------------------------------------

    @property
    def asked(self) -> list[str]:
        return ["p", "q"] if self.handed else ["p"]

    def inside(self, pathway: str, patient: Mapping[str, Any]) -> bool:
        return pathway != "p" or self.applies is None or holds(self.applies, patient)

    def fired(self, pathway: str, patient: Mapping[str, Any], changed: Mapping[tuple[str, str], Any]) -> frozenset[tuple[str, str]]:
        """The rules that hold; `changed` has conditions to take instead, None for a rule that is left out."""

        def meets(where: str, name: str, when: Any) -> bool:
            when = changed.get((where, name), when)
            return when is not None and (when is ALWAYS or holds(when, patient))

        found = {("flag", "flag")} if meets("flag", "flag", self.flag[0]) else set()
        own: set[tuple[str, str]] = set()
        if pathway == "p" and self.inside("p", patient):
            own = {("p", name) for name, (when, _) in self.rules.items() if meets("p", name, when)}
            if not own and self.otherwise is not None:
                own = {("p", "otherwise")}
        if pathway == "q" or any(then == ">q" for name, (_, then) in self.rules.items() if ("p", name) in own):
            own |= {("q", name) for name, (when, _) in self.handed.items() if meets("q", name, when)}
        return frozenset(found | own)

    def then(self, key: tuple[str, str]) -> dict[str, Any] | None:
        """What a rule gives; None for a handover."""
        where, name = key
        if where == "flag":
            return dict(self.flag[1])
        if name == "otherwise":
            return self.otherwise
        given = (self.rules if where == "p" else self.handed)[name][1]
        return None if given == ">q" else given

    def outcome(self, fired: frozenset[tuple[str, str]]) -> tuple[Any, ...]:
        """Level, services with the earliest limit and whether they are phoned, items."""
        given = [then for then in map(self.then, fired) if then is not None]
        rank = max((small.LEVELS.index(then["urgency"]) for then in given), default=-1)
        services: dict[str, tuple[int, bool]] = {}
        items = set()
        for then in given:
            for row in then.get("referrals", ()):
                limit, phoned = small.LIMITS.index(row["within"]), row.get("contact") == "now"
                before = services.get(row["service"], (limit, phoned))
                services[row["service"]] = (min(limit, before[0]), phoned or before[1])
            for item in then.get("advice", ()):
                if not self.items[item].get("reassures") or then["urgency"] == (small.LEVELS[rank] if rank >= 0 else ""):
                    items.add(item)
        return rank, frozenset(services.items()), frozenset(items)

    @cached_property
    def _outcomes(self) -> dict[frozenset[tuple[str, str]], tuple[Any, ...]]:
        return {}

    def decided(self, pathway: str, patient: Mapping[str, Any], changed: Mapping[tuple[str, str], Any] | None = None) -> tuple[Any, ...]:
        fired = self.fired(pathway, patient, changed or {})
        if fired not in self._outcomes:
            self._outcomes[fired] = self.outcome(fired)
        return self._outcomes[fired]

    @cached_property
    def as_they_are(self) -> dict[str, dict[tuple[Any, ...], tuple[Any, ...]]]:
        """What everybody gets who can be, by pathway."""
        return {one: {answers: self.decided(one, patient) for answers, patient in self.patients.items()} for one in self.asked}

    def differs(self, pathways: Iterable[str], key: tuple[str, str], when: Any) -> bool:
        """Whether somebody gets something else if the rule has this condition, or is left out."""
        return any(
            self.decided(pathway, patient, {key: when}) != self.as_they_are[pathway][answers]
            for pathway in pathways
            for answers, patient in self.patients.items()
        )

    def all_rules(self) -> Iterator[tuple[tuple[str, str], Any, list[str]]]:
        """Each rule: its key, its condition, and the pathways in which it counts when they are asked alone."""
        yield ("flag", "flag"), self.flag[0], self.asked
        for name, (when, _) in self.rules.items():
            yield ("p", name), when, ["p"]
        for name, (when, _) in self.handed.items():
            yield ("q", name), when, ["q"]


ALWAYS: Any = object()


# -- the truth about each property: whether it holds -------------------------------------------------------------------


def complete(rules: RuleSet) -> bool:
    """P1: every patient of a pathway gets an urgency."""
    return all(
        outcome[0] >= 0
        for pathway in rules.asked
        for answers, outcome in rules.as_they_are[pathway].items()
        if rules.inside(pathway, rules.patients[answers])
    )


def monotone(rules: RuleSet) -> bool:
    """P3: whoever is as ill or worse is as urgent, and referred to every service that some rule phones now."""
    phoned = {row["service"] for key, _, _ in rules.all_rules() for row in (rules.then(key) or {}).get("referrals", ()) if "contact" in row}
    phoned |= {row["service"] for row in (rules.otherwise or {}).get("referrals", ()) if "contact" in row}

    def worth(outcome: tuple[Any, ...]) -> list[int]:
        return [outcome[0], *(int(any(one == service for one, _ in outcome[1])) for service in sorted(phoned))]

    bands = [range(len(one.answers)) if one.worse == "both" else [0] for one in rules.findings]
    return all(
        any(_rises(rules, {answers: worth(one) for answers, one in rules.as_they_are[pathway].items()}, band) for band in product(*bands))
        for pathway in rules.asked
    )


def _rises(rules: RuleSet, worth: Mapping[tuple[Any, ...], list[int]], bands: tuple[int, ...]) -> bool:
    """Whether nobody is worth less than somebody who is no more ill.

    The order is one of each finding by itself, so that the most among those below is found finding by finding, over all
    combinations of answers, the impossible ones worth nothing.
    """
    size = len(next(iter(worth.values()), ()))
    most = {answers: list(worth.get(answers, [-1] * size)) for answers in rules.everybody}
    for n, finding in enumerate(rules.findings):
        below = {
            answer: [one for one in finding.domain if one != answer and finding.as_bad(one, answer, bands[n])] for answer in finding.domain
        }
        most = {
            answers: [
                max(column)
                for column in zip(most[answers], *(most[(*answers[:n], one, *answers[n + 1 :])] for one in below[answers[n]]), strict=True)
            ]
            for answers in rules.everybody
        }
    return all(most[answers] == worth[answers] for answers in worth)


def every_rule_can_hold(rules: RuleSet) -> bool:
    """P5a."""
    return all(
        any(holds(when, patient) and rules.inside(key[0], patient) for patient in rules.patients.values())
        for key, when, _ in rules.all_rules()
    )


def no_rule_is_idle(rules: RuleSet) -> bool:
    """P5b: somebody gets something else without the rule."""
    return all(rules.differs(pathways, key, None) for key, _, pathways in rules.all_rules())


def every_comparison_matters(rules: RuleSet) -> bool:
    """P5c: by two patients of the pathway who differ in it alone and in whether the rule holds; else by what somebody gets without it."""
    for key, when, pathways in rules.all_rules():
        paths = list(_leaves(when))
        rows = set()
        for patient in rules.patients.values():
            if rules.inside(key[0], patient):
                rows.add((tuple(holds(_at(when, path), patient) for path in paths), holds(when, patient)))
        for n, path in enumerate(paths):
            sides: dict[tuple[bool, ...], set[tuple[bool, bool]]] = {}
            for truths, met in rows:
                sides.setdefault(truths[:n] + truths[n + 1 :], set()).add((truths[n], met))
            pair = any((True, met) in seen and (False, not met) in seen for seen in sides.values() for met in (True, False))
            if not pair and not rules.differs(pathways, key, _without(when, path)):
                return False
    return True


def _leaves(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    key = next(iter(tree)) if isinstance(tree, dict) else ""
    if key in ("all", "any"):
        for n, term in enumerate(tree[key]):
            yield from _leaves(term, (*path, key, n))
    elif key == "not":
        yield from _leaves(tree["not"], (*path, "not"))
    else:
        yield path


def _at(tree: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def _without(tree: Any, path: tuple[Any, ...]) -> Any:
    """The condition without the nearest term that can be left out: one beside which another stands."""
    cut = max((n for n in range(len(path) - 1) if path[n] in ("all", "any") and len(_at(tree, path[: n + 1])) > 1), default=None)
    if cut is None:
        return ALWAYS

    def copied(part: Any, here: tuple[Any, ...]) -> Any:
        if here == path[: cut + 1]:
            return [term for n, term in enumerate(part) if n != path[cut + 1]]
        if len(here) > cut or path[: len(here)] != here:
            return part
        if isinstance(part, dict):
            return {key: copied(one, (*here, key)) for key, one in part.items()}
        return [copied(one, (*here, n)) for n, one in enumerate(part)] if isinstance(part, list) else part

    return copied(tree, ())


def nothing_contradicts(rules: RuleSet) -> bool:
    """P6: no two items that exclude each other; nobody reassured who is urgent, or about whom somebody is phoned now."""
    excluded = [(one, other) for one, item in rules.items.items() for other in item.get("excludes", ())]
    for pathway in rules.asked:
        for rank, services, items in set(rules.as_they_are[pathway].values()):
            reassured = any(rules.items[item].get("reassures") for item in items)
            if any(one in items and other in items for one, other in excluded):
                return False
            if reassured and (rank >= URGENT or any(phoned for _, (_, phoned) in services)):
                return False
    return True


def equal(old: RuleSet, new: RuleSet) -> bool:
    """P16: nobody can tell the two apart; both have the same findings and pathways."""
    return old.patients == new.patients and all(
        old.as_they_are[pathway] == new.as_they_are[pathway]
        and all(old.inside(pathway, patient) == new.inside(pathway, patient) for patient in old.patients.values())
        for pathway in old.asked
    )


TRUTHS: dict[str, Callable[[RuleSet], bool]] = {
    "P1": complete,
    "P3": monotone,
    "P5a": every_rule_can_hold,
    "P5b": no_rule_is_idle,
    "P5c": every_comparison_matters,
    "P6": nothing_contradicts,
}


# -- random rule sets ------------------------------------------------------------------------------------------------


def random_rules(random: Random) -> RuleSet:
    """A rule set with somebody in it; each habit of an author is taken up or not, so that every property holds of some and fails of others."""
    while True:
        found = _Author(random).rules()
        if found.patients:
            return found


def edited(random: Random, rules: RuleSet) -> RuleSet:
    """The rule set with one rule edited: said otherwise, or given another condition, level or list of items."""
    name = random.choice(list(rules.rules))
    when, then = rules.rules[name]
    other = _Author(random, rules.findings)
    edits: list[tuple[Any, Any]] = [
        ({"not": {"not": when}}, then),
        ({"any": [when, {"all": [when, other.condition(1)]}]}, then),
        ({"all": [{"any": [when, other.condition(1)]}, when]}, then),
        (other.condition(), then),
    ]
    if then != ">q":
        edits += [
            (when, {**then, "urgency": random.choice(small.LEVELS)}),
            (when, {key: one for key, one in then.items() if key != "advice"}),
        ]
    edit = random.choice(edits)
    rest = [one for one in rules.rules.items() if one[0] != name]
    return replace(rules, rules=dict(random.sample([*rest, (name, edit)], len(rules.rules))))


class _Author:
    """Somebody who writes rules, with habits."""

    def __init__(self, random: Random, findings: tuple[Finding, ...] = ()) -> None:
        self.random = random
        self.cautious = random.random() < 0.55  # asks in every rule for what is worse, never for its absence
        self.tidy = random.random() < 0.75  # names a finding once in a condition
        self.own_item = random.random() < 0.85  # gives with every rule something that no other gives
        self.covers = random.random() < 0.45  # writes `otherwise`
        self.hasty = random.random() < 0.3  # writes a rule that nobody can meet
        self.findings = findings or tuple(self._findings())
        self.items: dict[str, dict[str, Any]] = {}

    def _findings(self) -> Iterator[Finding]:
        random = self.random
        yield Finding("danger", ("no", "yes"), "yes")
        count, size = random.choice([3, 3, 3, 4, 4, 4, 5, 5, 6]) if random.random() < 0.98 else 10, 2
        for n in range(count):
            kind = random.choice(["yes_no"] * 4 + ["gated", "choice", "number"]) if n else "yes_no"
            if kind == "number":
                worse = random.choice(
                    ["higher", "lower", "both", "neither"] if not self.cautious else ["higher", "lower", "higher", "both"]
                )
                finding = Finding(f"a{n}", NUMBERS, worse)
            elif kind == "choice":
                finding = Finding(f"a{n}", ("red", "blue", "green"), "neither")
            else:
                finding = Finding(
                    f"a{n}", ("no", "yes"), random.choice(["yes", "yes", "yes", "no", "neither"]), "a0" if kind == "gated" else ""
                )
            if size * len(finding.domain) > MOST:
                return
            size *= len(finding.domain)
            yield finding

    def rules(self) -> RuleSet:
        random = self.random
        q = random.random() < 0.12
        handed = {name: (self.condition(), self.given(name)) for name in ("x", "z")[: random.randint(1, 2)]} if q else {}
        count = random.choice([1, 2, 2, 3, 3, 4, 5])
        rules: dict[str, tuple[Any, Any]] = {}
        for n in range(count):
            name = f"r{n}"
            rules[name] = (self.condition(), ">q" if q and n == 0 else self.given(name))
        constraints = {f"c{n}": (self.condition(2), self.condition(1)) for n in range(random.choice([0, 0, 0, 1, 1, 2]))}
        if self.hasty:
            one, other = next(iter(constraints.values()), (self.condition(1),) * 2)
            rules["dead"] = ({"all": [one, {"not": other}]}, self.given("dead"))
        otherwise = {"urgency": random.choice(small.LEVELS[2:4])} if self.covers else None
        return RuleSet(
            self.findings,
            rules,
            handed,
            ("danger", {"urgency": "immediate", "referrals": [{"service": "ent", "contact": "now", "within": "now"}]}),
            otherwise,
            self.condition() if random.random() < 0.1 else None,
            constraints,
            self._with_exclusions(),
        )

    def _with_exclusions(self) -> dict[str, dict[str, Any]]:
        names = list(self.items)
        if len(names) > 1 and self.random.random() < 0.6:
            one, other = self.random.sample(names, 2)
            self.items[one]["excludes"] = [other]
        return self.items

    def given(self, rule: str) -> dict[str, Any]:
        random = self.random
        level = random.choice(small.LEVELS)
        then: dict[str, Any] = {"urgency": level}
        if random.random() < 0.5:
            phoned = level in ("urgent", "immediate") or random.random() < 0.2
            row = {"service": random.choice(["ent", "ent", "ent", "eye"]), "within": random.choice(small.LIMITS[1:])}
            then["referrals"] = [{**row, **({"contact": "now"} if phoned else {})}]
        items = [f"of_{rule}"] if self.own_item else [f"shared_{random.randint(0, 2)}"] if random.random() < 0.5 else []
        for item in items:
            low = level in ("none", "clinic") or random.random() < 0.1
            self.items.setdefault(item, {"reassures": "yes"} if low and random.random() < 0.35 else {})
        return {**then, **({"advice": items} if items else {})}

    # -- conditions --------------------------------------------------------------------------------------------------

    def condition(self, most: int = 4) -> Any:
        random = self.random
        names = list(self.findings[1:])
        random.shuffle(names)
        leaves = [self.leaf(names[n % len(names)] if self.tidy else random.choice(names)) for n in range(random.randint(1, most))]
        leaves = leaves[: len(names)] if self.tidy else leaves
        return self._joined(leaves)

    def _joined(self, leaves: list[Any]) -> Any:
        random = self.random
        if len(leaves) == 1:
            one = leaves[0]
            return {"not": one} if not self.cautious and random.random() < 0.2 else one
        cut = random.randint(1, len(leaves) - 1)
        parts = leaves if random.random() < 0.5 else [self._joined(leaves[:cut]), self._joined(leaves[cut:])]
        return {random.choice(["all", "any"]): parts}

    def leaf(self, finding: Finding) -> Any:
        random = self.random
        if finding.answers == NUMBERS:
            limit = random.choice(LIMITS)
            words = ["at_least", "above", "at_most", "below"]
            if self.cautious and finding.worse in ("higher", "both"):
                words = words[:2]
            elif self.cautious and finding.worse == "lower":
                words = words[2:]
            return {finding.name: {random.choice(words): limit}}
        if finding.answers != ("no", "yes"):
            return {finding.name: random.sample(finding.answers, random.randint(1, 2))}
        answer = finding.worse if self.cautious and finding.worse in ("yes", "no") else random.choice(["yes", "yes", "no"])
        return finding.name if answer == "yes" else {finding.name: "no"}
