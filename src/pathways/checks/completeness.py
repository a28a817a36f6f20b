"""P0 and P1: the world is not empty, and every possible patient of a pathway gets an outcome."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.checks.book import Book
from pathways.content import OTHERWISE
from pathways.encoding import both, nor
from pathways.remarks import Remark, Severity

__all__ = ["gap", "idle_constraint", "nobody", "only_otherwise"]


def nobody(book: Book) -> Iterator[Remark]:
    """Constraints that no patient satisfies together; the loader refuses such a rule set, and this holds it to that."""
    if not book.possible():
        yield Remark("no-patient", "no patient satisfies all constraints", book.shared("constraints"), "correct or delete one of them")


def idle_constraint(book: Book) -> Iterator[Remark]:
    """A constraint that excludes nobody whom the others leave."""
    for name, literal in book.world.constraints.items():
        if name.startswith("applies:"):
            continue
        others = [other for key, other in book.world.constraints.items() if key != name]
        if not book.solver.possible(nor(literal), *others):
            message = f"the constraint `{name}` excludes nobody whom the others leave"
            yield Remark("idle-constraint", message, book.shared("constraints", name), "correct it, or delete it")


def gap(book: Book, pathway: str) -> Iterator[Remark]:
    """A patient of the pathway for whom no rule holds."""
    covers = book.world.lit(book.content.applies(pathway))
    example = book.example([pathway], covers, nor(book.world.at_least([pathway], 0)))
    if example is not None:
        message = f"`{pathway}` says nothing of some of its patients"
        help = f"add `{OTHERWISE}:` to the pathway, or a rule for them"
        yield Remark("gap", message, book.pathway_place(pathway, "rules"), help, example=example)


def only_otherwise(book: Book, pathway: str) -> Iterator[Remark]:
    """The patients whom only `otherwise` covers, each kind with an example; nothing is wrong with that, and somebody should look."""
    for rule in book.content.asked([pathway]):
        if rule.pathway == pathway and rule.id == OTHERWISE:
            example = book.example([pathway], both(book.world.holds(rule)))
            if example is not None:
                message = f"nothing but `{OTHERWISE}` speaks of some patients of `{pathway}`"
                yield Remark("only-otherwise", message, book.place(pathway, OTHERWISE), "", severity=Severity.NOTE, example=example)
