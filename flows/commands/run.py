"""Commands that run the pipeline: `run`, `serve`, `doctor`."""

import shlex
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
from rich.table import Table as RichTable

from flows.commands.common import (
    ConfigOption,
    CorrectionsOption,
    InputsArgument,
    JsonOption,
    KeepOption,
    MapOption,
    WaitOption,
    WarehouseOption,
    WorkersOption,
    err,
    guarded,
    out,
    pairs_of,
    print_json,
    settings_of,
    shown,
)
from flows.environment import prefect_environment
from flows.errors import UsageError
from flows.store.warehouse import Warehouse

if TYPE_CHECKING:
    from flows.release.version import Level
    from flows.settings import Settings


class LogFormat(StrEnum):
    """How a run says what it does."""

    TEXT = "text"
    JSON = "json"


class AtLeast(StrEnum):
    """What a version may be raised to by hand."""

    MINOR = "minor"
    MAJOR = "major"


LogFormatOption = Annotated[
    LogFormat, typer.Option("--log-format", help="What goes to stderr: bars, or a JSON line an event.")
]


@guarded
def run(
    inputs: InputsArgument = None,
    warehouse: WarehouseOption = None,
    workers: WorkersOption = None,
    keep: KeepOption = None,
    wait: WaitOption = None,
    field_map: MapOption = None,
    corrections: CorrectionsOption = None,
    accept: Annotated[
        list[str] | None, typer.Option("--accept", help="Publish although this critical check fails; needs --reason.")
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Why, for the manifest and data card.")] = None,
    at_least: Annotated[
        AtLeast | None,
        typer.Option("--at-least", help="Raise the version to this level, and release even where nothing is new."),
    ] = None,
    force_major: Annotated[
        str | None,
        typer.Option(
            "--force-major", metavar="REASON", help="Let a MAJOR version come although no release announced it; why."
        ),
    ] = None,
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
        if force_major is not None and not force_major.strip():
            raise UsageError("--force-major REASON: users will ask why, and the release tells them what you write here")
        if in_lines and verbose:
            raise UsageError("--verbose prints Prefect's own log, which is no JSON: leave out one of the two")
        given = [str(path) for path in inputs] if inputs else None
        settings = settings_of(
            config,
            warehouse,
            inputs=given,
            workers=workers,
            keep=keep,
            wait_seconds=wait,
            map=pairs_of(field_map, "--map"),
            corrections=corrections,
        )
        if not settings.inputs:
            raise UsageError("no inputs: name files or folders, or set `inputs` in dateline.toml")
        accepted = dict.fromkeys(accept or [], reason or "")
        asked = Asked(at_least.value if at_least else None, force_major)
        outcome = run_pipeline(settings, accepted, asked, quiet=as_json or in_lines, verbose=verbose)
        if check_incremental:
            outcome["check_incremental"] = _check_incremental(Warehouse(settings.warehouse))
    if as_json:
        print_json(outcome)
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


class Asked(NamedTuple):
    """What a run asks of the version."""

    at_least: "Level | None" = None
    force_major: str | None = None


def run_pipeline(
    settings: "Settings", accepted: dict[str, str], asked: Asked, *, quiet: bool, verbose: bool = False
) -> dict[str, Any]:
    """Start Prefect and run; what flows.pipeline.dateline returns. Nothing is started if nothing is new."""
    from flows.plan import make_plan

    plan = make_plan(settings, accepted, *asked)  # usage errors, and nothing to do, are known before Prefect starts
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
        what = (
            f"Reading {len(plan.files):,} files" if plan.files else "Taking over what the current release was made of"
        )
        err.print(f"{what}; starting Prefect …")
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
            corrections=str(settings.corrections) if settings.corrections else None,
            accepted=accepted,
            at_least=asked.at_least,
            force_major=asked.force_major,
        )
    return outcome


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
    passed_over = outcome["corrections_passed_over"]
    if outcome["corrections"] or passed_over:
        rest = f"; {passed_over:,} passed over: their documents are not among the inputs" if passed_over else ""
        out.print(f"[bold]Corrections:[/] {outcome['corrections']:,}{rest}")
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


@guarded
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
    corrections: CorrectionsOption = None,
    config: ConfigOption = None,
) -> None:
    """Run on a schedule: make a Prefect deployment and wait for its times. Needs `prefect server start` beside it.

    Example: `dateline serve --cron "0 6 * * *" news/`
    """
    given = [str(path.resolve()) for path in inputs] if inputs else None
    settings = settings_of(
        config,
        warehouse,
        inputs=given,
        workers=workers,
        keep=keep,
        wait_seconds=wait,
        map=pairs_of(field_map, "--map"),
        corrections=corrections,
        cron=cron,
    )
    if not settings.inputs:
        raise UsageError("no inputs: name files or folders, or set `inputs` in dateline.toml")
    if settings.cron is None:
        raise UsageError('no schedule: --cron "0 6 * * *", or `cron` in dateline.toml')
    prefect_environment(verbose=True, warehouse=Warehouse(settings.warehouse))
    from flows.pipeline import dateline
    from flows.webhook import checked_address, set_webhook

    if settings.webhook is not None:
        set_webhook(checked_address(settings.webhook.get_secret_value()))
    parameters = {
        "inputs": list(settings.inputs),
        "warehouse": str(settings.warehouse.resolve()),
        "workers": settings.workers,
        "keep": settings.keep,
        "wait_seconds": settings.wait_seconds,
        "field_map": settings.map,
        "corrections": str(settings.corrections.resolve()) if settings.corrections else None,
    }
    out.print(f"Serving dateline at {shown(settings.cron)!r}; stop with Ctrl-C.")
    try:
        dateline.serve(name="dateline", cron=settings.cron, parameters=parameters, limit=1)
    except ValueError as error:
        raise UsageError(f"the schedule {settings.cron!r} cannot be used: {error}") from error


@guarded
def doctor(warehouse: WarehouseOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Look at what a run needs: model, libraries, ports, disk, warehouse.

    Example: `dateline doctor`
    """
    from flows.doctor import examine

    findings = examine(settings_of(config, warehouse).warehouse)
    if as_json:
        print_json([{"what": one.what, "good": one.good, "found": one.found, "advice": one.advice} for one in findings])
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
