"""Codes about the folder, the text of its files, and what stands under a key."""

from __future__ import annotations

from pathways.codes.entry import Code, Group

__all__ = ["GROUPS"]

FOLDER = {
    "cannot-read": Code(
        "a file or the folder cannot be read",
        "The file is not there, may not be read, or is no regular file; or no rule file is in the folder at all.",
        "`ruleset.yaml`, `findings.yaml`, `items.yaml` and `sources.yaml` belong to every rule set; without one of them nothing is loaded.",
        "Write the file that is missing, or let it be read; `pathways new PATHWAY FOLDER` begins a rule set.",
    ),
    "file-name": Code(
        "a file is called otherwise than what it holds",
        "A pathway stands in the file of its own name: `nose` in `nose.yaml`, its cases in `nose.cases.yaml`.",
        "Cases, remarks and reviewers find a pathway by the name of its file.",
        "Rename the file, or correct `pathway:`.",
    ),
    "no-folder": Code(
        "there is no such folder",
        "The path that was named leads to no folder.",
        "There are no rules to load, and none are taken instead.",
        "Name the folder that holds `ruleset.yaml`.",
    ),
    "no-pathways": Code(
        "a rule set has no pathway",
        "The shared files are there, and no pathway is beside them.",
        "Such a rule set decides nothing for anybody.",
        "Write a pathway as `NAME.yaml`; its `pathway:` is `NAME`.",
    ),
    "not-read": Code(
        "a file looks like a rule file and is not read",
        "Its name ends in `.yml`, or in capital letters.",
        "Somebody may believe that its rules count.",
        "Let its name end in `.yaml`, or delete it.",
    ),
    "outside": Code(
        "what is called like a file is no file of the folder",
        "It is a folder, or a link that leads out of the rule folder or nowhere.",
        "What a reviewer reads in the folder is all that may be decided upon.",
        "Copy the file into the folder, or rename what is no rule file.",
    ),
    "past-review": Code(
        "a review is overdue",
        "The day of `review_by` is over.",
        "Guidelines and services change; nobody has said since that the rules still hold.",
        "Review the file, and set the next day.",
    ),
}

TEXT = {
    "alias": Code(
        "an alias repeats another place",
        "`*name` stands for what `&name` marks elsewhere in the file.",
        "Whoever reviews a rule must find in it what it says; and a few aliases can unfold to more than a machine holds.",
        "Write the value out, or name a condition as a definition.",
    ),
    "anchor": Code(
        "an anchor marks a place",
        "`&name` marks a value so that it can be repeated elsewhere.",
        "Whoever reviews a rule must find in it what it says.",
        "Delete the anchor; write the value out where it is needed, or name a condition as a definition.",
    ),
    "duplicate-key": Code(
        "a key stands twice",
        "One mapping has the same key two times. JSON with such a key is refused as well.",
        "Most readers of YAML and JSON keep the last of the two without a word, and the first may be the one that was meant.",
        "Delete one of the two.",
    ),
    "empty": Code(
        "a file holds nothing",
        "There is nothing in it but comments or blank lines.",
        "Something was probably lost when it was saved.",
        "Write what belongs into it, or delete it. A file of cases without cases holds `[]`.",
    ),
    "empty-value": Code(
        "a key has no value",
        "Nothing stands after the `:`.",
        "YAML would make it null, which is neither a text nor no.",
        "Write the value, or delete the key.",
    ),
    "hidden-character": Code(
        "a character cannot be seen for what it is",
        "It is invisible, turns the direction of the text, is an odd space, or is a foreign letter that looks like a Latin one.",
        "Two names that look alike would be two, and a reviewer could not tell what the file says.",
        "Delete it, or type it again.",
    ),
    "key-not-text": Code(
        "a key is no text",
        "A list, a mapping or nothing stands where a key should.",
        "Every key is a name, and a name is a text.",
        "Write the key before the `:`, in quotes if it begins with `[` or `{`.",
    ),
    "merge-key": Code(
        "`<<` would merge another mapping",
        "`<<` takes the keys of another mapping over.",
        "Whoever reviews a rule must find in it what it says.",
        "Write the keys out.",
    ),
    "not-utf-8": Code(
        "a file is not UTF-8",
        "A byte of it belongs to no UTF-8 character.",
        "Its letters would be guessed, and shown otherwise elsewhere.",
        "Save the file as UTF-8.",
    ),
    "several-documents": Code(
        "a file holds more than one document",
        "`---` begins a second one.",
        "Only the first would be read.",
        "Delete `---`, or make two files.",
    ),
    "syntax": Code(
        "a file is not YAML, or a text not JSON",
        "The parser cannot go on from this place.",
        "What it means would have to be guessed.",
        "Look at the place that is named and at the line above it: quotes, brackets, indentation, the space after a `:`.",
    ),
    "tag": Code(
        "a tag asks for a type",
        "`!!str` or `!name` says how a value is to be read.",
        "The field says how its values are read. A tag can also ask for objects of a program.",
        "Delete the tag; a value that begins with `!` stands in quotes.",
    ),
    "too-deep": Code(
        "lists and mappings lie too deep in one another",
        "A file may have 64 levels, the JSON of a patient 32.",
        "Nobody can follow it, and a reader can be brought down by it.",
        "Name parts of a condition as definitions.",
    ),
    "too-large": Code(
        "a file or a text is too large",
        "A file, and the JSON of a patient, may have 1,000,000 bytes.",
        "What is larger is no rule file and no patient, and reading it holds everybody else up.",
        "Split it.",
    ),
    "too-long": Code(
        "one text or number is too long",
        "A text of a rule file may have 20,000 characters, a number of a patient as many as are ever measured.",
        "Nobody reads it at the bedside.",
        "Shorten it.",
    ),
    "too-many": Code(
        "there are more parts, or more mistakes, than anybody reads",
        "A file has more than 200,000 parts, or one file or patient more than 200 mistakes.",
        "What is beyond that is not told one by one.",
        "Split the file; or correct the mistakes that are told, and see what remains.",
    ),
    "treacherous": Code(
        "a value reads differently in different tools",
        "`on`, `off`, `true`, `null` and `~` are words to some readers of YAML and values to others; `#` after a blank begins a comment.",
        "An editor, a reviewer and the rules would not read the same.",
        "Write `yes` or `no`, put a text in quotes, or delete the key.",
    ),
}

KEYS = {
    "ill-formed": Code(
        "a text has not the form that is asked for",
        "Ids, versions, days, grades and codes are written in one way each.",
        "They are compared and sorted as they are written.",
        "Write it as the remark says.",
    ),
    "missing-key": Code(
        "a key is missing",
        "Something that must be said is not said.",
        "No value is ever assumed for it.",
        "Add the key; the page of every key says which are optional.",
    ),
    "unknown-key": Code(
        "a key does not belong here",
        "It is misspelt, or belongs elsewhere.",
        "What is ignored may be what mattered most.",
        "Correct its spelling or its indentation; the remark lists the keys that may stand there.",
    ),
    "unknown-value": Code(
        "a value is none of those that are possible",
        "The key takes a few words only, or the choice has other values.",
        "The nearest word is proposed, never taken.",
        "Write one of the words that the remark lists, or declare the value.",
    ),
    "wrong-kind": Code(
        "a value is of another kind",
        "A number stands where yes or no is asked for, a condition treats a number as a sign, or an answer does not suit its finding.",
        "Nothing is converted: what looks like a number may be a word, and the reverse.",
        "Write a value of the kind that the remark names.",
    ),
    "wrong-shape": Code(
        "a list, a mapping or a text stands where another is expected",
        "The key takes one shape, and another was written. A rule with both `then` and `handover`, or a definition with both `when` and "
        "`table`, is told in the same way.",
        "Which of the parts was meant would have to be guessed.",
        "Write it in the shape that the remark names.",
    ),
}

GROUPS = (Group("The folder", FOLDER), Group("The text of a file", TEXT), Group("Keys and values", KEYS))
