"""`dateline run --check-incremental`: documents added one by one end where adding them at once ended.

Every stage after ingest is run anew, in a ledger of its own that starts empty, on the first document alone, then on two,
and so on. Each step reuses what the ledger holds, as a run on a schedule does. The tables of the last step must be those
of the release, row digest by row digest. Prefect and the gate decide nothing about rows and are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from flows.errors import NotIncremental, WarehouseDamaged
from flows.extract.corrections import Correction, correction_of
from flows.stages import released_tables
from flows.store import ledger
from flows.store.ledger import Entry, digest_of
from flows.store.parquet import read_checked, row_digest, sorted_by_key
from flows.store.warehouse import Warehouse

MOST_STEPS = (
    200  # more documents than this are added in so many parts: a step costs about a second, and more with each document
)
BY_PARENT = frozenset({"id_map", "checks"})  # the tables that depend on the parent release, which here is none
GATHERED = ("documents", "records", "blocks")


@dataclass(frozen=True)
class Compared:
    """What was found.

    Attributes:
        documents: that were added.
        steps: in so many parts.
        tables: table to the digest of its rows, the same for both ways.
    """

    documents: int
    steps: int
    tables: Mapping[str, str]


def check_incremental(warehouse: Warehouse) -> Compared:
    """Add the documents of the current release one by one and compare with it.

    Raises:
        NotIncremental: a table has other rows; the message names the tables.
        WarehouseDamaged: work/ no longer holds what the release was made of.
    """
    manifest = warehouse.manifest()
    folders = sorted(path for path in (warehouse.work / "gathered").glob("*-*") if path.is_dir())
    gathered = ledger.read_entries(folders)
    corrections = _corrections_of(warehouse, manifest)
    documents = sorted(ledger.concat(gathered, "documents")["document_id"].to_pylist())
    if len(documents) != manifest["tables"]["documents"]["rows"]:
        raise WarehouseDamaged(
            f"{warehouse.work} holds {len(documents):,} documents and release {manifest['version']} "
            f"{manifest['tables']['documents']['rows']:,}: run once more without --check-incremental, then with it."
        )
    size = max(1, -(-len(documents) // MOST_STEPS))
    with TemporaryDirectory(dir=warehouse.work, prefix=".incremental.") as scratch:
        found: dict[str, str] = {}
        for seen in range(size, len(documents) + size, size):
            chosen = pa.array(documents[:seen])
            parts = [_part_of(entry, chosen, Path(scratch) / "gathered") for entry in gathered]
            made = released_tables([part for part in parts if part], Path(scratch), corrections)
            if seen >= len(documents):
                found = {table.name: row_digest(sorted_by_key(table, rows)) for table, rows in made}
    wanted = {name: table["row_digest"] for name, table in manifest["tables"].items() if name not in BY_PARENT}
    if differing := sorted(name for name in wanted if found.get(name) != wanted[name]):
        raise NotIncremental(
            f"adding {len(documents):,} documents in parts of {size} ends with other rows than release {manifest['version']} "
            f"has, in: {', '.join(differing)}. This is a fault of dateline's: please report it with the release's manifest.json."
        )
    return Compared(len(documents), -(-len(documents) // size), wanted)


def _corrections_of(warehouse: Warehouse, manifest: Mapping[str, Any]) -> list[Correction]:
    """The corrections that the release holds."""
    table = manifest["tables"].get("corrections")
    if table is None:  # made before there were any
        return []
    rows = read_checked(warehouse.release() / table["file"], table["sha256"])
    return [correction_of(row) for row in rows.to_pylist()]


def _part_of(entry: Entry, documents: pa.Array, folder: Path) -> Entry | None:
    """A shard as ingest would have gathered it of these documents alone; None if it has none of them."""
    tables = {}
    for name in GATHERED:
        rows = entry.table(name)
        tables[name] = rows.filter(pc.is_in(rows["document_id"], documents))
    held = tables["documents"]["document_id"].to_pylist()
    if not held:
        return None
    key = digest_of(entry.content_digest, *sorted(held))[:24]
    found = ledger.find(folder, entry.unit, key)
    return found or ledger.commit(folder, entry.unit, key, entry.fingerprint, tables, {})
