"""The extract stage as a Prefect flow."""

from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows import journal
from flows.extract.shard import extract_unit
from flows.store.fingerprint import fingerprint
from flows.store.jobs import in_groups, run_units
from flows.store.ledger import read_entries
from flows.store.units import Unit

ROOTS = ("flows.extract.shard",)


@task(name="extract shards", retries=1, retry_delay_seconds=1, cache_policy=NO_CACHE)
def extract_shards(work: str, shards: list[tuple[str, str]], workers: int) -> list[str]:
    """Extract a group of shards, each given as (gathered, cleaned); the entries' folders."""
    units = []
    for pair in shards:
        gathered, cleaned = read_entries(pair)
        units.append(Unit(Path(work) / "extract", gathered.unit, fingerprint(*ROOTS), (gathered, cleaned)))
    return [str(done.entry.folder) for done in run_units(extract_unit, units, workers)]


@flow(name="extract", validate_parameters=False)
def extract(work: str, gathered: list[str], cleaned: list[str], workers: int) -> list[str]:
    """Cleaned shards to the facts in them."""
    shards = list(zip(gathered, cleaned, strict=True))
    with journal.stage("extract", len(shards)):
        return [folder for group in in_groups(shards) for folder in extract_shards(work, list(group), workers)]
