"""A pathway on two sheets of paper: the rows of the agreed table, the danger signs, and every rule at or above urgent.

A rule that encodes a row of the table is printed at whatever level it lies. What several rules give stands once in a list
and is named by its letter; what one rule gives stands with that rule. Knows nothing of how it is printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pathways.loader import Authored
from pathways.ruleset import Pathway, Rule, RuleSet
from pathways.site.words import Call, Given, Level, Said, Source, given, said, sources

__all__ = ["Entry", "Group", "Sheet", "sheet"]


@dataclass(frozen=True, slots=True)
class Entry:
    """Rules that give the same, with the letters of what they share with others, and what they alone give."""

    rules: tuple[Rule, ...]
    letters: tuple[tuple[str, str], ...]  # letter and the place of care for which it is meant
    own: tuple[Said, ...]
    discreet: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Rules of one level that call the same people within the same times."""

    level: Level
    calls: tuple[Call, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed."""

    rows: tuple[Source, ...]
    first_aid: tuple[Said, ...]
    flags: tuple[Group, ...]
    groups: tuple[Group, ...]
    shared: tuple[tuple[str, Said], ...]  # letter and item


def sheet(pathway: Pathway, ruleset: RuleSet, authored: Authored) -> Sheet:
    """The sheet of one pathway."""
    flags = _alike(ruleset.red_flags, ruleset)
    rules = _alike((rule for rule in pathway.rules if _printed(rule)), ruleset)
    letters = _letters((*flags, *rules), ruleset)
    rows = dict.fromkeys(source for rule in pathway.rules for source in rule.sources if source in authored.sources.rows)
    return Sheet(
        tuple(sources(rows, authored)),
        tuple(said(item, ruleset) for item in pathway.first_aid),
        tuple(_groups(flags, letters, ruleset)),
        tuple(_groups(rules, letters, ruleset)),
        tuple((letter, said(item, ruleset)) for item, letter in letters.items()),
    )


def _printed(rule: Rule) -> bool:
    """Whether it is at or above the first level at which somebody is phoned at once, or encodes a row of the agreed table."""
    return rule.outcome is not None and (rule.outcome.urgency.contact == "now" or rule.basis == "source")


def _alike(rules: Iterable[Rule], ruleset: RuleSet) -> Mapping[Given, tuple[Rule, ...]]:
    """The rules by what they give."""
    found: dict[Given, tuple[Rule, ...]] = {}
    for rule in rules:
        if rule.outcome is not None:
            what = given(rule.outcome, ruleset)
            found[what] = (*found.get(what, ()), rule)
    return found


def _letters(outcomes: Iterable[Given], ruleset: RuleSet) -> Mapping[str, str]:
    """Item → its letter, for what more than one entry of the sheet gives, in clinical order."""
    counted = Counter(item for outcome in outcomes for item in {item.id for item in outcome.items})
    return {item: _letter(n) for n, item in enumerate(item for item in ruleset.items if counted[item] > 1)}


def _letter(n: int) -> str:
    """a to z, then aa, ab, ..."""
    return chr(ord("a") + n) if n < 26 else _letter(n // 26 - 1) + _letter(n % 26)


def _groups(rules: Mapping[Given, tuple[Rule, ...]], letters: Mapping[str, str], ruleset: RuleSet) -> Iterator[Group]:
    """By level, most urgent first, then by whom to call."""
    found: dict[tuple[Level, tuple[Call, ...]], list[Entry]] = {}
    for outcome, alike in rules.items():
        found.setdefault((outcome.level, outcome.calls), []).append(_entry(outcome, alike, letters, ruleset))
    order = [urgency.id for urgency in ruleset.urgency]
    for (level, calls), entries in sorted(found.items(), key=lambda one: -order.index(one[0][0].id)):
        yield Group(level, calls, tuple(entries))


def _entry(outcome: Given, rules: tuple[Rule, ...], letters: Mapping[str, str], ruleset: RuleSet) -> Entry:
    return Entry(
        rules,
        tuple((letters[item.id], item.where) for item in outcome.items if item.id in letters),
        tuple(item for item in outcome.items if item.id not in letters),
        any((rule.pathway, rule.id) in ruleset.discreet.rules for rule in rules),
    )
