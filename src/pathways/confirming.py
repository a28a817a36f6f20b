"""Whether everybody who reads the rules says the same of one patient whom the solver found, before anybody is shown that patient."""

from __future__ import annotations

from collections.abc import Sequence

from pathways.content import Content
from pathways.plain import Patient, broken, outcome
from pathways.ruleset import RuleSet

__all__ = ["Disagreement", "confirm"]


class Disagreement(AssertionError):
    """Solver, plain reading and engine do not say the same of a patient: a mistake of ours, never the author's."""


def confirm(content: Content, ruleset: RuleSet, pathways: Sequence[str], patient: Patient) -> None:
    """Raises Disagreement unless plain reading and engine say the same of a patient whom both hold possible."""
    impossible = list(broken(content, patient))
    if impossible:
        raise Disagreement(f"the solver's patient breaks a constraint: {'; '.join(impossible)}: {patient}")
    plain = outcome(content, pathways, patient)
    given = {name: patient[name] for name in content.findings if patient[name] is not None}
    decision = ruleset.decide(given, list(pathways))
    highest = decision.urgency.highest
    engine = -1 if highest is None else highest.rank
    held = {(reason.pathway, reason.rule) for reason in decision.reasons if reason.certainty == "certain"}
    if engine != plain.rank or held != plain.rules:
        raise Disagreement(f"engine {engine} {sorted(held)}, plain reading {plain.rank} {sorted(plain.rules)}: {patient}")
