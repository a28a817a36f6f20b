"""What was edited, as somebody reads it who reads no code: where it stands, and conditions and outcomes in words.

The words are those of the rules as they are now; what these no longer have is called by its id. Knows nothing of pages.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pathways.conditions import english, of_tree
from pathways.content import RED_FLAGS
from pathways.decision import Window
from pathways.edits import Edit
from pathways.ruleset import RuleSet

__all__ = ["Edited", "Reader"]

CONDITIONS, OUTCOMES = {"when", "applies", "if"}, {"then", "otherwise"}
PARTS = {
    "when": "condition", "then": "outcome", "otherwise": "where no rule holds", "applies": "for whom", "if": "if this is so",
    "narrows": "for fewer patients than", "handover": "the pathway that it adds", "ask": "the question", "means": "what it means",
}  # fmt: skip


class Called(dict[str, Any]):
    """Words by id; what has none is called by its id."""

    def __missing__(self, name: str) -> str:
        return name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Asked:
    """A finding as far as a condition says it."""

    ask: str
    values: Mapping[str, str] = field(default_factory=Called)
    unit_text: str = ""


class Findings(dict[str, Asked]):
    """Findings by id; one that the rules no longer have is called by its id."""

    def __missing__(self, name: str) -> Asked:
        return Asked(name.replace("_", " "))


@dataclass(frozen=True, slots=True)
class Edited:
    """An edit: where in words, its path, the rule or pathway to look at, and what stood and stands there; None for nothing."""

    where: str
    path: str
    rule: tuple[str, str] | None
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None


class Reader:
    """Reads the edits of one rule set."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset
        self.content = ruleset.content()
        self.pathways = {one["id"]: one for one in self.content["pathways"]}
        self.titles = {(name, one["id"]): one["title"] for name, part in self.pathways.items() for one in part["rules"]}
        self.titles |= {(RED_FLAGS, one["id"]): one["title"] for one in self.content["red_flags"]}
        self.findings = Findings({name: Asked(one.ask, Called(one.values or {}), one.unit_text) for name, one in ruleset.findings.items()})

    def read(self, edit: Edit) -> Edited:
        """The edit in words."""
        path = tuple(edit.path.split("."))
        pathway = path[1] if path[0] == "pathways" and len(path) > 1 else ""
        rule = (
            (pathway, path[3])
            if path[2:3] == ("rules",) and len(path) > 3
            else (RED_FLAGS, path[1])
            if path[0] == RED_FLAGS and path[1:]
            else None
        )
        sides = (self._side(path, pathway, text) for text in (edit.before, edit.after))
        return Edited(self._where(path, pathway, rule), edit.path, rule if rule in self.titles else None, *sides)

    def _where(self, path: tuple[str, ...], pathway: str, rule: tuple[str, str] | None) -> str:
        if rule is not None:
            first = "danger signs" if not pathway else self._title(pathway)
            said = [first, self.titles.get(rule, rule[1].replace("_", " ")), *path[4 if pathway else 2 :]]
        elif pathway:
            said = [self._title(pathway), *path[2:]]
        else:
            said = list(path)
        return ": ".join([*said[:-1], PARTS.get(said[-1], said[-1].replace("_", " "))])

    def _title(self, pathway: str) -> str:
        return str(self.pathways[pathway]["title"]) if pathway in self.pathways else pathway

    def _side(self, path: tuple[str, ...], pathway: str, text: str | None) -> tuple[str, ...] | None:
        if text is None:
            return None
        data = _data(text)
        if isinstance(data, str):
            return (data,)
        if path[-1] in CONDITIONS or (path[-1] == "then" and path[0] == "constraints"):
            return (english(of_tree(data), self.findings, self._means(pathway)),)
        return tuple(self._outcome(data)) if path[-1] in OUTCOMES else (_plain(data),)

    def _means(self, pathway: str) -> Called:
        own = self.pathways.get(pathway, {}).get("definitions", {})
        return Called({name: one["means"] for name, one in {**self.content["definitions"], **own}.items()})

    def _outcome(self, data: Mapping[str, Any]) -> Iterator[str]:
        """The level, then whom to call and by when, then what to do, each a line."""
        yield data["urgency"].replace("_", " ")
        for row in data["referrals"]:
            service = Called(self.ruleset.services)[row["service"]]
            window = row["window"] and f"on {Window(row['window']['from'], row['window']['not_before'], row['window']['not_after'])}"
            limit = None if row["within"] is None or row["within"] == row["contact"] else Called(self.ruleset.limits)[row["within"]]
            said = ", ".join(word for word in ("phone now" if row["contact"] else None, limit, window) if word)
            yield f"{service}: {said or 'no limit'}{self._site(row['site'])}"
        for one in data["items"]:
            item = self.ruleset.items.get(one["item"])
            yield f"{item.text if item is not None else one['item'].replace('_', ' ')}{self._site(one['site'])}"

    def _site(self, site: Mapping[str, Any] | None) -> str:
        if not site:
            return ""
        facts = Called({name: fact.means for name, fact in self.ruleset.site_facts.items()})
        return f" (if {'; '.join(f'{facts[name]}: {_plain(wanted)}' for name, wanted in site.items())})"


def _data(text: str) -> Any:
    """What an edit tells as JSON; a text that begins like JSON stays what it is."""
    try:
        return json.loads(text) if text[:1] in ("{", "[") else text
    except ValueError:
        return text


def _plain(data: Any) -> str:
    """Plain data in a line."""
    if isinstance(data, bool):
        return "yes" if data else "no"
    if isinstance(data, Mapping):
        return "; ".join(f"{name.replace('_', ' ')}: {_plain(one)}" for name, one in data.items())
    return ", ".join(map(_plain, data)) if isinstance(data, list) else "none" if data is None else str(data)
