"""Laws of the diff: it carries one release to the other, says nothing of equal ones, and told backwards it is its mirror image."""

import hashlib
import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.release.diff import row_id_columns, write_diff
from flows.store.parquet import FLOAT_DIGITS, to_arrow, write_parquet
from schemas.registry import RELEASED, table_named
from schemas.table import Column, Table

Row = dict[str, Any]

TABLES = ("documents", "entities", "casualties", "event_mentions", "incident_events", "duplicates", "corrections")
IDS = [f"{number:016x}" for number in range(6)]
MIRROR = {"added": "retracted", "retracted": "added", "revised": "revised"}


def values_of(column: Column, table: Table) -> st.SearchStrategy[Any]:
    """A few values of a column's type, so that rows often agree; text with what JSON and SQL quote."""
    if column.name in table.key or column.name in row_id_columns(table):
        return st.sampled_from(IDS) if column.type == pa.string() else st.integers(0, 2)
    by_type = {
        pa.string(): st.sampled_from(["", "plain", "it's “said”\n", '{"a": "b"}', "null", "\u2028\x00é"]),
        pa.bool_(): st.booleans(),
        pa.int32(): st.integers(0, 2),
        pa.int64(): st.sampled_from([0, 1, 2**62]),
        pa.float32(): st.sampled_from([0.0, 0.1, 0.875]),
        pa.float64(): st.sampled_from([-179.25, 0.1, 41.123456]),
        pa.date32(): st.sampled_from([date(1, 1, 1), date(2021, 3, 4), date(9999, 12, 31)]),
        pa.list_(pa.string()): st.lists(st.sampled_from(["a", "it's", '"']), max_size=2),
    }
    return st.none() | by_type[column.type] if column.nullable else by_type[column.type]


def rows_of(table: Table) -> st.SearchStrategy[list[Row]]:
    row = st.fixed_dictionaries({column.name: values_of(column, table) for column in table.columns})
    return st.lists(row, max_size=5, unique_by=lambda found: row_id(table, found))


def row_id(table: Table, row: Row) -> str:
    return ":".join(str(row[name]) for name in row_id_columns(table))


def pairs() -> st.SearchStrategy[tuple[Table, list[Row], list[Row]]]:
    return st.sampled_from(TABLES).flatmap(
        lambda name: st.tuples(st.just(table_named(name)), rows_of(table_named(name)), rows_of(table_named(name)))
    )


def told(table: Table, row: Row) -> Row:
    """A row as a diff writes it: dates in ISO, floats of six decimals, article text as its digest."""

    def value(name: str, found: Any) -> Any:
        if isinstance(found, date):
            return found.isoformat()
        if name in table.article_text and found is not None:
            return f"sha256:{hashlib.sha256(found.encode()).hexdigest()}"
        return round(found, FLOAT_DIGITS) if isinstance(found, float) else found

    return {name: value(name, found) for name, found in row.items()}


def diff_of(table: Table, old: list[Row], new: list[Row]) -> list[Row]:
    with TemporaryDirectory() as folder:
        for side, rows in (("old", old), ("new", new)):
            (Path(folder) / side).mkdir()
            write_parquet(table, to_arrow(table, rows), Path(folder) / side / f"{table.name}.parquet")
        write_diff(Path(folder) / "old", Path(folder) / "new", Path(folder) / "diff", tables=[table])
        rows = pq.read_table(Path(folder) / "diff" / f"{table.name}.parquet").to_pylist()
    for row in rows:
        row |= {side: row[side] and json.loads(row[side]) for side in ("old", "new")}
    return rows


def applied(table: Table, rows: list[Row], diff: list[Row]) -> dict[str, Row]:
    """Rows by id, after the diff."""
    nothing = dict.fromkeys(table.column_names)
    held = {row_id(table, row): told(table, row) for row in rows}
    for change in diff:
        found = held.pop(change["row_id"], nothing)
        assert change["old"] is None or all(found[name] == value for name, value in change["old"].items())
        if change["new"] is not None:
            held[change["row_id"]] = found | change["new"]
    return held


@settings(max_examples=30, deadline=None)
@given(pairs())
def test_the_old_rows_with_the_diff_are_the_new_rows(pair):
    table, old, new = pair
    assert applied(table, old, diff_of(table, old, new)) == {row_id(table, row): told(table, row) for row in new}


@settings(max_examples=10, deadline=None)
@given(pairs())
def test_backwards_it_is_its_mirror_image(pair):
    table, old, new = pair
    there, back = diff_of(table, old, new), diff_of(table, new, old)
    assert [
        row | {"change": MIRROR[row["change"]], "old": row["new"], "new": row["old"], "cause": None} for row in back
    ] == [row | {"cause": None} for row in there]
    causes = {"new_input": "removed_input", "removed_input": "new_input"}
    if table.name == "documents":
        pure = [row["row_id"] for row in there if row["change"] != "revised"]
        assert [causes.get(row["cause"], row["cause"]) for row in back if row["row_id"] in pure] == [
            row["cause"] for row in there if row["row_id"] in pure
        ]


@settings(max_examples=10, deadline=None)
@given(pairs())
def test_a_row_is_told_if_and_only_if_it_differs(pair):
    table, old, new = pair
    before, after = ({row_id(table, row): told(table, row) for row in rows} for rows in (old, new))
    differing = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert {row["row_id"] for row in diff_of(table, old, new)} == differing
    assert diff_of(table, old, old) == []


def test_every_type_of_a_released_column_is_tried():
    tried = {column.type for name in TABLES for column in table_named(name).columns}
    assert tried == {column.type for table in RELEASED for column in table.columns}
