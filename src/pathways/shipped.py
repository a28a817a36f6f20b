"""The shipped rules: their folder, and their compiled form with the SHA-256 of the files that it came from.

The build hook calls `write`; `compiled` reads what it wrote, and compiles anew where the files have changed since.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

__all__ = ["compiled", "content", "folder", "write"]

PACKAGE = Path(__file__).parent
COMPILED = PACKAGE / "shipped.json"


def folder() -> Path:
    """The folder of the shipped rules: inside the installed package, or beside `src` in a checkout."""
    inside = PACKAGE / "rules"
    return inside if inside.is_dir() else PACKAGE.parent.parent / "rules"


def write(rules: Path, target: Path) -> None:
    """Compile the rule folder into `target`; raises InvalidRules."""
    from pathways.compiler import compile_rules
    from pathways.loader import read

    data = {"files": hashes(rules), "compiled": compile_rules(read(rules))}
    target.write_text(json.dumps(data, separators=(",", ":"), ensure_ascii=True), encoding="ascii")


def hashes(rules: Path) -> dict[str, str]:
    """SHA-256 of every file that the compiled form comes from; cases are not among them."""
    files = sorted(file for file in rules.glob("*.yaml") if not file.name.endswith(".cases.yaml"))
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def compiled() -> dict[str, Any]:
    """The compiled form of the shipped rules, checked against their files."""
    rules = folder()
    try:
        data = json.loads(COMPILED.read_bytes())
    except FileNotFoundError:
        data = {}
    if data.get("files") == hashes(rules):
        found: dict[str, Any] = data["compiled"]
        return found
    from pathways.compiler import compile_rules
    from pathways.loader import read

    return compile_rules(read(rules))


def content() -> dict[str, Any]:
    """The canonical content of the shipped rules, read from their files."""
    from pathways.compiler import content_of
    from pathways.loader import read

    return content_of(read(folder()))
