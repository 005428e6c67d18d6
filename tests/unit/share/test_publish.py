"""What stands at a place after releases were published there, in whatever order, by whomever, and however it ended."""

import errno
import json
import os
from pathlib import Path

import pytest

from flows.errors import OtherRelease, StorageFailed, WarehouseDamaged
from flows.release.verify import verify_release
from flows.share.folder import FolderPlace
from flows.share.index import LATEST
from flows.share.publish import publish, read_index
from flows.store.warehouse import read_manifest
from flows.store.withdrawn import TOMBSTONE, Tombstone, Yank, forget_yank, write_tombstone, write_yank


@pytest.fixture
def place(tmp_path):
    return FolderPlace(tmp_path / "published")


def files_of(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def latest_of(place):
    return json.loads((place.root / LATEST).read_text())["version"]


def damage(path):
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"?")


def test_a_published_release_is_the_release_byte_for_byte(store, place):
    done = publish(store, place, ["1.1.0"])
    assert files_of(place.root / "releases" / "1.1.0") == files_of(store.releases / "1.1.0")
    assert (
        verify_release(place.root / "releases" / "1.1.0", read_manifest(place.root / "releases" / "1.1.0")).findings
        == ()
    )
    assert done.latest == latest_of(place) == "1.1.0"
    assert list(read_index(place)) == ["1.1.0"]
    assert not (place.root / "publishing" / "1.1.0.json").exists()


def test_files_of_a_published_release_are_read_only(store, place):
    publish(store, place, ["1.0.0"])
    parquet = list((place.root / "releases" / "1.0.0").glob("*.parquet"))
    assert parquet
    assert {path.stat().st_mode & 0o222 for path in parquet} == {0}


def test_publishing_again_writes_nothing(store, place):
    publish(store, place, ["1.0.0", "1.1.0"])
    before = {path: path.stat().st_mtime_ns for path in place.root.rglob("*") if path.name != ".lock"}
    done = publish(store, place, ["1.0.0", "1.1.0"])
    assert done.uploaded == ()
    assert {path for path, when in before.items() if path.is_file() and path.stat().st_mtime_ns != when} == set()


def test_latest_does_not_go_back_when_an_old_release_is_published_later(store, place):
    publish(store, place, ["1.1.0"])
    assert publish(store, place, ["1.0.0"]).latest == "1.1.0"
    assert latest_of(place) == "1.1.0"
    assert list(read_index(place)) == ["1.0.0", "1.1.0"]


def test_a_yank_is_carried_there_with_the_next_publication_of_anything(store, place):
    publish(store, place, ["1.0.0", "1.1.0"])
    write_yank(store, Yank("1.1.0", "wrong days", "1.0.0", "2026-01-02"))
    assert publish(store, place, ["1.1.0"]).withdrawn == ("1.1.0",)
    assert publish(store, place, ["1.1.0"]).withdrawn == ()
    assert read_index(place)["1.1.0"].yanked.reason == "wrong days"
    assert latest_of(place) == "1.0.0"


def test_a_copy_of_the_warehouse_that_has_not_heard_of_a_yank_does_not_take_it_back(store, made, place):
    write_yank(store, Yank("1.1.0", "wrong days", None, "2026-01-02"))
    publish(store, place, ["1.0.0", "1.1.0"])
    publish(made, place, ["1.0.0", "1.1.0"])
    assert read_index(place)["1.1.0"].yanked is not None
    assert latest_of(place) == "1.0.0"


def test_a_yank_that_was_taken_back_is_taken_back_there_when_that_is_said(store, place):
    write_yank(store, Yank("1.1.0", "wrong days", None, "2026-01-02"))
    publish(store, place, ["1.0.0", "1.1.0"])
    forget_yank(store, "1.1.0")
    done = publish(store, place, ["1.0.0"])
    assert (done.latest, done.kept_yanks) == ("1.0.0", ("1.1.0",))
    done = publish(store, place, ["1.1.0"], unyank=True)
    assert (done.latest, done.kept_yanks) == ("1.1.0", ())
    assert read_index(place)["1.1.0"].yanked is None


def test_where_every_release_is_yanked_latest_names_none(store, place):
    write_yank(store, Yank("1.0.0", "wrong days", None, "2026-01-02"))
    assert publish(store, place, ["1.0.0"]).latest is None
    assert json.loads((place.root / LATEST).read_text()) == {"version": None, "manifest_sha256": None}


def take_down(store, version):
    """What a takedown leaves of a release."""
    folder = store.releases / version
    deleted = ["dateline.duckdb", "documents.parquet"]
    folder.chmod(0o755)
    for name in deleted:
        (folder / name).unlink()
    stone = Tombstone(version, "0" * 16, "0" * 64, "asked", "2026-01-02", tuple(deleted), ())
    write_tombstone(folder, stone)


def test_what_was_taken_down_here_is_deleted_there_and_the_tombstone_says_so(store, place):
    publish(store, place, ["1.0.0", "1.1.0"])
    take_down(store, "1.0.0")
    done = publish(store, place, ["1.1.0"])
    there = place.root / "releases" / "1.0.0"
    assert done.deleted == ("releases/1.0.0/dateline.duckdb", "releases/1.0.0/documents.parquet")
    assert not (there / "documents.parquet").exists()
    assert (there / "quotes.parquet").exists()
    assert (there / TOMBSTONE).read_bytes() == (store.releases / "1.0.0" / TOMBSTONE).read_bytes()
    assert read_index(place)["1.0.0"].tombstone


def test_a_copy_of_the_warehouse_that_has_not_heard_of_a_takedown_does_not_bring_the_files_back(store, made, place):
    take_down(store, "1.0.0")
    publish(store, place, ["1.0.0"])
    publish(made, place, ["1.0.0"])
    assert not (place.root / "releases" / "1.0.0" / "documents.parquet").exists()
    assert read_index(place)["1.0.0"].tombstone


def test_a_damaged_release_is_not_published(store, place):
    damage(store.releases / "1.0.0" / "quotes.parquet")
    with pytest.raises(WarehouseDamaged, match=r"quotes\.parquet differs from the manifest"):
        publish(store, place, ["1.0.0"])
    assert not place.root.exists()


def test_another_release_of_a_published_version_is_refused_and_nothing_changes(store, otherwise, place):
    publish(store, place, ["1.0.0"])
    before = files_of(place.root)
    with pytest.raises(OtherRelease, match=r"has another release 1\.0\.0"):
        publish(otherwise, place, ["1.0.0"])
    assert files_of(place.root) == before


def test_a_warehouse_with_another_history_is_refused_whatever_it_publishes(store, otherwise, place):
    publish(otherwise, place, ["1.0.0"])
    with pytest.raises(OtherRelease):
        publish(store, place, ["1.1.0"])
    assert list(read_index(place)) == ["1.0.0"]


def test_a_version_that_another_release_was_half_way_to_becoming_is_not_mixed_with_it(
    store, otherwise, place, monkeypatch
):
    with monkeypatch.context() as patched:
        patched.setattr(os, "link", _fails_at("manifest.json", os.link))
        with pytest.raises(StorageFailed, match="Free some space"):
            publish(store, place, ["1.0.0"])
    before = files_of(place.root)
    with pytest.raises(OtherRelease, match="left half way"):
        publish(otherwise, place, ["1.0.0"])
    assert files_of(place.root) == before
    publish(otherwise, place, ["1.0.0"], instead=True)
    assert files_of(place.root / "releases" / "1.0.0") == files_of(otherwise.releases / "1.0.0")
    with pytest.raises(OtherRelease):
        publish(store, place, ["1.0.0"])
    assert files_of(place.root / "releases" / "1.0.0") == files_of(otherwise.releases / "1.0.0")


def _fails_at(name, link):
    def fails(source, target):
        if Path(target).name == name:
            raise OSError(errno.ENOSPC, "No space left on device", str(target))
        link(source, target)

    return fails


def test_an_interrupted_publication_shows_nothing_and_is_gone_on_with(store, place, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(os, "link", _fails_at("manifest.json", os.link))
        with pytest.raises(StorageFailed):
            publish(store, place, ["1.0.0"])
    assert read_index(place) == {}
    assert not (place.root / "releases" / "1.0.0" / "manifest.json").exists()
    done = publish(store, place, ["1.0.0"])
    assert done.uploaded == ("releases/1.0.0/manifest.json",)
    assert latest_of(place) == "1.0.0"


def test_a_file_that_was_lost_or_spoilt_there_is_put_back(store, place):
    publish(store, place, ["1.0.0"])
    there = place.root / "releases" / "1.0.0"
    damage(there / "quotes.parquet")
    (there / "events.parquet").unlink()
    done = publish(store, place, ["1.0.0"])
    assert set(done.uploaded) == {"releases/1.0.0/quotes.parquet", "releases/1.0.0/events.parquet"}
    assert files_of(there) == files_of(store.releases / "1.0.0")
