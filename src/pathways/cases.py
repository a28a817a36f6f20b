"""Case files: vignettes with the decision that their authors expect, read strictly and run."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pathways.comparing import Comparison, compared, refused
from pathways.documents import Document, Scalar, read_document
from pathways.findings import ABSENCE, Finding, number
from pathways.fitting import fit
from pathways.loader import Reading, files
from pathways.model import Case
from pathways.parallel import mapped
from pathways.presentations import YAML, mistakes, unknown_finding
from pathways.remarks import InvalidPresentation, InvalidRules, Place, Remark, near
from pathways.ruleset import RuleSet
from pathways.sites import site_of
from pathways.solver import find

__all__ = ["CaseResult", "ReadCase", "names_of", "parts_of", "read_cases", "run", "run_case", "run_cases", "unmentioned"]


@dataclass(frozen=True, slots=True)
class ReadCase:
    """One case with its place, ready to be run; `given` holds what `unmentioned: absent` adds."""

    name: str
    pathway: str
    place: Place
    part: Case
    pathways: tuple[str, ...]
    given: Mapping[str, Any]
    ruleset: RuleSet


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one case ended."""

    case: ReadCase
    comparison: Comparison

    @property
    def passed(self) -> bool:
        return not self.comparison.differences


def run(folder: Path, ruleset: RuleSet) -> tuple[CaseResult, ...]:
    """Run every case file of the folder; raises InvalidRules for case files that cannot be read."""
    return tuple(run_cases(read_cases(folder, ruleset)))


def read_cases(
    folder: Path, ruleset: RuleSet, only: Container[str] | None = None, reading: Reading = read_document
) -> tuple[ReadCase, ...]:
    """The cases of the folder in order, or of some pathways alone; raises InvalidRules with every mistake in them."""
    written, remarks = parts_of(folder, only, reading)
    cases: list[ReadCase] = []
    sites: dict[str, RuleSet] = {}
    for name, (parts, document) in written.items():
        if name not in ruleset.pathways:
            help = near(name, ruleset.pathways) or "name the file after the pathway that it tests"
            remarks.append(Remark("no-pathway", f"there is no pathway `{name}` for these cases", Place(document.file), help))
            continue
        seen: dict[str, Place] = {}
        for n, part in parts.items():
            place = document.place((n, "case"))
            if part.case in seen:
                remarks.append(
                    Remark("case-twice", f"`{part.case}` is the name of two cases", place, "rename one of them", seen[part.case])
                )
            seen[part.case] = place
            wrong = list(_mistakes(part, n, document, ruleset))
            remarks += wrong
            if not wrong:
                cases.append(_read(part, name, n, document, ruleset, sites, remarks))
    if remarks:
        raise InvalidRules(remarks)
    order = list(ruleset.pathways)
    return tuple(sorted(cases, key=lambda case: order.index(case.pathway)))


def parts_of(
    folder: Path, only: Container[str] | None = None, reading: Reading = read_document
) -> tuple[dict[str, tuple[dict[int, Case], Document]], list[Remark]]:
    """The case files of the folder by pathway, as far as they can be read without its rules, and every mistake seen so.

    The cases of a file by their number: what cannot be read is left out.
    """
    folder = folder.resolve()
    remarks: list[Remark] = []
    found: dict[str, tuple[dict[int, Case], Document]] = {}
    for file in files(folder, "*.cases.yaml", remarks):
        pathway = file.name.removesuffix(".cases.yaml")
        if only is not None and pathway not in only:
            continue
        document = reading(file, f"{folder.name}/{file.name}")
        remarks += document.remarks
        if document.data is not None:
            remarks += fit(document, document.data, list[Case])[1]
            written = document.data if isinstance(document.data, list) else []
            parts = {n: part for n, one in enumerate(written) if (part := fit(document, one, Case)[0]) is not None}
            found[pathway] = (parts, document)
    return found, remarks


def names_of(folder: Path) -> dict[str, tuple[str, ...]]:
    """What the cases of the folder are called, by pathway, whether or not they can be read further."""
    found: dict[str, tuple[str, ...]] = {}
    for file in files(folder.resolve(), "*.cases.yaml", []):
        data = read_document(file, file.name).data
        written = data if isinstance(data, list) else []
        names = (one.get("case") for one in written if isinstance(one, Mapping))
        found[file.name.removesuffix(".cases.yaml")] = tuple(name for name in names if isinstance(name, str))
    return found


def _read(
    part: Case, pathway: str, n: int, document: Document, ruleset: RuleSet, sites: dict[str, RuleSet], remarks: list[Remark]
) -> ReadCase:
    if part.site:
        try:
            written = {**{key: Scalar("no" if fact.kind == "yes_no" else "0") for key, fact in ruleset.site_facts.items()}, **part.site}
            site = site_of("case", written, ruleset, document, (n, "site"))
            if site.digest not in sites:
                sites[site.digest] = ruleset.at(site)
            ruleset = sites[site.digest]
        except InvalidRules as error:
            remarks.extend(error.remarks)
    pathways = tuple(part.pathways or (pathway,))
    given = {key: _value(ruleset.findings[key], value) for key, value in part.given.items()}
    if part.unmentioned == "absent":
        given |= dict.fromkeys(unmentioned(ruleset, pathways, given), False)
    return ReadCase(part.case, pathway, document.place((n, "case")), part, pathways, given, ruleset)


def unmentioned(ruleset: RuleSet, pathways: tuple[str, ...], given: Mapping[str, Any]) -> Iterator[str]:
    """The yes/no findings of the pathways that are not named and apply: a gated one only where its gate is open."""
    names = [name for name in ruleset.findings if any(name in ruleset.pathways[pathway].findings for pathway in pathways)]
    plain = [name for name in names if ruleset.findings[name].kind == "yes_no" and name not in given]
    box = ruleset.reader.read({**given, **{name: False for name in plain if not ruleset.findings[name].gated}}).box
    somebody = find(ruleset.space, box, ruleset.clauses)  # to whom most of what is gated does not apply: no need to search again
    for name in plain:
        finding = ruleset.findings[name]
        if not finding.gated or (somebody is not None and not somebody & finding.not_applicable and _applies(ruleset, finding, box)):
            yield name


def _applies(ruleset: RuleSet, finding: Finding, box: int) -> bool:
    """Whether its gate is certainly open: it may be absent, and cannot but apply."""
    rest = box & ~finding.mask
    absent, beside = (find(ruleset.space, rest | cell, ruleset.clauses) for cell in (finding.cell(False), finding.not_applicable))
    return absent is not None and beside is None


def _mistakes(part: Case, n: int, document: Document, ruleset: RuleSet) -> Iterator[Remark]:
    expect = part.expect
    place = document.place((n, "case"))
    for name, value in part.given.items():
        at = document.place((n, "given", name))
        if name not in ruleset.findings:
            yield unknown_finding(name, ruleset.findings)._replace(place=at)
            continue
        for remark in mistakes(ruleset.findings[name], _value(ruleset.findings[name], value), YAML):
            yield remark._replace(place=at)
    for name in part.pathways or ():
        if name not in ruleset.pathways:
            help = near(name, ruleset.pathways) or f"one of: {', '.join(ruleset.pathways)}"
            yield Remark("unknown-pathway", f"`{name}` is not a pathway", document.place((n, "pathways")), help)
    if expect.refused is None and expect.status != "not_covered":
        if expect.urgency is None and (expect.lowest is None or expect.highest is None):
            yield Remark("case-asserts-little", f"`{part.case}` expects no urgency", place, "add `urgency:`, or `lowest:` and `highest:`")
        if expect.referrals is None and expect.services is None:
            yield Remark(
                "case-asserts-little",
                f"`{part.case}` expects no services",
                place,
                "add `referrals:` or `services:`; `services: []` where nobody is called",
            )
    levels = [level.id for level in ruleset.urgency]
    for key in ("urgency", "lowest", "highest"):
        level = getattr(expect, key)
        if level is not None and level not in levels:
            yield Remark(
                "unknown-level",
                f"`{level}` is not a level",
                document.place((n, "expect", key)),
                near(level, levels) or f"one of: {', '.join(levels)}",
            )
    rules = (
        {rule.id for pathway in ruleset.pathways.values() for rule in pathway.rules}
        | {flag.id for flag in ruleset.red_flags}
        | {"otherwise"}
    )
    known = {
        "rules": rules,
        "items": set(ruleset.items),
        "services": set(ruleset.services),
        "referrals": set(ruleset.services),
        "possible": {*ruleset.items, *ruleset.services, *rules},
        "absent": {*ruleset.items, *ruleset.services, *rules},
    }
    for key, names in known.items():
        for name in getattr(expect, key) or ():
            if name not in names:
                yield Remark(
                    "unknown-name",
                    f"`{name}` is not one of the {key} of this rule set",
                    document.place((n, "expect", key)),
                    near(name, names) or "correct the case, or bring back what it names",
                )


def _value(finding: Finding, value: Any) -> Any:
    """An answer of a case file as a presentation holds it; what does not fit is refused when it is read."""
    if isinstance(value, dict):
        if "unknown" in value:
            return {"unknown": str(value["unknown"])}
        return {key: None if getattr(end, "quoted", False) else number(end) for key, end in value.items()}
    if isinstance(value, list):
        return [str(one) for one in value]
    if finding.kind != "choice" and getattr(value, "quoted", False) and value != "unknown":
        return f'"{value}"'
    if finding.kind == "yes_no":
        return {"yes": True, "no": False}.get(value, str(value))
    if finding.kind == "number" and value != "unknown" and value not in ABSENCE:
        exact = number(value)
        return str(value) if exact is None else exact
    return str(value)


# -- running ---------------------------------------------------------------------------------------------------------


def run_case(case: ReadCase) -> CaseResult:
    """Decide the case and compare."""
    return CaseResult(case, _comparison(case))


def run_cases(cases: Sequence[ReadCase], jobs: int = 1) -> Iterator[CaseResult]:
    """Run the cases on so many processes; the results come in the order of the cases."""
    for found, case in zip(mapped(_numbered, cases, len(cases), jobs), cases, strict=True):
        yield CaseResult(case, found)


def _numbered(cases: Sequence[ReadCase], n: int) -> Comparison:
    return _comparison(cases[n])


def _comparison(case: ReadCase) -> Comparison:
    try:
        decision = case.ruleset.decide(case.given, case.pathways)
    except InvalidPresentation as error:
        return refused(case.part.expect, error.remarks)
    return compared(case.part.expect, decision, case.ruleset, case.pathways)
