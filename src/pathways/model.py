"""What authors write, as frozen pydantic models; the JSON Schemas for editors are generated from here.

Strict: nothing is coerced, no key is ignored, no NaN. Scalars come in as they were typed (`documents`), so that `no`, `010`
and `12:30` mean what the field says, never what YAML guesses. Conditions stay plain data here; `conditions` reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from pathways.conditions import number_help
from pathways.findings import UNITS, number

__all__ = ["Case", "FindingsFile", "ItemsFile", "PathwayFile", "RuleSetFile", "SiteFile", "SourcesFile"]


class Part(BaseModel):
    """Anything an author writes."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False, populate_by_name=False)


def _yes_no(value: Any) -> bool:
    if isinstance(value, str) and not getattr(value, "quoted", False) and value in ("yes", "no"):
        return value == "yes"
    raise PydanticCustomError(
        "yes_no", "`{value}` is neither yes nor no", {"value": _short(value), "help": "write yes or no, without quotes"}
    )


def _number(value: Any) -> Decimal:
    exact = None if getattr(value, "quoted", False) else number(value)
    if exact is None:
        raise PydanticCustomError("number", "`{value}` is not a number", {"value": _short(value), "help": number_help(value)})
    return exact


def _whole(value: Any) -> int:
    exact = _number(value)
    if exact != exact.to_integral_value():
        raise PydanticCustomError("number", "`{value}` is not a whole number", {"value": _short(value), "help": "leave the fraction out"})
    return int(exact)


def _day(value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat() if isinstance(value, str) and len(value) == 10 else _no_day(value)
    except ValueError:
        return _no_day(value)


def _no_day(value: Any) -> str:
    raise PydanticCustomError(
        "day", "`{value}` is not a date", {"value": _short(value), "help": "write year-month-day, such as 2027-05-24"}
    )


def _minutes(value: Any) -> int:
    words = value.split() if isinstance(value, str) else []
    if len(words) == 2 and words[0].isascii() and words[0].isdigit() and words[1] in ("min", "h"):
        return int(words[0]) * (60 if words[1] == "h" else 1)
    raise PydanticCustomError("duration", "`{value}` is not a time", {"value": _short(value), "help": "write it as 20 min or 6 h"})


def _short(value: Any) -> str:
    if isinstance(value, str):
        return value if len(value) <= 60 else value[:57] + "..."
    return "a mapping" if isinstance(value, Mapping) else "a list" if isinstance(value, list) else str(value)


def _typed(reader: Callable[[Any], Any], schema: dict[str, Any]) -> tuple[Any, Any]:
    return BeforeValidator(reader), WithJsonSchema(schema)


YesNoWord = Annotated[bool, *_typed(_yes_no, {"enum": ["yes", "no"]})]
NumberWord = Annotated[Decimal, *_typed(_number, {"type": "number"})]
WholeWord = Annotated[int, *_typed(_whole, {"type": "integer"})]
Day = Annotated[str, *_typed(_day, {"type": "string", "format": "date"})]
Minutes = Annotated[int, *_typed(_minutes, {"type": "string", "pattern": "^[0-9]+ (min|h)$"})]
_ID = r"^[a-z][a-z0-9_]*$"
_SOURCE_ID = r"^[A-Za-z][A-Za-z0-9-]*$"
_LIMIT_ID = r"^[A-Za-z][A-Za-z0-9_]*$"
_VERSION = r"^[0-9]+\.[0-9]+\.[0-9]+$"
_DAYS = r"^P[0-9]+D$"
_GRADE = r"^[A-E](/[A-E])?$"
_CODE = r"^[A-Z0-9.]+$"
FORMS = {  # pattern → what it is the form of, and how that is written
    _ID: ("an id", "small letters, digits and underscores, beginning with a letter"),
    _SOURCE_ID: ("the id of a source", "letters, digits and hyphens, beginning with a letter"),
    _LIMIT_ID: ("the id of a limit", "letters, digits and underscores, beginning with a letter"),
    _VERSION: ("a version", "three numbers with points, such as 0.1.0"),
    _DAYS: ("a number of days", "write five days as P5D"),
    _GRADE: ("a grade", "a capital letter from A to E, or two such as A/B"),
    _CODE: ("a code", "capital letters, digits and points"),
}
Id = Annotated[str, StringConstraints(pattern=_ID, max_length=80)]
SourceId = Annotated[str, StringConstraints(pattern=_SOURCE_ID, max_length=40)]
LimitId = Annotated[str, StringConstraints(pattern=_LIMIT_ID)]
Version = Annotated[str, StringConstraints(pattern=_VERSION)]
Days = Annotated[str, StringConstraints(pattern=_DAYS)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
ConditionData: TypeAlias = Annotated[
    Any, WithJsonSchema({"x-ref": "Condition"}), Field(description="A condition: a finding, a comparison, or all / any / not.")
]


ComparisonData: TypeAlias = Annotated[
    Any, WithJsonSchema({"x-ref": "Comparison"}), Field(description="What a finding is compared with, such as {at_least: 160}.")
]


def _unit(value: Any) -> str:
    if isinstance(value, str) and value in UNITS:
        return str(value)
    spoken = [
        unit for unit, said in UNITS.items() if isinstance(value, str) and said and value.lower() in (said.lower(), said.lower()[:-1])
    ]
    known = ", ".join(f"{unit} ({said})" if said not in ("", unit) else unit for unit, said in UNITS.items())
    help = f"write `{spoken[0]}`" if spoken else f"a UCUM unit: {known}"
    raise PydanticCustomError("unit", "`{value}` is not a unit that is used here", {"value": _short(value), "help": help})


UnitWord = Annotated[str, *_typed(_unit, {"enum": list(UNITS), "description": "UCUM unit."})]
Basis = Annotated[
    Literal["source", "evidence", "interpretation"],
    Field(description="source: a row of the agreed table says so; evidence: published; interpretation: ours, fills a gap."),
]
Worse = Annotated[Literal["yes", "no", "higher", "lower", "both", "neither"], Field(description="Which answer is worse for the patient.")]
SiteWanted: TypeAlias = dict[Id, Annotated[Any, WithJsonSchema({"anyOf": [{"enum": ["yes", "no"]}, {"x-ref": "Limits"}]})]]

# pydantic writes only references that it made; `x-ref` becomes `$ref` once these definitions stand beside them.
CONDITION_SCHEMA: dict[str, Any] = {
    "Condition": {
        "description": "Holds or does not hold of a patient. Unknown is never no.",
        "anyOf": [
            {
                "type": "string",
                "pattern": "^[a-z][a-z0-9_]*$",
                "description": "The yes/no finding is yes, or the definition of that name holds.",
            },
            {
                "type": "object",
                "minProperties": 1,
                "maxProperties": 1,
                "properties": {
                    "all": {
                        "type": "array",
                        "minItems": 1,
                        "items": {"$ref": "#/$defs/Condition"},
                        "description": "Every one of these holds.",
                    },
                    "any": {
                        "type": "array",
                        "minItems": 1,
                        "items": {"$ref": "#/$defs/Condition"},
                        "description": "At least one of these holds.",
                    },
                    "not": {"$ref": "#/$defs/Condition", "description": "This does not hold."},
                },
                "additionalProperties": {"$ref": "#/$defs/Comparison"},
            },
        ],
    },
    "Comparison": {
        "description": "What a finding is compared with: yes or no, a choice or several, limits of a number.",
        "anyOf": [{"type": "string"}, {"type": "array", "minItems": 1, "items": {"type": "string"}}, {"$ref": "#/$defs/Limits"}],
    },
    "Limits": {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": {
            "at_least": {"type": "number", "description": "This or more."},
            "above": {"type": "number", "description": "More than this."},
            "at_most": {"type": "number", "description": "This or less."},
            "below": {"type": "number", "description": "Less than this."},
        },
    },
}


# -- findings.yaml ---------------------------------------------------------------------------------------------------


class CodePart(Part):
    """A code of a terminology for a finding, and where it was verified."""

    system: Literal["snomed", "icd10"]
    code: Annotated[str, StringConstraints(pattern=_CODE, max_length=18)]
    match: Literal["exact", "near", "broader", "narrower"]
    verified_by: list[Text]


class FindingPart(Part):
    """A question that can be asked of a patient."""

    ask: Text = Field(description="The wording at the bedside, as it stands in a list.")
    means: Text = Field(description="How it is read at the bedside.")
    kind: Literal["yes_no", "choice", "number"] = Field("yes_no", description="yes_no unless said.")
    group: Id = Field(description="The screen on which it is asked.")
    worse: Worse
    unit: UnitWord | None = None
    range: Annotated[list[NumberWord], Field(min_length=2, max_length=2)] | None = Field(
        None, description="Lowest and highest possible value, both included."
    )
    resolution: NumberWord | None = Field(None, description="The step in which it is measured.")
    values: dict[Id, Text] | None = Field(None, description="For a choice: value and label.")
    applies: ConditionData | None = Field(None, description="Where this is false the question does not exist.")
    codes: list[CodePart] = []
    reserved: YesNoWord = Field(False, description="Declared, but read by no rule.")


class FindingsFile(Part):
    """The findings that the pathways share, and the groups in which they are asked, in order."""

    findings: dict[Id, FindingPart]
    groups: dict[Id, Text]


# -- items.yaml ------------------------------------------------------------------------------------------------------


class ItemPart(Part):
    """An action, piece of advice or follow-up; the order of the file is clinical."""

    kind: Literal["action", "advice", "follow_up"]
    text: Text
    reassures: YesNoWord = Field(False, description="Given only if certain, and only if nothing more urgent is possible.")
    discreet: YesNoWord = Field(False, description="Never on paper for the family.")
    excludes: list[Id] = Field([], description="Items never given together with this one.")
    repeat_after: Minutes | None = Field(None, description="Decide again after this time, such as 20 min.")
    before_call: Id | None = Field(
        None, description="First aid that the call to this service waits for: it is phoned after `repeat_after`, if it has not helped."
    )
    sources: list[SourceId] = []


class ItemsFile(Part):
    """The catalogue of items."""

    items: dict[Id, ItemPart]


# -- sources.yaml ----------------------------------------------------------------------------------------------------


class RowPart(Part):
    """A row of the agreed table."""

    findings: Text
    advice: Text


class EvidencePart(Part):
    """A published source: grade A national body, B health service, C teaching, D study, E news."""

    grade: Annotated[str, StringConstraints(pattern=_GRADE)]
    title: Text
    where: Text
    read: Text | None = None
    cite: YesNoWord = Field(True, description="no: may not be what a rule rests on.")


class GapPart(Part):
    """What the agreed table leaves open, and the reading of it that is encoded."""

    problem: Text
    resolution: Text


class SourcesFile(Part):
    """Where rules come from."""

    rows: dict[SourceId, RowPart]
    evidence: dict[SourceId, EvidencePart]
    gaps: dict[SourceId, GapPart]


# -- outcomes and rules ----------------------------------------------------------------------------------------------


class WindowPart(Part):
    """A span of days from an event."""

    from_: Id = Field(alias="from")
    not_before: Days
    not_after: Days


class ReferralPart(Part):
    """Whom to call or to send to, and by when."""

    service: Id
    contact: Literal["now"] | None = Field(None, description="now: phone at once.")
    within: str | WindowPart = Field(description="A value of the scale of limits, or a window.")
    site: SiteWanted | None = Field(None, description="Only where the place of care is so.")


class SiteItemPart(Part):
    """An item that depends on the place of care."""

    item: Id
    site: SiteWanted


class OutcomePart(Part):
    """What a rule gives."""

    urgency: Id
    referrals: list[ReferralPart] = []
    actions: list[Id | SiteItemPart] = []
    advice: list[Id | SiteItemPart] = []
    follow_up: list[Id | SiteItemPart] = []


class RulePart(Part):
    """When this holds, that is the outcome."""

    title: Text = Field(description="Short, as said aloud.")
    when: ConditionData
    then: OutcomePart | None = None
    handover: Id | None = Field(None, description="Adds that pathway where the condition holds.")
    basis: Basis
    sources: list[SourceId]
    narrows: list[SourceId] = Field(
        [], description="Rows that name more patients than this rule covers, or gaps whose failed examination it ranks lower."
    )
    note: Text | None = None


class RowOfLimits(Part):
    """One band of a table of limits."""

    by: ComparisonData
    limit: ComparisonData


class TablePart(Part):
    """A table of limits by a number such as age."""

    by: Id
    read: Id
    rows: list[RowOfLimits]


class DefinitionPart(Part):
    """A named condition."""

    means: Text
    when: ConditionData | None = None
    table: TablePart | None = None
    sources: list[SourceId] = []


class PathwayFile(Part):
    """The rules for one presenting complaint."""

    pathway: Id
    title: Text
    complaint: Text = Field(description="How it is offered when the complaint is asked.")
    version: Version
    review_by: Day
    notice: Text | None = Field(None, description="Shown on every surface.")
    applies: ConditionData | None = Field(None, description="Whom the pathway is for.")
    first_aid: list[Id] = Field([], description="Items shown with the first question.")
    definitions: dict[Id, DefinitionPart] = {}
    rules: dict[Id, RulePart]
    otherwise: OutcomePart | None = Field(None, description="Where no other rule of this pathway holds.")
    not_encoded: dict[SourceId, Text] = Field({}, description="Gaps that no rule encodes, each with its reason.")


# -- ruleset.yaml ----------------------------------------------------------------------------------------------------


class LevelPart(Part):
    """A level of urgency, lowest first."""

    label: Text
    latest: str | None = Field(None, description="The longest limit that it allows.")
    actionable: YesNoWord = Field(False, description="Its outcomes name a service and a limit.")
    contact: Literal["now"] | None = None


class ServicePart(Part):
    """A service that patients are referred to."""

    name: Text


class SiteFactPart(Part):
    """A fact of the place of care."""

    means: Text
    negated: Text | None = Field(None, description="How it is said that the fact is not so.")
    kind: Literal["yes_no", "number"] = "yes_no"
    unit: UnitWord | None = None
    range: Annotated[list[NumberWord], Field(min_length=2, max_length=2)] | None = None
    resolution: NumberWord | None = None


class RedFlagPart(Part):
    """A red flag that every pathway asks for."""

    title: Text
    when: ConditionData
    then: OutcomePart
    basis: Basis
    sources: list[SourceId]
    note: Text | None = None


class ConstraintPart(Part):
    """What cannot be, or what a measurement implies."""

    if_: ConditionData = Field(alias="if")
    then: ConditionData
    means: Text
    sources: list[SourceId] = []


class RuleSetFile(Part):
    """Name, scales and what all pathways share."""

    ruleset: Id
    title: Text
    version: Version
    review_by: Day
    notice: Text
    urgency: dict[Id, LevelPart]
    limits: dict[LimitId, Text]
    services: dict[Id, ServicePart]
    site_facts: dict[Id, SiteFactPart] = {}
    red_flags: dict[Id, RedFlagPart] = {}
    definitions: dict[Id, DefinitionPart] = {}
    constraints: dict[Id, ConstraintPart] = {}
    not_encoded: dict[SourceId, Text] = Field({}, description="Cross-cutting gaps that no rule encodes, each with its reason.")


# -- site files and case files ---------------------------------------------------------------------------------------


class SiteFile(Part):
    """The place of care: every site fact, complete."""

    site: Id
    title: Text
    facts: dict[Id, Annotated[Any, WithJsonSchema({"anyOf": [{"enum": ["yes", "no"]}, {"type": "number"}]})]]


AnswerData: TypeAlias = Annotated[
    Any,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": ["string", "number"]},
                {"type": "array", "items": {"type": "string"}},
                {"type": "object", "properties": {"unknown": {"type": "string"}, "from": {"type": "number"}, "below": {"type": "number"}}},
            ]
        }
    ),
]


class ExpectedReferral(Part):
    """A referral that a case expects."""

    contact: Literal["now"] | None = None
    within: str | WindowPart | None = None
    certain_within: str | None = None


class ExpectPart(Part):
    """What a case expects; it asserts an urgency and its services, or a refusal."""

    urgency: Id | None = None
    lowest: Id | None = None
    highest: Id | None = None
    status: Literal["open", "settled", "final", "not_covered"] | None = None
    referrals: dict[Id, ExpectedReferral] | None = Field(None, description="Exactly these services.")
    services: list[Id] | None = Field(None, description="Exactly these services.")
    rules: list[Id] = Field([], description="At least these rules certainly hold.")
    items: list[Id] = Field([], description="At least these items are certain.")
    possible: list[Id] = Field([], description="Items, services or rules that are merely possible.")
    absent: list[Id] = Field([], description="Items, services or rules that appear nowhere.")
    refused: list[Id] | None = Field(None, description="The answers that no patient can have together.")


class Case(Part):
    """A vignette: a presentation and the decision expected."""

    case: Text
    given: dict[Id, AnswerData] = {}
    unmentioned: Literal["absent"] | None = Field(None, description="Every yes/no finding of the pathway that is not named is absent.")
    pathways: list[Id] | None = None
    site: dict[Id, Annotated[Any, WithJsonSchema({"anyOf": [{"enum": ["yes", "no"]}, {"type": "number"}]})]] | None = None
    expect: ExpectPart
    sources: list[SourceId] = []
    note: Text | None = None
