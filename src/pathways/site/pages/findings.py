"""Every finding: how it is asked, what counts, what may be answered, its codes, and which rules read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pathways.conditions import findings_of
from pathways.content import RED_FLAGS
from pathways.findings import Code, Finding
from pathways.ruleset import Rule
from pathways.site.page import Page
from pathways.site.volume import Volume

__all__ = ["pages"]

WORSE = {
    "yes": "yes is worse",
    "no": "no is worse",
    "higher": "a higher value is worse",
    "lower": "a lower value is worse",
    "both": "a value is worse the further it lies out, either way",
    "neither": "no answer is worse by itself",
}
SYSTEMS = {"snomed": "SNOMED CT", "icd10": "ICD-10"}
MATCHES = {
    "exact": "means the same",
    "near": "comes near",
    "broader": "means more than the finding",
    "narrower": "means less than the finding",
}
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding with what surrounds it."""

    finding: Finding
    appearance: str  # how it looks on skin of any colour, and what may hide it; empty where nothing is said
    worse: str
    codes: tuple[tuple[str, Code, str], ...]  # the terminology and the match in words
    opens: tuple[str, ...]  # findings that apply only where this one says so
    implied: tuple[str, ...]  # constraints that name it, in words
    readers: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A question group, which is one screen."""

    id: str
    ask: str
    entries: tuple[Entry, ...]


def pages(volume: Volume) -> Iterator[Page]:
    """A page for each pathway with what it may ask, and one with every finding of the rule set."""
    ruleset = volume.ruleset
    readers = _readers(volume)
    for pathway in ruleset.pathways.values():
        form = ruleset.form(pathway.id)
        wanted = [finding for findings in form.values() for finding in findings]
        yield Page(
            f"{pathway.id}/findings",
            f"{pathway.title}: findings",
            "findings",
            {"pathway": pathway, "groups": tuple(_groups(volume, wanted, readers, pathway.id))},
        )
    values = {"pathway": None, "groups": tuple(_groups(volume, ruleset.findings.values(), readers))}
    yield Page("findings", "All findings", "findings", values)


def _readers(volume: Volume) -> Mapping[str, tuple[Rule, ...]]:
    """Finding → the rules that read it, by themselves or through a named condition."""
    authored = volume.authored
    found: dict[str, list[Rule]] = {}
    for rule in volume.ruleset.rules:
        conditions = authored.red_flags if rule.pathway == RED_FLAGS else authored.pathways[rule.pathway].rules
        for name in findings_of(conditions[rule.id], authored.definitions_of(rule.pathway)):
            found.setdefault(name, []).append(rule)
    return {name: tuple(rules) for name, rules in found.items()}


def _groups(
    volume: Volume, findings: Iterable[Finding], readers: Mapping[str, tuple[Rule, ...]], pathway: str | None = None
) -> Iterator[Group]:
    """The findings by group; their readers are those of the pathway and the shared ones, or all."""
    wanted = {finding.id for finding in findings}
    ruleset, authored = volume.ruleset, volume.authored
    constraints = {
        one.id: findings_of(authored.constraints[one.id][0], authored.definitions)
        | findings_of(authored.constraints[one.id][1], authored.definitions)
        for one in ruleset.constraints
        if one.id in authored.constraints
    }
    for group, ask in ruleset.groups.items():
        entries = tuple(
            Entry(
                finding,
                authored.findings.findings[finding.id].appearance or "",
                WORSE[finding.worse],
                tuple((SYSTEMS[code.system], code, MATCHES[code.match]) for code in finding.codes),
                tuple(other.id for other in ruleset.findings.values() if finding.id in other.gates),
                tuple(one.means for one in ruleset.constraints if finding.id in constraints.get(one.id, ())),
                tuple(rule for rule in readers.get(finding.id, ()) if pathway is None or rule.pathway in (pathway, RED_FLAGS)),
            )
            for finding in ruleset.findings.values()
            if finding.group == group and finding.id in wanted
        )
        if entries:
            yield Group(group, ask, entries)
