"""Hostile files come through no door; the full count is `campaigns/corpora.py` with other people's corpora."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

FILES = {
    "empty": b"",
    "nul.json": b'{"fever": "\x00"}',
    "half.json": b'["\\ud800", "\\udc00x", "a\\u001b[31m", "\\u202e"]',
    "deep.json": b"[" * 100_000,
    "cesu": b'{"fever": "\xed\xa0\x80"}',
    "numbers.json": b'{"age": 1e400, "temperature": 010, "fever": NaN}',
    "record.json": b'{"presentation": {"fever": true}, "pathways": ["nose"]}',
    "bomb.yaml": b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "keys.yaml": b"a: 1\na: 2\n? [b]\n: c\n<<: {d: e}\n",
    "python.yaml": b"!!python/object/apply:os.system ['true']\n",
    "lines.txt": "\u0661\nyes\n-1\n1e3\n../../etc/passwd\n[red]x[/red]\n%s{0}\n\u200b\nNaN\n2 none\n".encode(),
}


@pytest.fixture(scope="module")
def corpora() -> ModuleType:
    spec = importlib.util.spec_from_file_location("corpora", Path(__file__).parents[1] / "campaigns" / "corpora.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["corpora"] = module
    spec.loader.exec_module(module)
    return module


def test_nothing_hostile_comes_through_a_door(corpora: ModuleType, tmp_path: Path) -> None:
    for name, raw in FILES.items():
        (tmp_path / name).write_bytes(raw)
    report = corpora.campaign([tmp_path], seconds=5, processes=2, seed=1)

    assert list(report.rows())[-1] == "failures: 0", "\n".join(report.rows())
    assert report.counts["files", "read"] == len(FILES)
    assert report.counts["as JSON", "refused"] == len(FILES)


def test_what_must_not_be_is_found(corpora: ModuleType) -> None:
    """A traceback, a hang, a refusal without a place, and one that steers a terminal."""
    report = corpora.Report(0.2)

    def hang() -> str:
        while True:
            pass

    def refuse(text: str, file: str) -> str:
        raise corpora.InvalidRules([corpora.small.pathways.Remark("code", text, corpora.small.pathways.Place(file))])

    report.meet("door", "a mistake of ours", lambda: str(json.loads("{")))
    report.meet("door", "a hang", hang)
    report.meet("door", "no place", lambda: refuse("x", ""))
    report.meet("door", "long", lambda: refuse("x" * 20_000, "a.yaml"))
    report.meet("door", "fine", lambda: refuse("x", "a.yaml"))
    assert [line.split(": ")[1] for line in report.failures] == ["a mistake of ours", "a hang", "no place", "long"]
    assert report.counts["door", "refused"] == 1
