"""What the catalogue says of one remark code."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Code", "Group"]


class Code(NamedTuple):
    """A title in lower case; then whole sentences: what the remark means, why it matters, how it is cured."""

    title: str
    means: str
    matters: str
    cure: str


class Group(NamedTuple):
    """Codes that speak of one thing, by their names."""

    title: str
    codes: dict[str, Code]
