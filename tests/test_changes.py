"""`diff`: who is decided differently by two versions, the worst first, each with a patient whom both versions decide as is said."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings

import small
from pairs import pairs
from pathways.changes import Incomparable, diff
from pathways.content import Content
from pathways.edits import edits
from pathways.regions import Direction
from pathways.reports.changes import FORMATS
from pathways.versions import Version, read_version

CLOT = "clot: {title: clot, when: clot, then: {urgency: urgent, referrals: [{service: ent, contact: now, within: PT1H}]}"


def changed(folder: Path, *changes: small.Edit, **texts: str):
    """What `diff` says of the tiny rule folder and a variant of it."""
    (folder / "one").mkdir()
    (folder / "two").mkdir()
    old, new = small.write(folder / "one"), small.write(folder / "two", *changes, **texts)
    return diff(read_version(str(old)), read_version(str(new)))


def text(found) -> str:
    return "\n".join(FORMATS["text"](found))


def test_equal_rules_are_proved_equal(tmp_path):
    found = changed(tmp_path)
    assert found.empty
    assert not found.fails(["any"])
    assert text(found).splitlines()[-2:] == ["", "no change: proved equal for every possible patient, and word for word"]


def test_rule_that_is_less_urgent_is_shown_with_a_patient_and_the_rule(tmp_path):
    found = changed(tmp_path, ("nose.yaml", CLOT, CLOT.replace("urgency: urgent", "urgency: discuss_same_day").replace("PT1H", "PT4H")))
    [change, call] = found.changes
    assert found.fails(["less-urgent"])
    assert not found.fails(["more-urgent"])
    assert [(one.what, one.before, one.after) for one in change.differences] == [
        ("urgency", "urgent", "discuss_same_day"),
        ("referral", "within 1 hour, phoned now", "within 4 hours, phoned now"),
    ]
    assert [(one.what, one.before, one.after) for one in call.differences] == [
        ("referral", "within 1 hour, phoned now", "within 4 hours, phoned now")
    ]
    assert [[term.text for term in pattern.terms] for pattern in change.condition.found] == [["has a clot"]]
    assert change.example == "has a clot; all else absent"
    assert (change.before.decided, change.after.decided) == (
        "urgent; phone ENT now, within 1 hour",
        "discuss_same_day; phone ENT now, within 4 hours",
    )
    assert [(one.rule, one.state, str(one.place)) for one in change.before.responsible] == [
        ("clot", "gives something else", "rules/nose.yaml:7:3")
    ]


def test_report_fits_a_terminal_and_says_who_and_why(tmp_path):
    found = changed(tmp_path, ("nose.yaml", CLOT, CLOT.replace("urgency: urgent", "urgency: discuss_same_day")))
    said = text(found)
    assert all(len(row) <= 80 for row in said.partition("\n\n")[2].splitlines())
    assert said.partition("\n\n")[2] == (
        """\
LESS URGENT, A SERVICE OR A CALL LOST, OR A LONGER LIMIT

1. nose
  - urgency: urgent → discuss_same_day
  who:     has a clot - unless other findings decide
  patient: has a clot; all else absent
  old:     urgent; phone ENT now, within 1 hour
           nose.clot (clot) gives something else, rules/nose.yaml:7:3
  new:     discuss_same_day; phone ENT now, within 1 hour
           nose.clot (clot) gives something else, rules/nose.yaml:7:3

EDITED RULES
  - pathways.nose.rules.clot.then

1 region worse: proved to be everybody who is decided differently"""
    )


def test_worse_comes_before_better_before_advice_before_wording(tmp_path):
    found = changed(
        tmp_path,
        ("nose.yaml", CLOT, CLOT.replace("PT1H", "PT4H")),
        ("nose.yaml", "well: {title: well, when: {all: [{bleeding: no}, {fever: no}]}, then: {urgency: none, advice: [home]}", "well: {title: good, when: {all: [{bleeding: no}, {fever: no}]}, then: {urgency: discuss_same_day, referrals: [{service: ent, within: PT4H}], advice: [ask]}"),
        ("items.yaml", "Ask ENT.", "Ask the ENT doctor."),
    )  # fmt: skip
    assert [change.direction for change in found.changes] == sorted(change.direction for change in found.changes)
    assert {Direction.WORSE, Direction.MORE} <= {change.direction for change in found.changes}
    headings = [row for row in text(found).splitlines() if row.isupper()]
    assert headings[0].startswith("LESS URGENT")
    assert headings[-1] == "WORDING ONLY"
    assert "    new: Ask the ENT doctor." in text(found).splitlines()


def test_wording_is_no_change_of_a_decision(tmp_path):
    found = changed(tmp_path, ("items.yaml", "Ask ENT.", "Ask the ENT doctor."))
    assert not found.changes
    assert (found.fails(["any"]), found.fails(["less-urgent", "more-urgent"])) == (True, False)
    assert text(found).endswith("nobody is decided differently: proved for every possible patient of 1 pathway")


def test_condition_that_is_written_otherwise_decides_nobody_differently(tmp_path):
    found = changed(tmp_path, ("nose.yaml", "when: {all: [{bleeding: no}, {fever: no}]}", "when: {not: {any: [bleeding, fever]}}"))
    assert not found.changes
    assert [edit.path for edit in found.edits] == ["pathways.nose.rules.well.when"]


HOT = "hot_is_fever: {if: {temperature: {at_least: 38}}, then: fever, means: 38 or more is fever}"
HOT_CHOKES = "hot_chokes: {if: {temperature: {at_least: 38}}, then: choking, means: 38 or more is a sign of choking}"


def test_patients_who_become_possible_are_less_urgent_since_what_was_certain_may_be_so_no_more(tmp_path):
    """At 38 °C, choking not asked, everybody was immediate; without the constraint somebody is not."""
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    old = read_version(str(small.write(tmp_path / "one", ("ruleset.yaml", HOT, f"{HOT}\n  {HOT_CHOKES}"))))
    new = read_version(str(small.write(tmp_path / "two")))
    hot = {"temperature": 38, "fever": True, "bleeding": False, "examined": False}
    assert [str(one.ruleset.decide(hot, "nose").urgency.lowest) for one in (old, new)] == ["immediate", "discuss_same_day"]

    found = diff(old, new)
    [one] = found.apart
    assert (found.changes, found.loosened, found.refused, found.worse) == ((), (one,), (), True)
    assert [found.fails([on]) for on in ("less-urgent", "more-urgent", "any")] == [True, False, True]
    assert (one.constraint, one.state, one.pathway, one.why) == ("hot_chokes", "gone", "nose", ("38 or more is a sign of choking",))
    assert (one.example, one.decided) == ("no: chokes; is hot; temperature 38 °C; all else absent", "discuss_same_day; ENT within 4 hours")
    first = text(found).split("\n\n")[1:3]
    assert first[0] == "WHAT WAS CERTAIN MAY BE SO NO MORE: THESE PATIENTS ARE POSSIBLE NOW"
    assert first[1].startswith("the constraint `hot_chokes` is gone: 38 or more is a sign of choking\n")
    assert text(found).endswith("no region: proved to be everybody who is decided differently; 1 group possible\nnow")


def test_patients_who_are_refused_now_are_shown_by_the_most_urgent_and_are_no_less_urgent(tmp_path):
    found = changed(tmp_path, ("ruleset.yaml", HOT, f"{HOT}\n  {HOT_CHOKES}"))
    [one] = found.apart
    assert (found.refused, one.constraint, one.state, found.worse) == ((one,), "hot_chokes", "new", False)
    assert [found.fails([on]) for on in ("less-urgent", "more-urgent", "any")] == [False, False, True]
    assert one.decided == "urgent; phone ENT now, within 4 hours"
    assert "bleeds" in one.example
    assert "REFUSED NOW: THESE PATIENTS WERE POSSIBLE" in text(found).splitlines()


def test_every_constraint_that_is_loosened_is_named_with_a_patient_of_its_own(tmp_path):
    two = f"{HOT}\n  {HOT_CHOKES}"
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    old = small.write(tmp_path / "one", ("ruleset.yaml", HOT, two))
    new = small.write(
        tmp_path / "two",
        ("ruleset.yaml", HOT, f"{HOT.replace('38}', '39}')}"),
        ("findings.yaml", "warfarin: warfarin,", "warfarin: warfarin, heparin: heparin,"),
    )
    found = diff(read_version(str(old)), read_version(str(new)))
    assert [(one.constraint, one.state) for one in found.loosened] == [("hot_is_fever", "changed"), ("hot_chokes", "gone"), ("", "gone")]
    assert [one.why[0] for one in found.loosened] == [
        "38 or more is fever", "38 or more is a sign of choking", "an answer that is not among those of the other version",
    ]  # fmt: skip
    assert dict(found.loosened[2].given)["tablets"] == "heparin"


def test_pathway_that_is_gone_is_worse_for_whom_it_was_for(tmp_path):
    other = small.FILES["nose.yaml"].replace("pathway: nose", "pathway: ear")
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one, two = read_version(str(small.write(tmp_path / "one", ear=other))), read_version(str(small.write(tmp_path / "two")))
    assert (diff(one, two).only_old, diff(one, two).fails(["less-urgent"])) == (("ear",), True)
    assert (diff(two, one).only_new, diff(two, one).fails(["less-urgent"])) == (("ear",), False)


def test_finding_of_another_kind_makes_patients_incomparable(tmp_path):
    old = small.load(tmp_path).content()
    new = deepcopy(old)
    next(finding for finding in new["findings"] if finding["id"] == "tablets")["kind"] = "number"
    with pytest.raises(Incomparable, match="the finding `tablets` is a choice in the old one and a number in the new one"):
        diff(Version("old", Content(old)), Version("new", Content(new)))


def test_whoever_the_patterns_leave_out_is_counted(tmp_path):
    """Six terms are shown, the rest is a number."""
    signs = [f"s{n}" for n in range(8)]
    rules = {"many": ({"all": signs}, "urgent"), "either": ({"any": ["s0", "s1", "s2", "s3"]}, "none")}
    old = small.ruleset(tmp_path, {name: {} for name in signs}, rules)
    new = small.ruleset(
        tmp_path,
        {name: {} for name in signs},
        {**rules, "many": ({"all": signs}, "none"), "either": ({"any": ["s0", "s1", "s2", "s3"]}, "clinic")},
    )
    found = diff(Version("old", Content(old.content()), old), Version("new", Content(new.content()), new))
    said = text(found)
    assert "who:     s0; s1; s2; s3; s4; s5, and 2 more answers" in said
    assert [len(change.condition.found) for change in found.changes] == [1, 4]
    assert "and 1 more pattern" not in said
    assert said.count("      or:  ") == 3


def test_number_in_a_pattern_has_both_limits_where_nobody_beyond_them_is_in_the_region(tmp_path):
    """A limit is one step higher: the same is decided beyond it, and only of that step otherwise."""

    def version(name: str, *rows: tuple[str, str]) -> Version:
        rules = {f"r{n}": ({"visits": {"at_least": limit}}, level) for n, (limit, level) in enumerate(rows)}
        (tmp_path / name).mkdir()
        made = small.ruleset(tmp_path / name, {"visits": {"range": "[0, 90]", "resolution": 1, "worse": "higher"}}, rules)
        return Version(name, Content(made.content()), made)

    def who(old: Version, new: Version) -> list[str]:
        return [term.text for change in diff(old, new).changes for pattern in change.condition.found for term in pattern.terms]

    assert who(version("three", ("3", "clinic")), version("four", ("4", "clinic"))) == ["visits: 3 years"]
    assert who(version("low", ("3", "clinic")), version("far", ("6", "clinic"))) == ["visits: 3 years or more and below 6 years"]
    assert who(version("some", ("3", "clinic")), version("more", ("3", "urgent"))) == ["visits: 3 years or more"]
    both = version("both", ("3", "clinic"), ("50", "immediate")), version("both_more", ("3", "urgent"), ("50", "immediate"))
    assert who(*both) == ["visits: 3 years or more and below 50 years"]


def test_window_is_said_in_days_from_its_event(tmp_path):
    window = "within: {from: injury, not_before: P5D, not_after: P7D}"
    found = changed(
        tmp_path,
        (
            "nose.yaml",
            "referrals: [{service: ent, within: PT4H}]",
            f"referrals: [{{service: ent, within: PT4H}}, {{service: ent, {window}}}]",
        ),
    )
    [change] = found.changes
    assert [(one.name, one.after) for one in change.differences] == [("ENT (day 5 to 7 from the injury)", "in its window")]
    assert change.after.decided == "discuss_same_day; ENT on day 5 to 7 from the injury; ENT within 4 hours"


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(pairs())
def test_every_format_says_every_region_and_any_number_of_processes_the_same(pair):
    with TemporaryDirectory() as folder:
        old, new = (world.load(Path(folder)) for world in pair)
    versions = Version("old", Content(old.content()), old), Version("new", Content(new.content()), new)
    found = diff(*versions)
    assert diff(*versions, jobs=2) == found
    assert found.empty == (old.digest == new.digest)
    data = json.loads("\n".join(FORMATS["json"](found)))
    assert [len(data["regions"]), data["equal"], data["worse"]] == [len(found.changes), found.empty, found.worse]
    for n in range(1, len(found.changes) + 1):
        assert f"\n{n}. " in text(found)
        assert f"**{n}. " in "\n".join(FORMATS["markdown"](found))
    falls = [change.weight[0] for change in found.changes if change.direction is Direction.WORSE]
    assert falls == sorted(falls)


def test_content_that_differs_anywhere_has_an_edit(tmp_path):
    """Every text, number and truth value of the content, changed alone; and every list turned round."""
    content = small.load(tmp_path).content()

    def variants(data, path=()):
        if isinstance(data, dict):
            for key, value in data.items():
                yield from variants(value, (*path, key))
        elif isinstance(data, list):
            if len(data) > 1:
                yield path, data[::-1]
            for n, value in enumerate(data):
                yield from variants(value, (*path, n))
        else:
            yield path, {True: False, False: True, None: "x"}.get(data, f"{data}x")

    assert edits(content, deepcopy(content)) == ()
    count = 0
    for path, value in variants(content):
        other = deepcopy(content)
        place = other
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        assert edits(content, other), path
        count += 1
    assert count > 250


def test_list_of_things_without_names_of_their_own_is_one_edit():
    """A version may have parts that this one does not know."""
    for before, after in (([{"id": ["a"]}], [{"id": "a"}]), ([{"id": "a", "n": 1}, {"id": "a"}], [{"id": "a"}])):
        assert [edit.path for edit in edits({"further": before}, {"further": after})] == ["further"]
