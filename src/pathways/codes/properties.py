"""Codes of `check`: what does not hold of the rules for every possible patient."""

from __future__ import annotations

from pathways.codes.entry import Code, Group

__all__ = ["GROUPS"]

GROUPS: tuple[Group, ...] = (
    Group(
        "What `check` refutes",
        {
            "code-twice": Code(
                "a code stands for two findings",
                "Two findings have the same code of a terminology, each with `match: exact`.",
                "Who imports the code answers one of them, or both, and nobody knows which was meant.",
                "Keep it where it is exact; write `near`, `broader` or `narrower` for the other.",
            ),
            "evaluation-size": Code(
                "how much is read to decide a patient",
                "The comparisons, `all`, `any` and `not` of the conditions that are asked, definitions written out. This is a note.",
                "It bounds the time of a decision, whoever the patient is.",
                "There is nothing to cure; a number that grows fast says that definitions stand on each other.",
            ),
            "excluded-together": Code(
                "two items exclude each other and are given together",
                "The catalogue says of one of the items that it excludes the other, and the patient shown is given both.",
                "The clinician picks one of them, perhaps the milder.",
                "Leave the patients of one rule out of the other, or leave out one of the items.",
            ),
            "gap": Code(
                "some patients get no answer",
                "No rule of the pathway holds for the patient shown, and the pathway has no `otherwise`.",
                "Silence is read as reassurance.",
                "Write a rule for these patients, or add `otherwise`, which sends them to somebody on the same day.",
            ),
            "idle-comparison": Code(
                "a comparison changes nothing",
                "No two patients differ in this alone and in whether the condition holds, and without it nobody would get anything else.",
                "What a reader takes for a condition is none; the condition that was meant may be missing.",
                "Delete it, or correct it or what stands beside it.",
            ),
            "idle-constraint": Code(
                "a constraint excludes nobody",
                "Every patient whom the other constraints leave meets this one too.",
                "Somebody relies on an implication that is not needed, or that does not say what was meant.",
                "Correct the constraint, or delete it.",
            ),
            "idle-rule": Code(
                "without the rule everybody would get the same",
                "Whomever the rule holds of, other rules give the same level, referrals, limits, calls and items.",
                "Somebody will change it and believe that it matters.",
                "Delete it, or correct what it gives or whom it is for.",
            ),
            "idle-question": Code(
                "a question is asked for nothing",
                "No two patients who differ in the answer, and in what hangs on it, are decided otherwise by the pathway that asks it.",
                "Every question takes time from somebody who waits.",
                "Let a rule depend on the answer, or delete the comparisons with it.",
            ),
            "look-alike": Code(
                "two names or wordings look alike",
                "A reader takes one for the other: they are the same, or differ in case, in width, or in letters such as l, 1 and I.",
                "Somebody answers, edits or signs the wrong one.",
                "Word one of them otherwise.",
            ),
            "only-otherwise": Code(
                "only `otherwise` speaks of some patients",
                "No rule of the pathway but `otherwise` holds for the patient shown, nor for those with more present whom no rule covers. "
                "A note: nothing is wrong with it.",
                "Whoever lands there was not thought of by anybody who wrote a rule.",
                "Look at the patient, and write a rule if one is due; else keep a case that expects `otherwise`.",
            ),
            "other-number": Code(
                "a text says a telephone number that no service has",
                "The number stands in an item, and in the name of no service. This is a note.",
                "Numbers change, and those of another hospital reach nobody.",
                "Leave numbers to the place of care; or name the number in `quotes` if the text must say it.",
            ),
            "other-time": Code(
                "a text says a time that the rules do not say",
                "Neither a rule that gives the item says it, nor a row or gap that they rest on. This is a note.",
                "Who reads the text and who reads the limit do different things.",
                "Correct the text or the rule; or name the time in `quotes` if it is the word of a source and no limit of ours.",
            ),
            "reassured-and-called": Code(
                "somebody is reassured and phoned about",
                "The patient shown is given an item that reassures, and a service is phoned now.",
                "Whoever reads the one does not do the other.",
                "Leave the patients of one rule out of the other, or let the call wait.",
            ),
            "reassured-and-urgent": Code(
                "an urgent patient is reassured",
                "The patient shown is given an item that reassures by a rule of a level at which somebody is phoned at once.",
                "Reassurance is what is remembered.",
                "Leave the item out of the rule, or do not mark it as reassuring.",
            ),
            "red-flag-does-not-hold": Code(
                "a red flag asks for something else besides",
                "Somebody has the danger that a shared red flag reads, and is less urgent than the flag says.",
                "A red flag counts whatever else is true.",
                "Let the flag ask for the danger alone; what is urgent only with something else is a rule of the pathways.",
            ),
            "reassured-with-flag": Code(
                "somebody is reassured although a red flag holds",
                "The patient shown has a shared red flag, and still an item that reassures: the flag is no more urgent than its rule.",
                "Such an item is then given before anybody has asked for the flag.",
                "Let the flag be more urgent than every rule that reassures, or let the item not reassure.",
            ),
            "service-not-called": Code(
                "a text names somebody to whom the patient is not referred",
                "The patient shown gets the item, and no referral to the service that it names. This is a note.",
                "The text sends the clinician to somebody who is not told to expect the patient.",
                "Add the referral, correct the text, or name the service in `quotes` if the call depends on something else.",
            ),
            "worse-less-urgent": Code(
                "who gets worse is less urgent",
                "A second patient, whose answers are the same or worse, is decided less urgently than the patient shown.",
                "The sickest would be the ones who wait.",
                "Let the rule hold of the worse patient too, or add one that is as urgent; correct `worse:` if the answer is not worse.",
            ),
            "worse-loses-service": Code(
                "who gets worse loses a service",
                "A second patient, as ill or worse, is not referred to a service that the patient shown gets and some rule phones now.",
                "A call that was right is taken away by a sign that makes it more pressing.",
                "Let the rule hold of the worse patient too, or let another rule that holds of them name the service.",
            ),
        },
    ),
)
