"""P3 and P3r: whoever gets worse is decided no less urgently and loses no service that is called in an emergency; red flags hold.

A patient is *as ill or worse* than another if each declared finding has the same answer or a worse one, and every other
finding the same. A finding that does not apply has its least answer; a step that opens a gate may set what it gates to
anything. A number that is worse on both sides has an ordinary band, one cell between the limits that it is compared with:
the property holds if it does for some choice of that cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice, product

from pathways.checks.book import Book
from pathways.content import ALWAYS, Rule, Tree, all_of, comparisons, negation
from pathways.encoding import Literal, both, either, nor
from pathways.examples import answer_said
from pathways.plain import Patient, outcome
from pathways.remarks import Remark

__all__ = ["flag_does_not_hold", "less_urgent", "service_lost"]

HIGH, LOW = "high", "low"
UPWARD = ("at_least", "above")
Called = tuple[str, str]  # a service, and the condition on the site under which it is called


# -- P3: getting worse -----------------------------------------------------------------------------------------------


def less_urgent(book: Book, pathway: str) -> Iterator[Remark]:
    """A patient who gets worse and is decided less urgently; one for each rule that is lost on the way."""
    ranks = sorted({given.rank for _, given in book.world.rules([pathway])})
    falls = book.world.named(
        ("falls", pathway),
        lambda: either(*(both(book.world.at_least([pathway], rank), nor(book.second.world.at_least([pathway], rank))) for rank in ranks)),
    )
    for found, lost in _pairs(book, pathway, [_order(book, pathway), falls], lambda rule: True):
        before, after = (outcome(book.content, [pathway], patient).rank for patient in found)
        yield Remark(
            "worse-less-urgent",
            f"who gets worse ({_becomes(book, found)}) is less urgent: `{book.level(before)}` by `{lost.id}` becomes `{book.level(after)}`",
            book.place(*lost.key, "when"),
            f"let `{lost.id}` hold of the worse patient too, or add a rule for them that is as urgent",
            book.finding_place(_worse_in(found)),
            example=book.told([pathway], found[0]),
        )


def service_lost(book: Book, pathway: str) -> Iterator[Remark]:
    """A patient who gets worse and loses a service that is called in emergencies: one that some rule of the rule set phones now."""
    order = _order(book, pathway)
    for called in sorted(_called(book, pathway)):
        here, there = _refers(book, pathway, called)
        service = book.content.services[called[0]]
        for found, lost in _pairs(book, pathway, [order, here, nor(there)], partial(_calls_for, called)):
            yield Remark(
                "worse-loses-service",
                f"who gets worse ({_becomes(book, found)}) is no longer referred to {service}, as `{lost.id}` does",
                book.place(*lost.key, "when"),
                f"let `{lost.id}` hold of the worse patient too, or let a rule that holds of them name the service",
                book.finding_place(_worse_in(found)),
                example=book.told([pathway], found[0]),
            )


def _pairs(
    book: Book, pathway: str, wanted: Sequence[Literal], gave: Callable[[Rule], bool]
) -> Iterator[tuple[tuple[Patient, Patient], Rule]]:
    """A patient and the same got worse, who are so; with the rule that gave what is lost, once for each such rule."""
    kept: list[Literal] = []
    while (found := book.pair([pathway], *wanted, *kept)) is not None:
        lost = next(rule for rule in book.held([pathway], found[0]) if gave(rule))
        yield found, lost
        kept.append(book.world.fails(lost))


def _order(book: Book, pathway: str) -> Literal:
    """The second patient is as ill or worse; of the ordinary bands the first for which nobody is decided worse, or else the first."""
    bands = [[*range(len(shape.cuts) + 1)] if shape.worse == "both" else [None] for shape in book.answers.shapes.values()]
    orders = [_as_ill(book, choice) for choice in product(*bands)]
    return next((order for order in orders if not _broken(book, pathway, order)), orders[0])


def _as_ill(book: Book, bands: tuple[int | None, ...]) -> Literal:
    there = book.second.answers
    return book.world.named(
        ("as ill", bands),
        lambda: both(*(book.answers.as_ill(there, name, band) for name, band in zip(book.answers.shapes, bands, strict=True))),
    )


def _broken(book: Book, pathway: str, order: Literal) -> bool:
    ranks = {given.rank for _, given in book.world.rules([pathway])}
    levels = ((book.world.at_least([pathway], rank), book.second.world.at_least([pathway], rank)) for rank in ranks)
    services = (_refers(book, pathway, called) for called in _called(book, pathway))
    return any(book.possible_pair(order, here, nor(there)) for here, there in (*levels, *services))


def _called(book: Book, pathway: str) -> set[Called]:
    """The services that the pathway refers to and that some rule of the rule set phones now, under each condition on the site."""
    everywhere = [rule for name in book.pathways for rule in book.content.asked([name]) if rule.given is not None]
    phoned = {row.slot[0] for rule in everywhere if rule.given for row in rule.given.referrals if row.contact}
    return {called for rule in book.content.asked([pathway]) for called in _calls(rule) if called[0] in phoned}


def _calls_for(called: Called, rule: Rule) -> bool:
    return called in _calls(rule)


def _calls(rule: Rule) -> set[Called]:
    return {(row.slot[0], row.slot[2]) for row in rule.given.referrals} if rule.given is not None else set()


def _refers(book: Book, pathway: str, called: Called) -> tuple[Literal, Literal]:
    """That the first patient is referred to the service, and that the second is, under the same condition on the site or at every site."""
    service, site = called

    def refers(sites: tuple[str, ...], holds: Callable[[Rule], Literal]) -> Literal:
        given = [rule for rule in book.content.asked([pathway]) if any((service, one) in _calls(rule) for one in sites)]
        return either(*map(holds, given))

    key = ("refers", pathway, called)
    return (
        book.world.named(key, lambda: refers((site,), book.world.holds)),
        book.second.world.named(key, lambda: refers((site, ""), book.second.world.holds)),
    )


def _worse_in(found: tuple[Patient, Patient]) -> str:
    """The first finding in which the two differ."""
    return next(name for name, answer in found[0].items() if found[1][name] != answer)


def _becomes(book: Book, found: tuple[Patient, Patient]) -> str:
    """What the second patient has and the first has not, in words."""
    return "; ".join(answer_said(book.content.findings[name], answer) for name, answer in found[1].items() if answer != found[0][name])


# -- P3r: red flags --------------------------------------------------------------------------------------------------


def flag_does_not_hold(book: Book) -> Iterator[Remark]:
    """A danger that a shared red flag names, and a patient who has it and is less urgent than the flag says.

    Each finding with a direction that the flag reads on its dangerous side is such a danger, whatever else the flag asks for.
    """
    for flag in book.content.red_flags:
        if flag.given is not None:
            for danger in (flag.when, *_dangers(book, flag.when)):
                yield from islice(_not_held(book, flag, flag.given.rank, danger), 1)


def _not_held(book: Book, flag: Rule, rank: int, danger: Tree) -> Iterator[Remark]:
    """The pathways in which somebody has the danger and is less urgent."""
    for pathway in book.pathways:
        example = book.example([pathway], book.world.lit(danger), nor(book.world.at_least([pathway], rank)))
        if example is not None:
            level = book.level(rank)
            message = f"`{flag.id}` calls for `{level}`, and in `{pathway}` somebody has {_said(book, danger)} and is less urgent"
            help = f"let the flag ask for nothing else; what is `{level}` only with something else is a rule of the pathways"
            other = book.finding_place(next(comparisons(danger))["finding"])
            yield Remark("red-flag-does-not-hold", message, book.place(*flag.key, "when"), help, other, example=example)


def _dangers(book: Book, tree: Tree, holds: bool = True) -> Iterator[Tree]:
    """The comparisons of a condition that are met on the dangerous side of their finding."""
    if "finding" not in tree:
        inner = [tree["not"]] if "not" in tree else tree.get("all", tree.get("any"))
        for term in inner:
            yield from _dangers(book, term, holds != ("not" in tree))
        return
    worse = book.content.findings[tree["finding"]]["worse"]
    if "is" in tree:
        dangerous = (worse in tree["is"]) is holds and worse in ("yes", "no")
    else:
        sides = {HIGH if (word in UPWARD) is holds else LOW for word in tree["number"]}
        dangerous = bool(sides & {"higher": {HIGH}, "lower": {LOW}, "both": {HIGH, LOW}}.get(worse, set()))
    if dangerous:
        gate = book.content.gates.get(tree["finding"], ALWAYS)
        yield tree if holds else all_of([negation(tree), gate])


def _said(book: Book, danger: Tree) -> str:
    """The danger in the words of its finding."""
    one = next(comparisons(danger))
    return str(book.content.findings[one["finding"]]["ask"])
