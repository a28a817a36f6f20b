"""How many screens a person sees: six at most to a low tier, two to an emergency.

Counted in the interview itself, with complaint and arrival named on the command line. A screen is a question that is
answered; a list too long for the terminal is one screen with pages, and turning a page is counted apart, as a prompt.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any

import pytest

import pathways
from pathways.cli.bedside import fitted, prompt_of, screen_lines, shown_again
from pathways.interview import Interview
from pathways.interview.states import FRAME, Stage, State, choosable, chunks, waiting
from pathways.reports import plain
from pathways.reports.lines import Line

RULESET = pathways.load()
NOW = datetime(2023, 3, 14, 2, 40)  # noqa: DTZ001  # the clock on the wall
INTERVIEW = Interview(RULESET, lambda: NOW)
TERMINAL = 24  # rows
# What a well patient's answers are where they are not "none of these": findings that reassure when yes, numbers, choices.
WELL: dict[str, tuple[str, dict[str, Any]]] = {
    "nose_trauma": ("none", {"age_years": "30y", "anticoagulant": "none", "septum_examined": True, "days_since_injury": "0"}),
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
            "age_years": "4y",
        },
    ),
    "epistaxis": (
        "gp_if_persists",
        {"age_years": "30y", "anticoagulant": "none", "sex": "female", "stopped_with_pressure": True},
    ),
    "nasal_inflammation": (
        "gp_if_persists",
        {"rhinitis": True, "symptom_days": "6d", "age_years": "30y", "eye_can_be_examined": True, "septum_examined": True},
    ),
    "post_tonsillectomy_bleed": (
        "gp_if_persists",
        {
            "white_slough": True,
            "fossa_examined": True,
            "observations_done": True,
            "age_years": "7y",
            "anticoagulant": "none",
            "days_since_surgery": "6d",
            "home_travel_minutes": "10 min",
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


def answer_to(state: State, patient: dict[str, Any]) -> str:
    """What is typed for this patient: what is present by number, the rest "none"; the next page before that."""
    if state.stage is Stage.ALARM:
        return "c"
    if state.stage is Stage.VALUE:
        return ", ".join(str(patient.get(name, "?")) for name in waiting(RULESET, state))
    if state.stage is Stage.GATE:
        gate, *seen = state.asked
        numbers = [str(n) for n, name in enumerate(seen, 1) if patient.get(name) is True]
        return " ".join(numbers) or ("none" if patient.get(gate) else "u")
    shown = {option.number for option in INTERVIEW.screen(state).options}
    open_ = {
        n
        for n, name in enumerate(state.asked, 1)
        if n in shown and patient.get(name) is True and name not in state.given and name in choosable(RULESET, state)
    }
    numbers = list(map(str, sorted(open_)))
    if state.seen < len(chunks(RULESET, state)):
        return " ".join(numbers) or "m"
    others = [name for name in waiting(RULESET, state) if patient.get(name) is not True]
    return " ".join([*numbers, *(["none"] if others else [])])


def screens(pathway: str, patient: dict[str, Any], enough: str | None = None, rows: int = TERMINAL) -> tuple[list[str], int, State]:
    """The groups asked, in order; how many prompts were answered; and where it ends."""
    state = replace(INTERVIEW, rows=rows).start((pathway,), NOW)
    groups: list[str] = []
    prompts = 0
    asked: tuple[str, ...] = ()
    while state.stage is not Stage.DONE:
        assert state.decision is not None
        lowest = state.decision.urgency.lowest
        if enough is not None and lowest is not None and lowest >= RULESET.level(enough):
            return groups, prompts, state
        if state.stage is not Stage.ALARM and state.asked != asked:
            groups.append(RULESET.findings[state.asked[0]].group)
            asked = state.asked
        reply = INTERVIEW.answer(state, answer_to(state, patient))
        assert reply.state is not state, (state.asked, reply.said)
        state, prompts = reply.state, prompts + 1
    return groups, prompts, state


@pytest.mark.parametrize("pathway", WELL)
def test_a_well_patient_reaches_the_low_tier_in_six_screens(pathway: str) -> None:
    level, patient = WELL[pathway]
    groups, prompts, state = screens(pathway, patient)
    assert state.decision is not None
    assert (str(state.decision.urgency.lowest), str(state.decision.urgency.highest)) == (level, level)
    assert state.decision.status in ("settled", "final")
    assert len(groups) <= 6, groups
    assert prompts <= 9, prompts
    assert groups[0] == "danger_signs"
    assert "patient" in groups[:3]  # the age, before any limit for age


@pytest.mark.parametrize("pathway", WELL)
def test_no_page_is_turned_on_a_tall_terminal(pathway: str) -> None:
    groups, prompts, _ = screens(pathway, WELL[pathway][1], rows=50)
    assert prompts == len(groups) <= 6


@pytest.mark.parametrize("name", EMERGENCIES)
def test_an_emergency_is_told_within_two_prompts_and_shows_what_to_do(name: str) -> None:
    pathway, patient, level = EMERGENCIES[name]
    _, prompts, state = screens(pathway, patient, enough=level)
    assert prompts <= 2
    assert state.stage is Stage.ALARM
    assert state.decision is not None
    assert state.decision.urgency.lowest is not None
    assert state.decision.urgency.lowest >= RULESET.level(level)


@pytest.mark.parametrize("flag", ["airway_compromise", "breathing_difficulty", "shock_signs", "reduced_consciousness"])
@pytest.mark.parametrize("pathway", WELL)
def test_a_danger_sign_is_told_on_the_first_screen(pathway: str, flag: str) -> None:
    groups, prompts, state = screens(pathway, {flag: True}, enough="immediate")
    assert (groups, prompts) == (["danger_signs"], 1)
    assert state.decision is not None
    assert str(state.decision.urgency.lowest) == "immediate"


PATIENTS = {
    **{f"well: {pathway}": (pathway, patient) for pathway, (_, patient) in WELL.items()},
    **{name: (pathway, patient) for name, (pathway, patient, _) in EMERGENCIES.items()},
    "a nose that bleeds": (
        "epistaxis",
        {"nasal_bleeding_now": True, "severe_bleed": True, "anticoagulant": "warfarin", "age_years": "80y"},
    ),
    "an infant": ("epistaxis", {"nasal_bleeding_now": True, "age_years": "7w"}),
    "much at once": ("nose_trauma", {"nasal_bleeding_now": True, "open_wound": True, "dental_damage": True, "tooth_avulsed": True}),
    "a magnet": ("nasal_foreign_body", {"foreign_body_seen": True, "foreign_body_kind": "magnet", "age_years": "3y"}),
    "streaks": ("post_tonsillectomy_bleed", {"blood_streaked_saliva_only": True, "fossa_examined": True, "age_years": "8y"}),
    "airway": ("post_tonsillectomy_bleed", {"airway_compromise": True, "throat_bleeding_now": True}),
}


@pytest.mark.parametrize("name", PATIENTS)
def test_no_screen_is_higher_than_the_terminal_and_no_list_longer_than_eight(name: str) -> None:
    """The prompt's own row is counted too; of a page asked for, what is longer stands on further pages."""
    pathway, patient = PATIENTS[name]
    _, _, state = screens(pathway, patient)
    seen: State | None = state
    while seen is not None:
        text = plain(screen_lines(INTERVIEW, seen))
        assert len(text.split("\n")) + 1 <= TERMINAL, f"{text}\n{prompt_of(seen)} >"
        assert len(INTERVIEW.screen(seen).options) <= TERMINAL - FRAME or seen.stage is Stage.VALUE
        seen = seen.before
    assert state.stage is Stage.DONE


TYPED = (
    "none",
    "none",
    "none",
    "c",
    "c",
    "m",
    "1",
    "2",
    "5",
    "8",
    "?",
    "u",
    "4y, none, 110, 2, 90",
    "7w, 2, ?",
    "30y",
    "3d",
    "40 min",
    "all",
    "b",
)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_typed_no_screen_and_no_note_scrolls(seed: int) -> None:
    random = Random(seed)
    state = INTERVIEW.start(random.sample(list(RULESET.pathways), random.choice((1, 1, 2))), NOW)
    for _ in range(25):
        reply = INTERVIEW.answer(state, random.choice(TYPED))
        said, state = [Line(text, "! ") for text in reply.said], reply.state
        for shown in (
            fitted([*said, *screen_lines(INTERVIEW, state)], TERMINAL),
            *(shown_again(INTERVIEW, INTERVIEW.answer(state, key)) for key in ("note", "a", "p")),
        ):
            text = plain(shown)
            assert len(text.split("\n")) <= TERMINAL, text
