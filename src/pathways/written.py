"""A YAML text as it is written: its entries with the comments that belong to them, every text as it was typed.

Knows nothing of rules, and nothing of how a text should look. In which order keys stand is asked of the caller, key by key of
the way down.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from typing import TypeAlias

from pathways.documents import Node, nodes_of

__all__ = ["Comment", "Entry", "Group", "Leaf", "Order", "Page", "Way", "comments_of"]

Way: TypeAlias = tuple[str | int, ...]
Order: TypeAlias = Callable[[Way], Sequence[str] | None]  # the keys of the mapping there, or None where their order says something

_HEADER = re.compile(r"([|>][-+0-9]*)[ \t]*(#.*)?\Z")
_MODELINE = re.compile(r"# yaml-language-server:")


def comments_of(text: str) -> list[str]:
    """Every comment of such a text, in order."""
    return [comment.text for comment in Page(text).comments]


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, where it begins, and whether a blank line is above it; `beside` a text, or on a line of its own."""

    text: str
    start: int
    column: int
    blank: bool
    beside: bool


@dataclass(slots=True)
class Leaf:
    """A scalar as it was typed, line by line, or an empty collection; `tails` are the comments at its end."""

    start: int
    end: int
    lines: tuple[str, ...]
    block: bool = False
    tails: list[Comment] = field(default_factory=list)

    @property
    def joined(self) -> str | None:
        """In one line; None where its lines mean something."""
        if len(self.lines) == 1 and not self.block:
            return self.lines[0]
        return None if self.block or any(not line or line.endswith("\\") for line in self.lines) else " ".join(self.lines)


@dataclass(slots=True)
class Group:
    """A list or a mapping; `foot` holds the comments after its last entry."""

    mapping: bool
    flow: bool
    entries: list[Entry] = field(default_factory=list)
    foot: list[Comment] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """An item, or a key with its value; `head` holds the comments above it, `blank` says whether a blank line is between."""

    key: Leaf | None
    value: Leaf | Group
    head: list[Comment]
    blank: bool


class Page:
    """A text, its leaves and its comments; what is read of it is taken off, so that no comment is lost or stands twice."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.lines = self.text.split("\n")
        self.begins = [0, *accumulate(len(line) + 1 for line in self.lines)]
        self.root = nodes_of(self.text)
        self.leaves = {leaf.start: leaf for leaf in self._leaves(self.root, -1)}
        self.starts = sorted(self.leaves)
        self.comments = list(self._comments())
        self.waiting: deque[Comment] = deque()
        for comment in self.comments:
            before = bisect_right(self.starts, comment.start) - 1
            if comment.beside and before >= 0:
                self.leaves[self.starts[before]].tails.append(comment)
            else:
                self.waiting.append(comment)

    def _leaves(self, node: Node, inside: int) -> Iterator[Leaf]:
        written = self.text[node.start : node.end]
        if node.items:
            for one in (one for pair in node.items for one in pair if one is not None):
                yield from self._leaves(one, node.column)
        elif node.kind != "scalar":
            yield Leaf(node.start, node.start + 1, ("{}" if node.kind == "mapping" else "[]",))
        elif node.block:
            yield Leaf(node.start, node.end, _block(written, inside), block=True)
        else:
            yield Leaf(node.start, node.end, tuple(line.strip() for line in written.split("\n")))

    def _comments(self) -> Iterator[Comment]:
        """What stands behind `#` between the leaves, and behind the `|` or `>` of a block."""
        spans = [(0, 0), *((start, self.leaves[start].end) for start in self.starts)]
        for (_, end), (start, _) in pairwise([*spans, (len(self.text), 0)]):
            for found in re.finditer("#.*", self.text[end:start]):
                yield self._comment(end + found.start(), found.group())
            if start in self.leaves and self.leaves[start].block:
                header = self.text[start:].partition("\n")[0]
                if "#" in header:
                    yield self._comment(start + header.index("#"), header[header.index("#") :])

    def _comment(self, start: int, text: str) -> Comment:
        line = bisect_right(self.begins, start) - 1
        column = start - self.begins[line]
        beside = bool(self.lines[line][:column].strip("-?[{, \t"))
        return Comment(text.rstrip(), start, column, self._blank(line), beside)

    def _blank(self, line: int) -> bool:
        return line > 0 and not self.lines[line - 1].strip()

    def begun(self) -> list[str]:
        """What begins the document: `---` and what may stand above it."""
        lines = self.text[: self.starts[0]].split("\n")
        return [line.partition(" #")[0].rstrip() if line[0] == "%" else "---" for line in lines if line.startswith(("%", "---"))]

    def before(self, start: int, column: int = 0) -> list[Comment]:
        """The waiting comments before a place, up to one that stands further left than a column; they wait no longer."""
        taken = []
        while self.waiting and self.waiting[0].start < start and self.waiting[0].column >= column:
            taken.append(self.waiting.popleft())
        return taken

    def rest(self) -> list[Comment]:
        return self.before(len(self.text) + 1)

    def leaf(self, node: Node) -> Leaf:
        return self.leaves[node.start]

    def group(self, node: Node, way: Way, inside: int, order: Order) -> Group:
        """The collection; the comments after its last entry are those that stand at least as far to the right."""
        group = Group(node.kind == "mapping", node.brackets)
        for at, (key, value) in enumerate(node.items):
            group.entries.append(self.entry(key, value, (*way, at if key is None else key.value), node.column, order))
        if node.brackets:
            group.foot = self.before(node.end)
        else:
            least = node.column + (inside == node.column)  # a list may begin below its key: what stands there belongs to the next key
            group.foot = self.before(self._after(node), least)
        wanted = order(way) if group.mapping else None
        return group if wanted is None else _sorted(group, wanted)

    def _after(self, node: Node) -> int:
        """Where the next leaf after a collection begins."""
        while node.items:
            node = node.items[-1][1]
        return next(iter(self.starts[bisect_right(self.starts, node.start) :]), len(self.text))

    def entry(self, key: Node | None, value: Node, way: Way, inside: int, order: Order) -> Entry:
        first = value if key is None else key
        head = self.before(first.start)
        if value.brackets or not value.items:
            head += self.before(value.start)
        read = self.group(value, way, inside, order) if value.items else self.leaf(value)
        return Entry(None if key is None else self.leaf(key), read, head, self._blank(first.line))


def _block(text: str, inside: int) -> tuple[str, ...]:
    """The lines of a block of text without their indentation, below what begins it."""
    first, *lines = text.split("\n")
    header = _HEADER.match(first.rstrip())
    mark = header.group(1) if header else first
    stated = next((int(sign) for sign in mark if sign.isdigit()), 0)
    indent = max(inside, 0) + stated if stated else next((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), 0)
    body = [line[indent:] if indent else "" for line in (lines[:-1] if text.endswith("\n") else lines)]
    while body and "+" not in mark and not body[-1]:
        body.pop()
    return (re.sub("[0-9]", "2", mark), *body)


def _sorted(group: Group, wanted: Sequence[str]) -> Group:
    """The entries in the order of the keys wanted; what heads the whole stays at the top."""
    entries = sorted(group.entries, key=lambda entry: wanted.index(name) if (name := _name(entry)) in wanted else len(wanted))
    old, new = group.entries[0], entries[0]
    if new is not old and (kept := _heads_the_whole(old)):
        header, old.head = old.head[:kept], old.head[kept:]
        _part(old, False)
        _part(new, True)
        new.head[:0] = header
    group.entries = entries
    return group


def _part(entry: Entry, blank: bool) -> None:
    """Put a blank line above an entry and its comments, or none."""
    if entry.head:
        entry.head[0] = replace(entry.head[0], blank=blank)
    else:
        entry.blank = blank


def _heads_the_whole(entry: Entry) -> int:
    """How many of the comments above the first entry are not its own: those above a blank line, and what an editor reads."""
    blanks = [comment.blank for comment in entry.head[1:]] + [entry.blank]
    kept = max((n for n, blank in enumerate(blanks, 1) if entry.head and blank), default=0)
    return max(kept, int(bool(entry.head and _MODELINE.match(entry.head[0].text))))


def _name(entry: Entry) -> str:
    return entry.key.lines[0].strip("\"'") if entry.key else ""
