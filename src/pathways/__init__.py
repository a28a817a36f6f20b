"""Decision support for ENT emergencies: agreed tables as rules that are checked, asked, signed and imported.

>>> import pathways
>>> ruleset = pathways.load()
>>> decision = ruleset.decide({"nasal_bleeding_now": True, "age_years": 7}, pathways=["epistaxis"])

It supports qualified clinicians and does not replace their judgement. No clinician has approved the shipped rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pathways.decision import Decision, Status, Urgency
from pathways.remarks import InvalidPresentation, InvalidRules, Place, Remark, Severity
from pathways.ruleset import RuleSet, Site, __version__

if TYPE_CHECKING:
    from os import PathLike

    from pathways.ages import age_on
    from pathways.replaying import Replay, replay

_LATER = {"age_on": "pathways.ages", "Replay": "pathways.replaying", "replay": "pathways.replaying"}  # not every start needs them

__all__ = [
    "Decision",
    "InvalidPresentation",
    "InvalidRules",
    "Place",
    "Remark",
    "Replay",
    "RuleSet",
    "Severity",
    "Site",
    "Status",
    "Urgency",
    "__version__",
    "age_on",
    "load",
    "replay",
]


def load(folder: str | PathLike[str] | None = None, site: str | PathLike[str] | Site | None = None) -> RuleSet:
    """The shipped rules, or those of a folder, at a site of care (a file, a `Site`, or none: `unconfigured`).

    Raises InvalidRules, whose `remarks` name every mistake with its place; a rule set is never partly loaded.
    """
    if folder is None:
        from pathways import shipped

        ruleset = RuleSet(shipped.compiled())
    else:
        from pathlib import Path

        from pathways.compiler import compile_rules, content_of
        from pathways.loader import read

        authored = read(Path(folder))
        compiled: dict[str, Any] = compile_rules(authored)
        ruleset = RuleSet({**compiled, "content": content_of(authored)})
    if site is None:
        return ruleset
    if not isinstance(site, Site):
        from pathlib import Path

        from pathways.sites import read_site

        site = read_site(Path(site), ruleset)
    return ruleset.at(site)


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module `pathways` has no attribute `{name}`")
    from importlib import import_module

    return getattr(import_module(_LATER[name]), name)
