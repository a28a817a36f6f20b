"""What people read: decisions, reasons, rules and remarks as lines of text.

Each function gives `Line`s; whoever prints them wraps and colours. Knows nothing of terminals, files or clocks.
"""

from __future__ import annotations

from pathways.reports.decision import page
from pathways.reports.lines import Line, plain, visible, wrapped
from pathways.reports.note import note, professional
from pathways.reports.reasons import explained, reasons
from pathways.reports.rules import listing, rule_in_full, shown
from pathways.reports.standing import standing, untriaged
from pathways.reports.when import When

__all__ = [
    "Line", "When", "explained", "listing", "note", "page", "plain", "professional", "reasons", "rule_in_full", "shown", "standing",
    "untriaged", "visible", "wrapped",
]  # fmt: skip
