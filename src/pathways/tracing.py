"""What rests on what: source → rule → case, and what hangs loose.

Knows nothing of verdicts, hazards or pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from pathways.cases import CaseResult
from pathways.content import OTHERWISE, RED_FLAGS
from pathways.loader import Authored
from pathways.requirements import Requirement
from pathways.ruleset import Rule, RuleSet

__all__ = ["Cited", "Exercised", "Kind", "Trace", "exercised", "idle_cases", "traces", "untested"]

Key: TypeAlias = tuple[str, str]  # pathway and rule


class Kind(StrEnum):
    """What a source is."""

    ROW = "row"
    GAP = "gap"
    EVIDENCE = "evidence"


class Cited(NamedTuple):
    """Something beside a rule that names a source: a definition, constraint, item, requirement or case; `pathway` where it has one."""

    what: str
    pathway: str
    name: str


@dataclass(frozen=True, slots=True)
class Trace:
    """One source with all that rests on it.

    `rules` name it as a source, `narrowing` cover fewer patients than it speaks of, and `not_encoded` says who explains, and
    how, that no rule encodes it.
    """

    kind: Kind
    id: str
    rules: tuple[Rule, ...]
    narrowing: tuple[Rule, ...]
    others: tuple[Cited, ...]
    not_encoded: tuple[tuple[str, str], ...]

    @property
    def encoding(self) -> tuple[Rule, ...]:
        """Of a row, the rules that say what it says."""
        return tuple(rule for rule in self.rules if rule.basis == "source")

    @property
    def adding(self) -> tuple[Rule, ...]:
        """The other rules that name it."""
        return tuple(rule for rule in self.rules if rule.basis != "source")

    @property
    def orphan(self) -> bool:
        """Whether nothing carries it on.

        A row needs a rule; a gap a rule, or what all rules share, or a word why it has none; evidence anybody who names it.
        """
        shared = any(one.what in ("definition", "constraint", "item") for one in self.others)
        carried = bool(self.rules or self.narrowing or self.not_encoded)
        match self.kind:
            case Kind.ROW:
                return not carried
            case Kind.GAP:
                return not (carried or shared)
            case Kind.EVIDENCE:
                return not (carried or self.others)


def traces(authored: Authored, ruleset: RuleSet, requirements: Iterable[Requirement], results: Iterable[CaseResult]) -> tuple[Trace, ...]:
    """Every row, then every gap, then all evidence, in the order of the file."""
    rules: dict[str, list[Rule]] = {}
    narrowing: dict[str, list[Rule]] = {}
    for rule in ruleset.rules:
        for source in rule.sources:
            rules.setdefault(source, []).append(rule)
        for source in rule.narrows:
            narrowing.setdefault(source, []).append(rule)
    others: dict[str, list[Cited]] = {}
    for cited, sources in _beside(authored, requirements, results):
        for source in sources:
            others.setdefault(source, []).append(cited)
    reasons = {"": authored.ruleset.not_encoded, **{name: one.part.not_encoded for name, one in authored.pathways.items()}}
    part = authored.sources
    return tuple(
        Trace(
            kind,
            id,
            tuple(rules.get(id, ())),
            tuple(narrowing.get(id, ())),
            tuple(others.get(id, ())),
            tuple((name, told[id]) for name, told in reasons.items() if id in told),
        )
        for kind, listed in ((Kind.ROW, part.rows), (Kind.GAP, part.gaps), (Kind.EVIDENCE, part.evidence))
        for id in listed
    )


def _beside(
    authored: Authored, requirements: Iterable[Requirement], results: Iterable[CaseResult]
) -> Iterator[tuple[Cited, Sequence[str]]]:
    """What names sources and is no rule."""
    for pathway, definitions in (
        ("", authored.ruleset.definitions),
        *((name, one.part.definitions) for name, one in authored.pathways.items()),
    ):
        yield from ((Cited("definition", pathway, name), one.sources) for name, one in definitions.items())
    yield from ((Cited("constraint", "", name), one.sources) for name, one in authored.ruleset.constraints.items())
    yield from ((Cited("item", "", name), one.sources) for name, one in authored.items.items.items())
    yield from ((Cited("requirement", "", one.id), one.sources) for one in requirements)
    yield from ((Cited("case", result.case.pathway, result.case.name), result.case.part.sources) for result in results)


# -- cases -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Exercised:
    """The cases of one rule: in which it certainly holds, and which expect that by its name."""

    held: tuple[CaseResult, ...] = ()
    named: tuple[CaseResult, ...] = ()


def exercised(results: Iterable[CaseResult], ruleset: RuleSet) -> Mapping[Key, Exercised]:
    """The cases of every rule, each `otherwise` among them."""
    held: dict[Key, list[CaseResult]] = {key: [] for key in _keys(ruleset)}
    named: dict[Key, list[CaseResult]] = {key: [] for key in held}
    for result in results:
        for key in result.comparison.rules:
            held[key].append(result)
            if key[1] in result.case.part.expect.rules:
                named[key].append(result)
    return MappingProxyType({key: Exercised(tuple(held[key]), tuple(named[key])) for key in held})


def _keys(ruleset: RuleSet) -> Iterator[Key]:
    yield from ((RED_FLAGS, flag.id) for flag in ruleset.red_flags)
    for name, pathway in ruleset.pathways.items():
        yield from ((name, rule.id) for rule in pathway.rules)
        if pathway.otherwise is not None:
            yield name, OTHERWISE


def untested(found: Mapping[Key, Exercised], ruleset: RuleSet) -> tuple[Key, ...]:
    """The rules that hold in no case; not an `otherwise` of which it is proved that it never holds."""
    never = {(name, OTHERWISE) for name, pathway in ruleset.pathways.items() if pathway.otherwise_never}
    return tuple(key for key, one in found.items() if not one.held and key not in never)


def idle_cases(results: Iterable[CaseResult]) -> tuple[CaseResult, ...]:
    """The cases that exercise no rule: none holds or may hold, and it is not a refusal that they expect."""
    return tuple(
        result
        for result in results
        if not result.comparison.rules and not result.comparison.open and result.case.part.expect.refused is None
    )
