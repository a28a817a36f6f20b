"""The hazard log: every hazard with its causes, its controls and where these can be looked at, and the matrix of its levels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathways.hazards import LEVELS, LIKELIHOODS, MATRIX, SEVERITIES, Control, Hazard
from pathways.site.page import Page
from pathways.site.volume import Volume

__all__ = ["Entry", "Kept", "Link", "entries", "pages"]


@dataclass(frozen=True, slots=True)
class Link:
    """What a control names: in words, with its id, and the place where it is shown; `path` is empty where it has none."""

    text: str
    id: str
    path: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A control with all that it names, by kind."""

    does: str
    links: tuple[tuple[str, tuple[Link, ...]], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A hazard with its controls ready to be linked; `everywhere`: it may happen in every pathway."""

    hazard: Hazard
    everywhere: bool
    controls: tuple[Kept, ...]


def pages(volume: Volume) -> Iterator[Page]:
    """One page."""
    values = {
        "entries": tuple(entries(volume)),
        "estimates": volume.hazards.estimates,
        "matrix": MATRIX,
        "likelihoods": LIKELIHOODS,
        "severities": SEVERITIES,
        "levels": LEVELS,
    }
    yield Page("hazards", "Hazard log", "hazards", values)


def entries(volume: Volume) -> Iterator[Entry]:
    """Every hazard in the order of the log."""
    everywhere = tuple(volume.ruleset.pathways)
    for hazard in volume.hazards.hazards:
        yield Entry(hazard, hazard.pathways == everywhere, tuple(_kept(volume, control) for control in hazard.controls))


def _kept(volume: Volume, control: Control) -> Kept:
    requirements = {one.id: one.means for one in volume.requirements}
    titles = {one.property: one.title for one in volume.proofs.everywhere}
    links = (
        ("rules", tuple(_rule(volume, *key) for key in control.rules)),
        ("required", tuple(Link(requirements[name], name, "verification", f"requirement-{name}") for name in control.requirements)),
        ("proved", tuple(Link(titles[name], name, "verification", f"property-{name}") for name in control.properties)),
        (
            "cases",
            tuple(_case(volume, *key) for key in control.cases),
        ),
        ("tests", tuple(Link(name, "", "", "") for name in control.tests)),
    )
    return Kept(control.does, tuple((kind, listed) for kind, listed in links if listed))


def _rule(volume: Volume, pathway: str, rule: str) -> Link:
    titles = {(one.pathway, one.id): one.title for one in volume.ruleset.rules}
    return Link(titles.get((pathway, rule), "no other rule holds"), f"{pathway}/{rule}", f"{pathway}/rules", f"rule-{rule}")


def _case(volume: Volume, pathway: str, name: str) -> Link:
    return Link(name, "", f"{pathway}/cases", f"case-{volume.case_numbers[pathway, name]}")
