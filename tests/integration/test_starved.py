"""No space, no rights, no home, a clock that jumps back: a run says so and leaves everything as it was, the next one goes on."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from tests.integration.many_runs import ManyRuns
from tests.integration.small_disk import needs_mount, remount, small_disk
from tests.integration.whole import assert_current_is_whole, assert_nothing_is_left_over, tables_of, write_story

FULL_AT = (
    "run.locked",
    "ingest.begun",
    "ingest.described",
    "gathered.written",
    "clean.written",
    "extract.begun",
    "link.written",
    "stage.written",
    "validate.loaded",
    "publish.checks",
    "publish.database",
    "publish.manifest",
    "publish.announced",
)


@pytest.fixture(scope="module")
def first(many_runs: ManyRuns, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with one release of one story, beside its input."""
    folder = tmp_path_factory.mktemp("first")
    write_story(folder / "in", 0)
    assert many_runs.outcome(folder / "in", folder / "warehouse")["version"] == "1.0.0"
    write_story(folder / "in", 1)
    return folder


@pytest.fixture
def inputs(first: Path) -> Path:
    return first / "in"


@pytest.fixture
def warehouse(first: Path, tmp_path: Path) -> Path:
    shutil.copytree(first / "warehouse", tmp_path / "warehouse", symlinks=True)
    return tmp_path / "warehouse"


@pytest.mark.parametrize("step", FULL_AT)
def test_a_disk_that_is_full_at_any_stage_is_named_and_costs_nothing_but_the_run(
    step: str, warehouse: Path, inputs: Path, many_runs: ManyRuns
) -> None:
    before = tables_of(warehouse / "current")
    outcome = many_runs.outcome(inputs, warehouse, fault=f"{step}=full")
    assert outcome["error"] == "StorageFailed", outcome
    assert "No space left on device" in outcome["message"]
    assert "Free some space" in outcome["message"]
    assert assert_current_is_whole(warehouse) == "1.0.0"
    assert tables_of(warehouse / "current") == before
    assert many_runs.outcome(inputs, warehouse)["version"] == "1.1.0"
    assert_nothing_is_left_over(warehouse)


@needs_mount
def test_a_disk_of_any_size_that_is_too_small_ends_in_the_same_words(first: Path, many_runs: ManyRuns) -> None:
    """A real small disk: whichever file does not fit, of ours or of a library, it is told as a full disk."""
    needed = sum(path.stat().st_blocks * 512 for path in (first / "warehouse").rglob("*") if path.is_file())
    reached = set()
    for part in (0.02, 0.2, 0.45, 0.7, 0.85, 1.0):
        with small_disk(int(needed * (1 + part))) as disk:
            shutil.copytree(first / "warehouse", disk / "warehouse", symlinks=True)
            outcome = many_runs.outcome(first / "in", disk / "warehouse")
            if "error" in outcome:
                assert outcome["error"] == "StorageFailed", outcome
                assert assert_current_is_whole(disk / "warehouse") == "1.0.0"
            reached.add(outcome.get("error", "released"))
            remount(disk, f"size={needed * 8}")
            assert many_runs.outcome(first / "in", disk / "warehouse")["version"] == "1.1.0"
            assert_nothing_is_left_over(disk / "warehouse")
    assert "StorageFailed" in reached


def _without_write(*folders: Path) -> None:
    for folder in folders:
        folder.chmod(0o555)


def test_a_warehouse_that_cannot_be_written_is_a_usage_error(
    warehouse: Path, inputs: Path, many_runs: ManyRuns
) -> None:
    _without_write(warehouse)
    try:
        outcome = many_runs.outcome(inputs, warehouse, without_rights=True)
    finally:
        warehouse.chmod(0o755)
    assert outcome["error"] == "UsageError"
    assert "--warehouse DIR" in outcome["message"]
    assert assert_current_is_whole(warehouse) == "1.0.0"
    assert many_runs.outcome(inputs, warehouse)["version"] == "1.1.0"


@pytest.mark.parametrize("folder", ["releases", "rejected", "staging", "work/clean", "state", "runs"])
def test_a_folder_of_the_warehouse_without_rights_is_named(
    folder: str, warehouse: Path, inputs: Path, many_runs: ManyRuns
) -> None:
    _without_write(warehouse / folder)
    try:
        outcome = many_runs.outcome(inputs, warehouse, without_rights=True)
    finally:
        (warehouse / folder).chmod(0o755)
    if folder == "rejected":  # a good run has no use for it
        assert outcome["result"] == "released"
    else:
        assert outcome["error"] in {"StorageFailed", "UsageError"}, outcome
        assert folder.partition("/")[0] in outcome["message"]
        assert "Traceback" not in outcome["message"]
        assert assert_current_is_whole(warehouse) == "1.0.0"
        assert many_runs.outcome(inputs, warehouse)["version"] == "1.1.0"
    assert_nothing_is_left_over(warehouse)


def test_an_input_without_rights_is_quarantined_and_read_once_it_has_them(
    warehouse: Path, first: Path, tmp_path: Path, many_runs: ManyRuns
) -> None:
    inputs = tmp_path / "in"
    shutil.copytree(first / "in", inputs)
    (inputs / "story-001.txt").chmod(0)
    accepted = {"documents.few_quarantined": "planted"}
    assert many_runs.outcome(inputs, warehouse, without_rights=True, accepted=accepted)["version"] == "1.1.0"
    (inputs / "story-001.txt").chmod(0o644)
    assert many_runs.outcome(inputs, warehouse)["version"] == "1.2.0"
    with duckdb.connect(str(warehouse / "dateline.duckdb"), read_only=True) as connection:
        read = connection.sql("select count(*), count(*) filter (status <> 'quarantined') from documents").fetchone()
    assert read == (2, 2)


def test_a_clock_that_jumps_back_changes_nothing(warehouse: Path, inputs: Path, many_runs: ManyRuns) -> None:
    """Seen from a clock that was set back ten years, everything in the warehouse is from the future."""
    future = time.time() + 10 * 365 * 86_400
    for path in [*warehouse.rglob("*"), warehouse]:
        os.utime(path, (future, future), follow_symlinks=False)
    runs = sorted((warehouse / "runs").iterdir())
    runs[-1].rename(runs[-1].with_name("20991231T235959Z-00"))
    outcome = many_runs.outcome(inputs, warehouse)
    assert outcome["version"] == "1.1.0"
    assert max(path.name for path in (warehouse / "runs").iterdir()) == outcome["run"]
    assert_nothing_is_left_over(warehouse)


@pytest.mark.parametrize("home", [None, "/proc/no-home-here"], ids=["unset", "not-writable"])
def test_a_machine_without_a_home_and_a_path_with_blanks_quotes_and_unicode_make_a_release(
    home: str | None, tmp_path: Path
) -> None:
    """From a cold start, as the command line does it."""
    odd = tmp_path / 'l\'été à Łódź  "neu" 新聞 #1 100%'
    odd.mkdir()
    write_story(odd / "in put", 0)
    environment = {
        name: value for name, value in os.environ.items() if name not in {"HOME", "PREFECT_HOME", "PREFECT_API_URL"}
    }
    if home:
        environment["HOME"] = home
    command = [sys.executable, "-c", "from flows.cli import main; main()"]
    ran = subprocess.run(
        [*command, "run", str(odd / "in put"), "--warehouse", str(odd / "ware house"), "--workers", "1"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert assert_current_is_whole(odd / "ware house") == "1.0.0"
    asked = subprocess.run(
        [*command, "query", "select count(*) as n from articles", "--format", "csv", "-w", str(odd / "ware house")],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert asked.stdout.split() == ["n", "1"], asked.stderr
