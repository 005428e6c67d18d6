"""Each planted defect runs into exactly the checks that its entry names, asked one by one in DuckDB and together in the gate."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from great_expectations.datasource.fluent import interfaces as gx_sources

from expectations.check import Check
from expectations.registry import all_checks
from flows.validate.gate import judge
from tests.contracts.defects import DEFECTS, ODD_PAGES, Defect, list_of_defects
from tests.contracts.faults import Tables, refuses
from tests.contracts.sound import STAGED, Rows, fill, loose_arrow
from tests.contracts.week import EVERY_FILE, copied, linked, this_week, week_before

CHECKS = all_checks(with_parent=True)
FIRST_CHECKS = all_checks(with_parent=False)
SEVERITIES = {check.check_id: check.severity for check in CHECKS}
LEAST_DEFECTS = 45
# Defects that do not stand in each other's way: together they run into what each of them does alone.
TOGETHER = (
    (
        *("paths of the machine", "our own code trips", "published in the future", "confidence always 1"),
        *("quotes with their marks", "killed and wounded swapped", "country codes of two letters"),
        *("an entity that nobody mentions", "time expressions a century early", "bodies cut"),
    ),
    (
        "stale input",
        "outlets emptied",
        "labels one off",
        "victims and side swapped",
        "speakers lost",
        "GeoNames ids lost",
    ),
)
README = Path(__file__).parents[2] / "expectations" / "README.md"


@cache
def _sound() -> tuple[Rows, Tables]:
    rows = this_week() | {"inputs": [{"uri": uri} for uri in EVERY_FILE]}
    parent = {f"parent_{name}": loose_arrow(name, found) for name, found in week_before().items()}
    return rows, {**_arrow(rows), **parent}


def _arrow(rows: Rows) -> Tables:
    tables = {table.name: loose_arrow(table.name, rows[table.name]) for table in STAGED}
    return tables | {"inputs": pa.table({"uri": [row["uri"] for row in rows["inputs"]]})}


def _planted(*defects: Defect) -> Tables:
    rows = copied(_sound()[0])
    for defect in defects:
        defect.rows(rows)
    rows |= linked(rows)  # link comes last: it groups whatever the stages before it left
    tables = _arrow(rows)
    for defect in defects:
        if defect.tables:
            defect.tables(tables)
    return tables


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        fill(connection, _sound()[1])
        yield connection


@cache
def _read_by(check: Check) -> frozenset[str]:
    """The tables that a check asks: what it says of others cannot change."""
    asked = str(getattr(check.expectation, "unexpected_rows_query", "")) + check.failing_sql
    return frozenset({check.table, *re.findall(r"\w+", asked)})


def _fails(check: Check, connection: duckdb.DuckDBPyConnection) -> bool:
    try:
        return refuses(check, connection)
    except duckdb.Error:  # a column that it asks for is gone: in the gate, a check that raises has failed
        return True


def _caught(connection: duckdb.DuckDBPyConnection, defect: Defect) -> set[str]:
    tables = _planted(defect)
    changed = {name: rows for name, rows in tables.items() if not rows.equals(_sound()[1][name])}
    assert changed, "nothing was planted"
    connection.execute("begin")
    try:
        fill(connection, changed)
        checks = FIRST_CHECKS if defect.first else CHECKS
        asked = [check for check in checks if _read_by(check) & set(changed)]
        return {check.check_id for check in asked if _fails(check, connection)}
    finally:
        connection.execute("rollback")


def test_nothing_is_wrong_with_the_week_in_which_defects_are_planted(database: duckdb.DuckDBPyConnection) -> None:
    assert [check.check_id for check in CHECKS if refuses(check, database)] == []


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_a_defect_runs_into_these_checks_and_no_others(defect: Defect, database: duckdb.DuckDBPyConnection) -> None:
    assert tuple(sorted(_caught(database, defect))) == defect.check_ids


@pytest.mark.parametrize("name", ODD_PAGES)
def test_an_odd_page_stops_no_other(name: str, database: duckdb.DuckDBPyConnection) -> None:
    caught = _caught(database, Defect(name, "It is in the news.", ODD_PAGES[name]))
    assert [check_id for check_id in caught if SEVERITIES[check_id] == "critical"] == []


def test_there_are_many_defects_each_with_a_name_of_its_own_and_a_reason_where_it_passes() -> None:
    assert len(DEFECTS) >= LEAST_DEFECTS
    assert len({defect.name for defect in DEFECTS}) == len(DEFECTS)
    assert [defect.name for defect in DEFECTS if bool(defect.because) == bool(defect.caught_by)] == []


def test_the_readers_list_of_defects_is_the_one_that_is_tested() -> None:
    readme = README.read_text(encoding="utf-8")
    _, _, after = readme.partition("<!-- defects:begin -->")
    shown, end, _ = after.partition("<!-- defects:end -->")
    assert end
    assert shown.strip() == list_of_defects(SEVERITIES).strip(), "run `python -m tests.contracts.test_defects`"


def _write(tables: Tables, folder: Path) -> Path:
    folder.mkdir(parents=True)
    for table in STAGED:
        pq.write_table(tables[table.name], folder / f"{table.name}.parquet")
    return folder


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tables = {name: loose_arrow(name, found) for name, found in week_before().items()}
    return _write(tables, tmp_path_factory.mktemp("parent") / "release")


@pytest.mark.parametrize("names", TOGETHER, ids=lambda names: names[0])
def test_the_gate_says_of_defects_together_what_it_says_of_each(
    names: tuple[str, ...], parent: Path, tmp_path: Path
) -> None:
    chosen = [defect for defect in DEFECTS if defect.name in names]
    assert len(chosen) == len(names)
    tables = _planted(*chosen)
    staged = _write(tables, tmp_path / "staged")
    verdict = judge(staged, parent, tables["inputs"].column("uri").to_pylist(), {}, tmp_path / "quality")
    expected = {check_id for defect in chosen for check_id in defect.check_ids}
    assert {*verdict.refusing, *verdict.warning} == expected
    assert {SEVERITIES[check_id] for check_id in verdict.refusing} <= {"critical"}
    assert bool(verdict.refusing) is any(SEVERITIES[check_id] == "critical" for check_id in expected)


@pytest.mark.parametrize("kept_share", [0, 0.5], ids=["not-written", "cut-off"])
def test_a_set_with_a_broken_file_gets_no_verdict(kept_share: float, parent: Path, tmp_path: Path) -> None:
    file = _write(_sound()[1], tmp_path / "staged") / "quotes.parquet"
    whole = file.read_bytes()
    file.unlink()
    if kept_share:
        file.write_bytes(whole[: int(len(whole) * kept_share)])
    with pytest.raises((duckdb.Error, pa.ArrowInvalid, gx_sources.TestConnectionError)):
        judge(file.parent, parent, EVERY_FILE, {}, tmp_path / "quality")


if __name__ == "__main__":
    before, begin, rest = README.read_text(encoding="utf-8").partition("<!-- defects:begin -->")
    _, end, after = rest.partition("<!-- defects:end -->")
    README.write_text(f"{before}{begin}\n\n{list_of_defects(SEVERITIES)}\n\n{end}{after}", encoding="utf-8")
