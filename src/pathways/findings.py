"""Findings: the questions that can be asked of a patient, and the cells that their answers fall into.

A finding's possible answers are cut into *cells*, each one bit: the two answers of a yes/no finding, the values of a
choice, the intervals between the limits that the rules compare a number with, and *not applicable* where a finding has a
gate. A *box* is an integer that holds, for every finding, the bits of the cells that are still possible.
Knows nothing of rules, YAML, files or how an answer is typed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from pathways.frozen import Frozen, pickled

__all__ = ["ABSENCE", "UNITS", "Code", "Finding", "Space", "number", "unit_of"]

ABSENCE = ("not-asked", "asked-unknown", "unable-to-assess")  # the reasons of FHIR data-absent-reason that are used here
UNITS = {  # UCUM unit → as it is said
    "a": "years", "d": "days", "min": "minutes", "h": "hours", "s": "seconds", "/min": "per minute", "/mo": "per month",
    "mm[Hg]": "mmHg", "Cel": "°C", "kg": "kg", "{score}": "", "{count}": "", "1": "",
}  # fmt: skip
SINGULAR = {"years": "year", "days": "day", "minutes": "minute", "hours": "hour", "seconds": "second"}
LONGEST_NUMBER = 400  # characters; a longer numeral is a mistake or an attack (hazards H44)


def unit_of(unit: object, amount: object) -> str:
    """The unit of so much as it is said; empty where a number has none."""
    said = UNITS.get(str(unit or ""), "")
    return SINGULAR.get(said, said) if amount == 1 else said


class Code(NamedTuple):
    """A code of a terminology: `match` says how close it is, `verified_by` in which named public file it was read."""

    system: str
    code: str
    match: str
    verified_by: tuple[str, ...]


class Finding(NamedTuple):
    """A question with its kind (`yes_no`, `choice`, `number`), wording, UCUM unit, inclusive range and declared direction.

    `worse` is the answer that is worse: yes, no, higher, lower, both or neither. `cuts` are the limits between a
    number's cells: `(limit, False)` cuts just below the limit, `(limit, True)` just above it.
    """

    id: str
    ask: str
    means: str
    kind: str
    group: str
    worse: str
    unit: str = ""
    range: tuple[Decimal, Decimal] | None = None
    resolution: Decimal | None = None
    values: Mapping[str, str] = MappingProxyType({})
    codes: tuple[Code, ...] = ()
    applies: str = ""
    gates: tuple[str, ...] = ()
    reserved: bool = False
    cuts: tuple[tuple[Decimal, bool], ...] = ()
    offset: int = 0
    below: tuple[Decimal | int, ...] = ()
    above: tuple[Decimal | int, ...] = ()
    hides: tuple[str, ...] = ()
    measured_by: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        return pickled(self)

    @property
    def unit_text(self) -> str:
        """The unit as it is said: `years`, `per minute`; empty where a number has none."""
        return UNITS.get(self.unit, self.unit)

    @property
    def gated(self) -> bool:
        """Whether there are patients of whom it cannot be asked."""
        return bool(self.applies)

    @property
    def size(self) -> int:
        """How many cells its answers fall into, *not applicable* included."""
        answers = 2 if self.kind == "yes_no" else len(self.values) if self.kind == "choice" else len(self.cuts) + 1
        return answers + self.gated

    @property
    def mask(self) -> int:
        """The bits of all its cells."""
        return ((1 << self.size) - 1) << self.offset

    @property
    def not_applicable(self) -> int:
        """The bit of *not applicable*; 0 where the finding has no gate."""
        return 1 << (self.offset + self.size - 1) if self.gated else 0

    def cell(self, value: Any) -> int:
        """The bit of the cell of one answer, which must be of its kind and in its range."""
        if self.kind == "yes_no":
            return 2 << self.offset if value else 1 << self.offset
        if self.kind == "choice":
            return 1 << (self.offset + list(self.values).index(value))
        return 1 << (self.offset + bisect_right(self.below, value) + bisect_left(self.above, value))

    def cells(self) -> Iterator[tuple[int, str]]:
        """Each cell as (bit, how it is said)."""
        for n in range(self.size):
            yield 1 << (self.offset + n), self.say(1 << (self.offset + n))

    def say(self, bits: int) -> str:
        """The answers of these cells as a clinician says them."""
        bits &= self.mask
        if bits and bits == self.not_applicable:
            return f"{self.ask}: does not apply"
        bits &= ~self.not_applicable
        if self.kind == "yes_no":
            return {1: f"no: {self.ask}", 2: self.ask}.get(bits >> self.offset, f"{self.ask}: yes or no")
        if self.kind == "choice":
            return f"{self.ask}: {' or '.join(label for n, label in enumerate(self.values.values()) if bits >> (self.offset + n) & 1)}"
        return f"{self.ask} {' or '.join(self._intervals(bits >> self.offset))} {self.unit_text}".rstrip()

    def _intervals(self, bits: int) -> Iterator[str]:
        edges = [None, *self.cuts, None]
        n = 0
        while bits >> n:
            if not bits >> n & 1:
                n += 1
                continue
            start = n
            while bits >> (n + 1) & 1:
                n += 1
            yield _interval(edges[start], edges[n + 1])
            n += 1


def _interval(low: tuple[Decimal, bool] | None, high: tuple[Decimal, bool] | None) -> str:
    if low and high and low[0] == high[0]:
        return f"{low[0]}"
    parts = []
    if low:
        parts.append(f"{'over' if low[1] else 'at least'} {low[0]}")
    if high:
        parts.append(f"{'at most' if high[1] else 'under'} {high[0]}")
    return " and ".join(parts) or "any"


def number(text: Any) -> Decimal | None:
    """A number as rule files and keyboards write it, or None: `7`, `-2`, `37.5`; no exponent, no leading zero."""
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST_NUMBER:
        return None
    digits, point, fraction = text.removeprefix("-").partition(".")
    if not (digits.isascii() and digits.isdigit()) or (len(digits) > 1 and digits[0] == "0"):
        return None
    if point and not (fraction.isascii() and fraction.isdigit()):
        return None
    return Decimal(text)


class Space(Frozen):
    """All findings of a rule set side by side: which bit belongs to which finding."""

    __slots__ = ("everything", "findings", "masks", "not_applicable", "owner", "owners")

    def __init__(self, findings: Mapping[str, Finding]) -> None:
        self.findings = findings
        self.masks: Mapping[str, int] = MappingProxyType({name: finding.mask for name, finding in findings.items()})
        # Bit number → the mask of its finding, and its id.
        self.owner: tuple[int, ...] = tuple(finding.mask for finding in findings.values() for _ in range(finding.size))
        self.owners: tuple[str, ...] = tuple(name for name, finding in findings.items() for _ in range(finding.size))
        self.everything = (1 << len(self.owner)) - 1
        self.not_applicable = sum(finding.not_applicable for finding in findings.values())  # those cells of all findings

    def parts(self, bits: int) -> Iterator[int]:
        """The mask of each finding that has one of these bits."""
        while bits:
            mask = self.owner[(bits & -bits).bit_length() - 1]
            yield mask
            bits &= ~mask

    def scope(self, bits: int) -> int:
        """The masks of every finding that has one of these bits."""
        scope = 0
        rest = bits
        while rest:
            mask = self.owner[(rest & -rest).bit_length() - 1]
            scope |= mask
            rest &= ~mask
        return scope

    def patient(self, box: int, last: bool = False) -> int:
        """One patient of the box: the first cell of every finding, or the last."""
        patient = 0
        owner = self.owner
        while box:
            cell = 1 << (box.bit_length() - 1) if last else box & -box
            patient |= cell
            box &= ~owner[cell.bit_length() - 1]
        return patient

    def names(self, bits: int) -> list[str]:
        """The findings that have one of these bits, in the order of the rule set."""
        names = []
        while bits:
            at = (bits & -bits).bit_length() - 1
            names.append(self.owners[at])
            bits &= ~self.owner[at]
        return names

    def meets(self, box: int, cube: int) -> bool:
        """Whether some patient of the box lies in the cube, constraints apart: no finding loses its last cell."""
        hit = box & cube
        while hit:
            mask = self.owner[(hit & -hit).bit_length() - 1]
            if not box & mask & ~cube:
                return False
            hit &= ~mask
        return True
