"""What was proved, by property, by pathway and by rule: the record of `check`, asked the other way round.

Knows nothing of how a proof is found or shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from pathways.content import RED_FLAGS
from pathways.loader import Authored
from pathways.properties import TITLES
from pathways.requirements import Requirement

__all__ = ["NOTHING", "NOT_CHECKED", "PROVED", "REFUTED", "Proof", "Proofs"]

Data: TypeAlias = Mapping[str, Any]
Key: TypeAlias = tuple[str, str]  # pathway and rule
Spot: TypeAlias = tuple[str, int, int]  # file, line and column
PROVED, REFUTED, UNDECIDED, NOT_CHECKED = "proved", "refuted", "undecided", "not checked"
NOTHING = "nothing to ask"  # such as of two pathways, where there is one
WORST_FIRST = (REFUTED, UNDECIDED, NOT_CHECKED, PROVED)
OF_EACH_RULE = ("P5a", "P5b", "P5c", "P18")  # that speak of each rule by itself
OF_EACH_FLAG = ("P3r",)
REQUIRED = {"below": "P10", "above": "P11"}  # the property that a requirement is asked by


class Proof(NamedTuple):
    """How a property stands, here or everywhere; `remarks` are what refutes it, each with a patient where there is one."""

    property: str
    title: str
    verdict: str
    remarks: tuple[Data, ...] = ()


@dataclass(frozen=True)
class Proofs:
    """The record of `check`, None where it was not run in this build, of the rules that were written so."""

    record: Data | None
    authored: Authored
    requirements: tuple[Requirement, ...]

    @property
    def checked(self) -> bool:
        return self.record is not None

    @cached_property
    def everywhere(self) -> tuple[Proof, ...]:
        """Every property, of the whole rule set."""
        return tuple(self._proof(name, title, self._results(name)) for name, title in TITLES.items())

    def of_pathway(self, pathway: str) -> tuple[Proof, ...]:
        """What was asked of this pathway, or of all together. The shared rules count in every pathway."""
        found = (
            self._proof(name, title, [one for one in self._results(name) if _concerns(one["subject"], pathway)])
            for name, title in TITLES.items()
        )
        return tuple(one for one in found if one.verdict != NOTHING)

    def of_rule(self, pathway: str, rule: str) -> tuple[Proof, ...]:
        """The properties that speak of this rule by itself, and those that are refuted by something in it.

        A check names each rule that fails, so that a rule which is not named passes even where another one fails.
        """
        own = (*OF_EACH_RULE, *(OF_EACH_FLAG if pathway == RED_FLAGS else ()))
        found = []
        for name, title in TITLES.items():
            results = [one for one in self._results(name) if not one["subject"] or one["subject"] == [pathway]]
            against = tuple(remark for remark in _against(results) if (pathway, rule) in self._owners.get(_spot(remark), ()))
            if against:
                found.append(Proof(name, title, REFUTED, against))
            elif name in own:
                found.append(Proof(name, title, _of_others(results)))
        return tuple(found)

    def of_requirement(self, requirement: Requirement) -> Proof:
        """Whether the rules meet what is required of them."""
        name = REQUIRED[requirement.side]
        results = self._results(name)
        spot = (_bare(requirement.place.file), requirement.place.line, requirement.place.column)
        against = tuple(remark for remark in _against(results) if spot in (_spot(remark), _spot(remark.get("other") or {})))
        return Proof(name, TITLES[name], REFUTED if against else _of_others(results), against)

    def _proof(self, name: str, title: str, results: list[Data]) -> Proof:
        claims = [one for one in self.requirements if REQUIRED[one.side] == name]
        asked = results and (claims or name not in REQUIRED.values())
        if self.checked and not asked:
            return Proof(name, title, NOTHING)
        verdict = min((one["verdict"] for one in results), key=WORST_FIRST.index, default=NOT_CHECKED)
        return Proof(name, title, str(verdict), tuple(_against(results)))

    def _results(self, property_: str) -> list[Data]:
        return [] if self.record is None else [one for one in self.record["results"] if one["property"] == property_]

    @cached_property
    def _owners(self) -> Mapping[Spot, frozenset[Key]]:
        """Whose each place in the files is."""
        files = [(RED_FLAGS, "red_flags", self.authored.documents["ruleset.yaml"])]
        files += [(name, "rules", one.document) for name, one in self.authored.pathways.items()]
        found: dict[Spot, set[Key]] = {}
        for pathway, key, document in files:
            for path, place in document.places.items():
                if len(path) > 1 and path[0] == key:
                    found.setdefault((_bare(place.file), place.line, place.column), set()).add((pathway, str(path[1])))
        return {spot: frozenset(keys) for spot, keys in found.items()}


def _against(results: Iterable[Data]) -> Iterator[Data]:
    """What refutes: a note only wants to be read."""
    for one in results:
        yield from (remark for remark in one["remarks"] if remark["severity"] != "note")


def _of_others(results: list[Data]) -> str:
    """How a property stands for what nothing speaks against: proved, unless part of it was not decided or not asked."""
    left = [UNDECIDED if one["limit"] else NOT_CHECKED if one["missing"] else PROVED for one in results]
    return min(left, key=WORST_FIRST.index, default=NOT_CHECKED)


def _concerns(subject: list[str], pathway: str) -> bool:
    return not subject or pathway in subject or RED_FLAGS in (pathway, *subject)


def _spot(remark: Data) -> Spot:
    return _bare(remark.get("file", "")), remark.get("line", 0), remark.get("column", 0)


def _bare(file: str) -> str:
    return file.rpartition("/")[2]
