"""What a reviewer reads of sources, traces, proofs and changes equals the rules and the records of the tools; what is missing is said."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from mkdocs.exceptions import Abort

import small
from building import build
from pathways.conditions import of_tree, tree
from pathways.site.page import Page, render
from pathways.site.pages import changes, glance, glossary, overview, rules, safety_case, sources, traceability, verification
from pathways.site.since import Since, since
from pathways.site.verifying import NotVerified, Verified, verify
from pathways.site.volume import Volume, open_volume
from pathways.tracing import Kind, traces
from pathways.verification import verified
from site_tables import line, text

RULES = Path(__file__).parent.parent / "rules"
DAY = "2026-11-25"
CASES = """\
- {case: bleeds, given: {bleeding: yes, choking: no, examined: no}, expect: {urgency: urgent, services: [ent], rules: [bleed]}}
- {case: chokes, given: {choking: yes}, expect: {urgency: immediate, services: [ent]}}
- {case: hot and not, given: {temperature: 39, fever: no}, expect: {refused: [temperature, fever]}}
"""


@pytest.fixture(scope="module")
def volume() -> Volume:
    return open_volume(RULES, DAY)


def tiny(folder: Path, *edits: small.Edit, cases: str = CASES, checks: bool = True, **texts: str) -> Volume:
    """The smallest rule set with cases, read for a site."""
    rules = small.write(folder, *edits, **texts)
    (rules / "nose.cases.yaml").write_text(cases, encoding="utf-8")
    return open_volume(rules, DAY, checks=checks)


def shown(volume: Volume, chapter: Callable[[Volume], Iterator[Page]], path: str) -> BeautifulSoup:
    """A page as it is read, without a theme around it."""
    made = next(one for one in chapter(volume) if one.path == path)
    html = render(made, lambda to, anchor="": f"{to}#{anchor}", lambda name: name, **volume.common)
    return BeautifulSoup(html, "html.parser")


def render_first(volume: Volume, chapter: ModuleType) -> BeautifulSoup:
    """The first page of a chapter, as it is read."""
    return shown(volume, chapter.pages, next(iter(chapter.pages(volume))).path)


def cells(row: Tag) -> list[str]:
    return [text(cell) for cell in row.find_all(["th", "td"], recursive=False)]


def rows_of(table: Tag) -> list[list[str]]:
    return [cells(row) for row in table.select("tbody tr")]


def named(tag: Tag) -> list[str]:
    """The ids of rules that a table names in its first column."""
    return [text(row.td.select_one("code.pw-id")) for row in tag.select("tbody tr")]


def content_rules(volume: Volume) -> list[dict[str, Any]]:
    """Every rule of the canonical content, with its pathway."""
    data = volume.ruleset.content()
    shared = [{**one, "pathway": "red_flags", "narrows": []} for one in data["red_flags"]]
    return [*shared, *({**one, "pathway": pathway["id"]} for pathway in data["pathways"] for one in pathway["rules"])]


# -- what was agreed, and what was added -----------------------------------------------------------------------------


def test_the_counts_of_what_was_added_are_those_of_the_rules(volume: Volume) -> None:
    page = shown(volume, sources.pages, "sources")
    rules = content_rules(volume)

    *_, total = rows_of(page.select_one("#counts").find_next("table"))
    assert total[1:] == [
        *(str(sum(one["basis"] == basis for one in rules)) for basis in ("source", "evidence", "interpretation")),
        str(len(rules)),
        str(sum(bool(one["narrows"]) for one in rules)),
    ]
    for basis in ("evidence", "interpretation"):
        listed = [name for table in _until(page.select_one(f"#added-{basis}"), "h3", "h2") for name in named(table)]
        assert sorted(listed) == sorted(one["id"] for one in rules if one["basis"] == basis)
    assert named(page.select_one("#narrowing").find_next("table")) == [one["id"] for one in rules if one["narrows"]]


def _until(heading: Tag, *ends: str) -> list[Tag]:
    """The tables between a heading and the next one of these."""
    found = []
    for tag in heading.find_all_next():
        if tag.name in ends:
            break
        found += [tag] if tag.name == "table" else []
    return found


ORIGIN = 'table: {title: "NOSE", by: A body, published: slides, date: 2021-08-31}\n'


@pytest.mark.parametrize("chapter", [sources, safety_case, overview])
def test_the_table_says_where_it_was_published_and_that_nobody_says_it_is_in_force(tmp_path: Path, chapter: ModuleType) -> None:
    """Wherever the agreed table is spoken of first: its title, whose it is, in what and when; a blank where nobody wrote it down."""
    silent = text(render_first(tiny(tmp_path), chapter))
    said = text(render_first(tiny(tmp_path, ("sources.yaml", "rows:", ORIGIN + "rows:")), chapter))

    assert "NOSE: A body, in slides, 2021-08-31" in said
    assert "blank: the rule files do not say where it was published" in silent
    assert "blank: nobody has said that it is in force, or where" in said


def test_a_pathway_at_a_glance_says_of_when_its_table_is(tmp_path: Path) -> None:
    made = tiny(tmp_path, ("sources.yaml", "rows:", ORIGIN + "rows:"))

    assert "It rests on rows of the agreed table of 2021-08-31: whose that is" in text(render_first(made, glance))


def test_the_shipped_table_is_that_of_the_slides(volume: Volume) -> None:
    origin = volume.authored.sources.table

    assert origin is not None
    assert (origin.date, origin.in_force) == ("2021-08-31", None)
    assert "Breen" in origin.by


def test_each_row_of_the_table_stands_with_its_words_and_the_rules_that_name_it(volume: Volume) -> None:
    page = shown(volume, sources.pages, "sources")
    rows = volume.ruleset.content()["sources"]["rows"]

    rules = content_rules(volume)
    assert [heading["id"] for heading in page.select("section.pw-row h3")] == [f"row-{name}" for name in rows]
    for name, row in rows.items():
        section = page.select_one(f"#row-{name}").parent
        assert [text(one) for one in section.blockquote.select("p")] == [line(row["findings"]), line(row["advice"])]
        listed = [rule for table in section.select("table") for rule in named(table)]
        assert sorted(listed) == sorted(one["id"] for one in rules if name in one["sources"])
        narrowing = [text(one.select_one("code.pw-id")) for one in section.select("ul > li")]
        assert narrowing == [one["id"] for one in rules if name in one["narrows"]]


def test_every_gap_and_reference_stands_with_its_words(volume: Volume) -> None:
    page = shown(volume, sources.pages, "sources")
    written = volume.ruleset.content()["sources"]

    rows = {row["id"]: row for row in page.select("tr[id]")}
    for name, gap in written["gaps"].items():
        assert cells(rows[f"gap-{name}"])[:3] == [name, line(gap["problem"]), line(gap["resolution"])]
    for name, one in written["evidence"].items():
        first, grade, read, _ = cells(rows[f"evidence-{name}"])
        assert first.startswith(f"{name} {line(one['title'])}")
        assert line(one["where"]) in first
        assert (grade, read) == (one["grade"], line(one["read"] or "not stated"))
        assert ("not to be cited" in first) == (not one["cite"])


def test_a_reference_is_linked_only_if_it_is_an_address_of_the_web(tmp_path: Path) -> None:
    script = ("sources.yaml", "where: there", 'where: "javascript:alert(1)"')
    page = shown(tiny(tmp_path, script, checks=False), sources.pages, "sources")

    assert page.select_one("#evidence-E1 td").get_text(" ").split() == ["E1", "read", "javascript:alert(1)"]
    assert not page.select("#evidence-E1 td:first-child a")


# -- traces ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
def test_each_rule_stands_once_in_the_table_of_each_source_that_it_names(volume: Volume, kind: Kind) -> None:
    page = shown(volume, traceability.pages, traceability.PAGES[kind][0])
    key = {"row": "rows", "gap": "gaps", "evidence": "evidence"}[kind]

    rules = content_rules(volume)
    assert [one["id"] for one in page.select("section.pw-trace")] == [f"trace-{name}" for name in volume.ruleset.content()["sources"][key]]
    for section in page.select("section.pw-trace"):
        name = section["id"].removeprefix("trace-")
        wanted = [f"{one['pathway']}.{one['id']}" for one in rules if name in (*one["sources"], *one["narrows"])]
        assert sorted(row["data-rule"] for row in section.select("tr[data-rule]")) == sorted(wanted)


def test_the_table_counts_the_cases_that_reach_a_rule_and_names_its_hazards(volume: Volume) -> None:
    page = shown(volume, traceability.pages, "traceability/index")
    reached = [key for result in volume.cases for key in result.comparison.rules]
    controls = {
        key: dict.fromkeys([line(one.hazard) for one in volume.hazards.hazards for control in one.controls if key in control.rules])
        for one in volume.hazards.hazards
        for control in one.controls
        for key in control.rules
    }

    for row in page.select("tr[data-rule]"):
        pathway, _, rule = row["data-rule"].partition(".")
        _, _, cases, proved, hazards = cells(row)
        assert int(cases.partition(",")[0]) == reached.count((pathway, rule))
        assert proved == "not checked"
        assert hazards == (", ".join(controls.get((pathway, rule), ())) or "-")


def loose(volume: Volume) -> dict[str, tuple[str, ...]]:
    return {one.id: one.found for one in traceability.loose(volume)}


def test_what_hangs_loose_is_named(tmp_path: Path) -> None:
    """A row without a rule, evidence that nobody names, rules that no case reaches, properties with nothing to ask."""
    made = tiny(tmp_path, ("sources.yaml", "rows: {row-1:", "rows: {row-2: {findings: drips, advice: wait}, row-1:"))
    found = loose(made)

    assert found["rows"] == ("row-2",)
    assert found["gaps"] == ()
    assert found["evidence"] == ("E2",)
    assert found["rules"] == ("clot (clot, Nose)", "well (well, Nose)", "no other rule holds (otherwise, Nose)")
    assert found["cases"] == ()
    assert found["properties"] == (
        "P10: never less urgent than is required (nothing to ask)",
        "P11: never more urgent than is required (nothing to ask)",
        "P12: two complaints together are decided as both alone (nothing to ask)",
    )
    page = shown(made, traceability.pages, "traceability/index")
    assert "no rule names this row" in text(page.select_one("#trace-row-2"))
    assert page.select_one("#loose-rows td").get_text(" ").split() == ["1", "row-2"]
    assert "Not implemented" in text(shown(made, sources.pages, "sources").select_one("#row-row-2").parent)


def test_a_case_that_reaches_no_rule_hangs_loose_and_one_that_expects_a_refusal_does_not(tmp_path: Path) -> None:
    nobody = (
        "- {case: old and well, given: {age: 90, choking: no}, expect: {status: not_covered}}\n"
        "- {case: hot and not, given: {temperature: 39, fever: no}, expect: {refused: [temperature, fever]}}\n"
    )
    made = tiny(tmp_path, ("nose.yaml", "complaint: nose", "complaint: nose\napplies: small"), cases=nobody, checks=False)

    assert loose(made)["cases"] == ("old and well (Nose)",)


def test_a_gap_is_loose_unless_something_fills_it_or_somebody_says_why(tmp_path: Path) -> None:
    made = tiny(tmp_path, checks=False)
    alone = replace(traces(made.authored, made.ruleset, (), ())[1], rules=(), narrowing=(), others=(), not_encoded=())

    assert alone.kind is Kind.GAP
    assert alone.orphan
    assert not replace(alone, not_encoded=(("nose", "no need"),)).orphan


def test_a_hazard_without_control_and_a_rule_without_hazard_are_named(volume: Volume) -> None:
    bare = replace(volume.hazards.hazards[0], controls=())
    other = replace(volume)
    object.__setattr__(other, "hazards", replace(volume.hazards, hazards=(bare, *volume.hazards.hazards[1:])))

    assert loose(volume)["controls"] == ()
    assert loose(other)["controls"] == (f"{bare.id}: {bare.hazard}",)
    controlled = {key for one in volume.hazards.hazards for control in one.controls for key in control.rules}
    assert len(loose(volume)["hazards"]) == sum((rule.pathway, rule.id) not in controlled for rule in volume.ruleset.rules)


def test_every_case_stands_on_the_page_of_its_pathway_with_the_rules_that_hold(volume: Volume) -> None:
    for pathway in volume.ruleset.pathways:
        page = shown(volume, traceability.pages, f"{pathway}/cases")
        results = [result for result in volume.cases if result.case.pathway == pathway]
        assert [row["id"] for row in page.select("tbody tr")] == [f"case-{number}" for number in range(1, len(results) + 1)]
        for row, result in zip(page.select("tbody tr"), results, strict=True):
            first, *_, last = row.find_all("td", recursive=False)
            assert line(result.case.name) in text(first)
            assert [text(one) for one in last.select("code.pw-id")] == [rule for _, rule in result.comparison.rules if rule != "otherwise"]


# -- what was proved -------------------------------------------------------------------------------------------------


def test_a_refuted_property_is_shown_with_its_patient(tmp_path: Path) -> None:
    made = tiny(tmp_path)
    page = shown(made, verification.pages, "verification")

    assert cells(page.select_one("#property-PG"))[3] == "refutednose: refuted"
    assert cells(page.select_one("#property-P1"))[3] == "proved"
    remark = page.select_one("#refuted-PG").find_next("dl")
    assert "`examined: no` gives at least `none`".replace("`", "") in text(remark)
    assert "patient: no: was seen; all else absent" in text(remark)
    assert "decided: none; nobody is called" in text(remark)


def test_the_page_says_what_the_record_says(tmp_path: Path) -> None:
    """Every verdict, every count: parsed back and compared with the records of the tools."""
    rules = small.write(tmp_path)
    (rules / "nose.cases.yaml").write_text(CASES, encoding="utf-8")
    record = tmp_path / "verification.json"
    whole = verified(rules, date.fromisoformat(DAY), patients=20)
    record.write_text(whole.to_json(), encoding="utf-8")
    made = open_volume(rules, DAY, checks=True, record=record)
    page = shown(made, verification.pages, "verification")

    asked = {one["property"] for one in whole.parts["check"]["results"]} - {"P10", "P11"}
    for one in whole.parts["check"]["properties"]:
        said = cells(page.select_one(f"#property-{one['id']}"))
        assert said[1] == one["title"]
        assert said[3].startswith(one["verdict"] if one["id"] in asked else "nothing to ask")
    *_, total = rows_of(page.select_one("#coverage").find_next("table"))
    points = whole.parts["coverage"]["points"]
    assert total[1:] == [
        f"{sum(one['state'] == 'covered' for one in points if one['kind'] == kind)} of "
        f"{sum(one['state'] != 'impossible' for one in points if one['kind'] == kind)}"
        for kind in dict.fromkeys(one["kind"] for one in points)
    ]
    *_, total = rows_of(page.select_one("#mutants").find_next("table"))
    edits = [one for one in whole.parts["mutants"]["edits"] if one["kind"] != "literal added"]
    assert total[1:] == [str(sum(one["fate"] == fate for one in edits)) for fate in ("killed", "equivalent", "survived", "untried")]
    survivors = [one for one in edits if one["fate"] == "survived"]
    assert survivors
    assert all(one["patient"]["said"] in text(page) for one in survivors)
    assert rows_of(page.select_one("#differential").find_next("table")) == [["Nose", "20", "none"]]
    assert [cells(row)[2] for row in page.select("tr[id^=part-]")] == ["in this build"] * 3 + ["from a record"] * 2
    assert "seconds" not in text(page)


def test_a_note_of_the_tools_names_rules_as_people_do_and_words_alone_are_no_proof(tmp_path: Path) -> None:
    """Ids of files are for authors; a reviewer reads the title."""
    rule = ("nose.yaml", "  bleed:\n    title: bleed\n", "  nose_bleeds:\n    title: blood runs\n")
    narrows = ("nose.yaml", "sources: [row-1]", "sources: [row-1, G1]\n    narrows: [row-1]")
    page = shown(tiny(tmp_path, rule, narrows, cases=CASES.replace("[bleed]", "[nose_bleeds]")), verification.pages, "verification")

    notes = [row[1] for row in rows_of(page.select_one("#notes").find_next("table")) if row[0] == "P18"]
    assert notes == ['"blood runs" is for fewer patients than row-1 names; the gaps that allow it: G1']
    assert "P22 compares words: that nothing was found there is no proof" in text(page)


def test_what_was_not_checked_says_so_in_red_with_words(tmp_path: Path) -> None:
    made = tiny(tmp_path, checks=False)
    page = shown(made, verification.pages, "verification")

    for part in ("check", "coverage", "mutants", "differential"):
        cell = page.select_one(f"#part-{part} td")
        assert text(cell.select_one("strong.pw-bad")).startswith("not checked in this build: ")
    assert {cells(row)[3] for row in page.select("tr[id^=property-]")} == {"not checked in this build"}
    assert "nothing was proved in this build" in text(page)
    assert {cells(row)[3] for row in shown(made, traceability.pages, "traceability/index").select("tr[data-rule]")} == {"not checked"}


def test_without_the_solver_the_pages_are_made_and_say_what_is_missing(tmp_path: Path) -> None:
    rules = small.write(tmp_path)
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_SOLVER, str(rules)], capture_output=True, text=True, check=False, cwd=Path(__file__).parent
    )

    assert ran.stderr == ""
    page = BeautifulSoup(ran.stdout, "html.parser")
    install = 'not checked in this build: proofs need z3: pip install "ent-pathways[author]"'
    for part in ("check", "coverage"):
        assert text(page.select_one(f"#part-{part} strong.pw-bad")) == install


WITHOUT_SOLVER = """
import sys
from pathlib import Path
sys.modules["z3"] = None
from pathways.site.page import render
from pathways.site.pages import verification
from pathways.site.volume import open_volume
volume = open_volume(Path(sys.argv[1]), "2026-11-25", checks=True)
[page] = verification.pages(volume)
print(render(page, lambda path, anchor="": "#", lambda name: name, **volume.common))
"""


def test_a_rule_says_which_properties_speak_of_it(tmp_path: Path) -> None:
    """One that can never hold is refuted by name; the others in its file are not."""
    never = ("nose.yaml", "when: {all: [{bleeding: no}, {fever: no}]}", "when: {all: [{bleeding: no}, bleeding]}")
    proofs = tiny(tmp_path, never).proofs

    assert [(one.property, one.verdict) for one in proofs.of_rule("nose", "well")][:1] == [("P5a", "refuted")]
    assert ("P5a", "proved") in [(one.property, one.verdict) for one in proofs.of_rule("nose", "bleed")]
    assert ("P3r", "proved") in [(one.property, one.verdict) for one in proofs.of_rule("red_flags", "choking")]
    [remark] = proofs.of_rule("nose", "well")[0].remarks
    assert remark["code"] == "dead-rule"
    assert "P12" not in [one.property for one in proofs.of_pathway("nose")]


REQUIREMENT = """\
never_below:
  drips: {means: a nose that drips, pathways: [nose], when: bleeding, urgency: immediate, sources: [E1]}
  chokes: {means: somebody who chokes, pathways: [nose], when: choking, urgency: immediate, sources: [E1]}
"""


def test_each_requirement_has_a_verdict_of_its_own(tmp_path: Path) -> None:
    made = tiny(tmp_path, requirements=REQUIREMENT)
    page = shown(made, verification.pages, "verification")

    assert cells(page.select_one("#requirement-drips"))[1:] == ["below immediate", "E1", "refuted"]
    assert cells(page.select_one("#requirement-chokes"))[1:] == ["below immediate", "E1", "proved"]


# -- the record of a tool that ran elsewhere ---------------------------------------------------------------------------


@cache
def _record() -> str:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        rules = small.write(Path(folder))
        (rules / "nose.cases.yaml").write_text(CASES, encoding="utf-8")
        return verified(rules, date.fromisoformat(DAY), ("mutants",)).to_json()


def test_a_record_of_other_rules_or_other_cases_is_refused(tmp_path: Path) -> None:
    made = tiny(tmp_path, checks=False)
    record = tmp_path / "verification.json"
    record.write_text(_record(), encoding="utf-8")
    digest = made.ruleset.digest

    assert "mutants" in verify(made.folder, digest, DAY, False, record).parts
    with pytest.raises(NotVerified, match=r"verification.json` is of the rules \w{12}, and these are 000000000000: run"):
        verify(made.folder, "0" * 64, DAY, False, record)
    (made.folder / "nose.cases.yaml").write_text(CASES.replace("bleeds,", "drips,"), encoding="utf-8")
    with pytest.raises(NotVerified, match=r"was made with another nose.cases.yaml: run"):
        verify(made.folder, digest, DAY, False, record)
    with pytest.raises(NotVerified, match=r"none.json` cannot be read: no such file"):
        verify(made.folder, digest, DAY, False, tmp_path / "none.json")


def test_a_build_with_a_record_of_other_rules_ends_with_words(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    small.write(tmp_path, ("ruleset.yaml", "title: Tiny", "title: Other"))
    (tmp_path / "verification.json").write_text(_record(), encoding="utf-8")

    with pytest.raises(Abort):
        build(tmp_path, plugin={"record": "verification.json", "checks": False})
    assert "the verification report `" in caplog.text
    assert "verification.json` is of the rules" in caplog.text


def test_a_rule_says_what_the_conditions_mean_that_it_names(tmp_path: Path) -> None:
    """In full where the rule stands, so that nobody has to look for it."""
    page = shown(tiny(tmp_path), rules.pages, "nose/rules")

    [full] = page.select("section[data-rule=bleed] .pw-full")
    assert text(full.parent) == "under 2 years: age under 2 years"


# -- what changed ----------------------------------------------------------------------------------------------------


def test_after_one_threshold_is_moved_whoever_is_worse_off_comes_first(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    old = small.write(tmp_path / "old")
    made = tiny(tmp_path, ("ruleset.yaml", "{age: {below: 2}}", "{age: {below: 1}}"), checks=False)
    made = replace(made, changes=since(made.folder, str(old), None, True))
    page = shown(made, changes.pages, "changes")

    first = page.select_one("section.pw-change")
    assert first["data-direction"] == "worse"
    assert text(first.h3) == "1. Nose: urgency: urgent → none"
    assert "takes: not none - unless other findings decide" in text(first)
    assert "Patient: takes: warfarin; age 1 year; all else absent" in text(first)
    assert [cells(row)[1] for row in first.select("tbody tr")] == [
        "urgent; phone ENT now, within 4 hours",
        "none; nobody is called",
    ]
    assert made.changes.found is not None
    assert len(page.select("section.pw-change")) == len(made.changes.found.changes) + len(made.changes.found.apart)
    assert str(tmp_path) not in text(page).replace(str(old), "")


def edited(tmp_path: Path, *edits: small.Edit) -> list[list[str]]:
    """Where, old and new, of every edit that the page tells."""
    (tmp_path / "old").mkdir()
    old = small.write(tmp_path / "old")
    made = tiny(tmp_path, *edits, checks=False)
    page = shown(replace(made, changes=since(made.folder, str(old), None, True)), changes.pages, "changes")
    return [row for table in page.select("#edited ~ .pw-dense table") for row in rows_of(table)]


def test_an_edit_of_a_condition_is_told_in_words(tmp_path: Path) -> None:
    edit = ("nose.yaml", "when: {any: [bleeding,", "when: {any: [{temperature: {at_least: 39}},")

    where, before, after = edited(tmp_path, edit)[0]

    assert where == "Nose: bleed: condition pathways.nose.rules.bleed.when"
    assert before == "bleeds; or (under 2 years; and takes: warfarin)"
    assert after == "temperature at least 39 °C; or (under 2 years; and takes: warfarin)"


def test_an_edit_of_an_outcome_is_told_in_words(tmp_path: Path) -> None:
    edit = ("nose.yaml", "contact: now, within: PT4H}], actions: [pack]}", "contact: now, within: PT1H, site: {minutes: {above: 30}}}]}")

    where, before, after = edited(tmp_path, edit)[0]

    assert where == "Nose: bleed: outcome pathways.nose.rules.bleed.then"
    assert before == "urgentENT: phone now, within 4 hoursPack the nose."
    assert after == "urgentENT: phone now, within 1 hour (if minutes to ENT: above: 30)"


def test_an_edit_of_sources_or_of_what_is_gone_is_told_in_words(tmp_path: Path) -> None:
    sourced = ("nose.yaml", "sources: [row-1]", "sources: [row-1, G1]")
    renamed = (
        "ruleset.yaml",
        "  small: {means: under 2 years, when: {age: {below: 2}}}",
        "  little: {means: under 2, when: {age: {below: 2}}}",
    )
    used = ("nose.yaml", "[small,", "[little,")

    told = {where: (before, after) for where, before, after in edited(tmp_path, sourced, renamed, used)}

    assert told["Nose: bleed: sources pathways.nose.rules.bleed.sources"] == ("row-1", "row-1, G1")
    assert told["definitions: small definitions.small"] == ("under 2 years", "not there")
    assert told["Nose: bleed: condition pathways.nose.rules.bleed.when"][0] == "bleeds; or (small; and takes: warfarin)"


@pytest.mark.parametrize("pathway", [None, *(path.name for path in RULES.glob("*.cases.yaml"))])
def test_every_condition_of_the_content_is_read_back(volume: Volume, pathway: str | None) -> None:
    """What `of_tree` reads is what `tree` wrote, for every rule and definition."""
    authored = volume.authored
    found = authored.red_flags if pathway is None else authored.pathways[pathway.removesuffix(".cases.yaml")].rules
    named = authored.definitions_of("red_flags" if pathway is None else pathway.removesuffix(".cases.yaml"))

    for condition in (*found.values(), *named.values()):
        assert of_tree(tree(condition)) == condition


def test_where_nothing_was_approved_the_page_says_so(tmp_path: Path) -> None:
    page = shown(tiny(tmp_path, checks=False), changes.pages, "changes")

    assert "Nothing was ever approved, so there is nothing to compare these rules with." in text(page)
    assert since(tmp_path, "main", None, checks=False) == Since("main", None, "not compared in this build: checks are off")


def test_a_build_against_what_is_no_version_ends_with_words(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    small.write(tmp_path)

    with pytest.raises(Abort):
        build(tmp_path, plugin={"against": "nowhere", "checks": True})
    assert "the rules are not compared with `nowhere`: `nowhere` is neither" in caplog.text


# -- words -----------------------------------------------------------------------------------------------------------


def test_the_glossary_has_every_level_limit_and_service(volume: Volume) -> None:
    page = shown(volume, glossary.pages, "glossary")
    data = volume.ruleset.content()

    assert [text(page.select_one(f"#level-{one['id']} td:nth-of-type(2)")) for one in data["urgency"]] == [
        line(one["label"]) for one in data["urgency"]
    ]
    assert rows_of(page.select_one("#limits").find_next("table")) == [[one["label"], one["id"]] for one in data["limits"]]
    assert rows_of(page.select_one("#services").find_next("table")) == [[one["name"], one["id"]] for one in data["services"]]


def test_no_page_claims_what_nobody_can_claim(volume: Volume) -> None:
    """Of the words that we write ourselves; what a rule file says is its author's."""
    import re

    templates = Path(verification.__file__).parent.parent / "templates"
    for file in templates.glob("*.j2"):
        assert not re.search(r"\b(safe|validated|compliant|medical device)\b", file.read_text(encoding="utf-8")), file.name


def test_the_parts_of_a_verification_are_named_where_nothing_is_known() -> None:
    assert set(Verified().missing) == {"check", "coverage", "mutants", "differential"}
    assert json.dumps(dict(Verified().parts)) == "{}"
