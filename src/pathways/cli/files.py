"""Files that a user names: regular ones, read whole and at most so long, and written whole or not at all.

A pipe or a folder is refused, not waited for.
"""

from __future__ import annotations

import sys
from typing import Any

import click

__all__ = ["Folder", "folder_option", "input_bytes", "regular", "write_whole"]


class Folder(click.Path):
    """A folder that is named; a file is refused in plain words."""

    def __init__(self, exists: bool = False) -> None:
        super().__init__(exists=exists, file_okay=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from pathlib import Path

        if Path(value).is_file():
            self.fail(f"`{value}` is a file; name the folder that it lies in", param, ctx)
        return super().convert(value, param, ctx)


LONGEST = 1_000_001  # one byte more than a presentation may have, so that the reader refuses it


def input_bytes(name: str) -> bytes:
    """What stands in the file, or on the standard input for `-`. Raises click.UsageError."""
    if name == "-":
        return sys.stdin.buffer.read(LONGEST)
    from pathlib import Path

    regular(name)
    try:
        with Path(name).open("rb") as stream:
            return stream.read(LONGEST)
    except OSError as error:
        raise _refused(name, error) from None


def regular(name: str) -> str:
    """The name again, if it is a regular file. Raises click.UsageError."""
    import stat
    from pathlib import Path

    try:
        mode = Path(name).stat().st_mode
    except (OSError, ValueError) as error:
        raise _refused(name, error) from None
    if not stat.S_ISREG(mode):
        raise click.UsageError(
            f"`{shown(name)}` is {'a folder' if stat.S_ISDIR(mode) else 'not a regular file'}; name a file, or `-` for the input"
        )
    return name


def write_whole(name: str, text: str) -> None:
    """Write the file, so that nobody ever reads half of it. Raises click.UsageError."""
    from pathlib import Path

    from pathways.saving import replace

    if name == "-":
        raise click.UsageError("`-` is not a file; the report is printed where --output is left out")
    try:
        if Path(name).exists():
            regular(name)
        replace({Path(name): text.encode()})
    except (OSError, ValueError) as error:
        raise _refused(name, error, "written") from None


def _refused(name: str, error: Exception, what: str = "read") -> click.UsageError:
    why = getattr(error, "strerror", None) or str(error)
    return click.UsageError(f"`{shown(name)}` cannot be {what}: {why.lower()}")


def shown(name: str) -> str:
    from pathways.reports.lines import visible

    return visible(name)


def folder_option(command: Any) -> Any:
    """`--rules FOLDER`."""
    return click.option("--rules", metavar="FOLDER", type=Folder(exists=True), help="The rules in FOLDER instead of the shipped ones.")(
        command
    )
