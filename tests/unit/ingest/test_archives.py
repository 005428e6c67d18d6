"""Web archives: what is a page, what is none and why, how it was packed, and where the archive was cut."""

import gzip
import io
import zlib

import pytest
from fastwarc.stream_io import BrotliWriter, ZstdWriter

from flows.ingest import archives
from flows.ingest.inputs import discover
from flows.ingest.readers import read_records

PAGE = ("<p>Envoys of Norway and Iceland met in Oslo on Tuesday." * 5).encode()


def read(folder, *parts: bytes, name="a.warc"):
    (folder / name).write_bytes(b"".join(parts))
    (file,) = discover([folder / name], warehouse=folder / "warehouse")
    return list(read_records(file))


def reasons(folder, *parts: bytes):
    return [record.refused for record in read(folder, *parts)]


def record(number, block: bytes, kind="response", content_type="application/http; msgtype=response", more="") -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n{more}"
    head += f"Content-Type: {content_type}\r\n" if content_type else ""
    return f"{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def response(body=PAGE, status="200 OK", content_type="text/html", header="") -> bytes:
    typed = f"Content-Type: {content_type}\r\n" if content_type else ""
    return f"HTTP/1.1 {status}\r\n{typed}{header}\r\n".encode() + body


def chunked(body: bytes, size=50, extension=b"") -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x%b\r\n%b\r\n" % (len(piece), extension, piece) for piece in pieces) + b"0\r\n\r\n"


def through(writer, body: bytes) -> bytes:
    buffer = io.BytesIO()
    packing = writer(buffer)
    packing.write(body)
    packing.close()
    return buffer.getvalue()


def deflated(body: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(body) + packing.flush()


@pytest.mark.parametrize(
    ("body", "header"),
    [
        pytest.param(gzip.compress(PAGE), "Content-Encoding: gzip\r\n", id="gzip"),
        pytest.param(gzip.compress(PAGE), "content-encoding: X-GZIP\r\n", id="x-gzip"),
        pytest.param(gzip.compress(PAGE[:50]) + gzip.compress(PAGE[50:]), "Content-Encoding: gzip\r\n", id="members"),
        pytest.param(zlib.compress(PAGE), "Content-Encoding: deflate\r\n", id="deflate"),
        pytest.param(deflated(PAGE), "Content-Encoding: deflate\r\n", id="bare-deflate"),
        pytest.param(through(BrotliWriter, PAGE), "Content-Encoding: br\r\n", id="brotli"),
        pytest.param(through(ZstdWriter, PAGE), "Content-Encoding: zstd\r\n", id="zstandard"),
        pytest.param(chunked(PAGE), "Transfer-Encoding: chunked\r\n", id="chunks"),
        pytest.param(chunked(PAGE, extension=b";a=b"), "Transfer-Encoding: chunked\r\n", id="chunks-with-extensions"),
        pytest.param(
            chunked(gzip.compress(PAGE)),
            "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n",
            id="gzip-in-chunks",
        ),
        pytest.param(
            gzip.compress(through(BrotliWriter, PAGE)), "Content-Encoding: br, gzip\r\n", id="one-coding-in-another"
        ),
        pytest.param(PAGE, "Content-Encoding: identity\r\n", id="identity"),
        pytest.param(PAGE, "Content-Encoding: gzip\r\nContent-Length: 20\r\n", id="stored-unpacked-for-gzip"),
        pytest.param(PAGE, "Content-Encoding: br\r\n", id="stored-unpacked-for-brotli"),
        pytest.param(PAGE, "Content-Encoding: deflate\r\n", id="stored-unpacked-for-deflate"),
        pytest.param(PAGE, "Transfer-Encoding: chunked\r\n", id="stored-without-chunks"),
        pytest.param(PAGE, "Content-Encoding: utf-8\r\n", id="no-coding-at-all"),
    ],
)
def test_a_page_is_the_same_however_it_was_sent(tmp_path, body, header):
    (found,) = read(tmp_path, record(1, response(body, header=header)))
    assert (found.raw, found.refused, found.media_type) == (PAGE, None, "text/html")


@pytest.mark.parametrize(
    ("body", "header", "reason"),
    [
        pytest.param(gzip.compress(PAGE)[:-12], "Content-Encoding: gzip\r\n", "truncated_record", id="cut-gzip"),
        pytest.param(
            gzip.compress(PAGE)[:10] + b"\xff" * 90, "Content-Encoding: gzip\r\n", "corrupt_payload", id="broken-gzip"
        ),
        pytest.param(b"\x00\xff" * 50, "Content-Encoding: br\r\n", "corrupt_payload", id="broken-brotli"),
        pytest.param(chunked(PAGE)[:-80], "Transfer-Encoding: chunked\r\n", "truncated_record", id="cut-in-a-chunk"),
        pytest.param(chunked(PAGE)[:-5], "Transfer-Encoding: chunked\r\n", "truncated_record", id="last-chunk-missing"),
        pytest.param(
            chunked(PAGE, 9).replace(b"9\r\n", b"8\r\n", 5),
            "Transfer-Encoding: chunked\r\n",
            "corrupt_payload",
            id="false-size",
        ),
        pytest.param(PAGE, "Content-Length: 999999\r\n", "truncated_record", id="shorter-than-promised"),
    ],
)
def test_a_page_that_cannot_be_unpacked_is_refused_and_the_next_is_read(tmp_path, body, header, reason):
    assert reasons(tmp_path, record(1, response(body, header=header)), record(2, response())) == [reason, None]


def test_a_page_that_unpacks_to_more_than_a_document_may_have_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_DOCUMENT_BYTES", 1_000)
    pages = [
        record(1, response(gzip.compress(b"x" * 100_000), header="Content-Encoding: gzip\r\n")),
        record(2, response(chunked(b"x" * 1_001), header="Transfer-Encoding: chunked\r\n")),
        record(3, response(b"x" * 1_000)),
        record(4, response(b"x" * 200_000)),
    ]
    assert reasons(tmp_path, *pages) == ["too_long", "too_long", None, "too_long"]


def test_every_record_is_a_page_or_refused_or_tells_of_another_record(tmp_path):
    found = read(
        tmp_path,
        record(0, b"software: crawler\r\n", "warcinfo", "application/warc-fields"),
        record(1, b"GET / HTTP/1.1\r\n\r\n", "request", "application/http; msgtype=request"),
        record(2, response()),
        record(3, b"fetchTimeMs: 9\r\n", "metadata", "application/warc-fields"),
        record(4, response(b"\x89PNG", content_type="image/png")),
        record(5, response(b"", header="WARC-Profile: x\r\n"), "revisit"),
        record(6, response(b"<p>Moved", status="301 Moved Permanently", header="Location: /\r\n")),
        record(7, response(b"<p>Not found", status="404 Not Found")),
        record(8, response(), more="WARC-Segment-Number: 1\r\n"),
        record(9, PAGE, "continuation", "", more="WARC-Segment-Number: 2\r\n"),
        record(10, response(), more="WARC-Truncated: length\r\n"),
        record(11, b"words of a page", "conversion", "text/plain"),
        record(12, PAGE, "resource", "text/html"),
        record(13, b"203.0.113.7", "response", "text/dns"),
        record(14, response(), "a kind of the future"),
        record(15, response(b"<!DOCTYPE html><p>no type", content_type="")),
        record(16, response(b"no type", content_type="")),
    )
    assert [(one.uri.removeprefix("a.warc#<urn:uuid:").rstrip(">"), one.refused) for one in found] == [
        ("2", None),
        ("4", "media_type_not_read"),
        ("5", "revisit"),
        ("6", "http_redirect"),
        ("7", "http_error"),
        ("8", "segmented_record"),
        ("9", "segmented_record"),
        ("10", "truncated_record"),
        ("11", None),
        ("12", None),
        ("13", "media_type_not_read"),
        ("15", None),
        ("16", "media_type_not_read"),
    ]
    assert found[0].raw == PAGE


def test_an_archive_of_requests_alone_is_empty(tmp_path):
    assert reasons(tmp_path, record(1, b"GET / HTTP/1.1\r\n\r\n", "request")) == ["empty"]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.zst"])
def test_wherever_an_archive_is_cut_the_page_that_was_cut_is_named(tmp_path, name):
    pages = [
        record(1, response()),
        record(2, response(header=f"Content-Length: {len(PAGE)}\r\n")),
        record(3, response(chunked(PAGE), header="Transfer-Encoding: chunked\r\n")),
        record(4, b"GET / HTTP/1.1\r\n\r\n", "request"),
    ]
    packing = {"warc": bytes, "gz": gzip.compress, "zst": lambda page: through(ZstdWriter, page)}[
        name.rpartition(".")[2]
    ]
    parts = [packing(page) for page in pages]
    ends = [sum(map(len, parts[:number])) for number in range(5)]
    blank = len(b"\r\n\r\n") if name == "a.warc" else 0  # what stands behind a record may be missing
    for cut in range(1, ends[-1], 7):
        sound = max(number for number in range(5) if ends[number] - blank * (number > 0) <= cut)
        found = [one.refused for one in read(tmp_path, b"".join(parts)[:cut], name=name)]
        expected = [None] * min(sound, 3)
        if cut not in range(ends[sound] - blank, ends[sound] + 1):
            assert found[:-1] in (expected, [*expected, None])  # the latter: cut in what ends the packed page
            assert found[-1] in {"truncated_record", "damaged_warc", "truncated_gzip", "truncated_zstd", "corrupt_gzip"}
        else:
            assert found == (expected or ["empty"])


def test_an_archive_packed_under_a_name_that_does_not_say_so_is_not_unpacked(tmp_path):
    assert reasons(tmp_path, gzip.compress(record(1, response()))) == ["damaged_warc"]


def test_the_charset_of_the_server_goes_with_the_page(tmp_path):
    types = (
        "text/html; charset=windows-1251",
        "text/html;CHARSET = 'koi8-r'",
        'text/html; charset="utf-8"',
        "text/html",
    )
    found = read(tmp_path, *(record(number, response(content_type=each)) for number, each in enumerate(types)))
    assert [one.charset for one in found] == ["windows-1251", "koi8-r", "utf-8", None]


def test_an_address_in_angle_brackets_is_an_address(tmp_path):
    (found,) = read(tmp_path, record(1, response(), more="WARC-Target-URI: <https://e.org/1>\r\n"))
    assert found.url == "https://e.org/1"
