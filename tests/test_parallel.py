"""The same work on several processes gives the same, in the same order, and fails as it would in one."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import pathways
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


def test_no_process_stays_when_nobody_wants_the_rest() -> None:
    results = mapped(doubled, list(range(100)), 100, 3)
    first = next(results)
    before = len(multiprocessing.active_children())
    results.close()

    assert (first, before) == (0, 3)
    assert multiprocessing.active_children() == []


LONG = """
import os, sys, time
sys.path.insert(0, sys.argv[1])
from pathways.parallel import mapped
def work(shared, n):
    os.write(1, b"%d\\n" % os.getpid())
    time.sleep(0.05)
if __name__ == "__main__":
    try:
        list(mapped(work, None, 1000, 3))
    except KeyboardInterrupt:
        sys.exit(130)
"""


@pytest.mark.parametrize(("sent", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_whoever_stops_the_caller_stops_every_process(tmp_path: Path, sent: signal.Signals, status: int) -> None:
    """Ctrl-C goes to all of them at once, a kill only to the caller; no process is left, and none complains."""
    (tmp_path / "long.py").write_text(LONG, encoding="utf-8")
    command = [sys.executable, str(tmp_path / "long.py"), str(Path(pathways.__file__).parent.parent)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    workers = {int(process.stdout.readline()) for _ in range(6)}
    if sent is signal.SIGINT:
        os.killpg(process.pid, sent)
    else:
        process.send_signal(sent)
    _, complaint = process.communicate(timeout=60)  # which waits for whoever still holds the pipes

    assert (process.returncode, complaint) == (status, "")
    assert len(workers) > 1
    deadline = time.monotonic() + 10
    while any(alive(worker) for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [worker for worker in workers if alive(worker)] == []


def alive(worker: int) -> bool:
    """Whether there is such a process that has not ended."""
    try:
        return Path(f"/proc/{worker}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_there_is_at_least_one_processor() -> None:
    assert cores() >= 1
