"""The kinds of places of care that the rules tell apart: each way in which the facts that they ask for can stand together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import product
from typing import Any, TypeAlias

from pathways.content import Content, Tree, all_of, findings_read, limits_read
from pathways.plain import Answer, holds

__all__ = ["SiteKind", "condition_on_site", "kinds_of_site", "said_of"]

SiteKind: TypeAlias = Mapping[str, Answer]  # the facts that were asked for


def condition_on_site(text: str) -> Tree:
    """The condition on the site as the slots and items of `Content` hold it: a tree whose findings are site facts."""
    wanted = json.loads(text) if text else {}
    return all_of(
        {"finding": name, "number": value} if isinstance(value, dict) else {"finding": name, "is": ["yes" if value else "no"]}
        for name, value in wanted.items()
    )


def kinds_of_site(content: Content, conditions: Iterable[Tree]) -> Iterator[SiteKind]:
    """Every kind that these conditions tell apart, once; a single one where they ask for nothing."""
    trees = list(conditions)
    facts = [one for one in content.data["site_facts"] if one["id"] in findings_read(trees)]
    cuts = limits_read(trees)
    told_apart: set[tuple[bool, ...]] = set()
    for answers in product(*(_answers(one, cuts.get(one["id"], set())) for one in facts)):
        kind = dict(zip((one["id"] for one in facts), answers, strict=True))
        reading = tuple(holds(tree, kind) for tree in trees)
        if reading not in told_apart:
            told_apart.add(reading)
            yield kind


def _answers(fact: Mapping[str, Any], cuts: Iterable[tuple[Decimal, bool]]) -> list[Answer]:
    if fact["kind"] == "yes_no":
        return [True, False]
    low, high = map(Decimal, fact["range"])
    step = Decimal(fact["resolution"])
    near = {value for limit, _ in cuts for value in (limit - step, limit, limit + step) if low <= value <= high}
    return [*sorted({low, high, *near})]


def said_of(content: Content, kind: SiteKind) -> str:
    """`where no ENT doctor can come here`; empty where nothing is asked for."""
    facts = {one["id"]: one for one in content.data["site_facts"]}
    said = [_fact(facts[name], answer) for name, answer in kind.items()]
    return f"where {' and '.join(said)}" if said else ""


def _fact(fact: Mapping[str, str], answer: Answer) -> str:
    if answer is True:
        return fact["means"]
    return fact["negated"] or f"not: {fact['means']}" if answer is False else f"it is {answer} {fact['unit']} {fact['means']}"
