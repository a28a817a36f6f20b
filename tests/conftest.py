"""What pytest leaves alone here, and what every process that a test starts can rely on."""

import signal

import pytest

pytest.register_assert_rewrite("browser", "in_node")

from browser import address, built_site, chromium, page, phone, small_site  # noqa: E402

__all__ = ["address", "built_site", "chromium", "page", "phone", "small_site"]  # fixtures

# The case files below belong to rule sets that the tests load, many of them with a fault.
collect_ignore_glob = ["*.cases.yaml"]

# Started in the background of a script, pytest is deaf to Ctrl-C, and so would be the commands that are interrupted here.
signal.signal(signal.SIGINT, signal.default_int_handler)
