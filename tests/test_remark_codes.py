"""Each remark code has a folder that causes it, an entry in the catalogue and a page; none of the three has another."""

from __future__ import annotations

import ast
import re
import runpy
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import pathways
from bad_folders import BAD, BASE, CODES, OWN, TODAY, lay, said
from pathways import codes
from pathways.cases import run
from pathways.inspection import remarks_of

SOURCE = Path(pathways.__file__).parent
ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "authors" / "remarks"


# -- what the source can say -------------------------------------------------------------------------------------------

Makers = dict[str, int]  # what makes a remark → where its code stands among the arguments


def made(tree: ast.Module, everywhere: Makers) -> Makers:
    """What makes a remark in this module: `everywhere`, and each function that hands its own `code` on to one of them."""
    found = dict(everywhere)
    before: Makers = {}
    while before != found:
        before = dict(found)
        for function in functions(tree):
            names = [one.arg for one in function.args.args]
            if "code" in names and any(isinstance(code, ast.Name) and code.id == "code" for code in codes_in(function, found)):
                found[function.name] = names.index("code")
    return found


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def codes_in(tree: ast.AST, makers: Makers) -> Iterator[ast.expr]:
    """The expression that stands for the code in every call that makes a remark; a default has its place in the function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in makers:
            place = makers[node.func.id]
            named = [one.value for one in node.keywords if one.arg == "code"]
            yield from named or node.args[place : place + 1]
        if isinstance(node, ast.FunctionDef) and node.name in makers:
            late = makers[node.name] - len(node.args.args) + len(node.args.defaults)
            yield from node.args.defaults[late : late + 1] if late >= 0 else ()


def literal(code: ast.expr) -> set[str] | None:
    """The codes that the expression can be; none where it only hands one on, None where it is computed."""
    match code:
        case ast.Constant(value=str(name)):
            return {name}
        case ast.IfExp(body=one, orelse=other):
            both = (literal(one), literal(other))
            return None if both[0] is None or both[1] is None else both[0] | both[1]
        case ast.Name(id="code") | ast.Attribute(attr="code"):
            return set()
    return None


@cache
def in_source() -> tuple[frozenset[str], tuple[str, ...]]:
    """Every code that stands in the source, and each place at which one is computed."""
    found: set[str] = set()
    computed: list[str] = []
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in sorted(SOURCE.rglob("*.py"))}
    everywhere = {"Remark": 0, "Mistake": 0}
    for tree in trees.values():
        everywhere |= {name: place for name, place in made(tree, everywhere).items() if not name.startswith("_")}
    for file, tree in trees.items():
        for code in codes_in(tree, made(tree, everywhere)):
            names = literal(code)
            if names is None:
                computed.append(f"{file.relative_to(SOURCE)}:{code.lineno}")
            found |= names or set()
    return frozenset(found), tuple(computed)


def test_a_code_stands_in_the_source_as_it_is_printed() -> None:
    """So that whoever meets one can search for it."""
    assert in_source()[1] == ()


def test_what_hands_a_code_on_is_found_out() -> None:
    text = """
def tell(code: str, place: int = 1) -> Remark: return Remark(code, "x", place)
def warn(place: int, code: str = "by-default") -> Remark: return tell(code, place)
def other(code: int) -> int: return code
a = tell("first", 1), warn(1), warn(1, "second" if a else "third"), warn(1, code="fourth"), other("no-code"), tell(f"made-{a}", 1)
"""
    tree = ast.parse(text)
    makers = made(tree, {"Remark": 0})

    assert makers == {"Remark": 0, "tell": 0, "warn": 1}
    found = [literal(code) for code in codes_in(tree, makers)]
    assert set().union(*(names for names in found if names)) == {"first", "second", "third", "fourth", "by-default"}
    assert found.count(None) == 1


# -- the three lists ---------------------------------------------------------------------------------------------------


def test_the_catalogue_holds_every_code_and_no_other() -> None:
    assert sorted(codes.CODES) == sorted(in_source()[0])


def test_every_code_has_a_folder_that_causes_it_and_no_folder_is_left_over() -> None:
    assert sorted(codes.CODES) == CODES


def test_every_code_has_a_page_and_no_page_is_left_over() -> None:
    assert sorted(codes.CODES) == sorted(file.stem for file in PAGES.glob("*.md") if file.stem != "index")


def test_a_code_stands_in_one_group() -> None:
    assert sum(len(group.codes) for group in codes.GROUPS) == len(codes.CODES)


@pytest.mark.parametrize("name", codes.CODES)
def test_an_entry_is_a_title_and_whole_sentences(name: str) -> None:
    code = codes.CODES[name]

    assert re.fullmatch("[a-z]+(-[a-z0-9]+)*", name)
    assert not code.title[:1].isupper() or code.title.startswith("JSON")
    assert not code.title.endswith(".")
    assert [text for text in code[1:] if not text.endswith(".") or text[0].islower()] == []


# -- each folder -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_the_folder_causes_its_remark_and_no_other(tmp_path: Path, code: str) -> None:
    found = said(code, tmp_path)

    assert found + "\n" == (BAD / code / "expected.txt").read_text(encoding="utf-8")
    assert set(re.findall(r"(?:error|warning|note)\[(.+?)\]", found)) == {code}


def test_without_the_mistake_nothing_is_said() -> None:
    assert [str(remark) for remark in remarks_of(BASE, TODAY)] == []
    assert [result.case.name for result in run(BASE, pathways.load(BASE)) if not result.passed] == []


@pytest.mark.parametrize("code", CODES)
def test_a_folder_holds_what_differs_and_nothing_else(tmp_path: Path, code: str) -> None:
    rules = lay(code, tmp_path)
    changes = [file for file in (BAD / code).iterdir() if file.name not in OWN and file.is_file()]
    same = [file.name for file in changes if (BASE / file.name).exists() and (BASE / file.name).read_bytes() == file.read_bytes()]

    assert same == []
    assert [file.name for file in changes if not (rules / file.name.removesuffix(".grown")).exists()] == []


# -- the pages ---------------------------------------------------------------------------------------------------------


def test_the_pages_are_what_catalogue_and_folders_say() -> None:
    """`python scripts/reference.py` writes them anew."""
    pages = runpy.run_path(str(ROOT / "scripts" / "remark_pages.py"))["pages"]()

    assert {name: (PAGES / name).read_text(encoding="utf-8") for name in pages} == pages
