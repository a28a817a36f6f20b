"""Case files: vignettes with the decision that their authors expect, read strictly and run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pathways.decision import Decision, Referral
from pathways.documents import Document, Scalar, read_document
from pathways.findings import ABSENCE, Finding, number
from pathways.fitting import fit
from pathways.loader import files
from pathways.model import Case, ExpectedReferral, WindowPart
from pathways.presentations import mistakes, unknown_finding
from pathways.remarks import InvalidPresentation, InvalidRules, Place, Remark, near
from pathways.ruleset import RuleSet
from pathways.sites import site_of
from pathways.solver import find

__all__ = ["CaseResult", "ReadCase", "parts_of", "read_cases", "run", "run_case", "unmentioned"]


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
    """How one case ended: each difference as `what: expected …, decided …`, and the rules that were responsible."""

    case: ReadCase
    differences: tuple[str, ...]
    rules: tuple[str, ...]
    decision: Decision | None

    @property
    def passed(self) -> bool:
        return not self.differences


def run(folder: Path, ruleset: RuleSet) -> tuple[CaseResult, ...]:
    """Run every case file of the folder; raises InvalidRules for case files that cannot be read."""
    return tuple(run_case(case) for case in read_cases(folder, ruleset))


def read_cases(folder: Path, ruleset: RuleSet) -> tuple[ReadCase, ...]:
    """The cases of the folder in order; raises InvalidRules with every mistake in them."""
    written, remarks = parts_of(folder)
    cases: list[ReadCase] = []
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
                cases.append(_read(part, name, n, document, ruleset, remarks))
    if remarks:
        raise InvalidRules(remarks)
    order = list(ruleset.pathways)
    return tuple(sorted(cases, key=lambda case: order.index(case.pathway)))


def parts_of(folder: Path) -> tuple[dict[str, tuple[dict[int, Case], Document]], list[Remark]]:
    """The case files of the folder by pathway, as far as they can be read without its rules, and every mistake seen so.

    The cases of a file by their number: what cannot be read is left out.
    """
    folder = folder.resolve()
    remarks: list[Remark] = []
    found: dict[str, tuple[dict[int, Case], Document]] = {}
    for file in files(folder, "*.cases.yaml", remarks):
        document = read_document(file, f"{folder.name}/{file.name}")
        remarks += document.remarks
        if document.data is not None:
            remarks += fit(document, document.data, list[Case])[1]
            written = document.data if isinstance(document.data, list) else []
            parts = {n: part for n, one in enumerate(written) if (part := fit(document, one, Case)[0]) is not None}
            found[file.name.removesuffix(".cases.yaml")] = (parts, document)
    return found, remarks


def _read(part: Case, pathway: str, n: int, document: Document, ruleset: RuleSet, remarks: list[Remark]) -> ReadCase:
    if part.site:
        try:
            written = {**{key: Scalar("no" if fact.kind == "yes_no" else "0") for key, fact in ruleset.site_facts.items()}, **part.site}
            ruleset = ruleset.at(site_of("case", written, ruleset, document, (n, "site")))
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
    for name in plain:
        finding = ruleset.findings[name]
        if not finding.gated or _applies(ruleset, finding, box):
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
        for remark in mistakes(ruleset.findings[name], _value(ruleset.findings[name], value)):
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
                    near(name, names),
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
    expect = case.part.expect
    try:
        decision = case.ruleset.decide(case.given, case.pathways)
    except InvalidPresentation as error:
        said = "; ".join(remark.message for remark in error.remarks)
        missing = [name for name in expect.refused or () if f"`{name}`" not in said]
        if expect.refused is None or missing:
            return CaseResult(case, (f"refused: expected {', '.join(expect.refused or ()) or 'a decision'}, decided: {said}",), (), None)
        return CaseResult(case, (), (), None)
    if expect.refused is not None:
        return CaseResult(case, (f"refused: expected {', '.join(expect.refused)}, decided {decision.status}",), _rules(decision), decision)
    return CaseResult(case, tuple(_differences(case, decision)), _rules(decision), decision)


def _rules(decision: Decision) -> tuple[str, ...]:
    return tuple(reason.rule for reason in decision.reasons if reason.certainty == "certain")


def _differences(case: ReadCase, decision: Decision) -> Iterator[str]:
    expect = case.part.expect
    lowest, highest = decision.urgency.lowest, decision.urgency.highest
    for key, wanted, got in (
        ("lowest", expect.lowest or expect.urgency, lowest),
        ("highest", expect.highest or expect.urgency, highest),
        ("status", expect.status, decision.status),
    ):
        if wanted is not None and str(got) != wanted:
            yield f"{key}: expected {wanted}, decided {got}"
    services = {referral.service for referral in decision.referrals if referral.certainty == "certain" or decision.status == "open"}
    wanted_services = (
        set(expect.referrals) if expect.referrals is not None else set(expect.services) if expect.services is not None else None
    )
    possible = {referral.service for referral in decision.referrals if referral.certainty == "possible"}
    if wanted_services is not None and not (services - possible <= wanted_services <= services | possible):
        yield f"services: expected {_listed(wanted_services)}, decided {_listed(services)}"
    for service, one in (expect.referrals or {}).items():
        found = [referral for referral in decision.referrals if referral.service == service]
        if found and not any(_same(one, referral) for referral in found):
            yield f"{service}: expected {_said(one)}, decided {'; '.join(_got(referral) for referral in found)}"
    items = {item.id: item.certainty for item in (*decision.actions, *decision.advice, *decision.follow_up)}
    rules = {reason.rule: reason.certainty for reason in decision.reasons}
    for rule in expect.rules:
        if rules.get(rule) != "certain":
            yield f"rule {rule}: expected certain, decided {rules.get(rule, 'not')}"
    for item in expect.items:
        if items.get(item) != "certain":
            yield f"item {item}: expected certain, decided {items.get(item, 'absent')}"
    everything = {**{referral.service: referral.certainty for referral in decision.referrals}, **rules, **items}
    for name in expect.possible:
        if everything.get(name) != "possible":
            yield f"{name}: expected possible, decided {everything.get(name, 'absent')}"
    for name in expect.absent:
        if name in everything:
            yield f"{name}: expected absent, decided {everything[name]}"


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _same(expected: ExpectedReferral, referral: Referral) -> bool:
    if isinstance(expected.within, WindowPart):
        window = referral.window
        wanted = (expected.within.from_, expected.within.not_before, expected.within.not_after)
        return window is not None and (window.from_, window.not_before, window.not_after) == wanted
    return (
        ("contact" not in expected.model_fields_set or expected.contact == referral.contact)
        and (expected.within is None or expected.within == referral.within)
        and (expected.certain_within is None or expected.certain_within == referral.certain_within)
    )


def _said(expected: ExpectedReferral) -> str:
    return ", ".join(f"{key} {value}" for key, value in expected.model_dump(by_alias=True, exclude_unset=True).items()) or "any"


def _got(referral: Referral) -> str:
    window = referral.window
    within = f"{window.not_before} to {window.not_after} from {window.from_}" if window else referral.within
    return f"contact {referral.contact}, within {within}, {referral.certainty}"
