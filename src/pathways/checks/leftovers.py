"""The patients of whom only `otherwise` speaks, each kind by the fewest things present, and whether a case names it.

A kind is everybody with these things present whom no rule covers, whatever else they have; nobody of it is of an earlier one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pathways.checks.book import Book
from pathways.content import OTHERWISE
from pathways.encoding import Literal, both, either, nor
from pathways.examples import answer_text
from pathways.model import Case
from pathways.plain import Patient
from pathways.remarks import Remark, Severity

__all__ = ["only_otherwise", "without_case"]

KINDS = 6  # kinds that are shown of a pathway, before it is said that there are more


@dataclass(frozen=True, slots=True)
class Kind:
    """The simplest patient of a kind, and what is present."""

    patient: Patient
    present: dict[str, str]


def only_otherwise(book: Book, pathway: str) -> Iterator[Remark]:
    """The patients whom only `otherwise` covers, each kind with an example; nothing is wrong with that, and somebody should look."""
    kinds = list(_kinds(book, pathway))
    for kind in kinds[:KINDS]:
        message = f"nothing but `{OTHERWISE}` speaks of some patients of `{pathway}`: those with {_listed(kind)}"
        example = book.told([pathway], kind.patient, kind.present)
        yield Remark("only-otherwise", message, book.place(pathway, OTHERWISE), "", severity=Severity.NOTE, example=example)
    if len(kinds) > KINDS:
        message = f"nothing but `{OTHERWISE}` speaks of more kinds of patients of `{pathway}` than these {KINDS}"
        yield Remark("only-otherwise", message, book.place(pathway, OTHERWISE), "write rules for them first", severity=Severity.NOTE)


def without_case(book: Book) -> Iterator[Remark]:
    """A kind of patients of whom only `otherwise` speaks, and no case of the pathway that says so."""
    for pathway in book.pathways:
        cases = [case for _, case in book.cases(pathway)[0] if OTHERWISE in case.expect.rules]
        for kind in list(_kinds(book, pathway))[:KINDS]:
            if not any(_names(case, kind, book, pathway) for case in cases):
                message = f"only `{OTHERWISE}` speaks of patients of `{pathway}` with {_listed(kind)}, and no case does"
                help = f"write a rule for them, or a case in {pathway}.cases.yaml that expects `rules: [{OTHERWISE}]`"
                example = book.told([pathway], kind.patient, kind.present)
                yield Remark("otherwise-without-case", message, book.place(pathway, OTHERWISE), help, example=example)


def _names(case: Case, kind: Kind, book: Book, pathway: str) -> bool:
    """Whether the case is of this kind: what is present in the kind is given, and where that is nothing, nothing is.

    What the pathway does not read is no part of a kind.
    """
    given = {name: str(value) for name, value in case.given.items() if isinstance(value, str)}
    if case.unmentioned == "absent":
        given = {
            name: "no" for name, finding in book.content.findings.items() if finding["kind"] == "yes_no" and name not in case.given
        } | given
    if kind.present:
        return kind.present.items() <= given.items()
    read = book.ruleset.pathways[pathway].findings
    return not any(name in given and given[name] == answer for name, _, answer in _remarkable(book, read))


def _listed(kind: Kind) -> str:
    return ", ".join(f"`{name}: {answer}`" for name, answer in kind.present.items()) or "nothing present"


def _kinds(book: Book, pathway: str) -> Iterator[Kind]:
    """One kind after the other, at most one more than are shown."""
    rule = next((one for one in book.content.asked([pathway]) if one.pathway == pathway and one.id == OTHERWISE), None)
    if rule is None:
        return
    remarkable = list(_remarkable(book, book.ruleset.pathways[pathway].findings))
    wanted = [book.world.holds(rule)]
    for _ in range(KINDS + 1):
        patient = book.patient([pathway], *wanted)
        if patient is None:
            return
        here = [
            (name, literal, answer)
            for name, literal, answer in remarkable
            if patient[name] is not None and answer_text(patient[name]) == answer
        ]
        yield Kind(patient, {name: answer for name, _, answer in here})
        wanted.append(nor(both(*(literal for _, literal, _ in here))) if here else either(*(literal for _, literal, _ in remarkable)))


def _remarkable(book: Book, names: Iterable[str]) -> Iterator[tuple[str, Literal, str]]:
    """Each answer of these findings that an ordinary patient does not give."""
    for name in names:
        finding = book.content.findings[name]
        for literal, answer in book.answers.cells(name):
            if isinstance(answer, bool) and answer is (finding["worse"] != "no"):
                yield name, literal, answer_text(answer)
            elif isinstance(answer, str) and answer != next(iter(finding["values"])):
                yield name, literal, answer
