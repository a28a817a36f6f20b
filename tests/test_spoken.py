"""What is typed as it is said becomes the exact value, or is asked back."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.findings import Finding
from pathways.spoken import Unclear, ago, clock_time, day, duration, hour, later, read, say, span


def number(unit: str, top: str, resolution: str = "0.01", cuts: tuple[tuple[Decimal, bool], ...] = (), ask: str = "x") -> Finding:
    below = tuple(limit for limit, after in cuts if not after)
    above = tuple(limit for limit, after in cuts if after)
    return Finding(
        "x", ask, "", "number", "g", "neither", unit, (Decimal(0), Decimal(top)), Decimal(resolution), cuts=cuts, below=below, above=above
    )  # fmt: skip


AGE = number("a", "120", ask="age")
DAYS = number("d", "365", ask="time since the injury")
MINUTES = number("min", "1440", "1", ask="minutes of pressure")
PRESSURE = number("mm[Hg]", "300", "1", ask="systolic pressure")
PULSE = number("/min", "350", "1", ask="pulse")


@pytest.mark.parametrize(
    ("typed", "value", "said"),
    [
        ("7w", Decimal("0.13"), "7 weeks old"),
        ("9m", Decimal("0.75"), "9 months old"),
        ("18 months", Decimal("1.5"), "18 months old"),
        ("4y 3m", Decimal("4.25"), "4 years 3 months old"),
        ("4.5y", Decimal("4.5"), "4 years 6 months old"),
        ("5y", {"from": Decimal(5), "below": Decimal(6)}, "5 years old"),
        ("120 years", {"from": Decimal(120)}, "120 years old"),
        ("3d", Decimal("0.00"), "under 1 week old"),
        ("52w", Decimal("0.99"), "11 months old"),
    ],
)
def test_an_age_is_typed_as_it_is_said_and_echoed_in_words(typed: str, value: Any, said: str) -> None:
    found = read(AGE, typed)
    assert found == value
    assert say(AGE, found) == said


@pytest.mark.parametrize(
    ("finding", "typed", "value", "said"),
    [
        (DAYS, "6h", Decimal("0.25"), "time since the injury 6 hours"),
        (DAYS, "3 wk", Decimal(21), "time since the injury 21 days"),
        (DAYS, "2 d", Decimal(2), "time since the injury 2 days"),
        (DAYS, "1d 12h", Decimal("1.5"), "time since the injury 1.5 days"),
        (DAYS, "5 min", Decimal("0.00"), "time since the injury 0 days"),
        (MINUTES, "40 min", Decimal(40), "minutes of pressure 40 minutes"),
        (MINUTES, "40m", Decimal(40), "minutes of pressure 40 minutes"),
        (MINUTES, "6h", Decimal(360), "minutes of pressure 360 minutes"),
        (MINUTES, "0", Decimal(0), "minutes of pressure 0 minutes"),
        (PRESSURE, "84/50", Decimal(84), "systolic pressure 84 mmHg"),
        (PRESSURE, "84", Decimal(84), "systolic pressure 84 mmHg"),
        (PULSE, "142", Decimal(142), "pulse 142 per minute"),
        (PULSE, "142 bpm", Decimal(142), "pulse 142 per minute"),
    ],
)
def test_times_pressures_and_rates(finding: Finding, typed: str, value: Decimal, said: str) -> None:
    found = read(finding, typed)
    assert found == value
    assert say(finding, found) == said


@pytest.mark.parametrize(
    ("finding", "typed", "back"),
    [
        (AGE, "7", "7 what? 7y, 7m, 7w"),
        (AGE, "0.13", "0.13 what? 0.13y, 0.13m, 0.13w"),
        (MINUTES, "20", "20 what? 20 min, 20h"),
        (DAYS, "5 m", "5 m: minutes or months? 5 min, 5 mo"),
        (AGE, "121y", "`121y` is outside 0 to 120 years"),
        (PRESSURE, "50/84", "`50/84` is no blood pressure: the upper number first, as 84/50"),
        (PRESSURE, "84/", "`84/` is no blood pressure: the upper number first, as 84/50"),
        (PULSE, "1e3", "`1e3` is no number as it is written here: digits with a point, for example 142"),
    ],
)
def test_what_says_two_things_or_none_is_asked_back(finding: Finding, typed: str, back: str) -> None:
    with pytest.raises(Unclear) as refused:
        read(finding, typed)
    assert str(refused.value) == back


@given(st.text(max_size=50))
def test_whatever_is_typed_is_a_value_in_range_or_asked_back(typed: str) -> None:
    for finding in (AGE, DAYS, MINUTES, PRESSURE, PULSE):
        try:
            value = read(finding, typed)
        except Unclear:
            continue
        assert finding.range is not None
        assert finding.range[0] <= (value["from"] if isinstance(value, dict) else value) <= finding.range[1]


WEEK = Fraction(7 * 10000, 3652425)


@given(
    st.integers(0, 600),
    st.lists(st.tuples(st.decimals(0, 12, places=2), st.booleans()), max_size=4, unique_by=lambda cut: cut[0]),
)
def test_rounding_never_carries_a_patient_over_a_limit(weeks: int, cuts: list[tuple[Decimal, bool]]) -> None:
    finding = number("a", "120", cuts=tuple(sorted(cuts)))
    value, exact = read(finding, f"{weeks}w"), weeks * WEEK
    assert abs(Fraction(value) - exact) < Fraction(1, 100)
    for limit, after in cuts:
        at = Fraction(limit)
        assert ((value > limit) == (exact > at)) if after else ((value >= limit) == (exact >= at))


@given(st.integers(1, 12))
def test_weeks_and_months_of_an_infant_are_echoed_as_typed(count: int) -> None:
    assert say(AGE, read(AGE, f"{count}w")) == f"{count} week{'s' * (count > 1)} old"
    if 2 < count < 12:
        assert say(AGE, read(AGE, f"{count}m")) == f"{count} months old"


NOW = datetime(2023, 3, 14, 2, 40)  # noqa: DTZ001  # the clock on the wall


def test_a_clock_time_is_the_latest_one_that_has_been() -> None:
    assert clock_time("02:25", NOW) == datetime(2023, 3, 14, 2, 25)  # noqa: DTZ001
    assert clock_time("2350", NOW) == datetime(2023, 3, 13, 23, 50)  # noqa: DTZ001
    assert clock_time("now", NOW) == NOW


@pytest.mark.parametrize("typed", ["", "24:00", "12:60", "2", "half past two", "-1:30", "99999"])
def test_what_is_no_clock_time_is_asked_back(typed: str) -> None:
    with pytest.raises(Unclear):
        clock_time(typed, NOW)


def test_days_and_spans_are_written_out() -> None:
    assert hour(NOW + timedelta(hours=4), NOW) == "06:40"
    assert hour(NOW + timedelta(hours=22), NOW) == "00:40 on Wed 15 March"
    assert span(NOW, NOW + timedelta(days=2)) == "Tue 14 to Thu 16 March"
    assert span(NOW, NOW + timedelta(days=20)) == "Tue 14 March to Mon 3 April"
    assert day(NOW) == "Tue 14 March"


def test_durations_of_limits() -> None:
    assert duration("now") == timedelta(0)
    assert duration("PT4H") == timedelta(hours=4)
    assert duration("P14D") == timedelta(days=14)
    assert duration("next_clinic") is None
    assert duration("P") is None


@pytest.fixture
def london() -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/London"
    time.tzset()
    yield
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.usefixtures("london")
def test_an_hour_is_an_hour_in_the_night_when_the_clocks_change() -> None:
    arrived = datetime(2023, 3, 26, 0, 30)  # noqa: DTZ001  # at 01:00 the clock goes to 02:00
    assert later(arrived, timedelta(hours=1)) == datetime(2023, 3, 26, 2, 30)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("minutes", "said"), [(1, "1 minute ago"), (15, "15 minutes ago"), (119, "119 minutes ago"), (22 * 60, "22 hours ago")]
)
def test_how_long_ago_is_said(minutes: int, said: str) -> None:
    now = datetime(2023, 3, 14, 2, 40)  # noqa: DTZ001
    assert ago(now - timedelta(minutes=minutes), now) == said
