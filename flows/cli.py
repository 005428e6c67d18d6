"""`dateline …`: parse, call, print. Heavy libraries are imported by the commands that need them, never by `query` or `show`."""

import os
import shlex
import sys
import traceback
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable

from flows import SETTINGS_FILE, __version__
from flows.errors import DatelineError, UsageError
from flows.printable import guard_logs, plain, plain_json
from flows.store.warehouse import Warehouse, read_manifest

if TYPE_CHECKING:
    from flows.settings import Settings

SHOWN_ROWS = 40  # rows that `query` prints as a table; --output writes all
CELL_CHARS = 80  # characters of a cell in a printed table


class LogFormat(StrEnum):
    """How a run says what it does."""

    TEXT = "text"
    JSON = "json"


app = typer.Typer(
    name="dateline",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="News text to a versioned dataset in which every fact points at the words that state it.",
)
out = Console(highlight=False, soft_wrap=False, emoji=False)  # ":bomb:" in a text is no picture
err = Console(stderr=True, highlight=False, emoji=False)

WarehouseOption = Annotated[
    Path | None, typer.Option("--warehouse", "-w", help="Folder of releases.", show_default="warehouse")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
LogFormatOption = Annotated[
    LogFormat, typer.Option("--log-format", help="What goes to stderr: bars, or a JSON line an event.")
]
ConfigOption = Annotated[Path | None, typer.Option("--config", help="Settings file.", show_default="dateline.toml")]
InputsArgument = Annotated[
    list[Path] | None, typer.Argument(help="Files, folders and patterns to read.", show_default="from dateline.toml")
]
WorkersOption = Annotated[int | None, typer.Option("--workers", help="Processes.", show_default="one a core")]
WaitOption = Annotated[
    float | None,
    typer.Option("--wait", metavar="SECONDS", help="Wait for another run that is writing.", show_default="0: refuse"),
]
KeepOption = Annotated[
    bool | None, typer.Option("--keep/--no-keep", help="Carry over documents that the inputs no longer hold.")
]
MapOption = Annotated[
    list[str] | None, typer.Option("--map", help="Record field: ours=theirs, such as published=when.")
]
ReleaseOption = Annotated[str | None, typer.Option("--version", help="A release other than the current one.")]
VersionArgument = Annotated[str | None, typer.Argument(help="A version.", show_default="current")]
StoryArgument = Annotated[
    str | None, typer.Argument(help="The id of a story, or its first digits.", show_default="list some")
]
IncidentArgument = Annotated[
    str | None, typer.Argument(help="The id of an incident, or its first digits.", show_default="list some")
]
TopOption = Annotated[int, typer.Option("--top", min=1, help="How many to list where no id is given.")]


def main() -> None:
    """Entry point: every expected error becomes a message and an exit code (1 error, 2 usage, 3 refused)."""
    sys.excepthook = _print_exception
    guard_logs()
    app()


def _guarded(command: Callable[..., None]) -> Callable[..., None]:
    @wraps(command)
    def run_it(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except DatelineError as error:
            err.print(f"[bold red]dateline:[/] {shown(error)}", soft_wrap=True)
            raise typer.Exit(error.exit_code) from error
        except BrokenPipeError:
            sys.stderr.close()
            raise typer.Exit(0) from None
        except OSError as error:
            if error.strerror is None:
                raise
            where = f"{error.filename}: " if error.filename else ""
            err.print(f"[bold red]dateline:[/] {shown(where + error.strerror)}", soft_wrap=True)
            raise typer.Exit(1) from error

    return run_it


def shown(value: object) -> str:
    r"""A value from anywhere, for Rich to print as it is: no markup, and nothing that a terminal would obey.

    >>> print(shown("[red]a\x1b[31m"))
    \[red]a\x1b[31m
    """
    return escape(plain(str(value)))


def _print_json(value: Any) -> None:
    sys.stdout.write(plain_json(value) + "\n")


def _print_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What no one expected: Python's own traceback, whose message may quote the input."""
    sys.stderr.write(plain("".join(traceback.format_exception(kind, error, trace))))


def _settings(config: Path | None, warehouse: Path | None, **more: Any) -> "Settings":
    from flows.settings import load_settings

    return load_settings(config, warehouse=warehouse, **more)


def _store(config: Path | None, warehouse: Path | None) -> Warehouse:
    if config is None and not Path(SETTINGS_FILE).exists():  # what reads settings is a tenth of a query
        return Warehouse(warehouse or Path("warehouse"))
    return Warehouse(_settings(config, warehouse).warehouse)


def _pairs(items: list[str] | None, what: str) -> dict[str, str] | None:
    if not items:
        return None
    pairs = dict(item.partition("=")[::2] for item in items)
    if bad := [name for name, value in pairs.items() if not name or not value]:
        raise UsageError(f"{what} must be written ours=theirs; {bad[0]!r} is not")
    return pairs


@app.callback(invoke_without_command=True)
def version_flag(
    version: Annotated[bool, typer.Option("--version", help="Print the version of the program.")] = False,
) -> None:
    """Options of the program itself."""
    if version:
        out.print(f"dateline {__version__}")
        raise typer.Exit


@app.command()
@_guarded
def run(
    inputs: InputsArgument = None,
    warehouse: WarehouseOption = None,
    workers: WorkersOption = None,
    keep: KeepOption = None,
    wait: WaitOption = None,
    field_map: MapOption = None,
    accept: Annotated[
        list[str] | None, typer.Option("--accept", help="Publish although this critical check fails; needs --reason.")
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Why, for the manifest and data card.")] = None,
    check_incremental: Annotated[
        bool,
        typer.Option(
            "--check-incremental",
            help="Afterwards add the release's documents one by one, from nothing, and compare every table: about a second a document.",
        ),
    ] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show Prefect's log.")] = False,
    log_format: LogFormatOption = LogFormat.TEXT,
) -> None:
    """Read inputs and make a release of them, if the gate lets it through.

    Example: `dateline run news/ --warehouse warehouse --workers 4` or `dateline run news/ --log-format json 2> run.jsonl`
    """
    from flows.screen import json_log_shown

    in_lines = log_format is LogFormat.JSON
    with json_log_shown(shown=in_lines):
        if bool(accept) != bool(reason):
            raise UsageError("--accept CHECK and --reason TEXT go together")
        if in_lines and verbose:
            raise UsageError("--verbose prints Prefect's own log, which is no JSON: leave out one of the two")
        given = [str(path) for path in inputs] if inputs else None
        settings = _settings(
            config,
            warehouse,
            inputs=given,
            workers=workers,
            keep=keep,
            wait_seconds=wait,
            map=_pairs(field_map, "--map"),
        )
        if not settings.inputs:
            raise UsageError("no inputs: name files or folders, or set `inputs` in dateline.toml")
        accepted = dict.fromkeys(accept or [], reason or "")
        outcome = _run_pipeline(settings, accepted, quiet=as_json or in_lines, verbose=verbose)
        if check_incremental:
            outcome["check_incremental"] = _check_incremental(Warehouse(settings.warehouse))
    if as_json:
        _print_json(outcome)
    elif outcome["result"] == "nothing_new":
        out.print(
            f"Nothing new: release [bold]{shown(outcome['version'])}[/] was made of the same input by the same code."
        )
    else:
        _print_outcome(Warehouse(settings.warehouse), outcome)
    if check_incremental and not as_json:
        compared = outcome["check_incremental"]
        out.print(
            f"Added {compared['documents']:,} documents in {compared['steps']:,} steps: all {len(compared['tables'])} tables "
            "are those of the release, row digest by row digest."
        )


def _check_incremental(warehouse: Warehouse) -> dict[str, Any]:
    from dataclasses import asdict

    from flows.incremental import check_incremental

    err.print("Adding the documents one by one …")
    with warehouse.writing(0):
        return asdict(check_incremental(warehouse))


def _run_pipeline(settings: "Settings", accepted: dict[str, str], *, quiet: bool, verbose: bool) -> dict[str, Any]:
    from flows.plan import make_plan

    plan = make_plan(settings, accepted)  # usage errors, and nothing to do, are known before Prefect starts
    if plan.parent is not None and plan.nothing_new:
        from flows.record import record_nothing_new

        record_nothing_new(Warehouse(settings.warehouse), plan)
        return {"result": "nothing_new", "version": plan.parent["version"]}
    Warehouse(settings.warehouse).prepare()
    prefect_environment(verbose=verbose, warehouse=Warehouse(settings.warehouse))
    from flows.ahead import load_great_expectations_ahead, start_workers
    from flows.screen import progress_shown
    from flows.server import server_for_run

    if not quiet:
        err.print(f"Reading {len(plan.files):,} files; starting Prefect …")
    with server_for_run() as server, progress_shown(err, shown=not quiet):
        # the server, the workers' model and the gate's library come up beside one another
        start_workers(settings.worker_count)
        from flows.pipeline import dateline

        load_great_expectations_ahead()
        if server is not None:
            server.wait()
        outcome: dict[str, Any] = dateline(
            inputs=list(settings.inputs),
            warehouse=str(settings.warehouse),
            workers=settings.worker_count,
            keep=settings.keep,
            wait_seconds=settings.wait_seconds,
            field_map=settings.map,
            accepted=accepted,
        )
    return outcome


def prefect_environment(*, verbose: bool, warehouse: Warehouse | None = None) -> None:
    """What Prefect and Great Expectations read at import: no telemetry, a patient start, a quiet log unless asked for.

    Prefect keeps its database below the home folder; where there is none that can be written, in the warehouse's state/.
    """
    if warehouse is not None and not os.environ.get("PREFECT_HOME") and not _home_is_writable():
        os.environ["PREFECT_HOME"] = str(warehouse.state.absolute() / "prefect")
    defaults = {
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "GX_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",  # 8–20 s on a free machine
        "PREFECT_LOGGING_LEVEL": "INFO" if verbose else "CRITICAL",
        "PREFECT_LOGGING_ROOT_LEVEL": "WARNING" if verbose else "CRITICAL",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


def _home_is_writable() -> bool:
    try:
        folder = Path.home() / ".prefect"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # RuntimeError: nobody knows where this user's home is
        return False
    return os.access(folder, os.W_OK)


def _print_outcome(store: Warehouse, outcome: dict[str, Any]) -> None:
    manifest = store.manifest(outcome["version"])
    from flows.store.query import run_query

    _, fates = run_query(
        store,
        "select status, coalesce(status_reason, ''), count(*) from documents group by all order by all",
        outcome["version"],
    )
    went_in = ", ".join(f"{count:,} {status}{f' ({reason})' if reason else ''}" for status, reason, count in fates)
    out.print(
        f"\n[bold]In:[/]   {manifest['inputs']['files']:,} files, {sum(row[2] for row in fates):,} documents: {shown(went_in)}"
    )
    rows = {name: table["rows"] for name, table in manifest["tables"].items()}
    listed = ("articles", "mentions", "entities", "timexes", "quotes", "casualties", "events")
    out.print("[bold]Out:[/]  " + ", ".join(f"{rows[name]:,} {name}" for name in listed))
    warned = (
        f", {len(outcome['warnings'])} warnings ({shown(', '.join(outcome['warnings'][:3]))})"
        if outcome["warnings"]
        else ""
    )
    out.print(f"[bold]Gate:[/] let through: {outcome['checks']:,} checks{warned}")
    parent = f" (after {outcome['parent']})" if outcome["parent"] else ""
    out.print(f"[bold green]Released {outcome['version']}[/]{parent}: {shown(store.root)}/current\n")
    where = "" if store.root == Path("warehouse") else f" -w {shown(shlex.quote(str(store.root)))}"
    example = "select speaker, text from quotes where speaker is not null limit 5"
    out.print(f'Next: dateline query "{example}"{where}', soft_wrap=True)


@app.command()
@_guarded
def releases(warehouse: WarehouseOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """List the releases of a warehouse.

    Example: `dateline releases --json`
    """
    store = _store(config, warehouse)
    current = store.current_version()
    found = []
    for version in store.versions():
        manifest = store.manifest(version)
        rows = {name: table["rows"] for name, table in manifest["tables"].items()}
        found.append({"version": version, "current": version == current, "parent": manifest["parent"], "rows": rows})
    if as_json:
        _print_json(found)
        return
    if not found:
        out.print(f"{shown(store.root)} holds no release yet. Make one: dateline run INPUT")
        return
    table = RichTable("version", "parent", "documents", "quotes", "casualties", "events")
    for one in found:
        name = shown(f"{one['version']} (current)" if one["current"] else one["version"])
        counts = one["rows"]
        table.add_row(
            name,
            shown(one["parent"] or "-"),
            *(f"{counts[key]:,}" for key in ("documents", "quotes", "casualties", "events")),
        )
    out.print(table)


@app.command()
@_guarded
def show(
    what: Annotated[str, typer.Argument(help="A version, or the id of any row.")],
    warehouse: WarehouseOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a release, or any fact with the words around it.

    Example: `dateline show 1.0.0` or `dateline show 72e0e0d9ea9663d4`
    """
    from flows.store.query import find_fact, open_release, words_around

    store = _store(config, warehouse)
    if "." in what:
        manifest = store.manifest(what)
        if as_json:
            _print_json(manifest)
            return
        from schemas.registry import table_named

        table = RichTable("table", "one row is", "rows", title=f"dateline {shown(what)}")
        for name, described in manifest["tables"].items():
            table.add_row(shown(name), table_named(name).row_is, f"{described['rows']:,}")
        out.print(table)
        return
    with open_release(store) as connection:
        found = find_fact(connection, what)
        if found is None:
            raise UsageError(
                f"no row of release {store.current_version()} has the id {what}. Ids are 16 hex digits, as query prints them."
            )
        table_found, row = found
        words = words_around(connection, table_found, row)
    if as_json:
        _print_json(
            {
                "table": table_found.name,
                "row": row,
                "words": dict(zip(("before", "evidence", "after"), words or (), strict=False)),
            }
        )
        return
    out.print(f"[bold]{table_found.name}[/]: {table_found.row_is}\n")
    for name, value in row.items():
        if value is not None and name not in {"text", "body"}:
            out.print(f"  [dim]{name}[/] {escape(_cell(value))}")
    if words:
        before, evidence, after = (shown(part.replace("\n", " ")) for part in words)
        out.print(f"\n  …{before}[bold reverse]{evidence}[/]{after}…")


@app.command()
@_guarded
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

    store = _store(config, warehouse)
    with open_release(store, version) as connection:
        asked = version or store.current_version() or ""
        fact = read_fact(connection, *find(connection, what, asked))
    if as_json:
        from flows.explain.values import as_json as told

        _print_json(told(fact, asked))
        return
    from flows.explain.screen import explanation

    out.print(explanation(fact, asked, out))


@app.command()
@_guarded
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
    _tell("story", what, _store(config, warehouse), version, top, as_json=as_json)


@app.command()
@_guarded
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
    _tell("incident", what, _store(config, warehouse), version, top, as_json=as_json)


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
        _print_json(rows if what is None else told(happening, asked))
        return
    from flows.explain.timeline import happening_shown, listing_shown

    out.print(listing_shown(kind, rows, asked, out) if what is None else happening_shown(happening, asked, out))


@app.command()
@_guarded
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
    store = _store(config, warehouse)
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
        _print_json([dict(zip(names, row, strict=True)) for row in rows])
    elif form == "csv":
        import csv

        # To a file or a program the data as they are; on a terminal nothing that it would obey.
        told = _on_terminal if sys.stdout.isatty() else list
        writer = csv.writer(sys.stdout)
        writer.writerow(told(names))
        writer.writerows(told(row) for row in rows)
    else:
        table = RichTable(*(shown(name) for name in names))
        for row in rows[:SHOWN_ROWS]:
            table.add_row(*(escape(_cell(value)) for value in row))
        out.print(table)
        if len(rows) > SHOWN_ROWS:
            out.print(f"{SHOWN_ROWS} of {len(rows):,} rows. All: --format csv --output FILE")


def _on_terminal(row: Sequence[Any]) -> list[Any]:
    return ["" if value is None else plain(str(value)) for value in row]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = plain(str(value)).replace("\n", " ").replace("\t", " ")
    return text if len(text) <= CELL_CHARS else text[: CELL_CHARS - 1] + "…"


@app.command()
@_guarded
def schema(table: Annotated[str | None, typer.Argument(help="A table.")] = None, as_json: JsonOption = False) -> None:
    """Describe the tables, or one table's columns.

    Example: `dateline schema casualties`
    """
    from schemas.export import sentence_of, type_name
    from schemas.registry import RELEASED, table_named

    if table is None:
        if as_json:
            _print_json({one.name: {"row_is": one.row_is, "columns": list(one.column_names)} for one in RELEASED})
            return
        listing = RichTable("table", "one row is", "made by")
        for one in RELEASED:
            listing.add_row(one.name, one.row_is, one.stage)
        out.print(listing)
        return
    try:
        described = table_named(table)
    except KeyError as error:
        raise UsageError(str(error.args[0])) from error
    if as_json:
        columns = [
            {"name": c.name, "type": type_name(c), "nullable": c.nullable, "description": sentence_of(c)}
            for c in described.columns
        ]
        _print_json({"table": described.name, "row_is": described.row_is, "key": described.key, "columns": columns})
        return
    listing = RichTable("column", "type", "what it is", title=f"{described.name}: one row is {described.row_is}")
    for column in described.columns:
        listing.add_row(column.name, type_name(column), escape(sentence_of(column)))
    out.print(listing)


@app.command()
@_guarded
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

    store = _store(config, warehouse)
    known = run_ids(store.runs)
    if runs:
        reports = [told_of(store, one) for one in reversed(known)]
        if as_json:
            _print_json(reports)
        else:
            out.print(runs_table(reports[:SHOWN_ROWS]))
        return
    if run_id is not None and run_id not in known:
        raise UsageError(f"{store.root} has no run {run_id} on record. It has: dateline status --runs")
    last = told_of(store, run_id or known[-1]) if known else None
    refusal = store.read_state("last_refusal")
    current = store.current_version()
    if as_json:
        _print_json({"current": current, "last_run": last, "last_refusal": refusal})
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


@app.command()
@_guarded
def verify(
    version: VersionArgument = None,
    warehouse: WarehouseOption = None,
    config: ConfigOption = None,
    against: Annotated[
        Path | None, typer.Option("--against", help="Folder of originals, for an export without text.")
    ] = None,
    folder: Annotated[Path | None, typer.Option("--folder", help="An exported copy, rather than a release.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Check every file's digest, and every fact's offsets against the text.

    Example: `dateline verify 1.0.0` or `dateline verify --folder facts/ --against news/`
    """
    from flows.release.verify import verify_release

    store = _store(config, warehouse)
    where = folder or store.release(version)
    manifest_file = where / "manifest.json"
    if not manifest_file.is_file():
        raise UsageError(f"{where} has no manifest.json: it is no release")
    manifest = read_manifest(where)
    if "export" in manifest and against is None:
        raise UsageError(f"{where} is a copy without article text: name the folder of originals with --against")
    originals = None
    if against is not None:
        from flows.originals import texts_below

        originals = texts_below(against, store.root)
    verified = verify_release(where, manifest, originals)
    if as_json:
        findings = [{"where": one.where, "what": one.what, "rows": one.rows} for one in verified.findings]
        _print_json(
            {"version": manifest["version"], "files": verified.files, "facts": verified.facts, "findings": findings}
        )
    else:
        for one in verified.findings:
            out.print(
                f"[bold red]{shown(one.where)}[/] {shown(one.what)}" + (f" ({one.rows:,} rows)" if one.rows else "")
            )
        verdict = "is whole" if not verified.findings else f"has {len(verified.findings)} faults"
        out.print(
            f"{shown(manifest['version'])} {verdict}: {verified.files:,} files and {verified.facts:,} spans checked"
        )
    if verified.findings:
        raise typer.Exit(1)


@app.command()
@_guarded
def export(
    version: Annotated[str, typer.Argument(help="The version to copy.")],
    to: Annotated[Path, typer.Option("--to", help="A new folder.")],
    facts: Annotated[bool, typer.Option("--facts", help="Leave article text out; offsets and digests stay.")] = False,
    warehouse: WarehouseOption = None,
    config: ConfigOption = None,
) -> None:
    """Copy a release without article text, to share where the text may not go.

    Example: `dateline export 1.0.0 --facts --to facts/`
    """
    if not facts:
        raise UsageError("only --facts copies exist: a whole release is its folder, which can be copied as it is")
    from flows.release.export import export_facts

    store = _store(config, warehouse)
    export_facts(store.release(version), store.manifest(version), to)
    out.print(
        f"Written: {shown(to)}. Check it: dateline verify --folder {shown(shlex.quote(str(to)))} --against ORIGINALS",
        soft_wrap=True,
    )


@app.command()
@_guarded
def serve(
    inputs: InputsArgument = None,
    cron: Annotated[
        str | None, typer.Option("--cron", help="When, in cron's five fields.", show_default="from dateline.toml")
    ] = None,
    warehouse: WarehouseOption = None,
    workers: WorkersOption = None,
    keep: KeepOption = None,
    wait: WaitOption = None,
    field_map: MapOption = None,
    config: ConfigOption = None,
) -> None:
    """Run on a schedule: make a Prefect deployment and wait for its times. Needs `prefect server start` beside it.

    Example: `dateline serve --cron "0 6 * * *" news/`
    """
    given = [str(path.resolve()) for path in inputs] if inputs else None
    settings = _settings(
        config,
        warehouse,
        inputs=given,
        workers=workers,
        keep=keep,
        wait_seconds=wait,
        map=_pairs(field_map, "--map"),
        cron=cron,
    )
    if not settings.inputs:
        raise UsageError("no inputs: name files or folders, or set `inputs` in dateline.toml")
    if settings.cron is None:
        raise UsageError('no schedule: --cron "0 6 * * *", or `cron` in dateline.toml')
    prefect_environment(verbose=True, warehouse=Warehouse(settings.warehouse))
    from flows.pipeline import dateline

    parameters = {
        "inputs": list(settings.inputs),
        "warehouse": str(settings.warehouse.resolve()),
        "workers": settings.workers,
        "keep": settings.keep,
        "wait_seconds": settings.wait_seconds,
        "field_map": settings.map,
    }
    out.print(f"Serving dateline at {shown(settings.cron)!r}; stop with Ctrl-C.")
    try:
        dateline.serve(name="dateline", cron=settings.cron, parameters=parameters, limit=1)
    except ValueError as error:
        raise UsageError(f"the schedule {settings.cron!r} cannot be used: {error}") from error


@app.command()
@_guarded
def doctor(warehouse: WarehouseOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Look at what a run needs: model, libraries, ports, disk, warehouse.

    Example: `dateline doctor`
    """
    from flows.doctor import examine

    findings = examine(_settings(config, warehouse).warehouse)
    if as_json:
        _print_json(
            [{"what": one.what, "good": one.good, "found": one.found, "advice": one.advice} for one in findings]
        )
    else:
        table = RichTable("what", "", "found")
        for one in findings:
            table.add_row(
                one.what,
                "[green]good[/]" if one.good else "[red]bad[/]",
                shown(f"{one.found} {'' if one.good else one.advice}"),
            )
        out.print(table)
    if not all(one.good for one in findings):
        raise typer.Exit(1)
