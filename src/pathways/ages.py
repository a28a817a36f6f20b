"""Ages by the calendar."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_DOWN, Decimal

__all__ = ["age_on"]

HUNDREDTH = Decimal("0.01")


def age_on(birth: date, day: date) -> Decimal:
    """Age in years on a day: whole years by the calendar, and the share of the current year that has passed, in hundredths.

    Never rounded up, so that a birthday is reached on the day itself; who was born on 29 February has it on 1 March in
    other years. Raises ValueError for a birth after the day.
    """
    if birth > day:
        raise ValueError(f"born on {birth}, after {day}")
    years = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    last, following = _birthday(birth, birth.year + years), _birthday(birth, birth.year + years + 1)
    share = Decimal((day - last).days) / Decimal((following - last).days)
    return years + share.quantize(HUNDREDTH, rounding=ROUND_DOWN)


def _birthday(birth: date, year: int) -> date:
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
