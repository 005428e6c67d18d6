"""Files that are cut, changed or gone: work files are computed anew in the same run, release files are named by `verify`."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from flows.release.verify import verify_release
from flows.store.warehouse import Warehouse
from tests.integration.many_runs import ManyRuns
from tests.integration.whole import (
    assert_current_is_whole,
    assert_nothing_is_left_over,
    tables_of,
    write_story,
    write_story_without_year,
)


@pytest.fixture(scope="module")
def first(many_runs: ManyRuns, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("first")
    for number in range(3):
        write_story(folder / "in", number)
    write_story_without_year(folder / "in", 0)
    assert many_runs.outcome(folder / "in", folder / "warehouse", few_checks=False)["version"] == "1.0.0"
    return folder


@pytest.fixture
def warehouse(first: Path, tmp_path: Path) -> Path:
    shutil.copytree(first / "warehouse", tmp_path / "warehouse", symlinks=True)
    return tmp_path / "warehouse"


@pytest.fixture
def inputs(first: Path, tmp_path: Path) -> Path:
    """The first release's input and one more story."""
    shutil.copytree(first / "in", tmp_path / "in")
    write_story(tmp_path / "in", 3)
    return tmp_path / "in"


def _flip_a_bit(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def _cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


DAMAGE = {
    "flipped": _flip_a_bit,
    "cut": _cut,
    "emptied": lambda file: file.write_bytes(b""),
    "gone": lambda file: file.unlink(),
    "another's": lambda file: file.write_bytes(b"PAR1 nothing of ours PAR1"),
}


@pytest.mark.parametrize(
    ("kind", "stage"),
    [
        *[(kind, "*") for kind in DAMAGE],
        *[("flipped", stage) for stage in ("ingest", "gathered", "clean", "extract", "group", "dated", "link")],
    ],
)
def test_damaged_work_files_are_computed_anew_in_the_same_run(
    kind: str, stage: str, warehouse: Path, inputs: Path, many_runs: ManyRuns, undamaged: dict[str, bytes]
) -> None:
    files = [path for path in warehouse.glob(f"work/{stage}/*/*") if path.suffix in {".parquet", ".json"}]
    assert files
    for file in files:
        DAMAGE[kind](file)
    outcome = many_runs.outcome(inputs, warehouse)
    assert outcome.get("version") == "1.1.0", outcome
    assert tables_of(warehouse / "current") == undamaged
    assert_nothing_is_left_over(warehouse)


@pytest.fixture(scope="module")
def undamaged(first: Path, many_runs: ManyRuns, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a release of the four stories holds, made in one go."""
    folder = tmp_path_factory.mktemp("undamaged")
    shutil.copytree(first / "in", folder / "in")
    write_story(folder / "in", 3)
    assert many_runs.outcome(folder / "in", folder / "warehouse")["result"] == "released"
    return tables_of(folder / "warehouse" / "current")


def test_a_ledger_cut_in_the_middle_costs_the_half_that_is_gone(
    warehouse: Path, inputs: Path, many_runs: ManyRuns, undamaged: dict[str, bytes]
) -> None:
    for number, folder in enumerate(sorted(path for path in warehouse.glob("work/*/*") if path.is_dir())):
        if number % 2:
            shutil.rmtree(folder)
    assert many_runs.outcome(inputs, warehouse)["version"] == "1.1.0"
    assert tables_of(warehouse / "current") == undamaged
    shutil.rmtree(warehouse / "work")
    shutil.rmtree(warehouse / "state")
    assert many_runs.outcome(inputs, warehouse)["result"] == "nothing_new"
    write_story(inputs, 4)
    assert many_runs.outcome(inputs, warehouse)["version"] == "1.2.0"


def test_verify_names_each_file_of_a_release_that_has_one_flipped_bit(warehouse: Path) -> None:
    store = Warehouse(warehouse)
    release, manifest = store.release(), store.manifest()
    files = [path for path in sorted(release.rglob("*")) if path.is_file()]
    assert len(files) > 30
    for file in files:
        name = file.relative_to(release).as_posix()
        data = file.read_bytes()
        file.chmod(0o644)
        _flip_a_bit(file)
        found = {finding.where for finding in verify_release(release, manifest).findings}
        assert (name if name != "manifest.json.sha256" else "manifest.json") in found, name
        file.write_bytes(data)
    assert verify_release(release, manifest).findings == ()


def test_a_manifest_that_is_no_json_any_more_is_named_by_every_command(warehouse: Path) -> None:
    manifest = warehouse / "releases" / "1.0.0" / "manifest.json"
    manifest.chmod(0o644)
    _cut(manifest)
    for command in ("verify", "releases", "show 1.0.0"):
        ran = subprocess.run(
            [sys.executable, "-c", "from flows.cli import main; main()", *command.split(), "-w", str(warehouse)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 1, command
        assert "manifest.json" in ran.stderr, command
        assert "Traceback" not in ran.stderr, command


def test_a_session_reads_its_release_through_ten_runs_and_a_new_one_reads_the_last(
    warehouse: Path, inputs: Path, many_runs: ManyRuns
) -> None:
    path = str(warehouse / "dateline.duckdb")
    count = "select count(*), sum(hash(text)) from sentences"
    # three stories and one without a year; then the input's fourth story and one more a run
    documents_before, documents_after = 4, 15
    with duckdb.connect(path, read_only=True) as session:
        before = session.sql(count).fetchone()
        for number in range(4, 14):
            write_story(inputs, number)
            assert many_runs.outcome(inputs, warehouse)["version"] == f"1.{number - 3}.0"
            assert session.sql(count).fetchone() == before
        session.execute("select * from casualties")  # tables that it had not read yet are the old release's too
        assert session.sql("select count(*) from documents").fetchone() == (documents_before,)
        read = f"import duckdb; print(duckdb.connect({path!r}, read_only=True).sql('select count(*) from documents').fetchone())"
        other = subprocess.run([sys.executable, "-c", read], capture_output=True, text=True, check=True)
        assert other.stdout.strip() == f"({documents_after},)"
    with duckdb.connect(path, read_only=True) as session:
        assert session.sql("select count(*) from documents").fetchone() == (documents_after,)
    assert_nothing_is_left_over(warehouse)


def _everything(warehouse: Path) -> dict[str, str]:
    """Every file, link and DuckDB byte that a user may have opened."""
    found = {}
    for path in [*(warehouse / "releases").rglob("*"), warehouse / "current", warehouse / "dateline.duckdb"]:
        if path.is_symlink():
            found[str(path)] = f"-> {path.readlink()}"
        elif path.is_file():
            found[str(path)] = (
                f"{hashlib.sha256(path.read_bytes()).hexdigest()} {path.stat().st_mtime_ns} {path.stat().st_ino}"
            )
    return found


def test_a_refusal_touches_nothing_is_browsable_and_the_next_good_run_releases(
    warehouse: Path, inputs: Path, many_runs: ManyRuns, tmp_path: Path
) -> None:
    before = _everything(warehouse)
    bad = tmp_path / "bad"
    bad.mkdir()
    for number in range(3):
        (bad / f"empty-{number}.txt").write_bytes(b"")
    outcome = many_runs.outcome(bad, warehouse, few_checks=False)
    assert outcome["error"] == "GateRefused"
    assert _everything(warehouse) == before
    (kept,) = (warehouse / "rejected").iterdir()
    assert str(kept) in outcome["message"]
    with duckdb.connect(str(kept / "dateline.duckdb"), read_only=True) as connection:
        failed = connection.sql("select check_id from checks where not success and severity = 'critical'").fetchall()
        assert ("relations.some_document_is_accepted",) in failed
        assert connection.sql("select count(*) from documents where status = 'quarantined'").fetchone() == (1,)
    assert (kept / "quality" / "data_docs" / "index.html").is_file()
    assert {path.stem for path in (kept / "quality" / "failing").iterdir()} >= {name for (name,) in failed}
    assert many_runs.outcome(inputs, warehouse)["version"] == "1.1.0"
    assert_nothing_is_left_over(warehouse)
    assert assert_current_is_whole(warehouse) == "1.1.0"
    assert json.loads((warehouse / "current" / "manifest.json").read_text())["parent"] == "1.0.0"
