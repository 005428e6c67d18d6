"""A run on a terminal: a bar a stage with documents a second and the time left, or JSON lines; and what `status` shows."""

import logging
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table as RichTable

from flows.errors import DatelineError, WarehouseBusy
from flows.journal import Event, JsonLines, Record, json_line, note, watched
from flows.printable import plain

SHOWN_FAILURES = 5  # documents that a run names on the terminal; its events name all
SHOWN_CHANGES = 3  # modules that `status` names for a stage; --json has all


@contextmanager
def progress_shown(console: Console, *, shown: bool) -> Iterator[None]:
    """Show the bars while the block runs; on a pipe, one plain line when a stage ends."""
    if not shown:
        yield
        return
    columns = (
        TextColumn("{task.description:<9}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    bars: dict[str, TaskID] = {}
    seen: dict[str, tuple[float, int]] = {}
    failures = 0
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:

        def listen(record: Record) -> None:
            nonlocal failures
            name, kind, now = record.get("stage", ""), record["event"], record["elapsed_seconds"]
            if kind == Event.STAGE_STARTED:
                bars[name] = progress.add_task(name, total=record.get("units"), rate="")
                seen[name] = (now, 0)
            elif kind == Event.UNIT_DONE and name in bars:
                began, count = seen[name]
                seen[name] = (began, count + record["computed"] + record["reused"])
                rate = seen[name][1] / max(now - began, 0.001)
                progress.update(bars[name], advance=1, rate=f"{rate:,.1f} documents/s" if seen[name][1] else "")
            elif kind == Event.STAGE_ENDED and name in bars and "error" not in record:
                task = progress.tasks[bars[name]]
                progress.update(bars[name], total=task.completed or 1, completed=task.completed or 1)
                if not console.is_terminal:
                    console.print(f"{name}: done")
            elif kind == Event.DOCUMENT_FAILED:
                failures += 1
                if failures <= SHOWN_FAILURES:
                    what = f"{name}: document {record['document_id']} is quarantined, a fault of dateline's: {record['error']}"
                    console.print(escape(plain(what, kept="")), soft_wrap=True)

        with watched(listen):
            yield
    if failures > SHOWN_FAILURES:
        console.print(f"… and {failures - SHOWN_FAILURES:,} documents more: see dateline status")


@contextmanager
def json_log_shown(*, shown: bool) -> Iterator[None]:
    """Write every event to stderr as a JSON line while the block runs, and what libraries log; an error becomes the last line.

    Raises:
        typer.Exit: with the error's exit code, when the block raised one of ours.
    """
    if not shown:
        yield
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    logging.captureWarnings(True)  # noqa: FBT003  # its only argument

    def write(record: Record) -> None:
        sys.stderr.write(json_line(record))
        sys.stderr.flush()

    try:
        with watched(write):
            try:
                yield
            except DatelineError as error:
                kind = Event.BUSY if isinstance(error, WarehouseBusy) else Event.ERROR
                note(kind, error=type(error).__name__, message=str(error), exit_code=error.exit_code)
                raise typer.Exit(error.exit_code) from error
    finally:
        logging.captureWarnings(False)  # noqa: FBT003  # as above
        logging.getLogger().removeHandler(handler)


def stage_table(report: Mapping[str, Any]) -> RichTable:
    """A run's stages: time, documents computed and reused, computed ones a second, rows, and why anything was computed."""
    table = RichTable("stage", title=f"run {report['run']}", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("seconds", "computed", "reused", "per s", "rows"):
        table.add_column(heading, justify="right")
    table.add_column("why")
    for stage in report["stages"]:
        rate = stage["documents_per_second"]
        counted = stage["units"] > 0
        table.add_row(
            stage["stage"],
            f"{stage['seconds']:,.1f}",
            f"{stage['documents_computed']:,}" if counted else "",
            f"{stage['documents_reused']:,}" if counted else "",
            f"{rate:,.1f}" if rate else "",
            f"{sum(stage['rows'].values()):,}" if stage["rows"] else "",
            escape(plain(_why(stage))),
        )
    return table


def _why(stage: Mapping[str, Any]) -> str:
    reasons = [f"{reason} ({count['units']:,})" for reason, count in stage["reasons"].items() if reason != "unchanged"]
    if not reasons and stage["reasons"]:
        reasons = ["unchanged"]
    if stage["changed"]:
        more = f" and {len(stage['changed']) - SHOWN_CHANGES} more" if len(stage["changed"]) > SHOWN_CHANGES else ""
        reasons.append(f"{', '.join(stage['changed'][:SHOWN_CHANGES])}{more}")
    if stage["documents_failed"]:
        reasons.append(f"{stage['documents_failed']:,} failed")
    if stage["error"]:
        reasons.append(f"stopped by {stage['error']}")
    return "; ".join(reasons)


def runs_table(reports: Sequence[Mapping[str, Any]]) -> RichTable:
    """The last runs, newest first."""
    table = RichTable("run", "result", "version")
    table.add_column("seconds", justify="right")
    for report in reports:
        seconds = report["seconds"]
        table.add_row(
            report["run"],
            report["result"],
            escape(plain(str(report["version"] or "-"))),
            "" if seconds is None else f"{seconds:,.1f}",
        )
    return table


def in_words(report: Mapping[str, Any]) -> list[str]:
    """What is known of a run besides its stages, as lines: why, input, gate, memory."""
    lines = [f"Why: {' '.join(report['why'])}"] if report["why"] else []
    if report["inputs"]:
        documents = report["inputs"]["documents"]
        known = "" if documents is None else f", {documents:,} documents"
        lines.append(f"In: {report['inputs']['files']:,} files, {report['inputs']['bytes'] / 1e6:,.1f} MB{known}")
    if gate := report["gate"]:
        lines.append(
            f"Gate: {gate['checks']:,} checks, {len(gate['warning'])} warnings, {len(gate['refusing'])} refusals"
        )
    memory = report["memory"]
    if memory["main_peak_bytes"]:
        worker = memory["largest_worker_peak_bytes"]
        largest = f", largest worker {worker / 1e6:,.0f} MB" if worker else ""
        lines.append(f"Peak memory: main process {memory['main_peak_bytes'] / 1e6:,.0f} MB{largest}")
    return lines
