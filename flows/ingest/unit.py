"""A group of input files to rows, kept in the ledger; then all groups' rows regrouped into shards by document."""

import tempfile
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa

from flows.ingest.inputs import InputFile, file_digest
from flows.ingest.merge import merge_blocks, merge_documents, merge_records
from flows.ingest.rows import iter_rows
from flows.store import ledger
from flows.store.ledger import Entry, digest_of
from flows.store.parquet import file_sha256, to_arrow
from flows.store.units import Done, Unit, finished, shard_of
from flows.store.withhold import withheld_document, withheld_record
from schemas.registry import table_named

Row = dict[str, Any]

FILE_GROUPS = (
    256  # groups of files; with fewer files each is on its own, so a changed file costs itself and 1/256 of the rest
)
# Reasons that a file may have now and not in an hour: a drive that blinked, rights that were being set.
PASSING_REASONS = frozenset({"unreadable_file", "no_read_permission"})
HELD_BYTES = 8_000_000  # of raw text or HTML, read before it is written out: a page makes five times as much of blocks
HELD_RECORDS = 4_000  # each part costs about 15 kB until the file ends: the head of a row group
INGEST_TABLES = ("documents", "records", "blocks")
# A shard is merged in parts of about so much, by the column that says which rows belong together. Records go by their own address:
# a million of them may be of one document.
PART_BYTES = 50_000_000
PART_COLUMNS = {"documents": "document_id", "records": "uri", "blocks": "document_id"}
MAX_PARTS = 128  # files that are open at a time; of all shards' files 192 are, and systems allow 256 or 1,024
ROW_BYTES = 2_000  # that a row takes beside its text


@dataclass(frozen=True)
class FileGroup:
    """Files that are read together, and the ledger's unit for them; `taken_down`: ids of documents that are not to be taken in."""

    unit: Unit
    files: tuple[InputFile, ...]
    field_map: tuple[tuple[str, str], ...]
    taken_down: frozenset[str] = frozenset()


def group_files(
    stage_folder: Path,
    code: str,
    files: Iterable[InputFile],
    field_map: Mapping[str, str],
    taken_down: Collection[str] = (),
) -> list[FileGroup]:
    """Files in groups by the hash of their address: a group's members do not depend on what else is read.

    A unit's key does not know what was taken down: flows/store/withhold.py says why, and keeps the ledger without it.
    """
    groups: dict[str, list[InputFile]] = defaultdict(list)
    for file in files:
        groups[f"{int(sha256(file.uri.encode()).hexdigest()[:8], 16) % FILE_GROUPS:02x}"].append(file)
    mapped = tuple(sorted(field_map.items()))
    return [
        FileGroup(
            Unit(stage_folder, name, code, (), _options(members, mapped)),
            tuple(members),
            mapped,
            frozenset(taken_down),
        )
        for name, members in sorted(groups.items())
    ]


def ingest_group(group: FileGroup) -> Done:
    """Read a group's files, a few records in memory at a time; an entry whose `documents` are the files' addresses and digests.

    A file that changes while it is read is refused for this run, with all that was read of it: its rows would be those of no
    digest. The refusal counts as another input, so the next run reads the file again; so it does where the file could
    be hashed and then not be read.
    """
    if done := finished(group.unit):
        return done
    unit, files = group.unit, group.files
    while True:
        with ledger.writing(unit.stage_folder, unit.name, unit.fingerprint) as writer:
            documents, read = 0, []
            for file in files:
                count, found = _append(writer, file, dict(group.field_map), group.taken_down)
                documents += count
                read.append(found)
            if tuple(read) == files:
                key = replace(unit, options=_options(files, group.field_map)).key
                entry = writer.commit(key, {file.uri: file_digest(file) for file in files})
                return Done(entry, documents, 0)
        files = tuple(read)


def _append(
    writer: ledger.EntryWriter, file: InputFile, field_map: Mapping[str, str], taken_down: Collection[str]
) -> tuple[int, InputFile]:
    """Add a file's rows; how many documents, and the file as it was found, refused if it could not be read as it was planned.

    Of a document that was taken down nothing is written but that it was met.
    """
    held: dict[str, list[Row]] = {name: [] for name in INGEST_TABLES}
    count = held_bytes = 0
    refused: set[str] = set()
    for read in iter_rows(file, field_map):
        document, record, blocks = _withheld(*read) if read[0]["document_id"] in taken_down else read
        for name, rows in zip(INGEST_TABLES, ([document], [record], blocks), strict=True):
            held[name] += rows
        count += 1
        held_bytes += document["byte_length"]
        refused |= {document["status_reason"]} & PASSING_REASONS
        if held_bytes > HELD_BYTES or count % HELD_RECORDS == 0:
            held_bytes = 0
            _flush(writer, held)
    _flush(writer, held)
    if file.sha256 is None:
        return count, file
    try:
        steady = file_sha256(file.path) == file.sha256
    except OSError:
        steady = False
    if steady and not refused:
        return count, file
    return count, replace(file, sha256=None, refused=min(refused, default="changed_while_read"))


def _withheld(document: Row, record: Row, _blocks: list[Row]) -> tuple[Row, Row, list[Row]]:
    return withheld_document(document), withheld_record(record), []


def _flush(writer: ledger.EntryWriter, held: dict[str, list[Row]]) -> None:
    for name, rows in held.items():
        writer.append(name, to_arrow(table_named(name), rows))
        rows.clear()


def gather(stage_folder: Path, code: str, ingested: Sequence[Entry]) -> list[Entry]:
    """Every group's rows as one entry a shard: each document once, whatever files it was met in.

    A shard is written anew only if its documents, their addresses or their metadata changed. Rows of such shards are
    first sorted into a file a shard, then merged a part of a shard at a time, so that memory holds one part and not the input.
    """
    entries: dict[str, Entry | None] = {}
    missing: dict[str, tuple[str, int]] = {}
    for shard, held in sorted(_shards(ingested).items()):
        key = ledger.unit_key(code, [f"{held.digest:064x}", str(held.rows)])
        entries[shard] = ledger.find(stage_folder, shard, key)
        if entries[shard] is None:
            missing[shard] = key, min(MAX_PARTS, 1 + held.weight_bytes // PART_BYTES)
    stage_folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".sorted-", dir=stage_folder) as folder:
        _sort_into_shards(Path(folder), ingested, missing)
        for shard, (key, parts) in missing.items():
            with ledger.writing(stage_folder, shard, code) as writer:
                files = {
                    name: _in_parts(Path(folder) / f"{shard}-{name}", column, parts)
                    for name, column in PART_COLUMNS.items()
                }
                for part in range(parts):
                    rows = {name: _rows_in(found[part]) for name, found in files.items()}
                    for name, table in _tables(rows).items():
                        writer.append(name, table)
                entries[shard] = writer.commit(key, {})
    return [entry for entry in entries.values() if entry is not None]


@dataclass
class _Shard:
    """What a shard's rows are, before they are read.

    Attributes:
        digest: of its rows of `documents` (all but the text, which its id stands for) and `records`, in any order: the sum
            of their digests.
        rows: how many of them.
        weight_bytes: about what they take as dictionaries, with their texts or pages.
    """

    digest: int = 0
    rows: int = 0
    weight_bytes: int = 0


def _shards(ingested: Iterable[Entry]) -> dict[str, _Shard]:
    found: dict[str, _Shard] = defaultdict(_Shard)
    described = [name for name in table_named("documents").column_names if name != "text"]
    for entry in ingested:
        for name, columns in (("documents", described), ("records", None)):
            for batch in entry.batches(name, columns):
                for row in batch.to_pylist():
                    shard = found[shard_of(row["document_id"])]
                    shard.digest = (shard.digest + int(digest_of(name, repr(row)), 16)) % 2**256
                    shard.rows += 1
                    shard.weight_bytes += ROW_BYTES + row.get("byte_length", 0)
    return found


def _sort_into_shards(folder: Path, ingested: Iterable[Entry], wanted: Collection[str]) -> None:
    """Write the rows of the shards that are wanted to <folder>/<shard>-<table>, in Arrow's stream format."""
    with ExitStack() as opened:
        writers: dict[str, pa.RecordBatchStreamWriter] = {}
        for entry in ingested:
            for name in INGEST_TABLES if wanted else ():
                for batch in entry.batches(name):
                    for shard, numbers in _rows_of_shards(batch).items():
                        if shard not in wanted:
                            continue
                        file = f"{shard}-{name}"
                        if file not in writers:
                            writers[file] = opened.enter_context(pa.ipc.new_stream(folder / file, batch.schema))
                        writers[file].write_batch(batch.take(pa.array(numbers, pa.int64())))


def _in_parts(file: Path, column: str, parts: int) -> list[Path]:
    """A shard's rows of a table sorted into a file a part; the parts' files, which need not be there."""
    if parts == 1:
        return [file]
    files = [file.with_name(f"{file.name}-{part}") for part in range(parts)]
    if file.is_file():
        with ExitStack() as opened:
            writers: dict[int, pa.RecordBatchStreamWriter] = {}
            for batch in _batches_in(file):
                numbers: dict[int, list[int]] = defaultdict(list)
                for at, value in enumerate(batch.column(column).to_pylist()):
                    numbers[_part_of(column, value, parts)].append(at)
                for part, rows in numbers.items():
                    if part not in writers:
                        writers[part] = opened.enter_context(pa.ipc.new_stream(files[part], batch.schema))
                    writers[part].write_batch(batch.take(pa.array(rows, pa.int64())))
        file.unlink()
    return files


def _part_of(column: str, value: str, parts: int) -> int:
    """The part that a row belongs to; parts by document are in the order of their ids."""
    if column == "uri":
        return zlib.crc32(value.encode("utf-8", "surrogatepass")) % parts
    return int(value[:8], 16) * parts >> 32


def _rows_in(file: Path) -> Iterator[Row]:
    """The rows of a file, a few in memory at a time; none if it is not there. The file is removed."""
    if file.is_file():
        for batch in _batches_in(file):
            yield from batch.to_pylist()
        file.unlink()


def _batches_in(file: Path) -> Iterator[pa.RecordBatch]:
    with pa.OSFile(str(file)) as source, pa.ipc.open_stream(source) as reader:
        yield from reader


def _options(files: Sequence[InputFile], field_map: tuple[tuple[str, str], ...]) -> str:
    return digest_of(repr(field_map), *(f"{file.uri}={file_digest(file)} {file.kind}" for file in files))


def _tables(rows: Mapping[str, Iterable[Row]]) -> dict[str, pa.Table]:
    merged = merge_documents(rows["documents"])
    found = {
        "documents": merged,
        "records": merge_records(rows["records"]),
        "blocks": merge_blocks(rows["blocks"], merged),
    }
    return {name: to_arrow(table_named(name), found[name]) for name in INGEST_TABLES}


def _rows_of_shards(batch: pa.RecordBatch) -> dict[str, list[int]]:
    shards: dict[str, list[int]] = defaultdict(list)
    for index, document_id in enumerate(batch.column("document_id").to_pylist()):
        shards[shard_of(document_id)].append(index)
    return shards
