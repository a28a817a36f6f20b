"""The shipped rules, rewritten without a change of meaning, decide the same of everybody."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest

import pathways
from generate import Generator, Presentation
from pathways.documents import Scalar, read_document
from pathways.shipped import folder

SEED = 47
COUNT = 40
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*\Z")
Files = dict[str, Any]  # name → what stands in the file
Rewrite = Callable[[Files, Random], None]


def written(data: Any) -> str:
    """Plain data as YAML in one line; what stood in quotes stays in quotes."""
    if isinstance(data, Mapping):
        return "{" + ", ".join(f"{key}: {written(value)}" for key, value in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(map(written, data)) + "]"
    return str(data) if PLAIN.match(data) and not getattr(data, "quoted", False) else json.dumps(data, ensure_ascii=False)


def pathways_of(files: Files) -> list[dict[str, Any]]:
    return [data for data in files.values() if "pathway" in data]


def conditions(files: Files) -> list[tuple[dict[str, Any], str]]:
    """Where each condition of a rule, a red flag and a definition stands."""
    holders = [files["ruleset.yaml"], *pathways_of(files)]
    named = [part for data in holders for key in ("rules", "red_flags", "definitions") for part in data.get(key, {}).values()]
    return [(part, "when") for part in named if "when" in part]


def rewritten(condition: Any, change: Callable[[Any], Any]) -> Any:
    """The condition with every part of it changed, the innermost first."""
    if isinstance(condition, Mapping):
        ((key, value),) = condition.items()
        if key in ("all", "any"):
            condition = {key: [rewritten(term, change) for term in value]}
        elif key == "not":
            condition = {key: rewritten(value, change)}
    return change(condition)


def everywhere(files: Files, change: Callable[[Any], Any]) -> None:
    for part, key in conditions(files):
        part[key] = rewritten(part[key], change)


# -- rewrites --------------------------------------------------------------------------------------------------------


def keys_in_another_order(files: Files, random: Random) -> None:
    """Of everything whose order means nothing."""
    for data in files.values():
        for _, part in sorted(data.items()):
            if isinstance(part, dict):
                for each in part.values():
                    if isinstance(each, dict):
                        shuffle(each, random)
        shuffle(data, random)


def shuffle(data: dict[str, Any], random: Random) -> None:
    parts = list(data.items())
    random.shuffle(parts)
    data.clear()
    data.update(parts)


def rules_in_another_order(files: Files, random: Random) -> None:
    for data in [files["ruleset.yaml"], *pathways_of(files)]:
        for key in ("rules", "definitions", "constraints"):
            shuffle(data.get(key, {}), random)


def terms_in_another_order(files: Files, random: Random) -> None:
    def change(condition: Any) -> Any:
        if isinstance(condition, Mapping) and (key := next(iter(condition))) in ("all", "any"):
            return {key: random.sample(condition[key], len(condition[key]))}
        return condition

    everywhere(files, change)


def doubly_negated(files: Files, random: Random) -> None:
    for part, key in conditions(files):
        part[key] = {"not": {"not": part[key]}}


def by_de_morgan(files: Files, random: Random) -> None:
    other = {"all": "any", "any": "all"}

    def change(condition: Any) -> Any:
        if isinstance(condition, Mapping) and (key := next(iter(condition))) in other:
            return {"not": {other[key]: [{"not": term} for term in condition[key]]}}
        return condition

    everywhere(files, change)


def definitions_written_out(files: Files, random: Random) -> None:
    shared = files["ruleset.yaml"].get("definitions", {})
    for data in [files["ruleset.yaml"], *pathways_of(files)]:
        known = {name: part["when"] for name, part in {**shared, **data.get("definitions", {})}.items() if "when" in part}

        def change(condition: Any, known: Mapping[str, Any] = known) -> Any:
            return known.get(condition, condition) if isinstance(condition, str) else condition

        for key in ("rules", "red_flags"):
            for part in data.get(key, {}).values():
                part["when"] = rewritten(part["when"], change)


def every_rule_twice(files: Files, random: Random) -> None:
    for data in pathways_of(files):
        data["rules"] |= {f"{name}_copy1": deepcopy(rule) for name, rule in data["rules"].items()}


def alternatives_as_rules_of_their_own(files: Files, random: Random) -> None:
    for data in pathways_of(files):
        rules = {}
        for name, rule in data["rules"].items():
            when = rule["when"]
            terms = when["any"] if isinstance(when, Mapping) and "any" in when else [when]
            rules |= {f"{name}_copy{n}" if n else name: {**deepcopy(rule), "when": term} for n, term in enumerate(terms)}
        data["rules"] = rules


REWRITES: tuple[Rewrite, ...] = (
    keys_in_another_order,
    rules_in_another_order,
    terms_in_another_order,
    doubly_negated,
    by_de_morgan,
    definitions_written_out,
    every_rule_twice,
    alternatives_as_rules_of_their_own,
)


# -- what is compared ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ruleset() -> pathways.RuleSet:
    return pathways.load()


@pytest.fixture(scope="module")
def decided(ruleset: pathways.RuleSet) -> list[tuple[Presentation, Any]]:
    """Presentations, and what the shipped rules say of each."""
    generator = Generator(ruleset.content())
    return [(each, said(ruleset, each)) for each in (generator.presentation(SEED, number) for number in range(COUNT))]


def rewritten_rules(rewrite: Rewrite, target: Path) -> pathways.RuleSet:
    """The shipped rules in another folder, rewritten."""
    files: Files = {}
    for file in folder().glob("*.yaml"):
        if not file.name.endswith(".cases.yaml"):
            document = read_document(file)
            assert document.data is not None, document.remarks
            files[file.name] = document.data
    rewrite(files, Random(SEED))
    for name, data in files.items():
        (target / name).write_text(written(data), encoding="utf-8")
    return pathways.load(target)


def said(ruleset: pathways.RuleSet, each: Presentation) -> dict[str, Any] | str:
    """The record without the digest, or why nothing was decided.

    Of copies of a rule only the most certain one is kept. Reasons have an order of their own, and which one of several equal
    rules is named as a reason to ask is left open: both follow the order of the file.
    """
    try:
        record = ruleset.decide(each.given, each.asked).to_dict()
    except pathways.InvalidPresentation as error:
        return error.remarks[0].code
    record["ruleset"].pop("digest")
    for question in record["next"] + record["optional"]:
        del question["why"], question["discreet"]  # discreet where the rule that is named is
    reasons = [{**reason, "rule": re.sub(r"_copy\d+\Z", "", reason["rule"])} for reason in record["reasons"]]
    most = {(reason["pathway"], reason["rule"]): reason for reason in sorted(reasons, key=lambda one: one["certainty"], reverse=True)}
    record["reasons"] = [most[key] for key in sorted(most)]
    return record


@pytest.mark.parametrize("rewrite", REWRITES)
def test_a_rewriting_that_keeps_the_meaning_changes_no_decision(
    ruleset: pathways.RuleSet, decided: list[tuple[Presentation, Any]], rewrite: Rewrite, tmp_path: Path
) -> None:
    other = rewritten_rules(rewrite, tmp_path)

    assert (other.digest == ruleset.digest) == (rewrite is keys_in_another_order)
    # An alternative that is a rule of its own is still asked for where another one of the same rule holds.
    apart = {"next", "optional"} if rewrite is alternatives_as_rules_of_their_own else set()
    for each, record in decided:
        found = said(other, each)
        assert without(found, apart) == without(record, apart), each.as_json()


def without(record: Any, parts: set[str]) -> Any:
    return {key: value for key, value in record.items() if key not in parts} if isinstance(record, dict) else record


def test_a_pathway_decides_the_same_without_the_others(decided: list[tuple[Presentation, Any]], tmp_path: Path) -> None:
    """Those that it hands over to stay with it."""

    def alone(name: str) -> pathways.RuleSet:
        def leave(files: Files, random: Random) -> None:
            kept, todo = set(), [name]
            while todo:
                one = todo.pop()
                kept.add(one)
                todo += [rule["handover"] for rule in files[f"{one}.yaml"]["rules"].values() if "handover" in rule]
            for other in [data["pathway"] for data in pathways_of(files) if data["pathway"] not in kept]:
                del files[f"{other}.yaml"]

        (tmp_path / name).mkdir()
        return rewritten_rules(leave, tmp_path / name)

    single = [(each, record) for each, record in decided if len(each.asked) == 1]
    others = {name: alone(name) for name in {each.asked[0] for each, _ in single}}
    assert len(others) > 2
    for each, record in single:
        assert said(others[each.asked[0]], each) == record, each.as_json()


def test_what_is_written_is_what_was_read(tmp_path: Path) -> None:
    assert rewritten_rules(lambda files, random: None, tmp_path).digest == pathways.load().digest
    assert written(Scalar("no", quoted=True)) == '"no"'
