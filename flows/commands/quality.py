"""`dateline quality`: what the gate saw of a release, how accurate its extractors are, how that moved, and where the page is."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.table import Table as RichTable

from flows.commands.common import (
    ConfigOption,
    JsonOption,
    VersionArgument,
    WarehouseOption,
    guarded,
    out,
    print_json,
    shown,
    store_of,
)
from flows.errors import UsageError

NEAREST = 10  # checks that are listed: what failed, then what has the least headroom
TREND_SHOWN = ("documents", "checks", "scorecard")  # kinds of the trend that fit a terminal; the page has all


@guarded
def quality(
    version: VersionArgument = None,
    check: Annotated[
        str | None, typer.Option("--check", metavar="ID", help="Only this check, with all that is known of it.")
    ] = None,
    warehouse: WarehouseOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what the gate saw of a release: the verdict, checks nearest to failing, the scorecard, the trend, and where the page is.

    Example: `dateline quality` or `dateline quality 1.0.0 --check quotes.mostly_with_speaker`
    """
    from flows.release.quality import read_quality

    store = store_of(config, warehouse)
    found = read_quality(store.release(version))
    if check is not None:
        (row,) = [row for row in found["checks"] if row["check_id"] == check] or [None]
        if row is None:
            raise UsageError(f"release {found['version']} has no check {check}. All of them: dateline quality --json")
        _print_check(row) if not as_json else print_json(row)
        return
    if as_json:
        print_json(found)
        return
    _print_verdict(found)
    _print_nearest(found["checks"])
    _print_scorecard(found["scorecard"])
    _print_trend(found["trend"])
    if found["page"] is not None:
        out.print(f"The whole as a page: {shown(found['page'])}", soft_wrap=True)


def _print_verdict(found: Mapping[str, Any]) -> None:
    counted = found["outcomes"]
    parent = f", compared with {shown(found['parent'])}" if found["parent"] else ", the first of its warehouse"
    told = ", ".join(f"{count:,} {what}" for what, count in counted.items())
    out.print(f"Release [bold]{shown(found['version'])}[/]{parent}: {len(found['checks']):,} checks: {told}")


def _print_check(row: Mapping[str, Any]) -> None:
    for name, value in row.items():
        out.print(f"[bold]{name}[/]: {'–' if value is None else shown(value)}", soft_wrap=True)


def _print_nearest(checks: Sequence[Mapping[str, Any]]) -> None:
    told = [row for row in checks if not row["success"] or (row.get("headroom") is not None and row["unit"] != "rows")]
    told.sort(
        key=lambda row: (row["success"], 1.0 if row.get("headroom") is None else row["headroom"], row["check_id"])
    )
    table = RichTable(
        "check", "", _right("observed"), _right("threshold"), _right("headroom"), title="Nearest to failing"
    )
    for row in told[:NEAREST]:
        mark = "" if row["success"] else "[red]refused[/]" if row["severity"] == "critical" else "[yellow]warns[/]"
        headroom = row.get("headroom")
        table.add_row(
            shown(row["check_id"]),
            mark,
            _number(row, "observed_value"),
            _number(row, "threshold"),
            "–" if headroom is None else f"{headroom:.0%}",
        )
    if told:
        out.print(table)


def _print_scorecard(figures: Sequence[Mapping[str, Any]]) -> None:
    table = RichTable("table", "what", *(_right(head) for head in ("P", "R", "F1 or share", "of")), title="Scorecard")
    for row in figures:
        cells = ("–" if row.get(name) is None else f"{row[name]:.1f}" for name in ("precision", "recall", "figure"))
        table.add_row(
            shown(row.get("table") or "–"), shown(row.get("what") or row["measure"]), *cells, f"{row['of']:,}"
        )
    if figures:
        out.print(table)


def _print_trend(trend: Sequence[Mapping[str, Any]]) -> None:
    versions = {row["releases_ago"]: row["version"] for row in trend}
    if len(versions) <= 1:
        return
    latest = sorted(versions)[:3][::-1]
    table = RichTable("figure", *(_right(shown(versions[ago])) for ago in latest), title="The last releases")
    figures: dict[tuple[str, str], dict[int, float]] = {}
    for row in trend:
        if row["kind"] in TREND_SHOWN:
            figures.setdefault((row["kind"], row["name"]), {})[row["releases_ago"]] = row["value"]
    for (kind, name), values in sorted(figures.items()):
        cells = (
            "–" if ago not in values else f"{values[ago]:,.1f}" if kind == "scorecard" else f"{values[ago]:,.0f}"
            for ago in latest
        )
        table.add_row(shown(f"{kind}: {name}"), *cells)
    out.print(table)


def _right(head: str) -> Any:
    from rich.table import Column

    return Column(head, justify="right")


def _number(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return "–"
    return f"{value:.1%}" if row["unit"] == "share" else f"{value:,.4g}"
