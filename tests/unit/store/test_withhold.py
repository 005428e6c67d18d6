"""The ledger without a document: its words are in no entry any more, all else is as it was, and a kill in between loses nothing."""

from pathlib import Path

import pytest

from flows.ingest.inputs import discover
from flows.ingest.unit import gather, group_files, ingest_group
from flows.store import ledger
from flows.store.ledger import read_entry, sweep_unfinished
from flows.store.parquet import to_arrow
from flows.store.withhold import withhold
from schemas.refusals import REFUSALS
from tests.integration.hunt import files_with
from tests.unit.release.killed import killed_at

CODE = "f" * 64
MARKER = "The harbour master of Ostermoor keeps no diary of the tides."


@pytest.fixture
def work(tmp_path):
    """A ledger of three documents in one page, one text and one file of records; the record of number 1 has the marker."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "0.txt").write_text("The army said on Friday that its troops had left Port Ansel. Nobody was hurt.")
    (folder / "1.html").write_text(f"<html><head><title>{MARKER}</title></head><body><p>{MARKER}</p></body></html>")
    (folder / "2.jsonl").write_text(
        '{"id": "a", "text": "Dock workers marched.", "title": "A march of dock workers"}\n'
    )
    ingested = read(folder, tmp_path / "work")
    gather(tmp_path / "work" / "gathered", CODE, ingested)
    return tmp_path / "work"


def read(folder, work, taken_down=()):
    files = discover([folder], warehouse=work)
    return [ingest_group(group).entry for group in group_files(work / "ingest", CODE, files, {}, taken_down)]


def documents(work, stage="ingest"):
    entries = [read_entry(path) for path in sorted((work / stage).iterdir())]
    return {row["document_id"]: row for entry in entries for row in entry.table("documents").to_pylist()}


def marked(work):
    (found,) = (key for key, row in documents(work).items() if MARKER in (row["text"] or ""))
    return found


def withhold_in(work, target):
    """For a process of its own."""
    withhold(Path(work), [target])


def test_no_word_of_the_document_is_left_and_all_others_are_as_they_were(work):
    target, before = marked(work), documents(work)
    assert files_with(work, MARKER)
    names = {path.name for path in (work / "ingest").iterdir()}
    assert withhold(work, [target]) > 0
    assert files_with(work, MARKER) == []
    after = documents(work)
    assert after.keys() == before.keys()
    assert {key: row for key, row in after.items() if key != target} == {
        key: row for key, row in before.items() if key != target
    }
    row = after[target]
    assert (row["status"], row["status_reason"], row["text"]) == ("quarantined", "taken_down", None)
    assert (row["uris"], row["sha256"], row["byte_length"]) == tuple(
        before[target][name] for name in ("uris", "sha256", "byte_length")
    )
    assert {path.name for path in (work / "ingest").iterdir()} == names, "an entry is found under the name that it had"
    assert all(ledger.is_whole(read_entry(path)) for path in (work / "ingest").iterdir())


def test_what_was_done_before_is_not_done_again(work):
    target = marked(work)
    withhold(work, [target])
    times = {path: path.stat().st_mtime_ns for path in work.rglob("*")}
    assert withhold(work, [target]) == 0
    assert withhold(work, []) == 0
    assert {path: path.stat().st_mtime_ns for path in work.rglob("*")} == times


def test_what_other_stages_made_of_it_is_removed_and_what_they_made_of_others_is_not(work):
    target = marked(work)
    rows = to_arrow(REFUSALS, [{"document_id": target, "status_reason": "no_body"}])
    theirs = ledger.commit(work / "clean", "00", "1" * 24, CODE, {"refusals": rows}, {target: "x"})
    other = ledger.commit(work / "clean", "01", "1" * 24, CODE, {"refusals": rows.slice(0, 0)}, {"0" * 16: "x"})
    across = [
        ledger.commit(work / stage, "00", "1" * 24, CODE, {"refusals": rows}, {"0" * 16: "x"})
        for stage in ("dated", "corrected", "group", "link")
    ]
    withhold(work, [target])
    assert not theirs.folder.exists()
    assert [entry.folder.exists() for entry in across] == [False] * 4
    assert other.folder.exists()
    assert target not in documents(work, "gathered")


def test_a_damaged_entry_is_not_kept_for_the_sake_of_what_cannot_be_read(work):
    target = marked(work)
    (folder,) = (path for path in (work / "ingest").iterdir() if target in str(read_entry(path).table("documents")))
    (folder / "documents.parquet").write_bytes((folder / "documents.parquet").read_bytes()[:-9])
    withhold(work, [target])
    assert not folder.exists()


def test_a_process_that_dies_between_the_two_renames_loses_no_entry(work):
    target, before = marked(work), documents(work).keys()
    assert killed_at("withhold.aside", withhold_in, str(work), target)
    sweep_unfinished(work)
    assert documents(work).keys() == before
    assert withhold(work, [target]) > 0
    assert files_with(work, MARKER) == []


@pytest.mark.parametrize("again", [False, True], ids=["read-anew", "found-in-the-ledger"])
def test_the_same_bytes_are_never_taken_in_again(work, tmp_path, again):
    target = marked(work)
    elsewhere = work
    if again:
        withhold(work, [target])
    else:
        elsewhere = tmp_path / "anew"
    entries = read(tmp_path / "in", elsewhere, [target])
    assert files_with(elsewhere / "ingest", MARKER) == []
    rows = {row["document_id"]: row for entry in entries for row in entry.table("documents").to_pylist()}
    assert (rows[target]["status_reason"], rows[target]["text"]) == ("taken_down", None)
    assert [row["status"] for key, row in rows.items() if key != target] == ["accepted", "accepted"]
    records = [row for entry in entries for row in entry.table("records").to_pylist()]
    assert {row["title"] for row in records if row["document_id"] == target} == {None}
    assert {row["title"] for row in records if row["document_id"] != target} == {None, "A march of dock workers"}
