"""Laws of the readers, tried on sound files of every format that were then damaged anywhere, and on files of random bytes.

Whatever a file holds: at least one record and no exception, each record accepted or refused with a reason, rows that Arrow takes.
What these laws found stands by name in tests/unit/ingest/test_attacks.py.
"""

import gzip
import io
import json
import os
import zlib
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fastwarc.stream_io import BrotliWriter, ZstdWriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.ingest.fields import FIELD_NAMES
from flows.ingest.inputs import KINDS, discover
from flows.ingest.readers import read_records
from flows.ingest.rows import read_file
from flows.store.parquet import to_arrow
from schemas.registry import table_named

STORY = "Envoys of Norway and Iceland met in Oslo on Tuesday to talk about the fishing grounds between them. "
PAGE = (
    "<html lang=en><head><title>Talks</title><script type='application/ld+json'>"
    '{"@type": "NewsArticle", "headline": "Talks", "datePublished": "2019-01-01", "publisher": {"name": "Example"}}'
    f"</script><meta property='og:title' content=Talks></head><body><h1>Talks</h1><p>{STORY}<table><tr><td>x</table>"
    f"<br><pre>a\n\nb</pre><time datetime=2019>then</time><p hidden>{STORY}</body></html>"
).encode()
ROWS = [
    {"id": "7", "text": STORY, "title": "Talks", "date": "2019"},
    {"id": 8, "html": PAGE.decode()},
    {"text": STORY, "published": {"year": [1]}},
    {"id": 1.5, "text": "", "url": None},
]


def warc_record(number: int, body: bytes, content_type: str = "text/html", header: str = "") -> bytes:
    http = (
        f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n{header}Content-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number}>\r\nWARC-Target-URI: https://e.org/{number}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def packed_by(writer, content: bytes) -> bytes:
    buffer = io.BytesIO()
    packing = writer(buffer)
    packing.write(content)
    packing.close()
    return buffer.getvalue()


WARC = (
    warc_record(1, PAGE),
    warc_record(2, gzip.compress(PAGE), header="Content-Encoding: gzip\r\n"),
    warc_record(3, b"\x89PNG", "image/png"),
    warc_record(4, STORY.encode(), "text/plain"),
    warc_record(5, zlib.compress(PAGE), header="Content-Encoding: deflate\r\n"),
    warc_record(6, b"%x\r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE), header="Transfer-Encoding: chunked\r\n"),
    warc_record(7, packed_by(BrotliWriter, PAGE), header="Content-Encoding: br\r\n"),
    warc_record(8, packed_by(ZstdWriter, PAGE), header="Content-Encoding: zstd\r\n"),
    warc_record(9, PAGE, header="Content-Encoding: gzip\r\n"),
    warc_record(10, STORY.replace("Oslo", "Malmö").encode("cp1252"), "text/plain; charset=windows-1252"),
    warc_record(11, PAGE).replace(b"Type: response", b"Type: revisit"),
    warc_record(12, PAGE).replace(b"Type: response", b"Type: request"),
)
PACKINGS = {
    "": bytes,
    ".gz": lambda content: gzip.compress(content, 1),
    ".zst": lambda content: packed_by(ZstdWriter, content),
}


def parquet(compression: str, *, dictionary: bool) -> bytes:
    rows = [{"id": str(n), "text": STORY * (n % 3), "html": b"<p>\xff", "date": date(2019, 1, 1)} for n in range(60)]
    buffer = io.BytesIO()
    table = pa.Table.from_pylist(rows)
    pq.write_table(table, buffer, compression=compression, use_dictionary=dictionary, row_group_size=25)
    return buffer.getvalue()


SOUND = {
    ".txt": (STORY.encode() * 3, STORY.encode("utf-16"), STORY.replace("Oslo", "Malmö").encode("cp1252")),
    ".html": (PAGE,),
    ".jsonl": (b"\n".join(json.dumps(row).encode() for row in ROWS),),
    ".parquet": tuple(parquet(name, dictionary=name != "none") for name in ("snappy", "zstd", "gzip", "none")),
    ".warc": (b"".join(WARC), b"".join(WARC[3:]), WARC[5]),
}
PIECES = st.one_of(
    st.binary(min_size=1, max_size=30),
    st.sampled_from(
        [
            *(
                b"\x00",
                b"\xff",
                b"\x1b[31m",
                b"\xed\xa0\x80",
                b"\xc2" * 20,
                b"<",
                b">",
                b"&#xD800;",
                b"&#x110000;",
                b"<!--",
            ),
            *(
                b"<![CDATA[",
                b"<svg>",
                b"<template>",
                b"\r\n\r\n",
                b"\n",
                b"\\ud800",
                b"1e999",
                b"NaN",
                b"9" * 5_000,
                b"[",
            ),
            *(b'{"a":', b'{"text": "x"}', b"Content-Length: 99999999999999999999\r\n", b"Content-Length: -1\r\n"),
            *(
                b"Transfer-Encoding: chunked\r\n",
                b"Content-Encoding: br\r\n",
                b"WARC/1.0\r\n",
                b"HTTP/1.1 9999999999 X\r\n",
            ),
            *(b"<?xml version='1.0' encoding='utf-7'?>", b"<meta charset=idna>", b"<meta charset=unicode_escape>"),
            *(b"<meta charset=zip>", b"<meta charset=undefined>", b"\x80" * 20),
        ]
    ),
)
# a damage: what (cut off, flip a bit, put in, take out), where (of the whole), how much or what
DAMAGES = st.lists(
    st.tuples(st.sampled_from(("cut", "flip", "put", "take")), st.floats(0, 1), st.integers(0, 200), PIECES), max_size=4
)
NAMES = st.binary(min_size=1, max_size=30).filter(lambda name: not {0, 47} & set(name) and not name.startswith(b"."))
QUICK = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def damaged(content: bytes, damages) -> bytes:
    for what, where, amount, piece in damages:
        at = int(where * len(content))
        if what == "cut":
            content = content[:at]
        elif what == "flip" and at < len(content):
            content = content[:at] + bytes([content[at] ^ (1 << amount % 8)]) + content[at + 1 :]
        elif what == "put":
            content = content[:at] + piece + content[at:]
        elif what == "take":
            content = content[:at] + content[at + amount :]
    return content


def check_laws(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    (file,) = discover([path], warehouse=path.parent / "warehouse")
    documents, records, blocks = read_file(file)
    assert documents
    for row in documents:
        assert row["status"] in {"accepted", "quarantined"}
        assert (row["status"] == "quarantined") == (row["status_reason"] is not None)
        assert row["status"] == "quarantined" or row["text"].strip()
    assert {uri for row in documents for uri in row["uris"]} == {row["uri"] for row in records}
    assert {row["document_id"] for row in documents} == {row["document_id"] for row in records}
    assert len({(row["uri"], row["document_id"]) for row in records}) == len(records)
    assert all(row["uri"] == file.uri or row["uri"].startswith(f"{file.uri}#") for row in records)
    for name, rows in (("documents", documents), ("records", records), ("blocks", blocks)):
        to_arrow(table_named(name), rows).validate(full=True)
    assert read_file(file) == (documents, records, blocks)


@pytest.mark.parametrize("packed", PACKINGS)
@pytest.mark.parametrize("suffix", SOUND)
@given(data=st.data(), damages=DAMAGES, outer=DAMAGES)
@QUICK
def test_a_sound_file_damaged_anywhere_is_accepted_or_refused_with_a_reason(
    tmp_path, suffix, packed, data, damages, outer
):
    content = damaged(data.draw(st.sampled_from(SOUND[suffix])), damages)
    if packed:
        content = damaged(PACKINGS[packed](content), outer)
    check_laws(tmp_path / f"a{suffix}{packed}", content)


@given(st.sampled_from(sorted(KINDS)), st.sampled_from(sorted(PACKINGS)), st.binary(max_size=200))
@QUICK
def test_random_bytes_under_any_extension_are_accepted_or_refused_with_a_reason(tmp_path, suffix, packed, content):
    check_laws(tmp_path / f"a{suffix}{packed}", content)


HEADERS = st.sampled_from(
    (
        "Transfer-Encoding: chunked\r\n",
        *(
            f"Content-Encoding: {each}\r\n"
            for each in ("gzip", "deflate", "br", "zstd", "gzip, br", "none", "gzip,gzip,gzip,gzip,gzip")
        ),
        *(f"Content-Length: {each}\r\n" for each in ("0", "7", "-1", "1e9", "9" * 30)),
        "Transfer-Encoding\r\n",
        ": \r\n",
    )
)
BODIES = st.one_of(
    st.binary(max_size=80),
    st.sampled_from(
        (PAGE, gzip.compress(PAGE), zlib.compress(PAGE), packed_by(BrotliWriter, PAGE), packed_by(ZstdWriter, PAGE))
    ),
    st.lists(st.binary(max_size=9), max_size=5).map(
        lambda parts: b"".join(b"%x\r\n%b\r\n" % (len(each), each) for each in parts)
    ),
)


@given(
    st.lists(
        st.tuples(
            BODIES,
            DAMAGES,
            st.lists(HEADERS, max_size=3).map("".join),
            st.sampled_from(("text/html", "text/plain; charset=koi8-r", "text/html;charset=utf-16", "image/png", "")),
        ),
        min_size=1,
        max_size=4,
    )
)
@QUICK
def test_responses_of_any_coding_cost_no_other_record_of_their_archive(tmp_path, responses):
    pages = [
        warc_record(number, damaged(body, damages), content_type, header)
        for number, (body, damages, header, content_type) in enumerate(responses)
    ]
    path = tmp_path / "a.warc"
    check_laws(path, b"".join(pages))
    (file,) = discover([path], warehouse=tmp_path / "warehouse")
    assert [record.uri for record in read_records(file)] == [f"a.warc#<urn:uuid:{n}>" for n in range(len(pages))]


ENCODINGS = (
    "utf-8",
    "cp1252",
    "utf-16",
    "utf-16-le",
    "utf-32",
    "cp1251",
    "koi8-r",
    "shift_jis",
    "gb18030",
    "utf-8-sig",
)


@given(
    st.lists(
        st.tuples(st.text(max_size=40) | st.just(STORY) | st.just("“Привет” – café "), st.sampled_from(ENCODINGS)),
        max_size=5,
    ),
    st.sampled_from((*ENCODINGS, "iso-8859-1", "klingon", "")),
    st.sampled_from((*ENCODINGS, "x\x00y", "")),
    DAMAGES,
)
@QUICK
def test_texts_of_several_encodings_and_false_declarations_keep_the_laws(tmp_path, parts, declared, sent, damages):
    content = b"".join(text.encode(encoding, "ignore") for text, encoding in parts)
    page = f"<meta charset='{declared}'>".encode() + damaged(content, damages)
    for name, raw in (
        ("a.html", page),
        ("a.txt", content),
        ("a.warc", warc_record(1, page, f"text/html; charset={sent}")),
    ):
        check_laws(tmp_path / name, raw)


@given(st.data(), st.sampled_from([name for name in PACKINGS if name]), st.integers(1, 30))
@QUICK
def test_whatever_is_cut_off_a_packed_file_the_lines_before_are_read(tmp_path, data, packed, count):
    lines = [json.dumps({"id": n, "text": f"{STORY}{n * 7919}"}).encode() + b"\n" for n in range(count)]
    members = [PACKINGS[packed](line) for line in lines]
    content = b"".join(members)
    cut = data.draw(st.integers(1, len(content)))
    (tmp_path / f"a.jsonl{packed}").write_bytes(content[:cut])
    (file,) = discover([tmp_path / f"a.jsonl{packed}"], warehouse=tmp_path / "warehouse")
    found = [record.refused for record in read_records(file)]
    sound = sum(1 for number in range(1, count + 1) if len(b"".join(members[:number])) <= cut)
    assert found[:sound] == [None] * sound
    assert len(found) > sound or len(b"".join(members[:sound])) == cut


FIELDS = st.sampled_from((*FIELD_NAMES, "date", "source", "x", "body", "Content", "_id", "source_domain", "name"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=3),
    max_leaves=4,
)


@given(
    st.lists(st.dictionaries(FIELDS, VALUES, max_size=6), min_size=1, max_size=5),
    st.dictionaries(st.sampled_from(tuple(FIELD_NAMES)), FIELDS, max_size=3),
)
@QUICK
def test_records_of_any_shape_under_any_field_map_keep_the_laws(tmp_path, rows, field_map):
    path = tmp_path / "a.jsonl"
    check_laws(path, b"\n".join(json.dumps(row).encode() for row in rows))
    (file,) = discover([path], warehouse=tmp_path / "warehouse")
    assert len(list(read_records(file, field_map))) == len(rows)


@given(st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda text: bool(text.strip())))
@QUICK
def test_a_text_comes_through_json_lines_and_parquet_as_it_went_in(tmp_path, text):
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "1", "text": text}), encoding="utf-8")
    pq.write_table(pa.table({"id": ["1"], "text": [text]}), tmp_path / "a.parquet")
    for name in ("a.jsonl", "a.parquet"):
        (file,) = discover([tmp_path / name], warehouse=tmp_path / "warehouse")
        (record,) = read_records(file)
        assert record.raw == text.encode("utf-8")


@given(st.sets(NAMES, min_size=1, max_size=6))
@QUICK
def test_files_of_any_name_have_addresses_of_their_own_that_are_valid_unicode(tmp_path_factory, names):
    folder = tmp_path_factory.mktemp("names")
    for name in names:
        (folder / os.fsdecode(name)).write_bytes(STORY.encode())
    found = discover([folder], warehouse=folder / "warehouse")
    assert len({file.uri for file in found}) == len(names)
    assert {os.fsencode(file.path.name) for file in found} == names
    for file in found:
        json.dumps([file.uri, file.location], ensure_ascii=False).encode("utf-8")
        assert read_file(file)[0]
