"""What follows from a failed check: a critical one refuses, a warning is published, a reason accepts, failing rows are kept."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from expectations.registry import all_checks
from expectations.relations import LEAST_PARENT_ROWS, MAX_ROW_CHANGE
from flows.validate.gate import Verdict, judge, to_verdict
from schemas.registry import table_named
from tests.contracts.sound import INPUTS, sound_rows, write_staged
from tests.contracts.week import EVERY_FILE, this_week, week_before

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


def test_the_suites_as_run_are_kept_and_great_expectations_reads_them_back(verdict: Verdict, quality: Path) -> None:
    import great_expectations as gx

    kept = {}
    for file in sorted((quality / "suites").iterdir()):
        suite = gx.ExpectationSuite(**json.loads(file.read_text(encoding="utf-8")))
        assert suite.name == file.stem
        kept |= {one.meta["check_id"]: one for one in suite.expectations if one.meta}
    assert set(kept) == {row["check_id"] for row in verdict.rows}
    for check in FIRST_RELEASE:
        assert type(kept[check.check_id]) is type(check.expectation)
        assert kept[check.check_id].meta | {"threshold": check.threshold.value} == kept[check.check_id].meta
        assert kept[check.check_id].severity == check.severity


def _outcomes(**failed: int) -> dict[str, dict[str, Any]]:
    def outcome(count: int) -> dict[str, Any]:
        measured = {"observed_value": float(count), "threshold": None}
        return {"success": not count, "observed": None, "unexpected_count": count, **measured}

    held = {check.check_id: outcome(0) for check in FIRST_RELEASE}
    return held | {name: outcome(count) for name, count in failed.items()}


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


def test_every_check_says_where_it_begins_to_fail_and_what_it_saw(verdict: Verdict) -> None:
    unmeasured = [row["check_id"] for row in verdict.rows if row["observed_value"] is None and row["unit"] != "share"]
    assert unmeasured == []
    for row in verdict.rows:
        holds = row["bound"] == "at_most" and (row["observed_value"] or 0) <= row["threshold"]
        holds |= row["bound"] == "at_least" and row["observed_value"] >= row["threshold"]
        assert row["success"] is holds, row
        assert (row["headroom"] is None) is (not row["threshold"] or row["observed_value"] is None), row


def test_a_share_that_few_rows_have_is_not_judged_and_has_no_headroom(verdict: Verdict) -> None:
    row = next(row for row in verdict.rows if row["check_id"] == "quotes.mostly_with_speaker")
    assert (row["success"], row["observed_value"], row["headroom"]) == (True, None, None)
    assert row["threshold"] > 0


def test_what_a_check_measures_is_how_far_it_is_from_failing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    week = this_week()
    for row in week["quotes"][:60]:  # 60 of 180 have none as it is
        row |= {"speaker": None, "speaker_start_char": None, "speaker_end_char": None, "speaker_entity_id": None}
    write_staged(week, tmp_path / "now")
    write_staged(week_before(), tmp_path / "parent")
    rows = {
        row["check_id"]: row
        for row in judge(tmp_path / "now", tmp_path / "parent", EVERY_FILE, {}, tmp_path / "quality").rows
    }
    quotes = rows["quotes.mostly_with_speaker"]
    without = sum(row.get("speaker") is None for row in week["quotes"])
    assert not quotes["success"]
    assert quotes["headroom"] < 0
    assert quotes["unexpected_count"] == without
    assert capfd.readouterr().err == ""
    assert quotes["observed_value"] == pytest.approx(without / len(week["quotes"]))
    assert quotes["headroom"] == pytest.approx(1 - quotes["observed_value"] / quotes["threshold"], abs=1e-5)
    grown = {
        name: len(week[name]) / len(found) - 1
        for name, found in week_before().items()
        if len(found) >= LEAST_PARENT_ROWS
    }
    rows_like_parent = rows["relations.rows_like_parent"]
    assert rows_like_parent["observed_value"] == pytest.approx(max(abs(share) for share in grown.values()))
    assert rows_like_parent["threshold"] == MAX_ROW_CHANGE
