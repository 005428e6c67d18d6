"""One unit of work over a shard of documents: reuse what is unchanged, compute the rest, commit to the ledger."""

import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from flows.errors import ReferenceDamaged, WarehouseDamaged
from flows.store import ledger
from flows.store.ledger import Entry
from flows.store.parquet import Row, to_arrow
from schemas.registry import table_named

SHARDS = 64  # see README.md of this package
DOCUMENTS_HELD = 32  # whose rows are held as dictionaries: about 10 MB of extract's


@dataclass(frozen=True)
class Unit:
    """What to compute: a shard's inputs, and where the stage keeps its entries.

    Attributes:
        stage_folder: work/<stage>.
        name: the unit's name, such as shard 2a.
        fingerprint: of the stage.
        inputs: entries of earlier stages that it reads.
        options: whatever else the result depends on, as a string.
    """

    stage_folder: Path
    name: str
    fingerprint: str
    inputs: tuple[Entry, ...]
    options: str = ""

    @property
    def key(self) -> str:
        """The ledger's key: from the code's fingerprint and the inputs' bytes."""
        return ledger.unit_key(self.fingerprint, [*(entry.content_digest for entry in self.inputs), self.options])


@dataclass(frozen=True)
class Failure:
    """A document that a stage tripped over: a bug of ours, for the run's journal."""

    document_id: str
    error: str
    traceback: str


@dataclass(frozen=True)
class Done:
    """A finished unit: its entry, how many documents were computed rather than reused, and those that failed."""

    entry: Entry
    computed: int
    reused: int
    failed: tuple[Failure, ...] = ()


def shard_of(document_id: str) -> str:
    """The shard that a document belongs to: two hex digits from its id.

    >>> shard_of("ff00000000000000"), shard_of("0123456789abcdef")
    ('3f', '01')
    """
    return f"{int(document_id[:2], 16) % SHARDS:02x}"


def finished(unit: Unit) -> Done | None:
    """The unit's entry, if the ledger has it."""
    entry = ledger.find(unit.stage_folder, unit.name, unit.key)
    return Done(entry, 0, len(entry.documents)) if entry else None


def per_document(
    unit: Unit,
    tables: Iterable[str],
    payloads: Mapping[str, tuple[str, Any]],
    process: Callable[[Any], Mapping[str, list[Row]]],
    others: Mapping[str, pa.Table] | None = None,
) -> Done:
    """Compute a unit document by document.

    A document whose processing raises is quarantined as `<stage>_failed`, with the traceback in the journal: one document
    that trips over a bug must not stop the others, and the gate refuses when there are too many.

    Args:
        unit: what and where.
        tables: names of the tables that the stage makes; `refusals` is added.
        payloads: document id to (digest of its input, input).
        process: input to rows of each table.
        others: rows of documents that are none of the payloads, which go into the entry as they are.

    Raises:
        ReferenceDamaged: a reference table cannot be read, which no document is to blame for.
    """
    names = sorted({*tables, "refusals"})
    stage = unit.stage_folder.name
    reused, kept = _reusable(unit, names, {key: digest for key, (digest, _) in payloads.items()})
    rows: dict[str, list[Row]] = {name: [] for name in names}
    parts: dict[str, list[pa.Table]] = {name: list(kept.get(name, [])) for name in names}
    for name, table in (others or {}).items():
        parts[name].append(table)
    failed: list[Failure] = []
    for number, document_id in enumerate(sorted(set(payloads) - reused), 1):
        try:
            made = process(payloads[document_id][1])
        except (MemoryError, ReferenceDamaged):
            raise  # the machine's or the tables' trouble, not the document's: its rows must not be kept as those of a failure
        except Exception as error:  # noqa: BLE001  # see above; what it was goes into the journal
            failed.append(Failure(document_id, f"{type(error).__name__}: {error}", traceback.format_exc()))
            made = {"refusals": [{"document_id": document_id, "status_reason": f"{stage}_failed"}]}
        for name, found in made.items():
            rows[name] += found
        if number % DOCUMENTS_HELD == 0:
            _pack(rows, parts)
    _pack(rows, parts)
    merged = {name: pa.concat_tables(found) for name, found in parts.items()}
    digests = {key: digest for key, (digest, _) in payloads.items()}
    entry = ledger.commit(unit.stage_folder, unit.name, unit.key, unit.fingerprint, merged, digests)
    return Done(entry, len(payloads) - len(reused), len(reused), tuple(failed))


def _pack(rows: dict[str, list[Row]], parts: dict[str, list[pa.Table]]) -> None:
    """Rows as dictionaries to Arrow, which holds them in a tenth of the memory."""
    for name, found in rows.items():
        parts[name].append(to_arrow(table_named(name), found))
        found.clear()


def _reusable(unit: Unit, names: list[str], wanted: Mapping[str, str]) -> tuple[set[str], dict[str, list[pa.Table]]]:
    """Documents of an earlier entry with the same code and the same input, and their rows."""
    before = ledger.earlier(unit.stage_folder, unit.name, unit.fingerprint)
    if before is None:
        return set(), {}
    same = {key for key, digest in before.documents.items() if wanted.get(key) == digest}
    if not same:
        return set(), {}
    chosen = pa.array(sorted(same))
    kept: dict[str, list[pa.Table]] = {}
    try:
        for name in names:
            table = before.table(name)
            owner = "article_id" if name == "articles" else "document_id"
            kept[name] = [table.filter(pc.is_in(table[owner], chosen))]
    except WarehouseDamaged:
        ledger.discard(before)
        return set(), {}
    return same, kept
