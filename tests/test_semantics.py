"""Every worked example of the semantics holds, for the engine and for the oracle.

`semantics.yaml` is given and never edited; the adapter below turns its neutral notation into rule folders.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

import pathways
from oracle import Reading
from pathways.cli import cli

DOCUMENT = yaml.safe_load(Path(__file__).with_name("semantics.yaml").read_text(encoding="utf-8"))
EXAMPLES = {example["id"]: example for example in DOCUMENT["examples"]}
LIMITS = ("now", "PT1H", "PT4H", "P1D", "next_clinic", "P7D", "P14D")
EXPECTED = {"urgency", "status", "certain", "possible", "absent", "refused", "within", "certain_within", "referrals_to", "not_asked"}
EXPECTED |= {"next", "exit"}

# -- From the neutral notation to a rule folder ----------------------------------------------------------------------------


def folder_of(example: dict[str, Any], folder: Path) -> Path:
    """The example as a rule set, written down."""
    bodies = pathways_of(example)
    services = dict.fromkeys(referral["service"] for outcome in outcomes(example) for referral in outcome.get("referrals", []))
    items = {item: kind for outcome in outcomes(example) for kind in ("actions", "advice") for item in outcome.get(kind, [])}
    numbers = example.get("numbers", {})
    applies = {name: number["applies"] for name, number in numbers.items() if "applies" in number} | example.get("applies", {})
    findings = {
        name: {"ask": name, "means": f"meaning of {name}", "group": f"group_of_{name}"}
        | ({"applies": applies[name]} if name in applies else {})
        | (number_of(numbers[name]) if name in numbers else {"worse": True})
        for name in sorted(names_of(example))
    }
    files: dict[str, dict[str, Any]] = {
        "ruleset": {
            "ruleset": "example",
            "title": "example",
            "version": "0.1.0",
            "review_by": "2099-01-01",
            "notice": "example",
            "urgency": {level: {"label": level} for level in DOCUMENT["levels"]},
            "limits": {limit: limit for limit in LIMITS},
            "services": {service: {"name": service} for service in services},
            "red_flags": {flag: rule_of({"when": flag, "urgency": level}, flag) for flag, level in example.get("red_flags", {}).items()},
            "constraints": {f"c{place}": each | {"means": "example"} for place, each in enumerate(example.get("constraints", []))},
        },
        "findings": {"findings": findings, "groups": {finding["group"]: "any of these?" for finding in findings.values()}},
        "items": {
            "items": {
                item: {"kind": {"actions": "action", "advice": "advice"}[kind], "text": f"text of {item}"}
                | ({"reassures": True} if item in example.get("reassures", []) else {})
                for item, kind in items.items()
            }
        },
        "sources": {"rows": {}, "evidence": {}, "gaps": {"X1": {"problem": "example", "resolution": "example"}}},
    }
    for name, body in bodies.items():
        files[name] = {
            "pathway": name,
            "title": name,
            "complaint": name,
            "version": "0.1.0",
            "review_by": "2099-01-01",
            "rules": {rule: rule_of(given, rule) for rule, given in body.items() if rule != "applies"},
        }
        files[name] |= {"applies": body["applies"]} if "applies" in body else {}
        files[name] |= {"otherwise": outcome_of(example["otherwise"])} if "otherwise" in example else {}
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text("".join(f"{key}: {flow(value)}\n" for key, value in content.items()), encoding="utf-8")
    return folder


def pathways_of(example: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = example.get("pathways") or {"p": example["rules"]}
    return found


def outcomes(example: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for body in pathways_of(example).values():
        yield from (rule for name, rule in body.items() if name != "applies" and "urgency" in rule)
    yield from (example[name] for name in ("otherwise",) if name in example)


def rule_of(given: dict[str, Any], name: str) -> dict[str, Any]:
    effect = {"handover": given["handover"]} if "handover" in given else {"then": outcome_of(given)}
    return {"title": f"title of {name}", "when": given["when"], **effect, "basis": "interpretation", "sources": ["X1"]}


def outcome_of(given: dict[str, Any]) -> dict[str, Any]:
    """An outcome of the neutral notation: there a window is apart from the limit."""
    found = {key: value for key, value in given.items() if key in ("urgency", "actions", "advice")}
    if "referrals" in given:
        found["referrals"] = [{"within" if key == "window" else key: value for key, value in each.items()} for each in given["referrals"]]
    return found


def number_of(number: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "number", "unit": "1", "range": number["range"], "resolution": number.get("resolution", 1), "worse": "neither"}


def names_of(example: dict[str, Any]) -> set[str]:
    """Every finding that the example mentions."""
    numbers = example.get("numbers", {})
    found = {*example["given"], *numbers, *example.get("applies", {}), *example.get("red_flags", {})}
    trees = [*example.get("applies", {}).values(), *(number["applies"] for number in numbers.values() if "applies" in number)]
    for body in pathways_of(example).values():
        trees += [rule if name == "applies" else rule["when"] for name, rule in body.items()]
    for constraint in example.get("constraints", []):
        trees += [constraint["if"], constraint["then"]]
    for tree in trees:
        if isinstance(tree, str):
            found.add(tree)
        else:
            ((key, value),) = tree.items()
            if key in ("all", "any", "not"):
                trees += value if key != "not" else [value]
            else:
                found.add(key)
    return found


def flow(value: Any) -> str:
    """The value in YAML's flow style, yes and no as words."""
    match value:
        case bool():
            return "yes" if value else "no"
        case dict():
            return "{" + ", ".join(f"{key}: {flow(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(flow, value)) + "]"
        case _:
            return str(value)


def given_of(example: dict[str, Any]) -> dict[str, Any]:
    """What is given, numbers as they are written."""

    def exact(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: exact(each) for key, each in value.items()}
        return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value

    found: dict[str, Any] = exact(example["given"])
    return found


def asked_of(example: dict[str, Any]) -> list[str]:
    return example.get("ask") or list(pathways_of(example))


# -- What is expected ------------------------------------------------------------------------------------------------------


def test_the_examples_are_all_there() -> None:
    """Nothing is expected that no test below looks at."""
    assert len(EXAMPLES) == len(DOCUMENT["examples"])
    assert {key for example in EXAMPLES.values() for key in example["expect"]} == EXPECTED


@pytest.mark.parametrize("name", EXAMPLES)
def test_engine_decides_the_example(name: str, tmp_path: Path) -> None:
    """Urgency, status, certain and possible, limits, refusals, and what is asked next."""
    example = EXAMPLES[name]
    expect = example["expect"]
    ruleset = pathways.load(folder_of(example, tmp_path))

    if "refused" in expect:
        with pytest.raises(pathways.InvalidPresentation) as refusal:
            ruleset.decide(given_of(example), pathways=asked_of(example))
        assert all(f"`{finding}`" in str(refusal.value) for finding in expect["refused"]), str(refusal.value)
        return

    decision = ruleset.decide(given_of(example), pathways=asked_of(example))

    items = [*decision.actions, *decision.advice, *decision.follow_up]
    referrals = [(each.service, each.within, each.certain_within) for each in decision.referrals]
    certainty = {item.id: item.certainty for item in items} | {each.service: each.certainty for each in decision.referrals}
    held_to(expect, str(decision.status), [decision.urgency.lowest, decision.urgency.highest], certainty, referrals)
    questions = [question.finding for question in [*decision.next_questions(), *decision.optional_questions()]]
    assert not set(expect.get("not_asked", [])) & set(questions)
    if "next" in expect:
        assert questions[0] == expect["next"]
    for absent in expect.get("absent", []):
        assert f'"{absent}"' not in decision.to_json()


@pytest.mark.parametrize("name", EXAMPLES)
def test_oracle_decides_the_example(name: str, tmp_path: Path) -> None:
    """The second reading too, by enumeration and by search."""
    example = EXAMPLES[name]
    expect = example["expect"]
    reading = Reading(pathways.load(folder_of(example, tmp_path)).content(), asked_of(example))

    for answer in (reading.decide(given_of(example)), reading.decide_by_search(given_of(example))):
        if "refused" in expect:
            assert answer == {"status": "refused"}
            continue
        items = [item for kind in answer["items"].values() for item in kind]
        referrals = [(each["service"], each["within"], each["certain_within"]) for each in answer["referrals"]]
        certainty = {item: certainty for item, _, certainty in items} | {each["service"]: each["certainty"] for each in answer["referrals"]}
        held_to(expect, answer["status"], [answer["lowest"], answer["highest"]], certainty, referrals)


def held_to(
    expect: dict[str, Any], status: str, urgency: list[Any], certainty: dict[str, str], referrals: list[tuple[str, str | None, str | None]]
) -> None:
    """Everything that an example expects and both readings can say."""
    if "urgency" in expect:
        assert [str(level) for level in urgency] == expect["urgency"]
    else:
        assert urgency == [None, None]
    assert status == expect.get("status", status)
    for certain in expect.get("certain", []):
        assert certainty.get(certain) == "certain"
    for possible in expect.get("possible", []):
        assert certainty.get(possible) == "possible"
    for absent in expect.get("absent", []):
        assert absent not in certainty
    for service, limit in expect.get("within", {}).items():
        assert [within for each, within, _ in referrals if each == service] == [limit]
    for service, limit in expect.get("certain_within", {}).items():
        assert [within for each, _, within in referrals if each == service] == [limit]
    for service, number in expect.get("referrals_to", {}).items():
        assert [each for each, _, _ in referrals].count(service) == number


@pytest.mark.parametrize("name", [name for name, example in EXAMPLES.items() if "exit" in example["expect"]])
def test_command_line_exits_as_the_example_says(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not covered is exit status 3, and no level is printed."""
    example = EXAMPLES[name]
    given = [f"--given={finding}={flow(value)}" for finding, value in example["given"].items()]
    monkeypatch.setattr("sys.argv", ["pathways", "triage", *asked_of(example), "--rules", str(folder_of(example, tmp_path)), *given])

    with pytest.raises(SystemExit) as end:
        cli.main()

    assert end.value.code == example["expect"]["exit"]
    printed = capsys.readouterr().out.casefold()
    assert not [level for level in DOCUMENT["levels"] if level in printed.split() and level not in ("none", "clinic")]
