"""Replay a recorded decision: the same rules must say the same again, or what differs is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pathways.decision import RECORD_FORMAT, canonical
from pathways.presentations import as_json, from_json, load_json, told
from pathways.remarks import InvalidPresentation, Place, Remark
from pathways.ruleset import RuleSet

__all__ = ["Replay", "replay"]

KINDS: dict[str, tuple[type, str]] = {  # what a record must have so that it can be decided again
    "presentation": (dict, "an object"),
    "pathways": (list, "a list"),
    "ruleset": (dict, "an object"),
    "site": (dict, "an object"),
    "urgency": (dict, "an object"),
    "status": (str, "a text"),
}
MADE_WITH = ("format", "engine", "ruleset.", "site.")  # what explains the other differences stands first
ABSENT = object()  # a key or element that one of the two does not have


class Replay(NamedTuple):
    """Whether the record was reproduced; if not, each difference as `where: recorded / now`."""

    same: bool
    differences: tuple[str, ...]


def replay(record: str | bytes | Mapping[str, Any], ruleset: RuleSet | None = None) -> Replay:
    """Decide a record's presentation again with `ruleset` (the shipped rules if none is given).

    A record is the JSON that a decision wrote, or the same as data. The rule set must be at the site of the record, or the
    site is among the differences. Raises InvalidPresentation for what is not a record, a record of another format, or a
    presentation that these rules refuse.
    """
    data = _record(record)
    if not isinstance(ruleset, RuleSet | None):
        raise TypeError(f"`{told(ruleset)}` is no RuleSet: `pathways.load` gives one")
    if ruleset is None:
        from pathways import load

        ruleset = load()
    try:
        given = from_json(canonical(_plain(data["presentation"])), ruleset.findings, "record")
        now = ruleset.decide(given, data["pathways"]).to_dict()
    except InvalidPresentation as error:
        raise InvalidPresentation([*_made_elsewhere(data["ruleset"], ruleset), *error.remarks]) from None
    differences = _differences(_plain(data), _plain(now), "")
    found = tuple(sorted(differences, key=lambda one: not one.startswith(MADE_WITH)))
    return Replay(not found, found)


def _record(record: object) -> dict[str, Any]:
    """The record as data; raises InvalidPresentation for what is none."""
    if isinstance(record, Mapping):
        try:
            record = canonical(dict(record))
        except (TypeError, ValueError, RecursionError):
            raise _no_record("a record holds what JSON can hold") from None
    if not isinstance(record, str | bytes):
        raise _no_record(f"`{told(record)}` is not a record")
    data = load_json(record, "record")
    if not isinstance(data, dict):
        raise _no_record("a record is an object")
    if "format" in data and data["format"] != RECORD_FORMAT:
        help = "replay it with the engine that it names"
        message = f"the record has format `{told(data['format'])}`; this engine reads format {RECORD_FORMAT}"
        raise InvalidPresentation([Remark("other-format", message, Place("record"), help)])
    for key, (kind, said) in {"format": (object, ""), **KINDS}.items():
        if key not in data:
            raise _no_record(f"a record has `{key}`")
        if not isinstance(data[key], kind):
            raise _no_record(f"`{key}` is not {said}")
    if not all(type(name) is str for name in data["pathways"]):
        raise _no_record("`pathways` is not a list of names")
    return data


def _no_record(message: str) -> InvalidPresentation:
    return InvalidPresentation([Remark("not-a-record", message, Place("record"), "give the JSON that a decision wrote")])


def _made_elsewhere(recorded: Mapping[str, Any], ruleset: RuleSet) -> Iterator[Remark]:
    """That a record which these rules refuse was made with others; nothing where it names these."""
    if recorded.get("digest") == ruleset.digest:
        return
    names = [told(recorded.get(key, "")) for key in ("id", "version", "digest")]
    yield Remark(
        "other-rules",
        f"the record was made with `{names[0]}` {names[1]} ({names[2][:12]}), and these rules are `{ruleset.id}` {ruleset.version} "
        f"({ruleset.digest[:12]})",
        Place("record"),
        "load the rules that it names",
    )


def _plain(data: Any) -> Any:
    """Numbers read exactly, written as a decision writes them."""
    if isinstance(data, Mapping):
        return {key: _plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(value) for value in data]
    return data if isinstance(data, str | bool) or data is None else as_json(data)


def _differences(recorded: Any, now: Any, where: str) -> Iterator[str]:
    if isinstance(recorded, dict) and isinstance(now, dict):
        for key in sorted({*recorded, *now}):
            yield from _differences(recorded.get(key, ABSENT), now.get(key, ABSENT), f"{where}.{key}" if where else key)
    elif isinstance(recorded, list) and isinstance(now, list) and len(recorded) == len(now):
        for n, (one, other) in enumerate(zip(recorded, now, strict=True)):
            yield from _differences(one, other, f"{where}[{n}]")
    elif isinstance(recorded, list) and isinstance(now, list):
        before, after = (dict.fromkeys(map(_said, part)) for part in (recorded, now))
        yield from (f"{where}: recorded {one}, now nothing" for one in before if one not in after)
        yield from (f"{where}: recorded nothing, now {one}" for one in after if one not in before)
        if before.keys() == after.keys():
            yield f"{where}: recorded {len(recorded)} of them, now {len(now)}"
    elif _said(recorded) != _said(now):
        yield f"{where}: recorded {_said(recorded)}, now {_said(now)}"


def _said(part: Any) -> str:
    """One part as JSON, in which true is not 1."""
    return "nothing" if part is ABSENT else canonical(part)
