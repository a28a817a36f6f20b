"""What was proved, tested and measured of the rules, what refutes it, and what nobody has checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pathways.content import RED_FLAGS
from pathways.reports.verification import SUMS
from pathways.site.page import Page
from pathways.site.proofs import PROVED, Proof
from pathways.site.volume import Volume
from pathways.slips import ADDED
from pathways.verification import AGAINST

__all__ = ["NAMES", "Row", "pages"]

NAMES = {
    "test": "the cases, each decided and compared with what its author expects",
    "check": "the properties, each asked of every possible patient or of every line of the rules",
    "coverage": "which rules, comparisons and limits the cases exercise",
    "mutants": "single edits of the rules, each tried on the cases",
    "differential": "drawn patients, read by the engine and by a second, plain reading",
}
_NAME = re.compile(r"(`?\b[a-z][a-z0-9_]*\b`?)")
FATES = ("killed", "equivalent", "survived", "untried")


class Row(NamedTuple):
    """One tool: what it is about, what it said, from where that is, whether it speaks for the rules, and against them."""

    part: str
    about: str
    said: str
    origin: str
    good: bool


def pages(volume: Volume) -> Iterator[Page]:
    """One page."""
    parts = volume.verification.parts
    values = {
        "rows": list(rows(volume)),
        "requirements": [(one, volume.proofs.of_requirement(one)) for one in volume.requirements],
        "check": parts.get("check"),
        "size": "" if "check" not in parts else _power(int(parts["check"]["patients"])),
        "methods": {} if "check" not in parts else {one["id"]: one["method"] for one in parts["check"]["properties"]},
        "failing": [(one, _failing(volume, one)) for one in volume.proofs.everywhere],
        "notes": [] if "check" not in parts else list(_notes(volume, parts["check"])),
        "failed": [result for result in volume.cases if not result.passed],
        "coverage": None if "coverage" not in parts else _coverage(volume, parts["coverage"]),
        "mutants": None if "mutants" not in parts else _mutants(volume, parts["mutants"]),
        "differential": parts.get("differential"),
        "missing": volume.verification.missing,
        "files": frozenset(volume.authored.documents),
    }
    yield Page("verification", "What was proved and tested", "verification", values)


def rows(volume: Volume) -> Iterator[Row]:
    """A row for each tool; the cases were decided in this build in any case."""
    found = volume.verification
    passed = sum(result.passed for result in volume.cases)
    for part, about in NAMES.items():
        if part == "test":
            said = f"{passed} of {len(volume.cases)} cases passed"
            yield Row(part, about, said, "in this build", passed == len(volume.cases))
        elif part in found.parts:
            yield Row(part, about, SUMS[part](found.parts[part]), found.origin[part], not any(AGAINST[part](found.parts[part])))
        else:
            yield Row(part, about, f"not checked in this build: {found.missing[part]}", "", False)


def _power(count: int) -> tuple[str, int]:
    """A large number as mantissa and power of ten."""
    mantissa, _, exponent = f"{count:.1e}".partition("e")
    return mantissa, int(exponent)


def _failing(volume: Volume, proof: Proof) -> list[tuple[str, str, str]]:
    """For what a property does not hold, how it stands there, and what kept it from being decided or asked."""
    record = volume.verification.parts.get("check")
    return [
        (" + ".join(one["subject"]) or "the rule set", one["verdict"], one["limit"] or one["missing"])
        for one in (record["results"] if record else ())
        if one["property"] == proof.property and one["verdict"] != PROVED
    ]


def _notes(volume: Volume, record: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """The property, the note with names in the words of the bedside, and the note as it was told."""
    for one in record["results"]:
        for remark in one["remarks"]:
            if remark["severity"] == "note":
                words = _words(volume, remark["file"].rpartition("/")[2].removesuffix(".yaml"))
                yield one["property"], "".join(words.get(part.strip("`"), part) for part in _NAME.split(remark["message"])), remark


def _words(volume: Volume, pathway: str) -> dict[str, str]:
    """What each id is called, the rules by those of the pathway whose file it is; an id of one plain word stays what it is."""
    ruleset = volume.ruleset
    said = {level.id: level.id.replace("_", " ") for level in ruleset.urgency}
    said |= {name: f'"{one.ask}"' for name, one in ruleset.findings.items()}
    said |= {one.id: f'"{one.title}"' for one in ruleset.rules if one.pathway == pathway}
    return {name: text for name, text in said.items() if "_" in name} | {name: one.title for name, one in ruleset.pathways.items()}


class Counts(NamedTuple):
    """A table: a row for each pathway with its counts under the columns, the sum last."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    listed: tuple[Mapping[str, Any], ...]  # what is told one by one
    beside: tuple[Mapping[str, Any], ...]  # what is told too, and is no fault


def _titles(volume: Volume) -> dict[str | None, str]:
    return {RED_FLAGS: "shared", **{name: one.title for name, one in volume.ruleset.pathways.items()}, None: "all"}


def _coverage(volume: Volume, data: Mapping[str, Any]) -> Counts:
    kinds = tuple(dict.fromkeys(point["kind"] for point in data["points"]))

    def count(pathway: str | None, kind: str) -> str:
        states = [one["state"] for one in data["points"] if pathway in (None, one["pathway"]) and one["kind"] == kind]
        possible = len(states) - states.count("impossible")
        return f"{states.count('covered')} of {possible}" if possible else "-"

    found = tuple((title, tuple(count(name, kind) for kind in kinds)) for name, title in _titles(volume).items())
    missing, impossible = (tuple(one for one in data["points"] if one["state"] == state) for state in ("missing", "impossible"))
    return Counts(kinds, found, missing, impossible)


def _mutants(volume: Volume, data: Mapping[str, Any]) -> Counts:
    gated = [edit for edit in data["edits"] if edit["kind"] != ADDED]

    def count(pathway: str | None, fate: str) -> str:
        return str(sum(edit["fate"] == fate for edit in gated if pathway in (None, edit["pathway"])))

    found = tuple((title, tuple(count(name, fate) for fate in FATES)) for name, title in _titles(volume).items())
    return Counts(FATES, found, tuple(edit for edit in gated if edit["fate"] in FATES[2:]), ())
