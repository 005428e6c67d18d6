"""Commands that read a release: `releases`, `show`, `explain`, `story`, `incident`, `query`, `schema`, `status`."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Column
from rich.table import Table as RichTable

from flows.commands.common import (
    ConfigOption,
    JsonOption,
    ReleaseOption,
    WarehouseOption,
    err,
    guarded,
    out,
    print_json,
    shown,
    store_of,
    yank_told,
)
from flows.errors import UsageError
from flows.printable import plain
from flows.store.warehouse import Warehouse
from flows.store.withdrawn import check_readable, read_tombstone, yanks_of

SHOWN_ROWS = 40  # rows that `query` prints as a table; --output writes all
SHOWN_REASONS = 6  # differences that `show` names for a version
CELL_CHARS = 80  # characters of a cell in a printed table

StoryArgument = Annotated[
    str | None, typer.Argument(help="The id of a story, or its first digits.", show_default="list some")
]
IncidentArgument = Annotated[
    str | None, typer.Argument(help="The id of an incident, or its first digits.", show_default="list some")
]
TopOption = Annotated[int, typer.Option("--top", min=1, help="How many to list where no id is given.")]


@guarded
def releases(warehouse: WarehouseOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """List the releases of a warehouse.

    Example: `dateline releases --json`
    """
    store = store_of(config, warehouse)
    current, yanks = store.current_version(), yanks_of(store)
    found = []
    for version in store.versions():
        manifest = store.manifest(version)
        rows = {name: table["rows"] for name, table in manifest["tables"].items()}
        yank = asdict(yanks[version]) if version in yanks else None
        found.append(
            {
                "version": version,
                "current": version == current,
                "parent": manifest["parent"],
                "yanked": yank,
                "tombstone": read_tombstone(store.release(version)) is not None,
                "rows": rows,
            }
        )
    if as_json:
        print_json(found)
        return
    if not found:
        out.print(f"{shown(store.root)} holds no release yet. Make one: dateline run INPUT")
        return
    table = RichTable(Column("version", no_wrap=True), "parent", "documents", "quotes", "casualties", "events")
    for one in found:
        words = {"current": "current", "yanked": "yanked", "tombstone": "files deleted"}
        marks = [word for key, word in words.items() if one[key]]
        name = shown(f"{one['version']} ({', '.join(marks)})" if marks else one["version"])
        counts = one["rows"]
        table.add_row(
            name,
            shown(one["parent"] or "-"),
            *(f"{counts[key]:,}" for key in ("documents", "quotes", "casualties", "events")),
        )
    out.print(table)
    for one in found:
        if one["yanked"]:
            out.print(yank_told(yanks, one["version"]), soft_wrap=True)


@guarded
def show(
    what: Annotated[str, typer.Argument(help="A version, or the id of any row.")],
    warehouse: WarehouseOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a release, or any fact with the words around it.

    Example: `dateline show 1.0.0` or `dateline show 72e0e0d9ea9663d4`
    """
    from flows.store.query import corrections_of, find_fact, open_release, words_around

    store = store_of(config, warehouse)
    if "." in what:
        check_readable(store, what)
        manifest = store.manifest(what)
        if as_json:
            print_json(manifest)
            return
        table = RichTable("table", "one row is", "rows", title=f"dateline {shown(what)}")
        for name, described in manifest["tables"].items():
            table.add_row(shown(name), _row_is(name), f"{described['rows']:,}")
        out.print(table)
        for line in _about_version(manifest):
            out.print(shown(line))
        return
    with open_release(store) as connection:
        found = find_fact(connection, what)
        if found is None:
            raise UsageError(
                f"no row of release {store.current_version()} has the id {what}. Ids are 16 hex digits, as query prints them."
            )
        table_found, row = found
        words = words_around(connection, table_found, row)
        corrections = corrections_of(connection, [what])
    if as_json:
        print_json(
            {
                "table": table_found.name,
                "row": row,
                "words": dict(zip(("before", "evidence", "after"), words or (), strict=False)),
                "corrections": corrections,
            }
        )
        return
    out.print(f"[bold]{table_found.name}[/]: {table_found.row_is}\n")
    for name, value in row.items():
        if value is not None and name not in {"text", "body"}:
            out.print(f"  [dim]{name}[/] {escape(_cell(value))}")
    for one in corrections:
        was, why = (shown(one[name] if one[name] is not None else "none") for name in ("expected", "reason"))
        out.print(
            f"  [dim]corrected by hand[/] {one['column_name']}, read as {was}: {why} ({shown(one['who'])}, {one['corrected_on']})"
        )
    if words:
        before, evidence, after = (shown(part.replace("\n", " ")) for part in words)
        out.print(f"\n  …{before}[bold reverse]{evidence}[/]{after}…")


def _row_is(name: str) -> str:
    """What one row is of a table of some release; of one that is no longer made that it is not."""
    from schemas.registry import RELEASED

    return next((one.row_is for one in RELEASED if one.name == name), "(no table of today)")


def _about_version(manifest: Mapping[str, Any]) -> list[str]:
    """Why a release has its version, and what users must know of its contract; releases made before that was recorded say nothing."""
    lines = []
    if decided := manifest.get("version_because"):
        because, more = decided["because"][:SHOWN_REASONS], len(decided["because"]) - SHOWN_REASONS
        because += [f"and {more} more (--json has all)"] if more > 0 else []
        after = f"follows {manifest['parent']}, {decided['level'].upper()}" if decided["level"] else "has this version"
        lines.append(f"{manifest['version']} {after}: {'; '.join(because)}.")
    if forced := manifest.get("forced_major"):
        lines.append(f"Without notice: {forced['reason']}")
    return [*lines, *(note["sentence"] for note in manifest.get("deprecations", []))]


@guarded
def explain(
    what: Annotated[str, typer.Argument(help="The id of an event or casualty, or its first digits.")],
    warehouse: WarehouseOption = None,
    config: ConfigOption = None,
    version: ReleaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why an event or a casualty figure is as it is: its sentence with its parts marked, and what each value rests on.

    Example: `dateline explain 72e0e0d9ea9663d4` or `dateline explain 72e0 --version 1.0.0 --json`
    """
    from flows.explain.fact import find, read_fact
    from flows.store.query import open_release

    store = store_of(config, warehouse)
    with open_release(store, version) as connection:
        asked = version or store.current_version() or ""
        fact = read_fact(connection, *find(connection, what, asked))
    if as_json:
        from flows.explain.values import as_json as told

        print_json(told(fact, asked))
        return
    from flows.explain.screen import explanation

    out.print(explanation(fact, asked, out))


@guarded
def story(
    what: StoryArgument = None,
    warehouse: WarehouseOption = None,
    config: ConfigOption = None,
    version: ReleaseOption = None,
    top: TopOption = 10,
    as_json: JsonOption = False,
) -> None:
    """Tell a story: its articles, what happened when, and the figures that each source gives; without an id, list those with most sources.

    Example: `dateline story`, `dateline story --top 50 --json` or `dateline story 72e0e0d9ea9663d4`
    """
    _tell("story", what, store_of(config, warehouse), version, top, as_json=as_json)


@guarded
def incident(
    what: IncidentArgument = None,
    warehouse: WarehouseOption = None,
    config: ConfigOption = None,
    version: ReleaseOption = None,
    top: TopOption = 10,
    as_json: JsonOption = False,
) -> None:
    """Tell what sources say of one incident, day by day, with their figures side by side; without an id, list the most disputed.

    Example: `dateline incident`, `dateline incident 72e0e0d9ea9663d4` or `dateline incident 72e0 --version 1.0.0 --json`
    """
    _tell("incident", what, store_of(config, warehouse), version, top, as_json=as_json)


def _tell(kind: str, what: str | None, store: Warehouse, version: str | None, top: int, *, as_json: bool) -> None:
    from flows.explain.happening import as_json as told
    from flows.explain.happening import find_happening, first_rows, read_happening
    from flows.store.query import open_release

    with open_release(store, version) as connection:
        asked = version or store.current_version() or ""
        if what is None:
            rows = first_rows(connection, kind, asked, top)
        else:
            happening = read_happening(connection, kind, *find_happening(connection, kind, what, asked))
    if as_json:
        print_json(rows if what is None else told(happening, asked))
        return
    from flows.explain.timeline import happening_shown, listing_shown

    out.print(listing_shown(kind, rows, asked, out) if what is None else happening_shown(happening, asked, out))


@guarded
def query(
    sql: Annotated[str, typer.Argument(help="DuckDB SQL; it can read but not write.")],
    warehouse: WarehouseOption = None,
    config: ConfigOption = None,
    form: Annotated[str, typer.Option("--format", "-f", help="table, csv, json or parquet.")] = "table",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write.")] = None,
    version: ReleaseOption = None,
) -> None:
    """Query the current release, read-only.

    Example: `dateline query "select kind, low, high, attributed_to from casualties" --format csv --output deaths.csv`
    """
    from flows.store.query import query_to_file, run_query

    forms = ("table", "csv", "json", "parquet")
    if form not in forms:
        raise UsageError(f"--format is one of {', '.join(forms)}")
    store = store_of(config, warehouse)
    if output is not None or form == "parquet":
        if output is None:
            raise UsageError("parquet is written to a file: add --output FILE")
        kind = form if form != "table" else output.suffix.lstrip(".")
        if kind not in forms[1:]:
            raise UsageError(f"{output}: say how to write it with --format csv, json or parquet")
        query_to_file(store, sql, output, kind, version)
        err.print(f"Written: {shown(output)}")
        return
    names, rows = run_query(store, sql, version)
    if form == "json":
        print_json([dict(zip(names, row, strict=True)) for row in rows])
    elif form == "csv":
        import csv

        # To a file or a program the data as they are; on a terminal nothing that it would obey.
        told = _on_terminal if sys.stdout.isatty() else list
        writer = csv.writer(sys.stdout, lineterminator="\n")  # as --output writes it, and as a shell reads it
        writer.writerow(told(names))
        writer.writerows(told(row) for row in rows)
    else:
        out.print(_listing(names, rows[:SHOWN_ROWS]))
        if len(rows) > SHOWN_ROWS:
            out.print(f"{SHOWN_ROWS} of {len(rows):,} rows. All: --format csv --output FILE")


def _listing(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> RichTable:
    """The rows as a table, or, where it would cut words (an id, a code) to fit the terminal, each as a record of its own."""
    heads = [shown(name) for name in names]
    cells = [[escape(_cell(value)) for value in row] for row in rows]
    table = RichTable(*heads)
    for row in cells:
        table.add_row(*row)
    # a measure stops at the width that it may take
    unbounded = out.options.update(max_width=len(names) * 2 * CELL_CHARS)
    if not rows or Measurement.get(out, unbounded, table).minimum <= out.width:
        return table
    records = RichTable(Column("row", justify="right"), Column("column", no_wrap=True), "value", box=SIMPLE_HEAD)
    for number, row in enumerate(cells, start=1):
        for at, (head, cell) in enumerate(zip(heads, row, strict=True)):
            records.add_row("" if at else str(number), head, cell, end_section=at == len(heads) - 1)
    return records


def _on_terminal(row: Sequence[Any]) -> list[Any]:
    return ["" if value is None else plain(str(value)) for value in row]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = plain(str(value)).replace("\n", " ").replace("\t", " ")
    return text if len(text) <= CELL_CHARS else text[: CELL_CHARS - 1] + "…"


@guarded
def schema(table: Annotated[str | None, typer.Argument(help="A table.")] = None, as_json: JsonOption = False) -> None:
    """Describe the tables, or one table's columns.

    Example: `dateline schema casualties`
    """
    from schemas.deprecated import DEPRECATED, notes_on
    from schemas.export import told_of, type_name
    from schemas.registry import RELEASED, table_named

    if table is None:
        if as_json:
            print_json(
                {
                    one.name: {
                        "row_is": one.row_is,
                        "columns": list(one.column_names),
                        "deprecated": [note.sentence for note in DEPRECATED if note.table == one.name],
                    }
                    for one in RELEASED
                }
            )
            return
        listing = RichTable("table", "one row is", "made by")
        for one in RELEASED:
            listing.add_row(
                one.name, " ".join([one.row_is, *(note.sentence for note in notes_on(one.name))]), one.stage
            )
        out.print(listing)
        return
    try:
        described = table_named(table)
    except KeyError as error:
        raise UsageError(str(error.args[0])) from error
    if as_json:
        columns = [
            {"name": c.name, "type": type_name(c), "nullable": c.nullable, "description": told_of(described, c)}
            for c in described.columns
        ]
        print_json({"table": described.name, "row_is": described.row_is, "key": described.key, "columns": columns})
        return
    listing = RichTable("column", "type", "what it is", title=f"{described.name}: one row is {described.row_is}")
    for column in described.columns:
        listing.add_row(column.name, type_name(column), escape(told_of(described, column)))
    out.print(listing)


@guarded
def status(
    warehouse: WarehouseOption = None,
    config: ConfigOption = None,
    runs: Annotated[bool, typer.Option("--runs", help="List the last runs instead.")] = False,
    run_id: Annotated[str | None, typer.Option("--run", help="A run by its id.", show_default="the last")] = None,
    as_json: JsonOption = False,
) -> None:
    """Say what the last run did, stage by stage, and why; and why the last refusal was one.

    Example: `dateline status --json` or `dateline status --runs`
    """
    from flows.screen import in_words, runs_table, stage_table
    from flows.store.runs import run_ids, told_of

    store = store_of(config, warehouse)
    known = run_ids(store.runs)
    if runs:
        reports = [told_of(store, one) for one in reversed(known)]
        if as_json:
            print_json(reports)
        else:
            out.print(runs_table(reports[:SHOWN_ROWS]))
        return
    if run_id is not None and run_id not in known:
        raise UsageError(f"{store.root} has no run {run_id} on record. It has: dateline status --runs")
    last = told_of(store, run_id or known[-1]) if known else None
    refusal = store.read_state("last_refusal")
    current = store.current_version()
    if as_json:
        print_json({"current": current, "last_run": last, "last_refusal": refusal})
        return
    out.print(f"Current release: {shown(current or 'none')}")
    if last is None:
        out.print("No run yet. Make one: dateline run INPUT")
    else:
        result = {"killed": "killed before it ended", "running": "still running"}.get(last["result"], last["result"])
        said = last["version"] or last["message"] or ""
        times = f"({last['started']} to {last['ended'] or '?'}, {last['seconds'] or 0:,.1f} s)"
        title = "Last run" if run_id is None else "Run"
        out.print(f"{title}: {shown(result)} {shown(said)} {shown(times)}", soft_wrap=True)
        for line in in_words(last):
            out.print(shown(line), soft_wrap=True)
        if last["stages"]:
            out.print(stage_table(last))
    if refusal is not None and run_id is None:
        out.print(f"Last refusal: {shown(refusal['message'])}", soft_wrap=True)
