"""Zstandard is read as gzip is: streamed, over several frames, to the damage or the limit, each with a reason."""

import io
import json

import pytest
from fastwarc.stream_io import ZstdWriter, zstd_train_dictionary_from_samples

from flows.ingest import packed
from flows.ingest.inputs import discover
from flows.ingest.readers import read_records

STORY = "Envoys of Norway and Iceland met in Oslo on Tuesday to talk about the fishing grounds between them. "


def zstd(content: bytes, dictionary: bytes | None = None) -> bytes:
    buffer = io.BytesIO()
    writer = ZstdWriter(buffer, dictionary=dictionary)
    writer.write(content)
    writer.close()
    return buffer.getvalue()


def records(path, content: bytes):
    path.write_bytes(content)
    (file,) = discover([path], warehouse=path.parent / "warehouse")
    return list(read_records(file))


def lines(count: int) -> bytes:
    return b"".join(json.dumps({"id": n, "text": f"{STORY}{n * 7919}"}).encode() + b"\n" for n in range(count))


def warc_record(number: int, body: bytes) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


@pytest.mark.parametrize("suffix", [".zst", ".zstd"])
@pytest.mark.parametrize(("name", "media_type"), [("a.txt", "text/plain"), ("a.xhtml", "text/html")])
def test_a_text_or_page_in_zstandard_is_one_record(tmp_path, name, media_type, suffix):
    (record,) = records(tmp_path / (name + suffix), zstd(STORY.encode()))
    assert (record.media_type, record.raw, record.refused) == (media_type, STORY.encode(), None)


def test_lines_and_web_archives_in_zstandard_are_read_over_several_frames(tmp_path):
    content = lines(1_000)
    frames = b"".join(zstd(content[at : at + 5_000]) for at in range(0, len(content), 5_000))
    assert [record.uri for record in records(tmp_path / "a.jsonl.zst", frames)] == [
        f"a.jsonl.zst#{n}" for n in range(1_000)
    ]
    archive = b"".join(zstd(warc_record(n, f"<p>{STORY}{n}".encode())) for n in range(9))
    assert [record.raw for record in records(tmp_path / "a.warc.zst", archive)] == [
        f"<p>{STORY}{n}".encode() for n in range(9)
    ]


def test_a_web_archive_whose_frames_share_a_dictionary_is_read(tmp_path):
    dictionary = zstd_train_dictionary_from_samples([f"{STORY}{n * 7919}".encode() for n in range(3_000)], 4_000)
    buffer = io.BytesIO()
    writer = ZstdWriter(buffer, dictionary=dictionary)
    writer.write(warc_record(1, f"<p>{STORY}".encode()))
    writer.close()
    assert [record.raw for record in records(tmp_path / "a.warc.zst", buffer.getvalue())] == [f"<p>{STORY}".encode()]


def test_frames_that_hold_no_data_are_passed_over(tmp_path):
    skippable = b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd"
    (record,) = records(tmp_path / "a.txt.zst", skippable + zstd(STORY.encode()) + skippable)
    assert record.raw == STORY.encode()


def test_a_truncated_zstandard_file_keeps_the_records_read_so_far(tmp_path):
    content = b"".join(zstd(lines(100)) for _ in range(10))
    cut = len(content) * 9 // 20
    *read, last = records(tmp_path / "a.jsonl.zst", content[:cut])
    assert len(read) == 400
    assert {record.refused for record in read} == {None}
    assert (last.uri, last.refused, last.byte_length) == ("a.jsonl.zst", "truncated_zstd", cut)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"plain text under a false name", "corrupt_zstd", id="no-zstandard"),
        pytest.param(zstd(STORY.encode() * 99)[:-9], "truncated_zstd", id="cut"),
        pytest.param(zstd(STORY.encode())[:3], "truncated_zstd", id="cut-in-its-mark"),
        pytest.param(zstd(STORY.encode()) + b"more words", "corrupt_zstd", id="something-behind-it"),
        pytest.param(b"\x28\xb5\x2f\xfd\x00\xa8\x29\x00\x00hello", "zstd_window", id="asks-for-2-gigabytes"),
        pytest.param(b"", "empty", id="empty"),
    ],
)
def test_a_damaged_zstandard_file_is_refused(tmp_path, content, reason):
    (record,) = records(tmp_path / "a.txt.zst", content)
    assert (record.refused or "empty", record.raw or None) == (reason, None)


def test_a_zstandard_bomb_is_unpacked_no_further_than_the_limit(tmp_path, monkeypatch):
    bomb = zstd(b"x" * 10_000_000) * 20
    assert [record.refused for record in records(tmp_path / "a.txt.zst", bomb)] == ["too_long"]
    monkeypatch.setattr(packed, "MIN_UNPACKED_BYTES", 50_000_000)
    monkeypatch.setattr(packed, "MAX_UNPACKED_RATIO", 1)
    first, rest = records(tmp_path / "a.jsonl.zst", zstd(lines(1)) + bomb)
    assert (first.refused, rest.uri, rest.refused) == (None, "a.jsonl.zst", "too_long")


def test_parquet_is_not_read_packed_again_and_a_packed_file_of_no_kind_is_unknown(tmp_path):
    for name in ("a.parquet.zst", "a.zst", "a.md.zst"):
        assert [record.refused for record in records(tmp_path / name, b"words")] == ["unknown_extension"]
