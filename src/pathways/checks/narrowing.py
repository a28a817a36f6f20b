"""Which rules encode a row of the agreed table for fewer patients than it names: a list, for whoever reviews the rules first of all."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.checks.book import Book
from pathways.remarks import Remark, Severity

__all__ = ["narrowed"]


def narrowed(book: Book) -> Iterator[Remark]:
    """Each rule that narrows, with what it narrows and by which gap; a note, because the loader asked for the gap."""
    gaps = book.authored.sources.gaps
    for pathway in book.pathways:
        for rule in book.content.asked([pathway]):
            if rule.pathway == pathway and rule.narrows:
                rows = ", ".join(f"`{name}`" for name in rule.narrows)
                cited = ", ".join(dict.fromkeys(name for name in (*rule.sources, *rule.narrows) if name in gaps))
                message = f"`{rule.id}` is for fewer patients than {rows} names; the gaps that allow it: {cited}"
                yield Remark("narrows", message, book.place(pathway, rule.id, "narrows"), severity=Severity.NOTE)
