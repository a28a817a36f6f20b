"""What the rules say of one presentation: frozen, typed, and canonical as JSON.

Knows nothing of rule files or of how a decision is reached or shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from pathways.frozen import Frozen

if TYPE_CHECKING:
    from pathways.evaluation import Reached
    from pathways.presentations import Presentation
    from pathways.ruleset import RuleSet

__all__ = [
    "Answer",
    "Bounds",
    "Change",
    "Decision",
    "Item",
    "MissedRule",
    "Question",
    "Reason",
    "Referral",
    "RuleSetRef",
    "SiteRef",
    "Status",
    "Urgency",
    "WhyNot",
    "Window",
    "canonical",
]

CERTAIN, POSSIBLE = "certain", "possible"
RECORD_FORMAT = 1  # of the record


class Status(StrEnum):
    """How much can still change: see design 3.3.

    A patient whom no pathway asked is for is `not_covered` only once the red flags, which are decided all the same, are answered
    "no"; until then the status is `open`, and `Decision.covered` is False.
    """

    OPEN = "open"  # urgency or a referral can still change
    SETTLED = "settled"  # urgency and every referral with its limit are fixed
    FINAL = "final"  # nothing at all can change
    NOT_COVERED = "not_covered"  # no pathway asked is for this patient; no urgency is given


class Urgency(Frozen):
    """A level of the rule set's urgency scale; compares by order, prints as its id, and equals the text of its id.

    `latest` is the longest limit that the level allows, `contact` is `now` where somebody is phoned at once.
    """

    __slots__ = ("id", "rank", "label", "latest", "contact")  # noqa: RUF023 - as they are shown

    id: str
    rank: int
    label: str
    latest: str | None
    contact: str | None

    def __init__(self, id: str, rank: int, label: str = "", latest: str | None = None, contact: str | None = None) -> None:
        for name, value in zip(self.__slots__, (id, rank, label, latest, contact), strict=True):
            object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[type[Urgency], tuple[str, int, str, str | None, str | None]]:
        return Urgency, (self.id, self.rank, self.label, self.latest, self.contact)

    def __str__(self) -> str:
        return self.id

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            return self.id == other
        return (self.id, self.rank) == (other.id, other.rank) if isinstance(other, Urgency) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.id)

    def __lt__(self, other: Urgency) -> bool:
        return self.rank < other.rank if isinstance(other, Urgency) else NotImplemented

    def __le__(self, other: Urgency) -> bool:
        return self.rank <= other.rank if isinstance(other, Urgency) else NotImplemented

    def __gt__(self, other: Urgency) -> bool:
        return self.rank > other.rank if isinstance(other, Urgency) else NotImplemented

    def __ge__(self, other: Urgency) -> bool:
        return self.rank >= other.rank if isinstance(other, Urgency) else NotImplemented


class Bounds(NamedTuple):
    """The lowest and highest urgency still possible, of the completions that have one; both None where none has."""

    lowest: Urgency | None
    highest: Urgency | None


class Window(NamedTuple):
    """A span of days in which a referral is to be seen: ISO 8601 durations, counted `from_` an event."""

    from_: str
    not_before: str
    not_after: str

    def __str__(self) -> str:
        """As it is said: `day 5 to 7 from the injury`."""
        first, last = (day.removeprefix("P").removesuffix("D") for day in (self.not_before, self.not_after))
        days = first if first == last else f"{first} to {last}"
        return f"day {days} from the {self.from_.replace('_', ' ')}"


class Referral(NamedTuple):
    """Whom to call or to send to. `within` is the earliest limit still possible, `certain_within` what holds however the
    unknowns turn out (None if the referral is only possible): ids of the limit scale. `contact` is `now` where somebody is
    phoned at once. `condition` leads where the place of care is not known. A `discreet` one is for professionals only."""

    service: str
    name: str
    contact: str | None
    within: str | None
    certain_within: str | None
    window: Window | None
    certainty: str
    condition: str = ""
    discreet: bool = False


class Item(NamedTuple):
    """One action, piece of advice or follow-up. `repeat_after` is in minutes: decide again then.

    A `discreet` one (safeguarding) is for professionals: never on a big screen or on a page for the family.
    """

    id: str
    kind: str
    text: str
    certainty: str
    discreet: bool = False
    repeat_after: int | None = None
    condition: str = ""


class Reason(NamedTuple):
    """A rule that holds, or may hold; `handover` names the pathway that it adds, and then `urgency` is None.

    `basis` is source, evidence or interpretation. The title of a `discreet` one is for professionals only.
    """

    pathway: str
    rule: str
    title: str
    urgency: Urgency | None
    basis: str
    sources: tuple[str, ...]
    narrows: tuple[str, ...]
    certainty: str
    handover: str | None = None
    discreet: bool = False


class Answer(NamedTuple):
    """A finding and what was given for it, as JSON writes it."""

    finding: str
    value: Any


class Question(NamedTuple):
    """A finding worth asking, with the reason; `optional` where only actions or advice could still change.

    `if_seen`: only an examination shows it, and whether that was possible is asked later. It can be answered yes by who
    has seen it; "none of these" says nothing of it. The `why` of a `discreet` one is for professionals
    only, as is the answer to what `RuleSet.discreet` names.
    """

    finding: str
    group: str
    ask: str
    means: str
    why: str
    optional: bool = False
    if_seen: bool = False
    discreet: bool = False


class MissedRule(NamedTuple):
    """A rule of at least the asked urgency that does not certainly hold: what failed, and what is open.

    A `discreet` one is for professionals only.
    """

    pathway: str
    rule: str
    title: str
    urgency: Urgency
    failed: tuple[str, ...]
    open: tuple[str, ...]
    discreet: bool = False


class Change(NamedTuple):
    """One finding of a smallest change: what was given (None if nothing), and what it would have to be."""

    finding: str
    now: Any
    to: str


class WhyNot(NamedTuple):
    """Why a decision is not at `level`: the rules that could have held, and a smallest change of findings that reaches it.

    `change` is empty where the level is already certain, and None where no patient reaches it.
    """

    level: Urgency
    rules: tuple[MissedRule, ...]
    change: tuple[Change, ...] | None


class SiteRef(NamedTuple):
    """The place of care that a decision was made for."""

    id: str
    digest: str


class RuleSetRef(NamedTuple):
    """The rules that a decision was made with; `approval` is `draft` where nobody has signed this digest."""

    id: str
    version: str
    digest: str
    approval: str


class Decision(Frozen):
    """A bounded answer with its reasons: exact over all ways in which the open findings could turn out (design 3.3).

    Whoever must act now acts on `urgency.highest`. Two decisions are equal if their records are: the same rules at the same
    place of care say it of the same pathways and the same answers. One that is pickled takes its rule set along.
    """

    __slots__ = ("status", "urgency", "referrals", "actions", "advice", "follow_up", "reasons", "_reached")  # noqa: RUF023 - as they are shown

    status: Status
    urgency: Bounds
    referrals: tuple[Referral, ...]
    actions: tuple[Item, ...]
    advice: tuple[Item, ...]
    follow_up: tuple[Item, ...]
    reasons: tuple[Reason, ...]
    _reached: Reached

    def __init__(
        self,
        status: Status,
        urgency: Bounds,
        referrals: tuple[Referral, ...],
        items: tuple[tuple[Item, ...], tuple[Item, ...], tuple[Item, ...]],
        reasons: tuple[Reason, ...],
        reached: Reached,
    ) -> None:
        # Through the slots themselves: a third of the time of `object.__setattr__`.
        _set_status(self, status)
        _set_urgency(self, urgency)
        _set_referrals(self, referrals)
        _set_actions(self, items[0])
        _set_advice(self, items[1])
        _set_follow_up(self, items[2])
        _set_reasons(self, reasons)
        _set_reached(self, reached)

    def __repr__(self) -> str:
        """Short, and with nothing of the patient: it ends up in logs."""
        lowest, highest = self.urgency
        level = "no urgency" if highest is None else f"{highest}" if lowest == highest else f"{lowest} to {highest}"
        rules = self.ruleset
        return f"<Decision {self.status}, {level}; {', '.join(self.pathways)}; {rules.id} {rules.version} {rules.digest[:12]}>"

    def __eq__(self, other: object) -> bool:
        return self._made_of() == other._made_of() if isinstance(other, Decision) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._made_of())

    def _made_of(self) -> tuple[RuleSetRef, SiteRef, tuple[str, ...], str]:
        """All that a record depends on."""
        return self.ruleset, self.site, self.pathways, canonical(self.presentation)

    def __reduce__(self) -> tuple[Any, tuple[RuleSet, tuple[str, ...], Presentation]]:
        asked = self._reached.asked
        return _decided_again, (asked.ruleset, asked.pathways, self._reached.presentation)

    @property
    def pathways(self) -> tuple[str, ...]:
        """The pathways that were asked."""
        return self._reached.asked.pathways

    @property
    def covered(self) -> bool:
        """Whether there is an urgency however the open findings turn out; while False, the status may become `not_covered`."""
        return self.urgency.highest is not None and self._reached.covered()

    @property
    def unread(self) -> tuple[str, ...]:
        """Findings with a worrying answer that no rule reads which holds or may hold here: show them, for a clinician to judge."""
        return self._reached.unread()

    @property
    def not_covered(self) -> tuple[str, ...]:
        """The asked pathways that are certainly not for this patient."""
        return self._reached.coverage()[0]

    @property
    def maybe_not_covered(self) -> tuple[str, ...]:
        """The asked pathways that may turn out not to be for this patient."""
        return self._reached.coverage()[1]

    @property
    def presentation(self) -> Mapping[str, Any]:
        """What was given, as JSON writes it; findings with a reason for absence included."""
        return self._reached.presentation.to_dict()

    @property
    def site(self) -> SiteRef:
        """The place of care; `unconfigured` where none was named."""
        return self._reached.asked.ruleset.site_ref

    @property
    def ruleset(self) -> RuleSetRef:
        """Which rules decided."""
        return self._reached.asked.ruleset.ref

    @property
    def engine(self) -> str:
        """Name and version of the engine that decided."""
        return self._reached.asked.ruleset.engine

    @property
    def notices(self) -> tuple[str, ...]:
        """What every surface shows: how the rules stand, unless approved, and their banner; then pathways, and an unconfigured site."""
        return self._reached.notices()

    @property
    def because(self) -> tuple[Answer, ...]:
        """A smallest set of answers that fixes the urgency, or its lowest bound while the urgency is open; computed when read."""
        return self._reached.because()

    def next_questions(self) -> tuple[Question, ...]:
        """The next screen: the open findings of one group, most urgent first; empty where the decision is settled."""
        return self._reached.next_questions()

    def optional_questions(self) -> tuple[Question, ...]:
        """What could still change actions or advice, once the decision is settled."""
        return self._reached.optional_questions()

    def why_not(self, level: str | Urgency) -> WhyNot:
        """Why this is not at `level` of urgency; raises ValueError for a level that the rule set does not have."""
        return self._reached.why_not(level)

    def to_dict(self) -> dict[str, Any]:
        """The record of this decision, as plain data for JSON.

        `window`, `condition`, `repeat_after` and `handover` stand only where there is one; every other key always.
        """
        discreet = self._reached.asked.ruleset.discreet.findings
        return {
            "format": RECORD_FORMAT,
            "status": str(self.status),
            "urgency": {"lowest": _id(self.urgency.lowest), "highest": _id(self.urgency.highest)},
            "referrals": [_referral(referral) for referral in self.referrals],
            "actions": [_item(item) for item in self.actions],
            "advice": [_item(item) for item in self.advice],
            "follow_up": [_item(item) for item in self.follow_up],
            "reasons": [_reason(reason) for reason in self.reasons],
            "because": [{"finding": one.finding, "value": one.value, "discreet": one.finding in discreet} for one in self.because],
            "next": [question._asdict() for question in self.next_questions()],
            "optional": [question._asdict() for question in self.optional_questions()],
            "unread": list(self.unread),
            "covered": self.covered,
            "not_covered": list(self.not_covered),
            "maybe_not_covered": list(self.maybe_not_covered),
            "pathways": list(self.pathways),
            "presentation": dict(self.presentation),
            "site": {"id": self.site.id, "digest": self.site.digest},
            "ruleset": {
                "id": self.ruleset.id,
                "version": self.ruleset.version,
                "digest": self.ruleset.digest,
                "approval": self.ruleset.approval,
            },
            "notices": list(self.notices),
            "engine": self.engine,
        }

    def to_json(self) -> str:
        """The record as canonical JSON: byte-equal for equal input."""
        return canonical(self.to_dict())


_set_status, _set_urgency, _set_referrals, _set_actions, _set_advice, _set_follow_up, _set_reasons, _set_reached = (
    vars(Decision)[name].__set__ for name in Decision.__slots__
)


def _decided_again(ruleset: RuleSet, pathways: tuple[str, ...], presentation: Presentation) -> Decision:
    """A pickled decision; relies on `RuleSet` to refuse another engine, so that it is the one that was pickled."""
    return ruleset.decide(presentation, pathways)


def canonical(data: Any) -> str:
    """JSON with sorted keys, no blanks, ASCII only, no NaN."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _id(urgency: Urgency | None) -> str | None:
    return None if urgency is None else urgency.id


def _referral(referral: Referral) -> dict[str, Any]:
    data: dict[str, Any] = {
        "service": referral.service,
        "name": referral.name,
        "contact": referral.contact,
        "within": referral.within,
        "certain_within": referral.certain_within,
        "certainty": referral.certainty,
        "discreet": referral.discreet,
    }
    if referral.window is not None:
        window = referral.window
        data["window"] = {"from": window.from_, "not_before": window.not_before, "not_after": window.not_after}
    if referral.condition:
        data["condition"] = referral.condition
    return data


def _item(item: Item) -> dict[str, Any]:
    data: dict[str, Any] = {"id": item.id, "text": item.text, "certainty": item.certainty, "discreet": item.discreet}
    if item.repeat_after is not None:
        data["repeat_after"] = item.repeat_after
    if item.condition:
        data["condition"] = item.condition
    return data


def _reason(reason: Reason) -> dict[str, Any]:
    data: dict[str, Any] = {
        "pathway": reason.pathway,
        "rule": reason.rule,
        "title": reason.title,
        "urgency": _id(reason.urgency),
        "basis": reason.basis,
        "sources": list(reason.sources),
        "narrows": list(reason.narrows),
        "certainty": reason.certainty,
        "discreet": reason.discreet,
    }
    if reason.handover is not None:
        data["handover"] = reason.handover
    return data
