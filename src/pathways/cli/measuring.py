"""What the cases of a rule folder are worth: what they exercise, which cases would exercise more, which slips they would notice."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pathways.cli.output import give, report, root_of, watched
from pathways.reports import coverage, mutants

if TYPE_CHECKING:
    from pathways.cases import ReadCase
    from pathways.checks import Book
    from pathways.coverage import Examined

__all__ = ["show_coverage", "show_mutants", "show_suggestions"]


def show_coverage(folder: Path, only: str | None, format_: str, output: str | None) -> int:
    """What the cases exercise; 1 while something is missing."""
    _printed(coverage.FORMATS, format_, "coverage is")
    found = _examined(folder, only).coverage
    report(coverage.FORMATS, coverage.Measured(found, root_of(folder)), format_, output)
    covered, possible = found.counted()
    return int(covered < possible)


def show_suggestions(folder: Path, only: str | None, most: int, output: str | None) -> int:
    """Cases that would exercise more, as YAML."""
    from pathways.suggestions import as_yaml, suggested

    found = suggested(_examined(folder, only), most)
    give(as_yaml(found).rstrip("\n").split("\n") if found else ["# nothing is missing"], output)
    return 0


def show_mutants(folder: Path, only: str | None, format_: str, output: str | None, jobs: int | None) -> int:
    """What becomes of every single edit of the rules; 1 if one survives."""
    _printed(mutants.FORMATS, format_, "mutants are")
    from pathways.mutants import try_all
    from pathways.parallel import cores

    started = time.perf_counter()
    book, cases = _read(folder)
    found = try_all(book, cases, only, jobs or cores(), lambda tried, count: watched(tried, count, "edits"))
    if not found.tried:
        raise _uncalled(only)
    report(mutants.FORMATS, mutants.Mutated(found, root_of(folder), time.perf_counter() - started), format_, output)
    return int(found.fails)


def _printed(formats: Mapping[str, Any], format_: str, what: str) -> None:
    if format_ not in formats:
        raise click.UsageError(f"{what} printed as one of {', '.join(formats)}, not `{format_}`")


def _read(folder: Path) -> tuple[Book, tuple[ReadCase, ...]]:
    from pathways.cases import read_cases
    from pathways.checks import open_book

    book = open_book(folder)
    return book, read_cases(folder, book.ruleset)


def _examined(folder: Path, only: str | None) -> Examined:
    from pathways.coverage import examined

    found = examined(*_read(folder), only)
    if not found.goals:
        raise _uncalled(only)
    return found


def _uncalled(only: str | None) -> click.UsageError:
    return click.UsageError(f"no pathway and no rule is called `{only}`")
