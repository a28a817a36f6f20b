"""Reports as they leave: the format that was asked for, on the standard output or in a file; and how far a long run is."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from pathways.cli.completion import complete_file
from pathways.cli.files import write_whole
from pathways.reports.remarks import narrow
from pathways.reports.roots import Root

__all__ = ["fitted", "format_options", "give", "report", "root_of", "watched"]

Report = TypeVar("Report")
Value = TypeVar("Value")


def format_options(formats: Mapping[str, Any]) -> Callable[[Any], Any]:
    """`--format` with these choices, and `--output FILE`."""

    choice = click.option("--format", "format_", type=click.Choice(list(formats)), default="text", help="How to print; text if left out.")
    file = click.option(
        "--output", metavar="FILE", shell_complete=complete_file, help="Write the report to FILE, whole; text is printed all the same."
    )
    return lambda command: choice(file(command))


def report(formats: Mapping[str, Callable[[Report], Iterable[str]]], found: Report, format_: str, output: str | None) -> None:
    """Print the report in its format; with a file, write it there and print the text, which a terminal has in its width."""
    if format_ != "text" or output is not None:
        give(formats[format_](found), output)
    if format_ == "text" or output is not None:
        give(fitted(formats["text"](found)), None)


def fitted(rows: Iterable[str]) -> Iterable[str]:
    """The rows, on a terminal in its width; elsewhere each in one line, for programs that read them."""
    return narrow(rows) if sys.stdout.isatty() else rows


def give(lines: Iterable[str], output: str | None) -> None:
    """The lines on the standard output, or in the file. Raises click.UsageError where it cannot be written."""
    if output is not None:
        write_whole(output, "".join(f"{line}\n" for line in lines))
        return
    for line in lines:
        click.echo(line)


def root_of(folder: Path) -> Root:
    """Where the folder lies from here, for programs that look for its files; from the top where it lies elsewhere."""
    whole, here = folder.resolve(), Path.cwd()
    path = whole.relative_to(here) if whole.is_relative_to(here) else whole
    return Root(whole.name, "" if path == Path() else f"{path.as_posix()}/")


def watched(values: Iterable[Value], count: int, what: str) -> Iterator[Value]:
    """The values as they come, with a bar on the standard error where that is a terminal."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield from values
        return
    with click.progressbar(values, count, what, file=sys.stderr) as bar:
        yield from bar
