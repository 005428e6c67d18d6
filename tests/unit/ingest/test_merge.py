"""The same content met twice is one document; metadata counts where its records agree."""

from flows.ingest.documents import read_document
from flows.ingest.merge import merge_blocks, merge_documents, merge_records, merged_metadata, rows_of
from flows.ingest.page_metadata import PageMetadata
from flows.ingest.readers import RawRecord
from schemas.blocks import BLOCKS
from schemas.documents import DOCUMENTS
from schemas.records import RECORDS

RAW = b"The army said on Friday that its troops had left the town."
PAGE = b"<title>Of the page</title><p>The army said on Friday that its troops had left the town."


def rows(*records):
    documents, recorded, blocks = [], [], []
    for record in records:
        document_row, record_row, block_rows = rows_of(record, read_document(record))
        documents.append(document_row)
        recorded.append(record_row)
        blocks.extend(block_rows)
    return documents, recorded, blocks


def test_rows_have_the_columns_of_their_tables():
    document, record, blocks = rows_of(page := RawRecord("a.html", "text/html", PAGE), read_document(page))
    assert list(document) == [column.name for column in DOCUMENTS.columns]
    assert list(record) == [column.name for column in RECORDS.columns]
    assert list(blocks[0]) == [column.name for column in BLOCKS.columns]


def test_the_same_content_is_one_document_with_sorted_uris():
    documents, *_ = rows(RawRecord("b.txt", "text/plain", RAW), RawRecord("a.jsonl#1", "text/plain", RAW))
    (merged,) = merge_documents(documents)
    assert merged["uris"] == ["a.jsonl#1", "b.txt"]


def test_bytes_that_can_be_read_in_two_ways_are_read_as_the_accepted_one():
    readable, refused = (
        RawRecord("a.txt", "text/plain", RAW),
        RawRecord("a.bin", "application/octet-stream", RAW, refused="x"),
    )
    for order in ((readable, refused), (refused, readable)):
        (merged,) = merge_documents(rows(*order)[0])
        assert (merged["status"], merged["uris"]) == ("accepted", ["a.bin", "a.txt"])


def test_blocks_of_a_page_read_twice_are_there_once():
    documents, _, blocks = rows(RawRecord("a.html", "text/html", PAGE), RawRecord("b.html", "text/html", PAGE))
    assert len(blocks) == 2
    assert len(merge_blocks(blocks, merge_documents(documents))) == 1


def test_what_a_record_says_goes_before_what_its_page_says():
    _, (own, silent), _ = rows(
        RawRecord("a.jsonl#1", "text/html", PAGE, title="Of the record"), RawRecord("a.html", "text/html", PAGE)
    )
    assert (own["title"], silent["title"]) == ("Of the record", "Of the page")


def test_the_day_that_a_page_gives_goes_before_the_records_which_may_be_the_crawls():
    dated = b"<meta property='article:published_time' content='2019-03-04'>" + PAGE
    _, (crawled, text), _ = rows(
        RawRecord("a.jsonl#1", "text/html", dated, published="2022-02-02"),
        RawRecord("a.jsonl#2", "text/plain", RAW, published="2022-02-02"),
    )
    assert (crawled["published"], text["published"]) == ("2019-03-04", "2022-02-02")


def test_a_field_on_which_records_disagree_is_none_and_silence_is_no_disagreement():
    _, recorded, _ = rows(
        RawRecord("a#1", "text/plain", RAW, title="One", published="2019", publisher="Paper"),
        RawRecord("a#2", "text/plain", RAW, title="Two", published="2019"),
    )
    (metadata,) = merged_metadata(recorded).values()
    assert metadata == PageMetadata(title=None, published="2019", publisher="Paper")
    assert [row["title"] for row in merge_records(recorded)] == ["One", "Two"]


def test_the_same_address_and_content_met_twice_is_one_record():
    _, recorded, _ = rows(
        RawRecord("a#1", "text/plain", RAW, title="One", url="u"),
        RawRecord("a#1", "text/plain", RAW, title="Two", url="u"),
    )
    (merged,) = merge_records(recorded)
    assert (merged["title"], merged["url"]) == (None, "u")
