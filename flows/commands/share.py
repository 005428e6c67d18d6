"""Commands for releases that others depend on: `publish`, `pull`, `upgrade`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.common import (
    LOCK_FILE,
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
    from flows.share.index import Entry
    from flows.share.lock import Lock
    from flows.share.places import Place, Told

LockOption = Annotated[Path, typer.Option("--lock", metavar="FILE", help="The lock to read and write.")]


@guarded
def publish(
    dest: Annotated[str, typer.Argument(metavar="DEST", help="A folder, or s3://BUCKET/PREFIX.")],
    version: Annotated[str | None, typer.Argument(help="The release to publish.", show_default="current")] = None,
    every: Annotated[bool, typer.Option("--all", help="Publish every release of the warehouse.")] = False,
    instead: Annotated[
        bool,
        typer.Option(
            "--instead", help="Give up another release's publication that was left half way under this version."
        ),
    ] = False,
    unyank: Annotated[
        bool, typer.Option("--unyank", help="Take the release's yank back there, as it was taken back here.")
    ] = False,
    warehouse: WarehouseOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Publish a release to a folder or bucket, from where others pull it; yanks and takedowns of earlier ones go with it.

    Example: `dateline publish s3://bucket/news` or `dateline publish /srv/published 1.0.0`
    """
    from flows.share.places import place_of
    from flows.share.publish import publish as publish_releases

    if every and version is not None:
        raise UsageError("name a version, or --all, not both")
    store = store_of(config, warehouse)
    place = place_of(dest)
    versions = store.versions() if every else [store.release(version).name]
    if not versions:
        store.release()  # says that there is none
    with _transfer_shown("publishing", shown=not as_json) as begun:
        done = publish_releases(store, place, versions, instead=instead, unyank=unyank, begun=begun)
    if as_json:
        print_json(
            {
                "published": list(done.versions),
                "to": place.address,
                "uploaded": len(done.uploaded),
                "bytes": done.bytes,
                "deleted": list(done.deleted),
                "latest": done.latest,
                "withdrawn": list(done.withdrawn),
                "kept_yanks": list(done.kept_yanks),
            }
        )
        return
    what = ", ".join(done.versions)
    if done.uploaded:
        out.print(
            f"Published {shown(what)} to {shown(place.address)}: {len(done.uploaded):,} files, {_megabytes(done.bytes)}.",
            soft_wrap=True,
        )
    else:
        out.print(f"{shown(place.address)} has {shown(what)} already, whole.", soft_wrap=True)
    if done.withdrawn:
        out.print(f"Readers there learn that these are withdrawn: {shown(', '.join(done.withdrawn))}.", soft_wrap=True)
    if done.deleted:
        out.print(f"Deleted there, because of takedowns: {len(done.deleted):,} files.")
    for one in done.kept_yanks:
        out.print(
            f"{shown(one)} stays yanked there, though it is not here. To take that back: dateline publish {shown(place.address)} {shown(one)} --unyank",
            soft_wrap=True,
        )
    out.print(
        f"latest is {shown(done.latest or 'no release: every one there is withdrawn')}. Use it: dateline pull {shown(place.address)} --to DIR",
        soft_wrap=True,
    )


@guarded
def pull(
    source: Annotated[
        str | None,
        typer.Argument(help="Where releases are published: a folder, or s3://BUCKET/PREFIX.", show_default="as locked"),
    ] = None,
    wanted: Annotated[
        str | None,
        typer.Argument(metavar="[VERSION|RANGE]", help="1.2.0, 1.2, '>=1.2,<2' or '~=1.2'.", show_default="newest"),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="A new folder.", show_default="dateline-VERSION")
    ] = None,
    lock: LockOption = Path(LOCK_FILE),
    as_json: JsonOption = False,
) -> None:
    """Fetch a published release, checking every digest, and pin it in dateline.lock; without arguments, fetch what is pinned.

    Example: `dateline pull s3://bucket/news '~=1.2' --to data/` or `dateline pull`
    """
    from flows.share.lock import as_seen_from_here, read_lock
    from flows.share.places import place_of
    from flows.share.pull import locked_entry, releases_at
    from flows.share.ranges import choose

    pinned = read_lock(lock)
    if source is None and pinned is None:
        raise UsageError(
            f"there is no {lock} here to say what to pull. Name a source: dateline pull SOURCE [VERSION] --to DIR"
        )
    address = source if source is not None else as_seen_from_here(pinned.source, lock) if pinned else ""
    place = place_of(address)
    index = releases_at(place)
    if source is None and pinned is not None:
        entry = locked_entry(index, pinned, place.address)
        folder = to or Path(as_seen_from_here(pinned.folder, lock))
    else:
        entry = choose(index, wanted, place.address)
        if pinned is not None and pinned.version == entry.version:
            locked_entry(index, pinned, place.address)
        folder = to or Path(f"dateline-{entry.version}")
    _fetch(place, entry, folder, lock, pinned if source is None else None, as_json=as_json)


@guarded
def upgrade(
    wanted: Annotated[
        str | None,
        typer.Argument(metavar="[VERSION|RANGE]", help="1.2.0, 1.2, '>=1.2,<2' or '~=1.2'.", show_default="newest"),
    ] = None,
    query: Annotated[
        Path | None, typer.Option("--preview", metavar="FILE.sql", help="Only show what this query would answer there.")
    ] = None,
    major: Annotated[
        bool, typer.Option("--major", help="Also to another MAJOR version, where tables or columns may be gone.")
    ] = False,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="DIR", help="A new folder.", show_default="dateline-VERSION, beside the old"),
    ] = None,
    lock: LockOption = Path(LOCK_FILE),
    as_json: JsonOption = False,
) -> None:
    """Move dateline.lock on to the newest release; or with --preview, first see what a query of yours would answer on it.

    Example: `dateline upgrade --preview query.sql` then `dateline upgrade`
    """
    from flows.share.lock import as_seen_from_here, read_lock
    from flows.share.places import place_of
    from flows.share.pull import locked_entry, releases_at
    from flows.share.upgrade import is_major, next_release, preview

    pinned = read_lock(lock)
    if pinned is None:
        raise UsageError(f"there is no {lock} here to upgrade. Pull first: dateline pull SOURCE [VERSION] --to DIR")
    place = place_of(as_seen_from_here(pinned.source, lock))
    index = releases_at(place)
    locked_entry(index, pinned, place.address)
    entry = next_release(index, pinned, wanted, place.address)
    folder = Path(as_seen_from_here(pinned.folder, lock))
    if query is not None:
        sql = _read_query(query)
        with _transfer_shown("fetching", shown=not as_json) as begun:
            found = preview(place, pinned, folder, entry, sql, begun)
        if as_json:
            print_json({"from": pinned.version, "to": entry.version, "major": is_major(pinned, entry), **asdict(found)})
        else:
            from flows.share.screen import preview_shown

            out.print(preview_shown(found, pinned.version, entry.version))
        if found.error is not None:
            raise typer.Exit(1)
        return
    if entry.version == pinned.version:
        if as_json:
            print_json({"version": pinned.version, "upgraded": False})
        else:
            out.print(f"{shown(pinned.version)} is the newest that is wanted: nothing to do.")
        return
    if is_major(pinned, entry) and wanted is None and not major:
        stay = pinned.version.partition(".")[0]
        raise UsageError(
            f"{entry.version} is another MAJOR version than {pinned.version}: tables or columns may be gone, or mean something else. Nothing "
            f"was changed. See what it does to a query: dateline upgrade --preview FILE.sql. Take it: dateline upgrade --major. Or stay: dateline upgrade {stay}"
        )
    _fetch(place, entry, to or folder.parent / f"dateline-{entry.version}", lock, None, as_json=as_json)


def _read_query(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read as a query: {error}") from error


def _fetch(place: "Place", entry: "Entry", folder: Path, lock: Path, pinned: "Lock | None", *, as_json: bool) -> None:
    """Pull a release and write the lock, if it is not the lock that said what to pull; say so."""
    from flows.share.index import NAME
    from flows.share.lock import Lock, as_written, read_lock, write_lock
    from flows.share.pull import pull as pull_release
    from flows.share.ranges import why_withdrawn

    if entry.yanked and not entry.tombstone and pinned is None:  # else every command says so already
        err.print(f"[bold yellow]dateline:[/] {shown(entry.version)} was {shown(why_withdrawn(entry))}", soft_wrap=True)
    with _transfer_shown("pulling", shown=not as_json) as begun:
        done = pull_release(place, entry, folder, begun)
    before = read_lock(lock)
    if pinned is None:
        address, target = as_written(place.address, lock), as_written(str(folder), lock)
        pinned = Lock(NAME, entry.version, entry.manifest_sha256, address, target)
        if pinned != before:
            write_lock(lock, pinned)
    if as_json:
        yanked = asdict(entry.yanked) if entry.yanked else None
        print_json(
            {
                "version": done.version,
                "manifest_sha256": entry.manifest_sha256,
                "from": place.address,
                "to": str(folder),
                "files": done.files,
                "fetched_bytes": done.fetched_bytes,
                "yanked": yanked,
                "lock": asdict(pinned),
            }
        )
        return
    fetched = f"{_megabytes(done.fetched_bytes)} fetched" if done.fetched_bytes else "nothing to fetch"
    out.print(
        f"{shown(folder)} is {shown(done.version)}, whole: {done.files:,} files, each as published; {fetched}.",
        soft_wrap=True,
    )
    if before is None:
        out.print(f"{shown(lock)} pins it: keep it with your code. Next time: dateline pull")
    elif before.version != pinned.version:
        out.print(f"{shown(lock)}: {shown(before.version)} → {shown(pinned.version)}")


@contextmanager
def _transfer_shown(what: str, *, shown: bool) -> "Iterator[Callable[[int], Told]]":
    """A bar with megabytes, their rate and the time left, on a terminal; what gives it is told the bytes that there are."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, disable=not shown or not err.is_terminal, transient=True) as progress:

        def begun(size: int) -> "Told":
            task = progress.add_task(what, total=size)
            return lambda more: progress.advance(task, more)

        yield begun


def _megabytes(size: int) -> str:
    """Bytes for people.

    >>> _megabytes(1_234_567)
    '1.2 MB'
    """
    return f"{size / 1e6:,.1f} MB"
