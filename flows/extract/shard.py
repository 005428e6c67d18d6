"""A shard of articles to the facts in them: reads tables, calls extract_page, returns rows."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from flows.extract.document import extract_page
from flows.extract.reading import Page
from flows.store.ledger import Entry, digest_of
from flows.store.parquet import Row
from flows.store.units import Done, Unit, finished, per_document
from schemas.registry import made_by

TABLES = tuple(table.name for table in made_by("extract"))


def extract_unit(unit: Unit) -> Done:
    """Extract one shard; the unit's inputs are the shard as ingest gathered it and as clean labelled it."""
    if done := finished(unit):
        return done
    gathered, cleaned = unit.inputs
    return per_document(unit, TABLES, payloads_of(gathered, cleaned), extract_page)


def payloads_of(gathered: Entry, cleaned: Entry, days: Mapping[str, date] | None = None) -> dict[str, tuple[str, Page]]:
    """Document to (digest of what extract reads of it, the page), of a shard's articles.

    Args:
        gathered: the shard as ingest gathered it.
        cleaned: the same shard as clean labelled it.
        days: document to a day of publication that stands in for clean's; only these documents are read then.
    """
    wanted = None if days is None else pa.array(sorted(days), pa.string())

    def rows(entry: Entry, name: str, owner: str, columns: Sequence[str]) -> list[Row]:
        table = entry.table(name).select([owner, *columns])
        found: list[Row] = (table if wanted is None else table.filter(pc.is_in(table[owner], wanted))).to_pylist()
        return found

    texts = {row["document_id"]: row["text"] for row in rows(gathered, "documents", "document_id", ["text"])}
    segments: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for row in rows(cleaned, "segments", "document_id", ["start_char", "end_char", "label"]):
        segments[row["document_id"]].append((row["start_char"], row["end_char"], row["label"]))
    payloads: dict[str, tuple[str, Page]] = {}
    told = ["published_on", "dateline_place", "publisher", "agency"]
    for row in rows(cleaned, "articles", "article_id", told):
        key = row["article_id"]
        page = Page(
            document_id=key,
            text=texts[key],
            published_on=row["published_on"] if days is None else days[key],
            segments=tuple(segments[key]),
            dateline_place=row["dateline_place"],
            publisher=row["publisher"],
            agency=row["agency"],
        )
        text_digest = hashlib.sha256(page.text.encode("utf-8")).hexdigest()
        rest = (page.published_on, page.segments, page.dateline_place, page.publisher, page.agency)
        payloads[key] = (digest_of(text_digest, repr(rest)), page)
    return payloads
