"""What is made once and never changed. By hand and not by `dataclasses`, for whose import and making the bedside would wait."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, NoReturn, Self, dataclass_transform

__all__ = ["Frozen", "pickled", "refuse"]


def refuse(instance: object, name: str) -> NoReturn:
    """The refusal to set or delete an attribute, whether there is one of this name or not."""
    raise AttributeError(f"a {type(instance).__name__} cannot be changed: `{name}`")


@dataclass_transform(frozen_default=True)  # for type checkers: what is annotated cannot be assigned
class Frozen:
    """A class whose instances nothing changes: an attribute is set once, and a copy is the instance itself.

    A subclass names its attributes in `__slots__`, sets each in `__init__`, and says in `__reduce__` how it is pickled.
    """

    __slots__: tuple[str, ...] = ()

    def __setattr__(self, name: str, value: object) -> None:
        if name not in self.__slots__ or hasattr(self, name):
            refuse(self, name)
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        refuse(self, name)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__ if not name.startswith("_"))
        return f"{type(self).__name__}({shown})"


def pickled(record: tuple[Any, ...]) -> tuple[Any, ...]:
    """What `__reduce__` of a named tuple gives whose mappings can only be read: those cannot be pickled themselves."""
    return _restored, (type(record), *(dict(part) if isinstance(part, MappingProxyType) else part for part in record))


def _restored(kind: type[Any], *parts: Any) -> Any:
    return kind(*(MappingProxyType(part) if isinstance(part, dict) else part for part in parts))
