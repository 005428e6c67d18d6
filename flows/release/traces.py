"""Where something of a document is: which files of a release, a refused candidate or a run's record hold a word or a row of it."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from flows.release.manifest import UNLISTED
from flows.store.warehouse import DATABASE
from flows.store.withdrawn import TOMBSTONE
from flows.store.withhold import TAKEN_DOWN
from schemas.columns import ID_PATTERN
from schemas.registry import RELEASED
from schemas.table import Column, Table

AGGREGATES: Final = ("entities", "stories", "incidents")  # what rows of many documents belong to
# Words in a row that tell that a document is quoted. Fewer ("said in a statement on Monday") stand in many texts; with more, a message
# that cuts a sentence short would be passed over. What is deleted too much are records of runs and quality files of releases that go anyway.
QUOTED_WORDS = 6
_ID = re.compile(rf"\b{ID_PATTERN}\b")
_WORD = re.compile(r"[^\W_]+")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_ESCAPED_BLANK = re.compile(r"\\[nrt]")


@dataclass(frozen=True)
class Traces:
    """What tells that a file holds something of a document.

    Attributes:
        document_id: the document.
        own: ids of it and of its rows: its sentences, quotes, events, …
        groups: ids of the entities, stories and incidents that its rows belong to.
        quotes: every run of QUOTED_WORDS words of its text, as `quotes_of` has them.
    """

    document_id: str
    own: frozenset[str]
    groups: frozenset[str]
    quotes: frozenset[str]

    def __or__(self, other: "Traces") -> "Traces":
        """What tells of it in either of two releases."""
        return Traces(self.document_id, self.own | other.own, self.groups | other.groups, self.quotes | other.quotes)


def quotes_of(text: str) -> frozenset[str]:
    r"""Every run of QUOTED_WORDS words, in lower case and without signs: the same whether the text is plain, JSON or HTML.

    A text of fewer words is one run.

    >>> quotes_of("“Talks &amp; fish,” he said\\nof it all") == quotes_of("\\u201cTalks & fish,\\u201d he said of it all")
    True
    """
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    words = _WORD.findall(html.unescape(_ESCAPED_BLANK.sub(" ", plain)).casefold())
    runs = range(max(1, len(words) - QUOTED_WORDS + 1)) if words else ()
    return frozenset(" ".join(words[start : start + QUOTED_WORDS]) for start in runs)


def row_of_document(folder: Path, document_id: str) -> dict[str, Any] | None:
    """The row of `documents` in a folder of tables; None if it is not there, or there is nothing left but that it was met."""
    file = folder / "documents.parquet"
    if not file.is_file():
        return None
    columns = ["document_id", "sha256", "uris", "status_reason", "text"]
    for row in pq.read_table(file, columns=columns, filters=[("document_id", "=", document_id)]).to_pylist():
        if row["status_reason"] != TAKEN_DOWN:
            return dict(row)
    return None


def traces_in(folder: Path, document_id: str) -> Traces | None:
    """What tells of a document, from the tables of a release or candidate that holds it; None if it does not."""
    document = row_of_document(folder, document_id)
    if document is None:
        return None
    own, groups = {document_id}, set[str]()
    tables = [table for table in RELEASED if (folder / f"{table.name}.parquet").is_file()]
    owned = [table for table in tables if _owner(table) is not None]
    others = [table for table in tables if _owner(table) is None and table.name not in AGGREGATES]
    with duckdb.connect() as connection:
        for table in (*owned, *others):
            where = _owner(table)
            for column, value in _ids_in(connection, folder, table, {document_id} if where else own, where):
                if column == table.columns[0] and not column.references:
                    own.add(value)
                elif (column.references or "").partition(".")[0] in AGGREGATES:
                    groups.add(value)
    return Traces(document_id, frozenset(own), frozenset(groups), quotes_of(document["text"] or ""))


def affected_files(folder: Path, traces: Traces, *, holds: bool) -> list[str]:
    """Names of the files below a folder in which something of the document is; the manifest and tombstones are passed over.

    Args:
        folder: of a release or candidate.
        traces: of the document.
        holds: whether the document is in its tables. Then its database is affected, and what tells of an entity, story or
            incident that it is part of. Otherwise only what tells of the document itself: a diff that says that it is gone.
    """
    found = []
    wanted = traces.own | traces.groups if holds else traces.own
    with duckdb.connect() as connection:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if not path.is_file() or name in UNLISTED or name == TOMBSTONE:
                continue
            table = next((table for table in RELEASED if name == f"{table.name}.parquet"), None)
            if name == DATABASE:
                affected = holds
            elif table is not None and _id_columns(table):
                affected = bool(_ids_in(connection, folder, table, wanted))
            elif path.suffix == ".parquet":
                affected = _tells(_strings_in(path), traces, by_words=holds)
            else:
                affected = _tells([path.read_text(encoding="utf-8", errors="replace")], traces, by_words=holds)
            if affected:
                found.append(name)
    return found


def quoting_files(folder: Path, traces: Traces) -> list[Path]:
    """Files below a folder of records that quote the document."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and _quotes(path.read_text(encoding="utf-8", errors="replace"), traces)
    ]


def _tells(texts: Iterable[str], traces: Traces, *, by_words: bool) -> bool:
    return any(not traces.own.isdisjoint(_ID.findall(text)) or (by_words and _quotes(text, traces)) for text in texts)


def _quotes(text: str, traces: Traces) -> bool:
    return not traces.quotes.isdisjoint(quotes_of(text))


def _strings_in(path: Path) -> Iterator[str]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(1024):
            for row in batch.to_pylist():
                yield "\n".join(str(value) for value in row.values() if value is not None)


def _owner(table: Table) -> str | None:
    """The column that names the one document that a row is of; none where a row is of several."""
    names = ("article_id",) if table.name == "articles" else ("document_id",)
    return next((name for name in names if name in table.column_names and table.name != "duplicates"), None)


def _id_columns(table: Table) -> list[Column]:
    return [column for column in table.columns if column.pattern == ID_PATTERN and pa.types.is_string(column.type)]


def _ids_in(
    connection: duckdb.DuckDBPyConnection, folder: Path, table: Table, wanted: Iterable[str], where: str | None = None
) -> list[tuple[Column, str]]:
    """Every id, with its column, in the rows of a table that have a wanted id in the column `where`, or in any; once each."""
    path = folder / f"{table.name}.parquet"
    present = set(pq.read_schema(path).names)
    columns: Mapping[str, Column] = {column.name: column for column in _id_columns(table) if column.name in present}
    if not columns:
        return []
    quoted = str(path).replace("'", "''")
    met = " or ".join(f'"{name}" in (select id from wanted)' for name in ([where] if where else columns))
    values = ", ".join(f"struct_pack(name := '{name}', id := \"{name}\")" for name in columns)
    connection.register("wanted", pa.table({"id": pa.array(sorted(wanted), pa.string())}))
    found = connection.execute(
        f"select distinct told.name, told.id from (select unnest([{values}]) as told "
        f"from read_parquet('{quoted}') where {met}) where told.id is not null"
    ).fetchall()
    return [(columns[name], value) for name, value in found]
