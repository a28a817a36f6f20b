"""Every remark code with its title, what it means, why it matters and how it is cured.

The pages for authors are made of it. Knows nothing of what makes a remark; a test holds both equal.
"""

from __future__ import annotations

from pathways.codes import approvals, beside, files, log, patients, properties, rules
from pathways.codes.entry import Code, Group

__all__ = ["CODES", "GROUPS", "Code", "Group"]

GROUPS: tuple[Group, ...] = (
    *files.GROUPS,
    *rules.GROUPS,
    *properties.GROUPS,
    *beside.GROUPS,
    *log.GROUPS,
    *approvals.GROUPS,
    *patients.GROUPS,
)
CODES: dict[str, Code] = {name: code for group in GROUPS for name, code in sorted(group.codes.items())}
