"""Groups of files to the ledger and on to shards: in parts, the same whatever the parts, and only what stood still."""

import json

import pytest

from flows.ingest import unit
from flows.ingest.inputs import discover
from flows.ingest.unit import gather, group_files, ingest_group

STORY = "The army said on Friday that its troops had left {place}. Nobody was hurt."
CODE = "f" * 64


@pytest.fixture
def inputs(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.txt").write_text(STORY.format(place=f"Port {number}"))
    (folder / "copy.txt").write_text(STORY.format(place="Port 0"))
    (folder / "page.html").write_text(f"<html><body><p>{STORY.format(place='Bergen')}</p></body></html>")
    return folder


def ingested(inputs, work):
    files = discover([inputs], warehouse=work / "warehouse")
    return [ingest_group(group).entry for group in group_files(work / "ingest", CODE, files, {})]


def rows(entries, name):
    return [row for entry in entries for row in entry.table(name).to_pylist()]


def test_shards_hold_each_document_once_with_every_place_it_was_met_in(inputs, tmp_path):
    entries = gather(tmp_path / "gathered", CODE, ingested(inputs, tmp_path))
    documents = rows(entries, "documents")
    assert len(documents) == len({row["document_id"] for row in documents}) == 7
    assert sorted(uri for row in documents for uri in row["uris"]) == sorted(path.name for path in inputs.iterdir())
    assert {"0.txt", "copy.txt"} in [set(row["uris"]) for row in documents]
    assert {row["document_id"] for row in rows(entries, "blocks")} == {
        row["document_id"] for row in documents if row["uris"] == ["page.html"]
    }


def test_the_size_of_the_parts_changes_no_shard(inputs, tmp_path, monkeypatch):
    usual = gather(tmp_path / "a" / "gathered", CODE, ingested(inputs, tmp_path / "a"))
    monkeypatch.setattr(unit, "HELD_RECORDS", 1)
    small = gather(tmp_path / "b" / "gathered", CODE, ingested(inputs, tmp_path / "b"))
    assert [entry.folder.name for entry in small] == [entry.folder.name for entry in usual]
    assert [entry.files for entry in small] == [entry.files for entry in usual]


def test_a_shard_that_is_unchanged_is_not_written_again_and_nothing_is_left_of_the_sorting(inputs, tmp_path):
    before = {entry.folder for entry in gather(tmp_path / "gathered", CODE, ingested(inputs, tmp_path))}
    times = {folder: (folder / "entry.json").stat().st_mtime_ns for folder in before}
    (inputs / "7.txt").write_text(STORY.format(place="Port 7"))
    after = {entry.folder for entry in gather(tmp_path / "gathered", CODE, ingested(inputs, tmp_path))}
    assert len(after - before) == 1
    assert {folder: (folder / "entry.json").stat().st_mtime_ns for folder in before} == times
    assert list((tmp_path / "gathered").glob(".*")) == []


def test_a_file_that_changes_while_it_is_read_is_refused_now_and_read_the_next_time(inputs, tmp_path, monkeypatch):
    steady = unit.iter_rows

    def growing(file, field_map=None):
        yield from steady(file, field_map)
        if file.uri == "3.txt" and file.refused is None:
            file.path.write_text(STORY.format(place="Port 3, and more was being written"))

    with monkeypatch.context() as patch:
        patch.setattr(unit, "iter_rows", growing)
        first = rows(ingested(inputs, tmp_path), "documents")
    found = {uri: row["status_reason"] for row in first for uri in row["uris"]}
    assert found["3.txt"] == "changed_while_read"
    assert {reason for uri, reason in found.items() if uri != "3.txt"} == {None}
    (inputs / "3.txt").write_text(STORY.format(place="Port 3"))  # what was planned: its digest is in the ledger's keys
    second = rows(ingested(inputs, tmp_path), "documents")
    assert {row["status"] for row in second} == {"accepted"}


def test_a_file_that_could_be_hashed_and_not_read_is_read_the_next_time(inputs, tmp_path, monkeypatch):
    steady = unit.iter_rows

    def blinking(file, field_map=None):
        for document, record, blocks in steady(file, field_map):
            if file.uri == "3.txt" and file.refused is None:
                yield document | {"status": "quarantined", "status_reason": "unreadable_file"}, record, blocks
            else:
                yield document, record, blocks

    with monkeypatch.context() as patch:
        patch.setattr(unit, "iter_rows", blinking)
        found = {
            uri: row["status_reason"] for row in rows(ingested(inputs, tmp_path), "documents") for uri in row["uris"]
        }
    assert found["3.txt"] == "unreadable_file"
    assert {row["status"] for row in rows(ingested(inputs, tmp_path), "documents")} == {"accepted"}


def test_the_number_of_a_shard_s_parts_changes_no_row(inputs, tmp_path, monkeypatch):
    pages = "".join(f"<p>{STORY.format(place=f'Port {number}')}</p>" for number in range(50))
    for number in range(40):
        (inputs / f"page-{number}.html").write_text(f"<h1>{number}</h1>{pages}")
        (inputs / f"copy-{number}.html").write_text(f"<h1>{number}</h1>{pages}")
    whole = gather(tmp_path / "a" / "gathered", CODE, ingested(inputs, tmp_path / "a"))
    monkeypatch.setattr(unit, "PART_BYTES", 1)
    monkeypatch.setattr(unit, "MAX_PARTS", 7)
    parts = gather(tmp_path / "b" / "gathered", CODE, ingested(inputs, tmp_path / "b"))
    assert [entry.folder.name for entry in parts] == [entry.folder.name for entry in whole]
    for name, key in (("documents", "document_id"), ("blocks", "document_id"), ("records", "uri")):
        found = rows(parts, name)
        assert sorted(found, key=lambda row: row[key]) == sorted(rows(whole, name), key=lambda row: row[key])
        assert key == "uri" or [row[key] for row in found] == [row[key] for row in rows(whole, name)]
    assert list((tmp_path / "b" / "gathered").glob(".*")) == []


def test_a_document_met_once_more_or_with_another_title_makes_its_shard_another(tmp_path):
    folder, keys = tmp_path / "in", []
    folder.mkdir()
    lines = [json.dumps({"id": 1, "text": STORY.format(place="Oslo"), "title": "One"})]
    for more in ({"id": 2, "title": "One"}, {"id": 2, "title": "Two"}, {"id": 3, "title": "Two"}):
        line = json.dumps({"text": STORY.format(place="Oslo")} | more)
        (folder / "a.jsonl").write_text("\n".join([*lines, line]))
        keys.append([entry.folder.name for entry in gather(tmp_path / "gathered", CODE, ingested(folder, tmp_path))])
    (folder / "a.jsonl").write_text(lines[0])
    keys.append([entry.folder.name for entry in gather(tmp_path / "gathered", CODE, ingested(folder, tmp_path))])
    assert len({tuple(each) for each in keys}) == 4


def test_no_more_is_read_of_an_entry_at_a_time_than_was_written_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(unit, "HELD_BYTES", 1_000)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text("\n".join(json.dumps({"text": f"{STORY} " * 20 + str(n)}) for n in range(10)))
    (entry,) = ingested(folder, tmp_path)
    assert [batch.num_rows for batch in entry.batches("documents")] == [1] * 10
