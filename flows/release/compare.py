"""Any two releases of a warehouse compared, in any order, and the rows of the comparison asked for by SQL: what `dateline diff` shows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb

from flows.errors import UsageError
from flows.release.changelog import Compared
from flows.release.changes import read_changes
from flows.release.contract import contract_changes
from flows.release.diff import COMPARED, MEMORY, Circumstances, blamed_stages, literal, write_diff
from flows.release.moved import what_moved
from flows.store.query import first_lines
from flows.store.warehouse import Warehouse
from flows.store.withdrawn import TOMBSTONE, takedowns_of
from schemas.diff import DIFF
from schemas.table import Table

# What --where may name, in the order that rows are shown in.
ROW_COLUMNS: Final = ("table_name", *DIFF.column_names)


def compare(
    warehouse: Warehouse,
    old: str,
    new: str,
    target: Path,
    tables: Sequence[Table] = COMPARED,
    told: Callable[[Table], None] | None = None,
) -> Compared:
    """Write the diff of two releases into `target`, with article text as it is, and what there is to tell of it.

    Args:
        warehouse: that has both.
        old: version of the one that is compared with.
        new: version of the other; it may be the older of the two.
        target: folder for the diff, of whoever asks: it holds words of the texts.
        tables: to compare.
        told: called after each table.

    Raises:
        UsageError: a version is unknown, or its files were deleted by a takedown.
    """
    old_folder, new_folder = _whole(warehouse, old), _whole(warehouse, new)
    before, after = (warehouse.manifest(version) for version in (old, new))
    blamed = blamed_stages(before, after)
    known = Circumstances(blamed, frozenset(takedowns_of(warehouse)))
    write_diff(old_folder, new_folder, target, known, tables=tables, words=True, told=told)
    named = {table.name for table in tables}
    unknown = (before["tables"].keys() | after["tables"].keys()) - {table.name for table in COMPARED}
    contract = [
        change.sentence
        for change in contract_changes(before["tables"], after["tables"])
        if change.table in named or (change.table in unknown and len(named) == len(COMPARED))
    ]
    return Compared(read_changes(target, tables), what_moved(old_folder, new_folder, tables), blamed, contract)


def rows_where(
    folder: Path, tables: Iterable[Table], where: str | None, limit: int
) -> tuple[int, list[Mapping[str, Any]]]:
    """How many rows of a diff meet a condition, and the first of them, by table and row id.

    Args:
        folder: that write_diff wrote.
        tables: whose rows are asked for.
        where: a condition in DuckDB's SQL over ROW_COLUMNS; `old` and `new` are JSON, whose operators DuckDB binds
            looser than comparisons: (new->>'high') = '20'. None for all rows.
        limit: rows to give at most.

    Raises:
        UsageError: the condition is wrong, or would do more than look at the rows.
    """
    parts = [
        f"select '{table.name}' as table_name, * replace (old::json as old, new::json as new) "
        f"from read_parquet({literal(folder / f'{table.name}.parquet')})"
        for table in tables
    ]
    with duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{MEMORY}'")
        connection.execute(f"set temp_directory = {literal(folder / '.spill')}")
        connection.execute(f"create table diff as {' union all '.join(parts)}")
        connection.execute("set enable_external_access = false")  # a condition reads the diff, not the reader's files
        connection.execute("set lock_configuration = true")
        asked = f"from diff where (\n{where if where is not None else 'true'}\n)"  # on a line of its own: it may end in a comment
        try:
            if len(connection.extract_statements(f"select 1 {asked}")) != 1:
                raise UsageError("--where takes one condition, such as \"cause = 'code'\", and no statements.")
            (matching,) = connection.execute(f"select count(*) {asked}").fetchall()[0]
            cursor = connection.execute(
                f"select {', '.join(ROW_COLUMNS)} {asked} order by table_name, row_id limit {limit}"
            )
            return matching, [dict(zip(ROW_COLUMNS, row, strict=True)) for row in cursor.fetchall()]
        except duckdb.Error as error:
            raise UsageError(
                f"--where {where}: {first_lines(str(error))}\nColumns: {', '.join(ROW_COLUMNS)}."
            ) from error


def _whole(warehouse: Warehouse, version: str) -> Path:
    folder = warehouse.release(version)
    if (folder / TOMBSTONE).is_file():
        raise UsageError(
            f"release {version} cannot be compared: its files were deleted when a document was taken down "
            f"({folder / TOMBSTONE} says why). Releases here: {', '.join(warehouse.versions())}."
        )
    return folder
