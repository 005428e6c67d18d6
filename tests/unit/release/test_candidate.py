from flows.release.candidate import publish_candidate
from flows.store.warehouse import Warehouse


def candidate(store: Warehouse, content: str):
    folder = store.staging / content
    folder.mkdir()
    (folder / "manifest.json").write_text(content)
    return folder


def test_a_release_that_a_killed_run_never_linked_does_not_block_the_next(tmp_path):
    store = Warehouse(tmp_path)
    store.prepare()
    candidate(store, "orphan").rename(store.releases / "1.0.0")
    publish_candidate(store, candidate(store, "whole"), "1.0.0")
    assert store.current_version() == "1.0.0"
    assert (store.release() / "manifest.json").read_text() == "whole"
    assert (store.rejected / "unlinked-1.0.0" / "manifest.json").read_text() == "orphan"
