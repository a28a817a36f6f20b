"""Replay a recorded decision: the same rules must say the same again, or what differs is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pathways.decision import canonical
from pathways.presentations import from_json, load_json
from pathways.remarks import InvalidPresentation, Place, Remark
from pathways.ruleset import RuleSet

__all__ = ["Replay", "replay"]


class Replay(NamedTuple):
    """Whether the record was reproduced byte for byte; if not, each difference as `where: recorded / now`."""

    same: bool
    differences: tuple[str, ...]


def replay(record: str | bytes | Mapping[str, Any], ruleset: RuleSet | None = None) -> Replay:
    """Decide a record's presentation again with `ruleset` (the shipped rules if none is given).

    Raises InvalidPresentation for what is not a record, or a presentation that these rules refuse.
    """
    text = canonical(record) if isinstance(record, Mapping) else record
    data = load_json(text, "record")
    for key in ("presentation", "pathways", "ruleset", "site", "urgency", "status"):
        if not isinstance(data, dict) or key not in data:
            raise InvalidPresentation(
                [Remark("not-a-record", f"a record has `{key}`", Place("record"), "give the JSON that a decision wrote")]
            )
    if not isinstance(data["pathways"], list) or not all(type(name) is str for name in data["pathways"]):
        raise InvalidPresentation(
            [Remark("not-a-record", "`pathways` is not a list of names", Place("record"), "give the JSON that a decision wrote")]
        )
    if ruleset is None:
        from pathways import load

        ruleset = load()
    given = from_json(canonical(_plain(data["presentation"])), ruleset.findings, "record")
    now = ruleset.decide(given, data["pathways"]).to_dict()
    differences = tuple(_differences(_plain(data), _plain(now), ""))
    return Replay(not differences, differences)


def _plain(data: Any) -> Any:
    """Numbers read exactly, written as a decision writes them."""
    from pathways.presentations import as_json

    if isinstance(data, Mapping):
        return {key: _plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(value) for value in data]
    return data if isinstance(data, str | bool) or data is None else as_json(data)


def _differences(recorded: Any, now: Any, where: str) -> Iterator[str]:
    if isinstance(recorded, dict) and isinstance(now, dict):
        for key in sorted({*recorded, *now}):
            yield from _differences(recorded.get(key), now.get(key), f"{where}.{key}" if where else key)
    elif isinstance(recorded, list) and isinstance(now, list) and len(recorded) == len(now):
        for n, (one, other) in enumerate(zip(recorded, now, strict=True)):
            yield from _differences(one, other, f"{where}[{n}]")
    elif recorded != now:
        yield f"{where}: recorded {canonical(recorded)}, now {canonical(now)}"
