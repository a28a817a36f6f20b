"""The site of a rule folder, built by MkDocs for one commit and with one verification report.

Needs the extra `site`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pathways.extras import Missing

try:
    from mkdocs.commands.build import build
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException
except ModuleNotFoundError as error:
    raise Missing("a site needs", error.name or "mkdocs", "site") from None

__all__ = ["NotBuilt", "build_site", "documents"]


class NotBuilt(RuntimeError):
    """The site could not be built, and why."""


def build_site(config_file: Path | None, folder: Path, target: Path, seconds: int, record: Path, beside: Path) -> None:
    """Build the site into `target`; one of these pages alone, laid out in `beside`, where nobody gave a configuration.

    Raises NotBuilt, also for a site whose plugin reads another rule folder.
    """
    file = config_file or _smallest(folder, beside)
    try:
        with _environment({"SOURCE_DATE_EPOCH": str(seconds), "NO_MKDOCS_2_WARNING": "1"}):
            config = load_config(str(file), site_dir=str(target), strict=True)
            plugin = config.plugins.get("pathways")
            if plugin is None:
                raise NotBuilt(f"`{file}` does not have the plugin `pathways`")
            rules = file.parent / plugin.config["rules"]
            if rules.resolve() != folder.resolve():
                raise NotBuilt(f"`{file}` shows the rules in `{rules}`, and these are in `{folder}`")
            plugin.config["record"] = str(record.resolve())
            plugin.config["checks"] = True
            build(config)
    except MkDocsException as error:
        raise NotBuilt(f"the site could not be built: {error}") from None


def documents(config_file: Path | None) -> list[Path]:
    """What a site is made of beside the rules: its configuration and its pages."""
    if config_file is None:
        return []
    return [config_file, Path(load_config(str(config_file)).docs_dir)]


def _smallest(folder: Path, beside: Path) -> Path:
    """A configuration for the pages of the rules alone."""
    pages = beside / "docs"
    pages.mkdir(parents=True)
    (pages / "index.md").write_text(f"# {folder.resolve().name}\n", encoding="utf-8")
    config = {
        "site_name": folder.resolve().name,
        "theme": {"name": "material", "font": False},
        "extra": {"generator": False},
        "plugins": ["search", {"pathways": {"rules": str(folder.resolve())}}],
    }
    file = beside / "mkdocs.yml"
    file.write_text(json.dumps(config), encoding="utf-8")  # which YAML reads too
    return file


@contextmanager
def _environment(wanted: Mapping[str, str]) -> Iterator[None]:
    """These variables, for as long as it takes."""
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
