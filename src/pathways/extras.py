"""The extras: what is said where a package of one is not installed."""

from __future__ import annotations

__all__ = ["Missing"]


class Missing(ModuleNotFoundError):
    """A package of the extra is not installed; the text says in one line what needs it and what to install."""

    def __init__(self, what: str, package: str, extra: str = "author") -> None:
        super().__init__(f'{what} {package}: pip install "ent-pathways[{extra}]"', name=package)
