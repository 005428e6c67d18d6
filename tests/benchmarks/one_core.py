"""Ingest and clean alone, on one core, beside the least that reading can be.

python -m tests.benchmarks.one_core functions INPUT     the two stages' own functions, record by record, nothing written
python -m tests.benchmarks.one_core tables INPUT WORK   as a run has them done: into the ledger's shards, as Parquet
python -m tests.benchmarks.one_core reading INPUT       read, parse the JSON, hash each text

Prints documents and processor seconds as a line of JSON. What a process does once and not for each document is left out:
imports (pyarrow's of pandas among them), the fingerprint of the code, the reference tables that are read at first use.
"""

import hashlib
import json
import sys
import time
from pathlib import Path

from flows.clean.document import Block
from flows.clean.flow import ROOTS as CLEAN
from flows.clean.shard import BLOCK_FIELDS, Input, agreed_metadata, clean_rows, clean_unit
from flows.ingest.documents import read_document
from flows.ingest.flow import ROOTS as INGEST
from flows.ingest.inputs import InputFile, discover
from flows.ingest.merge import rows_of
from flows.ingest.readers import read_records
from flows.ingest.unit import gather, group_files, ingest_group
from flows.store.fingerprint import fingerprint
from flows.store.units import Unit

WARM_UP_DOCUMENTS = 20


def functions(files: list[InputFile]) -> dict[str, float]:
    """Seconds of ingest's and of clean's functions for the files' records: texts and pages to rows, in memory."""
    spent = {"ingest_seconds": 0.0, "clean_seconds": 0.0}
    documents = 0
    records = (record for file in files for record in read_records(file))
    while True:
        began = time.process_time()
        if (record := next(records, None)) is None:
            break
        document, about, blocks = rows_of(record, read_document(record))
        ingested = time.process_time()
        if document["status"] == "accepted":
            given = Input(
                document["document_id"],
                document["text"],
                tuple(Block(**{name: block[name] for name in BLOCK_FIELDS}) for block in blocks),
                agreed_metadata([about], document["language"]),
            )
            clean_rows(given)
        ended = time.process_time()
        if documents >= WARM_UP_DOCUMENTS:
            spent["ingest_seconds"] += ingested - began
            spent["clean_seconds"] += ended - ingested
        documents += 1
    return {"documents": documents - WARM_UP_DOCUMENTS, **spent}


def tables(files: list[InputFile], work: Path) -> dict[str, float]:
    """Seconds of both stages with the writing of their tables, and how many documents they made."""
    ingest_code, clean_code = fingerprint(*INGEST), fingerprint(*CLEAN)
    began = time.process_time()
    ingested = [ingest_group(group).entry for group in group_files(work / "ingest", ingest_code, files, {})]
    gathered = gather(work / "gathered", ingest_code, ingested)
    done = [clean_unit(Unit(work / "clean", entry.unit, clean_code, (entry,))) for entry in gathered]
    spent = time.process_time() - began
    return {"documents": sum(one.computed for one in done), "seconds": spent, "shards": len(done)}


def reading(file: Path) -> dict[str, float]:
    """Seconds of reading the file, parsing each line and hashing its text."""
    began = time.process_time()
    with file.open("rb") as lines:
        documents = len({hashlib.sha256(json.loads(line)["text"].encode()).digest() for line in lines})
    return {"documents": documents, "seconds": time.process_time() - began}


def main() -> int:
    """Time what is asked for."""
    import pandas as pd  # noqa: F401  # pyarrow imports it with the first table: a process's cost, not a document's

    what, file = sys.argv[1], Path(sys.argv[2])
    if what == "reading":
        measured = reading(file)
    else:
        work = Path(sys.argv[3]) if what == "tables" else file.parent / "no-warehouse"
        files = list(discover([file], warehouse=work))
        if what == "tables":
            for record in read_records(files[0]):  # so that the reference tables are read
                document, about, _ = rows_of(record, read_document(record))
                clean_rows(Input("", document["text"], (), agreed_metadata([about], "en")))
                break
        measured = tables(files, work) if what == "tables" else functions(files)
    sys.stdout.write(json.dumps(measured) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
