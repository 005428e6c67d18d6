"""What fuzzing and hostile files found in the readers, each kept by name."""

import gzip
import json
import os
import pickle
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.errors import UsageError
from flows.ingest import html, packed, raw, readers, rows
from flows.ingest.html import read_html
from flows.ingest.inputs import discover
from flows.ingest.readers import read_records
from flows.ingest.rows import read_file
from flows.settings import load_settings

STORY = "Envoys of Norway and Iceland met in Oslo on Tuesday to talk about the fishing grounds between them. "


def records(path: Path):
    (file,) = discover([path], warehouse=path.parent / "warehouse")
    return list(read_records(file))


def parquet_records(folder: Path, table: pa.Table):
    pq.write_table(table, folder / "a.parquet")
    return records(folder / "a.parquet")


def test_a_parquet_text_that_is_no_utf_8_is_read_as_bytes(tmp_path):
    no_utf8 = pa.array([STORY.encode() + b"caf\xe9", STORY.encode()]).view(pa.string())
    first, second = parquet_records(tmp_path, pa.table({"id": ["1", "2"], "text": no_utf8, "title": no_utf8}))
    assert (first.raw, first.media_type, first.refused) == (STORY.encode() + b"caf\xe9", "text/plain", None)
    assert first.title == STORY + "caf\ufffd"
    assert second.raw == STORY.encode()


def test_texts_that_parquet_holds_as_bytes_are_texts(tmp_path):
    (record,) = parquet_records(tmp_path, pa.table({"id": [b"7"], "text": [STORY.encode()], "html": [b"<p>"]}))
    assert (record.uri, record.media_type, record.raw) == ("a.parquet#7", "text/plain", STORY.encode())


@pytest.mark.parametrize("unit", ["ms", "us"])
def test_a_point_in_time_that_python_cannot_hold_is_none_and_the_row_is_read(tmp_path, unit):
    far = pa.array([2**60], pa.timestamp("us")).view(pa.timestamp(unit))
    (record,) = parquet_records(tmp_path, pa.table({"text": [STORY], "date": far}))
    assert (record.published, record.refused) == (None, None)


def test_lists_and_structs_in_parquet_are_no_text(tmp_path):
    table = pa.table({"id": ["7"], "text": pa.array([{"a": STORY}]), "title": pa.array([[STORY]])})
    (record,) = parquet_records(tmp_path, table)
    assert (record.uri, record.title, record.refused) == ("a.parquet#7", None, "no_text_field")


def test_absurdly_long_ids_and_metadata_are_none(tmp_path):
    long = "x" * (raw.MAX_METADATA_CHARS + 1)
    row = {"id": long, "title": long, "url": long[1:], "text": STORY}
    (tmp_path / "a.jsonl").write_text(json.dumps(row))
    (record,) = records(tmp_path / "a.jsonl")
    assert (len(record.uri), record.title, record.url) == (len("a.jsonl#") + 16, None, long[1:])
    (tmp_path / "a.warc").write_text(
        f"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Record-ID: {long}\r\nWARC-Target-URI: {long}\r\n"
        "Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nwords\r\n\r\n",
        newline="",
    )
    (record,) = records(tmp_path / "a.warc")
    assert (record.raw, len(record.uri), record.url) == (b"words", len("a.warc#") + 16, None)


def test_records_of_next_to_nothing_are_given_up_after_so_many(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "FREE_RECORDS", 3)
    (tmp_path / "a.jsonl").write_text("0\n" * 9)
    assert [record.refused for record in records(tmp_path / "a.jsonl")] == [*["not_an_object"] * 4, "too_many_records"]
    (tmp_path / "b.jsonl").write_text("0\n" * 4)
    assert [record.refused for record in records(tmp_path / "b.jsonl")] == ["not_an_object"] * 4
    pq.write_table(pa.table({"text": pa.array([""] * 9)}), tmp_path / "a.parquet")
    assert [record.refused for record in records(tmp_path / "a.parquet")] == [*[None] * 4, "too_many_records"]


def test_headlines_are_read_however_many_they_are(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "FREE_RECORDS", 3)
    (tmp_path / "a.jsonl").write_text("".join(f'{{"text": "Talks resume in Bergen {n}"}}\n' for n in range(10_000)))
    assert {record.refused for record in records(tmp_path / "a.jsonl")} == {None}


def test_a_packed_file_may_unpack_to_a_hundred_times_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(packed, "MIN_UNPACKED_BYTES", 1_000)
    line = json.dumps({"text": STORY}).encode() + b"\n"
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(line * 20))
    assert {record.refused for record in records(tmp_path / "a.jsonl.gz")} == {None}
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(line * 20_000))
    found = records(tmp_path / "b.jsonl.gz")
    assert [record.refused for record in found] == [*[None] * (len(found) - 1), "too_long"]
    size = (tmp_path / "b.jsonl.gz").stat().st_size
    assert len(found) - 1 == size * packed.MAX_UNPACKED_RATIO // len(line)


def test_the_same_content_again_and_again_is_folded_as_it_comes_to_the_same_rows(tmp_path, monkeypatch):
    lines = [json.dumps({"id": n, "html": f"<p>{STORY}", "title": str(n % 2)}) for n in range(20)]
    (tmp_path / "a.jsonl").write_text("\n".join([*lines, *lines[:3], "0", "0"]))
    (file,) = discover([tmp_path / "a.jsonl"], warehouse=tmp_path / "warehouse")
    whole = read_file(file)
    held = []
    merge = rows.merge_documents
    monkeypatch.setattr(rows, "FOLD_WEIGHT", 0)
    monkeypatch.setattr(rows, "merge_documents", lambda found: held.append(len(list(found))) or merge(found))
    assert read_file(file) == whole
    assert max(held) <= 4
    assert len(held) > 5


def test_names_that_differ_only_in_how_a_byte_is_written_have_two_addresses(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text(STORY)
    (tmp_path / r"caf\xe9.txt").write_text(STORY)
    found = discover([tmp_path], warehouse=tmp_path / "warehouse")
    assert [file.uri for file in found] == [r"caf\x5cxe9.txt", r"caf\xe9.txt"]
    assert [os.fsencode(file.path.name) for file in found] == [rb"caf\xe9.txt", b"caf\xe9.txt"]


def test_a_file_whose_name_is_no_utf_8_can_be_sent_to_prefect_and_to_a_worker(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9\x1b[31m\n.txt")).write_text(STORY)
    (file,) = discover([tmp_path], warehouse=tmp_path / "warehouse")
    json.dumps(vars(file), ensure_ascii=False).encode("utf-8")
    assert pickle.loads(pickle.dumps(file)) == file  # noqa: S301 # our own, as the pool of processes does it
    assert [record.raw for record in read_records(file)] == [STORY.encode()]


@pytest.mark.parametrize("setting", [{"inputs": ["caf\udce9"]}, {"warehouse": Path("caf\udce9")}])
def test_an_input_or_warehouse_whose_own_name_is_no_utf_8_is_refused_by_name(setting):
    with pytest.raises(UsageError, match=r"caf\\\\xe9.* is no UTF-8") as refusal:
        load_settings(**setting)
    str(refusal.value).encode("utf-8")


def test_a_warehouse_with_a_question_mark_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"\? in its path"):
        load_settings(warehouse=tmp_path / "what?" / "warehouse")
    load_settings(warehouse=tmp_path / "a %20 ${HOME} 'b' \"c\" #" / "warehouse")


@pytest.mark.parametrize(
    ("page", "comparisons"),
    [
        ("<p>words</p>" * 9, 0),
        ("<a href=\"?a=1&b=<2>\" title='>' hidden>", 9),
        ("<script>for (i=0; i<n; i++) { x = 'y' }</script><p>words", 16),
        ("<p" + " a b" * 100 + ">", 40_000),
        ('<!-- <p x=" --><p' + " a" * 200 + ">", 40_000),
        ("<body a b><body c d e>", 25),
        ("<html a><HTML\nb c>", 9),
    ],
)
def test_the_comparisons_of_attributes_are_counted_before_a_page_is_parsed(page, comparisons):
    counted = html._comparisons(page)
    assert comparisons <= counted <= 2 * comparisons + 100


def test_a_page_may_hold_a_script_full_of_words_that_look_like_attributes(tmp_path):
    script = "if (i<n) " + "word " * 10_000
    assert read_html(f"<script>{script}</script><p>{STORY}").text == STORY.strip()


def test_entities_that_a_page_declares_are_neither_expanded_nor_fetched(tmp_path):
    (tmp_path / "secret").write_text("not for this page")
    head = (
        f'<!DOCTYPE html [<!ENTITY a "laugh"><!ENTITY b "&a;&a;&a;"><!ENTITY file SYSTEM "file://{tmp_path}/secret">]>'
    )
    page = f'<?xml version="1.0"?>{head}<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{STORY}&b; &file;</p></body></html>'
    text = read_html(page).text
    assert text.endswith(f"{STORY}&b; &file;")
    assert "not for this page" not in text
