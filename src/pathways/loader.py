"""A rule folder → what its authors wrote, read and checked; or a remark for every mistake in it.

Nothing half-read leaves this module: a rule set is whole, or InvalidRules says what keeps it from being so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from pydantic import BaseModel

from pathways import consistency
from pathways.conditions import AllOf, AnyOf, Condition, InvalidCondition, Kinds, parse
from pathways.documents import Document, Path_, read_document
from pathways.fitting import fit, salvaged
from pathways.model import DefinitionPart, FindingPart, FindingsFile, ItemsFile, PathwayFile, RuleSetFile, SourcesFile
from pathways.remarks import MANY, InvalidRules, Place, Remark, Severity, first, near, short

__all__ = ["Authored", "AuthoredPathway", "Reading", "attempt", "beside", "files", "in_order", "kinds_of", "read", "remarks_of", "shut"]

SHARED: Mapping[str, type[BaseModel]] = {
    "ruleset.yaml": RuleSetFile,
    "findings.yaml": FindingsFile,
    "items.yaml": ItemsFile,
    "sources.yaml": SourcesFile,
}
NOT_PATHWAYS = {*SHARED, "requirements.yaml", "hazards.yaml", "approvals.yaml", "site.yaml"}
Model = TypeVar("Model")
Reading: TypeAlias = Callable[[Path, str], Document]


@dataclass(frozen=True, slots=True)
class AuthoredPathway:
    """One pathway file: the model, its document for places, and its conditions read."""

    part: PathwayFile
    document: Document
    rules: dict[str, Condition]
    applies: Condition | None
    definitions: dict[str, Condition]


@dataclass(slots=True)
class Authored:
    """Everything that the authors of a rule folder wrote, with places."""

    folder: Path
    documents: dict[str, Document]
    ruleset: RuleSetFile
    findings: FindingsFile
    items: ItemsFile
    sources: SourcesFile
    gates: dict[str, Condition] = field(default_factory=dict)
    definitions: dict[str, Condition] = field(default_factory=dict)
    constraints: dict[str, tuple[Condition, Condition]] = field(default_factory=dict)
    red_flags: dict[str, Condition] = field(default_factory=dict)
    pathways: dict[str, AuthoredPathway] = field(default_factory=dict)
    warnings: tuple[Remark, ...] = ()
    unreadable: frozenset[str] = frozenset()

    def definitions_of(self, pathway: str) -> dict[str, Condition]:
        """The definitions that a pathway may name: the shared ones and its own; the shared ones alone for what is no pathway."""
        own = self.pathways.get(pathway)
        return self.definitions if own is None else {**self.definitions, **own.definitions}


def read(folder: Path) -> Authored:
    """Read and check the rule folder; raises InvalidRules with every mistake found."""
    authored, remarks = attempt(folder)
    if authored is None or any(remark.severity is Severity.ERROR for remark in remarks):
        raise InvalidRules(remarks)
    authored.warnings = remarks
    return authored


def remarks_of(folder: Path) -> tuple[Remark, ...]:
    """Every remark on the rule folder, warnings included; none of severity error means that it loads."""
    return attempt(folder)[1]


def attempt(folder: Path, reading: Reading = read_document) -> tuple[Authored | None, tuple[Remark, ...]]:
    """What could be read of the rule folder, and every remark on it; with an error it is good for no more than remarks."""
    authored, remarks = _read(folder, reading)
    return authored, tuple(in_order(remarks))


def in_order(remarks: Iterable[Remark]) -> list[Remark]:
    """Each remark once, by file and place; of one file at most so many as anybody reads."""
    found = sorted(dict.fromkeys(remarks), key=lambda remark: (remark.place.file, remark.place.line, remark.place.column, remark.code))
    by_file = groupby(found, key=lambda remark: remark.place.file)
    return [remark for file, of_file in by_file for remark in _of_file(list(of_file), Place(file))]


def _of_file(remarks: list[Remark], place: Place) -> list[Remark]:
    """Where there are very many, those that keep the file from loading come before any warning."""
    errors = [remark for remark in remarks if remark.severity is Severity.ERROR]
    return first(errors if errors and len(remarks) > MANY else remarks, place)


def _read(folder: Path, reading: Reading) -> tuple[Authored | None, list[Remark]]:
    if (closed := shut(folder)) is not None:
        return None, [closed]
    folder = folder.resolve()  # `.` has no name of its own
    remarks: list[Remark] = []
    unreadable: set[str] = set()
    shared: dict[str, Any] = {}
    documents: dict[str, Document] = {}
    for name, model in SHARED.items():
        file = folder / name
        if (file.exists() or file.is_symlink()) and not inside(file, folder):
            remarks.append(outside(file, folder))
            document = Document(f"{folder.name}/{name}")
        else:
            document = reading(file, f"{folder.name}/{name}")
        documents[name] = document
        shared[name] = _modelled(document, model, remarks, unreadable)
    pathways: dict[str, tuple[PathwayFile, Document]] = {}
    for file in _pathway_files(folder, remarks):
        document = reading(file, f"{folder.name}/{file.name}")
        documents[file.name] = document
        part = _modelled(document, PathwayFile, remarks, unreadable)
        if part is None:
            unreadable.add(file.stem)
            continue
        if part.pathway != file.stem:
            remarks.append(
                Remark(
                    "file-name",
                    f"the file holds the pathway `{part.pathway}`",
                    document.place(("pathway",)),
                    f"name the file {part.pathway}.yaml",
                )
            )
        pathways[part.pathway] = (part, document)
    if not pathways and not remarks:
        place = Place(f"{folder.name}/ruleset.yaml")
        remarks.append(Remark("no-pathways", "there is no pathway beside it", place, "write one as NAME.yaml; its `pathway:` is NAME"))
    if any(part is None for part in shared.values()):
        return None, remarks
    authored = Authored(folder, documents, shared["ruleset.yaml"], shared["findings.yaml"], shared["items.yaml"], shared["sources.yaml"])
    authored.unreadable = frozenset(unreadable)
    further = _read_conditions(authored, pathways)
    complete = not any(remark.severity is Severity.ERROR for remark in (*remarks, *further))
    further += consistency.remarks(authored, complete)
    return authored, [*remarks, *(remark for remark in further if not _follows(remark, unreadable))]


def _follows(remark: Remark, unreadable: set[str]) -> bool:
    """Whether a name is unknown only because what it names could not be read, which has a remark of its own."""
    return remark.code.startswith("unknown-") and any(remark.message.startswith(f"`{name}` ") for name in unreadable)


def shut(folder: Path) -> Remark | None:
    """Why nothing in the folder can be read."""
    try:
        if folder.is_dir():
            next(folder.iterdir(), None)  # may its names be read, and
            (folder / "ruleset.yaml").exists()  # may it be entered?
            return None if any(file.suffix.lower() in (".yaml", ".yml") for file in folder.iterdir()) else _empty(folder)
    except OSError as error:
        return Remark("cannot-read", f"the folder cannot be read: {(error.strerror or 'unknown').lower()}", Place(short(str(folder))))
    return Remark("no-folder", "there is no such folder", Place(str(folder)), "name a folder that holds ruleset.yaml")


def _empty(folder: Path) -> Remark:
    help = "name the folder that holds ruleset.yaml; `pathways new PATHWAY FOLDER` begins a rule set"
    return Remark("cannot-read", "the folder holds no rule file", Place(short(folder.resolve().name)), help)


def _pathway_files(folder: Path, remarks: list[Remark]) -> Iterator[Path]:
    for file in files(folder, "*.yaml", remarks):
        if file.name in NOT_PATHWAYS or file.name.endswith((".cases.yaml", ".site.yaml")):
            continue
        if "." in file.stem:
            help = "a pathway is NAME.yaml, its cases NAME.cases.yaml, a place of care NAME.site.yaml"
            remarks.append(Remark("file-name", f"`{file.name}` is no name of a file here", Place(f"{folder.name}/{file.name}"), help))
            continue
        yield file


def files(folder: Path, pattern: str, remarks: list[Remark]) -> Iterator[Path]:
    """The files of the folder with such a name, in order; what is no file of the folder is remarked upon and left out.

    Names that begin with a dot belong to editors.
    """
    for file in sorted(file for file in folder.glob(pattern) if not file.name.startswith(".")):
        if inside(file, folder):
            yield file
        elif file.name not in SHARED:
            remarks.append(outside(file, folder))


def beside(folder: Path, name: str, model: type[Model]) -> tuple[Model | None, Document, list[Remark]]:
    """A file that stands beside the rules and may be missing, as far as it can be read.

    With a remark it is good for no more than further remarks.
    """
    folder = folder.resolve()
    remarks: list[Remark] = []
    document = Document(f"{folder.name}/{name}")
    part: Model | None = None
    for file in files(folder, name, remarks):
        document = read_document(file, document.file)
        remarks += document.remarks
        if document.data is not None:
            part, wrong = fit(document, document.data, model)
            remarks += wrong
            if part is None:
                part = salvaged(document.data, model)[0]
    return part, document, remarks


def inside(file: Path, folder: Path) -> bool:
    """Whether it is a regular file of the folder, links followed (H46)."""
    return file.is_file() and file.resolve().is_relative_to(folder.resolve())


def outside(file: Path, folder: Path) -> Remark:
    """The remark for what is no regular file of the folder."""
    place = Place(f"{folder.name}/{file.name}")
    if file.is_dir():
        return Remark("outside", "a folder that is called like a file", place, "rename the folder; only files beside ruleset.yaml are read")
    if not file.exists():
        return Remark("outside", "a link to a file that is not there", place, "copy the file into the folder")
    return Remark("outside", "not a regular file inside the rule folder", place, "copy the file into the folder")


def _modelled(document: Document, model: type[Model], remarks: list[Remark], unreadable: set[str]) -> Model | None:
    """The model of a document, as far as it can be made: mistakes are told, and what is sound around them is read on.

    `unreadable` collects the names of what is declared and cannot be read, of which nobody needs to hear twice.
    """
    remarks.extend(document.remarks)
    if document.data is None:
        return None
    fitted: Model | None
    fitted, found = fit(document, document.data, model)
    remarks.extend(found)
    if fitted is None:
        # Only so that one run tells every mistake: with an error told, nothing is loaded.
        fitted, left_out = salvaged(document.data, model)
        unreadable |= left_out
    return fitted


# -- conditions ------------------------------------------------------------------------------------------------------


class _ReadFinding:
    """A finding as a reader of conditions sees it."""

    def __init__(self, part: FindingPart) -> None:
        self.kind = part.kind
        self.unit = part.unit or ""
        self.range = tuple(sorted(part.range)) if part.range else None
        self.resolution = part.resolution
        self.values = part.values or {}


def kinds_of(authored: Authored) -> Kinds:
    """What a condition may name that belongs to no pathway: the findings and the shared definitions."""
    findings = {name: _ReadFinding(part) for name, part in authored.findings.findings.items()}
    return Kinds(findings, authored.ruleset.definitions, near)


def _read_conditions(authored: Authored, pathways: dict[str, tuple[PathwayFile, Document]]) -> list[Remark]:
    remarks: list[Remark] = []
    kinds = kinds_of(authored)
    ruleset, documents = authored.ruleset, authored.documents

    def condition(data: Any, document: Document, path: Path_, known: Kinds = kinds) -> Condition | None:
        try:
            return parse(data, known, ())
        except InvalidCondition as error:
            remarks.extend(Remark(one.code, one.message, document.place((*path, *one.path)), one.help) for one in error.mistakes)
            return None

    def definition(part: DefinitionPart, document: Document, path: Path_, known: Kinds) -> Condition | None:
        if (part.when is None) == (part.table is None):
            remarks.append(Remark("wrong-shape", "a definition has `when` or `table`, one of the two", document.place(path)))
            return None
        if part.table is None:
            return condition(part.when, document, (*path, "when"), known)
        bands = []
        for n, row in enumerate(part.table.rows):
            at = (*path, "table", "rows", n)
            by = condition({part.table.by: row.by}, document, (*at, "by"), known)
            limit = condition({part.table.read: row.limit}, document, (*at, "limit"), known)
            if by is not None and limit is not None:
                bands.append(AllOf((by, limit)))
        return AnyOf(tuple(bands)) if bands else None

    document = documents["findings.yaml"]
    for name, finding in authored.findings.findings.items():
        if finding.applies is not None and (gate := condition(finding.applies, document, ("findings", name, "applies"))) is not None:
            authored.gates[name] = gate
    document = documents["ruleset.yaml"]
    for name, part in ruleset.definitions.items():
        if (found := definition(part, document, ("definitions", name), kinds)) is not None:
            authored.definitions[name] = found
    for name, constraint in ruleset.constraints.items():
        one = condition(constraint.if_, document, ("constraints", name, "if"))
        other = condition(constraint.then, document, ("constraints", name, "then"))
        if one is not None and other is not None:
            authored.constraints[name] = (one, other)
    for name, flag in ruleset.red_flags.items():
        if (found := condition(flag.when, document, ("red_flags", name, "when"))) is not None:
            authored.red_flags[name] = found
    for name, (pathway, document) in pathways.items():
        known = Kinds(kinds.findings, {**ruleset.definitions, **pathway.definitions}, near)
        own = {
            key: found
            for key, part in pathway.definitions.items()
            if (found := definition(part, document, ("definitions", key), known)) is not None
        }
        rules = {
            key: found
            for key, rule in pathway.rules.items()
            if (found := condition(rule.when, document, ("rules", key, "when"), known)) is not None
        }
        applies = None if pathway.applies is None else condition(pathway.applies, document, ("applies",), known)
        authored.pathways[name] = AuthoredPathway(pathway, document, rules, applies, own)
    return remarks
