"""P16 on the rule set itself: it differs in nothing from itself, nor from a copy whose rules stand in another order.

`diff` is a proof only if it is silent where nothing changes. That it tells every change is held by its own tests.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pathways.changes import diff
from pathways.checks.book import Book, Disagreement
from pathways.content import Content
from pathways.edits import Kind, edits
from pathways.remarks import Remark
from pathways.versions import Version

__all__ = ["no_difference", "turned_round"]


def no_difference(book: Book, pathway: str) -> Iterator[Remark]:
    """Nothing: a difference would be a mistake of ours. Raises Disagreement."""
    here = Version("here", book.content, book.ruleset)
    turned = Version("turned round", Content(turned_round(book.content.data)))
    found = diff(here, turned, pathway)
    told = [
        *edits(book.content.data, book.content.data),
        *found.changes,
        *found.apart,
        *(one for one in found.edits if one.kind is not Kind.ORDER),
    ]
    if told:
        raise Disagreement(f"`{pathway}` differs from itself {turned.name}: {told[0]}")
    yield from ()


def turned_round(content: Any) -> Any:
    """The content with the rules of each pathway, the definitions and the constraints in the reverse order."""
    copy = json.loads(json.dumps(content))
    copy["constraints"].reverse()
    copy["definitions"] = dict(reversed(copy["definitions"].items()))
    for pathway in copy["pathways"]:
        pathway["rules"].reverse()
        pathway["definitions"] = dict(reversed(pathway["definitions"].items()))
    return copy
