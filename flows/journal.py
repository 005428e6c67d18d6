"""What happens in a run, one event at a time: into the run's events.jsonl, and to whoever watches (bars, or JSON lines).

An event is a flat record: `at` (UTC), `run`, `elapsed_seconds` (monotonic, since the run began), `event`, `stage`, and
the fields of its kind. Stages say what happens and do not ask who listens. An observer never takes a run down: a journal
that cannot be written says so once and falls silent.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TextIO

from flows.printable import plain_json

logger = logging.getLogger(__name__)

Record = Mapping[str, Any]
Listener = Callable[[Record], None]


class Event(StrEnum):
    """Everything that is ever said. Fields in brackets."""

    RUN_STARTED = "run_started"  # (pid, environment)
    RUN_PLANNED = "run_planned"  # (files, bytes, kept_groups, parent, why)
    LEFTOVERS_FOUND = "leftovers_found"  # (names): candidates that a killed run left in staging; they are swept
    STAGE_STARTED = "stage_started"  # (units)
    UNIT_DONE = "unit_done"  # (unit, reason, changed, computed, reused, seconds, rows, worker_peak_bytes)
    DOCUMENT_FAILED = "document_failed"  # (document_id, error, traceback): a bug of ours; it is quarantined
    STAGE_ENDED = "stage_ended"  # (rows, error)
    GATE_VERDICT = "gate_verdict"  # (checks, warning, refusing)
    CANDIDATE_KEPT = "candidate_kept"  # (kept): where a refused candidate lies
    RELEASE_PUBLISHED = (
        "release_published"  # (version, parent), or (version, recovered): a killed run had only not linked it
    )
    RUN_ENDED = "run_ended"  # (result, version, parent, error, message, main_peak_bytes)
    BUSY = "busy"  # (message): another run holds the warehouse; this one never began
    ERROR = "error"  # (message, exit_code): why the command ends; told on the terminal alone
    LOG = "log"  # (logger, level, message): what a library says


class Journal:
    """The events of one run; without a stream, only listeners hear them."""

    def __init__(self, run_id: str | None = None, stream: TextIO | None = None) -> None:
        """Begin now."""
        self.run_id = run_id
        self.records: list[Record] = []
        self._stream = stream
        self._began = time.monotonic()
        self._writing = threading.Lock()  # Prefect may run tasks in threads

    def note(self, event: Event, stage: str | None = None, **fields: Any) -> None:
        """Write one event and tell the listeners. Fields that are None are left out."""
        with self._writing:
            record = {
                "at": now_text(),
                "run": self.run_id,
                "elapsed_seconds": round(time.monotonic() - self._began, 3),
                "event": event.value,
                "stage": stage,
                **fields,
            }
            record = {name: value for name, value in record.items() if value is not None}
            if self.run_id is not None:
                self.records.append(record)
            self._write(record)
        for listener in tuple(_listeners):
            listener(record)

    def _write(self, record: Record) -> None:
        if self._stream is None:
            return
        try:
            self._stream.write(json_line(record))
            self._stream.flush()
        except OSError as error:
            self._stream = None
            logger.warning("the run goes on, but its journal cannot be written: %s", error)


_silent = Journal()
_journal = _silent
_listeners: list[Listener] = []


@contextmanager
def current(journal: Journal) -> Iterator[Journal]:
    """Make it the journal that `note` and `stage` write to, in every thread of this process."""
    global _journal  # noqa: PLW0603  # one run a process; Prefect's threads would not see a context variable
    _journal = journal
    try:
        yield journal
    finally:
        _journal = _silent


@contextmanager
def watched(listener: Listener) -> Iterator[None]:
    """Tell the listener every event while the block runs; it must return soon and not raise."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def note(event: Event, stage: str | None = None, **fields: Any) -> None:
    """Say to the current journal that something happened."""
    _journal.note(event, stage, **fields)


@contextmanager
def stage(name: str, units: int | None = None) -> Iterator[dict[str, int]]:
    """A stage of so many units of work, if it is known: said when it begins and when it ends, however it ends.

    Yields:
        A dictionary for the rows of each table that it made, if they are not told unit by unit.
    """
    rows: dict[str, int] = {}
    note(Event.STAGE_STARTED, name, units=units)
    try:
        yield rows
    except BaseException as error:
        note(Event.STAGE_ENDED, name, rows=rows or None, error=type(error).__name__)
        raise
    note(Event.STAGE_ENDED, name, rows=rows or None)


def now_text() -> str:
    """The time of day, UTC, to the millisecond: for people and for joining with other logs, never for durations."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def json_line(record: Record) -> str:
    r"""One line: what a name or a page holds can neither steer a terminal nor break the line.

    >>> print(json_line({"name": "é\x1b[31m\n\u2028"}), end="")
    {"name": "é\u001b[31m\n\u2028"}
    """
    return plain_json(record, indent=None) + "\n"


class JsonLines(logging.Formatter):
    """Log records of libraries in the form of events, for `--log-format json`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, without its end."""
        said = {"at": now_text(), "event": Event.LOG, "logger": record.name, "level": record.levelname}
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        return json_line({**said, "message": record.getMessage()}).rstrip("\n")
