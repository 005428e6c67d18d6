"""The link stage as a Prefect flow."""

from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.link.unit import link_unit
from flows.progress import advance, begin
from flows.store.fingerprint import fingerprint
from flows.store.ledger import read_entries
from flows.store.units import Unit

ROOTS = ("flows.link.unit",)


@task(name="link entities", cache_policy=NO_CACHE)
def link_all(work: str, extracted: list[str]) -> str:
    """Link what extract found; the entry's folder."""
    unit = Unit(Path(work) / "link", "all", fingerprint(*ROOTS), tuple(read_entries(extracted)))
    return str(link_unit(unit).entry.folder)


@flow(name="link", validate_parameters=False)
def link(work: str, extracted: list[str]) -> str:
    """Extract's entries to entities and the maps to them."""
    begin("link", 1)
    folder = link_all(work, extracted)
    advance("link")
    return folder
