"""Annotations as GitHub shows them beside the lines of a change: workflow commands, one a line, and no column without a line."""

from __future__ import annotations

from pathways.remarks import Place, Severity
from pathways.reports.lines import visible
from pathways.reports.roots import Root

__all__ = ["annotation"]


def annotation(severity: Severity, title: str, message: str, place: Place, root: Root) -> str:
    """`::error file=…,line=…,col=…,title=…::message`; the message may have several lines, and a note is GitHub's notice."""
    properties = {"file": root.file(place.file), **({"line": place.line, "col": place.column} if place.line else {}), "title": title}
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    kind = "notice" if severity is Severity.NOTE else severity
    return f"::{kind} {listed}::{_data(message)}"


def _data(text: str) -> str:
    """What could end the command, as its code; the percent sign first, since the codes begin with it."""
    return "%0A".join(visible(line).replace("%", "%25") for line in text.split("\n"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
