"""`validate` and `test`: what is wrong with a rule folder, and whether its cases are met."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathways.cases import CaseResult, ReadCase

__all__ = ["test_command", "validate_command"]

PATIENCE = 2.0  # seconds before a terminal is told how far the cases are


def _folder(name: str | None) -> Path:
    """The folder to read; what reads it builds trees of nodes, and wants them collected."""
    gc.enable()
    if name is not None:
        return Path(name)
    from pathways import shipped

    return shipped.folder()


FOLDER = click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False))


@click.command("validate", epilog="\b\nExample:\n  pathways validate rules")
@FOLDER
def validate_command(folder: str | None) -> int:
    """Say what is wrong with the rules and their cases.

    Those in FOLDER, or the shipped ones. An error keeps them from loading; a warning does not, such as a rule that no
    patient can meet, an item that no rule gives, a pathway without cases or a review that is overdue.
    """
    from datetime import date

    from pathways.inspection import remarks_of
    from pathways.remarks import Severity
    from pathways.reports.remarks import counted, remark_rows

    remarks = remarks_of(_folder(folder), date.today())  # noqa: DTZ011  # the day where the reader is
    for row in (*remark_rows(remarks), counted(remarks)):
        click.echo(row)
    return int(any(remark.severity is Severity.ERROR for remark in remarks))


@click.command("test", epilog="\b\nExample:\n  pathways test rules")
@FOLDER
def test_command(folder: str | None) -> int:
    """Run the cases of the rules.

    Decide every case in FOLDER, or of the shipped rules, and compare with what its author expects.
    """
    import pathways
    from pathways.cases import read_cases
    from pathways.reports.remarks import case_rows

    where = _folder(folder)
    results = tuple(_run(read_cases(where, pathways.load(where))))
    for row in case_rows(results):
        click.echo(row)
    return int(not all(result.passed for result in results))


def _run(cases: Iterable[ReadCase]) -> Iterator[CaseResult]:
    """Run the cases; on a terminal that waits, say how far it is."""
    from pathways.cases import run_case

    listed = list(cases)
    started, watched, told = time.monotonic(), sys.stderr.isatty(), 0
    for n, case in enumerate(listed, 1):
        yield run_case(case)
        if watched and time.monotonic() - started > PATIENCE:
            text = f"{n} of {len(listed)} cases"
            click.echo(f"\r{text:<{told}}", nl=False, err=True)
            told = len(text)
    if told:
        click.echo(f"\r{'':<{told}}\r", nl=False, err=True)
