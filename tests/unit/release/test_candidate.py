"""Publishing is one rename and one link, and whoever was overtaken does neither."""

import shutil

import pytest

from flows.errors import WarehouseOvertaken
from flows.release.candidate import PUBLISHING, publish_candidate, recover
from flows.release.manifest import describe_files
from flows.store.durable import dump_json, swap_link
from flows.store.warehouse import Warehouse


@pytest.fixture
def store(tmp_path):
    warehouse = Warehouse(tmp_path / "warehouse")
    warehouse.prepare()
    return warehouse


def candidate(store, version, parent):
    folder = store.staging / f"candidate-{version}"
    folder.mkdir()
    (folder / "dateline.duckdb").write_text(version)
    manifest = {"version": version, "parent": parent, "files": describe_files(folder)}
    (folder / "manifest.json").write_text(dump_json(manifest))
    return folder


def publish(store, version, parent):
    return publish_candidate(store, candidate(store, version, parent), version, parent)


def test_a_candidate_becomes_current_and_leaves_staging_empty(store):
    with store.writing():
        publish(store, "1.0.0", None)
        publish(store, "1.1.0", "1.0.0")
    assert store.current_version() == "1.1.0"
    assert (store.root / "dateline.duckdb").read_text() == "1.1.0"
    assert list(store.staging.iterdir()) == []
    assert store.read_state(PUBLISHING) is None


def test_without_the_lock_nothing_is_published(store):
    with pytest.raises(WarehouseOvertaken):
        publish(store, "1.0.0", None)
    assert store.versions() == []


def test_a_candidate_that_was_compared_with_another_parent_is_not_published(store):
    with store.writing():
        publish(store, "1.0.0", None)
        publish(store, "1.1.0", "1.0.0")
        with pytest.raises(WarehouseOvertaken, match=r"compared with 1\.0\.0, and the current release is now 1\.1\.0"):
            publish(store, "1.2.0", "1.0.0")
    assert store.current_version() == "1.1.0"


def test_a_version_that_is_there_is_never_replaced(store):
    with store.writing():
        publish(store, "1.0.0", None)
        shutil.copytree(store.releases / "1.0.0", store.releases / "1.1.0")
        with pytest.raises(WarehouseOvertaken, match="is there already"):
            publish(store, "1.1.0", "1.0.0")
    assert store.current_version() == "1.0.0"


def unlinked(store):
    """A run that died between the rename and the link."""
    with store.writing():
        publish(store, "1.0.0", None)
        candidate(store, "1.1.0", "1.0.0").rename(store.releases / "1.1.0")
        store.write_state(PUBLISHING, {"version": "1.1.0", "parent": "1.0.0"})


def test_a_release_that_only_lacks_its_link_is_linked(store):
    unlinked(store)
    with store.writing():
        assert recover(store) == "1.1.0"
        assert recover(store) is None
    assert store.current_version() == "1.1.0"


def test_an_unlinked_release_that_is_not_whole_is_put_aside(store):
    unlinked(store)
    (store.releases / "1.1.0" / "dateline.duckdb").write_text("another")
    with store.writing():
        assert recover(store) is None
    assert store.current_version() == "1.0.0"
    assert [path.name for path in store.rejected.iterdir()] == ["unlinked-1.1.0"]
    assert store.versions() == ["1.0.0"]


def test_a_current_that_was_set_back_by_hand_stays_where_it_was_put(store):
    with store.writing():
        publish(store, "1.0.0", None)
        publish(store, "1.1.0", "1.0.0")
    swap_link(store.current, "releases/1.0.0")
    with store.writing():
        assert recover(store) is None
    assert store.current_version() == "1.0.0"
    assert store.versions() == ["1.0.0", "1.1.0"]


def test_what_a_killed_run_left_half_done_is_swept(store):
    (store.staging / "abc").mkdir()
    (store.staging / "abc" / "quotes.parquet").write_text("half")
    (store.staging / "abc" / "quotes.parquet").chmod(0o444)
    (store.work / "clean" / ".00.77").mkdir(parents=True)
    (store.state / ".writer.json.77").write_text("half")
    (store.root / ".current.77").symlink_to("releases/9.9.9")
    with store.writing():
        recover(store)
    assert list(store.staging.iterdir()) == list((store.work / "clean").iterdir()) == []
    assert [path.name for path in store.state.iterdir()] == ["writer.json"]
    assert not (store.root / ".current.77").is_symlink()
