"""One writer with fixed settings: the same rows give the same bytes (of one pyarrow version)."""

import hashlib
import io
import json
import os
from collections.abc import Callable, Iterable, Sequence
from json.encoder import encode_basestring_ascii
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from flows.errors import DatelineError, WarehouseDamaged
from schemas.export import arrow_schema
from schemas.table import Table

ROW_GROUP_ROWS = 131_072  # rows; DuckDB reads row groups in parallel, its own vectors' multiple
ZSTD_LEVEL = 3  # measured in the design: higher levels cost time and save under 3 %
DIGEST_BATCH_ROWS = 10_000
FLOAT_DIGITS = 6  # digits of floats that the row digest counts; float32 has seven

Row = dict[str, Any]


def to_arrow(table: Table, rows: Sequence[Row]) -> pa.Table:
    """Rows as an Arrow table of the declared schema, sorted by the key. A column that no row has is null.

    Raises:
        DatelineError: a row has a column that the table lacks, or a value that its type cannot hold.
    """
    names = set(table.column_names)
    for row in rows[:1]:
        if strange := set(row) - names:
            raise DatelineError(
                f"{table.name}: rows have columns that schemas/{table.name}.py lacks: {sorted(strange)}"
            )
    schema = arrow_schema(table)
    try:
        arrays = [pa.array([row.get(field.name) for row in rows], type=field.type) for field in schema]
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise DatelineError(f"{table.name}: a value does not fit its column: {error}") from error
    return sorted_by_key(table, pa.Table.from_arrays(arrays, schema=schema))


def sorted_by_key(table: Table, rows: pa.Table) -> pa.Table:
    """Sorted by the key, columns in declared order, in one chunk: what reproducible bytes need."""
    ordered = rows.select(list(table.column_names)).cast(arrow_schema(table))
    if ordered.num_rows > 1:
        ordered = ordered.take(pc.sort_indices(ordered, sort_keys=[(name, "ascending") for name in table.key]))
    return ordered.combine_chunks()


def parquet_bytes(table: Table, rows: pa.Table) -> bytes:
    """The Parquet file, in memory."""
    buffer = io.BytesIO()
    write_parquet(table, rows, buffer)
    return buffer.getvalue()


def write_parquet(table: Table, rows: pa.Table, where: Path | io.BytesIO) -> None:
    """Write rows, sorted by the key."""
    with parquet_writer(table, where) as writer:
        writer.write_table(sorted_by_key(table, rows), row_group_size=ROW_GROUP_ROWS)


def parquet_writer(table: Table, where: Path | io.BytesIO) -> pq.ParquetWriter:
    """A writer with our settings. Dictionaries only where values come from a closed list or repeat by nature (ids of parents)."""
    repeated = [column.name for column in table.columns if column.codes or column.references]
    return pq.ParquetWriter(
        where,
        arrow_schema(table),
        compression="zstd",
        compression_level=ZSTD_LEVEL,
        use_dictionary=repeated,
        write_statistics=True,
        store_schema=True,
    )


def read_checked(path: Path, sha256: str) -> pa.Table:
    """Read a Parquet file whose bytes are known.

    Raises:
        WarehouseDamaged: the bytes are others.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WarehouseDamaged(f"{path} cannot be read: {error.strerror}") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise WarehouseDamaged(f"{path} is damaged: its SHA-256 is not the recorded one")
    return pq.read_table(pa.BufferReader(data))


def file_sha256(path: Path) -> str:
    """SHA-256 of a file in hex, in constant memory."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def useful_threads(files: Iterable[Path]) -> int:
    """Threads that DuckDB can share a query over Parquet files among: it splits tables by row groups.

    More of them only cost: measured on 84,000 rows, a second thread takes a fifth more CPU and saves no time.
    """
    rows = max((pq.ParquetFile(file).metadata.num_rows for file in files), default=0)
    return max(1, min(os.cpu_count() or 1, -(-rows // ROW_GROUP_ROWS)))


def row_digest(rows: pa.Table, *, ignore: Iterable[str] = ()) -> str:
    """SHA-256 over the rows as canonical JSON lines, in order: the same for every Parquet writer and version.

    Dates are ISO strings, floats are rounded to six digits, columns are taken by name.
    """
    kept = sorted(set(rows.column_names) - set(ignore))
    line = "{" + ", ".join(f"{json.dumps(name)}: %s" for name in kept) + "}\n"
    digest = hashlib.sha256(json.dumps(kept).encode())
    for batch in rows.select(kept).to_batches(max_chunksize=DIGEST_BATCH_ROWS):
        # a column at a time: what json.dumps gives for each row, in a third of its time
        columns = [_as_json(column) for column in batch.columns]
        digest.update("".join([line % row for row in zip(*columns, strict=True)]).encode())
    return digest.hexdigest()


def _as_json(column: pa.Array) -> list[str]:
    """Each value of a column as JSON."""
    write: Callable[[Any], str]
    if pa.types.is_string(column.type):
        write = encode_basestring_ascii
    elif pa.types.is_integer(column.type):
        write = str
    elif pa.types.is_floating(column.type):

        def write(value: float) -> str:
            return json.dumps(round(value, FLOAT_DIGITS))
    else:

        def write(value: object) -> str:
            return json.dumps(value, default=str)

    return ["null" if value is None else write(value) for value in column.to_pylist()]
