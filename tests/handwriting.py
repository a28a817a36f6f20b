"""YAML as people write it: any data in one of the thousand ways, with comments in any place."""

from __future__ import annotations

import json
import random
import re
from typing import Any

from pathways.documents import Scalar

__all__ = ["Writer", "tree_of"]


def tree_of(data: Any) -> Any:
    """Data as they were read, as texts to be written: those that need quotes in brackets get them."""
    if isinstance(data, Scalar):
        return json.dumps(data, ensure_ascii=False) if data.quoted or re.search(r"[,\[\]{}#\n]|: |:$|^[^\w(]", data) else str(data)
    if isinstance(data, list):
        return [tree_of(item) for item in data]
    return {key: tree_of(value) for key, value in data.items()}


class Writer:
    """Writes a tree as YAML in one of the thousand ways; remembers the comments in the order in which it wrote them."""

    def __init__(self, dice: random.Random, marks: tuple[str, ...] = (">-", "|-", ">", "|")) -> None:
        self.dice = dice
        self.marks = marks
        self.comments: list[str] = []

    def often(self, chance: float) -> bool:
        return self.dice.random() < chance

    def comment(self) -> str:
        self.comments.append(f"# comment {len(self.comments)}{self.dice.choice(['', ': {', ' - a', ' [x], y', ' # z'])}")
        return self.comments[-1]

    def beside(self) -> str:
        """What may stand at the end of a line."""
        return " " * self.dice.randint(1, 9) + self.comment() if self.often(0.2) else " " * self.dice.randint(0, 2)

    def lines(self, indent: int) -> str:
        """What may stand between two lines, comments in any column among it."""
        text = ""
        while self.often(0.3):
            text += "\n" if self.often(0.5) else f"{' ' * self.dice.randint(0, indent + 3)}{self.comment()}\n"
        return text

    def block(self, tree: Any, indent: int) -> str:
        """A collection on lines of its own."""
        text = ""
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            text += self.lines(indent)
            text += " " * indent + (f"{key}:" if isinstance(tree, dict) else "-")
            if isinstance(value, str) and value[0] not in "'\"" and " " in value and self.often(0.2):
                mark = self.dice.choice(self.marks)
                deep = " " * (indent + self.dice.randint(4, 7))  # further in than any comment
                text += f" {mark}{self.beside()}\n{deep}{value.replace(' ', f'{chr(10)}{deep}') if mark[0] == '>' else value}\n"
            elif isinstance(value, str) or not value or self.often(0.4):
                text += " " * self.dice.randint(1, 3) + self.flow(value, indent + 1) + self.beside() + "\n"
            else:
                text += self.beside() + "\n" + self.block(value, indent + self.dice.randint(1, 4))
        return text

    def gap(self, indent: int) -> str:
        """What may stand between two parts in brackets."""
        if self.often(0.8):
            return " " * self.dice.randint(0, 2)
        return f"{self.beside()}\n{self.lines(indent)}{' ' * (indent + self.dice.randint(0, 6))}"

    def flow(self, tree: Any, indent: int) -> str:
        """A value in brackets."""
        if isinstance(tree, str):
            return tree
        if isinstance(tree, dict):
            text = "{"
            for at, (key, value) in enumerate(tree.items()):
                text += ("," if at else "") + self.gap(indent) + f"{key}: " + self.flow(value, indent) + self.gap(indent)
            return text + self.gap(indent) + "}"
        text = "["
        for at, value in enumerate(tree):
            text += ("," if at else "") + self.gap(indent) + self.flow(value, indent) + self.gap(indent)
        return text + self.gap(indent) + "]"
