"""What has been computed: a folder per unit of work, named by what it was computed from.

    work/<stage>/<unit>-<key>/entry.json      work/<stage>/<unit>-<key>/<table>.parquet

`key` hashes the unit's input and the stage's fingerprint, so an entry never goes stale: it is found, or it is not. One
that is there but cut or changed is not found either: it is computed again, in the same run.
"""

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from flows.errors import WarehouseDamaged
from flows.store.durable import dump_json
from flows.store.parquet import ROW_GROUP_ROWS, file_sha256, parquet_writer, read_checked, sorted_by_key
from flows.store.steps import reached
from schemas.export import arrow_schema
from schemas.registry import table_named

ENTRY = "entry.json"
ASIDE = ".aside"  # ending of an entry's hidden name while another takes its place
BUFFER_BYTES = 1 << 16  # of a column that are read ahead
BATCH_ROWS = 1024  # rows that `batches` gives at a time: about 3 MB of articles


@dataclass(frozen=True)
class Entry:
    """A finished unit of work.

    Attributes:
        folder: where it is.
        unit: a shard or a group of input files.
        fingerprint: of the stage that made it.
        files: table name to SHA-256 of its Parquet file; a table without rows has no file.
        rows: table name to number of rows.
        documents: document id to the digest of what it was computed from.
    """

    folder: Path
    unit: str
    fingerprint: str
    files: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)

    def table(self, name: str) -> pa.Table:
        """One table's rows, none if it has no file.

        Raises:
            WarehouseDamaged: the file is not what was written.
        """
        if name not in self.files:
            return arrow_schema(table_named(name)).empty_table()
        return read_checked(self.folder / f"{name}.parquet", self.files[name])

    def batches(self, name: str, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """One table's rows, a few at a time; all columns or some.

        Raises:
            WarehouseDamaged: the file is not what was written.
        """
        if name not in self.files:
            return
        path = self.folder / f"{name}.parquet"
        try:
            if file_sha256(path) != self.files[name]:
                raise WarehouseDamaged(f"{path} is damaged: its SHA-256 is not the recorded one")
            # A row group at a time, which was one part when it was written: a thousand rows of any parts may be a thousand texts of 10 MB.
            with pq.ParquetFile(path, buffer_size=BUFFER_BYTES, pre_buffer=False) as file:
                for part in range(file.num_row_groups):
                    yield from file.iter_batches(BATCH_ROWS, row_groups=[part], columns=columns)
        except OSError as error:
            raise WarehouseDamaged(f"{path} cannot be read: {error.strerror}") from error

    @property
    def content_digest(self) -> str:
        """Digest of the tables' bytes: what the next stage's key is made of."""
        return digest_of(*(f"{name}={sha256}" for name, sha256 in sorted(self.files.items())))


def digest_of(*parts: str) -> str:
    """SHA-256, in hex, of strings kept apart."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def unit_key(fingerprint: str, inputs: Iterable[str]) -> str:
    """The key of a unit: 24 hex digits from the stage's fingerprint and the digests of its inputs, in order."""
    return digest_of(fingerprint, *inputs)[:24]


def find(stage_folder: Path, unit: str, key: str) -> Entry | None:
    """The entry of that unit and key; None if it is not there, cannot be read, or holds other bytes than were written.

    Every file is hashed: reuse is the one moment at which damage can be mended by computing anew. It costs 1 s for
    about 1 GB of work files.
    """
    entry = read_entry(stage_folder / f"{unit}-{key}")
    return entry if entry is not None and is_whole(entry) else None


def is_whole(entry: Entry) -> bool:
    """Whether every file of an entry has the bytes that were written."""
    try:
        return all(file_sha256(entry.folder / f"{name}.parquet") == sha256 for name, sha256 in entry.files.items())
    except OSError:
        return False


def read_entry(folder: Path) -> Entry | None:
    """An entry by its folder; None if it is not whole."""
    try:
        loaded = json.loads((folder / ENTRY).read_text(encoding="utf-8"))
        entry = Entry(
            folder, loaded["unit"], loaded["fingerprint"], loaded["files"], loaded["rows"], loaded["documents"]
        )
        whole = all((folder / f"{name}.parquet").is_file() for name in entry.files)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return entry if whole else None


def read_entries(folders: Iterable[str | Path]) -> list[Entry]:
    """Entries by their folders, in order.

    Raises:
        WarehouseDamaged: one is not whole.
    """
    entries: list[Entry] = []
    for folder in folders:
        entry = read_entry(Path(folder))
        if entry is None:
            raise WarehouseDamaged(f"the ledger's entry {folder} is not whole. Run again: it will be computed anew.")
        entries.append(entry)
    return entries


def earlier(stage_folder: Path, unit: str, fingerprint: str) -> Entry | None:
    """The newest entry of a unit made by the same code from other input: its unchanged documents can be reused."""
    folders = [path for path in stage_folder.glob(f"{unit}-*") if path.is_dir()]
    for folder in sorted(folders, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True):
        entry = read_entry(folder)
        if entry is not None and entry.fingerprint == fingerprint:
            return entry
    return None


class EntryWriter:
    """An entry that is being written, under a temporary name, table by table and part by part."""

    def __init__(self, stage_folder: Path, unit: str, fingerprint: str) -> None:
        """Make the temporary folder; use `writing`, which also removes it."""
        self._stage_folder, self._unit, self._fingerprint = stage_folder, unit, fingerprint
        self._folder = stage_folder / f".{unit}.{os.getpid()}"
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._rows: Counter[str] = Counter()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        reached(f"{stage_folder.name}.begun")

    def append(self, name: str, rows: pa.Table) -> None:
        """Add rows to a table, sorted by its key within this part."""
        self._rows[name] += rows.num_rows
        if rows.num_rows:
            table = table_named(name)
            if name not in self._writers:
                self._writers[name] = parquet_writer(table, self._folder / f"{name}.parquet")
            self._writers[name].write_table(sorted_by_key(table, rows), row_group_size=ROW_GROUP_ROWS)

    def replace(self, entry: Entry) -> None:
        """Take the place of an entry, of which nothing stays. Only under the warehouse's lock.

        Two renames, as no folder is renamed over another. A process that dies in between leaves the old one aside, and
        `sweep_unfinished` puts it back.
        """
        self._describe(replace(entry, files=self._close(), rows=dict(self._rows)))
        aside = entry.folder.with_name(f".{entry.folder.name}{ASIDE}")
        entry.folder.rename(aside)
        reached("withhold.aside")
        self._folder.rename(entry.folder)
        shutil.rmtree(aside)

    def commit(self, key: str, documents: Mapping[str, str]) -> Entry:
        """Give the entry its final name. If another process was first, its entry stands.

        A worker that outlives its killed run may finish the same unit at the same time as the next run's: both hold the
        same rows, so whichever is renamed first is kept and nobody's files are pulled away under a reader.
        """
        stage = self._stage_folder.name
        files = self._close()
        reached(f"{stage}.written")
        folder = self._stage_folder / f"{self._unit}-{key}"
        entry = Entry(folder, self._unit, self._fingerprint, files, dict(self._rows), dict(documents))
        self._describe(entry)
        reached(f"{stage}.described")
        try:
            if folder.exists() and find(self._stage_folder, self._unit, key) is None:
                folder.rename(
                    self._folder.with_name(f"{self._folder.name}.damaged")
                )  # its place is needed; it is swept
            if not folder.exists():
                self._folder.rename(folder)
        except OSError:
            if find(self._stage_folder, self._unit, key) is None:
                raise
        reached(f"{stage}.committed")
        return entry

    def _close(self) -> dict[str, str]:
        """Close the tables; the digest of each one's file."""
        files: dict[str, str] = {}
        for name in sorted(self._writers):
            self._writers.pop(name).close()
            files[name] = file_sha256(self._folder / f"{name}.parquet")
        return files

    def _describe(self, entry: Entry) -> None:
        content = {name: value for name, value in asdict(entry).items() if name != "folder"}
        (self._folder / ENTRY).write_text(dump_json(content), encoding="utf-8")

    def discard(self) -> None:
        """Close what is open and remove what has no final name."""
        for writer in self._writers.values():
            with suppress(OSError):  # on a full disk even the end of the file cannot be written
                writer.close()
        shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def writing(stage_folder: Path, unit: str, fingerprint: str) -> Iterator[EntryWriter]:
    """Write an entry; what was not committed when the block ends is removed.

    Raises:
        OSError: the disk is full or not writable; nothing is left behind.
    """
    writer = EntryWriter(stage_folder, unit, fingerprint)
    try:
        yield writer
    finally:
        writer.discard()


def commit(
    stage_folder: Path,
    unit: str,
    key: str,
    fingerprint: str,
    tables: Mapping[str, pa.Table],
    documents: Mapping[str, str],
) -> Entry:
    """Write an entry of whole tables, as EntryWriter does."""
    with writing(stage_folder, unit, fingerprint) as writer:
        for name, table in sorted(tables.items()):
            writer.append(name, table)
        return writer.commit(key, documents)


def discard(entry: Entry) -> None:
    """Remove an entry that turned out damaged, so that it is computed again."""
    shutil.rmtree(entry.folder, ignore_errors=True)


def sweep(work: Path, used: Iterable[Path]) -> int:
    """Remove every entry that is not among `used`; how many were removed. Only under the warehouse's lock."""
    kept = {path.resolve() for path in used}
    return _remove(folder for folder in work.glob("*/*") if folder.is_dir() and folder.resolve() not in kept)


def sweep_unfinished(work: Path) -> int:
    """Remove what killed runs left half written; how many folders. Only under the warehouse's lock."""
    for aside in list(work.glob(f"*/.*{ASIDE}")):
        entry = aside.with_name(aside.name.removeprefix(".").removesuffix(ASIDE))
        if not entry.exists():
            aside.rename(entry)
    return _remove(folder for folder in work.glob("*/.*") if folder.is_dir())


def _remove(folders: Iterable[Path]) -> int:
    removed = 0
    for folder in list(folders):
        shutil.rmtree(folder, ignore_errors=True)  # a worker that outlives its run may be writing there still
        removed += 1
    return removed


def concat(entries: Iterable[Entry], name: str) -> pa.Table:
    """One table of many entries, in the entries' order.

    Raises:
        WarehouseDamaged: a file is not what was written; the entry is removed, so that the next run computes it again.
    """
    parts = [arrow_schema(table_named(name)).empty_table()]
    for entry in entries:
        try:
            parts.append(entry.table(name))
        except WarehouseDamaged as error:
            discard(entry)
            raise WarehouseDamaged(f"{error}. It has been removed: run again and it is computed anew.") from error
    return pa.concat_tables(parts)
