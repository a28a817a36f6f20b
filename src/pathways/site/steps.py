"""The way down a pathway, from what is most urgent to what is least: the steps, and what is asked at each.

A rule is asked with the question group that its condition begins with. Knows nothing of how the steps are drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pathways.conditions import AllOf, AnyOf, Choice, Condition, Named, Not, Number, YesNo, english
from pathways.decision import Urgency
from pathways.findings import Finding
from pathways.loader import Authored
from pathways.ruleset import Outcome, Rule, RuleSet
from pathways.site.words import Call, given, level_of

__all__ = ["Asked", "Box", "Step", "Term", "steps"]


@dataclass(frozen=True, slots=True)
class Term:
    """A line of a condition: how it is joined to the line above it, how deep it lies, its words.

    The terms that a line with `any of` or `all of` speaks of follow it, one deeper.
    """

    join: str
    depth: int
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """A rule as it is met on the way: its condition in one text and in lines, whom to call, what to mind."""

    pathway: str
    rule: str
    title: str
    when: str
    terms: tuple[Term, ...]
    calls: tuple[str, ...]
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question group, and the rules of this step that begin with it."""

    group: str
    question: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A step: what follows from any of its rules. `heat` is None where no level follows."""

    id: str
    name: str
    says: str
    heat: int | None
    asked: tuple[Asked, ...]
    calls: tuple[str, ...] = ()


def steps(ruleset: RuleSet, authored: Authored, pathway: str) -> tuple[Step, ...]:
    """The steps of a pathway: danger signs, handovers, each level that a rule gives, and what holds where no rule does."""
    return tuple(_Way(ruleset, authored, pathway).steps())


class _Way:
    def __init__(self, ruleset: RuleSet, authored: Authored, pathway: str) -> None:
        self.ruleset, self.authored, self.pathway = ruleset, authored, ruleset.pathways[pathway]
        self.conditions: Mapping[tuple[str, str], Condition] = {
            **{("red_flags", name): condition for name, condition in authored.red_flags.items()},
            **{(pathway, name): condition for name, condition in authored.pathways[pathway].rules.items()},
        }
        self.definitions = authored.definitions_of(pathway)
        parts = {**authored.ruleset.definitions, **authored.pathways[pathway].part.definitions}
        self.said = {name: part.means for name, part in parts.items()}

    def steps(self) -> Iterator[Step]:
        ruleset = self.ruleset
        for urgency in reversed(ruleset.urgency):
            flags = [rule for rule in ruleset.red_flags if rule.outcome and rule.outcome.urgency == urgency]
            if flags:
                yield self._step(f"danger-{urgency.id}", urgency, flags)
        handovers = [rule for rule in self.pathway.rules if rule.handover is not None]
        if handovers:
            says = "these rules are added to those below; nothing is taken away"
            yield Step("handovers", "ANOTHER PATHWAY TOO", says, None, self._asked(handovers))
        for urgency in reversed(ruleset.urgency):
            rules = [rule for rule in self.pathway.rules if rule.outcome and rule.outcome.urgency == urgency]
            if rules:
                yield self._step(f"level-{urgency.id}", urgency, rules)
        if self.pathway.otherwise is not None:
            otherwise = self.pathway.otherwise
            found = level_of(otherwise.urgency, ruleset)
            yield Step("otherwise", found.name, found.label, found.heat, (), self._calls(otherwise))

    def _step(self, name: str, urgency: Urgency, rules: Iterable[Rule]) -> Step:
        found = level_of(urgency, self.ruleset)
        return Step(name, found.name, found.label, found.heat, self._asked(rules))

    def _asked(self, rules: Iterable[Rule]) -> tuple[Asked, ...]:
        found: dict[str, list[Box]] = {group: [] for group in self.ruleset.groups}
        for rule in rules:
            first = next(self._read(self.conditions[rule.pathway, rule.id]))
            found[self.ruleset.findings[first].group].append(self._box(rule))
        return tuple(Asked(group, self.ruleset.groups[group], tuple(boxes)) for group, boxes in found.items() if boxes)

    def _box(self, rule: Rule) -> Box:
        condition = self.conditions[rule.pathway, rule.id]
        calls = () if rule.outcome is None else self._calls(rule.outcome)
        return Box(rule.pathway, rule.id, rule.title, rule.when, tuple(self._terms(condition)), calls, tuple(self._marks(rule)))

    def _terms(self, condition: Condition) -> Iterator[Term]:
        match condition:
            case AllOf(terms) if len(terms) > 1:
                yield from self._joined(terms, "and")
            case AnyOf(terms) if len(terms) > 1:
                yield from self._joined(terms, "or")
            case _:
                yield from self._inner(condition, "if", 0)

    def _joined(self, terms: tuple[Condition, ...], join: str) -> Iterator[Term]:
        for n, term in enumerate(terms):
            yield from self._inner(term, join if n else "if", 0)

    def _inner(self, condition: Condition, join: str, depth: int) -> Iterator[Term]:
        match condition:
            case AllOf(terms) | AnyOf(terms) if len(terms) > 1:
                yield Term(join, depth, "all of" if isinstance(condition, AllOf) else "any of")
                for term in terms:
                    yield from self._inner(term, "", depth + 1)
            case _:
                yield Term(join, depth, english(condition, self.ruleset.findings, self.said))

    def _calls(self, outcome: Outcome) -> tuple[str, ...]:
        return tuple(_called(call) for call in given(outcome, self.ruleset).calls)

    def _marks(self, rule: Rule) -> Iterator[str]:
        if (rule.pathway, rule.id) in self.ruleset.discreet.rules:
            yield "professionals only"
        if rule.handover is not None:
            yield f"adds the rules of: {self.ruleset.pathways[rule.handover].title}"
        if rule.narrows:
            yield f"narrows {', '.join(rule.narrows)}"
        findings = [self.ruleset.findings[name] for name in self.pathway.findings] if rule.cubes else []  # else it holds of nobody
        for finding in findings:
            hidden = [one.ask for one in findings if self._hides(finding, one)]
            if hidden and _demands(rule, finding, finding.worse == "yes"):
                yield f"could not be examined, so not known: {'; '.join(hidden)}"
        for finding in findings:
            examined = any(self.ruleset.findings[gate].worse == "no" for gate in finding.gates)
            if examined and all(cube & finding.not_applicable for cube in rule.cubes):
                yield f"only where it could be examined: {finding.ask}"

    def _hides(self, finding: Finding, other: Finding) -> bool:
        """Whether the worse answer of the one keeps the other from being known."""
        return other.id in finding.hides or (finding.worse == "no" and finding.id in other.gates)

    def _read(self, condition: Condition) -> Iterator[str]:
        """The findings of the condition as a reader meets them, through its definitions."""
        match condition:
            case YesNo(finding) | Choice(finding) | Number(finding):
                yield finding
            case Named(name):
                yield from self._read(self.definitions[name])
            case Not(term):
                yield from self._read(term)
            case AllOf(terms) | AnyOf(terms):
                for term in terms:
                    yield from self._read(term)


def _demands(rule: Rule, finding: Finding, answer: bool) -> bool:
    """Whether the rule holds of nobody with another answer."""
    return finding.kind == "yes_no" and all(cube & finding.cell(not answer) for cube in rule.cubes)


def _called(call: Call) -> str:
    parts = [call.service, *(["phone now"] if call.phone else []), *([call.when] if call.when else [])]
    return ", ".join(parts) + (f", if {call.where}" if call.where else "")
