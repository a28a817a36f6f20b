"""The same work on many values, on several processes: the results in the order of the values, whatever the number of processes."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

__all__ = ["cores", "mapped"]

Shared = TypeVar("Shared")
Result = TypeVar("Result")
PORTIONS = 32  # of the work for each process: small enough that all end at about the same time, and soon after Ctrl-C


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def mapped(work: Callable[[Shared, int], Result], shared: Shared, count: int, jobs: int) -> Iterator[Result]:
    """`work(shared, n)` for each n below `count`. `shared` goes to each process once, the results come back one by one.

    What `work` raises is raised here. `work` is a function of a module, and what it gives can be pickled.
    """
    if jobs <= 1 or count <= 1:
        yield from (work(shared, n) for n in range(count))
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_all_start_methods, get_context

    # Forked where there is such a thing: a child then has what is shared without its being pickled.
    context = get_context("fork" if "fork" in get_all_start_methods() else None)
    jobs = min(jobs, count)
    with ProcessPoolExecutor(jobs, context, _begin, (work, shared)) as pool:
        try:
            with _uninterrupted():
                results = pool.map(_work, range(count), chunksize=max(1, count // (jobs * PORTIONS)))
            yield from results
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits until the processes have begun, and they never hear it: who called them stops them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_task: tuple[Callable[[Any, int], Any], Any]


def _begin(work: Callable[[Any, int], Any], shared: Any) -> None:
    """In a new process: what it works on, and that it ends when the one that called it was killed."""
    from threading import Thread

    global _task
    _task = (work, shared)
    gc.freeze()  # what is shared is no garbage of theirs
    Thread(target=_end_with_caller, daemon=True).start()


def _end_with_caller() -> None:
    from multiprocessing import parent_process

    caller = parent_process()
    if caller is not None:
        caller.join()
        os._exit(1)


def _work(n: int) -> Any:
    work, shared = _task
    return work(shared, n)
