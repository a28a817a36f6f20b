"""How many of the cases go to which level and to whom. They are written to try the rules: their mix is that of no department."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pathways.cases import CaseResult
from pathways.content import OTHERWISE, RED_FLAGS
from pathways.ruleset import Outcome, RuleSet

__all__ = ["Share", "Workload", "workload"]


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the counted cases, and how many of a thousand like them."""

    id: str
    count: int
    per_thousand: int


@dataclass(frozen=True, slots=True)
class Workload:
    """The cases of one pathway whose level is fixed, by level (most urgent first) and by service.

    `open` are those in which a higher level is still possible, `apart` those that are refused or that no pathway covers.
    A service counts where it is called wherever the patient is.
    """

    pathway: str
    counted: int
    open: int
    apart: int
    levels: tuple[Share, ...]
    services: tuple[Share, ...]


def workload(results: Iterable[CaseResult], ruleset: RuleSet) -> tuple[Workload, ...]:
    """Each pathway with the cases of its file."""
    outcomes = dict(_outcomes(ruleset))
    found: dict[str, list[CaseResult]] = {name: [] for name in ruleset.pathways}
    for result in results:
        found[result.case.pathway].append(result)
    return tuple(_of_pathway(name, cases, outcomes, ruleset) for name, cases in found.items())


def _outcomes(ruleset: RuleSet) -> Iterator[tuple[tuple[str, str], Outcome]]:
    yield from (((RED_FLAGS, rule.id), rule.outcome) for rule in ruleset.red_flags if rule.outcome is not None)
    for name, pathway in ruleset.pathways.items():
        yield from (((name, rule.id), rule.outcome) for rule in pathway.rules if rule.outcome is not None)
        if pathway.otherwise is not None:
            yield (name, OTHERWISE), pathway.otherwise


def _of_pathway(name: str, results: list[CaseResult], outcomes: Mapping[tuple[str, str], Outcome], ruleset: RuleSet) -> Workload:
    levels: Counter[str] = Counter()
    services: Counter[str] = Counter()
    open_ = apart = 0
    for result in results:
        given = [outcomes[key] for key in result.comparison.rules if key in outcomes]
        possible = [outcomes[key] for key in result.comparison.open if key in outcomes]
        highest = max((one.urgency for one in given), default=None)
        if any(highest is None or one.urgency > highest for one in possible):
            open_ += 1
        elif highest is None:
            apart += 1
        else:
            levels[highest.id] += 1
            services.update({row.service for one in given for row in one.referrals if not row.site})
    counted = levels.total()
    scale = [level.id for level in reversed(ruleset.urgency)]
    return Workload(
        name,
        counted,
        open_,
        apart,
        tuple(_share(level, levels[level], counted) for level in scale),
        tuple(_share(service, services[service], counted) for service in ruleset.services if services[service]),
    )


def _share(id: str, count: int, whole: int) -> Share:
    return Share(id, count, round(1000 * count / whole) if whole else 0)
