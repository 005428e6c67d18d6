"""`gc`: what a warehouse need not keep."""

import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table as RichTable

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

LOCK_FILE = Path("dateline.lock")


@guarded
def gc(
    keep: Annotated[int, typer.Option("--keep", min=1, help="Newest releases to keep.")] = 5,
    older_than: Annotated[
        float | None,
        typer.Option("--older-than", metavar="DAYS", min=0, help="Delete nothing younger; old runs go, too."),
    ] = None,
    lock: Annotated[
        list[Path] | None, typer.Option("--lock", metavar="FILE", help="A dateline.lock whose release is needed.")
    ] = None,
    pin: Annotated[str | None, typer.Option("--pin", metavar="VERSION", help="Never delete this release.")] = None,
    unpin: Annotated[str | None, typer.Option("--unpin", metavar="VERSION", help="Take a pin back.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Delete; without it, only say what would be.")] = False,
    warehouse: WarehouseOption = None,
    config: ConfigOption = None,
    wait: WaitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what the warehouse need not keep, and with --yes delete it: old releases, refused candidates, leftovers of killed runs.

    Kept are the current release, the last few, the first of each MAJOR, what stands in for a yanked one, and whatever is pinned: by `--pin`,
    by `--lock`, or by a dateline.lock in this folder. Numbers of deleted releases are never given again.

    Example: `dateline gc --keep 10` or `dateline gc --lock ../study/dateline.lock --yes`
    """
    from flows.release.gc import DAY_SECONDS, Policy, collect, plan_gc
    from flows.store.withdrawn import pins_of, write_pins

    store = store_of(config, warehouse)
    if not store.releases.is_dir():
        raise UsageError(f"{store.root} is no warehouse: it has no releases. Name one: --warehouse DIR")
    pinned = _pinned_by(lock or [])
    before = None if older_than is None else time.time() - older_than * DAY_SECONDS
    policy = Policy(keep, pinned, before)
    if pin is not None or unpin is not None:
        if pin is not None:
            store.release(pin)
        if unpin is not None and unpin not in pins_of(store):
            raise UsageError(f"release {unpin} is not pinned. Pinned: {', '.join(sorted(pins_of(store))) or 'none'}.")
        store.prepare()
        with store.storage_failures_named(), store.writing(wait or 0):
            write_pins(store, (pins_of(store) | ({pin} if pin else set())) - ({unpin} if unpin else set()))
    if yes:
        store.prepare()
        with store.storage_failures_named(), store.writing(wait or 0):
            plan = collect(store, policy)
    else:
        plan = plan_gc(store, policy)
    if as_json:
        print_json(
            {
                "deleted": yes,
                "bytes": plan.bytes,
                "items": [asdict(item) for item in plan.delete],
                "kept": dict(plan.keep),
            }
        )
        return
    table = RichTable("what", "", "MB", "why")
    for item in plan.delete:
        table.add_row(
            "[red]deleted[/]" if yes else "[red]would go[/]",
            shown(f"{item.kind} {item.name}"),
            f"{item.bytes / 1e6:,.1f}",
            shown(item.why),
        )
    for version, why in plan.keep.items():
        table.add_row("kept", shown(f"release {version}"), "", shown(why))
    out.print(table)
    total = f"{plan.bytes / 1e6:,.1f} MB"
    if yes:
        out.print(f"{total} are free.")
    elif plan.delete:
        out.print(f"{total} would be free. Nothing is deleted yet: add --yes.")
    else:
        out.print("Nothing can go.")


def _pinned_by(locks: list[Path]) -> dict[str, str]:
    """Version to the lock that pins it.

    Raises:
        UsageError: a lock that was named is not there, or cannot be read.
    """
    from flows.share.lock import read_lock

    found = {}
    for file in [*locks, *([LOCK_FILE] if LOCK_FILE.is_file() else [])]:
        lock = read_lock(file)
        if lock is None:
            raise UsageError(f"there is no lock {file}")
        found[lock.version] = f"pinned by {file}"
    return found
