"""A decision beside what a case expects of it: where the two differ, and which rules are responsible.

Knows nothing of files or of how a difference is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pathways.decision import Decision, Referral
from pathways.model import ExpectedReferral, ExpectPart, WindowPart
from pathways.remarks import Place, Remark
from pathways.ruleset import Outcome, RuleSet

__all__ = ["Comparison", "Difference", "Responsible", "compared", "refused"]

FEW = 3  # rules that would have given what is missing; a thing that more rules give says nothing about one of them


class Difference(NamedTuple):
    """What a case expects under a key (`what`) and what was decided. `about` names the levels, services, items or rules to blame."""

    what: str
    expected: str
    decided: str
    about: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.what}: expected {self.expected}, decided {self.decided}"


class Responsible(NamedTuple):
    """A rule that a difference comes from: `state` is holds, may hold, does not hold, or missing (an `otherwise` that is not there)."""

    rule: str
    pathway: str
    state: str
    place: Place


class Comparison(NamedTuple):
    """How a decision meets a case: its urgency beside the expected one, all that differs, and the rules responsible.

    `rules` hold, and `open` may hold: each its pathway and its id.
    """

    urgency: Difference
    differences: tuple[Difference, ...]
    rules: tuple[tuple[str, str], ...]
    open: tuple[tuple[str, str], ...]
    responsible: tuple[Responsible, ...]


def compared(expect: ExpectPart, decision: Decision, ruleset: RuleSet, pathways: tuple[str, ...]) -> Comparison:
    """What was decided for the pathways, beside what was expected."""
    urgency = _urgency(expect, decision, ruleset)
    differences = tuple(_differences(expect, decision, urgency))
    rules = tuple((reason.pathway, reason.rule) for reason in decision.reasons if reason.certainty == "certain")
    open_ = tuple((reason.pathway, reason.rule) for reason in decision.reasons if reason.certainty != "certain")
    responsible = tuple(_responsible(differences, decision, ruleset, pathways)) if differences else ()
    return Comparison(urgency, differences, rules, open_, responsible)


def refused(expect: ExpectPart, remarks: Iterable[Remark]) -> Comparison:
    """What was refused, beside what was expected."""
    said = "; ".join(remark.message for remark in remarks)
    missing = [name for name in expect.refused or () if f"`{name}`" not in said]
    expected = ", ".join(expect.refused or ()) or "a decision"
    differences = (Difference("refused", expected, said),) if expect.refused is None or missing else ()
    return Comparison(Difference("urgency", _bounds(*_wanted(expect)), "nothing was decided"), differences, (), (), ())


# -- where they differ -----------------------------------------------------------------------------------------------


def _wanted(expect: ExpectPart) -> tuple[str | None, str | None]:
    """The lowest and the highest level that are expected."""
    return expect.lowest or expect.urgency, expect.highest or expect.urgency


def _bounds(lowest: object, highest: object) -> str:
    if lowest is None or highest is None:
        return f"at least {lowest}" if lowest else f"at most {highest}" if highest else "not stated"
    return str(lowest) if lowest == highest else f"{lowest} to {highest}"


def _urgency(expect: ExpectPart, decision: Decision, ruleset: RuleSet) -> Difference:
    """The urgency expected and decided; to blame is a level above what was expected, since too low is what nobody gave."""
    ends = zip(_wanted(expect), decision.urgency, strict=True)
    above = dict.fromkeys(got.id for wanted, got in ends if wanted is not None and got is not None and got > ruleset.level(wanted))
    decided = _bounds(*decision.urgency) if decision.urgency.lowest else "no level: not covered"
    return Difference("urgency", _bounds(*_wanted(expect)), decided, tuple(above))


def _differences(expect: ExpectPart, decision: Decision, urgency: Difference) -> Iterator[Difference]:
    if expect.refused is not None:
        yield Difference("refused", ", ".join(expect.refused), str(decision.status))
        return
    if any(wanted is not None and wanted != str(got) for wanted, got in zip(_wanted(expect), decision.urgency, strict=True)):
        yield urgency
    if expect.status is not None and str(decision.status) != expect.status:
        yield Difference("status", expect.status, str(decision.status))
    yield from _services(expect, decision)
    services = {referral.service: referral.certainty for referral in decision.referrals}
    items = {item.id: item.certainty for item in (*decision.actions, *decision.advice, *decision.follow_up)}
    rules = {reason.rule: reason.certainty for reason in decision.reasons}
    for rule in expect.rules:
        if rules.get(rule) != "certain":
            yield Difference("rules", rule, _state(rules.get(rule)), (rule,))
    for item in expect.items:
        if items.get(item) != "certain":
            yield Difference("items", item, items.get(item, "absent"), (item,))
    everything = {**services, **rules, **items}
    for name in expect.possible:
        if everything.get(name) != "possible":
            yield Difference("possible", name, everything.get(name, "absent"), (name,))
    for name in expect.absent:
        if name in everything:
            yield Difference("absent", name, everything[name], (name,))


def _state(certainty: str | None) -> str:
    return {"certain": "holds", "possible": "may hold"}.get(certainty or "", "does not hold")


def _services(expect: ExpectPart, decision: Decision) -> Iterator[Difference]:
    services = {referral.service for referral in decision.referrals if referral.certainty == "certain" or decision.status == "open"}
    possible = {referral.service for referral in decision.referrals if referral.certainty == "possible"}
    listed = expect.referrals if expect.referrals is not None else expect.services
    if listed is not None and not (services - possible <= set(listed) <= services | possible):
        yield Difference("services", _listed(listed), _listed(services), tuple(sorted(services ^ set(listed))))
    for service, one in (expect.referrals or {}).items():
        found = [referral for referral in decision.referrals if referral.service == service]
        if found and not any(_same(one, referral) for referral in found):
            yield Difference("referrals", f"{service}: {_said(one)}", "; ".join(map(_got, found)), (service,))


def _listed(names: Iterable[str]) -> str:
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
    said = expected.model_dump(by_alias=True, exclude_unset=True, exclude={"contact"})
    phoned = [_phoned(expected.contact)] if "contact" in expected.model_fields_set else []
    return ", ".join([*phoned, *(f"{key} {value}" for key, value in said.items())]) or "any"


def _got(referral: Referral) -> str:
    window = referral.window
    within = f"{window.not_before} to {window.not_after} from {window.from_}" if window else referral.within
    return f"{_phoned(referral.contact)}, within {within}, {referral.certainty}"


def _phoned(contact: str | None) -> str:
    return f"contact {contact}" if contact else "not phoned"


# -- which rules it comes from ---------------------------------------------------------------------------------------


def _responsible(
    differences: tuple[Difference, ...], decision: Decision, ruleset: RuleSet, pathways: tuple[str, ...]
) -> Iterator[Responsible]:
    """The rules that give what was not expected, then the few that would have given what is missing.

    Where no rule gives any of it (a status, or an urgency that is too low), every rule that holds. Where nothing speaks of the
    patient, first the `otherwise` that is missing.
    """
    about = {name for difference in differences for name in difference.about}
    certainty = {(reason.pathway, reason.rule): reason.certainty for reason in decision.reasons}
    if not certainty:
        asked = (ruleset.pathways[name] for name in pathways)
        yield from (Responsible("otherwise", one.id, "missing", _place(one.otherwise_place)) for one in asked if one.otherwise is None)
    reached = {pathway for pathway, _ in certainty} | {*pathways, "red_flags"}
    giving: list[tuple[Responsible, set[str]]] = []
    silent: list[tuple[Responsible, set[str]]] = []
    for pathway, rule, place, outcome in _rules(ruleset):
        if pathway in reached:
            found = certainty.get((pathway, rule))
            (giving if found else silent).append((Responsible(rule, pathway, _state(found), _place(place)), _gives(rule, outcome)))
    to_blame = [one for one, gives in giving if about & gives]
    yield from to_blame or [one for one, _ in giving if one.state == "holds"]
    missing = sorted(about.difference(*(gives for _, gives in giving)))
    would = [[one for one, gives in silent if name in gives] for name in missing]
    yield from dict.fromkeys(one for ones in would if len(ones) <= FEW for one in ones)


def _rules(ruleset: RuleSet) -> Iterator[tuple[str, str, str, Outcome | None]]:
    """Every rule and `otherwise` as (pathway, id, place, outcome)."""
    for flag in ruleset.red_flags:
        yield flag.pathway, flag.id, flag.place, flag.outcome
    for pathway in ruleset.pathways.values():
        for rule in pathway.rules:
            yield pathway.id, rule.id, rule.place, rule.outcome
        if pathway.otherwise is not None:
            yield pathway.id, "otherwise", pathway.otherwise_place, pathway.otherwise


def _place(text: str) -> Place:
    """A place as the compiled form has it."""
    file, line, column = text.rsplit(":", 2)
    return Place(file, int(line), int(column))


def _gives(rule: str, outcome: Outcome | None) -> set[str]:
    """What can be expected of a rule by name: itself, its level, its services and items."""
    if outcome is None:
        return {rule}
    return {rule, outcome.urgency.id, *(row.service for row in outcome.referrals), *(item for item, _ in outcome.items)}
