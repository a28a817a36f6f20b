"""Who signed a rule set: `approvals.yaml`, the content that was signed, and how the rules stand by them.

A status is derived, never written: from the digest of the rules as they are, the roles that each pathway must have, and
records that are bound to a digest. A record is sealed with those before it. Where one cannot be trusted, none is.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from pydantic import Field

from pathways.compiler import ruleset_of
from pathways.decision import canonical
from pathways.documents import Document, read_bytes, read_document
from pathways.fitting import fit
from pathways.loader import NOT_PATHWAYS, SHARED, Authored, files
from pathways.model import Day, Id, Part, Text, Version
from pathways.remarks import InvalidRules, Place, Remark, near
from pathways.ruleset import RuleSet

__all__ = [
    "FILE", "FOLDER", "Approved", "Asked", "Records", "Refused", "Required", "Signature", "Standing", "State", "approved_ruleset",
    "not_approved", "read_records", "rule_files", "signed", "standing",
]  # fmt: skip

FILE, FOLDER = "approvals.yaml", "approved"
HEAD = "# Signatures, written by `pathways approve`: new ones stand at the end, and none is ever edited.\n"
PUT_BACK = "put the file back as `pathways approve` wrote it; whoever signs anew adds a record"
Content: TypeAlias = Mapping[str, Any]


class State(StrEnum):
    """How a rule set or a pathway stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    CHANGED = "changed since approval"


class SignaturePart(Part):
    """One signature as it stands in the file."""

    digest: Text = Field(description="SHA-256 of the canonical content that was signed.")
    version: Version = Field(description="The version of the rule set that was signed.")
    pathways: list[Id] = Field(min_length=1, description="What was signed of it.")
    role: Id = Field(description="In which role.")
    name: Text = Field(description="Who signed.")
    registration: Text = Field(description="The registration with a professional body.")
    statement: Text = Field(description="What was said.")
    on: Day = Field(description="The day.")
    authors: list[Text] = Field(min_length=1, description="Who wrote what changed since the approval before.")
    seal: Text = Field(description="SHA-256 of this record and of the seal before it.")


@dataclass(frozen=True, slots=True)
class Signature:
    """One person's signature, in one role, under some pathways of one digest."""

    digest: str
    version: str
    pathways: tuple[str, ...]
    role: str
    name: str
    registration: str
    statement: str
    on: str
    authors: tuple[str, ...]
    place: Place = field(default=Place(FILE), compare=False)


@dataclass(frozen=True, slots=True)
class Required:
    """A role that must sign a pathway, and who did."""

    role: str
    means: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A pathway with the roles that must sign it. `others`: somebody signed who did not write the change."""

    pathway: str
    roles: tuple[Required, ...]
    others: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """The roles in which nobody has signed."""
        return tuple(one.role for one in self.roles if not one.signatures)

    @property
    def approved(self) -> bool:
        return bool(self.roles) and not self.missing and self.others


@dataclass(frozen=True, slots=True)
class Approved:
    """A content that everybody signed who had to; `on` is the day of the last signature."""

    digest: str
    version: str
    on: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a rule set stands. `newest` is the content that was approved last, these rules or others."""

    digest: str
    version: str
    state: State
    pathways: tuple[Asked, ...]
    newest: Approved | None
    remarks: tuple[Remark, ...]


# -- how the rules stand ---------------------------------------------------------------------------------------------


def standing(folder: Path, ruleset: RuleSet) -> Standing:
    """How these rules of this folder stand by its records."""
    signatures, contents, remarks, _ = read_records(folder)
    pathways = tuple(_asked(ruleset.content(), [one for one in signatures if one.digest == ruleset.digest]))
    newest = _newest(signatures, contents)
    approved = all(one.approved for one in pathways)
    state = State.APPROVED if approved else State.DRAFT if newest is None else State.CHANGED
    return Standing(ruleset.digest, ruleset.version, state, pathways, newest, remarks)


def _asked(content: Content, signatures: Sequence[Signature]) -> Iterator[Asked]:
    means = {one["id"]: one["means"] for one in content.get("roles", ())}
    authors = {name for one in signatures for name in one.authors}
    for pathway in content["pathways"]:
        of_it = [one for one in signatures if pathway["id"] in one.pathways]
        roles = tuple(
            Required(role, means.get(role, ""), tuple(one for one in of_it if one.role == role)) for role in pathway.get("must_sign", ())
        )
        yield Asked(pathway["id"], roles, any(not any(_may_be(one.name, name) for name in authors) for one in of_it))


def _known_as(name: str) -> str:
    """A name, however it is written."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _may_be(name: str, other: str) -> bool:
    """Whether both can be the name of one person: with a title, fewer names, initials, in another order or without accents."""
    fewer, more = sorted((_words(name), _words(other)), key=len)
    return all(any(word == one or (1 in (len(word), len(one)) and word[0] == one[0] and one.isalpha()) for one in more) for word in fewer)


def _words(name: str) -> frozenset[str]:
    bare = (char for char in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(char))
    return frozenset("".join(char if char.isalnum() else " " for char in bare).split())


def _newest(signatures: Sequence[Signature], contents: Mapping[str, Content]) -> Approved | None:
    """The content that was approved last: that which has the last signature of all that are approved."""
    for digest in dict.fromkeys(one.digest for one in reversed(signatures)):
        of_it = [one for one in signatures if one.digest == digest]
        if all(one.approved for one in _asked(contents[digest], of_it)):
            return Approved(digest, of_it[-1].version, of_it[-1].on)
    return None


def approved_ruleset(authored: Authored) -> RuleSet:
    """The rule set, which says of itself how it stands."""
    ruleset = ruleset_of(authored)
    return ruleset.standing_as(standing(authored.folder, ruleset).state) if (authored.folder / FILE).exists() else ruleset


def not_approved(ruleset: RuleSet, folder: Path | None) -> InvalidRules:
    """Why these rules, of a folder or shipped, are refused where only approved ones may be used."""
    remarks = standing(folder, ruleset).remarks if folder is not None else ()
    place = Place(f"{folder.resolve().name}/{FILE}" if folder is not None else FILE)
    message = f"the rules are not approved, and only approved ones may be used here: {ruleset.ref.approval}"
    help = "`pathways status` says who must still sign, and what has changed"
    return InvalidRules([*remarks, Remark("not-approved", message, place, help)])


# -- reading the records ---------------------------------------------------------------------------------------------


class Records(NamedTuple):
    """The signatures of a folder in order, and what was signed by its digest; with a mistake among them, none, and the remarks."""

    signatures: tuple[Signature, ...] = ()
    contents: Mapping[str, Content] = MappingProxyType({})
    remarks: tuple[Remark, ...] = ()
    seal: str = ""  # of the last one


def read_records(folder: Path) -> Records:
    """The records of the folder, none where nobody has signed."""
    folder = folder.resolve()
    remarks: list[Remark] = []
    for file in files(folder, FILE, remarks):
        return _looked_at(read_document(file, f"{folder.name}/{FILE}"), folder)
    return Records(remarks=tuple(remarks))


def _looked_at(document: Document, folder: Path) -> Records:
    parts, remarks = _parts(document)
    if remarks:
        return Records(remarks=tuple(remarks))
    signatures = tuple(_signature(part, document.place((n,))) for n, part in enumerate(parts))
    contents: dict[str, Content] = {}
    for n, one in enumerate(signatures):
        if one.digest not in [other.digest for other in signatures[:n]]:
            found = _content(folder, one.digest, document.place((n, "digest")))
            if isinstance(found, Remark):
                remarks.append(found)
            else:
                contents[one.digest] = found
    remarks += _edited(parts, document)
    for n, one in enumerate(signatures):
        if one.digest in contents:
            remarks += _unfitting(one, signatures[:n], contents[one.digest], document, n)
    return Records(remarks=tuple(remarks)) if remarks else Records(signatures, contents, (), parts[-1].seal if parts else "")


def _parts(document: Document) -> tuple[list[SignaturePart], list[Remark]]:
    if document.remarks or document.data is None:
        return [], list(document.remarks)
    parts, remarks = fit(document, document.data, list[SignaturePart])
    return parts or [], remarks


def _signature(part: SignaturePart, place: Place) -> Signature:
    fields = part.model_dump(exclude={"seal"}) | {"pathways": tuple(part.pathways), "authors": tuple(part.authors)}
    return Signature(**fields, place=place)


def _content(folder: Path, digest: str, place: Place) -> Content | Remark:
    """What was signed, if the file holds what its name says."""
    name = f"{FOLDER}/{digest[:12]}….json"
    file = folder / FOLDER / f"{digest}.json"
    hexadecimal = len(digest) == 64 and set(digest) <= set("0123456789abcdef")
    if not hexadecimal or not file.is_file() or not file.resolve().is_relative_to(folder):
        help = f"put back {FOLDER}/ as it was signed; git has it"
        return Remark("approval-without-content", f"what was signed is not there: no file `{name}`", place, help)
    data = file.read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        help = "put the file back as it was signed; git has it"
        return Remark("approval-of-other-content", f"`{name}` does not hold what was signed: its SHA-256 is another", place, help)
    content = _read(data)
    if content is None:
        return Remark("approval-of-other-content", f"`{name}` is not the content of rules", place, PUT_BACK)
    return content


def _read(data: bytes) -> Content | None:
    """The content, as far as signatures need it; None for what is none."""
    try:
        content = json.loads(data)
        pathways, roles = content["pathways"], content.get("roles", [])
        needed = [(one["id"], *one.get("must_sign", ())) for one in pathways]
        names = [name for one in needed for name in one] + [one[key] for one in roles for key in ("id", "means")]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return content if names and all(isinstance(name, str) for name in names) else None


def _edited(parts: Sequence[SignaturePart], document: Document) -> Iterator[Remark]:
    """A record whose seal is not that of what it says after those before it."""
    before = ""
    for n, part in enumerate(parts):
        if part.seal != seal(part.model_dump(exclude={"seal"}), before):
            yield Remark("approval-edited", "the record, or one before it, was edited by hand", document.place((n, "seal")), PUT_BACK)
            return
        before = part.seal


def seal(record: Mapping[str, Any], before: str) -> str:
    """SHA-256 of a record and of the seal before it."""
    return hashlib.sha256(canonical({"before": before, "record": record}).encode()).hexdigest()


def _unfitting(one: Signature, before: Iterable[Signature], content: Content, document: Document, n: int) -> Iterator[Remark]:
    """What a record names that its content does not have, and what was signed before."""
    needed = {pathway["id"]: pathway.get("must_sign", ()) for pathway in content["pathways"]}
    for m, name in enumerate(one.pathways):
        if name not in needed:
            help = near(name, needed) or f"one of: {', '.join(needed)}"
            yield Remark("unknown-pathway", f"`{name}` is not a pathway", document.place((n, "pathways", m)), help)
        elif one.role not in needed[name]:
            help = f"those who must are: {', '.join(needed[name])}" if needed[name] else "name them under its `must_sign`"
            yield Remark("unknown-role", f"`{one.role}` need not sign `{name}`", document.place((n, "role")), help)
    for other in before:
        if twice := _in_both(one, other):
            message = f"the same signature stands twice under `{twice[0]}`"
            yield Remark("approval-twice", message, document.place((n,)), PUT_BACK, other.place)


def _in_both(one: Signature, other: Signature) -> tuple[str, ...]:
    """The pathways that the same person signed in the same role twice, without a change between."""
    if (one.digest, one.role, _known_as(one.name)) != (other.digest, other.role, _known_as(other.name)):
        return ()
    return tuple(name for name in one.pathways if name in other.pathways)


def rule_files() -> list[str]:
    """Patterns, as git reads them, of the files that the digest is taken of, also of those that are there no more."""
    beside = sorted(NOT_PATHWAYS - SHARED.keys())
    return [":(glob)*.yaml", *(f":(exclude,glob){name}" for name in [*beside, "*.cases.yaml", "*.site.yaml"])]


# -- signing ---------------------------------------------------------------------------------------------------------


class Refused(ValueError):
    """What cannot be signed so, and why."""


def signed(folder: Path, ruleset: RuleSet, signature: Signature) -> dict[Path, bytes]:
    """The files of the folder with one more signature under these rules; raises Refused, InvalidRules for records at fault."""
    records = read_records(folder)
    if records.remarks:
        raise InvalidRules(records.remarks)
    content = ruleset.content()
    _may_sign(content, records.signatures, signature)
    file = folder / FILE
    before = file.read_bytes().decode() if records.signatures else HEAD
    text = before + ("" if before.endswith("\n") else "\n") + _record(signature, records.seal)
    if wrong := _parts(read_bytes(text.encode(), Document(FILE)))[1]:
        raise Refused(f"it could not be read again: {wrong[0].message}")
    return {folder / FOLDER / f"{ruleset.digest}.json": canonical(content).encode(), file: text.encode()}


def _may_sign(content: Content, signatures: Iterable[Signature], signature: Signature) -> None:
    for what in ("name", "registration", "statement"):
        if not getattr(signature, what).strip():
            raise Refused(f"the {what} is empty")
    needed = {pathway["id"]: pathway.get("must_sign", ()) for pathway in content["pathways"]}
    for name in signature.pathways:
        if name not in needed:
            raise Refused(f"`{name}` is not a pathway: {near(name, needed) or 'one of ' + ', '.join(needed)}")
        if not needed[name]:
            raise Refused(f"`{name}` names nobody who must sign it: say so under its `must_sign`")
        if signature.role not in needed[name]:
            raise Refused(f"`{signature.role}` need not sign `{name}`: those who must are {', '.join(needed[name])}")
    for other in signatures:
        if twice := _in_both(signature, other):
            raise Refused(f"`{signature.name}` signed `{twice[0]}` in this role on {other.on}, and the rules have not changed since")


def _record(signature: Signature, before: str) -> str:
    """The record as the file has it."""
    names = [name for name in SignaturePart.model_fields if name != "seal"]
    record = {name: list(value) if isinstance(value := getattr(signature, name), tuple) else value for name in names}
    rows = [f"{name}: {_written(value)}" for name, value in {**record, "seal": seal(record, before)}.items()]
    return "".join(f"{'- ' if n == 0 else '  '}{row}\n" for n, row in enumerate(rows))


def _written(value: str | list[str]) -> str:
    """A text in double quotes, as JSON and YAML write it alike; a list of them."""
    return f"[{', '.join(map(_written, value))}]" if isinstance(value, list) else json.dumps(value, ensure_ascii=False)
