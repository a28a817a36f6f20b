"""What the agreed table says, what was added to it, and every source with all that rests on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pathways.content import RED_FLAGS
from pathways.model import EvidencePart
from pathways.ruleset import Rule
from pathways.site.page import Page
from pathways.site.volume import Volume
from pathways.tracing import Kind

__all__ = ["Counted", "counts", "pages", "thin"]

BASES = ("source", "evidence", "interpretation")


class Counted(NamedTuple):
    """How many rules of a pathway, or of all, rest on what."""

    title: str
    source: int
    evidence: int
    interpretation: int
    narrowing: int

    @property
    def total(self) -> int:
        return self.source + self.evidence + self.interpretation


def pages(volume: Volume) -> Iterator[Page]:
    """One page: the table row by row, the gaps, the references, and what items rest on."""
    found = {kind: [one for one in volume.traces if one.kind is kind] for kind in Kind}
    yield Page(
        "sources",
        "Agreed table and what was added",
        "sources",
        {
            "counts": counts(volume),
            "narrowing": [rule for rule in volume.ruleset.rules if rule.narrows],
            "added": [(basis, by_pathway(volume, basis)) for basis in BASES[1:]],
            "thin": thin(volume),
            "rows": found[Kind.ROW],
            "gaps": found[Kind.GAP],
            "references": found[Kind.EVIDENCE],
            "written": volume.authored.sources,
            "items": volume.authored.items.items,
        },
    )


def counts(volume: Volume) -> list[Counted]:
    """A row for what is shared and for each pathway, then the sum."""
    rules = volume.ruleset.rules
    named = [("shared danger signs", RED_FLAGS), *((pathway.title, name) for name, pathway in volume.ruleset.pathways.items())]
    rows = [_counted(title, [rule for rule in rules if rule.pathway == name]) for title, name in named]
    return [*rows, _counted("all", list(rules))]


def _counted(title: str, rules: list[Rule]) -> Counted:
    source, evidence, interpretation = (sum(rule.basis == basis for rule in rules) for basis in BASES)
    return Counted(title, source, evidence, interpretation, sum(bool(rule.narrows) for rule in rules))


def by_pathway(volume: Volume, basis: str) -> list[tuple[str, list[Rule]]]:
    """The rules of this basis, under the title of their pathway."""
    named = [("Shared danger signs", RED_FLAGS), *((pathway.title, name) for name, pathway in volume.ruleset.pathways.items())]
    found = [(title, [rule for rule in volume.ruleset.rules if rule.pathway == name and rule.basis == basis]) for title, name in named]
    return [(title, rules) for title, rules in found if rules]


def thin(volume: Volume) -> list[tuple[Rule, str, EvidencePart]]:
    """The rules of published evidence that a single reference carries, of grade C or below."""
    evidence = volume.authored.sources.evidence
    found = []
    for rule in volume.ruleset.rules:
        cited = [name for name in rule.sources if name in evidence and evidence[name].cite]
        if rule.basis == "evidence" and len(cited) == 1 and evidence[cited[0]].grade[0] >= "C":
            found.append((rule, cited[0], evidence[cited[0]]))
    return found
