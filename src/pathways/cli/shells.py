"""The shells that `completion` knows, as click speaks to them; its bash does not know `FINDING=VALUE`. Only for completion."""

from __future__ import annotations

from typing import Any

from click.shell_completion import BashComplete, CompletionItem, FishComplete, ShellComplete, ZshComplete, add_completion_class

__all__ = ["CLASSES", "answer"]


class Bash(BashComplete):
    """Bash takes `fever=yes` for three words and completes the last, unless `=` was taken out of its word breaks."""

    source_template = BashComplete.source_template.replace(
        "COMPREPLY+=($value)", 'COMPREPLY+=("$value")\n            [[ $value == *= ]] && compopt -o nospace'
    )
    _parted = False

    def get_completion_args(self) -> tuple[list[str], str]:
        args, incomplete = super().get_completion_args()
        joined: list[str] = []
        for word in (*args, incomplete):
            if joined and (word == "=" or joined[-1].endswith("=")):
                joined[-1] += word
            else:
                joined.append(word)
        self._parted = joined[-1] != incomplete
        return joined[:-1], joined[-1]

    def format_completion(self, item: CompletionItem[Any]) -> str:
        value = str(item.value)
        return f"{item.type},{value.partition('=')[2] or value if self._parted else value}"


CLASSES: dict[str, type[ShellComplete]] = {"bash": Bash, "zsh": ZshComplete, "fish": FishComplete}


def answer() -> None:
    """Let click answer with these."""
    add_completion_class(Bash)
