"""The one place where text leaves for people: cleaned, wrapped, and with colour only beside words."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import click

from pathways.reports.lines import Line, visible, wrapped

__all__ = ["Idle", "Keyboard", "colour", "say", "wipe"]

STYLES: dict[str, dict[str, Any]] = {
    "heading": {"bold": True},
    "level": {"bold": True, "reverse": True},
    "warning": {"fg": "yellow"},
    "dim": {"dim": True},
}
WIPE = "\x1b[2J\x1b[3J\x1b[H"  # the screen, what was scrolled off it, and home


def colour() -> bool:
    """Whether to colour: on a terminal, unless NO_COLOR is set or the terminal is dumb."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def say(lines: Iterable[Line], err: bool = False) -> None:
    """Print the lines."""
    coloured = colour() and not err
    for line in lines:
        for row in wrapped(line):
            click.echo(click.style(row, **STYLES[line.style]) if coloured and line.style else row, err=err, color=coloured)


def wipe() -> None:
    """Leave nothing of the last patient on the screen."""
    click.echo(WIPE, nl=False, color=True)


class Idle(Exception):
    """Nobody typed anything for too long."""


class Keyboard:
    """Lines typed on a terminal. No history is kept; `limit` is in seconds."""

    def __init__(self, limit: float, file: int = 0) -> None:
        self.limit = limit
        self.file = file
        self._typed = b""

    def line(self, prompt: str) -> str:
        """One line; raises EOFError at the end of the input and Idle after the limit."""
        import select

        click.echo(f"{visible(prompt)} > ", nl=False)
        sys.stdout.flush()
        while b"\n" not in self._typed:
            ready, _, _ = select.select([self.file], [], [], self.limit)
            if not ready:
                raise Idle
            read = self._read()
            if not read:
                raise EOFError
            self._typed += read
        line, _, self._typed = self._typed.partition(b"\n")
        return line.decode("utf-8", "replace")

    def _read(self) -> bytes:
        try:
            return os.read(self.file, 4096)
        except OSError:  # the terminal was closed
            return b""

    def forget(self) -> None:
        """Drop what was typed ahead, so that it does not answer for the next patient."""
        import termios

        self._typed = b""
        with suppress(termios.error):
            termios.tcflush(self.file, termios.TCIFLUSH)
