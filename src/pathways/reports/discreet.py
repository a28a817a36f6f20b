"""What must not stand on the big screen or on a page for the family: safeguarding reasons, and what gives them away.

An item says itself that it is discreet. A rule that gives such an item is discreet; so is a service that only such rules
name, and a yes/no finding whose "yes" only such rules ask for. Nothing is left out silently: callers say how much stands in
the note for professionals.
"""

from __future__ import annotations

from collections.abc import Iterator

from pathways.decision import Decision, Reason, Referral, Urgency
from pathways.ruleset import Outcome, Rule, RuleSet

__all__ = ["discreet_finding", "discreet_reason", "discreet_referral", "discreet_titles", "open_titles"]


def discreet_reason(reason: Reason, ruleset: RuleSet) -> bool:
    """Whether the rule behind a reason gives a discreet item."""
    return any(rule.id == reason.rule and rule.pathway == reason.pathway and discreet_rule(rule, ruleset) for rule in _rules(ruleset))


def discreet_rule(rule: Rule, ruleset: RuleSet) -> bool:
    return rule.outcome is not None and any(ruleset.items[item].discreet for item, _ in rule.outcome.items)


def discreet_titles(ruleset: RuleSet) -> frozenset[str]:
    """The titles of the discreet rules."""
    return frozenset(rule.title for rule in _rules(ruleset) if discreet_rule(rule, ruleset))


def discreet_referral(referral: Referral, ruleset: RuleSet) -> bool:
    """Whether only discreet rules name the service at all."""
    otherwise = (pathway.otherwise for pathway in ruleset.pathways.values() if pathway.otherwise is not None)
    openly = [rule.outcome for rule in _rules(ruleset) if rule.outcome is not None and not discreet_rule(rule, ruleset)]
    return not any(_names(outcome, referral.service) for outcome in (*openly, *otherwise))


def discreet_finding(name: str, ruleset: RuleSet) -> bool:
    """Whether only discreet rules ask for this yes/no finding to be present."""
    finding = ruleset.findings[name]
    if finding.kind != "yes_no":
        return False
    absent = finding.cell(False)
    asking = [rule for rule in _rules(ruleset) if any(cube & absent for cube in rule.cubes)]
    return bool(asking) and all(discreet_rule(rule, ruleset) for rule in asking)


def open_titles(decision: Decision, ruleset: RuleSet, level: Urgency) -> tuple[list[str], int]:
    """The rules of this level that may hold, by title, and how many of them are discreet."""
    reasons = [reason for reason in decision.reasons if reason.certainty == "possible" and reason.urgency == level]
    titles = list(dict.fromkeys(reason.title for reason in reasons if not discreet_reason(reason, ruleset)))
    return titles, sum(discreet_reason(reason, ruleset) for reason in reasons)


def _rules(ruleset: RuleSet) -> Iterator[Rule]:
    yield from ruleset.red_flags
    for pathway in ruleset.pathways.values():
        yield from pathway.rules


def _names(outcome: Outcome, service: str) -> bool:
    return any(row.service == service for row in outcome.referrals)
