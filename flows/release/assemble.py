"""The ledger's shards and link's maps to the tables of a release, written as Parquet in a staging folder."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from flows.store.ledger import Entry, concat
from flows.store.parquet import write_parquet
from schemas.registry import RELEASED
from schemas.table import Table

# The columns that link owns: table → (id column of the row, {column: column of entity_links}).
LINKED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "mentions": ("mention_id", {"entity_id": "entity_id"}),
    "quotes": ("quote_id", {"speaker_entity_id": "entity_id"}),
    "casualties": ("casualty_id", {"place_entity_id": "entity_id"}),
    "events": ("event_id", {"place_entity_id": "entity_id"}),
    "event_actors": ("event_actor_id", {"entity_id": "entity_id", "country_code": "country_code"}),
}


def assemble(
    gathered: Sequence[Entry], cleaned: Sequence[Entry], extracted: Sequence[Entry], linked: Entry
) -> Iterator[tuple[Table, pa.Table]]:
    """Every released table that a stage before this one makes, with its rows; one table in memory at a time."""
    with duckdb.connect() as connection:
        connection.register("refusals", pa.concat_tables([concat(made, "refusals") for made in (cleaned, extracted)]))
        for links in ("entity_links", "article_links"):
            connection.register(links, linked.table(links))
        for table in RELEASED:
            if table.name == "documents":
                rows = _documents(connection, concat(gathered, "documents"))
            elif table.name == "articles":
                rows = _articles(connection, concat(cleaned, "articles"))
            elif table.stage == "clean":
                rows = concat(cleaned, table.name)
            elif table.stage == "extract":
                rows = _with_links(connection, table, concat(extracted, table.name))
            elif table.stage == "link":
                rows = linked.table(table.name)
            else:
                continue
            yield table, rows


def stage(tables: Iterable[tuple[Table, pa.Table]], folder: Path) -> None:
    """Write the tables into a folder: what the gate opens is what will be released."""
    folder.mkdir(parents=True)
    for table, rows in tables:
        write_parquet(table, rows, folder / f"{table.name}.parquet")


def _documents(connection: duckdb.DuckDBPyConnection, rows: pa.Table) -> pa.Table:
    """Documents, with what clean or extract refused and what link found to be a copy written into their status."""
    connection.register("rows", rows)
    return connection.sql(
        """
        select rows.* replace (
            case when refusals.document_id is not null then 'quarantined'
                when links.duplicate_of is not null then 'duplicate' else rows.status end as status,
            coalesce(refusals.status_reason, rows.status_reason) as status_reason,
            links.duplicate_of as duplicate_of
        )
        from rows left join refusals using (document_id) left join article_links links on links.article_id = rows.document_id
        """
    ).to_arrow_table()


def _articles(connection: duckdb.DuckDBPyConnection, rows: pa.Table) -> pa.Table:
    """Articles of documents that no later stage refused, each with its story, and with a day from there if it has none of its own."""
    connection.register("rows", rows)
    return connection.sql(
        """
        select rows.* replace (
            links.story_id as story_id,
            coalesce(rows.published_on, links.published_on) as published_on,
            case when rows.published_on is null and links.published_on is not null then 'inferred'
                else rows.published_basis end as published_basis,
            links.published_from_document_id as published_from_document_id
        )
        from rows left join article_links links using (article_id)
        where article_id not in (select document_id from refusals)
        """
    ).to_arrow_table()


def _with_links(connection: duckdb.DuckDBPyConnection, table: Table, rows: pa.Table) -> pa.Table:
    """Extract's rows with the columns that link owns filled from its map."""
    if table.name not in LINKED:
        return rows
    own_id, columns = LINKED[table.name]
    connection.register("rows", rows)
    replaced = ", ".join(f"links.{theirs} as {ours}" for ours, theirs in columns.items())
    return connection.sql(
        f"""
        select rows.* replace ({replaced})
        from rows left join (select * from entity_links where table_name = '{table.name}') links on links.row_id = rows.{own_id}
        """
    ).to_arrow_table()
