"""The whole pipeline, top to bottom: what goes in, through its stages, to a release or a refusal.

A scheduled run and a run by hand go through `dateline`. Tasks pass paths and digests, never rows.
"""

from pathlib import Path
from typing import Any

from prefect import flow
from prefect.settings import temporary_settings

from flows.clean.flow import clean
from flows.errors import GateRefused
from flows.extract.flow import correct, date_anew, extract
from flows.ingest.flow import ingest
from flows.link.flow import group, link
from flows.plan import make_plan, told_apart
from flows.record import recorded
from flows.release.candidate import Ingredients, recover
from flows.release.flow import publish, refuse, show_release, stage_candidate
from flows.release.version import Level
from flows.settings import load_settings
from flows.store.ledger import sweep
from flows.store.steps import reached
from flows.store.warehouse import Warehouse
from flows.store.workers import close_shared_workers
from flows.validate.flow import validate
from flows.validate.report import refusal_message
from flows.webhook import tell_refusal, tell_release

# The run itself has a heartbeat, by which Prefect sees that it crashed. A stage's own would tell nothing more, and its end
# waits up to a second for the thread that sends it.
STAGES_WITHOUT_HEARTBEAT = {"flows.heartbeat_frequency": None}


@flow(name="dateline", persist_result=False)
def dateline(
    inputs: list[str],
    warehouse: str = "warehouse",
    workers: int = 0,
    keep: bool = False,
    field_map: dict[str, str] | None = None,
    accepted: dict[str, str] | None = None,
    wait_seconds: float = 0,
    at_least: Level | None = None,
    force_major: str | None = None,
    corrections: str | None = None,
) -> dict[str, Any]:
    """Inputs to a release; the outcome as plain values. Raises GateRefused when the gate refuses."""
    settings = load_settings(
        inputs=inputs,
        warehouse=warehouse,
        workers=workers,
        keep=keep,
        map=field_map or {},
        corrections=corrections or "",
    )
    store, count, accept = Warehouse(settings.warehouse), settings.worker_count, accepted or {}
    store.prepare()
    with (
        temporary_settings(STAGES_WITHOUT_HEARTBEAT),
        store.storage_failures_named(),
        store.writing(wait_seconds),
        recorded(store, count) as run,
    ):
        run.recovered(recover(store))
        plan = run.planned(make_plan(settings, accept, at_least, force_major))
        reached("run.planned")
        if plan.parent is not None and plan.nothing_new:
            run.outcome |= {"result": "nothing_new", "version": plan.parent["version"]}
            return run.outcome
        work = str(store.work)
        try:
            ingested, gathered = ingest(work, plan.files, plan.kept, settings.map, count, plan.taken_down)
            cleaned = clean(work, gathered, count)
            extracted = extract(work, gathered, cleaned, count)
        finally:
            close_shared_workers()
        put_right = correct(work, extracted, plan.corrections, []) if plan.corrections else extracted
        grouped = group(work, gathered, cleaned, put_right)
        try:
            dated = date_anew(work, gathered, cleaned, extracted, grouped, count)
        finally:
            close_shared_workers()
        corrected = correct(work, dated, plan.corrections, gathered) if plan.corrections else dated
        linked = link(work, grouped, cleaned, corrected)
        candidate = stage_candidate(str(store.root), Ingredients(gathered, cleaned, corrected, linked), at_least)
        parent = str(store.release()) if plan.parent else None
        verdict = validate(candidate, parent, [file.uri for file in plan.files], accept)
        run.verdict = verdict.rows
        if not verdict.passed:
            kept = refuse(str(store.root), candidate, list(verdict.rows))
            message = refusal_message(verdict, kept)
            store.write_state("last_refusal", {"message": message, "checks": list(verdict.refusing), "kept": kept})
            tell_refusal(Path(parent).name if parent else None, len(verdict.rows), verdict.refusing, message, kept)
            raise GateRefused(message)
        facts = {
            "parent": plan.parent,
            "check_rows": list(verdict.rows),
            "inputs": {
                "files": len(plan.files),
                "kept": len(plan.kept),
                "fingerprint": plan.read_as(ingested),
                "entries": sorted(Path(folder).name for folder in ingested),
            },
            "code": dict(plan.code),
            **told_apart(),
            "accepted": {row["check_id"]: row["accepted_reason"] for row in verdict.rows if row["accepted_reason"]},
            "at_least": at_least,
            "forced": force_major,
        }
        run.manifest = manifest = publish(str(store.root), candidate, facts)
        used = (*ingested, *gathered, *cleaned, *extracted, *put_right, grouped, *dated, *corrected, linked)
        sweep(store.work, [Path(folder) for folder in used])
        reached("run.swept")
        run.outcome |= {
            "result": "released",
            "version": manifest["version"],
            "parent": manifest["parent"],
            "checks": len(verdict.rows),
            "warnings": list(verdict.warning),
            "corrections": manifest["tables"]["corrections"]["rows"],
            "corrections_passed_over": len(plan.corrections) - manifest["tables"]["corrections"]["rows"],
        }
        show_release(manifest, verdict)
        tell_release(manifest, len(verdict.rows), verdict.warning)
        return run.outcome
