"""Shows what an editor shows: `python campaigns/editor.py SERVER` drives a YAML language server over the rule files.

SERVER is the command of yaml-language-server (npm package of that name). The schema that each file names in its first line
is what the server uses; nothing is configured.
"""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import Any

RULES = Path(__file__).parent.parent / "rules"


class Server:
    """A language server as a child process, spoken to over its standard streams."""

    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.numbers = count(1)
        self.diagnostics: dict[str, list[dict[str, Any]]] = {}

    def send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def receive(self) -> dict[str, Any]:
        assert self.process.stdout
        length = 0
        while (line := self.process.stdout.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        message: dict[str, Any] = json.loads(self.process.stdout.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "method" in message and "id" in message:  # the server asks: it gets nothing, which is its default
            wanted = message.get("params", {}).get("items", [])
            self.send({"id": message["id"], "result": [None] * len(wanted) if wanted else None})
        return message

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        number = next(self.numbers)
        self.send({"id": number, "method": method, "params": params})
        while True:
            message = self.receive()
            if message.get("id") == number and "method" not in message:
                return message.get("result")

    def open(self, file: Path, text: str) -> dict[str, str]:
        document = {"uri": file.as_uri()}
        self.send(
            {"method": "textDocument/didOpen", "params": {"textDocument": {**document, "languageId": "yaml", "version": 1, "text": text}}}
        )
        while document["uri"] not in self.diagnostics:
            self.receive()
        return document


def place(text: str, needle: str, after: int = 0) -> dict[str, int]:
    """The position of a text in the file, as the protocol counts."""
    at = text.index(needle) + after
    return {"line": text.count("\n", 0, at), "character": at - text.rfind("\n", 0, at) - 1}


def main() -> None:
    server = Server([*sys.argv[1:], "--stdio"])
    server.ask(
        "initialize",
        {"processId": None, "rootUri": RULES.parent.as_uri(), "capabilities": {"textDocument": {"hover": {}, "completion": {}}}},
    )
    server.send({"method": "initialized", "params": {}})

    for file in sorted(RULES.glob("*.yaml")):
        server.open(file, file.read_text())
        print(f"{file.name}: {len(server.diagnostics[file.as_uri()])} complaints")

    file = RULES / "epistaxis.yaml"
    text = file.read_text()
    hover = server.ask("textDocument/hover", {"textDocument": {"uri": file.as_uri()}, "position": place(text, "basis:", 2)})
    print("\nhover over `basis:`\n ", hover["contents"]["value"].replace("\n", "\n  "))

    draft = RULES / "draft.yaml"
    lines = [text.splitlines()[0], "pathway: draft", "rules:", "  a_rule:", "    title: draft", "    when: fever", "    "]
    document = server.open(draft, "\n".join(lines))
    found = server.ask("textDocument/completion", {"textDocument": document, "position": {"line": 6, "character": 4}})
    items = found["items"] if isinstance(found, dict) else found
    print("\ncompletion in a rule\n ", ", ".join(sorted(item["label"] for item in items)))
    lines[-1] = "    basis: "
    document = server.open(RULES / "draft2.yaml", "\n".join(lines))
    found = server.ask("textDocument/completion", {"textDocument": document, "position": {"line": 6, "character": 11}})
    items = found["items"] if isinstance(found, dict) else found
    print("\ncompletion after `basis: `\n ", ", ".join(sorted(item["label"] for item in items)))
    document = server.open(RULES / "draft3.yaml", "\n".join([*lines[:-1], "    basis: gut feeling", "    urgnecy: urgent"]))
    print("\ncomplaints about a wrong basis and a misspelt key")
    for one in server.diagnostics[document["uri"]]:
        print(f"  line {one['range']['start']['line'] + 1}: {one['message']}")
    server.process.terminate()


if __name__ == "__main__":
    main()
