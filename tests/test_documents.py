"""YAML comes in as plain text with places, or not at all: what a file may not hold is refused at once, with its place."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from pathways.documents import Document, Scalar, read_bytes, read_document
from pathways.remarks import Place
from pathways.reports.lines import STEERING


def read(text: str | bytes) -> Document:
    return read_bytes(text if isinstance(text, bytes) else text.encode(), Document("x.yaml"))


def said(text: str | bytes) -> str:
    """Every remark on the text; a document with a remark holds no data, but for a key that stands twice."""
    document = read(text)
    assert (document.data is None) == any(remark.code != "duplicate-key" for remark in document.remarks)
    return "\n".join(map(str, document.remarks))


REFUSED = {
    "empty": ("# nothing\n", "x.yaml: error[empty]: the file holds nothing"),
    "too-large": (b"a: " + b"x" * 1_000_000, "x.yaml: error[too-large]: the file is larger than 1,000,000 bytes\n  help: split it"),
    "not-utf-8": (b"a: b\nc: \xe9\n", "x.yaml:2:4: error[not-utf-8]: byte 0xe9 is not UTF-8\n  help: save the file as UTF-8"),
    "syntax": ("a: b: c", "x.yaml:1:5: error[syntax]: not YAML: a second `: ` in one line\n  help: a text that holds `: ` stands in quotes"),
    "too-deep": ("[" * 65 + "]" * 65, "x.yaml:1:65: error[too-deep]: more than 64 levels deep\n  help: name parts as definitions"),
    "too-many": ("a: [" + "x," * 199_995 + "]", "x.yaml:1:399995: error[too-many]: more than 200,000 parts\n  help: split the file"),
    "too-long": ("a: " + "x" * 20_001, "x.yaml:1:4: error[too-long]: a text of more than 20,000 characters\n  help: shorten it"),
    "alias": ("a: *b", "x.yaml:1:4: error[alias]: `*b` repeats another place\n  help: write the value out, or name it as a definition"),
    "anchor": ("a: &b c", "x.yaml:1:4: error[anchor]: `&b` names a place\n  help: write the value out, or name it as a definition"),
    "tag": ("a: !!int 3", "x.yaml:1:4: error[tag]: `!!int` asks for a type\n  help: delete the tag; a value that begins with `!` stands in quotes"),
    "merge-key": ("a: {<<: {b: c}}", "x.yaml:1:5: error[merge-key]: `<<` would merge another mapping\n  help: write the keys out"),
    "duplicate-key": ("a: 1\nb: 2\na: 3", "x.yaml:3:1: error[duplicate-key]: `a` stands here and on line 1\n  see also: x.yaml:1:1\n  help: delete one of the two"),
    "key-not-text": ("? [a, b]\n: c", "x.yaml:1:3: error[key-not-text]: a key is a list or a mapping\n  help: put the text in quotes"),
    "several-documents": ("a: b\n---\nc: d", "x.yaml:2:1: error[several-documents]: a second document begins here\n  help: one file holds one document: delete `---`"),
    "empty-value": ("a: b\nc:\n", "x.yaml:2:1: error[empty-value]: `c` has no value\n  help: write the value, or delete the key"),
    "no space after a colon": ("a: {b:c}", "x.yaml:1:5: error[empty-value]: `b:c` has no value\n  help: write a space after the `:`"),
    "an empty key": ("'': b", "x.yaml:1:1: error[key-not-text]: a key is empty\n  help: write the key before the `:`"),
    "a tag of YAML's own": ("a: !b c", "x.yaml:1:4: error[tag]: `!b` asks for a type\n  help: delete the tag; a value that begins with `!` stands in quotes"),
    "nothing but a mark": ("---\n", "x.yaml: error[empty]: the file holds nothing"),
    "a comment that was none": ("a: ward #6800 bed 2", "x.yaml:1:8: error[treacherous]: `#6800` would be read as a comment\n  help: put the text in quotes; a comment begins with `# `"),
    "null": ("a: null", "x.yaml:1:4: error[treacherous]: `null` reads differently in different tools\n  help: delete the key, or put a text in quotes"),
    "treacherous": ("a: true", "x.yaml:1:4: error[treacherous]: `true` reads differently in different tools\n  help: write `yes` or `no`, or put a text in quotes"),
}  # fmt: skip


@pytest.mark.parametrize("code", REFUSED)
def test_what_a_file_may_not_hold_is_named_with_its_place(code: str) -> None:
    text, wanted = REFUSED[code]

    assert said(text) == wanted


SYNTAX = {
    "a tab": ("a:\n\tb: c", "x.yaml:2:1: error[syntax]: not YAML: a tab stands where the line begins\n  help: indent with spaces"),
    "a percent sign": ("a: %b", "x.yaml:1:4: error[syntax]: not YAML: a text cannot begin with `%`\n  help: put it in quotes"),
    "a backtick": ("a: `b`", "x.yaml:1:4: error[syntax]: not YAML: a text cannot begin with a backtick\n  help: put it in quotes"),
    "a star": ("a: * b", "x.yaml:1:4: error[syntax]: not YAML: a text cannot begin with `*`\n  help: put it in quotes"),
    "a bar": ("a: |b", "x.yaml:1:5: error[syntax]: not YAML: a text cannot begin with `|` or `>`\n  help: put it in quotes, or begin it on the next line"),
    "an open quote": ('a: "b\nc: d\n', "x.yaml:1:4: error[syntax]: not YAML: the quote that begins here does not end\n  help: close it; a text with a quote in it stands in the other kind of quotes"),
    "an apostrophe": ("a: 'it's'\nb: c", "x.yaml:1:8: error[syntax]: not YAML: what begins here belongs to no key\n  help: check the indentation of this line; a text with a quote in it stands in the other kind of quotes"),
    "an open brace": ("a: {b: c\nd: e\n", "x.yaml:2:2: error[syntax]: not YAML: the `{` of line 1 does not end before this, or a comma is missing\n  see also: x.yaml:1:4\n  help: close it with `}`, or write the comma"),
    "an open bracket": ("a: [b\n", "x.yaml:2:1: error[syntax]: not YAML: the `[` of line 1 does not end before this, or a comma is missing\n  see also: x.yaml:1:4\n  help: close it with `]`, or write the comma"),
    "too far in": ("a: b\n  c: d", "x.yaml:2:4: error[syntax]: not YAML: a key stands where a text goes on\n  help: check the indentation of this line and of the line above"),
    "no space above": ("a:b\nc: d", "x.yaml:2:2: error[syntax]: not YAML: the line above has no key\n  help: write a space after the `:` of line 1"),
    "no colon above": ("a b\nc: d", "x.yaml:2:2: error[syntax]: not YAML: the line above has no key\n  help: write `:` and a space after the key of line 1"),
    "no dash": ("- a\nb: c", "x.yaml:2:1: error[syntax]: not YAML: what begins here is no item of the list above\n  help: begin it with `- `"),
    "a list in a line": ("a: - b", "x.yaml:1:4: error[syntax]: not YAML: a list cannot begin here\n  help: begin it on a line of its own, or write [a, b]"),
    "two commas": ("a: [b, , c]", "x.yaml:1:8: error[syntax]: not YAML: a value is missing before this\n  help: write the value, or delete the comma"),
    "a backslash": (r'a: "\q"', "x.yaml:1:5: error[syntax]: not YAML: `\\` has a meaning of its own in double quotes\n  help: use single quotes, or double it"),
    "what nobody writes": ("%FOO\n---\na: b", "x.yaml:1:5: error[syntax]: not YAML: found unknown directive name"),
}  # fmt: skip


@pytest.mark.parametrize("name", SYNTAX)
def test_what_is_not_yaml_is_told_in_plain_words_at_the_place_to_look_at(name: str) -> None:
    text, wanted = SYNTAX[name]

    assert said(text) == wanted


@pytest.mark.parametrize("text", [b"[" * 200_000, b"[" * 50_000, b"{" * 50_000, b"- " * 50_000, b"? " * 50_000, b"a: [" + b"[]," * 300_000])
def test_nesting_that_would_kill_the_composer_is_refused_at_once(text: bytes) -> None:
    """200,000 brackets take a C composer down with the process; a remark comes within a second of work."""
    began = time.process_time()
    found = said(text)

    assert time.process_time() - began < 1
    assert found.count("error[") == 1
    assert len(found) < 200
    assert "error[too-deep]" in found or "error[too-many]" in found or "error[syntax]" in found


def test_sixty_four_levels_are_read() -> None:
    assert said("[" * 64 + "]" * 64) == ""


HIDDEN = {
    "a byte order mark": ("\ufeffa: b", "x.yaml:1:1: error[hidden-character]: U+FEFF (zero width no-break space) cannot be seen\n  help: save the file as UTF-8 without BOM"),
    "a byte order mark inside": ("a: b\ufeff", "x.yaml:1:5: error[hidden-character]: U+FEFF (zero width no-break space) cannot be seen\n  help: delete it"),
    "next line": ("a: b\x85c: d", "x.yaml:1:5: error[hidden-character]: U+0085 (a control character) cannot be seen\n  help: delete it"),
    "line separator": ("a: b\u2028c: d", "x.yaml:1:5: error[hidden-character]: U+2028 (line separator) cannot be seen\n  help: delete it"),
    "paragraph separator": ("a: b\u2029", "x.yaml:1:5: error[hidden-character]: U+2029 (paragraph separator) cannot be seen\n  help: delete it"),
    "a change of direction": ("a:\n  b: c\u202ed", "x.yaml:2:7: error[hidden-character]: U+202E (right-to-left override) cannot be seen\n  help: delete it"),
    "an isolate": ("a: \u2066b", "x.yaml:1:4: error[hidden-character]: U+2066 (left-to-right isolate) cannot be seen\n  help: delete it"),
    "zero width": ("fe\u200bver: yes", "x.yaml:1:3: error[hidden-character]: U+200B (zero width space) cannot be seen\n  help: delete it"),
    "a tag": ("a: b\U000e0041", "x.yaml:1:5: error[hidden-character]: U+E0041 (tag latin capital letter a) cannot be seen\n  help: delete it"),
    "escape": ("a: \x1b[31mb", "x.yaml:1:4: error[hidden-character]: U+001B (a control character) cannot be seen\n  help: delete it"),
    "a soft hyphen": ("fe\u00adver: yes", "x.yaml:1:3: error[hidden-character]: U+00AD (soft hyphen) cannot be seen\n  help: delete it"),
    "half a line end": ("a: b\rc: d\r", "x.yaml:1:5: error[hidden-character]: U+000D (a control character) ends no line everywhere\n  help: save the file with plain line ends"),
    "another space before a key": ("a:\n\u00a0 b: c", "x.yaml:2:1: error[hidden-character]: U+00A0 (no-break space) is no plain space\n  help: write a space"),
    "another space in a key": ("a\u2009b: c", "x.yaml:1:1: error[hidden-character]: U+2009 (thin space) is no plain space\n  help: write a space"),
    "a filler": ("a: b\u3164", "x.yaml:1:5: error[hidden-character]: U+3164 (hangul filler) cannot be seen\n  help: delete it"),
    "a selector": ("a: b\ufe0f", "x.yaml:1:5: error[hidden-character]: U+FE0F (variation selector-16) cannot be seen\n  help: delete it"),
    "no character": ("a: b\n\ufffe", "x.yaml:2:1: error[hidden-character]: U+FFFE (a control character) cannot be seen\n  help: delete it"),
    "a letter that looks like another": ("a: n\u043ese", "x.yaml:1:5: error[hidden-character]: U+043E (cyrillic small letter o) looks like a Latin letter\n  help: type it again"),
    "a capital that looks like another": ("a: \u0395NT", "x.yaml:1:4: error[hidden-character]: U+0395 (greek capital letter epsilon) looks like a Latin letter\n  help: type it again"),
    "null": ("a: \x00b", "x.yaml:1:4: error[hidden-character]: U+0000 (a control character) cannot be seen\n  help: delete it"),
}  # fmt: skip


@pytest.mark.parametrize("name", HIDDEN)
def test_what_cannot_be_seen_is_refused(name: str) -> None:
    """Two readers would read two files (H62, H63)."""
    text, wanted = HIDDEN[name]

    assert said(text) == wanted


def test_whatever_a_screen_must_write_out_is_refused() -> None:
    """What steers a terminal cannot even stand in a rule file; a tab and a line end are layout."""
    hidden = [character for character in map(chr, range(0x110000)) if STEERING.match(character) and character not in "\t\n\r"]
    loaded = [f"U+{ord(character):04X}" for character in hidden if not "\ud800" <= character <= "\udfff" and not said(f"a: b{character}c")]
    assert loaded == []


@pytest.mark.parametrize(
    "text",
    [
        b"a: *" + b"x" * 900_000,
        b"a: &" + b"x" * 900_000 + b" b",
        b"a: !" + b"x" * 900_000 + b" b",
        b"? " + b"x" * 19_000 + b"\n: b\n? " + b"x" * 19_000,
    ],
)
def test_a_remark_is_never_long(text: bytes) -> None:
    assert 0 < len(said(text)) < 300


@pytest.mark.parametrize("escape", [r"\u202e", r"\x1b", r"\0", r"\N", r"\L", r"\u200b", r"\ufeff"])
def test_what_cannot_be_seen_is_refused_also_where_it_is_written_as_an_escape(escape: str) -> None:
    """A reviewer of the page or the terminal sees the character, not the escape (H24, H62)."""
    assert "error[hidden-character]" in said(f'a: "b{escape}c"')
    assert "error[hidden-character]" in said(f'"a{escape}": b')


@pytest.mark.parametrize("text", ["a: \t\r\n  b", "a: 37.5 °C, naïve, Größe", "a: 😀", "a: 20\u00a0min", "a: b  # c", "a: b ##", "a: C#7"])
def test_ordinary_text_is_read(text: str) -> None:
    assert said(text) == ""


@pytest.mark.parametrize("typed", ["true", "True", "FALSE", "on", "Off", "y", "N", "null", "~"])
def test_a_word_that_tools_read_differently_is_refused_unless_it_is_in_quotes(typed: str) -> None:
    assert "error[treacherous]" in said(f"a: {typed}")
    assert read(f'a: "{typed}"').data == {"a": typed}


@pytest.mark.parametrize(
    "typed",
    ["no", "yes", "010", "12:30", "2024-02-30", "1_000", "0x1F", "1e3", ".5", ".nan", ".inf", "38,5", "9" * 5_000, ">3 or so", "65"],
)
def test_a_scalar_stays_the_text_that_was_typed(typed: str) -> None:
    """What YAML guesses (false, 8, 750 minutes, a day that does not exist) never happens."""
    written = f'"{typed}"' if typed.startswith(">") else typed
    data = read(f"a: {written}").data

    assert data == {"a": typed}
    assert isinstance(data, dict)
    assert type(data["a"]) is Scalar


def test_a_scalar_knows_whether_it_stood_in_quotes() -> None:
    data = read("""[yes, "yes", 'yes']""").data

    assert isinstance(data, list)
    assert [one.quoted for one in data if isinstance(one, Scalar)] == [False, True, True]


def test_every_nested_value_has_its_place() -> None:
    document = read("a:\n  - b: c\n    d: [e, f]\n")

    assert document.places[("a",)] == Place("x.yaml", 1, 1)
    assert document.places[("a", 0)] == Place("x.yaml", 2, 5)
    assert document.places[("a", 0, "d")] == Place("x.yaml", 3, 5)
    assert document.places[("a", 0, "d", 1)] == Place("x.yaml", 3, 12)
    assert document.place(("a", 0, "d", 7, "never")) == Place("x.yaml", 3, 5)  # the nearest thing that contains it
    assert str(document.place(("never",))) == "x.yaml:1:1"


def test_all_duplicates_of_a_file_are_named() -> None:
    assert said("a: {b: 1, b: 2}\nc: {d: 1, d: 2, d: 3}").count("error[duplicate-key]") == 3


def test_keys_in_quotes_and_plain_are_one_key() -> None:
    assert "error[duplicate-key]" in said("a: 1\n'a': 2")


def test_a_file_that_cannot_be_read_is_a_remark(tmp_path: Path) -> None:
    assert [str(one) for one in read_document(tmp_path / "x.yaml", "x.yaml").remarks] == [
        "x.yaml: error[cannot-read]: the file cannot be read: no such file or directory"
    ]
    assert [str(one) for one in read_document(tmp_path, "x.yaml").remarks] == [
        "x.yaml: error[cannot-read]: the file cannot be read: is a directory"
    ]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """Nobody writes into it, so opening it would hang for ever (H46)."""
    os.mkfifo(tmp_path / "x.yaml")
    before = signal.signal(signal.SIGALRM, lambda *_: pytest.fail("waited for a pipe"))
    signal.alarm(2)
    try:
        found = read_document(tmp_path / "x.yaml", "x.yaml").remarks
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)

    assert [one.code for one in found] == ["cannot-read"]


@pytest.mark.parametrize(
    "text",
    ["%YAML 1.1\n---\na: b", "a: [b", 'a: "b', "a:\n\tb: c", "a: b\n c: d\n- e", "@a", "`a`", "{a: b, c", ": : :", "a: \\", "--- >", "? "],
)
def test_whatever_is_typed_gives_data_or_remarks(text: str) -> None:
    document = read(text)

    assert (document.data is None) == any(remark.code != "duplicate-key" for remark in document.remarks)
