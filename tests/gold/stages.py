"""The stages without the orchestration: input files to a folder of <table>.parquet, in one process."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from flows.clean.document import Block
from flows.clean.shard import BLOCK_FIELDS, Input, agreed_metadata, clean_rows
from flows.extract.document import extract_page
from flows.extract.reading import Page
from flows.ingest.inputs import InputFile, discover
from flows.ingest.merge import merge_blocks, merge_documents, merge_records
from flows.ingest.rows import read_file
from flows.link.entities import link_entities
from flows.store.parquet import to_arrow, write_parquet
from schemas.registry import made_by, table_named

Row = dict[str, Any]

WRITTEN = ("documents", *(table.name for stage in ("clean", "extract") for table in made_by(stage)), "entities")


def write_release(files: Sequence[InputFile], folder: Path) -> None:
    """Ingest, clean, extract and link the files; write the tables that facts are scored on."""
    tables: dict[str, list[Row]] = {name: [] for name in WRITTEN}
    for document, cleaned in clean_files(files):
        tables["documents"].append(document)
        _add(tables, cleaned)
        for page in pages_of(document, cleaned):
            _add(tables, extract_page(page))
    tables["entities"], entity_of_mention, _ = link_entities(tables["mentions"])
    for mention in tables["mentions"]:
        mention["entity_id"] = entity_of_mention[mention["mention_id"]]
    for name, rows in tables.items():
        table = table_named(name)
        write_parquet(table, to_arrow(table, rows), folder / f"{name}.parquet")


def pages_of(document: Row, cleaned: Mapping[str, list[Row]]) -> Iterator[Page]:
    """A document as clean hands it to extract: a page, none where it is no article."""
    spans = tuple((row["start_char"], row["end_char"], row["label"]) for row in cleaned.get("segments", []))
    for article in cleaned.get("articles", []):
        about = {name: article[name] for name in ("published_on", "dateline_place", "publisher", "agency")}
        yield Page(document["document_id"], document["text"], segments=spans, **about)


def clean_files(files: Sequence[InputFile]) -> Iterator[tuple[Row, Mapping[str, list[Row]]]]:
    """Ingest and clean alone: each row of `documents` with the rows of clean's tables, none if it was quarantined."""
    documents, records, blocks = _ingested(files)
    for document in documents:
        if document["status"] != "accepted":
            yield document, {}
            continue
        key = document["document_id"]
        metadata = agreed_metadata(records[key], document["language"])
        yield document, clean_rows(Input(key, document["text"], tuple(blocks[key]), metadata))


def input_files(folder: Path, suffixes: Sequence[str] = ()) -> list[InputFile]:
    """Every input file below a folder; with suffixes only those."""
    found = discover([folder], warehouse=folder / "no-warehouse")
    return [file for file in found if not suffixes or file.path.suffix in suffixes]


def _ingested(files: Sequence[InputFile]) -> tuple[list[Row], dict[str, list[Row]], dict[str, list[Block]]]:
    """Documents, and their records and blocks by document."""
    parts = [read_file(file) for file in files]
    documents = merge_documents(row for part in parts for row in part[0])
    records: dict[str, list[Row]] = defaultdict(list)
    for row in merge_records(row for part in parts for row in part[1]):
        records[row["document_id"]].append(row)
    blocks: dict[str, list[Block]] = defaultdict(list)
    for row in merge_blocks((row for part in parts for row in part[2]), documents):
        blocks[row["document_id"]].append(Block(**{name: row[name] for name in BLOCK_FIELDS}))
    return documents, records, blocks


def _add(tables: dict[str, list[Row]], found: Any) -> None:
    for name, rows in found.items():
        tables[name] += rows
