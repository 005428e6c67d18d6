"""From the release that is locked to another: which one, and what a user's query would answer there: `dateline upgrade`."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import duckdb

from flows.errors import UsageError
from flows.share.index import Entry, Index
from flows.share.lock import Lock
from flows.share.places import Place, Told, copying_failed
from flows.share.pull import fetch_file, is_whole, read_manifest_of
from flows.share.ranges import choose
from flows.store.query import first_lines
from flows.store.warehouse import MANIFEST, version_key

if TYPE_CHECKING:
    import pyarrow as pa

KEY_COLUMNS = (
    3  # at most, that may tell rows of an answer apart: with more, whatever differs would be called another row
)


@dataclass(frozen=True)
class Changed:
    """A row that both answers have, with other values.

    Attributes:
        key: columns that tell the rows of the answer apart, with their values.
        values: column to what it was and would be, where they differ.
    """

    key: dict[str, Any]
    values: dict[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Preview:
    """What a query answers on two releases.

    Attributes:
        rows: of the answer on the locked release, and on the other.
        same: rows that both answers have.
        changed: rows with the same key and other values.
        gone: rows that only the locked release answers.
        came: rows that only the other one answers.
        columns_gone: columns of the answer that it would not have any more.
        columns_came: columns that it would have more.
        columns_retyped: column to its type on each, where they differ.
        error: why the query would not run any more, None if it would.
    """

    rows: tuple[int, int]
    same: int = 0
    changed: tuple[Changed, ...] = ()
    gone: tuple[dict[str, Any], ...] = ()
    came: tuple[dict[str, Any], ...] = ()
    columns_gone: tuple[str, ...] = ()
    columns_came: tuple[str, ...] = ()
    columns_retyped: dict[str, tuple[str, str]] | None = None
    error: str | None = None


def next_release(index: Index, lock: Lock, wanted: str | None, where: str) -> Entry:
    """The release to move on to: the newest that is not withdrawn, or that of a range; the locked one if there is no newer.

    Raises:
        UsageError: there is none; or the newest good one is older than the locked one, and was not asked for.
    """
    entry = choose(index, wanted, where)
    if wanted is None and version_key(entry.version) < version_key(lock.version):
        raise UsageError(
            f"{where} has nothing newer than {lock.version} that is not withdrawn. To go back: dateline upgrade {entry.version}"
        )
    return entry


def is_major(lock: Lock, entry: Entry) -> bool:
    """Does moving on change the contract: a table or column may be gone, or mean something else?"""
    return version_key(entry.version)[0] != version_key(lock.version)[0]


def preview(
    place: Place,
    lock: Lock,
    folder: Path,
    entry: Entry,
    sql: str,
    begun: Callable[[int], Told] = lambda _: lambda _: None,
) -> Preview:
    """Run a query on the locked release and on another, and compare the answers. Only the tables that it names are fetched.

    Args:
        place: where both are published.
        lock: of the release in use.
        folder: where that was pulled to; it is used if it still is that release.
        entry: the other release.
        sql: one SELECT.
        begun: is told the bytes to be fetched, and gives what is told of each part.

    Raises:
        UsageError: it is no single SELECT, or does not run on the locked release either.
    """
    _check_select(sql)
    pinned = Entry(lock.version, lock.manifest_sha256, 0)
    with _tables(place, pinned, sql, folder, begun) as old_tables:
        try:
            old = _answer(old_tables, sql)
        except duckdb.Error as error:
            raise UsageError(
                f"the query does not run on the locked release {lock.version} either: {first_lines(str(error))} Columns: dateline schema TABLE"
            ) from error
    with _tables(place, entry, sql, None, begun) as new_tables:
        try:
            new = _answer(new_tables, sql)
        except duckdb.Error as error:
            return Preview((old.num_rows, 0), error=first_lines(str(error)))
    return compare(old, new)


def compare(old: "pa.Table", new: "pa.Table") -> Preview:
    """Two answers to one query, as bags of rows. Rows are paired by the first columns that tell the rows of both answers apart, if any do.

    >>> import pyarrow as pa
    >>> found = compare(pa.table({"id": ["a", "b"], "low": [1, 2]}), pa.table({"id": ["b", "c"], "low": [3, 4]}))
    >>> found.changed, found.gone, found.came
    ((Changed(key={'id': 'b'}, values={'low': (2, 3)}),), ({'id': 'a', 'low': 1},), ({'id': 'c', 'low': 4},))
    """
    both = [name for name in old.column_names if name in new.column_names]
    types = {name: (str(old.schema.field(name).type), str(new.schema.field(name).type)) for name in both}
    retyped = {name: pair for name, pair in types.items() if pair[0] != pair[1]}
    columns = ", ".join(
        f'cast("{name}" as varchar) as "{name}"' if name in retyped else f'"{name}"' for name in map(_quoted, both)
    )
    with duckdb.connect() as connection:
        connection.register("old_answer", old)
        connection.register("new_answer", new)
        if both:
            gone = _rows(
                connection, f"select {columns} from old_answer except all select {columns} from new_answer order by all"
            )
            came = _rows(
                connection, f"select {columns} from new_answer except all select {columns} from old_answer order by all"
            )
        else:
            gone, came = [], []
        key = _key(connection, [name for name in both if name not in retyped], len(both) - 1)
    changed, gone, came, same = _paired(key, gone, came, old.num_rows - len(gone))
    return Preview(
        rows=(old.num_rows, new.num_rows),
        same=same if both else 0,
        changed=tuple(changed),
        gone=tuple(gone),
        came=tuple(came),
        columns_gone=tuple(name for name in old.column_names if name not in both),
        columns_came=tuple(name for name in new.column_names if name not in both),
        columns_retyped=retyped,
    )


def _paired(
    key: list[str], gone: list[dict[str, Any]], came: list[dict[str, Any]], same: int
) -> tuple[list[Changed], list[dict[str, Any]], list[dict[str, Any]], int]:
    """Rows with the same key taken out of those that are gone and came."""
    if not key:
        return [], gone, came, same
    new = {_named(row, key): row for row in came}
    changed = []
    for row in gone:
        other = new.get(_named(row, key))
        if other is not None:
            values = {name: (row[name], other[name]) for name in row if row[name] != other[name]}
            changed.append(Changed({name: row[name] for name in key}, values))
    paired = {_named(one.key, key) for one in changed}
    return (
        changed,
        [row for row in gone if _named(row, key) not in paired],
        [row for row in came if _named(row, key) not in paired],
        same,
    )


def _named(row: dict[str, Any], key: list[str]) -> str:
    return repr([row[name] for name in key])


def _key(connection: duckdb.DuckDBPyConnection, columns: list[str], most: int) -> list[str]:
    """The first one, two or three columns, if no two rows of either answer have the same values there; else none."""
    for count in range(1, min(KEY_COLUMNS, len(columns), most) + 1):
        listed = ", ".join(f'"{_quoted(name)}"' for name in columns[:count])
        queries = [
            f"select 1 from {answer} group by {listed} having count(*) > 1 limit 1"
            for answer in ("old_answer", "new_answer")
        ]
        if not any(connection.execute(query).fetchone() for query in queries):
            return columns[:count]
    return []


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _quoted(name: str) -> str:
    return name.replace('"', '""')


def _check_select(sql: str) -> None:
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise UsageError(f"the query cannot be read: {first_lines(str(error))}") from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise UsageError("a preview is of one SELECT: the file holds something else, or more")


@contextmanager
def _tables(
    place: Place, entry: Entry, sql: str, folder: Path | None, begun: Callable[[int], Told]
) -> Iterator[dict[str, Path]]:
    """The Parquet files of the tables that a query names, by table: those in `folder` where it is this release, else fetched for the while."""
    _, files = read_manifest_of(place, entry)
    named = [
        file for file in files if re.fullmatch(r"\w+\.parquet", file.name) and _is_named(Path(file.name).stem, sql)
    ]
    manifest = folder / MANIFEST if folder else None
    if (
        folder is not None
        and manifest is not None
        and manifest.is_file()
        and sha256(manifest.read_bytes()).hexdigest() == entry.manifest_sha256
        and all(is_whole(folder / file.name, file) for file in named)
    ):
        yield {Path(file.name).stem: folder / file.name for file in named}
        return
    try:
        with TemporaryDirectory(prefix="dateline-preview-") as fetched:
            got = begun(sum(file.bytes for file in named))
            for file in named:
                fetch_file(place, entry.version, file, Path(fetched) / file.name, got)
            yield {Path(file.name).stem: Path(fetched) / file.name for file in named}
    except OSError as error:
        raise copying_failed(error, folder or "the folder for temporary files (TMPDIR)") from error


def _is_named(table: str, sql: str) -> bool:
    """May a query read this table? Any word of it counts: too many tables cost a little time, too few the answer."""
    return re.search(rf"\b{re.escape(table)}\b", sql, re.IGNORECASE) is not None


def _answer(tables: dict[str, Path], sql: str) -> "pa.Table":
    """A query's answer on these files: it reads them and nothing else, and cannot write."""
    with duckdb.connect() as connection:
        paths = {name: str(path.resolve()).replace("'", "''") for name, path in tables.items()}
        for name, path in paths.items():
            connection.execute(f"create view {name} as select * from read_parquet('{path}')")
        allowed = ", ".join(f"'{path}'" for path in paths.values())
        connection.execute(f"set allowed_paths = [{allowed}]")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        rows = connection.execute(sql).to_arrow_table()
    return rows.rename_columns(_all_different(rows.column_names))


def _all_different(names: list[str]) -> list[str]:
    """Column names, numbered where one stands twice: `select *` of a join.

    >>> _all_different(["id", "text", "text"])
    ['id', 'text', 'text_2']
    """
    return [name if (nth := names[:at].count(name) + 1) == 1 else f"{name}_{nth}" for at, name in enumerate(names)]
