"""The page at the bedside in a browser: a patient of each pathway, keyboard alone, no network, paper, dates, and nothing kept."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import pathways
from browser import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

SHIPPED = pathways.load()
LEVELS = [level.id.upper().replace("_", " ") for level in SHIPPED.urgency]
SCREENS = 30
TODAY = datetime.now(UTC).date()
PATIENTS: dict[str, tuple[Mapping[str, Any], str]] = {
    "nose_trauma": ({"septal_haematoma": True, "age_years": ("6", "years")}, "CALL NOW: ENT on call"),
    "nasal_foreign_body": ({"battery_possible": True, "foreign_body_seen": True, "age_years": ("3", "years")}, "CALL NOW: ENT on call"),
    "epistaxis": ({"severe_bleed": True, "age_years": ("71", "years")}, "ENT on call"),
    "nasal_inflammation": ({"eye_swollen_shut": True, "age_years": ("5", "years")}, "CALL NOW"),
    "post_tonsillectomy_bleed": ({"throat_bleeding_now": True, "age_years": ("8", "years")}, "CALL NOW"),
}


def status(page: Page) -> str:
    return page.locator(".pw-status-lines").inner_text()


def result(page: Page) -> str:
    return page.locator("[data-part=result]").inner_text()


def given(page: Page) -> dict[str, Any]:
    """What the page holds of the patient."""
    found: dict[str, Any] = page.evaluate("pathwaysEvaluator.page.flow.given")
    return found


def question(page: Page, finding: str) -> Locator:
    return page.locator("[data-part=card] fieldset").filter(has=page.locator(f"[name=try-{finding}], #try-{finding}"))


def say(page: Page, finding: str, value: Any) -> None:
    """Answers one question of the card."""
    place = question(page, finding)
    if isinstance(value, tuple):
        place.locator("input[type=text]").fill(value[0])
        place.locator("select").select_option(label=value[1])
    else:
        choice = place.get_by_label(re.compile({True: "^(Present|Yes)$", False: "^(Absent|No)$"}.get(value, value)))
        if choice.count():  # what only an examination shows is not denied before
            choice.check()


def forward(page: Page) -> None:
    """Denies what is left of a list, or says that it is not known, and goes on."""
    for name in (re.compile("^None of"), re.compile("not known$"), "Continue"):
        buttons = page.locator("[data-part=card]").get_by_role("button", name=name)
        if buttons.count():
            buttons.first.click()
            return


def go_through(page: Page, answers: Mapping[str, Any]) -> int:
    """Answers what the page asks until it asks nothing more; the number of screens."""
    for screen in range(SCREENS):
        if page.get_by_role("heading", name="Nothing more needs asking").count():
            return screen
        for finding, value in answers.items():
            if finding not in given(page) and question(page, finding).count():
                say(page, finding, value)
        for unknown in page.locator("[data-part=card] fieldset").all():
            if (
                not unknown.locator("input:checked").count()
                and not page.get_by_role("button", name=re.compile("^None of|not known$")).count()
            ):
                text = unknown.locator("input[type=text]")
                if not text.count() or not text.input_value():
                    unknown.get_by_label("Not known").check()
        forward(page)
    raise AssertionError(f"still asked after {SCREENS} screens")


def decided(page: Page, pathway: str) -> pathways.Decision:
    """What the engine says of the patient whom the page holds."""
    presentation = {}
    for name, value in given(page).items():
        number = SHIPPED.findings[name].kind == "number"
        presentation[name] = json.loads(re.sub(r'"(-?[\d.]+)"', r"\1", json.dumps(value))) if number else value
    return SHIPPED.decide(presentation, pathway)


@pytest.mark.parametrize("pathway", PATIENTS)
def test_a_patient_of_each_pathway(page: Page, pathway: str) -> None:
    """From the first screen to the end: the level, what to do and whom to call are what the engine says."""
    answers, call = PATIENTS[pathway]
    page.goto(f"pathways/{pathway}/try/")

    screens = go_through(page, answers)

    decision = decided(page, pathway)
    assert decision.urgency.highest is not None
    assert decision.urgency.highest.id.upper().replace("_", " ") in status(page)
    shown = result(page)
    assert call in shown
    assert all(
        item.text.removeprefix(f"{item.condition}: ")[-40:] in shown
        for item in decision.actions
        if item.certainty == "certain" and not item.discreet
    )
    assert set(answers) <= given(page).keys()
    assert screens <= SCREENS


def test_a_well_patient_is_done_in_a_few_screens(page: Page) -> None:
    """patient: 30 years old, bumped the nose, nothing else"""
    page.goto("pathways/nose_trauma/try/")

    assert (
        go_through(page, {"age_years": ("30", "years"), "anticoagulant": "^none$", "septum_examined": True, "septal_haematoma": False}) <= 8
    )

    assert status(page).startswith("Certain: NONE")


def test_no_level_before_the_danger_signs(page: Page) -> None:
    page.goto("pathways/epistaxis/try/")

    assert "NOT YET TRIAGED: danger signs first (4 to go)" in status(page)
    assert not any(level in status(page) + result(page) for level in LEVELS)
    assert "pinch" in page.locator("[data-part=aid]").inner_text().lower()
    say(page, "shock_signs", False)
    assert "(3 to go)" in status(page)


def test_a_danger_sign_is_acted_on_at_once(phone: Page) -> None:
    """Without another key: the level in words, and what to do on the same screen."""
    phone.goto("pathways/post_tonsillectomy_bleed/try/")

    say(phone, "airway_compromise", True)

    assert "Act as IMMEDIATE" in status(phone)
    assert phone.locator(".pw-status-lines").get_attribute("data-tone") == "now"
    assert "CALL NOW" in result(phone)
    assert phone.locator(".pw-bar").bounding_box() is not None


def test_several_complaints(page: Page) -> None:
    page.goto("pathways/try/")
    assert "choose the complaint" in status(page)
    page.get_by_role("button", name="Continue").click()
    assert "Choose at least one complaint" in page.get_by_role("alert").inner_text()

    for name in ("Nose injury", "Nosebleed"):
        page.get_by_role("checkbox", name=re.compile(f"^{name}")).check()
    page.get_by_role("button", name="Continue").click()
    go_through(page, {"septal_haematoma": True, "severe_bleed": True, "age_years": ("30", "years")})

    reasons = page.evaluate(
        "pathwaysEvaluator.page.advice.decision.reasons.filter((one) => one.certainty === 'certain').map((one) => one.pathway)"
    )
    assert {"nose_trauma", "epistaxis"} <= set(reasons)


def test_keyboard_alone(page: Page) -> None:
    """patient: drowsy, then an age; every step by Tab, arrows, space and Enter, with the focus in sight."""
    page.goto("pathways/epistaxis/try/")
    press_until(page, "input[name=try-reduced_consciousness]")
    page.keyboard.press("Space")
    assert "Act as IMMEDIATE" in status(page)
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("ArrowRight")
    assert given(page) == {"reduced_consciousness": False}

    press_until(page, "button", "None of the others")
    page.keyboard.press("Enter")
    assert set(given(page)) == {"reduced_consciousness", "airway_compromise", "breathing_difficulty", "shock_signs"}
    assert page.evaluate("document.activeElement.tagName") == "H2"

    press_until(page, "#try-age_years")
    page.keyboard.type("7")
    page.keyboard.press("Tab")
    assert "7 what? Choose years or months or weeks" in page.locator("#try-age_years-said").inner_text()
    page.keyboard.type("we")
    page.keyboard.press("Tab")
    assert given(page)["age_years"] == "0.13"
    assert page.locator("#try-age_years-said").inner_text() == "7 weeks old"


def press_until(page: Page, selector: str, text: str = "") -> None:
    """Tab until this has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(
            "([selector, text]) => document.activeElement.matches(selector) && document.activeElement.textContent.includes(text)",
            [selector, text],
        ):
            return
    raise AssertionError(f"{selector} {text} is not reached by Tab")


def test_enter_and_space_are_never_no(page: Page) -> None:
    page.goto("pathways/epistaxis/try/")
    page.get_by_role("button", name="Continue").click()

    assert given(page) == {}
    assert "Still to answer" in page.locator(".pw-complaint").inner_text()


def test_works_without_a_network_after_the_first_load(chromium: Browser, address: str) -> None:
    """Without the fixture's ear for complaints: the search of the theme asks for its index, and is told that there is none."""
    page = chromium.new_context(base_url=address).new_page()
    page.goto("pathways/epistaxis/try/")
    page.get_by_text("works without a network").wait_for()
    page.evaluate(
        "navigator.serviceWorker.controller || new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done))"
    )
    page.context.set_offline(True)

    for place in ("pathways/nose_trauma/try/", "pathways/epistaxis/"):
        page.goto(place)
        assert page.locator("h1").count() == 1
    page.goto("pathways/try/")
    page.get_by_role("checkbox", name=re.compile("^Nose injury")).check()
    page.get_by_role("button", name="Continue").click()
    say(page, "airway_compromise", True)

    assert "Act as IMMEDIATE" in status(page)
    assert page.evaluate("caches.keys().then((names) => names.every((name) => name.includes(PATHWAYS.digest.slice(0, 12))))")
    page.goto("pathways/epistaxis/rules/")
    assert page.locator("h1").inner_text() == "No network, and this page is not kept on this device"
    page.get_by_role("link", name="Try it").click()
    page.locator(".pw-status-lines", has_text="choose the complaint").wait_for()
    page.context.close()


def test_works_as_a_file(page: Page, built_site: Path) -> None:
    """No server at all: the page decides, and leads to the table."""
    page.goto((built_site / "pathways" / "nose_trauma" / "try" / "index.html").as_uri())
    say(page, "shock_signs", True)
    assert "Act as IMMEDIATE" in status(page)

    page.locator(".pw-tables a").click()

    assert page.locator("h1").inner_text().startswith("Nose injury")


def test_nothing_is_kept(page: Page) -> None:
    """No storage, no cookie, nothing in the address; NEW PATIENT, leaving and a quarter of an hour wipe all."""
    page.clock.install()
    page.goto("pathways/epistaxis/try/")
    before = page.evaluate("[JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie, location.href]")

    say(page, "shock_signs", True)
    assert page.evaluate("[JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie, location.href]") == before
    page.get_by_role("button", name="NEW PATIENT").click()
    assert given(page) == {}
    assert "NOT YET TRIAGED" in status(page)
    assert page.locator("[data-part=card] input:checked").count() == 0

    say(page, "shock_signs", True)
    page.clock.fast_forward("14:00")
    assert given(page) != {}
    page.clock.fast_forward("02:00")
    assert given(page) == {}
    assert "Blanked after 15 minutes without use: start again" in status(page)

    say(page, "shock_signs", True)
    page.goto("pathways/")
    page.go_back()
    assert given(page) == {}


def test_past_its_date_it_opens_in_red_with_the_table(page: Page) -> None:
    last = date.fromisoformat(min(SHIPPED.review_by, SHIPPED.pathways["epistaxis"].review_by))
    page.clock.install(time=f"{last}T12:00:00")
    page.goto("pathways/epistaxis/try/")
    assert f"Must not be used after {last.day} {last:%B %Y}" in page.locator(".pw-expiry").inner_text()
    assert page.locator(".pw-tool").is_visible()

    page.clock.set_fixed_time(f"{last + timedelta(days=1)}T00:01:00")
    page.reload()

    assert "MUST NOT BE USED" in page.locator(".pw-expiry").inner_text()
    assert page.locator(".pw-expiry").evaluate("(one) => getComputedStyle(one).backgroundColor") == "rgb(156, 20, 20)"
    assert not page.locator(".pw-tool").is_visible()
    page.locator(".pw-tables a").click()
    assert page.locator("h1").inner_text() == SHIPPED.pathways["epistaxis"].title


def test_answers_that_contradict_each_other_are_no_dead_end(page: Page) -> None:
    """patient: alert, and a coma score of 8"""
    page.goto("pathways/nose_trauma/try/")
    forward(page)
    page.get_by_text("Ask something else").click()
    page.get_by_role("button", name="Measured now").click()
    say_number(page, "gcs", "8")

    assert "NOTHING DECIDED" in status(page)
    assert "Until corrected act as IMMEDIATE" in status(page)
    page.get_by_role("button", name=re.compile("^Change: no: ")).click()
    say(page, "reduced_consciousness", True)
    assert "NOTHING DECIDED" not in status(page)
    assert "Act as IMMEDIATE" in status(page)


def say_number(page: Page, finding: str, text: str) -> None:
    place = page.locator(f"#try-{finding}")
    place.fill(text)
    place.press("Tab")


def test_what_follows_from_an_answer_goes_with_it(page: Page) -> None:
    """patient: an eye that is swollen shut hides how it moves; once it opens, nothing is said of that any more"""
    page.goto("pathways/nasal_inflammation/try/")
    forward(page)
    page.get_by_text("Ask something else").click()
    page.get_by_role("button", name="Eyes, head").click()
    hidden = SHIPPED.findings["eye_swollen_shut"].hides
    assert hidden

    say(page, "eye_swollen_shut", True)
    assert {name: given(page).get(name) for name in hidden} == {name: {"unknown": "unable-to-assess"} for name in hidden}

    say(page, "eye_swollen_shut", False)
    assert not set(hidden) & given(page).keys()


def test_clock_times_count_from_arrival(page: Page) -> None:
    page.clock.install(time=f"{TODAY}T02:40:00")
    page.goto("pathways/nose_trauma/try/")
    page.get_by_label("Arrived at").fill("02:25")
    page.get_by_label("Arrived at").press("Tab")
    forward(page)
    page.get_by_text("Ask something else").click()
    page.get_by_role("button", name="Eyes, head").click()
    say(page, "septal_haematoma", True)

    assert "by 06:25 (arrived 02:25)" in result(page)
    assert "Decided 02:40" in result(page)


@pytest.mark.parametrize("typed", ["1:30pm", "11:30 pm", "25:00", "12:345", "9.05"])
def test_what_is_no_clock_time_is_never_taken_for_another(page: Page, typed: str) -> None:
    """Not for half past one in the night, and not for the time of the first answer: arrival is not known, and the page says why."""
    page.goto("pathways/nose_trauma/try/")
    page.get_by_label("Arrived at").fill(typed)
    page.get_by_label("Arrived at").press("Tab")
    say(page, "shock_signs", True)

    assert page.evaluate("pathwaysEvaluator.page.arrived") is None
    assert page.get_by_label("Arrived at").input_value() == typed
    assert f"{typed} is no time on the 24-hour clock" in page.locator("[data-part=arrival]").inner_text()
    assert "arrival not known" in page.locator("[data-part=answers]").inner_text()


def test_a_time_without_a_colon_is_one(page: Page) -> None:
    """The keypad of a phone has none."""
    page.clock.install(time=f"{TODAY}T02:40:00")
    page.goto("pathways/nose_trauma/try/")
    page.get_by_label("Arrived at").fill("0225")
    page.get_by_label("Arrived at").press("Tab")

    assert page.locator("[data-part=arrival]").inner_text() == "Arrived 02:25, 15 minutes ago"


def test_a_new_patient_has_an_arrival_of_their_own(page: Page) -> None:
    page.goto("pathways/nose_trauma/try/")
    page.locator("[data-field=arrival-unknown]").check()
    page.get_by_role("button", name="NEW PATIENT").click()

    assert page.get_by_label("Arrived at").is_enabled()


def test_a_device_that_slept_shows_nobody_the_patient_of_before(page: Page) -> None:
    """The first touch comes before any timer has run."""
    page.clock.install(time=f"{TODAY}T02:40:00")
    page.goto("pathways/nose_trauma/try/")
    say(page, "shock_signs", True)
    page.clock.pause_at(f"{TODAY}T02:41:00")
    page.clock.set_fixed_time(f"{TODAY}T09:00:00")
    page.keyboard.press("Shift")

    assert given(page) == {}
    assert "Blanked after 15 minutes" in status(page)


def test_a_clock_from_before_the_page_was_made_is_not_believed(page: Page) -> None:
    page.clock.install(time="2020-01-01T12:00:00")
    page.goto("pathways/nose_trauma/try/")

    assert page.locator(".pw-expiry").inner_text().startswith("THE CLOCK OF THIS DEVICE IS WRONG: it says 1 January 2020")


def test_rules_of_another_version_than_the_page_are_not_asked(page: Page) -> None:
    """As a cache between the site and the browser may mix them."""
    page.route(
        "**/ruleset.js", lambda route: route.fulfill(response=(got := route.fetch()), body=got.text().replace(SHIPPED.digest, "0" * 64))
    )
    page.goto("pathways/nose_trauma/try/")

    assert "this page and its rules are of different versions" in page.locator(".pw-expiry").inner_text()
    assert not page.locator(".pw-tool").is_visible()
    assert page.locator(".pw-tables a").is_visible()


def test_rules_that_were_not_loaded_are_not_asked(page: Page) -> None:
    page.route("**/ruleset.js", lambda route: route.fulfill(body=""))
    page.goto("pathways/nose_trauma/try/")

    assert "MUST NOT BE USED: its rules have not been loaded" in page.locator(".pw-expiry").inner_text()
    assert not page.locator(".pw-tool").is_visible()


def test_a_script_that_does_not_run_leaves_no_dead_questions(page: Page) -> None:
    page.route("**/try.js", lambda route: route.fulfill(body=""))
    page.goto("pathways/nose_trauma/try/")

    assert "This page has not started" in page.locator(".pw-expiry").inner_text()
    assert not page.locator(".pw-tool").is_visible()


def test_after_a_failure_no_older_answer_stays_in_sight(chromium: Browser, address: str) -> None:
    page = chromium.new_page(base_url=address)
    page.goto("pathways/nose_trauma/try/")
    page.evaluate("pathwaysEvaluator.page.flow.give = () => { throw new Error('a failure') }; 0")
    say(page, "shock_signs", True)

    assert "MUST NOT BE USED: this page has failed" in page.locator(".pw-expiry").inner_text()
    assert not page.locator(".pw-tool").is_visible()
    page.close()


def test_two_sites_at_one_address_keep_their_own_copies(chromium: Browser, built_site: Path, tmp_path: Path) -> None:
    """Other versions of the same rules: the later one takes nothing away from the first."""
    for name in ("one", "two"):
        shutil.copytree(built_site, tmp_path / name)
    with serving(tmp_path) as address:
        context = chromium.new_context(base_url=address)
        page = context.new_page()
        for name in ("one", "two"):
            page.goto(f"{name}/pathways/epistaxis/try/")
            page.get_by_text("works without a network").wait_for()
        context.set_offline(True)
        for name in ("one", "two"):
            page.goto(f"{name}/pathways/nose_trauma/try/")
            assert "NOT YET TRIAGED" in status(page)
        context.close()


def test_paper_has_the_level_in_words_and_nothing_for_professionals_only(page: Page) -> None:
    page.goto("pathways/nose_trauma/try/")
    say(page, "shock_signs", True)
    forward(page)
    page.get_by_text("Ask something else").click()
    page.get_by_role("button", name="Anything else").click()
    say(page, "safeguarding_concern", True)
    page.emulate_media(media="print")

    shown = page.locator("#pw-try").inner_text()
    assert "IMMEDIATE" in shown
    assert f"Decided on {TODAY.day} {TODAY:%B %Y}." in shown
    assert "are not printed" in shown
    assert "safeguarding" not in shown.lower()
    assert "DRAFT" in page.locator(".pw-banner").inner_text()
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 3


def test_fits_a_phone_and_a_thumb(phone: Page) -> None:
    """Nothing is cut off at 390 pixels, and every target is 44 high."""
    phone.goto("pathways/epistaxis/try/")

    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    small = phone.evaluate("""
        [...document.querySelectorAll('#pw-try :is(button, select, .pw-choice, a.pw-button)')]
          .filter((one) => one.offsetParent && one.offsetHeight < 44).map((one) => one.textContent)
    """)
    assert small == []


def ask_group(page: Page, title: str) -> None:
    page.get_by_text("Ask something else").click()
    page.get_by_role("button", name=title).click()


def test_none_of_these_says_nothing_of_what_nobody_looked_at(page: Page) -> None:
    """patient: punched on the nose, nobody looked at the septum: no list denies the haematoma, or puts a magnet into the nose"""
    page.goto("pathways/nose_trauma/try/")
    forward(page)
    ask_group(page, "Eyes, head")
    assert question(page, "septal_haematoma").get_by_label("Absent").count() == 0

    forward(page)

    assert not {"septal_haematoma", "magnets_paired_across_septum"} & set(given(page))
    assert given(page)["visual_change"] is False
    assert decided(page, "nose_trauma").urgency.lowest != decided(page, "nose_trauma").urgency.highest
    assert "battery" in page.evaluate("pathwaysEvaluator.page.advice.decision.reasons.map((one) => one.rule).join()")


def test_a_no_of_what_may_not_be_there_is_not_known(page: Page) -> None:
    """patient: 3 years old, an object was reported, nobody knows which; that no magnets hold each other does not make it a magnet"""
    page.goto("pathways/nasal_foreign_body/try/")
    forward(page)
    say_number(page, "age_years", "3")
    question(page, "age_years").locator("select").select_option(label="years")
    question(page, "foreign_body_kind").get_by_label("Not known").check()
    page.get_by_role("button", name="Continue").click()
    assert "nobody knows whether there is something to look for: two magnets" in page.locator(".pw-none").inner_text()

    question(page, "battery_possible").get_by_label("Present").check()
    forward(page)

    assert given(page)["magnets_paired_across_septum"] == {"unknown": "asked-unknown"}
    assert {reason.rule for reason in decided(page, "nasal_foreign_body").reasons} >= {
        "button_battery",
        "shiny_disc",
        "magnets_across_septum",
    }


def test_a_no_falls_with_the_examination_on_which_it_stood(page: Page) -> None:
    """patient: no haematoma, said of a septum that somebody saw; then nobody knows whether it was seen"""
    page.goto("pathways/nose_trauma/try/")
    forward(page)
    ask_group(page, "Was this possible")
    question(page, "septum_examined").get_by_label("Yes").check()
    page.get_by_role("button", name="Eyes, head").click()
    question(page, "septal_haematoma").get_by_label("Absent").check()
    assert given(page)["septal_haematoma"] is False

    page.get_by_role("button", name="change: yes: both sides of the septum").click()
    question(page, "septum_examined").get_by_label("Not known").check()

    assert "septal_haematoma" not in given(page)
    assert "septal_haematoma" in {reason.rule for reason in decided(page, "nose_trauma").reasons}


def test_a_press_that_ends_the_typing_of_a_number_counts(page: Page) -> None:
    """patient: the age is typed, and the next press says that the rest is not known"""
    page.goto("pathways/post_tonsillectomy_bleed/try/")
    forward(page)
    question(page, "age_years").locator("select").select_option(label="years")
    page.locator("#try-age_years").click()
    page.keyboard.type("7")

    page.locator("[data-part=card]").get_by_role("button", name=re.compile("are not known$")).click()

    assert given(page)["age_years"] == {"from": "7", "below": "8"}
    assert question(page, "age_years").count() == 0


def test_a_denied_danger_sign_and_a_fast_pulse_never_mean_that_nothing_bled(page: Page) -> None:
    """patient: 5 years old, pulse 145, not thought to be shocked, and bled after tonsillectomy: the blood is asked for, and shock comes back"""
    page.goto("pathways/post_tonsillectomy_bleed/try/")
    forward(page)
    say(page, "age_years", ("5", "years"))
    say_number(page, "heart_rate", "145")
    forward(page)

    assert "unless a danger sign is present that was denied" in page.locator(".pw-whys").inner_text()
    question(page, "fresh_blood_reported").get_by_label("Present").check()

    assert "Until corrected act as IMMEDIATE" in status(page)
    page.get_by_role("button", name=re.compile("^Change: no: looks shocked")).click()
    say(page, "shock_signs", True)
    assert "Act as IMMEDIATE" in status(page)


def test_a_pulse_is_asked_for_once_the_nose_bleeds(page: Page) -> None:
    page.goto("pathways/epistaxis/try/")
    forward(page)
    say(page, "age_years", ("40", "years"))
    assert not question(page, "heart_rate").count()
    forward(page)
    say(page, "nasal_bleeding_now", True)

    forward(page)

    assert question(page, "heart_rate").count()


def test_first_aid_stays_until_it_is_known_not_to_be_needed(page: Page) -> None:
    """patient: drowsy; whether the nose bleeds is asked after that"""
    page.goto("pathways/epistaxis/try/")
    say(page, "shock_signs", False)
    assert "pinch" in page.locator("[data-part=aid]").inner_text()

    say(page, "reduced_consciousness", True)

    assert "pinch" in result(page).split("Why")[0]
    forward(page)
    say(page, "age_years", ("80", "years"))
    forward(page)
    say(page, "nasal_bleeding_now", True)
    assert result(page).split("Why")[0].count("pinch") == 1


def test_who_is_called_at_once_stands_before_what_is_done(page: Page) -> None:
    page.goto("pathways/post_tonsillectomy_bleed/try/")
    say(page, "airway_compromise", True)

    assert result(page).index("CALL NOW") < result(page).index("Do now")


def test_what_is_only_possible_says_whom_it_may_concern(page: Page) -> None:
    page.goto("pathways/nasal_foreign_body/try/")
    forward(page)

    assert "suspected-cancer" not in page.locator("summary", has_text="Only possible").inner_text()
    assert "calls to" in page.locator("summary", has_text="Only possible").inner_text()


def test_the_bar_leaves_a_phone_to_the_questions(phone: Page) -> None:
    """The longest list of what is not excluded takes three lines of the bar, and stands whole below; the question is not under the bar."""
    phone.goto("pathways/epistaxis/try/")
    forward(phone)

    bar = phone.locator(".pw-bar").bounding_box()
    heading = phone.locator("[data-part=card] h2").bounding_box()
    assert bar is not None
    assert heading is not None
    assert bar["height"] < 280
    assert heading["y"] >= bar["y"] + bar["height"]
    whole = phone.evaluate("pathwaysEvaluator.page.advice.feared()")
    assert len(whole) > 6
    phone.locator("summary", has_text="Not excluded: IMMEDIATE").click()
    assert all(title in result(phone) for title in whole)


def test_the_way_back_up_does_not_lie_on_the_level(page: Page) -> None:
    page.goto("pathways/nose_trauma/try/")
    shown = "one => getComputedStyle(one).display"
    assert page.locator(".md-top").evaluate(shown) == "none"
    page.goto("pathways/nose_trauma/")
    assert page.locator(".md-top").evaluate(shown) != "none"
