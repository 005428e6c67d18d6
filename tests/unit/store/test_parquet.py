"""The digest of rows: what it has always been, whatever computes it."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.store import parquet
from flows.store.parquet import row_digest, useful_threads


def as_first_written(rows: pa.Table) -> str:
    """Row by row with json.dumps: slow, and what releases so far were described with."""
    kept = sorted(rows.column_names)
    digest = hashlib.sha256(json.dumps(kept).encode())
    for row in rows.select(kept).to_pylist():
        plain = {name: round(value, 6) if isinstance(value, float) else value for name, value in row.items()}
        digest.update(json.dumps(plain, ensure_ascii=True, sort_keys=True, default=str).encode() + b"\n")
    return digest.hexdigest()


WORDS = st.text('aé"\\\n\x00\x7f\u2028😀 %s', max_size=8)
TYPES = {
    "text": (pa.string(), WORDS),
    "count": (pa.int32(), st.integers(-(2**31), 2**31 - 1)),
    "share": (pa.float32(), st.floats(width=32)),
    "latitude": (pa.float64(), st.floats()),
    "day": (pa.date32(), st.dates()),
    "past": (pa.bool_(), st.booleans()),
    "uris": (pa.list_(pa.string()), st.lists(WORDS, max_size=3)),
}
ROW = st.fixed_dictionaries({name: st.none() | values for name, (_type, values) in TYPES.items()})


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no failure
@given(st.lists(ROW, max_size=5))
def test_the_digest_of_any_rows_is_the_one_that_json_gives(found: list[dict[str, object]]) -> None:
    schema = pa.schema([(name, kind) for name, (kind, _values) in TYPES.items()])
    rows = pa.Table.from_pylist(found, schema=schema)
    assert row_digest(rows) == as_first_written(rows)


def test_the_digest_does_not_depend_on_batches_or_on_the_order_of_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = pa.table({"day": [date(2021, 3, day) for day in range(1, 6)], "name": list("abcde")})
    whole = row_digest(rows)
    monkeypatch.setattr(parquet, "DIGEST_BATCH_ROWS", 2)
    assert row_digest(rows.select(["name", "day"])) == whole
    assert row_digest(rows, ignore=["day"]) != whole


@pytest.mark.parametrize(("rows", "threads"), [(0, 1), (10, 1), (parquet.ROW_GROUP_ROWS + 1, 2)])
def test_a_thread_for_each_row_group_and_no_more_than_cores(
    rows: int, threads: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet.os, "cpu_count", lambda: 2)
    pq.write_table(pa.table({"n": pa.array(range(rows), pa.int32())}), tmp_path / "long.parquet")
    assert useful_threads(tmp_path.glob("*.parquet")) == threads
    assert useful_threads([]) == 1
