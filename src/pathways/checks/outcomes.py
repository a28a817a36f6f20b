"""Whether the rules give some patient something else once the condition of one of them is another.

Everything that a patient gets is compared: level, referrals with their limits and calls, items, reassurance as it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from pathways.checks.book import Book
from pathways.content import OTHERWISE, Given, Rule, Slot, Tree
from pathways.encoding import Literal, both, differ, either, nor

__all__ = ["changes"]

Item = tuple[str, str]


def changes(book: Book, pathways: Sequence[str], rule: Rule, when: Tree) -> bool:
    """Whether some patient of one of the pathways gets something else if the rule has this condition."""
    return any(_alone(book, pathway, rule, when) or _compared(book, pathway, rule, when) for pathway in pathways)


def _alone(book: Book, pathway: str, rule: Rule, when: Tree) -> bool:
    """Whether some patient of whom only one of the conditions holds is given something that no other rule gives them.

    Most rules have such a patient, who is found without writing out what everybody gets.
    """
    if rule.given is None:
        return False
    others = [(one, given) for one, given in book.world.rules([pathway]) if one.key != rule.key]
    apart = differ(book.world.lit(rule.when), book.world.tree(when))
    inside = book.world.lit(rule.inside)
    for gives in _things(book, rule.given):
        givers = [one for one, given in others if gives(given)]
        # `otherwise` holds where this rule does not, if no other one of its pathway does: what it gives too is no sign.
        if (rule.pathway, OTHERWISE) not in {one.key for one in givers} and book.possible(apart, inside, *map(book.world.fails, givers)):
            return True
    return False


def _things(book: Book, given: Given) -> Iterator[Callable[[Given], bool]]:
    """What a rule gives, each as the question whether another rule gives at least that."""
    yield lambda other: other.rank >= given.rank
    for row in given.referrals:
        yield partial(_refers, row.slot, row.limit)
        if row.contact:
            yield partial(_phones, row.slot)
    for item in given.items:
        if not book.content.items[item[0]]["reassures"]:
            yield partial(_gives, item)


def _refers(slot: Slot, limit: int, other: Given) -> bool:
    return any(one.slot == slot and one.limit <= limit for one in other.referrals)


def _phones(slot: Slot, other: Given) -> bool:
    return any(one.slot == slot and one.contact for one in other.referrals)


def _gives(item: Item, other: Given) -> bool:
    return item in other.items


def _compared(book: Book, pathway: str, rule: Rule, when: Tree) -> bool:
    """The same for any patient, by everything that they get."""
    here, there = _Givers(), _Givers()
    after = book.content.with_condition(*rule.key, when)
    for one, other in zip(book.content.asked([pathway]), after.asked([pathway]), strict=True):
        holds = book.world.holds(one)
        here.add(book, one.given, holds)
        there.add(book, one.given, holds if one.holds == other.holds else book.world.tree(other.holds))
    return book.solver.possible_once(either(*_differences(here, there)), book.world.possible)


@dataclass(slots=True)
class _Givers:
    """By whom each thing is given: the conditions of the rules that do."""

    levels: dict[int, list[Literal]] = field(default_factory=dict)
    limits: dict[tuple[Slot, int], list[Literal]] = field(default_factory=dict)
    calls: dict[Slot, list[Literal]] = field(default_factory=dict)
    items: dict[Item, list[Literal]] = field(default_factory=dict)
    reassuring: dict[tuple[Item, int], list[Literal]] = field(default_factory=dict)  # by the level of the rule

    def add(self, book: Book, given: Given | None, holds: Literal) -> None:
        """A rule that gives this where it holds."""
        if given is None:
            return
        self.levels.setdefault(given.rank, []).append(holds)
        for row in given.referrals:
            self.limits.setdefault((row.slot, row.limit), []).append(holds)
            if row.contact:
                self.calls.setdefault(row.slot, []).append(holds)
        for item in given.items:
            if book.content.items[item[0]]["reassures"]:
                self.reassuring.setdefault((item, given.rank), []).append(holds)
            else:
                self.items.setdefault(item, []).append(holds)

    def at_least(self, rank: int) -> list[Literal]:
        """Who gives this level or a higher one."""
        return [holds for level, givers in self.levels.items() if level >= rank for holds in givers]

    def within(self, slot: Slot, limit: int) -> list[Literal]:
        """Who refers to the slot within the limit."""
        return [holds for (one, earlier), givers in self.limits.items() if one == slot and earlier <= limit for holds in givers]


def _differences(here: _Givers, there: _Givers) -> Iterator[Literal]:
    """Each thing that a patient may be given on one side alone; nothing of what the same conditions give on both.

    Both sides have the same rules, so that the same things are given.
    """
    things = [(here.at_least(rank), there.at_least(rank)) for rank in here.levels]
    things += [(here.within(slot, limit), there.within(slot, limit)) for slot, limit in here.limits]
    things += [(givers, there.calls[slot]) for slot, givers in here.calls.items()]
    things += [(givers, there.items[item]) for item, givers in here.items.items()]
    yield from (_apart(*givers) for givers in things if not _same(*givers))
    for item in {item for item, _ in here.reassuring}:
        ranks = [rank for one, rank in here.reassuring if one == item]
        above = {rank: (here.at_least(rank + 1), there.at_least(rank + 1)) for rank in ranks}
        if not all(_same(here.reassuring[item, rank], there.reassuring[item, rank]) and _same(*above[rank]) for rank in ranks):
            yield differ(
                either(*(both(either(*here.reassuring[item, rank]), nor(*above[rank][0])) for rank in ranks)),
                either(*(both(either(*there.reassuring[item, rank]), nor(*above[rank][1])) for rank in ranks)),
            )


def _same(here: list[Literal], there: list[Literal]) -> bool:
    return [one.get_id() for one in here] == [one.get_id() for one in there]


def _apart(here: list[Literal], there: list[Literal]) -> Literal:
    return differ(either(*here), either(*there))
