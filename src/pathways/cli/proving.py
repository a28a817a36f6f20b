"""`check`: what holds of the rules for every possible patient."""

from __future__ import annotations

import os

import click

from pathways.cli.completion import complete_property
from pathways.cli.folders import FOLDER, folder_of
from pathways.cli.output import format_options, report, root_of, watched
from pathways.reports.checks import FORMATS, Checked

__all__ = ["check_command"]


@click.command(
    "check", epilog="\b\nExamples:\n  pathways check rules\n  pathways check rules --only P0 --only P1\n  pathways check rules --notes"
)
@FOLDER
@click.option(
    "--only",
    multiple=True,
    metavar="PROPERTY",
    shell_complete=complete_property,
    help="Ask this property alone, such as P1; may be given again.",
)
@click.option(
    "--allow-undecided",
    multiple=True,
    metavar="PROPERTY",
    shell_complete=complete_property,
    help="Do not fail where this was not decided, or not in full.",
)
@click.option("--notes", is_flag=True, help="Print what only wants to be read, too; json, github and markdown always have it.")
@click.option("--jobs", type=click.IntRange(1), default=lambda: min(os.cpu_count() or 1, 8), help="Processes; as many as there are cores.")
@format_options(FORMATS)
def check_command(
    folder: str | None,
    only: tuple[str, ...],
    allow_undecided: tuple[str, ...],
    notes: bool,
    jobs: int,
    format_: str,
    output: str | None,
) -> int:
    """Prove what must hold of the rules for every possible patient.

    Of those in FOLDER; if left out, in the folder here or in ./rules, else the shipped ones. What does not hold is shown with
    the simplest patient for whom it fails. Exit status 1 where a property is refuted, or undecided or not asked in full and
    not allowed by name.
    """
    from pathways import checks

    known = [one.id for one in checks.PROPERTIES]
    for name in (*only, *allow_undecided):
        if name not in known:
            raise click.UsageError(f"`{name}` is not a property: one of {', '.join(known)}")
    where = folder_of(folder, format_, output)
    found = checks.check(where, only, jobs, lambda results, count: watched(results, count, "properties"))
    report(FORMATS, Checked(found, root_of(where), notes), format_, output)
    return int(found.fails(allow_undecided))
