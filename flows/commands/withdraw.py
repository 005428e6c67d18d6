"""Commands that withdraw what was released: `yank`, `takedown`."""

import re
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.common import (
    ConfigOption,
    InputsArgument,
    JsonOption,
    WaitOption,
    WarehouseOption,
    WorkersOption,
    err,
    guarded,
    out,
    print_json,
    settings_of,
    shown,
    store_of,
)
from flows.errors import DatelineError, GateRefused, UsageError, WarehouseDamaged
from flows.store.warehouse import Warehouse

if TYPE_CHECKING:
    from flows.release.takedown import Found
    from flows.settings import Settings


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


@partial(guarded, warns=False)
def takedown(
    document_id: Annotated[str, typer.Argument(help="The document: 16 hex digits.")],
    inputs: InputsArgument = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Why, for everyone who uses a release.")] = None,
    without_successor: Annotated[
        bool,
        typer.Option("--without-successor", help="Do not wait for a release without it: yank and delete now."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be deleted, and do nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    warehouse: WarehouseOption = None,
    config: ConfigOption = None,
    workers: WorkersOption = None,
    wait: WaitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a document down: make a release without it, yank every one that holds it, and delete their affected files for good.

    No later run takes the same bytes in again: the document is quarantined as `taken_down`, without text. The new release is made of
    what the current one was made of; inputs are read only if they are named, or if the ledger no longer has that.

    Example: `dateline takedown 72e0e0d9ea9663d4 --reason "court order 12/2026" --dry-run`
    """
    reason = (reason or "").strip()
    if not re.fullmatch("[0-9a-f]{16}", document_id):
        raise UsageError(
            f"{document_id!r} is no document's id: those are 16 hex digits, as documents.document_id has them"
        )
    if not reason:
        raise UsageError(
            f'say why: dateline takedown {document_id} --reason "who asked for it". It is told with every release that held it.'
        )
    from flows.release.takedown import begin_takedown, find_document, finish_takedown

    settings = settings_of(config, warehouse, workers=workers, wait_seconds=wait)
    store = Warehouse(settings.warehouse)
    today = datetime.now(UTC).date().isoformat()
    found = find_document(store, document_id, reason, today)
    if not as_json:
        _show_plan(found)
    if dry_run:
        if as_json:
            print_json(_told(found, store, dry_run=True))
        return
    if not yes and not as_json and sys.stdin.isatty():
        typer.confirm("Delete these files for good?", abort=True, err=True)
    store.prepare()
    with store.storage_failures_named(), store.writing(settings.wait_seconds):
        found = begin_takedown(store, document_id, reason, today)
    if store.current_version() in found.deleted and not without_successor:
        given = [str(path) for path in inputs] if inputs else None
        _make_successor(store, settings, given, found, quiet=as_json)
    with store.storage_failures_named(), store.writing(settings.wait_seconds):
        finish_takedown(store, document_id)
    if as_json:
        print_json(_told(found, store, dry_run=False))
        return
    files = sum(map(len, found.deleted.values()))
    out.print(
        f"Document [bold]{document_id}[/] is taken down: {files:,} files of {len(found.deleted):,} releases are deleted."
    )
    current = store.current_version()
    if current is None:
        out.print(
            "No release is left that is not yanked: `current` is gone. Make another: dateline run INPUT", soft_wrap=True
        )
    else:
        out.print(f"The current release is [bold]{shown(current)}[/], which does not hold it.")
    out.print(
        "Delete it in your inputs, in what `dateline history` and `export` wrote, and in copies that you gave away, too. Where you "
        "published, publish again: dateline publish DEST",
        soft_wrap=True,
    )


def _show_plan(found: "Found") -> None:
    takedown = found.takedown
    out.print(
        f"Document [bold]{takedown.document_id}[/]" + (f" ({shown(', '.join(found.uris))})" if found.uris else "")
    )
    for version, files in found.deleted.items():
        out.print(f"  release {shown(version)}: yanked; deleted: {shown(', '.join(files))}", soft_wrap=True)
    if found.rejected:
        out.print(f"  refused candidates, deleted: {shown(', '.join(found.rejected))}", soft_wrap=True)
    if not found.deleted and not found.rejected:
        out.print("  nothing holds it any more.")
    for copy in found.copies:
        out.print(
            f"  [bold yellow]stays:[/] document {copy['document_id']} says nearly the same ({shown(', '.join(copy['uris']))}; "
            f"{copy['kind']}, {copy['similarity']:.2f}). If it must go too: dateline takedown {copy['document_id']} --reason …",
            soft_wrap=True,
        )


def _make_successor(
    store: Warehouse, settings: "Settings", inputs: list[str] | None, found: "Found", *, quiet: bool
) -> None:
    """Run without the document, over what the current release was made of; over inputs where they are named, or that is gone.

    Raises:
        GateRefused: the release without it does not pass the gate.
        UsageError: neither is there.
    """
    from flows.commands.run import Asked, run_pipeline

    document_id = found.takedown.document_id
    holding = ", ".join(version for version in found.deleted)
    so_far = (
        f"So far the takedown of {document_id} is on record, no later run takes the document in, and the ledger and refused candidates "
        f"are without it. Not done: releases {holding} still hold it."
    )
    again = f"dateline takedown {document_id} --reason …"
    accepted = dict(store.manifest()["accepted_checks"])  # what was accepted for the parent is so for its successor
    kept = settings.model_copy(update={"inputs": (), "keep": True})
    named = settings.model_copy(update={"inputs": tuple(inputs)}) if inputs else None
    try:
        try:
            outcome = run_pipeline(named or kept, accepted, Asked(), quiet=quiet)
        except WarehouseDamaged:
            if named is not None:
                raise
            if not settings.inputs:
                raise UsageError(
                    f"{store.work} no longer holds all that release {store.current_version()} was made of, so a release without the "
                    f"document needs its inputs. {so_far} Name them: {again} INPUT… (or set `inputs` in dateline.toml)"
                ) from None
            err.print(
                f"The ledger no longer has what the release was made of: reading {shown(', '.join(settings.inputs))}."
            )
            outcome = run_pipeline(settings, accepted, Asked(), quiet=quiet)
    except GateRefused as error:
        raise GateRefused(
            f"{error}\nThe release without document {document_id} was refused, so nothing stands in for those that hold it. {so_far} "
            f"Either accept what the gate refused (dateline run --accept CHECK --reason …), and do the same takedown again; or "
            f"yank and delete without a successor: {again} --without-successor"
        ) from error
    except UsageError:
        raise
    except DatelineError as error:
        raise type(error)(f"{error}\n{so_far} Do the same again when that is mended: {again}") from error
    if outcome["version"] in found.deleted:
        raise DatelineError(f"the run made no release without the document. {so_far} Look at: dateline status")


def _told(found: "Found", store: Warehouse, *, dry_run: bool) -> dict[str, Any]:
    return {
        **asdict(found.takedown),
        "dry_run": dry_run,
        "uris": list(found.uris),
        "deleted": {version: list(files) for version, files in found.deleted.items()},
        "rejected": list(found.rejected),
        "copies": [dict(copy) for copy in found.copies],
        "current": store.current_version(),
    }
