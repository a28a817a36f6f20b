"""P7: whoever is urgent has somebody to turn to in time, and a more urgent level never has more time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pathways.checks.book import Book
from pathways.checks.site_kinds import SiteKind, condition_on_site, kinds_of_site, said_of
from pathways.content import Referral, Rule
from pathways.encoding import Literal, nor
from pathways.plain import holds
from pathways.remarks import Remark

__all__ = ["late", "more_time_above"]


def late(book: Book, pathway: str) -> Iterator[Remark]:
    """A patient of an actionable level, and a place of care, with nobody to turn to in the time that the level allows.

    The loader asks each rule for a referral in time; here it counts only where the place of care is as the referral says, and
    a window only where its last day is in time.
    """
    content = book.content
    rules = book.world.rules([pathway])
    slots = {row.slot for _, given in rules for row in given.referrals}
    sites = {text: condition_on_site(text) for _, _, text in slots}
    for kind in kinds_of_site(content, sites.values()):
        here = {text for text, tree in sites.items() if holds(tree, kind)}
        for rank in range(_first_actionable(content.data["urgency"]), len(content.levels)):
            allowed = _allowed(book, rank)
            timely = [
                book.world.holds(rule)
                for rule, given in rules
                if any(row.slot[2] in here and _within(book, row) <= allowed for row in given.referrals)
            ]
            nobody = [book.world.exactly([pathway], rank), nor(*timely)]
            if book.possible(*nobody):
                for rule, given in rules:
                    if given.rank == rank:
                        yield from _late(book, pathway, rule, [*nobody, book.world.holds(rule)], kind)


def _late(book: Book, pathway: str, rule: Rule, wanted: Sequence[Literal], kind: SiteKind) -> Iterator[Remark]:
    found = book.patient([pathway], *wanted)
    if found is None or rule.given is None:
        return
    level, where = book.content.levels[rule.given.rank], said_of(book.content, kind)
    allowed = _allowed(book, rule.given.rank)
    at_site = f"`{rule.id}` gives `{level}`, and {where}, " if where else f"`{rule.id}` gives `{level}`, and "
    place = book.place(rule.pathway, rule.id, *(() if rule.id == "otherwise" else ("then",)), "urgency")
    example = book.told([pathway], found)
    rows = [row for one in book.held([pathway], found) if one.given for row in one.given.referrals]
    if not any(holds(condition_on_site(row.slot[2]), kind) for row in rows):
        yield Remark("nobody-to-call", f"{at_site}nobody is named", place, "add a referral that counts there too", example=example)
    else:
        latest = book.content.limits[min(allowed, len(book.content.limits) - 1)]
        message = f"{at_site}nobody is reached within {latest}, the most that it allows"
        yield Remark("limit-too-long", message, place, f"add a referral within {latest}, or lower the urgency", example=example)


def more_time_above(book: Book) -> Iterator[Remark]:
    """A level that allows more time than a lower one, which the loader sees where both say how long."""
    levels = book.content.data["urgency"]
    for n, lower in enumerate(levels):
        for one in levels[n + 1 :]:
            if lower["latest"] is not None and one["latest"] is None:
                message = f"`{one['id']}` allows any time, and the lower `{lower['id']}` no later than {lower['latest']}"
                place, other = (book.shared("urgency", level["id"]) for level in (one, lower))
                yield Remark("limit-order", message, place, f"add `latest: {lower['latest']}` or earlier", other)
                return


def _first_actionable(levels: Sequence[Mapping[str, Any]]) -> int:
    said = (n for n, one in enumerate(levels) if one["actionable"] or one["latest"] is not None or one["contact"] is not None)
    return next(said, len(levels))


def _allowed(book: Book, rank: int) -> int:
    """The place of the longest limit that the level allows; beyond the scale where it allows any."""
    latest = book.content.data["urgency"][rank]["latest"]
    return len(book.content.limits) if latest is None else book.content.limits.index(latest)


def _within(book: Book, row: Referral) -> int:
    """The place of the limit on the scale; of a window, that of the first limit in days that reaches its last day.

    A window counts from an event, which lies before the arrival: so its last day is no later than that many days from now.
    """
    if not row.slot[1]:
        return row.limit
    last = _days(json.loads(row.slot[1])["not_after"])
    reaching = (n for n, limit in enumerate(book.content.limits) if _days(limit) >= last)
    return next(reaching, len(book.content.limits))


def _days(limit: str) -> int:
    """`P7D` → 7; -1 for what is not counted in days."""
    return int(limit[1:-1]) if limit.startswith("P") and limit.endswith("D") else -1
