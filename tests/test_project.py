"""What the project says of itself is so: the README's list, the words it never uses, the codes, the vocabulary, what a decision imports."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import pathways
from pathways import decision, facts, findings, presentations, ruleset, shipped
from pathways.documents import read_document
from pathways.schemas import schema

ROOT = Path(__file__).parent.parent
RULES = ROOT / "rules"
SOURCE = Path(pathways.__file__).parent
RULESET = pathways.load(RULES)
HERE = Path(__file__).parent


def listed(name: str) -> list[list[str]]:
    """The lines of a list beside this file, cut at tabs; comments apart."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


# -- rules that narrow a row -------------------------------------------------------------------------------------------


def narrowing() -> list[str]:
    """A line for each rule that narrows a row, in the order of the pathways and of their rules."""
    gaps = {gap for gap in RULESET.content()["sources"]["gaps"]}  # noqa: C416 - ids, not resolutions
    return [
        f"- `{rule.pathway}`, `{rule.id}`: {rule.title}. Narrows {', '.join(rule.narrows)}; reason in {', '.join(one for one in rule.sources if one in gaps)}."
        for pathway in RULESET.pathways.values()
        for rule in pathway.rules
        if rule.narrows
    ]


def test_the_readme_lists_every_rule_that_narrows_a_row() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search("<!-- narrows -->\n(.*?)<!-- /narrows -->", text, re.DOTALL)

    assert found, "the README has no list between <!-- narrows --> and <!-- /narrows -->"
    assert [line for line in found.group(1).splitlines() if line] == narrowing()


# -- what the pages about the design say ---------------------------------------------------------------------------------


def test_every_guarantee_names_tests_that_are_there() -> None:
    rows = [line for line in (ROOT / "docs/design/guarantees.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    held = {row: re.findall(r"`((?:tests|campaigns)/[^`]+|pyproject\.toml)`", row.rpartition(" | ")[2]) for row in rows}

    assert [row for row, files in held.items() if not files or not all((ROOT / file).is_file() for file in files)] == []


@pytest.mark.parametrize("folder", [SOURCE, SOURCE / "site"])
def test_the_architecture_names_every_module(folder: Path) -> None:
    table = (ROOT / "docs/design/architecture.md").read_text(encoding="utf-8").partition("\n## ")[0]
    modules = {one.stem for one in folder.iterdir() if one.suffix == ".py" or (one / "__init__.py").is_file()}

    assert {one for one in modules if not one.startswith("__")} - set(re.findall(r"`(\w+)`", table)) == set()


# -- words -------------------------------------------------------------------------------------------------------------

NEVER = re.compile(r"\b(safe|safely|safer|validated|compliant)\b", re.IGNORECASE)


def texts() -> Iterator[tuple[str, str]]:
    """Every text of the rule files, and the README without its code."""
    for file in sorted(RULES.glob("*.yaml")):
        document = read_document(file, file.name)
        yield from ((str(document.place(path)), text) for path, text in scalars(document.data, ()))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    yield "README.md", re.sub(r"```.*?```|`[^`]*`", "", readme, flags=re.DOTALL)


def scalars(data: object, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(data, str):
        yield path, data
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        if isinstance(key, str):
            yield (*path, key), key.replace("_", " ")
        yield from scalars(value, (*path, key))


def test_nothing_claims_to_be_safe_validated_or_compliant() -> None:
    assert [(place, found.group()) for place, text in texts() for found in NEVER.finditer(text)] == []


def test_the_readme_says_draft_and_what_it_is_not() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    assert "drafts: no clinician has approved them" in text
    assert "does not replace" in text
    assert "regulatory status is not determined" in text


# -- codes and vocabulary ----------------------------------------------------------------------------------------------


def test_every_code_was_read_in_a_named_public_file() -> None:
    verified = {(system, code): set(files.split(",")) for system, code, files, _ in listed("verified_codes.txt")}
    for finding in RULESET.findings.values():
        for code in finding.codes:
            assert (code.system, code.code) in verified, f"{code.code} of {finding.id} is not among the codes that were read"
            assert set(code.verified_by) <= verified[code.system, code.code], f"{code.code} of {finding.id} was read elsewhere"
            assert code.verified_by


def test_a_code_says_one_thing() -> None:
    """An exact code stands for one finding only."""
    exact = [
        code.code for finding in RULESET.findings.values() for code in finding.codes if code.match == "exact" and code.system == "snomed"
    ]

    assert len(exact) == len(set(exact))


def test_every_finding_of_the_vocabulary_is_in_the_rule_set() -> None:
    wanted = [name for (name,) in listed("vocabulary_ids.txt")]

    assert len(wanted) > 100
    assert [name for name in wanted if name not in RULESET.findings] == []


def test_every_finding_is_read_or_says_that_it_is_reserved() -> None:
    from pathways.loader import remarks_of

    assert [str(remark) for remark in remarks_of(RULES) if remark.code in ("never-read", "reserved-but-read")] == []


# -- what an app imports -----------------------------------------------------------------------------------------------

MISTAKES = """\
import pathways

ruleset = pathways.load()
decision: pathways.Decision = ruleset.decide({}, "epistaxis")
questions: tuple[pathways.Question, ...] = decision.next_questions()
same: bool = pathways.replay(decision.to_json(), ruleset).same
pathways.lod()
pathways.Decison
ruleset.notice = "approved"
decision.status = pathways.Status.FINAL
decision.urgency.higest
"""


def test_a_type_checker_finds_a_misspelt_name_and_what_cannot_be_set(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(MISTAKES, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", ROOT / ".mypy_cache", tmp_path / "app.py"],
        env={**os.environ, "MYPYPATH": str(SOURCE.parent)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert [int(line.split(":")[1]) for line in done.stdout.splitlines()] == [7, 8, 9, 10, 11]


@pytest.mark.parametrize("page", ["README.md", "docs/index.md", "docs/developers/python.md"])
def test_the_examples_of_a_page_run_one_after_the_other(page: str) -> None:
    blocks = re.findall("```python\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(blocks)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE.parent)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert blocks
    assert done.stderr == ""


def test_the_page_for_developers_names_every_part_of_a_decision_and_reason_for_absence() -> None:
    page = (ROOT / "docs/developers/python.md").read_text(encoding="utf-8")
    record = schema("decision")
    inner = [
        part["items"]["properties"]
        for part in record["properties"].values()
        if isinstance(part.get("items"), dict) and "properties" in part["items"]
    ]
    optional = {
        key
        for part in record["properties"].values()
        for key in set(part.get("items", {}).get("properties", ())) - set(part.get("items", {}).get("required", ()))
    }

    assert [key for key in record["properties"] if f"`{key}" not in page] == []
    assert inner
    assert [key for key in optional if f"`{key}`" not in page] == []
    assert [reason for reason in findings.ABSENCE if f"| `{reason}` |" not in page] == []
    assert [status for status in pathways.Status if f"`{status}`" not in page] == []


def test_the_shipped_pathways_cover_everybody_as_the_pages_say() -> None:
    shipped = pathways.load()

    assert [name for name, pathway in shipped.pathways.items() if pathway.applies is not None] == []
    assert all(shipped.decide({}, name).covered for name in shipped.pathways)  # and so of everybody of whom more is known


def test_every_name_that_the_package_exports_is_there() -> None:
    assert [name for name in pathways.__all__ if not hasattr(pathways, name)] == []
    assert set(pathways.__all__) <= set(dir(pathways))
    with pytest.raises(AttributeError, match="module `pathways` has no attribute `lod`"):
        pathways.lod  # noqa: B018


def test_what_a_decision_is_made_of_can_be_named() -> None:
    """Every class that a public class names in its annotations is exported too, apart from the engine's own."""
    inside = {"Asked", "Discreet", "Reached", "Reader", "Space"}
    public = [thing for name in pathways.__all__ if isinstance(thing := getattr(pathways, name), type)]
    named = {
        word
        for thing in public
        for member in (thing, *vars(thing).values(), *(getattr(one, "fget", None) for one in vars(thing).values()))
        for note in getattr(member, "__annotations__", {}).values()
        for word in re.findall(r"\b[A-Z]\w+", str(getattr(note, "__forward_arg__", note)))
    }
    ours = {word for word in named if any(hasattr(module, word) for module in (ruleset, decision, findings, facts, presentations))}

    assert ours - inside - {"Any", "Decimal", "Iterable", "Mapping", "NamedTuple", "Sequence", "Iterator"} <= set(pathways.__all__)


# -- what the code does not do -----------------------------------------------------------------------------------------

BANNED = {"eval", "exec", "compile", "pickle", "marshal", "shelve", "__import__"}
YAML_DOORS = {"load", "load_all", "safe_load", "safe_load_all", "full_load", "full_load_all", "unsafe_load", "unsafe_load_all"}


@pytest.mark.parametrize("file", sorted(SOURCE.rglob("*.py")), ids=lambda file: str(file.relative_to(SOURCE)))
def test_no_module_runs_data_or_constructs_yaml(file: Path) -> None:
    """H45: a rule file is text, and stays text."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id=name)):
                assert name not in BANNED
            case ast.Import(names=names):
                assert not {alias.name for alias in names} & BANNED
            case ast.ImportFrom(module=module):
                assert module not in BANNED
            case ast.Attribute(value=ast.Name(id="yaml"), attr=name):
                assert name not in YAML_DOORS


HEAVY = ("pydantic", "yaml", "jsonschema", "networkx", "click", "rich", "importlib.metadata")
AUTHORS = (
    "loader",
    "compiler",
    "conditions",
    "consistency",
    "documents",
    "model",
    "graph",
    "sites",
    "cases",
    "shipped",
    "replaying",
    "cli",
)
SCRIPT = """
import json, sys
from pathways.ruleset import RuleSet
ruleset = RuleSet(json.load(open(sys.argv[1]))["compiled"])
decision = ruleset.decide({"nasal_bleeding_now": True, "age_years": 7.5}, ["epistaxis", "nose_trauma"])
decision.to_json(), decision.next_questions(), decision.optional_questions(), decision.why_not("immediate")
print(json.dumps(sorted(sys.modules)))
"""


def test_a_decision_and_all_its_explanations_import_nothing_heavy(tmp_path: Path) -> None:
    shipped.write(RULES, tmp_path / "compiled.json")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE.parent)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "compiled.json")], env=environment, capture_output=True, timeout=60, check=True
    )
    modules = set(json.loads(done.stdout))

    assert not modules & {*HEAVY, *(f"pathways.{name}" for name in AUTHORS)}


# -- the compiled form of the shipped rules ----------------------------------------------------------------------------


@pytest.mark.parametrize("made_of", ["compiler.py", "epistaxis.yaml"])
def test_what_other_rules_or_another_compiler_left_is_compiled_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made_of: str) -> None:
    """A checkout that was updated decides, though nobody has built it again."""
    left = {"files": {**shipped.hashes(os.fspath(RULES)), made_of: "0" * 64}, "compiled": {"format": ruleset.FORMAT}}
    (tmp_path / "shipped.json").write_text(json.dumps(left), encoding="utf-8")
    monkeypatch.setattr(shipped, "COMPILED", str(tmp_path / "shipped.json"))

    assert pathways.load().digest == RULESET.digest
