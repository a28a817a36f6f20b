"""P10 and P11: what is required of the rules, apart from them, holds."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.checks.book import Book
from pathways.content import Tree
from pathways.encoding import Literal, nor
from pathways.remarks import Remark
from pathways.requirements import Requirement

__all__ = ["about_nobody", "above", "below"]


def about_nobody(book: Book) -> Iterator[Remark]:
    """A requirement whose patients cannot be: it would hold of any rules."""
    for one, condition in book.requirements:
        if not book.possible(*patients(book, one, condition)):
            message = f"`{one.id}` is required of nobody: there are no such patients"
            yield Remark("required-of-nobody", message, one.place, "correct its condition")


def below(book: Book) -> Iterator[Remark]:
    """A patient who gets less than is required."""
    for one, condition in book.requirements:
        if one.side != "below":
            continue
        required = book.content.levels.index(one.urgency)
        found = book.patient(one.pathways, *patients(book, one, condition), nor(book.world.at_least(one.pathways, required)))
        if found is not None:
            message = f"`{one.id}` must get at least `{one.urgency}`, and here is less: {one.means}"
            held = book.held(one.pathways, found)
            other = book.place(*held[0].key) if held else None
            help = f"let a rule give it, or correct the requirement by its sources: {', '.join(one.sources)}"
            yield Remark("below-required", message, one.place, help, other, example=book.told(one.pathways, found, one.named))


def above(book: Book) -> Iterator[Remark]:
    """A patient who gets more than is required."""
    for one, condition in book.requirements:
        if one.side != "above":
            continue
        more = book.content.levels.index(one.urgency) + 1
        found = book.patient(one.pathways, *patients(book, one, condition), book.world.at_least(one.pathways, more))
        if found is not None:
            [rule, *_] = book.held(one.pathways, found)
            message = f"`{rule.id}` gives more than `{one.urgency}`, the most for `{one.id}`: {one.means}"
            help = f"narrow the rule, or correct the requirement by its sources: {', '.join(one.sources)}"
            yield Remark(
                "above-required", message, book.place(*rule.key), help, one.place, example=book.told(one.pathways, found, one.named)
            )


def patients(book: Book, one: Requirement, condition: Tree) -> list[Literal]:
    """Of whom it is required: those of the condition whom its pathways are for; where that is said, with nothing else present."""
    found = [book.world.lit(condition), *(book.world.lit(book.content.applies(name)) for name in one.pathways)]
    if one.unmentioned:
        read = {name for pathway in one.pathways for name in book.ruleset.pathways[pathway].findings}
        found += [nor(literal) for name in sorted(read - one.named) for literal, answer in book.answers.cells(name) if answer is True]
    return found
