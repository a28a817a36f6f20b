"""What the cases of a rule folder are worth: what they exercise, and which cases would exercise more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pathways.cli.output import give, report, root_of
from pathways.reports.coverage import FORMATS, Measured

if TYPE_CHECKING:
    from pathways.coverage import Examined

__all__ = ["show_coverage", "show_suggestions"]


def show_coverage(folder: Path, format_: str, output: str | None) -> int:
    """What the cases exercise; 1 while something is missing."""
    if format_ not in FORMATS:
        raise click.UsageError(f"coverage is printed as one of {', '.join(FORMATS)}, not `{format_}`")
    found = _examined(folder).coverage
    report(FORMATS, Measured(found, root_of(folder)), format_, output)
    covered, possible = found.counted()
    return int(covered < possible)


def show_suggestions(folder: Path, most: int, output: str | None) -> int:
    """Cases that would exercise more, as YAML."""
    from pathways.suggestions import as_yaml, suggested

    found = suggested(_examined(folder), most)
    give(as_yaml(found).rstrip("\n").split("\n") if found else ["# nothing is missing"], output)
    return 0


def _examined(folder: Path) -> Examined:
    try:
        from pathways.checks import open_book
        from pathways.coverage import examined
    except ModuleNotFoundError as error:
        if error.name != "z3":
            raise
        raise click.UsageError(str(error)) from error
    from pathways.cases import read_cases

    book = open_book(folder)
    return examined(book, read_cases(folder, book.ruleset))
