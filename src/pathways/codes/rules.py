"""Codes about names, findings, conditions, outcomes, sources and what the rules can do."""

from __future__ import annotations

from pathways.codes.entry import Code, Group

__all__ = ["GROUPS"]

NAMES = {
    "name-twice": Code(
        "a name stands for two things",
        "A definition is called like a finding, or a definition of a pathway like a shared one.",
        "A condition that reads the name would mean one of them, and a reviewer the other.",
        "Rename the definition.",
    ),
    "reserved-name": Code(
        "a name is a word of the rule language",
        "`all`, `any`, `not`, `otherwise`, `red_flags` and `unknown` have a meaning of their own; `yes`, `no` and `unknown` are no values.",
        "A condition or a case that names it would say something else.",
        "Choose another name.",
    ),
    "unknown-finding": Code(
        "a finding is not declared",
        "A finding, a case or a patient names one that `findings.yaml` does not have.",
        "A misspelt answer that is ignored is an answer that is lost.",
        "Correct the name, or declare the finding.",
    ),
    "unknown-group": Code(
        "a group is not declared",
        "A finding stands in a group that `groups` does not have.",
        "The finding would be on no screen and never be asked.",
        "Correct the name, or declare the group at its place in the order of the screens.",
    ),
    "unknown-item": Code(
        "an item is not declared",
        "An outcome, first aid or `excludes` names an item that `items.yaml` does not have.",
        "What is to be done has no words without it.",
        "Correct the name, or declare the item at its place in the clinical order.",
    ),
    "unknown-level": Code(
        "a level of urgency is not declared",
        "An outcome or a case names a level that `urgency` does not have.",
        "Only the scale says what is more urgent than what.",
        "Write one of the levels that the remark names.",
    ),
    "unknown-limit": Code(
        "a limit is not declared",
        "A referral or a level names a limit that `limits` does not have.",
        "Only the scale says which limit is earlier.",
        "Write one of the limits of `ruleset.yaml`, or declare it at its place in the order.",
    ),
    "unknown-name": Code(
        "a name in a condition or a case is not declared",
        "It is neither a finding nor a definition; or a case expects an item, a service or a rule that is not there.",
        "A condition that reads it could never hold, and a case could never fail.",
        "Correct the name, or declare it.",
    ),
    "unknown-pathway": Code(
        "a pathway is not there",
        "A handover, a case or a question names a pathway that the folder does not have.",
        "Its rules would be missing from the decision.",
        "Correct the name, or write the pathway.",
    ),
    "unknown-role": Code(
        "a role is not declared",
        "`must_sign` names a role that `ruleset.yaml` does not have.",
        "Nobody could sign in it, so that the pathway would stay a draft for ever.",
        "Correct the name, or declare the role.",
    ),
    "unknown-row": Code(
        "a row that is narrowed is not there",
        "`narrows` names no row and no gap of `sources.yaml`.",
        "Rules that narrow a row are listed first wherever rules are reviewed, and this one would point nowhere.",
        "Correct the id.",
    ),
    "unknown-service": Code(
        "a service is not declared",
        "A referral or an item names a service that `ruleset.yaml` does not have.",
        "Nobody would know whom to call.",
        "Correct the name, or declare the service.",
    ),
    "unknown-site-fact": Code(
        "a fact of the place of care is not declared",
        "A rule or a site names a fact that `site_facts` does not have.",
        "What depends on it would be given nowhere.",
        "Correct the name, or declare the fact.",
    ),
    "unknown-source": Code(
        "a source is not declared",
        "The id is no row, no evidence and no gap of `sources.yaml`.",
        "A reviewer could not find what the rule rests on.",
        "Correct the id, or declare the source.",
    ),
    "unused-definition": Code(
        "no rule reads a definition",
        "No condition names it.",
        "It may be that a rule should, and names something else.",
        "Use it, or delete it.",
    ),
    "unused-item": Code(
        "no rule gives an item",
        "No outcome and no first aid names it.",
        "It may be that a rule should give it, and that patients go without.",
        "Use it, or delete it.",
    ),
    "unused-role": Code(
        "no pathway needs the signature of a role",
        "No `must_sign` names it.",
        "It may be that a pathway should wait for this signature, and does not.",
        "Name it in a pathway, or delete it.",
    ),
    "unused-service": Code(
        "no rule calls a service",
        "No referral names it.",
        "It may be that a rule should call it.",
        "Use it, or delete it.",
    ),
}

FINDINGS = {
    "check-digit": Code(
        "a code is no SNOMED CT concept id",
        "Its check digit is wrong, or it is the id of something else than a concept.",
        "One mistyped digit would tell other systems another finding.",
        "Copy the id again from its source.",
    ),
    "empty-range": Code(
        "a range holds no value",
        "Its first number is not below its second.",
        "No answer could be given.",
        "Write the lowest first.",
    ),
    "gate-cycle": Code(
        "whether a finding applies depends on itself",
        "Its `applies` leads, perhaps through others, back to it.",
        "Neither could ever be asked first.",
        "Cut the circle.",
    ),
    "gate-too-deep": Code(
        "a finding waits for too many others",
        "Its `applies` leads through more than 40 findings, one after the other.",
        "Each of them would have to be asked before it.",
        "Let it wait for the first alone.",
    ),
    "mixed-group": Code(
        "the signs of a group get worse in different directions",
        "One yes/no finding of the group is worse when it is yes, another when it is no.",
        '"None of these" would deny a danger and at the same time state one, such as that the throat was not seen.',
        "Put one of them into a group of its own kind.",
    ),
    "never-read": Code(
        "nothing reads a finding",
        "No rule, no constraint and no `applies` reads it.",
        "Somebody would be asked for nothing; or a rule that should read it does not.",
        "Read it in a rule, or write `reserved: yes` and say why.",
    ),
    "reserved-but-read": Code(
        "something reads a reserved finding",
        "`reserved: yes` says that nothing reads it, and a condition does.",
        "Whoever lists what is not asked yet would list it.",
        "Delete `reserved: yes`.",
    ),
    "too-many-findings": Code(
        "a rule set has too many findings",
        "It has more than 500.",
        "They are looked through together, and the exact answer would take too long.",
        "Divide the rule set.",
    ),
}

CONDITIONS = {
    "condition-shape": Code(
        "a condition is not written as conditions are",
        "A condition is a name, or a mapping of one key: a finding, `all`, `any` or `not`.",
        "Whether two conditions that stand side by side must both hold, or one of them, would have to be guessed.",
        "Join conditions with `all:` or `any:`, each with a list.",
    ),
    "condition-too-deep": Code(
        "a condition has too many levels",
        "`all`, `any` and `not` stand more than 40 deep in one another.",
        "Nobody can review it.",
        "Name parts of it as definitions.",
    ),
    "condition-too-wide": Code(
        "a condition has too many alternatives",
        "Written out, its `any` multiply to more than 2,000 ways in which it can hold.",
        "It cannot be shown to a reviewer, nor decided in time.",
        "Make a rule of each alternative.",
    ),
    "definition-cycle": Code(
        "a definition is defined by itself",
        "Its condition leads, perhaps through others, back to it.",
        "It means nothing.",
        "Cut the circle.",
    ),
    "definition-too-deep": Code(
        "definitions stand on too many others",
        "It leads through 40 definitions, one upon the other.",
        "Nobody can say what it means without reading them all.",
        "Write some of them out.",
    ),
    "negation-without-gate": Code(
        "a negation holds where there is nothing to deny",
        "`not` before a finding with `applies` is true also where it does not apply, such as a clot in a throat that was not seen.",
        "A patient who could not be examined would count as one in whom nothing was found.",
        "Write `{clot: no}`, which holds only where it was looked for, or put the `not` into one `all` with its gate.",
    ),
    "not-a-number": Code(
        "a limit is not a number",
        "Numbers are digits with an optional sign and fraction.",
        "Exponents, leading zeros and quotes are read differently by different tools.",
        "Write plain digits, such as `2` or `38.5`.",
    ),
    "off-resolution": Code(
        "a limit lies between two values that can be measured",
        "It is no multiple of the resolution of the finding.",
        "Nobody can enter a value at the limit, so no case can test it.",
        "Write one of the two neighbours that the remark names, or correct the resolution.",
    ),
    "out-of-range": Code(
        "a number lies outside the range of its finding",
        "A limit of a rule that no value reaches, or a value of a patient that is refused.",
        "A slip of the keys: 387 for 38.7. A rule with such a limit holds for everybody or nobody.",
        "Correct the number, or the range of the finding.",
    ),
    "unknown-operator": Code(
        "a number is compared by no known word",
        "`at_least`, `above`, `at_most` and `below` compare a number.",
        "Whether the limit itself belongs to it decides about the patient who lies on it.",
        "Write one of the four.",
    ),
}

OUTCOMES = {
    "empty-window": Code(
        "a window ends before it begins",
        "`not_before` lies after `not_after`.",
        "There is no day on which the patient could be seen.",
        "`not_before` is the first day, `not_after` the last.",
    ),
    "item-kind": Code(
        "an item is listed under the key of another kind",
        "An action, advice and follow-up are listed each under a key of its own.",
        "What must be done now would be read among the advice.",
        "List it under the key that the remark names.",
    ),
    "limit-order": Code(
        "a higher level allows a longer limit than a lower one",
        "`latest` of a level is later than that of the level below it.",
        "Whoever is more urgent would be allowed to wait longer; or one of the scales is written in the wrong order.",
        "Levels stand lowest first, limits earliest first.",
    ),
    "limit-too-long": Code(
        "nobody sees the patient as soon as the level demands",
        "No referral of the outcome is within the longest limit that its level allows.",
        "The patient would be called urgent, and be seen too late.",
        "Add a referral within the limit, or lower the urgency.",
    ),
    "no-otherwise": Code(
        "a pathway says nothing of patients whom no rule covers",
        "It has no `otherwise`.",
        "Such a patient would get no answer.",
        "Add `otherwise:`, at least with `discuss_same_day`.",
    ),
    "nobody-to-call": Code(
        "an urgent outcome names nobody to call",
        "The level demands a service, or a call at once, and no referral has it.",
        "Whoever reads it knows that something must happen, and not who does it.",
        "Add a referral with a service and a limit, or `contact: now`.",
    ),
    "otherwise-reassures": Code(
        "`otherwise` reassures",
        "It gives an item that says `reassures: yes`.",
        "`otherwise` is for patients of whom the rules know nothing; nobody can tell them that nothing is wrong.",
        "Delete the item there.",
    ),
    "otherwise-too-low": Code(
        "`otherwise` is not careful enough",
        "It gives less than `discuss_same_day`.",
        "`otherwise` is for patients of whom the rules know nothing; somebody must look at them today.",
        "Give at least `discuss_same_day`.",
    ),
}

SOURCES = {
    "gap-open": Code(
        "nothing resolves a gap",
        "No rule cites it, and it does not stand under `not_encoded`.",
        "What the agreed table leaves open would be left open by the rules too, without a word.",
        "Cite it in the rule that fills it, or give the reason under `not_encoded`.",
    ),
    "narrows-without-gap": Code(
        "a rule narrows a row, and nothing allows it",
        "It covers fewer patients than the agreed row names, and cites no gap.",
        "Patients would get less than was agreed, and no reviewer would read why.",
        "Add the gap that allows it to `sources`, or cover all patients of the row.",
    ),
    "no-source": Code(
        "a rule or a requirement does not say what it rests on",
        "It cites nothing, or nothing that suits its `basis`: a row for `source`, a published source for `evidence`.",
        "A reviewer could not compare it with anything.",
        "Cite it, or write `basis: interpretation` with the gap that it fills.",
    ),
    "not-citable": Code(
        "a rule or a requirement rests on what may not be cited",
        "All its sources say `cite: no`.",
        "They were read and found too weak to rest anything on alone.",
        "Rest it on another source.",
    ),
    "row-without-rule": Code(
        "no rule encodes a row of the agreed table",
        "No rule of a pathway cites the row.",
        "What was agreed for these patients would not be decided for them.",
        "Encode it.",
    ),
}

RULES = {
    "dead-rule": Code(
        "no patient can meet a rule",
        "Its parts exclude each other, or a constraint, a gate or `applies` excludes every patient whom it names.",
        "Its author meant somebody, and that patient goes without.",
        "Correct the condition, or delete the rule.",
    ),
    "for-nobody": Code(
        "a pathway is for nobody",
        "No patient meets its `applies`.",
        "It would be listed as not covering every patient who is asked about.",
        "Correct the condition.",
    ),
    "handover-cycle": Code(
        "a pathway hands over to itself",
        "Its handovers lead, perhaps through others, back to it.",
        "A handover adds the rules of another pathway; a circle adds nothing and hides which pathway answers.",
        "Cut the circle.",
    ),
    "no-patient": Code(
        "the constraints leave no patient",
        "No patient satisfies all of them together.",
        "Every presentation would be refused, and every claim about the rules would hold of nobody.",
        "Correct or delete one of them.",
    ),
}

GROUPS = (
    Group("Names", NAMES),
    Group("Findings and groups", FINDINGS),
    Group("Conditions and definitions", CONDITIONS),
    Group("Outcomes", OUTCOMES),
    Group("Sources", SOURCES),
    Group("What the rules can do", RULES),
)
