"""A rule folder loads whole, or every mistake in it is told with its place, its other side and its cure."""

from __future__ import annotations

import copy
import hashlib
import re
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, StringConstraints
from pydantic.fields import FieldInfo

import pathways
import small
from pathways import InvalidRules, Severity, inspection, model
from pathways.compiler import content_of
from pathways.decision import canonical
from pathways.documents import Scalar, read_document
from pathways.fitting import fit
from pathways.loader import SHARED, in_order, read, remarks_of
from pathways.model import PathwayFile
from pathways.remarks import Place, Remark

RULES = "ruleset.yaml"
FINDINGS = "findings.yaml"
ITEMS = "items.yaml"
SOURCES = "sources.yaml"
NOSE = "nose.yaml"
ORAL = small.FILES[NOSE].replace("pathway: nose", "pathway: oral")


def test_the_smallest_folder_has_nothing_to_remark(tmp_path: Path) -> None:
    assert small.remarks(small.write(tmp_path)) == ""


# Each mistake: edits of the smallest folder, and everything that is said of it.
STRUCTURE: dict[str, tuple[list[small.Edit], str]] = {
    "a key is missing": ([(NOSE, "title: Nose\n", "")], "rules/nose.yaml:1:1: error[missing-key]: `title` is missing\n  help: add `title:`"),
    "a key is unknown": ([(NOSE, "title: Nose\n", "title: Nose\nsubtitle: x\n")], "rules/nose.yaml:3:1: error[unknown-key]: `subtitle` is not a key here\n  help: the keys here are pathway, title, complaint, version, review_by, must_sign, notice, applies, first_aid, definitions, rules, otherwise, not_encoded"),
    "a key is misspelt": ([(NOSE, "urgency: urgent, referrals: [{service: ent, contact: now, within: PT1H}]", "urgnecy: urgent, referrals: [{service: ent, contact: now, within: PT1H}]")], "rules/nose.yaml:7:42: error[unknown-key]: `urgnecy` is not a key here\n  help: did you mean `urgency`?"),
    "a word that is not allowed": ([(NOSE, "basis: source", "basis: sourced")], "rules/nose.yaml:12:5: error[unknown-value]: `sourced` is not one of source, evidence, interpretation\n  help: did you mean `source`?"),
    "an id that is none": ([(NOSE, "  bleed:\n", "  Bleed:\n")], "rules/nose.yaml:8:3: error[ill-formed]: `Bleed` is not an id\n  help: small letters, digits and underscores, beginning with a letter"),
    "neither yes nor no": ([(ITEMS, "reassures: yes", "reassures: maybe")], "rules/items.yaml:3:40: error[wrong-kind]: `maybe` is neither yes nor no\n  help: write yes or no, without quotes"),
    "yes in quotes": ([(ITEMS, "reassures: yes", 'reassures: "yes"')], "rules/items.yaml:3:40: error[wrong-kind]: `yes` is neither yes nor no\n  help: write yes or no, without quotes"),
    "a leading zero": ([(FINDINGS, "range: [25, 45]", "range: [025, 45]")], "rules/findings.yaml:9:89: error[wrong-kind]: `025` is not a number\n  help: write 25"),
    "no date": ([(NOSE, "review_by: 2027-01-01", "review_by: 2027-02-30")], "rules/nose.yaml:5:1: error[wrong-kind]: `2027-02-30` is not a date\n  help: write year-month-day, such as 2027-05-24"),
    "no time": ([(ITEMS, "text: Pack the nose.", "text: Pack the nose., repeat_after: 20")], "rules/items.yaml:2:46: error[wrong-kind]: `20` is not a time\n  help: write it as 20 min or 6 h"),
    "a time without end": ([(ITEMS, "text: Pack the nose.", f"text: Pack the nose., repeat_after: {'9' * 50} min")], f"rules/items.yaml:2:46: error[wrong-kind]: `{'9' * 50} min` is not a time\n  help: write it as 20 min or 6 h"),
    "days without end": ([(NOSE, "within: PT1H", f"within: {{from: injury, not_before: P5D, not_after: P{'9' * 50}D}}")], f"rules/nose.yaml:7:140: error[wrong-shape]: `P{'9' * 50}D` is longer than 6 characters"),
    "no unit": ([(FINDINGS, "unit: Cel", "unit: F")], "rules/findings.yaml:9:70: error[wrong-kind]: `F` is not a unit that is used here\n  help: a UCUM unit: a (years), d (days), min (minutes), h (hours), s (seconds), /min (per minute), /mo (per month), mm[Hg] (mmHg), Cel (°C), kg, {score}, {count}, 1"),
    "a text for a list": ([(NOSE, "actions: [pack]", "actions: pack")], "rules/nose.yaml:11:86: error[wrong-shape]: a list is expected here, not the text `pack`\n  help: write it as a list, in `[` and `]`"),
    "a list for a mapping": ([(NOSE, "when: clot, then: {urgency: urgent, referrals: [{service: ent, contact: now, within: PT1H}]}", "when: clot, then: [urgent]")], "rules/nose.yaml:7:35: error[wrong-shape]: a mapping is expected here, not a list\n  help: the keys here are urgency, referrals, actions, advice, follow_up"),
    "a list for the facts of a site": ([(NOSE, "actions: [pack]", "actions: [{item: pack, site: [ent_here]}]")], "rules/nose.yaml:11:109: error[wrong-shape]: a mapping is expected here, not a list"),
    "an item that is neither a name nor a mapping": ([(NOSE, "actions: [pack]", "actions: [[pack]]")], "rules/nose.yaml:11:96: error[wrong-shape]: a text is expected here, not a list"),
    "an item without its place of care": ([(NOSE, "actions: [pack]", "actions: [{item: pack}]")], "rules/nose.yaml:11:96: error[missing-key]: `site` is missing\n  help: add `site:`"),
    "a code that nobody verified": ([(FINDINGS, "means: blood runs,", 'means: blood runs, codes: [{system: snomed, code: "249366005", match: exact, verified_by: [""]}],')], "rules/findings.yaml:3:118: error[wrong-shape]: the text is empty"),
    "a mapping for a text": ([(NOSE, "title: Nose\n", "title: {a: b}\n")], "rules/nose.yaml:2:1: error[wrong-shape]: a text is expected here, not a mapping"),
    "an empty text": ([(NOSE, "title: Nose\n", 'title: ""\n')], "rules/nose.yaml:2:1: error[wrong-shape]: the text is empty"),
    "the pathway in another file": ([(NOSE, "pathway: nose", "pathway: ear")], "rules/nose.yaml:1:1: error[file-name]: the file holds the pathway `ear`\n  help: name the file ear.yaml"),
    "neither outcome nor handover": ([(NOSE, "then: {urgency: none, advice: [home]}, ", "")], "rules/nose.yaml:14:3: error[wrong-shape]: the rule `well` has `then` or `handover`, one of the two"),
    "a definition that defines nothing": ([(RULES, "small: {means: under 2 years, when: {age: {below: 2}}}", "small: {means: under 2 years}")], "rules/ruleset.yaml:19:3: error[wrong-shape]: a definition has `when` or `table`, one of the two"),
}  # fmt: skip


CONDITIONS: dict[str, tuple[list[small.Edit], str]] = {
    "an unknown name": ([(NOSE, "when: clot", "when: clott")], "rules/nose.yaml:7:23: error[unknown-name]: `clott` is neither a finding nor a definition\n  help: did you mean `clot`?"),
    "an unknown finding": ([(NOSE, "{bleeding: no}", "{bleedin: no}")], "rules/nose.yaml:14:37: error[unknown-name]: `bleedin` is neither a finding nor a definition\n  help: did you mean `bleeding`?"),
    "two keys": ([(NOSE, "when: clot,", "when: {clot: yes, fever: yes},")], "rules/nose.yaml:7:23: error[condition-shape]: a condition is a name or a mapping of one key, not 2 keys\n  help: join conditions with `all:` or `any:`"),
    "a list": ([(NOSE, "when: clot,", "when: [clot, fever],")], "rules/nose.yaml:7:23: error[condition-shape]: a condition is a name or a mapping of one key, not a list\n  help: join conditions with `all:` or `any:`"),
    "all of nothing": ([(NOSE, "when: clot,", "when: {all: []},")], "rules/nose.yaml:7:30: error[condition-shape]: `all` takes a list of conditions\n  help: write `all: [...]`"),
    "all of one word": ([(NOSE, "when: clot,", "when: {all: clot},")], "rules/nose.yaml:7:30: error[condition-shape]: `all` takes a list of conditions\n  help: write `all: [...]`"),
    "a definition with a value": ([(NOSE, "when: clot,", "when: {any: [clot, {small: yes}]},")], "rules/nose.yaml:7:43: error[condition-shape]: `small` is a definition and takes no value\n  help: write `small` alone"),
    "a number alone": ([(NOSE, "when: clot,", "when: {any: [clot, age]},")], "rules/nose.yaml:7:42: error[wrong-kind]: `age` is a number, not a yes/no finding\n  help: compare it, such as `{age: {at_least: 0}}`"),
    "a choice alone": ([(NOSE, "when: clot,", "when: {any: [clot, tablets]},")], "rules/nose.yaml:7:42: error[wrong-kind]: `tablets` is a choice, not a yes/no finding\n  help: compare it, such as `{tablets: none}`"),
    "not yes or no": ([(NOSE, "{bleeding: no}", "{bleeding: 0}")], "rules/nose.yaml:14:37: error[wrong-kind]: `bleeding` is yes or no, not `0`\n  help: write `{bleeding: yes}` or `{bleeding: no}`"),
    "a choice that has no such value": ([(NOSE, "{tablets: warfarin}", "{tablets: [warfarin, aspirine]}")], "rules/nose.yaml:10:43: error[unknown-value]: `aspirine` is not a value of `tablets`\n  help: did you mean `aspirin`?"),
    "a choice of none": ([(NOSE, "{tablets: warfarin}", "{tablets: []}")], "rules/nose.yaml:10:43: error[condition-shape]: `tablets` is compared with an empty list\n  help: name at least one value"),
    "a number equal to": ([(NOSE, "when: clot,", "when: {any: [clot, {age: 2}]},")], "rules/nose.yaml:7:43: error[wrong-kind]: `age` is a number in years; `2` compares it with nothing\n  help: write `{age: {at_least: 2}}`; at_least, above, at_most, below compare a number"),
    "an unknown operator": ([(NOSE, "when: clot,", "when: {any: [clot, {age: {less: 2}}]},")], "rules/nose.yaml:7:49: error[unknown-operator]: `less` compares nothing\n  help: one of: at_least, above, at_most, below"),
    "a limit that is no number": ([(NOSE, "when: clot,", "when: {any: [clot, {age: {below: 02}}]},")], "rules/nose.yaml:7:49: error[not-a-number]: `02` is not a number\n  help: write 2"),
    "a limit in quotes": ([(NOSE, "when: clot,", 'when: {any: [clot, {age: {below: "2"}}]},')], "rules/nose.yaml:7:49: error[not-a-number]: `2` is not a number\n  help: write 2, without quotes"),
    "a limit outside the range": ([(NOSE, "when: clot,", "when: {any: [clot, {age: {below: 121}}]},")], "rules/nose.yaml:7:49: error[out-of-range]: 121 lies outside the range of `age`, 0 to 120 years\n  help: correct the limit, or the range of the finding"),
    "a limit between two steps": ([(NOSE, "when: clot,", "when: {any: [clot, {temperature: {at_least: 38.05}}]},")], "rules/nose.yaml:7:57: error[off-resolution]: 38.05 is no multiple of the resolution of `temperature`, 0.1 °C\n  help: write 38 or 38.1, or correct the resolution of the finding"),
    "too deep": ([(NOSE, "when: clot,", "when: " + "{not: " * 41 + "clot" + "}" * 41 + ",")], "rules/nose.yaml:7:270: error[condition-too-deep]: more than 40 levels of all, any and not\n  help: name parts as definitions"),
}  # fmt: skip


def test_places_in_lists_are_no_levels_of_a_condition(tmp_path: Path) -> None:
    small.load(tmp_path, (NOSE, "when: clot,", f"when: {'{all: [' * 28}clot{']}' * 28},"))


CONSISTENCY: dict[str, tuple[list[small.Edit], str]] = {
    "a number without its unit": ([(FINDINGS, "unit: Cel, ", "")], "rules/findings.yaml:9:3: error[missing-key]: the number `temperature` has no `unit`\n  help: add `unit:`"),
    "a number without its range": ([(FINDINGS, "range: [0, 120], ", ""), (RULES, "{age: {below: 2}}", "fever")], "rules/findings.yaml:8:3: error[missing-key]: the number `age` has no `range`\n  help: add `range:`"),
    "a range of a yes/no finding": ([(FINDINGS, "means: blood runs,", "means: blood runs, range: [0, 1],")], "rules/findings.yaml:3:3: error[wrong-kind]: `bleeding` is a yes_no and has `range`\n  help: write `kind: number`, or delete it"),
    "an empty range": ([(FINDINGS, "range: [25, 45]", "range: [45, 25]"), (RULES, "{temperature: {at_least: 38}}", "bleeding")], "rules/findings.yaml:9:81: error[empty-range]: the range of `temperature` is empty\n  help: lowest first"),
    "a resolution of nothing": ([(FINDINGS, "resolution: 0.1", "resolution: 0")], "rules/findings.yaml:9:98: error[wrong-kind]: the resolution of `temperature` is not above 0\n  help: the step in which it is measured"),
    "a choice without values": ([(FINDINGS, ", values: {none: none, warfarin: warfarin, aspirin: aspirin}", ""), (NOSE, "{all: [small, {tablets: warfarin}]}", "small")], "rules/findings.yaml:7:3: error[missing-key]: a choice has `values`, and `tablets` is a choice"),
    "values of a yes/no finding": ([(FINDINGS, "means: blood runs,", "means: blood runs, values: {a: b},")], "rules/findings.yaml:3:3: error[wrong-kind]: a choice has `values`, and `bleeding` is a yes_no"),
    "unknown as a value": ([(FINDINGS, "aspirin: aspirin", "unknown: not known")], "rules/findings.yaml:7:107: error[reserved-name]: `unknown` is never a value of a choice\n  help: unknown is the absence of a value"),
    "a direction of another kind": ([(FINDINGS, "worse: higher", "worse: yes")], "rules/findings.yaml:9:115: error[wrong-kind]: `temperature` is a number and cannot be worse: yes\n  help: one of: higher, lower, both, neither"),
    "an unknown group": ([(FINDINGS, "means: blood runs, worse: yes, group: signs", "means: blood runs, worse: yes, group: sings")], "rules/findings.yaml:3:58: error[unknown-group]: `sings` is not a group of this rule set\n  help: did you mean `signs`?"),
    "a word of the language": ([(FINDINGS, "  fever:", "  any: {ask: x, means: x, worse: yes, group: signs, reserved: yes}\n  fever:")], "rules/findings.yaml:4:3: error[reserved-name]: `any` is a word of the rule language\n  help: choose another name"),
    "a mixed group": ([(FINDINGS, "worse: no, group: checks", "worse: no, group: signs")], "rules/findings.yaml:5:50: error[mixed-group]: `examined` is worse: no, and `choking` of the same group `signs` is worse: yes\n  see also: rules/findings.yaml:2:49\n  help: put one of them into a group of its own kind"),
    "a wrong code": ([(FINDINGS, "means: blood runs,", 'means: blood runs, codes: [{system: snomed, code: "249366006", match: exact, verified_by: [GPS]}],')], "rules/findings.yaml:3:54: error[check-digit]: 249366006 is not a SNOMED CT concept id\n  help: copy the id again from its source"),
    "gates in a circle": ([(FINDINGS, "worse: no, group: checks", "worse: no, group: checks, applies: clot")], "rules/findings.yaml:5:76: error[gate-cycle]: whether `examined` applies depends on `examined`\n  help: cut the circle\nrules/findings.yaml:6:73: error[gate-cycle]: whether `clot` applies depends on `clot`\n  help: cut the circle"),
    "a definition of a finding's name": ([(RULES, "  small: {", "  fever: {means: x, when: bleeding}\n  small: {")], "rules/ruleset.yaml:19:3: error[name-twice]: `fever` is a definition and a finding\n  help: rename the definition"),
    "a definition by itself": ([(RULES, "{age: {below: 2}}}", "{any: [small, fever]}}")], "rules/ruleset.yaml:19:3: error[definition-cycle]: `small` is defined by itself\n  help: cut the circle"),
    "a pathway's definition of a shared name": ([(NOSE, "rules:\n", "definitions: {small: {means: x, when: fever}}\nrules:\n")], "rules/nose.yaml:6:15: error[name-twice]: `small` is a shared definition too\n  help: rename the definition"),
    "a pathway's definition of a finding's name": ([(NOSE, "rules:\n", "definitions: {fever: {means: x, when: bleeding}}\nrules:\n")], "rules/nose.yaml:6:15: error[name-twice]: `fever` is a finding too\n  help: rename the definition"),
    "a pathway's definition by itself": ([(NOSE, "rules:\n", "definitions: {ill: {means: x, when: {not: ill}}}\nrules:\n")], "rules/nose.yaml:6:15: error[definition-cycle]: `ill` is defined by itself\n  help: cut the circle"),
    "a level with a limit off the scale": ([(RULES, "immediate: {label: at once, latest: now", "immediate: {label: at once, latest: soon")], "rules/ruleset.yaml:10:31: error[unknown-limit]: `soon` is not a limit of this rule set\n  help: declare it, or name one of now, PT1H, PT4H, P1D"),
    "a level that allows more time than a lower one": ([(RULES, "immediate: {label: at once, latest: now", "immediate: {label: at once, latest: P1D")], "rules/ruleset.yaml:10:31: error[limit-order]: `immediate` allows P1D, and the lower `urgent` no later than PT4H\n  see also: rules/ruleset.yaml:9:26\n  help: levels stand lowest first, limits earliest first"),
    "a level with a limit names a service": ([(RULES, "urgent: {label: today, latest: PT4H, actionable: yes, contact: now}", "urgent: {label: today, latest: PT4H}"), (NOSE, ", referrals: [{service: ent, contact: now, within: PT1H}]", "")], "rules/nose.yaml:7:42: error[nobody-to-call]: `urgent` names no service\n  help: add a referral with a service and a limit"),
    "a level with a call names a service": ([(RULES, "urgent: {label: today, latest: PT4H, actionable: yes, contact: now}", "urgent: {label: today, contact: now}"), (NOSE, ", referrals: [{service: ent, contact: now, within: PT1H}]", ", referrals: [{service: ent, within: PT1H}]")], "rules/nose.yaml:7:42: error[nobody-to-call]: `urgent` is phoned at once, and no referral says `contact: now`\n  help: add `contact: now` to a referral"),
    "a level above one that names a service names one too": ([(RULES, "urgent: {label: today, latest: PT4H, actionable: yes, contact: now}", "urgent: {label: today}"), (NOSE, ", referrals: [{service: ent, contact: now, within: PT1H}]", "")], "rules/nose.yaml:7:42: error[nobody-to-call]: `urgent` names no service\n  help: add a referral with a service and a limit"),
    "an item that excludes no item": ([(ITEMS, "text: Pack the nose.", "text: Pack the nose., excludes: [hom]")], "rules/items.yaml:2:57: error[unknown-item]: `hom` is not an item of this rule set\n  help: did you mean `home`?"),
    "an item with an unknown source": ([(ITEMS, "text: Pack the nose.", "text: Pack the nose., sources: [E9]")], "rules/items.yaml:2:56: error[unknown-source]: `E9` is not a source of this rule set\n  help: declare it, or name one of row-1, E1, E2, G1"),
    "an unknown level": ([(NOSE, "urgency: none", "urgency: nome")], "rules/nose.yaml:14:74: error[unknown-level]: `nome` is not a level of this rule set\n  help: did you mean `none`?"),
    "an unknown service": ([(NOSE, "{service: ent, contact: now, within: PT1H}", "{service: entt, contact: now, within: PT1H}")], "rules/nose.yaml:7:72: error[unknown-service]: `entt` is not a service of this rule set\n  help: did you mean `ent`?"),
    "an unknown limit": ([(NOSE, "within: PT1H", "within: PT2H")], "rules/nose.yaml:7:100: error[unknown-limit]: `PT2H` is not a limit of this rule set\n  help: did you mean `PT4H`?"),
    "a window that ends before it begins": ([(NOSE, "within: PT1H", "within: {from: injury, not_before: P7D, not_after: P5D}")], "rules/nose.yaml:7:100: error[empty-window]: day 7 lies after day 5\n  help: `not_before` is the first day, `not_after` the last"),
    "an unknown site fact": ([(NOSE, "actions: [pack]", "actions: [{item: pack, site: {ent_her: yes}}]")], "rules/nose.yaml:11:116: error[unknown-site-fact]: `ent_her` is not a site fact of this rule set\n  help: did you mean `ent_here`?"),
    "a site fact that is yes or no": ([(NOSE, "actions: [pack]", "actions: [{item: pack, site: {ent_here: {at_least: 1}}}]")], "rules/nose.yaml:11:116: error[wrong-kind]: `ent_here` is yes or no"),
    "a site fact that is a number": ([(NOSE, "actions: [pack]", "actions: [{item: pack, site: {minutes: yes}}]")], "rules/nose.yaml:11:116: error[wrong-kind]: `minutes` is a number\n  help: compare it: {at_least: 30}"),
    "an urgent outcome without a service": ([(NOSE, ", referrals: [{service: ent, contact: now, within: PT1H}]", "")], "rules/nose.yaml:7:42: error[nobody-to-call]: `urgent` names no service\n  help: add a referral with a service and a limit"),
    "an urgent outcome that comes too late": ([(NOSE, "within: PT1H", "within: P1D")], "rules/nose.yaml:7:42: error[limit-too-long]: `urgent` allows PT4H at the latest, and no referral is within it\n  help: add a referral within PT4H, or lower the urgency"),
    "an urgent outcome without a call": ([(NOSE, "{service: ent, contact: now, within: PT1H}", "{service: ent, within: PT1H}")], "rules/nose.yaml:7:42: error[nobody-to-call]: `urgent` is phoned at once, and no referral says `contact: now`\n  help: add `contact: now` to a referral"),
    "a call that waits for what is no first aid of the outcome": ([(NOSE, "{service: ent, contact: now, within: PT1H}", "{service: ent, within: PT1H}"), (ITEMS, "text: Pack the nose.", "text: Pack the nose., repeat_after: 20 min, before_call: ent")], "rules/nose.yaml:7:42: error[nobody-to-call]: `urgent` is phoned at once, and no referral says `contact: now`\n  help: add `contact: now` to a referral"),
    "first aid before a call to nobody": ([(ITEMS, "text: Pack the nose.", "text: Pack the nose., repeat_after: 20 min, before_call: entt")], "rules/items.yaml:2:68: error[unknown-service]: `entt` is not a service of this rule set\n  help: did you mean `ent`?"),
    "first aid before a call that waits for ever": ([(ITEMS, "text: Pack the nose.", "text: Pack the nose., before_call: ent")], "rules/items.yaml:2:46: error[missing-key]: nobody knows how long the call waits for `pack`\n  help: add `repeat_after:`"),
    "an unknown item": ([(NOSE, "actions: [pack]", "actions: [pak]")], "rules/nose.yaml:11:96: error[unknown-item]: `pak` is not an item of this rule set\n  help: did you mean `pack`?"),
    "advice among the actions": ([(NOSE, "actions: [pack]", "actions: [pack, ask]")], "rules/nose.yaml:11:102: error[item-kind]: `ask` is of kind advice\n  help: list it under `advice:`"),
    "a rule called otherwise": ([(NOSE, "  clot: {title", "  otherwise: {title")], "rules/nose.yaml:7:3: error[reserved-name]: `otherwise` is a word of the rule language\n  help: choose another name"),
    "an unknown pathway to hand over to": ([(NOSE, "then: {urgency: none, advice: [home]}", "handover: noose")], "rules/nose.yaml:14:67: error[unknown-pathway]: `noose` is not a pathway of this rule set\n  help: did you mean `nose`?"),
    "an unknown source": ([(NOSE, "sources: [E1]", "sources: [E1, E3]")], "rules/nose.yaml:7:148: error[unknown-source]: `E3` is not a source of this rule set\n  help: declare it, or name one of row-1, E1, E2, G1"),
    "no source": ([(NOSE, "then: {urgency: none, advice: [home]}, basis: interpretation, sources: [G1]", "then: {urgency: none, advice: [home]}, basis: interpretation, sources: []"), (RULES, "interpretation, sources: [G1]", "interpretation, sources: [G1]")], "rules/nose.yaml:14:106: error[no-source]: a rule names no source\n  help: name the row, the evidence or the gap that it rests on"),
    "source without a row": ([(NOSE, "sources: [row-1]", "sources: [G1]"), (SOURCES, "rows: {row-1: {findings: bleeding, advice: urgent}}", "rows: {}")], "rules/nose.yaml:12:5: error[no-source]: `basis: source` names no row of the agreed table\n  help: name the row, or write `interpretation`"),
    "evidence without evidence": ([(NOSE, "sources: [E1]", "sources: [G1]")], "rules/nose.yaml:7:117: error[no-source]: `basis: evidence` names no published source\n  help: name it, or write `interpretation`"),
    "a source that may not be cited": ([(NOSE, "basis: evidence, sources: [E1]", "basis: interpretation, sources: [E2]")], "rules/nose.yaml:7:117: error[not-citable]: E2 may not be cited\n  help: rest the rule on another source"),
    "an unknown row to narrow": ([(NOSE, "sources: [row-1]", "sources: [row-1, G1]\n    narrows: [row-2]")], "rules/nose.yaml:14:15: error[unknown-row]: `row-2` is not a row of this rule set\n  help: did you mean `row-1`?"),
    "narrower without a gap": ([(NOSE, "sources: [row-1]", "sources: [row-1]\n    narrows: [row-1]")], "rules/nose.yaml:8:3: error[narrows-without-gap]: `bleed` covers fewer patients than the row names, and cites no gap\n  help: add the gap id that allows it to `sources`"),
    "no otherwise": ([(NOSE, "otherwise: {urgency: discuss_same_day, referrals: [{service: ent, within: PT4H}], advice: [ask]}", "")], "rules/items.yaml:4:3: warning[unused-item]: no rule gives the item `ask`\n  help: use it, or delete it\nrules/nose.yaml:6:1: warning[no-otherwise]: a patient whom no rule covers gets no answer\n  help: add `otherwise:`"),
    "an otherwise that is too low": ([(NOSE, "otherwise: {urgency: discuss_same_day", "otherwise: {urgency: none")], "rules/nose.yaml:15:13: error[otherwise-too-low]: `otherwise` gives `none`\n  help: at least `discuss_same_day`: nobody knows this patient"),
    "an otherwise that reassures": ([(NOSE, "advice: [ask]", "advice: [ask, home]")], "rules/nose.yaml:15:97: error[otherwise-reassures]: `otherwise` gives the reassuring `home`\n  help: delete it: nobody knows this patient"),
    "an unknown first aid": ([(NOSE, "title: Nose\n", "title: Nose\nfirst_aid: [pac]\n")], "rules/nose.yaml:3:13: error[unknown-item]: `pac` is not an item of this rule set\n  help: did you mean `pack`?"),
    "a finding that nobody reads": ([(NOSE, "{any: [bleeding, {all: [small, {tablets: warfarin}]}]}", "bleeding")], "rules/findings.yaml:7:3: warning[never-read]: no rule reads `tablets`\n  help: read it in a rule, or write `reserved: yes`\nrules/findings.yaml:8:3: warning[never-read]: no rule reads `age`\n  help: read it in a rule, or write `reserved: yes`\nrules/ruleset.yaml:19:3: warning[unused-definition]: no rule reads the definition `small`\n  help: use it, or delete it"),
    "a reserved finding that is read": ([(FINDINGS, "means: blood runs,", "means: blood runs, reserved: yes,")], "rules/findings.yaml:3:46: error[reserved-but-read]: a rule reads the reserved `bleeding`\n  help: delete `reserved: yes`"),
    "a negation without its gate": ([(NOSE, "when: {all: [{bleeding: no}, {fever: no}]}", "when: {all: [{bleeding: no}, {fever: no}, {not: clot}]}")], "rules/nose.yaml:14:23: warning[negation-without-gate]: the negation of `clot` is true also where `clot` does not apply\n  help: write `{clot: no}`, or put it into one `all` with its gate"),
    "a row without a rule": ([(SOURCES, "rows: {", "rows: {row-2: {findings: x, advice: x}, ")], "rules/sources.yaml:1:8: warning[row-without-rule]: no rule encodes the row `row-2`\n  help: encode it"),
    "an open gap": ([(SOURCES, "gaps: {", "gaps: {G2: {problem: x, resolution: x}, ")], "rules/sources.yaml:5:8: warning[gap-open]: no rule resolves the gap `G2`\n  help: cite it in a rule, or give the reason under `not_encoded`"),
}  # fmt: skip


MISTAKES = {**STRUCTURE, **CONDITIONS, **CONSISTENCY}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_in_full_and_nothing_else_is(tmp_path: Path, name: str) -> None:
    edits, wanted = MISTAKES[name]

    assert small.remarks(small.write(tmp_path, *edits)) == wanted


@pytest.mark.parametrize("name", MISTAKES)
def test_a_folder_with_an_error_does_not_load_and_one_with_warnings_does(tmp_path: Path, name: str) -> None:
    edits, wanted = MISTAKES[name]
    folder = small.write(tmp_path, *edits)
    if "error[" not in wanted:
        assert pathways.load(folder).id == "tiny"
        return
    with pytest.raises(InvalidRules) as caught:
        pathways.load(folder)

    assert str(caught.value) == "\n".join(map(str, caught.value.remarks))
    assert str(caught.value) == wanted


def test_pathways_that_hand_over_in_a_circle(tmp_path: Path) -> None:
    over = "then: {urgency: none, advice: [home]}"
    folder = small.write(tmp_path, (NOSE, over, "handover: oral"), oral=ORAL.replace(over, "handover: nose"))

    assert small.remarks(folder) == (
        "rules/nose.yaml:14:67: error[handover-cycle]: `nose` hands over, and is handed back to\n  help: cut the circle\n"
        "rules/oral.yaml:14:67: error[handover-cycle]: `oral` hands over, and is handed back to\n  help: cut the circle"
    )


def test_a_condition_with_too_many_alternatives(tmp_path: Path) -> None:
    """Eleven pairs are 2,048 ways."""
    findings = {f"{side}{n}": {} for n in range(11) for side in "ab"}
    with pytest.raises(InvalidRules) as caught:
        small.ruleset(tmp_path, findings, {"wide": ({"all": [{"any": [f"a{n}", f"b{n}"]} for n in range(11)]}, "urgent")})

    assert str(caught.value) == (
        "rules/p.yaml:1:105: error[condition-too-wide]: the condition has more than 2,000 alternatives\n  help: make a rule of each alternative"
    )


def test_very_many_mistakes_of_a_file_are_not_all_told(tmp_path: Path) -> None:
    folder = small.write(tmp_path, nose=small.FILES[NOSE] + "".join(f"k{n}: x\n" for n in range(60_000)))
    began = time.process_time()
    found = remarks_of(folder)

    assert [remark.code for remark in found] == [*["unknown-key"] * 200, "too-many"]
    assert time.process_time() - began < 5


def test_very_many_warnings_keep_no_folder_from_loading_and_hide_no_error(tmp_path: Path) -> None:
    unread = "".join(f"  f{n}: {{ask: q, means: m, worse: yes, group: signs}}\n" for n in range(300))
    folder = small.write(tmp_path, (FINDINGS, "groups:", f"{unread}groups:"))

    assert {remark.severity for remark in remarks_of(folder)} == {"warning"}
    assert (len(remarks_of(folder)), remarks_of(folder)[-1].code) == (201, "too-many")
    assert pathways.load(folder).findings["f299"].ask == "q"
    told = list(remarks_of(folder))
    error = Remark("unknown-group", "last", Place("rules/findings.yaml", 1_000, 1))
    assert in_order([*told, error]) == [error]


def test_findings_that_hang_together_are_at_most_five_hundred(tmp_path: Path) -> None:
    """Each implies the next: a patient is found, or the folder is refused."""
    findings = {f"f{n}": {} for n in range(501)}
    chain = {f"c{n}": (f"f{n}", f"f{n + 1}") for n in range(400)}
    with pytest.raises(InvalidRules) as caught:
        small.ruleset(tmp_path, findings, {"r": ("f0", "urgent")}, otherwise="discuss_same_day", constraints=chain)
    (remark,) = caught.value.remarks
    assert str(remark).partition("error")[2] == (
        "[too-many-findings]: 501 findings, and at most 500 can be looked through together\n  help: divide the rule set"
    )


def test_a_condition_whose_alternatives_are_too_many_to_compare(tmp_path: Path) -> None:
    """A million ways are refused as soon as two thousand of them are seen."""
    findings = {f"f{n}": {} for n in range(60)}
    began = time.process_time()
    with pytest.raises(InvalidRules, match="more than 2,000 alternatives"):
        small.ruleset(tmp_path, findings, {"wide": ({"all": [{"any": [f"f{n + 10 * m}" for n in range(10)]} for m in range(6)]}, "urgent")})

    assert time.process_time() - began < 2


DOUBLED = {"d0": "a", **{f"d{n}": {"all": [f"d{n - 1}", {"not": {"not": f"d{n - 1}"}}]} for n in range(1, 40)}}


def test_definitions_that_double_are_read_once_each(tmp_path: Path) -> None:
    """Forty definitions, each of which names the one before twice, are 2 to the power of 40 of the first."""
    began = time.process_time()
    ruleset = small.ruleset(tmp_path, {"a": {}}, {"r": ("d39", "urgent")}, definitions=DOUBLED)

    assert str(ruleset.decide({"a": True}, "p").urgency.lowest) == "urgent"
    assert time.process_time() - began < 2


def test_definitions_and_gates_stand_only_so_high(tmp_path: Path) -> None:
    """The one that is too many is named, and what stands upon it is not."""
    findings: dict[str, Any] = {"a": {}, "f0": {}, **{f"f{n}": {"applies": f"f{n - 1}"} for n in range(1, 300)}}
    tower: dict[str, Any] = {"d0": "a", **{f"d{n}": f"d{n - 1}" for n in range(1, 2000)}}
    with pytest.raises(InvalidRules) as caught:
        small.ruleset(tmp_path, findings, {"r": ("d1999", "urgent")}, definitions=tower, otherwise="discuss_same_day")

    assert re.sub(r"\S+:\d+:", "", str(caught.value)) == (
        " error[gate-too-deep]: `f41` waits, through 40 others, for the first\n  help: let it wait for the first alone\n"
        " error[definition-too-deep]: `d40` stands on 40 definitions, one upon the other\n  help: write some of them out"
    )


@pytest.mark.parametrize(
    ("limits", "limit", "help"),
    [
        (f"range: [0, 1{'0' * 350}], resolution: 0.01", f"1{'0' * 300}.001", ""),
        (f"range: [0, 120], resolution: 0.{'0' * 300}3", "7", ""),
        ("range: [-120, 120], resolution: 0.25", "-7.1", "write -7.25 or -7, or correct the resolution of the finding"),
    ],
)
def test_a_number_of_any_length_is_compared_with_its_resolution(tmp_path: Path, limits: str, limit: str, help: str) -> None:
    edits = ((FINDINGS, "range: [0, 120], resolution: 0.01", limits), (NOSE, "when: clot", f"when: {{age: {{above: {limit}}}}}"))
    remark = next(one for one in remarks_of(small.write(tmp_path, *edits)) if one.code == "off-resolution")

    assert remark.help == help or not help
    assert len(str(remark)) < 1_000


@pytest.mark.parametrize("name", ["not", "any", "all"])
def test_a_word_of_the_language_is_no_name_of_a_definition(tmp_path: Path, name: str) -> None:
    """`{not: ...}` would no longer say which it is."""
    folder = small.write(tmp_path, (RULES, "  small: {", f"  {name}: {{means: x, when: fever}}\n  small: {{"))

    assert (
        small.remarks(folder)
        == f"rules/ruleset.yaml:19:3: error[reserved-name]: `{name}` is a word of the rule language\n  help: choose another name"
    )


def test_a_pathway_is_not_called_like_the_shared_red_flags(tmp_path: Path) -> None:
    """Its rules would be asked first, as if they were dangers of everybody."""
    folder = small.write(tmp_path, red_flags=small.FILES[NOSE].replace("pathway: nose", "pathway: red_flags"))

    assert (
        small.remarks(folder)
        == "rules/red_flags.yaml:1:1: error[reserved-name]: `red_flags` is a word of the rule language\n  help: choose another name"
    )


@pytest.mark.parametrize("wanted", ["{more: 30}", "{at_least: many}", "{at_least: [1]}", "{}"])
def test_a_site_fact_is_compared_with_numbers_only(tmp_path: Path, wanted: str) -> None:
    """What could not be compared would only be found out at the bedside."""
    folder = small.write(tmp_path, (NOSE, "actions: [pack]", f"actions: [{{item: pack, site: {{minutes: {wanted}}}}}]"))

    assert "error[" in small.remarks(folder)


def test_a_site_fact_that_is_a_number_has_a_range(tmp_path: Path) -> None:
    folder = small.write(tmp_path, (RULES, ", unit: min, range: [0, 600], resolution: 1", ""))

    assert "error[missing-key]: the number `minutes` has no `unit`" in small.remarks(folder)


def test_a_choice_without_values_that_is_compared_is_a_remark_and_no_traceback(tmp_path: Path) -> None:
    choice = (FINDINGS, ", values: {none: none, warfarin: warfarin, aspirin: aspirin}", "")

    assert "error[missing-key]" in small.remarks(small.write(tmp_path, choice, (NOSE, "{tablets: warfarin}", "tablets")))


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("hides: [clott]", "error[unknown-finding]: `clott` is not a finding of this rule set"),
        ("hides: [age]", "error[wrong-kind]: `bleeding` has `hides: age`, which is a number"),
        ("hides: [bleeding]", "error[wrong-kind]: `bleeding` has `hides: bleeding`, which is a yes_no"),
        ("measured_by: [fever]", "error[wrong-kind]: `bleeding` has `measured_by: fever`, which is a yes_no"),
    ],
)
def test_a_finding_hides_yes_no_findings_and_is_measured_by_numbers(tmp_path: Path, key: str, said: str) -> None:
    bleeding = "bleeding: {ask: bleeds, means: blood runs, worse: yes, group: signs"

    assert said in small.remarks(small.write(tmp_path, (FINDINGS, bleeding, f"{bleeding}, {key}")))


def test_five_mistakes_in_two_files_are_five_remarks_with_their_places(tmp_path: Path) -> None:
    folder = small.write(
        tmp_path,
        (FINDINGS, "worse: higher", "worse: upward"),
        (FINDINGS, "applies: examined", "applies: examind"),
        (NOSE, "urgency: none", "urgnecy: none"),
        (NOSE, "{tablets: warfarin}", "{tablets: heparin}"),
        (NOSE, "within: PT1H", "within: P1D"),
    )

    assert small.remarks(folder) == (
        "rules/findings.yaml:6:73: error[unknown-name]: `examind` is neither a finding nor a definition\n  help: did you mean `examined`?\n"
        "rules/findings.yaml:9:115: error[unknown-value]: `upward` is not one of yes, no, higher, lower, both, neither\n"
        "rules/nose.yaml:7:42: error[limit-too-long]: `urgent` allows PT4H at the latest, and no referral is within it\n"
        "  help: add a referral within PT4H, or lower the urgency\n"
        "rules/nose.yaml:10:43: error[unknown-value]: `heparin` is not a value of `tablets`\n  help: one of: none, warfarin, aspirin\n"
        "rules/nose.yaml:14:74: error[unknown-key]: `urgnecy` is not a key here\n  help: did you mean `urgency`?"
    )
    with pytest.raises(InvalidRules):
        pathways.load(folder)


def test_five_mistakes_in_two_other_files_are_five_remarks_with_their_places(tmp_path: Path) -> None:
    folder = small.write(
        tmp_path,
        (ITEMS, "text: Pack the nose.", "text: Pack the nose., excludes: [home, hom]"),
        (ITEMS, "text: Ask ENT.", "text: Ask ENT., sources: [G7]"),
        (NOSE, "sources: [E1]", "sources: [E3, E1]"),
        (NOSE, "{fever: no}", "{fever: none}"),
        (NOSE, "advice: [ask]", "advice: [ask, home]"),
    )

    assert small.remarks(folder) == (
        "rules/items.yaml:2:63: error[unknown-item]: `hom` is not an item of this rule set\n  help: did you mean `home`?\n"
        "rules/items.yaml:4:49: error[unknown-source]: `G7` is not a source of this rule set\n  help: declare it, or name one of row-1, E1, E2, G1\n"
        "rules/nose.yaml:7:144: error[unknown-source]: `E3` is not a source of this rule set\n  help: declare it, or name one of row-1, E1, E2, G1\n"
        "rules/nose.yaml:14:53: error[wrong-kind]: `fever` is yes or no, not `none`\n  help: write `{fever: yes}` or `{fever: no}`\n"
        "rules/nose.yaml:15:97: error[otherwise-reassures]: `otherwise` gives the reassuring `home`\n  help: delete it: nobody knows this patient"
    )


APART = [  # mistakes that have nothing to do with each other, among them one that makes a part unreadable
    ("an id that is none", "an unknown level", "no unit", "an unknown service", "an unknown first aid"),
    ("a word that is not allowed", "an unknown item", "a choice of none", "a direction of another kind", "an open gap"),
    ("a list for a mapping", "an unknown source", "an unknown finding", "a mixed group", "yes in quotes"),
    ("a text for a list", "a choice that has no such value", "an item that excludes no item", "a key is missing", "a number alone"),
    ("no date", "an unknown limit", "a limit outside the range", "values of a yes/no finding", "a level with a limit off the scale"),
    ("a code that nobody verified", "advice among the actions", "an otherwise that is too low", "no time", "a definition by itself"),
    ("days without end", "a number equal to", "a leading zero", "an unknown level", "an item with an unknown source"),
    ("an empty text", "a limit between two steps", "neither outcome nor handover", "a range of a yes/no finding", "a source that may not be cited"),
]  # fmt: skip


@pytest.mark.parametrize("names", APART, ids=lambda names: names[0])
def test_a_part_that_cannot_be_read_hides_no_other_mistake_and_makes_none(tmp_path: Path, names: tuple[str, ...]) -> None:
    """What is said of all together is what is said of each alone, warnings apart, which wait until the folder loads."""
    edits = [edit for name in names for edit in MISTAKES[name][0]]
    alone = [
        (remark.place.file, remark.code, remark.message)
        for name in names
        for remark in remarks_of(small.write(tmp_path, *MISTAKES[name][0]))
        if remark.severity is Severity.ERROR
    ]
    together = [(remark.place.file, remark.code, remark.message) for remark in remarks_of(small.write(tmp_path, *edits))]

    assert sorted(together) == sorted(alone)


def test_every_mistake_of_a_condition_is_told(tmp_path: Path) -> None:
    when = (NOSE, "when: clot,", "when: {all: [clott, {any: [{age: {below: 02}}, fever, {tablets: wafarin}]}, {not: {bleeding: 1}}]},")

    assert small.remarks(small.write(tmp_path, when)) == (
        "rules/nose.yaml:7:36: error[unknown-name]: `clott` is neither a finding nor a definition\n  help: did you mean `clot`?\n"
        "rules/nose.yaml:7:57: error[not-a-number]: `02` is not a number\n  help: write 2\n"
        "rules/nose.yaml:7:78: error[unknown-value]: `wafarin` is not a value of `tablets`\n  help: did you mean `warfarin`?\n"
        "rules/nose.yaml:7:106: error[wrong-kind]: `bleeding` is yes or no, not `1`\n  help: write `{bleeding: yes}` or `{bleeding: no}`"
    )


# -- cures -----------------------------------------------------------------------------------------------------------


CURES = {
    "a key that belongs elsewhere": ([(NOSE, "title: Nose\n", "title: Nose\nservices: {}\n")], "the keys here are pathway, title, complaint, version, review_by, must_sign, notice, applies, first_aid, definitions, rules, otherwise, not_encoded"),
    "a key near one that belongs elsewhere": ([(NOSE, "{service: ent, contact: now, within: PT1H}", "{service: ent, contact: now, within: PT1H, mean: x}")], "the keys here are service, contact, within, site"),
    "a key near one that stands there already": ([(ITEMS, "text: Ask ENT.", "text: Ask ENT., texts: x")], "the keys here are kind, text, reassures, discreet, excludes, repeat_after, before_call, quotes, medicine, sources"),
    "a misspelt key of a window": ([(NOSE, "within: PT1H", "within: {form: injury, not_before: P5D, not_after: P7D}")], "did you mean `from`?"),
    "a misspelt key of an item with a site": ([(NOSE, "actions: [pack]", "actions: [{itm: pack, site: {ent_here: yes}}]")], "did you mean `item`?"),
    "a comma for a point": ([(FINDINGS, "range: [25, 45]", 'range: [25, "45,5"]')], "write 45.5, without quotes"),
    "an exponent": ([(FINDINGS, "range: [0, 120]", "range: [0, 1e2]")], "write 100"),
    "a number with its unit": ([(NOSE, "when: clot,", "when: {any: [clot, {age: {below: 2 years}}]},")], "write 2"),
    "a number that none is near": ([(NOSE, "when: clot,", "when: {any: [clot, {age: {below: 12:30}}]},")], "digits with an optional sign and fraction: no exponent, no leading zero, no quotes"),
    "a sign before a number": ([(NOSE, "when: clot,", 'when: {any: [clot, {age: "< 2"}]},')], "write `{age: {below: 2}}`; at_least, above, at_most, below compare a number"),
    "a range as a list": ([(NOSE, "when: clot,", "when: {any: [clot, {age: [2, 16]}]},")], "write `{age: {at_least: 2, below: 16}}`; at_least, above, at_most, below compare a number"),
    "no number at all": ([(NOSE, "when: clot,", "when: {any: [clot, {age: old}]},")], "write `{age: {at_least: 0}}`; at_least, above, at_most, below compare a number"),
    "a unit in words": ([(FINDINGS, "unit: a", "unit: years")], "write `a`"),
    "a unit in a word": ([(FINDINGS, "unit: a", "unit: Month")], "a UCUM unit: a (years), d (days), min (minutes), h (hours), s (seconds), /min (per minute), /mo (per month), mm[Hg] (mmHg), Cel (°C), kg, {score}, {count}, 1"),
    "a degree": ([(FINDINGS, "unit: Cel", "unit: °C")], "write `Cel`"),
    "a name that none is near": ([(NOSE, "when: clot", "when: perforation")], "declare it in findings.yaml, or as a definition"),
    "a letter of another alphabet": ([(NOSE, "when: clot", "when: cl\u043et")], "type it again"),
    "and": ([(NOSE, "when: clot,", "when: {and: [clot, fever]},")], "write `all: [...]`"),
    "not in words": ([(NOSE, "when: clot,", "when: not clot,")], "write `{not: clot}`"),
    "and in words": ([(NOSE, "when: clot,", "when: clot and fever,")], "write `{all: [clot, fever]}`"),
    "a sentence": ([(NOSE, "when: clot,", "when: a clot in the nose,")], "a name has no spaces; conditions are joined by `all: [...]` or `any: [...]`"),
    "a band in words": ([(NOSE, "when: clot,", "when: {any: [clot, {age: 2-16}]},")], "write `{age: {at_least: 2, at_most: 16}}`; at_least, above, at_most, below compare a number"),
    "an operator of another language": ([(NOSE, "when: clot,", "when: {any: [clot, {age: {max: 2}}]},")], "write `at_most`"),
    "a condition's yes in quotes": ([(NOSE, "{fever: no}", '{fever: "no"}')], "write `{fever: yes}` or `{fever: no}`"),
    "braces around a name": ([(NOSE, "when: clot,", "when: {clot},")], "write the value, or the name without braces"),
    "a call that is not now": ([(NOSE, "contact: now, within: PT1H", "contact: yes, within: PT1H")], "write `now`, or delete the key"),
    "a service for a referral": ([(NOSE, "[{service: ent, contact: now, within: PT1H}]", "[ent]")], "the keys here are service, contact, within, site"),
    "a limit in words": ([(NOSE, "within: PT1H", "within: 1 hour")], "declare it, or name one of now, PT1H, PT4H, P1D"),
    "an operator that one is near": ([(NOSE, "when: clot,", "when: {any: [clot, {age: {atleast: 2}}]},")], "did you mean `at_least`?"),
    "a version that is none": ([(NOSE, "version: 0.1.0", "version: 1.0")], "three numbers with points, such as 0.1.0"),
}  # fmt: skip


@pytest.mark.parametrize("name", CURES)
def test_a_cure_is_one_that_would_cure(tmp_path: Path, name: str) -> None:
    """A key is proposed only where it may stand, a number as it was meant, a unit as UCUM writes it."""
    edits, wanted = CURES[name]
    (remark,) = remarks_of(small.write(tmp_path, *edits))

    assert remark.help == wanted


def test_every_form_that_the_language_asks_for_is_explained() -> None:
    patterns = {
        metadata.pattern
        for kind in vars(model).values()
        for metadata in (*getattr(kind, "__metadata__", ()), *(one for part in fields_of(kind) for one in part.metadata))
        if isinstance(metadata, StringConstraints) and metadata.pattern
    }

    assert patterns == set(model.FORMS)


def fields_of(kind: object) -> list[FieldInfo]:
    return list(kind.model_fields.values()) if isinstance(kind, type) and issubclass(kind, BaseModel) else []


# -- folders -----------------------------------------------------------------------------------------------------------


def test_a_folder_or_a_file_that_no_system_has_is_a_remark(tmp_path: Path) -> None:
    for name, wanted in (
        ("x" * 300, "error[cannot-read]: the folder cannot be read: file name too long"),
        ("a\0b", "error[no-folder]: there is no such folder"),
        ("\ud800", "\\ud800: error[no-folder]"),
    ):
        with pytest.raises(InvalidRules) as caught:
            pathways.load(name)
        assert wanted in str(caught.value)
        str(caught.value).encode()
        with pytest.raises(InvalidRules, match="cannot be read"):
            pathways.load(small.write(tmp_path), site=name)


def test_a_folder_that_is_named_by_dots_has_its_own_name_in_remarks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = small.write(tmp_path, (NOSE, "title: Nose\n", "titel: Nose\n"))
    (folder / "deeper").mkdir()
    (folder / "nose.cases.yaml").write_text("- nose: x\n", encoding="utf-8")
    wanted = {"rules/nose.yaml", "rules/nose.cases.yaml"}
    for here, named in ((folder, "."), (folder / "deeper", ".."), (tmp_path, "rules"), (folder, "")):
        monkeypatch.chdir(here)
        assert {remark.place.file for remark in inspection.remarks_of(Path(named), date(2026, 1, 1))} == wanted


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidRules) as caught:
        pathways.load(tmp_path / "none")

    assert str(caught.value) == f"{tmp_path}/none: error[no-folder]: there is no such folder\n  help: name a folder that holds ruleset.yaml"


@pytest.mark.parametrize("name", [RULES, FINDINGS, ITEMS, SOURCES])
def test_a_file_that_all_pathways_share_is_needed(tmp_path: Path, name: str) -> None:
    folder = small.write(tmp_path)
    (folder / name).unlink()

    assert f"rules/{name}: error[cannot-read]: the file cannot be read: no such file or directory" in small.remarks(folder)
    with pytest.raises(InvalidRules):
        pathways.load(folder)


@pytest.mark.parametrize("name", [RULES, FINDINGS, ITEMS, SOURCES, NOSE])
def test_a_link_to_a_file_outside_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    folder = small.write(tmp_path)
    (folder / name).rename(tmp_path / name)
    (folder / name).symlink_to(tmp_path / name)

    assert (
        f"rules/{name}: error[outside]: not a regular file inside the rule folder\n  help: copy the file into the folder"
        in small.remarks(folder)
    )
    with pytest.raises(InvalidRules):
        pathways.load(folder)


def test_what_is_called_like_a_rule_file_and_is_none_is_named(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    (folder / "ear.yaml").mkdir()
    (folder / "eye.yaml").symlink_to("nowhere.yaml")
    (folder / "jaw.yaml").symlink_to("jaw.yaml")
    (folder / "nose.case.yaml").write_text("[]\n")
    (folder / ITEMS).unlink()
    (folder / ITEMS).symlink_to("nowhere.yaml")

    assert small.remarks(folder) == (
        "rules/ear.yaml: error[outside]: a folder that is called like a file\n  help: rename the folder; only files beside ruleset.yaml are read\n"
        "rules/eye.yaml: error[outside]: a link to a file that is not there\n  help: copy the file into the folder\n"
        "rules/items.yaml: error[outside]: a link to a file that is not there\n  help: copy the file into the folder\n"
        "rules/jaw.yaml: error[outside]: a link to a file that is not there\n  help: copy the file into the folder\n"
        "rules/nose.case.yaml: error[file-name]: `nose.case.yaml` is no name of a file here\n"
        "  help: a pathway is NAME.yaml, its cases NAME.cases.yaml, a place of care NAME.site.yaml"
    )


def test_what_editors_leave_in_the_folder_is_not_read(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    (folder / ".#nose.yaml").symlink_to("somebody@elsewhere.123")
    (folder / ".nose.yaml").write_text("[")
    (folder / "nose.yaml~").write_text("[")

    assert small.remarks(folder) == ""


def test_a_folder_without_a_pathway(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    (folder / NOSE).unlink()

    assert small.remarks(folder).startswith(
        "rules/ruleset.yaml: error[no-pathways]: there is no pathway beside it\n  help: write one as NAME.yaml; its `pathway:` is NAME"
    )


def test_a_link_inside_the_folder_is_read(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    (folder / ITEMS).rename(folder / "items.txt")
    (folder / ITEMS).symlink_to(folder / "items.txt")

    assert small.remarks(folder) == ""


# -- nothing half-read -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [*SHARED, NOSE])
@pytest.mark.parametrize(
    "other",
    [{"a": Scalar("b")}, [Scalar("a")], Scalar(""), Scalar("wrongly"), Scalar("wrongly", quoted=True), Scalar("1e400"), {}, []],
    ids=str,
)
def test_whatever_stands_where_something_else_belongs_the_file_fits_or_there_is_a_remark(tmp_path: Path, model: str, other: object) -> None:
    """A part that is refused without a word would be left out, and the rest would load."""
    document = read_document(small.write(tmp_path) / model)
    for path in paths_of(document.data):
        data = copy.deepcopy(document.data)
        holder = data
        for step in path[:-1]:
            holder = holder[step]  # type: ignore[index,call-overload]
        holder[path[-1]] = other  # type: ignore[index,call-overload]
        fitted, remarks = fit(document, data, SHARED.get(model, PathwayFile))

        assert (fitted is None) == bool(remarks), f"{path}: {remarks}"


@pytest.mark.parametrize(
    ("old", "new"),
    [("contact: now, within: PT1H", "contact: {a: b}, within: PT1H"), ("title: clot,", "title: {a: b},"), ("basis: evidence", "basis: {a: b}"), ("title: Nose\n", "title: {a: b}\n")],
)  # fmt: skip
def test_a_rule_that_cannot_be_read_is_never_left_out(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(InvalidRules):
        small.load(tmp_path, (NOSE, old, new))


def test_a_bad_file_never_leaves_a_partly_loaded_rule_set(tmp_path: Path) -> None:
    """Each line of each file cut away, doubled or cut short: it loads with all rules that the file still has, or not at all."""
    for name, text in small.FILES.items():
        lines = text.splitlines(keepends=True)
        for n, line in enumerate(lines):
            for changed in ("", line * 2, line[: len(line) // 2] + "\n")[n % 3 :: 2]:
                folder = small.write(tmp_path, **{name.removesuffix(".yaml"): "".join([*lines[:n], changed, *lines[n + 1 :]])})
                try:
                    loaded = pathways.load(folder)
                except InvalidRules as error:
                    assert error.remarks
                else:
                    data = read_document(folder / NOSE).data
                    assert isinstance(data, dict)
                    assert list(data["rules"]) == [rule.id for rule in loaded.pathways["nose"].rules]


# -- the digest --------------------------------------------------------------------------------------------------------


@pytest.fixture(name="digest")
def digest_of_the_smallest(tmp_path: Path) -> str:
    return small.load(tmp_path).digest


def test_comments_blank_lines_and_the_manner_of_writing_do_not_change_the_digest(tmp_path: Path, digest: str) -> None:
    written = {
        name.removesuffix(".yaml"): "# a comment\n\n"
        + text.replace("{title: clot, when: clot, ", "{title: clot,   when:\n      clot, ")
        + "\n# another\n"
        for name, text in small.FILES.items()
    }

    assert small.load(tmp_path, **written).digest == digest


def test_the_same_data_in_one_line_or_in_many_has_one_digest(tmp_path: Path, digest: str) -> None:
    block = (NOSE, "  clot: {title: clot, when: clot, ", "  clot: {\n    title: clot,\n    when: clot,\n    ")

    assert small.load(tmp_path, block).digest == digest


def test_cases_and_other_records_beside_the_rules_do_not_change_the_digest(tmp_path: Path, digest: str) -> None:
    folder = small.write(tmp_path)
    for name in ("nose.cases.yaml", "approvals.yaml", "hazards.yaml", "requirements.yaml", "here.site.yaml"):
        (folder / name).write_text("[]\n")

    assert pathways.load(folder).digest == digest


def test_the_name_of_the_folder_does_not_change_the_digest(tmp_path: Path, digest: str) -> None:
    small.write(tmp_path).rename(tmp_path / "elsewhere")

    assert pathways.load(tmp_path / "elsewhere").digest == digest


def shuffled(data: object, keep: bool = False) -> object:
    """Plain data with the keys of every record the other way round; the order of catalogues and of rules is kept."""
    if isinstance(data, dict):
        ordered = {"urgency", "limits", "services", "findings", "groups", "items", "rules", "values", "definitions", "constraints", "red_flags", "site_facts", "rows", "evidence", "gaps"}  # fmt: skip
        pairs = [(key, shuffled(value, keep=key in ordered and isinstance(value, dict))) for key, value in data.items()]
        return dict(pairs if keep else reversed(pairs))
    return [shuffled(one) for one in data] if isinstance(data, list) else data


def test_the_order_of_keys_changes_neither_digest_nor_decision(tmp_path: Path, digest: str) -> None:
    before = small.load(tmp_path).decide({"bleeding": True}, ["nose"]).to_json()
    folder = tmp_path / "rules"
    for name in small.FILES:
        data = read_document(folder / name).data
        (folder / name).write_text(small.flow(shuffled(data)), encoding="utf-8")
    after = pathways.load(folder)

    assert after.digest == digest
    assert after.decide({"bleeding": True}, ["nose"]).to_json() == before


def test_the_order_of_rules_changes_no_outcome(tmp_path: Path) -> None:
    """File order means nothing but the order in which equally urgent reasons are listed."""
    findings = {"a": {}, "b": {}}
    rules = {"r": ("a", "urgent"), "s": ("b", "clinic"), "t": ({"all": ["a", {"not": "b"}]}, "urgent")}
    one = small.ruleset(tmp_path, findings, rules, otherwise="discuss_same_day")
    other = small.ruleset(tmp_path, findings, dict(reversed(rules.items())), otherwise="discuss_same_day")
    for given in ({}, {"a": True}, {"a": True, "b": False}, {"b": True}, {"a": False, "b": False}):
        left, right = one.decide(given, ["p"]), other.decide(given, ["p"])

        assert (left.status, left.urgency, left.referrals) == (right.status, right.urgency, right.referrals)
        assert set(left.reasons) == set(right.reasons)


def paths_of(data: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path of everything in plain data, the whole apart."""
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path] * bool(path) + [found for key, value in parts for found in paths_of(value, (*path, key))]


@pytest.mark.parametrize("name", small.FILES)
def test_every_word_that_is_changed_changes_the_content_or_is_refused(tmp_path: Path, name: str) -> None:
    """Nothing that an author writes is outside what is signed, wherever it stands."""
    folder = small.write(tmp_path)
    before = canonical(content_of(read(folder)))
    written = read_document(folder / name).data
    changed = 0
    for path in paths_of(written):
        data = copy.deepcopy(written)
        holder = data
        for step in path[:-1]:
            holder = holder[step]  # type: ignore[index,call-overload]
        if not isinstance(holder[path[-1]], Scalar):  # type: ignore[index,call-overload]
            continue
        holder[path[-1]] = Scalar(holder[path[-1]] + "1")  # type: ignore[index,call-overload]
        (folder / name).write_text(small.flow(data), encoding="utf-8")
        try:
            after = canonical(content_of(read(folder)))
        except InvalidRules:
            continue
        changed += 1
        assert after != before, f"{path} of {name}"
    assert changed >= 3


def test_the_digest_is_taken_of_the_content(tmp_path: Path, digest: str) -> None:
    content = small.load(tmp_path).content()

    assert hashlib.sha256(canonical(content).encode()).hexdigest() == digest
    assert small.load(tmp_path, (NOSE, "title: Nose\n", "title: Noses\n")).digest != digest


# -- very many mistakes, and several at once ---------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["  a: 1\n", "  k{n}:\n", "  k{n}: y\n", "  r{n}: {{title: t, when: zz, basis: source, sources: [zz]}}\n"])
def test_of_one_file_so_many_mistakes_are_told_as_anybody_reads(tmp_path: Path, line: str) -> None:
    more = "".join(line.format(n=n) for n in range(1_000))
    found = remarks_of(small.write(tmp_path, nose=small.FILES[NOSE].replace("otherwise:", f"{more}otherwise:")))

    assert len(found) == 201
    assert [remark.message for remark in found if remark.code == "too-many"] == ["200 mistakes, and there are more"]


def test_a_key_that_stands_twice_hides_no_other_mistake(tmp_path: Path) -> None:
    """Five mistakes in two files are five remarks, though one of them is a duplicate key."""
    edits = (
        ("findings.yaml", "bleeding: {ask: bleeds,", "bleeding: {ask: bleeds, ask: runs,"),
        ("findings.yaml", "range: [25, 45], resolution: 0.1,", "range: [25, 45], resolution: 1e400,"),
        ("nose.yaml", "basis: source\n", "basis: sauce\n"),
        ("nose.yaml", "otherwise: {urgency: discuss_same_day, referrals: [{service: ent,", "otherwise: {urgency: discuss_same_day, referrals: [{service: ents,"),
        ("nose.yaml", "rules:\n  clot: {title: clot,", "rules:\n  clot: {titel: clot,"),
    )  # fmt: skip
    with pytest.raises(InvalidRules) as refused:
        small.load(tmp_path, *edits)
    codes = [(remark.place.file, remark.code) for remark in refused.value.remarks]
    assert ("rules/findings.yaml", "duplicate-key") in codes
    assert {"wrong-kind", "unknown-value", "unknown-service", "unknown-key"} <= {code for _, code in codes}
