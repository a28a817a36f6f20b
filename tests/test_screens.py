"""How many screens it takes: six at most to a low tier, two to an emergency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import pathways

RULESET = pathways.load()
# What a well patient's answers are where they are not "none of these": findings that reassure when yes, numbers, choices.
WELL: dict[str, tuple[str, dict[str, Any]]] = {
    "nose_trauma": ("none", {"age_years": 30, "anticoagulant": "none", "septum_examined": True, "days_since_injury": 0}),
    "nasal_foreign_body": (
        "none",
        {
            "foreign_body_seen": True,
            "foreign_body_kind": "bead",
            "foreign_body_small": True,
            "foreign_body_inert": True,
            "foreign_body_superficial": True,
            "foreign_body_stable": True,
            "child_cooperative": True,
            "removal_attempted": True,
            "removal_successful": True,
            "both_nostrils_clear": True,
            "age_years": 4,
            "days_since_insertion": Decimal("0.1"),
        },
    ),
    "epistaxis": (
        "gp_if_persists",
        {"age_years": 30, "anticoagulant": "none", "sex": "female", "stopped_with_pressure": True, "ed_visits_this_month": 1},
    ),
    "nasal_inflammation": (
        "gp_if_persists",
        {"rhinitis": True, "symptom_days": 6, "age_years": 30, "eye_can_be_examined": True, "septum_examined": True},
    ),
    "post_tonsillectomy_bleed": (
        "gp_if_persists",
        {
            "white_slough": True,
            "fossa_examined": True,
            "observations_done": True,
            "age_years": 7,
            "anticoagulant": "none",
            "days_since_surgery": 6,
            "home_travel_minutes": 10,
        },
    ),
}
EMERGENCIES = {
    "a battery": ("nasal_foreign_body", {"battery_possible": True}, "within_1_hour"),
    "a spurting tonsil": ("post_tonsillectomy_bleed", {"throat_bleeding_now": True}, "immediate"),
    "a closed red eye": ("nasal_inflammation", {"eye_swollen_shut": True}, "immediate"),
    "a septal haematoma": ("nose_trauma", {"septal_haematoma": True}, "urgent"),
    "a CSF drip": ("nose_trauma", {"csf_rhinorrhoea": True}, "within_1_hour"),
}


def screens(pathway: str, patient: dict[str, Any], enough: str | None = None) -> tuple[list[str], pathways.Decision]:
    """The groups asked, in order, each question answered from `patient` or "none of these", until nothing is left to ask."""
    given: dict[str, Any] = {}
    groups: list[str] = []
    while True:
        decision = RULESET.decide(given, pathway)
        lowest = decision.urgency.lowest
        if enough is not None and lowest is not None and lowest >= RULESET.level(enough):
            return groups, decision
        questions = decision.next_questions()
        if not questions:
            return groups, decision
        if not groups or groups[-1] != questions[0].group:
            groups.append(questions[0].group)  # what a screen's own answer opens is asked on the same screen
        for question in questions:
            finding = RULESET.findings[question.finding]
            if question.finding in patient:
                if not question.if_seen or patient[question.finding]:
                    given[question.finding] = patient[question.finding]
            elif question.if_seen:
                continue
            elif finding.kind == "yes_no":
                given[question.finding] = False
            else:
                pytest.fail(f"{pathway} asks {question.finding}, which the well patient does not answer")


@pytest.mark.parametrize("pathway", WELL)
def test_a_well_patient_reaches_the_low_tier_in_six_screens(pathway: str) -> None:
    level, patient = WELL[pathway]
    groups, decision = screens(pathway, patient)
    assert (str(decision.urgency.lowest), str(decision.urgency.highest)) == (level, level)
    assert decision.status in ("settled", "final")
    assert len(groups) <= 6, groups
    assert groups[0] == "danger_signs"


@pytest.mark.parametrize("name", EMERGENCIES)
def test_an_emergency_is_told_within_two_screens(name: str) -> None:
    pathway, patient, level = EMERGENCIES[name]
    groups, decision = screens(pathway, patient, enough=level)
    assert decision.urgency.lowest is not None
    assert decision.urgency.lowest >= RULESET.level(level)
    assert len(groups) <= 2, groups


@pytest.mark.parametrize("flag", ["airway_compromise", "breathing_difficulty", "shock_signs", "reduced_consciousness"])
@pytest.mark.parametrize("pathway", WELL)
def test_a_danger_sign_is_told_on_the_first_screen(pathway: str, flag: str) -> None:
    groups, decision = screens(pathway, {flag: True}, enough="immediate")
    assert groups == ["danger_signs"]
    assert str(decision.urgency.lowest) == "immediate"
