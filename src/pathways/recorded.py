"""Canonical content that was recorded as JSON, read back: what the author tools rely on is asked once, here.

Further keys may stand in it: they are compared, and mean nothing. Knows nothing of rule files.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pathways.conditions import MAX_DEPTH, OPERATORS
from pathways.consistency import depths
from pathways.findings import number
from pathways.presentations import nested

__all__ = ["NotRecorded", "read_content"]

MAX_JSON_DEPTH = 4 * MAX_DEPTH  # a level of a condition is an object in a list
LARGEST = 50_000_000  # bytes
DEEPEST = 4 * MAX_DEPTH  # levels of a definition written out
SHARED = ""

Id = Annotated[str, Field(min_length=1)]
Day = Annotated[str, Field(pattern=r"^P\d{1,4}D$")]
Tree = dict[str, Any]  # looked at by `_of_tree`


class Part(BaseModel):
    """A part of the content, as far as the tools rely on it."""

    model_config = ConfigDict(strict=True)


class Definition(Part):
    when: Tree


class Window(Part):
    from_: str = Field(alias="from")
    not_before: Day
    not_after: Day


Site = dict[str, bool | dict[str, str]]


class Referral(Part):
    service: str
    contact: Literal["now"] | None
    within: str | None
    window: Window | None
    site: Site | None


class Entry(Part):
    item: str
    site: Site | None


class Then(Part):
    urgency: str
    referrals: list[Referral]
    items: list[Entry]


class Rule(Part):
    id: Id
    title: str
    when: Tree
    then: Then | None
    handover: str | None
    basis: str
    sources: list[str]
    narrows: list[str]


class Pathway(Part):
    id: Id
    title: str
    applies: Tree | None
    definitions: dict[str, Definition]
    rules: list[Rule]
    otherwise: Then | None


class Finding(Part):
    id: Id
    ask: str
    kind: Literal["yes_no", "choice", "number"]
    worse: str
    values: dict[str, str] | None
    range: Annotated[list[str], Field(min_length=2, max_length=2)] | None
    resolution: str | None
    unit: str | None
    applies: Tree | None


class Labelled(Part):
    id: Id
    label: str


class Service(Part):
    id: Id
    name: str


class Item(Part):
    id: Id
    text: str
    reassures: bool


class Constraint(Part):
    id: Id
    if_: Tree = Field(alias="if")
    then: Tree
    means: str


class Whole(Part):
    ruleset: dict[str, Any]
    urgency: Annotated[list[Labelled], Field(min_length=1)]
    limits: list[Labelled]
    services: list[Service]
    findings: list[Finding]
    items: list[Item]
    sources: dict[str, Any]
    definitions: dict[str, Definition]
    constraints: list[Constraint]
    red_flags: list[Rule]
    pathways: list[Pathway]


LISTS = ("urgency", "limits", "services", "findings", "items", "constraints", "red_flags", "pathways")


class NotRecorded(ValueError):
    """A text that is not the content of a rule set, and why."""


def read_content(data: bytes) -> dict[str, Any]:
    """The content; raises NotRecorded with the first thing that is wrong."""
    content = _parsed(data)
    if not isinstance(content, dict):
        content = {}
    for part in Whole.model_fields:
        if part not in content:
            raise NotRecorded(f"is not the content of a rule set: it has no `{part}`")
    try:
        Whole.model_validate(content)
    except ValidationError as error:
        [first, *_] = error.errors(include_url=False, include_input=False, include_context=False)
        raise NotRecorded(f"is not the content of a rule set: `{_path(content, first['loc'])}`: {first['msg'].lower()}") from None
    for wrong in _mistakes(content):
        raise NotRecorded(f"is not the content of a rule set: {wrong}")
    return content


def _parsed(data: bytes) -> Any:
    try:
        if len(data) > LARGEST:
            raise NotRecorded(f"has more than {LARGEST // 1_000_000} MB")
        text = data.decode("utf-8-sig")
        if nested(text, MAX_JSON_DEPTH):
            raise NotRecorded(f"has more than {MAX_JSON_DEPTH} levels of brackets")
        content = json.loads(text)
        json.dumps(content, ensure_ascii=False).encode()  # half a character cannot be shown
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        raise NotRecorded(f"is not UTF-8: {error.reason}") from None
    except NotRecorded:
        raise
    except ValueError as error:  # also a number of very many digits
        raise NotRecorded(f"is not JSON: {error}") from None
    return content


def _path(content: Any, steps: Sequence[int | str]) -> str:
    """Where it is, things by their ids; steps that are not in the data are choices of the shape."""
    told: list[str] = []
    for step in steps:
        if isinstance(content, list) and isinstance(step, int):
            content = content[step]
            name = content.get("id") if isinstance(content, dict) else None
            told.append(name if isinstance(name, str) and name else str(step))
        elif isinstance(content, dict):
            content = content.get(step)
            told.append(str(step))
    return ".".join(told)


# -- names -------------------------------------------------------------------------------------------------------------


def _mistakes(content: Mapping[str, Any]) -> Iterator[str]:
    """What is named and is not there, or twice, or stands on itself."""
    for path, things in ((name, content[name]) for name in LISTS):
        yield from _twice(path, things)
    for pathway in content["pathways"]:
        yield from _twice(f"pathways.{pathway['id']}.rules", pathway["rules"])
    yield from _of_findings(content)
    yield from _of_conditions(content)
    yield from _of_outcomes(content)
    handed = {one["id"]: [rule["handover"] for rule in one["rules"] if rule["handover"] is not None] for one in content["pathways"]}
    yield from (
        f"pathway `{to}`, which `{name}` hands over to, is not there" for name, all_ in handed.items() for to in all_ if to not in handed
    )
    yield from _circles("pathway", handed, "hands over to itself")


def _twice(path: str, things: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    seen: set[str] = set()
    for one in things:
        if one["id"] in seen:
            yield f"`{path}` has `{one['id']}` twice"
        seen.add(one["id"])


def _circles(what: str, needs: Mapping[str, Sequence[str]], verb: str) -> Iterator[str]:
    levels = depths(needs)
    yield from (f"{what} `{name}` {verb}, or leads to one that does" for name in needs if name not in levels)


def _of_findings(content: Mapping[str, Any]) -> Iterator[str]:
    for one in content["findings"]:
        path = f"findings.{one['id']}"
        if one["kind"] == "choice" and not one["values"]:
            yield f"`{path}` is a choice without values"
        if one["kind"] != "number" and (one["range"] is not None or one["resolution"] is not None):
            yield f"`{path}` has a range or a resolution, and is a {one['kind']}"
        if one["kind"] == "number":
            ends = [number(end) for end in one["range"] or ()]
            if not ends or None in ends or ends[0] >= ends[1]:  # type: ignore[operator]  # neither is None then
                yield f"`{path}.range` is not two numbers, the lower first"
            step = number(one["resolution"])
            if step is None or step <= 0:
                yield f"`{path}.resolution` is not a number above 0"


def _of_conditions(content: Mapping[str, Any]) -> Iterator[str]:
    findings = {one["id"]: one for one in content["findings"]}
    own = {one["id"]: one["definitions"] for one in content["pathways"]}
    scopes = {SHARED: content["definitions"], **own}
    uses: dict[str, list[str]] = {}
    nest: dict[str, int] = {}
    for scope, path, tree in _conditions(content):
        known = {**{name: name for name in scopes[SHARED]}, **({name: f"{scope}.{name}" for name in scopes[scope]} if scope else {})}
        read: list[str] = []
        yield from (f"`{path}` {wrong}" for wrong in _of_tree(tree, findings, known, read.append))
        if path.startswith("definitions.") or ".definitions." in path:
            name = f"{scope}.{path.rpartition('.definitions.')[2]}" if scope else path.removeprefix("definitions.")
            uses[name], nest[name] = read, _levels(tree)
    yield from _circles("definition", uses, "stands on itself")
    high: dict[str, int] = {}
    for name in depths(uses):  # what a definition stands on comes before it
        high[name] = nest[name] + max((high.get(one, 0) for one in uses[name]), default=0)
        if high[name] > DEEPEST:
            yield f"definition `{name}`, written out, has more than {DEEPEST} levels"


def _conditions(content: Mapping[str, Any]) -> Iterator[tuple[str, str, Tree]]:
    """Each condition with whose definitions it reads, and where it stands."""
    yield from ((SHARED, f"findings.{one['id']}.applies", one["applies"]) for one in content["findings"] if one["applies"] is not None)
    yield from ((SHARED, f"constraints.{one['id']}.{key}", one[key]) for one in content["constraints"] for key in ("if", "then"))
    yield from ((SHARED, f"definitions.{name}", one["when"]) for name, one in content["definitions"].items())
    yield from ((SHARED, f"red_flags.{one['id']}.when", one["when"]) for one in content["red_flags"])
    for pathway in content["pathways"]:
        scope, path = pathway["id"], f"pathways.{pathway['id']}"
        if pathway["applies"] is not None:
            yield scope, f"{path}.applies", pathway["applies"]
        yield from ((scope, f"{path}.definitions.{name}", one["when"]) for name, one in pathway["definitions"].items())
        yield from ((scope, f"{path}.rules.{one['id']}.when", one["when"]) for one in pathway["rules"])


def _of_tree(tree: Any, findings: Mapping[str, Any], known: Mapping[str, str], reads: Callable[[str], None]) -> Iterator[str]:
    """What is wrong with a condition; the definitions that it reads are told to `reads`."""
    match tree:
        case {"definition": str(name), **rest} if not rest:
            if name not in known:
                yield f"reads the definition `{name}`, which is not there"
            else:
                reads(known[name])
        case {"finding": str(name)} if len(tree) == 2:
            yield from [f"reads the finding `{name}`, which is not there"] if name not in findings else _of_comparison(findings[name], tree)
        case {"not": term, **rest} if not rest:
            yield from _of_tree(term, findings, known, reads)
        case {"all": list(terms), **rest} | {"any": list(terms), **rest} if not rest:
            for term in terms:
                yield from _of_tree(term, findings, known, reads)
        case _:
            yield "is not a condition"


def _levels(tree: Any) -> int:
    within = tree.values() if isinstance(tree, Mapping) else tree if isinstance(tree, list) else ()
    return isinstance(tree, Mapping) + max(map(_levels, within), default=0)


def _of_comparison(finding: Mapping[str, Any], wanted: Mapping[str, Any]) -> Iterator[str]:
    name = finding["id"]
    match wanted:
        case {"is": [*values]} if values and finding["kind"] != "number":
            answers = ("yes", "no") if finding["kind"] == "yes_no" else tuple(finding["values"])
            yield from (f"compares `{name}` with what is no answer of it" for value in values if value not in answers)
        case {"number": dict(limits)} if limits and finding["kind"] == "number":
            if not all(word in OPERATORS and number(limit) is not None for word, limit in limits.items()):
                yield f"compares `{name}` with what is no limit"
        case _:
            yield f"compares `{name}` as what it is not, a {finding['kind']}"


def _of_outcomes(content: Mapping[str, Any]) -> Iterator[str]:
    names = {key: {one["id"] for one in content[key]} for key in ("urgency", "limits", "services", "items")}
    for path, then in _outcomes(content):
        if then["urgency"] not in names["urgency"]:
            yield f"`{path}` gives the urgency `{then['urgency']}`, which is not there"
        for row in then["referrals"]:
            if row["service"] not in names["services"]:
                yield f"`{path}` calls `{row['service']}`, which is not there"
            if row["within"] is not None and row["within"] not in names["limits"]:
                yield f"`{path}` has the limit `{row['within']}`, which is not there"
            if (row["within"] is None) == (row["window"] is None):
                yield f"`{path}` calls `{row['service']}` with neither or both of `within` and `window`"
        yield from (
            f"`{path}` gives the item `{one['item']}`, which is not there" for one in then["items"] if one["item"] not in names["items"]
        )


def _outcomes(content: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from ((f"red_flags.{one['id']}.then", one["then"]) for one in content["red_flags"] if one["then"] is not None)
    for pathway in content["pathways"]:
        path = f"pathways.{pathway['id']}"
        yield from ((f"{path}.rules.{one['id']}.then", one["then"]) for one in pathway["rules"] if one["then"] is not None)
        if pathway["otherwise"] is not None:
            yield f"{path}.otherwise", pathway["otherwise"]
