"""A rule folder → what its authors wrote, read and checked; or a remark for every mistake in it.

Nothing half-read leaves this module: a rule set is whole, or InvalidRules says what keeps it from being so.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from pathways import consistency
from pathways.conditions import AllOf, AnyOf, Condition, InvalidCondition, Kinds, parse
from pathways.documents import Document, Path_, Scalar, read_document
from pathways.model import FORMS, DefinitionPart, FindingPart, FindingsFile, ItemsFile, PathwayFile, RuleSetFile, SourcesFile
from pathways.remarks import CLOSE, MANY, InvalidRules, Place, Remark, Severity, first, near, short

__all__ = ["Authored", "AuthoredPathway", "attempt", "files", "fit", "in_order", "read", "remarks_of", "shut"]

SHARED: Mapping[str, type[BaseModel]] = {
    "ruleset.yaml": RuleSetFile,
    "findings.yaml": FindingsFile,
    "items.yaml": ItemsFile,
    "sources.yaml": SourcesFile,
}
NOT_PATHWAYS = {*SHARED, "requirements.yaml", "hazards.yaml", "approvals.yaml", "site.yaml"}
Model = TypeVar("Model")


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


def attempt(folder: Path) -> tuple[Authored | None, tuple[Remark, ...]]:
    """What could be read of the rule folder, and every remark on it; with an error it is good for no more than remarks."""
    authored, remarks = _read(folder)
    return authored, tuple(in_order(remarks))


def in_order(remarks: Iterable[Remark]) -> list[Remark]:
    """Each remark once, by file and place."""
    return sorted(dict.fromkeys(remarks), key=lambda remark: (remark.place.file, remark.place.line, remark.place.column, remark.code))


def _read(folder: Path) -> tuple[Authored | None, list[Remark]]:
    if (closed := shut(folder)) is not None:
        return None, [closed]
    folder = folder.resolve()  # `.` has no name of its own
    remarks: list[Remark] = []
    shared: dict[str, Any] = {}
    documents: dict[str, Document] = {}
    for name, model in SHARED.items():
        file = folder / name
        if (file.exists() or file.is_symlink()) and not inside(file, folder):
            remarks.append(outside(file, folder))
            document = Document(f"{folder.name}/{name}")
        else:
            document = read_document(file, f"{folder.name}/{name}")
        documents[name] = document
        shared[name] = _modelled(document, model, remarks)
    pathways: dict[str, tuple[PathwayFile, Document]] = {}
    for file in _pathway_files(folder, remarks):
        document = read_document(file, f"{folder.name}/{file.name}")
        documents[file.name] = document
        part = _modelled(document, PathwayFile, remarks)
        if part is None:
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
    remarks += _read_conditions(authored, pathways)
    remarks += consistency.remarks(authored, complete=not any(remark.severity is Severity.ERROR for remark in remarks))
    return authored, remarks


def shut(folder: Path) -> Remark | None:
    """Why nothing in the folder can be read."""
    try:
        if folder.is_dir():
            next(folder.iterdir(), None)  # may its names be read, and
            (folder / "ruleset.yaml").exists()  # may it be entered?
            return None
    except OSError as error:
        return Remark("cannot-read", f"the folder cannot be read: {(error.strerror or 'unknown').lower()}", Place(short(str(folder))))
    return Remark("no-folder", "there is no such folder", Place(str(folder)), "name a folder that holds ruleset.yaml")


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


def _modelled(document: Document, model: type[Model], remarks: list[Remark]) -> Model | None:
    """The model of a document, as far as it can be made: mistakes are told, and what is sound around them is read on."""
    remarks.extend(document.remarks)
    if document.data is None:
        return None
    fitted: Model | None
    fitted, found = fit(document, document.data, model)
    remarks.extend(found)
    if fitted is None:
        # Only so that one run tells every mistake: with an error told, nothing is loaded.
        fitted = _salvaged(document.data, model)
    return fitted


def _salvaged(data: Any, model: Any) -> Any:
    """The model without the keys that are unknown and the rules that cannot be read; None where that is not enough."""
    adapter = TypeAdapter(model)
    for _ in range(3):
        try:
            return adapter.validate_python(data)
        except ValidationError as error:
            if error.error_count() > MANY:
                return None
            data = copy.deepcopy(data)
            # Misspelt keys first: what they leave missing is no mistake of its own.
            misspelt = [one for one in error.errors() if one["type"] == "extra_forbidden"]
            for one in misspelt or error.errors():
                _cut(data, model, one["loc"], one["type"], one.get("ctx", {}))
    return None


def _cut(data: Any, model: Any, location: tuple[int | str, ...], kind: str, context: Mapping[str, Any]) -> None:
    path, _ = _located(data, location)
    holder = data
    if kind == "extra_forbidden":
        for step in path[:-1]:
            holder = holder[step]
        found = _meant(model, location, holder)
        value = holder.pop(path[-1], None) if path and isinstance(holder, dict) else None
        if found and value is not None:
            holder.setdefault(found, value)
    elif kind == "literal_error" and path and path[0] != "rules":
        for step in path[:-1]:
            holder = holder[step]
        allowed = context["expected"].split("'")[1::2]
        holder[path[-1]] = Scalar("neither" if "neither" in allowed else allowed[0])
    elif kind in ("string_type", "missing") and len(location) == 1 and isinstance(data, dict):
        data[location[0]] = Scalar("unreadable")
    elif len(path) >= 2 and path[0] == "rules" and isinstance(data.get("rules"), dict):
        data["rules"].pop(path[1], None)


def fit(document: Document, data: Any, model: Any) -> tuple[Any, list[Remark]]:
    """Plain data as a model; or None, and a remark at the place of each mistake."""
    try:
        return TypeAdapter(model).validate_python(data), []
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        found = first(_structure(document, data, model, errors), Place(document.file))
        # No mistake goes without a word: what is refused is told, if only in pydantic's own words.
        return None, found or [Remark("wrong-shape", errors[0]["msg"], document.place(_located(data, errors[0]["loc"])[0]))]


def _structure(document: Document, data: Any, model: Any, errors: list[ErrorDetails]) -> Iterator[Remark]:
    meant = {  # keys that are missing only because they are misspelt beside
        (*_located(data, one["loc"])[0][:-1], _meant(model, one["loc"], _holder(data, one["loc"])))
        for one in errors[: 2 * MANY]
        if one["type"] == "extra_forbidden"
    }
    for one in errors:
        path, here = _located(data, one["loc"])
        kind = one["type"]
        # Of the two branches of "a text or a mapping", told apart by a name that stands in no file, one speaks of what was written.
        branch = len(one["loc"]) > len(path) and (not path or one["loc"][-1] != path[-1]) and kind != "missing"
        if branch and (
            (kind in ("string_type", "literal_error") and isinstance(here, dict))
            or (kind in ("model_type", "dict_type") and not isinstance(here, dict))
        ):
            continue
        place = document.place(path)
        name = str(one["loc"][-1]) if one["loc"] else ""
        context = one.get("ctx", {})
        match kind:
            case "missing":
                if (*path, name) not in meant:
                    yield Remark("missing-key", f"`{name}` is missing", place, f"add `{name}:`")
            case "extra_forbidden":
                found = _meant(model, one["loc"], _holder(data, one["loc"]))
                help = f"did you mean `{found}`?" if found else f"the keys here are {', '.join(_keys(model, one['loc'][:-1]))}"
                yield Remark("unknown-key", f"`{short(name)}` is not a key here", place, help)
            case "literal_error":
                allowed = context["expected"].replace("'", "").replace(" or ", ", ").split(", ")
                yield Remark("unknown-value", f"`{short(str(here))}` is not one of {', '.join(allowed)}", place, near(str(here), allowed))
            case "string_pattern_mismatch":
                written = one["loc"][-2] if name == "[key]" else here
                form, help = FORMS[context["pattern"]]
                yield Remark("ill-formed", f"`{short(str(written))}` is not {form}", place, help)
            case "yes_no" | "number" | "day" | "duration" | "unit":
                yield Remark("wrong-kind", one["msg"], place, context.get("help", ""))
            case _:
                yield Remark("wrong-shape", _shape(kind, here, context, one["msg"]), place)


def _shape(kind: str, here: Any, context: Mapping[str, Any], said: str) -> str:
    match kind:
        case "string_too_short":
            return "the text is empty"
        case "string_too_long":
            return f"`{short(str(here))}` is longer than {context['max_length']} characters"
        case "too_short" | "too_long":
            wanted = context.get("min_length", context.get("max_length"))
            return f"a list of {wanted} values is expected here, not of {context['actual_length']}"
    expected = {"string_type": "a text", "dict_type": "a mapping", "model_type": "a mapping", "list_type": "a list"}.get(kind)
    got = "a mapping" if isinstance(here, dict) else "a list" if isinstance(here, list) else f"the text `{short(str(here))}`"
    return f"{expected} is expected here, not {got}" if expected else said[0].lower() + said[1:]


def _meant(model: Any, location: tuple[int | str, ...], written: Any) -> str:
    """The key that a misspelt one was probably meant to be: one that may stand there and does not stand there yet."""
    free = [key for key in _keys(model, location[:-1]) if not isinstance(written, Mapping) or key not in written]
    found = get_close_matches(str(location[-1]), free, n=1, cutoff=CLOSE)
    return found[0] if found else ""


def _keys(model: Any, location: Iterable[int | str]) -> list[str]:
    """The keys that may stand at a place of a document of this model, in the order of the model."""
    kinds = _kinds(model)
    for step in location:
        kinds = [further for kind in kinds for further in _under(kind, step)]
    return list(dict.fromkeys(info.alias or key for kind in kinds if _is_model(kind) for key, info in kind.model_fields.items()))


def _kinds(kind: Any) -> list[Any]:
    """What a value may be: the parts of a union, without what is annotated."""
    if get_origin(kind) is Annotated:
        return _kinds(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return [further for one in get_args(kind) for further in _kinds(one)]
    return [kind]


def _under(kind: Any, step: int | str) -> list[Any]:
    """What may stand under one step of a location; the name of a union's branch leads to that branch."""
    if _is_model(kind):
        found = [info.annotation for key, info in kind.model_fields.items() if step == (info.alias or key)]
        return [further for one in found for further in _kinds(one)] if found else [kind] * (step == kind.__name__)
    return _kinds(get_args(kind)[-1]) if get_origin(kind) in (dict, list) else []


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _holder(data: Any, location: tuple[int | str, ...]) -> Any:
    """What holds the last step of a location."""
    return _located(data, location[:-1])[1]


def _located(data: Any, location: tuple[int | str, ...]) -> tuple[Path_, Any]:
    """The path in the data of an error's location; names of union branches stand in the location but not in the data."""
    path: list[int | str] = []
    here = data
    for step in location:
        if (isinstance(here, dict) and step in here) or (isinstance(here, list) and isinstance(step, int) and step < len(here)):
            here = here[step]  # type: ignore[index]  # the two shapes were told apart just above
            path.append(step)
    return tuple(path), here


# -- conditions ------------------------------------------------------------------------------------------------------


class _ReadFinding:
    """A finding as a reader of conditions sees it."""

    def __init__(self, part: FindingPart) -> None:
        self.kind = part.kind
        self.unit = part.unit or ""
        self.range = tuple(part.range) if part.range else (0, 0)
        self.resolution = part.resolution
        self.values = part.values or {}


def _read_conditions(authored: Authored, pathways: dict[str, tuple[PathwayFile, Document]]) -> list[Remark]:
    remarks: list[Remark] = []
    findings = {name: _ReadFinding(part) for name, part in authored.findings.findings.items()}
    ruleset, documents = authored.ruleset, authored.documents
    kinds = Kinds(findings, ruleset.definitions, near)

    def condition(data: Any, document: Document, path: Path_, known: Kinds = kinds) -> Condition | None:
        try:
            return parse(data, known, ())
        except InvalidCondition as error:
            remarks.append(Remark(error.code, str(error), document.place((*path, *error.path)), error.help))
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
        known = Kinds(findings, {**ruleset.definitions, **pathway.definitions}, near)
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
