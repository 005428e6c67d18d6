"""A shard of documents to segments, articles and refusals: reads tables, calls clean_document, returns rows."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flows.clean.document import Block, Metadata, clean_document
from flows.store.ledger import digest_of
from flows.store.units import Done, Unit, finished, per_document
from flows.text.ids import content_id
from schemas.blocks import BLOCKS
from schemas.registry import made_by

Row = dict[str, Any]
_LANGUAGE_CODE = re.compile("[a-z]{2,3}")
METADATA_FIELDS = ("url", "title", "published", "publisher", "language")
BLOCK_FIELDS = tuple(name for name in BLOCKS.column_names if name not in {"document_id", "index"})


@dataclass(frozen=True)
class Input:
    """What clean knows of one document."""

    document_id: str
    text: str
    blocks: tuple[Block, ...]
    metadata: Metadata


def clean_unit(unit: Unit) -> Done:
    """Clean one shard; the unit's input is the shard that ingest gathered."""
    if done := finished(unit):
        return done
    return per_document(unit, [table.name for table in made_by("clean")], _payloads(unit), clean_rows)


def clean_rows(given: Input) -> Mapping[str, list[Row]]:
    """One document to the rows of clean's tables."""
    cleaned = clean_document(given.text, given.blocks, given.metadata)
    owner = given.document_id
    rows: dict[str, list[Row]] = {
        "segments": [
            {
                "segment_id": content_id("segments", owner, start_char, end_char),
                "document_id": owner,
                "index": index,
                "start_char": start_char,
                "end_char": end_char,
                "label": label,
                "confidence": confidence,
            }
            for index, (start_char, end_char, label, confidence) in enumerate(cleaned.segments)
        ]
    }
    if cleaned.article is not None and cleaned.refused is None:
        rows["articles"] = [vars(cleaned.article) | {"article_id": owner}]
    else:
        rows["refusals"] = [{"document_id": owner, "status_reason": cleaned.refused or "no_body"}]
    return rows


def agreed_metadata(records: list[Row], language: str | None) -> Metadata:
    """What a document's records say where they agree; None where they disagree or say nothing.

    >>> agreed_metadata([{"title": "A", "url": "x"}, {"title": "B", "url": None}], "en")
    Metadata(url='x', title=None, published=None, publisher=None, language='en')
    >>> [agreed_metadata([{"language": said}], None).language for said in ("en-GB", "EN", "English")]
    ['en', 'en', None]
    """
    values: dict[str, str | None] = {}
    for name in METADATA_FIELDS:
        said = {record[name] for record in records if record.get(name)}
        values[name] = said.pop() if len(said) == 1 else None
    return Metadata(**(values | {"language": language or _language_code(values["language"])}))


def _language_code(said: str | None) -> str | None:
    """The ISO 639 code at the head of what a record calls its language; None of a name, which is no code."""
    code = re.split("[-_]", said.strip().lower())[0] if said else ""
    return code if _LANGUAGE_CODE.fullmatch(code) else None


def _payloads(unit: Unit) -> dict[str, tuple[str, Input]]:
    (gathered,) = unit.inputs
    blocks: dict[str, list[Block]] = defaultdict(list)
    for row in gathered.table("blocks").to_pylist():
        blocks[row["document_id"]].append(Block(**{name: row[name] for name in BLOCK_FIELDS}))
    records: dict[str, list[Row]] = defaultdict(list)
    for row in gathered.table("records").to_pylist():
        records[row["document_id"]].append(row)
    payloads: dict[str, tuple[str, Input]] = {}
    for row in gathered.table("documents").to_pylist():
        if row["status"] != "accepted":
            continue
        key, text = row["document_id"], row["text"]
        given = Input(key, text, tuple(blocks[key]), agreed_metadata(records[key], row["language"]))
        text_digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
        payloads[key] = (digest_of(text_digest, repr(given.blocks), repr(given.metadata)), given)
    return payloads
