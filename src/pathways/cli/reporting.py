"""`report`: everything that the tools say of a rule folder, as one record."""

from __future__ import annotations

import click

from pathways.cli import clock
from pathways.cli.folders import FOLDER, folder_of
from pathways.cli.output import format_options, report, watched
from pathways.reports.verification import FORMATS, SUMS

__all__ = ["report_command"]


@click.command(
    "report",
    epilog="""\b
Examples:
  pathways report rules --without mutants --patients 100
  pathways report rules --without mutants --patients 100 --format json --output verification.json""",
)
@FOLDER
@click.option("--without", multiple=True, type=click.Choice(list(SUMS)), help="Leave this part out, and say so; may be given again.")
@click.option("--patients", type=click.IntRange(1), metavar="N", help="How many patients of each pathway two readings are compared on.")
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Processes; every processor if left out.")
@format_options(FORMATS)
def report_command(
    folder: str | None, without: tuple[str, ...], patients: int | None, jobs: int | None, format_: str, output: str | None
) -> int:
    """Run every tool on the rules, and say what each found.

    The cases, every property, coverage, every single edit, and a second reading on drawn patients. As JSON it is the
    verification report that a site and a release show, bound to these rules and these cases. Exit status 1 where something
    does not hold, or could not be run.
    """
    from pathways.parallel import cores
    from pathways.verification import PATIENTS, verified

    where = folder_of(folder, format_, output)
    parts = [part for part in SUMS if part not in without]
    found = verified(where, clock.today(), parts, patients or PATIENTS, jobs or cores(), watched)
    report(FORMATS, found, format_, output)
    return int(found.fails)
