"""The conditions of rule sets as Booleans for z3, and patients found by it: the one place that knows z3.

One `Solver` holds any number of patients (`Answers`) and rule sets (`World`), so that two versions can be asked of one
patient, and one version of two. A number is a row of Booleans, one for each limit that it may lie beyond; so everything is
propositional and every question is decided. Needs the extra `author`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeAlias

from pathways.content import Content, Given, Rule, Slot, Tree, limits_read
from pathways.extras import Missing
from pathways.plain import Answer, Patient

try:
    import z3
except ModuleNotFoundError:
    raise Missing("proofs need", "z3") from None

__all__ = ["Answers", "Fact", "Literal", "Shape", "Solver", "Uncut", "Undecided", "World", "mark", "shapes"]

Literal: TypeAlias = Any  # a z3 Boolean
PATIENCE = 20_000  # milliseconds for one question
MOST = 12  # remarkable answers that are counted: of a patient with more, nobody asks whether one less would do


class Undecided(RuntimeError):
    """The solver reached its limit before it had an answer."""


class Uncut(AssertionError):
    """A condition compares a number with a limit at which the answers were not cut."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What answers a finding has in all the rule sets that are asked together, numbers cut at all their limits."""

    name: str
    kind: str
    worse: str
    gated: bool
    values: tuple[str, ...]
    range: tuple[Decimal, Decimal] | None
    resolution: Decimal | None
    cuts: tuple[tuple[Decimal, bool], ...]

    @property
    def ordinary(self) -> int:
        """The cell of a number that is taken where nothing speaks for another, counted from the lowest."""
        return {"higher": 0, "lower": len(self.cuts)}.get(self.worse, (len(self.cuts) + 1) // 2)


def shapes(contents: Sequence[Content], further: Iterable[Tree] = ()) -> dict[str, Shape]:
    """The findings of these rule sets together; `further` are conditions beside the rules, whose limits cut too."""
    extra = limits_read(further)
    cuts: dict[str, set[tuple[Decimal, bool]]] = {name: set(limits) for name, limits in extra.items()}
    ranges: dict[str, set[Decimal]] = {}
    for content in contents:
        for name, limits in limits_read(_trees(content)).items():
            cuts.setdefault(name, set()).update(limits)
        for name, finding in content.findings.items():
            if finding["range"]:
                low, high = map(Decimal, finding["range"])
                ranges.setdefault(name, set()).update((low, high))
                cuts.setdefault(name, set()).update(((low, False), (high, True)))
    found: dict[str, Shape] = {}
    for content in contents:
        for name, finding in content.findings.items():
            before = found.get(name)
            if before is not None and before.kind != finding["kind"]:
                raise ValueError(f"`{name}` is a {before.kind} in one rule set and a {finding['kind']} in the other")
            ends = ranges.get(name)
            low_high = (min(ends), max(ends)) if ends else None
            values = dict.fromkeys((*(before.values if before else ()), *(finding["values"] or {})))
            inside = () if low_high is None else tuple(sorted(cut for cut in cuts[name] if _cuts(cut, low_high)))
            resolution = Decimal(finding["resolution"]) if finding["resolution"] else None
            gated = finding["applies"] is not None or (before is not None and before.gated)
            found[name] = Shape(name, finding["kind"], finding["worse"], gated, tuple(values), low_high, resolution, inside)
    return found


def _trees(content: Content) -> Iterator[Tree]:
    yield from (one.holds for one in content.constraints)
    yield from (rule.when for rule in content.red_flags)
    for name, pathway in content.pathways.items():
        yield content.applies(name)
        yield from (content.condition(name, rule["id"]) for rule in pathway["rules"])


def _cuts(cut: tuple[Decimal, bool], ends: tuple[Decimal, Decimal]) -> bool:
    """Whether it separates two values of the range: a cut just below its lowest or just above its highest does not."""
    return ends[0] <= cut[0] <= ends[1] and cut not in ((ends[0], False), (ends[1], True))


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """One thing true of a patient's answer: that there is one (`at` is None), that it is this value, or lies beyond this cut; or not."""

    finding: str
    at: str | bool | tuple[Decimal, bool] | None
    holds: bool
    literal: Literal


class Solver:
    """Booleans that hold always, and questions whether some can hold together."""

    def __init__(self) -> None:
        self._solver = z3.SolverFor("QF_FD")
        self._solver.set("timeout", PATIENCE)
        self._context = self._solver.ctx.ref()
        self._names = 0
        self._known: dict[int, tuple[Literal, Literal]] = {}
        self._asked: dict[int, tuple[Literal, Literal]] = {}
        self.questions = 0

    def always(self, *wanted: Literal) -> None:
        """From now on this holds."""
        for literal in wanted:
            z3.Z3_solver_assert(self._context, self._solver.solver, literal.as_ast())

    def name(self, meaning: Literal) -> Literal:
        """A Boolean that holds exactly where this does, the same for the same; what is learnt of it is kept."""
        if _is_atom(meaning):
            return meaning
        found = self._known.get(meaning.get_id())
        if found is None:
            self._names += 1
            literal = z3.Bool(f"n{self._names}")
            self.always(_equal(literal, meaning))
            found = self._known[meaning.get_id()] = (literal, meaning)  # kept, so that no other takes its number
        return found[0]

    def _plain(self, wanted: Literal) -> Literal:
        """A Boolean or its negation: anything else is named, or the solver would make a new name at each question."""
        found = self._asked.get(wanted.get_id())
        if found is None:
            inner = wanted.arg(0) if z3.is_not(wanted) else wanted
            plain = wanted if _is_atom(inner) else self.name(wanted)
            found = self._asked[wanted.get_id()] = (plain, wanted)
        return found[0]

    def _check(self, wanted: Sequence[Literal]) -> bool:
        """As z3's own `check`, which looks at each literal anew for longer than the solver takes."""
        self.questions += 1
        plain = [self._plain(literal).ast for literal in wanted]
        answer = z3.Z3_solver_check_assumptions(self._context, self._solver.solver, len(plain), (z3.Ast * len(plain))(*plain))
        if answer == z3.Z3_L_UNDEF:
            raise Undecided(self._solver.reason_unknown())
        return bool(answer == z3.Z3_L_TRUE)

    def possible(self, *wanted: Literal) -> bool:
        """Whether all of these can hold together; raises Undecided at the limit."""
        return self._check(wanted)

    def possible_once(self, wanted: Literal, *others: Literal) -> bool:
        """The same of a large question that is asked only once, and forgotten."""
        self._solver.push()
        self._solver.add(wanted)
        try:
            return self.possible(*others)
        finally:
            self._solver.pop()

    def model(self) -> Any:
        """The answers behind the last `possible` that was true."""
        return self._solver.model()

    def find(self, answers: Answers, *wanted: Literal) -> Patient | None:
        """One patient for whom all of this holds; None where there is none."""
        return answers.patient(self.model()) if self.possible(*wanted) else None

    def simplest(self, answers: Answers, *wanted: Literal) -> Patient | None:
        """As `find`, of the patients one with the fewest remarkable answers, and then with as little asked and numbers as ordinary."""
        if not self.possible(*wanted):
            return None
        kept = list(wanted)
        for few in answers.fewer():
            if self.possible(*kept, few):
                kept.append(few)
                break
        kept += self._first_of_few(answers, kept, counted=len(kept) > len(wanted))
        kept += self._preferred(kept, list(answers.preferences()))
        self.possible(*kept)
        return answers.patient(self.model())

    def _first_of_few(self, answers: Answers, wanted: Sequence[Literal], counted: bool) -> list[Literal]:
        """Which remarkable answers are given: early findings rather than late ones, so that it is always the same patient.

        Where their number is `counted`, as few as possible, those that are given leave no room for others.
        """
        given: list[Literal] = []
        others: list[Literal] = []
        self.possible(*wanted)
        model = self.model()
        for literal in reversed(answers.remarkable):
            if z3.is_true(model.eval(literal, model_completion=True)):
                if not self.possible(*wanted, *given, *others, negated(literal)):
                    given.append(literal)
                    continue
                model = self.model()
            others.append(negated(literal))
        return given if counted else [*given, *others]

    def _preferred(self, kept: Sequence[Literal], preferences: Sequence[Sequence[Literal]]) -> list[Literal]:
        """Of each preference in turn the first that is possible with what is kept; asked of many at once, for mostly all first ones are."""
        if not preferences:
            return []
        first = [preferred[0] for preferred in preferences]
        if self.possible(*kept, *first):
            return first
        if len(preferences) == 1:
            return next(([literal] for literal in preferences[0][1:] if self.possible(*kept, literal)), [])
        middle = len(preferences) // 2
        before = self._preferred(kept, preferences[:middle])
        return before + self._preferred([*kept, *before], preferences[middle:])

    def nearest(self, one: Answers, other: Answers, *wanted: Literal) -> Patient | None:
        """Of the second patients for whom all of this holds one who answers as the first wherever that is possible."""
        if not self.possible(*wanted):
            return None
        kept = list(wanted)
        for name in one.shapes:
            if self.possible(*kept, alike := one.equal(other, name)):
                kept.append(alike)
        self.possible(*kept)
        return other.patient(self.model())


class Answers:
    """The answers of one patient as Booleans."""

    def __init__(self, solver: Solver, shapes: Mapping[str, Shape], prefix: str = "") -> None:
        self.shapes = shapes
        self._solver = solver
        self._prefix = prefix
        self._fewer: list[Literal] = []
        self._cells: dict[str, tuple[tuple[Literal, Answer], ...]] = {}
        self._bits: dict[str, tuple[Literal, ...]] = {}
        self._applies: dict[str, Literal] = {}
        self._opposite: dict[int, Literal] = {}
        self.remarkable: list[Literal] = []  # answers that an ordinary patient does not give
        for name, shape in shapes.items():
            count = 1 if shape.kind == "yes_no" else len(shape.values) if shape.kind == "choice" else len(shape.cuts)
            bits = tuple(z3.Bool(f"{prefix}{name}:{n}") for n in range(count))
            applies = z3.Bool(f"{prefix}{name}:applies") if shape.gated else z3.BoolVal(True)
            self._bits[name], self._applies[name] = bits, applies
            if shape.kind == "choice":
                # At most one pair by pair, which is short for the few values of a choice, and at least one where it applies.
                solver.always(*(negated(both(a, b)) for n, a in enumerate(bits) for b in bits[:n]), either(*bits) == applies)
            elif shape.kind == "number":
                solver.always(*(_implies(after, before) for before, after in pairwise(bits)))
            if shape.gated:
                solver.always(*(_implies(bit, applies) for bit in bits))
            if shape.kind == "yes_no":
                self.remarkable.append(solver.name(both(applies, negated(bits[0]))) if shape.worse == "no" else bits[0])
            elif shape.kind == "choice":
                self.remarkable += bits[1:]

    def applies(self, name: str) -> Literal:
        """The finding has an answer."""
        return self._applies[name]

    def compare(self, tree: Tree) -> Literal:
        """A comparison of a written out tree."""
        name = tree["finding"]
        shape, bits, applies = self.shapes[name], self._bits[name], self._applies[name]
        if "number" in tree:
            return both(applies, *(self._beyond(shape, bits, word, Decimal(limit)) for word, limit in tree["number"].items()))
        if shape.kind == "yes_no":
            here = [bits[0] if value == "yes" else both(applies, negated(bits[0])) for value in tree["is"]]
        else:
            here = [bits[shape.values.index(value)] for value in tree["is"] if value in shape.values]
        return either(*here)

    def cells(self, name: str) -> tuple[tuple[Literal, Answer], ...]:
        """Each answer of the finding: the Boolean that it is given, and the answer; a number once for each of its cells."""
        if name not in self._cells:
            self._cells[name] = tuple((self._solver.name(literal), answer) for literal, answer in self._each(name))
        return self._cells[name]

    def _each(self, name: str) -> Iterator[tuple[Literal, Answer]]:
        shape, bits, applies = self.shapes[name], self._bits[name], self._applies[name]
        if shape.gated:
            yield negated(applies), None
        if shape.kind == "yes_no":
            yield both(applies, negated(bits[0])), False
            yield bits[0], True
        elif shape.kind == "choice":
            yield from zip(bits, shape.values, strict=True)
        else:
            for n in range(len(bits) + 1):
                here = [applies] if n == 0 else [bits[n - 1]]
                yield both(*here, *(negated(bit) for bit in bits[n : n + 1])), _value(shape, n)

    def fewer(self) -> Iterator[Literal]:
        """That no remarkable answer is given, then one at most, and so on; made as a row of counters once (Sinz 2005)."""
        if not self._fewer:
            before: list[Literal] = [z3.BoolVal(False)] * MOST
            for n, literal in enumerate(self.remarkable):
                after = [z3.Bool(f"{self._prefix}more:{n}:{k}") for k in range(MOST)]  # more than k of the first n
                for k in range(MOST):
                    self._solver.always(_implies(before[k], after[k]))
                    self._solver.always(_implies(both(literal, before[k - 1]) if k else literal, after[k]))
                before = after
            self._fewer = [self._solver.name(negated(more)) for more in before]
        yield from self._fewer

    def preferences(self) -> Iterator[list[Literal]]:
        """For findings that are not remarkable by themselves: what is taken first, if it is possible."""
        for name, shape in self.shapes.items():
            cells = [literal for literal, answer in self.cells(name) if answer is not None]
            if shape.gated:
                yield [literal for literal, answer in self.cells(name) if answer is None]
            if shape.kind == "number":
                yield [literal for _, literal in sorted(enumerate(cells), key=lambda one: abs(one[0] - shape.ordinary))]

    def _beyond(self, shape: Shape, bits: Sequence[Literal], word: str, limit: Decimal) -> Literal:
        cut = (limit, word in ("above", "at_most"))
        upward = word in ("at_least", "above")
        if cut in shape.cuts:
            bit = bits[shape.cuts.index(cut)]
            return bit if upward else negated(bit)
        low, high = shape.range or (limit, limit)
        beyond = limit < low or cut == (low, False)  # every value lies beyond it; else none does
        if not (beyond or limit > high or cut == (high, True)):
            raise Uncut(f"a limit of `{shape.name}` that was not cut: {limit}")
        return z3.BoolVal(beyond == upward)

    def patient(self, model: Any) -> Patient:
        """The answers of a model; numbers as close to the limit as their cell allows."""
        found: dict[str, Answer] = {}
        for name, shape in self.shapes.items():
            bits = self._bits[name]
            true = [_true(model, bit) for bit in bits]
            if shape.gated and not _true(model, self._applies[name]):
                found[name] = None
            elif shape.kind == "yes_no":
                found[name] = true[0]
            elif shape.kind == "choice":
                found[name] = shape.values[true.index(True)]
            else:
                found[name] = _value(shape, sum(true))
        return found

    def facts(self, patient: Patient) -> Iterator[Fact]:
        """What is true of the patient's answers, piece by piece; of a finding what says most comes first."""
        for name, shape in self.shapes.items():
            answer, bits = patient[name], self._bits[name]
            if shape.kind == "yes_no":
                at: Sequence[str | bool | tuple[Decimal, bool]] = (True,)
                hold = [answer is True]
            elif shape.kind == "choice":
                at, hold = shape.values, [answer == value for value in shape.values]
            else:
                at = shape.cuts
                hold = [isinstance(answer, Decimal) and (answer > limit or (answer == limit and not above)) for limit, above in at]
            applies = self._applies[name]
            known = [Fact(name, None, True, applies) if answer is not None else Fact(name, None, False, self._not(applies))]
            facts = [Fact(name, one, held, bit if held else self._not(bit)) for one, held, bit in zip(at, hold, bits, strict=True)]
            yield from known if shape.gated and answer is None else ()
            # Of the limits that a number lies beyond the highest says most, of those that it does not the lowest.
            yield from reversed([fact for fact in facts if fact.holds])
            yield from (fact for fact in facts if not fact.holds)
            yield from known if shape.gated and answer is not None else ()

    def _not(self, bit: Literal) -> Literal:
        if mark(bit) not in self._opposite:
            self._opposite[mark(bit)] = negated(bit)
        return self._opposite[mark(bit)]

    def as_ill(self, other: Answers, name: str, band: int | None = None) -> Literal:
        """The other's answer is the same or worse; where this finding does not apply, the other's may be anything.

        `band` is the ordinary cell of a number that is worse on either side of it.
        """
        shape, here, there = self.shapes[name], self._bits[name], other._bits[name]
        up = [_implies(a, b) for a, b in zip(here, there, strict=True)]
        down = [_implies(b, a) for a, b in zip(here, there, strict=True)]
        if shape.worse in ("yes", "higher"):
            worse = up
        elif shape.worse in ("no", "lower"):
            worse = down
        elif shape.worse == "both" and band is not None:
            worse = down[:band] + up[band:]
        else:
            worse = up + down
        if not shape.gated:
            return both(*worse)
        return either(negated(self.applies(name)), both(other.applies(name), *worse))

    def equal(self, other: Answers, name: str) -> Literal:
        """Both give this finding the same answer, or to both it does not apply."""
        alike = (a == b for a, b in zip(self._bits[name], other._bits[name], strict=True))
        return both(self.applies(name) == other.applies(name), *alike)

    def same(self, patient: Patient) -> list[Literal]:
        """That these are the answers, cell by cell; of the findings that the patient has."""
        return [next(literal for literal, answer in self.cells(name) if answer == patient[name]) for name in self.shapes if name in patient]


def _true(model: Any, bit: Literal) -> bool:
    """Whether the Boolean is true in the model; read without making an expression of it, since there are many."""
    context = model.ctx.ref()
    found = (z3.Ast * 1)()
    z3.Z3_model_eval(context, model.model, bit.as_ast(), True, found)
    return bool(z3.Z3_get_bool_value(context, found[0]) == z3.Z3_L_TRUE)


def _value(shape: Shape, n: int) -> Decimal:
    """A value of the n-th cell: the one at its limit, else as close to the limit as the resolution allows."""
    ends = shape.range or (Decimal(0), Decimal(0))
    low = shape.cuts[n - 1] if n else (ends[0], False)
    high = shape.cuts[n] if n < len(shape.cuts) else (ends[1], True)
    if not low[1]:
        if n or (high[0] == ends[1] and high[1]):
            return low[0]
        # The lowest cell: what is remarkable about it is its upper end.
        step = shape.resolution or (high[0] - low[0]) / 2
        return high[0] if high[1] else max(low[0], high[0] - step)
    step = shape.resolution or (high[0] - low[0]) / 2
    above = low[0] + step
    return above if above < high[0] or (above == high[0] and high[1]) else (low[0] + high[0]) / 2


class World:
    """One rule set read of one patient: each condition a Boolean, made when it is first asked for.

    `like` is a world of the same answers, whose Booleans are used again for the trees that both contents share.
    """

    constraints: dict[str, Literal]
    possible: Literal

    def __init__(self, content: Content, solver: Solver, answers: Answers, like: World | None = None) -> None:
        self.content = content
        self.solver = solver
        self.answers = answers
        self._made: dict[int, Literal] = {} if like is None else like._made
        self._kept: list[Tree] = [] if like is None else like._kept  # trees that are known by identity stay
        self._named: dict[Any, Literal] = {}
        self._rules: dict[tuple[str, ...], tuple[tuple[Rule, Given], ...]] = {}
        self._fails: dict[int, Literal] = {}
        if like is not None and like.content.constraints is content.constraints and like.content.findings == content.findings:
            self.constraints, self.possible = like.constraints, like.possible
            return
        self.constraints = {one.id: solver.name(self._constraint(one.holds, one.applies_to)) for one in content.constraints}
        self.possible = solver.name(both(*self.constraints.values(), *self._in_range()))

    def _constraint(self, tree: Tree, applies_to: str | None) -> Literal:
        return self.tree(tree) if applies_to is None else self.tree(tree) == self.answers.applies(applies_to)

    def _in_range(self) -> Iterator[Literal]:
        """Of findings that another rule set knows otherwise: only answers that this one has."""
        for name, shape in self.answers.shapes.items():
            finding = self.content.findings.get(name)
            if finding is None:
                continue
            if shape.gated and name not in self.content.gates:
                yield self.answers.applies(name)
            if finding["kind"] == "number" and shape.range is not None:
                low, high = finding["range"]
                inside = self.answers.compare({"finding": name, "number": {"at_least": low, "at_most": high}})
                yield either(negated(self.answers.applies(name)), inside)
            if finding["kind"] == "choice" and len(finding["values"]) < len(shape.values):
                inside = self.answers.compare({"finding": name, "is": list(finding["values"])})
                yield either(negated(self.answers.applies(name)), inside)

    def tree(self, tree: Tree) -> Literal:
        """A written out condition."""
        found = self._made.get(id(tree))
        if found is None:
            if "finding" in tree:
                found = self.answers.compare(tree)
            elif "not" in tree:
                found = negated(self.tree(tree["not"]))
            else:
                terms = [self.tree(term) for term in tree.get("all", tree.get("any", ()))]
                found = both(*terms) if "all" in tree else either(*terms)
            self._made[id(tree)] = found
            self._kept.append(tree)
        return found

    def lit(self, tree: Tree) -> Literal:
        """A written out condition by a name of its own, for questions that are asked of it again and again."""
        return self.named(("tree", id(tree)), lambda: self.tree(tree))

    def named(self, key: Any, make: Any) -> Literal:
        """What `make` gives, by a name; made once for a key."""
        if key not in self._named:
            self._named[key] = self.solver.name(make())
        return self._named[key]

    def holds(self, rule: Rule) -> Literal:
        """The rule holds, where its pathway counts."""
        return self.lit(rule.holds)

    def fails(self, rule: Rule) -> Literal:
        """The rule does not hold."""
        found = self._fails.get(id(rule.holds))
        if found is None:
            found = self._fails[id(rule.holds)] = negated(self.holds(rule))
        return found

    def rules(self, pathways: Sequence[str]) -> tuple[tuple[Rule, Given], ...]:
        """The rules that count and give something: all but handovers."""
        asked = tuple(pathways)
        if asked not in self._rules:
            self._rules[asked] = tuple((rule, rule.given) for rule in self.content.asked(asked) if rule.given is not None)
        return self._rules[asked]

    def at_least(self, pathways: Sequence[str], rank: int) -> Literal:
        """The urgency is this rank or a higher one; rank 0: there is an urgency."""
        if rank < 0:
            return z3.BoolVal(True)
        asked = tuple(pathways)

        def reached() -> Literal:
            above = [self.at_least(asked, rank + 1)] if rank + 1 < len(self.content.levels) else []
            return either(*above, *(self.holds(rule) for rule, given in self.rules(asked) if given.rank == rank))

        return self.named(("at_least", asked, rank), reached)

    def exactly(self, pathways: Sequence[str], rank: int) -> Literal:
        """The urgency is this rank; -1: there is none."""
        above = self.at_least(pathways, rank + 1) if rank + 1 < len(self.content.levels) else z3.BoolVal(False)
        return both(self.at_least(pathways, rank), negated(above))

    def gives(self, pathways: Sequence[str], item: tuple[str, str]) -> Literal:
        """The item is given under this condition on the site; one that reassures only by a rule of the urgency over everything."""
        asked = tuple(pathways)
        reassures = bool(self.content.items[item[0]]["reassures"])

        def given() -> Literal:
            givers = [(rule, one) for rule, one in self.rules(asked) if item in one.items]
            if not reassures:
                return either(*(self.holds(rule) for rule, _ in givers))
            top = len(self.content.levels) - 1
            return either(
                *(
                    both(self.holds(rule), negated(self.at_least(asked, one.rank + 1)) if one.rank < top else z3.BoolVal(True))
                    for rule, one in givers
                )
            )

        return self.named(("gives", asked, item), given)

    def refers(self, pathways: Sequence[str], slot: Slot, limit: int | None = None, phoned: bool = False) -> Literal:
        """The slot is referred to: within this limit, if one is named; by somebody who is phoned now, if that is asked."""
        asked = tuple(pathways)
        key = ("refers", asked, slot, limit, phoned)
        return self.named(
            key,
            lambda: either(
                *(
                    self.holds(rule)
                    for rule, given in self.rules(asked)
                    if any(
                        row.slot == slot and (limit is None or row.limit <= limit) and (row.contact or not phoned)
                        for row in given.referrals
                    )
                )
            ),
        )


def mark(literal: Literal) -> int:
    """A number that is the same for the same Boolean, and no other's."""
    return int(literal.get_id())


def both(*literals: Literal) -> Literal:
    """All of these hold."""
    return _joined(z3.Z3_mk_and, literals)


def either(*literals: Literal) -> Literal:
    """One of these holds."""
    return _joined(z3.Z3_mk_or, literals)


def nor(*literals: Literal) -> Literal:
    """None of these holds."""
    return negated(either(*literals))


def differ(one: Literal, other: Literal) -> Literal:
    """One holds, and the other does not."""
    return _of_two(z3.Z3_mk_xor, one, other)


def negated(literal: Literal) -> Literal:
    """This does not hold."""
    context = z3.main_ctx()
    return z3.BoolRef(z3.Z3_mk_not(context.ref(), literal.as_ast()), context)


def _implies(one: Literal, other: Literal) -> Literal:
    return _of_two(z3.Z3_mk_implies, one, other)


def _equal(one: Literal, other: Literal) -> Literal:
    return _of_two(z3.Z3_mk_eq, one, other)


def _is_atom(literal: Literal) -> bool:
    """Whether it is a Boolean with a name, and not made of others."""
    context = z3.main_ctx().ref()
    return bool(z3.Z3_get_decl_kind(context, z3.Z3_get_app_decl(context, literal.as_ast())) == z3.Z3_OP_UNINTERPRETED)


# As z3's own `Not`, `Implies`, `And` and `Or`, without looking at each argument again: a tenth of their time where there are many.


def _of_two(make: Any, one: Literal, other: Literal) -> Literal:
    context = z3.main_ctx()
    return z3.BoolRef(make(context.ref(), one.as_ast(), other.as_ast()), context)


def _joined(make: Any, literals: Sequence[Literal]) -> Literal:
    if len(literals) == 1:
        return literals[0]
    context = z3.main_ctx()
    arguments = (z3.Ast * len(literals))(*(one.as_ast() for one in literals))
    return z3.BoolRef(make(context.ref(), len(literals), arguments), context)
