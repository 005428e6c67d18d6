"""Link: all articles' names to entities, their events to incidents, and a narrow map from every fact's name to its entity."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from flows.link.entities import Days, Entities, fold_name
from flows.link.grouping import TABLES as GROUPED
from flows.link.incidents import Context, find_incidents
from flows.store import ledger
from flows.store.ledger import Entry, concat
from flows.store.parquet import to_arrow
from flows.store.units import Done, Unit, finished
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

# The columns of theirs that a link fills: the entity, and of a party its country.
LINKED = {
    "casualties": ("place_entity_id",),
    "events": ("place_entity_id",),
    "event_actors": ("entity_id", "country_code"),
}

# Of these a person may be told by the office alone: "the Armenian president".
SPOKEN = frozenset({"quotes", "event_actors"})
DATED = ["event_id", "date_start", "date_end"]

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
    inferred = grouped.table("article_links").select(["article_id", "published_on"]).to_pylist()
    days = {row["article_id"]: row["published_on"] for row in inferred if row["published_on"]}
    for clean, shard in zip(cleaned, extracted, strict=True):
        links = list(_links_of(clean, shard, days, entities))
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
    """Rows of the tables of incidents, from the facts of all documents."""
    events, parties, claims = (
        _with_links(concat(extracted, name), name, links) for name in ("events", "event_actors", "casualties")
    )
    by_id = {entity["entity_id"]: entity for entity in entities}
    return find_incidents(events, parties, claims, _contexts(grouped, cleaned), by_id)


def _contexts(grouped: Entry, cleaned: Sequence[Entry]) -> dict[str, Context]:
    """Document to its story, the document that it copies, and its day, be it its own or a neighbour's."""
    own: dict[str, date | None] = {}
    for shard in cleaned:
        rows = concat([shard], "articles")
        own |= dict(zip(rows["article_id"].to_pylist(), rows["published_on"].to_pylist(), strict=True))
    return {
        row["article_id"]: Context(
            story_id=row["story_id"],
            source_id=row["duplicate_of"] or row["article_id"],
            published_on=own[row["article_id"]] or row["published_on"],
        )
        for row in grouped.table("article_links").to_pylist()
    }


def _with_links(rows: pa.Table, name: str, links: pa.Table) -> list[Row]:
    """Rows of a fact's table with the columns that link owns filled."""
    own_id, (column, *more) = NAMED[name][0], LINKED[name]
    linked = links.filter(pc.equal(links["table_name"], name))
    found = dict(
        zip(
            linked["row_id"].to_pylist(),
            zip(linked["entity_id"].to_pylist(), linked["country_code"].to_pylist(), strict=True),
            strict=True,
        )
    )
    facts: list[Row] = rows.to_pylist()
    for fact in facts:
        entity_id, country_code = found.get(fact[own_id], (None, None))
        fact[column] = entity_id
        for of_country in more:
            fact[of_country] = country_code
    return facts


def _links_of(clean: Entry, shard: Entry, days: Mapping[str, date], entities: Entities) -> Iterator[Row]:
    """Rows of ENTITY_LINKS with `is_description`: whether the entity only says of which country what the fact names is.

    `days` are those that neighbours give.
    """
    columns = ["mention_id", "document_id", "entity_type", "name", "text", "start_char"]
    mentions = concat([shard], "mentions").select(columns).to_pylist()
    articles = concat([clean], "articles").select(["article_id", "published_on"]).to_pylist()
    published = {row["article_id"]: row["published_on"] or days.get(row["article_id"]) for row in articles}
    of_mention, of_name = entities.add(mentions, published)
    of_event = {row["event_id"]: row for row in concat([shard], "events").select(DATED).to_pylist()}
    for row_id, entity_id in of_mention.items():
        yield {"table_name": "mentions", "row_id": row_id, "entity_id": entity_id, "is_description": False}
    states = {(m["document_id"], m["start_char"]): m for m in mentions if m["entity_type"] in STATES}
    for table, (own_id, column) in NAMED.items():
        narrow = [own_id, "document_id", column, *(["start_char", "event_id"] if table == "event_actors" else [])]
        for row in concat([shard], table).select(narrow).to_pylist():
            name = row[column] or ""
            entity_id_found = of_name.get((row["document_id"], fold_name(name)))
            link = {"table_name": table, "row_id": row[own_id], "entity_id": entity_id_found, "is_description": False}
            if entity_id_found is None and table in SPOKEN:
                day = published.get(row["document_id"])
                dated = _days_of(day, of_event.get(row.get("event_id")))
                link["entity_id"] = entities.add_described(row["document_id"], name, dated)
            if link["entity_id"] is None:
                state = states.get((row["document_id"], row.get("start_char")))
                if state is None or not name.startswith(tuple(state["text"] + mark for mark in OWNING)):
                    continue
                link |= {"entity_id": of_mention[state["mention_id"]], "is_description": True}
            yield link


def _days_of(published_on: date | None, event: Row | None) -> Days | None:
    """The days on which an office is told of: from what happened to the report of it."""
    told = [published_on, *((event["date_start"], event["date_end"]) if event else ())]
    known = [day for day in told if day is not None]
    return (min(known), max(known)) if known else None
