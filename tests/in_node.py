"""The evaluator of the pages, run by Node beside the engine: every difference between their answers in words."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any
from unittest import mock

import pytest

from pathways import InvalidPresentation, RuleSet, browser
from pathways.decision import Decision
from pathways.presentations import decimal_of

DRIVER = Path(__file__).with_name("evaluate_lines.js")
NOT_COMPARED = ("because", "engine", "format", "pathways", "presentation", "ruleset", "site")  # what the page does not compute, or knows


def missing(what: str) -> None:
    """Skips a test whose tool is not installed; where the tools are required, as in CI, it fails."""
    said = f"{what} is not on this machine: apt-get install nodejs chromium"
    if os.environ.get("PATHWAYS_NEEDS_BROWSER"):
        pytest.fail(said)
    pytest.skip(said)


class Node:
    """A process that decides what it is given with the script of the pages."""

    def __init__(self, ruleset: RuleSet, folder: Path) -> None:
        node = shutil.which("node")
        if node is None:
            missing("node")
        data = folder / "rules.js"
        data.write_text(browser.as_script(ruleset), encoding="ascii")
        command = [str(node), str(DRIVER), str(data)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Node:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.process.communicate(timeout=60)

    def decide(self, given: Mapping[str, Any], pathways: Sequence[str]) -> dict[str, Any]:
        """The record of a decision, or the refusal."""
        return self._answer({"pathways": list(pathways), "given": {name: as_text(value) for name, value in given.items()}})

    def words(self, given: Mapping[str, Any], pathways: Sequence[str], decided: datetime, arrived: datetime | None) -> dict[str, Any]:
        """What the page says of the patient at that time."""
        when = {"decided": decided.isoformat(), "arrived": None if arrived is None else arrived.isoformat()}
        return self._answer({"pathways": list(pathways), "given": {name: as_text(value) for name, value in given.items()}, "when": when})

    def typed(self, finding: str, text: str, unit: str) -> dict[str, Any]:
        """What the page understands of a number that was typed."""
        return self._answer({"typed": [finding, text, unit]})

    def _answer(self, line: Mapping[str, Any]) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


def as_text(value: Any) -> Any:
    """A value as the page writes it: numbers as text, so that no decimal is ever a float."""
    if isinstance(value, Mapping):
        return {key: as_text(one) for key, one in value.items()}
    exact = None if isinstance(value, bool) else decimal_of(value)
    return value if exact is None else format(exact, "f")


def differences(ruleset: RuleSet, given: Mapping[str, Any], pathways: Sequence[str], answer: Mapping[str, Any]) -> list[str]:
    """Where the page's answer is not the engine's record; nothing where they are equal."""
    try:
        decision = ruleset.decide(given, pathways)
    except InvalidPresentation as refusal:
        if "refused" not in answer:
            return [f"refused by the engine only: {refusal}"]
        return _other_refusal(ruleset, given, pathways, answer["refused"], refusal)
    if "refused" in answer:
        return [f"refused by the page only: {answer}"]
    with mock.patch.object(Decision, "because", ()):  # it takes ten times as long as all that is compared
        record = {key: value for key, value in decision.to_dict().items() if key not in NOT_COMPARED}
    keys = sorted(record.keys() | answer.keys())
    return [f"{key}: engine {record.get(key)}, page {answer.get(key)}" for key in keys if record.get(key) != answer.get(key)]


def _other_refusal(
    ruleset: RuleSet, given: Mapping[str, Any], pathways: Sequence[str], named: Sequence[str], refusal: InvalidPresentation
) -> list[str]:
    """The page names as few answers as the engine, and these alone cannot be: where several sets are smallest, it may name another."""
    if len(named) != len(refusal.remarks[0].findings):
        return [f"engine names {refusal.remarks[0].findings}, page {named}"]
    try:
        ruleset.decide({name: given[name] for name in named}, pathways)
    except InvalidPresentation:
        return []
    return [f"page names {named}, which can be"]
