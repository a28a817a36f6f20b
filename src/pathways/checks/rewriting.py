"""P21: rule files that say the same in another way are the same rules.

A copy without comments, with each file in one line and the parts of every rule, item and finding in another order has the
same digest. The order of rules is not rewritten: reasons of equal urgency are listed in it, so it belongs to the digest.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pathways.checks.book import Book, Disagreement
from pathways.compiler import content_of
from pathways.decision import canonical
from pathways.documents import Data, Scalar
from pathways.keys import keys_of, model_of
from pathways.loader import read
from pathways.remarks import Remark

__all__ = ["rewriting", "rewritten"]

_PLAIN = re.compile(r"-?[A-Za-z0-9][A-Za-z0-9_.-]*")


def rewriting(book: Book) -> Iterator[Remark]:
    """Nothing: a copy that had another digest would be a mistake of ours, never the author's."""
    with TemporaryDirectory() as aside:
        copy = Path(aside) / book.authored.folder.name
        copy.mkdir()
        for name, document in book.authored.documents.items():
            if document.data is not None:
                (copy / name).write_text(rewritten(name, document.data), encoding="utf-8")
        digest = hashlib.sha256(canonical(content_of(read(copy))).encode()).hexdigest()
    if digest != book.ruleset.digest:
        raise Disagreement(f"rewritten without a change of meaning, the rules have the digest {digest}, not {book.ruleset.digest}")
    yield from ()


def rewritten(name: str, data: Data) -> str:
    """The text of a file of this name with other layout: no comments, one line, and keys in another order where it means nothing."""
    return _written(data, model_of(name), ())


def _written(data: Data, model: Any, way: tuple[str | int, ...]) -> str:
    if isinstance(data, Scalar):
        return str(data) if _PLAIN.fullmatch(data) and not data.quoted else json.dumps(data, ensure_ascii=False)
    if isinstance(data, list):
        return f"[{', '.join(_written(one, model, (*way, n)) for n, one in enumerate(data))}]"
    pairs = [f"{key}: {_written(value, model, (*way, key))}" for key, value in data.items()]
    return f"{{{', '.join(pairs if keys_of(model, way) is None else reversed(pairs))}}}"
