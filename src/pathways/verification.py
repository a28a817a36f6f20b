"""The verification report: what the tools say of a rule folder, as one record that is bound to its rules and its cases.

A record speaks of one digest and of case files with these very bytes; of any others it says nothing, and is refused.
It holds no times, so that the same folder makes the same record. A part that was not run says why.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from pathways.extras import Missing
from pathways.ruleset import ENGINE

if TYPE_CHECKING:
    from pathways.cases import ReadCase
    from pathways.ruleset import RuleSet

__all__ = ["AGAINST", "PARTS", "PATIENTS", "NotVerified", "Verification", "bound_files", "read_verification", "verified"]

FORMAT = 1
PATIENTS = 2000  # of each pathway, known in full and in part
LARGEST = 100_000_000  # bytes of a record
NOT_ASKED = "not asked for"
PARTS = ("test", "check", "coverage", "mutants", "differential")
Data: TypeAlias = Mapping[str, Any]
Watch: TypeAlias = Callable[[Iterable[Any], int, str], Iterable[Any]]


class NotVerified(ValueError):
    """What was read is no record of these rules with these cases, and why."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What the tools said of one rule set. A part is what the tool prints as JSON; `not_run` says of the others why."""

    ruleset: Data  # id, version, digest
    engine: str
    day: str  # on which reviews were looked at
    files: Mapping[str, str]  # case files and requirements → SHA-256
    parts: Mapping[str, Data]
    not_run: Mapping[str, str]

    @property
    def digest(self) -> str:
        found: str = self.ruleset["digest"]
        return found

    def to_json(self) -> str:
        """The record, byte-equal for equal findings."""
        data = {
            "format": FORMAT,
            "ruleset": dict(self.ruleset),
            "engine": self.engine,
            "day": self.day,
            "files": dict(self.files),
            **{part: self.parts.get(part) for part in PARTS},
            "not_run": dict(self.not_run),
        }
        return json.dumps(data, indent=1, ensure_ascii=False) + "\n"

    def against(self, part: str) -> tuple[str, ...]:
        """What a part that was run says against the rules or their cases."""
        return tuple(AGAINST[part](self.parts[part])) if part in self.parts else ()

    def open_points(self) -> tuple[str, ...]:
        """Everything that was not run, or does not hold; nothing where all of it does."""
        missing = [f"{part}: not run, {why}" for part, why in self.not_run.items()]
        return (*missing, *(f"{part}: {text}" for part in PARTS for text in self.against(part)))

    @property
    def fails(self) -> bool:
        """Whether something does not hold, or could not be run though it was asked for."""
        return any(map(self.against, PARTS)) or any(why != NOT_ASKED for why in self.not_run.values())


# -- what speaks against the rules in each part ----------------------------------------------------------------------


def _failed(data: Data) -> Iterator[str]:
    if data["failed"]:
        yield f"{data['failed']} of {data['cases']} cases fail"


def _not_proved(data: Data) -> Iterator[str]:
    asked = {one["property"] for one in data["results"]}  # of pairs of pathways nothing is asked where there is one
    yield from (f"{one['id']} is {one['verdict']}" for one in data["properties"] if one["id"] in asked and one["verdict"] != "proved")


def _not_covered(data: Data) -> Iterator[str]:
    if data["covered"] < data["possible"]:
        yield f"{data['possible'] - data['covered']} of {data['possible']} points are exercised by no case"


def _not_noticed(data: Data) -> Iterator[str]:
    gated = _gated(data)
    for fate, said in (("survived", "survived"), ("untried", "could not be tried")):
        count = sum(edit["fate"] == fate for edit in gated)
        if count:
            yield f"{count} of {len(gated)} edits {said}"
    if data["unfit_cases"]:
        yield f"{data['unfit_cases']} cases fail without any edit"


def _gated(data: Data) -> list[Data]:
    """All single edits but added literals, which are a figure and no gate."""
    from pathways.slips import ADDED

    return [edit for edit in data["edits"] if edit["kind"] != ADDED]


def _disagreed(data: Data) -> Iterator[str]:
    yield from (f"{one['pathway']}: {len(one['disagreements'])} disagreements" for one in data["pathways"] if one["disagreements"])


AGAINST: Mapping[str, Callable[[Data], Iterator[str]]] = MappingProxyType(
    {"test": _failed, "check": _not_proved, "coverage": _not_covered, "mutants": _not_noticed, "differential": _disagreed}
)


# -- running the tools -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Run:
    """What a part is run on, and how."""

    folder: Path
    ruleset: RuleSet
    cases: tuple[ReadCase, ...]
    day: date
    patients: int
    jobs: int
    watch: Watch


def verified(
    folder: Path,
    day: date,
    parts: Iterable[str] = PARTS,
    patients: int = PATIENTS,
    jobs: int = 1,
    watch: Watch = lambda values, count, what: values,
) -> Verification:
    """Run these tools on the folder; what is missing for one of them keeps that one from running, and is said.

    `watch` passes on the results of a tool as they come, and hears how many they will be and of what. Raises InvalidRules
    where the rules or the cases do not load.
    """
    from pathways.cases import read_cases
    from pathways.compiler import ruleset_of
    from pathways.loader import read

    ruleset = ruleset_of(read(folder))
    run = _Run(folder, ruleset, read_cases(folder, ruleset), day, patients, jobs, watch)
    wanted = set(parts)
    found: dict[str, Data] = {}
    not_run: dict[str, str] = {}
    for part, tool in TOOLS.items():
        if part not in wanted:
            not_run[part] = NOT_ASKED
            continue
        try:
            found[part] = tool(run)
        except Missing as error:
            not_run[part] = str(error)
    about = {"id": ruleset.id, "version": ruleset.version, "digest": ruleset.digest}
    return Verification(about, ENGINE, day.isoformat(), bound_files(folder), found, not_run)


def _test(run: _Run) -> Data:
    from pathways.cases import run_cases

    results = list(run.watch(run_cases(run.cases, run.jobs), len(run.cases), "cases"))
    failures = [f"{result.case.pathway}: {result.case.name}" for result in results if not result.passed]
    return {"cases": len(results), "passed": len(results) - len(failures), "failed": len(failures), "failures": failures}


def _check(run: _Run) -> Data:
    from pathways.checks import check
    from pathways.reports.checks import Checked, check_data
    from pathways.reports.roots import Root

    report = check(run.folder, (), run.jobs, lambda results, count: run.watch(results, count, "properties"), run.day)
    data = check_data(Checked(report, Root(run.folder.resolve().name, "")))
    timeless = [{key: value for key, value in one.items() if key not in ("seconds", "questions")} for one in data["results"]]
    return {**data, "results": timeless}


def _coverage(run: _Run) -> Data:
    from pathways.checks import open_book
    from pathways.coverage import coverage
    from pathways.reports.coverage import Measured, coverage_data
    from pathways.reports.roots import Root

    found = coverage(open_book(run.folder, run.day), run.cases)
    return coverage_data(Measured(found, Root(run.folder.resolve().name, "")))


def _mutants(run: _Run) -> Data:
    from pathways.checks import open_book
    from pathways.mutants import try_all
    from pathways.reports.mutants import Mutated, mutants_data
    from pathways.reports.roots import Root

    book = open_book(run.folder, run.day)
    found = try_all(book, run.cases, None, run.jobs, lambda tried, count: run.watch(tried, count, "edits"))
    data = mutants_data(Mutated(found, Root(run.folder.resolve().name, ""), 0))
    return {key: value for key, value in data.items() if key != "seconds"}


def _differential(run: _Run) -> Data:
    from pathways.agreement import agreement
    from pathways.content import Content

    def watch(portions: Iterable[list[str]], count: int) -> Iterable[list[str]]:
        return run.watch(portions, count, "portions of patients")

    found = agreement(run.ruleset, Content(run.ruleset.content()), run.patients, run.jobs, watch)
    rows = [{"pathway": one.pathway, "patients": one.patients, "disagreements": list(one.disagreements)} for one in found.pathways]
    return {"between": ["engine", "plain reading"], "known": ["in full", "in part"], "pathways": rows}


TOOLS: Mapping[str, Callable[[_Run], Data]] = MappingProxyType(
    {"test": _test, "check": _check, "coverage": _coverage, "mutants": _mutants, "differential": _differential}
)


# -- what a record is bound to ---------------------------------------------------------------------------------------


def bound_files(folder: Path) -> dict[str, str]:
    """SHA-256 of each file beside the rules on which the answers depend: the cases, and what is required of the rules."""
    names = sorted([*(file.name for file in folder.glob("*.cases.yaml") if not file.name.startswith(".")), "requirements.yaml"])
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names if (folder / name).is_file()}


def read_verification(data: bytes, digest: str, folder: Path) -> Verification:
    """The record, if it is one of the rules with this digest and of the case files in the folder; raises NotVerified."""
    found = _read(data)
    if found.digest != digest:
        raise NotVerified(f"is of the rules {found.digest[:12]}, and these are {digest[:12]}: run `pathways report` again")
    if found.engine != ENGINE:
        raise NotVerified(f"was made by {found.engine}, and this is {ENGINE}: run `pathways report` again")
    now = bound_files(folder)
    changed = [name for name in sorted({*now, *found.files}) if now.get(name) != found.files.get(name)]
    if changed:
        raise NotVerified(f"was made with another {changed[0]}: run `pathways report` again")
    return found


def _read(data: bytes) -> Verification:
    if len(data) > LARGEST:
        raise NotVerified("is too large for a verification report")
    try:
        record = json.loads(data)
    except (ValueError, RecursionError):
        raise NotVerified("is not JSON") from None
    wanted = {"format", "ruleset", "engine", "day", "files", *PARTS, "not_run"}
    if not isinstance(record, dict) or record.keys() != wanted or record["format"] != FORMAT:
        raise NotVerified("is no verification report of this format")
    parts = {part: record[part] for part in PARTS if record[part] is not None}
    whole = all(isinstance(record[key], dict) for key in ("ruleset", "files", "not_run", *parts))
    if not whole or {*parts, *record["not_run"]} != set(PARTS) or not isinstance(record["ruleset"].get("digest"), str):
        raise NotVerified("is no verification report of this format")
    return Verification(record["ruleset"], str(record["engine"]), str(record["day"]), record["files"], parts, record["not_run"])
