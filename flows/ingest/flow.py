"""The ingest stage as a Prefect flow."""

from collections.abc import Sequence
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.ingest.inputs import InputFile
from flows.ingest.unit import FileGroup, gather, group_files, ingest_group
from flows.progress import begin
from flows.store.fingerprint import fingerprint
from flows.store.ledger import read_entries
from flows.store.units import in_groups, run_jobs

ROOTS = ("flows.ingest.unit",)


@task(name="read files", retries=2, retry_delay_seconds=2, cache_policy=NO_CACHE, persist_result=False)
def read_files(groups: Sequence[FileGroup], workers: int) -> list[str]:
    """Read groups of files; the entries' folders. Retried: a network drive may blink."""
    return [str(done.entry.folder) for done in run_jobs("ingest", ingest_group, groups, workers)]


@task(name="gather shards", cache_policy=NO_CACHE)
def gather_shards(work: str, ingested: list[str]) -> list[str]:
    """Regroup what was read by document; the shards' folders."""
    entries = gather(Path(work) / "gathered", fingerprint(*ROOTS), read_entries(ingested))
    return [str(entry.folder) for entry in entries]


@flow(name="ingest", validate_parameters=False)
def ingest(
    work: str, files: Sequence[InputFile], kept: Sequence[str], field_map: dict[str, str], workers: int
) -> tuple[list[str], list[str]]:
    """Files to entries of what was read (with the parent's, if kept), and those to shards of documents."""
    groups = group_files(Path(work) / "ingest", fingerprint(*ROOTS), files, field_map)
    begin("ingest", len(groups))
    read = [folder for part in in_groups(groups) for folder in read_files(list(part), workers)]
    ingested = [*read, *(folder for folder in kept if folder not in read)]
    return ingested, gather_shards(work, ingested)
