"""A site built in this process, as `mkdocs build --strict` builds it: a warning is a failure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config


def build(folder: Path, *, docs: Mapping[str, str] | None = None, plugin: Mapping[str, Any] | None = None, **config: Any) -> Path:
    """The site of a rules folder as an organisation sets it up in `folder`, which holds `rules`; without proofs. JSON is YAML too."""
    for name, text in (docs or {"index.md": "# Our hospital\n"}).items():
        page = folder / "docs" / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, encoding="utf-8")
    written = {
        "site_name": "Our hospital",
        "theme": {"name": "material", "font": False},
        "plugins": ["search", {"pathways": {"checks": False, **(plugin or {})}}],
    }
    (folder / "mkdocs.yml").write_text(json.dumps({**written, **config}), encoding="utf-8")
    return _built(folder / "mkdocs.yml", folder / "site")


def _built(file: Path, to: Path) -> Path:
    config = load_config(str(file), site_dir=str(to), strict=True)
    config.plugins.on_startup(command="build", dirty=False)
    try:
        mkdocs_build(config)
    finally:
        config.plugins.on_shutdown()
    return to
