"""The second pass: documents that got their day from their story, extracted again with it.

What an expression means rests on the parse and on the day (tense, clause, the day told last), and what a fact's date is
rests on that; so the same functions run again on these few documents, and the rows of all others stay as they are.
"""

import json
from collections import defaultdict
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from flows.extract.document import extract_page
from flows.extract.shard import TABLES, payloads_of
from flows.store.ledger import Entry
from flows.store.units import Done, Unit, finished, per_document, shard_of


def days_by_shard(grouped: Entry) -> dict[str, dict[str, date]]:
    """Shard to its documents that a neighbour dates, each with its day, from group's `article_links`."""
    links = grouped.table("article_links").select(["article_id", "published_on"])
    days: dict[str, dict[str, date]] = defaultdict(dict)
    for row in links.filter(pc.is_valid(links["published_on"])).to_pylist():
        days[shard_of(row["article_id"])][row["article_id"]] = row["published_on"]
    return dict(days)


def options_of(days: dict[str, date]) -> str:
    """A shard's days as `date_unit` reads them.

    >>> options_of({"00000000000000bb": date(2020, 7, 17), "00000000000000aa": date(2020, 7, 18)})
    '{"00000000000000aa": "2020-07-18", "00000000000000bb": "2020-07-17"}'
    """
    return json.dumps({document_id: day.isoformat() for document_id, day in days.items()}, sort_keys=True)


def date_unit(unit: Unit) -> Done:
    """Extract some documents of one shard anew; all rows of the others are taken over.

    The unit's inputs are the shard as ingest gathered it, as clean labelled it and as extract left it; its options are the
    days, from `options_of`.
    """
    if done := finished(unit):
        return done
    gathered, cleaned, extracted = unit.inputs
    days = {document_id: date.fromisoformat(day) for document_id, day in json.loads(unit.options).items()}
    dated = pa.array(sorted(days), pa.string())
    others: dict[str, pa.Table] = {}
    for name in (*TABLES, "refusals"):
        table = extracted.table(name)
        others[name] = table.filter(pc.invert(pc.is_in(table["document_id"], dated)))
    return per_document(unit, TABLES, payloads_of(gathered, cleaned, days), extract_page, others)
