"""Units of work to the processes that do them, and what became of each to the journal.

Apart from units.py, which stages import: nothing here decides about rows, so nothing here counts as a stage's code.
"""

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from flows import journal
from flows.journal import Event
from flows.store.ledger import Entry
from flows.store.reasons import entries_before, reason_for
from flows.store.units import Done, Unit
from flows.store.workers import shared_workers

GROUPS = 2  # tasks a stage at most. Between two tasks workers wait for the slowest one; a retry finds in the ledger what is done
ERROR_CHARS = 500  # of a document's failure: an exception may quote the article
TRACEBACK_CHARS = 8_000  # its end, which names the place

Item = TypeVar("Item")


@dataclass(frozen=True)
class Measured:
    """A finished unit, what it took, and the peak memory of the worker process (None if done in the main one)."""

    done: Done
    seconds: float
    worker_peak_bytes: int | None


def in_groups(items: Sequence[Item]) -> list[Sequence[Item]]:
    """The items in order, in at most GROUPS runs of about equal length.

    >>> [list(group) for group in in_groups(range(10))]
    [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]
    """
    size = max(1, -(-len(items) // GROUPS))
    return [items[start : start + size] for start in range(0, len(items), size)]


def run_jobs(
    stage_folder: Path,
    function: Callable[[Item], Done],
    jobs: Sequence[Item],
    workers: int,
    *,
    has_options: bool = False,
) -> list[Done]:
    """Run jobs where workers run; what they made, sorted by unit. Each is told to the journal as it finishes.

    Args:
        stage_folder: work/<stage>.
        function: makes one unit.
        jobs: what it is called with.
        workers: processes.
        has_options: whether the stage's result depends on more than code and input.
    """
    before = entries_before(stage_folder)
    done: list[Done] = []
    for result in shared_workers(workers).map(partial(_measured, function), jobs):
        done.append(result.done)
        _tell(stage_folder.name, result, before.get(result.done.entry.unit, []), has_options=has_options)
    return sorted(done, key=lambda result: result.entry.unit)


def run_units(function: Callable[[Unit], Done], units: Sequence[Unit], workers: int) -> list[Done]:
    """Run units of one stage; results in the units' order."""
    if not units:
        return []
    done = {result.entry.unit: result for result in run_jobs(units[0].stage_folder, function, units, workers)}
    return [done[unit.name] for unit in units]


def tell_entry(stage: str, entry: Entry, before: Sequence[Path], *, documents: int) -> None:
    """Tell the journal of a unit that no worker made: computed if its folder was not there before."""
    computed = entry.folder not in before
    _tell(stage, Measured(Done(entry, documents * computed, documents * (not computed)), 0.0, None), before)


def peak_memory_bytes() -> int:
    """The most memory that this process ever held resident.

    Linux's ru_maxrss of a spawned process begins with what its parent held at the time (the kernel carries it over exec),
    so there the memory's own mark is read.
    """
    try:
        for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass  # no /proc here: not Linux
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _measured(function: Callable[[Item], Done], job: Item) -> Measured:
    """Runs where the unit is made."""
    began = time.monotonic()
    done = function(job)
    in_worker = multiprocessing.parent_process() is not None
    return Measured(done, time.monotonic() - began, peak_memory_bytes() if in_worker else None)


def _tell(stage: str, result: Measured, before: Sequence[Path], *, has_options: bool = False) -> None:
    done = result.done
    reason, changed = reason_for(done.entry, computed=done.computed > 0, before=before, has_options=has_options)
    for failure in done.failed:
        journal.note(
            Event.DOCUMENT_FAILED,
            stage,
            document_id=failure.document_id,
            error=failure.error[:ERROR_CHARS],
            traceback=failure.traceback[-TRACEBACK_CHARS:],
        )
    journal.note(
        Event.UNIT_DONE,
        stage,
        unit=done.entry.unit,
        reason=reason,
        changed=changed or None,
        computed=done.computed,
        reused=done.reused,
        seconds=round(result.seconds, 4),
        rows={name: count for name, count in done.entry.rows.items() if count},
        worker_peak_bytes=result.worker_peak_bytes,
    )
