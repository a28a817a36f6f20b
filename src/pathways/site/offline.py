"""The bedside page without a network: a manifest, and a service worker that keeps what the pages need, by what they hold.

Knows nothing of what a page says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib.resources import files as resources
from os.path import relpath
from pathlib import Path, PurePosixPath

from pathways.ruleset import RuleSet

__all__ = ["ICON", "MANIFEST", "WORKER", "manifest", "worker"]

MANIFEST, WORKER, ICON = "manifest.json", "worker.js", "icon.svg"
# What a page loads: scripts, images, and links that are no anchors.
_LOADED = re.compile(r'<(?:script|img)[^>]*?\ssrc=["\']?([^"\'\s>]+)|<link[^>]*?\shref=["\']?([^"\'\s>]+)')


def manifest(ruleset: RuleSet, start: str, icon: str) -> str:
    """The web app manifest; addresses are from where it stands."""
    said = {
        "name": f"{ruleset.title} ({ruleset.ref.approval})",
        "short_name": ruleset.title,
        "start_url": start,
        "scope": "./",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#005a5a",
        "icons": [{"src": icon, "sizes": "any", "type": "image/svg+xml"}],
    }
    return json.dumps(said, indent=1, ensure_ascii=True)


def worker(site: Path, folder: str, pages: Iterable[str], ruleset: RuleSet) -> str:
    """The service worker of `folder` in a built site: it keeps these pages (addresses from the root of the site) with what they load."""
    wanted: dict[str, None] = {}
    for page in pages:
        wanted[page] = None
        wanted.update(dict.fromkeys(_loaded(site, page)))
    whole = sha256()
    for address in sorted(wanted):
        whole.update(f"{address}\0{sha256(_file(site, address).read_bytes()).hexdigest()}\n".encode())
    names = [_from(folder, address) for address in sorted(wanted)]
    head = {"FAMILY": f"pathways {ruleset.id} ", "CACHE": f"{ruleset.digest[:12]} {whole.hexdigest()[:12]}", "FILES": names}
    constants = "".join(f"const {name} = {json.dumps(value, indent=1, ensure_ascii=True)};\n" for name, value in head.items())
    return constants + resources("pathways.site").joinpath(WORKER).read_text(encoding="utf-8")


def _file(site: Path, address: str) -> Path:
    path = site / address
    return path / "index.html" if path.is_dir() else path


def _from(folder: str, address: str) -> str:
    found = relpath(address or ".", folder).replace("\\", "/")
    return f"{found}/" if address.endswith("/") or not address else found


def _loaded(site: Path, page: str) -> Iterator[str]:
    """The files of the site that a page loads."""
    html = _file(site, page).read_text(encoding="utf-8")
    for match in _LOADED.finditer(html):
        address = (match[1] or match[2]).partition("?")[0].partition("#")[0]
        if "://" in address or address.startswith(("/", "data:")):
            continue
        found = _joined(page, address)
        if (site / found).is_file():
            yield found


def _joined(page: str, address: str) -> str:
    """An address from a page, from the root of the site."""
    folder = PurePosixPath(page) if page.endswith("/") else PurePosixPath(page).parent
    parts: list[str] = []
    for part in (folder / address).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)
