"""What is made once and never changed. By hand and not by `dataclasses`, for whose import and making the bedside would wait."""

from __future__ import annotations

from typing import NoReturn, Self, dataclass_transform

__all__ = ["Frozen", "refuse"]


def refuse(instance: object, name: str) -> NoReturn:
    """The refusal to set or delete an attribute, whether there is one of this name or not."""
    raise AttributeError(f"a {type(instance).__name__} cannot be changed: `{name}`")


@dataclass_transform(frozen_default=True)  # for type checkers: what is annotated cannot be assigned
class Frozen:
    """A class whose instances nothing changes: attributes are refused, and a copy is the instance itself.

    A subclass names its attributes in `__slots__`, sets them through the slots, and says in `__reduce__` how it is pickled.
    """

    __slots__: tuple[str, ...] = ()

    def __setattr__(self, name: str, value: object) -> None:
        refuse(self, name)

    def __delattr__(self, name: str) -> None:
        refuse(self, name)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__ if not name.startswith("_"))
        return f"{type(self).__name__}({shown})"
