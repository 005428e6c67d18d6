"""Corrections in real runs: what follows from a corrected figure, how it is told, and what a stale one costs."""

import shutil
from pathlib import Path

import duckdb
import pytest

from tests.integration.many_runs import ManyRuns
from tests.integration.whole import (
    assert_current_is_whole,
    tables_of,
    write_correction,
    write_story,
    write_story_without_year,
)

FIGURES = "select casualty_id, low, corrected from casualties order by document_id"


def asked(warehouse: Path, query: str) -> list[tuple]:
    with duckdb.connect(str((warehouse / "dateline.duckdb").resolve()), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def first(many_runs: ManyRuns, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of inputs and a warehouse with their first release, which nobody corrected."""
    folder = tmp_path_factory.mktemp("corrections")
    write_story(folder / "in", 0)
    write_story_without_year(folder / "in", 0)  # whose days come from the first
    assert many_runs.outcome(folder / "in", folder / "warehouse", few_checks=False)["version"] == "1.0.0"
    return folder


def test_a_corrected_figure_reaches_its_incident_and_is_told_as_corrected_until_it_no_longer_stands(
    first: Path, many_runs: ManyRuns, tmp_path: Path
) -> None:
    inputs, warehouse = first / "in", tmp_path / "warehouse"
    shutil.copytree(first / "warehouse", warehouse, symlinks=True)
    row_id = next(row_id for row_id, low, _ in asked(warehouse, FIGURES) if low == 2)
    mine = write_correction(tmp_path / "mine.csv", row_id, "low", "2", "1")
    with mine.open("a", encoding="utf-8") as lines:  # of a document that is not among these inputs
        lines.write(f"{'0' * 16},low,5,6,so,A. Reader,2024-05-01,{'0' * 16}\n")
    outcome = many_runs.outcome(inputs, warehouse, corrections=str(mine), few_checks=False)
    assert outcome.get("version") == "1.1.0", outcome
    assert (outcome["corrections"], outcome["corrections_passed_over"], outcome["warnings"]) == (1, 1, [])
    assert {row[:2] for row in asked(warehouse, FIGURES) if row[2] == ["low"]} == {(row_id, 1)}
    assert asked(warehouse, "select killed_low from incidents where killed_low is not null") == [(1,)]
    assert asked(warehouse, "select row_id, expected, new, who, corrected_on::varchar from corrections") == [
        (row_id, "2", "1", "A. Reader", "2024-05-01")
    ]

    # the same list once more is nothing new, in whatever order and spelling its lines stand
    mine.write_text(mine.read_text(encoding="utf-8").replace(",2,1,", ",02,1,") + "\n\n", encoding="utf-8")
    assert many_runs.outcome(inputs, warehouse, corrections=str(mine))["result"] == "nothing_new"

    # what it expects is no longer read: the run fails, and nothing else happens
    write_correction(mine, row_id, "low", "4", "2")
    before = tables_of(warehouse / "current")
    outcome = many_runs.outcome(inputs, warehouse, corrections=str(mine))
    assert outcome["error"] == "CorrectionsStale"
    assert (
        f"mine.csv, line 2: casualties {row_id}, low: expected '4', found '2': it is read as it" in outcome["message"]
    )
    assert assert_current_is_whole(warehouse) == "1.1.0"
    assert tables_of(warehouse / "current") == before

    # and without the list all is as it was
    assert many_runs.outcome(inputs, warehouse)["version"] == "1.2.0"
    assert tables_of(warehouse / "current") == tables_of(first / "warehouse" / "current")
