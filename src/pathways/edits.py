"""What differs between two canonical contents, place by place: the words, and what the rules are made of.

No edit means that the two are equal. Knows nothing of patients: whether an edit decides anybody differently, `regions` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pathways.decision import canonical

__all__ = ["Edit", "Kind", "edits"]

# Keys of the content that say who is decided how, or what a patient can be; all others are read by people.
RULES = {"when", "then", "otherwise", "applies", "if", "handover", "kind", "range", "resolution", "unit", "reassures", "values"}
WHOLE = {"when", "then", "otherwise", "applies", "if"}  # taken as one, however small the difference in them
ENTITIES = {"findings", "urgency", "limits", "constraints", "definitions", "red_flags", "pathways", "rules"}
NAMES = ("title", "text", "name", "label", "ask", "means", "problem")


class Kind(StrEnum):
    """What was edited."""

    RULES = "rules"  # who gets what, and who can be
    WORDS = "words"  # what people read
    ORDER = "order"  # in which they read it


@dataclass(frozen=True, slots=True)
class Edit:
    """One place that differs: its path such as `pathways.epistaxis.rules.shock.title`; None where there is nothing on that side."""

    path: str
    kind: Kind
    before: str | None
    after: str | None


def edits(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Edit, ...]:
    """Every place in which the two differ, in the order of the content."""
    return tuple(_between(old, new, ()))


def _between(old: Any, new: Any, path: tuple[str, ...]) -> Iterator[Edit]:
    if canonical(old) == canonical(new):
        return
    one, other = _by_id(old), _by_id(new)
    if path and path[-1] in WHOLE:
        yield Edit(".".join(path), Kind.RULES, _told(old), _told(new))
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _each(old, new, path)
    elif one is not None and other is not None:
        yield from _each(one, other, path)
        yield from _moved(list(one), list(other), path)
    else:
        kind = Kind.RULES if path and path[-1] in RULES else Kind.WORDS
        yield Edit(".".join(path), kind, _told(old), _told(new))


def _each(old: Mapping[str, Any], new: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Edit]:
    for name in dict.fromkeys((*old, *new)):
        if name in old and name in new:
            yield from _between(old[name], new[name], (*path, name))
        else:
            kind = Kind.RULES if path and path[-1] in ENTITIES | RULES else Kind.WORDS
            yield Edit(".".join((*path, name)), kind, _told(old.get(name)), _told(new.get(name)))


def _by_id(data: Any) -> dict[str, Any] | None:
    """A list of things that have ids, each its own, by id; None for anything else."""
    if not isinstance(data, Sequence) or isinstance(data, str):
        return None
    found = {one["id"]: one for one in data if isinstance(one, Mapping) and isinstance(one.get("id"), str)}
    return found if len(found) == len(data) else None


def _moved(old: Sequence[str], new: Sequence[str], path: tuple[str, ...]) -> Iterator[Edit]:
    """That what both have stands in another order, from the first that has moved to the last."""
    before, after = [name for name in old if name in new], [name for name in new if name in old]
    apart = [n for n, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
    if apart:
        part = slice(apart[0], apart[-1] + 1)
        kind = Kind.RULES if path[-1] in ("urgency", "limits") else Kind.ORDER
        yield Edit(".".join(path), kind, ", ".join(before[part]), ", ".join(after[part]))


def _told(data: Any) -> str | None:
    """A text as it is, a thing that has a name by it, anything else as JSON."""
    if data is None or isinstance(data, str):
        return data
    if isinstance(data, Mapping):
        return next((str(data[key]) for key in NAMES if key in data), canonical(data))
    return canonical(data)
