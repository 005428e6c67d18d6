"""Rows of many files to the tables: the same content met twice is one document with two uris. Pure.

Each function's result depends on the set of rows alone, not on their order; merging what was merged changes nothing.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from flows.ingest.documents import Document
from flows.ingest.page_metadata import PageMetadata
from flows.ingest.raw import RawRecord

Row = dict[str, Any]

METADATA: Final = ("url", "title", "published", "publisher", "language")


def rows_of(record: RawRecord, document: Document) -> tuple[Row, Row, list[Row]]:
    """The `documents` row, the `records` row and the `blocks` rows of one record.

    What a record says of itself goes before what its page's head says, but for the day: records of crawls carry the crawl's.
    """
    document_row: Row = {
        "document_id": document.document_id,
        "uris": [record.uri],
        "media_type": document.media_type,
        "byte_length": document.byte_length,
        "sha256": document.sha256,
        "encoding": document.encoding,
        "language": document.language,
        "status": document.status,
        "status_reason": document.status_reason,
        "duplicate_of": None,
        "text": document.text,
        "text_repaired": document.text_repaired,
    }
    record_row: Row = {"uri": record.uri, "document_id": document.document_id}
    record_row |= {name: getattr(record, name) or getattr(document.metadata, name) for name in METADATA}
    record_row["published"] = document.metadata.published or record.published
    block_rows: list[Row] = [
        {
            "document_id": document.document_id,
            "index": index,
            "start_char": block.start_char,
            "end_char": block.end_char,
            "tag": block.tag,
            "path": block.path,
            "link_share": block.link_share,
            "main_content": block.main_content,
            "datetime": block.datetime,
        }
        for index, block in enumerate(document.blocks)
    ]
    return document_row, record_row, block_rows


def merge_documents(rows: Iterable[Row]) -> list[Row]:
    """One row a document, its uris sorted, in the order of their ids.

    The same bytes can be read in two ways (as .txt and as .html): the reading that was accepted counts, else, or if both
    were, the one whose media type comes first.
    """
    best: dict[str, Row] = {}
    uris: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        document_id = row["document_id"]
        uris[document_id].update(row["uris"])
        if document_id not in best or _rank(row) < _rank(best[document_id]):
            best[document_id] = row
    return [best[document_id] | {"uris": sorted(uris[document_id])} for document_id in sorted(best)]


def merge_records(rows: Iterable[Row]) -> list[Row]:
    """One row for each address and document, in that order; met twice with differing metadata, the field is null.

    Rows of one address come from one file; where that file's rows were merged, more of them must not follow.
    """
    return _agreed(rows, ("uri", "document_id"))


def merge_blocks(blocks: Iterable[Row], documents: Iterable[Row]) -> list[Row]:
    """The blocks of documents that are read as HTML, each once, in the order of their documents."""
    html = {row["document_id"] for row in documents if row["media_type"] == "text/html"}
    by_key = {(row["document_id"], row["index"]): row for row in blocks if row["document_id"] in html}
    return [by_key[key] for key in sorted(by_key)]


def merged_metadata(records: Iterable[Row]) -> dict[str, PageMetadata]:
    """For each document what its records say of it: a field on which they disagree is None; silence is no disagreement."""
    rows = _agreed(records, ("document_id",))
    return {row["document_id"]: PageMetadata(**{name: row[name] for name in METADATA}) for row in rows}


def _agreed(rows: Iterable[Row], key: tuple[str, ...]) -> list[Row]:
    """Rows of the same key made one: the value that all which have one agree on, field by field."""
    said: dict[tuple[str, ...], list[str | None]] = {}
    differ: dict[tuple[str, ...], set[int]] = defaultdict(set)  # the numbers of the fields on which rows do not agree
    for row in rows:
        own = tuple(row[name] for name in key)
        values = [row[name] for name in METADATA]
        known = said.setdefault(own, values)
        for number, value in enumerate(values):
            if known[number] is None:
                known[number] = value
            elif value is not None and value != known[number]:
                differ[own].add(number)
    return [
        dict(zip(key, own, strict=True))
        | {
            name: None if own in differ and number in differ[own] else value
            for number, (name, value) in enumerate(zip(METADATA, said[own], strict=True))
        }
        for own in sorted(said)
    ]


def _rank(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["status"], row["media_type"], json.dumps({**row, "uris": None}, sort_keys=True)
