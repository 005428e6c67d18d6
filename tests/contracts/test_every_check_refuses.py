"""Each check of the gate refuses a fault that was planted for it, in DuckDB one by one and in Great Expectations together."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from expectations.check import Check
from expectations.registry import all_checks
from flows.validate.gate import run_checks, show_tables
from schemas.table import Table
from tests.contracts.faults import BY_HAND, DRIFT, Fault, Tables, fault_of, outgrown, planted, refuses
from tests.contracts.sound import INPUTS, STAGED, fill, sound_rows, write_staged

CHECKS = all_checks(with_parent=True)
RUNS = (
    "rows",
    "order",
    "types",
    "empty",
    "shares",
    "consult",
    "accuse",
    "bodies",
    "days",
    "unread",
    "quotes",
    "parent",
)
DRIFTING = [
    (table, column, name)
    for table in STAGED
    for name, columns in DRIFT.items()
    if f"relations.{table.name}_{name}" in {check.check_id for check in CHECKS}
    for column in columns(table)
]
SOUND = planted()
ARTICLE_TEXT = {"text", "body"}  # belongs to publishers: a list of failing rows goes without it


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        fill(connection, SOUND)
        yield connection


def _changed(fault: Fault) -> Tables:
    return {name: rows for name, rows in planted(fault).items() if not rows.equals(SOUND[name])}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.check_id)
def test_a_check_lets_sound_tables_pass_and_refuses_its_planted_fault(
    check: Check, database: duckdb.DuckDBPyConnection
) -> None:
    assert not refuses(check, database)
    database.execute("begin")
    try:
        fill(database, _changed(fault_of(check)))
        assert refuses(check, database)
        failing = database.execute(check.failing_sql)
        assert {name for name, *_type in failing.description} & ARTICLE_TEXT == set()
        assert failing.fetchall()
    finally:
        database.execute("rollback")


@pytest.mark.parametrize(("table", "column", "name"), DRIFTING, ids=lambda part: getattr(part, "name", part))
def test_a_check_of_drift_names_each_column_that_drifted(
    table: Table, column: str, name: str, database: duckdb.DuckDBPyConnection
) -> None:
    check = next(check for check in CHECKS if check.check_id == f"relations.{table.name}_{name}")
    database.execute("begin")
    try:
        fill(database, _changed(outgrown(table.name, column)))
        named = {row[0] for row in database.execute(check.failing_sql).fetchall()}
        assert named - {"rows that are gone"} == {column}
    finally:
        database.execute("rollback")


def test_no_fault_is_kept_for_a_check_that_is_gone() -> None:
    assert set(BY_HAND) <= {check.check_id for check in CHECKS}


def test_every_check_id_is_used_once() -> None:
    assert len({check.check_id for check in CHECKS}) == len(CHECKS)


def test_a_first_release_has_no_parent_to_drift_from() -> None:
    first = {check.check_id for check in all_checks(with_parent=False)}
    assert {check.check_id for check in CHECKS} - first == {
        check.check_id for check in CHECKS if fault_of(check).run == "parent"
    }


def test_great_expectations_finds_nothing_wrong_with_staged_files_of_a_sound_set(tmp_path: Path) -> None:
    write_staged(sound_rows(), tmp_path / "staged")
    file = tmp_path / "gate.duckdb"
    with duckdb.connect(str(file)) as connection:
        show_tables(connection, tmp_path / "staged", tmp_path / "staged", INPUTS)
    outcomes = run_checks(CHECKS, file, None)
    assert set(outcomes) == {check.check_id for check in CHECKS}
    assert {name: outcome["observed"] for name, outcome in outcomes.items() if not outcome["success"]} == {}


@pytest.mark.parametrize("run", RUNS)
def test_great_expectations_refuses_the_planted_faults_without_an_error(run: str, tmp_path: Path) -> None:
    checks = [check for check in CHECKS if fault_of(check).run == run]
    assert checks
    file = tmp_path / "gate.duckdb"
    with duckdb.connect(str(file)) as connection:
        fill(connection, planted(*(fault_of(check) for check in checks)))
    outcomes = run_checks(checks, file, None)
    assert [check.check_id for check in checks if outcomes[check.check_id]["success"]] == []
    errors = {name: found["observed"] for name, found in outcomes.items() if str(found["observed"]).startswith("error")}
    assert errors == {}


def test_no_fault_is_left_out_of_the_runs() -> None:
    assert {fault_of(check).run for check in CHECKS} == set(RUNS)
