"""Link: all articles' names to entities, and a narrow map from every fact's name to its entity. Reads tables, returns rows."""

from collections.abc import Sequence
from typing import Any

from flows.link.entities import fold_name, link_entities
from flows.store import ledger
from flows.store.ledger import Entry, concat
from flows.store.parquet import to_arrow
from flows.store.units import Done, Unit, finished
from schemas.registry import table_named

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
    rows = link_rows(unit.inputs)
    tables = {name: to_arrow(table_named(name), found) for name, found in rows.items()}
    entry = ledger.commit(unit.stage_folder, unit.name, unit.key, unit.fingerprint, tables, {})
    return Done(entry, sum(len(one.documents) for one in unit.inputs), 0)


def link_rows(extracted: Sequence[Entry]) -> dict[str, list[Row]]:
    """Rows of `entities` and `entity_links`."""
    mentions = (
        concat(extracted, "mentions").select(["mention_id", "document_id", "entity_type", "name", "text"]).to_pylist()
    )
    entities, entity_of_mention, entity_of_name = link_entities(mentions)
    country = {entity["entity_id"]: entity["country_code"] for entity in entities}

    def link(table: str, row_id: str, entity_id: str) -> Row:
        return {"table_name": table, "row_id": row_id, "entity_id": entity_id, "country_code": country[entity_id]}

    links = [link("mentions", row_id, entity_id) for row_id, entity_id in entity_of_mention.items()]
    for table, (own_id, column) in NAMED.items():
        for row in concat(extracted, table).select([own_id, "document_id", column]).to_pylist():
            entity_id = entity_of_name.get((row["document_id"], fold_name(row[column] or "")))
            if entity_id is not None:
                links.append(link(table, row[own_id], entity_id))
    return {"entities": entities, "entity_links": links}
