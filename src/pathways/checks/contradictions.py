"""P6: nobody is given two items that exclude each other, or is reassured and called urgent, or reassured and phoned about."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from pathways.checks.book import Book
from pathways.content import Rule, Slot
from pathways.encoding import nor
from pathways.plain import Patient
from pathways.remarks import Remark

__all__ = ["excluded_together", "reassured_and_called", "reassured_and_urgent"]

Item = tuple[str, str]  # an item, and the condition on the site under which it is given


def excluded_together(book: Book, pathway: str) -> Iterator[Remark]:
    """A patient who is given two items of which one excludes the other, at one and the same place of care."""
    given = _items(book, pathway)
    for one, other in _excluded(book):
        for first in (item for item in given if item[0] == one):
            for second in (item for item in given if item[0] == other and _at_one_site(first, item)):
                gives = (book.world.gives([pathway], item) for item in (first, second))
                patient = book.patient([pathway], *gives)
                if patient is not None:
                    yield _together(book, pathway, patient, first, second)


def _together(book: Book, pathway: str, patient: Patient, first: Item, second: Item) -> Remark:
    one, other = (_giver(book, pathway, patient, item) for item in (first, second))
    if one is other:
        message = f"`{one.id}` gives `{first[0]}` and `{second[0]}`, which exclude each other"
        help, see = "leave one of the two out", book.item_place(first[0])
    else:
        message = f"`{first[0]}` by `{one.id}` and `{second[0]}` by `{other.id}` are given together, and exclude each other"
        help, see = f"leave the patients of `{other.id}` out of `{one.id}`, or one of the two items", book.place(*other.key)
    return Remark("excluded-together", message, book.place(*one.key), help, see, example=book.told([pathway], patient))


def reassured_and_urgent(book: Book, pathway: str) -> Iterator[Remark]:
    """A patient who is reassured by an urgent rule."""
    first = _first_emergency(book)
    for item in _reassuring(book, pathway):
        patient = book.patient([pathway], book.world.gives([pathway], item), book.world.at_least([pathway], first))
        if patient is not None:
            rule = _giver(book, pathway, patient, item)
            level = book.level(-1 if rule.given is None else rule.given.rank)
            message = f"`{item[0]}` reassures, and `{rule.id}` gives it at `{level}`"
            help = "leave it out of the rule, or do not mark it as reassuring"
            place, other = book.place(*rule.key), book.item_place(item[0])
            yield Remark("reassured-and-urgent", message, place, help, other, example=book.told([pathway], patient))


def reassured_and_called(book: Book, pathway: str) -> Iterator[Remark]:
    """A patient who is reassured, and about whom a service is phoned now."""
    slots = {row.slot for _, given in book.world.rules([pathway]) for row in given.referrals if row.contact}
    below = nor(book.world.at_least([pathway], _first_emergency(book)))  # above that the patient is shown by the check before
    for item in _reassuring(book, pathway):
        for slot in sorted(slot for slot in slots if _at_one_site(item, (item[0], slot[2]))):
            called = book.world.refers([pathway], slot, phoned=True)
            patient = book.patient([pathway], book.world.gives([pathway], item), called, below)
            if patient is not None:
                yield _called(book, pathway, patient, item, slot)
                break


def _called(book: Book, pathway: str, patient: Patient, item: Item, slot: Slot) -> Remark:
    rule = _giver(book, pathway, patient, item)
    held = book.held([pathway], patient)
    caller = next(one for one in held if one.given is not None and any(row.slot == slot and row.contact for row in one.given.referrals))
    service = book.content.services[slot[0]]
    if rule is caller:
        message, see = f"`{rule.id}` reassures with `{item[0]}` and has {service} phoned now", book.item_place(item[0])
        help = "leave out the item, or let the call wait"
    else:
        message, see = f"`{item[0]}` by `{rule.id}` reassures, and {service} is phoned now by `{caller.id}`", book.place(*caller.key)
        help = "leave the patients of one rule out of the other, or let the call wait"
    return Remark("reassured-and-called", message, book.place(*rule.key), help, see, example=book.told([pathway], patient))


def _excluded(book: Book) -> list[tuple[str, str]]:
    """Each pair once, as the catalogue has them."""
    pairs = ((name, other) for name, item in book.content.items.items() for other in item["excludes"])
    return list({frozenset(pair): pair for pair in reversed(list(pairs))}.values())[::-1]


def _items(book: Book, pathway: str) -> list[Item]:
    return list(dict.fromkeys(item for _, given in book.world.rules([pathway]) for item in given.items))


def _reassuring(book: Book, pathway: str) -> list[Item]:
    return [item for item in _items(book, pathway) if book.content.items[item[0]]["reassures"]]


def _giver(book: Book, pathway: str, patient: Patient, item: Item) -> Rule:
    """The most urgent rule that gives the item to the patient."""
    return next(rule for rule in book.held([pathway], patient) if rule.given is not None and item in rule.given.items)


def _first_emergency(book: Book) -> int:
    """The lowest level at which somebody is phoned at once: `urgent`, or what says so of itself; beyond the scale if none does."""
    levels = book.content.data["urgency"]
    return next((rank for rank, level in enumerate(levels) if level["contact"] == "now" or level["id"] == "urgent"), len(levels))


# -- the place of care -----------------------------------------------------------------------------------------------


def _at_one_site(one: Item, other: Item) -> bool:
    """Whether there can be a place of care at which both are given."""
    first, second = (json.loads(item[1]) if item[1] else {} for item in (one, other))
    return all(_meet(first[fact], second[fact]) for fact in first.keys() & second.keys())


def _meet(one: bool | Mapping[str, Any], other: bool | Mapping[str, Any]) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    limits = [(word, Decimal(limit)) for wanted in (one, other) for word, limit in wanted.items()]
    lows = [(limit, word == "above") for word, limit in limits if word in ("at_least", "above")]
    highs = [(limit, word != "below") for word, limit in limits if word in ("at_most", "below")]
    return all(low < high if above or not included else low <= high for low, above in lows for high, included in highs)
