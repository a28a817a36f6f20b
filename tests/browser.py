"""A built site in Debian's Chromium: the site is built once a run, whichever process of the suite comes first."""

from __future__ import annotations

import fcntl
import functools
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from in_node import missing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[1]
NAMES = ("chromium", "chromium-browser", "google-chrome")
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def chromium_path() -> str:
    """Where the browser is; skips the test, or fails it in CI, where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        missing("chromium")
    return str(found)


def build(config: Path, site: Path) -> None:
    """Builds the site of this configuration, as its readers do: strictly. The shipped rules without proofs, so that it takes seconds."""
    checks = {"PATHWAYS_SITE_CHECKS": "false"} if config.parent == ROOT else {}
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", **checks}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--config-file", str(config), "--site-dir", str(site)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def shared(factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run share."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def own_config(folder: Path) -> Path:
    """The configuration of this project's site."""
    return ROOT / "mkdocs.yml"


def small_config(folder: Path) -> Path:
    """The configuration of a site of the smallest rule set that has something of everything: each kind of page, and each small."""
    (folder / "docs").mkdir()
    (folder / "docs" / "index.md").write_text("# Home\n", encoding="utf-8")
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    config = folder / "mkdocs.yml"
    config.write_text(text.replace("      rules: rules\n", f"      rules: {ROOT / 'tests' / 'bedside_rules'}\n"), encoding="utf-8")
    return config


def built_once(factory: pytest.TempPathFactory, name: str, config: Callable[[Path], Path]) -> Path:
    """The folder of a site, built by whichever process of this run needs it first."""
    folder = shared(factory) / name
    folder.mkdir(exist_ok=True)
    site, done = folder / "site", folder / "done"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            build(config(folder), site)
            done.touch()
    return site


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site."""
    return built_once(tmp_path_factory, "site-for-the-browser", own_config)


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small site with every kind of page."""
    return built_once(tmp_path_factory, "small-site", small_config)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing of each request."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address at which this folder is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session")
def address(built_site: Path) -> Iterator[str]:
    """The address of the built site."""
    with serving(built_site) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a process."""
    path = chromium_path()
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A fresh page on a desktop. What a page complains of fails the test, and so does any request to elsewhere."""
    with new_page(chromium, address, DESKTOP) as page:
        yield page


@pytest.fixture
def phone(chromium: Browser, address: str) -> Iterator[Page]:
    """A fresh page as wide as a phone."""
    with new_page(chromium, address, PHONE) as page:
        yield page


@contextmanager
def new_page(chromium: Browser, address: str, size: Any, **wanted: Any) -> Iterator[Page]:
    """A page of its own, with nothing kept from another."""
    context = chromium.new_context(viewport=size, base_url=address, timezone_id="Europe/London", locale="en-GB", **wanted)
    page = context.new_page()
    page.set_default_timeout(15_000)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "request", lambda request: None if request.url.startswith((address, "data:", "file:")) else said.append(f"asks for {request.url}")
    )
    yield page
    context.close()
    assert said == []
