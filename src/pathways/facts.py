"""The place of care: its facts are stated completely or not at all, and checked alike whichever door they come through.

Knows nothing of files or of what depends on a fact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from pathways.decision import canonical
from pathways.findings import UNITS
from pathways.frozen import pickled
from pathways.presentations import as_json, decimal_of, told
from pathways.remarks import InvalidRules, Place, Remark, near

__all__ = ["UNCONFIGURED", "Site", "SiteFact", "checked", "site_at", "wanted_of"]

ID = "[a-z][a-z0-9_]*"
IN_PYTHON = {"yes_no": "give True or False", "number": "give an int, a float or a Decimal"}


class SiteFact(NamedTuple):
    """What a rule set asks of the place of care: `yes_no`, or a `number` with UCUM unit and inclusive range."""

    id: str
    means: str
    kind: str
    unit: str = ""
    range: tuple[Decimal, Decimal] | None = None
    negated: str = ""

    @property
    def unit_text(self) -> str:
        """The unit as it is said: `minutes`; empty where a fact has none."""
        return UNITS.get(self.unit, self.unit)

    @property
    def wanted(self) -> str:
        """What may be stated, in words."""
        return "yes or no" if self.range is None else f"a number from {self.range[0]} to {self.range[1]} {self.unit_text}".rstrip()


class Site(NamedTuple):
    """The place of care: every site fact of a rule set by name, or none at all (`unconfigured`).

    A fact is `True`/`False`, or a number (int, float or Decimal) in the unit of the fact. The rule set checks it and
    computes the digest: `RuleSet.at` raises InvalidRules for a fact that is missing, unknown, of the wrong kind or out of range.
    """

    id: str
    facts: Mapping[str, Any] = MappingProxyType({})
    digest: str = ""

    @property
    def configured(self) -> bool:
        return self.id != "unconfigured"

    def __reduce__(self) -> tuple[Any, ...]:
        return pickled(self)


UNCONFIGURED = Site("unconfigured")


def wanted_of(facts: Mapping[str, SiteFact], site: Iterable[tuple[str, Any]]) -> str:
    """What is asked of the place of care, in words: `an ENT doctor is in this building and ...`; empty where nothing is."""
    return " and ".join(_wanted(facts[name], wanted) for name, wanted in site)


def _wanted(fact: SiteFact, wanted: Any) -> str:
    if isinstance(wanted, bool):
        return fact.means if wanted else fact.negated or f"it is not so that {fact.means}"
    limits = " and ".join(f"{operator.replace('_', ' ')} {limit}" for operator, limit in wanted.items())
    return f"{fact.means}: {limits}"


def site_at(site: object, declared: Mapping[str, SiteFact]) -> Site:
    """A site that a program made, checked and with its digest; raises InvalidRules."""
    if site == UNCONFIGURED:
        return UNCONFIGURED
    whole = Place("site")
    if not isinstance(site, Site) or not isinstance(site.facts, Mapping):
        help = 'give pathways.Site("here", {fact: value, ...}); a site file is read by `load(site=...)`'
        raise InvalidRules([Remark("not-a-site", f"a site is an id with its facts, and `{told(site)}` was given", whole, help)])
    return checked(site.id, site.facts, declared, whole, lambda _: whole, IN_PYTHON)


def checked(
    name: object, facts: Mapping[Any, Any], declared: Mapping[str, SiteFact],
    whole: Place, place: Callable[[str], Place], helps: Mapping[str, str],
) -> Site:  # fmt: skip
    """A site with its digest; raises InvalidRules unless it states every fact, each of its kind, and nothing else.

    `whole` is where the site stands and `place` where a fact does; `helps` says for each kind how a door takes it.
    """
    remarks: list[Remark] = []
    if not isinstance(name, str) or not re.fullmatch(ID, name) or name == UNCONFIGURED.id:
        help = "lower-case letters, digits and `_`, beginning with a letter, and not `unconfigured`"
        remarks.append(Remark("wrong-id", f"`{told(name)}` cannot name a site", whole, help))
    kept: dict[str, Any] = {}
    for key, value in facts.items():
        fact = declared.get(key) if isinstance(key, str) else None
        if fact is None:
            remarks.append(Remark("unknown-site-fact", f"`{told(key)}` is not a site fact", place(key), near(told(key), declared)))
        elif (read := _read(fact, value)) is None:
            said = "a mapping" if isinstance(value, Mapping) else "a list" if isinstance(value, list) else told(value)
            remarks.append(Remark("wrong-kind", f"`{key}` is {fact.wanted}, not `{said}`", place(key), helps.get(fact.kind, "")))
        else:
            kept[key] = read
    missing = [f"`{key}`" for key in declared if key not in facts]
    if missing:
        message = f"the site does not state {', '.join(missing)}"
        remarks.append(Remark("site-incomplete", message, whole, "a site states every fact"))
    if remarks:
        raise InvalidRules(remarks)
    from hashlib import sha256  # loads OpenSSL: not for those who have no site

    text = canonical({"site": name, "facts": {key: as_json(value) for key, value in kept.items()}})
    return Site(str(name), MappingProxyType({key: kept[key] for key in declared}), sha256(text.encode()).hexdigest())


def _read(fact: SiteFact, value: Any) -> bool | Decimal | None:
    """The fact's value, or None where it is not of its kind or out of its range."""
    if fact.kind == "yes_no":
        return value if type(value) is bool else None
    exact = decimal_of(value)
    low, high = fact.range or (exact, exact)
    return exact if exact is not None and low is not None and high is not None and low <= exact <= high else None
