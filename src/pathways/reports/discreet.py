"""Which parts of a decision are for professionals only, for whoever prints it.

Nothing is left out silently: callers say how much stands in the note for professionals.
"""

from __future__ import annotations

from pathways.decision import Decision, Reason, Referral, Urgency
from pathways.ruleset import RuleSet

__all__ = ["discreet_finding", "discreet_reason", "discreet_referral", "discreet_titles", "open_titles"]


def discreet_reason(reason: Reason, ruleset: RuleSet) -> bool:
    """Whether the rule behind a reason gives a discreet item."""
    return (reason.pathway, reason.rule) in ruleset.discreet.rules


def discreet_titles(ruleset: RuleSet) -> frozenset[str]:
    """The titles of the discreet rules."""
    rules = ruleset.rules
    return frozenset(rule.title for rule in rules if (rule.pathway, rule.id) in ruleset.discreet.rules)


def discreet_referral(referral: Referral, ruleset: RuleSet) -> bool:
    """Whether only discreet rules name the service at all."""
    return referral.service in ruleset.discreet.services


def discreet_finding(name: str, ruleset: RuleSet) -> bool:
    """Whether only discreet rules ask for this yes/no finding to be present."""
    return name in ruleset.discreet.findings


def open_titles(decision: Decision, ruleset: RuleSet, level: Urgency) -> tuple[list[str], int]:
    """The rules of this level that may hold, by title, and how many of them are discreet."""
    reasons = [reason for reason in decision.reasons if reason.certainty == "possible" and reason.urgency == level]
    titles = list(dict.fromkeys(reason.title for reason in reasons if not discreet_reason(reason, ruleset)))
    return titles, sum(discreet_reason(reason, ruleset) for reason in reasons)
