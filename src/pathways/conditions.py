"""Condition trees over findings: reading them, what they mean in cells, their English.

A condition is written as `fever`, `{age_years: {below: 2}}`, `{all: [...]}`, `{any: [...]}` or `{not: ...}`.
Its compiled form is a list of cubes (see `solver`). Knows nothing of YAML, files or patients.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from pathways.findings import LONGEST_NUMBER, UNITS, Finding, Space, number
from pathways.remarks import MANY, short
from pathways.solver import widest

__all__ = [
    "AllOf", "AnyOf", "Choice", "Condition", "InvalidCondition", "Kinds", "Named", "Not", "Number", "TooWide", "YesNo",
    "cubes", "english", "findings_of", "limits_of", "number_help", "of_tree", "parse", "tree", "walk",
]  # fmt: skip

OPERATORS = {"at_least": "at least", "above": "over", "at_most": "at most", "below": "under"}
MAX_DEPTH = 40
MAX_CUBES = 2_000  # of one condition; beyond it somebody multiplied alternatives that belong in rules of their own


@dataclass(frozen=True, slots=True)
class YesNo:
    """The yes/no finding has this answer."""

    finding: str
    answer: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """The choice is one of these values."""

    finding: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """The number satisfies every (operator, limit) pair, compared as decimals."""

    finding: str
    limits: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Named:
    """The definition of this name holds."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """The term does not hold."""

    term: Condition


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every term holds."""

    terms: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one term holds."""

    terms: tuple[Condition, ...]


Condition: TypeAlias = YesNo | Choice | Number | Named | Not | AllOf | AnyOf
Path: TypeAlias = tuple[str | int, ...]


class Mistake(NamedTuple):
    """One thing in a condition that cannot be read: where, and how it is cured."""

    code: str
    message: str
    path: Path
    help: str = ""


class InvalidCondition(ValueError):
    """A condition that cannot be read; `mistakes` holds everything that is wrong with it."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__("; ".join(mistake.message for mistake in mistakes))
        self.mistakes = mistakes


class Kinds:
    """What a reader of conditions needs to know of a finding: kind, values, range."""

    def __init__(
        self, findings: Mapping[str, Any], definitions: Mapping[str, Any], suggest: Callable[[str, Any], str] = lambda name, names: ""
    ) -> None:
        self.findings, self.definitions, self.suggest = findings, definitions, suggest


def _invalid(code: str, message: str, path: Path, help: str = "") -> InvalidCondition:
    return InvalidCondition(Mistake(code, message, path, help))


def parse(data: Any, kinds: Kinds, path: Path = ()) -> Condition:
    """Read a condition from plain data; raises InvalidCondition with every mistake in it."""
    if sum(isinstance(step, str) for step in path) > MAX_DEPTH:  # the places in a list are no levels
        raise _invalid("condition-too-deep", f"more than {MAX_DEPTH} levels of all, any and not", path, "name parts as definitions")
    if isinstance(data, str):
        return _name(data, kinds, path)
    if not isinstance(data, dict) or len(data) != 1:
        told = f"{len(data)} keys" if isinstance(data, dict) else "a list"
        raise _invalid(
            "condition-shape", f"a condition is a name or a mapping of one key, not {told}", path, "join conditions with `all:` or `any:`"
        )
    ((key, value),) = data.items()
    at = (*path, key)
    if key in ("all", "any"):
        if not isinstance(value, list) or not value:
            raise _invalid("condition-shape", f"`{key}` takes a list of conditions", at, f"write `{key}: [...]`")
        terms = _terms(value, kinds, at)
        return AllOf(terms) if key == "all" else AnyOf(terms)
    if key == "not":
        return Not(parse(value, kinds, at))
    finding = kinds.findings.get(key)
    if finding is None:
        if key in kinds.definitions:
            raise _invalid("condition-shape", f"`{key}` is a definition and takes no value", at, f"write `{key}` alone")
        raise _unknown(key, kinds, at)
    return _COMPARISONS[finding.kind](key, finding, value, at, kinds)


def _terms(data: list[Any], kinds: Kinds, path: Path) -> tuple[Condition, ...]:
    terms: list[Condition] = []
    mistakes: list[Mistake] = []
    for n, term in enumerate(data):
        try:
            terms.append(parse(term, kinds, (*path, n)))
        except InvalidCondition as error:
            mistakes += error.mistakes
            if len(mistakes) > MANY:
                break
    if mistakes:
        raise InvalidCondition(*mistakes)
    return tuple(terms)


def _name(name: str, kinds: Kinds, path: Path) -> Condition:
    finding = kinds.findings.get(name)
    if finding is None:
        if name in kinds.definitions:
            return Named(str(name))
        raise _unknown(name, kinds, path)
    if finding.kind != "yes_no":
        example = f"{{at_least: {_lowest(finding)}}}" if finding.kind == "number" else next(iter(finding.values), "value")
        raise _invalid(
            "wrong-kind", f"`{name}` is a {finding.kind}, not a yes/no finding", path, f"compare it, such as `{{{name}: {example}}}`"
        )
    return YesNo(str(name), True)


def _unknown(name: str, kinds: Kinds, path: Path) -> InvalidCondition:
    names = [*kinds.findings, *kinds.definitions]
    help = _as_written(name) or kinds.suggest(name, names) or "declare it in findings.yaml, or as a definition"
    return _invalid("unknown-name", f"`{short(name)}` is neither a finding nor a definition", path, help)


def _yes_no(name: str, finding: Any, value: Any, path: Path, kinds: Kinds) -> Condition:
    if value not in ("yes", "no") or getattr(value, "quoted", False):
        raise _invalid("wrong-kind", f"`{name}` is yes or no, not `{_typed(value)}`", path, f"write `{{{name}: yes}}` or `{{{name}: no}}`")
    return YesNo(name, value == "yes")


def _choice(name: str, finding: Any, value: Any, path: Path, kinds: Kinds) -> Condition:
    values = value if isinstance(value, list) else [value]
    for one in values:
        if not isinstance(one, str) or one not in finding.values:
            help = (kinds.suggest(one, finding.values) if isinstance(one, str) else "") or f"one of: {', '.join(finding.values)}"
            raise _invalid("unknown-value", f"`{_typed(one)}` is not a value of `{name}`", path, help)
    if not values:
        raise _invalid("condition-shape", f"`{name}` is compared with an empty list", path, "name at least one value")
    return Choice(name, tuple(str(v) for v in finding.values if v in values))


def _number(name: str, finding: Any, value: Any, path: Path, kinds: Kinds) -> Condition:
    if not isinstance(value, dict) or not value:
        raise _invalid(
            "wrong-kind",
            f"`{name}` is a number{_unit(finding, ' in ')}; `{_typed(value)}` compares it with nothing",
            path,
            f"write `{{{name}: {{{_comparison(value, finding)}}}}}`; {', '.join(OPERATORS)} compare a number",
        )
    limits = []
    for operator, text in value.items():
        at = (*path, operator)
        if operator not in OPERATORS:
            meant = _SIGNS.get(operator)
            help = f"write `{meant}`" if meant else kinds.suggest(operator, OPERATORS) or f"one of: {', '.join(OPERATORS)}"
            raise _invalid("unknown-operator", f"`{short(operator)}` compares nothing", at, help)
        limit = None if getattr(text, "quoted", False) else number(text)
        if limit is None:
            raise _invalid("not-a-number", f"`{_typed(text)}` is not a number", at, number_help(text))
        low, high = finding.range or (limit, limit)
        if not low <= limit <= high:
            raise _invalid(
                "out-of-range",
                f"{short(text)} lies outside the range of `{name}`, {low} to {high}{_unit(finding)}",
                at,
                "correct the limit, or the range of the finding",
            )
        step = Fraction(finding.resolution or 0)  # fractions are exact, however many digits
        if step and (down := Fraction(limit) // step * step) != limit:
            one, other = (Decimal(end.numerator) / end.denominator for end in sorted((down, down + step)))
            raise _invalid(
                "off-resolution",
                f"{short(text)} is no multiple of the resolution of `{name}`, {finding.resolution}{_unit(finding)}",
                at,
                f"write {one.normalize():f} or {other.normalize():f}, or correct the resolution of the finding",
            )
        limits.append((str(operator), limit))
    return Number(name, tuple(limits))


_COMPARISONS = {"yes_no": _yes_no, "choice": _choice, "number": _number}


def _unit(finding: Any, lead: str = " ") -> str:
    said = UNITS.get(finding.unit, finding.unit)
    return lead + said if said else ""


def _typed(value: Any) -> str:
    """A value as its author wrote it, if that is short."""
    if isinstance(value, dict):
        return short(f"{{{', '.join(f'{key}: {_typed(one)}' for key, one in value.items())}}}")
    return short(f"[{', '.join(map(_typed, value))}]" if isinstance(value, list) else str(value))


_SIGNS = {
    ">=": "at_least", ">": "above", "<=": "at_most", "<": "below",
    "min": "at_least", "from": "at_least", "over": "above", "more_than": "above",
    "max": "at_most", "up_to": "at_most", "under": "below", "less_than": "below",
}  # fmt: skip
_JOINS = {"and": "all", "or": "any"}


def _as_written(name: str) -> str:
    """How to write what other languages write as `and`, `or`, `not clot`, `clot and fever`; else nothing."""
    words = name.split()
    if name in _JOINS:
        return f"write `{_JOINS[name]}: [...]`"
    if len(words) == 2 and words[0] == "not":
        return f"write `{{not: {words[1]}}}`"
    if len(words) == 3 and words[1] in _JOINS:
        return f"write `{{{_JOINS[words[1]]}: [{words[0]}, {words[2]}]}}`"
    return "a name has no spaces; conditions are joined by `all: [...]` or `any: [...]`" if len(words) > 1 else ""


def _comparison(value: Any, finding: Any) -> str:
    """How to write what was probably meant: `2` as `at_least: 2`, `< 2` as `below: 2`, `[2, 16]` as `at_least: 2, below: 16`."""
    if isinstance(value, list) and len(value) == 2 and all(isinstance(end, str) and _meant(end) for end in value):
        return f"at_least: {_meant(value[0])}, below: {_meant(value[1])}"
    if isinstance(value, str) and (band := re.fullmatch(r"([0-9.]+) ?- ?([0-9.]+)", value)):
        return f"at_least: {_meant(band[1]) or _lowest(finding)}, at_most: {_meant(band[2]) or _lowest(finding)}"
    if isinstance(value, str):
        sign = next((sign for sign in _SIGNS if value.startswith(sign)), "")
        if found := _meant(value.removeprefix(sign)):
            return f"{_SIGNS.get(sign, 'at_least')}: {found}"
    return f"at_least: {_lowest(finding)}"


def _lowest(finding: Any) -> Any:
    return finding.range[0] if finding.range else 0


_NEARLY = re.compile(r"\+?(-?)([0-9][0-9_]*)?(?:[.,]([0-9]*))?(?:[eE]\+?([0-9]))?(?:\s*[a-zA-Z°%/]+)?\Z")


def _meant(text: str) -> str:
    """The number that was probably meant by a text: `025` is 25, `38,5` is 38.5, `1e3` is 1000, `65 years` is 65; else nothing."""
    found = _NEARLY.match(text.strip()) if len(text) <= LONGEST_NUMBER else None
    if found is None or not (found.group(2) or found.group(3)):
        return ""
    sign, whole, fraction, power = found.groups("")
    said = format(Decimal(f"{sign}{whole.replace('_', '') or 0}.{fraction or 0}").scaleb(int(power or 0)), "f")
    return said.rstrip("0").rstrip(".") if "." in said else said


def number_help(text: Any) -> str:
    """How to write the number that was probably meant, or how numbers are written."""
    found = _meant(text) if isinstance(text, str) else ""
    quotes = ", without quotes" if getattr(text, "quoted", False) else ""
    return f"write {found}{quotes}" if found else "digits with an optional sign and fraction: no exponent, no leading zero, no quotes"


def walk(condition: Condition) -> Iterator[Condition]:
    """The condition and everything in it."""
    yield condition
    match condition:
        case AllOf(terms) | AnyOf(terms):
            for term in terms:
                yield from walk(term)
        case Not(term):
            yield from walk(term)


def findings_of(condition: Condition, definitions: Mapping[str, Condition]) -> set[str]:
    """The findings that the condition reads, through its definitions."""
    found: set[str] = set()
    seen: set[str] = set()
    todo = [condition]
    while todo:
        for part in walk(todo.pop()):
            match part:
                case Named(name) if name not in seen:
                    seen.add(name)
                    todo.append(definitions[name])
                case YesNo(finding) | Choice(finding) | Number(finding):
                    found.add(finding)
    return found


def limits_of(conditions: Iterable[Condition]) -> dict[str, set[tuple[Decimal, bool]]]:
    """For each number that is compared, where the comparisons cut its range: `(limit, above)` cuts just above the limit."""
    cuts: dict[str, set[tuple[Decimal, bool]]] = {}
    for condition in conditions:
        for part in walk(condition):
            if isinstance(part, Number):
                for operator, limit in part.limits:
                    cuts.setdefault(part.finding, set()).add((limit, operator in ("above", "at_most")))
    return cuts


class TooWide(ValueError):
    """A condition with more alternatives than can be looked through."""


def cubes(
    condition: Condition, space: Space, definitions: Mapping[str, Condition], holds: bool = True,
    named: dict[tuple[str, bool], tuple[int, ...]] | None = None,
) -> tuple[int, ...]:  # fmt: skip
    """The cubes of the condition, or of its negation; a cube is the set of cells that it forbids.

    Relies on definitions that do not use themselves. `named` keeps what was found of each of them on the way.
    """
    named = {} if named is None else named
    match condition:
        case Named(name):
            if (name, holds) not in named:
                named[name, holds] = cubes(definitions[name], space, definitions, holds, named)
            return named[name, holds]
        case Not(term):
            return cubes(term, space, definitions, not holds, named)
        case AllOf(terms) | AnyOf(terms):
            parts = [cubes(term, space, definitions, holds, named) for term in terms]
            if isinstance(condition, AllOf) == holds:
                together: tuple[int, ...] = (0,)
                for part in parts:
                    together = _limited(a | b for a in together for b in part if space.meets(space.everything, a | b))
                return together
            return _limited(cube for part in parts for cube in part)
    finding = space.findings[condition.finding]
    wanted = _cells(condition, finding)
    forbidden = finding.mask & ~wanted if holds else wanted
    return () if forbidden == finding.mask else (forbidden,)


def _limited(found: Iterable[int]) -> tuple[int, ...]:
    """Each alternative that is not part of another; it stops as soon as there are too many, or too many to compare."""
    candidates = list(islice(found, 10 * MAX_CUBES + 1))
    kept = tuple(islice(widest(candidates), MAX_CUBES + 1))
    if len(candidates) > 10 * MAX_CUBES or len(kept) > MAX_CUBES:
        raise TooWide(f"more than {MAX_CUBES:,} alternatives")
    return kept


def _cells(condition: YesNo | Choice | Number, finding: Finding) -> int:
    """The cells in which a comparison is true; *not applicable* is never one of them."""
    match condition:
        case YesNo(_, answer):
            return finding.cell(answer)
        case Choice(_, values):
            return sum(finding.cell(value) for value in values)
        case Number(_, limits):
            cells = finding.mask & ~finding.not_applicable
            for operator, limit in limits:
                # All cells from the one that begins at the limit, or just above it, lie beyond the cut.
                above = operator in ("above", "at_most")
                cut = bisect_right(finding.cuts, (limit, above))
                beyond = finding.mask & ~((1 << (finding.offset + cut)) - 1)
                if above and finding.range is not None and limit == finding.range[1]:
                    beyond = 0  # nothing lies above the highest value, so no cell was cut there
                cells &= beyond if operator in ("at_least", "above") else ~beyond
            return cells


def tree(condition: Condition) -> dict[str, Any]:
    """The condition as plain data for JSON."""
    match condition:
        case YesNo(finding, answer):
            return {"finding": finding, "is": ["yes" if answer else "no"]}
        case Choice(finding, values):
            return {"finding": finding, "is": list(values)}
        case Number(finding, limits):
            return {"finding": finding, "number": {operator: str(limit) for operator, limit in limits}}
        case Named(name):
            return {"definition": name}
        case Not(term):
            return {"not": tree(term)}
        case AllOf(terms):
            return {"all": [tree(term) for term in terms]}
        case AnyOf(terms):
            return {"any": [tree(term) for term in terms]}


def of_tree(data: Mapping[str, Any]) -> Condition:
    """The condition that `tree` gave as plain data."""
    match data:
        case {"finding": finding, "is": ["yes" | "no" as answer]}:
            return YesNo(finding, answer == "yes")
        case {"finding": finding, "is": values}:
            return Choice(finding, tuple(values))
        case {"finding": finding, "number": limits}:
            return Number(finding, tuple((operator, Decimal(limit)) for operator, limit in limits.items()))
        case {"definition": name}:
            return Named(name)
        case {"not": term}:
            return Not(of_tree(term))
        case {"all": terms}:
            return AllOf(tuple(of_tree(term) for term in terms))
        case _:
            return AnyOf(tuple(of_tree(term) for term in data["any"]))


def english(condition: Condition, findings: Mapping[str, Any], definitions: Mapping[str, str], inner: bool = False) -> str:
    """The condition as a clinician reads it aloud; `findings` have `ask`, `values` and `unit_text`, `definitions` are what they mean."""
    match condition:
        case YesNo(finding, answer):
            return str(findings[finding].ask) if answer else f"no: {findings[finding].ask}"
        case Choice(finding, values):
            return f"{findings[finding].ask}: {' or '.join(findings[finding].values[v] for v in values)}"
        case Number(finding, limits):
            said = " and ".join(f"{OPERATORS[operator]} {limit}" for operator, limit in limits)
            return f"{findings[finding].ask} {said} {findings[finding].unit_text}".rstrip()
        case Named(name):
            return definitions[name]
        case Not(term):
            said = english(term, findings, definitions)
            return f"not ({said})" if isinstance(term, AllOf | AnyOf) else f"not: {said}"
        case AllOf(terms):
            text = "; and ".join(english(term, findings, definitions, True) for term in terms)
        case AnyOf(terms):
            text = "; or ".join(english(term, findings, definitions, True) for term in terms)
    return f"({text})" if inner and len(condition.terms) > 1 else text
