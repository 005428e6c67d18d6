"""The link stage as Prefect flows: articles to groups of articles; then, all their days known, their facts to entities and incidents."""

from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows import journal
from flows.link.grouping import group_unit
from flows.link.unit import link_unit
from flows.store.fingerprint import fingerprint
from flows.store.jobs import run_units
from flows.store.ledger import read_entries
from flows.store.units import Unit

GROUP_ROOTS = ("flows.link.grouping",)
ROOTS = ("flows.link.unit",)


@task(name="group articles", cache_policy=NO_CACHE)
def group_all(work: str, gathered: list[str], cleaned: list[str], extracted: list[str]) -> str:
    """Group what ingest, clean and extract found; the entry's folder."""
    entries = tuple(read_entries([*gathered, *cleaned, *extracted]))
    unit = Unit(Path(work) / "group", "all", fingerprint(*GROUP_ROOTS), entries)
    (done,) = run_units(group_unit, [unit], workers=1)
    return str(done.entry.folder)


@flow(name="group", validate_parameters=False)
def group(work: str, gathered: list[str], cleaned: list[str], extracted: list[str]) -> str:
    """Articles to copies, stories, and days that follow from a story."""
    with journal.stage("group", units=1):
        return group_all(work, gathered, cleaned, extracted)


@task(name="link facts", cache_policy=NO_CACHE)
def link_all(work: str, grouped: str, cleaned: list[str], extracted: list[str]) -> str:
    """Link what extract found; the entry's folder."""
    entries = tuple(read_entries([grouped, *cleaned, *extracted]))
    unit = Unit(Path(work) / "link", "all", fingerprint(*ROOTS), entries)
    (done,) = run_units(link_unit, [unit], workers=1)
    return str(done.entry.folder)


@flow(name="link", validate_parameters=False)
def link(work: str, grouped: str, cleaned: list[str], extracted: list[str]) -> str:
    """Extract's entries to entities, incidents, and the maps to them."""
    with journal.stage("link", units=1):
        return link_all(work, grouped, cleaned, extracted)
