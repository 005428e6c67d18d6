"""What runs left on record: a folder a run, `runs/<id>/`, with its events and, once it has ended, its report.

The id is the time of day when the run began and a number, and grows from run to run even if the clock is set back: the
last one by name is the last one.
"""

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from flows.report import report_of
from flows.store.durable import dump_json, write_whole
from flows.store.warehouse import Warehouse

EVENTS = "events.jsonl"
REPORT = "report.json"
LINEAGE = "openlineage.jsonl"

KEPT_RUNS = 200  # a daily schedule's half year; about 60 KB a run of the sample documents


@contextmanager
def new_run(warehouse: Warehouse) -> Iterator[tuple[Path, TextIO]]:
    """Make the folder of a run that begins now; its path, and the open file of its events.

    The file is locked as long as the process lives, so anyone can tell a run that goes on from one that was killed
    without touching the lock of the warehouse.
    """
    folder = _new_folder(warehouse.runs)
    with (folder / EVENTS).open("a", encoding="utf-8") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield folder, stream


def _new_folder(runs: Path) -> Path:
    runs.mkdir(exist_ok=True)
    while True:
        stamp, number = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ"), 0
        last = run_ids(runs)[-1:]
        if last and run_key(last[0])[0] >= stamp:  # in the same second, or the clock was set back
            stamp, number = run_key(last[0])[0], run_key(last[0])[1] + 1
        folder = runs / f"{stamp}-{number:02d}"
        try:
            folder.mkdir()
        except FileExistsError:  # another process was first: take the number after it
            continue
        return folder


def run_ids(runs: Path) -> list[str]:
    """Ids of the runs on record, oldest first."""
    found = (path.name for path in runs.glob("*-*") if path.is_dir())
    return sorted((name for name in found if name.partition("-")[2].isdigit()), key=run_key)


def run_key(run_id: str) -> tuple[str, int]:
    """What runs are ordered by: the second, then the number.

    >>> sorted(["20260301T060000Z-100", "20260301T060000Z-99"], key=run_key)
    ['20260301T060000Z-99', '20260301T060000Z-100']
    """
    stamp, _, number = run_id.partition("-")
    return stamp, int(number)


def read_events(folder: Path) -> list[dict[str, Any]]:
    """The events of a run, in order. A last line that was cut, or any that is no event, is passed over."""
    try:
        lines = (folder / EVENTS).read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return []
    events: list[dict[str, Any]] = []
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and "event" in event:
            events.append(event)
    return events


def read_report(folder: Path) -> dict[str, Any] | None:
    """A run's report; None if it has none (it goes on, or was killed) or none that can be read."""
    try:
        loaded = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return loaded if isinstance(loaded, dict) and "result" in loaded else None


def write_report(folder: Path, report: dict[str, Any]) -> None:
    """Write a run's report, whole or not at all."""
    write_whole(folder / REPORT, dump_json(report))


def is_running(folder: Path) -> bool:
    """Whether the process that writes a run's events still lives."""
    try:
        with (folder / EVENTS).open("rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def told_of(warehouse: Warehouse, run_id: str) -> dict[str, Any]:
    """The report of a run; of one without, what its events tell, with the result `running` or `killed`."""
    folder = warehouse.runs / run_id
    report = read_report(folder)
    if report is not None:
        return report
    told = report_of(read_events(folder)) | {"run": run_id}
    if told["result"] is None:
        told["result"] = "running" if is_running(folder) else "killed"
    return told


def sweep_runs(warehouse: Warehouse, keep: int = KEPT_RUNS) -> int:
    """Remove all but the last runs' folders; how many. Two at once do no harm: what one has removed is gone for the other."""
    old = run_ids(warehouse.runs)[:-keep]
    for run_id in old:
        shutil.rmtree(warehouse.runs / run_id, ignore_errors=True)
    return len(old)
