"""What moved between two releases by itself, without anybody asking: categories that emptied or appeared, distributions that are others.

A diff tells of rows. That no row is `missing` any more, or that twice as many events are planned, is in none of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

import duckdb
import pyarrow as pa

from flows.release.diff import COMPARED, MEMORY, open_release_files, same_bytes
from schemas.table import Column, Table

# One measure for all distributions, and one threshold: the largest difference of the two shares of any set of values. For
# categories (total variation distance) any set counts, for numbers (Kolmogorov and Smirnov's) only those below some value.
# Of random halves of 2,000 real articles no column reaches it (the largest of 700 distances: 0.06); of halves of 400, 25 of 1,044 do.
MOVED_SHARE: Final = 0.08
LEAST_ROWS: Final = 100  # in both releases; below, shares jump by chance
LEAST_OPEN_ROWS: Final = (
    10  # of a value that is not of a closed vocabulary: a name that was met a few times may go without notice
)

# Columns of few values without a closed vocabulary, in which one that empties or appears says something of the input or of the code.
OPEN_CATEGORIES: Final[Mapping[str, tuple[str, ...]]] = {
    "documents": ("media_type", "encoding", "language", "status_reason"),
    "articles": ("language", "publisher", "agency"),
    "event_actors": ("country_code",),
    "events": ("mode",),
    "incidents": ("mode",),
}

# Numbers that count or measure nothing: names and places on a page or on the earth.
NOT_MEASURED: Final = frozenset({"index", "geonames_id", "latitude", "longitude"})

TOLD_ELSEWHERE: Final = frozenset({"corrections", "id_map"})  # one by one, in changelogs

Kind = Literal["emptied", "appeared", "shares", "nulls", "numbers"]


@dataclass(frozen=True)
class Moved:
    """One thing that moved.

    Attributes:
        table: its table.
        column: its column; None for a table that emptied or appeared as a whole.
        kind: emptied or appeared (a value, or a table); shares (of the values of a category); nulls (their share of the
            rows); numbers (their distribution).
        value: that emptied or appeared; of shares, the one that moved most; None for others.
        before: rows; of shares and nulls the share, of numbers the median.
        now: the same in the later release.
        distance: the measure, 0 to 1; None where something emptied or appeared.
    """

    table: str
    column: str | None
    kind: Kind
    value: str | None
    before: float | None
    now: float | None
    distance: float | None = None

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {**asdict(self), "sentence": self.sentence}

    @property
    def sentence(self) -> str:
        """What happened, for people.

        >>> Moved("casualties", "kind", "emptied", "missing", 3, 0).sentence
        'casualties.kind: no row is missing any more (3 before).'
        >>> Moved("events", "status", "shares", "planned", 0.1, 0.32, 0.22).sentence
        'events.status: the shares moved by 0.22, most that of planned, from 10.0 % to 32.0 % of the rows.'
        >>> Moved("casualties", "low", "numbers", None, 3, 12, 0.41).sentence
        'casualties.low: the numbers moved by 0.41; the median was 3 and is 12.'
        """
        if self.column is None:
            told = "no row any more" if self.kind == "emptied" else "rows for the first time"
            return f"{self.table} has {told} ({self.before or 0:,.0f} before, {self.now or 0:,.0f} now)."
        name, before, now = f"{self.table}.{self.column}", self.before, self.now
        if self.kind == "emptied":
            return f"{name}: no row is {self.value} any more ({before:,.0f} before)."
        if self.kind == "appeared":
            return f"{name}: {self.value} is new, in {now:,.0f} row{'' if now == 1 else 's'}."
        if self.kind == "shares":
            return (
                f"{name}: the shares moved by {self.distance:.2f}, most that of {self.value}, from {before:.1%} to {now:.1%} "
                "of the rows."
            ).replace("%", " %")
        if self.kind == "nulls":
            return f"{name}: {before:.1%} of the rows were null and {now:.1%} are.".replace("%", " %")
        return f"{name}: the numbers moved by {self.distance:.2f}; the median was {before:g} and is {now:g}."


def what_moved(old: Path, new: Path, tables: Iterable[Table] = COMPARED) -> list[Moved]:
    """Everything that moved, by table and column in the order of the contract; values by name.

    Args:
        old: folder of one release.
        new: folder of the other.
        tables: to look at.
    """
    found: list[Moved] = []
    with duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{MEMORY}'")
        columns = [open_release_files(connection, side, folder) for side, folder in (("old", old), ("new", new))]
        for table in tables:
            if same_bytes(old, new, table) or table.name in TOLD_ELSEWHERE:
                continue
            shared = [column for column in table.columns if all(column.name in own[table.name] for own in columns)]
            found += _moved_in(connection, table, shared)
    return found


def _moved_in(connection: duckdb.DuckDBPyConnection, table: Table, columns: Sequence[Column]) -> Iterator[Moved]:
    before, now = (_counted(connection, side, table, columns) for side in ("old", "new"))
    if not before[0] or not now[0]:
        if columns and before[0] != now[0]:
            yield Moved(table.name, None, "emptied" if before[0] else "appeared", None, before[0], now[0])
        return
    enough = min(before[0], now[0]) >= LEAST_ROWS
    for column, held, holds in zip(columns, before[1:], now[1:], strict=True):
        is_open = column.name in OPEN_CATEGORIES.get(table.name, ())
        if column.codes or is_open or column.type == pa.bool_():
            yield from _category(connection, table, column.name, is_open=is_open)
        elif _is_measured(column) and min(held, holds) >= LEAST_ROWS:
            yield from _numbers(connection, table, column.name)
        were, are = 1 - held / before[0], 1 - holds / now[0]
        if enough and abs(were - are) >= MOVED_SHARE:
            yield Moved(table.name, column.name, "nulls", None, were, are, abs(were - are))


def _counted(
    connection: duckdb.DuckDBPyConnection, side: str, table: Table, columns: Sequence[Column]
) -> tuple[int, ...]:
    """Rows, then those in which each column is not null."""
    counts = ", ".join(["count(*)", *(f'count("{column.name}")' for column in columns)])
    return connection.execute(f"select {counts} from {side}_{table.name}").fetchall()[0]


def _is_measured(column: Column) -> bool:
    number = pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
    return number and column.name not in NOT_MEASURED and not column.name.endswith("_char")


def _category(connection: duckdb.DuckDBPyConnection, table: Table, column: str, *, is_open: bool) -> Iterator[Moved]:
    """Values that emptied or appeared; of a closed vocabulary also their shares. Of hundreds of outlets halves differ by 0.4."""
    counts = connection.execute(f"""
        select coalesce(o.value, n.value), coalesce(o.rows, 0), coalesce(n.rows, 0)
        from (select "{column}"::varchar as value, count(*) as rows from old_{table.name} where "{column}" is not null group by 1) o
        full join (select "{column}"::varchar as value, count(*) as rows from new_{table.name} where "{column}" is not null group by 1) n
        using (value) order by 1
    """).fetchall()
    for value, before, now in counts:
        if (not before or not now) and max(before, now) >= (LEAST_OPEN_ROWS if is_open else 1):
            yield Moved(table.name, column, "appeared" if now else "emptied", value, before, now)
    total = [sum(row[1] for row in counts), sum(row[2] for row in counts)]
    if is_open or min(total) < LEAST_ROWS:
        return
    shares = {value: (before / total[0], now / total[1]) for value, before, now in counts}
    distance = sum(abs(before - now) for before, now in shares.values()) / 2
    if distance >= MOVED_SHARE:
        most = max(shares, key=lambda value: (abs(shares[value][0] - shares[value][1]), value))
        yield Moved(table.name, column, "shares", most, *shares[most], distance)


def _numbers(connection: duckdb.DuckDBPyConnection, table: Table, column: str) -> Iterator[Moved]:
    (found,) = connection.execute(f"""
        with of_both as (
            select 1.0 / count(*) over () as share, 0.0 as other, "{column}" as number from old_{table.name} where "{column}" is not null
            union all
            select 0.0, 1.0 / count(*) over (), "{column}" from new_{table.name} where "{column}" is not null
        ),
        counted as (select number, sum(share) - sum(other) as difference from of_both group by number)
        select max(abs(below)),
            (select median("{column}") from old_{table.name}), (select median("{column}") from new_{table.name})
        from (select sum(difference) over (order by number) as below from counted)
    """).fetchall()
    distance, before, now = (round(float(number), 6) for number in found)
    if distance >= MOVED_SHARE:
        yield Moved(table.name, column, "numbers", None, before, now, distance)
