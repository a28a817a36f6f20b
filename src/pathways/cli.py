"""The command line (first part): `validate` and `test`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pathways.remarks import InvalidRules, Remark, Severity


@click.group()
def cli() -> None:
    """ENT emergency pathways."""


def _folder(folder: str | None) -> Path:
    if folder is not None:
        return Path(folder)
    from pathways import shipped

    return shipped.folder()


def _count(remarks: tuple[Remark, ...]) -> str:
    errors = sum(remark.severity is Severity.ERROR for remark in remarks)
    return f"{errors} errors, {len(remarks) - errors} warnings"


@cli.command()
@click.argument("folder", required=False)
def validate(folder: str | None) -> None:
    """Read the rule folder and say everything that is wrong with it."""
    from pathways.loader import remarks_of

    remarks = remarks_of(_folder(folder))
    for remark in remarks:
        click.echo(str(remark))
    click.echo(_count(remarks))
    sys.exit(any(remark.severity is Severity.ERROR for remark in remarks))


@cli.command()
@click.argument("folder", required=False)
def test(folder: str | None) -> None:
    """Run the cases of the rule folder."""
    import pathways
    from pathways import cases

    where = _folder(folder)
    try:
        results = cases.run(where, pathways.load(where))
    except InvalidRules as error:
        for remark in error.remarks:
            click.echo(str(remark), err=True)
        click.echo(_count(error.remarks), err=True)
        sys.exit(1)
    failed = [result for result in results if not result.passed]
    for result in failed:
        click.echo(f"{result.case.place}: failed: {result.case.name}")
        for difference in result.differences:
            click.echo(f"  {difference}")
        click.echo(f"  rules: {', '.join(result.rules) or 'none'}")
    click.echo(f"{len(results)} cases, {len(results) - len(failed)} passed, {len(failed)} failed")
    sys.exit(bool(failed))


def main() -> None:
    cli()
