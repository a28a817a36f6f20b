"""What authors wrote → the compiled form: plain JSON data from which `ruleset` makes a rule set.

Numbers are cut into cells at the limits that occur, conditions become cubes (see `solver`), names become English. The
canonical content, of which the digest is taken, is everything that can change what a clinician or reviewer reads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pathways import ruleset as runtime
from pathways.conditions import AllOf, Condition, Not, TooWide, cubes, english, findings_of, limits_of, tree
from pathways.consistency import every_condition
from pathways.decision import canonical
from pathways.documents import Document, Path_
from pathways.findings import UNITS, Finding, Space
from pathways.loader import Authored, AuthoredPathway
from pathways.model import OutcomePart, RedFlagPart, RulePart, SiteItemPart, WindowPart
from pathways.remarks import InvalidRules, Remark
from pathways.solver import find, merged

__all__ = ["compile_rules", "content_of", "gate_clauses", "ruleset_of"]


def compile_rules(authored: Authored, further: Iterable[Condition] = ()) -> dict[str, Any]:
    """The compiled form; raises InvalidRules where a condition has more alternatives than can be looked through.

    Numbers are cut at the limits of `further` conditions too, so that these have cubes in the same space.
    """
    return _Compiler(authored, further).compiled()


def ruleset_of(authored: Authored) -> runtime.RuleSet:
    """The rule set with its canonical content; raises InvalidRules as `compile_rules` does."""
    compiler = _Compiler(authored)
    return runtime.RuleSet({**compiler.compiled(), "content": compiler.content})


class _Compiler:
    """Holds what every part needs: the findings cut into cells, and where remarks go."""

    def __init__(self, authored: Authored, further: Iterable[Condition] = ()) -> None:
        self.authored = authored
        self.content = content_of(authored)
        self.further = tuple(further)
        self.remarks: list[Remark] = []
        self.rows = list(self._finding_rows())
        self.findings: dict[str, Finding] = runtime.findings_of_rows(self.rows)
        self.space = Space(self.findings)

    def compiled(self) -> dict[str, Any]:
        authored, part, content = self.authored, self.authored.ruleset, self.content
        shared = authored.documents["ruleset.yaml"]
        compiled = {
            "format": runtime.FORMAT,
            "digest": hashlib.sha256(canonical(content).encode()).hexdigest(),
            "ruleset": content["ruleset"],
            "urgency": content["urgency"],
            "limits": content["limits"],
            "services": content["services"],
            "site_facts": content["site_facts"],
            "groups": content["groups"],
            "findings": self.rows,
            "items": content["items"],
            "constraints": [*self._gate_constraints(), *self._constraints()],
            "red_flags": [
                self._rule(name, flag, authored.red_flags[name], authored.definitions, shared, ("red_flags", name))
                for name, flag in part.red_flags.items()
            ],
            "pathways": [self._pathway(pathway) for pathway in authored.pathways.values()],
        }
        clauses = [int(clause, 16) for constraint in compiled["constraints"] for clause in constraint["clauses"]]
        if not self.remarks and find(self.space, self.space.everything, clauses) is None:
            place = shared.place(("constraints",))
            self.remarks.append(Remark("no-patient", "no patient satisfies all constraints", place, "correct or delete one of them"))
        if self.remarks:
            raise InvalidRules(self.remarks)
        self._prove_otherwise(compiled, clauses)
        return compiled

    def _prove_otherwise(self, compiled: dict[str, Any], clauses: list[int]) -> None:
        """Says of each pathway whether its `otherwise` can hold at all: proved once here, not at every bedside."""
        for pathway in compiled["pathways"]:
            inside = [int(cube, 16) for rule in pathway["rules"] for cube in rule["cubes"]]
            starts = [0] if pathway["applies"] is None else [int(cube, 16) for cube in pathway["applies"]]
            pathway["otherwise_never"] = all(
                find(self.space, self.space.everything & ~start, [*clauses, *inside]) is None for start in starts
            )

    def _finding_rows(self) -> Iterator[dict[str, Any]]:
        authored = self.authored
        cuts = limits_of((*every_condition(authored), *self.further))
        said = self._means({})
        for name, part in authored.findings.findings.items():
            gate = authored.gates.get(name)
            low, high = part.range or (None, None)
            yield {
                "id": name,
                "ask": part.ask,
                "means": part.means,
                "kind": part.kind,
                "group": part.group,
                "worse": part.worse,
                "unit": part.unit or "",
                "range": [str(low), str(high)] if low is not None else None,
                "resolution": str(part.resolution) if part.resolution is not None else None,
                "values": part.values or {},
                "codes": [code.model_dump() for code in part.codes],
                "applies": "" if gate is None else english(gate, _Said.of(authored), said),
                "gates": []
                if gate is None
                else sorted(findings_of(gate, authored.definitions), key=list(authored.findings.findings).index),
                "reserved": part.reserved,
                "hides": part.hides,
                "measured_by": part.measured_by,
                # A cut at the very end of the range makes no cell.
                "cuts": [
                    [str(limit), above]
                    for limit, above in sorted(cuts.get(name, ()))
                    if low is not None and high is not None and not (limit == low and not above) and not (limit == high and above)
                ]
                if part.kind == "number"
                else [],
            }

    def _means(self, own: Mapping[str, Any]) -> dict[str, str]:
        return {name: part.means for name, part in {**self.authored.ruleset.definitions, **own}.items()}

    def _cubes(self, condition: Condition, definitions: Mapping[str, Condition], document: Document, path: Path_) -> tuple[int, ...]:
        try:
            return merged(self.space, cubes(condition, self.space, definitions))
        except TooWide as error:
            self.remarks.append(
                Remark("condition-too-wide", f"the condition has {error}", document.place(path), "make a rule of each alternative")
            )
            return ()

    def _gate_constraints(self) -> Iterator[dict[str, Any]]:
        """A finding is not applicable exactly where its gate is false."""
        document = self.authored.documents["findings.yaml"]
        for name, gate in self.authored.gates.items():
            finding = self.findings[name]
            path = ("findings", name, "applies")
            shuts = self._cubes(Not(gate), self.authored.definitions, document, path)
            opens = self._cubes(gate, self.authored.definitions, document, path)
            means = f"`{name}` applies only if: {finding.applies}"
            yield {"id": f"applies:{name}", "means": means, "clauses": [f"{clause:x}" for clause in gate_clauses(finding, opens, shuts)]}

    def _constraints(self) -> Iterator[dict[str, Any]]:
        document = self.authored.documents["ruleset.yaml"]
        for name, (one, other) in self.authored.constraints.items():
            never = AllOf((one, Not(other)))
            found = self._cubes(never, self.authored.definitions, document, ("constraints", name))
            yield {"id": name, "means": self.authored.ruleset.constraints[name].means, "clauses": [f"{cube:x}" for cube in found]}

    def _pathway(self, pathway: AuthoredPathway) -> dict[str, Any]:
        part, document = pathway.part, pathway.document
        definitions = self.authored.definitions_of(part.pathway)
        applies = pathway.applies
        said = self._means(part.definitions)
        rules = [
            self._rule(name, rule, pathway.rules[name], definitions, document, ("rules", name), said) for name, rule in part.rules.items()
        ]
        read = {finding for condition in pathway.rules.values() for finding in findings_of(condition, definitions)}
        if applies is not None:
            read |= findings_of(applies, definitions)
        for flag in self.authored.red_flags.values():
            read |= findings_of(flag, definitions)
        read |= self._gates_of(read)
        return {
            "id": part.pathway,
            "title": part.title,
            "complaint": part.complaint,
            "notice": part.notice or "",
            "version": part.version,
            "review_by": part.review_by,
            "applies": None if applies is None else [f"{cube:x}" for cube in self._cubes(applies, definitions, document, ("applies",))],
            "applies_text": "" if applies is None else english(applies, _Said.of(self.authored), said),
            "first_aid": part.first_aid,
            "findings": [name for name in self.findings if name in read],
            "rules": rules,
            "otherwise": None if part.otherwise is None else _outcome(part.otherwise),
            "otherwise_place": str(document.place(("otherwise",))),
            "not_encoded": part.not_encoded,
        }

    def _gates_of(self, read: set[str]) -> set[str]:
        """The findings that open what is read and are read themselves by that; whether an examination was possible stays apart."""
        found: set[str] = set()
        todo = list(read)
        while todo:
            gate = self.authored.gates.get(todo.pop())
            if gate is not None:
                new = {name for name in findings_of(gate, self.authored.definitions) if self.findings[name].worse != "no"} - read - found
                found |= new
                todo += new
        return found

    def _rule(
        self, name: str, rule: RulePart | RedFlagPart, condition: Condition, definitions: Mapping[str, Condition],
        document: Document, path: Path_, said: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        return {
            "id": name,
            "title": rule.title,
            "when": english(condition, _Said.of(self.authored), said if said is not None else self._means({})),
            "cubes": [f"{cube:x}" for cube in self._cubes(condition, definitions, document, (*path, "when"))],
            "then": None if rule.then is None else _outcome(rule.then),
            "handover": rule.handover if isinstance(rule, RulePart) else None,
            "basis": rule.basis,
            "sources": rule.sources,
            "narrows": rule.narrows if isinstance(rule, RulePart) else [],
            "note": rule.note or "",
            "place": str(document.place(path)),
        }


def gate_clauses(finding: Finding, opens: Iterable[int], shuts: Iterable[int]) -> tuple[int, ...]:
    """What cannot be, from the cubes in which a finding's gate is open and shut: shut and some answer, open and none."""
    answers = finding.mask & ~finding.not_applicable
    return (*(cube | finding.not_applicable for cube in shuts), *(cube | answers for cube in opens))


class _Said:
    """A finding as English needs it."""

    def __init__(self, ask: str, values: Mapping[str, str], unit_text: str) -> None:
        self.ask, self.values, self.unit_text = ask, values, unit_text

    @classmethod
    def of(cls, authored: Authored) -> dict[str, _Said]:
        return {name: cls(part.ask, part.values or {}, UNITS.get(part.unit or "", "")) for name, part in authored.findings.findings.items()}


def _outcome(part: OutcomePart) -> dict[str, Any]:
    return {
        "urgency": part.urgency,
        "referrals": [
            {
                "service": row.service,
                "contact": row.contact,
                "within": None if isinstance(row.within, WindowPart) else row.within,
                "window": row.within.model_dump(by_alias=True) if isinstance(row.within, WindowPart) else None,
                "site": _site(row.site),
            }
            for row in part.referrals
        ],
        "items": [
            {"item": entry.item, "site": _site(entry.site)} if isinstance(entry, SiteItemPart) else {"item": entry, "site": None}
            for entry in (*part.actions, *part.advice, *part.follow_up)
        ],
    }


def _site(wanted: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not wanted:
        return None
    return {
        name: {operator: str(limit) for operator, limit in value.items()} if isinstance(value, dict) else value == "yes"
        for name, value in wanted.items()
    }


# -- the canonical content -------------------------------------------------------------------------------------------


def content_of(authored: Authored) -> dict[str, Any]:
    """Everything that can change what a clinician or reviewer reads, as plain data in the order of the rule set."""
    part = authored.ruleset
    return {
        "ruleset": {
            "id": part.ruleset,
            "title": part.title,
            "version": part.version,
            "review_by": part.review_by,
            "notice": part.notice,
            "scope": part.scope and part.scope.model_dump(),
            "recall": part.recall and part.recall.model_dump(),
            "not_encoded": part.not_encoded,
        },
        "roles": [{"id": name, **role.model_dump()} for name, role in part.roles.items()],
        "urgency": [{"id": name, **level.model_dump()} for name, level in part.urgency.items()],
        "limits": [{"id": name, "label": label} for name, label in part.limits.items()],
        "services": [{"id": name, **service.model_dump()} for name, service in part.services.items()],
        "site_facts": [{"id": name, **_plain(fact.model_dump())} for name, fact in part.site_facts.items()],
        "findings": [
            {
                "id": name,
                **_plain(finding.model_dump(exclude={"applies"})),
                "applies": tree(authored.gates[name]) if name in authored.gates else None,
            }
            for name, finding in authored.findings.findings.items()
        ],
        "groups": [{"id": name, "ask": ask} for name, ask in authored.findings.groups.items()],
        "items": [{"id": name, **item.model_dump()} for name, item in authored.items.items.items()],
        "sources": authored.sources.model_dump(),
        "definitions": _definitions(part.definitions, authored.definitions),
        "constraints": [
            {
                "id": name,
                "if": tree(one),
                "then": tree(other),
                "means": part.constraints[name].means,
                "sources": part.constraints[name].sources,
            }
            for name, (one, other) in authored.constraints.items()
        ],
        "red_flags": [_rule_content(name, flag, authored.red_flags[name]) for name, flag in part.red_flags.items()],
        "pathways": [_pathway_content(pathway) for pathway in authored.pathways.values()],
    }


def _definitions(parts: Mapping[str, Any], conditions: Mapping[str, Condition]) -> dict[str, Any]:
    return {
        name: {"means": parts[name].means, "when": tree(condition), "sources": parts[name].sources}
        for name, condition in conditions.items()
    }


def _pathway_content(pathway: AuthoredPathway) -> dict[str, Any]:
    part = pathway.part
    return {
        "id": part.pathway,
        "title": part.title,
        "complaint": part.complaint,
        "version": part.version,
        "review_by": part.review_by,
        "must_sign": part.must_sign,
        "notice": part.notice or "",
        "applies": None if pathway.applies is None else tree(pathway.applies),
        "first_aid": part.first_aid,
        "definitions": _definitions(part.definitions, pathway.definitions),
        "rules": [_rule_content(name, rule, pathway.rules[name]) for name, rule in part.rules.items()],
        "otherwise": None if part.otherwise is None else _outcome(part.otherwise),
        "not_encoded": part.not_encoded,
    }


def _rule_content(name: str, rule: RulePart | RedFlagPart, condition: Condition) -> dict[str, Any]:
    return {
        "id": name,
        "title": rule.title,
        "when": tree(condition),
        "then": None if rule.then is None else _outcome(rule.then),
        "handover": rule.handover if isinstance(rule, RulePart) else None,
        "basis": rule.basis,
        "sources": rule.sources,
        "narrows": rule.narrows if isinstance(rule, RulePart) else [],
        "note": rule.note or "",
    }


def _plain(data: Any) -> Any:
    """Decimals as the text that was typed."""
    if isinstance(data, dict):
        return {key: _plain(value) for key, value in data.items()}
    if isinstance(data, Iterable) and not isinstance(data, str):
        return [_plain(value) for value in data]
    return data if data is None or isinstance(data, bool | str | int) else str(data)
