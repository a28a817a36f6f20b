"""Who two versions decide differently: for a terminal, for a pull request in Markdown, and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pathways.reports.lines import Line, bullet, visible, wrapped
from pathways.reports.remarks import number_of

if TYPE_CHECKING:
    from pathways.changes import Apart, Change, Changes, Difference, Side
    from pathways.edits import Edit
    from pathways.patterns import Patterns
    from pathways.remarks import Place

__all__ = ["FORMATS", "HEADINGS", "LOOSENED", "REFUSED", "changes_data", "differences", "summed", "who", "why_apart"]

ROOM = 6  # terms of a condition that are shown
ITEMS = 6  # of a region that are told one by one
WORDS = 12  # edits that are told one by one
HEADINGS = (
    "less urgent, a service or a call lost, or a longer limit",
    "more urgent, a service or a call gained, or a shorter limit",
    "other actions or advice",
)
LOOSENED = "what was certain may be so no more: these patients are possible now"
REFUSED = "refused now: these patients were possible"


# -- words that all formats share ------------------------------------------------------------------------------------


def who(condition: Patterns) -> Iterator[str]:
    """Who is in a region: patterns of at most six terms together, then how many more there are."""
    room, shown = ROOM, 0
    for pattern in condition.found:
        if shown and len(pattern.terms) > room:
            continue
        told = [term.text for term in pattern.terms[:ROOM]]
        room -= len(told)
        shown += 1
        left = len(pattern.terms) - len(told)
        beside = f", and {number_of(left, 'more answer')}" if left else ""
        yield f"{'; '.join(told) or 'everybody'}{beside}{'' if pattern.alone else ' - unless other findings decide'}"
    more = len(condition.found) - shown
    if more or condition.more:
        yield f"and {'more than ' if condition.more else ''}{number_of(more, 'more pattern')}"


def _condition_in_a_line(condition: Patterns) -> str:
    first, *further = who(condition)
    return first + "".join(f" {text}" if text.startswith("and ") else f" OR {text}" for text in further)


def _difference(one: Difference) -> str:
    """One part that changes, what it was and what it is."""
    what = {"urgency": "urgency", "covered": "the pathway is for this patient"}.get(one.what, one.name)
    if one.what == "item":
        return f"{'loses' if one.after is None else 'gains'}: {one.name}"
    nothing = ("not called", "not called any more") if one.what == "referral" else ("none", "none")
    before, after = one.before or nothing[0], one.after or nothing[1]
    return f"{what}: {before} → {after}"


def differences(change: Change) -> Iterator[str]:
    """What changes for everybody, then for some; the items last, and not all of very many."""
    for everybody, of_one in groupby(change.differences, key=lambda one: one.everybody):
        listed = list(of_one)
        items = [one for one in listed if one.what == "item"]
        for one in (*(one for one in listed if one.what != "item"), *items[:ITEMS]):
            yield f"{'' if everybody else 'some of them: '}{_difference(one)}"
        if len(items) > ITEMS:
            yield f"{'' if everybody else 'some of them: '}{number_of(len(items) - ITEMS, 'more item')} lost or gained"


def _responsible(side: Side) -> Iterator[str]:
    for rule in side.responsible:
        place = f", {rule.place}" if rule.place is not None else ""
        yield f"{rule.pathway}.{rule.rule} ({rule.title}) {rule.state}{place}"


def summed(found: Changes) -> str:
    """How many regions of each kind, or that there are none: which is proved."""
    if found.empty:
        return "no change: proved equal for every possible patient, and word for word"
    counts = [len(found.going(way)) for way in sorted({change.direction for change in found.changes})]
    if not counts and not found.apart and not found.only_old and not found.only_new:
        return f"nobody is decided differently: proved for every possible patient of {number_of(len(found.pathways), 'pathway')}"
    names = ("worse", "better", "in advice only")
    told = [f"{number_of(len(list(of_one)), 'region')} {names[way]}" for way, of_one in groupby(c.direction for c in found.changes)]
    apart = (("possible now", found.loosened), ("refused now", found.refused))
    groups = [f"; {number_of(len(group), 'group')} {word}" for word, group in apart if group]
    return f"{', '.join(told) or 'no region'}: proved to be everybody who is decided differently{''.join(groups)}"


def _about(found: Changes) -> str:
    return f"{found.old} ({found.digests[0][:12]}) → {found.new} ({found.digests[1][:12]})"


def _by_kind(found: Changes, kinds: Iterable[str]) -> list[Edit]:
    wanted = set(kinds)
    return [edit for edit in found.edits if edit.kind in wanted]


def why_apart(one: Apart) -> str:
    """What the new version did to what excludes them in the other, and what that means."""
    if not one.constraint:
        return f"possible in the {one.possible_in} version only: the other does not have an answer of theirs"
    kind, _, name = one.constraint.rpartition(":")
    return f"the {'gate of' if kind else 'constraint'} `{name}` is {one.state}: {one.why[0]}"


# -- text ------------------------------------------------------------------------------------------------------------


def as_text(found: Changes) -> Iterator[str]:
    """The worst first, each region with its condition, an example, and the rules responsible; then what else was edited."""
    for line in _lines(found):
        yield from wrapped(line)


def _lines(found: Changes) -> Iterator[Line]:
    yield Line(_about(found))
    for names, version in ((found.only_old, "old"), (found.only_new, "new")):
        if names:
            yield Line(f"in the {version} version only: {', '.join(names)}", "pathways ")
    yield from _group(LOOSENED, found.loosened)
    number = 0
    for way, of_one in groupby(found.changes, key=lambda change: change.direction):
        yield Line("")
        yield Line(HEADINGS[way].upper())
        for change in of_one:
            number += 1
            yield Line("")
            yield from _region(change, number)
    yield from _group(REFUSED, found.refused)
    edited = _by_kind(found, ["rules"])
    if edited:
        yield Line("")
        yield Line("EDITED RULES")
        yield from (bullet(_path(edit)) for edit in edited)
    yield from _wording(_by_kind(found, ["words", "order"]))
    yield Line("")
    yield Line(summed(found))


def _group(title: str, group: Iterable[Apart]) -> Iterator[Line]:
    for n, one in enumerate(group):
        yield Line("")
        if n == 0:
            yield Line(title.upper())
            yield Line("")
        yield Line(why_apart(one))
        yield from _who(one.condition)
        yield Line(one.example, "  patient: ")
        for word in ("old", "new"):
            yield from (Line(text, f"  {word}:     ") for text in _side(one, word))


def _side(one: Apart, version: str) -> Iterator[str]:
    """What this version says of the example."""
    if version == one.possible_in:
        yield f"{one.pathway}: {one.decided}"
    else:
        yield from (f"refused - {why}" for why in one.why)


def _region(change: Change, number: int) -> Iterator[Line]:
    yield Line(change.pathway, f"{number}. ")
    yield from (bullet(text) for text in differences(change))
    yield from _who(change.condition)
    yield Line(change.example, "  patient: ")
    for word, side in (("old", change.before), ("new", change.after)):
        yield Line(side.decided, f"  {word}:     ")
        yield from (Line(text, "           ") for text in _responsible(side))


def _who(condition: Patterns) -> Iterator[Line]:
    for n, text in enumerate(who(condition)):
        yield Line(text, "  who:     " if n == 0 else "           " if text.startswith("and ") else "      or:  ")


def _path(edit: Edit) -> str:
    """Where something was edited, and whether it is new there or gone."""
    return f"{edit.path}{' (new)' if edit.before is None else ' (gone)' if edit.after is None else ''}"


def _wording(edited: list[Edit]) -> Iterator[Line]:
    if edited:
        yield Line("")
        yield Line("WORDING ONLY")
    for edit in edited[:WORDS]:
        yield bullet(f"{_path(edit)}{' in another order' if edit.kind == 'order' else ''}")
        if edit.before is not None:
            yield Line(edit.before, "    old: ")
        if edit.after is not None:
            yield Line(edit.after, "    new: ")
    if len(edited) > WORDS:
        yield Line(f"  and {len(edited) - WORDS} more; `--format json` has them all")


# -- Markdown --------------------------------------------------------------------------------------------------------


def as_markdown(found: Changes) -> Iterator[str]:
    """For the description of a pull request: what a reviewer must know first, the rest folded."""
    yield f"## {_md(_about(found))}"
    yield ""
    yield f"**{_md(summed(found))}**"
    for names, version in ((found.only_old, "old"), (found.only_new, "new")):
        if names:
            yield ""
            yield f"Pathways in the {version} version only: {_md(', '.join(names))}"
    yield from _group_markdown(LOOSENED, found.loosened)
    number = 0
    for way, of_one in groupby(found.changes, key=lambda change: change.direction):
        yield ""
        yield f"### {HEADINGS[way].capitalize()}"
        for change in of_one:
            number += 1
            yield from _region_markdown(change, number)
    yield from _group_markdown(REFUSED, found.refused)
    for title, edited in (("Edited rules", _by_kind(found, ["rules"])), ("Wording only", _by_kind(found, ["words", "order"]))):
        if edited:
            yield from ("", f"<details><summary>{title} ({len(edited)})</summary>", "")
            yield from (_edit_markdown(edit) for edit in edited)
            yield from ("", "</details>")


def _group_markdown(title: str, group: Iterable[Apart]) -> Iterator[str]:
    for n, one in enumerate(group):
        if n == 0:
            yield from ("", f"### {title.capitalize()}")
        yield from ("", f"**{_md(why_apart(one))}**", "")
        yield f"- who: {_md(_condition_in_a_line(one.condition))}"
        yield f"- patient: {_md(one.example)}"
        for word in ("old", "new"):
            yield from (f"- {word}: {_md(text)}" for text in _side(one, word))


def _region_markdown(change: Change, number: int) -> Iterator[str]:
    first = next(differences(change), "")
    yield from ("", f"**{number}. {_md(change.pathway)}: {_md(first)}**", "")
    yield from (f"- {_md(text)}" for text in list(differences(change))[1:])
    yield f"- who: {_md(_condition_in_a_line(change.condition))}"
    yield f"- patient: {_md(change.example)}"
    yield from ("", "| | decided | rules responsible |", "|---|---|---|")
    for word, side in (("old", change.before), ("new", change.after)):
        yield f"| {word} | {_md(side.decided)} | {'<br>'.join(map(_md, _responsible(side)))} |"


def _edit_markdown(edit: Edit) -> str:
    if edit.kind == "rules":
        return f"- {_md(_path(edit))}"
    sides = [f"{word}: {_md(text)}" for word, text in (("old", edit.before), ("new", edit.after)) if text is not None]
    return f"- {_md(_path(edit))}<br>{'<br>'.join(sides)}"


def _md(text: str) -> str:
    """Text that somebody wrote, so that it is no markup."""
    return re.sub(r"([\\`*_\[\]<>|#&~@])", r"\\\1", visible(text))


# -- JSON ------------------------------------------------------------------------------------------------------------


def as_json(found: Changes) -> Iterator[str]:
    """Everything, for other programs."""
    yield from json.dumps(changes_data(found), indent=1).split("\n")


def changes_data(found: Changes) -> dict[str, Any]:
    """Everything as plain data."""
    return {
        "format": 1,
        "old": {"name": found.old, "digest": found.digests[0]},
        "new": {"name": found.new, "digest": found.digests[1]},
        "pathways": list(found.pathways),
        "only_old": list(found.only_old),
        "only_new": list(found.only_new),
        "equal": found.empty,
        "worse": found.worse,
        "regions": [_region_data(change) for change in found.changes],
        "possible_in_one_only": [
            {
                "possible_in": one.possible_in,
                "constraint": one.constraint or None,
                "state": one.state if one.constraint else None,
                "condition": _condition_data(one.condition),
                "example": {"said": one.example, "given": dict(one.given), "pathway": one.pathway, "decided": one.decided},
                "excluded_by": list(one.why),
            }
            for one in found.apart
        ],
        "edits": [{"path": edit.path, "kind": str(edit.kind), "before": edit.before, "after": edit.after} for edit in found.edits],
    }


def _region_data(change: Change) -> dict[str, Any]:
    return {
        "pathway": change.pathway,
        "direction": ("worse", "better", "advice")[change.direction],
        "differences": [
            {"what": one.what, "id": one.id, "name": one.name, "before": one.before, "after": one.after, "everybody": one.everybody}
            for one in change.differences
        ],
        "condition": _condition_data(change.condition),
        "example": {
            "said": change.example,
            "given": dict(change.given),
            "old": _side_data(change.before),
            "new": _side_data(change.after),
        },
    }


def _condition_data(condition: Patterns) -> dict[str, Any]:
    patterns = [
        {"terms": [{"finding": term.finding, "text": term.text} for term in pattern.terms], "alone": pattern.alone}
        for pattern in condition.found
    ]
    return {"patterns": patterns, "more": condition.more}


def _side_data(side: Side) -> dict[str, Any]:
    return {
        "decided": side.decided,
        "responsible": [
            {"pathway": one.pathway, "rule": one.rule, "title": one.title, "state": one.state, **_place_data(one.place)}
            for one in side.responsible
        ],
    }


def _place_data(place: Place | None) -> dict[str, Any]:
    return {} if place is None else {"file": place.file, "line": place.line, "column": place.column}


FORMATS: Mapping[str, Callable[[Changes], Iterator[str]]] = MappingProxyType({"text": as_text, "json": as_json, "markdown": as_markdown})
