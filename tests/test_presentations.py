"""What is known of a patient is read exactly or refused: nothing is guessed, nothing ignored, whatever comes through a door."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pathways
import small
from pathways import InvalidPresentation, replay
from pathways.decision import canonical
from pathways.findings import number
from pathways.presentations import Presentation, answer_of, decimal_of, from_json


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> pathways.RuleSet:
    """Yes/no findings, the choice `tablets`, the numbers `age` (0 to 120) and `temperature` (25 to 45)."""
    return small.load(tmp_path_factory.mktemp("presentations"))


def refused(ruleset: pathways.RuleSet, given: Mapping[Any, Any]) -> str:
    with pytest.raises(InvalidPresentation) as caught:
        ruleset.reader.read(given)
    return str(caught.value)


def refused_json(ruleset: pathways.RuleSet, text: str | bytes) -> str:
    with pytest.raises(InvalidPresentation) as caught:
        ruleset.reader.read(from_json(text, ruleset.findings))
    return str(caught.value)


def cells(ruleset: pathways.RuleSet, given: Mapping[str, Any], finding: str) -> str:
    """How the cells that an answer leaves are said."""
    return ruleset.findings[finding].say(ruleset.reader.read(given).box)


# -- Python ------------------------------------------------------------------------------------------------------------

YES_NO = 'answer yes or no (True or False in Python; true, false, "yes" or "no" in JSON)'
AGE = "a number from 0 to 120 years"
REFUSED: dict[str, tuple[dict[Any, Any], str]] = {
    "1 for yes": ({"fever": 1}, f"presentation: error[wrong-kind]: `fever` is a yes/no finding, and `1` was given\n  help: {YES_NO}"),
    "0 for no": ({"fever": 0}, f"presentation: error[wrong-kind]: `fever` is a yes/no finding, and `0` was given\n  help: {YES_NO}"),
    "the word yes": ({"fever": "yes"}, f"presentation: error[wrong-kind]: `fever` is a yes/no finding, and `yes` was given\n  help: {YES_NO}"),
    "nothing but quotes": ({"fever": ""}, f"presentation: error[wrong-kind]: `fever` is a yes/no finding, and `` was given\n  help: {YES_NO}"),
    "a list of yes": ({"fever": [True]}, f"presentation: error[wrong-kind]: `fever` is a yes/no finding, and `[True]` was given\n  help: {YES_NO}"),
    "yes for a number": ({"age": True}, f"presentation: error[wrong-kind]: `age` is a number, and `True` was given\n  help: {AGE}"),
    "a reason without its key": ({"fever": "asked-unknown"}, 'presentation: error[wrong-kind]: `fever` is a yes/no finding, and `asked-unknown` was given\n  help: a reason for absence is given as {"unknown": "asked-unknown"}'),
    "a number as a form sends it": ({"age": "7"}, f"presentation: error[wrong-kind]: `age` is a number, and `7` was given\n  help: {AGE}, not as text: without quotes"),
    "a word for a number": ({"age": "seven"}, f"presentation: error[wrong-kind]: `age` is a number, and `seven` was given\n  help: {AGE}"),
    "a leading zero": ({"age": "07"}, f"presentation: error[wrong-kind]: `age` is a number, and `07` was given\n  help: {AGE}, in plain digits: no exponent, no leading zero"),
    "a number of another library": ({"age": Fraction(1, 3)}, f"presentation: error[wrong-kind]: `age` is a number, and `1/3` was given\n  help: {AGE}, as int, float or Decimal"),
    "not a number": ({"age": math.nan}, f"presentation: error[wrong-kind]: `age` is a number, and `nan` was given\n  help: {AGE}"),
    "infinity": ({"age": math.inf}, f"presentation: error[wrong-kind]: `age` is a number, and `inf` was given\n  help: {AGE}"),
    "1e400": ({"age": 1e400}, f"presentation: error[wrong-kind]: `age` is a number, and `inf` was given\n  help: {AGE}"),
    "a decimal that is none": ({"age": Decimal("NaN")}, f"presentation: error[wrong-kind]: `age` is a number, and `NaN` was given\n  help: {AGE}"),
    "a decimal that signals": ({"age": Decimal("sNaN")}, f"presentation: error[wrong-kind]: `age` is a number, and `sNaN` was given\n  help: {AGE}"),
    "a complex number": ({"age": 7j}, f"presentation: error[wrong-kind]: `age` is a number, and `7j` was given\n  help: {AGE}"),
    "too old": ({"age": 121}, f"presentation: error[out-of-range]: `age` ranges from 0 to 120 years, and `121` was given\n  help: {AGE}"),
    "not yet born": ({"age": -0.5}, f"presentation: error[out-of-range]: `age` ranges from 0 to 120 years, and `-0.5` was given\n  help: {AGE}"),
    "a little too old": ({"age": Decimal("120.01")}, f"presentation: error[out-of-range]: `age` ranges from 0 to 120 years, and `120.01` was given\n  help: {AGE}"),
    "a value that is not there": ({"tablets": "warfarine"}, "presentation: error[unknown-value]: `tablets` has other values, and `warfarine` was given\n  help: did you mean `warfarin`? one of: none, warfarin, aspirin"),
    "yes for a choice": ({"tablets": True}, "presentation: error[unknown-value]: `tablets` has other values, and `True` was given\n  help: one of: none, warfarin, aspirin"),
    "one of several is wrong": ({"tablets": ["none", "heparin"]}, "presentation: error[unknown-value]: `tablets` has other values, and `heparin` was given\n  help: one of: none, warfarin, aspirin"),
    "one of no values": ({"tablets": []}, "presentation: error[wrong-kind]: `tablets` is a choice, and `[]` was given\n  help: name at least one of: none, warfarin, aspirin"),
    "a finding misspelt": ({"fevr": True}, "presentation: error[unknown-finding]: `fevr` is not a finding\n  help: did you mean `fever`?"),
    "a finding that is far": ({"x": True}, "presentation: error[unknown-finding]: `x` is not a finding\n  help: `pathways list --findings` names them all"),
    "a finding in capitals": ({"FEVER": True}, "presentation: error[unknown-finding]: `FEVER` is not a finding\n  help: did you mean `fever`?"),
    "a finding that is no text": ({7: True}, "presentation: error[unknown-finding]: `7` is not a finding\n  help: `pathways list --findings` names them all"),
    "nobody is a finding": ({"x" * 90: None}, f"presentation: error[unknown-finding]: `{'x' * 57}...` is not a finding\n  help: `pathways list --findings` names them all"),
    "an unknown reason": ({"fever": {"unknown": "forgot"}}, "presentation: error[unknown-reason]: `fever` has no such reason for absence, and `{unknown: forgot}` was given\n  help: write {\"unknown\": reason} with one of: not-asked, asked-unknown, unable-to-assess"),
    "a reason and more": ({"fever": {"unknown": "not-asked", "x": 1}}, "presentation: error[unknown-reason]: `fever` has no such reason for absence, and `{unknown: not-asked, x: 1}` was given\n  help: write {\"unknown\": reason} with one of: not-asked, asked-unknown, unable-to-assess"),
    "a range that is upside down": ({"age": {"from": 50, "below": 40}}, "presentation: error[empty-range]: `age` has no value in that range, and `{from: 50, below: 40}` was given\n  help: `from` lies under `below`"),
    "a range of nothing": ({"age": {"from": 40, "below": 40}}, "presentation: error[empty-range]: `age` has no value in that range, and `{from: 40, below: 40}` was given\n  help: `from` lies under `below`"),
    "below the lowest": ({"age": {"below": 0}}, "presentation: error[empty-range]: `age` has no value in that range, and `{below: 0}` was given\n  help: `from` lies under `below`"),
    "a range without ends": ({"age": {}}, 'presentation: error[wrong-kind]: `age` is a number, and `{}` was given\n  help: a range is written {"from": lowest, "below": highest}'),
    "a range of another kind": ({"age": {"above": 3}}, "presentation: error[wrong-kind]: `age` is a number, and `{above: 3}` was given\n  help: a range is written {\"from\": lowest, \"below\": highest}"),
    "a range out of range": ({"age": {"from": 40, "below": 121}}, f"presentation: error[out-of-range]: `age` ranges from 0 to 120 years, and `121` was given\n  help: {AGE}"),
    "a range of no numbers": ({"age": {"from": math.nan}}, f"presentation: error[wrong-kind]: `age` is a number, and `nan` was given\n  help: {AGE}"),
    "more digits than can be read": ({"age": Decimal("1E-1000")}, f"presentation: error[too-long]: `age` is a number of at most 400 characters, and `1E-1000` was given\n  help: {AGE}"),
    "a range from more digits than can be read": ({"age": {"from": Decimal("1E-1000")}}, f"presentation: error[too-long]: `age` is a number of at most 400 characters, and `1E-1000` was given\n  help: {AGE}"),
    "more digits than fit in memory": ({"age": Decimal("1E-999999999")}, f"presentation: error[too-long]: `age` is a number of at most 400 characters, and `1E-999999999` was given\n  help: {AGE}"),
    "a range of a yes/no finding": ({"fever": {"from": 1}}, f"presentation: error[wrong-kind]: `fever` is a yes/no finding, and `{{from: 1}}` was given\n  help: {YES_NO}"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_answer_is_refused_with_a_cure(ruleset: pathways.RuleSet, name: str) -> None:
    given, wanted = REFUSED[name]

    assert refused(ruleset, given) == wanted


def test_every_mistake_is_told_at_once(ruleset: pathways.RuleSet) -> None:
    assert refused(ruleset, {"fever": 1, "age": 130, "fevr": True, "bleeding": True}).count("error[") == 3


def test_a_digit_string_longer_than_python_writes_is_out_of_range_and_no_traceback(ruleset: pathways.RuleSet) -> None:
    assert "error[out-of-range]: `age` ranges from 0 to 120 years" in refused(ruleset, {"age": 10**5_000})
    assert "error[unknown-finding]" in refused(ruleset, {10**5_000: True})


def test_a_mapping_deeper_than_python_recurses_is_refused_and_no_traceback(ruleset: pathways.RuleSet) -> None:
    deep: dict[str, Any] = {}
    for _ in range(20_000):
        deep = {"from": deep}
    for value in (deep, {"unknown": deep}, [deep], {"decimal": deep}):
        with pytest.raises(InvalidPresentation) as refused:
            ruleset.reader.read({"age": value})
        assert len(str(refused.value)) < 300


@pytest.mark.parametrize("given", [{f"fevr{n}": True for n in range(50_000)}, {"tablets": ["x"] * 100_000}])
def test_very_many_mistakes_are_not_all_told(ruleset: pathways.RuleSet, given: dict[str, Any]) -> None:
    began = time.process_time()
    with pytest.raises(InvalidPresentation) as refused:
        ruleset.reader.read(given)

    assert str(refused.value.remarks[-1]) == "presentation: error[too-many]: 200 mistakes, and there are more\n  help: correct these first"
    assert len(refused.value.remarks) == 201
    assert time.process_time() - began < 1


def test_a_list_deeper_than_python_prints_is_refused_and_no_traceback(ruleset: pathways.RuleSet) -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]

    assert "error[wrong-kind]: `age` is a number" in refused(ruleset, {"age": deep})
    while deep:
        deep = deep[0]


@pytest.mark.parametrize("value", [37.95, Decimal("37.95"), Decimal("37.95000000000000000000000001"), 37.999999999999996])
def test_a_number_is_compared_as_it_is_written_and_never_rounded(ruleset: pathways.RuleSet, value: Any) -> None:
    """38 is fever; 37.95 is shown as 38.0 by many a device, and is not."""
    assert cells(ruleset, {"temperature": value}, "temperature") == "temperature under 38 °C"
    assert cells(ruleset, {"temperature": 38}, "temperature") == "temperature at least 38 °C"
    assert cells(ruleset, {"temperature": 38.0}, "temperature") == "temperature at least 38 °C"


@pytest.mark.parametrize(
    ("value", "left"),
    [
        (None, "age any years"),
        ("unknown", "age any years"),
        ({"unknown": "asked-unknown"}, "age any years"),
        ({"unknown": "unable-to-assess"}, "age any years"),
        ({"from": 40, "below": 50}, "age at least 2 years"),
        ({"from": 1, "below": 3}, "age any years"),
        ({"from": 1, "below": 2}, "age under 2 years"),
        ({"below": 2}, "age under 2 years"),
        ({"below": Decimal("2.01")}, "age any years"),
        ({"from": 2}, "age at least 2 years"),
        ({"from": 120}, "age at least 2 years"),
        (2, "age at least 2 years"),
        (1.99, "age under 2 years"),
    ],
)
def test_a_number_known_in_part_leaves_the_cells_that_it_touches(ruleset: pathways.RuleSet, value: Any, left: str) -> None:
    assert cells(ruleset, {"age": value}, "age") == left


@pytest.mark.parametrize(
    "value", [["warfarin", "aspirin"], ("aspirin", "warfarin"), {"warfarin", "aspirin"}, ["warfarin", "aspirin", "aspirin"]]
)
def test_a_choice_known_in_part_leaves_its_values(ruleset: pathways.RuleSet, value: Any) -> None:
    assert cells(ruleset, {"tablets": value}, "tablets") == "takes: warfarin or aspirin"


def test_an_answer_implies_that_the_finding_applies(ruleset: pathways.RuleSet) -> None:
    """And a reason for absence does not."""
    assert ruleset.reader.read({"clot": False}).box & ruleset.findings["clot"].not_applicable == 0
    assert ruleset.reader.read({"clot": None}).box & ruleset.findings["clot"].not_applicable
    assert ruleset.reader.read({"clot": {"unknown": "unable-to-assess"}}).box & ruleset.findings["clot"].not_applicable


@pytest.mark.parametrize(
    ("value", "reason"), [(None, "not-asked"), ("unknown", "not-asked"), ({"unknown": "asked-unknown"}, "asked-unknown"), (True, None)]
)
def test_left_out_nothing_and_unknown_all_mean_not_asked(ruleset: pathways.RuleSet, value: Any, reason: str | None) -> None:
    assert ruleset.reader.read({"fever": value}).reason("fever") == reason
    assert ruleset.reader.read({}).reason("fever") == "not-asked"


def test_what_was_read_is_not_changed_by_a_caller_later(ruleset: pathways.RuleSet) -> None:
    values = ["warfarin"]
    given: dict[str, Any] = {"tablets": values, "age": {"from": 1, "below": 2}}
    presentation = ruleset.reader.read(given)
    values.append("nonsense")
    given["age"]["from"] = 99

    assert presentation.to_dict() == {"age": {"below": 2, "from": 1}, "tablets": ["warfarin"]}
    with pytest.raises(TypeError):
        presentation.given["age"] = 1  # type: ignore[index]


# -- JSON --------------------------------------------------------------------------------------------------------------

REFUSED_JSON: dict[str, tuple[Any, str]] = {
    "no text": ({"age": 7}, "presentation: error[not-text]: JSON is text or bytes, and `{age: 7}` was given\n  help: give the text; values of Python go to `decide`"),
    "no text at all": (None, "presentation: error[not-text]: JSON is text or bytes, and `None` was given\n  help: give the text; values of Python go to `decide`"),
    "not UTF-8": (b'{"age": \xff}', "presentation: error[not-utf-8]: byte 8 is not UTF-8\n  help: save the file as UTF-8"),
    "too large": ('{"age": 7' + " " * 1_000_000 + "}", "presentation: error[too-large]: more than 1,000,000 characters\n  help: give one patient at a time"),
    "too large in bytes": (b'{"age": 7' + b" " * 1_000_000 + b"}", "presentation: error[too-large]: more than 1,000,000 bytes\n  help: give one patient at a time"),
    "brackets": ("[" * 200_000, "presentation: error[too-deep]: more than 32 levels of brackets\n  help: a presentation is an object of findings and values"),
    "braces": ('{"a":' * 100_000, "presentation: error[too-deep]: more than 32 levels of brackets\n  help: a presentation is an object of findings and values"),
    "a duplicate key": ('{"age": 7, "age": 8}', "presentation: error[duplicate-key]: `age` is given twice\n  help: delete one of the two"),
    "a duplicate key inside": ('{"age": {"from": 1, "from": 2}}', "presentation: error[duplicate-key]: `from` is given twice\n  help: delete one of the two"),
    "a list": ("[]", 'presentation: error[not-an-object]: a presentation is an object of findings and values\n  help: {"age_years": 7, "fever": "no"}'),
    "nothing": ("null", 'presentation: error[not-an-object]: a presentation is an object of findings and values\n  help: {"age_years": 7, "fever": "no"}'),
    "a text": ('"age"', 'presentation: error[not-an-object]: a presentation is an object of findings and values\n  help: {"age_years": 7, "fever": "no"}'),
    "no JSON": ('{"age" 7}', "presentation:1:8: error[syntax]: not JSON: expecting ':' delimiter\n  help: check quotes, commas and brackets"),
    "an empty text": ("", "presentation:1:1: error[syntax]: not JSON: expecting value\n  help: check quotes, commas and brackets"),
    "a byte order mark": ("\ufeff{}", "presentation:1:1: error[syntax]: not JSON: unexpected utf-8 bom (decode using utf-8-sig)\n  help: check quotes, commas and brackets"),
    "NaN": ('{"age": NaN}', f"presentation: error[wrong-kind]: `age` is a number, and `NaN` was given\n  help: {AGE}"),
    "infinity": ('{"age": -Infinity}', f"presentation: error[wrong-kind]: `age` is a number, and `-Infinity` was given\n  help: {AGE}"),
    "an exponent": ('{"age": 1e1}', f"presentation: error[wrong-kind]: `age` is a number, and `1e1` was given\n  help: {AGE}, in plain digits: no exponent, no leading zero"),
    "a huge exponent": ('{"age": 1e400}', f"presentation: error[wrong-kind]: `age` is a number, and `1e400` was given\n  help: {AGE}"),
    "a leading zero": ('{"age": 07}', "presentation:1:10: error[syntax]: not JSON: expecting ',' delimiter\n  help: check quotes, commas and brackets"),
    "many digits": ('{"age": ' + "9" * 5_000 + "}", f"presentation: error[wrong-kind]: `age` is a number, and `{'9' * 57}...` was given\n  help: {AGE}"),
    "many digits after the point": ('{"age": 1.' + "0" * 5_000 + "}", f"presentation: error[wrong-kind]: `age` is a number, and `1.{'0' * 55}...` was given\n  help: {AGE}"),
    "a number in quotes": ('{"age": "7"}', f"presentation: error[wrong-kind]: `age` is a number, and `7` was given\n  help: {AGE}, not as text: without quotes"),
    "1 for yes": ('{"fever": 1}', f"presentation: error[wrong-kind]: `fever` is a yes/no finding, and `1` was given\n  help: {YES_NO}"),
    "Yes": ('{"fever": "Yes"}', f"presentation: error[wrong-kind]: `fever` is a yes/no finding, and `Yes` was given\n  help: {YES_NO}"),
    "the text true": ('{"fever": "true"}', f"presentation: error[wrong-kind]: `fever` is a yes/no finding, and `true` was given\n  help: {YES_NO}"),
    "half a character": ('{"tablets": "\\ud800"}', "presentation: error[unknown-value]: `tablets` has other values, and `\\ud800` was given\n  help: one of: none, warfarin, aspirin"),
    "half a character as a name": ('{"\\ud800": true}', "presentation: error[unknown-finding]: `\\ud800` is not a finding\n  help: `pathways list --findings` names them all"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED_JSON)
def test_json_that_cannot_be_meant_is_refused_with_a_cure(ruleset: pathways.RuleSet, name: str) -> None:
    text, wanted = REFUSED_JSON[name]

    assert refused_json(ruleset, text) == wanted


@pytest.mark.parametrize(
    ("written", "answer"), [('"yes"', True), ("true", True), ('"no"', False), ("false", False), ("null", None), ('"unknown"', "unknown")]
)
def test_yes_and_no_in_json(ruleset: pathways.RuleSet, written: str, answer: bool | None) -> None:
    assert from_json(f'{{"fever": {written}}}', ruleset.findings) == {"fever": answer}


@pytest.mark.parametrize("written", ["37.95", "37.9500000000000000000001", "38", "25", "45.0", '{"decimal": "37.95"}'])
def test_a_number_in_json_is_the_decimal_that_is_written(ruleset: pathways.RuleSet, written: str) -> None:
    given = from_json(f'{{"temperature": {written}}}', ruleset.findings)

    assert given == {"temperature": Decimal(json.loads(written)["decimal"] if "decimal" in written else written)}
    assert cells(ruleset, given, "temperature") == f"temperature {'under' if '37' in written or '25' in written else 'at least'} 38 °C"


def test_brackets_inside_a_text_do_not_count_as_nesting(ruleset: pathways.RuleSet) -> None:
    assert "error[unknown-value]" in refused_json(ruleset, json.dumps({"tablets": '[{\\"' * 100}))


# -- typed words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("finding", "typed", "answer"),
    [
        ("fever", "yes", True),
        ("fever", "no", False),
        ("fever", "unknown", "unknown"),
        ("fever", "unable-to-assess", {"unknown": "unable-to-assess"}),
        ("age", "7", Decimal(7)),
        ("age", "-0.5", Decimal("-0.5")),
        ("tablets", "warfarin", "warfarin"),
    ],
)
def test_a_typed_word_is_its_answer(ruleset: pathways.RuleSet, finding: str, typed: str, answer: Any) -> None:
    assert answer_of(ruleset.findings[finding], typed) == answer


@pytest.mark.parametrize(
    ("finding", "typed"),
    [
        (name, typed)
        for name in ("fever", "age")
        for typed in ("true", "y", "Yes", "1e1", "07", "1.", ".5", "+1", "٣", "1_0", "NaN", "inf", "", " ")
    ]
    + [("fever", "1"), ("fever", "0"), ("tablets", "7")],
)
def test_a_word_that_is_no_answer_is_refused_by_the_reader(ruleset: pathways.RuleSet, finding: str, typed: str) -> None:
    assert "error[" in refused(ruleset, {finding: answer_of(ruleset.findings[finding], typed)})


# -- pathways ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (["nos"], "pathways: error[unknown-pathway]: `nos` is not a pathway\n  help: did you mean `nose`?"),
        (["ear"], "pathways: error[unknown-pathway]: `ear` is not a pathway\n  help: one of: nose"),
        ([], "pathways: error[no-pathway]: no pathway is asked\n  help: name one of: nose"),
        (["nose", "nose"], "pathways: error[pathway-twice]: a pathway is asked twice\n  help: name each once"),
        (
            pathways.load().pathways["epistaxis"],
            "pathways: error[wrong-kind]: pathways are named, and the `Pathway` itself was given\n  help: give its id: `epistaxis`",
        ),
        ([7], "pathways: error[unknown-pathway]: `7` is not a pathway\n  help: one of: nose"),
        (
            7,
            "pathways: error[wrong-kind]: pathways are a name or a list of names, and `7` was given\n  help: their order is that of the record",
        ),
        (
            None,
            "pathways: error[wrong-kind]: pathways are a name or a list of names, and `None` was given\n  help: their order is that of the record",
        ),
        (
            b"nose",
            "pathways: error[wrong-kind]: pathways are a name or a list of names, and `b'nose'` was given\n  help: their order is that of the record",
        ),
        (
            {"nose"},
            "pathways: error[wrong-kind]: pathways are a name or a list of names, and `[nose]` was given\n  help: their order is that of the record",
        ),
        ([["nose"]], "pathways: error[unknown-pathway]: `[nose]` is not a pathway\n  help: did you mean `nose`?"),
    ],
)
def test_pathways_that_cannot_be_asked(ruleset: pathways.RuleSet, asked: Any, wanted: str) -> None:
    with pytest.raises(InvalidPresentation) as caught:
        ruleset.decide({}, asked)

    assert str(caught.value) == wanted


@pytest.mark.parametrize(
    "asked", ["nose", ["nose"], ("nose",), {"nose": 1}, iter(["nose"]), {"nose": 1}.keys()], ids=lambda asked: type(asked).__name__
)
def test_a_pathway_is_asked_by_name_or_in_any_collection_that_has_an_order(ruleset: pathways.RuleSet, asked: Any) -> None:
    assert ruleset.decide({}, asked).pathways == ("nose",)


@pytest.mark.parametrize(
    ("given", "told"), [(None, "None"), (7, "7"), ("fever", "fever"), ('{"fever": true}', '{"fever": true}'), (["fever"], "[fever]"), ([("fever", True)], "[[fever, True]]")]
)  # fmt: skip
def test_what_is_no_presentation_is_refused_in_words(ruleset: pathways.RuleSet, given: Any, told: str) -> None:
    with pytest.raises(InvalidPresentation) as caught:
        ruleset.decide(given, "nose")

    assert str(caught.value) == (
        f"presentation: error[not-a-presentation]: a presentation maps findings to answers, and `{told}` was given\n"
        '  help: {"age_years": 7, "fever": False}; JSON text is read by `read_json`'
    )


def test_json_text_is_read_for_a_decision(ruleset: pathways.RuleSet) -> None:
    presentation = ruleset.read_json(
        b'{"fever": "yes", "age": 7.50, "tablets": ["warfarin", "none"], "clot": {"unknown": "asked-unknown"}}'
    )

    assert ruleset.decide(presentation, "nose") == ruleset.decide(
        {"fever": True, "age": 7.5, "tablets": {"none", "warfarin"}, "clot": {"unknown": "asked-unknown"}}, "nose"
    )
    with pytest.raises(InvalidPresentation, match="duplicate-key"):
        ruleset.read_json('{"age": 7, "age": 8}')


# -- whatever comes ----------------------------------------------------------------------------------------------------

anything = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.text(max_size=8), st.binary(max_size=4), st.complex_numbers(),
        st.sampled_from(["yes", "no", "unknown", "warfarin", "not-asked", 38, 37.95, Decimal("1E-400"), Decimal("1E+400"), 10**50]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.tuples(inner), st.frozensets(st.text(max_size=3), max_size=2),
        st.dictionaries(st.sampled_from(["from", "below", "unknown", "decimal", "x"]), inner, max_size=2),
    ),
    max_leaves=4,
)  # fmt: skip
names = st.one_of(
    st.sampled_from(["fever", "age", "temperature", "tablets", "clot", "fevr"]), st.text(max_size=5), st.integers(), st.none()
)


@settings(deadline=None, max_examples=300)
@given(given=st.dictionaries(names, anything, max_size=3))
def test_reading_never_raises_anything_but_a_refusal_and_never_changes_what_was_given(
    ruleset: pathways.RuleSet, given: dict[Any, Any]
) -> None:
    before = repr(given)
    try:
        presentation = ruleset.reader.read(given)
    except InvalidPresentation as error:
        assert error.remarks
    else:
        assert presentation.box & ~ruleset.space.everything == 0
        assert all(presentation.box & mask for mask in ruleset.space.masks.values())
    assert repr(given) == before


@settings(deadline=None, max_examples=300)
@given(given=st.one_of(anything, st.dictionaries(names, anything, max_size=2)), asked=st.one_of(anything, st.just("nose")))
def test_deciding_never_raises_anything_but_a_refusal_whatever_the_arguments(ruleset: pathways.RuleSet, given: Any, asked: Any) -> None:
    try:
        decision = ruleset.decide(given, asked)
    except InvalidPresentation as error:
        assert error.remarks
    else:
        assert replay(decision.to_json(), ruleset).same


@settings(deadline=None, max_examples=300)
@given(
    record=st.one_of(anything, st.dictionaries(st.sampled_from(["format", "presentation", "pathways"]), anything, max_size=3)),
    keep=st.booleans(),
)
def test_replaying_never_raises_anything_but_a_refusal(ruleset: pathways.RuleSet, record: Any, keep: bool) -> None:
    """Also where the rest of the record is whole."""
    if keep and isinstance(record, dict):
        record = {**ruleset.decide({}, "nose").to_dict(), **record}
    try:
        replay(record, ruleset)
    except InvalidPresentation as error:
        assert error.remarks


@settings(deadline=None, max_examples=200)
@given(
    text=st.one_of(
        st.text(max_size=30),
        st.binary(max_size=30),
        st.builds(
            json.dumps,
            st.dictionaries(
                st.sampled_from(["age", "fever", "tablets", "x"]),
                st.one_of(st.floats(), st.text(max_size=3), st.lists(st.none())),
                max_size=2,
            ),
        ),
    )
)
def test_json_never_raises_anything_but_a_refusal(ruleset: pathways.RuleSet, text: str | bytes) -> None:
    try:
        ruleset.reader.read(from_json(text, ruleset.findings))
    except InvalidPresentation as error:
        assert error.remarks


numbers = st.one_of(
    st.integers(0, 120), st.floats(0, 120), st.decimals(0, 120, allow_nan=False), st.sampled_from([Decimal("2.00000000000000000000000000000000001"), Decimal("1E-50"), Decimal("2E0"), -0.0])
)  # fmt: skip
answers = st.fixed_dictionaries(
    {},
    optional={
        "fever": st.one_of(st.booleans(), st.none(), st.sampled_from(["unknown", {"unknown": "asked-unknown"}, {"unknown": "not-asked"}])),
        "tablets": st.one_of(st.sampled_from(["none", "warfarin"]), st.lists(st.sampled_from(["none", "warfarin", "aspirin"]), min_size=1)),
        "age": st.one_of(
            numbers, st.builds(lambda a, b: {"from": a, "below": b}, numbers, numbers), st.builds(lambda a: {"below": a}, numbers)
        ),
    },
)


@settings(deadline=None, max_examples=300)
@given(given=answers)
def test_what_was_read_is_written_and_read_again_as_the_same(ruleset: pathways.RuleSet, given: dict[str, Any]) -> None:
    """Or it is refused at the first door: a record that cannot be replayed would be worth nothing."""
    try:
        first = ruleset.reader.read(given)
    except InvalidPresentation:
        return
    text = canonical(first.to_dict())
    second = ruleset.reader.read(from_json(text, ruleset.findings))

    assert (second.box, second.known) == (first.box, first.known)
    assert canonical(second.to_dict()) == text
    assert exact(second) == exact(first)
    assert ruleset.reader.read(first.to_dict()) == first


lengthy = st.one_of(
    st.integers(-1, 130),
    st.floats(0, 130),
    st.decimals(0, 130, allow_nan=False),
    st.builds(lambda digits, exponent: Decimal((0, tuple(digits), exponent)), st.lists(st.integers(0, 9), min_size=1, max_size=420), st.integers(-1_100, 3)),
    st.sampled_from([Decimal("1E-1000"), Decimal("1E-397"), Decimal("1E-396"), Decimal("0E-1000"), Decimal("1." + "0" * 395 + "1"), 5e-324]),
)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(value=st.one_of(lengthy, st.builds(lambda low, high: {"from": low, "below": high}, lengthy, lengthy)))
def test_a_number_is_refused_at_the_first_door_or_its_record_can_be_replayed(ruleset: pathways.RuleSet, value: Any) -> None:
    try:
        decision = ruleset.decide({"age": value}, "nose")
    except InvalidPresentation as error:
        assert [remark.findings for remark in error.remarks] == [("age",)] * len(error.remarks)
    else:
        assert replay(decision.to_json(), ruleset) == (True, ())


@pytest.mark.parametrize("text", ["0." + "0" * 397 + "1", "-0." + "0" * 396 + "1", "1" * 400, "12." + "3" * 397])
def test_the_length_of_a_number_is_that_of_its_writing(text: str) -> None:
    assert len(text) == 400
    assert decimal_of(Decimal(text)) == Decimal(text) == number(text)
    assert decimal_of(Decimal(text + "0")) is None


def exact(presentation: Presentation) -> dict[str, Any]:
    """Every number that was given, as the decimal that it is written as."""
    found = {}
    for name, value in presentation.given.items():
        parts = value if isinstance(value, Mapping) else {"": value}
        found.update({(name, key): Decimal(str(part)) for key, part in parts.items() if type(part) in (int, float, Decimal)})
    return found


# -- contradictions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"temperature": 39, "fever": False, "age": 7}, "`temperature` and `fever` cannot be as given (temperature: 39, fever: no): 38 or more is fever"),
        ({"clot": True, "examined": False}, "`clot` and `examined` cannot be as given (clot: yes, examined: no): `clot` applies only if: was seen"),
        ({"temperature": {"from": 38, "below": 40}, "fever": False}, "`temperature` and `fever` cannot be as given (temperature: {from: 38, below: 40}, fever: no): 38 or more is fever"),
        ({"tablets": ["aspirin", "warfarin"], "clot": False, "examined": False}, "`clot` and `examined` cannot be as given (clot: no, examined: no): `clot` applies only if: was seen"),
    ],
)  # fmt: skip
def test_answers_that_no_patient_can_have_are_refused_naming_both(ruleset: pathways.RuleSet, given: dict[str, Any], wanted: str) -> None:
    with pytest.raises(InvalidPresentation) as caught:
        ruleset.decide(given, ["nose"])

    assert str(caught.value) == (
        f"presentation: error[contradiction]: {wanted}\n"
        "  help: nothing was decided: correct one of these; until then treat the patient as if the more serious were true"
    )


CHAIN = {"a": {}, "b": {}, "c": {}, "d": {}, "e": {}}


def contradiction(ruleset: pathways.RuleSet, given: dict[str, Any]) -> pathways.Remark:
    with pytest.raises(InvalidPresentation) as caught:
        ruleset.decide(given, "p")
    (remark,) = caught.value.remarks
    return remark


def test_a_contradiction_names_the_links_of_its_chain_and_nothing_beside_it(tmp_path: Path) -> None:
    """`b_c` and `c_d` link what was given; the others speak of the same findings and have no part in it."""
    links = {"a_b": ("a", "b"), "b_c": ("b", "c"), "d_e": ("d", "e"), "c_d": ("c", "d"), "a_d": ("a", "d")}
    ruleset = small.ruleset(tmp_path, CHAIN, {"r": ("a", "urgent")}, constraints=links)
    remark = contradiction(ruleset, {"d": False, "b": True, "e": True})

    assert remark.message == "`d` and `b` cannot be as given (d: no, b: yes): b_c; c_d"
    assert remark.findings == ("d", "b")


def test_a_contradiction_is_told_by_its_shortest_chain(tmp_path: Path) -> None:
    links = {"a_e": ("a", "e"), "e_d": ("e", "d"), "a_b": ("a", "b"), "b_c": ("b", "c"), "c_d": ("c", "d")}
    ruleset = small.ruleset(tmp_path, CHAIN, {"r": ("a", "urgent")}, constraints=links)

    assert contradiction(ruleset, {"a": True, "d": False}).message.endswith(": a_e; e_d")


def test_of_several_constraints_that_each_refuse_it_the_first_is_named(tmp_path: Path) -> None:
    ruleset = small.ruleset(tmp_path, CHAIN, {"r": ("a", "urgent")}, constraints={"one": ("a", "b"), "two": ("a", "b")})

    assert contradiction(ruleset, {"a": True, "b": False}).message == "`a` and `b` cannot be as given (a: yes, b: no): one"


def test_a_remark_names_the_findings_that_are_at_fault(ruleset: pathways.RuleSet) -> None:
    with pytest.raises(InvalidPresentation) as caught:
        ruleset.decide(
            {"fever": 1, "age": {"from": 130, "below": 140}, "fevr": True, "bleeding": True, "tablets": {"unknown": "x"}}, "nose"
        )

    assert [(remark.code, remark.findings) for remark in caught.value.remarks] == [
        ("wrong-kind", ("fever",)),
        ("out-of-range", ("age",)),
        ("out-of-range", ("age",)),
        ("unknown-finding", ("fevr",)),
        ("unknown-reason", ("tablets",)),
    ]
