"""`watch`: validate, test and check again on every save, with the time that each took."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from pathways.cli import clock
from pathways.cli.folders import FOLDER, authored_folder
from pathways.cli.output import fitted, root_of
from pathways.extras import Missing
from pathways.remarks import InvalidRules, Severity
from pathways.reports.cases import Ran, case_rows
from pathways.reports.remarks import counted, remark_rows
from pathways.watching import Desk

__all__ = ["watch_command"]

QUIET = 100  # milliseconds without a save before anything is run: an editor writes in several steps
LONGEST = 1000  # milliseconds after which saves that do not end are looked at all the same
LOOK = 200  # milliseconds between two looks at whether the check has ended


@click.command("watch", epilog="\b\nExample:\n  pathways watch rules")
@FOLDER
def watch_command(folder: str | None) -> int:
    """Validate and test on every save.

    The rules in FOLDER; if left out, in the folder here or in ./rules: all of them first, then on every save the pathways that
    it concerns; whatever is in order is then checked as a whole. Each step says how long it took. Nothing is cleared, broken
    rules end nothing, and Ctrl-C ends it.
    """
    try:
        from watchfiles import watch
    except ModuleNotFoundError:
        raise Missing("`watch` needs", "watchfiles") from None

    where = authored_folder(folder)
    desk, checking = Desk(where), Checking(where)
    looked = False
    unseen: set[str] | None = None  # what was saved and is not tested yet; at first all files
    try:
        _say(f"watching {where}; Ctrl-C ends it")
        # The first look too is taken inside: what is saved while it lasts is noticed.
        saves = watch(where, watch_filter=_ours, debounce=LONGEST, step=QUIET, rust_timeout=LOOK, yield_on_timeout=True, recursive=False)
        for changes in saves:
            checking.look()
            saved = {Path(path).name for _, path in changes}
            if saved:
                _say(f"\n{', '.join(sorted(saved))} saved")
            elif looked:
                continue
            looked = True
            unseen = None if unseen is None else unseen | saved
            checking.stop()
            with _collected():
                clean = _round(desk, unseen)
            if clean is not None:
                unseen = set()
            if clean:
                checking.begin()
    except KeyboardInterrupt:
        pass
    finally:
        checking.stop()
    _say("\nstopped")
    return 0


def _ours(change: object, path: str) -> bool:
    """Whether it is a rule file that was saved; names that begin with a dot belong to editors."""
    name = Path(path).name
    return name.endswith(".yaml") and not name.startswith(".")


def _round(desk: Desk, saved: Collection[str] | None) -> bool | None:
    """Validate and test once; whether all is well, or None where the rules do not load, so that nothing was tested."""
    begun = time.perf_counter()
    validated = desk.validated(saved, clock.today())
    _step("validate", begun, counted(validated.remarks), remark_rows(validated.remarks))
    if validated.ruleset is None:
        return None
    begun = time.perf_counter()
    try:
        ran = Ran(desk.tested(validated), root_of(desk.folder))
    except InvalidRules as error:
        _step("test", begun, counted(error.remarks), remark_rows(error.remarks))
        return None
    whole = len(validated.pathways) == len(validated.ruleset.pathways)
    _step(
        "test",
        begun,
        f"{'all' if whole else ', '.join(validated.pathways)}: {ran.counted}",
        (row for result in ran.failed for row in case_rows(result)),
    )
    return not ran.failed and not any(remark.severity is Severity.ERROR for remark in validated.remarks)


def _step(name: str, begun: float, result: str, rows: Iterable[str]) -> None:
    for row in fitted(rows):
        click.echo(row)
    _say(f"{name:<8}  {time.perf_counter() - begun:6.2f} s  {result}")


def _say(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()


@contextmanager
def _collected() -> Iterator[None]:
    """Without a search for garbage, which would take a third of the time; it is made up for while nobody waits."""
    gc.disable()
    try:
        yield
    finally:
        gc.collect()


class Checking:
    """`pathways check` in a process of its own: a save while it runs ends it."""

    def __init__(self, folder: Path) -> None:
        from pathways.cli import COMMANDS

        self.command = [sys.executable, "-m", "pathways", "check", str(folder)] if "check" in COMMANDS else []
        self.process: subprocess.Popen[bytes] | None = None
        self.begun = 0.0

    def begin(self) -> None:
        """Check the folder from the beginning."""
        if self.command:
            self.begun = time.perf_counter()
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603  # ourselves

    def look(self) -> None:
        """Say how it ended, once it has."""
        if self.process is not None and (status := self.process.poll()) is not None:
            self.process = None
            _step("check", self.begun, {0: "nothing to complain of", 1: "see above"}.get(status, "could not run"), ())

    def stop(self) -> None:
        """End it, if it runs."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGTERM)  # with the processes that it started
            self.process.wait()
            self.process = None
