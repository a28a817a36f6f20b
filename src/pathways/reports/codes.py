"""Remark codes as a person reads them: all of them by what they speak of, or one in full."""

from __future__ import annotations

from pathways.codes import CODES, GROUPS
from pathways.reports.lines import BLANK, Line, heading

__all__ = ["code_in_full", "codes_listed"]


def codes_listed() -> list[Line]:
    """The codes, one a line, by group."""
    width = max(map(len, CODES))
    lines: list[Line] = []
    for group in GROUPS:
        lines += [BLANK, heading(group.title), *(Line(code.title, f"  {name:{width}}  ") for name, code in sorted(group.codes.items()))]
    return lines[1:]


def code_in_full(name: str) -> list[Line]:
    """What one code means, why it matters, and the cure."""
    code = CODES[name]
    return [heading(f"{name}: {code.title}"), Line(code.means), Line(code.matters, "why it matters: "), Line(code.cure, "the cure: ")]
