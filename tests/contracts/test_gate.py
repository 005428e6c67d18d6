"""What follows from a failed check: a critical one refuses, a warning is published, a reason accepts, failing rows are kept."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from expectations.registry import all_checks
from flows.validate.gate import Verdict, judge, to_verdict
from schemas.registry import table_named
from tests.contracts.sound import INPUTS, sound_rows, write_staged

CRITICAL_ID = "casualties.closed.low"
WARNING_ID = "relations.happened_is_not_after_publication"
FIRST_RELEASE = all_checks(with_parent=False)


@pytest.fixture(scope="module")
def quality(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("judged") / "quality"


@pytest.fixture(scope="module")
def verdict(quality: Path) -> Verdict:
    """The gate's word on a set with one critical fault and one that only warns."""
    rows = sound_rows()
    rows["casualties"][0] |= {"qualifier": "exact", "hedge_start_char": None, "hedge_end_char": None}
    rows["events"][0] |= {"date_start": date(2021, 12, 1), "date_end": date(2021, 12, 1)}
    write_staged(rows, quality.parent / "staged")
    return judge(quality.parent / "staged", None, INPUTS, {}, quality)


def test_a_failed_critical_check_refuses_and_a_failed_warning_does_not(verdict: Verdict) -> None:
    assert (verdict.refusing, verdict.warning) == ((CRITICAL_ID,), (WARNING_ID,))
    assert not verdict.passed


def test_the_verdict_is_rows_of_the_checks_table(verdict: Verdict) -> None:
    table = table_named("checks")
    assert [row["check_id"] for row in verdict.rows] == sorted(check.check_id for check in FIRST_RELEASE)
    assert {tuple(row) for row in verdict.rows} == {table.column_names}


def test_failing_rows_are_kept_for_failed_checks_alone_and_without_article_text(
    verdict: Verdict, quality: Path
) -> None:
    assert sorted(file.stem for file in (quality / "failing").iterdir()) == sorted([CRITICAL_ID, WARNING_ID])
    failing = pq.read_table(quality / "failing" / f"{CRITICAL_ID}.parquet")
    assert failing.column("qualifier").to_pylist() == ["exact"]
    assert "text" not in failing.column_names


def test_data_docs_are_written_and_the_working_database_is_gone(verdict: Verdict, quality: Path) -> None:
    assert (quality / "data_docs" / "index.html").is_file()
    assert not (quality / "gate.duckdb").exists()


def _outcomes(**failed: int) -> dict[str, dict[str, Any]]:
    held = {check.check_id: {"success": True, "observed": None, "unexpected_count": 0} for check in FIRST_RELEASE}
    return held | {name: {"success": False, "observed": None, "unexpected_count": n} for name, n in failed.items()}


def test_a_reason_accepts_the_check_that_it_names_and_no_other() -> None:
    other = "casualties.possible.low"
    outcomes = _outcomes(**{CRITICAL_ID: 1, other: 1})
    judged = to_verdict(FIRST_RELEASE, outcomes, {CRITICAL_ID: "read by eye"})
    assert judged.refusing == (other,)
    reasons = {row["check_id"]: row["accepted_reason"] for row in judged.rows if row["accepted_reason"]}
    assert reasons == {CRITICAL_ID: "read by eye"}


def test_a_check_that_holds_needs_no_reason() -> None:
    judged = to_verdict(FIRST_RELEASE, _outcomes(), {CRITICAL_ID: "not needed"})
    assert judged.passed
    assert not any(row["accepted_reason"] for row in judged.rows)


def test_a_check_that_did_not_run_refuses() -> None:
    outcomes = _outcomes()
    del outcomes[CRITICAL_ID]
    assert to_verdict(FIRST_RELEASE, outcomes, {}).refusing == (CRITICAL_ID,)
