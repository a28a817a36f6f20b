"""PG: an examination that failed is never less urgent than what it would have shown.

A gate is a finding on which it depends whether another one applies. Where its *no* is the worse answer (`septum_examined`) it is
an examination, and what it gates is hidden where it failed. A finding that `hides` others (`eye_swollen_shut`) does the same
where it is present. What is compared is what is guaranteed: the least urgency of everybody with the one, and with the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathways.checks.book import Book
from pathways.content import Content, Rule, Tree, findings_read
from pathways.encoding import Literal, either, nor
from pathways.examples import answer_text
from pathways.remarks import Remark, Severity

__all__ = ["gates"]


@dataclass(frozen=True, slots=True)
class Gate:
    """A finding that keeps others from being known. `failing` is the answer that does, None where no answer is the worse one."""

    finding: str
    failing: bool | None
    hidden: tuple[str, ...]


def gates(book: Book, pathway: str) -> Iterator[Remark]:
    """Every gate of what the pathway reads: what is guaranteed where it fails, beside what is guaranteed where it hid something."""
    own = [rule for rule in book.content.asked([pathway]) if rule.pathway == pathway]
    read = findings_read(rule.when for rule in own)
    for gate in _gates(book.content):
        hidden = [name for name in gate.hidden if name in read]
        if hidden and not (gate.finding not in read and gate.failing is True):
            yield from _gate(book, pathway, own, gate, hidden)


def _gate(book: Book, pathway: str, own: list[Rule], gate: Gate, hidden: list[str]) -> Iterator[Remark]:
    applies = book.world.lit(book.content.applies(pathway))
    worst, level = max((_worst(book, pathway, applies, name) for name in hidden), key=lambda one: one[1])
    place, other = book.finding_place(gate.finding), book.finding_place(worst.partition(":")[0])
    shown = f"`{worst}` gives at least {_said(book, level)}"
    if gate.failing is None:
        message = f"`{pathway}` asks `{gate.finding}` before {_listed(hidden)}: {shown}"
        yield Remark("gate", message, place, "", other, Severity.NOTE)
        return
    failing = _answer(book, gate.finding, gate.failing)
    failed = [applies, failing, *_open_but_for(book, gate, hidden)]
    if not book.possible(*failed):
        return
    guaranteed = _guaranteed(book, pathway, failed)
    said = f"`{gate.finding}: {'yes' if gate.failing else 'no'}`"
    message = f"in `{pathway}` {said} gives at least {_said(book, guaranteed)}, and hides {_listed(hidden)}: {shown}"
    declared = [rule for rule in own if rule.narrows and not book.possible(applies, book.world.lit(rule.when), nor(failing))]
    if guaranteed >= level:
        yield Remark("gate", message, place, "", other, Severity.NOTE)
    elif declared:
        rows = "; ".join(f"`{rule.id}` narrows {', '.join(rule.narrows)} by {', '.join(rule.sources)}" for rule in declared)
        yield Remark("gate", f"{message}; that is less, and {rows}", book.place(*declared[0].key), "", other, Severity.NOTE)
    else:
        found = book.example([pathway], *failed, nor(book.world.at_least([pathway], guaranteed + 1)))
        help = f"let a rule give {_said(book, level)} where {said}, or let the rule that gives less say what it `narrows:`, with the gap"
        yield Remark("gate-less-urgent", message, place, help, other, example=found)


def _gates(content: Content) -> Iterator[Gate]:
    """Each finding that gates or hides others, in the order of the findings."""
    gated: dict[str, list[str]] = {}
    for name, tree in content.gates.items():
        for gate in findings_read([tree]):
            gated.setdefault(gate, []).append(name)
    for name, finding in content.findings.items():
        if name in gated:
            failing = False if finding["kind"] == "yes_no" and finding["worse"] == "no" else None
            yield Gate(name, failing, tuple(one for one in content.findings if one in gated[name]))
        if finding["hides"]:
            yield Gate(name, True, tuple(finding["hides"]))


def _open_but_for(book: Book, gate: Gate, hidden: list[str]) -> Iterator[Literal]:
    """That something of what is hidden would have applied, had the examination succeeded."""
    if gate.failing is False:
        yield either(*(book.world.lit(_granted(book.content.gates[name], gate.finding)) for name in hidden))


def _granted(tree: Tree, finding: str) -> Tree:
    """The condition with every comparison of this finding taken as true."""
    if "finding" in tree:
        return {"all": []} if tree["finding"] == finding else tree
    if "not" in tree:
        return {"not": _granted(tree["not"], finding)}
    key = "all" if "all" in tree else "any"
    return {key: [_granted(term, finding) for term in tree[key]]}


def _worst(book: Book, pathway: str, applies: Literal, name: str) -> tuple[str, int]:
    """The answer of the finding at which most is guaranteed, and what is; -1 where nobody has it."""
    ranks = {
        f"{name}: {answer_text(answer)}": _guaranteed(book, pathway, [applies, literal])
        for literal, answer in book.answers.cells(name)
        if answer is not None and book.possible(applies, literal)
    }
    return max(ranks.items(), key=lambda one: one[1], default=(name, -1))


def _guaranteed(book: Book, pathway: str, who: list[Literal]) -> int:
    """The least urgency of these patients."""
    for rank in range(len(book.content.levels)):
        if book.possible(*who, nor(book.world.at_least([pathway], rank))):
            return rank - 1
    return len(book.content.levels) - 1


def _answer(book: Book, name: str, wanted: bool) -> Literal:
    return next(literal for literal, answer in book.answers.cells(name) if answer is wanted)


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _said(book: Book, rank: int) -> str:
    return f"`{book.level(rank)}`" if rank >= 0 else "no urgency"
