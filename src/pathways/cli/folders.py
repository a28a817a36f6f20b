"""The folder of rules that a command for authors takes: the one named, or the nearest; which it was is said where none was named."""

from __future__ import annotations

import gc
from pathlib import Path

import click

from pathways.cli.files import Folder

__all__ = ["FOLDER", "authored_folder", "folder_of", "nearest"]

FOLDER = click.argument("folder", required=False, type=Folder(exists=True))
NEAR = {Path(): "this folder", Path("rules"): "./rules"}  # where rules are looked for → how that is called


def authored_folder(name: str | None) -> Path:
    """The folder to work in: never the shipped rules of an installed package. What reads it wants its trees collected."""
    gc.enable()
    found = Path(name) if name is not None else nearest()
    if found is None:
        raise click.UsageError("neither this folder nor `rules` in it holds ruleset.yaml; name the folder of the rules")
    return found


def folder_of(name: str | None, format_: str, output: str | None, before: str = "") -> Path:
    """The folder to read, the shipped one where none is near; a text begins with which it is. It wants its trees collected."""
    gc.enable()
    if name is not None:
        return Path(name)
    found = nearest()
    if format_ == "text" or output is not None:
        click.echo(f"{before}rules: {NEAR[found] if found is not None else 'the shipped ones'}")
    if found is not None:
        return found
    from pathways import shipped

    return shipped.folder()


def nearest() -> Path | None:
    return next((place for place in NEAR if (place / "ruleset.yaml").exists()), None)
