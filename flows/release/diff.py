"""diff/<table>.parquet: which rows differ between two releases, in which columns, from what to what, and why.

All in DuckDB, a table at a time, sorted and joined on disk where memory does not do: tables of millions of rows pass.
"""

import filecmp
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from flows.errors import WarehouseDamaged
from flows.store.parquet import FLOAT_DIGITS, ROW_GROUP_ROWS, parquet_writer, useful_threads
from flows.store.warehouse import MANIFEST, read_manifest
from schemas.columns import ID_PATTERN
from schemas.diff import DIFF
from schemas.export import arrow_schema, type_name
from schemas.registry import RELEASED, table_named
from schemas.table import Table

FOLDER: Final = "diff"  # of a release
COMPARED: Final = tuple(table for table in RELEASED if table.name != "checks")  # whose rows speak of the gate
MEMORY: Final = "1GB"  # that DuckDB may take before it goes on on disk; flows/release/README.md has what that costs

ROW, NUMBER = '"row id of the diff"', '"number of the row"'  # names in SQL that no column of a table has

# Stages in the order of the data's path, as the manifest's `code` names them. `dated` extracts anew what link has dated, `corrected`
# puts in what a person corrected.
STAGES: Final = ("ingest", "clean", "extract", "group", "dated", "corrected", "link", "release")

# Stage of a table → the last stage that makes its rows.
LAST_STAGE: Final[Mapping[str, str]] = {
    "ingest": "ingest",
    "clean": "clean",
    "extract": "corrected",
    "link": "link",
    "release": "release",
}
LAST_STAGE_OF_TABLE: Final[Mapping[str, str]] = {"articles": "dated"}  # what extract refuses is no article

# Columns that a later stage writes into an earlier one's rows, beside those that the tables say link owns.
WRITTEN_LATER: Final[Mapping[str, tuple[str, ...]]] = {
    "documents": ("status", "status_reason"),
    "articles": ("published_on", "published_basis"),
}

# Columns of articles that follow from other documents: all others tell, where the code is the same, that the document's own metadata differ.
FROM_OTHERS: Final = ("story_id", "published_on", "published_basis", "published_from_document_id")

# Row → documents that it rests on, where a row is of more than one: the tables that say so. {side} is old or new.
OWNERS: Final[Mapping[str, str]] = {
    "duplicates": "select document_id || ':' || other_id as row_id, unnest([document_id, other_id]) as document_id from {side}_duplicates",
    "stories": "select story_id, article_id from {side}_articles",
    "entities": """
        select entity_id, document_id from {side}_mentions
        union all select speaker_entity_id, document_id from {side}_quotes
        union all select place_entity_id, document_id from {side}_casualties
        union all select place_entity_id, document_id from {side}_events
        union all select entity_id, events.document_id from {side}_event_actors join {side}_events events using (event_id)""",
    "event_actors": "select event_actor_id, events.document_id from {side}_event_actors join {side}_events events using (event_id)",
    "incidents": "select incident_id, document_id from {side}_incident_events join {side}_events using (event_id)",
    "incident_events": "select event_id, document_id from {side}_incident_events join {side}_events using (event_id)",
    "claim_conflicts": """
        select incident_id || ':' || conflict.casualty_id || ':' || other_id, claim.document_id
        from {side}_claim_conflicts conflict join {side}_casualties claim on claim.casualty_id = conflict.casualty_id
        union all
        select incident_id || ':' || conflict.casualty_id || ':' || other_id, claim.document_id
        from {side}_claim_conflicts conflict join {side}_casualties claim on claim.casualty_id = other_id""",
    # what the id held, and what stands in its place holds: in either release, whichever of the two tells of it
    "id_map": """
        with told as (select old_id, new_id from old_id_map union select old_id, new_id from new_id_map),
            named as (select old_id, old_id as id from told union select old_id, new_id from told)
        select old_id, article_id from named join {side}_articles on story_id = id
        union all
        select old_id, document_id from named
        join {side}_incident_events on incident_id = id join {side}_events using (event_id)""",
}


@dataclass(frozen=True)
class Circumstances:
    """What is known of two releases beside their rows.

    Attributes:
        blamed: stage to `code` or `reference_data`: those that differ, from `blamed_stages`.
        taken_down: documents whose words and values no diff may repeat.
    """

    blamed: Mapping[str, str] = field(default_factory=dict)
    taken_down: frozenset[str] = frozenset()


def blamed_stages(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, str]:
    """Stages that differ between two manifests, each with what differs: `code`, or `reference_data` if nothing else.

    A manifest that does not tell the two apart (releases of 0.1.0) makes every difference one of code.

    >>> old = {"code": {"link": "1"}, "program": {"link": "p"}, "reference": {"link": "r"}}
    >>> blamed_stages(old, {"code": {"link": "2"}, "program": {"link": "p"}, "reference": {"link": "s"}})
    {'link': 'reference_data'}
    >>> blamed_stages({"code": {"link": "1"}}, {"code": {"link": "2"}, "program": {"link": "p"}})
    {'link': 'code'}
    """
    found: dict[str, str] = {}
    for stage in STAGES:
        if old["code"].get(stage) != new["code"].get(stage):
            programs = [manifest.get("program", {}).get(stage) for manifest in (old, new)]
            same_program = None not in programs and programs[0] == programs[1]
            found[stage] = "reference_data" if same_program else "code"
    return found


def row_id_columns(table: Table) -> tuple[str, ...]:
    """The columns whose values, joined by colons, name a row of the table: its own id, else its key.

    >>> row_id_columns(table_named("quotes")), row_id_columns(table_named("incident_events"))
    (('quote_id',), ('event_id',))
    >>> row_id_columns(table_named("event_mentions"))
    ('document_id', 'start_char', 'end_char', 'event_id')
    """
    first = table.columns[0]
    return (first.name,) if first.pattern == ID_PATTERN and not first.references else table.key


def write_diff(
    old: Path,
    new: Path,
    target: Path,
    circumstances: Circumstances | None = None,
    *,
    tables: Iterable[Table] = COMPARED,
    words: bool = False,
    told: Callable[[Table], None] | None = None,
) -> None:
    """Write `target`/<table>.parquet for each table (schemas/diff.py), also where no row differs; sorted by row id.

    A column that only one of the two has is null in the other, a table that only one has is empty in the other. Floats are
    equal if their first six decimals are, as in the row digest.

    Args:
        old: folder of one release, the parent.
        new: folder of the other.
        target: folder to make.
        circumstances: what is known beside the rows; without it, what no document explains has the cause `linking`.
        tables: to compare.
        words: write article text itself, not its digest. Only for what is shown and not kept: a takedown deletes the
            text from the releases that hold it and must not find it again in the diffs of others.
        told: called after each table.

    Raises:
        WarehouseDamaged: a release lacks a file, or one cannot be read.
    """
    known = circumstances or Circumstances()
    target.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target, prefix=".spill.") as spill, duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{MEMORY}'")
        connection.execute(f"set temp_directory = {literal(spill)}")
        columns = {side: open_release_files(connection, side, folder) for side, folder in (("old", old), ("new", new))}
        threads = useful_threads(file for folder in (old, new) for file in folder.glob("*.parquet"))
        connection.execute(f"set threads = {threads}")
        connection.execute("create temp table taken_down (document_id varchar)")
        for document in sorted(known.taken_down):
            connection.execute("insert into taken_down values (?)", [document])
        _find_fates(connection, known)
        _find_corrected(connection)
        for table in tables:
            if same_bytes(old, new, table):  # most tables of most releases: a query more than this takes only time
                parquet_writer(DIFF, target / f"{table.name}.parquet").close()
            else:
                query = _query(connection, table, columns["old"][table.name], columns["new"][table.name], known, words)
                _write(connection, query, target / f"{table.name}.parquet")
            if told is not None:
                told(table)


def same_bytes(old: Path, new: Path, table: Table) -> bool:
    """Whether a table's file is the same, byte for byte, in two releases."""
    before, after = (folder / f"{table.name}.parquet" for folder in (old, new))
    return before.is_file() and after.is_file() and filecmp.cmp(before, after, shallow=False)


def open_release_files(connection: duckdb.DuckDBPyConnection, side: str, folder: Path) -> dict[str, dict[str, str]]:
    """Views <side>_<table> of a release's files with every column of today's contract; table → its own columns and types."""
    _check_files(folder)
    found: dict[str, dict[str, str]] = {}
    for table in COMPARED:
        path = folder / f"{table.name}.parquet"
        own: dict[str, str] = {}
        source = "(select 1 limit 0)"
        if path.is_file():
            source = f"read_parquet({literal(path)})"
            try:
                described = connection.execute(f"select column_name, column_type from (describe from {source})")
            except duckdb.Error as error:
                raise WarehouseDamaged(f"{path} cannot be read: {error}") from error
            own = dict(described.fetchall())
        lacking = [
            f'null::{type_name(column)} as "{column.name}"' for column in table.columns if column.name not in own
        ]
        names = [f'"{name}"' for name in own]
        connection.execute(f"create view {side}_{table.name} as select {', '.join(names + lacking)} from {source}")
        found[table.name] = own
    return found


def _check_files(folder: Path) -> None:
    if not (folder / MANIFEST).is_file():  # a candidate, which gets its manifest last
        return
    for name in read_manifest(folder)["tables"]:
        if not (folder / f"{name}.parquet").is_file():
            raise WarehouseDamaged(
                f"{folder} cannot be compared: it lacks {name}.parquet. Release files are deleted only by `dateline takedown` "
                "(TOMBSTONE.json then says why); else fetch the release again."
            )


def _find_fates(connection: duckdb.DuckDBPyConnection, known: Circumstances) -> None:
    """Table `fates`: documents that are new, that changed or are gone, and the cause that their rows have of it."""
    touched = [column.name for column in table_named("articles").columns if column.name not in FROM_OTHERS]
    own_day = "case when {0}.published_basis = 'inferred' then null else ({0}.published_on, {0}.published_basis) end"
    differs = " or ".join(f'o."{name}" is distinct from n."{name}"' for name in touched)
    metadata = f"""
        union all
        select n.article_id, 'changed_input' from old_articles o join new_articles n using (article_id)
        where {differs} or {own_day.format("o")} is distinct from {own_day.format("n")}"""
    connection.execute(f"""
        create temp table fates as
        with old_uris as (select document_id, unnest(uris) as uri from old_documents),
            new_uris as (select document_id, unnest(uris) as uri from new_documents)
        select document_id, case when document_id in (select document_id from new_uris semi join old_uris using (uri))
            then 'changed_input' else 'new_input' end as fate
        from (select document_id from new_documents anti join old_documents using (document_id))
        union all
        select document_id, case when document_id in (select document_id from old_uris semi join new_uris using (uri))
            then 'changed_input' else 'removed_input' end
        from (select document_id from old_documents anti join new_documents using (document_id))
        union all
        select n.document_id, 'changed_input' from old_documents o join new_documents n using (document_id)
        where list_sort(o.uris) is distinct from list_sort(n.uris)
        union all  -- a document that was taken down keeps a row that says so
        select document_id, case when n.status = 'quarantined' then 'removed_input' else 'new_input' end
        from old_documents o join new_documents n using (document_id) semi join taken_down using (document_id)
        where (o.status = 'quarantined') <> (n.status = 'quarantined')
        {"" if known.blamed.keys() & {"ingest", "clean"} else metadata}
    """)


def _find_corrected(connection: duckdb.DuckDBPyConnection) -> None:
    """Table `corrected`: rows, and their documents, whose corrections by hand are not the same in both."""
    columns = "table_name, row_id, document_id, column_name, expected, new"
    connection.execute(f"""
        create temp table corrected as
        select distinct table_name, row_id, document_id from (
            (select {columns} from old_corrections except select {columns} from new_corrections)
            union all (select {columns} from new_corrections except select {columns} from old_corrections))
    """)


def _query(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    old: Mapping[str, str],
    new: Mapping[str, str],
    known: Circumstances,
    words: bool,
) -> str:
    """The rows of one table's diff, as SQL."""
    names = [column.name for column in table.columns]
    names += [name for name in {**old, **new} if name not in names]
    retyped = {name for name in names if old.get(name, new.get(name)) != new.get(name, old.get(name))}
    sides = {
        side: _rows(connection, table, side, own, [name for name in names if name in own], retyped, words)
        for side, own in (("old", old), ("new", new))
    }
    values = {
        side: {name: f'{side}."{name}"' if name in own else "null" for name in names}
        for side, own in (("old", old), ("new", new))
    }
    differs = {name: f"{values['old'][name]} is distinct from {values['new'][name]}" for name in names}
    owners = OWNERS.get(table.name) or (
        f"select {_row_id(table)}, {'article_id' if table.name == 'articles' else 'document_id'} from {{side}}_{table.name}"
    )
    later = [*table.link_owned, *WRITTEN_LATER.get(table.name, ())]
    code = {last: _blame(known.blamed, last) for last in (_last_stage(table), "link")}
    # where no document moved and no stage before differs, what puts the tables together does
    last = f"when not exists (from fates) then '{known.blamed['release']}'" if "release" in known.blamed else ""
    otherwise = f"case when row_id in (select row_id from put_right) then 'correction' {last} else 'linking' end"
    return f"""
        with owned(row_id, document_id) as (
            from ({owners.format(side="old")}) union all from ({owners.format(side="new")})
        ),
        moved as (
            select row_id, min(array_position(['changed_input', 'removed_input'], fate)) as place, bool_or(fate = 'new_input') as is_new
            from owned join fates using (document_id) group by row_id
        ),
        put_right as (
            select distinct row_id from owned semi join (select document_id from corrected) using (document_id)
        ),
        withheld(row_id, old, new) as (
            select row_id, bool_or(side = 'old'), bool_or(side = 'new') from (
                select 'old' as side, * from (from ({owners.format(side="old")}) rows(row_id, document_id)) semi join taken_down using (document_id)
                union all
                select 'new', * from (from ({owners.format(side="new")}) rows(row_id, document_id)) semi join taken_down using (document_id)
            ) group by row_id
        ),
        differing as (
            select coalesce(old.{ROW}, new.{ROW}) as row_id,
                case when old.{ROW} is null then 'added' when new.{ROW} is null then 'retracted' else 'revised' end as change,
                list_filter([{_listed(f"case when {differs[name]} then '{name}' end" for name in names)}], lambda name: name is not null) as columns,
                case when old.{ROW} is not null then {_as_json("old", names, values, differs)} end as old,
                case when new.{ROW} is not null then {_as_json("new", names, values, differs)} end as new
            from ({sides["old"]}) old full join ({sides["new"]}) new on old.{ROW} = new.{ROW}
            where old.{ROW} is null or new.{ROW} is null or {" or ".join(differs.values())}
        )
        select row_id, change, case when change = 'revised' then columns else [] end as changed_columns,
            case when not coalesce(withheld.old, false) then differing.old end as old,
            case when not coalesce(withheld.new, false) then differing.new end as new,
            case
                when change = 'revised' and row_id in (select corrected.row_id from corrected where table_name = '{table.name}') then 'correction'
                when moved.is_new then 'new_input'
                when moved.place is not null then ['changed_input', 'removed_input'][moved.place]
                when '{table.name}' = 'corrections' then 'correction'
                when {_one_of(later)} then coalesce({code["link"]}, {otherwise})
                else coalesce({code[_last_stage(table)]}, {otherwise})
            end as cause
        from differing left join moved using (row_id) left join withheld using (row_id)
        order by row_id
    """


def _rows(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    side: str,
    own: Mapping[str, str],
    names: Sequence[str],
    retyped: set[str],
    words: bool,
) -> str:
    """One side's rows with a row id and the values that are compared and shown."""

    def value(name: str) -> str:
        if name in table.article_text and not words:
            shown = f"'sha256:' || sha256(\"{name}\")"
        elif own[name] in {"FLOAT", "DOUBLE"}:
            shown = f'round("{name}"::double, {FLOAT_DIGITS})'
        else:
            shown = f'"{name}"'
        return f'to_json({shown})::varchar as "{name}"' if name in retyped else f'{shown} as "{name}"'

    row_id = _row_id(table)
    columns = ", ".join([f"{row_id} as {ROW}", *(value(name) for name in names)])
    rows = f"select {columns} from {side}_{table.name}"
    doubled = f"select count(*) > count(distinct {ROW}) from (select {row_id} as {ROW} from {side}_{table.name})"
    if not _first(connection, doubled):
        return rows
    # a key that is not unique was let through by hand: the second row of a name is told by a number
    every = ", ".join(f'"{name}"' for name in names)
    return f"""
        select * exclude ({ROW}, {NUMBER}), {ROW} || case when {NUMBER} > 1 then '#' || {NUMBER} else '' end as {ROW}
        from (select *, row_number() over (partition by {ROW} order by {every}) as {NUMBER} from ({rows}))"""


def _as_json(
    side: str, names: Sequence[str], values: Mapping[str, Mapping[str, str]], differs: Mapping[str, str]
) -> str:
    written = (
        f"case when {differs[name]} then '\"{name}\": ' || coalesce(to_json({values[side][name]})::varchar, 'null') end"
        for name in names
    )
    return f"'{{' || concat_ws(', ', {_listed(written)}) || '}}'"


def _row_id(table: Table) -> str:
    return " || ':' || ".join(f'"{name}"' for name in row_id_columns(table))


def _last_stage(table: Table) -> str:
    return LAST_STAGE_OF_TABLE.get(table.name, LAST_STAGE[table.stage])


def _blame(blamed: Mapping[str, str], last: str) -> str:
    """The cause, as SQL, of rows that the stages up to `last` make: null if none of them differs."""
    found = {blamed[stage] for stage in STAGES[: STAGES.index(last) + 1] if stage in blamed}
    return "'code'" if "code" in found else "'reference_data'" if found else "null"


def _one_of(columns: Sequence[str]) -> str:
    return f"list_has_any(columns, [{_listed(repr(name) for name in columns)}])" if columns else "false"


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def _write(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """The rows as Parquet, in row groups of a fixed size: the same rows, the same bytes."""
    schema = arrow_schema(DIFF)
    with parquet_writer(DIFF, path) as writer:
        waiting: list[pa.RecordBatch] = []
        for batch in connection.execute(query).to_arrow_reader(ROW_GROUP_ROWS):
            waiting.append(batch)
            while sum(part.num_rows for part in waiting) >= ROW_GROUP_ROWS:
                rows = pa.Table.from_batches(waiting).combine_chunks()
                writer.write_table(rows.slice(0, ROW_GROUP_ROWS).cast(schema), row_group_size=ROW_GROUP_ROWS)
                waiting = rows.slice(ROW_GROUP_ROWS).to_batches()
        if waiting:
            writer.write_table(pa.Table.from_batches(waiting).cast(schema).combine_chunks())


def read_diff(folder: Path, table: str) -> pa.Table:
    """One table's diff of a release."""
    return pq.read_table(folder / FOLDER / f"{table}.parquet")


def _first(connection: duckdb.DuckDBPyConnection, query: str) -> Any:
    found = connection.execute(query).fetchone()
    return found[0] if found else None


def literal(value: Path | str) -> str:
    """A value as SQL writes it.

    >>> literal("the reporter's")
    "'the reporter''s'"
    """
    return "'" + str(value).replace("'", "''") + "'"
