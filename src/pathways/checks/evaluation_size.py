"""P14: how much is looked at, at most, when a patient is decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pathways.checks.book import Book
from pathways.content import Content, Tree
from pathways.remarks import Remark, Severity

__all__ = ["evaluation_size", "visits"]


def evaluation_size(book: Book) -> Iterator[Remark]:
    """The pathway that takes longest to decide, with the bound; nothing is wrong with it."""
    most = max(book.pathways, key=lambda name: visits(book.content, [name]))
    parts = f"{visits(book.content, [most]):,} parts of conditions"
    message = f"to decide a patient of `{most}` at most {parts} are read, of no other pathway more"
    yield Remark("evaluation-size", message, book.pathway_place(most, "rules"), severity=Severity.NOTE)


def visits(content: Content, pathways: Sequence[str]) -> int:
    """The parts of conditions, definitions written out, that the plain reading looks at if none of them ends it early."""
    sizes: dict[int, int] = {}  # written out trees are shared, and a definition may be used by many

    def size(tree: Tree) -> int:
        if id(tree) not in sizes:
            terms = [tree["not"]] if "not" in tree else tree.get("all", tree.get("any", ()))
            sizes[id(tree)] = 1 + sum(map(size, terms))
        return sizes[id(tree)]

    return sum(size(rule.holds) for rule in content.asked(pathways))
