"""Everything that can be said of a rule folder: what its parts say of themselves, what its rules can do, its cases and requirements.

The loader refuses what cannot be read; here stands what loads and is a mistake all the same. Each check is one generator
in a table; all but the first need a folder that loads.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple, TypeAlias

from pathways import hazards, requirements
from pathways.approvals import read_records
from pathways.cases import parts_of, read_cases
from pathways.compiler import compile_rules
from pathways.consistency import past_review
from pathways.documents import Document, read_document
from pathways.loader import Authored, Reading, attempt, files, in_order, shut
from pathways.remarks import InvalidRules, Place, Remark, Severity
from pathways.ruleset import Rule, RuleSet
from pathways.sites import read_site
from pathways.solver import find

__all__ = ["CHECKS", "Loaded", "loaded", "remarks_of", "rules_can_hold"]

Check: TypeAlias = Callable[[Authored, RuleSet], Iterator[Remark]]


def remarks_of(folder: Path, today: date) -> tuple[Remark, ...]:
    """Every remark on the folder, in the order of its files: those that keep it from loading, and those on what loads."""
    found = loaded(folder, today)
    if found.authored is None or found.ruleset is None:
        return found.remarks if shut(folder) else tuple(in_order([*found.remarks, *without_rules(folder.resolve())]))
    return tuple(in_order([*found.remarks, *(remark for check in CHECKS for remark in check(found.authored, found.ruleset))]))


class Loaded(NamedTuple):
    """A rule folder as far as it could be read, its rules if they load, and what there is to say so far."""

    authored: Authored | None
    ruleset: RuleSet | None
    remarks: tuple[Remark, ...]


def loaded(folder: Path, today: date, reading: Reading = read_document) -> Loaded:
    """Read and compile the folder; cases and requirements are not looked at."""
    if (closed := shut(folder)) is not None:
        return Loaded(None, None, (closed,))
    folder = folder.resolve()
    authored, remarks = attempt(folder, reading)
    found = [*remarks, *not_read(folder)]
    if authored is None or any(remark.severity is Severity.ERROR for remark in remarks):
        return Loaded(authored, None, tuple(in_order([*found, *(past_review(authored, today) if authored else ())])))
    found += past_review(authored, today)
    try:
        return Loaded(authored, RuleSet(compile_rules(authored)), tuple(in_order(found)))
    except InvalidRules as error:
        return Loaded(authored, None, tuple(in_order([*found, *error.remarks])))


def without_rules(folder: Path) -> list[Remark]:
    """What can be said of cases, requirements and hazards where the rules do not load."""
    return [*parts_of(folder)[1], *requirements.structure(folder), *hazards.structure(folder)]


def not_read(folder: Path) -> Iterator[Remark]:
    """A file that looks like a rule file and is read by nobody."""
    for file in sorted(folder.glob("*")):
        if not file.name.startswith(".") and file.suffix != ".yaml" and file.suffix.lower() in (".yaml", ".yml"):
            place = Place(f"{folder.name}/{file.name}")
            yield _warning("not-read", f"`{file.name}` is not read", place, f"name it {file.stem}.yaml, or delete it")


# -- what the rules can do -------------------------------------------------------------------------------------------


def rules_can_hold(authored: Authored, ruleset: RuleSet, only: Container[str] | None = None) -> Iterator[Remark]:
    """A rule that no patient can meet, or a pathway that is for nobody; of every pathway, or of some alone.

    That `otherwise` can never hold is no mistake: then the rules cover every patient.
    """
    shared = authored.documents["ruleset.yaml"]
    for flag in ruleset.red_flags:
        yield from _dead(flag, ruleset, (0,), shared, ("red_flags", flag.id, "when"))
    for pathway in ruleset.pathways.values():
        if only is not None and pathway.id not in only:
            continue
        document = authored.pathways[pathway.id].document
        if pathway.applies is not None and not _exists(ruleset, pathway.applies, (0,), ruleset.clauses):
            yield _warning("for-nobody", f"`{pathway.id}` applies to no patient", document.place(("applies",)), "correct the condition")
            continue
        for rule in pathway.rules:
            yield from _dead(rule, ruleset, pathway.applies or (0,), document, ("rules", rule.id, "when"))


def _dead(rule: Rule, ruleset: RuleSet, inside: Sequence[int], document: Document, path: tuple[str, ...]) -> Iterator[Remark]:
    if _exists(ruleset, rule.cubes, inside, ruleset.clauses):
        return
    if _exists(ruleset, rule.cubes, (0,), ruleset.clauses):
        why = "it excludes every patient whom the pathway is for"
    elif not rule.cubes:
        why = "its parts exclude each other"
    else:
        kept = list(ruleset.constraints)
        for one in ruleset.constraints:
            less = [other for other in kept if other is not one]
            if not _exists(ruleset, rule.cubes, (0,), [clause for other in less for clause in other.clauses]):
                kept = less
        why = "; ".join(one.means for one in kept)
    yield _warning(
        "dead-rule", f"no patient can meet `{rule.id}`: {why}", document.place(path), "correct the condition, or delete the rule"
    )


def _exists(ruleset: RuleSet, cubes: Iterable[int], inside: Sequence[int], clauses: Sequence[int]) -> bool:
    """Whether a patient lies in one of the cubes and in one of those that are inside, and hits the clauses."""
    space = ruleset.space
    return any(
        space.meets(space.everything, cube | start) and find(space, space.everything & ~(cube | start), clauses) is not None
        for cube in cubes
        for start in inside
    )


# -- what stands beside the rules ------------------------------------------------------------------------------------


def cases_can_be_run(authored: Authored, ruleset: RuleSet) -> Iterator[Remark]:
    """The case files fit the rules, and every pathway has a case."""
    try:
        tested = {case.pathway for case in read_cases(authored.folder, ruleset)}
    except InvalidRules as error:
        yield from error.remarks
        tested = {file.name.removesuffix(".cases.yaml") for file in files(authored.folder, "*.cases.yaml", [])}
    for name, pathway in authored.pathways.items():
        if name not in tested:
            yield _warning(
                "no-cases", f"no case tests `{name}`", pathway.document.place(("pathway",)), f"write {name}.cases.yaml beside it"
            )


def requirements_can_be_read(authored: Authored, ruleset: RuleSet) -> Iterator[Remark]:
    """What is required of the rules names findings, levels, pathways and sources that exist."""
    try:
        requirements.read_requirements(authored.folder, authored)
    except InvalidRules as error:
        yield from error.remarks


def hazards_can_be_read(authored: Authored, ruleset: RuleSet) -> Iterator[Remark]:
    """Each control of the hazard log leads to a rule, a property, a requirement or a case that is there."""
    try:
        hazards.read_hazards(authored.folder, authored)
    except InvalidRules as error:
        yield from error.remarks


def sites_fit(authored: Authored, ruleset: RuleSet) -> Iterator[Remark]:
    """The places of care in the folder state every fact that the rules may ask for."""
    remarks: list[Remark] = []
    for pattern in ("site.yaml", "*.site.yaml"):
        for file in files(authored.folder, pattern, remarks):
            try:
                read_site(file, ruleset)
            except InvalidRules as error:
                name = f"{authored.folder.name}/{file.name}"
                remarks += [one._replace(place=one.place._replace(file=name)) for one in error.remarks]
    yield from remarks


def _warning(code: str, message: str, place: Place, help: str) -> Remark:
    return Remark(code, message, place, help, severity=Severity.WARNING)


def records_can_be_trusted(authored: Authored, ruleset: RuleSet) -> Iterator[Remark]:
    """Every signature stands under what was signed, and as it was written."""
    yield from read_records(authored.folder).remarks


CHECKS: tuple[Check, ...] = (
    rules_can_hold,
    cases_can_be_run,
    requirements_can_be_read,
    hazards_can_be_read,
    sites_fit,
    records_can_be_trusted,
)
