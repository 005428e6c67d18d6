"""The named steps of a run: moments at which a process may die, and after which nothing may be lost, doubled or half there.

Stages call `reached` when a step is behind them. In ordinary runs that does nothing. A test names a step and a fault in
the environment (DATELINE_FAULT="publish.renamed=kill") to see what the next run makes of what is left: a fault that
is planted at a step hits the same moment every time, which a timer cannot.
"""

import errno
import os
import signal
from typing import Final

FAULT: Final = "DATELINE_FAULT"  # <step>=kill | stop | full

# What the ledger does for each unit of work, in the stage's folder below work/.
LEDGER_STAGES: Final = ("ingest", "gathered", "clean", "extract", "corrected", "group", "dated", "link")
LEDGER_STEPS: Final = {
    "begun": "a unit's temporary folder is made",
    "written": "its tables are written, its entry.json is not",
    "described": "its entry.json is written, it still has its temporary name",
    "committed": "it has its final name",
}

STEPS: Final[dict[str, str]] = {
    "run.locked": "the warehouse's lock is held",
    "run.planned": "inputs are hashed, the parent is known",
    **{f"{stage}.{step}": what for stage in LEDGER_STAGES for step, what in LEDGER_STEPS.items()},
    "stage.begun": "staging is swept",
    "stage.written": "the candidate's tables are written, not flushed",
    "stage.flushed": "they are flushed",
    "validate.loaded": "the gate has opened the staged files",
    "validate.judged": "every check has run, failing rows are written",
    "publish.checks": "checks.parquet is written",
    "publish.database": "dateline.duckdb is written",
    "publish.diff": "diff/ is written, if there is a parent",
    "publish.manifest": "manifest.json is written, not flushed",
    "publish.flushed": "the whole candidate is flushed",
    "publish.read_only": "its files are read-only",
    "publish.announced": "state/publishing.json says what is about to be renamed",
    "publish.renamed": "it lies in releases/, `current` still points at its parent",
    "publish.linked": "`current` points at it",
    "publish.done": "dateline.duckdb in the warehouse's root leads to it",
    "refuse.written": "a refused candidate has its checks and its database",
    "refuse.removed": "an earlier refused candidate of the same name is gone",
    "refuse.kept": "it lies in rejected/",
    "run.swept": "work files that the release does not need are gone",
    "withhold.aside": "an entry of the ledger is moved aside, the one without the words is not yet in its place",
    "takedown.recorded": "the takedown is on record, nothing is deleted",
    "takedown.withheld": "the ledger, refused candidates and records of runs are without the document",
    "takedown.yanked": "every release that holds it is yanked",
    "takedown.marked": "each of them has its tombstone, which lists the files that will go",
    "takedown.deleted": "a first file of theirs is deleted",
    "gc.remembered": "the numbers of the releases that will go are on record",
    "gc.aside": "one of them lies in staging, whole",
    "yank.recorded": "the yank is on record, `current` may still point at the release",
    "yank.moved": "`current` points at another release, or at none",
    "yank.returned": "`current` points at the release whose yank is being taken back",
}


def reached(step: str) -> None:
    """Say that a step of STEPS is behind us; a fault that the environment names for it happens here.

    Raises:
        KeyError: there is no such step.
        OSError: the fault is `full`: what writing to a full disk raises.
    """
    what = STEPS[step]
    named, _, fault = os.environ.get(FAULT, "").partition("=")
    if named != step:
        return
    if fault == "full":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), f"({step}: {what})")
    os.kill(os.getpid(), {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}[fault])
