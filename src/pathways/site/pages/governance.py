"""What a reviewer asks beside the rules: who must sign, who agreed, what was added in which direction, what nobody has filled in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pathways.approvals import Signature
from pathways.cases import CaseResult
from pathways.content import RED_FLAGS
from pathways.directions import WORDS, Direction, directions
from pathways.model import AgreedPart, FindingPart, ItemPart
from pathways.ruleset import Outcome, Pathway, Rule
from pathways.site.page import Page
from pathways.site.volume import Volume
from pathways.site.words import Level, level_of
from pathways.sites import sites_of
from pathways.workload import workload

__all__ = ["INDEPENDENCE", "Called", "Medicine", "Shown", "called", "medicines", "pages", "signatures"]

INDEPENDENCE = (
    "Where rules, cases, requirements and the reading of the evidence have the same authors, their agreement shows that they are "
    "consistent with each other. It does not show that they are right."
)
SHOWN = 3  # cases that show a rule


@dataclass(frozen=True, slots=True)
class Called:
    """A service with the rules that call it, by level, most urgent first; `agreed` is None where nobody is recorded."""

    id: str
    name: str
    levels: tuple[tuple[Level, tuple[Rule, ...]], ...]
    agreed: AgreedPart | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A rule that was added, or that narrows, with what it does to the table and the cases that show it."""

    direction: Direction
    cases: tuple[CaseResult, ...]


@dataclass(frozen=True, slots=True)
class Medicine:
    """An item that names a medicine, with the pathways that give it and who signed them to answer for medicines."""

    id: str
    item: ItemPart
    pathways: tuple[tuple[Pathway, tuple[Signature, ...]], ...]


def pages(volume: Volume) -> Iterator[Page]:
    """One page."""
    authored, ruleset = volume.authored, volume.ruleset
    evidence = authored.sources.evidence.values()
    shown = tuple(_shown(volume))
    values = {
        "roles": authored.ruleset.roles,
        "signed": {one.pathway: {role.role: role.signatures for role in one.roles} for one in volume.standing.pathways},
        "records": volume.records,
        "services": tuple(called(volume)),
        "site_facts": authored.ruleset.site_facts,
        "sites": sites_of(volume.folder),
        "directions": shown,
        "counted": {word: sum(word in one.direction.words for one in shown) for word in WORDS},
        "numbers": volume.case_numbers,
        "grades": sorted(Counter(one.grade for one in evidence).items()),
        "read": Counter(one.read or "not stated" for one in evidence).most_common(),
        "workload": workload(volume.cases, ruleset),
        "levels": {one.id: level_of(one, ruleset) for one in ruleset.urgency},
        "notices": [pathway for pathway in ruleset.pathways.values() if pathway.notice],
        "independence": INDEPENDENCE,
        "scope": authored.ruleset.scope,
        "appearance": _by_appearance(volume),
        "medicines": tuple(medicines(volume)),
    }
    yield Page("governance", "Governance", "governance", values)


def called(volume: Volume) -> Iterator[Called]:
    """Every service in the order of the rule set."""
    ruleset = volume.ruleset
    for name, part in volume.authored.ruleset.services.items():
        rules = [rule for rule in ruleset.rules if rule.outcome and name in {row.service for row in rule.outcome.referrals}]
        levels = tuple(
            (level_of(urgency, ruleset), tuple(rule for rule in rules if rule.outcome and rule.outcome.urgency == urgency))
            for urgency in reversed(ruleset.urgency)
        )
        yield Called(name, part.name, tuple((level, listed) for level, listed in levels if listed), part.agreed)


def _shown(volume: Volume) -> Iterator[Shown]:
    """Those that lower first, since they are read first."""
    found = directions(volume.ruleset, volume.authored.sources.rows)
    for one in sorted(found, key=lambda one: not one.lowers):
        exercised = volume.exercised[one.rule.pathway, one.rule.id]
        yield Shown(one, (exercised.named or exercised.held)[:SHOWN])


def _by_appearance(volume: Volume) -> tuple[tuple[str, FindingPart], ...]:
    return tuple((name, part) for name, part in volume.authored.findings.findings.items() if part.appearance)


def medicines(volume: Volume) -> Iterator[Medicine]:
    """Every item that names a medicine, in clinical order."""
    given = {name: _items(volume, pathway) for name, pathway in volume.ruleset.pathways.items()}
    signed = signatures(volume, "medicines")
    for name, item in volume.authored.items.items.items():
        if item.medicine:
            yield Medicine(name, item, tuple((volume.ruleset.pathways[one], signed[one]) for one, items in given.items() if name in items))


def signatures(volume: Volume, duty: str) -> Mapping[str, tuple[Signature, ...]]:
    """Pathway → who signed it as it is, in a role that has this duty."""
    roles = {name for name, part in volume.authored.ruleset.roles.items() if part.duty == duty}
    return {
        one.pathway: tuple(signature for role in one.roles if role.role in roles for signature in role.signatures)
        for one in volume.standing.pathways
    }


def _items(volume: Volume, pathway: Pathway) -> frozenset[str]:
    """What a pathway may give: by its rules, by `otherwise`, by the shared danger signs, and as first aid."""
    outcomes: list[Outcome | None] = [rule.outcome for rule in volume.ruleset.rules if rule.pathway in (pathway.id, RED_FLAGS)]
    return frozenset(item for outcome in (*outcomes, pathway.otherwise) if outcome is not None for item, _ in outcome.items) | frozenset(
        pathway.first_aid
    )
