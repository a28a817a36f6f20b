"""Codes about the hazard log."""

from __future__ import annotations

from pathways.codes.entry import Code, Group

__all__ = ["GROUPS"]

GROUPS: tuple[Group, ...] = (
    Group(
        "The hazard log",
        {
            "closed-or-open": Code(
                "a hazard is closed without a word, or open with one",
                "A closed hazard says under `closed` when, by whom and why; an open one has no such key.",
                "A hazard is never deleted, only closed, and whoever reads the log later must learn why.",
                "Add `closed:`, or write `status: open`.",
            ),
            "control-without-link": Code(
                "a control names nothing that shows it",
                "It has no rule, no property, no requirement, no case and no test.",
                "A control that nobody can look at is a hope.",
                "Name what does it, or what shows that it is done; where there is nothing, there is no control.",
            ),
            "lowered-by-nothing": Code(
                "a risk falls without a control",
                "The residual level is lower than the initial one, and the hazard has no control.",
                "The log would reassure whoever signs it, and nothing was done.",
                "Write the control, or leave the risk as it is.",
            ),
            "residual-above-initial": Code(
                "a risk is higher with its controls than without",
                "The matrix gives a higher level for `residual` than for `initial`.",
                "One of the two is wrong, or a control does harm, which is a hazard of its own.",
                "Correct the estimate; log a control that does harm as a hazard.",
            ),
            "unknown-case": Code(
                "a case is not there",
                "A control names a case that the pathway's file of cases does not have.",
                "What was to show that the control works is gone, or was renamed.",
                "Write the name as the case has it.",
            ),
            "unknown-property": Code(
                "a property is none that `check` proves",
                "A control names a property that does not exist.",
                "Nothing is proved by it.",
                "Write an id as `pathways check` prints it, such as P7a.",
            ),
            "unknown-requirement": Code(
                "a requirement is not there",
                "A control names a requirement that `requirements.yaml` does not have.",
                "Nobody is held to it.",
                "Write the name as it stands there.",
            ),
            "unknown-rule": Code(
                "a rule is not there",
                "A control names a rule that the pathway does not have.",
                "The rule that kept patients from harm may have been renamed, or deleted.",
                "Write the id of the rule; if it was deleted, look at the hazard again.",
            ),
        },
    ),
)
