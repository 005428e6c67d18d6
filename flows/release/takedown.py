"""Taking a document down: out of the ledger and every release that holds it, for good. A release is never edited.

1. record      takedowns/<document id>.json: from here on every run honours it, whatever becomes of the rest
2. withhold    ledger, refused candidates and records of runs lose the document; nothing that anyone was given changes
3. successor   a run without the document (flows/commands/withdraw.py: a release function cannot start a run)
4. yank        every release that holds it, in favour of the successor
5. mark        each gets a tombstone that lists the files that will go
6. delete      these files

Whoever dies in between is finished by doing the same again: each step sees what is done.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from flows.errors import UsageError
from flows.release.candidate import recover
from flows.release.traces import Traces, affected_files, quoting_files, row_of_document, traces_in
from flows.store.durable import fsync_path, fsync_tree
from flows.store.steps import reached
from flows.store.warehouse import Warehouse, remove_tree, version_key
from flows.store.withdrawn import (
    Takedown,
    Tombstone,
    Yank,
    leave_yanked,
    read_tombstone,
    takedowns_of,
    write_takedown,
    write_tombstone,
    write_yank,
    yanks_of,
)


@dataclass(frozen=True)
class Found:
    """Where a document is.

    Attributes:
        takedown: as it is on record, or would be; its `versions` are the releases with something of it that are not yet cleared.
        traces: what tells of it, None where no release or candidate holds it any more.
        deleted: version to the files that a takedown deletes there, or has deleted.
        uris: where it was met.
        copies: documents that say nearly the same, which a takedown leaves: {document_id, uris, kind, similarity}.
        rejected: refused candidates that hold it.
    """

    takedown: Takedown
    traces: Traces | None
    deleted: Mapping[str, tuple[str, ...]]
    uris: tuple[str, ...]
    copies: tuple[Mapping[str, Any], ...]
    rejected: tuple[str, ...]


def find_document(warehouse: Warehouse, document_id: str, reason: str, today: str) -> Found:
    """Look for a document in every release and refused candidate. Writes nothing.

    Raises:
        UsageError: there is no such document, and none was taken down.
    """
    folders = {version: warehouse.releases / version for version in warehouse.versions()}
    refused = {path.name: path for path in sorted(warehouse.rejected.glob("*")) if path.is_dir()}
    holding = {name: found for name, path in {**folders, **refused}.items() if (found := traces_in(path, document_id))}
    record = takedowns_of(warehouse).get(document_id)
    if not holding and record is None:
        raise UsageError(
            f"no release of {warehouse.root} holds a document {document_id}. Ids of documents are 16 hex digits: "
            'dateline query "select document_id, uris from documents"'
        )
    traces: Traces | None = None
    for found in holding.values():
        traces = found if traces is None else traces | found
    deleted: dict[str, tuple[str, ...]] = {}
    for version, folder in folders.items():
        tombstone = read_tombstone(folder)
        if tombstone is not None and document_id in tombstone.document_ids:
            deleted[version] = tombstone.deleted
            continue
        looked_for = record is None or version in holding or version in record.versions  # later ones honour it
        if traces is not None and looked_for and (files := affected_files(folder, traces, holds=version in holding)):
            deleted[version] = tuple(files)
    place = next((place for name, place in reversed({**refused, **folders}.items()) if name in holding), None)
    row = row_of_document(place, document_id) if place else None
    versions = sorted({*deleted, *(record.versions if record else ())}, key=version_key)
    if record is None:
        record = Takedown(document_id, row["sha256"] or "" if row else "", reason, today, ())
    return Found(
        takedown=replace(record, versions=tuple(versions)),
        traces=traces,
        deleted=deleted,
        uris=tuple(row["uris"]) if row else (),
        copies=tuple(_copies(place, document_id)) if place else (),
        rejected=tuple(name for name in refused if name in holding),
    )


def begin_takedown(warehouse: Warehouse, document_id: str, reason: str, today: str) -> Found:
    """Steps 1 and 2: put the takedown on record, then take the document out of everything but releases. Only under the lock.

    Raises:
        UsageError: there is no such document.
    """
    recover(warehouse)
    found = find_document(warehouse, document_id, reason, today)
    write_takedown(warehouse, found.takedown)
    reached("takedown.recorded")
    recover(warehouse)  # the ledger, as every run does
    for name in found.rejected:
        remove_tree(warehouse.rejected / name)
    if found.traces is not None:
        for folder in (warehouse.runs, warehouse.state):
            for path in quoting_files(folder, found.traces):
                path.unlink(missing_ok=True)
    reached("takedown.withheld")
    return found


def finish_takedown(warehouse: Warehouse, document_id: str) -> dict[str, tuple[str, ...]]:
    """Steps 4 to 6: yank every release with something of the document, and delete its files there. Only under the lock.

    The successor is the current release, if it is none of them. If there is none, `current` moves to the newest release
    that is not yanked, or away.

    Returns:
        Version to the names of the files that are gone.
    """
    recover(warehouse)
    record = takedowns_of(warehouse)[document_id]
    found = find_document(warehouse, document_id, record.reason, record.taken_down_on)
    current, yanks = warehouse.current_version(), yanks_of(warehouse)
    successor = None if current in found.deleted else current
    for version in found.deleted:
        if version not in yanks:
            why = f"it held document {document_id}, which was taken down: {record.reason}"
            write_yank(warehouse, Yank(version, why, successor, record.taken_down_on))
    leave_yanked(warehouse)
    reached("takedown.yanked")
    for (
        version,
        files,
    ) in found.deleted.items():  # all before any file goes: what tells of the document is in these files
        _mark(warehouse.releases / version, record, files)
    reached("takedown.marked")
    for version, files in found.deleted.items():
        folder = warehouse.releases / version
        for name in files:
            (folder / name).unlink(missing_ok=True)
            reached("takedown.deleted")
        for below in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
            if not any(below.iterdir()):
                below.rmdir()
        fsync_tree(folder)
    fsync_path(warehouse.releases)
    return dict(found.deleted)


def _mark(folder: Path, record: Takedown, files: tuple[str, ...]) -> None:
    about = {name: value for name, value in asdict(record).items() if name != "versions"}
    stone = read_tombstone(folder)
    if stone is None:
        write_tombstone(folder, Tombstone(version=folder.name, deleted=files, also=(), **about))
    elif record.document_id not in stone.document_ids:
        gone = tuple(sorted({*stone.deleted, *files}))
        write_tombstone(folder, replace(stone, deleted=gone, also=(*stone.also, about)))


def _copies(folder: Path, document_id: str) -> Iterator[dict[str, Any]]:
    """Documents of a release that link found to be nearly the same, most alike first."""
    duplicates, documents = folder / "duplicates.parquet", folder / "documents.parquet"
    if not duplicates.is_file():
        return
    with duckdb.connect() as connection:
        found = connection.execute(
            """
            select other.document_id, other.uris, pair.kind, pair.similarity
            from (
                select other_id as document_id, kind, similarity from read_parquet($1) where document_id = $2
                union select document_id, kind, similarity from read_parquet($1) where other_id = $2
            ) pair join read_parquet($3) other using (document_id) order by pair.similarity desc, other.document_id
            """,
            [str(duplicates), document_id, str(documents)],
        ).fetchall()
    names = ("document_id", "uris", "kind", "similarity")
    yield from (dict(zip(names, row, strict=True)) for row in found)
