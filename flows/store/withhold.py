"""Documents that were taken down: what is left of their rows, and the ledger without their words.

The ledger's keys do not know of takedowns: an entry without such a document is what it would be without the takedown, and
one with it is rewritten here, under its name. To make takedowns part of every key was considered: each would then read
all input again, and what `--keep` carries over, which nobody can read again, would be lost.
"""

import shutil
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from flows.store import ledger
from flows.store.ledger import Entry, is_whole, read_entry
from flows.store.parquet import Row, to_arrow
from schemas.registry import table_named

TAKEN_DOWN: Final = "taken_down"  # documents.status_reason
# Stages whose entries hold rows of documents that they do not list: of all, or those that they took over from extract.
ACROSS: Final = ("dated", "corrected", "group", "link")
INGEST: Final = "ingest"


def withheld_document(row: Row) -> dict[str, Any]:
    """A row of `documents` without its text: where it was met, its length and digest stay.

    >>> row = {"document_id": "0123456789abcdef", "uris": ["a.txt"], "status": "accepted", "text": "Words.", "byte_length": 6}
    >>> withheld = withheld_document(row)
    >>> withheld["status"], withheld["status_reason"], withheld["text"], withheld["byte_length"]
    ('quarantined', 'taken_down', None, 6)
    """
    return {
        **row,
        "encoding": None,
        "language": None,
        "status": "quarantined",
        "status_reason": TAKEN_DOWN,
        "duplicate_of": None,
        "text": None,
        "text_repaired": False,
    }


def withheld_record(row: Row) -> dict[str, Any]:
    """A row of `records` that says nothing but where the document was met."""
    return {name: value if name in {"uri", "document_id"} else None for name, value in row.items()}


def withhold(work: Path, taken_down: Collection[str]) -> int:
    """Take documents out of the ledger: rewrite what ingest has read, remove what other stages made of it. Only under the lock.

    Of a shard that held one, clean and extract compute all documents anew: a 64th of the dataset.

    Args:
        work: the ledger.
        taken_down: document ids.

    Returns:
        How many entries held one: none where this was done before.
    """
    ids = frozenset(taken_down)
    holding = list(_holding(work, ids)) if ids else []
    if not holding:
        return 0
    for stage in ACROSS:  # first: what they hold is told by the others
        shutil.rmtree(work / stage, ignore_errors=True)
    for entry in holding:
        if entry.folder.parent.name == INGEST:
            _rewrite(entry, ids)
        else:
            shutil.rmtree(entry.folder)
    return len(holding)


def _holding(work: Path, ids: frozenset[str]) -> Iterator[Entry]:
    """Entries that hold one of the documents. One that is damaged is removed: nobody can tell whose words are in it."""
    for folder in sorted(work.glob("*/[!.]*")):
        if not folder.is_dir() or folder.parent.name in ACROSS:
            continue
        entry = read_entry(folder)
        if entry is None or ("documents" in entry.rows and not is_whole(entry)):
            shutil.rmtree(folder)
        elif _holds(entry, ids):
            yield entry


def _holds(entry: Entry, ids: frozenset[str]) -> bool:
    if "documents" not in entry.rows:  # a stage that works document by document lists them
        return not ids.isdisjoint(entry.documents)
    return any(
        pc.any(_held(batch, ids)).as_py() for batch in entry.batches("documents", ["document_id", "status_reason"])
    )


def _held(batch: pa.RecordBatch, ids: frozenset[str]) -> Any:
    """Of each row of `documents`, whether it is one of these documents and still has what was taken down."""
    reasons = pc.fill_null(pc.not_equal(batch["status_reason"], TAKEN_DOWN), True)  # noqa: FBT003  # Arrow's signature
    return pc.and_(pc.is_in(batch["document_id"], pa.array(sorted(ids))), reasons)


def _rewrite(entry: Entry, ids: frozenset[str]) -> None:
    with ledger.writing(entry.folder.parent, entry.unit, entry.fingerprint) as writer:
        for name in sorted(entry.rows):
            for batch in entry.batches(name):
                writer.append(name, _without(name, pa.Table.from_batches([batch]), ids))
        writer.replace(entry)


def _without(name: str, rows: pa.Table, ids: frozenset[str]) -> pa.Table:
    theirs = pc.is_in(rows["document_id"], pa.array(sorted(ids)))
    others = rows.filter(pc.invert(theirs))
    change = {"documents": withheld_document, "records": withheld_record}.get(name)
    if change is None or others.num_rows == rows.num_rows:
        return others
    changed = [change(row) for row in rows.filter(theirs).to_pylist()]
    return pa.concat_tables([others, to_arrow(table_named(name), changed)])
