"""`test`: whether the cases of a rule folder are met."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pathways.cli.completion import complete_pathway
from pathways.cli.folders import FOLDER, folder_of
from pathways.cli.measuring import show_coverage, show_mutants, show_suggestions
from pathways.cli.output import format_options, give, report, root_of, watched
from pathways.remarks import InvalidRules
from pathways.reports.cases import Ran
from pathways.reports.formats import CASE_FORMATS

if TYPE_CHECKING:
    from pathways.cases import CaseResult, ReadCase

__all__ = ["test_command"]

LONG = 200  # cases from which on a second process pays


@click.command(
    "test",
    epilog="""\b
Examples:
  pathways test rules
  pathways test rules --only epistaxis --format junit --output report.xml
  pathways test rules --coverage
  pathways test rules --suggest 5
  pathways test rules --mutants --only pressure_first""",
)
@FOLDER
@click.option(
    "--only",
    metavar="PATTERN",
    shell_complete=complete_pathway,
    help="Cases of this pathway, naming this rule or item (* is anything), or with this in their name; "
    "with --coverage, --suggest and --mutants, this pathway or rule.",
)
@format_options(CASE_FORMATS)
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Processes; every processor if left out and there are many cases.")
@click.option("--coverage", is_flag=True, help="Say what the cases exercise of the rules, in per cent, and what is missing.")
@click.option("--suggest", type=click.IntRange(1), metavar="N", help="Print at most N cases for what is missing, to be judged and kept.")
@click.option("--mutants", is_flag=True, help="Try every single edit of the rules: does a case notice?")
def test_command(
    folder: str | None,
    only: str | None,
    format_: str,
    output: str | None,
    jobs: int | None,
    coverage: bool,
    suggest: int | None,
    mutants: bool,
) -> int:
    """Run the cases of the rules.

    Decide every case in FOLDER (if left out, in the folder here or in ./rules, else of the shipped rules), and compare with
    what its author expects. Of a case that fails, expected and decided stand side by side, with the rules responsible.
    """
    if suggest is not None and format_ != "text":
        raise click.UsageError(f"cases are suggested as YAML, to be judged and kept, and not as {format_}")
    if suggest is not None and (coverage or mutants):
        raise click.UsageError("suggested cases are printed as YAML and alone; ask for coverage and mutants in a run of their own")
    if coverage and mutants and (format_ != "text" or output is not None):
        raise click.UsageError("coverage and mutants are two reports: both are printed as text, and each is written in a run of its own")
    where = folder_of(folder, format_, output, "# " if suggest is not None else "")
    if suggest is not None:
        return show_suggestions(where, only, suggest, output)
    if coverage or mutants:
        missing = show_coverage(where, only, format_, output) if coverage else 0
        if coverage and mutants:
            click.echo()
        return max(missing, show_mutants(where, only, format_, output, jobs) if mutants else 0)
    try:
        ran = Ran(tuple(_run(where, only, jobs)), root_of(where))
    except InvalidRules as error:
        if format_ != "text" or output is not None:
            give(CASE_FORMATS[format_](Ran((), root_of(where), error.remarks)), output)
        raise
    report(CASE_FORMATS, ran, format_, output)
    return int(bool(ran.failed))


def _run(where: Path, only: str | None, jobs: int | None) -> Iterator[CaseResult]:
    import pathways
    from pathways.cases import read_cases, run_cases
    from pathways.parallel import cores

    cases = read_cases(where, pathways.load(where))
    if only is not None:
        cases = tuple(case for case in cases if _matches(case, only))
        if not cases:
            raise click.UsageError(f"no case is of a pathway, names a rule or item, or has a name like `{only}`")
    return watched(run_cases(cases, jobs or (cores() if len(cases) >= LONG else 1)), len(cases), "cases")


def _matches(case: ReadCase, pattern: str) -> bool:
    expect = case.part.expect
    names = (*case.pathways, case.pathway, *expect.rules, *expect.items, *expect.possible, *expect.absent)
    return any(fnmatchcase(name, pattern) for name in names) or fnmatchcase(case.name.lower(), f"*{pattern.lower()}*")
