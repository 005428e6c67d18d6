"""Yanking: the release stays as it is, `current` leaves it, its number is never given again, and a kill loses nothing."""

import shutil
from pathlib import Path

import pytest

from flows.errors import UsageError
from flows.release.candidate import recover
from flows.release.verify import verify_release
from flows.release.withdraw import unyank_release, yank_release
from flows.store.warehouse import Warehouse
from flows.store.withdrawn import TOMBSTONE, yanks_of
from tests.contracts.sound import sound_rows
from tests.unit.release.killed import killed_at
from tests.unit.release.made import make_release, make_warehouse

TODAY = "2026-03-05"


def changed(number: int) -> dict:
    """Rows that differ from those of any other number."""
    rows = sound_rows()
    rows["documents"][0] = rows["documents"][0] | {"uris": [f"changed-{number}.txt"]}
    return rows


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three releases: 1.0.0, 1.1.0 and 1.2.0."""
    warehouse = make_warehouse(tmp_path_factory.mktemp("made") / "warehouse")
    for number in range(3):
        make_release(warehouse, changed(number), inputs=str(number))
    assert warehouse.versions() == ["1.0.0", "1.1.0", "1.2.0"]
    return warehouse.root


@pytest.fixture
def store(made_once: Path, tmp_path: Path) -> Warehouse:
    """A copy of that warehouse for one test."""
    return Warehouse(shutil.copytree(made_once, tmp_path / "warehouse", symlinks=True))


def yank(store: Warehouse, version: str, successor: str | None = None, reason: str = "dates are a day off"):
    with store.writing():
        return yank_release(store, version, reason, successor, TODAY)


def unyank(store: Warehouse, version: str):
    with store.writing():
        return unyank_release(store, version)


def test_a_yanked_release_stays_as_it_is(store):
    before = {path: path.read_bytes() for path in store.release("1.2.0").rglob("*") if path.is_file()}
    yank(store, "1.2.0")
    assert {path: path.read_bytes() for path in store.release("1.2.0").rglob("*") if path.is_file()} == before
    assert verify_release(store.release("1.2.0"), store.manifest("1.2.0")).findings == ()


def test_current_moves_to_the_newest_release_that_is_not_yanked(store):
    yank(store, "1.1.0")
    assert store.current_version() == "1.2.0"
    done = yank(store, "1.2.0")
    assert (done.before, done.current) == ("1.2.0", "1.0.0")
    assert store.current_version() == "1.0.0"
    assert (store.root / "dateline.duckdb").resolve() == (store.releases / "1.0.0" / "dateline.duckdb").resolve()


def test_current_moves_to_the_successor_if_one_is_named(store):
    yank(store, "1.2.0", successor="1.0.0")
    assert store.current_version() == "1.0.0"
    assert yanks_of(store)["1.2.0"].successor == "1.0.0"


def test_current_follows_successors_that_were_yanked_in_their_turn(store):
    yank(store, "1.1.0", successor="1.0.0")
    with store.writing():
        store.current.unlink()
        store.current.symlink_to("releases/1.1.0")
        recover(store)
    assert store.current_version() == "1.0.0"


def test_the_next_release_follows_the_one_that_is_current_and_has_a_number_of_its_own(store):
    yank(store, "1.2.0")
    manifest = make_release(store, changed(4), inputs="4")
    assert (manifest["parent"], manifest["version"]) == ("1.1.0", "1.3.0")
    assert store.current_version() == "1.3.0"


def test_the_number_of_a_yanked_release_is_not_given_again_even_if_its_folder_is_gone(store):
    yank(store, "1.2.0")
    shutil.move(store.release("1.2.0"), store.root / "elsewhere")
    assert make_release(store, changed(4), inputs="4")["version"] == "1.3.0"


def test_if_every_release_is_yanked_none_is_current_and_the_next_one_begins_anew(store):
    for version in store.versions():
        done = yank(store, version)
    assert done.current is None
    assert store.current_version() is None
    assert not (store.root / "dateline.duckdb").is_symlink()
    with pytest.raises(UsageError, match="no current release"):
        store.release()
    assert store.release("1.1.0").is_dir()
    manifest = make_release(store, changed(4), inputs="4")
    assert (manifest["parent"], manifest["version"]) == (None, "2.0.0")
    assert (store.root / "dateline.duckdb").exists()


def test_a_yank_can_be_taken_back_and_current_returns(store):
    yank(store, "1.2.0")
    unyank(store, "1.2.0")
    assert store.current_version() == "1.2.0"
    assert yanks_of(store) == {}


def test_taking_a_yank_back_does_not_move_current_to_an_older_release(store):
    yank(store, "1.0.0")
    unyank(store, "1.0.0")
    assert store.current_version() == "1.2.0"


def test_taking_the_last_yank_back_gives_a_current_release_and_its_database(store):
    for version in store.versions():
        yank(store, version)
    unyank(store, "1.0.0")
    assert store.current_version() == "1.0.0"
    assert (store.root / "dateline.duckdb").exists()


@pytest.mark.parametrize(
    ("version", "successor", "told"),
    [
        pytest.param("9.9.9", None, "has no release 9.9.9", id="unknown"),
        pytest.param("../1.0.0", None, "has no release", id="a-path"),
        pytest.param("", None, "no release", id="empty"),
        pytest.param("1.2.0", "9.9.9", "has no release 9.9.9", id="successor-unknown"),
        pytest.param("1.2.0", "1.2.0", "its own successor", id="successor-itself"),
        pytest.param("1.2.0", "1.0.0", "1.0.0 is yanked itself: old", id="successor-yanked"),
        pytest.param("1.0.0", None, "yanked already, since 2026-03-05: old", id="yanked-already"),
    ],
)
def test_a_yank_that_cannot_be_says_why_and_changes_nothing(store, version, successor, told):
    yank(store, "1.0.0", reason="old")
    with pytest.raises(UsageError, match=told):
        yank(store, version, successor)
    assert list(yanks_of(store)) == ["1.0.0"]
    assert store.current_version() == "1.2.0"


def test_what_is_not_yanked_or_was_deleted_cannot_be_taken_back(store):
    with pytest.raises(UsageError, match="is not yanked"):
        unyank(store, "1.2.0")
    yank(store, "1.0.0")
    (store.release("1.0.0") / TOMBSTONE).write_text("{}")
    with pytest.raises(UsageError, match="cannot be taken back"):
        unyank(store, "1.0.0")
    assert list(yanks_of(store)) == ["1.0.0"]


def yank_newest(root: str) -> None:
    """For a process of its own."""
    yank(Warehouse(Path(root)), "1.2.0")


def unyank_newest(root: str) -> None:
    """For a process of its own."""
    unyank(Warehouse(Path(root)), "1.2.0")


@pytest.mark.parametrize("step", ["yank.recorded", "yank.moved"])
def test_a_yank_that_was_killed_is_finished_by_whatever_comes_next(store, step):
    assert killed_at(step, yank_newest, str(store.root))
    assert verify_release(store.release(), store.manifest()).findings == ()
    with store.writing():
        recover(store)
    assert store.current_version() == "1.1.0"
    with pytest.raises(UsageError, match="yanked already"):
        yank(store, "1.2.0")


def test_taking_a_yank_back_that_was_killed_leaves_it_yanked(store):
    yank(store, "1.2.0")
    assert killed_at("yank.returned", unyank_newest, str(store.root))
    with store.writing():
        recover(store)
    assert store.current_version() == "1.1.0"
    assert list(yanks_of(store)) == ["1.2.0"]
    unyank(store, "1.2.0")
    assert store.current_version() == "1.2.0"
