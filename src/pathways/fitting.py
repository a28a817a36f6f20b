"""Plain data → models: what fits, a remark at the place of each mistake, and what is sound around mistakes.

Nothing that was salvaged is ever used but to tell further mistakes: with an error told, nothing is loaded.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from pathways.documents import Document, Path_, Scalar
from pathways.model import FORMS
from pathways.remarks import CLOSE, MANY, Place, Remark, first, near, short

__all__ = ["fit", "salvaged"]

UNREADABLE = "unreadable"
PLACEHOLDERS = (UNREADABLE, "0.0.0", "9999-12-31")  # for a text, a version, a date that cannot be read
IN_PLACE = {  # parts of a rule that say little of the rest of it
    "title": Scalar(UNREADABLE),
    "note": Scalar(UNREADABLE),
    "basis": Scalar("interpretation"),
    "then": {"urgency": Scalar(UNREADABLE)},
}


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
                if len(allowed) == 1:
                    yield Remark(
                        "unknown-value", f"`{short(str(here))}` is not `{allowed[0]}`", place, f"write `{allowed[0]}`, or delete the key"
                    )
                    continue
                yield Remark("unknown-value", f"`{short(str(here))}` is not one of {', '.join(allowed)}", place, near(str(here), allowed))
            case "string_pattern_mismatch":
                written = one["loc"][-2] if name == "[key]" else here
                form, help = FORMS[context["pattern"]]
                yield Remark("ill-formed", f"`{short(str(written))}` is not {form}", place, help)
            case "yes_no" | "number" | "day" | "duration" | "unit":
                yield Remark("wrong-kind", one["msg"], place, context.get("help", ""))
            case _:
                keys = ", ".join(_keys(model, one["loc"])) if kind == "model_type" else ""
                help = f"the keys here are {keys}" if keys else ""
                if kind == "list_type":
                    help = "write it as a list, in `[` and `]`" if path else "begin each with `- `"
                yield Remark("wrong-shape", _shape(kind, here, context, one["msg"]), place, help)


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


# -- what is sound around mistakes -----------------------------------------------------------------------------------


def salvaged(data: Any, model: Any) -> tuple[Any, set[str]]:
    """The model without what cannot be read, and the names of what was left out; None where nothing useful remains."""
    adapter = TypeAdapter(model)
    left_out: set[str] = set()
    data = copy.deepcopy(data)
    for _ in range(len(PLACEHOLDERS) + 3):
        try:
            return adapter.validate_python(data), left_out
        except ValidationError as error:
            if error.error_count() > MANY:
                break
            # Misspelt keys first: what they leave missing is no mistake of its own.
            misspelt = [one["loc"] for one in error.errors() if one["type"] == "extra_forbidden"]
            for location in misspelt:
                _respell(data, model, location)
            for location in () if misspelt else {one["loc"][:3]: one["loc"] for one in error.errors()}.values():
                left_out |= _leave_out(data, model, location)
    return None, left_out


def _respell(data: Any, model: Any, location: tuple[int | str, ...]) -> None:
    """Give what an unknown key holds to the key that was meant, if one was."""
    path, _ = _located(data, location)
    holder = _holder(data, path)
    if path and isinstance(holder, dict):
        found = _meant(model, location, holder)
        value = holder.pop(path[-1], None)
        if found and value is not None:
            holder[found] = value


def _leave_out(data: Any, model: Any, location: tuple[int | str, ...]) -> set[str]:
    """Leave out the named thing that has the mistake, or the whole of a key that is optional; its name is returned."""
    if not isinstance(data, dict) or not location:
        return set()
    key = location[0]
    if len(location) >= 2 and isinstance(data.get(key), dict) and not _holds_one(model, key):
        return {UNREADABLE, str(location[1])} if _leave_out_named(data[key], location[1], location[2:]) else {UNREADABLE}
    if _is_optional(model, key):
        data.pop(key, None)
    elif data.get(key) in PLACEHOLDERS:
        data[key] = Scalar(PLACEHOLDERS[(PLACEHOLDERS.index(data[key]) + 1) % len(PLACEHOLDERS)])
    else:
        data[key] = Scalar(PLACEHOLDERS[0])
    return set()


def _leave_out_named(named: dict[str, Any], name: int | str, inside: tuple[int | str, ...]) -> bool:
    """Leave out one of many by name, or less of it where that will do; whether it is gone."""
    part = named.get(str(name))
    if inside and isinstance(part, dict) and inside[0] in IN_PLACE and "when" in part:
        part[str(inside[0])] = copy.deepcopy(IN_PLACE[str(inside[0])])
        return False
    named.pop(str(name), None)
    if inside == ("[key]",):
        named[re.sub("^[^a-z]*", "", re.sub("[^a-z0-9]+", "_", str(name).lower())) or UNREADABLE] = part
    return True


def _is_optional(model: Any, key: int | str) -> bool:
    return any(not info.is_required() for name, info in model.model_fields.items() if key == (info.alias or name))


def _holds_one(model: Any, key: int | str) -> bool:
    """Whether a key of the model holds one part, not many by name."""
    return any(map(_is_model, _under(model, key)))
