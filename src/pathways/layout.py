"""The one layout of a YAML text: what is written stays, with its comments and quotes; where it stands on the page is settled here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pathways.written import Comment, Entry, Group, Leaf, Order, Page

__all__ = ["WIDTH", "laid_out"]

WIDTH = 140
GAP = "\n"  # a blank line between two things, unlike one inside a text


def laid_out(text: str, order: Order) -> str:
    """The text in its layout; it is one that `documents.read_bytes` takes without a remark."""
    page = Page(text)
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
