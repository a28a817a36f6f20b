"""What pytest leaves alone here, and what every process that a test starts can rely on."""

import signal
from pathlib import Path

import pytest

# The case files below belong to rule sets that the tests load, many of them with a fault.
collect_ignore_glob = ["*.cases.yaml"]

# Started in the background of a script, pytest is deaf to Ctrl-C, and so would be the commands that are interrupted here.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of this project, built once a session and process."""
    from building import build_project

    return build_project(tmp_path_factory.mktemp("site"))
