"""The layout of a YAML text: what it says, its quotes and its comments stay; what it looks like is settled. Written at random and by hand."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handwriting import Writer
from pathways.documents import Data, Document, Scalar, read_bytes
from pathways.layout import WIDTH, laid_out
from pathways.written import Way, comments_of


def unordered(way: Way) -> None:
    """No mapping has an order of its own."""


def data_of(text: str) -> Data | None:
    document = read_bytes(text.encode(), Document("test"))
    assert [str(remark) for remark in document.remarks] == [], text
    return document.data


def said(data: Any) -> Any:
    """What a text says, with its quotes and the order of its keys."""
    if isinstance(data, Scalar):
        return str(data), data.quoted
    if isinstance(data, list):
        return [said(item) for item in data]
    return {"keys": list(data), **{key: said(value) for key, value in data.items()}}


LAYOUTS = {
    "spaces": ("a:    {b:  c ,d: [ e,f ]}\n", "a: {b: c, d: [e, f]}\n"),
    "indentation": ("a:\n      b: c\n      d:\n      - e\n      -   f: g\n          h: i\n", "a:\n  b: c\n  d:\n    - e\n    - f: g\n      h: i\n"),
    "the end of the file": ("a: b   \n\n\n", "a: b\n"),
    "blank lines": ("a: b\n\n\n\nc: d\ne:\n\n  f: g\n\n\n  h: i\n", "a: b\n\nc: d\n\ne:\n  f: g\n\n  h: i\n"),
    "sections stand apart": ("a:\n  b: c\nd: e\nf: g\n", "a:\n  b: c\n\nd: e\nf: g\n"),
    "quotes stay": ("a: \"no\"\nb: no\nc: 'x'\n'd': \"y\"\n", "a: \"no\"\nb: no\nc: 'x'\n'd': \"y\"\n"),
    "lines that fit are joined": ("a: {b: c,\n    d: [e,\n  f]}\ng: one\n   two\n", "a: {b: c, d: [e, f]}\ng: one two\n"),
    "a paragraph keeps its lines": ('a: "one\n\n   two"\n', 'a: "one\n\n  two"\n'),
    "a folded text": ("a:\n    b: >-\n         one\n         two\n\n    c: |\n     x\n        y\n", "a:\n  b: >-\n    one\n    two\n\n  c: |\n    x\n       y\n"),
    "an indented text says how far": ("a: |3\n     x\n   y\n", "a: |2\n    x\n  y\n"),
    "a text that keeps its end": ("a: |+\n   x\n\n\nb: |+\n\nc: >\n \n", "a: |+\n  x\n\n\nb: |+\n\nc: >\n"),
    "a list below its key": ("a:\n- b\n# of c\nc: d\n", "a:\n  - b\n\n# of c\nc: d\n"),
    "comments": ("# top\n\na: b    # one\nc:  # two\n    # three\n  d: e # four\n  # five\n# six\n", "# top\n\na: b    # one\n\nc:  # two\n  # three\n  d: e  # four\n  # five\n# six\n"),
    "aligned comments stay aligned": ("a: b      # one\nccc: d    # two\n", "a: b      # one\nccc: d    # two\n"),
    "a comment inside brackets opens them": ("a: {b: c, # one\n  d: e} # two\n", "a:\n  b: c    # one\n  d: e  # two\n"),
    "a comment behind brackets does not": ("a: {b: c,\n  d: e} # two\n", "a: {b: c, d: e}  # two\n"),
    "a comment between key and value": ("a:\n  # one\n  b\nc:\n  - # two\n    d: e\n", "# one\na: b\n\nc:\n  # two\n  - d: e\n"),
    "a comment beside a folded text": ("a: >- # one\n  b\n", "a: >-  # one\n  b\n"),
    "a comment in empty brackets": ("a: [ # one\n  ]\nb: c\n", "a: []  # one\nb: c\n"),
    "the mark of a document stays": ("# one\n---\na: b\n...\n", "---\n# one\na: b\n"),
    "line ends of another system": ("a: b\r\nc:\r\n    d: e # one\r\n", "a: b\n\nc:\n  d: e   # one\n"),
    "all in brackets": ("{a: b, c: [d]}\n", "a: b\nc: [d]\n"),
    "nothing but brackets": ("# one\n[] # two\n# three\n", "# one\n# two\n# three\n[]\n"),
    "lists in a list": ("- - a\n  - # one\n    b: c\n- [d, e]\n", "- - a\n  # one\n  - b: c\n- [d, e]\n"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), LAYOUTS.values(), ids=LAYOUTS)
def test_a_text_is_laid_out(before: str, after: str) -> None:
    assert laid_out(before, unordered) == after
    assert laid_out(after, unordered) == after
    assert said(data_of(before)) == said(data_of(after))


LONG = [f"finding_number_{n}" for n in range(12)]


def test_what_is_too_long_is_continued_at_a_comma_or_opened() -> None:
    names = ", ".join(LONG)
    flat, deep = f"a: [{names}]\n", f"a: {{b: [{names}], c: {{d: e}}}}\n"

    assert laid_out(flat, unordered) == f"a: [{', '.join(LONG[:7])},\n  {', '.join(LONG[7:])}]\n"
    assert laid_out(deep, unordered) == f"a:\n  b: [{', '.join(LONG[:7])},\n    {', '.join(LONG[7:])}]\n  c: {{d: e}}\n"
    assert max(map(len, laid_out(deep, unordered).splitlines())) <= WIDTH


def test_keys_move_with_their_comments_and_the_head_of_the_file_stays() -> None:
    text = "# yaml-language-server: x\n\n# of b\nb: 1  # b\n# of a\na: 2\nother: {b: 1, a: 2}\n"

    assert laid_out(text, lambda way: ("a", "b") if not way else None) == (
        "# yaml-language-server: x\n\n# of a\na: 2\n# of b\nb: 1  # b\nother: {b: 1, a: 2}\n"
    )


# -- at random -------------------------------------------------------------------------------------------------------

TEXTS = ("yes", "a", "some words", "0.5", '"no"', "'quoted'", '"with: colon"', "it's", "10 min")
LEAVES = st.sampled_from(TEXTS)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, min_size=0, max_size=4) | st.dictionaries(st.sampled_from([*LONG, "a", "b", "c"]), inner, max_size=4),
    max_leaves=14,
)
ROOTS = st.lists(TREES, min_size=1, max_size=4) | st.dictionaries(st.sampled_from(["a", "b", "c", *LONG]), TREES, min_size=1, max_size=4)


@settings(max_examples=400, deadline=None)
@given(ROOTS, st.integers(0, 10**9))
def test_any_way_of_writing_says_the_same_laid_out_and_loses_no_comment(tree: Any, seed: int) -> None:
    writer = Writer(random.Random(seed))
    text = writer.block(tree, 0) + writer.lines(0)
    before = data_of(text)

    after = laid_out(text, unordered)

    assert comments_of(text) == writer.comments
    assert said(data_of(after)) == said(before)
    assert sorted(comments_of(after)) == sorted(writer.comments)
    assert laid_out(after, unordered) == after
    assert [line for line in after.splitlines() if line.rstrip() != line] == []


@settings(max_examples=200, deadline=None)
@given(ROOTS, st.integers(0, 10**9))
def test_comments_stay_in_their_order_on_lines_of_their_own(tree: Any, seed: int) -> None:
    """What stood above a line stands above it still: where nothing is beside a text, no comment passes another."""
    writer = Writer(random.Random(seed))
    writer.beside = lambda: ""  # type: ignore[method-assign]
    text = writer.block(tree, 0) + writer.lines(0)

    assert comments_of(laid_out(text, unordered)) == writer.comments
