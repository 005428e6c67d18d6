"""One file to rows: what a worker does. Pure but for reading the file."""

from collections.abc import Iterator, Mapping

from flows.ingest.documents import read_document
from flows.ingest.inputs import InputFile
from flows.ingest.merge import Row, merge_blocks, merge_documents, merge_records, rows_of
from flows.ingest.readers import read_records

# The same content again and again is made one document as it comes, not at the end: a bomb of one text costs one text.
FOLD_WEIGHT = 50_000_000
ROW_WEIGHT = 2_000


def iter_rows(file: InputFile, field_map: Mapping[str, str] | None = None) -> Iterator[tuple[Row, Row, list[Row]]]:
    """For each record of a file its row of `documents`, its row of `records` and its rows of `blocks`, one at a time."""
    for record in read_records(file, field_map):
        yield rows_of(record, read_document(record))


def read_file(file: InputFile, field_map: Mapping[str, str] | None = None) -> tuple[list[Row], list[Row], list[Row]]:
    """The rows of `documents`, `records` and `blocks` that a file makes, merged within the file and sorted by their keys.

    Rows of several files are merged by the functions of `flows.ingest.merge`.
    """
    documents: list[Row] = []
    records: list[Row] = []
    blocks: list[Row] = []
    held = limit = 0
    for document_row, record_row, block_rows in iter_rows(file, field_map):
        documents.append(document_row)
        records.append(record_row)
        blocks.extend(block_rows)
        held += _weight(document_row)
        if held > FOLD_WEIGHT + 2 * limit:
            documents = merge_documents(documents)
            blocks = merge_blocks(blocks, documents)
            held = limit = sum(map(_weight, documents))
    merged = merge_documents(documents)
    return merged, merge_records(records), merge_blocks(blocks, merged)


def _weight(document_row: Row) -> int:
    """About the bytes that the row takes."""
    return ROW_WEIGHT + len(document_row["text"] or "")
