"""P22: what a text says of times, services and telephone numbers is what the rules say; remarks on words, and no proof.

A time agrees with the rules if it is a limit, a window or a compared number of a rule that gives the item, if a finding says it
that such a rule reads, or if it is the time after which the item says to decide again. It is a quotation if a row or gap says
it that the item or such a rule rests on, or if the item names it in `quotes`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from pathways.checks.book import Book
from pathways.content import Given, Rule, comparisons
from pathways.encoding import both, either, nor
from pathways.remarks import Remark, Severity

__all__ = ["other_times", "service_not_called", "telephone_numbers", "times_of"]

MINUTES: Mapping[str, int] = {"min": 1, "h": 60, "d": 1440, "wk": 10_080, "mo": 43_830, "a": 525_960}
UNITS: Mapping[str, str] = {
    "min": "min", "mins": "min", "minute": "min", "minutes": "min", "h": "h", "hour": "h", "hours": "h", "day": "d", "days": "d",
    "week": "wk", "weeks": "wk", "month": "mo", "months": "mo", "year": "a", "years": "a",
}  # fmt: skip
WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBERS: Mapping[str, int] = {**{word: n for n, word in enumerate(WORDS, 1)}, "an": 1}
_NUMBER = rf"\d+(?:\.\d+)?|{'|'.join(NUMBERS)}"
_TIME = re.compile(
    rf"\b(?P<from>{_NUMBER})(?:(?: to | or |-)(?P<to>{_NUMBER}))?[ -](?P<unit>{'|'.join(UNITS)})\b"
    rf"|\bwithin the (?P<one>hour|day|week)\b|\bdays? (?P<first>\d+)(?: to (?P<last>\d+))?\b",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(rf"(?<![\w.,#-])\+?\d(?:[ -]?\d){{2,}}(?!\w|[.,]\d|[ -]?(?:{'|'.join(UNITS)}|mg|micrograms|ml|g|kg|mmHg|IU)\b|%)")


class Time(NamedTuple):
    """A time as a text says it."""

    minutes: Fraction
    said: str


def times_of(text: str) -> Iterator[Time]:
    """The times in a text: `20 minutes`, `2 to 3 weeks`, `within the hour`, `day 14`."""
    for found in _TIME.finditer(text):
        if found["unit"]:
            yield from (Time(_value(one) * MINUTES[UNITS[found["unit"].lower()]], found[0]) for one in (found["from"], found["to"]) if one)
        elif found["one"]:
            yield Time(Fraction(MINUTES[UNITS[found["one"].lower()]]), found[0])
        else:
            yield from (Time(_value(one) * MINUTES["d"], found[0]) for one in (found["first"], found["last"]) if one)


def _value(word: str) -> Fraction:
    return Fraction(NUMBERS.get(word.lower(), word))


def other_times(book: Book) -> Iterator[Remark]:
    """A time in an item, or in the label of a level or limit, that neither the rules nor their sources say."""
    givers = _givers(book)
    for name, item in book.content.items.items():
        known = _known(book, item, givers.get(name, []))
        for one in times_of(item["text"]):
            if one.minutes not in known:
                message = f"`{name}` says {one.said}, and neither a rule that gives it nor its sources say so"
                yield _note("other-time", message, book, ("items", name, "text"), "correct it, or name it in `quotes`")
        for quote in item["quotes"]:
            if quote.casefold() not in item["text"].casefold():
                yield _note("other-time", f"`{name}` does not say {quote}", book, ("items", name, "quotes"), "correct the quotation")
    told = {one.minutes for name in _sources(book) for one in times_of(_sources(book)[name])}
    for level in book.content.data["urgency"]:
        for one in times_of(level["label"]):
            if one.minutes not in {*told, *_limit(level["latest"])}:
                latest = level["latest"] or "no time"
                message = f"the label of `{level['id']}` says {one.said}, and its latest is {latest}"
                yield Remark("other-time", message, book.shared("urgency", level["id"], "label"), "correct it", severity=Severity.NOTE)
    for limit in book.content.data["limits"]:
        for one in times_of(limit["label"]):
            if one.minutes not in set(_limit(limit["id"])):
                message = f"the label of `{limit['id']}` says {one.said}"
                yield Remark("other-time", message, book.shared("limits", limit["id"]), "correct it", severity=Severity.NOTE)


def _note(code: str, message: str, book: Book, path: tuple[str, ...], help: str) -> Remark:
    return Remark(code, message, book.authored.documents["items.yaml"].place(path), help, severity=Severity.NOTE)


def _givers(book: Book) -> dict[str, list[tuple[Rule, Given]]]:
    """Each item with the rules that give it."""
    found: dict[str, dict[tuple[str, str], tuple[Rule, Given]]] = {}
    for pathway in book.pathways:
        for rule, given in book.world.rules([pathway]):
            for name, _ in given.items:
                found.setdefault(name, {})[rule.key] = (rule, given)
    return {name: list(rules.values()) for name, rules in found.items()}


def _known(book: Book, item: Mapping[str, Any], givers: Iterable[tuple[Rule, Given]]) -> set[Fraction]:
    """The times that a text of this item may say."""
    found = {one.minutes for quote in item["quotes"] for one in times_of(quote)}
    if item["repeat_after"] is not None:
        found.add(Fraction(item["repeat_after"]))
    sources = set(item["sources"])
    for rule, given in givers:
        sources |= set(rule.sources)
        for row in given.referrals:
            if row.limit >= 0:
                found |= set(_limit(book.content.limits[row.limit]))
            else:
                window = json.loads(row.slot[1])
                found |= {*_limit(window["not_before"]), *_limit(window["not_after"])}
        for tree in comparisons(rule.when):
            finding = book.content.findings[tree["finding"]]
            found |= {one.minutes for one in times_of(f"{finding['ask']}. {finding['means']}")}
            if finding["unit"] in MINUTES:
                step = Fraction(finding["resolution"])  # "past day 21" is "at least 22"
                limits = [Fraction(limit) + near for limit in tree.get("number", {}).values() for near in (-step, 0, step)]
                found |= {limit * MINUTES[finding["unit"]] for limit in limits}
    texts = _sources(book)
    return found | {one.minutes for name in sources if name in texts for one in times_of(texts[name])}


def _sources(book: Book) -> dict[str, str]:
    """What the rows say and the gaps settle."""
    listed = {**book.content.data["sources"]["rows"], **book.content.data["sources"]["gaps"]}
    return {name: ". ".join(part.values()) for name, part in listed.items()}


def _limit(limit: str | None) -> Iterator[Fraction]:
    """The time of a limit such as PT4H or P7D; none of `now`."""
    found = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?", limit or "")
    if found and any(found.groups()):
        yield Fraction(sum(int(number) * minutes for number, minutes in zip(found.groups(), (1440, 60, 1), strict=True) if number))


def service_not_called(book: Book) -> Iterator[Remark]:
    """A patient whose item names a service to which nobody refers them."""
    content = book.content
    for name, item in content.items.items():
        for service, called in content.services.items():
            said = re.search(rf"\b{re.escape(called)}\b", item["text"], re.IGNORECASE)
            if said is None or service == item["before_call"] or called.casefold() in (quote.casefold() for quote in item["quotes"]):
                continue
            for pathway in book.pathways:
                rules = book.world.rules([pathway])
                entries = {entry for _, given in rules for entry in given.items if entry[0] == name}
                slots = {row.slot for _, given in rules for row in given.referrals if row.slot[0] == service}
                if not entries:
                    continue
                without = [book.world.gives([pathway], entry) for entry in sorted(entries)]
                refers = [book.world.refers([pathway], slot) for slot in sorted(slots)]
                example = book.example([pathway], both(either(*without), nor(*refers)))
                if example is not None:
                    message = f"`{name}` names {said[0]}, to whom this patient of `{pathway}` is not referred"
                    help = "add the referral, correct the text, or name it in `quotes`"
                    yield _note("service-not-called", message, book, ("items", name, "text"), help)._replace(example=example)
                    break


def telephone_numbers(book: Book) -> Iterator[Remark]:
    """A telephone number in a text that no service has in its name: it belongs to the place of care."""
    names = " ".join(book.content.services.values())
    for name, item in book.content.items.items():
        for found in _TELEPHONE.finditer(item["text"]):
            if found[0] not in names and not any(found[0] in quote for quote in item["quotes"]):
                message = f"`{name}` says {found[0]}, and no service has that number"
                yield _note(
                    "other-number", message, book, ("items", name, "text"), "leave numbers to the place of care, or name it in `quotes`"
                )
