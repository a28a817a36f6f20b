"""The moments that a page counts from: when it was decided, and when the patient arrived."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from pathways.spoken import ago, hour, later

__all__ = ["When"]


class When(NamedTuple):
    """`arrived` is None where nobody knows; limits then count from the decision."""

    decided: datetime
    arrived: datetime | None = None

    def by(self, limit: timedelta) -> datetime:
        """The clock time at which a limit ends."""
        return later(self.arrived or self.decided, limit)

    def said(self) -> str:
        """What the limits count from."""
        if self.arrived is None:
            return f"counted from {hour(self.decided, self.decided)}, arrival not known"
        long = self.decided - self.arrived > timedelta(hours=6)
        return f"arrived {hour(self.arrived, self.decided)}{', ' + ago(self.arrived, self.decided) if long else ''}"
