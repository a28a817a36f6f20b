"""P20: a pathway speaks of those whom it is for, and of nobody else."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.checks.book import Book, Disagreement
from pathways.content import OTHERWISE, RED_FLAGS
from pathways.encoding import either, nor
from pathways.remarks import Remark

__all__ = ["rule_for_others", "speaks_of_others"]


def speaks_of_others(book: Book, pathway: str) -> Iterator[Remark]:
    """A patient whom the pathway is not for, and who gets something from it; red flags, which are for everybody, apart.

    That there is none follows from how rules are read, whatever they say; this holds solver, plain reading and engine to it.
    """
    others = nor(book.world.lit(book.content.applies(pathway)))
    own = [book.world.holds(rule) for rule in book.content.asked([pathway]) if rule.pathway != RED_FLAGS]
    if book.possible(others, either(*own)):
        raise Disagreement(f"`{pathway}` decides a patient whom it is not for")
    patient = book.patient([pathway], others)
    if patient is not None:
        decision = book.ruleset.decide({name: answer for name, answer in patient.items() if answer is not None}, pathway)
        if pathway not in decision.not_covered:
            raise Disagreement(f"the engine covers a patient whom `{pathway}` is not for: {patient}")
    yield from ()


def rule_for_others(book: Book, pathway: str) -> Iterator[Remark]:
    """A rule that somebody meets, and nobody whom its pathway is for."""
    if book.content.pathways[pathway]["applies"] is None:
        return
    applies = book.world.lit(book.content.applies(pathway))
    for rule in book.content.asked([pathway]):
        if rule.pathway == pathway and rule.id != OTHERWISE and not book.possible(applies, book.world.lit(rule.when)):
            found = book.example([pathway], book.world.lit(rule.when))
            if found is not None:
                message = f"`{rule.id}` is for patients whom `{pathway}` is not for"
                places = book.place(pathway, rule.id, "when"), book.pathway_place(pathway, "applies")
                help = "correct one of the two, or delete the rule"
                yield Remark("rule-for-others", message, places[0], help, places[1], example=found)
