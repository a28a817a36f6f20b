"""The bedside dialogue: only words with one meaning change a state, no level before the danger signs, back undoes exactly."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pathways
from bedside import DANGERS, write_rules
from pathways.cli.bedside import screen_lines, shown_again
from pathways.interview import Interview
from pathways.interview.states import Stage, State, chunks, waiting
from pathways.reports import note, page, plain, professional
from pathways.reports.decision import left
from pathways.reports.when import When
from pathways.spoken import read, say

NOW = datetime(2023, 3, 14, 2, 40)  # noqa: DTZ001  # the clock on the wall
HEAD = "DRAFT, not approved; site not configured; reconstructed, not the local pathway"
LEVELS = ("NONE", "GP IF PERSISTS", "SUSPECTED CANCER", "CLINIC 5 7 DAYS", "DISCUSS SAME DAY", "URGENT", "WITHIN 1 HOUR", "IMMEDIATE")


@pytest.fixture(scope="module")
def interview(tmp_path_factory: pytest.TempPathFactory) -> Interview:
    folder = write_rules(tmp_path_factory.mktemp("rules") / "bedside")
    return Interview(pathways.load(folder), lambda: NOW)


def typed(interview: Interview, *words: str, names: tuple[str, ...] = ("nose",), arrived: datetime | None = NOW) -> State:
    """The state after these words, every one of which must be understood."""
    state = interview.start(names, arrived)
    for word in words:
        reply = interview.answer(state, word)
        assert reply.state is not state, (word, reply.said)
        state = reply.state
    return state


def shown(interview: Interview, state: State) -> str:
    return " ".join(plain(screen_lines(interview, state)).split())


# -- what is asked ---------------------------------------------------------------------------------------------------


def test_the_complaint_is_asked_first_and_may_be_several(interview: Interview) -> None:
    state = interview.start()
    assert state.stage is Stage.COMPLAINT
    assert shown(interview, state).startswith("! DRAFT, not approved; site not configured What does the patient come with?")
    assert "1 Infant with a cold - blocked nose under one year 2 Bumped nose (reconstructed, not the local pathway) - a blow" in shown(
        interview, state
    )
    assert interview.answer(state, "1 2").state.pathways == ("infant", "nose")
    assert interview.answer(state, "3").said == ("Type the number of the complaint, or several as `1 2` (1 to 2).",)


def test_first_aid_stands_with_the_first_question_and_then_no_more(interview: Interview) -> None:
    arrival = interview.start(("nose",))
    assert arrival.stage is Stage.ARRIVAL
    assert "Do at once: Pinch and lean forward." in shown(interview, arrival)
    danger = interview.answer(arrival, "02:25").state
    assert "! DRAFT, not approved; site not configured; reconstructed, not the local pathway NOT YET TRIAGED" in shown(interview, danger)
    assert "NOT YET TRIAGED: danger signs first (2 to go) Do at once: Pinch and lean forward." in shown(interview, danger)
    assert "Do at once" not in shown(interview, interview.answer(danger, "none").state)


def test_arrival_is_now_only_when_it_is_typed(interview: Interview) -> None:
    state = interview.start(("nose",))
    assert interview.answer(state, "").state is state
    assert interview.answer(state, "now").state.arrived == NOW
    assert interview.answer(state, "02:25").state.arrived == NOW - timedelta(minutes=15)
    assert interview.answer(state, "?").state.arrived is None
    assert interview.answer(state, "soon").said == ("Arrival: a time on the 24-hour clock as 02:25, or `now`; `?` if nobody knows.",)


def test_none_is_echoed_as_the_no_of_each_finding(interview: Interview) -> None:
    state = typed(interview, "none")
    assert state.echo == ("no: airway at risk", "no: looks shocked")
    assert dict(state.given) == {"airway": False, "shock": False}


def test_numbers_are_present_and_the_rest_is_confirmed(interview: Interview) -> None:
    state = typed(interview, "none", "1 4", "c")
    assert state.before is not None
    assert state.before.echo == ("yes: bleeding now", "yes: one-sided lump")
    text = shown(interview, state)
    assert "And none of the others? Type `none` to confirm that each is absent, or more numbers." in text
    assert "1 [yes] bleeding now" in text
    assert interview.answer(state, "1").said == ("1 has its answer already; `b` goes back.",)
    rest = interview.answer(state, "none").state
    assert rest.echo == ("no: clear drip", "no: story does not fit")
    assert "haematoma" not in rest.given  # whether the septum was seen is not known: "none of these" says nothing of it


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("1 none", {"airway": True, "shock": False}),
        ("2", {"shock": True}),
        ("?", {"airway": {"unknown": "asked-unknown"}, "shock": {"unknown": "asked-unknown"}}),
        ("u", {"airway": {"unknown": "unable-to-assess"}, "shock": {"unknown": "unable-to-assess"}}),
        ("? 2", {"shock": {"unknown": "asked-unknown"}}),
        ("u 1", {"airway": {"unknown": "unable-to-assess"}}),
        ("1 ? 2", {"airway": True, "shock": {"unknown": "asked-unknown"}}),
        ("1 u", {"airway": True, "shock": {"unknown": "unable-to-assess"}}),
        ("1, 2", {"airway": True, "shock": True}),
    ],
)
def test_one_line_answers_a_list(interview: Interview, words: str, given: dict[str, Any]) -> None:
    assert dict(typed(interview, words).given) == given


@pytest.mark.parametrize(
    "words", ["3", "0", "-1", "n", "y", "no", "none 1", "none none", "? none", "all", "1 x", "1.5", "٣", "nothing", "1" * 99]
)
def test_what_is_not_understood_changes_nothing(interview: Interview, words: str) -> None:
    state = interview.start(("nose",), NOW)
    reply = interview.answer(state, words)
    assert reply.state is state
    assert reply.said


def test_findings_that_reassure_are_numbers_all_or_none(interview: Interview) -> None:
    before = typed(interview, "none", "none", "4y, none")
    assert before.asked == ("stopped", "examined")
    assert "numbers of those that are true; `all`; `none` = none of these is true" in shown(interview, before)
    assert interview.answer(before, "all").state.given["examined"] is True
    assert interview.answer(before, "none").state.given["examined"] is False


def test_a_single_question_takes_yes_and_no(interview: Interview) -> None:
    state = typed(interview, "none", "none", "4y, none", "1")
    assert "And the last one?" in shown(interview, state)
    assert interview.answer(state, "y").state.given["examined"] is True
    assert interview.answer(state, "n").state.given["examined"] is False
    assert interview.answer(state, "1").state is state  # 1 is the number of another finding


def test_age_and_blood_thinner_are_asked_on_one_screen_after_the_first_signs(interview: Interview) -> None:
    state = typed(interview, "none", "none")
    assert (state.stage, state.asked) == (Stage.VALUE, ("age_years", "thinner"))
    assert "1 age, as 4y, 4y 3m, 9m or 7w 2 blood thinner: 1 none, 2 warfarin, 3 a DOAC" in shown(interview, state)
    both = interview.answer(state, "7w, warf").state
    assert both.echo == ("7 weeks old", "blood thinner: warfarin")
    assert interview.answer(state, "7w, 3").state.given["thinner"] == "doac"
    assert interview.answer(state, "7w").state.asked == ("age_years", "thinner")  # the rest is asked again
    assert dict(interview.answer(state, "?").state.given)["thinner"] == {"unknown": "asked-unknown"}
    assert dict(interview.answer(state, "7w, u").state.given)["thinner"] == {"unknown": "unable-to-assess"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("4", "age: 4 what? 4y, 4m, 4w"),
        ("none, 4y", "age: `none` cannot be read, for example 4y, 4y 3m, 9m or 7w"),
        ("4y, 4", "blood thinner: Type one number from 1 to 3, `?` or `u`."),
        ("4y, none, 3", "3 answers for 2 questions: nothing is recorded."),
        ("4y,,none", "3 answers for 2 questions: nothing is recorded."),
        (", none", "age: a number is asked, for example 4y, 4y 3m, 9m or 7w"),
    ],
)
def test_a_line_of_which_one_part_is_not_understood_records_nothing(interview: Interview, words: str, said: str) -> None:
    state = typed(interview, "none", "none")
    reply = interview.answer(state, words)
    assert reply.state is state
    assert reply.said == (said,)


def test_numbers_are_asked_with_their_unit_and_a_bare_one_is_asked_back(interview: Interview) -> None:
    state = typed(interview, "none", "none", "4y, none", "all", "none")
    assert state.stage is Stage.VALUE
    assert state.asked == ("days_since_injury",)
    assert interview.answer(state, "7").said == ("7 what? 7h, 7d, 7w",)
    assert interview.answer(state, "3 d").state.echo == ("time since the injury 3 days",)


def test_what_follows_from_a_measurement_is_not_asked(interview: Interview) -> None:
    assert interview.start(("nose",), NOW).asked == DANGERS


# -- what is shown ---------------------------------------------------------------------------------------------------


def test_three_lines_never_a_bare_range(interview: Interview) -> None:
    text = shown(interview, typed(interview, "none", "1"))
    assert "Certain so far: URGENT Not excluded: WITHIN 1 HOUR, if any of: suspected CSF leak Act as WITHIN 1 HOUR until these" in text


def test_nobody_is_told_to_act_as_the_worst_before_anything_was_found(interview: Interview) -> None:
    text = shown(interview, typed(interview, "none"))
    assert "Certain so far: nothing yet Not excluded: WITHIN 1 HOUR, if any of: suspected CSF leak Not cleared until" in text
    assert "Act as" not in text
    assert "nothing urgent" not in text
    assert "Act as WITHIN 1 HOUR until these are answered" in shown(interview, typed(interview, "none", "? 3"))


def test_a_danger_sign_shows_the_short_page_at_once_and_the_rest_is_optional(interview: Interview) -> None:
    state = typed(interview, "2")
    assert state.stage is Stage.ALARM
    text = shown(interview, state)
    assert "! DRAFT, not approved; site not configured; reconstructed, not the local pathway" in text
    assert "Act as IMMEDIATE: resuscitation team now" in text
    assert "1. Call the resuscitation team. 2. Pinch and lean forward." in text
    assert "CALL NOW: resuscitation team, via switchboard" in text
    assert "`c` to go on, the rest is optional" in text
    assert interview.answer(state, "none").state is state
    assert interview.answer(state, "c").state.asked == DANGERS


def test_a_danger_sign_that_cannot_be_assessed_shows_the_action_page(interview: Interview) -> None:
    state = typed(interview, "u 1")
    assert state.stage is Stage.LIST  # the other one is not answered
    state = interview.answer(state, "none").state
    assert state.stage is Stage.ALARM
    text = shown(interview, state)
    assert "Act as IMMEDIATE until these are answered. 1. Call the resuscitation team." in text
    assert "CALL NOW: resuscitation team" in text


def test_danger_signs_that_nobody_knew_are_asked_once_more_before_the_end(interview: Interview) -> None:
    state = typed(interview, "?")
    assert state.stage is Stage.LIST
    while not state.again:
        state = interview.answer(state, "?").state
    assert state.asked == DANGERS
    assert "Danger signs that were not known: any of these now?" in shown(interview, state)
    assert interview.answer(state, "none").state.given["airway"] is False
    assert "Act as IMMEDIATE: resuscitation team now" in shown(interview, interview.answer(state, "1").state)
    assert interview.answer(state, "?").state.stage is Stage.DONE


def test_a_level_that_calls_somebody_shows_what_to_do_at_once_and_once(interview: Interview) -> None:
    state = typed(interview, "none", "1")
    assert state.stage is Stage.ALARM
    text = shown(interview, state)
    assert "1. Pinch and lean forward." in text
    assert "CALL NOW: ENT on call" in text
    state = interview.answer(state, "c").state
    assert "And none of the others?" in shown(interview, state)
    assert interview.answer(state, "none").state.stage is Stage.VALUE
    assert interview.answer(state, "a").page == "actions"
    assert "1. Pinch and lean forward." in plain(shown_again(interview, interview.answer(state, "a")))


def test_calls_have_a_clock_time_from_arrival(interview: Interview) -> None:
    state = typed(interview, "none", "1 none", arrived=NOW - timedelta(minutes=15))
    assert state.decision is not None
    text = " ".join(plain(page(state.decision, interview.ruleset, When(NOW, state.arrived))).split())
    assert (
        "CALL NOW: ENT on call, via switchboard; seen, or with a plan, by 03:25 (arrived 02:25); if nothing more urgent turns out, by 06:25"
        in text
    )
    assert "Decided 02:40. Decide again at 03:00 (20 minutes: pinch), or on any change." in text
    unknown = " ".join(plain(page(state.decision, interview.ruleset, When(NOW))).split())
    assert "by 03:40 (counted from 02:40, arrival not known)" in unknown
    late = " ".join(plain(page(state.decision, interview.ruleset, When(NOW, NOW - timedelta(hours=5)))).split())
    assert "by 22:40 on Mon 13 March (arrived 21:40 on Mon 13 March) - that time is past" in late


def decided(interview: Interview, **given_: Any) -> pathways.Decision:
    dangers = dict.fromkeys(DANGERS, False)
    faces = dict.fromkeys(("bleeding", "drip", "lump", "concern", "streaks"), False)
    return interview.ruleset.decide({**dangers, **faces, "stopped": False, "examined": True, "haematoma": False, **given_}, ["nose"])


def page_of(interview: Interview, decision: pathways.Decision) -> str:
    return " ".join(plain(page(decision, interview.ruleset, When(NOW, NOW))).split())


def test_a_window_is_dates(interview: Interview) -> None:
    assert "ENT clinic: Thu 16 to Sat 18 March, day 5 to 7 from the injury" in page_of(
        interview, decided(interview, stopped=True, days_since_injury=3)
    )
    assert "ENT clinic: today or until Wed 15 March" in page_of(interview, decided(interview, stopped=True, days_since_injury=6))
    assert "ENT clinic: today, Tue 14 March" in page_of(interview, decided(interview, stopped=True, days_since_injury=7))


def test_a_cancer_referral_keeps_its_own_line_under_a_higher_urgency(interview: Interview) -> None:
    text = page_of(interview, decided(interview, lump=True, drip=True))
    assert "Act as WITHIN 1 HOUR" in text
    assert "Suspected cancer: its own route, whatever the urgency - Refer to suspected-cancer pathway by Tue 28 March" in text


def test_safeguarding_stands_only_in_the_note_for_professionals(interview: Interview) -> None:
    decision = decided(interview, concern=True, age_years=1)
    text = page_of(interview, decision)
    assert "safeguarding" not in text
    assert "does not fit" not in text
    assert "Follow the local procedure." not in text
    assert "More stands in the note for professionals (`p`, or `--for professional`)" in text
    private = " ".join(plain(professional(decision, interview.ruleset, When(NOW, NOW))).split())
    assert "For professionals only - do not hand to family - Follow the local procedure. - CALL NOW: child safeguarding team" in private
    assert "because: infant with a story that does not fit" in private
    assert "For professionals only - do not hand to family" in plain(note(decision, interview.ruleset, When(NOW, NOW)))


def test_the_note_for_the_phone_has_six_lines(interview: Interview) -> None:
    decision = decided(
        interview, bleeding=True, stopped=False, age_years=pathways.age_on(NOW.date() - timedelta(days=50), NOW.date()), systolic=84
    )
    lines = note(decision, interview.ruleset, When(NOW, NOW - timedelta(minutes=15)), {"systolic": NOW}, NOW - timedelta(minutes=9))
    assert [line.lead.partition(" ")[0] for line in lines] == ["1.", "2.", "3.", "4.", "5.", "6."]
    assert [f"{line.lead}{line.text}" for line in lines] == [
        "1. 7 weeks old; a blow to the nose. URGENT.",
        "2. Worst: nose bleeds now: bleeding now",
        "3. Vital signs: systolic pressure 84 mmHg at 02:40",
        "4. Done: first aid advised at 02:31 (pinch); blood thinner: not known; say what was really done",
        "5. Asked: CALL NOW: ENT on call, via switchboard; seen, or with a plan, by 03:25 (arrived 02:25)",
        f"6. Not asked: blood thinner. {HEAD}; bedside 0.1.0, {interview.ruleset.digest[:12]}; decided 02:40",
    ]


def test_the_note_says_what_bears_on_clotting_and_how_long(interview: Interview) -> None:
    decision = decided(interview, bleeding=True, stopped=False, thinner="warfarin", minutes=25)
    text = plain(note(decision, interview.ruleset, When(NOW, NOW)))
    assert "blood thinner: warfarin; minutes of pressure 25" in " ".join(text.split())


def test_the_banner_the_version_and_the_site_stand_on_every_final_page(interview: Interview) -> None:
    for decision in (decided(interview), decided(interview, bleeding=True), interview.ruleset.decide({}, ["nose"])):
        text = page_of(interview, decision)
        for said in (
            "! Draft. No clinician",
            "! Site not configured",
            "! Reconstructed",
            f"DRAFT: bedside 0.1.0, digest {interview.ruleset.digest[:12]}",
        ):
            assert said in text


def test_both_values_of_an_unknown_site_are_led_by_their_condition(interview: Interview) -> None:
    assert "Transfer to a hospital with ENT." in page_of(interview, decided(interview, bleeding=True))
    assert "If it is not so that an ENT doctor is in this building: Transfer" in page_of(interview, decided(interview, bleeding=True))


def test_an_open_page_calls_nobody_who_is_only_possible(interview: Interview) -> None:
    decision = interview.ruleset.decide({**dict.fromkeys(DANGERS, False), "lump": True}, ["nose"])
    text = page_of(interview, decision)
    assert "CALL NOW" not in text
    assert "Only possible yet: the open questions decide - calls to ENT on call, ENT clinic; " in text


def test_what_was_not_examined_is_said(interview: Interview) -> None:
    decision = interview.ruleset.decide(
        {"airway": False, "shock": False, "bleeding": False, "drip": False, "examined": False, "stopped": {"unknown": "unable-to-assess"}},
        ["nose"],
    )
    text = page_of(interview, decision)
    assert "Not examined, not known - NOT EXAMINED - no: septum seen - cannot be assessed: bleeding stopped" in text


def test_the_end_offers_what_could_still_change_actions(interview: Interview) -> None:
    state = typed(interview, "none", "3 none", "c", "4y, none", "all")
    while state.stage is not Stage.DONE:
        state = interview.answer(state, "c" if state.stage is Stage.ALARM else "?").state
    assert interview.answer(state, "n").state is state  # it is a no elsewhere
    assert interview.answer(state, "note").page == "note"
    assert interview.answer(state, "p").page == "professional"
    assert interview.answer(state, "w").page == "why"
    assert interview.answer(state, "q").leave == "quit"
    assert interview.answer(state, "new").leave == "new"


def test_a_page_of_an_hour_ago_says_so(interview: Interview) -> None:
    state = typed(interview, "1")
    later = Interview(interview.ruleset, lambda: NOW + timedelta(minutes=61))
    text = plain(shown_again(later, later.answer(state, "note")))
    assert text.startswith("! Decided 02:40, over an hour ago: decide again.")
    assert "over an hour ago" not in plain(shown_again(interview, interview.answer(state, "note")))


def test_pages_wait_for_the_danger_signs(interview: Interview) -> None:
    state = interview.start(("nose",), NOW)
    for words in ("note", "p", "w"):
        assert interview.answer(state, words).said == ("Nothing is decided yet: danger signs first.",)


def test_who_is_not_covered_gets_no_level(interview: Interview) -> None:
    decision = interview.ruleset.decide({"airway": False, "shock": False, "age_years": 5}, ["infant"])
    text = page_of(interview, decision)
    assert text.startswith("! DRAFT, not approved; site not configured NOT COVERED: none of these pathways is for this patient; no")
    assert not any(level in text for level in LEVELS)


def test_who_may_not_be_covered_is_told_no_certain_level(interview: Interview) -> None:
    unknown = {"unknown": "asked-unknown"}
    text = page_of(interview, interview.ruleset.decide({"airway": unknown, "shock": False, "age_years": 5}, ["infant"]))
    assert "This patient may not be covered by these pathways: no level is certain. Not excluded: IMMEDIATE, if any of: airway at" in text
    assert "Certain" not in text


def test_an_arrival_of_long_ago_is_asked_back(interview: Interview) -> None:
    state = interview.start(("nose",))
    asked = interview.answer(state, "04:40").state
    assert (asked.stage, asked.arrived) == (Stage.ARRIVAL, None)
    assert "Arrived 04:40 on Mon 13 March, 22 hours ago?" in shown(interview, asked)
    assert interview.answer(asked, "02:25").state.arrived == NOW - timedelta(minutes=15)
    assert interview.answer(asked, "04:40").state.arrived == NOW - timedelta(hours=22)
    assert interview.start(("nose",), NOW - timedelta(hours=22)).unsure == NOW - timedelta(hours=22)


def test_who_leaves_early_reads_what_is_certain_and_what_is_open(interview: Interview) -> None:
    state = typed(interview, "none", "1")
    assert state.decision is not None
    text = " ".join(plain(left(state.decision, interview.ruleset, When(NOW, NOW))).split())
    assert "Do now 1. Pinch and lean forward." in text
    assert "Still open" in text
    assert "Send an INR." not in text  # only possible
    before = interview.ruleset.decide({}, ["nose"])
    text = " ".join(plain(left(before, interview.ruleset, When(NOW, NOW))).split())
    assert "NOT YET TRIAGED" in text
    assert "Do now 1. Pinch and lean forward." in text
    assert "Danger signs not answered - airway at risk - looks shocked" in text
    assert not any(level in text for level in LEVELS)


# -- a contradiction -------------------------------------------------------------------------------------------------


def test_a_contradiction_decides_nothing_and_leads_back_to_either_answer(interview: Interview) -> None:
    state = typed(interview, "none", "1 6")
    assert state.stage is Stage.CONFLICT
    text = shown(interview, state)
    assert (
        "Nothing decided: 'yes: bleeding now' and 'yes: only streaks' cannot be true together: only streaks means that nothing runs."
        in text
    )
    assert "Treat as the more serious until corrected. 1 change: yes: bleeding now 2 change: yes: only streaks" in text
    assert not any(level in text for level in LEVELS)
    back = interview.answer(state, "1").state
    assert back.echo == ("taken back: yes: bleeding now",)
    assert "1 [follows] bleeding now" in shown(interview, back)
    assert back.decision is not None
    assert interview.answer(state, "b").state is state.before


def test_what_follows_from_the_numbers_of_a_line_is_not_denied_by_none_beside_them(bedside: Interview) -> None:
    child = typed(bedside, "none", names=("post_tonsillectomy_bleed",))
    large = child.asked.index("haematemesis_large") + 1
    alarm = bedside.answer(child, f"{large}").state
    in_two_lines = bedside.answer(bedside.answer(alarm, "c").state, "none").state
    in_one = bedside.answer(child, f"{large} none").state

    assert in_one.stage is Stage.ALARM
    assert "haematemesis" not in in_one.given
    assert (in_one.given, in_one.decision) == (in_two_lines.given, in_two_lines.decision)


# -- for every dialogue ----------------------------------------------------------------------------------------------

WORDS = [
    "4y, none", "m", "a", "none", "all", "1", "2", "3", "4", "5", "1 2", "2 4 none", "?", "u", "? 1", "u 2", "y", "n", "yes", "no", "c", "4y", "7w", "9m", "3d",
    "6h", "40 min", "84/50", "60/40", "120", "now", "02:25", "7", "x", "",
]  # fmt: skip


def dialogue() -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(WORDS), max_size=14)


def states(interview: Interview, words: list[str], names: tuple[str, ...]) -> list[State]:
    found = [interview.start(names)]
    for word in words:
        found.append(interview.answer(found[-1], word).state)
    return found


@settings(deadline=None)
@given(words=dialogue(), names=st.sampled_from([(), ("nose",), ("infant", "nose")]))
def test_no_level_before_the_danger_signs_are_answered(interview: Interview, words: list[str], names: tuple[str, ...]) -> None:
    for state in states(interview, words, names):
        answered = all(name in state.given for name in DANGERS) or any(state.given.get(name) is True for name in DANGERS)
        text = plain(screen_lines(interview, state))
        assert answered or not any(level in text for level in LEVELS), text


@settings(deadline=None)
@given(words=dialogue())
def test_back_undoes_exactly(interview: Interview, words: list[str]) -> None:
    seen = states(interview, words, ())
    for one, following in pairwise(seen):
        if following is not one:
            assert interview.answer(following, "b").state is one


@settings(deadline=None)
@given(words=dialogue(), key=st.sampled_from(["", " ", "\t", "\x1b", "\x1b[A", "\x7f", "\x00", "   ", "\u202e", "\x9b"]))
def test_enter_space_and_escape_never_change_anything(interview: Interview, words: list[str], key: str) -> None:
    state = states(interview, words, ())[-1]
    reply = interview.answer(state, key)
    assert reply.state is state
    assert not reply.leave
    assert not reply.page


@settings(deadline=None)
@given(words=dialogue(), names=st.sampled_from([(), ("nose",)]))
def test_no_is_only_what_was_typed_as_no(interview: Interview, words: list[str], names: tuple[str, ...]) -> None:
    state = interview.start(names)
    for word in words:
        following = interview.answer(state, word).state
        denied = {name for name, value in following.given.items() if value is False and state.given.get(name) is not False}
        assert not denied or "none" in word.split() or word in ("n", "no")
        state = following


# -- the shipped rules -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bedside() -> Interview:
    return Interview(pathways.load(), lambda: NOW)


def at(bedside: Interview, pathway: str, *words: str) -> State:
    return typed(bedside, *words, names=(pathway,))


def number(state: State, name: str) -> str:
    return str(state.asked.index(name) + 1)


def test_none_denies_nothing_before_every_page_was_shown(bedside: Interview) -> None:
    state = at(bedside, "nasal_inflammation", "none")
    pages = chunks(bedside.ruleset, state)
    assert len(pages) > 1
    reply = bedside.answer(state, "none")
    assert dict(reply.state.given) == dict(state.given)
    assert reply.said == (f"Nothing recorded yet: {len(state.asked) - len(pages[0])} more stand here. `none` then speaks of all.",)
    assert bedside.screen(reply.state).options[0].number == len(pages[0]) + 1
    denied = bedside.answer(reply.state, "none").state
    assert all(denied.given[name] is False for name in state.asked if name not in state.if_seen)
    unseen = str(len(state.asked))
    assert bedside.answer(state, unseen).state is state  # a number that was not shown is not understood
    assert bedside.answer(reply.state, "b").state is state


def test_numbers_on_the_first_page_lead_to_the_next(bedside: Interview) -> None:
    state = at(bedside, "nasal_inflammation", "none")
    reply = bedside.answer(state, number(state, "loss_of_consciousness"))
    assert reply.state.given["loss_of_consciousness"] is True
    assert reply.state.sheet == (0 if reply.state.stage is Stage.ALARM else 1)


def test_an_eye_that_is_swollen_shut_is_not_taken_as_normal(bedside: Interview) -> None:
    state = at(bedside, "nasal_inflammation", "none")
    shut = bedside.answer(state, number(state, "eye_swollen_shut")).state
    hidden = ("reduced_eye_movements", "double_vision", "visual_change", "proptosis", "fixed_pupil")
    assert shut.stage is Stage.ALARM
    going = bedside.answer(shut, "c").state
    denied = bedside.answer(going, "none").state
    for name in hidden:
        assert denied.given[name] == {"unknown": "unable-to-assess"}
    assert denied.given["neck_stiffness"] is False
    seen = bedside.answer(going, number(going, "visual_change")).state  # seen after all
    assert seen.given["visual_change"] is True
    both = bedside.answer(
        bedside.answer(state, "m").state, f"{number(state, 'eye_swollen_shut')} {number(state, 'double_vision')} none"
    ).state
    assert (both.given["double_vision"], both.given["fixed_pupil"]) == (True, {"unknown": "unable-to-assess"})


def test_an_examination_and_what_it_shows_are_one_screen(bedside: Interview) -> None:
    state = at(bedside, "nose_trauma", "none", "m", "m", "none", "30y, none", "m", "none")
    assert (state.stage, state.asked) == (Stage.GATE, ("septum_examined", "septal_haematoma"))
    assert "Examined: both sides of the septum were seen with a light" in shown(bedside, state)
    normal, seen, not_seen, unknown = (bedside.answer(state, words).state.given for words in ("none", "1", "u", "?"))
    assert (normal["septum_examined"], normal["septal_haematoma"]) == (True, False)
    assert (seen["septum_examined"], seen["septal_haematoma"]) == (True, True)
    assert (not_seen["septum_examined"], "septal_haematoma" in not_seen) == (False, False)
    assert unknown["septum_examined"] == {"unknown": "asked-unknown"}
    assert bedside.answer(state, "n").state is state


def test_vital_signs_are_asked_with_the_age_where_they_count(bedside: Interview) -> None:
    vitals = ("heart_rate", "capillary_refill_seconds", "systolic_bp")
    tonsil = at(bedside, "post_tonsillectomy_bleed", "none", "none")
    assert tonsil.asked == ("age_years", "anticoagulant", *vitals)
    dry = at(bedside, "epistaxis", "none", "m", "none")
    assert not set(dry.asked) & set(vitals)
    first = at(bedside, "epistaxis", "none")
    bleeds = at(bedside, "epistaxis", "none", number(first, "nasal_bleeding_now"), "c", "none")
    assert bleeds.asked[:1] == ("age_years",)
    assert bleeds.asked[-3:] == vitals
    text = shown(bedside, bleeds)
    assert "pulse now, as 142" in text
    measured = bedside.answer(bleeds, "40y, none, male, 80, 2, 130/80").state
    assert measured.decision is not None
    lines = note(measured.decision, bedside.ruleset, When(NOW, NOW), measured.times, NOW)
    assert lines[2].text == (
        "Vital signs: pulse 80 per minute at 02:40, systolic pressure 130 mmHg at 02:40, capillary refill 2 seconds at 02:40"
    )


def test_what_was_just_measured_is_not_asked_again(bedside: Interview) -> None:
    state = at(bedside, "post_tonsillectomy_bleed", "none", "2 none", "8y, none, 100, 2, ?")
    assert state.given["observations_done"] is True
    assert "yes: pulse and refill were measured now" in state.echo
    without = at(bedside, "post_tonsillectomy_bleed", "none", "2 none", "8y, none, 100, ?, 100")
    assert "observations_done" not in without.given


def test_a_refill_that_contradicts_the_danger_signs_decides_nothing(bedside: Interview) -> None:
    state = at(bedside, "post_tonsillectomy_bleed", "none", "none", "4y, none, ?, 4, ?")
    assert state.stage is Stage.CONFLICT
    assert state.culprits == ("shock_signs", "capillary_refill_seconds")
    assert bedside.answer(state, "1").state.stage is Stage.ALARM
    assert waiting(bedside.ruleset, bedside.answer(state, "2").state) == ("capillary_refill_seconds",)


def test_the_note_of_a_bleeding_tonsil_is_read_aloud_within_a_minute(bedside: Interview) -> None:
    state = at(bedside, "post_tonsillectomy_bleed", "none", "1", "c", "none", "7y, none, 100, 2, 95", "none")
    assert state.decision is not None
    lines = note(state.decision, bedside.ruleset, When(NOW, NOW), state.times, NOW)
    assert len(lines) == 6
    assert len(plain(lines).split()) < 150  # words in a minute
    assert "reconstructed, not the local pathway" in lines[5].text


def test_no_wording_names_an_id(bedside: Interview) -> None:
    for finding in bedside.ruleset.findings.values():
        assert "_" not in f"{finding.ask} {finding.means}", finding.id


def test_what_is_known_to_be_needed_stands_before_first_aid_that_may_be(bedside: Interview) -> None:
    state = at(bedside, "nose_trauma", "none", "2")
    assert state.decision is not None
    text = shown(bedside, state)
    assert text.index("CT head within 1 hour") < text.index("Nose injury - if it bleeds") < text.index("Permanent tooth knocked out")
    said = " ".join(plain(note(state.decision, bedside.ruleset, When(NOW, NOW), first_aid_at=NOW)).split())
    assert "replant tooth" not in said


def test_a_contradiction_names_findings_in_words(bedside: Interview) -> None:
    state = at(bedside, "nasal_foreign_body", "none", "none", "4y, bead", "none")
    assert state.stage is Stage.CONFLICT
    assert "cannot be true together: kind of object applies only if: an object is seen in the nose" in shown(bedside, state)
    assert "Treat as the more serious until corrected." in shown(bedside, state)


def test_a_measurement_against_a_denied_danger_sign_says_how_to_act(bedside: Interview) -> None:
    bleeding = number(at(bedside, "epistaxis", "none"), "nasal_bleeding_now")
    state = at(bedside, "epistaxis", "none", bleeding, "c", "none", "80y, no, m, 105, 2, 100")
    assert state.stage is Stage.CONFLICT
    assert "Until corrected act as IMMEDIATE: resuscitation team now" in shown(bedside, state)
    assert bedside.answer(state, "a").said == ("Nothing is decided: the number of the wrong answer first.",)
    corrected = bedside.answer(state, "1").state
    assert corrected.stage is Stage.ALARM
    assert "Act as IMMEDIATE" in shown(bedside, corrected)


def test_the_note_of_a_settled_low_level_asks_nobody(bedside: Interview) -> None:
    state = at(bedside, "post_tonsillectomy_bleed", "none", "none", "5y, none, 110, 2, 95", "none", "none")
    assert state.stage is Stage.DONE
    assert state.decision is not None
    assert "5. Asked: nobody\n" in plain(note(state.decision, bedside.ruleset, When(NOW, NOW)))


def test_hours_are_repeated_as_they_were_said(bedside: Interview) -> None:
    for finding in bedside.ruleset.findings.values():
        if finding.unit == "d":
            assert say(finding, read(finding, "2h")) == f"{finding.ask} 2 hours"


def test_a_drip_is_no_call_before_the_questions_that_let_pressure_come_first(bedside: Interview) -> None:
    drip, heavy = "nasal_bleeding_now", "severe_bleed"
    first = at(bedside, "epistaxis", "none")
    small = shown(bedside, bedside.answer(first, number(first, drip)).state)
    assert "CALL NOW, unless the open questions let first aid come first: ENT on call" in small
    large = shown(bedside, bedside.answer(first, f"{number(first, drip)} {number(first, heavy)}").state)
    assert "CALL NOW: emergency department or resus, ENT on call" in large


def test_none_of_what_may_not_be_there_is_not_known(bedside: Interview) -> None:
    """patient: an object in the nose, nobody knows which; that no magnets hold each other does not make it a magnet"""
    state = at(bedside, "nasal_foreign_body", "none", "none", "3y, ?", "1", "none")
    while "magnets_paired_across_septum" not in state.given:
        state = bedside.answer(state, "none" if state.stage is Stage.LIST else "?" if state.stage is Stage.VALUE else "c").state

    assert state.given["magnets_paired_across_septum"] == {"unknown": "asked-unknown"}
    assert state.decision is not None
    assert {reason.rule for reason in state.decision.reasons} >= {"button_battery", "shiny_disc", "magnets_across_septum"}


def test_a_denied_danger_sign_and_a_fast_pulse_never_mean_that_nothing_bled(bedside: Interview) -> None:
    """patient: 5 years old, nosebleed and tonsils out, pulse 145, not thought to be shocked: the blood is asked for all the same"""
    state = typed(bedside, "none", "m", "none", "5y, none, male, 145, 1, 110/70", "c", names=("epistaxis", "post_tonsillectomy_bleed"))
    assert state.asked[:1] == ("throat_bleeding_now",)
    assert "fresh_blood_reported" in waiting(bedside.ruleset, state)

    bled = bedside.answer(state, f"{number(state, 'fresh_blood_reported')} none").state

    assert bled.stage is Stage.CONFLICT
    assert "shock_signs" in bled.culprits
    assert bedside.answer(state, "none").state.given["fresh_blood_reported"] is False
