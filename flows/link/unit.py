"""Link: all articles' names to entities, their events to incidents, and a narrow map from every fact's name to its entity."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from flows.link.entities import Entities, fold_name
from flows.link.grouping import TABLES as GROUPED
from flows.store import ledger
from flows.store.ledger import Entry, concat
from flows.store.parquet import to_arrow
from flows.store.units import Done, Unit, finished
from flows.text.ids import content_id
from schemas.codes import INCIDENT_STATUS
from schemas.entities import ENTITIES
from schemas.entity_links import ENTITY_LINKS
from schemas.export import arrow_schema
from schemas.registry import table_named

Row = dict[str, Any]

# Facts whose names are resolved through their document's mentions: table → (own id, column that holds the name).
NAMED = {
    "quotes": ("quote_id", "speaker"),
    "casualties": ("casualty_id", "place"),
    "events": ("event_id", "place"),
    "event_actors": ("event_actor_id", "name"),
}

# A party described by these is of that country: "Peruvian government", "Peru's army"; "Peru-backed rebels" are not.
STATES = frozenset({"NORP", "GPE"})
OWNING = (" ", "'s ", "’s ", "' ", "’ ")


def link_unit(unit: Unit) -> Done:
    """Link everything that the unit's inputs hold: the entry of group, then clean's and extract's, in the same order of shards."""
    if done := finished(unit):
        return done
    grouped, *shards = unit.inputs
    half = len(shards) // 2
    tables = {name: grouped.table(name) for name in GROUPED} | link_tables(grouped, shards[:half], shards[half:])
    entry = ledger.commit(unit.stage_folder, unit.name, unit.key, unit.fingerprint, tables, {})
    return Done(entry, len(unit.inputs), 0)


def link_tables(grouped: Entry, cleaned: Sequence[Entry], extracted: Sequence[Entry]) -> dict[str, pa.Table]:
    """`entities`, `entity_links` and the tables of incidents. Shards are read one at a time: a document's names meet only in its own."""
    entities = Entities()
    parts = [arrow_schema(ENTITY_LINKS).empty_table()]
    described: set[str] = set()
    for shard in extracted:
        links = list(_links_of(shard, entities))
        described |= {link["row_id"] for link in links if link.pop("is_description")}
        parts.append(to_arrow(ENTITY_LINKS, links))
    links_table = pa.concat_tables(parts)
    countries = entities.countries()
    ids = links_table["entity_id"].to_pylist()
    # the Peruvian government is of Peru and is not Peru
    rows = zip(links_table["row_id"].to_pylist(), ids, strict=True)
    own = [None if row_id in described else entity_id for row_id, entity_id in rows]
    columns = {
        "entity_id": pa.array(own, pa.string()),
        "country_code": pa.array([countries[entity_id] for entity_id in ids], pa.string()),
    }
    for name, values in columns.items():
        links_table = links_table.set_column(links_table.column_names.index(name), links_table.field(name), values)
    rows_of_entities = entities.rows()
    incidents = _incidents(grouped, cleaned, extracted, links_table, rows_of_entities)
    return {"entities": to_arrow(ENTITIES, rows_of_entities), "entity_links": links_table} | {
        name: to_arrow(table_named(name), rows) for name, rows in incidents.items()
    }


def _incidents(
    grouped: Entry, cleaned: Sequence[Entry], extracted: Sequence[Entry], links: pa.Table, entities: Sequence[Row]
) -> dict[str, list[Row]]:
    """Rows of the tables of incidents."""
    del grouped, cleaned, links, entities
    found: dict[str, list[Row]] = {"incidents": [], "incident_events": [], "claim_conflicts": []}
    for event in concat(extracted, "events").to_pylist():
        if event["status"] not in INCIDENT_STATUS:
            continue
        incident_id = content_id("incidents", event["event_id"])
        dated = {
            name: event[name]
            for name in (
                "plover",
                "mode",
                "status",
                "is_background",
                "date_start",
                "date_end",
                "date_precision",
                "place",
            )
        }
        counts = {"actors": [], "event_count": 1, "article_count": 1, "source_count": 1, "sources_disagree": False}
        found["incidents"].append({"incident_id": incident_id, **dated, **counts})
        found["incident_events"].append({"incident_id": incident_id, "event_id": event["event_id"]})
    return found


def _links_of(shard: Entry, entities: Entities) -> Iterator[Row]:
    """Rows of ENTITY_LINKS with `is_description`: whether the entity only says of which country what the fact names is."""
    columns = ["mention_id", "document_id", "entity_type", "name", "text", "start_char"]
    mentions = concat([shard], "mentions").select(columns).to_pylist()
    of_mention, of_name = entities.add(mentions)
    for row_id, entity_id in of_mention.items():
        yield {"table_name": "mentions", "row_id": row_id, "entity_id": entity_id, "is_description": False}
    states = {(m["document_id"], m["start_char"]): m for m in mentions if m["entity_type"] in STATES}
    for table, (own_id, column) in NAMED.items():
        narrow = [own_id, "document_id", column, *(["start_char"] if table == "event_actors" else [])]
        for row in concat([shard], table).select(narrow).to_pylist():
            name = row[column] or ""
            entity_id_found = of_name.get((row["document_id"], fold_name(name)))
            link = {"table_name": table, "row_id": row[own_id], "entity_id": entity_id_found, "is_description": False}
            if entity_id_found is None:
                state = states.get((row["document_id"], row.get("start_char")))
                if state is None or not name.startswith(tuple(state["text"] + mark for mark in OWNING)):
                    continue
                link |= {"entity_id": of_mention[state["mention_id"]], "is_description": True}
            yield link
