"""Presentations: what is known of one patient, read strictly and refused with a cure.

Three doors lead in: Python values (`read`), JSON text (`from_json`) and typed words (`answer_of`). Nothing is guessed and
nothing ignored: unknown is never "no", a misspelt finding or a value outside its range is an error.
Knows nothing of rules or of how a decision is reached.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from pathways.findings import ABSENCE, LONGEST_NUMBER, Finding, Space, number
from pathways.frozen import Frozen
from pathways.remarks import InvalidPresentation, Place, Remark, first, near, short

__all__ = ["YAML", "Presentation", "Reader", "answer_of", "from_json", "mistakes", "nested", "told"]

MAX_JSON_BYTES = 1_000_000
MAX_JSON_DEPTH = 32
_RANGE_KEYS = {"from": "at_least", "below": "below"}


class Presentation(Frozen):
    """What was given of one patient: finding → value or reason for absence, and the box of cells that it leaves.

    `known` holds the cells of the findings that were given as one cell; `plain` says that none was given in part. `rules`
    says for which rules it was read: cells of others mean something else.
    """

    __slots__ = ("given", "box", "known", "plain", "rules")  # noqa: RUF023 - as they are shown

    given: Mapping[str, Any]
    box: int
    known: int
    plain: bool
    rules: str

    def __init__(self, given: Mapping[str, Any], box: int, known: int, plain: bool, rules: str) -> None:
        # Through the slots themselves, as `Decision` does.
        _set_given(self, given)
        _set_box(self, box)
        _set_known(self, known)
        _set_plain(self, plain)
        _set_rules(self, rules)

    def __eq__(self, other: object) -> bool:
        return (self.rules, self.to_dict()) == (other.rules, other.to_dict()) if isinstance(other, Presentation) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.rules, self.box, self.known))

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        given = {name: dict(value) if isinstance(value, Mapping) else value for name, value in self.given.items()}
        return _restored, (given, self.box, self.known, self.plain, self.rules)

    def __repr__(self) -> str:
        """Short, and with nothing of the patient: it ends up in logs."""
        count = len(self.answers())
        return f"<Presentation, {count} answer{'s' * (count != 1)}; rules {self.rules[:12]}>"

    def to_dict(self) -> dict[str, Any]:
        """As JSON writes it, sorted by finding; what was left out stays out."""
        return {name: as_json(self.given[name]) for name in sorted(self.given) if not _left_out(self.given[name])}

    def reason(self, finding: str) -> str | None:
        """Why the finding is not known, or None where it is known; `not-asked` where nothing was given."""
        return absence(self.given.get(finding))

    def answers(self) -> tuple[str, ...]:
        """The findings of which something is known."""
        return tuple(name for name, value in self.given.items() if absence(value) is None)


_set_given, _set_box, _set_known, _set_plain, _set_rules = (vars(Presentation)[name].__set__ for name in Presentation.__slots__)


def _restored(given: dict[str, Any], box: int, known: int, plain: bool, rules: str) -> Presentation:
    return Presentation(MappingProxyType({name: _frozen(value) for name, value in given.items()}), box, known, plain, rules)


def absence(value: Any) -> str | None:
    """The reason for absence that a value stands for; None where it is an answer."""
    if value is None or value == "unknown":
        return "not-asked"
    if isinstance(value, Mapping) and "unknown" in value:
        return str(value["unknown"])
    return None


def _left_out(value: Any) -> bool:
    return absence(value) == "not-asked"


def as_json(value: Any) -> Any:
    """One value as JSON writes it: numbers as `int` or as the shortest text that says the same decimal."""
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, Mapping):
        return {key: as_json(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple | set | frozenset):
        return sorted(value)
    return _number_json(value)


def _number_json(value: Any) -> int | float | dict[str, str]:
    exact = decimal_of(value)
    if exact is None:
        raise TypeError(f"not a number: {value!r}")
    if exact == exact.to_integral_value():
        return int(exact)
    short = float(exact)
    return short if number(repr(short)) == exact else {"decimal": format(exact, "f")}


def decimal_of(value: Any) -> Decimal | None:
    """A Python number as the decimal that it is written as; None for what is no finite number, or too long to be read again."""
    if type(value) is int:
        return Decimal(value)
    if type(value) is float:
        return Decimal(repr(value)) if math.isfinite(value) else None
    if type(value) is Decimal:
        return value if value.is_finite() and _length(value) <= LONGEST_NUMBER else None
    return None


def _length(value: Decimal) -> int:
    """How many characters a finite number takes, written out."""
    sign, digits, exponent = value.as_tuple()
    places = int(exponent)
    return sign + (len(digits) + places if places >= 0 else max(len(digits), 1 - places) + 1)


class Reader(Frozen):
    """Reads presentations for one rule set. Immutable once made; safe to share between threads."""

    __slots__ = ("_choices", "_no", "_numbers", "_shift", "_yes", "rules", "space")

    def __init__(self, space: Space, rules: str) -> None:
        self.space = space
        self.rules = rules
        # One integer holds the answer's cell and, shifted, the mask of its finding: one `or` an answer.
        self._shift = len(space.owner)
        self._no: dict[str, int] = {}
        self._yes: dict[str, int] = {}
        self._choices: dict[str, dict[str, int]] = {}
        self._numbers: dict[str, tuple[Any, Any, tuple[Any, ...], tuple[Any, ...], tuple[int, ...]]] = {}
        for name, finding in space.findings.items():
            seen = finding.mask << self._shift
            if finding.kind == "yes_no":
                self._no[name] = seen | finding.cell(False)
                self._yes[name] = seen | finding.cell(True)
            elif finding.kind == "number" and finding.range is not None:
                low, high = (int(end) if end == int(end) else end for end in finding.range)
                cells = tuple(seen | 1 << (finding.offset + n) for n in range(len(finding.cuts) + 1))
                self._numbers[name] = (low, high, finding.below, finding.above, cells)
            elif finding.kind == "choice":
                self._choices[name] = {value: seen | finding.cell(value) for value in finding.values}

    def read(self, given: Mapping[str, Any]) -> Presentation:
        """Read Python values: `True`/`False`, choices as text, finite numbers, `None` or `"unknown"`, `{"unknown": reason}`,
        a list of choices, `{"from": low, "below": high}`. Raises InvalidPresentation with a remark for each mistake."""
        both = 0
        no, yes, shift = self._no, self._yes, self._shift
        try:
            for name, value in given.items():
                if value is False:
                    both |= no[name]
                elif value is True:
                    both |= yes[name]
                elif type(value) is int:
                    low, high, below, above, cells = self._numbers[name]
                    if not low <= value <= high:
                        return self._slowly(given)
                    both |= cells[bisect_right(below, value) + bisect_left(above, value)]
                elif type(value) is str:
                    both |= self._choices[name][value]
                elif value is not None or name not in self.space.findings:
                    return self._slowly(given)
        except (KeyError, TypeError, AttributeError):
            return self._slowly(given)  # something is not plain, or wrong: every mistake is found there
        known = both & self.space.everything
        return Presentation(MappingProxyType(dict(given)), self.space.everything & ~(both >> shift) | known, known, True, self.rules)

    def _slowly(self, given: Mapping[Any, Any]) -> Presentation:
        """Read what is not plain, and collect a remark for each mistake."""
        if not isinstance(given, Mapping):
            message = f"a presentation maps findings to answers, and `{told(given)}` was given"
            help = '{"age_years": 7, "fever": False}; JSON text is read by `read_json`'
            raise _refuse("not-a-presentation", message, help, "presentation")
        # A decision's own `presentation` writes long numbers as JSON does.
        meant = {name: _of_json(None, value) if isinstance(value, dict) else value for name, value in given.items()}
        if remarks := first(self._mistakes(meant), Place("presentation")):
            raise InvalidPresentation(remarks)
        box, known = self.space.everything, 0
        kept: dict[str, Any] = {}
        for name, value in meant.items():
            kept[name] = _frozen(value)
            if absence(value) is None:
                finding = self.space.findings[name]
                bits = _bits(finding, value)
                box &= ~finding.mask | bits
                if bits & (bits - 1) == 0:
                    known |= bits
        return Presentation(MappingProxyType(kept), box, known, False, self.rules)

    def _mistakes(self, given: Mapping[Any, Any]) -> Iterator[Remark]:
        for name, value in given.items():
            finding = self.space.findings.get(name) if isinstance(name, str) else None
            if finding is None:
                yield unknown_finding(told(name), self.space.findings)
            else:
                yield from mistakes(finding, value)


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return MappingProxyType(dict(value))
    return tuple(value) if isinstance(value, list | set | frozenset) else value


def unknown_finding(name: str, findings: Mapping[str, Finding]) -> Remark:
    """The remark for a finding that the rule set does not have, with the nearest one that it has."""
    return Remark(
        "unknown-finding",
        f"`{short(name)}` is not a finding",
        Place("presentation"),
        near(name, findings) or "`pathways list --findings` names them all",
        findings=(name,),
    )


def told(value: Any, depth: int = 0) -> str:
    """A given value in words for a message, whatever it is: never longer than a line, never an error of its own."""
    if isinstance(value, str):
        text = value
    elif isinstance(value, Mapping) and depth < 2:
        text = "{" + ", ".join(f"{told(key, depth + 1)}: {told(one, depth + 1)}" for key, one in list(value.items())[:5]) + "}"
    elif isinstance(value, list | tuple | set | frozenset) and depth < 2:
        text = "[" + ", ".join(told(one, depth + 1) for one in list(value)[:5]) + "]"
    elif isinstance(value, Mapping | list | tuple | set | frozenset):
        text = "..."
    else:
        try:
            text = str(value)
        except ValueError:
            text = "a number of very many digits"  # CPython writes no integer of more than 4,300
    return short(text)


def _wrong(finding: Finding, value: Any, help: str, code: str = "wrong-kind", what: str = "") -> Remark:
    shown = told(value)
    message = f"`{finding.id}` {what or f'is a {_KINDS[finding.kind]}'}, and `{shown}` was given"
    return Remark(code, message, Place("presentation"), help, findings=(finding.id,))


_KINDS = {"yes_no": "yes/no finding", "choice": "choice", "number": "number"}


class Spelling(NamedTuple):
    """How an answer is spelt where it was given."""

    yes_no: str
    unknown: str
    range: str


JSON = Spelling(
    'yes or no (True or False in Python; true, false, "yes" or "no" in JSON)', '{{"unknown": {}}}', '{"from": lowest, "below": highest}'
)
YAML = Spelling("yes or no, without quotes", "{{unknown: {}}}", "{from: lowest, below: highest}")


def mistakes(finding: Finding, value: Any, spelling: Spelling = JSON) -> Iterator[Remark]:
    """What is wrong with one value; nothing where it can be read."""
    if value is None or (type(value) is str and value == "unknown"):
        return
    if isinstance(value, Mapping) and "unknown" in value:
        if len(value) != 1 or value["unknown"] not in ABSENCE:
            yield _wrong(
                finding,
                dict(value),
                f"write {spelling.unknown.format('reason')} with one of: {', '.join(ABSENCE)}",
                "unknown-reason",
                "has no such reason for absence",
            )
        return
    if type(value) is str and value in ABSENCE:
        reason = f'"{value}"' if spelling is JSON else value
        yield _wrong(finding, value, f"a reason for absence is given as {spelling.unknown.format(reason)}")
        return
    yield from _BY_KIND[finding.kind](finding, value, spelling)


def _yes_no_mistakes(finding: Finding, value: Any, spelling: Spelling) -> Iterator[Remark]:
    if type(value) is not bool:
        yield _wrong(finding, value, f"answer {spelling.yes_no}")


def _choice_mistakes(finding: Finding, value: Any, spelling: Spelling) -> Iterator[Remark]:
    values = list(value) if isinstance(value, list | tuple | set | frozenset) else [value]
    if not values:
        yield _wrong(finding, value, f"name at least one of: {', '.join(finding.values)}")
    for one in values:
        if type(one) is not str or one not in finding.values:
            help = (near(one, finding.values) + " " if isinstance(one, str) else "") + f"one of: {', '.join(finding.values)}"
            yield _wrong(finding, one, help.strip(), "unknown-value", "has other values")


def _number_mistakes(finding: Finding, value: Any, spelling: Spelling) -> Iterator[Remark]:
    low, high = finding.range or (Decimal(0), Decimal(0))
    said = f"{low} to {high} {finding.unit_text}".rstrip()
    if isinstance(value, Mapping):
        if not value or any(key not in _RANGE_KEYS for key in value):
            yield _wrong(finding, dict(value), f"a range is written {spelling.range}")
            return
        ends = {key: decimal_of(end) for key, end in value.items()}
        for key, end in ends.items():
            if end is None:
                yield _no_number(finding, value[key], said)
            elif not low <= end <= high:
                yield _wrong(finding, value[key], f"a number from {said}", "out-of-range", f"ranges from {said}")
        start, stop = ends.get("from"), ends.get("below")
        if stop is not None and stop <= (low if start is None else start):
            yield _wrong(finding, dict(value), "`from` lies under `below`", "empty-range", "has no value in that range")
        return
    exact = decimal_of(value)
    if exact is None:
        yield _no_number(finding, value, said)
    elif not low <= exact <= high:
        yield _wrong(finding, value, f"a number from {said}", "out-of-range", f"ranges from {said}")


def _no_number(finding: Finding, value: Any, said: str) -> Remark:
    if isinstance(value, Decimal) and value.is_finite():
        return _wrong(finding, value, f"a number from {said}", "too-long", f"is a number of at most {LONGEST_NUMBER} characters")
    return _wrong(finding, value, f"a number from {said}{_as_number(value)}")


def _as_number(value: Any) -> str:
    """How what is almost a number is given as one; nothing for what is none."""
    if type(value) is str and number(value) is not None:
        return ", not as text: without quotes"
    if isinstance(value, str):
        return (
            ", in plain digits: no exponent, no leading zero"
            if len(value) <= LONGEST_NUMBER and value[:1].isdigit() and _floats(value)
            else ""
        )
    plain = type(value) in (bool, int, float, Decimal)
    return ", as int, float or Decimal" if not plain and hasattr(value, "__float__") else ""


def _floats(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


_BY_KIND = {"yes_no": _yes_no_mistakes, "choice": _choice_mistakes, "number": _number_mistakes}


def _bits(finding: Finding, value: Any) -> int:
    """The cells that a value leaves possible; giving a value implies that the finding applies."""
    if isinstance(value, list | tuple | set | frozenset):
        bits = 0
        for one in value:
            bits |= finding.cell(one)
        return bits
    if isinstance(value, Mapping):
        low, high = finding.range or (Decimal(0), Decimal(0))
        start, stop = decimal_of(value.get("from", low)), decimal_of(value.get("below", high))
        first = finding.cell(start)
        last = finding.cell(stop)
        if "below" in value and finding.below and stop in finding.below:
            last >>= 1  # the cell that begins at `below` is not part of the range
        return ((last << 1) - 1) & ~(first - 1)
    return finding.cell(decimal_of(value) if finding.kind == "number" else value)


def answer_of(finding: Finding, text: str) -> Any:
    """The value that a typed word stands for (`yes`, `no`, a choice, a number, `unknown`, a reason for absence).

    What cannot be read comes back as text, for the reader to refuse.
    """
    if text in ABSENCE:
        return {"unknown": text}
    if finding.kind == "yes_no":
        return {"yes": True, "no": False}.get(text, text)
    if finding.kind == "number":
        exact = number(text)
        return text if exact is None else exact
    return text


class _Malformed(str):
    """A number of a JSON text that is not written as numbers are written here."""


def _json_number(text: str) -> Any:
    exact = number(text)
    return _Malformed(text) if exact is None else exact


def _refuse(code: str, message: str, help: str, name: str) -> InvalidPresentation:
    return InvalidPresentation([Remark(code, message, Place(name), help)])


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key, value in pairs:
        if key in data:
            raise _DuplicateKey(key)
        data[key] = value
    return data


class _DuplicateKey(ValueError):
    pass


def from_json(text: str | bytes, findings: Mapping[str, Finding], name: str = "presentation") -> dict[str, Any]:
    """Read a presentation from JSON text into Python values; raises InvalidPresentation.

    Refused: what is not UTF-8, duplicate keys, NaN and infinities, exponents, nesting beyond 32 levels, more than 1 MB.
    """
    data = load_json(text, name)
    if not isinstance(data, dict):
        raise _refuse("not-an-object", "a presentation is an object of findings and values", '{"age_years": 7, "fever": "no"}', name)
    return {key: _of_json(findings.get(key), value) for key, value in data.items()}


def _of_json(finding: Finding | None, value: Any) -> Any:
    if finding is not None and finding.kind == "yes_no" and value in ("yes", "no") and not isinstance(value, _Malformed):
        return value == "yes"
    value = _exact(value)
    if isinstance(value, dict):
        return {key: _exact(end) for key, end in value.items()}  # a range
    return value


def _exact(value: Any) -> Any:
    """The decimal that `{"decimal": "0.1"}` stands for; anything else as it is."""
    exact = number(value["decimal"]) if isinstance(value, dict) and set(value) == {"decimal"} else None
    return value if exact is None else exact


def load_json(text: str | bytes, name: str) -> Any:
    """JSON text as data, guarded before it is parsed (hazards section 5); numbers become decimals."""
    if not isinstance(text, str | bytes):
        message = f"JSON is text or bytes, and `{told(text)}` was given"
        raise _refuse("not-text", message, "give the text; values of Python go to `decide`", name)
    if isinstance(text, bytes):
        if len(text) > MAX_JSON_BYTES:
            raise _refuse("too-large", f"more than {MAX_JSON_BYTES:,} bytes", "give one patient at a time", name)
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as error:
            raise _refuse("not-utf-8", f"byte {error.start} is not UTF-8", "save the file as UTF-8", name) from None
    if len(text) > MAX_JSON_BYTES:
        raise _refuse("too-large", f"more than {MAX_JSON_BYTES:,} characters", "give one patient at a time", name)
    if nested(text, MAX_JSON_DEPTH):
        raise _refuse(
            "too-deep", f"more than {MAX_JSON_DEPTH} levels of brackets", "a presentation is an object of findings and values", name
        )
    try:
        return json.loads(text, parse_float=_json_number, parse_int=_json_number, parse_constant=_Malformed, object_pairs_hook=_pairs)
    except _DuplicateKey as error:
        raise _refuse("duplicate-key", f"`{short(str(error))}` is given twice", "delete one of the two", name) from None
    except json.JSONDecodeError as error:
        place = Remark(
            "syntax", f"not JSON: {error.msg.lower()}", Place(name, error.lineno, error.colno), "check quotes, commas and brackets"
        )
        raise InvalidPresentation([place]) from None


def nested(text: str, most: int) -> bool:
    """Whether a JSON text has more than so many levels of brackets; those in strings are none."""
    depth = 0
    quoted = escaped = False
    for character in text:
        if quoted:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                quoted = False
        elif character == '"':
            quoted = True
        elif character in "[{":
            depth += 1
            if depth > most:
                return True
        elif character in "]}":
            depth -= 1
    return False
