"""P8: names and wordings that cannot be taken for each other, and codes that name one finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple
from unicodedata import normalize

from pathways.checks.book import Book
from pathways.documents import Document
from pathways.extras import Missing
from pathways.remarks import Place, Remark, short

__all__ = ["code_twice", "look_alike", "skeleton"]

MARK = "\u200e"  # left-to-right mark, with which the table wraps letters that are read from right to left


class Named(NamedTuple):
    """A text that is told apart from its neighbours by how it looks."""

    id: str
    text: str
    place: Place


def look_alike(book: Book) -> Iterator[Remark]:
    """Two ids or two wordings of one list that a reader takes for each other."""
    for kind, listed in _lists(book):
        for look in (_folded, skeleton):
            seen: dict[str, Named] = {}
            for one in listed:
                other = seen.setdefault(look(one.text), one)
                if other is not one and (look is _folded or _folded(other.text) != _folded(one.text)):
                    yield _alike(kind, one, other)


def _alike(kind: str, one: Named, other: Named) -> Remark:
    same = one.text == other.text
    told = f"are the same: {short(one.text)}" if same else f"look alike: {short(other.text)} / {short(one.text)}"
    message = f"{kind} `{other.id}` and `{one.id}` {told}"
    return Remark("look-alike", message, one.place, "word one of them so that nobody takes it for the other", other.place)


def _lists(book: Book) -> Iterator[tuple[str, list[Named]]]:
    """Every list whose members are told apart by name or by wording."""
    authored = book.authored
    findings, items, sources, shared = (authored.documents[f"{name}.yaml"] for name in ("findings", "items", "sources", "ruleset"))
    part, declared, catalogue = authored.ruleset, authored.findings.findings, authored.items.items
    definitions = _ids(shared, part.definitions, "definitions")
    yield "the findings or definitions", [*_ids(findings, declared, "findings"), *definitions]
    yield "the wordings of", _texts(findings, {name: one.ask for name, one in declared.items()}, "findings", key="ask")
    for name, one in declared.items():
        yield f"of `{name}` the values", _ids(findings, one.values or {}, "findings", name, "values")
        yield f"of `{name}` the labels of", _texts(findings, one.values or {}, "findings", name, "values")
    yield "the groups", _ids(findings, authored.findings.groups, "groups")
    yield "the questions of the groups", _texts(findings, authored.findings.groups, "groups")
    yield "the items", _ids(items, catalogue, "items")
    yield "the texts of", _texts(items, {name: one.text for name, one in catalogue.items()}, "items", key="text")
    yield "the levels", _ids(shared, part.urgency, "urgency")
    yield "the labels of", _texts(shared, {name: level.label for name, level in part.urgency.items()}, "urgency", key="label")
    yield "the limits", _ids(shared, part.limits, "limits")
    yield "the labels of", _texts(shared, part.limits, "limits")
    yield "the services", _ids(shared, part.services, "services")
    yield "the names of", _texts(shared, {name: service.name for name, service in part.services.items()}, "services", key="name")
    yield "the sources", [one for key in ("rows", "evidence", "gaps") for one in _ids(sources, getattr(authored.sources, key), key)]
    titles = [Named(name, one.part.title, one.document.place(("title",))) for name, one in authored.pathways.items()]
    yield "the pathways", [one._replace(text=one.id) for one in titles]
    yield "the titles of", titles
    flags = _ids(shared, part.red_flags, "red_flags")
    titled = _texts(shared, {name: flag.title for name, flag in part.red_flags.items()}, "red_flags", key="title")
    for name, pathway in authored.pathways.items():
        rules = {key: rule.title for key, rule in pathway.part.rules.items()}
        yield f"in `{name}` the rules", [*flags, *_ids(pathway.document, rules, "rules")]
        yield f"in `{name}` the titles of", [*titled, *_texts(pathway.document, rules, "rules", key="title")]
        yield f"in `{name}` the definitions", [*definitions, *_ids(pathway.document, pathway.part.definitions, "definitions")]


def _ids(document: Document, names: Iterable[str], *path: str) -> list[Named]:
    """The ids below a key of the document."""
    return [Named(name, name, document.place((*path, name))) for name in names]


def _texts(document: Document, texts: Mapping[str, str], *path: str, key: str = "") -> list[Named]:
    """What stands at the ids below a key of the document, or at a key of each."""
    inner = (key,) if key else ()
    return [Named(name, text, document.place((*path, name, *inner))) for name, text in texts.items()]


def _folded(text: str) -> str:
    """As it looks whatever the width, the case and the spaces."""
    return " ".join(normalize("NFKC", normalize("NFKC", text).casefold()).split())


def skeleton(text: str) -> str:
    """The text with every character replaced by the one that stands for all that look like it (Unicode TR39)."""
    prototypes = _prototypes()
    return normalize("NFD", "".join(prototypes.get(letter, letter) for letter in normalize("NFD", " ".join(text.split()))))


@cache
def _prototypes() -> Mapping[str, str]:
    """Each character that looks like others, and what stands for it: the longest of them, which no other replaces."""
    try:
        from confusable_homoglyphs.confusables import confusables_data
    except ModuleNotFoundError:
        raise Missing("names and wordings that look alike are found with", "confusable_homoglyphs") from None
    leader: dict[str, str] = {}

    def lead(text: str) -> str:
        while leader.setdefault(text, text) != text:
            text = leader[text]
        return text

    for text, others in confusables_data.items():
        for other in others:
            one, two = sorted((lead(text.replace(MARK, "")), lead(other["c"].replace(MARK, ""))), key=lambda found: (-len(found), found))
            leader[two] = one
    return {text: lead(text) for text in leader if len(text) == 1}


def code_twice(book: Book) -> Iterator[Remark]:
    """A code that stands for two findings exactly: who imports it cannot tell which is meant."""
    seen: dict[tuple[str, str], tuple[str, int]] = {}
    for name, finding in book.content.findings.items():
        for n, code in enumerate(finding["codes"]):
            if code["match"] != "exact":
                continue
            other, at = seen.setdefault((code["system"], code["code"]), (name, n))
            if other != name:
                message = f"{code['system']} {code['code']} is exactly `{name}`, and exactly `{other}`"
                help = "write `match: near` or another match where it is not exact"
                yield Remark("code-twice", message, book.finding_place(name, "codes", n), help, book.finding_place(other, "codes", at))
