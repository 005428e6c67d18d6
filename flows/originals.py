"""The texts of a folder of originals, by document id: what `verify --against` compares an export with."""

from pathlib import Path

from flows.ingest.inputs import discover
from flows.ingest.rows import iter_rows


def texts_below(folder: Path, warehouse: Path) -> dict[str, str]:
    """Document id to decoded text, for every readable document in `folder`.

    Raises:
        UsageError: the folder does not exist.
    """
    texts: dict[str, str] = {}
    for file in discover([folder], warehouse=warehouse):
        for document, _, _ in iter_rows(file):
            if document["text"] is not None:
                texts[document["document_id"]] = document["text"]
    return texts
