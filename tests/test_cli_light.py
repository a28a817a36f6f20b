"""A decision on the command line does not wait for what it does not use."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import pathways
from bedside import write_rules
from pathways import shipped

HEAVY = {
    "pydantic",
    "yaml",
    "rich",
    "networkx",
    "jsonschema",
    "prompt_toolkit",
    "textwrap",
    "asyncio",
    "importlib.metadata",
    "pathlib",
    "hashlib",
}
WORDS = ["triage", "nose", "--given", "bleeding=yes", "--given", "age_years=7", "--json"]
LISTING = """
import sys
sys.argv = ["pathways", *{words!r}]
try:
    from pathways.cli import main
    main()
finally:
    print("\\n".join(sys.modules), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as the wheel has it: rules inside, and their compiled form beside."""
    place = tmp_path_factory.mktemp("site")
    package = place / "pathways"
    shutil.copytree(Path(pathways.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__", "rules", "shipped.json"))
    write_rules(package / "rules")
    shipped.write(package / "rules", package / "shipped.json")
    return place


def listed(place: Path, *words: str) -> set[str]:
    env = {"PYTHONPATH": str(place), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", LISTING.format(words=list(words))],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=place,
    )
    assert done.stdout
    return set(done.stderr.splitlines())


def test_a_decision_imports_nothing_heavy(installed: Path) -> None:
    modules = listed(installed, *WORDS)
    assert not modules & HEAVY
    assert not {name for name in modules if name.startswith(("pathways.reports", "pathways.interview", "pathways.spoken"))}


def test_neither_does_its_text(installed: Path) -> None:
    modules = listed(installed, *WORDS[:-1])
    assert not modules & (HEAVY - {"textwrap"})
