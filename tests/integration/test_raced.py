"""Two runs at once, a zombie that wakes up, a schedule that overtakes itself: one release from one input, none lost."""

import shutil
import signal
import time
from pathlib import Path

import psutil
import pytest

from flows.store.warehouse import Warehouse
from tests.integration.many_runs import ManyRuns, Run
from tests.integration.whole import assert_current_is_whole, assert_nothing_is_left_over, write_story


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    write_story(tmp_path / "in", 0)
    return tmp_path / "in"


@pytest.fixture
def warehouse(tmp_path: Path, inputs: Path, many_runs: ManyRuns) -> Path:
    """One release; the input has moved on since."""
    assert many_runs.outcome(inputs, tmp_path / "warehouse")["version"] == "1.0.0"
    write_story(inputs, 1)
    return tmp_path / "warehouse"


def _await_stop(run: Run) -> None:
    end = time.monotonic() + 60
    while psutil.Process(run.pid).status() != psutil.STATUS_STOPPED:
        assert time.monotonic() < end, run.log()
        time.sleep(0.02)


def test_of_two_runs_at_once_one_releases_and_the_other_says_who_is_writing(
    warehouse: Path, inputs: Path, many_runs: ManyRuns
) -> None:
    runs = [many_runs.start(inputs, warehouse) for _ in range(2)]
    outcomes = [run.outcome() for run in runs]
    released = [outcome for outcome in outcomes if outcome.get("result") == "released"]
    others = [outcome for outcome in outcomes if outcome not in released]
    assert [outcome["version"] for outcome in released] == ["1.1.0"]
    assert [outcome.get("error") or outcome["result"] for outcome in others] in (["WarehouseBusy"], ["nothing_new"])
    for outcome in others:
        if "error" in outcome:
            assert f"process {runs[outcomes.index(released[0])].pid} on " in outcome["message"]
            assert "--wait" in outcome["message"]
    assert_nothing_is_left_over(warehouse)


def test_a_scheduled_run_that_overtakes_the_one_before_waits_and_finds_nothing_new(
    warehouse: Path, inputs: Path, many_runs: ManyRuns
) -> None:
    # Both may wait: on a busy machine the second of the two processes can be first at the lock.
    runs = [many_runs.start(inputs, warehouse, wait_seconds=100) for _ in range(2)]
    outcomes = [run.outcome() for run in runs]
    assert sorted(outcome.get("result", outcome) for outcome in outcomes) == ["nothing_new", "released"]
    assert_nothing_is_left_over(warehouse)


def test_a_run_waits_no_longer_than_it_was_told(warehouse: Path, inputs: Path, many_runs: ManyRuns) -> None:
    first = many_runs.start(inputs, warehouse, fault="run.locked=stop")
    _await_stop(first)
    assert "waited for 1 s" in many_runs.outcome(inputs, warehouse, wait_seconds=1)["message"]
    first.signal(signal.SIGCONT)
    assert first.outcome()["version"] == "1.1.0"


@pytest.mark.parametrize(
    "step", ["run.planned", "extract.committed", "stage.written", "publish.read_only", "publish.announced"]
)
def test_a_zombie_whose_lock_was_taken_publishes_nothing_when_it_wakes(
    step: str, warehouse: Path, inputs: Path, many_runs: ManyRuns
) -> None:
    zombie = many_runs.start(inputs, warehouse, fault=f"{step}=stop")
    _await_stop(zombie)
    assert many_runs.outcome(inputs, warehouse)["error"] == "WarehouseBusy"
    (warehouse / ".lock").unlink()  # what people do who think that a lock is stale
    assert many_runs.outcome(inputs, warehouse)["version"] == "1.1.0"
    write_story(inputs, 2)
    assert many_runs.outcome(inputs, warehouse)["version"] == "1.2.0"
    zombie.signal(signal.SIGCONT)
    assert "error" in zombie.outcome(), "it published"
    assert assert_current_is_whole(warehouse) == "1.2.0"
    write_story(inputs, 3)
    assert many_runs.outcome(inputs, warehouse)["version"] == "1.3.0"
    assert_nothing_is_left_over(warehouse)


@pytest.mark.parametrize("step", ["publish.renamed", "publish.linked"])
def test_what_a_zombie_had_all_but_published_is_published_once(
    step: str, warehouse: Path, inputs: Path, many_runs: ManyRuns
) -> None:
    zombie = many_runs.start(inputs, warehouse, fault=f"{step}=stop")
    _await_stop(zombie)
    (warehouse / ".lock").unlink()
    assert many_runs.outcome(inputs, warehouse)["version"] == "1.1.0"
    write_story(inputs, 2)
    assert many_runs.outcome(inputs, warehouse)["version"] == "1.2.0"
    zombie.signal(signal.SIGCONT)
    zombie.outcome()
    assert assert_current_is_whole(warehouse) == "1.2.0"
    assert Warehouse(warehouse).versions() == ["1.0.0", "1.1.0", "1.2.0"]
    assert many_runs.outcome(inputs, warehouse)["result"] == "nothing_new"
    assert_nothing_is_left_over(warehouse)


def test_a_current_that_was_set_back_by_hand_is_followed_by_a_new_number(
    warehouse: Path, inputs: Path, many_runs: ManyRuns
) -> None:
    assert many_runs.outcome(inputs, warehouse)["version"] == "1.1.0"
    (warehouse / "current").unlink()
    (warehouse / "current").symlink_to("releases/1.0.0")
    assert many_runs.outcome(inputs, warehouse)["version"] == "1.2.0"
    assert Warehouse(warehouse).manifest()["parent"] == "1.0.0"
    assert assert_current_is_whole(warehouse) == "1.2.0"


def test_a_copied_warehouse_is_another_warehouse(
    warehouse: Path, inputs: Path, many_runs: ManyRuns, tmp_path: Path
) -> None:
    shutil.copytree(warehouse, tmp_path / "copy", symlinks=True)
    runs = [many_runs.start(inputs, folder) for folder in (warehouse, tmp_path / "copy")]
    assert [run.outcome().get("version") for run in runs] == ["1.1.0", "1.1.0"]
