"""Link: all articles' names to entities, and a narrow map from every fact's name to its entity. Reads tables, returns rows."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from flows.link.entities import Entities, fold_name
from flows.store import ledger
from flows.store.ledger import Entry, concat
from flows.store.parquet import to_arrow
from flows.store.units import Done, Unit, finished
from schemas.entities import ENTITIES
from schemas.entity_links import ENTITY_LINKS
from schemas.export import arrow_schema

Row = dict[str, Any]

# Facts whose names are resolved through their document's mentions: table → (own id, column that holds the name).
NAMED = {
    "quotes": ("quote_id", "speaker"),
    "casualties": ("casualty_id", "place"),
    "events": ("event_id", "place"),
    "event_actors": ("event_actor_id", "name"),
}


def link_unit(unit: Unit) -> Done:
    """Link everything that the unit's inputs (extract's entries) hold."""
    if done := finished(unit):
        return done
    tables = link_tables(unit.inputs)
    entry = ledger.commit(unit.stage_folder, unit.name, unit.key, unit.fingerprint, tables, {})
    return Done(entry, len(unit.inputs), 0)


def link_tables(extracted: Sequence[Entry]) -> dict[str, pa.Table]:
    """`entities` and `entity_links`. Shards are read one at a time: a document's names meet only in its own shard."""
    entities = Entities()
    parts = [arrow_schema(ENTITY_LINKS).empty_table()]
    for shard in extracted:
        links = list(_links_of(shard, entities))
        parts.append(to_arrow(ENTITY_LINKS, links))
    links_table = pa.concat_tables(parts)
    countries = entities.countries()
    found = pa.array([countries[entity_id] for entity_id in links_table["entity_id"].to_pylist()], pa.string())
    at = links_table.column_names.index("country_code")
    return {
        "entities": to_arrow(ENTITIES, entities.rows()),
        "entity_links": links_table.set_column(at, "country_code", found),
    }


def _links_of(shard: Entry, entities: Entities) -> Iterator[Row]:
    mentions = concat([shard], "mentions").select(["mention_id", "document_id", "entity_type", "name", "text"])
    of_mention, of_name = entities.add(mentions.to_pylist())
    for row_id, entity_id in of_mention.items():
        yield {"table_name": "mentions", "row_id": row_id, "entity_id": entity_id}
    for table, (own_id, column) in NAMED.items():
        for row in concat([shard], table).select([own_id, "document_id", column]).to_pylist():
            entity_id_found = of_name.get((row["document_id"], fold_name(row[column] or "")))
            if entity_id_found is not None:
                yield {"table_name": table, "row_id": row[own_id], "entity_id": entity_id_found}
