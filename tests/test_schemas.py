"""What the editor says is what the loader says: the shipped schemas fit the models and the shipped rules, and refuse nothing that loads."""

from __future__ import annotations

import copy
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import jsonschema
import pytest

import pathways
import small
from pathways import InvalidRules, Severity, cases, loader, requirements, schemas
from pathways.documents import Document, Scalar, read_document
from pathways.schemas import NAMES, schema

RULES = Path(__file__).parent.parent / "rules"
SHIPPED = Path(schemas.__file__).parent
FILES = sorted(RULES.glob("*.yaml"))
MUTANTS = 40  # of each kind of file


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_schema_is_what_the_models_generate(name: str, tmp_path: Path) -> None:
    schemas.write(tmp_path)

    assert (SHIPPED / f"{name}.schema.json").read_text(encoding="utf-8") == (tmp_path / f"{name}.schema.json").read_text(encoding="utf-8")


def test_every_schema_is_shipped_and_no_other() -> None:
    assert sorted(file.name for file in SHIPPED.glob("*.json")) == sorted(f"{name}.schema.json" for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one_and_every_reference_in_it_leads_somewhere(name: str) -> None:
    made = schema(name)
    jsonschema.Draft202012Validator.check_schema(made)
    for reference in re.findall(r'"\$ref": "([^"]+)"', json.dumps(made)):
        here: Any = made
        for step in reference.removeprefix("#/").split("/"):
            here = here[step]
        assert here


def test_every_key_of_the_language_has_hover_text_or_a_name_that_says_it_all() -> None:
    """At least the parts themselves are described."""
    for name in NAMES:
        for part, about in schema(name).get("$defs", {}).items():
            assert "description" in about or part == "Limits", f"{part} of {name}"


# -- as an editor reads a file -----------------------------------------------------------------------------------------

NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def as_yaml_1_2(data: Any) -> Any:
    """Plain data as the core schema of YAML 1.2 reads it: numbers where nobody wrote quotes, and no other guess but null and true."""
    if isinstance(data, dict):
        return {str(key): as_yaml_1_2(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_yaml_1_2(one) for one in data]
    if data.quoted:
        return str(data)
    if NUMBER.fullmatch(data):
        return float(data) if set(data) & set(".eE") else int(data)
    return {"": None, "~": None, "null": None, "true": True, "false": False}.get(data, str(data))


def kind_of(file: Path) -> str:
    if file.name.endswith(".cases.yaml"):
        return "cases"
    return file.stem if file.stem in NAMES else "pathway"


@cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema(name))


@cache
def document(file: Path) -> Document:
    return read_document(file, f"rules/{file.name}")


@pytest.mark.parametrize("file", FILES, ids=[file.name for file in FILES])
def test_every_shipped_file_fits_its_schema_and_names_it(file: Path) -> None:
    validator(kind_of(file)).validate(as_yaml_1_2(document(file).data))

    assert file.read_text(encoding="utf-8").startswith(
        f"# yaml-language-server: $schema=../src/pathways/schemas/{kind_of(file)}.schema.json\n"
    )


def test_the_smallest_folder_fits_too() -> None:
    for name, text in small.FILES.items():
        validator(kind_of(Path(name))).validate(as_yaml_1_2(loader_data(text)))


def test_a_site_file_fits_its_schema() -> None:
    validator("site").validate(as_yaml_1_2(loader_data("site: here\ntitle: Here\nfacts: {ent_here: yes, minutes: 30}\n")))


def loader_data(text: str) -> Any:
    from pathways.documents import read_bytes

    return read_bytes(text.encode(), Document("x.yaml")).data


# -- one change at a time ----------------------------------------------------------------------------------------------


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Everything in plain data but the whole."""
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield (*path, key)
        yield from places(value, (*path, key))


def readings(data: Any) -> Iterator[Any]:
    """As an editor reads it, and as it would with `7` and `1e3` in quotes: the loader takes a bare number for a text, where a text belongs."""
    yield as_yaml_1_2(data)
    yield as_yaml_1_2(quoted(data))


def quoted(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: quoted(value) for key, value in data.items()}
    if isinstance(data, list):
        return [quoted(one) for one in data]
    return Scalar(data, quoted=True) if isinstance(data, Foreign) else data


class Foreign(Scalar):
    """A scalar that a change put there."""


def mutant(random: Random, data: Any, spots: list[tuple[Any, ...]]) -> tuple[str, Any]:
    """The data with one random change, and what it is."""
    path = random.choice(spots)
    changed = copy.deepcopy(data)
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    key, value = path[-1], holder[path[-1]]
    change = random.choice(("drop", "rename", "add", "type", "type"))
    if change == "drop":
        del holder[key]
    elif change == "rename" and isinstance(holder, dict):
        pairs = [(f"{one}x" if one == key else one, part) for one, part in holder.items()]
        holder.clear()
        holder.update(pairs)
    elif change == "add" and isinstance(value, dict):
        value["unheard_of"] = Scalar("x")
    else:
        change = "type"
        holder[key] = random.choice([other for other in OTHERS if type(other) is not type(value) or isinstance(value, Scalar)])
    what = f" to {holder[key]!r}" if change == "type" else ""
    return f"{change} {'.'.join(map(str, path))}{what}", changed


OTHERS: list[Any] = [Scalar("word"), Scalar("word", quoted=True), Foreign("7"), Scalar("7", quoted=True), Foreign("1e3"), Scalar(""), Scalar("yes"), [], [Scalar("word")], {"a": Scalar("b")}]  # fmt: skip


def refused_by_the_loader(file: Path, data: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ruleset: pathways.RuleSet) -> bool:
    """Whether the folder of shipped rules loads with this data in place of a file; cases are read one file at a time."""
    changed = Document(f"rules/{file.name}", data, places=document(file).places)
    if kind_of(file) == "cases":
        (tmp_path / file.name).touch()
        try:
            cases.read_cases(tmp_path, ruleset, reading=lambda *_: changed)
        except InvalidRules:
            return True
        return False
    if kind_of(file) == "requirements":
        monkeypatch.setattr(loader, "read_document", lambda *_: changed)
        try:
            requirements.read_requirements(RULES, authored())
        except InvalidRules:
            return True
        return False
    _, remarks = loader.attempt(RULES, lambda other, *_: changed if other.name == file.name else document(RULES / other.name))
    return any(remark.severity is Severity.ERROR for remark in remarks)


@cache
def authored() -> loader.Authored:
    return loader.read(RULES)


@pytest.mark.parametrize("kind", ["ruleset", "findings", "items", "sources", "pathway", "cases", "requirements"])
def test_what_the_schema_refuses_the_loader_refuses(kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And not the other way round: an editor cannot know which names exist."""
    random = Random(kind)
    ruleset = pathways.load()
    files = [file for file in FILES if kind_of(file) == kind]
    spots = {file: list(places(document(file).data)) for file in files}
    tally: Counter[str] = Counter()
    wrong: list[str] = []
    for _ in range(MUTANTS):
        file = random.choice(files)
        if kind == "cases":  # one case is enough
            data: Any = [random.choice(document(file).data)]
            what, data = mutant(random, data, list(places(data)))
        else:
            what, data = mutant(random, document(file).data, spots[file])
        schema_refuses = not any(validator(kind).is_valid(reading) for reading in readings(data))
        loader_refuses = refused_by_the_loader(file, data, monkeypatch, tmp_path, ruleset)
        tally[f"schema {'refuses' if schema_refuses else 'accepts'}, loader {'refuses' if loader_refuses else 'accepts'}"] += 1
        if schema_refuses and not loader_refuses:
            wrong.append(f"{file.name}: {what}")
    sys.stdout.write(f"{kind}: {dict(tally)}\n")  # shown by `pytest -rP`

    assert wrong == []
    assert tally["schema refuses, loader refuses"] >= MUTANTS // 4
