"""A page tells one thing: a call that waits for pressure is never called at once, and the clock time of it is said."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import pathways
from pathways.cases import unmentioned
from pathways.reports import page, plain
from pathways.reports.when import When

RULESET = pathways.load(Path(__file__).parent.parent / "rules")
NOW = datetime(2023, 3, 14, 2, 40)  # noqa: DTZ001  # the clock on the wall
WHEN = When(NOW, NOW - timedelta(minutes=15))
BLEEDING: dict[str, dict[str, Any]] = {
    "epistaxis": {"age_years": 40, "anticoagulant": "none", "sex": "male", "nasal_bleeding_now": True},
    "nose_trauma": {"age_years": 40, "anticoagulant": "none", "nasal_bleeding_now": True, "septum_examined": True, "days_since_injury": 0},
}


def decide(pathway: str, given: dict[str, Any]) -> pathways.Decision:
    """Decide with every yes/no finding of the pathway absent that is not given and can be."""
    return RULESET.decide({**given, **dict.fromkeys(unmentioned(RULESET, (pathway,), given), False)}, pathway)


def shown(decision: pathways.Decision) -> str:
    return plain(page(decision, RULESET, WHEN), 200)


@pytest.mark.parametrize("pathway", BLEEDING)
def test_pressure_comes_first_and_the_call_has_its_time(pathway: str) -> None:
    text = shown(decide(pathway, BLEEDING[pathway]))

    assert (
        "Call ENT on call, via switchboard at 03:00 if it has not stopped by then; seen, or with a plan, by 06:25 (arrived 02:25)" in text
    )
    assert "CALL NOW" not in text


@pytest.mark.parametrize("pathway", BLEEDING)
def test_pressure_that_has_run_counts(pathway: str) -> None:
    text = shown(decide(pathway, {**BLEEDING[pathway], "minutes_of_pressure": 12}))

    assert "Call ENT on call, via switchboard at 02:50 if it has not stopped by then" in text


@pytest.mark.parametrize("reason", [{"severe_bleed": True}, {"anticoagulant": "doac"}, {"posterior_bleed": True}, {"age_years": 1.5}])
@pytest.mark.parametrize("pathway", BLEEDING)
def test_where_the_call_does_not_wait_it_is_made_now(pathway: str, reason: dict[str, Any]) -> None:
    text = shown(decide(pathway, {**BLEEDING[pathway], **reason}))

    assert "CALL NOW: ENT on call" in text
    assert "if it has not stopped by then" not in text


@pytest.mark.parametrize("pathway", BLEEDING)
def test_no_second_fact_gives_both_answers(pathway: str) -> None:
    """Whatever else is true beside the bleeding: either the call waits, or it is made now."""
    for name in unmentioned(RULESET, (pathway,), BLEEDING[pathway]):
        given = {**BLEEDING[pathway], name: True}
        try:
            decision = decide(pathway, given)
        except pathways.InvalidPresentation:
            continue  # no patient can be so
        waits = any(item.id == "call_ent_if_still_bleeding" and item.certainty == "certain" for item in decision.actions)
        now = any(one.service == "ent_on_call" and one.contact and one.certainty == "certain" for one in decision.referrals)
        assert not (waits and now), name


@pytest.mark.parametrize(
    ("days", "hour", "said"),
    [
        (0, 2, "Sun 19 to Tue 21 March"),
        (6, 2, "today or until Wed 15 March"),
        (7, 2, "today, Tue 14 March"),
        (7.5, 23, "Sun 12 to Tue 14 March - over, unless the clinic still runs today"),
        (7.9, 2, "Sat 11 to Mon 13 March - that is past"),
    ],
)
def test_a_window_that_is_over_is_no_appointment(days: float, hour: int, said: str) -> None:
    given = {"age_years": 40, "anticoagulant": "none", "septum_examined": True, "nasal_swelling": True, "days_since_injury": days}
    text = plain(page(decide("nose_trauma", given), RULESET, When(NOW.replace(hour=hour))), 200)

    assert f"ENT emergency clinic: {said}, day 5 to 7 from the injury" in text


@pytest.mark.parametrize("pathway", BLEEDING)
def test_who_bleeds_is_asked_how_long_was_pressed(pathway: str) -> None:
    assert [one.finding for one in decide(pathway, BLEEDING[pathway]).optional_questions()] == ["minutes_of_pressure"]
