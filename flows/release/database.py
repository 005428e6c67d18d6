"""dateline.duckdb: the same tables, materialised, with comments on every table and column."""

from pathlib import Path

import duckdb

from flows.store.parquet import useful_threads
from schemas.export import duckdb_comments
from schemas.registry import RELEASED

STORAGE_VERSION = "v1.2.0"  # older DuckDBs read it; a file in 2.0's own format is unreadable by 1.x


def build_database(folder: Path, file: Path) -> dict[str, int]:
    """Load every staged Parquet file of `folder` into a new DuckDB file; rows per table, as loaded."""
    rows: dict[str, int] = {}
    with duckdb.connect() as connection:
        connection.execute(f"set threads = {useful_threads(folder.glob('*.parquet'))}")
        connection.execute(f"attach '{_quoted(file)}' as release (storage_version '{STORAGE_VERSION}')")
        connection.execute("use release")
        connection.execute("begin")  # once: each of two hundred comments would be a transaction of its own
        for table in RELEASED:
            parquet = folder / f"{table.name}.parquet"
            if not parquet.is_file():
                continue
            connection.execute(f"create table {table.name} as select * from read_parquet('{_quoted(parquet)}')")
            for statement in duckdb_comments(table):
                connection.execute(statement)
            counted = connection.execute(f"select count(*) from {table.name}").fetchone()
            rows[table.name] = counted[0] if counted else 0
        connection.execute("commit")
        connection.execute("checkpoint release")
        connection.execute("use memory")
        connection.execute("detach release")
    return rows


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
