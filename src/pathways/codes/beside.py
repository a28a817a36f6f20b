"""Codes of `check`: what does not hold of the rules beside their cases, their requirements, each other and the place of care."""

from __future__ import annotations

from pathways.codes.entry import Code, Group

__all__ = ["GROUPS"]

GROUPS: tuple[Group, ...] = (
    Group(
        "What `check` refutes of requirements",
        {
            "below-required": Code(
                "the rules give less than is required",
                "`requirements.yaml` says that the patient shown gets at least a level, and the rules give less. "
                "The other place is the most urgent rule that holds.",
                "What is required was written from the evidence by somebody who had not read the rules. One of the two is wrong.",
                "Read the sources of the requirement, and correct the rules; or correct the requirement, and say by which source.",
            ),
            "above-required": Code(
                "the rules give more than is required",
                "`requirements.yaml` says that the patient shown is plainly benign and gets a level at most, and a rule gives more.",
                "Where everybody is urgent nobody is: alarms that are raised for everybody are no longer heard.",
                "Read the sources of the requirement, and narrow the rule; or correct the requirement, and say by which source.",
            ),
            "required-of-nobody": Code(
                "a requirement about nobody",
                "No possible patient whom the pathways are for meets the condition of the requirement.",
                "It holds of any rules, so that its tick says nothing.",
                "Correct its condition.",
            ),
        },
    ),
    Group(
        "What `check` refutes of examinations, limits and complaints",
        {
            "gate": Code(
                "what is asked before something else",
                "A note: the finding decides whether others can be known. Where it is an examination that may fail, or hides others, "
                "the least urgency of everybody in whom it failed stands beside that of what it hides, with a rule that `narrows` there.",
                "Whoever reviews the rules looks here first: what could not be seen is easily taken for absent.",
                "Read both urgencies, and whether you agree with a rule that gives less.",
            ),
            "gate-less-urgent": Code(
                "an examination that failed is less urgent than what it hides",
                "The patient shown could not be examined, and gets less than everybody gets in whom the examination shows the worst.",
                "Not seen is taken for not there.",
                "Let a rule give as much where it failed, or let the rule that gives less say what it `narrows:`, with a gap.",
            ),
            "bands-overlap": Code(
                "two rows of a table hold for one value",
                "The bands of the two rows overlap for the values named.",
                "Two limits count there, and only the lower one matters, which somebody did not mean.",
                "Let each row begin where the one before ends.",
            ),
            "band-missing": Code(
                "no row of a table holds for a value",
                "The values named are in the range of the number, and in the band of no row.",
                "Nobody of that age, or with that value, meets the definition, however ill.",
                "Add a row. Where nobody is meant there, write the definition with `when:`, which says so.",
            ),
            "limit-without-case": Code(
                "no case stands at a limit",
                "A rule compares the number with a limit, and no case of the pathway has it a step below, at the limit, or a step above.",
                "A limit on the wrong side, `at_least` for `above`, is found by a case that stands there and by nothing else.",
                "Add a case with each value that is named.",
            ),
            "otherwise-without-case": Code(
                "no case names patients of whom only `otherwise` speaks",
                "No rule but `otherwise` holds for the patient shown, and no case with the same things present expects `otherwise`.",
                "Nobody has looked at these patients and said that a call on the same day is right for them.",
                "Write a rule for them; or keep a case that names them and expects `rules: [otherwise]`.",
            ),
            "excluded": Code(
                "whom a constraint excludes",
                "A note: the simplest patient who meets every other constraint and breaks this one.",
                "A constraint that is too tight declares a real patient impossible, and nothing is decided for them.",
                "Read whether such a patient can come. If so, correct the constraint.",
            ),
            "narrows": Code(
                "a rule for fewer patients than its row names",
                "A note: the rule says that it `narrows` a row of the agreed table, or the reading of a gap, and cites the gap.",
                "Whoever it leaves out gets less than the table says.",
                "Review these rules first.",
            ),
            "complaints-contradict": Code(
                "two complaints of one patient contradict each other",
                "Asked together, two pathways give the patient shown two items that exclude each other; neither of them does so alone.",
                "A clinician who ticks both complaints reads that something is to be done and not to be done.",
                "Narrow one of the two rules, or let one pathway hand over to the other.",
            ),
            "rule-for-others": Code(
                "a rule for patients whom its pathway is not for",
                "Somebody meets the condition of the rule, and nobody of those whom the pathway `applies` to.",
                "The rule looks as if it protected somebody, and never speaks.",
                "Correct `applies:` or the rule, or move the rule to the pathway of these patients.",
            ),
        },
    ),
)
