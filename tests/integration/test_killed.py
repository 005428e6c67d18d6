"""SIGKILL at every named step and at two hundred random moments: `current` stays whole, the next run takes up the work."""

import random
import shutil
import signal
import time
from pathlib import Path

import psutil
import pyarrow.parquet as pq
import pytest

from flows.store.steps import STEPS
from flows.store.warehouse import Warehouse
from tests.integration.many_runs import ManyRuns
from tests.integration.whole import (
    assert_current_is_whole,
    assert_nothing_is_left_over,
    entries,
    tables_of,
    write_correction,
    write_story,
    write_story_without_year,
)

RANDOM_KILLS, PARTS = 200, 4  # parts, so that two processes can share them
NEW_INPUT_SHARE = 0.25  # of the attempts: the others take up where the killed one was

REFUSAL_STEPS = [step for step in STEPS if step.startswith("refuse.")]
# what is no step of a run is killed in unit/release/test_withdraw.py, test_takedown.py and test_gc.py, unit/store/test_withhold.py
NO_RUN = ("yank.", "takedown.", "withhold.", "gc.")
RELEASE_STEPS = [step for step in STEPS if not step.startswith(("refuse.", *NO_RUN))]


@pytest.fixture(scope="module")
def two_releases(many_runs: ManyRuns, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A warehouse with one release, inputs for a second, and what that second must hold, made in one undisturbed run."""
    folder = tmp_path_factory.mktemp("two-releases")
    for number in range(2):
        write_story(folder / "in", number)
    assert many_runs.outcome(folder / "in", folder / "first")["version"] == "1.0.0"
    write_story(folder / "in", 2)
    write_story_without_year(folder / "in", 0)  # for the steps of the second pass of extract
    figures = pq.read_table(folder / "first" / "current" / "casualties.parquet", columns=["casualty_id", "low"])
    corrections = write_correction(
        folder / "mine.csv", *map(str, (figures["casualty_id"][0], "low", figures["low"][0], 1))
    )
    assert (
        many_runs.outcome(folder / "in", folder / "undisturbed", corrections=str(corrections))["result"] == "released"
    )
    return {
        "in": folder / "in",
        "first": folder / "first",
        "corrections": corrections,
        "wanted": folder / "undisturbed" / "current",
    }


@pytest.mark.parametrize("step", RELEASE_STEPS)
def test_a_run_killed_at_any_step_leaves_current_whole_and_the_next_one_takes_up_its_work(
    step: str, two_releases: dict[str, Path], many_runs: ManyRuns, tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    shutil.copytree(two_releases["first"], warehouse, symlinks=True)
    options = {"corrections": str(two_releases["corrections"])}
    assert many_runs.start(two_releases["in"], warehouse, fault=f"{step}=kill", **options).killed(), (
        f"{step} was not reached"
    )
    linked = step in ("publish.linked", "publish.done", "run.swept")
    assert assert_current_is_whole(warehouse) == ("1.1.0" if linked else "1.0.0")
    done = entries(warehouse)
    outcome = many_runs.outcome(two_releases["in"], warehouse, **options)
    published = linked or step == "publish.renamed"
    assert outcome["result"] == ("nothing_new" if published else "released"), outcome
    assert outcome["version"] == "1.1.0"
    assert_nothing_is_left_over(warehouse)
    assert tables_of(warehouse / "current") == tables_of(two_releases["wanted"])
    kept = entries(warehouse)
    assert {name for name in kept if name in done and kept[name] != done[name]} == set(), "finished work was done again"


@pytest.mark.parametrize("step", REFUSAL_STEPS)
def test_a_refusal_killed_at_any_step_leaves_current_whole(
    step: str, two_releases: dict[str, Path], many_runs: ManyRuns, tmp_path: Path
) -> None:
    warehouse, inputs = tmp_path / "warehouse", tmp_path / "in"
    shutil.copytree(two_releases["first"], warehouse, symlinks=True)
    inputs.mkdir()
    (inputs / "empty.txt").write_bytes(b"")
    assert many_runs.start(inputs, warehouse, fault=f"{step}=kill").killed(), f"{step} was not reached"
    assert assert_current_is_whole(warehouse) == "1.0.0"
    assert many_runs.outcome(inputs, warehouse)["error"] == "GateRefused"
    assert len(list((warehouse / "rejected").iterdir())) == 1
    assert many_runs.outcome(two_releases["in"], warehouse)["version"] == "1.1.0"
    assert_nothing_is_left_over(warehouse)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(PARTS))
def test_runs_killed_at_two_hundred_random_moments_end_where_one_undisturbed_run_ends(
    part: int, many_runs: ManyRuns, tmp_path: Path
) -> None:
    chance = random.Random(part)  # noqa: S311  # moments, not secrets
    inputs, warehouse = tmp_path / "in", tmp_path / "warehouse"
    write_story(inputs, 0)
    many_runs.outcome(inputs, warehouse)
    usual = 10.0  # seconds of a run that makes a release: less once one has been seen
    kills, stories, finished = 0, 1, True
    while kills < RANDOM_KILLS // PARTS:
        if finished or chance.random() < NEW_INPUT_SHARE:
            # a story comes, or one is told anew; never more than a dozen, so that runs stay short
            write_story(inputs, stories % 12).open("a").write(f"\nRevision {stories}.\n")
            stories += 1
        run, started = many_runs.start(inputs, warehouse), time.monotonic()
        run.ended.wait(chance.uniform(0, usual))
        run.signal(signal.SIGKILL)
        finished = not run.killed()
        kills += not finished
        if finished:
            outcome = run.outcome()
            assert outcome.get("result") in {"released", "nothing_new"}, outcome
            if outcome["result"] == "released":
                usual = min(usual, time.monotonic() - started)
        assert_current_is_whole(warehouse)
    assert many_runs.outcome(inputs, warehouse)["result"] in {"released", "nothing_new"}
    assert_nothing_is_left_over(warehouse)
    assert many_runs.outcome(inputs, tmp_path / "undisturbed")["result"] == "released"
    assert tables_of(warehouse / "current") == tables_of(tmp_path / "undisturbed" / "current")


def _workers_of(pid: int) -> list[psutil.Process]:
    return [child for child in psutil.Process(pid).children(recursive=True) if "spawn_main" in _command(child)]


def _command(process: psutil.Process) -> str:
    """The process's command; empty if it ended meanwhile."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def _await_workers(pid: int, deadline_seconds: float = 90) -> list[psutil.Process]:
    end = time.monotonic() + deadline_seconds
    while time.monotonic() < end:
        if len(found := _workers_of(pid)) == 2:
            return found
        time.sleep(0.05)
    raise AssertionError("no two workers appeared")


def test_a_killed_worker_costs_a_retry_and_the_workers_of_a_killed_run_end_with_it(
    many_runs: ManyRuns, tmp_path: Path
) -> None:
    inputs, warehouse = tmp_path / "in", tmp_path / "warehouse"
    for number in range(12):
        write_story(inputs, number)
    run = many_runs.start(inputs, warehouse, workers=2)
    _await_workers(run.pid)[0].kill()
    assert run.outcome().get("version") == "1.0.0", run.log()
    write_story(inputs, 1).open("a").write("\nA last line.\n")
    write_story(inputs, 2).open("a").write("\nA last line.\n")
    run = many_runs.start(inputs, warehouse, workers=2)
    workers = _await_workers(run.pid)
    run.signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert alive == []
    assert many_runs.outcome(inputs, warehouse)["version"] == "1.1.0"
    assert_nothing_is_left_over(warehouse)


def test_a_step_that_is_not_named_is_a_mistake_in_the_code() -> None:
    from flows.store.steps import reached

    with pytest.raises(KeyError):
        reached("publish.unknown")
    assert Warehouse(Path("nowhere")).current_version() is None
