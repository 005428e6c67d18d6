"""Suites as Great Expectations runs them here: quiet, clean, with the counts that a verdict needs, and each query once."""

import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlalchemy

from expectations.registry import suite
from flows.validate.data_docs import write_data_docs
from flows.validate.suites import run_checks

CHECKS = suite("segments")
ROWS = """
    create table segments as select * from (values
        ('0123456789abcdef', '0123456789abcdef', 0::integer, 0::integer, 5::integer, 'body', 0.5::float),
        ('0123456789abcdef', '0123456789abcdef', 1::integer, 5::integer, 9::integer, 'bogus', 0.5::float),
        ('fedcba9876543210', '0123456789abcdef', 2::integer, 9::integer, 12::integer, 'bogus', 0.5::float)
    ) rows(segment_id, document_id, index, start_char, end_char, label, confidence)
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    with duckdb.connect(str(tmp_path / "gate.duckdb")) as connection:
        connection.execute(ROWS)
    return tmp_path / "gate.duckdb"


def test_a_failed_check_of_single_values_is_counted_and_one_that_holds_is_not_asked_which(database: Path) -> None:
    outcomes = run_checks(CHECKS, database, None)
    assert set(outcomes) == {check.check_id for check in CHECKS}
    unmeasured = {"observed": None, "threshold": None}
    assert outcomes["segments.in_codes.label"] == {
        "success": False, "unexpected_count": 2, "observed_value": 2.0, **unmeasured
    }  # fmt: skip
    assert outcomes["segments.not_null.label"] == {
        "success": True, "unexpected_count": 0, "observed_value": 0.0, **unmeasured
    }  # fmt: skip
    assert outcomes["segments.has_shape.segment_id"]["observed"] == "0"


def test_nothing_is_said_and_no_temporary_folder_is_left(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path / "temporary"
    elsewhere.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
    run_checks(CHECKS, database, tmp_path / "data_docs")
    assert list(elsewhere.iterdir()) == []
    assert capfd.readouterr() == ("", "")


def test_great_expectations_is_as_it_was_afterwards(database: Path) -> None:
    from great_expectations.expectations.expectation import Expectation

    before = Expectation.configuration
    run_checks(CHECKS, database, None)
    assert Expectation.configuration is before


def test_a_query_is_asked_once(database: Path) -> None:
    asked: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    sqlalchemy.event.listen(sqlalchemy.Engine, "before_cursor_execute", listen)
    try:
        run_checks(CHECKS, database, None)
    finally:
        sqlalchemy.event.remove(sqlalchemy.Engine, "before_cursor_execute", listen)
    assert len([statement for statement in asked if 'regexp_full_match("segment_id"' in statement]) == 1
    assert len(asked) < len(CHECKS) + 20


def test_every_page_is_reached_from_the_index_and_leads_back_to_it(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data_docs"
    run_checks(CHECKS, database, folder)
    page = folder / "validations" / "segments" / "gate" / "staged" / "checks.html"
    assert f'href="{page.relative_to(folder).as_posix()}"' in (folder / "index.html").read_text(encoding="utf-8")
    text = page.read_text(encoding="utf-8")
    assert 'href="../../../../index.html"' in text
    assert "bogus" not in text, "pages name columns and counts, never values"


def test_a_verdict_without_checks_has_an_index(tmp_path: Path) -> None:
    write_data_docs([], tmp_path / "data_docs")
    assert "<table>" in (tmp_path / "data_docs" / "index.html").read_text(encoding="utf-8")
