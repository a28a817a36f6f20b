"""P5: every rule can hold, leaving it out would change somebody's outcome, and so would leaving out any comparison in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pathways.checks.book import Book
from pathways.checks.outcomes import changes
from pathways.content import ALWAYS, NEVER, RED_FLAGS, Rule, Tree
from pathways.encoding import Literal, differ, nor
from pathways.remarks import Remark

__all__ = ["dead_rule", "idle_comparison", "idle_rule"]

Path = tuple[str | int, ...]


def dead_rule(book: Book, file: str) -> Iterator[Remark]:
    """A rule that no patient can meet; that `otherwise` never holds is no mistake, for then the rules cover everybody."""
    for rule in _rules(book, file):
        yield from _dead(book, rule)


def _dead(book: Book, rule: Rule) -> Iterator[Remark]:
    if not book.can_hold(*rule.key):
        message = f"no patient can meet `{rule.id}`: {_why(book, rule)}"
        yield Remark("dead-rule", message, book.place(*rule.key, "when"), "correct the condition, or delete the rule")


def _why(book: Book, rule: Rule) -> str:
    """What keeps everybody from meeting it."""
    condition = book.world.lit(rule.when)
    if book.possible(condition):
        return "it excludes every patient whom the pathway is for"
    kept = dict(book.world.constraints)
    for name in book.world.constraints:
        less = {other: literal for other, literal in kept.items() if other != name}
        if not book.solver.possible(condition, *less.values()):
            kept = less
    return "; ".join(one.means for one in book.content.constraints if one.id in kept) or "its parts exclude each other"


def idle_rule(book: Book, file: str) -> Iterator[Remark]:
    """A rule without which everybody gets the same: the same level, referrals, limits, calls and items."""
    for rule in _rules(book, file):
        dead = list(_dead(book, rule))
        yield from dead
        if not dead and not changes(book, _asked(book, file), rule, NEVER):
            others = _instead(book, rule)
            message = f"without `{rule.id}` everybody would get the same{': ' if others else ''}{others}"
            help = "delete the rule, or correct what it gives or whom it is for"
            example = book.example([_asked(book, file)[0]], book.world.holds(rule))
            yield Remark("idle-rule", message, book.place(*rule.key), help, example=example)


def _instead(book: Book, rule: Rule) -> str:
    """A rule that is as urgent and holds whenever this one does, if there is one, for the reader to look at."""
    pathways = book.pathways[:1] if rule.pathway == RED_FLAGS else [rule.pathway]
    for other, given in book.world.rules(pathways):
        as_urgent = other is not rule and rule.given is not None and given.rank >= rule.given.rank
        if as_urgent and not book.possible(book.world.holds(rule), book.world.fails(other)):
            return f"wherever it holds, so does `{other.id}`"
    return ""


def idle_comparison(book: Book, file: str) -> Iterator[Remark]:
    """A comparison that matters to nobody.

    It matters if there are two patients of the pathway who agree on everything else in the condition, and differ in this
    and in whether the condition holds. Where constraints allow no such two, it matters if somebody would get something else
    without it. A definition is one part of the condition that names it, and is looked into once, where it stands: there a
    comparison matters if the definition would hold of others without it. Of a rule that nobody meets only that is said.
    """
    for rule in _rules(book, file):
        found = list(_idle_in_rule(book, file, rule))
        yield from (list(_dead(book, rule)) if found else []) or found
    yield from _idle_in_definitions(book, file)


def _idle_in_rule(book: Book, file: str, rule: Rule) -> Iterator[Remark]:
    condition = _written(book, rule)
    leaves = list(_leaves(condition))
    for leaf in leaves:
        if _tells_two_apart(book, rule, leaf, leaves):
            continue
        without = book.content.written_out(_without(condition, leaf.path), rule.pathway)
        if not changes(book, _asked(book, file), rule, without):
            yield _idle(book, file, rule, leaf, without)


def _idle(book: Book, file: str, rule: Rule, leaf: _Leaf, without: Tree) -> Remark:
    """With somebody for whom the rule would hold, or no longer hold, and who gets the same; else with somebody who meets it."""
    asked = _asked(book, file)[:1]
    other = differ(book.world.lit(rule.when), book.world.lit(without))
    example = book.example(asked, book.world.lit(rule.inside), other)
    why = "whoever it tells apart gets the same from other rules" if example else "the rest of the condition decides without it"
    return Remark(
        "idle-comparison",
        f"{_said(leaf.tree)} changes nothing in `{rule.id}`: {why}",
        book.place(*rule.key, "when", *leaf.path),
        "delete it, or correct it or what stands beside it",
        example=example or book.example(asked, book.world.holds(rule)),
    )


def _tells_two_apart(book: Book, rule: Rule, leaf: _Leaf, leaves: Sequence[_Leaf]) -> bool:
    """Two patients of the pathway who differ in this and in whether the rule holds, and agree on everything else in it."""

    def trees(one: _Leaf) -> Tree:
        return book.content.written_out(one.tree, rule.pathway)

    alike = [nor(_apart(book, trees(other))) for other in leaves if other is not leaf]
    inside = [world.lit(rule.inside) for world in (book.world, book.second.world)]
    return book.possible_pair(_apart(book, trees(leaf)), _apart(book, rule.when), *alike, *inside)


def _apart(book: Book, tree: Tree) -> Literal:
    """The condition holds of one of the two patients."""
    return book.world.named(("apart", id(tree)), lambda: differ(book.world.lit(tree), book.second.world.lit(tree)))


def _idle_in_definitions(book: Book, file: str) -> Iterator[Remark]:
    stated: Mapping[str, Any] = book.content.data["definitions"] if file == RED_FLAGS else book.content.pathways[file]["definitions"]
    for name, definition in stated.items():
        if name not in book.content.definitions_read(file):
            continue  # a warning of its own
        whole = book.world.lit(book.content.written_out({"definition": name}, file))
        table = book.definition(file, name).table is not None
        for leaf in _leaves(definition["when"]):
            if table and leaf.path[-1] == 0:
                continue  # the band of a row: P2 and P9 see to it that bands meet and do not overlap
            without = book.world.tree(book.content.written_out(_without(definition["when"], leaf.path), file))
            if not book.possible(differ(whole, without)):
                message = f"{_said(leaf.tree)} changes nothing in the definition `{name}`: the rest of it decides without it"
                place = book.definition_place(file, name, leaf.path)
                help = "delete it, or correct it or what stands beside it"
                yield Remark("idle-comparison", message, place, help, example=book.example(_asked(book, file)[:1], whole))


# -- what is looked at -----------------------------------------------------------------------------------------------


def _asked(book: Book, file: str) -> Sequence[str]:
    """The pathways in which the rules of a file count: its own, or each of them for the shared red flags."""
    return book.pathways if file == RED_FLAGS else [file]


def _rules(book: Book, file: str) -> Iterator[Rule]:
    """The rules that stand in a file, as they are when its pathway is asked; not `otherwise`."""
    if file == RED_FLAGS:
        yield from book.content.red_flags
    else:
        stated = {rule["id"] for rule in book.content.pathways[file]["rules"]}
        yield from (rule for rule in book.content.asked([file]) if rule.pathway == file and rule.id in stated)


# -- conditions as they are written ----------------------------------------------------------------------------------


class _Leaf(NamedTuple):
    """A comparison, or the name of a definition, as it stands in a condition."""

    path: Path
    tree: Tree


def _written(book: Book, rule: Rule) -> Tree:
    """The condition as its author wrote it, definitions by their names."""
    rules = book.content.data["red_flags"] if rule.pathway == RED_FLAGS else book.content.pathways[rule.pathway]["rules"]
    found: Tree = next(one["when"] for one in rules if one["id"] == rule.id)
    return found


def _leaves(tree: Tree, path: Path = ()) -> Iterator[_Leaf]:
    for key in ("all", "any"):
        if key in tree:
            for n, term in enumerate(tree[key]):
                yield from _leaves(term, (*path, key, n))
            return
    if "not" in tree:
        yield from _leaves(tree["not"], (*path, "not"))
    else:
        yield _Leaf(path, tree)


def _without(tree: Tree, path: Path) -> Tree:
    """The condition without the term of its `all` or `any` in which this stands; one that has no other term holds always."""
    return _dropped(tree, path) or ALWAYS


def _dropped(tree: Tree, path: Path) -> Tree | None:
    """The same of a part; None where nothing of it is left."""
    if not path:
        return None
    if path[0] == "not":
        inner = _dropped(tree["not"], path[1:])
        return None if inner is None else {"not": inner}
    key, n = str(path[0]), int(path[1])
    terms = list(tree[key])
    left = _dropped(terms[n], path[2:])
    terms[n : n + 1] = [] if left is None else [left]
    return {key: terms} if terms else None


def _said(tree: Tree) -> str:
    """The comparison as it is written."""
    if "definition" in tree:
        return f"`{tree['definition']}`"
    if "number" in tree:
        return f"`{{{tree['finding']}: {{{', '.join(f'{word}: {limit}' for word, limit in tree['number'].items())}}}}}`"
    values = ", ".join(tree["is"])
    if values == "yes":
        return f"`{tree['finding']}`"
    return f"`{{{tree['finding']}: {values if len(tree['is']) == 1 else f'[{values}]'}}}`"
