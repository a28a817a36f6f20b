"""Codes of `check`: what does not hold of the rules for every possible patient."""

from __future__ import annotations

from pathways.codes.entry import Code, Group

__all__ = ["GROUPS"]

GROUPS: tuple[Group, ...] = (
    Group(
        "What `check` refutes",
        {
            "gap": Code(
                "some patients get no answer",
                "No rule of the pathway holds for the patient shown, and the pathway has no `otherwise`.",
                "Silence is read as reassurance.",
                "Write a rule for these patients, or add `otherwise`, which sends them to somebody on the same day.",
            ),
            "idle-constraint": Code(
                "a constraint excludes nobody",
                "Every patient whom the other constraints leave meets this one too.",
                "Somebody relies on an implication that is not needed, or that does not say what was meant.",
                "Correct the constraint, or delete it.",
            ),
            "only-otherwise": Code(
                "only `otherwise` speaks of some patients",
                "No rule of the pathway but `otherwise` holds for the patient shown. This is a note: nothing is wrong with it.",
                "Whoever lands there was not thought of by anybody who wrote a rule.",
                "Look at the patient, and write a rule if one is due; else keep a case that expects `otherwise`.",
            ),
        },
    ),
)
