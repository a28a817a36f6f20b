"""Tables of limits as their authors wrote them: each row with its band and its limit as conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pathways.content import RED_FLAGS, Tree
from pathways.loader import Authored
from pathways.remarks import Place

__all__ = ["Row", "Table", "tables"]


class Row(NamedTuple):
    """Of whom a row speaks, and what it asks of them."""

    band: Tree
    limit: Tree
    place: Place


class Table(NamedTuple):
    """A table: its name, who may ask it (a pathway, or all), the number of its bands and the one that it reads in each."""

    name: str
    pathway: str
    by: str
    read: str
    place: Place
    rows: tuple[Row, ...]


def tables(authored: Authored) -> Iterator[Table]:
    """Every table of the rule set, those of ruleset.yaml first."""
    whole = (RED_FLAGS, authored.ruleset.definitions, authored.documents["ruleset.yaml"])
    for pathway, parts, document in [whole, *((name, one.part.definitions, one.document) for name, one in authored.pathways.items())]:
        for name, part in parts.items():
            if part.table is not None:
                path = ("definitions", name, "table", "rows")
                rows = tuple(
                    Row(_tree(part.table.by, row.by), _tree(part.table.read, row.limit), document.place((*path, n)))
                    for n, row in enumerate(part.table.rows)
                )
                yield Table(name, pathway, part.table.by, part.table.read, document.place(path), rows)


def _tree(finding: str, compared: Mapping[str, Any]) -> Tree:
    return {"finding": finding, "number": {word: str(limit) for word, limit in compared.items()}}
