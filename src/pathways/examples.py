"""A patient in words: what is remarkable about one of whom everything is known, and what the rules give.

Knows nothing of how the patient was found.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pathways.content import Content, Slot, Tree
from pathways.decision import Window
from pathways.findings import unit_of
from pathways.plain import Answer, Outcome, Patient, broken, holds, outcome
from pathways.remarks import Example

__all__ = ["answer_said", "answer_text", "decided", "example", "given", "said", "said_of", "standing_out"]


def example(content: Content, pathways: Sequence[str], patient: Patient, about: Container[str] = ()) -> Example:
    """The patient with what these pathways, asked together, give; choices and numbers that it is `about` are named, whatever they are."""
    return Example(
        said(content, pathways, patient, about=about), decided(content, outcome(content, pathways, patient)), given(content, patient)
    )


def said(
    content: Content, pathways: Sequence[str], patient: Patient, among: Container[str] | None = None, about: Container[str] = ()
) -> str:
    """What stands out, in the words of the findings; all else is absent or ordinary. `among` names what may be said."""
    named = [name for name in standing_out(content, pathways, patient, about) if among is None or name in among]
    told = [answer_said(content.findings[name], patient[name]) for name in named]
    return "; ".join([*told, "all else absent"]) if told else "nothing present"


def said_of(content: Content, patient: Patient, names: Container[str]) -> str:
    """What the patient answers to these findings alone; of yes/no what is present."""
    told = [
        answer_said(finding, patient[name])
        for name, finding in content.findings.items()
        if name in names and patient[name] is not None and (patient[name] is not False or finding["worse"] == "no")
    ]
    return "; ".join([*told, "all else absent"])


def standing_out(content: Content, pathways: Sequence[str], patient: Patient, about: Container[str] = ()) -> Iterator[str]:
    """The findings to name of this patient: what is present, what could not be answered well, and the numbers that matter."""
    readers = content.readers(pathways)
    for name, finding in content.findings.items():
        answer = patient[name]
        if name in about and isinstance(answer, str | Decimal):
            yield name
        elif isinstance(answer, bool):
            if answer is (finding["worse"] != "no"):
                yield name
        elif isinstance(answer, str):
            if answer != next(iter(finding["values"])):
                yield name
        elif isinstance(answer, Decimal) and name in readers and _matters(content, readers[name], name, patient):
            yield name


def _matters(content: Content, read_by: Sequence[Tree], name: str, patient: Patient) -> bool:
    """Whether another number would make another rule hold, or cannot be with the other answers."""
    before = [holds(tree, patient) for tree in read_by]
    for other in _others(content.findings[name], content):
        changed = {**patient, name: other}
        if [holds(tree, changed) for tree in read_by] != before or any(broken(content, changed)):
            return True
    return False


def _others(finding: Mapping[str, Any], content: Content) -> Iterator[Decimal]:
    """A number on each side of every limit that the rules compare it with."""
    low, high = map(Decimal, finding["range"])
    step = Decimal(finding["resolution"] or 1)
    for limit, _ in sorted(content.cuts.get(finding["id"], ())):
        for value in (limit - step, limit, limit + step):
            if low <= value <= high:
                yield value


def answer_said(finding: Mapping[str, Any], answer: Answer) -> str:
    """One answer in words."""
    ask = str(finding["ask"])
    if isinstance(answer, bool):
        return ask if answer else f"no: {ask}"
    if isinstance(answer, str):
        return f"{ask}: {finding['values'][answer]}"
    return f"{ask} {answer} {unit_of(finding['unit'], answer)}".rstrip()


def decided(content: Content, found: Outcome) -> str:
    """The urgency and who is called by when, in a line."""
    level = content.levels[found.rank] if found.rank >= 0 else "no urgency"
    rows = sorted(found.referrals.items(), key=lambda one: (one[1][0], one[0]))
    calls = [call(content, slot, limit, phoned) for slot, (limit, phoned) in rows]
    return f"{level}; {'; '.join(calls) or 'nobody is called'}"


def call(content: Content, slot: Slot, limit: int, phoned: bool) -> str:
    """One referral as it is said: the service, whether it is phoned now, by when, and at which places of care."""
    service, window, site = slot
    if window:
        days = json.loads(window)
        by_when = f"on {Window(days['from'], days['not_before'], days['not_after'])}"
    else:
        by_when = next(one["label"] for one in content.data["limits"] if one["id"] == content.limits[limit])
    name = content.services[service]
    called = f"{name} {by_when}" if not phoned else f"phone {name} now" if by_when == "now" else f"phone {name} now, {by_when}"
    return f"{called}, where {_wanted(json.loads(site))}" if site else called


def _wanted(site: Mapping[str, Any]) -> str:
    """What is wanted of a place of care, by the ids of its facts."""
    return " and ".join(
        f"`{fact}` is {' and '.join(f'{word} {limit}' for word, limit in wanted.items()).replace('_', ' ')}"
        if isinstance(wanted, Mapping)
        else f"`{fact}` is {'yes' if wanted else 'no'}"
        for fact, wanted in site.items()
    )


def given(content: Content, patient: Patient) -> tuple[tuple[str, str], ...]:
    """The answers as case files and the command line write them; what does not apply is left out."""
    return tuple((name, answer_text(patient[name])) for name in content.findings if patient[name] is not None)


def answer_text(answer: Answer) -> str:
    """One answer as it is written: `yes`, `no`, a value, a number."""
    return {True: "yes", False: "no"}[answer] if isinstance(answer, bool) else f"{answer}"
