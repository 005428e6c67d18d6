"""A shard of articles to the facts in them: reads tables, calls extract_page, returns rows."""

import hashlib
from collections import defaultdict

from flows.extract.document import extract_page
from flows.extract.reading import Page
from flows.store.ledger import digest_of
from flows.store.units import Done, Unit, finished, per_document
from schemas.registry import made_by


def extract_unit(unit: Unit) -> Done:
    """Extract one shard; the unit's inputs are the shard as ingest gathered it and as clean labelled it."""
    if done := finished(unit):
        return done
    return per_document(unit, [table.name for table in made_by("extract")], _payloads(unit), extract_page)


def _payloads(unit: Unit) -> dict[str, tuple[str, Page]]:
    gathered, cleaned = unit.inputs
    texts = {
        row["document_id"]: row["text"]
        for row in gathered.table("documents").select(["document_id", "text"]).to_pylist()
    }
    segments: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for row in cleaned.table("segments").to_pylist():
        segments[row["document_id"]].append((row["start_char"], row["end_char"], row["label"]))
    payloads: dict[str, tuple[str, Page]] = {}
    for row in cleaned.table("articles").to_pylist():
        key = row["article_id"]
        page = Page(
            document_id=key,
            text=texts[key],
            published_on=row["published_on"],
            segments=tuple(segments[key]),
            dateline_place=row["dateline_place"],
            publisher=row["publisher"],
            agency=row["agency"],
        )
        text_digest = hashlib.sha256(page.text.encode("utf-8")).hexdigest()
        rest = (page.published_on, page.segments, page.dateline_place, page.publisher, page.agency)
        payloads[key] = (digest_of(text_digest, repr(rest)), page)
    return payloads
