"""Laws of ingest: nothing is lost, nothing is changed, order and batches do not matter."""

import gzip
import json

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.ingest import language
from flows.ingest.documents import read_document
from flows.ingest.encoding import decode, repair
from flows.ingest.html import read_html
from flows.ingest.inputs import discover
from flows.ingest.language import main_language
from flows.ingest.merge import merge_blocks, merge_documents, merge_records, merged_metadata, rows_of
from flows.ingest.raw import RawRecord
from flows.ingest.rows import read_file
from schemas.documents import DOCUMENTS
from schemas.export import arrow_schema

TAGS = (
    "p",
    "div",
    "span",
    "a",
    "b",
    "h1",
    "li",
    "ul",
    "table",
    "td",
    "pre",
    "br",
    "script",
    "template",
    "time",
    "dialog",
)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)
PIECES = st.one_of(
    TEXTS,
    st.sampled_from(TAGS).map(lambda tag: f"<{tag}>"),
    st.sampled_from(TAGS).map(lambda tag: f"</{tag}>"),
    st.sampled_from(
        ("<p hidden>", "<a href=x>", "<!--", "-->", "&amp;", "&#0;", "&#xd800;", "\n\n", "â€™", "<time datetime=1>")
    ),
)
PAGES = st.lists(PIECES, max_size=40).map("".join)


@given(PAGES)
def test_blocks_are_in_order_apart_and_cover_every_character_that_is_not_blank(markup):
    page = read_html(markup)
    end = 0
    for block in page.blocks:
        assert page.text[end : block.start_char].strip() == ""
        assert end <= block.start_char < block.end_char
        line = page.text[block.start_char : block.end_char]
        assert line == line.strip()
        assert line
        assert 0.0 <= block.link_share <= 1.0
        end = block.end_char
    assert page.text[end:] == ""
    page.text.encode("utf-8")


@given(st.binary(max_size=200))
@settings(deadline=None)  # the first text in no known encoding or language loads what tells them
def test_any_bytes_make_a_row_that_arrow_takes(raw):
    for media_type in ("text/plain", "text/html"):
        row, *_ = rows_of(record := RawRecord("a", media_type, raw), read_document(record))
        pa.Table.from_pylist([row], schema=arrow_schema(DOCUMENTS)).validate(full=True)
        assert (row["status"] == "quarantined") == (row["status_reason"] is not None)
        assert row["status"] == "quarantined" or row["text"].strip()


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
def test_valid_utf_8_is_decoded_to_the_same_characters(text):
    decoded = decode(text.encode("utf-8"))
    assert decoded.text == text.removeprefix("\ufeff")


@given(TEXTS)
def test_repair_says_so_if_and_only_if_it_changes_something(text):
    repaired, changed = repair(text)
    assert changed == (repaired != text)


@given(st.text())
@settings(deadline=None)
def test_any_text_has_a_language_or_none(text):
    code, refused = main_language(text)
    assert refused in (None, "language_not_read", "language_unknown")
    assert code is None or 2 <= len(code) <= 3


WORDS = st.lists(
    st.sampled_from((*sorted(language.ENGLISH_WORDS), "x", "The", "said.", "don't", "1_", "²", "½", "é", "’", "\n")),
    max_size=30,
)


@given(WORDS, st.sampled_from(("", " ", "\u200b")))
def test_the_quick_look_at_a_language_says_only_what_the_long_one_says(words, between):
    text = between.join(words)
    if language._is_surely_english(text):
        found = language._WORD.findall(text)
        assert language._english_share(found) >= language.MIN_ENGLISH_SHARE
        assert sum(map(len, filter(str.isascii, found))) >= language.MIN_ASCII_SHARE * sum(map(len, found))


METADATA = st.none() | st.sampled_from(("one", "two"))
RECORDS = st.lists(
    st.builds(
        RawRecord,
        uri=st.sampled_from(("a", "b", "c")),
        media_type=st.sampled_from(("text/plain", "text/html")),
        raw=st.sampled_from((b"The army left.", b"<p>The army left.</p>", b"", b"\x00", b"Nobody was hurt.")),
        title=METADATA,
        published=METADATA,
        refused=st.none() | st.just("too_long"),
    ),
    max_size=8,
)


def merged(triples):
    documents = merge_documents(row for row, _, _ in triples)
    blocks = merge_blocks((row for _, _, rows in triples for row in rows), documents)
    return documents, merge_records(row for _, row, _ in triples), blocks


@given(RECORDS, st.randoms(use_true_random=False), st.integers(0, 8))
def test_any_order_and_any_batching_give_the_same_tables(records, random, cut):
    triples = [rows_of(record, read_document(record)) for record in records]
    whole = merged(triples)
    shuffled = list(triples)
    random.shuffle(shuffled)
    assert merged(shuffled) == whole
    batches = [merged(shuffled[:cut]), merged(shuffled[cut:])]
    documents = merge_documents(row for batch in batches for row in batch[0])
    blocks = merge_blocks([row for batch in batches for row in batch[2]], documents)
    assert (documents, blocks) == (whole[0], whole[2])
    assert merged_metadata(row for _, row, _ in shuffled) == merged_metadata(row for _, row, _ in triples)


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=60).filter(lambda raw: b"\n" not in raw and bool(raw.strip())),
            st.dictionaries(
                st.sampled_from(("id", "text", "html", "date", "x")), st.text() | st.integers() | st.none()
            ).map(lambda row: json.dumps(row).encode()),
        ),
        max_size=6,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_line_of_json_becomes_a_record(tmp_path, lines):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b"\n".join(lines)))
    (file,) = discover([path], warehouse=tmp_path / "warehouse")
    documents, records, _ = read_file(file)
    met = {uri for row in documents for uri in row["uris"]}
    assert met == {row["uri"] for row in records}
    assert bool(records)
    assert {row["document_id"] for row in records} == {row["document_id"] for row in documents}
