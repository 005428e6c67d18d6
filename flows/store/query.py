"""Read-only DuckDB on a release: what `dateline query` and `show` use. Imports nothing heavy."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from flows.errors import UsageError
from flows.store.warehouse import DATABASE, Warehouse
from flows.store.withdrawn import check_readable

if TYPE_CHECKING:  # tables are told in Arrow's types: reading them takes twice as long as answering a query
    from schemas.table import Table

Row = Mapping[str, Any]  # column names and values

CONTEXT_CHARS = 160  # shown on each side of a fact


def open_release(warehouse: Warehouse, version: str | None = None) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a release's DuckDB file.

    The file is opened by its real path: a session keeps reading its release while `current` moves on.

    Raises:
        UsageError: there is no such release, or its files were deleted by a takedown.
    """
    file = (warehouse.release(version) / DATABASE).resolve()
    if not file.is_file():
        check_readable(warehouse, version)
    connection = duckdb.connect(str(file), read_only=True)
    connection.execute("set enable_external_access = false")  # a query reads the release, not the reader's files
    connection.execute("set lock_configuration = true")
    return connection


def run_query(warehouse: Warehouse, sql: str, version: str | None = None) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows.

    Raises:
        UsageError: the SQL is wrong, or would write; the message is DuckDB's own.
    """
    with open_release(warehouse, version) as connection:
        try:
            cursor = connection.execute(sql)
            return [column[0] for column in cursor.description or []], cursor.fetchall()
        except duckdb.Error as error:
            from schemas.registry import RELEASED

            raise UsageError(
                f"{first_lines(str(error))}\nTables: {', '.join(table.name for table in RELEASED)}. Columns: dateline schema TABLE"
            ) from error


def query_to_file(warehouse: Warehouse, sql: str, output: Path, kind: str, version: str | None = None) -> None:
    """Write a query's result as csv, json (lines) or parquet. The result is computed read-only, then written elsewhere.

    Raises:
        UsageError: the SQL is wrong, or the file cannot be written.
    """
    with open_release(warehouse, version) as connection, duckdb.connect() as writer:
        try:
            rows = connection.execute(sql).to_arrow_table()
        except duckdb.Error as error:
            raise UsageError(first_lines(str(error))) from error
        writer.register("result", rows)
        target = str(output).replace("'", "''")
        options = {"csv": "format csv, header", "json": "format json", "parquet": "format parquet, compression zstd"}[
            kind
        ]
        try:
            writer.execute(f"copy result to '{target}' ({options})")
        except duckdb.IOException as error:
            raise UsageError(f"{output} cannot be written: {first_lines(str(error))}") from error


def first_lines(message: str) -> str:
    """DuckDB's message in one line, without its drawing of where."""
    return " ".join(line.strip() for line in message.splitlines() if line.strip(" ^"))


def rows_of(connection: duckdb.DuckDBPyConnection, sql: str, value: str = "") -> list[Row]:
    """The rows of a query, in which each `?` is the value. A literal: to bind a parameter DuckDB imports pandas, for a second."""
    quoted = "'" + value.replace("'", "''") + "'"
    cursor = connection.execute(sql.replace("?", quoted))
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, found, strict=True)) for found in cursor.fetchall()]


def row_of(connection: duckdb.DuckDBPyConnection, sql: str, value: str | None) -> Row | None:
    """The first row of a query whose `?` is the value; None if there is none, or no value."""
    if value is None:
        return None
    return next(iter(rows_of(connection, sql, value)), None)


def columns_of(connection: duckdb.DuckDBPyConnection) -> dict[str, frozenset[str]]:
    """The tables that a release has, each with its columns: an older one has fewer."""
    found = rows_of(
        connection,
        "select table_name, list(column_name) as names from duckdb_columns() where not internal group by table_name",
    )
    return {row["table_name"]: frozenset(row["names"]) for row in found}


def find_fact(connection: duckdb.DuckDBPyConnection, row_id: str) -> "tuple[Table, dict[str, Any]] | None":
    """The row that an id names, and its table; None if no table has it."""
    if not re.fullmatch("[0-9a-f]{16}", row_id):
        return None
    from schemas.registry import RELEASED

    known = columns_of(connection)
    for table in RELEASED:
        own_id = table.columns[0].name
        if (
            table.name not in known
            or not own_id.endswith("_id")
            or (table.columns[0].references and table.name != "articles")
        ):
            continue
        cursor = connection.execute(f'select * from {table.name} where "{own_id}" = ?', [row_id])
        names = [column[0] for column in cursor.description or []]
        row = cursor.fetchone()
        if row is not None:
            return table, dict(zip(names, row, strict=True))
    return None


def corrections_of(connection: duckdb.DuckDBPyConnection, row_ids: Collection[str]) -> list[Row]:
    """What persons corrected in these rows, by row and column; none in a release that is older than corrections."""
    if not row_ids or "corrections" not in columns_of(connection):
        return []
    listed = ", ".join(f"'{row_id}'" for row_id in sorted(row_ids) if re.fullmatch("[0-9a-f]{16}", row_id))
    return rows_of(connection, f"select * from corrections where row_id in ({listed}) order by row_id, column_name")


def words_around(
    connection: duckdb.DuckDBPyConnection, table: "Table", row: dict[str, Any]
) -> tuple[str, str, str] | None:
    """The text before a fact's evidence, the evidence, and the text after it; None if the row has no evidence."""
    if not table.spans:
        return None
    span = table.spans[0]
    start, end = row.get(span.start), row.get(span.end)
    owner = row.get("document_id") or row.get("article_id")
    if start is None or end is None or owner is None:
        return None
    found = connection.execute("select text from documents where document_id = ?", [owner]).fetchone()
    if found is None or found[0] is None:
        return None
    text = found[0]
    return text[max(0, start - CONTEXT_CHARS) : start], text[start:end], text[end : end + CONTEXT_CHARS]
