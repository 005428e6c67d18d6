"""Files made to cost far more than they weigh: each ends accepted or quarantined with a reason, in bounded time and memory.

Each is read in a process of its own that is killed if it takes more CPU time, and says by how much it grew.
"""

import gzip
import io
import json
import random
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fastwarc.stream_io import ZstdWriter

STORY = "Envoys of Norway and Iceland met in Oslo on Tuesday to talk about the fishing grounds between them. "
MAX_CPU_SECONDS = 30
MAX_MEMORY_BYTES = 200_000_000  # beyond what the libraries take; the most when this was written: 101 MB

# One process loads the libraries and forks for every file, so that 30 files do not cost 30 starts.
READ = """
import json, os, resource, sys
from pathlib import Path
import pyarrow.parquet
from flows.ingest.inputs import discover
from flows.ingest.language import main_language
from flows.ingest.rows import iter_rows
main_language("The libraries are loaded before anything is measured.")
for path in map(Path, sys.argv[2:]):
    if child := os.fork():
        os.waitpid(child, 0)
        continue
    (file,) = discover([path], warehouse=path.parent / "warehouse")
    unit = 1 if sys.platform == "darwin" else 1024
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[1]), int(sys.argv[1])))
    fates = {row["status_reason"] or row["status"] for row, _, _ in iter_rows(file)}
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit - before
    Path(f"{path}.json").write_text(json.dumps({"fates": sorted(fates), "grown": grown}))
    os._exit(0)
"""


def packed(chunk: bytes, times: int) -> bytes:
    """Gzip of a chunk again and again, from one member."""
    return gzip.compress(chunk, 9) * times


def zstd(content: bytes) -> bytes:
    buffer = io.BytesIO()
    packing = ZstdWriter(buffer)
    packing.write(content)
    packing.close()
    return buffer.getvalue()


def parquet(table: pa.Table, **options) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", **options)
    return buffer.getvalue()


def one_text_in_every_row() -> bytes:
    text = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int32()), pa.array([STORY * 20_000]))
    return parquet(pa.table({"id": [str(number) for number in range(20_000)], "text": text}))


def a_text_within_lists(depth: int) -> bytes:
    value = [STORY]
    for _ in range(depth):
        value = [value]
    return parquet(pa.table({"text": pa.array([value])}))


def attributes(count: int, value: str = "") -> str:
    return "".join(f" a{number}{value if number % 100 == 0 else ''}" for number in range(count))


def warc_head(rest: str = "") -> bytes:
    return (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:1>\r\nContent-Type: application/http\r\n{rest}"
    ).encode()


def warc_with_packed_page(megabytes: int) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + packed(
        b"x" * 10**6, megabytes
    )
    return warc_head(f"Content-Length: {len(http)}\r\n\r\n") + http + b"\r\n\r\n"


def laugh(number: int) -> str:
    return f"&lol{number or ''};"


QUOTED_TAG = '=" > <a> "'
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY lol{n} "{10 * laugh(n - 1)}">' for n in range(1, 10))
    + '<!ENTITY file SYSTEM "file:///etc/passwd">]><html xmlns="http://www.w3.org/1999/xhtml"><body>'
    + f"<p>{STORY}&lol9; &file;</p></body></html>"
)

BOMBS = {
    "gigabyte.txt.gz": (lambda: packed(b"x" * 10**6, 1_000), ["too_long"]),
    "gigabyte.html.gz": (lambda: packed(b"<p>" * 300_000, 1_000), ["too_long"]),
    "one-line.jsonl.gz": (lambda: packed(b"x" * 10**6, 1_000), ["too_long"]),
    "packed-twice.txt.gz": (lambda: gzip.compress(packed(b"x" * 10**6, 1_000)), ["binary"]),
    "members.txt.gz": (lambda: gzip.compress(b"") * 50_000, ["empty"]),
    "zip.txt": (lambda: b"PK\x03\x04" + STORY.encode() * 9, ["binary"]),
    "zip.txt.gz": (lambda: b"PK\x03\x04" + STORY.encode() * 9, ["corrupt_gzip"]),
    "zip.jsonl": (lambda: b"PK\x03\x04" + STORY.encode() * 9, ["malformed_json"]),
    "columns.jsonl": (lambda: json.dumps({f"c{n}": n for n in range(10_000)} | {"text": STORY}).encode(), ["accepted"]),
    "nested.jsonl": (lambda: b'{"text": "x", "a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", ["malformed_json"]),
    "values.jsonl": (lambda: b'{"text": "x", "a": [' + b"{}," * 9_000_000 + b"0]}", ["too_many_values"]),
    "tiny.jsonl": (lambda: b"0\n" * 20_000_000, ["not_an_object", "too_many_records"]),
    "tiny.jsonl.gz": (lambda: packed(b"0\n" * 10**5, 400), ["not_an_object", "too_many_records"]),
    "tiny.jsonl.zst": (lambda: zstd(b"0\n" * 10**6) * 40, ["not_an_object", "too_many_records"]),
    "nulls.parquet": (
        lambda: parquet(pa.table({"text": pa.nulls(10**7, pa.string())})),
        ["no_text_field", "too_many_records"],
    ),
    "gigabyte.txt.zst": (lambda: zstd(b"x" * 10**7) * 100, ["too_long"]),
    "one-line.jsonl.zst": (lambda: zstd(b"x" * 10**7) * 100, ["too_long"]),
    "long-record.warc.zst": (
        lambda: (
            zstd(warc_head(f"Content-Length: {10**9}\r\n\r\n") + b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
            + zstd(b"x" * 10**7) * 100
        ),
        ["too_long"],
    ),
    "gzip-under-the-name-of.warc": (lambda: packed(b"x" * 10**6, 1_000), ["damaged_warc"]),
    "digits.jsonl": (lambda: b'{"text": "x", "id": ' + b"9" * 100_000 + b"}", ["malformed_json"]),
    "header.warc.gz": (lambda: gzip.compress(warc_head("X: ")) + packed(b"y" * 10**6, 1_000), ["damaged_warc"]),
    "headers.warc.gz": (lambda: gzip.compress(warc_head()) + packed(b"X: y\r\n" * 200_000, 1_000), ["damaged_warc"]),
    "packed-page.warc": (lambda: warc_with_packed_page(1_000), ["too_long"]),
    "packed-page.warc.gz": (lambda: gzip.compress(warc_with_packed_page(1_000)), ["too_long"]),
    "long-record.warc.gz": (
        lambda: (
            gzip.compress(
                warc_head(f"Content-Length: {10**9}\r\n\r\n") + b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
            )
            + packed(b"x" * 10**6, 1_000)
        ),
        ["too_long"],
    ),
    "one-text.parquet": (one_text_in_every_row, ["accepted", "too_long"]),
    "cell.parquet": (lambda: parquet(pa.table({"text": ["x" * 120_000_000]}), use_dictionary=False), ["too_long"]),
    "columns.parquet": (
        lambda: parquet(pa.table({f"c{n}": [n] for n in range(10_000)} | {"text": [STORY]})),
        ["accepted"],
    ),
    "lists.parquet": (lambda: a_text_within_lists(20), ["no_text_field"]),
    "nested.parquet": (lambda: a_text_within_lists(200), ["corrupt_parquet"]),
    "no-ascii.txt": (lambda: random.Random(1).randbytes(10**7).translate(None, bytes(range(128))), ["undecodable"]),  # noqa: S311 # no secret
    "windows-1252-in-utf-8.txt": (lambda: ("“".encode() + b" \x92 a\x92 " * 2) * 500_000, ["language_unknown"]),
    "utf-8-in-windows-1252.txt": (
        lambda: (b"the mayor\x92s word \x96 so " * 80 + "“so”".encode() + b"\n") * 2_000,
        ["accepted"],
    ),
    "laughs.xhtml": (LAUGHS.encode, ["accepted"]),
    "attributes.html": (f"<p{attributes(50_000)}>{STORY}".encode, ["html_unreadable"]),
    "attributes-with-tags.html": (f"<p{attributes(50_000, QUOTED_TAG)}>{STORY}".encode, ["html_unreadable"]),
    "attributes-in-a-comment.html": (
        f'<!-- <a x=" --><p{attributes(50_000)}>{STORY}'.encode,
        ["html_unreadable"],
    ),
    "attributes-of-many-bodies.html": (
        lambda: (
            "".join(f"<body{attributes(1_900).replace(' a', f' a{n}-')}>" for n in range(30)).encode() + STORY.encode()
        ),
        ["html_unreadable"],
    ),
    "tags.html": (lambda: b"x<br>" * 1_900_000, ["html_unreadable"]),
    "deep.html": (lambda: b"<div>" * 1_600_000 + STORY.encode(), ["html_unreadable"]),
    "misnested.html": (lambda: (b"<a><b><i><u>" * 20 + b"<p>") * 20_000 + STORY.encode(), ["html_unreadable"]),
    "json-ld.html": (
        lambda: (
            (b"<script type='application/ld+json'>[" + b"[]," * 300_000 + b"[]]</script>") * 9 + b"<p>" + STORY.encode()
        ),
        ["accepted"],
    ),
}


@pytest.fixture(scope="module")
def read(tmp_path_factory) -> Path:
    """The folder in which every bomb was read, with what became of it beside it."""
    folder = tmp_path_factory.mktemp("bombs")
    for name, (make, _) in BOMBS.items():
        (folder / name).write_bytes(make())
    command = [sys.executable, "-c", READ, str(MAX_CPU_SECONDS), *(str(folder / name) for name in BOMBS)]
    subprocess.run(command, check=True, timeout=500, cwd=Path(__file__).parents[3])
    return folder


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_bounded_time_and_memory(read, name):
    found = json.loads((read / f"{name}.json").read_text(encoding="utf-8"))  # not there if its process was killed
    assert found["fates"] == BOMBS[name][1]
    assert found["grown"] < MAX_MEMORY_BYTES
