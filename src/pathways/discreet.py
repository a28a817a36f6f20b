"""What must not stand on a big screen or on a page for the family: safeguarding reasons, and what gives them away.

An item says itself that it is discreet. A rule that gives such an item is discreet; so is a service that only such rules
name, and a yes/no finding whose "yes" only such rules ask for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathways.ruleset import Outcome, Rule, RuleSet

__all__ = ["Discreet", "discreet_parts"]


class Discreet(NamedTuple):
    """What is for professionals only: rules as (pathway, rule), services and findings by id."""

    rules: frozenset[tuple[str, str]]
    services: frozenset[str]
    findings: frozenset[str]


def discreet_parts(ruleset: RuleSet) -> Discreet:
    """What is discreet in a rule set."""
    rules = ruleset.rules
    discreet = [rule for rule in rules if rule.outcome and any(ruleset.items[item].discreet for item, _ in rule.outcome.items)]
    names = frozenset((rule.pathway, rule.id) for rule in discreet)
    openly = [rule for rule in rules if (rule.pathway, rule.id) not in names]
    otherwise = [pathway.otherwise for pathway in ruleset.pathways.values()]
    services = _services(rule.outcome for rule in discreet) - _services([*(rule.outcome for rule in openly), *otherwise])
    asked, asked_openly = _forbidden(discreet), _forbidden(openly)
    findings = frozenset(
        name
        for name, finding in ruleset.findings.items()
        if finding.kind == "yes_no" and asked & finding.cell(False) and not asked_openly & finding.cell(False)
    )
    return Discreet(names, services, findings)


def _services(outcomes: Iterable[Outcome | None]) -> frozenset[str]:
    return frozenset(row.service for outcome in outcomes if outcome for row in outcome.referrals)


def _forbidden(rules: Iterable[Rule]) -> int:
    """Every cell that some cube of these rules forbids."""
    cells = 0
    for rule in rules:
        for cube in rule.cubes:
            cells |= cube
    return cells
