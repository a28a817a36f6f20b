"""The command line: commands by name, loaded when they are called; exit status; no traceback for what a user can cause.

Exit status: 0 decided (open too) or fine; 1 the rules or cases are at fault; 2 could not run; 3 not covered; 130 stopped.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any

import click

from pathways.remarks import InvalidPresentation, InvalidRules

__all__ = ["cli", "main"]

FINE, RULES_AT_FAULT, COULD_NOT_RUN, NOT_COVERED, INTERRUPTED, BROKEN_PIPE = 0, 1, 2, 3, 130, 141
COMMANDS = {  # name → module that holds it
    "list": "pathways.cli.reading",
    "show": "pathways.cli.reading",
    "triage": "pathways.cli.triage",
    "explain": "pathways.cli.triage",
    "replay": "pathways.cli.triage",
    "test": "pathways.cli.testing",
    "validate": "pathways.cli.checking",
    "remark": "pathways.cli.reading",
    "new": "pathways.cli.authoring",
    "fmt": "pathways.cli.authoring",
    "check": "pathways.cli.proving",
    "diff": "pathways.cli.comparing",
    "report": "pathways.cli.reporting",
    "approve": "pathways.cli.signing",
    "status": "pathways.cli.signing",
    "release": "pathways.cli.releasing",
    "verify": "pathways.cli.releasing",
    "watch": "pathways.cli.watching",
    "schema": "pathways.cli.reading",
    "completion": "pathways.cli.completion",
}


class Commands(click.Group):
    """A group whose commands are imported when they are named, so that a decision does not wait for what it does not use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[cmd_name]), f"{cmd_name}_command")
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from pathways.remarks import near

            ctx.fail(f"`{args[0]}` is not a command: {near(args[0], COMMANDS) or 'one of ' + ', '.join(COMMANDS)}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        status = _guarded(lambda: super(Commands, self).invoke(ctx))
        if status:
            ctx.exit(status)
        return None


def _guarded(command: Callable[[], Any]) -> int:
    """Run a command; what a user can cause becomes a message and a status. Our own mistakes stay visible as such."""
    try:
        try:
            status = command()
            sys.stdout.flush()
        except click.ClickException as error:
            return _misused(error)
        except (InvalidRules, InvalidPresentation) as error:
            return _refused(error)
        except ModuleNotFoundError as error:
            return _not_installed(error)
        except (KeyboardInterrupt, click.Abort):
            click.echo("\nstopped", err=True)
            return INTERRUPTED
    except OSError as error:
        return _unwritten(error)
    return int(status or FINE)


def _misused(error: click.ClickException) -> int:
    """As click shows it, but what was typed cannot steer the terminal."""
    from pathways.reports.lines import visible

    if not isinstance(error, click.exceptions.NoArgsIsHelpError):
        error = click.UsageError(visible(error.format_message()), getattr(error, "ctx", None))
    error.show()
    return error.exit_code


def _refused(error: InvalidRules | InvalidPresentation) -> int:
    """Every remark on the standard error, and nothing on the standard output that could be taken for a decision."""
    from pathways.reports.remarks import counted, remark_rows, remark_sheet

    on_terminal = sys.stderr is not None and sys.stderr.isatty()
    for row in (remark_sheet if on_terminal else remark_rows)(error.remarks):
        click.echo(row, err=True)
    if isinstance(error, InvalidPresentation):
        return COULD_NOT_RUN
    click.echo(counted(error.remarks), err=True)
    return RULES_AT_FAULT


def _not_installed(error: ModuleNotFoundError) -> int:
    """What to install for a command of the extra; that anything else is missing is not the user's doing."""
    from pathways.extras import Missing

    if not isinstance(error, Missing):
        raise error
    click.echo(f"Error: {error}", err=True)
    return COULD_NOT_RUN


def _unwritten(error: OSError) -> int:
    """Nobody reads any more, or the disk is full: the rest cannot be written, and nothing pretends that it was."""
    _drop_output()
    if error.errno == errno.EPIPE:
        return BROKEN_PIPE
    if error.errno not in (errno.ENOSPC, errno.EIO, errno.EBADF, errno.EFBIG, errno.EDQUOT):
        raise error
    with suppress(OSError):
        click.echo(f"could not write: {(error.strerror or 'unknown').lower()}", err=True)
    return COULD_NOT_RUN


def _drop_output() -> None:
    """Let the interpreter end without another complaint about a stdout that is gone."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


EPILOG = """\b
Examples:
  pathways triage                                    asks at the bedside
  pathways triage epistaxis --given nasal_bleeding_now=yes --given age_years=7
  pathways show epistaxis
  pathways COMMAND --help"""


@click.group(cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda ctx, _, wanted: _version(ctx, wanted),
    help="Say the version.",
)
def cli() -> None:
    """Decision support for ENT emergencies, for qualified clinicians.

    The rules are drafts that no clinician has approved. They support, and do not replace, clinical judgement.
    """


def _version(ctx: click.Context, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from pathways.ruleset import ENGINE

        click.echo(ENGINE)
        ctx.exit()


def main() -> None:
    """The command `pathways`.

    A process that decides once and ends has no garbage worth a search: a tenth of its time. Who stays longer
    (`checking`, `bedside`) switches the collector on.
    """
    gc.disable()
    if sys.stdout is None:
        click.echo("could not write: the standard output is closed", err=True)
        _end(COULD_NOT_RUN)
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115  # open to the end, and no pathlib at the bedside
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without the character shows its code, not a traceback
    if "_PATHWAYS_COMPLETE" in os.environ:
        from pathways.cli.shells import answer

        answer()
    try:
        _end(_guarded(lambda: cli.main(prog_name="pathways", standalone_mode=False)))
    except SystemExit as stop:
        _end(stop.code)
    except KeyboardInterrupt:
        _end(INTERRUPTED)


def _end(code: Any) -> None:
    """End at once, everything being written: taking thousands of rules apart on the way out would cost a thirtieth of the time."""
    if not isinstance(code, int | None):
        sys.exit(code)
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError as error:
            code = code or (BROKEN_PIPE if error.errno == errno.EPIPE else COULD_NOT_RUN)
    os._exit(code or FINE)
