"""Condition trees over findings: reading them, what they mean in cells, their English.

A condition is written as `fever`, `{age_years: {below: 2}}`, `{all: [...]}`, `{any: [...]}` or `{not: ...}`.
Knows nothing of YAML, files or patients.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

__all__ = ["AllOf", "AnyOf", "Choice", "Condition", "InvalidCondition", "Named", "Not", "Number", "YesNo", "english", "findings_of", "parse", "walk"]

OPERATORS = {"at_least": "at least", "above": "above", "at_most": "at most", "below": "below"}
MAX_DEPTH = 40


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


class InvalidCondition(ValueError):
    """A condition that cannot be read: code, message and cure, and where in it."""

    def __init__(self, code: str, message: str, path: Path, help: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.path, self.help = code, message, path, help


class Kinds:
    """What a reader of conditions needs to know of a finding: kind, values, range."""

    def __init__(self, findings: Mapping[str, Any], definitions: Mapping[str, Any], suggest: Callable[[str, Any], str] = lambda name, names: "") -> None:
        self.findings, self.definitions, self.suggest = findings, definitions, suggest


def parse(data: Any, kinds: Kinds, path: Path = ()) -> Condition:
    """Read a condition from plain data; raises InvalidCondition at the first mistake."""
    if len(path) > MAX_DEPTH:
        raise InvalidCondition("condition-too-deep", f"more than {MAX_DEPTH} levels of all, any and not", path, "name parts as definitions")
    if isinstance(data, str):
        return _name(data, kinds, path)
    if not isinstance(data, dict) or len(data) != 1:
        told = f"{len(data)} keys" if isinstance(data, dict) else "a list"
        raise InvalidCondition("condition-shape", f"a condition is a name or a mapping of one key, not {told}", path, "join conditions with `all:` or `any:`")
    ((key, value),) = data.items()
    at = (*path, key)
    if key in ("all", "any"):
        if not isinstance(value, list) or not value:
            raise InvalidCondition("condition-shape", f"`{key}` takes a list of conditions", at, f"write `{key}: [...]`")
        terms = tuple(parse(term, kinds, (*at, n)) for n, term in enumerate(value))
        return AllOf(terms) if key == "all" else AnyOf(terms)
    if key == "not":
        return Not(parse(value, kinds, at))
    finding = kinds.findings.get(key)
    if finding is None:
        if key in kinds.definitions:
            raise InvalidCondition("condition-shape", f"`{key}` is a definition and takes no value", at, f"write `{key}` alone")
        raise _unknown(key, kinds, at)
    return _COMPARISONS[finding.kind](key, finding, value, at)


def _name(name: str, kinds: Kinds, path: Path) -> Condition:
    finding = kinds.findings.get(name)
    if finding is None:
        if name in kinds.definitions:
            return Named(str(name))
        raise _unknown(name, kinds, path)
    if finding.kind != "yes_no":
        example = f"{{{name}: {{at_least: {finding.range[0]}}}}}" if finding.kind == "number" else f"{{{name}: {next(iter(finding.values))}}}"
        raise InvalidCondition("wrong-kind", f"`{name}` is a {finding.kind}, not a yes/no finding", path, f"compare it: {example}")
    return YesNo(str(name), True)


def _unknown(name: str, kinds: Kinds, path: Path) -> InvalidCondition:
    return InvalidCondition("unknown-name", f"`{name}` is neither a finding nor a definition", path, kinds.suggest(name, [*kinds.findings, *kinds.definitions]))


def _yes_no(name: str, finding: Any, value: Any, path: Path) -> Condition:
    if value not in ("yes", "no"):
        raise InvalidCondition("wrong-kind", f"`{name}` is yes or no, not `{value}`", path, f"write `{{{name}: yes}}` or `{{{name}: no}}`")
    return YesNo(name, value == "yes")


def _choice(name: str, finding: Any, value: Any, path: Path) -> Condition:
    values = value if isinstance(value, list) else [value]
    for one in values:
        if not isinstance(one, str) or one not in finding.values:
            raise InvalidCondition("unknown-value", f"`{one}` is not a value of `{name}`", path, f"one of: {', '.join(finding.values)}")
    if not values:
        raise InvalidCondition("condition-shape", f"`{name}` is compared with an empty list", path, "name at least one value")
    return Choice(name, tuple(str(v) for v in finding.values if v in values))


def _number(name: str, finding: Any, value: Any, path: Path) -> Condition:
    if not isinstance(value, dict) or not value:
        raise InvalidCondition("wrong-kind", f"`{name}` is a number in {finding.unit}; `{value}` compares it with nothing", path, f"write `{{{name}: {{at_least: {finding.range[0]}}}}}`")
    limits = []
    for operator, text in value.items():
        at = (*path, operator)
        if operator not in OPERATORS:
            raise InvalidCondition("unknown-operator", f"`{operator}` compares nothing", at, f"one of: {', '.join(OPERATORS)}")
        limit = decimal(text)
        if limit is None:
            raise InvalidCondition("not-a-number", f"`{text}` is not a number", at, "digits with an optional sign and fraction: no exponent, no leading zero, no quotes")
        low, high = finding.range
        if not low <= limit <= high:
            raise InvalidCondition("out-of-range", f"{text} lies outside the range of `{name}`, {low} to {high} {finding.unit}", at, "correct the limit, or the range of the finding")
        if limit % finding.resolution != 0:
            raise InvalidCondition("off-resolution", f"{text} is no multiple of the resolution of `{name}`, {finding.resolution} {finding.unit}", at, "correct the limit, or the resolution of the finding")
        limits.append((str(operator), limit))
    return Number(name, tuple(limits))


_COMPARISONS = {"yes_no": _yes_no, "choice": _choice, "number": _number}


def decimal(text: Any) -> Decimal | None:
    """A number as rule files and keyboards write it, or None: `7`, `-2`, `37.5`; no exponent, no leading zero."""
    if not isinstance(text, str) or getattr(text, "quoted", False) or not 0 < len(text) <= 30:
        return None
    digits, _, fraction = text.removeprefix("-").partition(".")
    if not (digits.isascii() and digits.isdigit()) or (len(digits) > 1 and digits[0] == "0"):
        return None
    if "." in text and not (fraction.isascii() and fraction.isdigit()):
        return None
    return Decimal(text)


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
    for part in walk(condition):
        match part:
            case Named(name):
                found |= findings_of(definitions[name], definitions)
            case YesNo(finding) | Choice(finding) | Number(finding):
                found.add(finding)
    return found


def english(condition: Condition, findings: Mapping[str, Any], definitions: Mapping[str, str], inner: bool = False) -> str:
    """The condition as a clinician reads it aloud."""
    match condition:
        case YesNo(finding, answer):
            return findings[finding].ask if answer else f"no {findings[finding].ask}" if findings[finding].worse != "no" else f"not: {findings[finding].ask}"
        case Choice(finding, values):
            return f"{findings[finding].ask}: {' or '.join(findings[finding].values[v] for v in values)}"
        case Number(finding, limits):
            said = " and ".join(f"{OPERATORS[operator]} {limit}" for operator, limit in limits)
            return f"{findings[finding].ask} {said} {findings[finding].unit_text}".rstrip()
        case Named(name):
            return definitions[name]
        case Not(term):
            return f"not ({english(term, findings, definitions)})" if isinstance(term, AllOf | AnyOf) else f"not: {english(term, findings, definitions)}"
        case AllOf(terms):
            text = "; and ".join(english(term, findings, definitions, True) for term in terms)
        case AnyOf(terms):
            text = "; or ".join(english(term, findings, definitions, True) for term in terms)
    return f"({text})" if inner and len(condition.terms) > 1 else text
