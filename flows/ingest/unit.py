"""A group of input files to rows, kept in the ledger; then all groups' rows regrouped into shards by document."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from flows.ingest.inputs import InputFile
from flows.ingest.merge import merge_blocks, merge_documents, merge_records
from flows.ingest.rows import read_file
from flows.store import ledger
from flows.store.ledger import Entry, concat, digest_of
from flows.store.parquet import file_sha256, to_arrow
from flows.store.units import Done, Unit, finished, shard_of
from schemas.registry import table_named

Row = dict[str, Any]

FILE_GROUPS = (
    256  # groups of files; with fewer files each is on its own, so a changed file costs itself and 1/256 of the rest
)
# Reasons that a file may have now and not in an hour: a drive that blinked, rights that were being set.
PASSING_REASONS = frozenset({"unreadable_file", "no_read_permission"})
INGEST_TABLES = ("documents", "records", "blocks")


@dataclass(frozen=True)
class FileGroup:
    """Files that are read together, and the ledger's unit for them."""

    unit: Unit
    files: tuple[InputFile, ...]
    field_map: tuple[tuple[str, str], ...]


def group_files(
    stage_folder: Path, code: str, files: Iterable[InputFile], field_map: Mapping[str, str]
) -> list[FileGroup]:
    """Files in groups by the hash of their address: a group's members do not depend on what else is read."""
    groups: dict[str, list[InputFile]] = defaultdict(list)
    for file in files:
        groups[f"{int(sha256(file.uri.encode()).hexdigest()[:8], 16) % FILE_GROUPS:02x}"].append(file)
    mapped = tuple(sorted(field_map.items()))
    return [
        FileGroup(Unit(stage_folder, name, code, (), _options(members, mapped)), tuple(members), mapped)
        for name, members in sorted(groups.items())
    ]


def ingest_group(group: FileGroup) -> Done:
    """Read a group's files; an entry whose `documents` are the files' addresses and digests."""
    if done := finished(group.unit):
        return done
    rows: dict[str, list[Row]] = {name: [] for name in INGEST_TABLES}
    read: list[InputFile] = []
    for planned in group.files:
        file, found_rows = read_steadily(planned, dict(group.field_map))
        read.append(file)
        for name, found in zip(INGEST_TABLES, found_rows, strict=True):
            rows[name] += found
    digests = {file.uri: file_digest(file) for file in read}
    unit = replace(group.unit, options=_options(read, group.field_map))
    entry = ledger.commit(unit.stage_folder, unit.name, unit.key, unit.fingerprint, _tables(rows), digests)
    return Done(entry, len(rows["documents"]), 0)


def read_steadily(
    file: InputFile, field_map: Mapping[str, str]
) -> tuple[InputFile, tuple[list[Row], list[Row], list[Row]]]:
    """A file's rows, and the file as it was found: one that changes while it is read is refused, for this run.

    Its rows would be those of no digest, and half of them perhaps. The refusal counts as another input, so the
    next run reads the file again; so it does where the file could be hashed and then not be read.
    """
    rows = read_file(file, field_map)
    if file.sha256 is None:
        return file, rows
    refused = {row["status_reason"] for row in rows[0] if file.uri in row["uris"]} & PASSING_REASONS
    try:
        steady = file_sha256(file.path) == file.sha256
    except OSError:
        steady = False
    if steady and not refused:
        return file, rows
    unread = replace(file, sha256=None, refused=min(refused, default="changed_while_read"))
    return unread, read_file(unread, field_map)


def gather(stage_folder: Path, code: str, ingested: Sequence[Entry]) -> list[Entry]:
    """Every group's rows as one entry a shard: each document once, whatever files it was met in.

    A shard is written anew only if its documents, their addresses or their metadata changed.
    """
    tables = {name: concat(ingested, name) for name in INGEST_TABLES}
    owners = {name: _rows_of_shards(table) for name, table in tables.items()}
    entries: list[Entry] = []
    for shard in sorted(owners["documents"]):
        parts = {name: tables[name].take(pa.array(owners[name].get(shard, []), pa.int64())) for name in INGEST_TABLES}
        described = parts["documents"].drop_columns(["text"]).to_pylist()
        key = ledger.unit_key(code, [digest_of(*sorted(map(repr, described + parts["records"].to_pylist())))])
        entry = ledger.find(stage_folder, shard, key)
        if entry is None:
            entry = ledger.commit(stage_folder, shard, key, code, _tables(_merged(parts)), {})
        entries.append(entry)
    return entries


def file_digest(file: InputFile) -> str:
    """What an input file is, for fingerprints: its bytes, or why they could not be read."""
    return file.sha256 or f"refused {file.refused}"


def _options(files: Sequence[InputFile], field_map: tuple[tuple[str, str], ...]) -> str:
    return digest_of(repr(field_map), *(f"{file.uri}={file_digest(file)} {file.kind}" for file in files))


def _tables(rows: Mapping[str, list[Row]]) -> dict[str, pa.Table]:
    merged = merge_documents(rows["documents"])
    found = {
        "documents": merged,
        "records": merge_records(rows["records"]),
        "blocks": merge_blocks(rows["blocks"], merged),
    }
    return {name: to_arrow(table_named(name), found[name]) for name in INGEST_TABLES}


def _merged(parts: Mapping[str, pa.Table]) -> dict[str, list[Row]]:
    return {name: table.to_pylist() for name, table in parts.items()}


def _rows_of_shards(table: pa.Table) -> dict[str, list[int]]:
    shards: dict[str, list[int]] = defaultdict(list)
    for index, document_id in enumerate(pc.cast(table["document_id"], pa.string()).to_pylist()):
        shards[shard_of(document_id)].append(index)
    return shards
