"""P19: a question is asked only if its answer can change something, and nobody is reassured before the red flags are known.

Proved by the solver of every patient; `walks` holds the engine to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pathways.checks.book import Book
from pathways.content import RED_FLAGS, Content, findings_read
from pathways.encoding import Literal, World, both, differ, either, nor
from pathways.remarks import Remark

__all__ = ["idle_question", "reassured_with_flag"]


def idle_question(book: Book, pathway: str) -> Iterator[Remark]:
    """A question that the pathway asks although no two patients who differ in its answer are decided otherwise.

    With the answer may differ what it opens as a gate, and what a constraint ties to it: that is how a measurement tells.
    """
    second = book.second
    decided = [differ(one, other) for one, other in zip(*(_outcome(world, pathway) for world in (book.world, second.world)), strict=True)]
    otherwise = book.world.named(("decided otherwise", pathway), lambda: either(*decided))
    for name in book.ruleset.space.names(book.ruleset.asked([pathway]).askable):
        if not book.possible_pair(otherwise, *_apart(book, name)):
            message = f"`{pathway}` asks `{name}`, and nothing depends on the answer"
            help = "let a rule depend on it, or delete the comparisons with it"
            yield Remark("idle-question", message, book.finding_place(name), help, book.pathway_place(pathway, "rules"))


def _apart(book: Book, name: str) -> tuple[Literal, Literal]:
    """The two patients differ in this finding, and in nothing that does not hang on it."""

    def alike(one: str) -> Literal:
        return book.world.named(("alike", one), lambda: book.answers.equal(book.second.answers, one))

    tied = _tied(book.content, name)
    rest = book.world.named(("alike but", name), lambda: both(*(alike(one) for one in book.answers.shapes if one not in tied)))
    return nor(alike(name)), rest


def _outcome(world: World, pathway: str) -> list[Literal]:
    """Everything that is decided of a patient: each level reached, each item given, each referral with its limit and call."""
    asked, rules = [pathway], world.rules([pathway])
    rows = {(row.slot, row.limit, row.contact) for _, given in rules for row in given.referrals}
    return [
        *(world.at_least(asked, rank) for rank in range(len(world.content.levels))),
        *(world.gives(asked, item) for item in sorted({item for _, given in rules for item in given.items})),
        *(world.refers(asked, slot, limit) for slot, limit in sorted({(slot, limit) for slot, limit, _ in rows})),
        *(world.refers(asked, slot, phoned=True) for slot in sorted({slot for slot, _, contact in rows if contact})),
    ]


def _tied(content: Content, name: str) -> set[str]:
    """The finding, those that a constraint ties to it, and everything to which one of these is a gate."""
    tied = {name}
    for one in content.constraints:
        read = findings_read([one.holds])
        if one.applies_to is None and name in read:
            tied |= read
    while True:
        opened = {other for other, gate in content.gates.items() if other not in tied and findings_read([gate]) & tied}
        if not opened:
            return tied
        tied |= opened


def reassured_with_flag(book: Book, pathway: str) -> Iterator[Remark]:
    """A patient with a red flag whom an item reassures: then it is given before the flag is known."""
    rules = book.world.rules([pathway])
    items = sorted({item for _, given in rules for item in given.items if book.content.items[item[0]]["reassures"]})
    flags = [rule for rule, _ in rules if rule.pathway == RED_FLAGS]
    for item in items:
        for flag in flags:
            example = book.example([pathway], both(book.world.gives([pathway], item), book.world.holds(flag)))
            if example is not None:
                message = f"`{pathway}` reassures with `{item[0]}` a patient of whom the red flag `{flag.id}` holds"
                place, help = (
                    book.place(RED_FLAGS, flag.id, "then", "urgency"),
                    "let the flag be more urgent than every rule that reassures",
                )
                yield Remark("reassured-with-flag", message, place, help, book.item_place(item[0]), example=example)
