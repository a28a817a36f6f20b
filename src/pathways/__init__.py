"""Decision support for ENT emergencies: agreed tables as rules that are checked, asked, signed and imported.

>>> import pathways
>>> ruleset = pathways.load()
>>> decision = ruleset.decide({"nasal_bleeding_now": True, "age_years": 7}, pathways=["epistaxis"])

It supports qualified clinicians and does not replace their judgement. No clinician has approved the shipped rules.
"""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Any

from pathways.decision import (
    Answer,
    Bounds,
    Change,
    Decision,
    Item,
    MissedRule,
    Question,
    Reason,
    Referral,
    RuleSetRef,
    SiteRef,
    Status,
    Urgency,
    WhyNot,
    Window,
)
from pathways.facts import Site, SiteFact
from pathways.findings import Code, Finding
from pathways.presentations import Presentation
from pathways.remarks import InvalidPresentation, InvalidRules, Place, Remark, Severity
from pathways.ruleset import CatalogueItem, Constraint, Outcome, Pathway, ReferralRow, Rule, RuleSet, __version__

if TYPE_CHECKING:
    from pathways.ages import age_on
    from pathways.replaying import Replay, replay

__all__ = [
    "Answer",
    "Bounds",
    "CatalogueItem",
    "Change",
    "Code",
    "Constraint",
    "Decision",
    "Finding",
    "InvalidPresentation",
    "InvalidRules",
    "Item",
    "MissedRule",
    "Outcome",
    "Pathway",
    "Place",
    "Presentation",
    "Question",
    "Reason",
    "Referral",
    "ReferralRow",
    "Remark",
    "Replay",
    "Rule",
    "RuleSet",
    "RuleSetRef",
    "Severity",
    "Site",
    "SiteFact",
    "SiteRef",
    "Status",
    "Urgency",
    "WhyNot",
    "Window",
    "__version__",
    "age_on",
    "load",
    "replay",
]


def load(
    folder: str | PathLike[str] | None = None, site: str | PathLike[str] | Site | None = None, *, require_approved: bool = False
) -> RuleSet:
    """The shipped rules, or those of a folder, at a site of care (a file, a `Site`, or none: `unconfigured`).

    Raises InvalidRules, whose `remarks` name every mistake of the folder or the site; a rule set is never partly loaded.
    With `require_approved` it also refuses rules that not everybody has signed who must.
    """
    if folder is None:
        from pathways import shipped

        ruleset = RuleSet(shipped.compiled())
    else:
        from pathlib import Path

        from pathways.approvals import approved_ruleset
        from pathways.loader import read

        ruleset = approved_ruleset(read(Path(folder)))
    if require_approved and ruleset.ref.approval != "approved":
        from pathlib import Path

        from pathways.approvals import not_approved

        raise not_approved(ruleset, None if folder is None else Path(folder))
    if site is None:
        return ruleset
    if isinstance(site, str | PathLike):
        from pathlib import Path

        from pathways.sites import read_site

        site = read_site(Path(site), ruleset)
    return ruleset.at(site)


if not TYPE_CHECKING:  # a type checker knows every name, and so that one is misspelt
    _LATER = {"age_on": "pathways.ages", "Replay": "pathways.replaying", "replay": "pathways.replaying"}  # not every start needs them

    def __getattr__(name: str) -> Any:
        if name not in _LATER:
            raise AttributeError(f"module `pathways` has no attribute `{name}`")
        from importlib import import_module

        return getattr(import_module(_LATER[name]), name)

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
