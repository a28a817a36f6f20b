"""What the loader holds a folder to, asked again by the same functions, so that nothing is taken on trust."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pathways import consistency
from pathways.checks.book import Book
from pathways.remarks import Remark, Severity

__all__ = ["past_review", "traced", "vocabulary", "well_founded"]

Check = Callable[[Book], Iterator[Remark]]


def _again(*checks: consistency.Check) -> Check:
    def asked(book: Book) -> Iterator[Remark]:
        for check in checks:
            yield from check(book.authored)

    return asked


vocabulary = _again(
    consistency.findings_fit_their_kind,
    consistency.findings_of_findings,
    consistency.mixed_group,
    consistency.codes_check,
    consistency.reserved_findings_are_not_read,
    consistency.findings_are_read,
    consistency.nothing_is_left_over,
)
well_founded = _again(consistency.gates_end, consistency.definitions_end, consistency.handovers_end)
traced = _again(consistency.rules_fit, consistency.items_fit, consistency.table_is_encoded)


def past_review(book: Book) -> Iterator[Remark]:
    """A file whose day of review is over: a note, because a proof does not grow old over night."""
    for remark in consistency.past_review(book.authored, book.today):
        yield remark._replace(severity=Severity.NOTE)
