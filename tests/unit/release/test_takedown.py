"""Taking a document down from releases of hand-written rows: what goes, what stays, and that a kill at any step is made good."""

import json
import shutil
from pathlib import Path

import pytest

from flows.errors import UsageError
from flows.release.takedown import begin_takedown, find_document, finish_takedown
from flows.release.verify import verify_release
from flows.store.query import open_release
from flows.store.warehouse import Warehouse
from flows.store.withdrawn import read_tombstone, takedowns_of, yanks_of
from flows.store.withhold import withheld_document
from tests.contracts.sound import COPY_ID, MARCH_ID, TALKS_ID, sound_rows
from tests.integration.hunt import files_with
from tests.unit.release.killed import killed_at
from tests.unit.release.made import make_release, make_warehouse

TODAY, REASON = "2026-03-05", "a court's order"
WORDS = "We will keep talking until the guns fall silent"
STEPS = (
    "takedown.recorded",
    "takedown.withheld",
    "takedown.yanked",
    "takedown.marked",
    "takedown.deleted",
)


def without_talks() -> dict:
    """The rows of a run that honours the takedown of TALKS."""
    rows = sound_rows()
    kept = {}
    for name, found in rows.items():
        owner = "article_id" if name == "articles" else "document_id"
        kept[name] = [row for row in found if row.get(owner) != TALKS_ID]
    gone = {row["event_id"] for row in rows["events"]} - {row["event_id"] for row in kept["events"]}
    kept["event_actors"] = [row for row in kept["event_actors"] if row["event_id"] not in gone]
    for name in ("incidents", "incident_events", "claim_conflicts", "entities", "id_map"):
        kept[name] = []
    kept["stories"] = [row for row in kept["stories"] if row["story_id"] in {a["story_id"] for a in kept["articles"]}]
    talks = next(row for row in rows["documents"] if row["document_id"] == TALKS_ID)
    kept["documents"] = [*kept["documents"], withheld_document(talks)]
    return kept


@pytest.fixture(scope="module")
def made_once(tmp_path_factory) -> Path:
    """1.0.0 does not hold TALKS; 1.1.0 and 1.2.0 do; a refused candidate and a run's record quote it."""
    warehouse = make_warehouse(tmp_path_factory.mktemp("made") / "warehouse")
    rows = without_talks()
    rows["documents"] = [row for row in rows["documents"] if row["document_id"] != TALKS_ID]
    make_release(warehouse, rows, inputs="0")
    make_release(warehouse, sound_rows(), inputs="1")
    changed = sound_rows()
    changed["documents"][-1] |= {"uris": ["elsewhere.txt"]}
    make_release(warehouse, changed, inputs="2")
    shutil.copytree(warehouse.release("1.1.0"), warehouse.rejected / "0123456789ab")
    run = warehouse.runs / "20260301T060000Z-00"
    run.mkdir(parents=True)
    (run / "events.jsonl").write_text(json.dumps({"event": "document_failed", "traceback": f"… “{WORDS},” …"}))
    (run / "report.json").write_text('{"result": "released"}')
    assert warehouse.versions() == ["1.0.0", "1.1.0", "1.2.0"]
    return warehouse.root


@pytest.fixture
def store(made_once, tmp_path) -> Warehouse:
    """A copy of that warehouse for one test."""
    return Warehouse(shutil.copytree(made_once, tmp_path / "warehouse", symlinks=True))


def begin(store):
    with store.writing():
        return begin_takedown(store, TALKS_ID, REASON, TODAY)


def finish(store):
    with store.writing():
        return finish_takedown(store, TALKS_ID)


def take_down(store) -> dict:
    """The whole, as the command does it: the successor is a run's."""
    found = begin(store)
    if store.current_version() in found.deleted:
        make_release(store, without_talks(), inputs="3")
    return finish(store)


def take_down_in(root: str) -> None:
    """For a process of its own."""
    take_down(Warehouse(Path(root)))


def test_the_words_are_nowhere_in_the_warehouse_afterwards_and_every_release_that_held_it_is_yanked(store):
    assert len(files_with(store.root, WORDS)) > 10
    take_down(store)
    assert files_with(store.root, WORDS) == []
    assert files_with(store.root, "At least 12 people were killed when shells hit the market of Velmora") == []
    assert store.current_version() == "1.3.0"
    assert {version: yank.successor for version, yank in yanks_of(store).items()} == {
        "1.1.0": "1.3.0",
        "1.2.0": "1.3.0",
    }
    assert REASON in yanks_of(store)["1.1.0"].reason
    assert takedowns_of(store)[TALKS_ID].versions == ("1.1.0", "1.2.0")


def test_a_release_that_never_held_it_is_untouched(store):
    before = {path: path.read_bytes() for path in store.release("1.0.0").rglob("*") if path.is_file()}
    take_down(store)
    assert {path: path.read_bytes() for path in store.release("1.0.0").rglob("*") if path.is_file()} == before
    assert "1.0.0" not in yanks_of(store)


def test_manifest_and_unaffected_files_stay_beside_a_tombstone(store):
    folder = store.release("1.1.0")
    before = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    deleted = take_down(store)["1.1.0"]
    after = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    stone = json.loads(after.pop("TOMBSTONE.json"))
    assert stone == {
        "version": "1.1.0",
        "document_id": TALKS_ID,
        "sha256": next(row["sha256"] for row in sound_rows()["documents"] if row["document_id"] == TALKS_ID),
        "reason": REASON,
        "taken_down_on": TODAY,
        "deleted": list(deleted),
        "also": [],
    }
    assert after == {name: data for name, data in before.items() if name not in deleted}
    assert {"manifest.json", "manifest.json.sha256", "DATACARD.md"} <= after.keys()
    assert {"documents.parquet", "dateline.duckdb", "quotes.parquet", "incidents.parquet"} <= set(deleted)


def test_verify_misses_nothing_that_was_deleted_on_purpose_and_still_sees_damage(store):
    take_down(store)
    folder, manifest = store.release("1.1.0"), store.manifest("1.1.0")
    assert verify_release(folder, manifest).findings == ()
    (folder / "DATACARD.md").unlink()
    (folder / "documents.parquet").write_bytes(b"back again")
    found = {finding.where: finding.what for finding in verify_release(folder, manifest).findings}
    assert found["DATACARD.md"] == "is missing"
    assert "should be gone" in found["documents.parquet"]


def test_who_reads_what_is_gone_is_told_why_and_what_to_read(store):
    take_down(store)
    with pytest.raises(UsageError, match=rf"held document {TALKS_ID}.*{REASON}\. Use release 1\.3\.0 in its place"):
        open_release(store, "1.1.0")


def test_the_diff_of_the_successor_does_not_repeat_it(store):
    begin(store)
    make_release(store, without_talks(), inputs="3")
    assert files_with(store.release("1.3.0"), "shells hit the market") == []


def test_near_copies_are_named_and_stay(store):
    with store.writing():
        found = begin_takedown(store, MARCH_ID, REASON, TODAY)
    assert [(copy["document_id"], copy["kind"]) for copy in found.copies] == [(COPY_ID, "near")]


def test_looking_changes_nothing(store):
    before = sorted(store.root.rglob("*"))
    found = find_document(store, TALKS_ID, REASON, TODAY)
    assert set(found.deleted) == {"1.1.0", "1.2.0"}
    assert found.rejected == ("0123456789ab",)
    assert sorted(store.root.rglob("*")) == before


def test_a_document_that_is_nowhere_is_an_error_and_leaves_no_record(store):
    with store.writing(), pytest.raises(UsageError, match="holds a document 00000000deadbeef"):
        begin_takedown(store, "00000000deadbeef", REASON, TODAY)
    assert takedowns_of(store) == {}


def test_without_a_successor_current_moves_to_the_newest_release_that_never_held_it(store):
    begin(store)
    finish(store)
    assert store.current_version() == "1.0.0"
    assert yanks_of(store)["1.2.0"].successor is None
    assert files_with(store.root, WORDS) == []


def test_doing_it_again_changes_nothing(store):
    deleted = take_down(store)
    before = {path: path.read_bytes() for path in store.releases.rglob("*") if path.is_file()}
    assert take_down(store) == deleted
    assert {path: path.read_bytes() for path in store.releases.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("step", STEPS)
def test_a_takedown_that_was_killed_at_any_step_is_finished_by_doing_it_again(store, step):
    assert killed_at(step, take_down_in, str(store.root))
    current = store.current_version()
    if current not in yanks_of(store):  # what users read is whole, or they are told otherwise
        assert verify_release(store.release(), store.manifest()).findings == ()
    assert TALKS_ID in takedowns_of(store), "every run from here on honours it"
    take_down(store)
    assert files_with(store.root, WORDS) == []
    assert set(yanks_of(store)) == {"1.1.0", "1.2.0"}
    assert store.current_version() == "1.3.0"
    for version in store.versions():
        assert verify_release(store.release(version), store.manifest(version)).findings == ()
    assert [read_tombstone(store.release(version)) is not None for version in store.versions()] == [
        False,
        True,
        True,
        False,
    ]


def test_a_second_takedown_in_the_same_release_is_added_to_its_tombstone(store):
    take_down(store)
    rows = without_talks()
    rows["documents"] = [withheld_document(row) if row["document_id"] == MARCH_ID else row for row in rows["documents"]]
    with store.writing():
        found = begin_takedown(store, MARCH_ID, "another order", TODAY)
        assert set(found.deleted) >= {"1.0.0", "1.3.0"}
        finish_takedown(store, MARCH_ID)
    assert read_tombstone(store.release("1.0.0")).document_ids == (MARCH_ID,)
    assert set(yanks_of(store)) == set(store.versions())
    assert store.current_version() is None
