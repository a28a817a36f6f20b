"""`validate`: what is wrong with a rule folder."""

from __future__ import annotations

import click

from pathways.cli import clock
from pathways.cli.folders import FOLDER, folder_of
from pathways.cli.output import format_options, report, root_of
from pathways.reports.formats import REMARK_FORMATS, Remarked

__all__ = ["validate_command"]


@click.command("validate", epilog="\b\nExamples:\n  pathways validate rules\n  pathways validate rules --format github")
@FOLDER
@format_options(REMARK_FORMATS)
def validate_command(folder: str | None, format_: str, output: str | None) -> int:
    """Say what is wrong with the rules and their cases.

    Those in FOLDER; if left out, in the folder here or in ./rules, else the shipped ones. An error keeps them from loading; a
    warning does not, such as a rule that no patient can meet, an item that no rule gives, a pathway without cases or a review
    that is overdue.
    """
    from pathways.inspection import remarks_of
    from pathways.remarks import Severity

    where = folder_of(folder, format_, output)
    remarks = remarks_of(where, clock.today())
    report(REMARK_FORMATS, Remarked(remarks, root_of(where)), format_, output)
    return int(any(remark.severity is Severity.ERROR for remark in remarks))
