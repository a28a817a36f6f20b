"""P7, P9 to P12, P20 and gates: what `check` says of the rules beside requirements, cases, each other and the place of care."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import small
from pathways.checks import Verdict, check, open_book
from pathways.checks.book import Disagreement
from pathways.content import Content
from pathways.remarks import Severity
from pathways.reports.checks import FORMATS, Checked
from pathways.reports.roots import Root
from worlds import KINDS, World, holds, trees, worlds

FINDINGS = {"a": {}, "b": {}, "days": {"range": [0, 10]}, "seen": {"worse": "no"}, "hidden": {"applies": "seen"}}


def rules_of(tmp_path: Path, rules, **more) -> Path:
    """The folder of a rule set whose pathway `p` has these rules."""
    small.ruleset(tmp_path, more.pop("findings", FINDINGS), rules, **more)
    return tmp_path / "rules"


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def edit(folder: Path, name: str, *edits: tuple[str, str]) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        text = text.replace(old, new)
    write(folder, name, text)


def messages(folder: Path, property_: str) -> list[str]:
    """What refutes the property."""
    report = check(folder, [property_])
    said = [remark.message for remark in report.remarks if remark.severity is not Severity.NOTE]
    assert (report.verdict(property_) is Verdict.REFUTED) == bool(said)
    return said


def notes(folder: Path, property_: str) -> list[str]:
    return [remark.message for remark in check(folder, [property_]).remarks if remark.severity is Severity.NOTE]


# -- requirements (P10, P11) -------------------------------------------------------------------------------------------


def required(side: str, when, level: str, unmentioned: bool = False) -> str:
    one = {"means": "them", "pathways": ["p"], "when": when, "urgency": level, "sources": ["G1"]}
    return small.flow({side: {"them": {**one, **({"unmentioned": "absent"} if unmentioned else {})}}})


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds(), when=trees(KINDS), level=st.sampled_from(small.LEVELS[1:4]), data=st.data())
def test_a_requirement_is_refuted_exactly_where_some_patient_breaks_it(world: World, when, level: str, data: st.DataObject):
    unmentioned, side = data.draw(st.booleans()), data.draw(st.sampled_from(["never_below", "never_above"]))
    rank = small.LEVELS.index(level)
    read = findings_in([world.applies, *(when for when, _ in world.rules.values()), "danger"])
    read = (read | ({"a"} if "hidden" in read else set())) - findings_in([when])  # a gate is asked for what it gates
    who = [
        patient
        for patient in world.patients
        if holds(when, patient)
        and (world.applies is None or holds(world.applies, patient))
        and not (unmentioned and any(patient[name] == "yes" for name in read))
    ]
    broken = any(world.rank(patient) < rank if side == "never_below" else world.rank(patient) > rank for patient in who)
    with TemporaryDirectory() as folder:
        world.load(Path(folder))
        write(Path(folder) / "rules", "requirements.yaml", required(side, when, level, unmentioned))
        report = check(Path(folder) / "rules", ["P10", "P11"])
    refuting = {remark.code for remark in report.remarks}
    assert refuting == ({"required-of-nobody"} if not who else {f"{side[6:]}-required"} if broken else set())


def findings_in(conditions) -> set[str]:
    """The findings that the conditions name."""
    text = f"{conditions!r}"
    return {name for name in KINDS if f"'{name}'" in text}


def test_whoever_must_not_be_below_is_named_with_the_rule_that_gives_too_little(tmp_path):
    folder = rules_of(tmp_path, {"r": ("a", "clinic")})
    write(folder, "requirements.yaml", required("never_below", "a", "urgent"))
    [remark] = check(folder, ["P10"]).remarks
    assert remark.message == "`them` must get at least `urgent`, and here is less: them"
    assert (remark.place.file, remark.other.file, remark.example.said) == ("rules/requirements.yaml", "rules/p.yaml", "a; all else absent")


def test_a_requirement_counts_for_those_whom_its_pathway_is_for(tmp_path):
    folder = rules_of(tmp_path, {"r": ("a", "urgent")}, applies="a")
    write(folder, "requirements.yaml", required("never_below", {"any": ["a", "b"]}, "urgent"))
    assert messages(folder, "P10") == []


def test_a_limit_that_only_a_requirement_has_tells_patients_apart(tmp_path):
    folder = rules_of(tmp_path, {"r": ({"days": {"at_least": 5}}, "urgent")})
    write(folder, "requirements.yaml", required("never_below", {"days": {"at_least": 4.5}}, "urgent"))
    [remark] = check(folder, ["P10"]).remarks
    assert dict(remark.example.given)["days"] == "4.5"


def test_a_number_that_only_a_requirement_reads_is_named_with_the_patient(tmp_path):
    """Whatever the rules do with it: it is why the patient must not be below."""
    folder = rules_of(tmp_path, {"r": ("a", "clinic")})
    write(folder, "requirements.yaml", required("never_below", {"days": {"at_least": 4.5}}, "urgent"))
    [remark] = check(folder, ["P10"]).remarks
    assert remark.example.said == "days 4.5 years; all else absent"


# -- somebody to turn to in time (P7) ----------------------------------------------------------------------------------

IN_TIME = {"urgency": "urgent", "referrals": [{"service": "ent", "contact": "now", "within": "PT4H"}]}


def with_limits(folder: Path) -> Path:
    edit(
        folder,
        "ruleset.yaml",
        ("urgent: {label: urgent}", "urgent: {label: urgent, latest: PT4H}"),
        ("services:", "site_facts: {ent_here: {means: ENT is here}}, services:"),
    )
    return folder


def test_a_referral_for_one_place_of_care_leaves_nobody_to_call_at_the_other(tmp_path):
    small.ruleset(tmp_path, FINDINGS, {"r": ("a", IN_TIME)})
    folder = with_limits(tmp_path / "rules")
    assert messages(folder, "P7a") == []
    edit(folder, "p.yaml", ("within: PT4H", "within: PT4H, site: {ent_here: yes}"))
    assert messages(folder, "P7a") == ["`r` gives `urgent`, and where not: ENT is here, nobody is named"]
    edit(folder, "p.yaml", ("site: {ent_here: yes}}", "site: {ent_here: yes}}, {service: eye, within: P1D}"))
    assert messages(folder, "P7a") == [
        "`r` gives `urgent`, and where not: ENT is here, nobody is reached within PT4H, the most that it allows"
    ]


def test_a_rule_that_holds_as_well_may_name_whom_to_call(tmp_path):
    """Of a patient, not of a rule: who is called by another rule that always holds beside it is enough."""
    small.ruleset(tmp_path, FINDINGS, {"r": ({"all": ["a", "b"]}, IN_TIME), "s": ("a", IN_TIME)})
    folder = with_limits(tmp_path / "rules")
    whole = "r: {title: r, when: {all: [a, b]}, basis: interpretation, sources: [G1], then: {urgency: urgent, referrals: [{service: ent, "
    edit(folder, "p.yaml", (whole, f"{whole}site: {{ent_here: no}}, "))
    assert messages(folder, "P7a") == []
    edit(folder, "p.yaml", ("s: {title: s, when: a,", "s: {title: s, when: {all: [a, {b: no}]},"))
    assert messages(folder, "P7a") == ["`r` gives `urgent`, and where ENT is here, nobody is named"]


@pytest.mark.parametrize(("last", "late"), [("P6D", False), ("P7D", False), ("P8D", True)])
def test_a_window_counts_by_its_last_day(tmp_path, last: str, late: bool):
    window = {"from": "injury", "not_before": "P5D", "not_after": last}
    small.ruleset(tmp_path, FINDINGS, {"r": ("a", {"urgency": "clinic", "referrals": [{"service": "ent", "within": window}]})})
    edit(tmp_path / "rules", "ruleset.yaml", ("clinic: {label: clinic}", "clinic: {label: clinic, latest: P7D}"))
    edit(tmp_path / "rules", "ruleset.yaml", ("discuss_same_day: {label: discuss_same_day}", "discuss_same_day: {label: d, latest: P7D}"))
    assert bool(messages(tmp_path / "rules", "P7a")) is late


def test_a_level_without_a_limit_above_one_with_a_limit_is_named(tmp_path):
    folder = rules_of(tmp_path, {"r": ("a", "none")})
    assert messages(folder, "P7b") == []
    edit(folder, "ruleset.yaml", ("clinic: {label: clinic}", "clinic: {label: clinic, latest: P7D}"))
    assert messages(folder, "P7b") == ["`discuss_same_day` allows any time, and the lower `clinic` no later than P7D"]


# -- limits and cases (P9) ---------------------------------------------------------------------------------------------

TABLE = "definitions: {hot: {means: hot, table: {by: days, read: pulse, rows: [%s]}}}"
FIRST, SECOND = "{by: {below: 5}, limit: {at_least: 1}}", "{by: {at_least: 5}, limit: {at_least: 2}}"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([FIRST, SECOND], []),
        ([FIRST, "{by: {above: 5}, limit: {at_least: 2}}"], ["no row of `hot` holds for `days` 5"]),
        ([FIRST, "{by: {at_least: 7.5}, limit: {at_least: 2}}"], ["no row of `hot` holds for `days` from 5 to below 7.5"]),
        (["{by: {above: 5, at_most: 9}, limit: {at_least: 2}}", FIRST], ["no row of `hot` holds for `days` 5", "no row of `hot` holds for `days` above 9 to 10"]),
        ([FIRST, "{by: {at_least: 4}, limit: {at_least: 2}}"], ["rows 1 and 2 of `hot` both hold for `days` from 4 to below 5"]),
        (["{by: {at_most: 5}, limit: {at_least: 1}}", SECOND], ["rows 1 and 2 of `hot` both hold for `days` 5"]),
        ([FIRST, SECOND, SECOND], ["rows 2 and 3 of `hot` both hold for `days` from 5 to 10"]),
    ],
)  # fmt: skip
def test_rows_of_a_table_neither_overlap_nor_leave_a_gap(tmp_path, rows, said):
    folder = rules_of(tmp_path, {"r": ("a", "none")}, findings={**FINDINGS, "pulse": {"range": [0, 3]}})
    edit(folder, "ruleset.yaml", ("definitions: {}", TABLE % ", ".join(rows)))
    assert messages(folder, "P9") == said


def test_whoever_falls_into_the_gap_of_a_table_is_shown_with_what_a_row_would_have_read(tmp_path):
    folder = rules_of(tmp_path, {"r": ("a", "none")}, findings={**FINDINGS, "pulse": {"range": [0, 3]}})
    edit(folder, "ruleset.yaml", ("definitions: {}", TABLE % f"{FIRST}, {{by: {{at_least: 6}}, limit: {{at_least: 2}}}}"))
    [remark] = check(folder, ["P9"]).remarks
    assert remark.example.said == "days 5 years; pulse 1 year; all else absent"


def test_a_limit_wants_cases_just_below_at_and_just_above(tmp_path):
    folder = rules_of(tmp_path, {"r": ({"days": {"at_least": 5}}, "none"), "s": ({"days": {"below": 5}}, "none")})
    assert messages(folder, "P9") == ["`r` compares `days` with 5, and no case of `p` has it at 4.5 or 5 or 5.5"]
    case = "- case: day {0}\n  given: {{days: {0}}}\n  expect: {{urgency: none, services: []}}\n"
    write(folder, "p.cases.yaml", case.format("5") + case.format("5.5"))
    assert messages(folder, "P9") == ["`s` compares `days` with 5, and no case of `p` has it at 4.5"]
    write(folder, "p.cases.yaml", case.format("5") + case.format("5.5") + case.format("4.5"))
    assert messages(folder, "P9") == []


def test_a_limit_at_the_end_of_the_range_wants_no_case_beyond_it(tmp_path):
    folder = rules_of(tmp_path, {"r": ({"days": {"at_least": 10}}, "none")})
    assert messages(folder, "P9") == ["`r` compares `days` with 10, and no case of `p` has it at 9.5 or 10"]


# -- two complaints (P12) ----------------------------------------------------------------------------------------------

ITEMS = {"pack": {"excludes": ["nothing_in"]}, "nothing_in": {}}


def two(tmp_path, own, other, **more) -> Path:
    return rules_of(tmp_path, {"r": own}, others={"q": {"rules": {"s": other}}}, items=ITEMS, **more)


def gives(item: str) -> dict[str, object]:
    return {"urgency": "urgent", "advice": [item]}


def test_items_that_two_complaints_give_and_that_exclude_each_other_are_named(tmp_path):
    [remark] = check(two(tmp_path, ("a", gives("pack")), ("b", gives("nothing_in"))), ["P12"]).remarks
    assert remark.message == "`r` gives `pack` and `s` gives `nothing_in`, which exclude each other"
    assert remark.example.said == "a; b; all else absent"


@pytest.mark.parametrize("other", ["a", {"all": ["b", {"a": "no"}]}])
def test_nothing_is_said_where_one_complaint_contradicts_itself_or_the_two_never_meet(tmp_path, other):
    """The first is a matter of P6, of the one pathway alone."""
    own = ("a", {"urgency": "urgent", "advice": ["pack", "nothing_in"]}) if other == "a" else ("a", gives("pack"))
    assert messages(two(tmp_path, own, (other, gives("nothing_in"))), "P12") == []


def test_items_for_different_places_of_care_do_not_contradict(tmp_path):
    own, other = ({"item": item, "site": {"ent_here": here}} for item, here in (("pack", "yes"), ("nothing_in", "no")))
    rules = {"r": ("a", gives("pack"))}
    small.ruleset(tmp_path, FINDINGS, rules, others={"q": {"rules": {"s": ("b", gives("nothing_in"))}}}, items=ITEMS)
    folder = tmp_path / "rules"
    edit(folder, "ruleset.yaml", ("services:", "site_facts: {ent_here: {means: ENT is here}}, services:"))
    assert len(messages(folder, "P12")) == 1
    edit(folder, "p.yaml", ("advice: [pack]", f"advice: [{small.flow(own)}]"))
    assert len(messages(folder, "P12")) == 1
    edit(folder, "q.yaml", ("advice: [nothing_in]", f"advice: [{small.flow(other)}]"))
    assert messages(folder, "P12") == []


@pytest.mark.parametrize("lost", ["rule", "referral"])
def test_a_reading_that_loses_something_where_two_complaints_meet_is_our_own_mistake(tmp_path, monkeypatch, lost: str):
    urgent = {"urgency": "urgent", "referrals": [{"service": "ent", "within": "P1D"}]}
    folder = two(tmp_path, ("a", urgent), ("b", {**urgent, "urgency": "clinic"} if lost == "rule" else "immediate"))
    assert messages(folder, "P12") == []
    asked = Content.asked
    monkeypatch.setattr(Content, "asked", lambda self, names: asked(self, names[-1:] if len(names) > 1 else names))
    with pytest.raises(Disagreement):
        check(folder, ["P12"])


# -- whom a pathway is for (P20) ---------------------------------------------------------------------------------------


def test_a_rule_for_patients_whom_the_pathway_is_not_for_is_named(tmp_path):
    folder = rules_of(tmp_path, {"r": ({"all": ["a", "b"]}, "urgent"), "s": ("a", "none")}, applies={"b": "no"})
    [remark] = check(folder, ["P20"]).remarks
    assert remark.message == "`r` is for patients whom `p` is not for"
    assert (remark.example.said, remark.example.decided) == ("a; b; all else absent", "no urgency; nobody is called")


def test_a_rule_that_nobody_meets_is_no_rule_for_others(tmp_path):
    folder = rules_of(tmp_path, {"r": ({"all": ["a", {"a": "no"}]}, "urgent"), "s": ("a", "none")}, applies={"b": "no"})
    assert messages(folder, "P20") == []


def test_a_reading_that_speaks_of_others_is_our_own_mistake(tmp_path, monkeypatch):
    folder = rules_of(tmp_path, {"r": ("a", "urgent")}, applies="b")
    assert messages(folder, "P20") == []
    monkeypatch.setattr(Content, "_inside", lambda self, asked: {name: {"all": []} for name in asked})
    with pytest.raises(Disagreement):
        check(folder, ["P20"])


# -- gates (PG) --------------------------------------------------------------------------------------------------------


def test_an_examination_that_failed_is_as_urgent_as_what_it_hides(tmp_path):
    hidden = {"r": ("hidden", "urgent")}
    folder = rules_of(tmp_path, {**hidden, "s": ({"seen": "no"}, "clinic")}, otherwise="discuss_same_day")
    [remark] = check(folder, ["PG"]).remarks
    assert remark.message == "in `p` `seen: no` gives at least `clinic`, and hides `hidden`: `hidden: yes` gives at least `urgent`"
    assert (remark.severity, remark.example.said) == (Severity.ERROR, "no: seen; all else absent")
    assert messages(rules_of(tmp_path, {**hidden, "s": ({"seen": "no"}, "urgent")}), "PG") == []
    assert messages(rules_of(tmp_path, {**hidden, "s": ({"any": ["a", {"seen": "no"}]}, "immediate")}), "PG") == []


def test_an_examination_that_gives_less_may_say_that_it_narrows(tmp_path):
    folder = rules_of(tmp_path, {"r": ("hidden", "urgent"), "s": ({"seen": "no"}, "clinic"), "t": ("a", "none")})
    edit(folder, "sources.yaml", ("rows: {}", "rows: {row-1: {findings: hidden, advice: urgent}}"))
    declared = "basis: interpretation, sources: [G1, row-1], narrows: [row-1]"
    rule, other = (f"basis: interpretation, sources: [G1], then: {{urgency: {level}}}" for level in ("clinic", "none"))
    edit(folder, "p.yaml", (other, f"{declared}, then: {{urgency: none}}"))
    assert len(messages(folder, "PG")) == 1, "a rule that speaks of something else"
    edit(folder, "p.yaml", (rule, f"{declared}, then: {{urgency: clinic}}"))
    assert messages(folder, "PG") == []
    [note] = notes(folder, "PG")
    assert note.endswith("`hidden: yes` gives at least `urgent`; that is less, and `s` narrows row-1 by G1, row-1")


def test_what_hides_others_is_as_urgent_as_they_are(tmp_path):
    findings = {"shut": {"hides": ["red_eye"]}, "red_eye": {}}
    shut = {"r": ("red_eye", "urgent"), "s": ("shut", "clinic")}
    assert messages(rules_of(tmp_path, shut, findings=findings), "PG") == [
        "in `p` `shut: yes` gives at least `clinic`, and hides `red_eye`: `red_eye: yes` gives at least `urgent`"
    ]
    assert messages(rules_of(tmp_path, {**shut, "s": ("shut", "urgent")}, findings=findings), "PG") == []


def test_a_gate_that_is_no_examination_is_listed_and_nothing_is_claimed(tmp_path):
    findings = {"wound": {}, "deep": {"applies": "wound"}}
    folder = rules_of(tmp_path, {"r": ("deep", "urgent"), "s": ("wound", "none")}, findings=findings)
    assert messages(folder, "PG") == []
    assert notes(folder, "PG") == ["`p` asks `wound` before `deep`: `deep: yes` gives at least `urgent`"]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds(handover=False))
def test_what_a_failed_examination_guarantees_is_the_least_that_anybody_gets(world: World):
    """`a` is the examination that shows `hidden`; compared with everybody there is."""
    inside = [one for one in world.patients if world.applies is None or holds(world.applies, one)]
    least = {
        who: min([world.rank(patient) for patient in inside if test(patient)], default=None)
        for who, test in {"failed": lambda one: one["a"] == "no", "yes": lambda one: one["hidden"] == "yes", "no": lambda one: one["hidden"] == "no"}.items()
    }  # fmt: skip
    worst = max([rank for rank in (least["yes"], least["no"]) if rank is not None], default=-1)
    reads = "hidden" in findings_in([when for when, _ in world.rules.values()])
    with TemporaryDirectory() as folder:
        world.load(Path(folder))
        edit(Path(folder) / "rules", "findings.yaml", ("a: {ask: a, means: a, kind: yes_no, group: first, worse: yes}", "a: {ask: a, means: a, kind: yes_no, group: own, worse: no}"), ("groups: {", "groups: {own: own, "))  # fmt: skip
        refuted = bool(messages(Path(folder) / "rules", "PG"))
    assert refuted == (reads and least["failed"] is not None and least["failed"] < worst)


def test_the_book_of_a_folder_whose_requirements_cannot_be_read_is_not_opened(tmp_path):
    folder = rules_of(tmp_path, {"r": ("a", "none")})
    write(folder, "requirements.yaml", "never_below: {x: {}}")
    with pytest.raises(Exception, match="missing-key"):
        open_book(folder)


# -- lists for reviewers -----------------------------------------------------------------------------------------------

LEFT = {"r": ({"all": ["a", "b"]}, "urgent"), "s": ({"all": [{"a": "no"}, {"b": "no"}, {"seen": "no"}]}, "none")}


def test_each_kind_of_patients_of_whom_only_otherwise_speaks_is_listed_with_the_simplest(tmp_path):
    folder = rules_of(tmp_path, LEFT, otherwise="discuss_same_day")
    assert [(remark.message.split(": ", 1)[1], remark.example.said) for remark in check(folder, ["P1"]).remarks] == [
        ("those with nothing present", "nothing present"),
        ("those with `a: yes`", "a; all else absent"),
        ("those with `b: yes`", "b; all else absent"),
    ]


def test_a_case_names_each_kind_of_patients_of_whom_only_otherwise_speaks(tmp_path):
    folder = rules_of(tmp_path, LEFT, otherwise="discuss_same_day")
    nothing, a, b = (f"only `otherwise` speaks of patients of `p` with {listed}, and no case does" for listed in ("nothing present", "`a: yes`", "`b: yes`"))  # fmt: skip
    assert messages(folder, "P9") == [nothing, a, b]
    case = "- case: '{0}'\n  given: {{{0}}}\n  expect: {{urgency: discuss_same_day, services: []{1}}}\n"
    write(folder, "p.cases.yaml", case.format("a: yes, b: no", ", rules: [otherwise]") + case.format("b: yes, a: no", ""))
    assert messages(folder, "P9") == [nothing, b]
    write(folder, "p.cases.yaml", case.format("a: no, b: no, seen: yes", ", rules: [otherwise]"))
    assert messages(folder, "P9") == [a, b]


def test_what_a_case_does_not_mention_is_absent_where_it_says_so(tmp_path):
    folder = rules_of(tmp_path, {"r": ({"seen": "yes"}, "none")}, otherwise="discuss_same_day")
    case = "- case: no light\n  given: {}\n  expect: {lowest: none, highest: discuss_same_day, services: [], rules: [otherwise]}\n"
    write(folder, "p.cases.yaml", case)
    assert messages(folder, "P9") == ["only `otherwise` speaks of patients of `p` with `seen: no`, and no case does"]
    write(folder, "p.cases.yaml", case.replace("given: {}", "given: {}\n  unmentioned: absent"))
    assert messages(folder, "P9") == []


def test_more_kinds_than_anybody_reads_are_counted(tmp_path):
    findings = {f"f{n}": {} for n in range(9)}
    folder = rules_of(tmp_path, {"r": ({"all": list(findings)}, "none")}, findings=findings, otherwise="discuss_same_day")
    said = notes(folder, "P1")
    assert len(said) == 7
    assert said[-1] == "nothing but `otherwise` speaks of more kinds of patients of `p` than these 6"


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds(handover=False))
def test_kinds_cover_everybody_of_whom_only_otherwise_speaks(world: World):
    with TemporaryDirectory() as folder:
        world.load(Path(folder))
        said = notes(Path(folder) / "rules", "P1")
    alone = [patient for patient in world.patients if ("p", "otherwise") in world.holding(patient)]
    assert bool(said) == bool(alone)
    if len(said) <= 6:
        kinds = [[one.split(": ") for one in text.split("those with ")[1].replace("`", "").split(", ") if ": " in one] for text in said]
        assert all(any(all(patient[name] == answer for name, answer in kind) for kind in kinds) for patient in alone)


def test_a_rule_that_narrows_is_listed_with_its_gap(tmp_path):
    folder = rules_of(tmp_path, {"r": ("a", "none"), "s": ("b", "none")})
    edit(folder, "sources.yaml", ("rows: {}", "rows: {row-1: {findings: a, advice: nothing}}"))
    edit(folder, "p.yaml", ("when: a, basis: interpretation, sources: [G1]", "when: a, basis: interpretation, sources: [row-1, G1], narrows: [row-1]"))  # fmt: skip
    assert "`r` is for fewer patients than `row-1` names; the gaps that allow it: G1" in notes(folder, "P18")


def test_whom_a_constraint_excludes_is_shown(tmp_path):
    folder = rules_of(tmp_path, {"r": ("a", "none")}, constraints={"high": ({"all": ["a", {"days": {"at_least": 5}}]}, "b")})
    assert notes(folder, "P0") == ["`high` excludes: a; days 5 years; all else absent"]


# -- what is printed ---------------------------------------------------------------------------------------------------


def printed(folder: Path, format_: str, notes: bool = False) -> list[str]:
    return list(FORMATS[format_](Checked(check(folder, ["P1", "P7b"]), Root("rules", "there/rules/"), notes)))


def test_no_row_is_wider_than_a_terminal_and_each_remark_begins_with_its_place(tmp_path):
    name = "a_finding_with_a_name_that_is_as_long_as_names_in_rule_files_become"
    folder = rules_of(tmp_path, {"r": (name, "urgent")}, findings={name: {}, "b": {}}, otherwise=None)
    rows = printed(folder, "text")
    assert max(map(len, rows)) <= 80
    assert rows[0].startswith("rules/p.yaml:1:77: error[gap]: `p` says nothing")
    assert rows[-1].startswith("    ")
    assert rows[-2].startswith("not checked: whether the rules are clinically right")
    assert "P1   refuted    every patient gets an outcome" in rows


def test_notes_stand_before_what_is_refuted(tmp_path):
    folder = rules_of(tmp_path, LEFT, otherwise="discuss_same_day", others={"q": {"rules": {"t": ("a", "none")}}})
    severities = [row.split(": ")[1].split("[")[0] for row in printed(folder, "text", notes=True) if row.startswith("rules/")]
    assert severities == ["note", "note", "note", "error"]
    assert "1 error, 0 warnings, 3 notes" in printed(folder, "text", notes=True)


def test_notes_are_only_counted_where_nobody_asks_for_them(tmp_path):
    folder = rules_of(tmp_path, LEFT, otherwise="discuss_same_day", others={"q": {"rules": {"t": ("a", "none")}}})
    rows = printed(folder, "text")
    assert [row.split(": ")[1].split("[")[0] for row in rows if row.startswith("rules/")] == ["error"]
    assert "1 error, 0 warnings, 3 notes (see --notes)" in rows
    assert sum(row.startswith("::notice ") for row in printed(folder, "github")) == 3


def test_markdown_shows_what_is_refuted_and_folds_notes_away(tmp_path):
    findings = {"a": {"ask": '"a <b> | `c`"'}, "b": {}}
    folder = rules_of(tmp_path, {"r": ("b", "urgent")}, findings=findings, others={"q": {"rules": {"t": ({"a": "no"}, "urgent")}}})
    edit(folder, "p.yaml", ("rules: {", "otherwise: {urgency: discuss_same_day}, rules: {"))
    rows = printed(folder, "markdown")
    assert rows[0] == "## `pathways check`: 1 error, 0 warnings, 1 note"
    assert "| P1 every patient gets an outcome | refuted | q refuted |" in rows
    assert "<details open><summary>What is refuted: 1</summary>" in rows
    assert "- `there/rules/q.yaml:1` **gap**: `q` says nothing of some of its patients" in rows
    assert "<details><summary>To be read; nothing is wrong with it: 1</summary>" in rows
    assert "    - patient: a \\<b\\> \\| `c`; all else absent" in rows
