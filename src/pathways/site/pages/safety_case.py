"""A clinical safety case report in the headings that are usual for one, with a blank wherever somebody has to speak who has not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pathways.hazards import LEVELS
from pathways.site.page import Page
from pathways.site.pages.governance import signatures
from pathways.site.pages.hazards import entries
from pathways.site.pages.verification import NAMES
from pathways.site.volume import Volume
from pathways.tracing import Kind

__all__ = ["pages"]

ORPHANS = {
    Kind.ROW: "rows of the agreed table that no rule names",
    Kind.GAP: "gaps that no rule fills, and nobody says why",
    Kind.EVIDENCE: "references that were read, and on which nothing rests",
}


def pages(volume: Volume) -> Iterator[Page]:
    """One page."""
    hazards = volume.hazards.hazards
    values = {
        "rows": volume.authored.sources.rows,
        "scope": volume.authored.ruleset.scope,
        "entries": tuple(entries(volume)),
        "standing": volume.standing,
        "officers": tuple({one.name: one for signed in signatures(volume, "safety").values() for one in signed}.values()),
        "estimates": volume.hazards.estimates,
        "levels": LEVELS,
        "initial": Counter(one.initial.level for one in hazards),
        "residual": Counter(one.residual.level for one in hazards),
        "passed": sum(result.passed for result in volume.cases),
        "failed": [result for result in volume.cases if not result.passed],
        "cases": len(volume.cases),
        "missing": volume.verification.missing,
        "against": [proof for proof in volume.proofs.everywhere if proof.verdict != "proved"],
        "names": NAMES,
        "orphans": [
            (said, loose)
            for kind, said in ORPHANS.items()
            if (loose := [one.id for one in volume.traces if one.orphan and one.kind is kind])
        ],
        "silent": sum(service.agreed is None for service in volume.authored.ruleset.services.values()),
        "unverified": [name for name, part in volume.authored.findings.findings.items() if not part.codes],
    }
    yield Page("safety-case", "Safety case report", "safety_case", values)
