"""Makes docs/authors/remarks: a page for each remark code, from the catalogue and the folders of `tests/bad`.

`scripts/reference.py` writes them. A test holds the pages equal to both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

from pathways.codes import CODES, GROUPS
from pathways.reports.lines import visible

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "authors" / "remarks"
BAD = ROOT / "tests" / "bad"
BASE = BAD / "_base"
DOORS = {
    "given.json": ("This patient is given:", "json"),
    "call.txt": ("This is called from Python, where `ruleset` is the rule set:", "python"),
    "command.txt": ("This is typed beside the folder:", "sh"),
}


def pages() -> dict[str, str]:
    """Every page by the name of its file."""
    return {"index.md": _text(_index()), **{f"{name}.md": _text(_page(name)) for name in CODES}}


def write() -> None:
    """Write the pages, and delete those of codes that are gone."""
    made = pages()
    FOLDER.mkdir(exist_ok=True)
    for file in FOLDER.glob("*.md"):
        if file.name not in made:
            file.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def _text(lines: Iterator[str]) -> str:
    return "\n".join(lines) + "\n"


def _index() -> Iterator[str]:
    yield "# Remarks"
    yield ""
    yield "What the tools say of a rule folder, of its cases and of what is put to it."
    yield "Each remark names its place first, then whether it is an error, a warning or a note, then its code."
    yield "Below it stand a patient who shows it, where one can, and a cure."
    yield "An error keeps a rule set from loading, a patient from being decided, or a property from being proved."
    yield "A warning does not, and is nearly always a mistake; a note only wants to be read."
    for group in GROUPS:
        yield from ("", f"## {group.title}", "", "| code | |", "|---|---|")
        for name, code in sorted(group.codes.items()):
            yield f"| [`{name}`]({name}.md) | {code.title} |"
    yield from ("", "## The folder of the examples", "")
    yield "Every example changes this rule set, of which nothing is said."
    yield "It shows the rule language and no medicine."
    for file in sorted(BASE.iterdir()):
        yield from ("", *_block("yaml", file.read_text(encoding="utf-8"), file.name))


def _page(name: str) -> Iterator[str]:
    code, folder = CODES[name], BAD / name
    yield f"# `{name}`"
    yield from ("", f"{code.title[0].upper()}{code.title[1:]}.")
    for text in (code.means, f"**Why it matters.** {code.matters}", f"**The cure.** {code.cure}"):
        yield from ("", *_sentences(text))
    yield from ("", "## The smallest example", "")
    yield from _changes(folder)
    asked = folder / "check.txt"
    named = "".join(f" --only {one}" for one in asked.read_text(encoding="utf-8").split()) if asked.exists() else ""
    yield from ("", f"`pathways check rules{named}` says:" if named else "It is told so:", "")
    yield from _block("text", (folder / "expected.txt").read_text(encoding="utf-8"))


def _sentences(text: str) -> list[str]:
    """One on a line, so that a diff shows the sentence that changed."""
    return re.split(r"(?<=\.) (?=[A-Z`])", text)


def _changes(folder: Path) -> Iterator[str]:
    """What is done to the folder of the examples, and what is put to it."""
    without = (folder / "without").read_text(encoding="utf-8").split() if (folder / "without").exists() else []
    files = sorted(
        file for file in folder.rglob("*") if file.is_file() and file.name not in ("expected.txt", "without", "check.txt", *DOORS)
    )
    whole = "[The folder of the examples](index.md#the-folder-of-the-examples)"
    if without == ["."]:
        yield "There is no folder."
    elif without:
        yield f"{whole} without {' and '.join(f'`{name}`' for name in without)}."
    elif files:
        yield f"{whole}, changed so:"
    else:
        yield f"{whole}, as it stands."
    for file in files:
        yield from ("", *_changed(file, file.relative_to(folder).as_posix()))
    for name, (lead, language) in DOORS.items():
        if (folder / name).exists():
            yield from ("", lead, "", *_block(language, (folder / name).read_text(encoding="utf-8")))
    if any(file.suffix == ".grown" for file in files):
        yield from ("", "`%times 20 text` stands for twenty lines with this text, in which `{n}` counts.")


def _changed(file: Path, name: str) -> Iterator[str]:
    """A file as what differs from that of the examples; a new one whole."""
    name = name.removesuffix(".grown")
    text, before = _shown(file), BASE / name
    if not before.exists():
        yield from _block("yaml" if name.endswith("ml") else "text", text, name)
        return
    rows = unified_diff(before.read_text(encoding="utf-8").splitlines(), text.splitlines(), lineterm="", n=2)
    yield from _block("diff", "\n".join(row for row in list(rows)[2:] if not row.startswith("@@")), name)


def _shown(file: Path) -> str:
    """The text, with what cannot be read or seen written out."""
    text = file.read_bytes().decode("utf-8", "backslashreplace")
    return "\n".join(map(visible, text.split("\n")))


def _block(language: str, text: str, title: str = "") -> Iterator[str]:
    yield f"```{language}" + (f' title="{title}"' if title else "")
    yield text.rstrip("\n")
    yield "```"
