"""The site of care: a complete file of its own, read strictly, named with its digest in every decision."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pathways.decision import canonical
from pathways.documents import Document, Path_, read_document
from pathways.findings import number
from pathways.loader import fit
from pathways.model import SiteFile
from pathways.remarks import InvalidRules, Place, Remark, near
from pathways.ruleset import RuleSet, Site

__all__ = ["read_site", "site_of"]


def read_site(file: Path, ruleset: RuleSet) -> Site:
    """Read a site file; raises InvalidRules unless it states every site fact of the rule set, and nothing else."""
    document = read_document(file, file.name)
    if document.data is None:
        raise InvalidRules(document.remarks)
    part, remarks = fit(document, document.data, SiteFile)
    if part is None:
        raise InvalidRules(remarks)
    return site_of(part.site, part.facts, ruleset, document)


def site_of(name: str, written: dict[str, Any], ruleset: RuleSet, document: Document, path: Path_ = ("facts",)) -> Site:
    """A site from its facts as they were typed; raises InvalidRules."""
    facts: dict[str, Any] = {}
    remarks = []
    for key, text in written.items():
        fact = ruleset.site_facts.get(key)
        place = document.place((*path, key))
        if fact is None:
            remarks.append(Remark("unknown-site-fact", f"`{key}` is not a site fact", place, near(key, ruleset.site_facts)))
            continue
        plain = text if isinstance(text, str) and not getattr(text, "quoted", False) else ""
        value = {"yes": True, "no": False}.get(plain) if fact["kind"] == "yes_no" else number(plain)
        if value is None or (
            isinstance(value, Decimal) and fact["range"] and not Decimal(fact["range"][0]) <= value <= Decimal(fact["range"][1])
        ):
            wanted = "yes or no" if fact["kind"] == "yes_no" else f"a number from {' to '.join(map(str, fact['range']))}"
            remarks.append(Remark("wrong-kind", f"`{key}` is {wanted}, not `{_said(text)}`", place))
        facts[key] = value
    missing = [key for key in ruleset.site_facts if key not in written]
    if missing:
        remarks.append(
            Remark(
                "site-incomplete",
                f"the site does not state {', '.join(f'`{key}`' for key in missing)}",
                Place(document.file),
                "a site file states every fact",
            )
        )
    if remarks:
        raise InvalidRules(remarks)
    digest = hashlib.sha256(canonical({"site": name, "facts": {key: str(value) for key, value in facts.items()}}).encode()).hexdigest()
    return Site(name, MappingProxyType(facts), digest)


def _said(value: Any) -> str:
    return "a mapping" if isinstance(value, dict) else "a list" if isinstance(value, list) else str(value)
