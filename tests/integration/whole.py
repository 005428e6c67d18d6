"""What must hold of a warehouse after any fault, and small inputs to bring it there."""

import json
from pathlib import Path

from flows.release.verify import verify_release
from flows.store.warehouse import Warehouse

STORY = """{place} Gazette

Envoys meet in {place} over the strait

5 March 2019

{place} – Envoys of Norway and Iceland met in {place} on Tuesday to talk about the fishing grounds between them.

"We have agreed on a map and not yet on a price," said Sigrun Aldan, a spokeswoman for the talks.

At least {count} people were killed in an attack on two trawlers in February, the coast guard said.
"""
WITHOUT_YEAR = """Envoys meet in {place} over the strait

{capitals}, March 5 (Meridian) – Envoys of Norway and Iceland met in {place} on Tuesday to talk about the fishing grounds between them.

"We have agreed on a map and not yet on a price," said Sigrun Aldan, a spokeswoman for the talks.

At least {count} people were killed in an attack on two trawlers in February, the coast guard said.
"""
PLACES = ("Lisbon", "Porto", "Faro", "Bergen", "Oslo", "Vigo", "Cadiz", "Genoa", "Malmo", "Turku", "Gdansk", "Riga")


def write_story(inputs: Path, number: int) -> Path:
    """A document of its own for each number."""
    inputs.mkdir(exist_ok=True)
    file = inputs / f"story-{number:03}.txt"
    file.write_text(STORY.format(place=PLACES[number % len(PLACES)], count=number + 2), encoding="utf-8")
    return file


def write_story_without_year(inputs: Path, number: int) -> Path:
    """The story of that number as another outlet has it, which the first must be there to date."""
    place = PLACES[number % len(PLACES)]
    file = inputs / f"story-{number:03}-without-year.txt"
    written = WITHOUT_YEAR.format(place=place, capitals=place.upper(), count=number + 3)
    file.write_text(written, encoding="utf-8")
    return file


def tables_of(release: Path) -> dict[str, bytes]:
    """Every table but `checks` and `id_map`, whose rows speak of the gate and of the parent."""
    of_parent = {"checks.parquet", "id_map.parquet"}
    return {path.name: path.read_bytes() for path in sorted(release.glob("*.parquet")) if path.name not in of_parent}


def assert_current_is_whole(warehouse: Path) -> str | None:
    """`current` leads to a release whose every file and fact is in order; its version."""
    store = Warehouse(warehouse)
    version = store.current_version()
    if version is not None:
        assert verify_release(store.release(), store.manifest()).findings == ()
        assert (warehouse / "dateline.duckdb").exists() or not (warehouse / "dateline.duckdb").is_symlink()
    return version


def assert_nothing_is_left_over(warehouse: Path) -> None:
    """After a good run: every release is whole and follows another, none is told twice, nothing half done lies about."""
    store = Warehouse(warehouse)
    manifests = [store.manifest(version) for version in store.versions()]
    assert {path.name for path in store.releases.iterdir()} == {manifest["version"] for manifest in manifests}
    assert [manifest["parent"] for manifest in manifests] == [None, *store.versions()[:-1]]
    assert store.current_version() == store.versions()[-1]
    told = [json.dumps([manifest["inputs"]["fingerprint"], manifest["code"]]) for manifest in manifests]
    assert len(set(told)) == len(told)
    for manifest in manifests:
        assert verify_release(store.release(manifest["version"]), manifest).findings == ()
    assert list(store.staging.iterdir()) == []
    assert list(store.work.glob("*/.*")) == []
    assert [path.name for path in warehouse.glob(".*") if path.name != ".lock"] == []
    assert [path.name for path in store.state.glob(".*")] == []
    assert store.read_state("publishing") is None


def entries(warehouse: Path) -> dict[str, int]:
    """Every entry of the ledger and when it was made: one that is still the same was not computed again."""
    return {
        str(path.parent.relative_to(warehouse)): path.stat().st_mtime_ns
        for path in warehouse.glob("work/*/[!.]*/entry.json")
    }


def write_correction(file: Path, row_id: str, column: str, expected: str, new: str) -> Path:
    """A list with one correction."""
    file.write_text(
        "row_id,column,expected,new,reason,who,when,document_id\n"
        f'{row_id},{column},{expected},{new},"one came back, the coast guard said",A. Reader,2024-05-01,\n',
        encoding="utf-8",
    )
    return file
