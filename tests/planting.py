"""Planted rule sets: a good one of `planted_good`, with one defect worked into it.

`planted_good/NAME/` is a whole rule folder without a defect.
`planted/NN_NAME/planted.yaml` names a good one and the edits that plant the defect: in `file`, `old`, which stands there once,
becomes `new`. `planted` lays the two together as a rule folder of their own; `python tests/planting.py NN_NAME FOLDER` does it by hand.

Beside the edits stands what a reader must be shown:
`property` that fails (or several, where the definitions overlap), `what` it is in clinical words, `place` as file:line of the defect,
`kind`: `patient` (some patient shows it), `place` (only the text does) or `change` (the good one and it are two versions),
`patient` who shows it, `then` what changes about that patient, and `shows` the levels: of the patient and of the changed one, or of
the two versions; `nothing` where no level is given, `impossible` where the patient is refused.
The defects were planted from the definitions of the properties, without reading the checks.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pathways.documents import read_document

HERE = Path(__file__).parent
GOOD = sorted(folder for folder in (HERE / "planted_good").iterdir() if folder.is_dir())
PLANTED = sorted(folder for folder in (HERE / "planted").iterdir() if folder.is_dir())


@dataclass(frozen=True)
class Plant:
    """One planted defect, as `planted.yaml` tells it."""

    name: str
    good: str
    properties: tuple[str, ...]
    what: str
    kind: str
    file: str
    line: int
    edits: tuple[tuple[str, str, str], ...]
    patient: Mapping[str, Any] | None
    then: Mapping[str, Any] | None
    shows: tuple[str, ...]

    def lay(self, folder: Path) -> Path:
        """The rule folder with the defect, written below `folder`."""
        rules = shutil.copytree(HERE / "planted_good" / self.good, folder / self.name)
        for file, old, new in self.edits:
            text = (rules / file).read_text(encoding="utf-8")
            assert text.count(old) == 1, f"{self.name}: {old!r} stands {text.count(old)} times in {file}"
            (rules / file).write_text(text.replace(old, new), encoding="utf-8")
        return rules


def plant(folder: Path) -> Plant:
    """What `planted.yaml` in that folder says."""
    told: Any = read_document(folder / "planted.yaml").data
    file, line = told["place"].split(":")
    properties = told["property"]
    return Plant(
        folder.name,
        told["good"],
        tuple(properties) if isinstance(properties, list) else (properties,),
        told["what"],
        told["kind"],
        file,
        int(line),
        tuple((edit["file"], edit["old"], edit["new"]) for edit in told["edits"]),
        told.get("patient"),
        told.get("then"),
        tuple(told.get("shows", ())),
    )


def presentation(told: Mapping[str, Any]) -> dict[str, Any]:
    """A patient as told, the way Python gives one; what does not apply is not given."""
    return {name: value_of(value) for name, value in told.items() if value != "not_applicable"}


def value_of(word: str) -> Any:
    if word in ("yes", "no"):
        return word == "yes"
    return Decimal(word) if word[0].isdigit() else str(word)


if __name__ == "__main__":
    print(plant(HERE / "planted" / sys.argv[1]).lay(Path(sys.argv[2])))  # noqa: T201  # the folder is what was asked for
