"""What the rules give one patient of whom everything is known, read straight from the canonical content.

The slow and obvious reading: no cells, no cubes, no solver. Author tools read every patient here again before they show one.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from pathways.content import Content, Key, Rule, Slot, Tree

__all__ = ["Answer", "Outcome", "Patient", "broken", "holds", "outcome"]

Answer: TypeAlias = bool | str | Decimal | None  # None: the finding does not apply
Patient: TypeAlias = Mapping[str, Answer]  # every finding of the rule set

OPERATORS = {"at_least": operator.ge, "above": operator.gt, "at_most": operator.le, "below": operator.lt}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one patient gets. `rank` is -1 where no rule gives an urgency; a referral has its earliest limit and whether it is phoned."""

    rank: int
    rules: frozenset[Key]
    referrals: Mapping[Slot, tuple[int, bool]]
    items: frozenset[tuple[str, str]]


def holds(tree: Tree, patient: Patient) -> bool:
    """Whether a written out condition is true of the patient; a comparison on what does not apply is false."""
    if "finding" in tree:
        answer = patient[tree["finding"]]
        if answer is None:
            return False
        if "number" in tree:
            return isinstance(answer, Decimal) and all(OPERATORS[word](answer, Decimal(limit)) for word, limit in tree["number"].items())
        return ({True: "yes", False: "no"}[answer] if isinstance(answer, bool) else answer) in tree["is"]
    if "not" in tree:
        return not holds(tree["not"], patient)
    if "all" in tree:
        return all(holds(term, patient) for term in tree["all"])
    return any(holds(term, patient) for term in tree["any"])


def broken(content: Content, patient: Patient) -> Iterator[str]:
    """The constraints that the patient breaks, by what they mean; none of a patient who can exist."""
    for one in content.constraints:
        if one.applies_to is None:
            if not holds(one.holds, patient):
                yield one.means
        elif holds(one.holds, patient) != (patient[one.applies_to] is not None):
            yield one.means


def outcome(content: Content, pathways: Sequence[str], patient: Patient) -> Outcome:
    """What the rules of these pathways, asked together, give the patient; every rule that holds contributes."""
    held = _held(content, pathways, patient)
    rank = max((rule.given.rank for rule in held if rule.given is not None), default=-1)
    referrals: dict[Slot, tuple[int, bool]] = {}
    items: set[tuple[str, str]] = set()
    for rule in held:
        if rule.given is None:
            continue
        for row in rule.given.referrals:
            limit, contact = referrals.get(row.slot, (row.limit, False))
            referrals[row.slot] = (min(limit, row.limit), contact or row.contact)
        # An item that reassures is given only by a rule of the urgency over everything.
        items.update(item for item in rule.given.items if rule.given.rank == rank or not content.items[item[0]]["reassures"])
    return Outcome(rank, frozenset(rule.key for rule in held), referrals, frozenset(items))


def rules_held(content: Content, pathways: Sequence[str], patient: Patient) -> tuple[Rule, ...]:
    """The rules that hold, most urgent first, then as the files have them."""
    return tuple(sorted(_held(content, pathways, patient), key=lambda rule: -(rule.given.rank if rule.given is not None else -1)))


def _held(content: Content, pathways: Sequence[str], patient: Patient) -> list[Rule]:
    return [rule for rule in content.asked(pathways) if holds(rule.holds, patient)]
