"""`new`, `fmt` and `watch`: what helps while rule files are written."""

from __future__ import annotations

import gc
from pathlib import Path

import click

__all__ = ["fmt_command"]

FOLDER = click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False))


def _folder(name: str | None) -> Path:
    """The folder to work in: never the shipped rules of an installed package. What reads it wants its trees collected."""
    gc.enable()
    if name is not None:
        return Path(name)
    for place in (Path(), Path("rules")):
        if (place / "ruleset.yaml").exists():
            return place
    raise click.UsageError("neither this folder nor `rules` in it holds ruleset.yaml; name the folder of the rules")


@click.command("fmt", epilog="\b\nExamples:\n  pathways fmt rules\n  pathways fmt rules --check")
@FOLDER
@click.option("--check", is_flag=True, help="Write nothing; say which files would be changed, with exit status 1.")
def fmt_command(folder: str | None, check: bool) -> int:
    """Lay out the rule files of FOLDER, or of `rules`.

    Comments, quotes and the order of whatever has an order stay; indentation, spaces, blank lines and the order of keys are
    settled. A file is replaced only if it says exactly what it said, and none is if the rules have an error.
    """
    from pathways import saving
    from pathways.formatting import formatted

    found = formatted(_folder(folder))
    for one in found:
        if one.spoilt:
            click.echo(f"{one.name}: left as it was: {one.spoilt}", err=True)
        else:
            click.echo(f"{one.name}:{one.line}: {'would be laid out anew' if check else 'laid out anew'}")
    changed = {one.file: one.after for one in found if not one.spoilt}
    if not check:
        for one in found:
            if one.file.read_bytes() != one.before:
                raise click.UsageError(f"`{one.name}` was saved meanwhile; nothing was written, call it again")
        saving.replace(changed)
    click.echo(f"{len(changed)} {'file' if len(changed) == 1 else 'files'} {'to lay out' if check else 'laid out'}")
    return int(any(one.spoilt for one in found) or (check and bool(changed)))
