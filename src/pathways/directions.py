"""What an added rule does to what the agreed table says by itself: who gets more by it, who less, and of whom only it speaks.

Exact over all possible patients. Knows nothing of how urgent anybody should be.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from operator import or_

from pathways.content import RED_FLAGS
from pathways.ruleset import Rule, RuleSet
from pathways.solver import find

__all__ = ["WORDS", "Direction", "directions"]

WORDS = ("lowers", "raises", "fills", "adds")


@dataclass(frozen=True, slots=True)
class Direction:
    """A rule that is no row of the table, or that covers fewer patients than its row.

    `raises` are the rows some of whose patients get a higher level by it than the table alone gives them, `lowers` the rows and
    gaps that it narrows, as its author declares. `fills`: there is a patient of whom no row speaks, and it does.
    """

    rule: Rule
    raises: tuple[str, ...]
    lowers: tuple[str, ...]
    fills: bool

    @property
    def words(self) -> tuple[str, ...]:
        """The directions; `adds` where the level of nobody is touched, only what is done."""
        *words, otherwise = WORDS
        holds = (bool(self.lowers), bool(self.raises), self.fills)
        return tuple(word for word, does in zip(words, holds, strict=True) if does) or (otherwise,)


def directions(ruleset: RuleSet, rows: Collection[str]) -> tuple[Direction, ...]:
    """Every such rule in the order of the rule set, the shared danger signs first. `rows` are the ids of the agreed table."""
    tables = {name: [rule for rule in pathway.rules if rule.basis == "source"] for name, pathway in ruleset.pathways.items()}
    return tuple(_direction(rule, ruleset, tables, rows) for rule in ruleset.rules if rule.basis != "source" or rule.narrows)


def _direction(rule: Rule, ruleset: RuleSet, tables: Mapping[str, Sequence[Rule]], rows: Collection[str]) -> Direction:
    raises: list[str] = []
    fills = False
    for name, table in tables.items():
        if rule.outcome is None or rule.basis == "source" or rule.pathway not in (name, RED_FLAGS):
            continue
        inside = ruleset.pathways[name].applies or (0,)
        fills = fills or _somebody(ruleset, (rule.cubes, inside), table)
        above = [row for row in table if row.outcome is not None and row.outcome.urgency >= rule.outcome.urgency]
        for row in table:
            if row not in above and _somebody(ruleset, (rule.cubes, row.cubes, inside), above):
                raises += [source for source in row.sources if source in rows]
    return Direction(rule, tuple(dict.fromkeys(raises)), rule.narrows, fills)


def _somebody(ruleset: RuleSet, within: Sequence[Sequence[int]], without: Sequence[Rule]) -> bool:
    """Whether somebody possible meets one cube of each condition, and none of these rules."""
    space = ruleset.space
    clauses = [*ruleset.clauses, *(cube for rule in without for cube in rule.cubes)]
    return any(
        find(space, space.everything & ~reduce(or_, cubes), clauses) is not None
        for cubes in product(*within)
        if space.meets(space.everything, reduce(or_, cubes))
    )
