"""Every condition that the authors of a folder wrote, and each literal in it with its place and with what must be so for it to matter.

A literal is a comparison or the name of a definition, at one place of one condition. A definition is a condition of its own,
and a unit wherever it is used. Knows nothing of cases, cubes or files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from pathways.conditions import AllOf, AnyOf, Choice, Condition, Named, Not, Number, Path, YesNo
from pathways.content import RED_FLAGS
from pathways.loader import Authored
from pathways.model import DefinitionPart
from pathways.remarks import Place

__all__ = ["SHARED", "Leaf", "Literal", "Subject", "leaves", "subjects", "table_path", "truth", "written"]

SHARED = RED_FLAGS  # where what belongs to no pathway stands
Leaf: TypeAlias = YesNo | Choice | Number | Named
Truth: TypeAlias = Callable[[Leaf], bool | None]  # None where it is open


class Literal(NamedTuple):
    """A leaf at its place. It matters where every condition of `beside_all` holds and none of `beside_any`."""

    leaf: Leaf
    path: Path
    beside_all: tuple[Condition, ...]
    beside_any: tuple[Condition, ...]

    def matters(self, of: Truth) -> bool:
        """Whether the condition certainly holds with it and not without it, or the other way about."""
        return all(truth(one, of) is True for one in self.beside_all) and all(truth(one, of) is False for one in self.beside_any)


class Subject(NamedTuple):
    """A condition that somebody wrote: of a rule, a red flag, a definition, or whom a pathway is for."""

    pathway: str
    kind: str  # rule, red flag, definition, applies
    id: str
    condition: Condition
    path: Path
    place: Callable[[Path], Place]
    table: bool = False

    @property
    def name(self) -> str:
        return f"{self.kind} `{self.id}`" if self.id else f"`{self.kind}`"


def subjects(authored: Authored) -> Iterator[Subject]:
    """Every condition, those that are shared first, then by pathway as the files have them."""
    shared = authored.documents["ruleset.yaml"]
    for name, condition in authored.red_flags.items():
        yield Subject(SHARED, "red flag", name, condition, ("red_flags", name, "when"), shared.place)
    yield from _definitions(SHARED, authored.definitions, authored.ruleset.definitions, shared.place)
    for pathway, written in authored.pathways.items():
        place = written.document.place
        if written.applies is not None:
            yield Subject(pathway, "applies", "", written.applies, ("applies",), place)
        yield from _definitions(pathway, written.definitions, written.part.definitions, place)
        for name, condition in written.rules.items():
            yield Subject(pathway, "rule", name, condition, ("rules", name, "when"), place)


def _definitions(
    pathway: str, conditions: Mapping[str, Condition], parts: Mapping[str, DefinitionPart], place: Callable[[Path], Place]
) -> Iterator[Subject]:
    for name, condition in conditions.items():
        table = parts[name].table is not None
        yield Subject(pathway, "definition", name, condition, ("definitions", name, "table" if table else "when"), place, table)


def leaves(subject: Subject) -> Iterator[Literal]:
    """The literals of the condition, from left to right."""
    for one in _leaves(subject.condition, (), (), ()):
        yield one._replace(path=(*subject.path, *(table_path(one.path) if subject.table else one.path)))


def table_path(path: Path) -> Path:
    """Where a part of a table's condition stands: each row is a band of the number that it goes by, and the limit there."""
    return () if len(path) < 2 else ("rows", path[1]) if len(path) < 4 else ("rows", path[1], ("by", "limit")[int(path[3])])


def _leaves(condition: Condition, path: Path, all_: tuple[Condition, ...], any_: tuple[Condition, ...]) -> Iterator[Literal]:
    match condition:
        case Not(term):
            yield from _leaves(term, (*path, "not"), all_, any_)
        case AllOf(terms) | AnyOf(terms):
            key = "all" if isinstance(condition, AllOf) else "any"
            for n, term in enumerate(terms):
                others = terms[:n] + terms[n + 1 :]
                here = ((*all_, *others), any_) if key == "all" else (all_, (*any_, *others))
                yield from _leaves(term, (*path, key, n), *here)
        case _:
            yield Literal(condition, path, all_, any_)


def truth(condition: Condition, of: Truth) -> bool | None:
    """The condition in three values, from those of its leaves."""
    match condition:
        case Not(term):
            found = truth(term, of)
            return None if found is None else not found
        case AllOf(terms) | AnyOf(terms):
            decides = isinstance(condition, AnyOf)
            values = [truth(term, of) for term in terms]
            return decides if decides in values else None if None in values else not decides
        case _:
            return of(condition)


def written(leaf: Leaf) -> str:
    """A literal as its author writes it."""
    match leaf:
        case YesNo(finding, answer):
            return finding if answer else f"{finding}: no"
        case Choice(finding, values):
            return f"{finding}: {values[0] if len(values) == 1 else '[' + ', '.join(values) + ']'}"
        case Number(finding, limits):
            return f"{finding}: {{{', '.join(f'{operator}: {limit}' for operator, limit in limits)}}}"
        case Named(name):
            return name
