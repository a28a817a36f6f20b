"""Every single edit of the rules that a slip of the pen could make: one comparison, one limit, one item, one rule.

An edit says what becomes of one part; `slipped` is the canonical content with it. Knows nothing of cases or of how rules are run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from pathways.conditions import AllOf, AnyOf, Choice, Condition, Named, Not, Number, Path, YesNo, tree
from pathways.content import OTHERWISE
from pathways.literals import SHARED, Leaf, Subject, subjects, table_path, written
from pathways.loader import Authored
from pathways.remarks import Place

__all__ = ["ADDED", "Slip", "added", "slipped", "slips"]

ADDED = "literal added"
STRICT = {"at_least": "above", "above": "at_least", "at_most": "below", "below": "at_most"}
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Slip:
    """What one slip makes of one part: another condition, another outcome, or nothing at all where it is deleted."""

    kind: str
    pathway: str
    part: str  # rule, red flag, definition, applies, otherwise, constraint
    id: str
    what: str
    place: Place
    condition: Condition | None = None
    outcome: Mapping[str, Any] | None = None

    @property
    def deletes(self) -> bool:
        return self.condition is None and self.outcome is None

    @property
    def name(self) -> str:
        return f"{self.part} `{self.id}`" if self.id else f"`{self.part}`"


def slips(authored: Authored, content: Mapping[str, Any]) -> Iterator[Slip]:
    """Every edit but added literals, in the order of the files; of a constraint only that it is deleted."""
    for subject in subjects(authored):
        yield from _of_condition(authored, subject)
    yield from _of_outcomes(authored, content)
    shared = authored.documents["ruleset.yaml"]
    for name in authored.constraints:
        yield Slip("constraint deleted", SHARED, "constraint", name, "deleted", shared.place(("constraints", name)))


# -- conditions --------------------------------------------------------------------------------------------------------


def _of_condition(authored: Authored, subject: Subject) -> Iterator[Slip]:
    def edit(kind: str, what: str, path: Path, condition: Condition) -> Slip:
        at = (*subject.path, *(table_path(path) if subject.table else path))
        return Slip(kind, subject.pathway, subject.kind, subject.id, what, subject.place(at), condition)

    for path, part, put in _parts(subject.condition, (), lambda new: new):
        match part:
            case AllOf(terms) | AnyOf(terms):
                if len(terms) > 1:
                    words, other = ("any", AnyOf(terms)) if isinstance(part, AllOf) else ("all", AllOf(terms))
                    yield edit("and/or", f"`{'all' if words == 'any' else 'any'}` becomes `{words}`", path, put(other))
                    for n, term in enumerate(terms):
                        if isinstance(term, Leaf) or (isinstance(term, Not) and isinstance(term.term, Leaf)):
                            kept = type(part)(terms[:n] + terms[n + 1 :])
                            at = (*path, "all" if isinstance(part, AllOf) else "any", n)
                            yield edit("literal dropped", f"`{_said(term)}` dropped", at, put(kept))
            case Not():
                pass
            case leaf:
                for kind, new in _of_leaf(authored, leaf):
                    yield edit(kind, f"`{written(leaf)}` becomes `{_said(new)}`", path, put(new))


def _said(term: Condition) -> str:
    if isinstance(term, Not):
        return f"not: {_said(term.term)}"
    assert isinstance(term, Leaf)  # noqa: S101 - nothing else is put in a literal's place
    return written(term)


def _parts(
    condition: Condition, path: Path, put: Callable[[Condition], Condition]
) -> Iterator[tuple[Path, Condition, Callable[[Condition], Condition]]]:
    """Each part of the condition with its path, and with what makes the whole of something else in its place."""
    yield path, condition, put
    match condition:
        case Not(term):
            yield from _parts(term, (*path, "not"), lambda new: put(Not(new)))
        case AllOf(terms) | AnyOf(terms):
            join, key = type(condition), "all" if isinstance(condition, AllOf) else "any"
            for n, term in enumerate(terms):

                def here(new: Condition, n: int = n) -> Condition:
                    return put(join((*terms[:n], new, *terms[n + 1 :])))

                yield from _parts(term, (*path, key, n), here)


def _of_leaf(authored: Authored, leaf: Leaf) -> Iterator[tuple[str, Condition]]:
    match leaf:
        case YesNo(finding, answer):
            yield "negated", YesNo(finding, not answer)
        case Choice(finding, values):
            yield "negated", Not(leaf)
            every = tuple(authored.findings.findings[finding].values or ())
            for value in every:
                if value not in values:
                    yield "other choice", Choice(finding, (*values, value))
                    if len(values) == 1:
                        yield "other choice", Choice(finding, (value,))
                elif len(values) > 1:
                    yield "other choice", Choice(finding, tuple(one for one in values if one != value))
        case Number(finding, limits):
            yield "negated", Not(leaf)
            for n, (operator, limit) in enumerate(limits):
                others = [("> / >=", STRICT[operator], limit)]
                others += [("threshold", operator, moved) for moved in _moved(authored, finding, limit)]
                for kind, word, at in others:
                    yield kind, Number(finding, (*limits[:n], (word, at), *limits[n + 1 :]))
        case Named():
            yield "negated", Not(leaf)


def _moved(authored: Authored, finding: str, limit: Decimal) -> list[Decimal]:
    """The limit one step and ten per cent lower and higher, within the range."""
    part = authored.findings.findings[finding]
    step = part.resolution or Decimal(1)
    low, high = part.range or (limit, limit)
    tenth = (limit * TENTH / step).to_integral_value() * step
    moved = (Decimal(format(one.normalize(), "f")) for one in (limit - step, limit + step, limit - tenth, limit + tenth))
    return [one for one in dict.fromkeys(moved) if low <= one <= high and one != limit]


def added(authored: Authored, content: Mapping[str, Any]) -> Iterator[Slip]:
    """To each rule of a pathway each literal that a rule of the next lower or higher urgency uses there."""
    levels = [level["id"] for level in content["urgency"]]
    for pathway in content["pathways"]:
        written_ = authored.pathways[pathway["id"]]
        ranks = {rule["id"]: levels.index(rule["then"]["urgency"]) for rule in pathway["rules"] if rule["then"] is not None}
        neighbours = {frozenset(pair) for pair in pairwise(sorted(set(ranks.values())))}
        for name, rank in ranks.items():
            condition = written_.rules[name]
            terms = condition.terms if isinstance(condition, AllOf) else (condition,)
            others = (written_.rules[other] for other, its in ranks.items() if frozenset((rank, its)) in neighbours)
            for leaf in dict.fromkeys(
                part for other in others for _, part, _ in _parts(other, (), lambda new: new) if isinstance(part, Leaf)
            ):
                if leaf not in terms:
                    place = written_.document.place(("rules", name, "when"))
                    yield Slip(ADDED, pathway["id"], "rule", name, f"`{written(leaf)}` added", place, AllOf((*terms, leaf)))


# -- outcomes ----------------------------------------------------------------------------------------------------------


def _of_outcomes(authored: Authored, content: Mapping[str, Any]) -> Iterator[Slip]:
    levels = [one["id"] for one in content["urgency"]]
    limits = {one["id"]: one["label"] for one in content["limits"]}
    shared = authored.documents["ruleset.yaml"]
    for flag in content["red_flags"]:
        yield from _of_rule(SHARED, "red flag", flag["id"], flag["then"], shared.place(("red_flags", flag["id"])), levels, limits)
    for pathway in content["pathways"]:
        document = authored.pathways[pathway["id"]].document
        for rule in pathway["rules"]:
            place = document.place(("rules", rule["id"]))
            yield from _of_rule(pathway["id"], "rule", rule["id"], rule["then"], place, levels, limits)
        if pathway["otherwise"] is not None:
            place = document.place((OTHERWISE,))
            yield from _of_rule(pathway["id"], OTHERWISE, "", pathway["otherwise"], place, levels, limits)


def _of_rule(
    pathway: str, part: str, name: str, then: Mapping[str, Any] | None, place: Place, levels: Sequence[str], limits: Mapping[str, str]
) -> Iterator[Slip]:
    yield Slip("rule deleted", pathway, part, name, "deleted", place)
    for kind, what, outcome in () if then is None else _outcomes(then, levels, limits):
        yield Slip(kind, pathway, part, name, what, place, outcome=outcome)


def _outcomes(then: Mapping[str, Any], levels: Sequence[str], limits: Mapping[str, str]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for level in _beside(then["urgency"], levels):
        yield "urgency", f"`{then['urgency']}` becomes `{level}`", {**then, "urgency": level}
    rows, items = then["referrals"], then["items"]
    for n, row in enumerate(rows):
        service = row["service"]

        def put(*new: Mapping[str, Any], n: int = n) -> Mapping[str, Any]:
            return {**then, "referrals": [*rows[:n], *new, *rows[n + 1 :]]}

        yield "service dropped", f"`{service}` dropped", put()
        if row["contact"] is not None:
            yield "limit", f"`{service}` no longer phoned now", put({**row, "contact": None})
        for limit in () if row["within"] is None else _beside(row["within"], tuple(limits)):
            yield "limit", f"`{service}` {limits[limit]} instead of {limits[row['within']]}", put({**row, "within": limit})
    for n, entry in enumerate(items):
        yield "item dropped", f"`{entry['item']}` dropped", {**then, "items": [*items[:n], *items[n + 1 :]]}


def _beside(one: str, scale: Sequence[str]) -> Iterable[str]:
    n = scale.index(one)
    return (*scale[max(n - 1, 0) : n], *scale[n + 1 : n + 2])


# -- the content with an edit ------------------------------------------------------------------------------------------


def slipped(content: Mapping[str, Any], edit: Slip) -> dict[str, Any]:
    """The canonical content with the edit; what it does not touch is the same object."""
    if edit.part == "constraint":
        return {**content, "constraints": [one for one in content["constraints"] if one["id"] != edit.id]}
    if edit.pathway != SHARED:
        return {**content, "pathways": [_in(one, edit, "rules") if one["id"] == edit.pathway else one for one in content["pathways"]]}
    return _in(content, edit, "red_flags")


def _in(holder: Mapping[str, Any], edit: Slip, rules: str) -> dict[str, Any]:
    """The pathway, or the content itself, with the edit."""
    when = None if edit.condition is None else tree(edit.condition)
    if edit.part == "definition":
        definitions = holder["definitions"]
        return {**holder, "definitions": {**definitions, edit.id: {**definitions[edit.id], "when": when}}}
    if edit.part == "applies":
        return {**holder, "applies": when}
    if edit.part == OTHERWISE:
        return {**holder, OTHERWISE: edit.outcome}
    changed = {"when": when} if when is not None else {"then": edit.outcome}
    return {
        **holder,
        rules: [
            {**one, **changed} if one["id"] == edit.id else one for one in holder[rules] if not (edit.deletes and one["id"] == edit.id)
        ],
    }
