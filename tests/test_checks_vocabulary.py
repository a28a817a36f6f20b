"""P8, P14 and P18: names that cannot be taken for each other, decisions that end, rules that are traced."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest

import small
from pathways import consistency, plain
from pathways.checks import PROPERTIES, Verdict, check, open_book
from pathways.checks.evaluation_size import visits
from pathways.checks.vocabulary import skeleton
from pathways.loader import read
from pathways.shipped import folder

TODAY = date(2026, 11, 25)


def said(rules: Path, only: str) -> list[str]:
    """What is said of the property, each remark in a line."""
    return [
        f"{remark.place.file.removeprefix('rules/')}: {remark.severity}: {remark.message}"
        for remark in check(rules, [only], today=TODAY).remarks
    ]


LOOKS = {
    "two findings": ([("findings.yaml", "has a clot", "is hot")], "findings.yaml: error: the wordings of `fever` and `clot` are the same: is hot"),
    "but for the case": ([("findings.yaml", "has a clot", "Is HOT")], "findings.yaml: error: the wordings of `fever` and `clot` look alike: is hot / Is HOT"),
    "but for a letter": ([("items.yaml", "Ask ENT.", "Go horne.")], "items.yaml: error: the texts of `home` and `ask` look alike: Go home. / Go horne."),
    "but for the width": ([("items.yaml", "Ask ENT.", "Go\u2009\uff48ome.")], "items.yaml: error: the texts of `home` and `ask` look alike: Go home. / Go\u2009\uff48ome."),
    "two values": ([("findings.yaml", "aspirin: aspirin", "warfar1n: aspirin"), ("findings.yaml", "warfarin: warfarin, ", "warfarln: warfarin, "), ("nose.yaml", "{tablets: warfarin}", "{tablets: warfarln}")], "findings.yaml: error: of `tablets` the values `warfarln` and `warfar1n` look alike: warfarln / warfar1n"),
    "two labels": ([("findings.yaml", "aspirin: aspirin", "aspirin: warfarin")], "findings.yaml: error: of `tablets` the labels of `warfarin` and `aspirin` are the same: warfarin"),
    "two levels": ([("ruleset.yaml", "label: at once", "label: today")], "ruleset.yaml: error: the labels of `urgent` and `immediate` are the same: today"),
    "a rule and a red flag": ([("nose.yaml", "title: clot", "title: choking")], "nose.yaml: error: in `nose` the titles of `choking` and `clot` are the same: choking"),
}  # fmt: skip


@pytest.mark.parametrize("name", LOOKS)
def test_what_looks_alike_is_named(tmp_path: Path, name: str) -> None:
    edits, wanted = LOOKS[name]

    assert said(small.write(tmp_path, *edits), "P8") == [wanted]


@pytest.mark.parametrize(
    ("one", "other"), [("ill", "i11"), ("modern", "modem"), ("O2", "02"), ("hæmatoma", "haematoma"), ("p", "\N{CYRILLIC SMALL LETTER ER}")]
)
def test_letters_that_look_alike_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(("one", "other"), [("left", "right"), ("2 h", "3 h"), ("above 38", "above 39"), ("a-b", "a b")])
def test_letters_that_do_not_have_different_skeletons(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


CODED = 'codes: [{system: snomed, code: "249366005", match: %s, verified_by: [nobody]}], '
TWO = [
    ("findings.yaml", "means: blood runs, ", "means: blood runs, " + CODED % "exact"),
    ("findings.yaml", "means: feels hot, ", "means: feels hot, " + CODED),
]


def test_one_code_is_one_finding(tmp_path: Path) -> None:
    exact = [TWO[0], (TWO[1][0], TWO[1][1], TWO[1][2] % "exact")]

    assert said(small.write(tmp_path, *exact), "P8") == [
        "findings.yaml: error: snomed 249366005 is exactly `fever`, and exactly `bleeding`"
    ]


def test_a_code_may_be_near_to_several_findings(tmp_path: Path) -> None:
    assert said(small.write(tmp_path, TWO[0], (TWO[1][0], TWO[1][1], TWO[1][2] % "broader")), "P8") == []


LOADED = {
    "P8": [
        (("nose.yaml", "  well: {", "  # well: {"), "items.yaml: warning: no rule gives the item `home`"),
        (("findings.yaml", "groups: {", "  more: {ask: anything else, means: of note, worse: neither, group: more}\ngroups: {more: and, "), "findings.yaml: warning: no rule reads `more`"),
    ],
    "P18": [(("sources.yaml", "rows: {", "rows: {row-2: {findings: fever, advice: nothing}, "), "sources.yaml: warning: no rule encodes the row `row-2`")],
}  # fmt: skip


@pytest.mark.parametrize(("only", "edit", "wanted"), [(only, *one) for only, listed in LOADED.items() for one in listed])
def test_what_the_loader_warns_of_refutes_the_property(tmp_path: Path, only: str, edit: small.Edit, wanted: str) -> None:
    rules = small.write(tmp_path, edit)

    assert wanted in said(rules, only)
    assert check(rules, [only]).verdict(only) is Verdict.REFUTED


@pytest.mark.parametrize("only", ["P8", "P14", "P18"])
def test_what_the_loader_refuses_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, only: str) -> None:
    """Were the loader to let one of them pass, the property would not be proved."""
    edits = {
        "P8": ("findings.yaml", "worse: no, group: checks", "worse: no, group: signs"),
        "P14": ("findings.yaml", "worse: yes, group: signs, applies: examined", "worse: yes, group: signs, applies: clot"),
        "P18": ("nose.yaml", "basis: source\n    sources: [row-1]", "basis: source\n    sources: [G1]"),
    }
    rules = small.write(tmp_path, edits[only])
    monkeypatch.setattr(consistency, "remarks", lambda authored, complete: iter(()))
    book = SimpleNamespace(authored=read(rules))
    [one] = [found for found in PROPERTIES if found.id == only]

    assert [remark.code for remark in one.checks[0](book)]


def test_a_review_that_is_overdue_is_a_note_and_refutes_nothing(tmp_path: Path) -> None:
    rules = small.write(tmp_path, ("nose.yaml", "review_by: 2027-01-01", "review_by: 2020-01-01"))

    assert said(rules, "P18") == ["nose.yaml: note: the review was due on 2020-01-01"]
    assert check(rules, ["P18"]).verdict("P18") is Verdict.PROVED


def test_no_patient_takes_more_reading_than_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    book, random = open_book(folder()), Random(1)
    domains = {name: [answer for _, answer in book.answers.cells(name)] for name in book.answers.shapes}
    read, reads = plain.holds, 0

    def counted(tree: object, patient: object) -> bool:
        nonlocal reads
        reads += 1
        return read(tree, patient)

    monkeypatch.setattr(plain, "holds", counted)
    for pathway in book.pathways:
        most = 0
        for _ in range(20):
            reads = 0
            plain.outcome(book.content, [pathway], {name: random.choice(answers) for name, answers in domains.items()})
            most = max(most, reads)
        assert 0 < most <= visits(book.content, [pathway])


def test_of_one_condition_everything_is_read_where_nothing_ends_it_early(tmp_path: Path) -> None:
    small.ruleset(tmp_path, {"a": {}, "b": {}}, {"r": ({"all": ["a", {"not": "b"}]}, "urgent")})
    content = open_book(tmp_path / "rules").content

    assert visits(content, ["p"]) == 4  # all, a, not, b
    assert Decimal(plain.outcome(content, ["p"], {"a": True, "b": False}).rank) == 3
