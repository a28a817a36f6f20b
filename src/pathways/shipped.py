"""The shipped rules: their folder, and their compiled form with the SHA-256 of the files that it came from.

The build hook calls `write`; `compiled` reads what it wrote, and compiles anew where the files have changed since.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

# As in the standard library's `random`: hashlib loads OpenSSL, and pathlib half of the internet modules; the bedside waits for both.
try:
    from _sha256 import sha256  # type: ignore[import-not-found,unused-ignore]
except ImportError:  # Python 3.12 and later name it otherwise
    from hashlib import sha256

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["compiled", "content", "folder", "write"]

PACKAGE = os.path.dirname(os.path.abspath(__file__))
COMPILED = os.path.join(PACKAGE, "shipped.json")


def folder() -> Path:
    """The folder of the shipped rules: inside the installed package, or beside `src` in a checkout."""
    from pathlib import Path

    return Path(_folder())


def _folder() -> str:
    inside = os.path.join(PACKAGE, "rules")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(os.path.dirname(PACKAGE)), "rules")


def write(rules: Path, target: Path) -> None:
    """Compile the rule folder into `target`; raises InvalidRules."""
    data = {"files": hashes(os.fspath(rules)), "compiled": _compiled(rules)}
    target.write_text(json.dumps(data, separators=(",", ":"), ensure_ascii=True), encoding="ascii")


def _compiled(rules: Path) -> dict[str, Any]:
    """The compiled form, which says how the rules stand."""
    from pathways.approvals import FILE, approved_ruleset
    from pathways.compiler import compile_rules
    from pathways.loader import read

    authored = read(rules)
    found = compile_rules(authored)
    return {**found, "approval": approved_ruleset(authored).ref.approval} if (rules / FILE).exists() else found


def hashes(rules: str) -> dict[str, str]:
    """SHA-256 of every file that the compiled form comes from, and of the compiler; what stands beside the rules is not among them."""
    beside = (".cases.yaml", "requirements.yaml", "hazards.yaml")
    names = [name for name in sorted(os.listdir(rules)) if name.endswith(".yaml") and not name.endswith(beside)]
    signed = os.path.join(rules, "approved")
    names += [os.path.join("approved", name) for name in sorted(os.listdir(signed))] if os.path.isdir(signed) else []
    found = {}
    for path in (*(os.path.join(rules, name) for name in names), os.path.join(PACKAGE, "compiler.py")):
        with open(path, "rb") as file:
            found[os.path.basename(path)] = sha256(file.read()).hexdigest()
    return found


def compiled() -> dict[str, Any]:
    """The compiled form of the shipped rules, checked against their files."""
    try:
        with open(COMPILED, "rb") as file:
            data = json.loads(file.read())
    except FileNotFoundError:
        data = {}
    if data.get("files") == hashes(_folder()):
        found: dict[str, Any] = data["compiled"]
        return found
    return _compiled(folder())


def content() -> dict[str, Any]:
    """The canonical content of the shipped rules, read from their files."""
    from pathways.compiler import content_of
    from pathways.loader import read

    return content_of(read(folder()))
