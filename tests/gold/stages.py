"""The stages without the orchestration: input files to a folder of <table>.parquet, in one process."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flows.clean.document import Block
from flows.clean.shard import BLOCK_FIELDS, Input, agreed_metadata, clean_rows
from flows.extract.reading import Page
from flows.ingest.inputs import InputFile, discover
from flows.ingest.merge import merge_blocks, merge_documents, merge_records
from flows.ingest.rows import read_file
from flows.stages import released_tables
from flows.store.ledger import Entry, commit
from flows.store.parquet import to_arrow, write_parquet
from flows.store.units import shard_of
from schemas.registry import table_named

Row = dict[str, Any]


def write_release(files: Sequence[InputFile], folder: Path) -> None:
    """Ingest, clean, extract and link the files; write the tables that facts are scored on.

    Raises:
        RuntimeError: a stage tripped over a document, which a run would quarantine.
    """
    with TemporaryDirectory() as work:
        for table, rows in released_tables(gathered(files, Path(work) / "gathered"), Path(work)):
            if table.name == "documents":
                reasons = rows["status_reason"].to_pylist()
                if failed := [reason for reason in reasons if reason and reason.endswith("_failed")]:
                    raise RuntimeError(f"{len(failed)} documents: {sorted(set(failed))}")
            write_parquet(table, rows, folder / f"{table.name}.parquet")


def gathered(files: Sequence[InputFile], folder: Path) -> list[Entry]:
    """The ledger's entries of the files' documents, as ingest leaves them."""
    documents, records, blocks = (list(rows) for rows in _rows_of(files))
    shards: dict[str, dict[str, list[Row]]] = defaultdict(lambda: {"documents": [], "records": [], "blocks": []})
    for name, rows in (("documents", documents), ("records", records), ("blocks", blocks)):
        for row in rows:
            shards[shard_of(row["document_id"])][name].append(row)
    return [
        commit(
            folder,
            shard,
            "0" * 24,
            "0" * 64,
            {name: to_arrow(table_named(name), rows) for name, rows in made.items()},
            {},
        )
        for shard, made in sorted(shards.items())
    ]


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
    documents, told, found = _rows_of(files)
    records: dict[str, list[Row]] = defaultdict(list)
    for row in told:
        records[row["document_id"]].append(row)
    blocks: dict[str, list[Block]] = defaultdict(list)
    for row in found:
        blocks[row["document_id"]].append(Block(**{name: row[name] for name in BLOCK_FIELDS}))
    return documents, records, blocks


def _rows_of(files: Sequence[InputFile]) -> tuple[list[Row], list[Row], list[Row]]:
    """Rows of `documents`, `records` and `blocks`."""
    parts = [read_file(file) for file in files]
    documents = merge_documents(row for part in parts for row in part[0])
    records = merge_records(row for part in parts for row in part[1])
    return documents, records, merge_blocks((row for part in parts for row in part[2]), documents)
