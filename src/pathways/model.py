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
from pathways.remarks import short

__all__ = [
    "Case", "FindingsFile", "HazardsFile", "ItemsFile", "PathwayFile", "RequirementsFile", "RuleSetFile", "SiteFile", "SourcesFile",
]  # fmt: skip


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
    if len(words) == 2 and words[0].isascii() and words[0].isdigit() and len(words[0]) < 6 and words[1] in ("min", "h"):
        return int(words[0]) * (60 if words[1] == "h" else 1)
    raise PydanticCustomError("duration", "`{value}` is not a time", {"value": _short(value), "help": "write it as 20 min or 6 h"})


def _short(value: Any) -> str:
    if isinstance(value, str):
        return short(value)
    return "a mapping" if isinstance(value, Mapping) else "a list" if isinstance(value, list) else str(value)


def _typed(reader: Callable[[Any], Any], schema: dict[str, Any]) -> tuple[Any, Any]:
    return BeforeValidator(reader), WithJsonSchema(schema)


YesNoWord = Annotated[bool, *_typed(_yes_no, {"enum": ["yes", "no"]})]
NumberWord = Annotated[Decimal, *_typed(_number, {"type": "number"})]
Day = Annotated[str, *_typed(_day, {"type": "string", "format": "date"})]
Minutes = Annotated[int, *_typed(_minutes, {"type": "string", "pattern": "^[0-9]+ (min|h)$"})]
_ID = r"^[a-z][a-z0-9_]*$"
_SOURCE_ID = r"^[A-Za-z][A-Za-z0-9-]*$"
_LIMIT_ID = r"^[A-Za-z][A-Za-z0-9_]*$"
_VERSION = r"^[0-9]+\.[0-9]+\.[0-9]+$"
_DAYS = r"^P[0-9]+D$"
_GRADE = r"^[A-E](/[A-E])?$"
_CODE = r"^[A-Z0-9.]+$"
_PROPERTY = r"^P[A-Z0-9][a-z0-9]*$"
FORMS = {  # pattern → what it is the form of, and how that is written
    _ID: ("an id", "small letters, digits and underscores, beginning with a letter"),
    _SOURCE_ID: ("the id of a source", "letters, digits and hyphens, beginning with a letter"),
    _LIMIT_ID: ("the id of a limit", "letters, digits and underscores, beginning with a letter"),
    _VERSION: ("a version", "three numbers with points, such as 0.1.0"),
    _DAYS: ("a number of days", "write five days as P5D"),
    _GRADE: ("a grade", "a capital letter from A to E, or two such as A/B"),
    _CODE: ("a code", "capital letters, digits and points"),
    _PROPERTY: ("the id of a property", "as `check` prints it, such as P7a"),
}
Id = Annotated[str, StringConstraints(pattern=_ID, max_length=80)]
SourceId = Annotated[str, StringConstraints(pattern=_SOURCE_ID, max_length=40)]
LimitId = Annotated[str, StringConstraints(pattern=_LIMIT_ID)]
Version = Annotated[str, StringConstraints(pattern=_VERSION)]
Days = Annotated[str, StringConstraints(pattern=_DAYS, max_length=6)]
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

    system: Literal["snomed", "icd10"] = Field(description="The terminology.")
    code: Annotated[str, StringConstraints(pattern=_CODE, max_length=18)] = Field(
        description="The code as the terminology writes it; a SNOMED CT id passes its check digit."
    )
    match: Literal["exact", "near", "broader", "narrower"] = Field(description="How close the code comes to the finding.")
    verified_by: list[Text] = Field(description="The public files in which the code was read.")


class FindingPart(Part):
    """A question that can be asked of a patient."""

    ask: Text = Field(description="The wording at the bedside, as it stands in a list.")
    means: Text = Field(description="How it is read at the bedside: what counts and what does not.")
    kind: Literal["yes_no", "choice", "number"] = Field("yes_no", description="yes_no where nothing is said.")
    unit: UnitWord | None = Field(None, description="Of a number: its UCUM unit.")
    range: Annotated[list[NumberWord], Field(min_length=2, max_length=2)] | None = Field(
        None, description="Of a number: the lowest and the highest possible value, both included."
    )
    resolution: NumberWord | None = Field(
        None, description="Of a number: the step in which it is measured, above 0; every limit that rules compare it with is a multiple."
    )
    values: dict[Id, Text] | None = Field(None, description="Of a choice: value and label. `unknown`, `yes` and `no` are no values.")
    worse: Worse = Field(
        description=(
            "Which answer is worse for the patient: yes, no or neither; of a number higher, lower, both or neither; of a "
            "choice neither. The yes/no findings of one group have the same."
        )
    )
    group: Id = Field(description="The screen on which it is asked: a name from `groups`.")
    applies: ConditionData | None = Field(
        None, description="Where this is false the question does not exist, and every comparison with it is false."
    )
    hides: list[Id] = Field([], description="Yes/no findings that cannot be looked for where this is yes; `none` does not deny them.")
    measured_by: list[Id] = Field([], description="Numbers that say so themselves: once all of them are known, the interview records yes.")
    codes: list[CodePart] = Field([], description="Codes of terminologies.")
    appearance: Text | None = Field(
        None,
        description="Of a finding that is judged by how somebody looks: for whom it may be missed or misread, and what to look at instead.",
    )
    reserved: YesNoWord = Field(False, description="Declared, but read by no rule; say why in a comment.")


class FindingsFile(Part):
    """The findings that the pathways share, and the groups in which they are asked, in order."""

    findings: dict[Id, FindingPart] = Field(description="Every finding by its id. The id means the same in every pathway.")
    groups: dict[Id, Text] = Field(description="The screens in the order in which they are asked: id and the question above the list.")


# -- items.yaml ------------------------------------------------------------------------------------------------------


class ItemPart(Part):
    """An action, piece of advice or follow-up; the order of the file is clinical."""

    kind: Literal["action", "advice", "follow_up"] = Field(
        description="Under which key of an outcome it is listed: `actions`, `advice` or `follow_up`."
    )
    text: Text = Field(description="What is said to the clinician, or through them to the patient.")
    reassures: YesNoWord = Field(
        False, description="Given only if certain, and only if nothing more urgent is possible. Never in `otherwise`."
    )
    discreet: YesNoWord = Field(False, description="Never on paper for the family or on a screen that they see.")
    excludes: list[Id] = Field([], description="Items never given together with this one.")
    repeat_after: Minutes | None = Field(None, description="Decide again after this time.")
    before_call: Id | None = Field(
        None, description="First aid that the call to this service waits for: it is phoned after `repeat_after`, if it has not helped."
    )
    quotes: list[Text] = Field(
        [],
        description="Times, services and numbers in the text that are a source's, or hold for some; `check` does not compare them.",
    )
    medicine: Text | None = Field(
        None, description="Of an item that names a medicine: which, in what formulation, and what a pharmacist must know of it."
    )
    sources: list[SourceId] = Field([], description="What the item rests on.")


class ItemsFile(Part):
    """The catalogue of items."""

    items: dict[Id, ItemPart] = Field(
        description="Every item by its id. The order is clinical: what is done first stands first, in every decision."
    )


# -- sources.yaml ----------------------------------------------------------------------------------------------------


class OriginPart(Part):
    """Where the agreed table was published, and by whom."""

    title: Text = Field(description="What it is called.")
    by: Text = Field(description="Whose it is: the person and the body.")
    published: Text = Field(description="In what it was published, and by which body.")
    date: Day = Field(description="The day of that publication.")
    in_force: Text | None = Field(
        None, description="Who says that it is in force, where, and since when; left out where nobody did, and shown as blank."
    )


class RowPart(Part):
    """A row of the agreed table."""

    findings: Text = Field(description="What the row says of the patient, word for word.")
    advice: Text = Field(description="What the row says is to be done, word for word.")


class EvidencePart(Part):
    """A published source: grade A national body, B health service, C teaching, D study, E news."""

    grade: Annotated[str, StringConstraints(pattern=_GRADE)] = Field(
        description="A national body, B health service, C teaching, D study, E news; two such as A/B where it is between."
    )
    title: Text = Field(description="Title, publisher and year.")
    where: Text = Field(description="Where it can be read.")
    read: Text | None = Field(None, description="How and when it was read.")
    cite: YesNoWord = Field(True, description="no: nothing may rest on it alone.")


class GapPart(Part):
    """What the agreed table leaves open, and the reading of it that is encoded."""

    problem: Text = Field(description="What the agreed table leaves open.")
    resolution: Text = Field(description="The reading of it that is encoded.")


class SourcesFile(Part):
    """Where rules come from."""

    table: OriginPart | None = Field(None, description="Where the agreed table comes from; left out, the site shows a blank.")
    rows: dict[SourceId, RowPart] = Field(description="The rows of the agreed table. Every row is cited by a rule.")
    evidence: dict[SourceId, EvidencePart] = Field(description="Published sources.")
    gaps: dict[SourceId, GapPart] = Field(
        description="What the table leaves open. Every gap is cited, or stands under `not_encoded` with a reason."
    )


# -- outcomes and rules ----------------------------------------------------------------------------------------------


class WindowPart(Part):
    """A span of days from an event."""

    from_: Id = Field(alias="from", description="The event that the days are counted from, such as injury.")
    not_before: Days = Field(description="The first day.")
    not_after: Days = Field(description="The last day.")


class ReferralPart(Part):
    """Whom to call or to send to, and by when."""

    service: Id = Field(description="A service of ruleset.yaml.")
    contact: Literal["now"] | None = Field(None, description="now: phone at once. Left out: no call.")
    within: str | WindowPart = Field(description="One of the limits of ruleset.yaml, or a window.")
    site: SiteWanted | None = Field(None, description="Only where the place of care is so; else for every place.")


class SiteItemPart(Part):
    """An item that depends on the place of care."""

    item: Id = Field(description="An item of items.yaml.")
    site: SiteWanted = Field(description="Only where the place of care is so.")


class OutcomePart(Part):
    """What a rule gives."""

    urgency: Id = Field(description="A level of ruleset.yaml.")
    referrals: list[ReferralPart] = Field(
        [], description="Whom to call or send to. From the first actionable level upward at least one, within the limit of the level."
    )
    actions: list[Id | SiteItemPart] = Field([], description="Items of kind action, done now.")
    advice: list[Id | SiteItemPart] = Field([], description="Items of kind advice.")
    follow_up: list[Id | SiteItemPart] = Field([], description="Items of kind follow_up.")


class RulePart(Part):
    """When this holds, that is the outcome."""

    title: Text = Field(description="Short, as said aloud.")
    when: ConditionData = Field(description="The patients of whom it holds.")
    then: OutcomePart | None = Field(None, description="What it gives. A rule has `then` or `handover`, one of the two.")
    handover: Id | None = Field(None, description="Adds the rules of that pathway where the condition holds; never in a circle.")
    basis: Basis
    sources: list[SourceId] = Field(
        description="Ids of rows, evidence and gaps; at least one that may be cited and that carries the basis."
    )
    narrows: list[SourceId] = Field(
        [], description="Rows that name more patients than this rule covers, or gaps whose failed examination it ranks lower."
    )
    note: Text | None = Field(None, description="Why, for the reviewer.")


class RowOfLimits(Part):
    """One band of a table of limits."""

    by: ComparisonData = Field(description="The band, such as {at_least: 1, below: 2}.")
    limit: ComparisonData = Field(description="What the other number is compared with in this band, such as {at_least: 160}.")


class TablePart(Part):
    """A table of limits by a number such as age."""

    by: Id = Field(description="The number whose bands are the rows, such as age.")
    read: Id = Field(description="The number that is compared in each band.")
    rows: list[RowOfLimits] = Field(description="The bands; a patient in none of them does not meet the definition.")


class DefinitionPart(Part):
    """A named condition."""

    means: Text = Field(description="Its English: stands for it wherever the condition is printed.")
    when: ConditionData | None = Field(None, description="The condition. A definition has `when` or `table`, one of the two.")
    table: TablePart | None = Field(None, description="A table of limits instead.")
    sources: list[SourceId] = Field([], description="What it rests on.")


class PathwayFile(Part):
    """The rules for one presenting complaint."""

    pathway: Id = Field(description="Its id: the name of the file.")
    title: Text = Field(description="The complaint in a word or two.")
    complaint: Text = Field(description="How it is offered when the complaint is asked.")
    version: Version = Field(description="Three numbers.")
    review_by: Day = Field(description="The last day on which nothing is said about a review; after it `validate` warns.")
    must_sign: list[Id] = Field(
        [], description="Roles of ruleset.yaml, all of which must sign the same digest before the pathway is approved."
    )
    notice: Text | None = Field(None, description="Shown on every surface, above the notice of the rule set.")
    applies: ConditionData | None = Field(None, description="Whom the pathway is for; others are not covered by it. Left out: everybody.")
    first_aid: list[Id] = Field([], description="Items shown with the first question.")
    definitions: dict[Id, DefinitionPart] = Field(
        {}, description="Named conditions of this pathway alone; no name that is a finding or a shared definition."
    )
    rules: dict[Id, RulePart] = Field(description="The rules by id. File order means nothing.")
    otherwise: OutcomePart | None = Field(
        None,
        description=(
            "What is given where no rule of this pathway holds: at least discuss_same_day, and nothing that reassures. A "
            "handover counts as a rule; shared red flags do not."
        ),
    )
    not_encoded: dict[SourceId, Text] = Field({}, description="Gaps that no rule encodes, each with its reason.")


# -- ruleset.yaml ----------------------------------------------------------------------------------------------------


class LevelPart(Part):
    """A level of urgency, lowest first."""

    label: Text = Field(description="How it is said; names no service.")
    latest: str | None = Field(
        None,
        description=(
            "The longest limit that it allows, no longer than that of a lower level. An outcome of this level or a higher "
            "one names a service in time."
        ),
    )
    actionable: YesNoWord = Field(
        False, description="Every outcome of this level or a higher one names a service, also where no limit is stated."
    )
    contact: Literal["now"] | None = Field(
        None, description="now: every outcome of this level phones somebody at once, or gives the first aid that the call waits for."
    )


class AgreedPart(Part):
    """Who agreed for a service to what the rules ask of it, and when."""

    by: Text = Field(description="Who agreed, with their office.")
    on: Day = Field(description="The day.")


class ServicePart(Part):
    """A service that patients are referred to."""

    name: Text = Field(description="How it is said.")
    agreed: AgreedPart | None = Field(None, description="Who agreed to the referrals, and when. Left out: nobody is recorded.")


class RolePart(Part):
    """Somebody whose signature a pathway needs."""

    means: Text = Field(description="Who may sign in this role, and for what they answer.")
    duty: Literal["medicines", "safety"] | None = Field(
        None, description="medicines: answers for items that name a medicine; safety: the Clinical Safety Officer."
    )


class ScopePart(Part):
    """What the rule set is for, and what it is not for."""

    purpose: Text = Field(description="The intended purpose, in a sentence or two.")
    users: Text = Field(description="Who uses it.")
    setting: Text = Field(description="Where it is used.")
    excludes: list[Text] = Field(description="Whom and what it is not for, each apart.")


class RecallPart(Part):
    """What happens when a rule turns out to be wrong."""

    withdrawn: Text = Field(description="How a copy in use learns that it is withdrawn.")
    incidents: list[Text] = Field(description="Where somebody harmed, or nearly, is reported.")
    told: list[Text] = Field([], description="Who is told of a withdrawal. Left out: nobody is named.")
    problems: Text | None = Field(None, description="Where a problem with a rule is reported. Left out: nobody is named.")


class SiteFactPart(Part):
    """A fact of the place of care."""

    means: Text = Field(description="The fact, as it leads what depends on it.")
    negated: Text | None = Field(None, description="How it is said that the fact is not so.")
    kind: Literal["yes_no", "number"] = Field("yes_no", description="yes_no where nothing is said.")
    unit: UnitWord | None = Field(None, description="Of a number: its UCUM unit.")
    range: Annotated[list[NumberWord], Field(min_length=2, max_length=2)] | None = Field(
        None, description="Of a number: the lowest and the highest possible value."
    )
    resolution: NumberWord | None = Field(None, description="Of a number: its step.")


class RedFlagPart(Part):
    """A red flag that every pathway asks for."""

    title: Text = Field(description="Short, as said aloud.")
    when: ConditionData = Field(description="The patients of whom it holds.")
    then: OutcomePart = Field(description="What it gives, whatever else is true.")
    basis: Basis
    sources: list[SourceId] = Field(description="Ids of rows, evidence and gaps.")
    note: Text | None = Field(None, description="Why, for the reviewer.")


class ConstraintPart(Part):
    """What cannot be, or what a measurement implies."""

    if_: ConditionData = Field(alias="if", description="Where this holds ...")
    then: ConditionData = Field(description="... this holds too, in every possible patient.")
    means: Text = Field(description="Why an answer is refused, in words.")
    sources: list[SourceId] = Field([], description="What it rests on.")


class RuleSetFile(Part):
    """Name, scales and what all pathways share."""

    ruleset: Id = Field(description="Its id.")
    title: Text = Field(description="Its name.")
    version: Version = Field(description="Three numbers; say a new one whenever somebody would be decided differently.")
    review_by: Day = Field(description="The last day on which nothing is said about a review.")
    notice: Text = Field(description="Shown on every surface.")
    scope: ScopePart | None = Field(None, description="What it is for, and what not.")
    roles: dict[Id, RolePart] = Field({}, description="Who must sign: pathways name these under `must_sign`.")
    recall: RecallPart | None = Field(None, description="What happens when a rule turns out to be wrong.")
    urgency: dict[Id, LevelPart] = Field(
        description="The levels, lowest first. `discuss_same_day` is known by its name: `otherwise` gives at least that."
    )
    limits: dict[LimitId, Text] = Field(
        description="The limits, earliest first: id and how it is said. Ids that count time are ISO 8601, such as PT4H or P7D."
    )
    services: dict[Id, ServicePart] = Field(description="Whom patients are referred to.")
    site_facts: dict[Id, SiteFactPart] = Field(
        {}, description="What rules may ask of a place of care, for referrals and items, never for urgency."
    )
    red_flags: dict[Id, RedFlagPart] = Field({}, description="Rules of every pathway, asked first and decided whatever else is true.")
    definitions: dict[Id, DefinitionPart] = Field({}, description="Named conditions that every pathway may use.")
    constraints: dict[Id, ConstraintPart] = Field({}, description="What cannot be, or what one answer implies.")
    not_encoded: dict[SourceId, Text] = Field({}, description="Cross-cutting gaps that no rule encodes, each with its reason.")


# -- requirements.yaml -----------------------------------------------------------------------------------------------


class RequirementPart(Part):
    """A claim about patients that the rules must meet, written from the evidence and not from the rules."""

    means: Text = Field(description="The patients and why they matter, as it is said to a clinician where the rules fail them.")
    pathways: list[Id] = Field(description="The pathways asked together. The claim is made of the patients whom they are for.")
    when: ConditionData = Field(description="The patients; may use the definitions of ruleset.yaml, not those of a pathway.")
    unmentioned: Literal["absent"] | None = Field(
        None,
        description="absent: of these patients, every yes/no finding of the pathways that `when` does not name is no, or not applicable.",
    )
    urgency: Id = Field(description="The level that they get at least (`never_below`) or at most (`never_above`).")
    sources: list[SourceId] = Field(description="Ids of rows, evidence and gaps; at least one that may be cited.")


class RequirementsFile(Part):
    """What the rules must do for these patients, whatever the rules say."""

    never_below: dict[Id, RequirementPart] = Field({}, description="Patients who are never decided less urgent than this.")
    never_above: dict[Id, RequirementPart] = Field({}, description="Plainly benign patients, who are never decided more urgent than this.")


# -- hazards.yaml ----------------------------------------------------------------------------------------------------

PropertyId = Annotated[str, StringConstraints(pattern=_PROPERTY, max_length=10)]


class RiskPart(Part):
    """How bad and how likely, in the words of DCB0129; the level is looked up, never multiplied."""

    severity: Literal["minor", "significant", "considerable", "major", "catastrophic"] = Field(
        description="minor; significant: short-lived; considerable: lasting or severe; major: permanent; catastrophic: death."
    )
    likelihood: Literal["very_low", "low", "medium", "high", "very_high"] = Field(description="How likely the harm is.")


class ControlPart(Part):
    """What keeps a hazard from doing harm, and where that can be looked at: at least one link."""

    does: Text = Field(description="What it does, in a sentence.")
    rules: dict[Id, list[Id]] = Field({}, description="Pathway, or `red_flags`, and its rules, `otherwise` among them.")
    properties: list[PropertyId] = Field([], description="Properties that `check` proves, such as P7a.")
    requirements: list[Id] = Field([], description="Names of requirements.yaml.")
    cases: dict[Id, list[Text]] = Field({}, description="Pathway and its cases, each as it is called.")
    tests: list[Text] = Field([], description="Tests of the software, or of the organisation, by the name under which they are run.")


class HazardPart(Part):
    """What may go wrong when patients are decided by these rules."""

    hazard: Text = Field(description="What may happen, in a sentence.")
    pathways: list[Id] = Field([], description="The pathways in which it may. Left out: all of them.")
    causes: list[Text] = Field(description="How it may come about, each apart.")
    effect: Text = Field(description="What the clinician then sees or does.")
    harm: Text = Field(description="What may happen to whom.")
    controls: list[ControlPart] = Field([], description="What keeps it from doing harm.")
    initial: RiskPart = Field(description="Without the controls.")
    residual: RiskPart = Field(description="With them; never a higher level, and no lower one where there is no control.")
    owner: Text | None = Field(None, description="Who answers for it. Left out: for the deploying organisation to name.")
    status: Literal["open", "closed"] = Field(description="A hazard is closed, never deleted.")
    closed: Text | None = Field(None, description="Of a closed hazard: when, by whom and why.")


class HazardsFile(Part):
    """The hazard log: what may go wrong, and what keeps it from doing harm. No part of the digest."""

    estimates: Text = Field(description="Whose estimates the severities and likelihoods are, and what they rest on.")
    hazards: dict[Id, HazardPart] = Field(description="Every hazard by its id, in the order of the log.")


# -- site files and case files ---------------------------------------------------------------------------------------


class SiteFile(Part):
    """The place of care: every site fact, complete."""

    site: Id = Field(description="Its id.")
    title: Text = Field(description="Its name.")
    facts: dict[Id, Annotated[Any, WithJsonSchema({"anyOf": [{"enum": ["yes", "no"]}, {"type": "number"}]})]] = Field(
        description="Every fact of ruleset.yaml and no other: yes, no or a number."
    )
    owner: Text | None = Field(None, description="Who answers for the facts and the telephone numbers. Left out: nobody is named.")
    review_by: Day | None = Field(None, description="The last day on which the facts are taken for true without another look.")
    tested: Day | None = Field(None, description="The last day on which every service was rung and answered.")


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

    contact: Literal["now"] | None = Field(None, description="now, where it must be.")
    within: str | WindowPart | None = Field(None, description="The earliest limit still possible, or the window.")
    certain_within: str | None = Field(None, description="The limit that holds however the unknowns turn out.")


class ExpectPart(Part):
    """What a case expects; it asserts an urgency and its services, or a refusal."""

    urgency: Id | None = Field(None, description="The level, where it is one: instead of `lowest` and `highest`.")
    lowest: Id | None = Field(None, description="The lowest level still possible.")
    highest: Id | None = Field(None, description="The highest level still possible.")
    status: Literal["open", "settled", "final", "not_covered"] | None = Field(
        None,
        description=(
            "open: something more urgent or another call is possible; settled: urgency and calls are fixed; final: "
            "everything is; not_covered: no pathway is for this patient."
        ),
    )
    referrals: dict[Id, ExpectedReferral] | None = Field(None, description="Services with contact and limit, instead of `services`.")
    services: list[Id] | None = Field(
        None, description="Every service that is certain and none that is not possible; [] where nobody is called."
    )
    rules: list[Id] = Field([], description="Rules that certainly hold, at least these; `otherwise` among them.")
    items: list[Id] = Field([], description="Items that are certain, at least these.")
    possible: list[Id] = Field([], description="Items, services or rules that are merely possible.")
    absent: list[Id] = Field([], description="Items, services or rules that appear nowhere.")
    refused: list[Id] | None = Field(None, description="The answers that no patient can have together.")


class Case(Part):
    """A vignette: a presentation and the decision expected."""

    case: Text = Field(description="What the patient is, in words; no two of a file alike.")
    given: dict[Id, AnswerData] = Field(
        {},
        description=(
            "Findings and answers: yes or no, a value or a list of values, a number or {from: 40, below: 50}, unknown or "
            "{unknown: unable-to-assess}."
        ),
    )
    unmentioned: Literal["absent"] | None = Field(
        None, description="absent: every yes/no finding of the pathways that is not named, and applies, is answered no."
    )
    pathways: list[Id] | None = Field(None, description="The pathways asked, where it is not the one of the file.")
    site: dict[Id, Annotated[Any, WithJsonSchema({"anyOf": [{"enum": ["yes", "no"]}, {"type": "number"}]})]] | None = Field(
        None, description="Facts of the place of care; those not named are no, or 0. Left out: no site is configured."
    )
    expect: ExpectPart = Field(description="An urgency and its services, or `refused`, or `status: not_covered`.")
    sources: list[SourceId] = Field([], description="What the case rests on.")
    note: Text | None = Field(None, description="Why, for the reviewer.")
