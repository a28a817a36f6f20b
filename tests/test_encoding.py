"""One meaning (P15): solver, plain reading and engine say the same of the same patient."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from random import Random

import pytest
import z3

import pathways
import small
from pathways import plain
from pathways.checks import open_book
from pathways.checks.book import Book
from pathways.content import Content
from pathways.encoding import Answers, Solver, Undecided, World, shapes
from pathways.shipped import folder


@cache
def shipped_book() -> Book:
    return open_book(folder())


def random_patients(book: Book, random: Random, count: int):
    """Possible patients far apart from each other: random wishes, kept where the constraints allow them."""
    for _ in range(count):
        wished = []
        for name in random.sample(list(book.answers.shapes), 60):
            wish = random.choice([literal for literal, _ in book.answers.cells(name)])
            if book.possible(*wished, wish):
                wished.append(wish)
        found = book.solver.find(book.answers, book.world.possible, *wished)
        assert found is not None
        yield found


@pytest.mark.parametrize("pathway", pathways.load().pathways)
def test_solver_plain_reading_and_engine_agree_on_patients_of_every_pathway(pathway):
    book, random = shipped_book(), Random(pathway)
    for patient in random_patients(book, random, 4):
        book.confirm([pathway], patient)
        fixed = book.answers.same(patient)
        outcome = plain.outcome(book.content, [pathway], patient)
        for rule in book.content.asked([pathway]):
            held = rule.key in outcome.rules
            assert book.possible(*fixed, book.world.holds(rule)) is held, rule.key
            assert book.possible(*fixed, z3.Not(book.world.holds(rule))) is not held, rule.key
        assert book.possible(*fixed, book.world.exactly([pathway], outcome.rank))
        for item in {item for rule in book.content.asked([pathway]) if rule.given for item in rule.given.items}:
            assert book.possible(*fixed, book.world.gives([pathway], item)) is (item in outcome.items), item


def test_simplest_patient_has_the_fewest_things_present():
    """Rule `b` needs two things, rule `c` one: whoever meets either is shown with one."""
    book, solver = shipped_book(), shipped_book().solver
    rules = {rule.id: rule for rule in book.content.asked(["nasal_foreign_body"])}
    patient = solver.simplest(book.answers, book.world.possible, book.world.holds(rules["airway_compromise"]))
    assert [name for name, answer in patient.items() if answer is True and book.answers.shapes[name].worse == "yes"] == [
        "airway_compromise"
    ]


def test_number_of_a_patient_stands_at_the_limit(tmp_path):
    content = Content(small.load(tmp_path).content())
    solver = Solver()
    answers = Answers(solver, shapes([content]))
    world = World(content, solver, answers)
    small_child = world.tree(content.written_out({"definition": "small"}))
    assert solver.simplest(answers, world.possible, small_child)["age"] == Decimal("1.99")
    assert solver.simplest(answers, world.possible, z3.Not(small_child))["age"] == Decimal(2)


def test_solver_at_its_limit_says_so(monkeypatch):
    monkeypatch.setattr("pathways.encoding.PATIENCE", 1)
    solver = Solver()
    pigeons = [[z3.Bool(f"p{n}:{hole}") for hole in range(11)] for n in range(12)]
    solver.always(*(z3.Or(*holes) for holes in pigeons))
    solver.always(*(z3.Not(z3.And(a[hole], b[hole])) for n, a in enumerate(pigeons) for b in pigeons[:n] for hole in range(11)))
    with pytest.raises(Undecided):
        solver.possible()


def test_finding_that_is_a_number_here_and_a_choice_there_cannot_be_compared(tmp_path):
    one, other = Content(small.load(tmp_path).content()), small.load(tmp_path).content()
    next(finding for finding in other["findings"] if finding["id"] == "tablets")["kind"] = "number"
    with pytest.raises(ValueError, match="`tablets` is a choice in one rule set and a number in the other"):
        shapes([one, Content(other)])
