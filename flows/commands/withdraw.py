"""Commands that withdraw what was released: `yank`."""

from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import Annotated

import typer

from flows.commands.common import (
    ConfigOption,
    JsonOption,
    WaitOption,
    WarehouseOption,
    guarded,
    out,
    print_json,
    shown,
    store_of,
)
from flows.errors import UsageError


@partial(guarded, warns=False)
def yank(
    version: Annotated[str, typer.Argument(help="The release to withdraw.")],
    reason: Annotated[str | None, typer.Option("--reason", help="Why, for everyone who uses it.")] = None,
    successor: Annotated[
        str | None, typer.Option("--successor", metavar="VERSION", help="What to use in its place.")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the yank of this version back.")] = False,
    warehouse: WarehouseOption = None,
    config: ConfigOption = None,
    wait: WaitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Withdraw a release: it stays fetchable by its version, `current` and ranges of versions skip it, whoever reads it is warned.

    Example: `dateline yank 1.1.0 --reason "dates are a day off" --successor 1.2.0` or `dateline yank 1.1.0 --undo`
    """
    reason = (reason or "").strip()
    if undo and (reason or successor):
        raise UsageError("--undo takes a yank back as it is: leave out --reason and --successor")
    if not undo and not reason:
        raise UsageError(
            f'say why: dateline yank {version} --reason "what is wrong with it". Everyone who uses it is told.'
        )
    from flows.release.withdraw import unyank_release, yank_release

    store = store_of(config, warehouse)
    store.release(version)  # before any folder is made
    store.prepare()
    today = datetime.now(UTC).date().isoformat()
    with store.storage_failures_named(), store.writing(wait or 0):
        done = unyank_release(store, version) if undo else yank_release(store, version, reason, successor, today)
    if as_json:
        print_json({**asdict(done.yank), "undone": undo, "current_before": done.before, "current": done.current})
        return
    if undo:
        out.print(f"Release [bold]{shown(version)}[/] is in use again.")
    else:
        instead = f" Use {shown(successor)} in its place." if successor else ""
        out.print(f"Release [bold]{shown(version)}[/] is yanked: {shown(reason)}.{instead} Its files are untouched.")
    if done.current is None:
        out.print(
            "No release is left that is not yanked: `current` is gone. Make another: dateline run INPUT", soft_wrap=True
        )
    elif done.current != done.before:
        out.print(f"`current` is now [bold]{shown(done.current)}[/]; the next run starts from it.")
    out.print(
        "Whoever takes releases from elsewhere learns of it when you publish again: dateline publish DEST",
        soft_wrap=True,
    )
