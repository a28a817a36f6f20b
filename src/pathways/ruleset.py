"""A rule set as the bedside uses it: built from its compiled form, immutable, asked for decisions.

The compiled form is plain JSON data (`compiler` writes it); nothing here reads YAML or imports pydantic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pathways.asked import Asked
from pathways.decision import Decision, RuleSetRef, SiteRef, Urgency, Window
from pathways.discreet import Discreet, discreet_parts
from pathways.evaluation import decide
from pathways.facts import UNCONFIGURED, Site, SiteFact, site_at
from pathways.findings import Code, Finding, Space
from pathways.frozen import pickled, refuse
from pathways.presentations import Presentation, Reader, from_json, told
from pathways.remarks import InvalidPresentation, Place, Remark, near

if TYPE_CHECKING:
    import networkx


__all__ = [
    "ENGINE", "FORMAT", "UNCONFIGURED", "CatalogueItem", "Constraint", "Outcome", "Pathway", "ReferralRow", "Rule", "RuleSet", "Site",
    "findings_of_rows",
]  # fmt: skip

__version__ = "0.1.0"
ENGINE = f"ent-pathways {__version__}"
FORMAT = 1  # of the compiled form


class CatalogueItem(NamedTuple):
    """An action, piece of advice or follow-up as the catalogue declares it, in clinical order.

    `reassures`: given only if certain and only at the urgency of a rule that gives it. `repeat_after`: minutes.
    `before_call`: the service whose call waits that long for this first aid.
    """

    id: str
    kind: str
    text: str
    reassures: bool = False
    discreet: bool = False
    repeat_after: int | None = None
    before_call: str | None = None
    excludes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class ReferralRow(NamedTuple):
    """One referral of one rule's outcome. `site` names the facts of the place of care that it depends on."""

    service: str
    contact: str | None
    within: str | None
    window: Window | None
    site: tuple[tuple[str, Any], ...] = ()


class Outcome(NamedTuple):
    """What a rule gives: urgency, referrals, and items as (id, site facts that they depend on)."""

    urgency: Urgency
    referrals: tuple[ReferralRow, ...]
    items: tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]


class Rule(NamedTuple):
    """One line of clinical reasoning: when this holds, that is the outcome (or the pathway that it hands over to).

    `cubes` is the compiled condition (see `solver`), `when` its English, `place` its line in the rule file.
    """

    id: str
    pathway: str
    title: str
    when: str
    cubes: tuple[int, ...]
    outcome: Outcome | None
    handover: str | None
    basis: str
    sources: tuple[str, ...]
    narrows: tuple[str, ...] = ()
    note: str = ""
    place: str = ""


class Pathway(NamedTuple):
    """The rules for one presenting complaint. `findings` are those that its rules read, in the order of the rule set.

    `otherwise_never`: the compiler proved that some rule holds for every patient, so that `otherwise` never does.
    """

    id: str
    title: str
    complaint: str
    notice: str
    version: str
    review_by: str
    applies: tuple[int, ...] | None
    applies_text: str
    first_aid: tuple[str, ...]
    findings: tuple[str, ...]
    rules: tuple[Rule, ...]
    otherwise: Outcome | None
    otherwise_place: str
    otherwise_never: bool
    not_encoded: Mapping[str, str]

    def __reduce__(self) -> tuple[Any, ...]:
        return pickled(self)


class Constraint(NamedTuple):
    """What cannot be, or what a measurement implies: clauses that every patient hits."""

    id: str
    means: str
    clauses: tuple[int, ...]


class RuleSet:
    """The pathways that share findings, services, items, an urgency scale and a limit scale.

    Made by `pathways.load`. Nothing of it can be changed; one instance may be shared between threads. `groups` and `findings`
    come in the order of a form: a group (id → its question) is one screen, and a finding names its `group`.
    """

    def __init__(self, compiled: Mapping[str, Any], site: Site = UNCONFIGURED) -> None:
        if compiled.get("format") != FORMAT:
            raise ValueError(f"a compiled rule set of format {compiled.get('format')!r}; this engine reads format {FORMAT}")
        about = compiled["ruleset"]
        self._compiled = compiled
        self.id: Final[str] = about["id"]
        self.title: Final[str] = about["title"]
        self.version: Final[str] = about["version"]
        self.review_by: Final[str] = about["review_by"]
        self.notice: Final[str] = about["notice"]
        self.digest: Final[str] = compiled["digest"]
        self.urgency: Final[tuple[Urgency, ...]] = tuple(
            Urgency(level["id"], rank, level["label"], level["latest"], level["contact"]) for rank, level in enumerate(compiled["urgency"])
        )
        self._levels = {level.id: level for level in self.urgency}
        self.limits: Final[Mapping[str, str]] = MappingProxyType({limit["id"]: limit["label"] for limit in compiled["limits"]})
        self.limit_ids: Final[tuple[str, ...]] = tuple(self.limits)
        self.services: Final[Mapping[str, str]] = MappingProxyType({service["id"]: service["name"] for service in compiled["services"]})
        self.site_facts: Final[Mapping[str, SiteFact]] = MappingProxyType({fact["id"]: _fact(fact) for fact in compiled["site_facts"]})
        self.groups: Final[Mapping[str, str]] = MappingProxyType({group["id"]: group["ask"] for group in compiled["groups"]})
        self.findings: Final[Mapping[str, Finding]] = MappingProxyType(findings_of_rows(compiled["findings"]))
        self.items: Final[Mapping[str, CatalogueItem]] = MappingProxyType({item["id"]: _item(item) for item in compiled["items"]})
        self.constraints: Final[tuple[Constraint, ...]] = tuple(
            Constraint(one["id"], one["means"], _masks(one["clauses"])) for one in compiled["constraints"]
        )
        self.red_flags: Final[tuple[Rule, ...]] = tuple(self._rule(rule, "red_flags") for rule in compiled["red_flags"])
        self.pathways: Final[Mapping[str, Pathway]] = MappingProxyType({one["id"]: self._pathway(one) for one in compiled["pathways"]})
        self.discreet: Final[Discreet] = discreet_parts(self)
        self.space: Final = Space(self.findings)
        self.clauses: Final[tuple[int, ...]] = tuple(clause for constraint in self.constraints for clause in constraint.clauses)
        # A gated finding's mask → the clauses that say where it applies.
        self.gates: Final[Mapping[int, frozenset[int]]] = MappingProxyType(
            {
                self.space.masks[one.id.removeprefix("applies:")]: frozenset(one.clauses)
                for one in self.constraints
                if one.id.startswith("applies:")
            }
        )
        self.reader: Final = Reader(self.space, f"{self.digest} {ENGINE}")
        self.site: Final = site_at(site, self.site_facts)
        self.site_ref: Final = SiteRef(self.site.id, self.site.digest)
        self.engine: Final = ENGINE
        self.ref: Final = RuleSetRef(self.id, self.version, self.digest, compiled.get("approval", "draft"))
        self._asked: dict[tuple[str, ...] | str, Asked] = {}  # set last: nothing is set after it

    def __setattr__(self, name: str, value: object) -> None:
        if hasattr(self, "_asked"):
            refuse(self, name)
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        refuse(self, name)

    def __copy__(self) -> RuleSet:
        return self

    def __deepcopy__(self, memo: object) -> RuleSet:
        return self

    def __reduce__(self) -> tuple[Any, tuple[str, Mapping[str, Any], Site]]:
        return _restored, (ENGINE, self._compiled, self.site)

    def __repr__(self) -> str:
        return f"<RuleSet {self.id} {self.version} {self.digest[:12]}, site {self.site.id}>"

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule: the shared red flags, then those of each pathway, as the files have them; no `otherwise`."""
        return (*self.red_flags, *(rule for pathway in self.pathways.values() for rule in pathway.rules))

    def decide(self, given: Mapping[str, Any] | Presentation, pathways: str | Iterable[str]) -> Decision:
        """What the rules of these pathways say of one patient. A pathway is asked by name, several as a list.

        `given` maps findings to answers: `True`/`False`, a choice as text, a number (int, float or Decimal, in the
        finding's unit), `None` or `"unknown"`, `{"unknown": "asked-unknown"}`, a list of choices, `{"from": 40, "below": 50}`.
        What is left out is unknown, never "no". Raises InvalidPresentation, with a remark for each mistake, for a misspelt
        finding, a wrong kind, a value out of range, an unknown pathway, or answers that no patient can have together.
        """
        presentation = self._own(given) if isinstance(given, Presentation) else self.reader.read(given)
        return decide(self.asked(pathways), presentation)

    def read_json(self, text: str | bytes) -> Presentation:
        """What JSON text says of one patient, for `decide`: `"yes"`, `"no"`, `true`, `false`; numbers are taken as they are written.

        Raises InvalidPresentation, also for NaN, infinities, exponents, a key given twice and more than 1 MB.
        """
        return self.reader.read(from_json(text, self.findings))

    def form(self, pathways: str | Iterable[str]) -> Mapping[str, tuple[Finding, ...]]:
        """The findings that can matter for these pathways, by group in the order of the screens.

        Those of the red flags, of gates, of pathways that are handed over to, and the measurements that imply one of these are
        among them. `groups` has the text above a group.
        """
        scope = self.asked(pathways).askable
        linked = scope
        for clause in self.clauses:
            if clause & scope:
                linked |= self.space.scope(clause)
        beside = [self.findings[name] for name in self.space.names(linked)]
        asked = [finding for finding in beside if finding.mask & scope or finding.kind == "number"]
        found = {group: tuple(finding for finding in asked if finding.group == group) for group in self.groups}
        return MappingProxyType({group: findings for group, findings in found.items() if findings})

    def _own(self, presentation: Presentation) -> Presentation:
        if presentation.rules != self.reader.rules:
            remark = Remark("other-rules", "it was read for other rules", Place("presentation"), "read it again for this rule set")
            raise InvalidPresentation([remark])
        return presentation

    def asked(self, pathways: str | Iterable[str]) -> Asked:
        """The compiled question for these pathways together; made on first use and kept."""
        if type(pathways) is str and pathways in self._asked:
            return self._asked[pathways]
        names = tuple(pathways) if type(pathways) in (list, tuple) else _names(pathways)
        found = self._asked.get(names) if all(isinstance(name, str) for name in names) else None
        if found is None:
            self._check_pathways(names)
            # Two threads may both make it: they are equal, and one is kept.
            found = self._asked.setdefault(names, Asked(self, names))
            if len(names) == 1:
                self._asked[names[0]] = found
        return found

    def _check_pathways(self, names: tuple[str, ...]) -> None:
        remarks = [
            Remark(
                "unknown-pathway",
                f"`{told(name)}` is not a pathway",
                Place("pathways"),
                near(told(name), self.pathways) or f"one of: {', '.join(self.pathways)}",
            )
            for name in names
            if not isinstance(name, str) or name not in self.pathways
        ]
        if not names:
            remarks.append(Remark("no-pathway", "no pathway is asked", Place("pathways"), f"name one of: {', '.join(self.pathways)}"))
        if not remarks and len(set(names)) < len(names):
            remarks.append(Remark("pathway-twice", "a pathway is asked twice", Place("pathways"), "name each once"))
        if remarks:
            raise InvalidPresentation(remarks)

    def at(self, site: Site) -> RuleSet:
        """The same rules at this place of care.

        Raises InvalidRules unless the site states every one of `site_facts`, each of its kind and in its range.
        """
        return RuleSet(self._compiled, site)

    def standing_as(self, approval: str) -> RuleSet:
        """The same rules, saying of themselves how they stand; `approvals` derives that from who signed."""
        return RuleSet({**self._compiled, "approval": str(approval)}, self.site)

    def level(self, name: str | Urgency) -> Urgency:
        """The level of this name; raises ValueError for one that the scale does not have."""
        found = self._levels.get(str(name))
        if found is None:
            raise ValueError(f"`{name}` is not a level of urgency: {near(str(name), self._levels) or ', '.join(self._levels)}")
        return found

    def content(self) -> dict[str, Any]:
        """The canonical content that the digest is taken of; read from the rule files, so it needs the whole installation."""
        from copy import deepcopy

        content = self._compiled.get("content")
        if content is None:
            from pathways import shipped

            content = shipped.content()
        return deepcopy(dict(content))

    def graph(self, pathway: str, rule: str | None = None) -> networkx.DiGraph[int]:
        """The decision graph of a pathway's urgency, or of one of its rules, as a networkx DiGraph.

        Raises ValueError for a pathway or rule that the rule set does not have.
        """
        from pathways.graph import graph_of

        if pathway not in self.pathways:
            raise ValueError(f"`{pathway}` is not a pathway: {near(str(pathway), self.pathways) or ', '.join(self.pathways)}")
        rules = [one.id for one in (*self.red_flags, *self.pathways[pathway].rules)]
        if rule is not None and rule not in rules:
            raise ValueError(f"`{rule}` is not a rule of `{pathway}`: {near(str(rule), rules) or ', '.join(rules)}")
        return graph_of(self, pathway, rule)

    def _pathway(self, data: Mapping[str, Any]) -> Pathway:
        name = data["id"]
        return Pathway(
            id=name,
            title=data["title"],
            complaint=data["complaint"],
            notice=data["notice"],
            version=data["version"],
            review_by=data["review_by"],
            applies=None if data["applies"] is None else _masks(data["applies"]),
            applies_text=data["applies_text"],
            first_aid=tuple(data["first_aid"]),
            findings=tuple(data["findings"]),
            rules=tuple(self._rule(rule, name) for rule in data["rules"]),
            otherwise=None if data["otherwise"] is None else self._outcome(data["otherwise"]),
            otherwise_place=data["otherwise_place"],
            otherwise_never=data["otherwise_never"],
            not_encoded=MappingProxyType(dict(data["not_encoded"])),
        )

    def _rule(self, data: Mapping[str, Any], pathway: str) -> Rule:
        return Rule(
            id=data["id"],
            pathway=pathway,
            title=data["title"],
            when=data["when"],
            cubes=_masks(data["cubes"]),
            outcome=None if data["then"] is None else self._outcome(data["then"]),
            handover=data["handover"],
            basis=data["basis"],
            sources=tuple(data["sources"]),
            narrows=tuple(data["narrows"]),
            note=data["note"],
            place=data["place"],
        )

    def _outcome(self, data: Mapping[str, Any]) -> Outcome:
        return Outcome(
            self._levels[data["urgency"]],
            tuple(
                ReferralRow(row["service"], row["contact"], row["within"], _window(row["window"]), _site(row["site"]))
                for row in data["referrals"]
            ),
            tuple((item["item"], _site(item["site"])) for item in data["items"]),
        )


def _names(pathways: object) -> tuple[Any, ...]:
    """The pathway named, or those of some other collection that has an order; raises InvalidPresentation."""
    if isinstance(pathways, str):
        return (pathways,)
    if isinstance(pathways, Pathway):
        message = "pathways are named, and the `Pathway` itself was given"
        raise InvalidPresentation([Remark("wrong-kind", message, Place("pathways"), f"give its id: `{pathways.id}`")])
    if isinstance(pathways, Iterable) and not isinstance(pathways, bytes | bytearray | set | frozenset):
        return tuple(pathways)
    message = f"pathways are a name or a list of names, and `{told(pathways)}` was given"
    raise InvalidPresentation([Remark("wrong-kind", message, Place("pathways"), "their order is that of the record")])


def _restored(engine: str, compiled: Mapping[str, Any], site: Site) -> RuleSet:
    """A pickled rule set; raises ValueError where another engine pickled it, which might decide otherwise."""
    if engine != ENGINE:
        raise ValueError(f"pickled by {engine}, and this is {ENGINE}: keep decisions as JSON, and `replay` them")
    return RuleSet(compiled, site)


def _masks(texts: Iterable[str]) -> tuple[int, ...]:
    return tuple(int(text, 16) for text in texts)


def _window(data: Mapping[str, str] | None) -> Window | None:
    return None if data is None else Window(data["from"], data["not_before"], data["not_after"])


def _site(data: Mapping[str, Any] | None) -> tuple[tuple[str, Any], ...]:
    """Site facts wanted: yes/no as they are, limits of a number as decimals."""
    return tuple((name, _limits(wanted) if isinstance(wanted, Mapping) else wanted) for name, wanted in data.items()) if data else ()


def _fact(data: Mapping[str, Any]) -> SiteFact:
    ends = data["range"]
    range_ = (Decimal(ends[0]), Decimal(ends[1])) if ends else None
    return SiteFact(data["id"], data["means"], data["kind"], data["unit"] or "", range_, data["negated"] or "")


def _limits(wanted: Mapping[str, str]) -> Mapping[str, Decimal]:
    return MappingProxyType({operator: Decimal(limit) for operator, limit in wanted.items()})


def _item(data: Mapping[str, Any]) -> CatalogueItem:
    return CatalogueItem(
        id=data["id"],
        kind=data["kind"],
        text=data["text"],
        reassures=data["reassures"],
        discreet=data["discreet"],
        repeat_after=data["repeat_after"],
        before_call=data["before_call"],
        excludes=tuple(data["excludes"]),
        sources=tuple(data["sources"]),
    )


def findings_of_rows(rows: Iterable[Mapping[str, Any]]) -> dict[str, Finding]:
    """The findings of compiled rows, each with the bits of its cells."""
    findings: dict[str, Finding] = {}
    offset = 0
    for row in rows:
        cuts = tuple((Decimal(limit), after) for limit, after in row["cuts"])
        finding = Finding(
            id=row["id"],
            ask=row["ask"],
            means=row["means"],
            kind=row["kind"],
            group=row["group"],
            worse=row["worse"],
            unit=row["unit"],
            range=(Decimal(row["range"][0]), Decimal(row["range"][1])) if row["range"] else None,
            resolution=Decimal(row["resolution"]) if row["resolution"] else None,
            values=MappingProxyType(dict(row["values"])),
            codes=tuple(Code(code["system"], code["code"], code["match"], tuple(code["verified_by"])) for code in row["codes"]),
            applies=row["applies"],
            gates=tuple(row["gates"]),
            reserved=row["reserved"],
            hides=tuple(row["hides"]),
            measured_by=tuple(row["measured_by"]),
            cuts=cuts,
            offset=offset,
            below=tuple(_plain(limit) for limit, after in cuts if not after),
            above=tuple(_plain(limit) for limit, after in cuts if after),
        )
        findings[finding.id] = finding
        offset += finding.size
    return findings


def _plain(limit: Decimal) -> Decimal | int:
    """An int where the limit is whole: ints compare faster, and just as exactly."""
    return int(limit) if limit == limit.to_integral_value() else limit
