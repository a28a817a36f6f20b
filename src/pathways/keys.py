"""Which mappings of a rule file have keys in the order of the model, and which in an order that says something.

Items, findings and rules stand in the order of their author; the parts of one of them may stand in any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from pathways.loader import NOT_PATHWAYS, SHARED
from pathways.model import Case, HazardsFile, PathwayFile, RequirementsFile, SiteFile

__all__ = ["keys_of", "model_of"]


def model_of(name: str) -> Any:
    """What a file of this name holds; nothing where no model says it."""
    if name.endswith(".cases.yaml"):
        return list[Case]
    if name == "site.yaml" or name.endswith(".site.yaml"):
        return SiteFile
    if name == "requirements.yaml":
        return RequirementsFile
    if name == "hazards.yaml":
        return HazardsFile
    return SHARED.get(name, None if name in NOT_PATHWAYS else PathwayFile)


def keys_of(model: Any, way: Sequence[str | int]) -> list[str] | None:
    """The keys of a mapping as the model declares them; None where it is for the author to say which comes first."""
    parts = [model]
    for step in way:
        parts = [inner for part in parts for one in _members(part) for inner in _inside(one, step)]
    found = [one for part in parts for one in _members(part) if isinstance(one, type) and issubclass(one, BaseModel)]
    return list(_fields(found[0])) if found else None


def _members(note: Any) -> Iterator[Any]:
    """What a value may be."""
    origin = get_origin(note)
    if origin is Annotated:
        yield from _members(get_args(note)[0])
    elif origin in (Union, UnionType):
        for one in get_args(note):
            yield from _members(one)
    else:
        yield note


def _inside(note: Any, step: str | int) -> Iterator[Any]:
    """What the value at one step further in may be."""
    if isinstance(note, type) and issubclass(note, BaseModel):
        yield from (annotation for name, annotation in _fields(note).items() if name == step)
    elif get_origin(note) is dict and isinstance(step, str):
        yield get_args(note)[1]
    elif get_origin(note) is list and isinstance(step, int):
        yield get_args(note)[0]


def _fields(model: type[BaseModel]) -> Mapping[str, Any]:
    return {info.alias or name: info.annotation for name, info in model.model_fields.items()}
