"""Commands over all releases: `history`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

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


@guarded
def history(
    table: Annotated[
        list[str] | None, typer.Option("--table", "-t", help="Only this table; may be given again.", show_default="all")
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="DuckDB file to write.")] = Path("history.duckdb"),
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    warehouse: WarehouseOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write one DuckDB file with the rows of all releases and the releases they stood in, to ask what the dataset said then.

    Example: `dateline history --table casualties --output history.duckdb`, then in DuckDB: `from casualties_at('1.3.0')`
    """
    from flows.release.history import build_history

    store = store_of(config, warehouse)
    with store.storage_failures_named(), _progress_shown(shown=not as_json) as done:
        written = build_history(store, output, only=table or (), overwrite=force, done=done)
    if as_json:
        print_json({**asdict(written), "file": str(written.file)})
        return
    together, kept = (sum(counts) for counts in zip(*((one.released, one.kept) for one in written.tables), strict=True))
    out.print(
        f"Written: {shown(output)}: {written.releases:,} releases, {len(written.tables):,} tables; {together:,} rows, of which "
        f"{kept:,} differ. Ask it in DuckDB: from {written.tables[0].name}_at('{shown(written.last)}')",
        soft_wrap=True,
    )


@contextmanager
def _progress_shown(*, shown: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar over the tables of all releases, with how many a second and the time left."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, disable=not (shown and err.is_terminal)) as progress:
        task = progress.add_task("reading", total=None, rate="")

        def done(read: int, of: int) -> None:
            seconds = progress.tasks[task].elapsed or 0
            progress.update(task, completed=read, total=of, rate=f"{read / seconds:,.1f} tables/s" if seconds else "")

        yield done
