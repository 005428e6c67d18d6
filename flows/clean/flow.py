"""The clean stage as a Prefect flow."""

from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows import journal
from flows.clean.shard import clean_unit
from flows.store.fingerprint import fingerprint
from flows.store.jobs import in_groups, run_units
from flows.store.ledger import read_entries
from flows.store.units import Unit

ROOTS = ("flows.clean.shard",)


@task(name="clean shards", retries=1, retry_delay_seconds=1, cache_policy=NO_CACHE)
def clean_shards(work: str, gathered: list[str], workers: int) -> list[str]:
    """Clean a group of shards; the entries' folders. Retried once: a worker that the system killed takes no page with it."""
    units = [Unit(Path(work) / "clean", entry.unit, fingerprint(*ROOTS), (entry,)) for entry in read_entries(gathered)]
    return [str(done.entry.folder) for done in run_units(clean_unit, units, workers)]


@flow(name="clean", validate_parameters=False)
def clean(work: str, gathered: list[str], workers: int) -> list[str]:
    """Shards as ingest gathered them to labelled segments and articles."""
    with journal.stage("clean", len(gathered)):
        return [folder for group in in_groups(gathered) for folder in clean_shards(work, list(group), workers)]
