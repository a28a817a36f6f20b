"""The hazard log: `hazards.yaml`, read strictly, each control with the rules, properties, requirements and cases that it names.

The level of a risk is looked up in the matrix of DCB0129 and never computed. Knows nothing of whether a control works.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pathways.cases import names_of
from pathways.consistency import unknown
from pathways.documents import Document, Path_
from pathways.loader import Authored, beside
from pathways.model import ControlPart, HazardPart, HazardsFile, RiskPart
from pathways.properties import TITLES
from pathways.remarks import InvalidRules, Place, Remark, near, short
from pathways.requirements import read_requirements

__all__ = ["FILE", "LEVELS", "LIKELIHOODS", "MATRIX", "SEVERITIES", "Control", "Hazard", "Log", "Risk", "read_hazards", "structure"]

FILE = "hazards.yaml"
SEVERITIES = ("minor", "significant", "considerable", "major", "catastrophic")
MATRIX: Mapping[str, tuple[int, ...]] = {  # likelihood → the level for each severity
    "very_high": (3, 4, 4, 5, 5),
    "high": (2, 3, 3, 4, 5),
    "medium": (2, 2, 3, 3, 4),
    "low": (1, 2, 2, 3, 4),
    "very_low": (1, 1, 2, 2, 3),
}
LIKELIHOODS = tuple(MATRIX)
LEVELS: Mapping[int, str] = {
    1: "acceptable",
    2: "acceptable if further reduction is impractical",
    3: "undesirable",
    4: "mandatory elimination or control",
    5: "unacceptable",
}
RED_FLAGS, OTHERWISE = "red_flags", "otherwise"  # as rules are named beside those of a pathway


@dataclass(frozen=True, slots=True)
class Risk:
    """How bad, how likely, and the level that the matrix gives for the two."""

    severity: str
    likelihood: str

    @property
    def level(self) -> int:
        """From 1 to 5."""
        return MATRIX[self.likelihood][SEVERITIES.index(self.severity)]


@dataclass(frozen=True, slots=True)
class Control:
    """What keeps a hazard from doing harm: rules and cases as (pathway, name), the others by their names."""

    does: str
    rules: tuple[tuple[str, str], ...]
    properties: tuple[str, ...]
    requirements: tuple[str, ...]
    cases: tuple[tuple[str, str], ...]
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hazard:
    """What may go wrong in these pathways. `owner` is empty where the deploying organisation has named nobody."""

    id: str
    hazard: str
    pathways: tuple[str, ...]
    causes: tuple[str, ...]
    effect: str
    harm: str
    controls: tuple[Control, ...]
    initial: Risk
    residual: Risk
    owner: str
    status: str
    closed: str
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Log:
    """Every hazard in the order of the file, and whose the estimates are."""

    estimates: str
    hazards: tuple[Hazard, ...]

    def data(self) -> dict[str, Any]:
        """As plain data for other programs, each risk with its level."""
        return {"format": 1, "estimates": self.estimates, "hazards": [_data(one) for one in self.hazards]}

    def by_rule(self) -> Mapping[tuple[str, str], tuple[Hazard, ...]]:
        """The hazards of which a rule is a control, by its pathway and id."""
        found: dict[tuple[str, str], dict[str, Hazard]] = {}
        for hazard in self.hazards:
            for key in (key for control in hazard.controls for key in control.rules):
                found.setdefault(key, {})[hazard.id] = hazard
        return {key: tuple(hazards.values()) for key, hazards in found.items()}


def _data(hazard: Hazard) -> dict[str, Any]:
    risks = {
        name: {"severity": one.severity, "likelihood": one.likelihood, "level": one.level}
        for name, one in (("initial", hazard.initial), ("residual", hazard.residual))
    }
    return {**{key: value for key, value in asdict(hazard).items() if key != "place"}, **risks}


def read_hazards(folder: Path, authored: Authored, cases: Mapping[str, Sequence[str]] | None = None) -> Log:
    """The hazard log beside the rules, empty where there is no such file; raises InvalidRules with every mistake in it.

    Relies on `authored` being a folder that loads. `cases` are the names of its cases by pathway, where they are known already.
    """
    part, document, remarks = beside(folder, FILE, HazardsFile)
    known = _Known.of(folder, authored, names_of(folder) if cases is None and part is not None else cases or {})
    for name, one in (part.hazards if part is not None else {}).items():
        remarks += _mistakes(one, known, document, ("hazards", name))
    if remarks:
        raise InvalidRules(remarks)
    if part is None:
        return Log("", ())
    return Log(part.estimates, tuple(_hazard(name, one, known, document.place(("hazards", name))) for name, one in part.hazards.items()))


def structure(folder: Path) -> list[Remark]:
    """Every mistake of the file that can be seen without the rules."""
    return beside(folder, FILE, HazardsFile)[2]


@dataclass(frozen=True, slots=True)
class _Known:
    """What a control may name. `requirements` is None where they cannot be read, which has remarks of its own."""

    pathways: tuple[str, ...]
    rules: Mapping[str, tuple[str, ...]]
    cases: Mapping[str, Sequence[str]]
    requirements: tuple[str, ...] | None

    @classmethod
    def of(cls, folder: Path, authored: Authored, cases: Mapping[str, Sequence[str]]) -> _Known:
        rules = {RED_FLAGS: tuple(authored.ruleset.red_flags)}
        for name, pathway in authored.pathways.items():
            rules[name] = (*pathway.part.rules, *([OTHERWISE] if pathway.part.otherwise is not None else []))
        try:
            requirements: tuple[str, ...] | None = tuple(one.id for one in read_requirements(folder, authored))
        except InvalidRules:
            requirements = None
        return cls(tuple(authored.pathways), rules, cases, requirements)


def _mistakes(one: HazardPart, known: _Known, document: Document, path: Path_) -> Iterator[Remark]:
    for n, name in enumerate(one.pathways):
        if name not in known.pathways:
            yield unknown("unknown-pathway", name, known.pathways, document.place((*path, "pathways", n)))
    for n, control in enumerate(one.controls):
        yield from _control_mistakes(control, known, document, (*path, "controls", n))
    initial, residual = _risk(one.initial), _risk(one.residual)
    place, other = document.place((*path, "residual")), document.place((*path, "initial"))
    if residual.level > initial.level:
        message = f"the residual risk is level {residual.level}, and the initial risk level {initial.level}"
        yield Remark("residual-above-initial", message, place, "controls never make a risk higher: correct one of the two", other)
    if residual.level < initial.level and not one.controls:
        message = f"the risk falls from level {initial.level} to {residual.level}, and no control says how"
        yield Remark("lowered-by-nothing", message, place, "write the control, or leave the risk as it is", other)
    if (one.status == "closed") != (one.closed is not None):
        message = "a closed hazard says under `closed` when, by whom and why; an open one has no such key"
        yield Remark("closed-or-open", message, document.place((*path, "status")), "add `closed:`, or write `status: open`")


def _control_mistakes(control: ControlPart, known: _Known, document: Document, path: Path_) -> Iterator[Remark]:
    if not any((*control.rules.values(), control.properties, control.requirements, *control.cases.values(), control.tests)):
        help = "name a rule, a property, a requirement, a case or a test"
        yield Remark("control-without-link", "nothing shows that the control is there", document.place(path), help)
    yield from _beside("unknown-rule", control.rules, known.rules, document, (*path, "rules"))
    yield from _beside("unknown-case", control.cases, known.cases, document, (*path, "cases"))
    for n, name in enumerate(control.properties):
        if name not in TITLES:
            yield _missing("unknown-property", name, TITLES, "that `check` proves", document.place((*path, "properties", n)))
    for n, name in enumerate(control.requirements):
        if known.requirements is not None and name not in known.requirements:
            yield _missing(
                "unknown-requirement", name, known.requirements, "of `requirements.yaml`", document.place((*path, "requirements", n))
            )


def _beside(
    code: str, wanted: Mapping[str, Sequence[str]], there: Mapping[str, Sequence[str]], document: Document, path: Path_
) -> Iterator[Remark]:
    """What is named of a pathway and is not there."""
    for pathway, names in wanted.items():
        if pathway not in there:
            yield unknown("unknown-pathway", pathway, there, document.place((*path, pathway)))
            continue
        for n, name in enumerate(names):
            if name not in there[pathway]:
                yield _missing(code, name, there[pathway], f"of `{pathway}`", document.place((*path, pathway, n)))


def _missing(code: str, name: str, names: Iterable[str], where: str, place: Place) -> Remark:
    help = near(name, list(names)) or "correct the name; what a control names must be there"
    return Remark(code, f"`{short(name)}` is no {code.removeprefix('unknown-')} {where}", place, help)


def _risk(part: RiskPart) -> Risk:
    return Risk(part.severity, part.likelihood)


def _hazard(name: str, one: HazardPart, known: _Known, place: Place) -> Hazard:
    return Hazard(
        id=name,
        hazard=one.hazard,
        pathways=tuple(one.pathways) or known.pathways,
        causes=tuple(one.causes),
        effect=one.effect,
        harm=one.harm,
        controls=tuple(
            Control(
                control.does,
                _pairs(control.rules),
                tuple(control.properties),
                tuple(control.requirements),
                _pairs(control.cases),
                tuple(control.tests),
            )
            for control in one.controls
        ),
        initial=_risk(one.initial),
        residual=_risk(one.residual),
        owner=one.owner or "",
        status=one.status,
        closed=one.closed or "",
        place=place,
    )


def _pairs(named: Mapping[str, Iterable[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((pathway, name) for pathway, names in named.items() for name in names)
