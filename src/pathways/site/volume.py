"""All that the pages of a rule set are made of, read once a build.

Knows nothing of pages, templates or MkDocs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from pathways.approvals import Records, Standing, approved_ruleset, read_records, standing
from pathways.cases import CaseResult, run
from pathways.content import Content
from pathways.hazards import Log, read_hazards
from pathways.loader import Authored, read
from pathways.requirements import Requirement, read_requirements
from pathways.ruleset import RuleSet
from pathways.site.proofs import Proofs
from pathways.site.since import Since, since
from pathways.site.verifying import Verified, verify
from pathways.tracing import Exercised, Trace, exercised, traces

__all__ = ["Volume", "Written", "open_volume"]


class Written(NamedTuple):
    """A place in a rule file: as it is said, the page and the line here, and its address in the repository, if there is one."""

    place: str
    page: str
    line: str
    address: str


@dataclass(frozen=True)
class Volume:
    """A rule folder with what was found out about it.

    `date` is the day that the pages are made for, ISO 8601: the commit's, so that the same commit gives the same site.
    `source` is where the rule files can be read (an address that a file name and line are added to), or empty.
    """

    folder: Path
    authored: Authored
    ruleset: RuleSet
    cases: tuple[CaseResult, ...]
    date: str
    source: str = ""
    verification: Verified = field(default_factory=Verified)
    changes: Since = field(default_factory=Since)

    @cached_property
    def standing(self) -> Standing:
        """Who signed, who must still, and what was approved last."""
        return standing(self.folder, self.ruleset)

    @cached_property
    def records(self) -> Records:
        """Every signature, of these rules and of others before them."""
        return read_records(self.folder)

    @cached_property
    def proofs(self) -> Proofs:
        """What was proved, by property, by pathway and by rule."""
        return Proofs(self.verification.parts.get("check"), self.authored, self.requirements)

    @cached_property
    def content(self) -> Content:
        """The canonical content as the author tools read it."""
        return Content(self.ruleset.content())

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """What is required of the rules, apart from them."""
        return read_requirements(self.folder, self.authored)

    @cached_property
    def traces(self) -> tuple[Trace, ...]:
        """Every source with all that rests on it."""
        return traces(self.authored, self.ruleset, self.requirements, self.cases)

    @cached_property
    def exercised(self) -> Mapping[tuple[str, str], Exercised]:
        """The cases of every rule, by its pathway and id."""
        return exercised(self.cases, self.ruleset)

    @cached_property
    def case_numbers(self) -> Mapping[tuple[str, str], int]:
        """The number of each case in its file, by its pathway and name."""
        counts: dict[str, int] = {}
        found: dict[tuple[str, str], int] = {}
        for result in self.cases:
            counts[result.case.pathway] = counts.get(result.case.pathway, 0) + 1
            found[result.case.pathway, result.case.name] = counts[result.case.pathway]
        return found

    @cached_property
    def hazards(self) -> Log:
        """The hazard log."""
        names: dict[str, list[str]] = {}
        for result in self.cases:
            names.setdefault(result.case.pathway, []).append(result.case.name)
        return read_hazards(self.folder, self.authored, names)

    def written(self, place: str) -> Written:
        """Where something stands, from a place such as `rules/epistaxis.yaml:31:5`."""
        file, _, line = place.rpartition(":")[0].partition(":")
        name = file.partition("/")[2]
        return Written(place, name.removesuffix(".yaml"), f"L{line}", f"{self.source.rstrip('/')}/{name}#L{line}" if self.source else "")

    @cached_property
    def common(self) -> Mapping[str, Any]:
        """What every template may use beside the values of its page; `kind_of` tells rows, gaps and evidence apart."""
        kinds = {one.id: one.kind for one in self.traces}
        return {
            "ruleset": self.ruleset,
            "date": self.date,
            "kind_of": kinds,
            "proofs": self.proofs,
            "hazards_of": self.hazards.by_rule(),
            "recall": self.authored.ruleset.recall,
            "origin": self.authored.sources.table,
        }


def open_volume(folder: Path, date: str, source: str = "", checks: bool = False, record: Path | None = None, against: str = "") -> Volume:
    """Read the folder, and where `checks` are on prove what is proved quickly.

    `record` is a verification report that has the rest, and `against` the version that the rules are compared with, if not the
    last that was approved. Raises InvalidRules with every mistake in the folder, NotVerified and NotCompared.
    """
    authored = read(folder)
    ruleset = approved_ruleset(authored)
    verification = verify(folder, ruleset.digest, date, checks, record)
    changes = since(folder, against, standing(folder, ruleset).newest, checks)
    return Volume(folder, authored, ruleset, run(folder, ruleset), date, source, verification, changes)
