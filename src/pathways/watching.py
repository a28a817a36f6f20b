"""A rule folder that is read again on every save, fast: what was not saved is not read anew, and only what a save can change is run.

Knows nothing of how a save is noticed or how anything is shown.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pathways.cases import CaseResult, read_cases, run_cases
from pathways.documents import Document, read_document
from pathways.inspection import CHECKS, cases_can_be_run, loaded, rules_can_hold
from pathways.loader import Authored, in_order
from pathways.remarks import Remark
from pathways.ruleset import RuleSet

__all__ = ["Desk", "Validated"]


class Validated(NamedTuple):
    """What was found in the rules: the pathways that were looked at, and the rules if they load."""

    remarks: tuple[Remark, ...]
    pathways: tuple[str, ...]
    ruleset: RuleSet | None


class Desk:
    """A rule folder on which somebody works; it remembers the files as they were read last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._read: dict[Path, tuple[tuple[int, ...], Document]] = {}

    def validated(self, saved: Collection[str] | None, today: date) -> Validated:
        """Everything that `validate` says of the rules, of cases apart; what is costly only of the pathways that a save concerns.

        `saved` are names of files; None is a first look at all of them.
        """
        found = loaded(self.folder, today, self.document)
        if found.authored is None or found.ruleset is None:
            return Validated(found.remarks, (), None)
        own = _saved(saved, found.authored)
        remarks = [*found.remarks, *rules_can_hold(found.authored, found.ruleset, own)]
        if len(own) == len(found.authored.pathways):  # what they share may have been saved: then what stands beside the rules is read too
            for check in CHECKS:
                if check not in (rules_can_hold, cases_can_be_run):
                    remarks += check(found.authored, found.ruleset)
        return Validated(tuple(in_order(remarks)), _concerned(own, found.authored), found.ruleset)

    def tested(self, validated: Validated) -> tuple[CaseResult, ...]:
        """The cases of these pathways, run; raises InvalidRules for those that cannot be read."""
        if validated.ruleset is None:
            return ()
        return tuple(run_cases(read_cases(self.folder, validated.ruleset, validated.pathways, self.document)))

    def document(self, file: Path, name: str) -> Document:
        """The file as it was read last, unless it was written since."""
        try:
            state = file.stat()
        except OSError:
            return read_document(file, name)
        mark = (state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
        known = self._read.get(file)
        if known is None or known[0] != mark:
            known = self._read[file] = (mark, read_document(file, name))
        return known[1]


def _saved(saved: Collection[str] | None, authored: Authored) -> frozenset[str]:
    """The pathways whose rules or cases were saved; all, if it was anything that they share."""
    names = frozenset(name.removesuffix(".yaml").removesuffix(".cases") for name in saved or ())
    return names if saved is not None and names <= set(authored.pathways) else frozenset(authored.pathways)


def _concerned(names: frozenset[str], authored: Authored) -> tuple[str, ...]:
    """These pathways, and those that hand over to them."""
    before: frozenset[str] = frozenset()
    while names != before:
        before = names
        handing = (name for name, one in authored.pathways.items() if any(rule.handover in before for rule in one.part.rules.values()))
        names = before.union(handing)
    return tuple(name for name in authored.pathways if name in names)
