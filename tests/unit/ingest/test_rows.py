"""From a file to rows: every bad input is a row with a reason, in bounded time."""

import gzip
import json
import os
import time
import tracemalloc

import pyarrow as pa
import pytest

from flows.ingest import readers
from flows.ingest.inputs import discover
from flows.ingest.rows import read_file
from schemas.blocks import BLOCKS
from schemas.documents import DOCUMENTS
from schemas.export import arrow_schema
from schemas.records import RECORDS

STORY = "The army said on Friday that its troops had left the town. Nobody was hurt."


def tables(path):
    (file,) = discover([path], warehouse=path.parent / "warehouse")
    rows = read_file(file)
    for table, found in zip((DOCUMENTS, RECORDS, BLOCKS), rows, strict=True):
        pa.Table.from_pylist(found, schema=arrow_schema(table)).validate(full=True)
    return rows


@pytest.mark.parametrize(
    ("name", "content", "reason", "language"),
    [
        pytest.param("a.txt", STORY.encode(), None, "en", id="english-text-is-accepted"),
        pytest.param("a.txt", b"Two killed.", None, "en", id="two-words-are-accepted"),
        pytest.param("a.txt", STORY.encode("utf-16"), None, "en", id="utf-16-with-a-mark-is-accepted"),
        pytest.param("a.txt", STORY.encode("utf-16-le"), None, "en", id="utf-16-without-a-mark-is-accepted"),
        pytest.param(
            "a.txt", "The café’s owner left the town.".encode("cp1252"), None, "en", id="windows-1252-is-accepted"
        ),
        pytest.param("a.txt", b"the army left the town " * 5_000, None, "en", id="no-punctuation-is-accepted"),
        pytest.param(
            "a.html", b"<div>" * 10_000 + STORY.encode(), None, "en", id="html-nested-10,000-deep-is-accepted"
        ),
        pytest.param("a.txt", b"", "empty", None, id="empty-file"),
        pytest.param("a.html", b"", "empty", None, id="empty-page"),
        pytest.param("a.jsonl", b"", "empty", None, id="empty-json-lines"),
        pytest.param("a.txt", bytes(range(256)) * 9, "binary", None, id="binary-file"),
        pytest.param("a.html", b"%PDF-1.4\n\xe2\xe3", "binary", None, id="pdf-named-html"),
        pytest.param("a.txt", b"The army\x00 left the town.", "nul_bytes", None, id="nul-in-a-text"),
        pytest.param("a.pages", STORY.encode(), "unknown_extension", None, id="unknown-extension"),
        pytest.param("a.txt.gz", gzip.compress(STORY.encode())[:-9], "truncated_gzip", None, id="truncated-gzip"),
        pytest.param(
            "a.txt", "Делегации договорились о перемирии на три дня.".encode(), "language_not_read", "ru", id="russian"
        ),
        pytest.param(
            "a.txt", "اتفق الوفدان على هدنة لمدة ثلاثة أيام.".encode(), "language_not_read", "ar", id="arabic"
        ),
        pytest.param(
            "a.txt",
            "Las delegaciones acordaron una tregua de tres días.".encode(),
            "language_not_read",
            "es",
            id="spanish",
        ),
        pytest.param(
            "a.html",
            b"<p>Die Delegationen einigten sich am Montag auf eine Waffenruhe.",
            "language_not_read",
            "de",
            id="german-page",
        ),
    ],
)
def test_an_input_becomes_one_row_with_its_reason(tmp_path, name, content, reason, language):
    (tmp_path / name).write_bytes(content)
    (document,), (record,), _ = tables(tmp_path / name)
    assert (document["status_reason"], document["language"]) == (reason, language)
    assert document["status"] == ("quarantined" if reason else "accepted")
    assert document["uris"] == [record["uri"]] == [name]
    assert document["document_id"] == record["document_id"] == document["sha256"][:16]


def test_invalid_utf_8_is_read_as_what_it_is(tmp_path):
    (tmp_path / "a.txt").write_bytes("The café’s owner left the town. Its café’s staff left".encode() + b" for Orl\xc3")
    (document,), *_ = tables(tmp_path / "a.txt")
    assert (document["encoding"], document["text_repaired"], document["text"][-1]) == ("utf-8", True, "\ufffd")


def test_one_malformed_line_among_good_ones_costs_one_record(tmp_path):
    lines = [json.dumps({"id": i, "text": f"{STORY} It was day {i}."}) for i in range(20)]
    lines[7] = lines[7][:30]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    documents, records, _ = tables(tmp_path / "a.jsonl")
    assert len(records) == 20
    assert [row["uris"] for row in documents if row["status_reason"] == "malformed_json"] == [["a.jsonl#line-8"]]
    assert sum(row["status"] == "accepted" for row in documents) == 19


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.jsonl"])
def test_a_line_of_50_mb_is_refused_in_seconds_and_little_memory(tmp_path, name):
    (tmp_path / name).write_bytes(b'{"text": "' + b"word " * 10_000_000 + b'"}')
    started = time.perf_counter()
    tracemalloc.start()
    (document,), *_ = tables(tmp_path / name)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (document["status_reason"], document["text"]) == ("too_long", None)
    assert len(document["sha256"]) == 64
    assert time.perf_counter() - started < 20
    assert peak < 4 * readers.MAX_LINE_BYTES


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("word " * 1_990_000, id="no-punctuation"),
        pytest.param("w" * 9_900_000, id="one-word"),
        pytest.param("’" * 3_000_000, id="quotation-marks"),
        pytest.param("\n" * 5_000_000 + "The army left." + "\n" * 4_000_000, id="blank-lines"),
        pytest.param("the townâ€™s mayor\n" * 60_000, id="mojibake-in-every-line"),
        pytest.param("the townâ€™s mayor " * 100_000, id="mojibake-in-one-line"),
    ],
)
def test_megabytes_are_read_in_seconds(tmp_path, content):
    (tmp_path / "a.txt").write_text(content, newline="")
    started = time.perf_counter()
    tables(tmp_path / "a.txt")
    assert time.perf_counter() - started < 60


def test_names_with_newlines_and_quotes_reach_the_tables(tmp_path):
    name = os.fsdecode(b"two\nlines 'quoted' \"twice\" caf\xe9.txt")
    (tmp_path / name).write_text(STORY)
    (document,), (record,), _ = tables(tmp_path / name)
    assert document["uris"] == [record["uri"]] == ["two\nlines 'quoted' \"twice\" caf\\xe9.txt"]


def test_the_same_text_in_two_formats_is_the_same_document(tmp_path):
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "b.jsonl").write_text(json.dumps({"id": 1, "text": STORY}))
    files = discover([tmp_path], warehouse=tmp_path / "warehouse")
    (first,), (second,) = (read_file(file)[0] for file in files)
    assert first | {"uris": None} == second | {"uris": None}
