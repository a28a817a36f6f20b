"""The one layout of a YAML text: what is written stays, with its comments and quotes; where it stands on the page is settled here.

Knows nothing of rules. In which order keys stand is asked of the caller, key by key of the way down.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from typing import TypeAlias

from pathways.documents import Node, nodes_of

__all__ = ["WIDTH", "Order", "Way", "comments_of", "laid_out"]

WIDTH = 140
GAP = "\n"  # a blank line between two things, unlike one inside a text
Way: TypeAlias = tuple[str | int, ...]
Order: TypeAlias = Callable[[Way], Sequence[str] | None]  # the keys of the mapping there, or None where their order says something

_HEADER = re.compile(r"([|>][-+0-9]*)[ \t]*(#.*)?\Z")
_MODELINE = re.compile(r"# yaml-language-server:")


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
        if self.block or any(not line or line.endswith("\\") for line in self.lines):
            return self.lines[0] if len(self.lines) == 1 and not self.block else None
        return " ".join(self.lines)


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


def laid_out(text: str, order: Order) -> str:
    """The text in its layout; it is one that `documents.read_bytes` takes without a remark."""
    page = _Page(text)
    if page.root.kind == "scalar":
        return text
    above = page.begun()
    if not page.root.items:
        root = page.leaf(page.root)
        comments = sorted([*page.rest(), *root.tails], key=lambda comment: comment.start)
        return _whole([*above, *_above(comments, "", False), *root.lines])
    group = page.group(page.root, (), -1, order)
    group.flow = False
    group.foot += page.rest()
    return _whole([*above, *_printed(group, 0)])


def _whole(lines: Iterable[str]) -> str:
    """The lines as one text; no blank line is added to one that a text ends with."""
    text = ""
    for line in lines:
        if line != GAP:
            text += f"{line}\n"
        elif not text.endswith("\n\n"):
            text += "\n"
    return text


def comments_of(text: str) -> list[str]:
    """Every comment of such a text, in order."""
    return [comment.text for comment in _Page(text).comments]


# -- reading ---------------------------------------------------------------------------------------------------------


class _Page:
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


# -- printing --------------------------------------------------------------------------------------------------------


def _printed(group: Group, indent: int) -> Iterator[str]:
    """The lines of a group that takes more than one."""
    space, after_long = " " * indent, False
    for at, entry in enumerate(group.entries):
        head, entry = _hoisted(entry)
        lines = list(_entry(entry, indent, not group.mapping))
        long = indent == 0 and group.mapping and isinstance(entry.value, Group) and len(lines) > 1
        blank = entry.blank and (at > 0 or bool(head))
        if head:
            apart = at > 0 and (long or after_long)
            yield from _above(head, space, at > 0, apart)
        else:
            blank = blank or (at > 0 and (long or after_long))
        if blank:
            yield GAP
        yield from lines
        after_long = long
    yield from _above(group.foot, space, True)


def _above(comments: Sequence[Comment], space: str, inside: bool, apart: bool = False) -> Iterator[str]:
    """Comments on lines of their own; a blank line above the first one only where something is above it."""
    for at, comment in enumerate(comments):
        if (comment.blank or (apart and at == 0)) and (inside or at > 0):
            yield GAP
        yield space + comment.text


def _hoisted(entry: Entry) -> tuple[list[Comment], Entry]:
    """What is printed above an entry, and the entry without it: also what heads the first line of an item, which begins behind `- `."""
    head, tails = list(entry.head), []
    if entry.key is not None:
        tails += entry.key.tails
    if isinstance(entry.value, Leaf):
        tails += entry.value.tails
        value: Leaf | Group = replace(entry.value, tails=tails[-1:])
        kept: list[Comment] = []
    else:
        value, kept = entry.value, tails[-1:]
        if entry.key is None and (not value.flow or _in_one(value) is None) and value.entries:
            above, first = _hoisted(value.entries[0])
            head += above
            value = replace(value, entries=[first, *value.entries[1:]])
    head += tails[:-1]
    return head, replace(entry, head=[], key=entry.key and replace(entry.key, tails=kept), value=value)


def _entry(entry: Entry, indent: int, item: bool) -> Iterator[str]:
    """The lines of an item or of a key with its value, without what is above them."""
    space, lead = " " * indent, "- " if item else f"{_key(entry)}:"
    gap = "" if item else " "
    value = entry.value
    if isinstance(value, Leaf):
        lines = _text(value, len(space + lead + gap), indent)
        yield from _with_tail([space + lead + gap + lines[0], *lines[1:]], value.tails, 0 if value.block else -1)
        return
    tails = entry.key.tails if entry.key else []
    short = _in_one(value) if value.flow else None
    if short is not None and not (tails and _tails(value)):
        lines = _filled(value, short, space + lead + gap, indent)
        if lines:
            yield from _with_tail(lines, [*tails, *_tails(value)], -1)
            return
    if item:
        first, *others = _printed(value, indent + 2)
        yield space + lead + first[indent + 2 :]
        yield from others
        return
    yield from _with_tail([space + lead], tails, 0)
    yield from _printed(value, indent + 2)


def _key(entry: Entry) -> str:
    return " ".join(entry.key.lines) if entry.key else ""


def _text(leaf: Leaf, used: int, indent: int) -> list[str]:
    """The lines of a text; what is not the first is indented."""
    joined = leaf.joined
    if joined is not None and (len(leaf.lines) == 1 or used + len(joined) <= WIDTH):
        return [joined]
    return [leaf.lines[0], *(" " * (indent + 2) + line if line else "" for line in leaf.lines[1:])]


def _with_tail(lines: list[str], tails: Sequence[Comment], at: int) -> list[str]:
    """The lines with the comment behind one of them: in the column where it stood, so that what was aligned stays so."""
    if tails:
        lines[at] += " " * max(2, tails[-1].column - len(lines[at])) + tails[-1].text
    return lines


def _in_one(group: Group) -> str | None:
    """The group in one line, in brackets; None where a comment or a text needs a line of its own."""
    if group.foot:
        return None
    parts = []
    for at, entry in enumerate(group.entries):
        value = entry.value.joined if isinstance(entry.value, Leaf) else _in_one(entry.value)
        tails = [*(entry.key.tails if entry.key else ()), *_tails(entry.value)]
        behind = at == len(group.entries) - 1 and len(tails) <= 1 and not (entry.key and entry.key.tails)
        if value is None or entry.head or (tails and not behind):
            return None
        parts.append(f"{_key(entry)}: {value}" if group.mapping else value)
    return "{" + ", ".join(parts) + "}" if group.mapping else "[" + ", ".join(parts) + "]"


def _tails(value: Leaf | Group) -> list[Comment]:
    """Every comment beside a text of this value."""
    if isinstance(value, Leaf):
        return value.tails
    return [tail for entry in value.entries for tail in (*(entry.key.tails if entry.key else ()), *_tails(entry.value))]


def _filled(group: Group, short: str, lead: str, indent: int) -> list[str]:
    """The group in brackets: in one line if it fits, continued at a comma if it holds nothing but texts; else nothing."""
    if len(lead + short) <= WIDTH:
        return [lead + short]
    if any(isinstance(entry.value, Group) for entry in group.entries):
        return []
    parts = [_in_one(replace(group, entries=[entry])) or "" for entry in group.entries]
    lines, line = [], lead + short[0]
    for at, part in enumerate(parts):
        piece = part[1:-1] + (short[-1] if at == len(parts) - 1 else ",")
        if at and len(line) + 1 + len(piece) > WIDTH:
            lines.append(line)
            line = " " * (indent + 2) + piece
        else:
            line += (" " if at else "") + piece
    return [*lines, line]
