"""`dateline diff`: what differs between two releases."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.common import (
    ConfigOption,
    JsonOption,
    WarehouseOption,
    err,
    guarded,
    out,
    print_json,
    shown,
    store_of,
)
from flows.errors import UsageError

if TYPE_CHECKING:
    from flows.release.changelog import Compared
    from schemas.table import Table

VALUE_CHARS = 80  # of a value in a printed row


@guarded
def diff(
    old: Annotated[str, typer.Argument(metavar="A", help="The release to compare with.")],
    new: Annotated[str, typer.Argument(metavar="B", help="The release to compare; it may be the older one.")],
    table: Annotated[str | None, typer.Option("--table", help="Compare this table alone, and show its rows.")] = None,
    where: Annotated[
        str | None,
        typer.Option("--where", metavar="SQL", help="Show the rows that meet a condition, e.g. \"cause = 'code'\"."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help="Rows to show at most.")] = 20,
    warehouse: WarehouseOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare two releases: rows that are new, gone or revised, table by table, with the cause; what moved; and the rows, from what to what.

    `--where` is DuckDB's SQL over table_name, row_id, change, changed_columns, old, new (JSON: `(new->>'high')::int > 10`, with the parentheses) and cause.

    Example: `dateline diff 1.0.0 1.1.0`, `dateline diff 1.0.0 1.1.0 --table casualties` or `dateline diff 1.0.0 1.1.0 --where "list_contains(changed_columns, 'high')" --json`
    """
    from flows.release.compare import compare, rows_where
    from flows.release.diff import COMPARED

    store = store_of(config, warehouse)
    tables = [one for one in COMPARED if table in (None, one.name)]
    if not tables:
        raise UsageError(f"no table {table} is compared. There are: {', '.join(one.name for one in COMPARED)}.")
    before, after = (store.manifest(version)["tables"] for version in (old, new))
    with TemporaryDirectory(prefix="dateline-diff-") as scratch:
        target = Path(scratch) / "diff"
        with _progress(tables, before, after) as told:
            compared = compare(store, old, new, target, tables, told)
        asked = table is not None or where is not None
        matching, rows = rows_where(target, tables, where, limit) if asked else (0, [])
    if as_json:
        from flows.release.changelog import first_line

        told_rows = {"matching": matching, "rows": [_values(row) for row in rows]} if asked else {}
        print_json(
            {
                "from": old,
                "to": new,
                "first_line": first_line(compared) if table is None else None,
                "tables": compared.changes.as_json(),
                "contract": list(compared.contract),
                "moved": [moved.as_json() for moved in compared.moved],
                **told_rows,
            }
        )
        return
    _show_summary(old, new, compared, whole=table is None)
    if asked:
        _show_rows(rows, matching)


def _show_summary(old: str, new: str, compared: "Compared", *, whole: bool) -> None:
    from rich.table import Table as RichTable

    from flows.release.changelog import first_line
    from schemas.codes import CHANGES

    out.print(f"[bold]{shown(old)} → {shown(new)}[/]")
    if whole:
        out.print(shown(first_line(compared)), soft_wrap=True)
    elif not compared.changes.rows:
        out.print("No row differs.")
    for title, lines in (("The contract", compared.contract), ("What moved", [one.sentence for one in compared.moved])):
        if lines:
            out.print(f"\n{title}")
            for line in lines:
                out.print(f"- {shown(line)}", soft_wrap=True)
    if not compared.changes.rows:
        return
    listing = RichTable("table", *CHANGES, "why")
    for name, told in compared.changes.as_json().items():
        causes: dict[str, int] = {}
        for by_cause in told["causes"].values():
            for cause, rows in by_cause.items():
                causes[cause] = causes.get(cause, 0) + rows
        why = ", ".join(f"{cause} {rows:,}" for cause, rows in causes.items())  # as --where takes them
        columns = ", ".join(f"{column} ({rows:,})" for column, rows in told["columns"].items())
        listing.add_row(
            name, *(f"{told[change]:,}" for change in CHANGES), why + (f"; in {shown(columns)}" if columns else "")
        )
    out.print()
    out.print(listing)


def _show_rows(rows: Sequence[Mapping[str, Any]], matching: int) -> None:
    for row in map(_values, rows):
        out.print(
            f"\n[bold]{row['table_name']} {shown(row['row_id'])}[/] {row['change']} ({row['cause']})", soft_wrap=True
        )
        old, new = row["old"] or {}, row["new"] or {}
        for name in dict.fromkeys((*old, *new)):
            sides = [_short(side[name]) for side in (old, new) if name in side]
            out.print(f"  [dim]{shown(name)}[/] {' → '.join(sides)}", soft_wrap=True)
        if row["old"] is row["new"] is None:
            out.print("  its document was taken down: nothing of it is shown")
    out.print(f"\n{len(rows):,} of {matching:,} rows." + (" More: --limit N" if len(rows) < matching else ""))


def _values(row: Mapping[str, Any]) -> dict[str, Any]:
    import json

    return {**row, **{side: row[side] and json.loads(row[side]) for side in ("old", "new")}}


def _short(value: Any) -> str:
    text = "null" if value is None else str(value).replace("\n", " ")
    return shown(text if len(text) <= VALUE_CHARS else text[: VALUE_CHARS - 1] + "…")


@contextmanager
def _progress(
    tables: Sequence["Table"], before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Callable[["Table"], None]]:
    """A bar of the rows that are compared, with their rate and the time left; on a terminal only."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    def rows(table: "Table") -> int:
        return sum(int(side.get(table.name, {"rows": 0})["rows"]) for side in (before, after))

    columns = (
        TextColumn("comparing"),
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(show_speed=True),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, disable=not err.is_terminal, transient=True) as progress:
        task = progress.add_task("comparing", total=sum(map(rows, tables)))
        yield lambda table: progress.advance(task, rows(table))
