"""Other people's hostile files, through every door: `python campaigns/corpora.py FOLDER...`.

Each file is read as every kind of rule file, as cases, as a site, as a presentation and as a record, and laid out anew;
each of its lines, and each text in a JSON array, is typed, given and written into a rule. Nothing may be a traceback or take
long, and what is refused is refused in short remarks with a place. A sample goes through the real program. Exit status 1 on
any failure.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import pathways
import small
from bedside import write_rules
from pathways import InvalidPresentation, InvalidRules, cases, inspection
from pathways.cli.bedside import screen_lines
from pathways.documents import Document, read_bytes
from pathways.formatting import spoilt_by
from pathways.interview import Interview, Stage, State
from pathways.layout import laid_out
from pathways.presentations import answer_of, from_json
from pathways.reports.decision import page
from pathways.reports.lines import plain, visible
from pathways.reports.when import When
from pathways.sites import read_site

TODAY = date(2026, 1, 1)
NOW = datetime(2026, 1, 1, 12, 0)  # noqa: DTZ001  # the clock on the wall
LONGEST_REMARK = 16_000
LONGEST_FILE = 2_000_000
SHOWN = 50
Door = Callable[[bytes], str]  # what came of it; raises InvalidRules or InvalidPresentation, and nothing else


class Slow(BaseException):
    """It took more time than it may."""


@dataclass
class Report:
    """What came of everything, and what must not have come."""

    seconds: float
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def meet(self, door: str, name: str, meeting: Callable[[], str]) -> None:
        """Count what comes of one meeting, and keep it if it must not be."""
        try:
            with within(self.seconds):
                came = meeting()
        except (InvalidRules, InvalidPresentation) as error:
            came = "refused"
            wrong = [complaint for remark in error.remarks[:300] for complaint in wrongs(str(remark), remark.place.file)]
            if not error.remarks or wrong:
                came = "refused badly"
                self.failures.append(f"{door}: {name}: {wrong[0] if wrong else 'refused without a remark'}")
        except Slow:
            came = "slow"
            self.failures.append(f"{door}: {name}: over {self.seconds} s")
        except Exception:  # noqa: BLE001  # whatever it is, it is looked for
            came = "traceback"
            self.failures.append(f"{door}: {name}: {traceback.format_exc(limit=-3)}")
        self.counts[door, came] += 1

    def rows(self) -> Iterator[str]:
        for (door, came), count in sorted(self.counts.items()):
            yield f"  {count:8}  {door}: {came}"
        yield f"failures: {len(self.failures)}"
        yield from self.failures[:SHOWN]


def wrongs(remark: str, place: str) -> Iterator[str]:
    """What is wrong with a remark, the file apart."""
    if not place:
        yield f"no place: {remark[:200]}"
    if len(remark) > LONGEST_REMARK:
        yield f"a remark of {len(remark)} characters: {remark[:200]}"
    if not printable(visible(remark)):
        yield f"a remark that steers a terminal: {remark[:200]!r}"


def printable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\x1b" not in text and "\r" not in text


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises Slow after so much time of the processor."""

    def stop(*_: object) -> None:
        raise Slow

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


# -- whole files -----------------------------------------------------------------------------------------------------


class Doors:
    """The doors for whole files; the smallest rule folder is made once, and one of its files replaced each time."""

    def __init__(self, scratch: Path) -> None:
        self.ruleset = small.load(scratch)
        self.folder = scratch / "rules"
        self.site = scratch / "here.site.yaml"
        self.record = self.ruleset.decide({"fever": True}, "nose").to_dict()

    def doors(self) -> dict[str, Door]:
        rule_files = {f"as {name}": self.rules(name) for name in small.FILES}
        return {
            **rule_files,
            "laid out": laid_out_again,
            "as cases": self.cases,
            "as a site": self.sites,
            "as JSON": self.json,
            "as a record": self.replayed,
        }

    def rules(self, name: str) -> Door:
        def door(raw: bytes) -> str:
            file = self.folder / name
            before = file.read_bytes()
            file.write_bytes(raw)
            try:
                return self.checked()
            finally:
                file.write_bytes(before)

        return door

    def checked(self) -> str:
        errors = [one for one in inspection.remarks_of(self.folder, TODAY) if one.severity == "error"]
        try:
            pathways.load(self.folder)
        except InvalidRules:
            assert errors, "refused, and `validate` has nothing to say"
            raise
        return "loaded"

    def cases(self, raw: bytes) -> str:
        file = self.folder / "nose.cases.yaml"
        file.write_bytes(raw)
        try:
            return f"{min(len(cases.run(self.folder, self.ruleset)), 1)} or more cases"
        finally:
            file.unlink()

    def sites(self, raw: bytes) -> str:
        self.site.write_bytes(raw)
        return f"site {self.ruleset.at(read_site(self.site, self.ruleset)).site.configured}"

    def json(self, raw: bytes) -> str:
        self.ruleset.decide(from_json(raw, self.ruleset.findings), "nose").to_json()
        return "decided"

    def replayed(self, raw: bytes) -> str:
        try:
            part = json.loads(raw)
        except (ValueError, RecursionError):
            return str(pathways.replay(raw, self.ruleset).same)
        came = {str(pathways.replay({**self.record, key: part}, self.ruleset).same) for key in ("presentation", "pathways", "engine")}
        return "/".join(sorted(came))


def laid_out_again(raw: bytes) -> str:
    """By `pathways fmt`: what it would write says the same and stays as it is, or it writes nothing."""
    document = read_bytes(raw, Document("corpora.yaml"))
    if document.remarks:
        raise InvalidRules(document.remarks)
    after = laid_out(raw.decode("utf-8"), lambda way: None)
    if spoilt_by(document, raw, after.encode("utf-8")):
        return "left as it was"
    assert laid_out(after, lambda way: None) == after, "laid out again, it is another"
    return "the same"


# -- lines -----------------------------------------------------------------------------------------------------------


class Lines:
    """The doors for a line of text: what is given, typed, or written into a rule."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.ruleset = small.load(scratch)
        self.interview = Interview(pathways.load(write_rules(scratch / "bedside")), lambda: NOW)
        self.states = tuple(stages(self.interview))

    def doors(self) -> dict[str, Callable[[str], str]]:
        return {"given as": self.given, "given to": self.named, "typed": self.typed, "written into a rule": self.written}

    def given(self, text: str) -> str:
        decided = 0
        refused: InvalidPresentation | None = None
        for name, finding in self.ruleset.findings.items():
            try:
                decision = self.ruleset.decide({name: answer_of(finding, text)}, "nose")
                shown(plain(page(decision, self.ruleset, When(NOW))))
                decided += 1
            except InvalidPresentation as error:
                refused = error
        if refused is not None and not decided:
            raise refused
        return "decided"

    def named(self, text: str) -> str:
        self.ruleset.decide({text: True}, "nose")
        self.ruleset.decide({}, text)
        return "decided"

    def typed(self, text: str) -> str:
        """At every kind of screen; what comes back is shown."""
        understood = 0
        for state in self.states:
            reply = self.interview.answer(state, text)
            shown("\n".join(reply.said))
            if reply.state is not state:
                understood += 1
                shown(plain(screen_lines(self.interview, reply.state)))
        return "understood somewhere" if understood else "not understood"

    def written(self, text: str) -> str:
        """As a title, in JSON's quotes, which YAML reads too."""
        title = json.dumps(text, ensure_ascii=True).replace("\\ud", "\\\\ud")
        ruleset = small.load(self.scratch, ("nose.yaml", "title: Nose\n", f"title: {title}\n"))
        shown(plain(page(ruleset.decide({"choking": False}, "nose"), ruleset, When(NOW))))
        return "loaded"


def stages(interview: Interview) -> Iterator[State]:
    """A state for every stage, on the way through one pathway and through one alarm."""
    seen: set[Stage] = set()
    for words in (("1", "?", *["none"] * 20), ("1", "?", "1", "c", *["?"] * 20), ("1", "?", "u", *["1"] * 20)):
        state = interview.start()
        for word in words:
            if state.stage not in seen:
                seen.add(state.stage)
                yield state
            state = interview.answer(state, word).state


def shown(text: str) -> None:
    """What a person would see steers no terminal."""
    assert printable("\n".join(visible(row) for row in text.split("\n"))), "it steers the terminal"


def lines_of(raw: bytes) -> Iterator[str]:
    """The lines of a text file, or the texts of a JSON array."""
    text = raw.decode("utf-8", "surrogateescape")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    found = [one for one in data if isinstance(one, str)] if isinstance(data, list) else text.splitlines()
    yield from (line for line in found if line and len(line) < 10_000)


# -- the real program ------------------------------------------------------------------------------------------------


def program(report: Report, files: Iterable[Path], doors: Doors) -> None:
    """`validate` with the file as a pathway and `triage` with it as a presentation, as processes."""
    nose = doors.folder / "nose.yaml"
    for file in files:
        shutil.copyfile(file, nose)
        run(report, "validate", file, ["validate", str(doors.folder)], {0, 1})
        nose.write_text(small.FILES["nose.yaml"], encoding="utf-8")
        run(report, "triage", file, ["triage", "nose", "--rules", str(doors.folder), "--json", "--input", str(file)], {0, 2})


def run(report: Report, door: str, file: Path, words: list[str], expected: set[int]) -> None:
    name = f"pathways {door}"
    try:
        ended = subprocess.run([sys.executable, "-m", "pathways", *words], capture_output=True, timeout=10 * report.seconds, check=False)
    except subprocess.TimeoutExpired:
        report.failures.append(f"{name}: {file}: does not end")
        return
    report.counts[name, f"exit {ended.returncode}"] += 1
    if ended.returncode not in expected or b"Traceback" in ended.stderr:
        report.failures.append(f"{name}: {file}: exit {ended.returncode}: {ended.stderr[-300:]!r}")
    elif ended.returncode == 2 and (ended.stdout or not ended.stderr):
        report.failures.append(f"{name}: {file}: refused, and printed {ended.stdout[:100]!r}")


# -- the campaign ----------------------------------------------------------------------------------------------------


def campaign(folders: Iterable[Path], seconds: float, processes: int, seed: int) -> Report:
    """Every file of the folders through every door."""
    report = Report(seconds)
    files = [file for folder in folders for file in sorted(folder.rglob("*")) if file.is_file() and file.stat().st_size <= LONGEST_FILE]
    report.counts["files", "read"] = len(files)
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryDirectory() as other:
        doors, lines = Doors(Path(scratch)), Lines(Path(other))
        seen: set[str] = set()
        for done, file in enumerate(files):
            raw = file.read_bytes()
            for door, meet in doors.doors().items():
                report.meet(door, str(file), lambda meet=meet, raw=raw: meet(raw))  # type: ignore[misc]
            for line in lines_of(raw):
                if line not in seen:
                    seen.add(line)
                    for door, read in lines.doors().items():
                        report.meet(door, f"{file}: {line[:200]!r}", lambda read=read, line=line: read(line))  # type: ignore[misc]
            if sys.stderr.isatty() or done % 100 == 99:
                print(f"{done + 1} of {len(files)} files, {len(report.failures)} failures", file=sys.stderr, flush=True)
        sample = random.Random(seed).sample(files, min(processes, len(files)))
        program(report, sample, doors)
    return report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=2.0, help="of the processor, for one file or line at one door")
    parser.add_argument("--processes", type=int, default=100, help="files that go through the real program")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    report = campaign(wanted.folders, wanted.seconds, wanted.processes, wanted.seed)
    for row in report.rows():
        print(row)
    return int(bool(report.failures))


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main())
