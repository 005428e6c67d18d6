"""Deleting what nobody needs: the policy, that nothing goes unsaid, and that a kill leaves whole releases or none."""

import json
import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.cli import app
from flows.commands.gc import gc as command
from flows.release.candidate import recover
from flows.release.gc import KEPT_RELEASES, Policy, collect, plan_gc
from flows.release.verify import file_faults
from flows.store.durable import dump_json, swap_link
from flows.store.warehouse import Warehouse
from flows.store.withdrawn import Tombstone, Yank, taken_versions, write_tombstone, write_yank
from tests.unit.release.killed import killed_at

VERSIONS = ("1.0.0", "1.1.0", "1.2.0", "1.3.0", "2.0.0", "2.1.0", "2.2.0", "2.3.0")


@pytest.fixture
def store(tmp_path: Path) -> Warehouse:
    """Eight releases that are no more than a file and a manifest; a refused candidate, a leftover, two runs."""
    warehouse = Warehouse(tmp_path / "warehouse")
    warehouse.prepare()
    for version in VERSIONS:
        folder = warehouse.releases / version
        folder.mkdir()
        (folder / "data").write_bytes(b"x" * 1000)
        (folder / "manifest.json").write_text(dump_json({"version": version, "files": {}, "tables": {}}))
        for path in folder.iterdir():
            path.chmod(0o444)
    swap_link(warehouse.current, "releases/2.3.0")
    for folder in (warehouse.rejected / "0123456789ab", warehouse.staging / "ba9876543210"):
        folder.mkdir()
        (folder / "data").write_bytes(b"x" * 500)
    for name in ("20260301T060000Z-00", "20260302T060000Z-00"):
        (warehouse.runs / name).mkdir(parents=True)
    return warehouse


def kept(store: Warehouse, policy: Policy) -> list[str]:
    return list(plan_gc(store, policy).keep)


def test_kept_are_the_last_few_and_the_first_of_each_major(store):
    assert kept(store, Policy(last=2)) == ["1.0.0", "2.0.0", "2.2.0", "2.3.0"]
    assert kept(store, Policy(last=100)) == list(VERSIONS)


def test_kept_is_what_is_current_pinned_or_stands_in_for_a_yanked_release(store):
    swap_link(store.current, "releases/1.1.0")
    write_yank(store, Yank("2.3.0", "wrong", "2.1.0", "2026-03-05"))
    plan = plan_gc(store, Policy(last=1, pinned={"1.3.0": "pinned by study/dateline.lock"}))
    assert plan.keep == {
        "1.0.0": "first of MAJOR 1",
        "1.1.0": "current",
        "1.3.0": "pinned by study/dateline.lock",
        "2.0.0": "first of MAJOR 2",
        "2.1.0": "stands in for 2.3.0",
        "2.3.0": "one of the last 1",
    }


def test_a_tombstone_is_kept(store):
    write_tombstone(store.release("1.1.0"), Tombstone("1.1.0", "0" * 16, "0" * 64, "an order", "2026-03-05", (), ()))
    assert "1.1.0" in kept(store, Policy(last=1))


def test_nothing_younger_than_was_asked_goes(store):
    manifest = store.releases / "1.1.0" / "manifest.json"
    os.utime(manifest, (1_000, 1_000))
    os.utime(store.rejected / "0123456789ab", (1_000, 1_000))
    os.utime(store.runs / "20260301T060000Z-00", (1_000, 1_000))
    plan = plan_gc(store, Policy(last=1, before=2_000))
    assert [(item.kind, item.name) for item in plan.delete if item.kind != "staging"] == [
        ("release", "1.1.0"),
        ("rejected", "0123456789ab"),
        ("run", "20260301T060000Z-00"),
    ]


def test_the_candidate_that_the_last_refusal_shows_is_kept(store):
    store.write_state("last_refusal", {"message": "no", "kept": str(store.rejected / "0123456789ab")})
    assert "rejected" not in {item.kind for item in plan_gc(store, Policy()).delete}


def test_what_is_planned_is_what_is_deleted_and_its_numbers_are_never_given_again(store):
    planned = plan_gc(store, Policy(last=1))
    with store.writing():
        assert collect(store, Policy(last=1)).keep == planned.keep
    assert store.versions() == ["1.0.0", "2.0.0", "2.3.0"]
    assert list(store.rejected.iterdir()) == list(store.staging.iterdir()) == []
    assert taken_versions(store) == set(VERSIONS)
    assert planned.bytes > 5 * 1000 + 2 * 500
    with store.writing():
        assert collect(store, Policy(last=1)).delete == ()


def collect_in(root: str) -> None:
    """For a process of its own."""
    store = Warehouse(Path(root))
    with store.writing():
        collect(store, Policy(last=1))


@pytest.mark.parametrize("step", ["gc.remembered", "gc.aside"])
def test_a_kill_leaves_whole_releases_or_none(store, step):
    assert killed_at(step, collect_in, str(store.root))
    for version in store.versions():
        assert (store.releases / version / "data").is_file()
        faults = [fault.where for fault in file_faults(store.release(version), store.manifest(version))]
        assert faults == ["data"], "which no manifest here lists"
    assert taken_versions(store) == set(VERSIONS)
    with store.writing():
        recover(store)
        assert list(store.staging.iterdir()) == []
        collect(store, Policy(last=1))
    assert store.versions() == ["1.0.0", "2.0.0", "2.3.0"]


def dateline(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["gc", *arguments], env={"COLUMNS": "200"})


def test_the_command_only_says_what_it_would_do_until_it_is_told_to(store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = dateline("--keep", "1")
    assert result.exit_code == 0, result.stderr
    assert "would go" in result.stdout
    assert "add --yes" in result.stdout
    assert store.versions() == list(VERSIONS)
    told = json.loads(dateline("--keep", "1", "--yes", "--json").stdout)
    assert told["deleted"] is True
    assert [item["name"] for item in told["items"] if item["kind"] == "release"] == [
        "1.1.0",
        "1.2.0",
        "1.3.0",
        "2.1.0",
        "2.2.0",
    ]
    assert store.versions() == ["1.0.0", "2.0.0", "2.3.0"]


def test_a_pin_and_a_lock_keep_a_release(store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lock = {"name": "dateline", "version": "1.2.0", "manifest_sha256": "0" * 64, "source": "published", "folder": "x"}
    for place in (Path("dateline.lock"), Path("study.lock")):
        place.write_text(json.dumps(lock | {"version": "1.3.0" if place.stem == "study" else "1.2.0"}))
    assert dateline("--pin", "1.1.0").exit_code == 0
    told = json.loads(dateline("--keep", "1", "--lock", "study.lock", "--json").stdout)
    assert told["kept"]["1.1.0"] == "pinned"
    assert told["kept"]["1.2.0"] == "pinned by dateline.lock"
    assert told["kept"]["1.3.0"] == "pinned by study.lock"
    Path("dateline.lock").unlink()
    assert "1.1.0" not in json.loads(dateline("--keep", "1", "--unpin", "1.1.0", "--json").stdout)["kept"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(["--pin", "7.0.0"], "has no release 7.0.0", id="pin-unknown"),
        pytest.param(["--unpin", "1.0.0"], "is not pinned", id="unpin-unpinned"),
        pytest.param(["--lock", "nowhere.lock", "--yes"], "there is no lock nowhere.lock", id="no-lock"),
        pytest.param(["-w", "nowhere", "--yes"], "nowhere is no warehouse", id="no-warehouse"),
        pytest.param(["--keep", "0", "--yes"], "keep", id="keep-nothing"),
    ],
)
def test_bad_use_deletes_nothing(store, tmp_path, monkeypatch, arguments, told):
    monkeypatch.chdir(tmp_path)
    result = dateline(*arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert store.versions() == list(VERSIONS)
    assert not (tmp_path / "nowhere").exists()


def test_a_run_that_is_writing_is_not_disturbed(store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with store.writing():
        result = dateline("--keep", "1", "--yes")
    assert result.exit_code == 1
    assert "is writing" in result.stderr
    assert store.versions() == list(VERSIONS)


def test_a_release_whose_folder_was_copied_away_read_only_can_be_deleted(store):
    for path in (store.releases / "1.1.0").iterdir():
        path.chmod(0o400)
    shutil.copytree(store.releases / "1.1.0", store.root.parent / "copy")
    with store.writing():
        collect(store, Policy(last=1))
    assert "1.1.0" not in store.versions()


def test_the_command_keeps_as_many_as_the_policy():
    assert command.__wrapped__.__defaults__[0] == KEPT_RELEASES
