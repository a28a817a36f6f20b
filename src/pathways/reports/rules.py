"""Rules as a person reads them: most urgent first, and first of all those that narrow a source row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pathways.findings import Finding
from pathways.reports.lines import BLANK, Line, bullet, heading
from pathways.reports.reasons import BASIS
from pathways.reports.standing import head, level, mark
from pathways.ruleset import Outcome, Pathway, ReferralRow, Rule, RuleSet

__all__ = ["findings_listed", "listing", "rule_in_full", "shown", "titled"]


def listing(ruleset: RuleSet) -> list[Line]:
    """The pathways, one a line, with the complaint that each is for."""
    width = max(map(len, ruleset.pathways), default=0)
    lines = [Line(f"{titled(ruleset, name)}: {pathway.complaint}", f"{name:{width}}  ") for name, pathway in ruleset.pathways.items()]
    return [head(ruleset), *lines, BLANK, *_release(ruleset)]


def titled(ruleset: RuleSet, pathway: str) -> str:
    """The title of a pathway, with what its notice says first."""
    said = mark(ruleset, pathway)
    return f"{ruleset.pathways[pathway].title} ({said})" if said else ruleset.pathways[pathway].title


def findings_listed(ruleset: RuleSet, pathway: Pathway | None) -> list[Line]:
    """The findings as an answer names them, by the group in which they are asked; of one pathway, or all."""
    wanted = set(ruleset.findings if pathway is None else pathway.findings)
    lines: list[Line] = []
    for group, ask in ruleset.groups.items():
        found = [one for one in ruleset.findings.values() if one.group == group and one.id in wanted]
        if found:
            lines += [heading(f"{ask} ({group})"), *(bullet(f"{one.id}: {one.ask} [{_answers(one)}]") for one in found), BLANK]
    return [*lines, *_release(ruleset)]


def _answers(finding: Finding) -> str:
    if finding.kind == "yes_no":
        return "yes or no"
    if finding.range is None:
        return " or ".join(finding.values)
    low, high = finding.range
    return f"{low} to {high} {finding.unit_text}".rstrip()


def shown(pathway: Pathway, ruleset: RuleSet) -> list[Line]:
    """A whole pathway."""
    lines = [head(ruleset, [pathway.id]), heading(f"{pathway.title} ({pathway.id})"), Line(pathway.complaint, "for: ")]
    lines += _notice(pathway.notice)
    if pathway.applies_text:
        lines.append(Line(pathway.applies_text, "applies only if: "))
    lines += [Line(ruleset.items[item].text, "first aid: ") for item in pathway.first_aid]
    lines.append(BLANK)
    narrowing = [rule for rule in pathway.rules if rule.narrows]
    for title, rules in (
        ("Rules that narrow a row of the agreed table", narrowing),
        ("Rules, most urgent first", [rule for rule in pathway.rules if not rule.narrows]),
        ("Shared red flags, decided whatever else is true", ruleset.red_flags),
    ):
        if rules:
            lines.append(heading(title))
            for rule in sorted(rules, key=lambda rule: -1 if rule.outcome is None else -rule.outcome.urgency.rank):
                lines += [*_rule(rule, ruleset), BLANK]
    if pathway.otherwise is not None:
        never = " (proved: some rule holds for every patient)" if pathway.otherwise_never else ""
        lines += [heading(f"Otherwise: no other rule of this pathway holds{never}"), *_outcome(pathway.otherwise, ruleset), BLANK]
    if pathway.not_encoded:
        lines += [heading("Not encoded, and why"), *(Line(reason, f"  {gap}: ") for gap, reason in pathway.not_encoded.items()), BLANK]
    return [*lines, *_release(ruleset)]


def rule_in_full(rule: Rule, ruleset: RuleSet) -> list[Line]:
    """One rule with its note, its place and what its findings mean."""
    lines = [head(ruleset, [rule.pathway] if rule.pathway in ruleset.pathways else []), *_rule(rule, ruleset)]
    if rule.note:
        lines.append(Line(rule.note, "    note: "))
    lines += [Line(rule.place, "    place: "), BLANK, heading("What its findings mean")]
    bits = 0
    for cube in rule.cubes:
        bits |= cube
    lines += [_finding(ruleset.findings[name]) for name in ruleset.space.names(bits)]
    return [*lines, BLANK, *_release(ruleset)]


def _finding(finding: Finding) -> Line:
    return bullet(f"{finding.id}: {finding.ask} - {finding.means}")


def _rule(rule: Rule, ruleset: RuleSet) -> list[Line]:
    narrows = f" NARROWS {', '.join(rule.narrows)}" if rule.narrows else ""
    lines = [Line(f"{rule.title} [{rule.id}]{narrows}", "  * ", "heading"), Line(rule.when, "    when: ")]
    if rule.outcome is not None:
        lines += _outcome(rule.outcome, ruleset)
    if rule.handover is not None:
        lines.append(Line(f"the rules of {rule.handover} are added", "    then: "))
    return [*lines, Line(f"{BASIS[rule.basis]}: {', '.join(rule.sources)}", "    basis: ")]


def _outcome(outcome: Outcome, ruleset: RuleSet) -> list[Line]:
    lines = [Line(f"{level(outcome.urgency)} - {outcome.urgency.label}", "    then: ")]
    lines += [Line(_referral(row, ruleset), "    call: ") for row in outcome.referrals]
    for item, site in outcome.items:
        found = ruleset.items[item]
        marks = [word for word, holds in (("reassures", found.reassures), ("professionals only", found.discreet)) if holds]
        lead = f"    {found.kind.replace('_', '-')}: "
        lines.append(Line(found.text + _at(site) + (f" ({', '.join(marks)})" if marks else ""), lead))
    return lines


def _referral(row: ReferralRow, ruleset: RuleSet) -> str:
    when = f"on {row.window}" if row.window is not None else ruleset.limits.get(row.within or "", row.within or "")
    parts = [ruleset.services[row.service], *(["call now"] if row.contact else []), *([] if when == row.contact else [when])]
    return ", ".join(parts) + _at(row.site)


def _at(site: Iterable[tuple[str, object]]) -> str:
    said = [f"{fact}: {'yes' if value is True else 'no' if value is False else value}" for fact, value in site]
    return f" [only where {', '.join(said)}]" if said else ""


def _notice(notice: str) -> Iterator[Line]:
    if notice:
        yield Line(notice, "! ", "warning")


def _release(ruleset: RuleSet) -> list[Line]:
    about = f"{ruleset.ref.approval.upper()}: {ruleset.id} {ruleset.version}, digest {ruleset.digest[:12]}; review by {ruleset.review_by}"
    return [*_notice(ruleset.notice), Line(about, style="dim")]
