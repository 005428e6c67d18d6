"""One text and one page in every format that is read, in folders and patterns of all of them: the same two documents."""

import gzip
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fastwarc.stream_io import ZstdWriter

from flows.ingest.inputs import COMPRESSED, KINDS, discover
from flows.ingest.unit import gather, group_files, ingest_group

TEXT = "Envoys of Norway and Iceland met in Oslo on Tuesday to talk about the fishing grounds between them."
PAGE = f"<html><head><title>Talks</title></head><body><h1>Talks</h1><p>{TEXT}</p></body></html>"


def zstd(content: bytes) -> bytes:
    buffer = io.BytesIO()
    writer = ZstdWriter(buffer)
    writer.write(content)
    writer.close()
    return buffer.getvalue()


def parquet() -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table({"id": [1, 2], "maintext": [TEXT, None], "raw_html": [None, PAGE]}), buffer)
    return buffer.getvalue()


def warc() -> bytes:
    parts = []
    for content_type, body in (("text/plain", TEXT), ("text/html; charset=utf-8", PAGE)):
        http = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n\r\n{body}"
        parts.append(
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:{len(parts) + 1}>\r\n"
            f"Content-Type: application/http\r\nContent-Length: {len(http)}\r\n\r\n{http}\r\n\r\n"
        )
    return "".join(parts).encode()


CONTENT = {
    "text": TEXT.encode,
    "html": PAGE.encode,
    "jsonl": lambda: b"\n".join(json.dumps(row).encode() for row in ({"id": 1, "text": TEXT}, {"id": 2, "html": PAGE})),
    "parquet": parquet,
    "warc": warc,
}
PACKINGS = {".gz": lambda content: gzip.compress(content, mtime=0), ".zst": zstd, ".zstd": zstd}


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "in"
    for number, (suffix, kind) in enumerate(KINDS.items()):
        where = root / f"folder-{number % 3}" / "deep"
        where.mkdir(parents=True, exist_ok=True)
        content = CONTENT[kind]()
        (where / f"a{suffix}").write_bytes(content)
        for packed, packing in PACKINGS.items() if kind in COMPRESSED else ():
            (where / f"a{suffix}{packed}").write_bytes(packing(content))
    (root / "README.md").write_text("no document")
    return root


def documents(inputs, work):
    files = discover(inputs, warehouse=work / "warehouse")
    entries = [ingest_group(group).entry for group in group_files(work / "ingest", "f" * 64, files, {})]
    found = gather(work / "gathered", "f" * 64, entries)
    return files, [row for entry in found for row in entry.table("documents").to_pylist()]


def test_a_folder_of_every_format_holds_two_documents(folder, tmp_path):
    files, found = documents([folder], tmp_path)
    refused = [row for row in found if row["status"] == "quarantined"]
    assert [(row["uris"], row["status_reason"]) for row in refused] == [(["README.md"], "unknown_extension")]
    accepted = {row["media_type"]: row for row in found if row["status"] == "accepted"}
    assert {name: row["text"] for name, row in accepted.items()} == {"text/plain": TEXT, "text/html": f"Talks\n{TEXT}"}
    assert len(found) == 3
    met = sorted(uri for row in found for uri in row["uris"])
    assert {uri.partition("#")[0] for uri in met} == {file.uri for file in files}
    holding_both = [file.uri for file in files if file.kind.partition(".")[0] in {"jsonl", "parquet", "warc"}]
    assert len(met) == len(files) + len(holding_both)


def test_patterns_hold_the_same_documents_as_the_folder(folder, tmp_path):
    _, whole = documents([folder], tmp_path / "whole")
    patterns = [folder / "**" / "a.*", folder / "*.md"]
    _, matched = documents(patterns, tmp_path / "matched")
    assert matched == whole
