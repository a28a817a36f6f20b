"""Each rule on its own: when, what it gives, what it rests on, which cases reach it, and where it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pathways.cases import CaseResult
from pathways.conditions import Condition, Named, english, walk
from pathways.content import OTHERWISE, RED_FLAGS
from pathways.model import DefinitionPart
from pathways.ruleset import Pathway, Rule
from pathways.site.page import Page
from pathways.site.volume import Volume, Written
from pathways.site.words import BASIS, Given, Level, Source, given, level_of, sources

__all__ = ["pages"]


@dataclass(frozen=True, slots=True)
class Definition:
    """A named condition: what it means in short, and in full."""

    id: str
    means: str
    full: str
    names: tuple[str, ...]  # of other named conditions in it
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule with everything that a reviewer asks about it."""

    rule: Rule
    given: Given | None
    basis: str
    names: tuple[tuple[str, str], ...]  # of the named conditions that it reads, with what they mean
    sources: tuple[Source, ...]
    cases: tuple[CaseResult, ...]
    written: Written
    discreet: bool


@dataclass(frozen=True, slots=True)
class Chapter:
    """Rules under one heading."""

    id: str
    title: str
    level: Level | None
    entries: tuple[Entry, ...]


def pages(volume: Volume) -> Iterator[Page]:
    """A page for each pathway, and one for the danger signs that all of them share."""
    ruleset = volume.ruleset
    for pathway in ruleset.pathways.values():
        values = {
            "pathway": pathway,
            "chapters": tuple(_chapters(volume, pathway)),
            "otherwise": None if pathway.otherwise is None else given(pathway.otherwise, ruleset),
            "otherwise_cases": () if pathway.otherwise is None else volume.exercised[pathway.id, OTHERWISE].held,
            "otherwise_written": volume.written(pathway.otherwise_place),
            "definitions": tuple(_definitions(volume, pathway.id)),
            "not_encoded": tuple((next(sources([gap], volume.authored)), why) for gap, why in pathway.not_encoded.items()),
        }
        yield Page(f"{pathway.id}/rules", f"{pathway.title}: rules", "rules", values)
    if ruleset.red_flags:
        flags = Chapter("flags", "In every pathway, whatever else is true", None, tuple(_entries(volume, ruleset.red_flags)))
        values = {"chapters": (flags,), "definitions": tuple(_definitions(volume, RED_FLAGS))}
        yield Page(f"{RED_FLAGS}/rules", "Danger signs", "flags", values)


def _chapters(volume: Volume, pathway: Pathway) -> Iterator[Chapter]:
    narrowing = [rule for rule in pathway.rules if rule.narrows]
    others = [rule for rule in pathway.rules if not rule.narrows]
    if narrowing:
        yield Chapter(
            "narrowing", "Rules that narrow the agreed table: read these first", None, tuple(_entries(volume, _by_level(narrowing)))
        )
    for urgency in reversed(volume.ruleset.urgency):
        rules = [rule for rule in others if rule.outcome is not None and rule.outcome.urgency == urgency]
        if rules:
            level = level_of(urgency, volume.ruleset)
            yield Chapter(f"level-{level.id}", level.name, level, tuple(_entries(volume, rules)))
    handovers = [rule for rule in others if rule.handover is not None]
    if handovers:
        yield Chapter("handovers", "Rules that add another pathway", None, tuple(_entries(volume, handovers)))


def _by_level(rules: Iterable[Rule]) -> list[Rule]:
    return sorted(rules, key=lambda rule: 1 if rule.outcome is None else -rule.outcome.urgency.rank)


def _entries(volume: Volume, rules: Iterable[Rule]) -> Iterator[Entry]:
    ruleset, authored = volume.ruleset, volume.authored
    for rule in rules:
        conditions = authored.red_flags if rule.pathway == RED_FLAGS else authored.pathways[rule.pathway].rules
        means = _parts(volume, rule.pathway)
        yield Entry(
            rule,
            None if rule.outcome is None else given(rule.outcome, ruleset),
            BASIS[rule.basis],
            tuple((name, means[name].means) for name in _names(conditions[rule.id])),
            tuple(sources(rule.sources, authored)),
            volume.exercised[rule.pathway, rule.id].held,
            volume.written(rule.place),
            (rule.pathway, rule.id) in ruleset.discreet.rules,
        )


def _names(condition: Condition) -> tuple[str, ...]:
    """The named conditions that it reads itself."""
    return tuple(dict.fromkeys(part.name for part in walk(condition) if isinstance(part, Named)))


def _parts(volume: Volume, pathway: str) -> Mapping[str, DefinitionPart]:
    own = {} if pathway == RED_FLAGS else volume.authored.pathways[pathway].part.definitions
    return {**volume.authored.ruleset.definitions, **own}


def _definitions(volume: Volume, pathway: str) -> Iterator[Definition]:
    """The named conditions that the rules read, by themselves or through others, as the files have them."""
    authored = volume.authored
    parts, conditions = _parts(volume, pathway), authored.definitions_of(pathway)
    means = {name: part.means for name, part in parts.items()}
    found: set[str] = set()
    todo = [*(authored.red_flags if pathway == RED_FLAGS else authored.pathways[pathway].rules).values()]
    while todo:
        new = [name for name in _names(todo.pop()) if name not in found]
        found |= set(new)
        todo += [conditions[name] for name in new]
    for name in parts:
        if name in found:
            full = english(conditions[name], volume.ruleset.findings, means)
            yield Definition(name, means[name], full, _names(conditions[name]), tuple(sources(parts[name].sources, authored)))
