"""Build hook: a wheel carries the rules, their compiled form and the JSON Schemas of what authors write.

An editable install reads `rules/` where it stands, so it only needs the compiled form, beside the code.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ShippedRules(BuildHookInterface[Any]):
    """Compiles `rules/` with the code of this very source tree."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        rules = root / "rules"
        with importable(root / "src"):
            from pathways import schemas, shipped

            if version == "editable":
                shipped.write(rules, root / "src" / "pathways" / "shipped.json")
                return
            self.made = TemporaryDirectory(prefix="ent-pathways-")
            made = Path(self.made.name)
            shipped.write(rules, made / "shipped.json")
            (made / "schemas").mkdir()
            schemas.write(made / "schemas")
        files = [made / "shipped.json", *(made / "schemas").iterdir()]
        include = {str(file): f"pathways/{file.relative_to(made).as_posix()}" for file in files}
        include |= {str(file): f"pathways/rules/{file.name}" for file in rules.glob("*.yaml")}
        include |= {str(file): f"pathways/rules/approved/{file.name}" for file in rules.glob("approved/*.json")}
        build_data["force_include"].update(sorted(include.items(), key=lambda pair: pair[1]))

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            self.made.cleanup()


@contextmanager
def importable(folder: Path) -> Iterator[None]:
    """The packages of `folder`, for as long as it takes and without leaving bytecode there."""
    bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        sys.dont_write_bytecode = bytecode
