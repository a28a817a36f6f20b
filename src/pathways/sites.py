"""The site of care: a complete file of its own, read strictly, named with its digest in every decision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pathways.documents import Document, Path_, read_document
from pathways.facts import Site, SiteFact, checked
from pathways.findings import number
from pathways.fitting import fit
from pathways.loader import files
from pathways.model import SiteFile
from pathways.remarks import InvalidRules, Place
from pathways.ruleset import RuleSet

__all__ = ["read_site", "site_of", "sites_of"]


def read_site(file: Path, ruleset: RuleSet) -> Site:
    """Read a site file; raises InvalidRules unless it states every site fact of the rule set, and nothing else."""
    document = read_document(file, file.name)
    if document.remarks or document.data is None:
        raise InvalidRules(document.remarks)
    part, remarks = fit(document, document.data, SiteFile)
    if part is None:
        raise InvalidRules(remarks)
    return site_of(part.site, part.facts, ruleset, document)


def sites_of(folder: Path) -> tuple[tuple[str, SiteFile], ...]:
    """The places of care whose files stand beside the rules, by file name; those that cannot be read are left out."""
    found = []
    for pattern in ("site.yaml", "*.site.yaml"):
        for file in files(folder, pattern, []):
            document = read_document(file, file.name)
            part = None if document.remarks or document.data is None else fit(document, document.data, SiteFile)[0]
            found += [(file.name, part)] if part is not None else []
    return tuple(found)


def site_of(name: str, written: dict[str, Any], ruleset: RuleSet, document: Document, path: Path_ = ("facts",)) -> Site:
    """A site from its facts as they were typed; raises InvalidRules."""
    facts = {key: _typed(ruleset.site_facts.get(key), text) for key, text in written.items()}
    return checked(name, facts, ruleset.site_facts, Place(document.file), lambda key: document.place((*path, key)), {})


def _typed(fact: SiteFact | None, text: Any) -> Any:
    """The value that was typed; what is not of the fact's kind comes back as it is, to be refused."""
    if fact is None or not isinstance(text, str) or getattr(text, "quoted", False):
        return text
    value = {"yes": True, "no": False}.get(text) if fact.kind == "yes_no" else number(text)
    return text if value is None else value
