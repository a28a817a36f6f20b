"""P12: two complaints asked together are decided as both alone: as urgent as the worse, and nothing is lost or contradicted."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.checks.book import Book, Disagreement
from pathways.checks.site_kinds import condition_on_site, kinds_of_site
from pathways.encoding import Literal, both, differ, either, nor
from pathways.plain import holds
from pathways.remarks import Remark

__all__ = ["against_each_other", "less_together", "lost_together"]


def less_together(book: Book, one: str, other: str) -> Iterator[Remark]:
    """A patient whose urgency is not the higher of the two that each complaint gives alone.

    That there is none follows from how rules are united, whatever they say; the solver holds the reading to it.
    """
    at_least = book.world.at_least
    ranks = range(len(book.content.levels))
    if book.possible(either(*(differ(either(at_least([one], n), at_least([other], n)), at_least([one, other], n)) for n in ranks))):
        raise Disagreement(f"`{one}` and `{other}` together are not as urgent as the worse of them")
    yield from ()


def lost_together(book: Book, one: str, other: str) -> Iterator[Remark]:
    """A service that one complaint refers to, and both together not, or later, or without the call; there is none, as above."""
    for alone in (one, other):
        losses = list(_losses(book, alone, [one, other]))
        if losses and book.possible(either(*losses)):
            raise Disagreement(f"asked as `{one}` and `{other}`, `{alone}` no longer refers as it does alone")
    yield from ()


def _losses(book: Book, alone: str, together: list[str]) -> Iterator[Literal]:
    """For each way in which the complaint refers to a service: that both together do not."""
    ways = {
        (row.slot, limit, phoned)
        for _, given in book.world.rules([alone])
        for row in given.referrals
        for limit, phoned in ((row.limit, False), (None, row.contact))
    }
    for slot, limit, phoned in sorted(ways, key=str):
        refers = book.world.refers
        yield both(refers([alone], slot, limit, phoned), nor(refers(together, slot, limit, phoned)))


def against_each_other(book: Book, one: str, other: str) -> Iterator[Remark]:
    """Two items that exclude each other, given to one patient by two complaints and by neither alone."""
    content, gives = book.content, book.world.gives
    items = {pathway: {item for _, given in book.world.rules([pathway]) for item in given.items} for pathway in (one, other)}
    for mine in sorted(items[one]):
        for theirs in sorted(items[other]):
            if not (theirs[0] in content.items[mine[0]]["excludes"] or mine[0] in content.items[theirs[0]]["excludes"]):
                continue
            sites = [condition_on_site(text) for _, text in (mine, theirs)]
            if not any(all(holds(tree, kind) for tree in sites) for kind in kinds_of_site(content, sites)):
                continue
            alone = [both(gives([pathway], mine), gives([pathway], theirs)) for pathway in (one, other)]
            found = book.patient([one, other], gives([one, other], mine), gives([one, other], theirs), *map(nor, alone))
            if found is not None:
                givers = [
                    next(rule for rule in book.held([one, other], found) if rule.given is not None and item in rule.given.items)
                    for item in (mine, theirs)
                ]
                message = f"`{givers[0].id}` gives `{mine[0]}` and `{givers[1].id}` gives `{theirs[0]}`, which exclude each other"
                places = [book.place(*rule.key) for rule in givers]
                help = "narrow one of the two rules, or let one complaint hand over to the other"
                yield Remark("complaints-contradict", message, places[0], help, places[1], example=book.told([one, other], found))
