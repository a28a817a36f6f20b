"""The same work on several processes gives the same, in the same order, and fails as it would in one."""

from __future__ import annotations

import os

import pytest

from pathways.parallel import cores, mapped


def doubled(shared: list[int], n: int) -> int:
    return shared[n] * 2


def whose(shared: None, n: int) -> int:
    return os.getpid()


def failing(shared: None, n: int) -> int:
    if n == 3:
        raise ValueError("three")
    return n


@pytest.mark.parametrize("jobs", [1, 2, 5, 200])
@pytest.mark.parametrize("count", [0, 1, 7, 100])
def test_results_come_in_the_order_of_the_values(jobs: int, count: int) -> None:
    assert list(mapped(doubled, list(range(100)), count, jobs)) == [n * 2 for n in range(count)]


def test_the_work_is_done_elsewhere_only_where_there_is_more_than_one_process() -> None:
    assert set(mapped(whose, None, 9, 1)) == {os.getpid()}
    assert os.getpid() not in set(mapped(whose, None, 9, 2))


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_the_work_raises_is_raised_here(jobs: int) -> None:
    found = []
    with pytest.raises(ValueError, match="three"):
        found += list(mapped(failing, None, 9, jobs))
    assert found == []


def test_there_is_at_least_one_processor() -> None:
    assert cores() >= 1
