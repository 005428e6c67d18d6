"""A pulled release is the published one, or there is an error and what came whole is kept."""

import json
from dataclasses import replace
from hashlib import sha256

import pytest

from flows.errors import NotPublished, Tampered, UsageError
from flows.share.folder import FolderPlace
from flows.share.index import INDEX, Entry, index_json
from flows.share.lock import Lock
from flows.share.publish import publish
from flows.share.pull import HELD, MARKER, locked_entry, pull, releases_at
from flows.store.durable import dump_json

RELEASE = "releases/1.0.0"


@pytest.fixture
def place(store, tmp_path):
    place = FolderPlace(tmp_path / "published")
    publish(store, place, ["1.0.0", "1.1.0"])
    return place


@pytest.fixture
def entry(place):
    return releases_at(place)["1.0.0"]


def files_of(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rewrite(path, data):
    path.chmod(0o644)
    path.write_bytes(data)


class Stops(FolderPlace):
    """A place that breaks off after so many bytes of one file."""

    def download(self, name, offset):
        for part in super().download(name, offset):
            if name.endswith("events.parquet"):
                yield part[:100]
                raise NotPublished("broken off")
            yield part


def test_what_was_pulled_is_what_was_published_read_only_and_without_any_mark(place, entry, store, tmp_path):
    done = pull(place, entry, tmp_path / "data")
    assert files_of(tmp_path / "data") == files_of(store.releases / "1.0.0")
    assert {path.stat().st_mode & 0o222 for path in (tmp_path / "data").rglob("*") if path.is_file()} == {0}
    assert done.fetched_bytes == entry.bytes


def test_a_warehouse_can_be_pulled_from_as_it_is(store, entry, tmp_path):
    place = FolderPlace(store.root)
    assert releases_at(place)["1.0.0"] == entry
    pull(place, entry, tmp_path / "data")
    assert files_of(tmp_path / "data") == files_of(store.releases / "1.0.0")


def test_a_folder_without_releases_is_no_source(tmp_path):
    with pytest.raises(UsageError, match="has no releases"):
        releases_at(FolderPlace(tmp_path / "nothing"))


def test_a_broken_pull_is_marked_as_half_and_gone_on_with(place, entry, store, tmp_path):
    with pytest.raises(NotPublished):
        pull(Stops(place.root), entry, tmp_path / "data")
    half = files_of(tmp_path / "data")
    assert MARKER in half
    assert "manifest.json" not in half
    assert len(half["events.parquet.part"]) == 100
    whole = sum(len(data) for name, data in half.items() if name != MARKER)
    done = pull(place, entry, tmp_path / "data")
    assert done.fetched_bytes == entry.bytes - whole
    assert files_of(tmp_path / "data") == files_of(store.releases / "1.0.0")


def test_a_part_that_is_not_the_beginning_of_its_file_is_fetched_again(place, entry, store, tmp_path):
    with pytest.raises(NotPublished):
        pull(Stops(place.root), entry, tmp_path / "data")
    (tmp_path / "data" / "events.parquet.part").write_bytes(b"something else")
    pull(place, entry, tmp_path / "data")
    assert files_of(tmp_path / "data") == files_of(store.releases / "1.0.0")


@pytest.mark.parametrize("length", [0, 10, None, 100_000], ids=["empty", "shorter", "same length", "longer"])
def test_a_tampered_file_is_named_and_not_kept(length, place, entry, tmp_path):
    path = place.root / RELEASE / "quotes.parquet"
    data = path.read_bytes()
    rewrite(path, data[:-1] + b"?" if length is None else (data * 100)[:length])
    with pytest.raises(Tampered, match=r"quotes\.parquet is not what the manifest of 1\.0\.0 says"):
        pull(place, entry, tmp_path / "data")
    assert not list((tmp_path / "data").glob("quotes*"))
    assert not (tmp_path / "data" / "manifest.json").exists()
    rewrite(path, data)
    pull(place, entry, tmp_path / "data")


def test_a_file_that_is_not_there_is_named(place, entry, tmp_path):
    (place.root / RELEASE / "quotes.parquet").unlink()
    with pytest.raises(NotPublished, match=r"quotes\.parquet is not there"):
        pull(place, entry, tmp_path / "data")


def test_a_tampered_manifest_is_refused_before_anything_is_fetched(place, entry, tmp_path):
    path = place.root / RELEASE / "manifest.json"
    rewrite(path, path.read_bytes() + b" ")
    with pytest.raises(Tampered, match="not the manifest that was published"):
        pull(place, entry, tmp_path / "data")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "name", ["../outside", "/outside", "a/../../outside", "a\\b", ".hidden", "a//b", "manifest.json", "x\n"]
)
def test_a_manifest_that_names_files_outside_its_folder_is_refused(name, place, entry, tmp_path):
    path = place.root / RELEASE / "manifest.json"
    manifest = json.loads(path.read_bytes())
    manifest["files"][name] = {"bytes": 1, "sha256": "0" * 64}
    data = dump_json(manifest).encode()
    rewrite(path, data)
    with pytest.raises(Tampered, match="no plain name"):
        pull(place, replace(entry, manifest_sha256=sha256(data).hexdigest()), tmp_path / "data")
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize(
    "index",
    [
        b"no json",
        b"[]",
        b"{}",
        b'{"name": "dateline", "format": 2, "releases": []}',
        index_json({"x": Entry("../1.0.0", "0" * 64, 1)}),
        index_json({"x": Entry("1.0.0", "no digest", 1)}),
    ],
)
def test_an_index_that_is_none_is_refused(index, place):
    (place.root / INDEX).write_bytes(index)
    with pytest.raises(Tampered, match=r"index\.json"):
        releases_at(place)


def test_a_folder_with_other_things_in_it_is_refused_and_left_as_it_is(place, entry, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError, match="is not empty"):
        pull(place, entry, tmp_path / "data")
    assert files_of(tmp_path / "data") == {"thesis.txt": b"mine"}


def test_a_file_in_place_of_the_folder_is_refused(place, entry, tmp_path):
    (tmp_path / "data").write_text("mine")
    with pytest.raises(UsageError, match="is a file"):
        pull(place, entry, tmp_path / "data")


def test_half_of_another_release_is_not_gone_on_with(place, entry, tmp_path):
    with pytest.raises(NotPublished):
        pull(Stops(place.root), entry, tmp_path / "data")
    before = files_of(tmp_path / "data")
    with pytest.raises(UsageError, match=r"a half of 1\.0\.0, not of this 1\.1\.0"):
        pull(place, releases_at(place)["1.1.0"], tmp_path / "data")
    assert files_of(tmp_path / "data") == before


def test_another_whole_release_is_not_pulled_over(place, entry, tmp_path):
    pull(place, entry, tmp_path / "data")
    before = files_of(tmp_path / "data")
    with pytest.raises(UsageError, match="is not empty"):
        pull(place, releases_at(place)["1.1.0"], tmp_path / "data")
    assert files_of(tmp_path / "data") == before


def test_pulling_again_fetches_nothing_and_a_file_that_was_spoilt_since_is_fetched_again(place, entry, store, tmp_path):
    pull(place, entry, tmp_path / "data")
    assert pull(place, entry, tmp_path / "data").fetched_bytes == 0
    rewrite(tmp_path / "data" / "quotes.parquet", b"spoilt")
    done = pull(place, entry, tmp_path / "data")
    assert done.fetched_bytes == (store.releases / "1.0.0" / "quotes.parquet").stat().st_size
    assert files_of(tmp_path / "data") == files_of(store.releases / "1.0.0")


def test_two_pulls_into_one_folder_do_not_meet(place, entry, tmp_path):
    from filelock import FileLock

    (tmp_path / "data").mkdir()
    with FileLock(tmp_path / "data" / HELD), pytest.raises(UsageError, match="another dateline is pulling"):
        pull(place, entry, tmp_path / "data")


def test_a_release_whose_files_were_taken_down_cannot_be_pulled(place, entry, tmp_path):
    with pytest.raises(UsageError, match="taken down"):
        pull(place, replace(entry, tombstone=True), tmp_path / "data")


def test_a_lock_that_does_not_match_is_refused(place):
    lock = Lock("dateline", "1.0.0", "f" * 64, "published", "data")
    with pytest.raises(Tampered, match="the lock does not match"):
        locked_entry(releases_at(place), lock, place.address)


def test_a_locked_version_that_the_source_does_not_have_is_named(place):
    lock = Lock("dateline", "9.0.0", "f" * 64, "published", "data")
    with pytest.raises(UsageError, match=r"no version 9\.0\.0.*1\.0\.0, 1\.1\.0"):
        locked_entry(releases_at(place), lock, place.address)
