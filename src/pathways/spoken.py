"""Ages, durations, pressures and clock times as they are said: typed words → exact values, and values → words.

Relies on findings that state a UCUM unit, a range and a resolution. Reads no clock: "now" is handed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pathways.findings import Finding, number
from pathways.presentations import absence

__all__ = ["Unclear", "ago", "clock_time", "day", "decimal", "duration", "hour", "later", "read", "say", "span"]

YEAR = Fraction(3652425, 10000)  # days of a Gregorian year; a year has 52.1775 weeks
DAYS: Mapping[str, Fraction] = {
    "s": Fraction(1, 86400), "min": Fraction(1, 1440), "h": Fraction(1, 24), "d": Fraction(1),
    "wk": Fraction(7), "mo": YEAR / 12, "a": YEAR,
}  # fmt: skip
WORDS: Mapping[str, str] = {
    word: unit
    for unit, words in {
        "s": "s sec secs second seconds",
        "min": "min mins minute minutes",
        "h": "h hr hrs hour hours",
        "d": "d day days",
        "wk": "w wk wks week weeks",
        "mo": "mo mos mth mths month months",
        "a": "y yr yrs year years",
    }.items()
    for word in words.split()
}
# What a bare number is asked back with. Seconds, rates, pressures and scores have one unit each and need none.
EXAMPLES: Mapping[str, tuple[str, ...]] = {"a": ("y", "m", "w"), "d": ("h", "d", "w"), "min": (" min", "h"), "h": (" min", "h")}
SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "/min": ("/min", "bpm"), "mm[Hg]": ("mmhg", "systolic"), "Cel": ("°c", "c"), "kg": ("kg",), "s": ("s", "sec", "seconds"),
    "{score}": (), "{count}": ("times", "x"), "/mo": ("/mo", "a month"), "1": (),
}  # fmt: skip
PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*")
LONGEST = 40
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


class Unclear(ValueError):
    """Typed words that do not say one thing; the text is what to ask back."""


# -- words → values --------------------------------------------------------------------------------------------------


def read(finding: Finding, text: str) -> Any:
    """The value that was typed for a number: a Decimal, or a range for an age in whole years ("5y" is 5 <= age < 6).

    Conversions (7w is 7 / 52.1775 years) are exact, then rounded down to the finding's resolution, because limits lie on
    that grid: who has not reached a limit must not be rounded up to it. Raises Unclear.
    """
    said = " ".join(text.casefold().split())
    if not 0 < len(said) <= LONGEST:
        raise Unclear(f"a number is asked, for example {example(finding)}")
    if finding.unit == "mm[Hg]" and "/" in said:
        return _within(finding, _systolic(said), said)
    if finding.unit in EXAMPLES or (finding.unit == "s" and number(said) is None):
        return _duration(finding, said)
    return _within(finding, _plain(finding, said), said)


def example(finding: Finding) -> str:
    """How an answer may be typed."""
    return {
        "a": "4y, 4y 3m, 9m or 7w", "d": "6h, 3d or 2w", "min": "40 min or 2h", "h": "6h or 40 min", "s": "2", "mm[Hg]": "84 or 84/50",
        "Cel": "38.5", "/min": "142",
    }.get(finding.unit, "2")  # fmt: skip


def _systolic(said: str) -> Decimal:
    upper, _, lower = said.removesuffix("mmhg").strip().partition("/")
    systolic, diastolic = number(upper.strip()), number(lower.strip())
    if systolic is None or diastolic is None or diastolic >= systolic:
        raise Unclear(f"`{said}` is no blood pressure: the upper number first, as 84/50")
    return systolic


def _plain(finding: Finding, said: str) -> Decimal:
    for suffix in SUFFIXES.get(finding.unit, ()):
        if said.endswith(suffix):
            said = said.removesuffix(suffix).strip()
            break
    value = number(said)
    if value is None:
        raise Unclear(f"`{said}` is no number as it is written here: digits with a point, for example {example(finding)}")
    return value


def _duration(finding: Finding, said: str) -> Any:
    if said == "0":
        return _within(finding, Decimal(0), said)
    if number(said) is not None:
        raise Unclear(f"{said} what? {', '.join(said + unit for unit in EXAMPLES[finding.unit])}")
    parts = list(_parts(finding, said))
    exact = sum((amount * DAYS[unit] for amount, unit in parts), Fraction(0)) / DAYS[finding.unit]
    if finding.unit == "a" and [unit for _, unit in parts] == ["a"] and exact.denominator == 1:
        return _whole_years(finding, int(exact), said)
    return _within(finding, _on_grid(finding, exact), said)


def _parts(finding: Finding, said: str) -> Iterator[tuple[Fraction, str]]:
    at, seen = 0, set()
    while at < len(said):
        match = PART.match(said, at)
        amount = number(match[1]) if match else None
        unit = _unit(finding, match[2]) if match else None
        if match is None or amount is None or unit is None or unit in seen:
            raise Unclear(f"`{said}` cannot be read, for example {example(finding)}")
        if unit == "m":
            raise Unclear(f"{match[1]} m: minutes or months? {match[1]} min, {match[1]} mo")
        seen.add(unit)
        yield Fraction(amount), unit
        at = match.end()


def _unit(finding: Finding, word: str) -> str | None:
    if word == "m":
        return {"a": "mo", "d": "m"}.get(finding.unit, "min")
    return WORDS.get(word)


def _whole_years(finding: Finding, years: int, said: str) -> Any:
    value = _within(finding, Decimal(years), said)
    top = finding.range[1] if finding.range else value
    return {"from": value, "below": value + 1} if value + 1 <= top else {"from": value}


def _on_grid(finding: Finding, exact: Fraction) -> Decimal:
    """The value on the finding's grid: rounded down, unless a limit of the rules lies in between."""
    step = Fraction(finding.resolution or Decimal("0.01"))
    down = exact // step * step
    for candidate in (down, down + step):
        if not any(_parted(limit, after, candidate, exact) for limit, after in finding.cuts):
            return Decimal(candidate.numerator) / Decimal(candidate.denominator)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _parted(limit: Decimal, after: bool, one: Fraction, other: Fraction) -> bool:
    """Whether a cut separates the two numbers."""
    at = Fraction(limit)
    return (one > at) != (other > at) if after else (one < at) != (other < at)


def _within(finding: Finding, value: Decimal, said: str) -> Decimal:
    low, high = finding.range or (value, value)
    if not low <= value <= high:
        raise Unclear(f"`{said}` is outside {low} to {high} {finding.unit_text}".rstrip())
    return value


# -- values → words --------------------------------------------------------------------------------------------------


def say(finding: Finding, value: Any) -> str:
    """An answer in words: `no: fever`, `7 weeks old`, `systolic pressure 84 mmHg`, `not known: fever`."""
    reason = absence(value)
    if reason is not None:
        return f"{'cannot be assessed' if reason == 'unable-to-assess' else 'not known'}: {finding.ask}"
    if finding.kind == "yes_no":
        return f"{'yes' if value else 'no'}: {finding.ask}"
    if finding.kind == "choice":
        values = [value] if isinstance(value, str) else list(value)
        return f"{finding.ask}: {' or '.join(finding.values[one] for one in values)}"
    if finding.unit == "a":
        return _age(value)
    return f"{finding.ask} {quantity(finding, value)}"


def quantity(finding: Finding, value: Any) -> str:
    """A number with its unit, or a range of them."""
    unit = finding.unit_text
    if isinstance(value, Mapping) and "decimal" not in value:
        parts = [f"from {_digits(value['from'])}"] if "from" in value else []
        parts += [f"under {_digits(value['below'])}"] if "below" in value else []
        return f"{' to '.join(parts)} {unit}".rstrip()
    exact = decimal(value)
    if finding.unit == "d" and 0 < exact < 1:
        hours = _most(Fraction(exact), Fraction(1, 24), finding.resolution)
        return f"{hours} hour{'s' * (hours != 1)}" if hours else "under 1 hour"
    return f"{_digits(exact)} {unit if exact != 1 or not unit.endswith('s') else unit[:-1]}".rstrip()


def _age(value: Any) -> str:
    if isinstance(value, Mapping) and "decimal" not in value:
        start, stop = value.get("from", 0), value.get("below")
        if stop is not None and decimal(stop) - decimal(start) != 1:
            return f"{_digits(start)} to under {_digits(stop)} years old"
        value = start
    exact = Fraction(decimal(value))
    if exact < Fraction(1, 4):
        weeks = _most(exact, 7 / YEAR, Decimal("0.01"))
        return _counted(weeks, "week") if weeks else "under 1 week old"
    months = _most(exact, Fraction(1, 12), Decimal("0.01"))
    if months < 24 and months != 12:
        return _counted(months, "month")
    years, months = divmod(months, 12)
    return _counted(years, "year") if not months or years >= 16 else f"{years} years {months} month{'s' * (months != 1)} old"


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}{'s' * (count != 1)} old"


def _most(value: Fraction, unit: Fraction, resolution: Decimal | None) -> int:
    """The largest count of `unit` that, rounded down to the resolution, is not above the value: what was said."""
    step = Fraction(resolution or Decimal("0.01"))
    count = int(value / unit)
    return count + 1 if (count + 1) * unit // step * step <= value else count


def decimal(value: Any) -> Decimal:
    """A number as Python or JSON has it, exactly."""
    return Decimal(value["decimal"]) if isinstance(value, Mapping) else Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _digits(value: Any) -> str:
    text = format(decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


# -- clock and calendar ----------------------------------------------------------------------------------------------


def clock_time(text: str, now: datetime) -> datetime:
    """The latest moment at or before `now` that the clock showed `HH:MM`; or `now` itself. Raises Unclear."""
    said = text.strip().casefold()
    if said == "now":
        return now
    match = re.fullmatch(r"(\d{1,2}):(\d{2})|(\d{2})(\d{2})", said)
    hours, minutes = (int(match[1] or match[3]), int(match[2] or match[4])) if match else (24, 0)
    if hours > 23 or minutes > 59:
        raise Unclear("a time on the 24-hour clock as 02:25, or `now`")
    today = now.replace(hour=hours, minute=minutes, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def duration(limit: str) -> timedelta | None:
    """An ISO 8601 duration of days, hours or minutes; `now` is none at all; None for what is no duration."""
    if limit == "now":
        return timedelta(0)
    match = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?", limit)
    if match is None or not any(match.groups()):
        return None
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def later(moment: datetime, by: timedelta) -> datetime:
    """The local time after a span of real time: an hour is an hour also in the night when the clocks change."""
    return (moment.astimezone(UTC) + by).astimezone(moment.tzinfo).replace(tzinfo=moment.tzinfo)


def hour(moment: datetime, now: datetime) -> str:
    """`03:25`, with the day where it is not today's."""
    clock = f"{moment:%H:%M}"
    return clock if moment.date() == now.date() else f"{clock} on {day(moment)}"


def ago(moment: datetime, now: datetime) -> str:
    """`22 hours ago`, `15 minutes ago`."""
    minutes = int((now - moment).total_seconds() // 60)
    count, unit = (minutes, "minute") if minutes < 120 else (minutes // 60, "hour")
    return f"{count} {unit}{'s' * (count != 1)} ago"


def day(moment: datetime) -> str:
    """`Tue 14 March`."""
    return f"{WEEKDAYS[moment.weekday()]} {moment.day} {MONTHS[moment.month - 1]}"


def span(first: datetime, last: datetime) -> str:
    """`Tue 14 to Thu 16 March`."""
    if first.date() == last.date():
        return day(first)
    same = (first.year, first.month) == (last.year, last.month)
    return f"{WEEKDAYS[first.weekday()]} {first.day} to {day(last)}" if same else f"{day(first)} to {day(last)}"
