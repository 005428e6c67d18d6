"""The extract stage as Prefect flows: all articles; those again that got a day from their story; rows that a person corrected."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows import journal
from flows.extract import corrected
from flows.extract.corrections import Correction, check_all_stand, place
from flows.extract.dated import date_unit, days_by_shard, options_of
from flows.extract.shard import extract_unit
from flows.store.fingerprint import fingerprint
from flows.store.jobs import in_groups, run_units
from flows.store.ledger import read_entries
from flows.store.units import Unit

ROOTS = ("flows.extract.shard",)
DATED_ROOTS = ("flows.extract.dated",)
CORRECTED_ROOTS = ("flows.extract.corrected",)


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


@task(name="date shards anew", cache_policy=NO_CACHE)
def date_shards(
    work: str, shards: list[tuple[str, str, str]], days: dict[str, dict[str, date]], workers: int
) -> list[str]:
    """Shards as (gathered, cleaned, extracted), the documents in `days` (by shard) extracted with their day; the entries' folders."""
    units = []
    for shard in shards:
        gathered, cleaned, extracted = read_entries(shard)
        entries, options = (gathered, cleaned, extracted), options_of(days[gathered.unit])
        units.append(Unit(Path(work) / "dated", gathered.unit, fingerprint(*DATED_ROOTS), entries, options))
    return [str(done.entry.folder) for done in run_units(date_unit, units, workers)]


@flow(name="date anew", validate_parameters=False)
def date_anew(
    work: str, gathered: list[str], cleaned: list[str], extracted: list[str], grouped: str, workers: int
) -> list[str]:
    """Extract's entries, with another in the place of each whose shard has articles that their story dates."""
    days = days_by_shard(read_entries([grouped])[0])
    if not days:
        return extracted
    names = [entry.unit for entry in read_entries(extracted)]
    shards = dict(zip(names, zip(gathered, cleaned, extracted, strict=True), strict=True))
    with journal.stage("dated", len(days)):
        dated = date_shards(work, [shards[name] for name in sorted(days)], days, workers)
    anew = dict(zip(sorted(days), dated, strict=True))
    return [anew.get(name, folder) for name, folder in zip(names, extracted, strict=True)]


@task(name="correct shards", cache_policy=NO_CACHE)
def correct_shards(
    work: str, extracted: list[str], corrections: Sequence[Correction], gathered: list[str]
) -> list[str]:
    """Extract's entries, with another in the place of each whose shard has a corrected row."""
    entries = read_entries(extracted)
    placed = place(corrections, entries)
    if gathered:
        check_all_stand(corrections, placed, read_entries(gathered))
    standing = corrected.by_shard(placed)
    units = [
        Unit(Path(work) / "corrected", entry.unit, fingerprint(*CORRECTED_ROOTS), (entry,), options)
        for entry in entries
        if (options := corrected.options_of(standing.get(entry.unit, [])))
    ]
    made = {done.entry.unit: str(done.entry.folder) for done in run_units(corrected.correct_unit, units, workers=1)}
    return [made.get(entry.unit, str(entry.folder)) for entry in entries]


@flow(name="correct", validate_parameters=False)
def correct(work: str, extracted: list[str], corrections: Sequence[Correction], gathered: list[str]) -> list[str]:
    """Extract's entries with the corrections that stand put in.

    Args:
        work: the ledger's folder.
        extracted: the entries, dated anew or not.
        corrections: all of the run.
        gathered: ingest's entries, if every correction must stand or concern none of their documents; none before articles
            are dated anew, when what a correction expects may not be read yet.
    """
    with journal.stage("corrected"):
        return correct_shards(work, extracted, corrections, gathered)
