"""The shipped rules say what the agreed table says, trigger by trigger, and every rule is fired by a case."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

import pathways
from pathways.cases import CaseResult, ReadCase, run, unmentioned

RULES = Path(__file__).parent.parent / "rules"
RULESET = pathways.load(RULES)
ENT = ("ent_on_call", "now", "PT4H")
ENT_AFTER_PRESSURE = ("ent_on_call", None, "PT4H")
ENT_HOUR = ("ent_on_call", "now", "PT1H")
OMFS = ("omfs_on_call", "now", "PT4H")
OBJECT = {
    "foreign_body_seen": True,
    "foreign_body_kind": "bead",
    "foreign_body_small": True,
    "foreign_body_inert": True,
    "foreign_body_superficial": True,
    "foreign_body_stable": True,
    "child_cooperative": True,
    "age_years": 4,
}
ADULT = {"age_years": 40, "anticoagulant": "none"}
SEPTUM = {**ADULT, "septum_examined": True}
# row and trigger → pathway, what is given beside "all else absent", urgency at least, referral, items
TRIGGERS: dict[str, tuple[str, dict[str, Any], str, tuple[str, str | None, str], list[str]]] = {
    "trauma-4 active bleeding": ("nose_trauma", {**SEPTUM, "nasal_bleeding_now": True}, "urgent", ENT_AFTER_PRESSURE, ["pinch_and_lean_forward", "call_ent_if_still_bleeding", "head_injury_advice"]),
    "trauma-4 septal haematoma": ("nose_trauma", {**SEPTUM, "septal_haematoma": True}, "urgent", ENT, ["head_injury_advice"]),
    "trauma-4 wound with cartilage": ("nose_trauma", {**SEPTUM, "open_wound": True, "cartilage_involved": True}, "urgent", ENT, ["head_injury_advice"]),
    "trauma-4 CSF": ("nose_trauma", {**SEPTUM, "csf_rhinorrhoea": True}, "within_1_hour", ENT_HOUR, ["ct_head_within_the_hour", "no_balloon_nothing_in_nose"]),
    "trauma-5 facial fracture": ("nose_trauma", {**SEPTUM, "facial_bone_fracture": True}, "urgent", OMFS, ["head_injury_advice"]),
    "trauma-5 dental damage": ("nose_trauma", {**SEPTUM, "dental_damage": True, "tooth_avulsed": False}, "urgent", OMFS, ["head_injury_advice"]),
    "trauma-5 eye movements": ("nose_trauma", {**SEPTUM, "reduced_eye_movements": True}, "urgent", OMFS, ["head_injury_advice"]),
    "foreign-body-3 unstable": ("nasal_foreign_body", {**OBJECT, "foreign_body_stable": False}, "within_1_hour", ENT_HOUR, ["leave_object"]),
    "foreign-body-3 aspiration": ("nasal_foreign_body", {**OBJECT, "aspiration_risk": True}, "within_1_hour", ENT_HOUR, ["leave_object"]),
    "foreign-body-3 sharp": ("nasal_foreign_body", {**OBJECT, "foreign_body_sharp": True}, "within_1_hour", ENT_HOUR, ["leave_object"]),
    "foreign-body-3 battery": ("nasal_foreign_body", {**OBJECT, "foreign_body_kind": "button_battery", "foreign_body_inert": False}, "within_1_hour", ENT_HOUR, ["battery_first_aid"]),
    "epistaxis-2 active": ("epistaxis", {**ADULT, "nasal_bleeding_now": True}, "urgent", ENT_AFTER_PRESSURE, ["pinch_and_lean_forward", "call_ent_if_still_bleeding"]),
    "epistaxis-2 severe": ("epistaxis", {**ADULT, "severe_bleed": True}, "urgent", ENT, ["iv_access", "fbc", "group_and_crossmatch", "nasal_pack"]),
    "epistaxis-2 unwell": ("epistaxis", {**ADULT, "systemically_unwell": True}, "urgent", ENT, ["iv_access"]),
    "inflammatory-2 cellulitis": ("nasal_inflammation", {**ADULT, "facial_or_nasal_cellulitis": True}, "urgent", ENT, []),
    "inflammatory-2 nose": ("nasal_inflammation", {**ADULT, "nasal_swelling": True}, "urgent", ENT, []),
    "inflammatory-2 face": ("nasal_inflammation", {**ADULT, "facial_swelling": True}, "urgent", ENT, []),
    "inflammatory-2 eyes": ("nasal_inflammation", {**ADULT, "periorbital_swelling": True, "eye_can_be_examined": True}, "urgent", ENT, []),
}  # fmt: skip


def decide(pathway: str, given: dict[str, Any]) -> pathways.Decision:
    """Decide with every yes/no finding of the pathway absent that is not given and can be."""
    return RULESET.decide({**given, **dict.fromkeys(unmentioned(RULESET, (pathway,), given), False)}, pathway)


def certain_items(decision: pathways.Decision) -> set[str]:
    return {item.id for item in (*decision.actions, *decision.advice, *decision.follow_up) if item.certainty == "certain"}


def all_items(decision: pathways.Decision) -> set[str]:
    return {item.id for item in (*decision.actions, *decision.advice, *decision.follow_up)}


@cache
def results() -> tuple[CaseResult, ...]:
    return run(RULES, RULESET)


@cache
def decided() -> list[tuple[ReadCase, pathways.Decision]]:
    """Every case that is no refusal, with what is decided."""
    cases = [result.case for result in results() if result.case.part.expect.refused is None]
    return [(case, case.ruleset.decide(case.given, case.pathways)) for case in cases]


def test_every_case_passes() -> None:
    assert [f"{result.case.place}: {result.case.name}" for result in results() if not result.passed] == []


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_each_trigger_of_each_row_alone(trigger: str) -> None:
    pathway, given, urgency, (service, contact, within), items = TRIGGERS[trigger]
    decision = decide(pathway, given)
    assert decision.urgency.lowest == decision.urgency.highest == RULESET.level(urgency)
    found = {referral.service: referral for referral in decision.referrals}
    assert (found[service].contact, found[service].within, found[service].certainty) == (contact, within, "certain")
    assert set(items) <= certain_items(decision)


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_each_trigger_has_a_case_of_its_own(trigger: str) -> None:
    """A case with `unmentioned: absent` in which the trigger is the only danger that is named."""
    pathway, given, urgency, (service, _, within), _ = TRIGGERS[trigger]
    signs = {name: value for name, value in given.items() if name not in ADULT and OBJECT.get(name) != value and name != "septum_examined"}
    for case, _ in decided():
        part = case.part
        if case.pathway != pathway or part.unmentioned != "absent" or part.pathways:
            continue
        if all(case.given.get(name) == value for name, value in signs.items()) and part.expect.urgency == urgency:
            expected = part.expect.referrals or {}
            if service in expected and expected[service].within == within:
                return
    pytest.fail(f"no case asserts {trigger}")


def test_every_rule_is_fired_by_a_case() -> None:
    fired = {(reason.pathway, reason.rule) for _, decision in decided() for reason in decision.reasons if reason.certainty == "certain"}
    rules = {(pathway.id, rule.id) for pathway in RULESET.pathways.values() for rule in pathway.rules}
    rules |= {("red_flags", flag.id) for flag in RULESET.red_flags}
    rules |= {(pathway.id, "otherwise") for pathway in RULESET.pathways.values() if pathway.otherwise and not pathway.otherwise_never}
    assert rules - fired == set()


def test_every_case_of_a_pathway_is_beside_it() -> None:
    for name in RULESET.pathways:
        assert (RULES / f"{name}.cases.yaml").exists(), name


@pytest.mark.parametrize(
    ("kind", "tool", "other"), [("bead", "wax_hook", "crocodile_forceps"), ("rubber_soft", "crocodile_forceps", "wax_hook")]
)
def test_the_tool_is_that_of_the_row(kind: str, tool: str, other: str) -> None:
    decision = decide("nasal_foreign_body", {**OBJECT, "foreign_body_kind": kind})
    assert tool in certain_items(decision)
    assert other not in all_items(decision)


def test_no_attempt_where_the_object_is_not_superficial() -> None:
    decision = decide("nasal_foreign_body", {**OBJECT, "foreign_body_superficial": False})
    assert {"wax_hook", "crocodile_forceps", "one_gentle_attempt"} & all_items(decision) == set()
    assert [(one.service, one.within) for one in decision.referrals] == [("ent_emergency_clinic", "next_clinic")]


@pytest.mark.parametrize("drug", ["warfarin", "doac", "heparin"])
def test_pt_inr_where_anticoagulated(drug: str) -> None:
    decision = decide("epistaxis", {"age_years": 40, "anticoagulant": drug, "severe_bleed": True})
    assert "pt_inr" in certain_items(decision)


@pytest.mark.parametrize(
    "given",
    [{"severe_bleed": True}, {"nasal_bleeding_now": True}, {"nasal_bleeding_now": True, "severe_bleed": True}, {"bleeding_disorder": True}],
)
def test_no_pt_inr_where_not_anticoagulated(given: dict[str, Any]) -> None:
    assert "pt_inr" not in all_items(decide("epistaxis", {**ADULT, **given}))


RECURRENT = {**ADULT, "recurrent_bleeds": True}


def test_naseptin_with_crusting_and_no_allergy() -> None:
    assert "naseptin" in certain_items(decide("epistaxis", {**RECURRENT, "vestibulitis_or_crusting": True}))


def test_no_naseptin_without_crusting() -> None:
    decision = decide("epistaxis", RECURRENT)
    assert "naseptin" not in all_items(decision)
    assert [(one.service, one.within) for one in decision.referrals] == [("ent_emergency_clinic", "P7D")]


@pytest.mark.parametrize("allergy", ["peanut_allergy", "soya_allergy", "neomycin_allergy", "chlorhexidine_allergy"])
def test_no_naseptin_with_an_allergy(allergy: str) -> None:
    assert "naseptin" not in all_items(decide("epistaxis", {**RECURRENT, "vestibulitis_or_crusting": True, allergy: True}))


@pytest.mark.parametrize("allergy", ["peanut_allergy", "soya_allergy", "neomycin_allergy", "chlorhexidine_allergy"])
def test_naseptin_is_never_certain_while_an_allergy_is_unknown(allergy: str) -> None:
    decision = decide("epistaxis", {**RECURRENT, "vestibulitis_or_crusting": True, allergy: None})
    assert "naseptin" not in certain_items(decision)


def test_the_tonsil_pathway_says_that_it_is_a_reconstruction() -> None:
    decision = RULESET.decide({}, "post_tonsillectomy_bleed")
    assert any("reconstruct" in notice.lower() for notice in decision.notices)
    assert decision.notices[0].startswith("Draft")


def test_no_rule_rests_on_what_may_not_be_cited() -> None:
    for pathway in RULESET.pathways.values():
        for rule in pathway.rules:
            assert set(rule.sources) - {"P39", "I08"}, rule.id


NEVER_ABOVE: dict[str, tuple[str, dict[str, Any], str]] = {
    "bumped nose, nothing found": ("nose_trauma", SEPTUM, "none"),
    "clean small cut": ("nose_trauma", {**SEPTUM, "open_wound": True, "wound_minor": True}, "none"),
    "first nosebleed, stopped, well, no drugs": ("epistaxis", {**ADULT, "minutes_of_pressure": 15, "stopped_with_pressure": True}, "gp_if_persists"),
    "bead out, both sides clear": (
        "nasal_foreign_body",
        {**OBJECT, "removal_attempted": True, "removal_successful": True, "both_nostrils_clear": True},
        "none",
    ),
    "sweet, certain": ("nasal_foreign_body", {**OBJECT, "foreign_body_kind": "dissolving_sweet", "foreign_body_inert": False}, "none"),
    "hay fever": ("nasal_inflammation", {**ADULT, "rhinitis": True, "symptom_days": 5, "septum_examined": True}, "gp_if_persists"),
    "sinusitis 6 days, well": ("nasal_inflammation", {**ADULT, "sinusitis": True, "symptom_days": 6, "septum_examined": True}, "gp_if_persists"),
    "sore vestibule": ("nasal_inflammation", {**ADULT, "vestibulitis_or_crusting": True, "symptom_days": 3, "septum_examined": True}, "gp_if_persists"),
    "blocked 5 months, both sides, no blood": ("nasal_inflammation", {**ADULT, "rhinitis": True, "symptom_days": 150, "septum_examined": True}, "routine_referral"),
    "slough, no blood, day 6": (
        "post_tonsillectomy_bleed",
        {"age_years": 7, "anticoagulant": "none", "white_slough": True, "fossa_examined": True, "observations_done": True, "days_since_surgery": 6},
        "gp_if_persists",
    ),
    "crooked five weeks": ("nose_trauma", {**SEPTUM, "new_nasal_deformity": True, "days_since_injury": 35}, "routine_referral"),
    "recurrent small bleeds, well": ("epistaxis", RECURRENT, "clinic_within_7_days"),
    "one aspirin and a stopped bleed": ("epistaxis", {"age_years": 60, "anticoagulant": "antiplatelet", "stopped_with_pressure": True}, "clinic_within_7_days"),
    "swollen straight nose": ("nose_trauma", {**SEPTUM, "nasal_swelling": True, "days_since_injury": 0}, "clinic_5_7_days"),
    "deep, stable bead": ("nasal_foreign_body", {**OBJECT, "foreign_body_superficial": False}, "clinic_next_available"),
}  # fmt: skip


@pytest.mark.parametrize("patient", NEVER_ABOVE)
def test_never_above(patient: str) -> None:
    pathway, given, urgency = NEVER_ABOVE[patient]
    highest = decide(pathway, given).urgency.highest
    assert highest is not None
    assert highest <= RULESET.level(urgency)


# -- what must not be said ----------------------------------------------------------------------------------------------

AFTER_TONSILS = {"age_years": 7, "anticoagulant": "none", "days_since_surgery": 6, "home_travel_minutes": 20, "fossa_examined": False, "observations_done": False}  # fmt: skip
DANGER_SIGNS = ("airway_compromise", "breathing_difficulty", "shock_signs", "reduced_consciousness")
# sign → what it implies
BLEEDS = {
    "throat_bleeding_now": {},
    "nasal_bleeding_now": {"blood_from_nose_after_surgery": True},
    "frequent_swallowing": {},
    "haematemesis_large": {"haematemesis": True},
    "pallor": {},
    "fresh_blood_reported": {},
}
ONLY_IN_HOSPITAL = {
    "suction_ready", "theatre_told_now", "iv_access", "second_iv_line", "fbc", "clotting_and_gas", "group_and_crossmatch", "fluid_then_blood",
    "repeat_observations", "measure_pulse_and_refill", "try_again_to_see_throat", "look_again_in_15_minutes", "admit_tonsil_bleed",
    "for_the_anaesthetist", "txa_by_protocol", "adrenaline_swab", "peroxide_gargle", "tonsil_move_before_it_bleeds", "no_discharge_without_ent",
}  # fmt: skip
SERVICES_IN_HOSPITAL = {"theatre_team", "anaesthetics_on_call", "paediatrics_on_call", "critical_care_transport"}


@pytest.mark.parametrize("sign", BLEEDS)
def test_nothing_is_ordered_on_the_phone_that_only_a_hospital_can_do(sign: str) -> None:
    decision = decide("post_tonsillectomy_bleed", {**AFTER_TONSILS, "telephone_contact": True, sign: True, **BLEEDS[sign]})
    assert all_items(decision) & ONLY_IN_HOSPITAL == set()
    assert {one.service for one in decision.referrals} & SERVICES_IN_HOSPITAL == set()
    assert certain_items(decision) & {"call_999_for_patient", "phone_come_in_now"}


@pytest.mark.parametrize("sign", BLEEDS)
def test_while_nobody_says_where_the_patient_is_both_are_possible(sign: str) -> None:
    decision = RULESET.decide({**AFTER_TONSILS, **dict.fromkeys(DANGER_SIGNS, False), sign: True}, "post_tonsillectomy_bleed")
    possible = {item.id for item in (*decision.actions, *decision.advice) if item.certainty == "possible"}
    assert "iv_access" in possible
    assert possible & {"call_999_for_patient", "phone_come_in_now"}


def test_items_that_exclude_each_other_never_stand_on_one_page() -> None:
    clashes = [
        (case.name, item, other)
        for case, decision in decided()
        for item in sorted(certain_items(decision))
        for other in RULESET.items[item].excludes
        if other in certain_items(decision)
    ]
    assert clashes == []


@pytest.mark.parametrize("skin", ["cellulitis", "none"])
def test_adrenaline_is_for_allergy_and_not_for_cellulitis(skin: str) -> None:
    swollen = {**ADULT, "facial_swelling": True, "fever": True, "wheeze": True, "facial_or_nasal_cellulitis": skin == "cellulitis"}
    decision = decide("nasal_inflammation", swollen)
    assert str(decision.urgency.lowest) == "immediate"
    assert ("adrenaline_for_anaphylaxis" in all_items(decision)) == (skin == "none")


def test_whatever_asks_for_a_safeguarding_concern_is_discreet() -> None:
    from pathways.reports.discreet import discreet_finding

    assert discreet_finding("safeguarding_concern", RULESET)


def test_no_rule_rests_on_a_source_that_may_not_be_cited() -> None:
    sources = RULESET.content()["sources"]["evidence"]
    assert {name for name, one in sources.items() if not one.get("cite", True)} >= {"P39", "I08", "R01"}
    rules = [rule for pathway in RULESET.pathways.values() for rule in pathway.rules]
    assert [rule.id for rule in rules if {"P39", "I08"} & set(rule.sources)] == []


IMPLIED: dict[str, dict[str, Any]] = {
    "eye_swollen_shut": {"periorbital_swelling": True, "eye_can_be_examined": False},
    "swelling_marked_or_growing": {"nasal_swelling": True},
}


def test_every_recent_nose_injury_gets_head_injury_advice() -> None:
    """GN22: whatever else is found, alone or beside it."""
    given = {**SEPTUM, "days_since_injury": 1}
    found = [name for name in unmentioned(RULESET, ("nose_trauma",), given) if RULESET.findings[name].worse == "yes"]
    lacking = [
        name
        for name in found
        if "head_injury_advice" not in certain_items(decide("nose_trauma", {**given, name: True, **IMPLIED.get(name, {})}))
    ]

    assert len(found) > 30
    assert lacking == []


@pytest.mark.parametrize("sign", ["shock_signs", "severe_bleed", "posterior_bleed"])
def test_a_patient_of_two_pathways_gets_one_transfer_text(sign: str) -> None:
    given = {**SEPTUM, "nasal_bleeding_now": True, "recent_trauma": True, "days_since_injury": 0, sign: True}
    decision = RULESET.decide(
        {**given, **dict.fromkeys(unmentioned(RULESET, ("epistaxis", "nose_trauma"), given), False)}, ("epistaxis", "nose_trauma")
    )

    assert [item.id for item in decision.actions if "transfer" in item.id] == ["stabilise_and_transfer"]


@pytest.mark.parametrize("pathway", ["epistaxis", "nose_trauma"])
def test_a_danger_sign_takes_nobody_away_who_is_called_without_it(pathway: str) -> None:
    given = {**SEPTUM, "sex": "male", "days_since_injury": 1} if pathway == "nose_trauma" else {**ADULT, "sex": "male"}

    def services(signs: dict[str, Any]) -> set[str]:
        return {one.service for one in decide(pathway, {**given, **signs}).referrals if one.certainty == "certain"}

    found = [name for name in unmentioned(RULESET, (pathway,), given) if RULESET.findings[name].worse == "yes" and name not in IMPLIED]
    lost = [
        (name, danger, sorted(gone))
        for name in found
        for danger in DANGER_SIGNS
        if name not in DANGER_SIGNS and (gone := (services({name: True}) | services({danger: True})) - services({name: True, danger: True}))
    ]
    assert len(found) > 30
    assert [row for row in lost if "ent_emergency_clinic" not in row[2]] == []


def test_a_pulse_above_the_pressure_of_a_bleeding_adult_is_shock_and_one_well_below_is_not() -> None:
    given = {**ADULT, "sex": "male", "nasal_bleeding_now": True}
    open_ = dict.fromkeys(unmentioned(RULESET, ("epistaxis",), given), False) | {"shock_signs": None, "systemically_unwell": None}
    for pulse in range(92, 131):
        for pressure in range(91, 131):
            decision = RULESET.decide({**given, **open_, "heart_rate": pulse, "systolic_bp": pressure}, "epistaxis")
            if pulse > pressure:
                assert str(decision.urgency.lowest) == "immediate", (pulse, pressure)
            elif pulse <= pressure - 5:
                assert str(decision.urgency.lowest) == "urgent", (pulse, pressure)


def test_show_says_where_otherwise_is_never_reached() -> None:
    """Where the compiler proved that some rule holds for every patient, and only there."""
    from pathways.reports.rules import shown

    proved = {
        name
        for name in RULESET.pathways
        if any("proved: some rule holds for every patient" in line.text for line in shown(RULESET.pathways[name], RULESET))
    }
    assert proved == {name for name, pathway in RULESET.pathways.items() if pathway.otherwise_never}
    assert "post_tonsillectomy_bleed" in proved
