"""One DuckDB file with the rows of all releases and the releases that they were true in: what did the dataset say then?"""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from flows.errors import UsageError, WarehouseDamaged
from flows.release.database import STORAGE_VERSION
from flows.store.durable import fsync_path
from flows.store.parquet import file_sha256
from flows.store.warehouse import Warehouse
from flows.store.withdrawn import TOMBSTONE, takedowns_of, yanks_of
from schemas.export import told_of
from schemas.registry import RELEASED

RANGE_COMMENTS = {
    "valid_from": "First release with this row.",
    "valid_to": "First release after it without this row; null: the last release has it.",
}
# Columns of the work tables, so named that no table of ours can have them.
CONTENT, COPY = "content_sha256_", "copy_"


@dataclass(frozen=True)
class Past:
    """A release as the history takes it.

    Attributes:
        version: of the release.
        number: its place among the releases that history holds, by version, from 1; None if it was taken down.
        folder: where its files are.
        manifest: what it says of itself.
    """

    version: str
    number: int | None
    folder: Path
    manifest: dict[str, Any]


@dataclass(frozen=True)
class TableHistory:
    """A table as it was written: how many rows its releases have together, and how many are kept of them."""

    name: str
    released: int
    kept: int


@dataclass(frozen=True)
class History:
    """What was written: where, of how many releases up to which, and what of each table."""

    file: Path
    releases: int
    last: str
    tables: tuple[TableHistory, ...]


def build_history(
    warehouse: Warehouse,
    file: Path,
    *,
    only: Sequence[str] = (),
    overwrite: bool = False,
    done: Callable[[int, int], None] = lambda _done, _of: None,
) -> History:
    """Write the history of a warehouse into a new DuckDB file: whole, or not at all.

    `releases` has a row a release, by number. A table of the dataset has the columns that it has in any release (null where a
    release has none), `valid_from` and `valid_to`: a row that several releases in a row have in common is there once.
    Where a column's type differs between releases, it is text. `<table>_at('1.3.0')` gives the rows of a release.

    Yanked releases are in it, marked: they are what the dataset said then. Those of which a document was taken down are listed
    and have no rows, whatever is left of their files; a row that stands before and after one of them stands on.

    Args:
        warehouse: whose releases.
        file: to write.
        only: tables; all if empty.
        overwrite: whether a file that is there may be replaced.
        done: told how many of how many tables of releases are read.

    Raises:
        UsageError: there is no release with rows or no such table; the file is there already, or lies in the warehouse.
        WarehouseDamaged: a release's table is not what its manifest says.
    """
    warehouse.release()
    _check_target(warehouse, file, overwrite=overwrite)
    pasts = _pasts(warehouse)
    held = [past for past in pasts if past.number is not None]
    if not held:
        raise UsageError(f"of every release of {warehouse.root} a document was taken down: nothing is left to tell")
    tables = list(dict.fromkeys(name for past in held for name in past.manifest["tables"]))
    if strange := [name for name in only if name not in tables]:
        raise UsageError(f"no release has a table {strange[0]}. There are: {', '.join(tables)}.")
    chosen = [name for name in tables if name in only] if only else tables
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    read = 0

    def read_one() -> None:
        nonlocal read
        read += 1
        done(read, len(chosen) * len(held))

    try:
        with duckdb.connect() as connection:
            connection.execute(f"attach {_text(str(beside))} as history (storage_version '{STORAGE_VERSION}')")
            connection.execute("use history")
            connection.execute(f"set temp_directory = {_text(f'{beside}.spill')}")
            _write_releases(connection, warehouse, pasts)
            written = [_write_table(connection, name, held, read_one) for name in chosen]
            connection.execute("checkpoint history")
            connection.execute("use memory")
            connection.execute("detach history")
        fsync_path(beside)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
        beside.with_name(f"{beside.name}.wal").unlink(missing_ok=True)
    fsync_path(file.parent)
    return History(file, len(pasts), held[-1].version, tuple(written))


def _check_target(warehouse: Warehouse, file: Path, *, overwrite: bool) -> None:
    if file.exists() and not file.is_file():
        raise UsageError(f"{file} is no file but a folder or device: name a file to write, --output FILE")
    if not file.parent.is_dir():
        raise UsageError(f"{file} cannot be written: there is no folder {file.parent}")
    if warehouse.root.resolve() in file.resolve().parents:
        raise UsageError(f"{file} lies in the warehouse, whose files are dateline's own. Name another: --output FILE")
    if file.exists() and not overwrite:
        raise UsageError(f"{file} is there already. Replace it with --force, or name another: --output FILE")


def _pasts(warehouse: Warehouse) -> list[Past]:
    """All releases, oldest first by version; those that were taken down have no number."""
    emptied = {version for takedown in takedowns_of(warehouse).values() for version in takedown.versions}
    pasts: list[Past] = []
    number = 0
    for version in warehouse.versions():
        folder = warehouse.release(version)
        taken_down = version in emptied or (folder / TOMBSTONE).is_file()
        number += not taken_down
        pasts.append(Past(version, None if taken_down else number, folder, warehouse.manifest(version)))
    return pasts


def _write_releases(connection: duckdb.DuckDBPyConnection, warehouse: Warehouse, pasts: Iterable[Past]) -> None:
    yanks = yanks_of(warehouse)
    connection.execute(
        """
        create table releases (
            version varchar primary key, number integer, parent varchar,
            yanked boolean not null, yanked_reason varchar, successor varchar, taken_down boolean not null
        );
        comment on table releases is 'One row is one release of the dataset.';
        comment on column releases.number is 'Its place among the releases, by version, from 1; null if it was taken down.';
        comment on column releases.parent is 'The release that it was compared with; null for a first one.';
        comment on column releases.yanked is 'Whether it was withdrawn: its rows are here, and are not to be used.';
        comment on column releases.taken_down is 'Whether a document was taken out of it and its files deleted: it has no rows here.';
        create macro release_number(wanted) as (
            select coalesce(max(number), error('no rows of a release ' || wanted || ': see the table releases'))
            from releases where version = wanted
        )
        """
    )
    for past in pasts:
        yank = yanks.get(past.version)
        connection.execute(
            "insert into releases values (?, ?, ?, ?, ?, ?, ?)",
            [
                *(past.version, past.number, past.manifest["parent"]),
                *(yank is not None, yank and yank.reason, yank and yank.successor, past.number is None),
            ],
        )


def _write_table(
    connection: duckdb.DuckDBPyConnection, name: str, pasts: Sequence[Past], read_one: Callable[[], None]
) -> TableHistory:
    """Write one table and its macro; rows of all releases together, and rows kept.

    Release by release, only digests of the rows that still stand are compared (`standing`): the rows themselves are kept
    once (`kept`), however often they come back.
    """
    columns = _columns(connection, name, pasts)
    listed = ", ".join(f"{_name(column)} {kind}" for column, kind in columns.items())
    connection.execute(
        f"""
        create temp table kept ({CONTENT} varchar, {listed});
        create temp table standing ({CONTENT} varchar, {COPY} bigint, valid_from varchar);
        create temp table ranges ({CONTENT} varchar, {COPY} bigint, valid_from varchar, valid_to varchar)
        """
    )
    together, before = 0, None
    for past in pasts:
        described = past.manifest["tables"].get(name)
        digest = described["sha256"] if described else None
        if digest is None or digest != before:  # else it is the file of the release before, byte by byte
            _read_release(connection, name, past, columns)
        before = digest
        together += described["rows"] if described else 0
        read_one()
    connection.execute(
        f"""
        insert into ranges select {CONTENT}, {COPY}, valid_from, null from standing;
        create table {_name(name)} as
            select kept.* exclude ({CONTENT}), valid_from, valid_to
            from ranges join kept using ({CONTENT})
            order by release_number(valid_from), {CONTENT}, {COPY};
        create macro {_name(f"{name}_at")}(wanted) as table
            select rows_.* exclude (valid_from, valid_to)
            from {_name(name)} rows_
            join releases first_ on first_.version = rows_.valid_from
            left join releases gone_ on gone_.version = rows_.valid_to
            where first_.number <= release_number(wanted) and (gone_.number is null or gone_.number > release_number(wanted));
        drop table kept; drop table standing; drop table ranges
        """
    )
    _comment(connection, name, columns)
    (stored,) = connection.execute(f"select count(*) from {_name(name)}").fetchone() or (0,)
    return TableHistory(name, together, stored)


def _columns(connection: duckdb.DuckDBPyConnection, name: str, pasts: Sequence[Past]) -> dict[str, str]:
    """The columns that a table has in any release, the latest release's order first, with their types.

    Raises:
        WarehouseDamaged: a file is not what its manifest says.
    """
    kinds: dict[str, set[str]] = {}
    for past in reversed(pasts):
        if name not in past.manifest["tables"]:
            continue
        file = past.folder / f"{name}.parquet"
        if not file.is_file() or file_sha256(file) != past.manifest["tables"][name]["sha256"]:
            raise WarehouseDamaged(
                f"{file} is not what the manifest of {past.version} says, so there is no telling what was said then. "
                f"See: dateline verify {past.version}"
            )
        for column, kind, *_ in connection.execute(f"describe select * from {_parquet(file)}").fetchall():
            kinds.setdefault(column, set()).add(kind)
    return {column: next(iter(found)) if len(found) == 1 else "VARCHAR" for column, found in kinds.items()}


def _read_release(connection: duckdb.DuckDBPyConnection, name: str, past: Past, columns: dict[str, str]) -> None:
    """Bring `kept`, `standing` and `ranges` on to a release. Rows are the same if all their columns are; of equal rows each counts."""
    if name in past.manifest["tables"]:
        has = past.manifest["tables"][name]["schema"]
        cells = {
            column: f"{_name(column)}::{kind}" if column in has else f"null::{kind}" for column, kind in columns.items()
        }
        struct = ", ".join(f"{_text(column)}: {cell}" for column, cell in sorted(cells.items()))
        source = f"""
            select sha256(to_json({{{struct}}})::varchar) as {CONTENT}, {", ".join(f"{cell} as {_name(column)}" for column, cell in cells.items())}
            from {_parquet(past.folder / f"{name}.parquet")}
        """
    else:
        source = "select * from kept where false"
    connection.execute(
        f"""
        create temp table now as
            select *, row_number() over (partition by {CONTENT}) as {COPY} from ({source});
        insert into ranges
            select {CONTENT}, {COPY}, valid_from, {_text(past.version)} from standing anti join now using ({CONTENT}, {COPY});
        create temp table still as
            select {CONTENT}, {COPY}, coalesce(valid_from, {_text(past.version)}) as valid_from
            from now left join standing using ({CONTENT}, {COPY});
        drop table standing;
        alter table still rename to standing;
        insert into kept
            select * exclude ({COPY}) from now anti join kept using ({CONTENT}) where {COPY} = 1;
        drop table now
        """
    )


def _comment(connection: duckdb.DuckDBPyConnection, name: str, columns: Iterable[str]) -> None:
    table = next((one for one in RELEASED if one.name == name), None)
    described = {} if table is None else {column.name: told_of(table, column) for column in table.columns}
    if table is not None:
        connection.execute(f"comment on table {_name(name)} is {_text(told_of(table))}")
    for column in columns:
        said = described.get(column, "A column of earlier releases.")
        connection.execute(f"comment on column {_name(name)}.{_name(column)} is {_text(said)}")
    for column, said in RANGE_COMMENTS.items():
        connection.execute(f"comment on column {_name(name)}.{column} is {_text(said)}")


def _parquet(file: Path) -> str:
    return f"read_parquet({_text(str(file))})"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _name(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'
