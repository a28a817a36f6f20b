"""The skeleton of a pathway with its cases, made of what a rule folder has; of a whole rule set, where there is none yet.

Nothing is proposed that does not load, and every case says what its rules decide.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
from typing import Any

from pathways.cases import run, unmentioned
from pathways.compiler import compile_rules
from pathways.conditions import findings_of
from pathways.consistency import RESERVED_NAMES, actionable
from pathways.decision import Decision
from pathways.documents import read_document
from pathways.formatting import in_its_layout
from pathways.loader import NOT_PATHWAYS, SHARED, Authored, attempt, files, read
from pathways.remarks import InvalidPresentation, InvalidRules
from pathways.ruleset import RuleSet

__all__ = ["Skeleton", "Unfit", "skeleton"]

PARTS = Path(__file__).parent / "skeleton"
FIRST_FINDINGS = 20  # that are tried, should the rule set not allow one of them alone
MODELINE = "# yaml-language-server:"


class Unfit(ValueError):
    """Why there can be no such pathway, in words for who asked for it."""


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The files to be written, by name; `whole` where they are a new rule set."""

    files: Mapping[str, bytes]
    whole: bool


def skeleton(name: str, folder: Path, today: date) -> Skeleton:
    """The files of a new pathway; raises Unfit, or InvalidRules where the rules beside it have an error."""
    _named(name)
    whole = not (folder.is_dir() and any(folder.glob("*.yaml")))
    if not whole and any((folder / f"{name}{ending}").exists() for ending in (".yaml", ".cases.yaml")):
        raise Unfit(f"the pathway `{name}` stands in `{folder.name}` already; nothing is overwritten")
    with TemporaryDirectory() as aside:
        copy = Path(aside) / (folder.resolve().name or "rules")
        copy.mkdir()
        words = {
            "title": name.replace("_", " ").capitalize(),
            "complaint": name.replace("_", " "),
            "review_by": _in_a_year(today).isoformat(),
        }
        if whole:
            for shared in SHARED:
                _put(copy / shared, _filled(shared, {**words, "ruleset": f"{name}_rules"}))
        else:
            read(folder)
            for file in files(folder, "*.yaml", []):
                if not file.name.endswith(".cases.yaml"):
                    shutil.copyfile(file, copy / file.name)
        made = _first_that_fits(name, copy, words, _modelines(folder.resolve()))
        names = [*(SHARED if whole else ()), *made]
        return Skeleton({one: (copy / one).read_bytes() for one in names}, whole)


def _named(name: str) -> None:
    if not re.fullmatch("[a-z][a-z0-9_]{0,79}", name):
        tidy = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_0123456789")
        help = f"; did you mean `{tidy}`?" if tidy and len(tidy) < 80 else ""
        raise Unfit(f"`{name}` is not an id: small letters, digits and underscores, beginning with a letter{help}")
    if name in RESERVED_NAMES or f"{name}.yaml" in NOT_PATHWAYS:
        raise Unfit(f"`{name}` is a word of the rule language, or the name of another file; choose another name")


def _in_a_year(today: date) -> date:
    return today.replace(year=today.year + 1, day=min(today.day, 28))


def _modelines(folder: Path) -> tuple[str, str]:
    """The lines by which the editor finds its schemas, as the pathways and cases that are there have them."""
    found = {False: "", True: ""}
    for file in files(folder, "*.yaml", []) if folder.is_dir() else ():
        if file.name in NOT_PATHWAYS or file.name.endswith(".site.yaml"):
            continue
        try:
            first = file.read_text(encoding="utf-8").partition("\n")[0]
        except (OSError, UnicodeDecodeError):
            raise InvalidRules(read_document(file, f"{folder.name}/{file.name}").remarks) from None
        if first.startswith(MODELINE):
            found[file.name.endswith(".cases.yaml")] = f"{first}\n\n"
    return found[False], found[True]


def _first_that_fits(name: str, folder: Path, words: Mapping[str, str], modelines: tuple[str, str]) -> tuple[str, str]:
    """Write the two files into a folder, with the first finding that can stand alone; their names."""
    authored, remarks = attempt(folder)
    if authored is None:
        raise InvalidRules(remarks)
    words = {**words, **_source(authored), **_outcomes(authored), "pathway": name}
    rules, cases = folder / f"{name}.yaml", folder / f"{name}.cases.yaml"
    for finding in _findings(authored):
        wording = {**words, "finding": finding, "rule_title": _text(authored.findings.findings[finding].ask)}
        _put(rules, modelines[0] + _filled("pathway.yaml", wording))
        ruleset = RuleSet(compile_rules(read(folder)))
        try:
            expected = {**_expected(ruleset, name, finding), "of_flags": _of_flags(authored, ruleset, name)}
        except InvalidPresentation:  # the rule set says that it never stands alone
            continue
        _put(cases, modelines[1] + _filled("cases.yaml", {**wording, **expected}))
        if all(result.passed for result in run(folder, ruleset)):
            return rules.name, cases.name
    raise Unfit("no yes/no finding of findings.yaml can stand alone in a rule; declare one first")


def _findings(authored: Authored) -> Iterator[str]:
    """The yes/no findings that a first rule may ask for: those that are worse when present come first."""
    asked = {name for flag in authored.red_flags.values() for name in findings_of(flag, authored.definitions)}
    able = {name: part for name, part in authored.findings.findings.items() if part.kind == "yes_no" and not part.reserved}
    plain = [name for name, part in able.items() if part.applies is None and part.worse == "yes" and not part.hides and name not in asked]
    yield from islice([*plain, *(name for name in able if name not in plain)], FIRST_FINDINGS)


def _source(authored: Authored) -> dict[str, str]:
    """The basis and the source of the first rule: whatever the folder has, to be replaced."""
    sources = authored.sources
    of_each = {
        "interpretation": list(sources.gaps),
        "evidence": [name for name, part in sources.evidence.items() if part.cite],
        "source": list(sources.rows),
    }
    for basis, names in of_each.items():
        if names:
            return {"basis": basis, "source": names[0]}
    raise Unfit("sources.yaml has no row, evidence or gap that a rule may cite; write one first")


def _outcomes(authored: Authored) -> dict[str, str]:
    """What the first rule and `otherwise` give: the least that `otherwise` may give, and the level above it."""
    levels = list(authored.ruleset.urgency)
    acting = actionable(authored.ruleset)
    least = levels.index("discuss_same_day") if "discuss_same_day" in levels else levels.index(acting[0]) if acting else len(levels) - 1
    return {
        "then": _outcome(authored, levels[min(least + 1, len(levels) - 1)], acting),
        "otherwise": _outcome(authored, levels[least], acting),
    }


def _outcome(authored: Authored, level: str, acting: Sequence[str]) -> str:
    """An outcome of a level: the service that the rules name most is called, as the level demands."""
    if level not in acting:
        return f"{{urgency: {level}}}"
    if not authored.ruleset.services or not authored.ruleset.limits:
        raise Unfit(f"`{level}` demands a service and a limit, and ruleset.yaml declares none; declare them first")
    part = authored.ruleset.urgency[level]
    named = Counter(
        referral.service
        for pathway in authored.pathways.values()
        for rule in pathway.part.rules.values()
        for referral in (rule.then.referrals if rule.then else ())
    )
    service = max(authored.ruleset.services, key=lambda one: named[one])
    contact = "contact: now, " if part.contact == "now" else ""
    within = part.latest or list(authored.ruleset.limits)[-1]
    return f"{{urgency: {level}, referrals: [{{service: {service}, {contact}within: {within}}}]}}"


def _expected(ruleset: RuleSet, pathway: str, finding: str) -> dict[str, str]:
    """What the three cases expect: what is decided."""
    given = {finding: True}
    absent = dict.fromkeys(unmentioned(ruleset, (pathway,), {}), False)
    beside = dict.fromkeys(unmentioned(ruleset, (pathway,), given), False)
    patients: dict[str, Mapping[str, Any]] = {"of_the_rule": {**given, **beside}, "of_nobody": absent, "of_unknown": {}}
    return {key: _said(ruleset.decide(patient, (pathway,))) for key, patient in patients.items()}


def _of_flags(authored: Authored, ruleset: RuleSet, pathway: str) -> str:
    """A case for each red flag that is one finding: whom no rule of the pathway speaks of."""
    cases = ""
    for flag in authored.ruleset.red_flags.values():
        if isinstance(flag.when, str) and flag.when in ruleset.findings:
            given = {flag.when: True}
            with suppress(InvalidPresentation):  # it never stands alone: the author knows with what
                decision = ruleset.decide({**given, **dict.fromkeys(unmentioned(ruleset, (pathway,), given), False)}, (pathway,))
                cases += f"- case: {_text(flag.title)}\n  given: {{{flag.when}: yes}}\n  unmentioned: absent\n  expect: {_said(decision)}\n"
    return cases


def _said(decision: Decision) -> str:
    lowest, highest = str(decision.urgency.lowest), str(decision.urgency.highest)
    urgency = f"urgency: {lowest}" if lowest == highest else f"lowest: {lowest}, highest: {highest}"
    services = dict.fromkeys(referral.service for referral in decision.referrals if referral.certainty == "certain")
    rules = [reason.rule for reason in decision.reasons if reason.certainty == "certain"]
    said = f"{urgency}, status: {decision.status}, services: [{', '.join(services)}]"
    return f"{{{said}, rules: [{', '.join(rules)}]}}" if rules else f"{{{said}}}"


def _filled(part: str, words: Mapping[str, str]) -> str:
    return Template((PARTS / part).read_text(encoding="utf-8")).substitute(words)


def _put(file: Path, text: str) -> None:
    file.write_text(in_its_layout(file.name, text), encoding="utf-8")


def _text(text: str) -> str:
    """A text as YAML: plain where nothing in it means anything."""
    plain = re.fullmatch(r"[A-Za-z][\w '()/-]*", text) and text.lower() not in ("yes", "no", "true", "false", "on", "off", "y", "n", "null")
    return text if plain else json.dumps(text, ensure_ascii=False)
