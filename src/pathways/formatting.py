"""The files of a rule folder in the one layout, and the proof that nothing but the layout is another.

A file is written anew only if it says what it said: every text with its quotes, every comment, and the rules with the same digest.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pathways.cases import parts_of
from pathways.compiler import compile_rules
from pathways.documents import Data, Document, Scalar, read_bytes
from pathways.keys import keys_of, model_of
from pathways.layout import laid_out
from pathways.loader import files, read
from pathways.remarks import InvalidRules
from pathways.written import Way, comments_of

__all__ = ["Formatted", "formatted", "in_its_layout", "spoilt_by"]


@dataclass(frozen=True, slots=True)
class Formatted:
    """A file as it is and as it is laid out; `spoilt` says what would be lost, and then both are the same."""

    file: Path
    name: str
    before: bytes
    after: bytes
    spoilt: str = ""

    @property
    def line(self) -> int:
        """The first line that is another."""
        before, after = self.before.split(b"\n"), self.after.split(b"\n")
        return next((n for n, (one, other) in enumerate(zip(before, after, strict=False), 1) if one != other), min(len(before), len(after)))


def formatted(folder: Path) -> tuple[Formatted, ...]:
    """Every file of the folder that its layout would change; raises InvalidRules for a folder that does not load."""
    digest = compile_rules(read(folder))["digest"]
    folder = folder.resolve()
    if remarks := parts_of(folder)[1]:
        raise InvalidRules(remarks)
    found = tuple(one for file in files(folder, "*.yaml", []) if (one := _formatted(file, f"{folder.name}/{file.name}")) is not None)
    if any(not one.file.name.endswith(".cases.yaml") for one in found if not one.spoilt) and _digest(folder, found) != digest:
        return tuple(replace(one, after=one.before, spoilt="the digest of the rules would be another") for one in found)
    return found


def in_its_layout(name: str, text: str) -> str:
    """The text of a file of this name, laid out; it is one that can be read."""
    model = model_of(name)
    return laid_out(text, lambda way: keys_of(model, way))


def _formatted(file: Path, name: str) -> Formatted | None:
    before = file.read_bytes()
    document = _read(before, name)
    model = model_of(file.name)
    after = in_its_layout(file.name, before.decode("utf-8")).encode("utf-8")
    if after == before:
        return None
    spoilt = spoilt_by(document, before, after, model)
    return Formatted(file, name, before, before if spoilt else after, spoilt)


def _read(raw: bytes, name: str) -> Document:
    document = read_bytes(raw, Document(name))
    if document.remarks:
        raise InvalidRules(document.remarks)
    return document


def spoilt_by(document: Document, before: bytes, after: bytes, model: Any = None) -> str:
    """What the layout would change in what the file says; empty if nothing."""
    again = read_bytes(after, Document(document.file))
    if again.remarks:
        return f"the file could no longer be read: {again.remarks[0].message}"
    if _ordered(document.data, model, ()) != _ordered(again.data, model, ()):
        return "a text would be another"
    lost = Counter(comments_of(before.decode("utf-8")))
    lost.subtract(comments_of(after.decode("utf-8")))
    return next((f"the comment `{comment}` would be lost" for comment, times in lost.items() if times), "")


def _ordered(data: Data | None, model: Any, way: Way) -> Any:
    """The data with everything that says something: texts with their quotes, and the order of keys where it is not that of the model."""
    if isinstance(data, Scalar):
        return str(data), data.quoted
    if isinstance(data, list):
        return [_ordered(item, model, (*way, at)) for at, item in enumerate(data)]
    pairs = [(key, _ordered(value, model, (*way, key))) for key, value in (data or {}).items()]
    return ["mapping", *(pairs if keys_of(model, way) is None else sorted(pairs))]


def _digest(folder: Path, found: Sequence[Formatted]) -> str:
    """The digest of the rules, were these files written."""
    with TemporaryDirectory() as aside:
        copy = Path(aside) / folder.name
        shutil.copytree(folder, copy)
        for one in found:
            (copy / one.file.name).write_bytes(one.after)
        try:
            return str(compile_rules(read(copy))["digest"])
        except InvalidRules as error:
            return error.remarks[0].message
