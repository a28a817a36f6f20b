"""P0 and P1: the world is not empty, and every possible patient of a pathway gets an outcome."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.checks.book import Book
from pathways.content import OTHERWISE
from pathways.encoding import both, nor
from pathways.remarks import Remark, Severity

__all__ = ["gap", "idle_constraint", "nobody"]


def nobody(book: Book) -> Iterator[Remark]:
    """Constraints that no patient satisfies together; the loader refuses such a rule set, and this holds it to that."""
    if not book.possible():
        yield Remark("no-patient", "no patient satisfies all constraints", book.shared("constraints"), "correct or delete one of them")


def idle_constraint(book: Book) -> Iterator[Remark]:
    """Each constraint with somebody whom it excludes and whom the others leave; one that excludes nobody is refuted."""
    for name, literal in book.world.constraints.items():
        if name.startswith("applies:"):
            continue
        others = both(*(other for key, other in book.world.constraints.items() if key != name))
        excluded = book.solver.simplest(book.answers, nor(literal), others)
        place = book.shared("constraints", name)
        if excluded is None:
            message = f"the constraint `{name}` excludes nobody whom the others leave"
            yield Remark("idle-constraint", message, place, "correct it, or delete it")
        else:
            message = f"`{name}` excludes: {book.refused(name, excluded)}"
            yield Remark("excluded", message, place, severity=Severity.NOTE)


def gap(book: Book, pathway: str) -> Iterator[Remark]:
    """A patient of the pathway for whom no rule holds."""
    covers = book.world.lit(book.content.applies(pathway))
    example = book.example([pathway], covers, nor(book.world.at_least([pathway], 0)))
    if example is not None:
        message = f"`{pathway}` says nothing of some of its patients"
        help = f"add `{OTHERWISE}:` to the pathway, or a rule for them"
        yield Remark("gap", message, book.pathway_place(pathway, "rules"), help, example=example)
