"""Codes about what stands beside the rules: cases, requirements, places of care, a patient's answers, records."""

from __future__ import annotations

from pathways.codes.entry import Code, Group

__all__ = ["GROUPS"]

CASES = {
    "case-asserts-little": Code(
        "a case expects too little",
        "A case expects an urgency and its services, or `refused`, or `status: not_covered`.",
        "A case that says less passes whatever the rules decide.",
        "Add `urgency:`, or `lowest:` and `highest:`; add `services:`, with `[]` where nobody is called.",
    ),
    "case-twice": Code(
        "two cases have one name",
        "`case:` is the same text twice in one file.",
        "When one of them fails, nobody can tell which.",
        "Rename one of them.",
    ),
    "no-cases": Code(
        "a pathway has no case",
        "No file of cases stands beside it, or that file is empty.",
        "Nothing shows that it decides as its author means.",
        "Write `NAME.cases.yaml` beside it.",
    ),
    "no-pathway": Code(
        "cases, a requirement or a question name no pathway",
        "A file of cases is called after a pathway that is not there; or a requirement or a decision was asked for without a pathway.",
        "The cases would never be run, and nothing would be decided.",
        "Name the file after the pathway that it tests; name at least one pathway.",
    ),
    "unknown-reason": Code(
        "a reason for not knowing is none of the three",
        "What is not known is `not-asked`, `asked-unknown` or `unable-to-assess`.",
        "The reason decides what is asked next, and goes into the record.",
        "Write one of the three. In a case it is written `{unknown: unable-to-assess}`.",
    ),
}

REQUIREMENTS = {
    "claims-nothing": Code(
        "a requirement asks for nothing",
        "Nobody is decided below the lowest level, and nobody above the highest.",
        "It holds of any rules, and looks like a claim that somebody proved.",
        "Name the level that must hold.",
    ),
    "requirement-twice": Code(
        "two requirements have one name",
        "The name stands under `never_below` and under `never_above`.",
        "When one of them fails, nobody can tell which.",
        "Rename one of them.",
    ),
}

SITES = {
    "not-a-site": Code(
        "what was given is no place of care",
        "A program gave something else than a `Site`.",
        "Whom to call depends on the place, and a place is never guessed.",
        'Give `pathways.Site("here", {fact: value})`, or load a site file.',
    ),
    "site-incomplete": Code(
        "a place of care does not state every fact",
        "A fact that the rule set asks for is left out.",
        "What is left out would be guessed, and a patient sent where nobody is.",
        "State every fact of `site_facts`.",
    ),
    "wrong-id": Code(
        "a place of care cannot have this name",
        "The name is no id, or is `unconfigured`, which stands for no place at all.",
        "Every decision names the place that it was made for.",
        "Choose another id: lower-case letters, digits and underscores, beginning with a letter.",
    ),
}

ANSWERS = {
    "contradiction": Code(
        "no patient can be as given",
        "The answers break a constraint of the rule set; the remark names the fewest that do.",
        "One of them is wrong, and which one decides how urgent it is. Nothing was decided.",
        "Correct one of them; until then treat the patient as if the more serious were true.",
    ),
    "given-twice": Code(
        "one answer is given twice",
        "`--given` names a finding two times, or says otherwise than the file.",
        "Only one of the two can be so.",
        "Give it once.",
    ),
    "not-a-presentation": Code(
        "what was given are no answers of a patient",
        "A program gave something else than a mapping from findings to answers.",
        "Nothing is known of a patient by it.",
        'Give a mapping such as `{"age_years": 7, "fever": False}`; JSON text is read by `read_json`.',
    ),
    "not-an-object": Code(
        "the JSON of a patient is no object",
        "The text is JSON, and holds a list, a number or a text.",
        "Which finding an answer belongs to is said by its key.",
        'Write an object such as `{"age_years": 7, "fever": "no"}`.',
    ),
    "not-text": Code(
        "what was given as JSON is no text",
        "A program gave a value of Python where the text of JSON is read.",
        "Values and texts are read by different rules: `no` is a word in one and not in the other.",
        "Give the text; values of Python go to `decide`.",
    ),
    "pathway-twice": Code(
        "a pathway is asked twice",
        "The list of pathways names one two times.",
        "Their order is that of the record, and a record names each once.",
        "Name each once.",
    ),
}

RECORDS = {
    "not-a-record": Code(
        "what is to be replayed is no record",
        "It lacks a part that every decision writes.",
        "Without it the decision cannot be made again.",
        "Give the JSON that a decision wrote, whole.",
    ),
    "other-format": Code(
        "a record has another format",
        "It was written by an engine that writes records otherwise.",
        "What its keys mean would have to be guessed.",
        "Replay it with the engine that it names.",
    ),
    "other-rules": Code(
        "answers or a record belong to other rules",
        "They were read, or decided, with another rule set than this one.",
        "The same finding can be asked otherwise there, and its limits lie elsewhere.",
        "Read the answers again for this rule set; load the rules that the record names.",
    ),
}

GROUPS = (
    Group("Cases", CASES),
    Group("Requirements", REQUIREMENTS),
    Group("Places of care", SITES),
    Group("A patient's answers", ANSWERS),
    Group("Records", RECORDS),
)
