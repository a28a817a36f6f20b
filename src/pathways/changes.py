"""Who is decided differently by two versions of a rule set, and how: for every possible patient, or a proof that it is nobody.

`diff` asks every pathway that both have, one at a time, which is enough: what several give together is made of what each gives
alone. Each region of patients comes with what changes, the condition of who is in it, one example read by both versions, and the
rules responsible; the worst first. Then who is possible in one version only, and what else was edited.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from pathways.confirming import Disagreement, confirm
from pathways.content import Constraint, Content, Rule, findings_read
from pathways.decision import Window, canonical
from pathways.edits import Edit, edits
from pathways.encoding import Literal, World, both, nor
from pathways.examples import answer_said, answer_text, decided, standing_out
from pathways.parallel import mapped
from pathways.patterns import Among, Patterns, patterns
from pathways.plain import Patient, broken, outcome, rules_held
from pathways.regions import Differences, Direction, Incomparable, Pair, Region, State, Step, comparable, direction
from pathways.remarks import Place
from pathways.versions import Version

__all__ = ["Apart", "Change", "Changes", "Difference", "Incomparable", "Responsible", "Side", "diff"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of the decision that changes: its name, and what it was and is; None where it is not given."""

    what: str  # urgency, covered, referral or item
    id: str  # of the service or item
    name: str
    before: str | None
    after: str | None
    direction: Direction
    everybody: bool  # or only some of the region


@dataclass(frozen=True, slots=True)
class Responsible:
    """A rule that makes the difference for the example."""

    pathway: str
    rule: str
    title: str
    state: str  # holds here only, or gives something else here
    place: Place | None


@dataclass(frozen=True, slots=True)
class Side:
    """What one version decides of the example, and its rules that make the difference."""

    decided: str
    responsible: tuple[Responsible, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A region: everybody in it is decided differently in the same way. No patient is in two regions of a pathway."""

    pathway: str
    direction: Direction
    differences: tuple[Difference, ...]
    condition: Patterns
    example: str
    given: tuple[tuple[str, str], ...]
    before: Side
    after: Side
    weight: tuple[int, ...]  # how much worse, the worst least


@dataclass(frozen=True, slots=True)
class Apart:
    """Patients who are possible in one version only, since they break one constraint or gate of the other.

    Whoever becomes possible can only lower what was certain of those of whom not everything is known. The example is the least
    urgent of those who become possible, and the most urgent of those who are refused now.
    """

    possible_in: str  # old or new
    constraint: str  # of the other version; `applies:NAME` for a gate, empty where only an answer is not among the other's
    state: str  # what the new version did to it: gone, changed or new
    condition: Patterns
    example: str
    given: tuple[tuple[str, str], ...]
    why: tuple[str, ...]  # what keeps the example out of the other version
    pathway: str
    decided: str  # for the example, by the version in which it is possible


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that differs between two versions. Empty is a proof that they are equal."""

    old: str
    new: str
    digests: tuple[str, str]
    pathways: tuple[str, ...]
    only_old: tuple[str, ...]  # pathways
    only_new: tuple[str, ...]
    changes: tuple[Change, ...]
    apart: tuple[Apart, ...]
    edits: tuple[Edit, ...]

    @property
    def empty(self) -> bool:
        return not (self.changes or self.apart or self.edits or self.only_old or self.only_new)

    def going(self, way: Direction) -> tuple[Change, ...]:
        """The regions of this direction."""
        return tuple(change for change in self.changes if change.direction is way)

    @property
    def worse(self) -> bool:
        """Whether somebody is less urgent, loses a service or a call, gets a longer limit, has no pathway any more, or becomes possible."""
        return bool(self.only_old or self.going(Direction.WORSE) or self.loosened)

    @property
    def loosened(self) -> tuple[Apart, ...]:
        """Who becomes possible: what was certain without one of their answers may be so no more."""
        return tuple(one for one in self.apart if one.possible_in == "new")

    @property
    def refused(self) -> tuple[Apart, ...]:
        """Who is possible no more."""
        return tuple(one for one in self.apart if one.possible_in == "old")

    def fails(self, on: Iterable[str]) -> bool:
        """Whether there is such a change: `less-urgent`, `more-urgent` or `any`."""
        happened = {
            "less-urgent": self.worse,
            "more-urgent": bool(self.only_new or self.going(Direction.MORE)),
            "any": not self.empty,
        }
        return any(happened[one] for one in on)


Watch: TypeAlias = Callable[[Iterable[Any], int], Iterable[Any]]
Task: TypeAlias = tuple[Version, Version, tuple[str, ...]]


def diff(old: Version, new: Version, only: str | None = None, jobs: int = 1, watch: Watch = lambda found, count: found) -> Changes:
    """What differs between the versions, for the pathway `only` or for all; `watch` passes on what is found as it comes.

    Raises Incomparable where a finding is of one kind here and of another there, so that no patient can be asked of both.
    """
    comparable(old.content, new.content)
    names = tuple(name for name in new.content.pathways if name in old.content.pathways and only in (None, name))
    task: Task = (old, new, names)
    found = list(watch(mapped(_asked, task, len(names) + 1, jobs), len(names) + 1))
    apart = tuple(one for part in found for one in part if isinstance(one, Apart))
    changes = [one for part in found for one in part if isinstance(one, Change)]
    return Changes(
        old=old.name,
        new=new.name,
        digests=(_digest(old), _digest(new)),
        pathways=names,
        only_old=tuple(name for name in old.content.pathways if name not in new.content.pathways and only in (None, name)),
        only_new=tuple(name for name in new.content.pathways if name not in old.content.pathways and only in (None, name)),
        changes=tuple(
            sorted(changes, key=lambda change: (change.direction, change.weight, names.index(change.pathway), repr(change.differences)))
        ),
        apart=apart,
        edits=edits(old.content.data, new.content.data),
    )


def _digest(version: Version) -> str:
    return hashlib.sha256(canonical(version.content.data).encode()).hexdigest()


def _asked(task: Task, n: int) -> list[Change | Apart]:
    """The regions of the n-th pathway; of the one after the last, who is possible in one version only."""
    old, new, names = task
    pair = Pair.of(old.content, new.content)  # anew, so that what is said of a pathway does not depend on what was asked before
    if n == len(names):
        return list(_apart(old, new, pair, names))
    differences = Differences(pair, names[n])
    regions = list(differences.regions())
    if not differences.complete(regions):
        raise Disagreement(f"the regions of `{names[n]}` leave somebody out")
    among = Among.of(pair.solver, pair.answers, *pair.possible) if regions else None
    return [] if among is None else [_change(old, new, differences, names[n], region, among) for region in regions]


def _apart(old: Version, new: Version, pair: Pair, names: Sequence[str]) -> Iterator[Apart]:
    for word, here, there, (inside, outside) in (("new", pair.new, pair.old, pair.only[1]), ("old", pair.old, pair.new, pair.only[0])):
        if not pair.solver.possible(inside, outside):
            continue
        version = new if word == "new" else old
        before = {one.id for one in old.content.constraints}
        among = Among.of(pair.solver, pair.answers, inside)
        kept = there.constraints
        ways = [(one.id, one, nor(kept[one.id])) for one in there.content.constraints]
        for id, one, broken_ in (*ways, ("", None, both(*kept.values()))):
            group = pair.solver.name(both(inside, outside, broken_))
            if among is None or not pair.solver.possible(group):
                continue
            tied = set() if one is None else findings_read([one.holds]) | ({one.applies_to} if one.applies_to else set())
            pathway, patient = _furthest(pair, here, group, names, tied, most=word == "old")
            known = _known(version.content, patient)
            if version.ruleset is not None:
                confirm(version.content, version.ruleset, [pathway], known)
            condition = patterns(among, _findings(old, new), group)
            named = set(standing_out(version.content, [pathway], known, tied | _named(condition))) | tied
            yield Apart(
                possible_in=word,
                constraint=id,
                state=_state_of(id, before, {one.id for one in new.content.constraints}),
                condition=condition,
                example=_told(version.content, known, named),
                given=_given(version, version, known),
                why=_excluded(there.content, one, _known(there.content, patient)),
                pathway=pathway,
                decided=decided(version.content, outcome(version.content, [pathway], known)),
            )


def _furthest(pair: Pair, here: World, group: Literal, names: Sequence[str], tied: set[str], most: bool) -> tuple[str, Patient]:
    """Of the group the most or the least urgent, simply put, and the pathway that makes them so: one that reads what is tied, if any."""
    content, solver = here.content, pair.solver
    readers = [name for name in names if not tied.isdisjoint(content.readers((name,)))]
    ranks = range(-1, len(content.levels))
    for rank in reversed(ranks) if most else ranks:
        for name in readers or names:
            wanted = (group, here.lit(content.applies(name)), here.exactly((name,), rank))
            if solver.possible(*wanted) and (patient := solver.simplest(pair.answers, *wanted)) is not None:
                return name, patient
    patient = solver.simplest(pair.answers, group)  # no pathway is for them
    if patient is None:
        raise Disagreement("a group of patients without anybody in it")
    return next(iter(names), next(iter(content.pathways))), patient


def _state_of(constraint: str, before: Container[str], after: Container[str]) -> str:
    return "gone" if constraint not in after else "changed" if constraint in before else "new"


def _excluded(content: Content, first: Constraint | None, patient: Patient) -> tuple[str, ...]:
    """What keeps the patient out, this constraint before others."""
    told = [] if first is None else [first.means]
    return tuple(dict.fromkeys([*told, *broken(content, patient)])) or ("an answer that is not among those of the other version",)


def _told(content: Content, patient: Patient, named: Container[str]) -> str:
    told = [answer_said(one, patient[name]) for name, one in content.findings.items() if name in named and patient[name] is not None]
    return "; ".join([*told, "all else absent"])


def _named(condition: Patterns) -> set[str]:
    """The findings that the condition is about."""
    return {term.finding for pattern in condition.found for term in pattern.terms}


def _change(old: Version, new: Version, differences: Differences, pathway: str, region: Region, among: Among) -> Change:
    pair = differences.pair
    patient = pair.solver.simplest(pair.answers, *pair.possible, region.literal)
    if patient is None:
        raise Disagreement(f"a region of `{pathway}` without anybody in it")
    _confirm(old, new, differences, pathway, region, patient)
    before, after = _sides(old, new, pathway, patient)
    steps = [(step, True) for step in region.steps] + [(step, False) for step in region.some]
    condition = patterns(among, _findings(old, new), region.literal, patient)
    return Change(
        pathway=pathway,
        direction=region.direction,
        differences=tuple(_difference(old.content, new.content, pair, step, everybody) for step, everybody in steps),
        condition=condition,
        example=_said(old.content, new.content, pathway, patient, _named(condition)),
        given=_given(old, new, patient),
        before=before,
        after=after,
        weight=_weight(pair, (*region.steps, *region.some)),
    )


def _confirm(old: Version, new: Version, differences: Differences, pathway: str, region: Region, patient: Patient) -> None:
    """Nobody is shown whom the plain reading and the engine of both versions do not know as the solver does."""
    for version in (old, new):
        if version.ruleset is not None:
            confirm(version.content, version.ruleset, [pathway], _known(version.content, patient))
    steps = differences.steps(patient)
    if not steps or not set(region.steps) <= set(steps):
        raise Disagreement(f"the solver says {region.steps}, the plain reading {steps}: {patient}")


def _known(content: Content, patient: Patient) -> Patient:
    """The patient as far as this version asks."""
    return {name: patient[name] for name in content.findings}


def _said(old: Content, new: Content, pathway: str, patient: Patient, about: set[str]) -> str:
    """What stands out for either version."""
    told: dict[str, str] = {}
    for content in (new, old):
        for name in standing_out(content, [pathway], patient, about):
            told.setdefault(name, answer_said(content.findings[name], patient[name]))
    return "; ".join([*told.values(), "all else absent"]) if told else "nothing present"


def _given(old: Version, new: Version, patient: Patient) -> tuple[tuple[str, str], ...]:
    return tuple((name, answer_text(patient[name])) for name in _findings(old, new) if patient[name] is not None)


def _findings(old: Version, new: Version) -> Mapping[str, Any]:
    return {**old.content.findings, **new.content.findings}


# -- what changes ----------------------------------------------------------------------------------------------------


def _difference(old: Content, new: Content, pair: Pair, step: Step, everybody: bool) -> Difference:
    kind, *rest = step.part
    way = direction(pair.levels, pair.limits, step)
    before, after = _state(old, kind, step.before), _state(new, kind, step.after)
    name = kind
    if kind == "referral":
        name = new.services.get(rest[0], old.services.get(rest[0], rest[0]))
        name += "".join(f" ({text})" for text in map(_on_condition, rest[1:]) if text)
    if kind == "item":
        name = str((new.items.get(rest[0]) or old.items[rest[0]])["text"])
        name += f" ({_on_condition(rest[1])})" if rest[1] else ""
    return Difference(kind, rest[0] if rest else "", name, before, after, way, everybody)


def _state(content: Content, kind: str, state: State) -> str | None:
    if state is None:
        return None
    if isinstance(state, tuple):
        limit, phoned = state
        labels = {one["id"]: str(one["label"]) for one in content.data["limits"]}
        return f"{labels[limit] if limit else 'in its window'}{', phoned now' if phoned else ''}"
    if kind == "item":
        return "given" if state else None
    return ("yes" if state else "no") if isinstance(state, bool) else state


def _on_condition(text: str) -> str:
    """A window or a condition on the site, from canonical JSON to words."""
    if not text:
        return ""
    data: dict[str, Any] = json.loads(text)
    if "not_before" in data:
        return str(Window(data["from"], data["not_before"], data["not_after"]))
    return "where " + ", ".join(f"{name} {_wanted(wanted)}" for name, wanted in data.items())


def _wanted(wanted: Any) -> str:
    if isinstance(wanted, Mapping):
        return " and ".join(f"{operator.replace('_', ' ')} {limit}" for operator, limit in wanted.items())
    return "is so" if wanted else "is not so"


def _weight(pair: Pair, steps: Iterable[Step]) -> tuple[int, ...]:
    """How a region is ordered among those of its direction: the deepest fall of urgency, then services lost, limits, calls."""
    fall = lost = longer = calls = 0
    level = len(pair.levels)
    for step in steps:
        if step.part == ("urgency",):
            at = [-1 if state is None else pair.levels.index(str(state)) for state in (step.before, step.after)]
            fall, level = at[0] - at[1], len(pair.levels) - at[0]
        elif step.part[0] == "referral":
            lost += step.after is None
            if isinstance(step.before, tuple) and isinstance(step.after, tuple):
                (limit, phoned), (later, then) = step.before, step.after
                longer += pair.limits.index(later) - pair.limits.index(limit) if limit and later else 0
                calls += phoned - then
        elif step.part == ("covered",):
            lost += bool(step.before)
    # The more urgent of two rises that is higher comes first too.
    return (-fall if fall > 0 else 0, -lost, -longer, -calls, fall, level)


# -- who is responsible ----------------------------------------------------------------------------------------------


def _sides(old: Version, new: Version, pathway: str, patient: Patient) -> tuple[Side, Side]:
    held = [{rule.key: rule for rule in rules_held(one.content, [pathway], _known(one.content, patient))} for one in (old, new)]
    sides = []
    for here, there, version, other in ((held[0], held[1], old, new), (held[1], held[0], new, old)):
        known = _known(version.content, patient)
        got = decided(version.content, outcome(version.content, [pathway], known))
        responsible = [
            Responsible(rule.pathway, rule.id, rule.title, state, version.places.get(rule.key))
            for rule in here.values()
            if (state := _differs(rule, version.content, there.get(rule.key), other.content))
        ]
        sides.append(Side(got, tuple(responsible)))
    return sides[0], sides[1]


def _differs(rule: Rule, here: Content, other: Rule | None, there: Content) -> str:
    if other is None:
        return "holds here only"
    return "" if _gives(rule, here) == _gives(other, there) else "gives something else"


def _gives(rule: Rule, content: Content) -> Any:
    """What the rule gives, by ids: ranks are those of its own version."""
    if rule.given is None:
        return rule.handover
    referrals = ((row.slot, content.limits[row.limit] if row.limit >= 0 else "", row.contact) for row in rule.given.referrals)
    return content.levels[rule.given.rank], frozenset(referrals), frozenset(rule.given.items)
