"""`validate`: what is wrong with a rule folder."""

from __future__ import annotations

import gc
from pathlib import Path

import click

from pathways.cli.output import format_options, report, root_of
from pathways.reports.formats import REMARK_FORMATS, Remarked

__all__ = ["FOLDER", "folder_of", "validate_command"]


def folder_of(name: str | None) -> Path:
    """The folder to read; what reads it builds trees of nodes, and wants them collected."""
    gc.enable()
    if name is not None:
        return Path(name)
    from pathways import shipped

    return shipped.folder()


FOLDER = click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False))


@click.command("validate", epilog="\b\nExamples:\n  pathways validate rules\n  pathways validate rules --format github")
@FOLDER
@format_options(REMARK_FORMATS)
def validate_command(folder: str | None, format_: str, output: str | None) -> int:
    """Say what is wrong with the rules and their cases.

    Those in FOLDER, or the shipped ones. An error keeps them from loading; a warning does not, such as a rule that no
    patient can meet, an item that no rule gives, a pathway without cases or a review that is overdue.
    """
    from datetime import date

    from pathways.inspection import remarks_of
    from pathways.remarks import Severity

    where = folder_of(folder)
    remarks = remarks_of(where, date.today())  # noqa: DTZ011  # the day where the reader is
    report(REMARK_FORMATS, Remarked(remarks, root_of(where)), format_, output)
    return int(any(remark.severity is Severity.ERROR for remark in remarks))
