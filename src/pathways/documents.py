"""YAML text as plain data with places.

No YAML object is ever constructed: bytes are checked, events are guarded, nodes are composed, and what
comes out is dict, list and `Scalar` (the text as it was typed). What a text means is for the reader of
the field to say, never for YAML.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

import yaml

from pathways.remarks import Place, Remark, first, short
from pathways.syntax import Complaint, remark_on

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_EVENTS", "Data", "Document", "Node", "Scalar", "nodes_of", "read_bytes", "read_document"]

MAX_BYTES = 1_000_000  # hazards H41: beyond these the composer itself becomes the danger
MAX_DEPTH = 64
MAX_EVENTS = 200_000
MAX_SCALAR = 20_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Line breaks of YAML 1.1 that YAML 1.2 reads as text, byte order marks, invisible direction changes, fillers and selectors (H62, H63).
_HIDDEN = re.compile(
    "\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
# Cyrillic and Greek letters that look like Latin ones, inside a word of Latin letters (H61).
_ALIKE = (
    "[\u0391\u0392\u0395-\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u0405\u0406\u0408\u0410\u0412\u0415\u041a"
    "\u041c-\u041e\u0420-\u0422\u0425\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u04bb\u0501\u051b\u051d]"
)
_LOOK_ALIKE = re.compile(f"(?<=[A-Za-z]){_ALIKE}|{_ALIKE}(?=[A-Za-z])")
_ODD_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_ODD_INDENT = re.compile(f"^ *{_ODD_SPACE.pattern}", re.MULTILINE)
_SWALLOWED = re.compile(r"\s+(#[^\s#!]\S*)")
_TREACHEROUS = re.compile(r"(?:true|false|on|off|y|n|null|~)\Z", re.IGNORECASE)


class Scalar(str):
    """A scalar as it was typed; `quoted` tells text in quotes from plain text."""

    quoted: bool

    def __new__(cls, text: str, quoted: bool = False) -> Scalar:
        self = super().__new__(cls, text)
        self.quoted = quoted
        return self


Data: TypeAlias = "Scalar | list[Data] | dict[str, Data]"
Path_: TypeAlias = tuple[str | int, ...]


@dataclass(slots=True)
class Document:
    """One YAML file as plain data, with the place of every key, item and value."""

    file: str
    data: Data | None = None
    remarks: list[Remark] = field(default_factory=list)
    places: dict[Path_, Place] = field(default_factory=dict)

    def place(self, path: Path_) -> Place:
        """The place of `path`, or of the nearest thing that contains it."""
        while path not in self.places and path:
            path = path[:-1]
        return self.places.get(path, Place(self.file))


def read_document(file: Path, name: str | None = None) -> Document:
    """Read FILE; a document with remarks is refused, whether or not it has data to find further mistakes in."""
    document = Document(name or str(file))
    try:
        if not file.is_file() and not file.is_dir() and file.exists():
            document.remarks.append(Remark("cannot-read", "not a regular file", Place(document.file), "copy it into a file"))
            return document
        with file.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        document.remarks.append(Remark("cannot-read", f"the file cannot be read: {why.lower()}", Place(document.file)))
        return document
    return read_bytes(raw, document)


def read_bytes(raw: bytes, document: Document) -> Document:
    """Read one document from bytes into `document`."""
    document.remarks.extend(_unreadable(raw, document.file))
    if document.remarks:
        return document
    text = raw.decode("utf-8")
    try:
        document.remarks.extend(_forbidden(text, document.file))
        if document.remarks:
            return document
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        document.remarks.append(_syntax(error, text, document.file))
        return document
    except yaml.YAMLError as error:
        document.remarks.append(Remark("syntax", f"not YAML: {error}".splitlines()[0], Place(document.file)))
        return document
    if node is None or (isinstance(node, yaml.ScalarNode) and not node.value and not node.style):
        document.remarks.append(Remark("empty", "the file holds nothing", Place(document.file)))
        return document
    data = _plain(node, (), document)
    if all(remark.code == "duplicate-key" for remark in document.remarks):
        document.data = data  # with the first of both, so that what else is wrong in the file is told as well
    document.remarks = first(document.remarks, Place(document.file))
    return document


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a text where it stands: characters of the text from `start` to `end`; line and column count from 0."""

    kind: Literal["scalar", "list", "mapping"]
    value: str
    start: int
    end: int
    line: int
    column: int
    brackets: bool  # a collection written as [...] or {...}
    block: bool  # a text begun by | or >
    items: tuple[tuple[Node | None, Node], ...]  # of a mapping with their keys


def nodes_of(text: str) -> Node:
    """The parts of a text that `read_bytes` takes without a remark."""
    node = yaml.compose(text, Loader=_LOADER)
    if node is None:
        raise ValueError("the text holds nothing")
    return _node(node)


def _node(node: yaml.Node) -> Node:
    start, end = node.start_mark, node.end_mark
    place = (start.index, end.index, start.line, start.column)
    if isinstance(node, yaml.MappingNode):
        return Node("mapping", "", *place, bool(node.flow_style), False, tuple((_node(key), _node(value)) for key, value in node.value))
    if isinstance(node, yaml.SequenceNode):
        return Node("list", "", *place, bool(node.flow_style), False, tuple((None, _node(item)) for item in node.value))
    return Node("scalar", node.value, *place, False, getattr(node, "style", None) in ("|", ">"), ())


def _place(file: str, mark: Any) -> Place:
    return Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)


def _syntax(error: yaml.MarkedYAMLError, text: str, file: str) -> Remark:
    place = _place(file, error.problem_mark or error.context_mark)
    problem = error.problem or error.context or ""
    if "maximum nesting depth" in problem:
        return _too_deep(place)
    begun = _place(file, error.context_mark) if error.context_mark else None
    return remark_on(Complaint(problem, place, begun, text.splitlines()))


def _too_deep(place: Place) -> Remark:
    return Remark("too-deep", f"more than {MAX_DEPTH} levels deep", place, "name parts as definitions")


def _unreadable(raw: bytes, file: str) -> Iterator[Remark]:
    if len(raw) > MAX_BYTES:
        yield Remark("too-large", f"the file is larger than {MAX_BYTES:,} bytes", Place(file), "split it")
        return
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        yield Remark("not-utf-8", f"byte {raw[error.start]:#04x} is not UTF-8", _end(before, file), "save the file as UTF-8")
        return
    found = _HIDDEN.search(text) or _ODD_INDENT.search(text) or _LOOK_ALIKE.search(text)
    if found:
        remark = _hidden(found.group()[-1], _end(text[: found.end() - 1], file))
        yield remark._replace(help="save the file as UTF-8 without BOM") if text[: found.end()] == "\ufeff" else remark


def _end(text: str, file: str) -> Place:
    """The place just after a text."""
    return Place(file, text.count("\n") + 1, len(text) - text.rfind("\n"))


def _hidden(character: str, place: Place) -> Remark:
    name = unicodedata.name(character, "a control character").lower()
    what, help = "cannot be seen", "delete it"
    if _ODD_SPACE.match(character):
        what, help = "is no plain space", "write a space"
    elif character == "\r":
        what, help = "ends no line everywhere", "save the file with plain line ends"
    elif re.match(_ALIKE, character):
        what, help = "looks like a Latin letter", "type it again"
    return Remark("hidden-character", f"U+{ord(character):04X} ({name}) {what}", place, help)


def _forbidden(text: str, file: str) -> Iterator[Remark]:
    """What no rule file may hold, found before anything is composed."""

    def place() -> Place:
        return _place(file, event.start_mark)

    depth = count = documents = 0
    lines = [*text.split("\n"), ""]
    for event in yaml.parse(text, Loader=_LOADER):
        count += 1
        if count > MAX_EVENTS:
            yield Remark("too-many", f"more than {MAX_EVENTS:,} parts", place(), "split the file")
            return
        if isinstance(event, yaml.AliasEvent):
            message = f"`*{short(str(event.anchor))}` repeats another place"
            yield Remark("alias", message, place(), "write the value out, or name it as a definition")
            return
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                yield Remark("several-documents", "a second document begins here", place(), "one file holds one document: delete `---`")
                return
        if not isinstance(event, yaml.NodeEvent):
            if isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            continue
        if event.anchor:
            yield Remark(
                "anchor", f"`&{short(str(event.anchor))}` names a place", place(), "write the value out, or name it as a definition"
            )
            return
        if tag := getattr(event, "tag", None):
            yield Remark(
                "tag",
                f"`{short(tag.replace('tag:yaml.org,2002:', '!!'))}` asks for a type",
                place(),
                "delete the tag; a value that begins with `!` stands in quotes",
            )
            return
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                yield _too_deep(place())
                return
        elif isinstance(event, yaml.ScalarEvent) and len(event.value) > MAX_SCALAR:
            yield Remark("too-long", f"a text of more than {MAX_SCALAR:,} characters", place(), "shorten it")
            return
        elif isinstance(event, yaml.ScalarEvent) and not event.style:
            end = event.end_mark
            if end and (swallowed := _SWALLOWED.match(lines[end.line], end.column)):
                help = "put the text in quotes; a comment begins with `# `"
                yield Remark("treacherous", f"`{short(swallowed.group(1))}` would be read as a comment", _place(file, end), help)
                return


def _plain(node: yaml.Node, path: Path_, document: Document) -> Data:
    if path not in document.places:
        document.places[path] = _place(document.file, node.start_mark)
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, document)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, at), document) for at, item in enumerate(node.value)]
    data: dict[str, Data] = {}
    for key_node, value_node in node.value:
        place = _place(document.file, key_node.start_mark)
        if not isinstance(key_node, yaml.ScalarNode):
            document.remarks.append(Remark("key-not-text", "a key is a list or a mapping", place, "put the text in quotes"))
            continue
        key = key_node.value
        if not key:
            document.remarks.append(Remark("key-not-text", "a key is empty", place, "write the key before the `:`"))
            continue
        if isinstance(value_node, yaml.ScalarNode) and not value_node.value and not value_node.style:
            alone = getattr(node, "flow_style", False) and len(node.value) == 1
            help = "write the value, or the name without braces" if alone else "write the value, or delete the key"
            help = "write a space after the `:`" if ":" in key else help
            document.remarks.append(Remark("empty-value", f"`{short(key)}` has no value", place, help))
            continue
        if hidden := _HIDDEN.search(key) or _ODD_SPACE.search(key):
            document.remarks.append(_hidden(hidden.group(), place))
            continue
        if key in data:
            first = document.places[(*path, key)]
            document.remarks.append(
                Remark("duplicate-key", f"`{short(key)}` stands here and on line {first.line}", place, "delete one of the two", first)
            )
            continue
        if key == "<<" and not key_node.style:
            document.remarks.append(Remark("merge-key", "`<<` would merge another mapping", place, "write the keys out"))
            continue
        document.places[(*path, key)] = place
        data[key] = _plain(value_node, (*path, key), document)
    return data


def _scalar(node: yaml.ScalarNode, document: Document) -> Scalar:
    quoted = bool(node.style)
    if hidden := _HIDDEN.search(node.value) or _LOOK_ALIKE.search(node.value):  # written as an escape
        document.remarks.append(_hidden(hidden.group(), _place(document.file, node.start_mark)))
    if not quoted and _TREACHEROUS.match(node.value):
        help = "delete the key" if node.value.lower() in ("null", "~") else "write `yes` or `no`"
        message = f"`{node.value}` reads differently in different tools"
        place = _place(document.file, node.start_mark)
        document.remarks.append(Remark("treacherous", message, place, f"{help}, or put a text in quotes"))
    return Scalar(node.value, quoted)
