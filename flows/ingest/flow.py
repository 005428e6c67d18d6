"""The ingest stage as a Prefect flow."""

from collections.abc import Sequence
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows import journal
from flows.ingest.inputs import InputFile
from flows.ingest.unit import FileGroup, gather, group_files, ingest_group
from flows.store.fingerprint import fingerprint
from flows.store.jobs import in_groups, run_jobs, tell_entry
from flows.store.ledger import read_entries
from flows.store.reasons import entries_before

ROOTS = ("flows.ingest.unit",)


@task(name="read files", retries=2, retry_delay_seconds=2, cache_policy=NO_CACHE, persist_result=False)
def read_files(groups: Sequence[FileGroup], workers: int) -> list[str]:
    """Read groups of files; the entries' folders. Retried: a network drive may blink."""
    stage_folder = groups[0].unit.stage_folder
    return [str(done.entry.folder) for done in run_jobs(stage_folder, ingest_group, groups, workers, has_options=True)]


@task(name="gather shards", cache_policy=NO_CACHE)
def gather_shards(work: str, ingested: list[str]) -> list[str]:
    """Regroup what was read by document; the shards' folders."""
    stage_folder = Path(work) / "gathered"
    before = entries_before(stage_folder)
    entries = gather(stage_folder, fingerprint(*ROOTS), read_entries(ingested))
    for entry in entries:
        tell_entry("gather", entry, before.get(entry.unit, []), documents=entry.rows["documents"])
    return [str(entry.folder) for entry in entries]


@flow(name="ingest", validate_parameters=False)
def ingest(
    work: str,
    files: Sequence[InputFile],
    kept: Sequence[str],
    field_map: dict[str, str],
    workers: int,
    taken_down: Sequence[str] = (),
) -> tuple[list[str], list[str]]:
    """Files to entries of what was read (with the parent's, if kept), and those to shards of documents; no words of `taken_down`."""
    groups = group_files(Path(work) / "ingest", fingerprint(*ROOTS), files, field_map, taken_down)
    with journal.stage("ingest", len(groups)):
        read = [folder for part in in_groups(groups) for folder in read_files(list(part), workers)]
        ingested = [*read, *(folder for folder in kept if folder not in read)]
    with journal.stage("gather"):
        return ingested, gather_shards(work, ingested)
