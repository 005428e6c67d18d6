"""The link stage as a Prefect flow."""

from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows import journal
from flows.link.unit import link_unit
from flows.store.fingerprint import fingerprint
from flows.store.jobs import run_units
from flows.store.ledger import read_entries
from flows.store.units import Unit

ROOTS = ("flows.link.unit",)


@task(name="link entities", cache_policy=NO_CACHE)
def link_all(work: str, extracted: list[str]) -> str:
    """Link what extract found; the entry's folder."""
    unit = Unit(Path(work) / "link", "all", fingerprint(*ROOTS), tuple(read_entries(extracted)))
    (done,) = run_units(link_unit, [unit], workers=1)
    return str(done.entry.folder)


@flow(name="link", validate_parameters=False)
def link(work: str, extracted: list[str]) -> str:
    """Extract's entries to entities and the maps to them."""
    with journal.stage("link", units=1):
        return link_all(work, extracted)
