"""`new` and `fmt`: what helps to write rule files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pathways.cli import clock
from pathways.cli.files import Folder
from pathways.cli.folders import FOLDER, authored_folder

if TYPE_CHECKING:
    from pathways.formatting import Formatted

__all__ = ["fmt_command", "new_command"]


@click.command("fmt", epilog="\b\nExamples:\n  pathways fmt rules\n  pathways fmt rules --check")
@FOLDER
@click.option("--check", is_flag=True, help="Write nothing; say which files would be changed, with exit status 1.")
def fmt_command(folder: str | None, check: bool) -> int:
    """Lay out the rule files of FOLDER.

    If left out, of the folder here or of ./rules. Comments, quotes and the order of whatever has an order stay; indentation,
    spaces, blank lines and the order of keys are settled. A file is replaced only if it says exactly what it said, and none is
    if the rules have an error.
    """
    from pathways.formatting import formatted
    from pathways.reports.remarks import number_of

    found = formatted(authored_folder(folder))
    changed = {one.file: one for one in found if not one.spoilt}
    for one in found:
        if one.spoilt:
            click.echo(f"{one.name}: left as it was: {one.spoilt}", err=True)
    if not check:
        _replace(changed)
    for one in changed.values():
        click.echo(f"{one.name}:{one.line}: {'would be laid out anew' if check else 'laid out anew'}")
    click.echo(f"{number_of(len(changed), 'file')} {'to lay out' if check else 'laid out'}")
    return int(any(one.spoilt for one in found) or (check and bool(changed)))


def _replace(changed: Mapping[Path, Formatted]) -> None:
    """Write the files as they are laid out. Raises click.UsageError, which says what was written where not all could be."""
    from pathways.saving import Unwritten, replace

    try:
        for one in changed.values():
            if one.file.read_bytes() != one.before:
                raise click.UsageError(f"`{one.name}` was saved meanwhile; nothing was written, call it again")
        replace({file: one.after for file, one in changed.items()})
    except Unwritten as error:
        left = [one.name for file, one in changed.items() if file not in error.written]
        written = ", ".join(changed[file].name for file in error.written)
        said = f"laid out before it: {written}; not written: {', '.join(left)}" if written else "nothing was written"
        name, why = changed[error.file].name, (error.strerror or "unknown").lower()
        raise click.UsageError(f"`{name}` cannot be written: {why}; {said}") from None


@click.command("new", epilog="\b\nExamples:\n  pathways new sore_throat my_rules\n  pathways new earache my_rules")
@click.argument("pathway")
@click.argument("folder", required=False, type=Folder())
def new_command(pathway: str, folder: str | None) -> None:
    """Write the skeleton of PATHWAY, with its cases, into FOLDER.

    It uses the findings, levels and services that are there; where there is no rule yet, it is a whole rule set. It loads and
    its cases pass, and its comments say what to replace. No file is ever overwritten.
    """
    from pathways import saving
    from pathways.skeletons import Unfit, skeleton

    place = authored_folder(folder)
    try:
        made = skeleton(pathway, place, clock.today())
        saving.create(place, made.files)
    except Unfit as error:
        raise click.UsageError(str(error)) from None
    except (FileExistsError, FileNotFoundError, NotADirectoryError, PermissionError) as error:
        raise click.UsageError(f"`{place}` cannot be written: {(error.strerror or 'unknown').lower()}; nothing was written") from None
    for name in made.files:
        click.echo(place / name)
    click.echo(f"Next: replace what the comments point at, in {'findings.yaml and ' if made.whole else ''}{pathway}.yaml. Then:")
    for command in ("validate", "test"):
        click.echo(f"  pathways {command} {place}")
