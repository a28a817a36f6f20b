"""P2: what is decided is a function of the rules as a set and of the patient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pathways.checks.book import Book
from pathways.compiler import compile_rules
from pathways.confirming import Disagreement
from pathways.decision import Decision
from pathways.loader import Authored
from pathways.remarks import Remark
from pathways.ruleset import RuleSet

__all__ = ["order_of_the_files"]

T = TypeVar("T")


def order_of_the_files(book: Book) -> Iterator[Remark]:
    """Rules, definitions, constraints and pathways turned round, compiled again, and asked of patients of many rules.

    Nothing that an author writes can make a difference: one is a mistake of ours, and is raised as such.
    """
    turned = RuleSet(compile_rules(_turned(book.authored)))
    for pathway in book.pathways:
        for given in ({}, *_patients(book, pathway)):
            here, there = (_told(version.decide(given, pathway)) for version in (book.ruleset, turned))
            if here != there:
                raise Disagreement(f"the order of the files matters: {given}: {here}, turned round {there}")
    yield from ()


def _patients(book: Book, pathway: str) -> Iterator[dict[str, Any]]:
    """A patient for every fourth rule: what is looked for is a mistake of the engine, which would not hide in a single rule."""
    for rule in book.content.asked([pathway])[::4]:
        found = book.solver.find(book.answers, book.world.possible, book.world.holds(rule))
        if found is not None:
            yield {name: answer for name, answer in found.items() if answer is not None}


def _told(decision: Decision) -> Any:
    """The decision, without the order in which its reasons are told."""
    reasons = frozenset((reason.pathway, reason.rule, reason.certainty) for reason in decision.reasons)
    items = (decision.actions, decision.advice, decision.follow_up)
    return decision.status, decision.urgency, decision.referrals, items, reasons


def _turned(authored: Authored) -> Authored:
    """The same rule set with everything in the other order whose order means nothing."""
    shared = authored.ruleset.model_copy(
        update={name: _reversed(getattr(authored.ruleset, name)) for name in ("red_flags", "definitions", "constraints")}
    )
    pathways = {}
    for name, pathway in _reversed(authored.pathways).items():
        stated = {"rules": _reversed(pathway.part.rules), "definitions": _reversed(pathway.part.definitions)}
        part = pathway.part.model_copy(update=stated)
        pathways[name] = replace(pathway, part=part, rules=_reversed(pathway.rules), definitions=_reversed(pathway.definitions))
    return replace(
        authored,
        ruleset=shared,
        pathways=pathways,
        red_flags=_reversed(authored.red_flags),
        definitions=_reversed(authored.definitions),
        constraints=_reversed(authored.constraints),
    )


def _reversed(things: Mapping[str, T]) -> dict[str, T]:
    return dict(reversed(list(things.items())))
