"""The clock on the wall where the user is: the one place where the commands read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

__all__ = ["now", "today"]


def now() -> datetime:
    """The time as it hangs on the wall: `spoken.later` minds the night in which it changes."""
    from datetime import datetime

    return datetime.now()  # noqa: DTZ005  # local time is meant


def today() -> date:
    """The day where the reader is."""
    return now().date()
