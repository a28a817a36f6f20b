"""What is made once and never changed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any, NoReturn, TypeVar

__all__ = ["frozen", "refuse"]

T = TypeVar("T")


def refuse(instance: object, name: str) -> NoReturn:
    """The refusal to set or delete an attribute, whether there is one of this name or not."""
    raise FrozenInstanceError(f"a {type(instance).__name__} cannot be changed: `{name}`")


def frozen(cls: type[T]) -> type[T]:
    """A class whose instances nothing changes: attributes are refused, and a copy is the instance itself.

    Stands above `@dataclass(frozen=True, slots=True)`, which by itself answers an unknown name with a TypeError of its own.
    """
    members: dict[str, Any] = {
        "__setattr__": lambda self, name, value: refuse(self, name),
        "__delattr__": refuse,
        "__copy__": lambda self: self,
        "__deepcopy__": lambda self, memo: self,
    }
    for name, member in members.items():
        setattr(cls, name, member)
    return cls
