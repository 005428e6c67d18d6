"""One writer with fixed settings: the same rows give the same bytes (of one pyarrow version)."""

import hashlib
import io
import json
from collections.abc import Iterable, Sequence
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
    """Write sorted rows. Dictionaries only where values come from a closed list or repeat by nature (ids of parents)."""
    repeated = [column.name for column in table.columns if column.codes or column.references]
    pq.write_table(
        sorted_by_key(table, rows),
        where,
        compression="zstd",
        compression_level=ZSTD_LEVEL,
        row_group_size=ROW_GROUP_ROWS,
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


def row_digest(rows: pa.Table, *, ignore: Iterable[str] = ()) -> str:
    """SHA-256 over the rows as canonical JSON lines, in order: the same for every Parquet writer and version.

    Dates are ISO strings, floats are rounded to six digits, columns are taken by name.
    """
    kept = sorted(set(rows.column_names) - set(ignore))
    digest = hashlib.sha256(json.dumps(kept).encode())
    for batch in rows.select(kept).to_batches(max_chunksize=DIGEST_BATCH_ROWS):
        for row in batch.to_pylist():
            plain = {
                name: round(value, FLOAT_DIGITS) if isinstance(value, float) else value for name, value in row.items()
            }
            digest.update(json.dumps(plain, ensure_ascii=True, sort_keys=True, default=str).encode())
            digest.update(b"\n")
    return digest.hexdigest()
