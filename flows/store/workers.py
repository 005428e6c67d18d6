"""Where units of work run: in this process, or in a pool of processes. Results do not depend on where or in what order."""

import gc
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from flows.printable import guard_logs

Job = TypeVar("Job")
Result = TypeVar("Result")

# Objects made before the youngest are looked through for garbage, and so on for older ones. Stages make many small rows and next to
# no cycles; with Python's own 700, 10, 10 the search takes 7 % of clean's time.
GARBAGE_THRESHOLDS = (20_000, 20, 50)
JOBS_AHEAD = 2  # jobs queued per worker: enough to keep all busy, few enough that a failure stops soon


class Workers:
    """A place to run units: `workers` processes, or this one if 1."""

    def __init__(self, workers: int) -> None:
        """Start nothing yet; processes start with the first job."""
        self.workers = max(1, workers)
        self._pool: Executor | None = None

    def _executor(self) -> Executor:
        if self._pool is None:
            # spawn: this process has threads (Prefect's), and forking a threaded process can deadlock
            self._pool = ProcessPoolExecutor(
                self.workers, mp_context=multiprocessing.get_context("spawn"), initializer=_begin
            )
        return self._pool

    def ahead(self, function: Callable[[], None]) -> None:
        """Start the processes now, and let each call `function`, which readies it for what will come.

        Nobody asks what became of that: if it fails, the work that needs it fails in the same way and says so.
        """
        if self.workers > 1:
            for _ in range(self.workers):
                self._executor().submit(function)

    def map(self, function: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[Result]:
        """Results as they come, in any order. An exception in one job is raised here and the rest is not started."""
        if self.workers == 1 or len(jobs) <= 1:
            for job in jobs:
                yield function(job)
            return
        pool = self._executor()
        remaining = iter(jobs)
        running = {
            pool.submit(function, job) for _, job in zip(range(self.workers * JOBS_AHEAD), remaining, strict=False)
        }
        try:
            while running:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
                    for job in remaining:
                        running.add(pool.submit(function, job))
                        break
        except BrokenProcessPool:
            self.close()  # a retry gets fresh processes
            raise
        finally:
            for future in running:
                future.cancel()

    def close(self) -> None:
        """Stop the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


def _begin() -> None:
    """Ready this process for work."""
    guard_logs()  # what a worker logs may quote the input
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    _end_with_parent()


def _end_with_parent() -> None:
    """End this worker when its run is gone, however it went: a killed parent sends no word, and its workers would wait for ever."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, name="end with parent", daemon=True).start()


_shared: dict[int, Workers] = {}


def shared_workers(workers: int) -> Workers:
    """This process's pool of that size: stages of a run share one, so that the model is loaded once a worker."""
    if workers not in _shared:
        _shared[workers] = Workers(workers)
    return _shared[workers]


def close_shared_workers() -> None:
    """Stop every shared pool; the next call of shared_workers starts anew."""
    while _shared:
        _shared.popitem()[1].close()
