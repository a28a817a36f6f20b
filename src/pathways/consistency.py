"""Whether the parts of a rule folder fit together: every name declared, every outcome one that somebody can act on.

Each check is one generator in a table; what needs a solver belongs elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from pathways.conditions import MAX_DEPTH, OPERATORS, AllOf, Choice, Condition, Named, Not, Number, YesNo, findings_of, walk
from pathways.documents import Document, Path_
from pathways.findings import number
from pathways.model import OutcomePart, RuleSetFile, SiteItemPart, WindowPart
from pathways.remarks import Place, Remark, Severity, near, short

if TYPE_CHECKING:
    from pathways.loader import Authored, AuthoredPathway

__all__ = ["CHECKS", "every_condition", "remarks", "unknown"]

FEW = 12  # names that a remark can list
MAX_FINDINGS = 500  # the search goes one step down for each, and Python about a thousand
RESERVED_NAMES = frozenset({"all", "any", "not", "otherwise", "red_flags", "unknown"})


def remarks(authored: Authored, complete: bool) -> Iterator[Remark]:
    """Everything that does not fit; `complete` says that every file and condition could be read."""
    found = [remark for check in CHECKS for remark in check(authored)]
    yield from found
    if complete and not any(remark.severity is Severity.ERROR for remark in found):
        for check in CHECKS_OF_THE_WHOLE:
            yield from check(authored)


def unknown(code: str, name: str, names: Iterable[str], place: Place) -> Remark:
    """The remark on a name that is none of the declared ones; the code says of what: `unknown-site-fact`."""
    kind = code.removeprefix("unknown-").replace("-", " ")
    article = "an" if kind[0] in "aeiou" else "a"
    known = list(names)
    help = near(name, known) or f"declare it, or name {'one of ' + ', '.join(known) if 0 < len(known) <= FEW else 'another ' + kind}"
    return Remark(code, f"`{short(name)}` is not {article} {kind} of this rule set", place, help)


# -- findings and groups ---------------------------------------------------------------------------------------------


def findings_fit_their_kind(authored: Authored) -> Iterator[Remark]:
    """A number has unit, range and resolution; a choice has values; a direction suits the kind."""
    document = authored.documents["findings.yaml"]
    if len(authored.findings.findings) > MAX_FINDINGS:
        message = f"{len(authored.findings.findings)} findings, and at most {MAX_FINDINGS} can be looked through together"
        yield Remark("too-many-findings", message, document.place(("findings",)), "divide the rule set")
    for name, part in authored.findings.findings.items():
        place = document.place(("findings", name))
        if name in RESERVED_NAMES:
            yield Remark("reserved-name", f"`{name}` is a word of the rule language", place, "choose another name")
        number = [key for key in ("unit", "range", "resolution") if getattr(part, key) is not None]
        if part.kind == "number" and len(number) < 3:
            missing = next(key for key in ("unit", "range", "resolution") if key not in number)
            yield Remark("missing-key", f"the number `{name}` has no `{missing}`", place, f"add `{missing}:`")
        if part.kind != "number" and number:
            yield Remark("wrong-kind", f"`{name}` is a {part.kind} and has `{number[0]}`", place, "write `kind: number`, or delete it")
        if part.range is not None and part.range[0] >= part.range[1]:
            yield Remark("empty-range", f"the range of `{name}` is empty", document.place(("findings", name, "range")), "lowest first")
        if part.resolution is not None and part.resolution <= 0:
            yield Remark(
                "wrong-kind",
                f"the resolution of `{name}` is not above 0",
                document.place(("findings", name, "resolution")),
                "the step in which it is measured",
            )
        if (part.kind == "choice") != (part.values is not None):
            yield Remark(
                "missing-key" if part.kind == "choice" else "wrong-kind", f"a choice has `values`, and `{name}` is a {part.kind}", place
            )
        for value in part.values or ():
            if value in ("unknown", "yes", "no"):
                yield Remark(
                    "reserved-name",
                    f"`{value}` is never a value of a choice",
                    document.place(("findings", name, "values", value)),
                    "unknown is the absence of a value",
                )
        allowed = {"yes_no": ("yes", "no", "neither"), "number": ("higher", "lower", "both", "neither"), "choice": ("neither",)}[part.kind]
        if part.worse not in allowed:
            yield Remark(
                "wrong-kind",
                f"`{name}` is a {part.kind} and cannot be worse: {part.worse}",
                document.place(("findings", name, "worse")),
                f"one of: {', '.join(allowed)}",
            )
        if part.group not in authored.findings.groups:
            yield unknown("unknown-group", part.group, authored.findings.groups, document.place(("findings", name, "group")))


def findings_of_findings(authored: Authored) -> Iterator[Remark]:
    """What a finding hides are other yes/no findings; what measures it are numbers."""
    document, findings = authored.documents["findings.yaml"], authored.findings.findings
    for name, part in findings.items():
        for key, names, kind in (("hides", part.hides, "yes_no"), ("measured_by", part.measured_by, "number")):
            for n, other in enumerate(names):
                place = document.place(("findings", name, key, n))
                if other not in findings:
                    yield unknown("unknown-finding", other, findings, place)
                elif part.kind != "yes_no" or findings[other].kind != kind or other == name:
                    help = f"of a yes/no finding, naming other {'yes/no findings' if kind == 'yes_no' else 'findings that are numbers'}"
                    yield Remark("wrong-kind", f"`{name}` has `{key}: {other}`, which is a {findings[other].kind}", place, help)


def mixed_group(authored: Authored) -> Iterator[Remark]:
    """The yes/no findings of a group all get worse in one direction, or "none of these" would raise an alarm."""
    document = authored.documents["findings.yaml"]
    first: dict[str, tuple[str, str]] = {}
    for name, part in authored.findings.findings.items():
        if part.kind != "yes_no":
            continue
        other, worse = first.setdefault(part.group, (name, part.worse))
        if worse != part.worse:
            yield Remark(
                "mixed-group",
                f"`{name}` is worse: {part.worse}, and `{other}` of the same group `{part.group}` is worse: {worse}",
                document.place(("findings", name, "worse")),
                "put one of them into a group of its own kind",
                document.place(("findings", other, "worse")),
            )


def codes_check(authored: Authored) -> Iterator[Remark]:
    """A SNOMED id passes its check digit and is the id of a concept."""
    document = authored.documents["findings.yaml"]
    for name, part in authored.findings.findings.items():
        for n, code in enumerate(part.codes):
            if code.system == "snomed" and not (code.code.isdigit() and code.code[-3:-1] in ("00", "10") and verhoeff(code.code)):
                yield Remark(
                    "check-digit",
                    f"{code.code} is not a SNOMED CT concept id",
                    document.place(("findings", name, "codes", n)),
                    "copy the id again from its source",
                )


_D = (
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
)
_P = ("0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258")


def verhoeff(digits: str) -> bool:
    """Whether the number passes the Verhoeff check (dihedral group of order 10, permutation repeated modulo 8)."""
    check = 0
    for n, digit in enumerate(reversed(digits)):
        check = int(_D[check][int(_P[n % 8][int(digit)])])
    return check == 0


def gates_end(authored: Authored) -> Iterator[Remark]:
    """No finding waits, through gates, for itself."""
    document = authored.documents["findings.yaml"]
    needs = {
        name: findings_of(gate, authored.definitions) for name, gate in authored.gates.items() if not _dangling(gate, authored.definitions)
    }
    for name in _in_cycles(needs):
        yield Remark(
            "gate-cycle", f"whether `{name}` applies depends on `{name}`", document.place(("findings", name, "applies")), "cut the circle"
        )
    for name, depth in depths(needs).items():
        if depth == MAX_DEPTH + 1:
            message = f"`{name}` waits, through {MAX_DEPTH} others, for the first"
            yield Remark("gate-too-deep", message, document.place(("findings", name, "applies")), "let it wait for the first alone")


def reserved_findings_are_not_read(authored: Authored) -> Iterator[Remark]:
    """What says that nothing reads it is read by nothing."""
    document = authored.documents["findings.yaml"]
    read = {
        part.finding for condition in every_condition(authored) for part in walk(condition) if isinstance(part, YesNo | Choice | Number)
    }
    for name, finding in authored.findings.findings.items():
        if finding.reserved and name in read:
            place = document.place(("findings", name, "reserved"))
            yield Remark("reserved-but-read", f"a rule reads the reserved `{name}`", place, "delete `reserved: yes`")


# -- definitions -----------------------------------------------------------------------------------------------------


def definitions_end(authored: Authored) -> Iterator[Remark]:
    """No definition uses itself, and none hides a finding or a shared definition."""
    shared = authored.documents["ruleset.yaml"]
    for name in authored.ruleset.definitions:
        if name in RESERVED_NAMES:
            yield Remark(
                "reserved-name", f"`{name}` is a word of the rule language", shared.place(("definitions", name)), "choose another name"
            )
        if name in authored.findings.findings:
            yield Remark(
                "name-twice", f"`{name}` is a definition and a finding", shared.place(("definitions", name)), "rename the definition"
            )
    for name in _in_cycles(_uses(authored.definitions)):
        yield Remark("definition-cycle", f"`{name}` is defined by itself", shared.place(("definitions", name)), "cut the circle")
    yield from _too_deep(authored.definitions, authored.definitions, shared)
    for pathway in authored.pathways.values():
        for name in pathway.part.definitions:
            if name in RESERVED_NAMES:
                place = pathway.document.place(("definitions", name))
                yield Remark("reserved-name", f"`{name}` is a word of the rule language", place, "choose another name")
            other = (
                "a finding" if name in authored.findings.findings else "a shared definition" if name in authored.ruleset.definitions else ""
            )
            if other:
                yield Remark(
                    "name-twice", f"`{name}` is {other} too", pathway.document.place(("definitions", name)), "rename the definition"
                )
        together = authored.definitions_of(pathway.part.pathway)
        for name in _in_cycles(_uses(together)) & set(pathway.definitions):
            yield Remark(
                "definition-cycle", f"`{name}` is defined by itself", pathway.document.place(("definitions", name)), "cut the circle"
            )
        yield from _too_deep(together, pathway.definitions, pathway.document)


def _too_deep(definitions: Mapping[str, Condition], own: Iterable[str], document: Document) -> Iterator[Remark]:
    levels = depths(_uses(definitions))
    for name in own:
        if levels.get(name) == MAX_DEPTH + 1:
            message = f"`{name}` stands on {MAX_DEPTH} definitions, one upon the other"
            yield Remark("definition-too-deep", message, document.place(("definitions", name)), "write some of them out")


def _uses(definitions: Mapping[str, Condition]) -> dict[str, set[str]]:
    return {name: _named(condition) for name, condition in definitions.items()}


def _named(condition: Condition) -> set[str]:
    return {part.name for part in walk(condition) if isinstance(part, Named)}


def depths(needs: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """How many steps each name leads down at most; without those that lead into a circle."""
    users: dict[str, list[str]] = {}
    waiting = {name: {one for one in of if one in needs} for name, of in needs.items()}
    for name, of in waiting.items():
        for one in of:
            users.setdefault(one, []).append(name)
    found: dict[str, int] = {}
    todo = [name for name, of in waiting.items() if not of]
    while todo:
        name = todo.pop()
        found[name] = 1 + max((found[one] for one in needs[name] if one in needs), default=0)
        for user in users.get(name, ()):
            waiting[user].discard(name)
            if not waiting[user]:
                todo.append(user)
    return found


def _in_cycles(needs: Mapping[str, Iterable[str]]) -> set[str]:
    """The names that reach themselves."""
    found = set()
    for name in needs.keys() - depths(needs):
        seen: set[str] = set()
        todo = list(needs[name])
        while todo:
            one = todo.pop()
            if one not in seen:
                seen.add(one)
                todo += needs.get(one, ())
        if name in seen:
            found.add(name)
    return found


def _dangling(condition: Condition, definitions: Mapping[str, Condition]) -> bool:
    """Whether the condition leads to a definition that could not be read, or to a circle."""
    uses: dict[str, set[str]] = {}
    todo = list(_named(condition))
    while todo:
        name = todo.pop()
        if name not in definitions:
            return True
        if name not in uses:
            uses[name] = _named(definitions[name])
            todo += uses[name]
    return bool(_in_cycles(uses))


# -- outcomes --------------------------------------------------------------------------------------------------------


def outcomes_fit(authored: Authored) -> Iterator[Remark]:
    """Every outcome names what is declared, and from an actionable level upward a service and a limit that the level allows."""
    for document, path, outcome in _outcomes(authored):
        yield from _outcome(authored, document, path, outcome)


def _outcomes(authored: Authored) -> Iterator[tuple[Document, Path_, OutcomePart]]:
    for name, flag in authored.ruleset.red_flags.items():
        yield authored.documents["ruleset.yaml"], ("red_flags", name, "then"), flag.then
    for pathway in authored.pathways.values():
        for name, rule in pathway.part.rules.items():
            if rule.then is not None:
                yield pathway.document, ("rules", name, "then"), rule.then
        if pathway.part.otherwise is not None:
            yield pathway.document, ("otherwise",), pathway.part.otherwise


def actionable(ruleset: RuleSetFile) -> list[str]:
    """The levels whose outcomes name a service: from the lowest that says so, or has a limit or a call, upward."""
    levels = list(ruleset.urgency)
    said = (
        n for n, level in enumerate(ruleset.urgency.values()) if level.actionable or level.latest is not None or level.contact is not None
    )
    return levels[next(said, len(levels)) :]


def _outcome(authored: Authored, document: Document, path: Path_, outcome: OutcomePart) -> Iterator[Remark]:
    ruleset = authored.ruleset
    level = ruleset.urgency.get(outcome.urgency)
    limits = list(ruleset.limits)
    if level is None:
        yield unknown("unknown-level", outcome.urgency, ruleset.urgency, document.place((*path, "urgency")))
    allowed = limits.index(level.latest) if level is not None and level.latest in limits else len(limits)
    timely = calls = False
    for n, referral in enumerate(outcome.referrals):
        at = (*path, "referrals", n)
        if referral.service not in ruleset.services:
            yield unknown("unknown-service", referral.service, ruleset.services, document.place((*at, "service")))
        if isinstance(referral.within, WindowPart):
            timely = True
            first, last = (int(day[1:-1]) for day in (referral.within.not_before, referral.within.not_after))
            if first > last:
                place = document.place((*at, "within"))
                yield Remark(
                    "empty-window", f"day {first} lies after day {last}", place, "`not_before` is the first day, `not_after` the last"
                )
        elif referral.within not in ruleset.limits:
            timely = True  # as far as anybody can tell
            yield unknown("unknown-limit", referral.within, ruleset.limits, document.place((*at, "within")))
        else:
            timely = timely or limits.index(referral.within) <= allowed
        calls = calls or referral.contact == "now"
        yield from _site(authored, referral.site, document, (*at, "site"))
    if outcome.urgency in actionable(ruleset):
        place = document.place((*path, "urgency"))
        if not outcome.referrals:
            yield Remark("nobody-to-call", f"`{outcome.urgency}` names no service", place, "add a referral with a service and a limit")
        elif not timely:
            yield Remark(
                "limit-too-long",
                f"`{outcome.urgency}` allows {limits[allowed]} at the latest, and no referral is within it",
                place,
                f"add a referral within {limits[allowed]}, or lower the urgency",
            )
        elif level is not None and level.contact == "now" and not calls and not _call_waits(authored, outcome):
            yield Remark(
                "nobody-to-call",
                f"`{outcome.urgency}` is phoned at once, and no referral says `contact: now`",
                place,
                "add `contact: now` to a referral",
            )
    for kind, field in (("action", "actions"), ("advice", "advice"), ("follow_up", "follow_up")):
        for n, entry in enumerate(getattr(outcome, field)):
            name = entry.item if isinstance(entry, SiteItemPart) else entry
            at = (*path, field, n)
            item = authored.items.items.get(name)
            if item is None:
                yield unknown("unknown-item", name, authored.items.items, document.place(at))
            elif item.kind != kind:
                yield Remark("item-kind", f"`{name}` is of kind {item.kind}", document.place(at), f"list it under `{_field(item.kind)}:`")
            if isinstance(entry, SiteItemPart):
                yield from _site(authored, entry.site, document, (*at, "site"))


def _call_waits(authored: Authored, outcome: OutcomePart) -> bool:
    """Whether first aid that the outcome gives comes before one of its calls."""
    names = [entry for entry in outcome.actions if not isinstance(entry, SiteItemPart)]
    waiting = {authored.items.items[name].before_call for name in names if name in authored.items.items}
    return any(referral.service in waiting for referral in outcome.referrals)


def _field(kind: str) -> str:
    return {"action": "actions"}.get(kind, kind)


def _site(authored: Authored, wanted: Mapping[str, Any] | None, document: Document, path: Path_) -> Iterator[Remark]:
    for name, value in (wanted or {}).items():
        fact = authored.ruleset.site_facts.get(name)
        if fact is None:
            yield unknown("unknown-site-fact", name, authored.ruleset.site_facts, document.place((*path, name)))
        elif fact.kind == "yes_no" and value not in ("yes", "no"):
            yield Remark("wrong-kind", f"`{name}` is yes or no", document.place((*path, name)))
        elif fact.kind == "number" and not _limits(value):
            yield Remark("wrong-kind", f"`{name}` is a number", document.place((*path, name)), "compare it: {at_least: 30}")


def _limits(value: Any) -> bool:
    """Whether a value compares a number: operators with numbers, one at least."""
    return isinstance(value, dict) and bool(value) and all(key in OPERATORS and number(limit) is not None for key, limit in value.items())


def site_facts_fit(authored: Authored) -> Iterator[Remark]:
    """A site fact that is a number says in which unit and range."""
    document = authored.documents["ruleset.yaml"]
    for name, fact in authored.ruleset.site_facts.items():
        for key in ("unit", "range", "resolution") if fact.kind == "number" else ():
            if getattr(fact, key) is None:
                yield Remark("missing-key", f"the number `{name}` has no `{key}`", document.place(("site_facts", name)), f"add `{key}:`")


def rules_fit(authored: Authored) -> Iterator[Remark]:
    """A rule has an outcome or hands over; its sources exist and may carry it; what narrows a row says which gap allows it."""
    for pathway in authored.pathways.values():
        if pathway.part.pathway in RESERVED_NAMES:
            place = pathway.document.place(("pathway",))
            yield Remark("reserved-name", f"`{pathway.part.pathway}` is a word of the rule language", place, "choose another name")
        for name, rule in pathway.part.rules.items():
            place = pathway.document.place(("rules", name))
            if name in RESERVED_NAMES:
                yield Remark("reserved-name", f"`{name}` is a word of the rule language", place, "choose another name")
            if (rule.then is None) == (rule.handover is None):
                yield Remark("wrong-shape", f"the rule `{name}` has `then` or `handover`, one of the two", place)
            if rule.handover is not None and rule.handover not in authored.pathways:
                yield unknown("unknown-pathway", rule.handover, authored.pathways, pathway.document.place(("rules", name, "handover")))
            yield from _cited(authored, rule.sources, rule.basis, pathway.document, ("rules", name))
            for n, row in enumerate(rule.narrows):
                if row not in authored.sources.rows and row not in authored.sources.gaps:
                    yield unknown(
                        "unknown-row",
                        row,
                        [*authored.sources.rows, *authored.sources.gaps],
                        pathway.document.place(("rules", name, "narrows", n)),
                    )
            if rule.narrows and not any(source in authored.sources.gaps or source in authored.unreadable for source in rule.sources):
                yield Remark(
                    "narrows-without-gap",
                    f"`{name}` covers fewer patients than the row names, and cites no gap",
                    place,
                    "add the gap id that allows it to `sources`",
                )
    for name, flag in authored.ruleset.red_flags.items():
        yield from _cited(authored, flag.sources, flag.basis, authored.documents["ruleset.yaml"], ("red_flags", name))


def _cited(authored: Authored, sources: list[str], basis: str, document: Document, path: Path_) -> Iterator[Remark]:
    known = authored.sources
    for n, source in enumerate(sources):
        if source not in known.rows and source not in known.evidence and source not in known.gaps:
            yield unknown("unknown-source", source, [*known.rows, *known.evidence, *known.gaps], document.place((*path, "sources", n)))
    if authored.unreadable.intersection(sources):
        return  # whether they carry the rule cannot be said yet
    place = document.place((*path, "basis"))
    if not sources:
        yield Remark("no-source", "a rule names no source", place, "name the row, the evidence or the gap that it rests on")
    if basis == "source" and not any(source in known.rows for source in sources):
        yield Remark("no-source", "`basis: source` names no row of the agreed table", place, "name the row, or write `interpretation`")
    citable = [source for source in sources if source not in known.evidence or known.evidence[source].cite]
    if sources and not citable:
        yield Remark("not-citable", f"{', '.join(sources)} may not be cited", place, "rest the rule on another source")
    if basis == "evidence" and not any(source in known.evidence and known.evidence[source].cite for source in sources):
        yield Remark("no-source", "`basis: evidence` names no published source", place, "name it, or write `interpretation`")


def otherwise_is_careful(authored: Authored) -> Iterator[Remark]:
    """`otherwise` is at least discuss_same_day and never reassures."""
    levels = list(authored.ruleset.urgency)
    floor = levels.index("discuss_same_day") if "discuss_same_day" in levels else 0
    for pathway in authored.pathways.values():
        outcome = pathway.part.otherwise
        if outcome is None:
            continue
        if outcome.urgency in levels and levels.index(outcome.urgency) < floor:
            yield Remark(
                "otherwise-too-low",
                f"`otherwise` gives `{outcome.urgency}`",
                pathway.document.place(("otherwise", "urgency")),
                "at least `discuss_same_day`: nobody knows this patient",
            )
        for field in ("actions", "advice", "follow_up"):
            for n, entry in enumerate(getattr(outcome, field)):
                name = entry.item if isinstance(entry, SiteItemPart) else entry
                item = authored.items.items.get(name)
                if item is not None and item.reassures:
                    yield Remark(
                        "otherwise-reassures",
                        f"`otherwise` gives the reassuring `{name}`",
                        pathway.document.place(("otherwise", field, n)),
                        "delete it: nobody knows this patient",
                    )


def handovers_end(authored: Authored) -> Iterator[Remark]:
    """No pathway hands over, through others, to itself."""
    needs = {name: [rule.handover for rule in one.part.rules.values() if rule.handover] for name, one in authored.pathways.items()}
    for name in _in_cycles(needs):
        document = authored.pathways[name].document
        rule = next(key for key, rule in authored.pathways[name].part.rules.items() if rule.handover)
        yield Remark(
            "handover-cycle", f"`{name}` hands over, and is handed back to", document.place(("rules", rule, "handover")), "cut the circle"
        )


def first_aid_is_declared(authored: Authored) -> Iterator[Remark]:
    """What is shown with the first question is an item of the catalogue."""
    for pathway in authored.pathways.values():
        for n, name in enumerate(pathway.part.first_aid):
            if name not in authored.items.items:
                yield unknown("unknown-item", name, authored.items.items, pathway.document.place(("first_aid", n)))


def who_must_sign_is_declared(authored: Authored) -> Iterator[Remark]:
    """A pathway waits for roles that the rule set has."""
    for pathway in authored.pathways.values():
        for n, name in enumerate(pathway.part.must_sign):
            if name not in authored.ruleset.roles:
                yield unknown("unknown-role", name, authored.ruleset.roles, pathway.document.place(("must_sign", n)))


def items_fit(authored: Authored) -> Iterator[Remark]:
    """What an item excludes is an item; first aid before a call names a service, and how long the call waits."""
    document = authored.documents["items.yaml"]
    for name, item in authored.items.items.items():
        for n, other in enumerate(item.excludes):
            if other not in authored.items.items:
                yield unknown("unknown-item", other, authored.items.items, document.place(("items", name, "excludes", n)))
        if item.before_call is not None:
            place = document.place(("items", name, "before_call"))
            if item.before_call not in authored.ruleset.services:
                yield unknown("unknown-service", item.before_call, authored.ruleset.services, place)
            if item.repeat_after is None:
                yield Remark("missing-key", f"nobody knows how long the call waits for `{name}`", place, "add `repeat_after:`")
        for n, source in enumerate(item.sources):
            known = authored.sources
            if source not in known.rows and source not in known.evidence and source not in known.gaps:
                yield unknown(
                    "unknown-source", source, [*known.rows, *known.evidence, *known.gaps], document.place(("items", name, "sources", n))
                )


def levels_fit(authored: Authored) -> Iterator[Remark]:
    """The longest limit of a level is on the scale of limits, and no longer than that of a lower level."""
    document = authored.documents["ruleset.yaml"]
    limits = list(authored.ruleset.limits)
    lower = ""
    for name, level in authored.ruleset.urgency.items():
        if level.latest is None:
            continue
        place = document.place(("urgency", name, "latest"))
        before = authored.ruleset.urgency[lower].latest if lower else None
        if level.latest not in limits:
            yield unknown("unknown-limit", level.latest, limits, place)
            continue
        if before is not None and limits.index(level.latest) > limits.index(before):
            message = f"`{name}` allows {level.latest}, and the lower `{lower}` no later than {before}"
            yield Remark(
                "limit-order",
                message,
                place,
                "levels stand lowest first, limits earliest first",
                document.place(("urgency", lower, "latest")),
            )
        lower = name


# -- the whole -------------------------------------------------------------------------------------------------------


def everybody_gets_an_answer(authored: Authored) -> Iterator[Remark]:
    """A pathway says what is given where none of its rules holds."""
    for pathway in authored.pathways.values():
        if pathway.part.otherwise is None:
            message = "a patient whom no rule covers gets no answer"
            yield Remark("no-otherwise", message, pathway.document.place(("rules",)), "add `otherwise:`", severity=Severity.WARNING)


def findings_are_read(authored: Authored) -> Iterator[Remark]:
    """Every finding is read by a rule or a constraint, or says that it is reserved."""
    document = authored.documents["findings.yaml"]
    read = set(_read_findings(authored))
    for name, part in authored.findings.findings.items():
        if name not in read and not part.reserved:
            yield Remark(
                "never-read",
                f"no rule reads `{name}`",
                document.place(("findings", name)),
                "read it in a rule, or write `reserved: yes`",
                severity=Severity.WARNING,
            )


def nothing_is_left_over(authored: Authored) -> Iterator[Remark]:
    """Every item, service, definition and role is used."""
    outcomes = [outcome for _, _, outcome in _outcomes(authored)]
    given = {name for outcome in outcomes for name in _items(outcome)}
    given.update(name for pathway in authored.pathways.values() for name in pathway.part.first_aid)
    called = {referral.service for outcome in outcomes for referral in outcome.referrals}
    named = {part.name for condition in every_condition(authored) for part in walk(condition) if isinstance(part, Named)}
    shared, items = authored.documents["ruleset.yaml"], authored.documents["items.yaml"]
    yield from _unused("unused-item", "gives", authored.items.items, given, items, "items")
    yield from _unused("unused-service", "calls", authored.ruleset.services, called, shared, "services")
    yield from _unused("unused-definition", "reads", authored.definitions, named, shared, "definitions")
    wanted = {role for pathway in authored.pathways.values() for role in pathway.part.must_sign}
    yield from _unused("unused-role", "needs", authored.ruleset.roles, wanted, shared, "roles", "pathway")
    for pathway in authored.pathways.values():
        yield from _unused("unused-definition", "reads", pathway.definitions, named, pathway.document, "definitions")


def _unused(
    code: str, verb: str, names: Iterable[str], used: set[str], document: Document, key: str, who: str = "rule"
) -> Iterator[Remark]:
    kind = code.removeprefix("unused-")
    for name in names:
        if name in used:
            continue
        message = f"no {who} {verb} the {kind} `{name}`"
        yield Remark(code, message, document.place((key, name)), "use it, or delete it", severity=Severity.WARNING)


def _items(outcome: OutcomePart) -> Iterator[str]:
    for entry in (*outcome.actions, *outcome.advice, *outcome.follow_up):
        yield entry.item if isinstance(entry, SiteItemPart) else entry


def every_condition(authored: Authored) -> Iterator[Condition]:
    """Every condition that was written in the folder, definitions among them."""
    yield from (*authored.red_flags.values(), *authored.gates.values(), *authored.definitions.values())
    for one, other in authored.constraints.values():
        yield from (one, other)
    for pathway in authored.pathways.values():
        yield from (*_conditions(pathway), *pathway.definitions.values())


def _read_findings(authored: Authored) -> Iterator[str]:
    shared = authored.definitions
    for condition in [*authored.red_flags.values(), *authored.gates.values()]:
        yield from findings_of(condition, shared)
    for one, other in authored.constraints.values():
        yield from findings_of(one, shared) | findings_of(other, shared)
    for pathway in authored.pathways.values():
        for condition in _conditions(pathway):
            yield from findings_of(condition, {**shared, **pathway.definitions})


def _conditions(pathway: AuthoredPathway) -> list[Condition]:
    return [*pathway.rules.values(), *([pathway.applies] if pathway.applies is not None else [])]


def negation_stands_with_its_gate(authored: Authored) -> Iterator[Remark]:
    """A negation of a finding with a gate is true where the finding does not exist, unless it stands in one `all` with its gate."""
    for pathway in authored.pathways.values():
        definitions = authored.definitions_of(pathway.part.pathway)
        for name, condition in pathway.rules.items():
            for finding in _bare_negations(condition, authored, definitions, frozenset(), False):
                yield Remark(
                    "negation-without-gate",
                    f"the negation of `{finding}` is true also where `{finding}` does not apply",
                    pathway.document.place(("rules", name, "when")),
                    f"write `{{{finding}: no}}`, or put it into one `all` with its gate",
                    severity=Severity.WARNING,
                )


def _bare_negations(
    condition: Condition, authored: Authored, definitions: Mapping[str, Condition], beside: frozenset[str], negated: bool
) -> Iterator[str]:
    match condition:
        case Not(term):
            yield from _bare_negations(term, authored, definitions, beside, not negated)
        case AllOf(terms):
            held = beside | {term.finding for term in terms if isinstance(term, YesNo)} if not negated else beside
            for term in terms:
                yield from _bare_negations(term, authored, definitions, held, negated)
        case Named():
            return  # a named condition means what it says; its negation is the author's
        case _ if hasattr(condition, "terms"):
            for term in condition.terms:
                yield from _bare_negations(term, authored, definitions, beside, negated)
        case _:
            finding = condition.finding
            if negated and finding in authored.gates and not findings_of(authored.gates[finding], definitions) & beside:
                yield finding


def table_is_encoded(authored: Authored) -> Iterator[Remark]:
    """Every row of the agreed table has a rule; every gap has a rule or the reason why not."""
    document = authored.documents["sources.yaml"]
    cited = set(authored.ruleset.not_encoded)
    shared = authored.ruleset
    for parts in (authored.items.items, shared.red_flags, shared.constraints, shared.definitions):
        for part in parts.values():
            cited.update(part.sources)
    rows: set[str] = set()
    for pathway in authored.pathways.values():
        for rule in pathway.part.rules.values():
            cited.update(rule.sources)
            rows.update(rule.sources)
        for definition in pathway.part.definitions.values():
            cited.update(definition.sources)
        cited.update(pathway.part.not_encoded)
    for row in authored.sources.rows:
        if row not in rows:
            yield Remark(
                "row-without-rule",
                f"no rule encodes the row `{row}`",
                document.place(("rows", row)),
                "encode it",
                severity=Severity.WARNING,
            )
    for gap in authored.sources.gaps:
        if gap not in cited:
            yield Remark(
                "gap-open",
                f"no rule resolves the gap `{gap}`",
                document.place(("gaps", gap)),
                "cite it in a rule, or give the reason under `not_encoded`",
                severity=Severity.WARNING,
            )


def past_review(authored: Authored, today: date) -> Iterator[Remark]:
    """A file whose day of review is over."""
    dated = [(authored.documents["ruleset.yaml"], authored.ruleset.review_by)]
    dated += [(pathway.document, pathway.part.review_by) for pathway in authored.pathways.values()]
    for document, day in dated:
        if date.fromisoformat(day) < today:
            message, help = f"the review was due on {day}", "review it, and set the next day"
            yield Remark("past-review", message, document.place(("review_by",)), help, severity=Severity.WARNING)


Check = Callable[["Authored"], Iterator[Remark]]
CHECKS: tuple[Check, ...] = (
    findings_fit_their_kind,
    findings_of_findings,
    mixed_group,
    codes_check,
    gates_end,
    reserved_findings_are_not_read,
    definitions_end,
    levels_fit,
    site_facts_fit,
    items_fit,
    outcomes_fit,
    rules_fit,
    otherwise_is_careful,
    handovers_end,
    first_aid_is_declared,
    who_must_sign_is_declared,
)
CHECKS_OF_THE_WHOLE: tuple[Check, ...] = (
    everybody_gets_an_answer,
    findings_are_read,
    nothing_is_left_over,
    negation_stands_with_its_gate,
    table_is_encoded,
)
