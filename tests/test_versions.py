"""Versions of a rule set: folders, wheels, revisions of git, canonical content; and what is said of anything else."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from textwrap import dedent

import pytest

import small
from pathways.decision import canonical
from pathways.remarks import InvalidRules
from pathways.versions import NoVersion, read_version

TITLE = ("nose.yaml", "title: Nose", "title: The nose")


def git(at: Path, *arguments: str) -> None:
    quiet = [
        "-c",
        "user.name=Somebody",
        "-c",
        "user.email=somebody@example.org",
        "-c",
        "commit.gpgsign=false",
        "-c",
        "init.defaultBranch=main",
    ]
    subprocess.run(["git", *quiet, *arguments], cwd=at, check=True, capture_output=True)  # noqa: S607


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout whose last commit has the tiny rules in `rules`, where they have been changed since."""
    small.write(tmp_path)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    git(tmp_path, "tag", "v1")
    small.write(tmp_path, TITLE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def title(name: str, folder: str = "rules") -> str:
    return read_version(name, folder).content.pathways["nose"]["title"]


def test_folder_is_read_with_the_place_of_each_rule(tmp_path):
    version = read_version(str(small.write(tmp_path)))
    assert {key: str(place) for key, place in version.places.items()} == {
        ("red_flags", "choking"): "rules/ruleset.yaml:17:3",
        ("nose", "clot"): "rules/nose.yaml:7:3",
        ("nose", "bleed"): "rules/nose.yaml:8:3",
        ("nose", "well"): "rules/nose.yaml:14:3",
        ("nose", "otherwise"): "rules/nose.yaml:15:1",
    }


@pytest.mark.parametrize("name", ["main", "HEAD", "v1", "v1:rules", "main:rules/"])
def test_revision_is_read_and_the_checkout_is_not(checkout, name):
    assert (title(name), title("rules")) == ("Nose", "The nose")


def test_revision_without_a_folder_has_its_rules_where_the_other_version_has(checkout, monkeypatch):
    (checkout / "rules").rename(checkout / "ours")
    git(checkout, "add", ".")
    git(checkout, "commit", "-qm", "second")
    assert title("main", "ours") == "The nose"
    monkeypatch.chdir(checkout / "ours")
    assert title("main", ".") == "The nose"


def test_places_in_a_revision_say_so(checkout):
    assert str(read_version("v1:rules").places["nose", "clot"]) == "v1:rules/nose.yaml:7:3"
    (checkout / "rules" / "nose.yaml").write_text("pathway: nose\n")
    git(checkout, "commit", "-qam", "broken")
    with pytest.raises(InvalidRules) as raised:
        read_version("main:rules")
    assert raised.value.remarks[0].place.file == "main:rules/nose.yaml"


def test_wheel_is_read_wherever_its_package_has_the_rules(tmp_path):
    rules = small.write(tmp_path)
    wheel = tmp_path / "some-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as made:
        for file in rules.iterdir():
            made.write(file, f"some_package/rules/{file.name}")
        made.writestr("some_package/rules/deeper/other.yaml", "nothing")
    version = read_version(str(wheel))
    assert version.content.data == read_version(str(rules)).content.data
    assert str(version.places["nose", "clot"]) == f"{wheel}/nose.yaml:7:3"


def test_canonical_content_is_read(tmp_path):
    version = read_version(str(small.write(tmp_path)))
    file = tmp_path / "content.json"
    file.write_text(canonical(version.content.data))
    read = read_version(str(file))
    assert (read.content.data, read.ruleset) == (json.loads(canonical(version.content.data)), None)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere", "`nowhere` is neither a folder, a wheel nor a revision of git: fetch it, or correct the name"),
        ("nowhere:rules", "`nowhere` is neither a folder, a wheel nor a revision of git: fetch it, or correct the name"),
        ("-q", "`-q` is neither a folder, a wheel nor a revision of git: fetch it, or correct the name"),
        ("--help:rules", "`--help` is neither a folder, a wheel nor a revision of git: fetch it, or correct the name"),
        (":rules", "`` is neither a folder, a wheel nor a revision of git: fetch it, or correct the name"),
        ("main:elsewhere", "the revision `main` has no folder `elsewhere`: name the one that has the rules, as in `main:rules`"),
        (
            "main:rules/nose.yaml",
            "the revision `main` has no folder `rules/nose.yaml`: name the one that has the rules, as in `main:rules`",
        ),
        ("main:.", "`main:.` has no `ruleset.yaml`: name the folder that has the rules, as in `main:rules`"),
        ("some.txt", "`some.txt` is neither a folder nor a wheel"),
        ("empty.whl", "`empty.whl` is a wheel without rules"),
        ("twice.whl", "`twice.whl` has rules at a and at b: unpack it, and name one of the folders"),
        ("list.json", "`list.json` is not the content of a rule set: it has no `ruleset`"),
    ],
)
def test_what_is_no_version_is_refused_with_the_reason(checkout, name, said):
    (checkout / "some.txt").write_text("text")
    (checkout / "list.json").write_text("[]")
    for file, inside in (("empty.whl", ["a/nose.yaml"]), ("twice.whl", ["a/ruleset.yaml", "b/ruleset.yaml"])):
        with zipfile.ZipFile(checkout / file, "w") as made:
            for one in inside:
                made.writestr(one, "")
    with pytest.raises(NoVersion) as raised:
        read_version(name)
    assert str(raised.value) == said


@pytest.fixture(scope="module")
def recorded(tmp_path_factory) -> str:
    """The content of the tiny rules, and of a pathway that hands over to theirs."""
    ear = """\
        pathway: ear
        title: Ear
        complaint: ear
        version: 0.1.0
        review_by: 2027-01-01
        definitions: {hot: {means: hot, when: {not: fever}}}
        rules: {other: {title: other, when: hot, handover: nose, basis: interpretation, sources: [G1]}}
    """
    return canonical(small.load(tmp_path_factory.mktemp("recorded"), ear=dedent(ear)).content())


def put(*path: str | int, value: object):
    """An edit of the content: what stands at the path is the value."""

    def edit(content):
        for step in path[:-1]:
            content = content[step]
        if callable(value):
            content[path[-1]] = value(content[path[-1]])
        else:
            content[path[-1]] = value

    return edit


WRONG = [
    (put("items", value=5), "`items`: input should be a valid list"),
    (put("findings", value=None), "`findings`: input should be a valid list"),
    (put("findings", 0, value=None), "`findings.0`: input should be a valid dictionary or instance of finding"),
    (put("findings", 0, "kind", value="text"), "`findings.choking.kind`: input should be 'yes_no', 'choice' or 'number'"),
    (put("findings", 6, "range", value=["120", "0"]), "`findings.age.range` is not two numbers, the lower first"),
    (put("findings", 6, "range", value=["0", "NaN"]), "`findings.age.range` is not two numbers, the lower first"),
    (put("findings", 6, "resolution", value="0"), "`findings.age.resolution` is not a number above 0"),
    (put("findings", 0, "resolution", value="x"), "`findings.choking` has a range or a resolution, and is a yes_no"),
    (put("findings", 5, "values", value={}), "`findings.tablets` is a choice without values"),
    (put("urgency", value=[]), "`urgency`: list should have at least 1 item after validation, not 0"),
    (put("urgency", value=lambda levels: [*levels, levels[0]]), "`urgency` has `none` twice"),
    (put("pathways", 0, "rules", value=lambda rules: rules * 2), "`pathways.ear.rules` has `other` twice"),
    (put("items", 0, "reassures", value=1), "`items.pack.reassures`: input should be a valid boolean"),
    (put("constraints", 0, "if", value=[]), "`constraints.hot_is_fever.if`: input should be a valid dictionary"),
    (put("constraints", 0, "if", value={"some": []}), "`constraints.hot_is_fever.if` is not a condition"),
    (put("constraints", 0, "if", value={"all": [{"any": 5}]}), "`constraints.hot_is_fever.if` is not a condition"),
    (
        put("constraints", 0, "if", value={"not": {"finding": "pain", "is": ["yes"]}}),
        "`constraints.hot_is_fever.if` reads the finding `pain`, which is not there",
    ),
    (
        put("constraints", 0, "if", "number", value={"at_least": "many"}),
        "`constraints.hot_is_fever.if` compares `temperature` with what is no limit",
    ),
    (
        put("constraints", 0, "if", value={"finding": "fever", "number": {"at_least": "1"}}),
        "`constraints.hot_is_fever.if` compares `fever` as what it is not, a yes_no",
    ),
    (
        put("constraints", 0, "then", "is", value=["maybe"]),
        "`constraints.hot_is_fever.then` compares `fever` with what is no answer of it",
    ),
    (
        put("pathways", 1, "rules", 1, "when", value={"definition": "hot"}),
        "`pathways.nose.rules.bleed.when` reads the definition `hot`, which is not there",
    ),
    (put("definitions", "small", "when", value={"definition": "small"}), "definition `small` stands on itself, or leads to one that does"),
    (put("red_flags", 0, "then", "urgency", value="most"), "`red_flags.choking.then` gives the urgency `most`, which is not there"),
    (put("red_flags", 0, "then", "referrals", 0, "service", value="eye"), "`red_flags.choking.then` calls `eye`, which is not there"),
    (
        put("red_flags", 0, "then", "referrals", 0, "within", value="P9D"),
        "`red_flags.choking.then` has the limit `P9D`, which is not there",
    ),
    (
        put("red_flags", 0, "then", "referrals", 0, "within", value=None),
        "`red_flags.choking.then` calls `ent` with neither or both of `within` and `window`",
    ),
    (put("pathways", 1, "otherwise", "items", 0, "item", value="x"), "`pathways.nose.otherwise` gives the item `x`, which is not there"),
    (put("pathways", 0, "rules", 0, "handover", value="eye"), "pathway `eye`, which `ear` hands over to, is not there"),
    (put("pathways", 0, "rules", 0, "handover", value="ear"), "pathway `ear` hands over to itself, or leads to one that does"),
]


@pytest.mark.parametrize(("edit", "said"), WRONG, ids=[said for _, said in WRONG])
def test_recorded_content_of_another_shape_is_refused_with_the_place(tmp_path, recorded, edit, said):
    content = json.loads(recorded)
    file = tmp_path / "content.json"
    file.write_text(json.dumps(content))
    read_version(str(file))
    edit(content)
    file.write_text(json.dumps(content))
    with pytest.raises(NoVersion) as raised:
        read_version(str(file))
    assert str(raised.value) == f"`{file}` is not the content of a rule set: {said}"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"[" * 200_000, "has more than 160 levels of brackets"),
        (b"{", "is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        (b"\xff", "is not UTF-8: invalid start byte"),
        (b'["\\ud800"]', "is not UTF-8: surrogates not allowed"),
        (b"9" * 5000, "is not JSON: Exceeds the limit (4300 digits) for integer string conversion: value has 5000 digits; use sys.set_int_max_str_digits() to increase the limit"),
    ],
    ids=["deep", "syntax", "bytes", "half a character", "digits"],
)  # fmt: skip
def test_text_that_is_no_json_is_refused(tmp_path, data, said):
    file = tmp_path / "content.json"
    file.write_bytes(data)
    with pytest.raises(NoVersion) as raised:
        read_version(str(file))
    assert str(raised.value) == f"`{file}` {said}"


def test_wheel_that_is_damaged_or_encrypted_is_refused(tmp_path):
    whole = tmp_path / "whole.whl"
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as made:
        for file in small.write(tmp_path).iterdir():
            made.write(file, f"rules/{file.name}")
    read_version(str(whole))
    data = whole.read_bytes()
    at = data.index(b"PK\x01\x02")
    encrypted = data[: at + 8] + b"\x01\x00" + data[at + 10 :]
    body = data.index(b".yaml") + 5
    for name, damaged, why in (
        ("encrypted", b"\x01\x00".join((data[:6], data[8 : at + 8], data[at + 10 :])), "encrypted"),
        ("encrypted in the list alone", encrypted, "encrypted"),
        ("bytes changed", data[:body] + bytes(byte ^ 0x5A for byte in data[body : body + 400]) + data[body + 400 :], ""),
        ("method unknown", data[: at + 10] + b"\x63\x00" + data[at + 12 :], "compression"),
    ):
        file = tmp_path / f"{name}.whl"
        file.write_bytes(damaged)
        with pytest.raises(NoVersion, match=rf"cannot be unpacked \(.*{why}.*\): build or fetch it again"):
            read_version(str(file))
    cut = tmp_path / "cut.whl"
    cut.write_bytes(data[: len(data) // 2])
    with pytest.raises(NoVersion, match="is neither a folder nor a wheel"):
        read_version(str(cut))


def test_without_git_a_revision_is_refused_and_a_folder_is_read(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert read_version(str(small.write(tmp_path))).ruleset is not None
    with pytest.raises(NoVersion, match="revisions need git: git is not installed; name folders or wheels"):
        read_version("main")


def test_outside_a_checkout_no_revision_is_looked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(NoVersion, match="`main` is not there, and this is no checkout of git in which it could be a revision"):
        read_version("main")


# -- the command -----------------------------------------------------------------------------------------------------


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "pathways", "diff", *arguments], capture_output=True, text=True)


def test_command_fails_on_what_it_is_told_to(checkout):
    worse = ("nose.yaml", "when: clot, then: {urgency: urgent,", "when: clot, then: {urgency: discuss_same_day,")
    small.write(checkout, worse)
    assert run("main", "rules").returncode == 0
    assert run("main", "rules", "--fail-on", "less-urgent").returncode == 1
    assert run("rules", "main", "--fail-on", "less-urgent").returncode == 0
    assert run("rules", "main", "--fail-on", "more-urgent").returncode == 1
    assert run("main", "v1", "--fail-on", "any").returncode == 0
    markdown = run("main", "rules", "--format", "markdown").stdout
    assert "**1. nose: urgency: urgent → discuss\\_same\\_day**" in markdown.splitlines()


def test_text_of_a_rule_is_no_markup_in_markdown(checkout):
    small.write(checkout, ("items.yaml", "Ask ENT.", '"Ask <b>ENT</b> | @all, [here](http://x)."'))
    [line] = [line for line in run("main", "rules", "--format", "markdown").stdout.splitlines() if "Ask" in line]
    assert r"Ask \<b\>ENT\</b\> \| \@all, \[here\](http://x)." in line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere", "rules"], "`nowhere` is neither a folder, a wheel nor a revision of git"),
        (["main", "rules", "--pathway", "ear"], "`ear` is not a pathway: one of nose"),
    ],
)
def test_command_that_cannot_compare_says_why_and_prints_nothing(checkout, arguments, said):
    ran = run(*arguments)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert said in ran.stderr


def test_without_the_solver_the_command_says_what_to_install(checkout):
    """As in an installation without the extra: the import of z3 fails."""
    hidden = "import sys; sys.modules['z3'] = None; sys.argv = ['pathways', 'diff', 'main', 'rules']; from pathways.cli import main; main()"
    ran = subprocess.run([sys.executable, "-c", hidden], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert 'proofs need z3: pip install "ent-pathways[author]"' in ran.stderr


def test_finding_of_another_kind_is_named_by_the_command(checkout):
    small.write(
        checkout,
        ("findings.yaml", "fever: {ask: is hot, means: feels hot, worse: yes, group: signs}", "fever: {ask: is hot, means: feels hot, kind: choice, values: {no_fever: none, hot: hot}, worse: neither, group: about}"),
        ("ruleset.yaml", "then: fever, means", "then: {fever: hot}, means"),
        ("nose.yaml", "{fever: no}", "{fever: no_fever}"),
    )  # fmt: skip
    ran = run("main", "rules")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "the two cannot be compared: the finding `fever` is a yes_no in the old one and a choice in the new one" in ran.stderr
