"""Progress on a terminal: a bar a stage, with documents a second and the time left."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from flows.progress import watch


@contextmanager
def progress_shown(console: Console, *, shown: bool) -> Iterator[None]:
    """Show the bars while the block runs; on a pipe, one plain line when a stage ends."""
    if not shown:
        yield
        return
    columns = (
        TextColumn("{task.description:<9}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    bars: dict[str, TaskID] = {}
    seen: dict[str, tuple[float, int]] = {}
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:

        def listen(stage: str, *, units: int, of: int | None, documents: int) -> None:
            if of is not None:
                bars[stage] = progress.add_task(stage, total=of, rate="")
                seen[stage] = (time.monotonic(), 0)
                return
            started, count = seen.get(stage, (time.monotonic(), 0))
            seen[stage] = (started, count + documents)
            rate = seen[stage][1] / max(time.monotonic() - started, 0.001)
            if stage in bars:
                progress.update(
                    bars[stage], advance=units, rate=f"{rate:,.1f} documents/s" if documents or count else ""
                )
                if not console.is_terminal and progress.tasks[bars[stage]].finished:
                    console.print(f"{stage}: done")

        stop = watch(listen)
        try:
            yield
        finally:
            stop()
