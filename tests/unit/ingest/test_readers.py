"""Files of every format to raw records, streamed; what cannot be read is a record with a reason."""

import gzip
import hashlib
import json
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.ingest import packed, readers
from flows.ingest.inputs import discover
from flows.ingest.readers import read_records

GOOD = {"id": "7", "text": "The bridge is open.", "title": "Bridge opens"}


def records(path: Path, content: bytes, field_map=None):
    path.write_bytes(content)
    (file,) = discover([path], warehouse=path.parent / "warehouse")
    return list(read_records(file, field_map))


def json_lines(*rows) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.txt", "text/plain"),
        ("a.TEXT", "text/plain"),
        ("a.html", "text/html"),
        ("a.htm", "text/html"),
        ("a.xhtml", "text/html"),
    ],
)
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_text_file_is_one_record(tmp_path, name, media_type, suffix):
    raw = b"The bridge is open."
    (record,) = records(tmp_path / (name + suffix), gzip.compress(raw) if suffix else raw)
    assert (record.uri, record.media_type, record.raw, record.refused) == (name + suffix, media_type, raw, None)


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.jsonl.gz"])
def test_each_line_is_a_record_with_its_metadata(tmp_path, name):
    row = GOOD | {"url": "https://example.org/7", "date": "2019-03-04", "source": "Example", "language": "en"}
    content = json_lines(row, {"id": 8, "html": "<p>Second</p>"})
    first, second = records(tmp_path / name, gzip.compress(content) if name.endswith("gz") else content)
    assert first.raw == b"The bridge is open."
    assert (first.uri, first.title, first.url) == (f"{name}#7", "Bridge opens", "https://example.org/7")
    assert (first.published, first.publisher, first.language) == ("2019-03-04", "Example", "en")
    assert (second.uri, second.media_type, second.raw) == (f"{name}#8", "text/html", b"<p>Second</p>")


def test_a_record_without_id_has_the_hash_of_its_content(tmp_path):
    (record,) = records(tmp_path / "a.jsonl", json_lines({"text": "The bridge is open."}))
    assert record.uri == "a.jsonl#" + hashlib.sha256(b"The bridge is open.").hexdigest()[:16]


def test_published_goes_before_date_and_publisher_before_source(tmp_path):
    row = GOOD | {"date": "2001", "published": "2019", "source": "feed", "publisher": "Paper"}
    (record,) = records(tmp_path / "a.jsonl", json_lines(row))
    assert (record.published, record.publisher) == ("2019", "Paper")


def test_the_field_map_replaces_names(tmp_path):
    row = {"key": "7", "body": "The bridge is open.", "when": "2019-03-04", "date": "2001-01-01"}
    field_map = {"id": "key", "text": "body", "published": "when"}
    (record,) = records(tmp_path / "a.jsonl", json_lines(row), field_map)
    assert (record.uri, record.raw, record.published) == ("a.jsonl#7", b"The bridge is open.", "2019-03-04")


def test_text_goes_before_html_unless_it_is_blank(tmp_path):
    rows = [
        {"id": 1, "text": "words", "html": "<p>words"},
        {"id": 2, "text": " ", "html": "<p>words"},
        {"id": 3, "text": None, "html": "<p>words"},
        {"id": 4, "text": ""},
    ]
    found = records(tmp_path / "a.jsonl", json_lines(*rows))
    assert [record.media_type for record in found] == ["text/plain", "text/html", "text/html", "text/plain"]
    assert all(record.refused is None for record in found)


@pytest.mark.parametrize(
    ("line", "reason", "uri"),
    [
        (b'{"id": "9", "text": "cut o', "malformed_json", "a.jsonl#line-2"),
        (b"not json", "malformed_json", "a.jsonl#line-2"),
        (b"[" * 100_000, "malformed_json", "a.jsonl#line-2"),
        (b'{"id": 1' + b"0" * 5_000 + b', "text": "x"}', "malformed_json", "a.jsonl#line-2"),
        (b'{"text": "caf\xe9"}', "undecodable", "a.jsonl#line-2"),
        (b'["a", "list"]', "not_an_object", "a.jsonl#line-2"),
        (b"null", "not_an_object", "a.jsonl#line-2"),
        (b'"text"', "not_an_object", "a.jsonl#line-2"),
        (b'{"id": "9", "title": "no text"}', "no_text_field", "a.jsonl#9"),
        (b'{"title": "no text"}', "no_text_field", "a.jsonl#line-2"),
        (b'{"id": "9", "text": 5}', "no_text_field", "a.jsonl#9"),
        (b'{"id": "9", "text": ["a"], "html": {}}', "no_text_field", "a.jsonl#9"),
    ],
)
def test_one_bad_line_is_refused_and_the_good_ones_around_it_are_read(tmp_path, line, reason, uri):
    first, bad, last = records(
        tmp_path / "a.jsonl", json_lines(GOOD) + line + b"\r\n\n" + json_lines(GOOD | {"id": "8"})
    )
    assert (first.refused, last.refused) == (None, None)
    assert (bad.uri, bad.refused, bad.raw, bad.byte_length) == (uri, reason, None, len(line))
    assert bad.sha256 == hashlib.sha256(line).hexdigest()


def test_half_a_surrogate_pair_becomes_a_replacement_character(tmp_path):
    line = rb'{"id": "\udc00", "text": "cut \ud83d", "title": "whole \ud83d\ude00"}' + b"\n"
    (record,) = records(tmp_path / "a.jsonl", line)
    assert record.raw == "cut \ufffd".encode()
    assert (record.uri, record.title) == ("a.jsonl#\ufffd", "whole 😀")


def test_odd_metadata_is_taken_as_text_or_left(tmp_path):
    row = GOOD | {"title": 1984, "url": True, "published": {"year": 2019}, "publisher": "  ", "language": ["en"]}
    (record,) = records(tmp_path / "a.jsonl", json_lines(row))
    assert (record.title, record.url, record.published, record.publisher, record.language) == ("1984", *[None] * 4)


def test_a_byte_order_mark_at_the_head_of_the_file_is_dropped(tmp_path):
    assert [r.refused for r in records(tmp_path / "a.jsonl", b"\xef\xbb\xbf" + json_lines(GOOD))] == [None]


@pytest.mark.parametrize("content", [b"", b"\n\n  \n"])
def test_a_file_without_records_is_empty(tmp_path, content):
    (record,) = records(tmp_path / "a.jsonl", content)
    assert (record.uri, record.refused) == ("a.jsonl", "empty")


def test_a_truncated_gzip_keeps_the_records_read_so_far(tmp_path):
    rows = [{"id": i, "text": hashlib.sha256(str(i).encode()).hexdigest() * 20} for i in range(500)]
    content = gzip.compress(json_lines(*rows))
    *read, last = records(tmp_path / "a.jsonl.gz", content[: len(content) // 2])
    assert len(read) > 100
    assert [record.uri for record in read] == [f"a.jsonl.gz#{i}" for i in range(len(read))]
    assert all(record.refused is None for record in read)
    assert (last.uri, last.refused, last.byte_length) == ("a.jsonl.gz", "truncated_gzip", len(content) // 2)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"plain text under a false name", "corrupt_gzip"),
        (gzip.compress(b"words " * 1_000)[:-12], "truncated_gzip"),
        (gzip.compress(b"words")[:-8] + b"\0" * 8, "corrupt_gzip"),
        (gzip.compress(b"words")[:10] + b"\xff" * 30, "corrupt_gzip"),
    ],
    ids=["no-gzip", "cut", "wrong-end", "nonsense"],  # the bytes hold the time of day
)
def test_a_damaged_gzip_is_refused(tmp_path, content, reason):
    (record,) = records(tmp_path / "a.txt.gz", content)
    assert (record.refused, record.raw) == (reason, None)


def test_a_gzip_of_several_members_is_read_to_its_end(tmp_path):
    (record,) = records(tmp_path / "a.txt.gz", gzip.compress(b"one ") + gzip.compress(b"two"))
    assert record.raw == b"one two"


def test_a_file_that_vanished_or_was_closed_since_is_refused(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_bytes(b"words")
    (file,) = discover([tmp_path / "a.txt"], warehouse=tmp_path / "warehouse")
    (tmp_path / "a.txt").unlink()
    assert [record.refused for record in read_records(file)] == ["unreadable_file"]

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert [record.refused for record in read_records(file)] == ["no_read_permission"]


def test_a_line_beyond_the_limit_is_refused_and_the_next_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "MAX_LINE_BYTES", 1_000)
    long_line = json.dumps({"text": "x" * 200_000}).encode() + b"\n"
    long, good = records(tmp_path / "a.jsonl", long_line + json_lines(GOOD))
    assert (long.uri, long.refused, long.byte_length) == ("a.jsonl#line-1", "too_long", len(long_line))
    assert long.sha256 == hashlib.sha256(long_line).hexdigest()
    assert good.raw is not None


def test_a_line_of_exactly_the_limit_is_read(tmp_path, monkeypatch):
    content = json_lines(GOOD)
    monkeypatch.setattr(readers, "MAX_LINE_BYTES", len(content))
    assert [record.refused for record in records(tmp_path / "a.jsonl", content * 2)] == [None, None]


def test_a_text_beyond_the_limit_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "MAX_DOCUMENT_BYTES", 10)
    (record,) = records(tmp_path / "a.jsonl", json_lines(GOOD))
    assert (record.uri, record.refused, record.title, record.byte_length) == (
        "a.jsonl#7",
        "too_long",
        "Bridge opens",
        19,
    )


def bomb(megabytes: int) -> bytes:
    """Gzip of that many megabytes in one line, built from one compressed member a megabyte."""
    return gzip.compress(b"x" * 1_000_000) * megabytes


def test_a_gzip_bomb_is_unpacked_no_further_than_the_limit(tmp_path, monkeypatch):
    (record,) = records(tmp_path / "a.txt.gz", bomb(200))
    assert (record.refused, record.byte_length) == ("too_long", (tmp_path / "a.txt.gz").stat().st_size)
    monkeypatch.setattr(packed, "MIN_UNPACKED_BYTES", 50_000_000)
    first, rest = records(tmp_path / "a.jsonl.gz", gzip.compress(json_lines(GOOD)) + bomb(200))
    assert (first.refused, rest.uri, rest.refused) == (None, "a.jsonl.gz", "too_long")


def test_rows_of_parquet_are_records(tmp_path):
    rows = [
        GOOD | {"published": date(2019, 3, 4), "html": None, "extra": 1},
        {"id": None, "text": None, "html": b"<p>caf\xe9", "published": None, "title": None, "extra": 2},
        {"id": "9", "text": None, "html": None, "published": None, "title": "none", "extra": 3},
        {"id": None, "text": None, "html": None, "published": None, "title": "none", "extra": 3},
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    (file,) = discover([tmp_path / "a.parquet"], warehouse=tmp_path / "warehouse")
    first, second, third, fourth = read_records(file)
    assert (first.uri, first.raw, first.published) == ("a.parquet#7", b"The bridge is open.", "2019-03-04")
    assert (second.media_type, second.raw) == ("text/html", b"<p>caf\xe9")
    assert (third.uri, third.refused) == ("a.parquet#9", "no_text_field")
    assert (fourth.uri, fourth.refused) == ("a.parquet#row-4", "no_text_field")


def test_points_in_time_in_parquet_become_iso_text(tmp_path):
    rows = [{"id": "1", "text": "words", "date": datetime(2019, 3, 4, 10, 30)}]  # noqa: DTZ001 # as scrapers store them
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    (file,) = discover([tmp_path / "a.parquet"], warehouse=tmp_path / "warehouse")
    assert next(read_records(file)).published == "2019-03-04T10:30:00"


@pytest.mark.parametrize("content", [b"", b"PAR1 nothing here PAR1", b"words"])
def test_a_damaged_parquet_file_is_refused(tmp_path, content):
    (record,) = records(tmp_path / "a.parquet", content)
    assert (record.uri, record.refused) == ("a.parquet", "corrupt_parquet")


def warc_record(number: int, body: bytes, *, content_type="text/html", status="200 OK", header="") -> bytes:
    http = (
        f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{header}Content-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
        f"WARC-Target-URI: https://example.org/{number}\r\nWARC-Date: 2019-03-04T10:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


WARC = [
    warc_record(1, b"<p>First</p>", content_type="text/html; charset=utf-8"),
    warc_record(2, gzip.compress(b"<p>Packed</p>"), header="Content-Encoding: gzip\r\n"),
    warc_record(3, b"\x89PNG", content_type="image/png"),
    warc_record(4, b"<p>Not found</p>", status="404 Not Found"),
    warc_record(5, b"plain", content_type="text/plain"),
]


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_pages_of_a_web_archive_are_records(tmp_path, suffix):
    content = b"".join(map(gzip.compress, WARC)) if suffix else b"".join(WARC)
    found = records(tmp_path / f"a.warc{suffix}", content)
    assert [(record.media_type, record.raw, record.refused) for record in found] == [
        ("text/html", b"<p>First</p>", None),
        ("text/html", b"<p>Packed</p>", None),
        ("application/octet-stream", None, "media_type_not_read"),
        ("text/html", None, "http_error"),
        ("text/plain", b"plain", None),
    ]
    assert (found[0].uri, found[0].url) == (f"a.warc{suffix}#<urn:uuid:1>", "https://example.org/1")
    assert found[0].published is None  # when it was fetched is not when it was published


def test_a_damaged_web_archive_keeps_the_records_read_so_far(tmp_path):
    cut = b"".join(map(gzip.compress, WARC))[:-40]
    assert [record.refused for record in records(tmp_path / "a.warc.gz", cut)][-1] == "truncated_gzip"
    broken = WARC[0] + b"no header\r\n\r\n" + WARC[1]
    assert [record.refused for record in records(tmp_path / "b.warc", broken)] == [None, "damaged_warc"]
    assert [record.refused for record in records(tmp_path / "c.warc", b"words\n" * 9)] == ["damaged_warc"]
    long = warc_record(1, b"<p>" + b"word " * 100)
    assert [record.refused for record in records(tmp_path / "d.warc", long[:-200])] == ["truncated_record"]
