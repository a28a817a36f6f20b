"""The words of these pages, and those that the rule set brings: its levels, limits, services and facts of the place of care."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.reports.standing import level
from pathways.site.page import Page
from pathways.site.scale import heat
from pathways.site.volume import Volume

__all__ = ["WORDS", "pages"]

# One word for one idea, in rule files, code, command line and pages.
WORDS = (
    ("pathway", "the rules for one presenting complaint; one file"),
    ("rule set", "the pathways that share findings, services, items, a scale of urgency and a scale of limits"),
    ("finding", "a question about the patient: yes or no, a choice, or a number with its unit and range"),
    ("presentation", "what is known of one patient; what was not asked is not known, and never counts as no"),
    ("condition", "what must be so of a patient for a rule to hold; a definition is a condition with a name"),
    ("rule", "a condition and what it gives, with its basis and sources; every rule that holds counts"),
    ("outcome", "what a rule gives: urgency, whom to call and by when, actions now, advice, follow-up"),
    ("urgency", "the highest level that a rule which holds gives"),
    ("referral", "a service that is called or sent to, with a limit"),
    ("item", "one action, piece of advice or follow-up, written once for all rules"),
    ("decision", "what the rules say of one presentation, with reasons and what is still open"),
    ("case", "a patient made up by the authors, with the decision that they expect"),
    ("requirement", "what must be decided of some patients at least or at most, written apart from the rules"),
    ("property", "what must hold of the rules for every possible patient; it is proved, or a patient is shown for whom it fails"),
    ("change", "patients who are decided differently by two versions"),
    ("digest", "64 characters computed from everything that can change what is read; other content has another digest"),
    ("row", "a line of the agreed table"),
    ("gap", "something that the agreed table leaves open, with the reading of it that is encoded"),
    ("basis", "what a rule rests on: source (a row of the agreed table says so), evidence (published), interpretation (ours)"),
    ("to narrow", "of a rule: to be for fewer patients than its row names, or to rank a failed examination lower than what it hides"),
    ("red flag", "a danger sign that every pathway asks about first, and that holds whatever else is true"),
    ("handover", "a rule that adds the rules of another pathway; it never replaces any"),
    ("otherwise", "what a pathway gives where none of its rules holds"),
    ("coverage", "which rules, comparisons and limits the cases exercise"),
    ("mutant", "the rules with one slip of the pen, to see whether a case notices"),
    ("draft", "not approved: nobody, or not everybody who must, has signed these rules"),
)


def pages(volume: Volume) -> Iterator[Page]:
    """One page."""
    ruleset = volume.ruleset
    values = {
        "words": sorted(WORDS, key=lambda pair: pair[0].removeprefix("to ")),
        "levels": [(one, level(one), heat(one, ruleset)) for one in reversed(ruleset.urgency)],
        "facts": tuple(ruleset.site_facts.values()),
    }
    yield Page("glossary", "Glossary", "glossary", values)
