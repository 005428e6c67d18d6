"""Fetch a published release, checking every digest: `dateline pull`.

A release that is being pulled lies in its folder beside a hidden marker, without its manifest; files appear in it once they are
whole. The manifest comes last, then the marker goes. So what has a manifest is a release, and what has a marker is known
to be half of one, of which version, and where to go on.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from flows.errors import NotPublished, Tampered, UsageError
from flows.release.manifest import MANIFEST_DIGEST, manifest_digest_line
from flows.share.folder import FolderPlace
from flows.share.index import DIGEST, Entry, Index, parse_json, release_name
from flows.share.lock import Lock
from flows.share.places import Place, Told, copying_failed
from flows.share.publish import read_index, release_of
from flows.share.ranges import why_withdrawn
from flows.store.durable import dump_json, fsync_path, fsync_tree, write_whole
from flows.store.parquet import file_sha256
from flows.store.warehouse import MANIFEST, Warehouse

READ_ONLY = 0o444
MARKER = ".dateline-pull.json"  # in a folder that is being pulled into: version and manifest's digest
HELD = ".dateline-pull.lock"  # held by the one process that pulls into a folder
PART = ".part"  # ending of a file that has not come whole yet


@dataclass(frozen=True)
class Pulled:
    """What came of a pull.

    Attributes:
        version: that is in the folder now.
        files: of the release, the manifest and its digest left out.
        fetched_bytes: that had to be fetched; the others were there.
    """

    version: str
    files: int
    fetched_bytes: int


@dataclass(frozen=True)
class ListedFile:
    """A file as a manifest lists it: name below the release's folder, bytes, SHA-256."""

    name: str
    bytes: int
    sha256: str


def releases_at(place: Place) -> dict[str, Entry]:
    """The releases of a place by version; a warehouse's folder will do, too.

    Raises:
        UsageError: there are none.
    """
    index = read_index(place)
    if not index and isinstance(place, FolderPlace):
        warehouse = Warehouse(place.root)
        index = {version: release_of(warehouse, version).entry for version in warehouse.versions()}
    if not index:
        raise UsageError(
            f"{place.address} has no releases: there is no index.json. Is the address right? Publish there: dateline publish {place.address}"
        )
    return index


def locked_entry(index: Index, lock: Lock, where: str) -> Entry:
    """The release that a lock pins.

    Raises:
        UsageError: the place does not have that version.
        Tampered: its release of that version is another one.
    """
    entry = index.get(lock.version)
    if entry is None:
        raise UsageError(f"{where} has no version {lock.version}, which is locked. It has: {', '.join(index)}.")
    if entry.manifest_sha256 != lock.manifest_sha256:
        raise Tampered(
            f"the lock does not match {where}: it pins {lock.version} with a manifest whose SHA-256 begins "
            f"{lock.manifest_sha256[:12]}, and the one there begins {entry.manifest_sha256[:12]}. A version is one release for ever, "
            "so one of the two is not what it was. Nothing was fetched. Ask whoever publishes there; if you are sure of the source, "
            "remove the lock and pull anew."
        )
    return entry


def pull(place: Place, entry: Entry, folder: Path, begun: Callable[[int], Told] = lambda _: lambda _: None) -> Pulled:
    """Fetch a release into a folder, or the rest of it; every file is checked against the manifest, the manifest against the index.

    Args:
        place: where it is published.
        entry: which release, from the place's index or a lock.
        folder: new, empty, or left by an earlier pull of this very release.
        begun: is told the bytes that there are to be had, and gives what is told of each part.

    Raises:
        UsageError: the folder holds something else, or files of the release were deleted.
        Tampered: something there is not what it should be. What was whole before stays.
        NotPublished: a file is not there.
        StorageFailed: the disk is full, or the folder may not be written. What came whole stays.
    """
    if entry.tombstone:
        raise UsageError(f"{place.address} has no files of {entry.version} to pull any more ({why_withdrawn(entry)}).")
    manifest, files = read_manifest_of(place, entry)
    try:
        if _is_there(folder, entry, files):
            return Pulled(entry.version, len(files), 0)
        with _held(folder):
            return _fill(place, entry, manifest, files, folder, begun(sum(file.bytes for file in files)))
    except OSError as error:
        raise copying_failed(error, folder) from error


def read_manifest_of(place: Place, entry: Entry) -> tuple[bytes, list[ListedFile]]:
    """A release's manifest as bytes, and the files that it lists.

    Raises:
        NotPublished: it is not there.
        Tampered: it is not the one that the index says, or names files outside its folder.
    """
    name = release_name(entry.version, MANIFEST)
    where = f"{place.address}/{name}"
    stored = place.read(name)
    if stored is None:
        raise NotPublished(
            f"{where} is not there, though the index lists {entry.version}. Ask whoever publishes there to publish it again."
        )
    if stored.digest != entry.manifest_sha256:
        raise Tampered(
            f"{where} is not the manifest that was published: its SHA-256 is {stored.digest}, the index says {entry.manifest_sha256}. "
            "Nothing was fetched. Ask whoever publishes there."
        )
    try:
        return stored.data, _listed(parse_json(stored.data, where), entry.version)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Tampered(
            f"{where} is no manifest of {entry.version}: {error}. Nothing was fetched. Ask whoever publishes there."
        ) from error


def _listed(manifest: Mapping[str, Any], version: str) -> list[ListedFile]:
    """The files that a manifest from elsewhere lists, by name.

    Raises:
        ValueError: it is of another version, or names a file that would lie outside the release's folder.
    """
    if manifest["version"] != version:
        raise ValueError(f"it is that of {manifest['version']}")
    files = [ListedFile(str(name), int(said["bytes"]), str(said["sha256"])) for name, said in manifest["files"].items()]
    if bad := next((file for file in files if not _is_plain(file)), None):
        raise ValueError(f"it lists {bad.name!r}, which is no plain name of a file below the release")
    return sorted(files, key=lambda file: file.name)


def fetch_file(place: Place, version: str, file: ListedFile, path: Path, got: Told) -> int:
    """Fetch one file, going on where an earlier pull stopped; the bytes that came. It has its name once it is whole.

    Raises:
        Tampered: it is not what the manifest says.
    """
    part = path.with_name(path.name + PART)
    path.parent.mkdir(parents=True, exist_ok=True)
    came = 0
    while True:
        offset = part.stat().st_size if part.is_file() else 0
        if offset > file.bytes:
            part.unlink()
            offset = 0
        got(offset)
        came += _append(place, release_name(version, file.name), part, offset, file.bytes, got)
        size, digest = part.stat().st_size, file_sha256(part)
        if size == file.bytes and digest == file.sha256:
            part.replace(path)
            return came
        part.unlink()
        got(-min(size, file.bytes))
        if offset == 0:  # else the part that was there may have been the wrong one: once more from the start
            raise Tampered(
                f"{place.address}/{release_name(version, file.name)} is not what the manifest of {version} says: it has "
                f"{'more than ' if size > file.bytes else ''}{min(size, file.bytes):,} bytes with SHA-256 {digest}, where {file.bytes:,} bytes with {file.sha256} "
                "were published. It was not kept. Ask whoever publishes there to publish it again, or pull from another place."
            )


def _append(place: Place, name: str, part: Path, offset: int, size: int, got: Told) -> int:
    """Fetch from `offset` on to the end of a part, but not more than one byte over `size`."""
    came = 0
    with part.open("ab") as stream:
        if offset == size and size > 0:
            return 0
        for piece in place.download(name, offset):
            kept = piece[: size - offset - came + 1]
            stream.write(kept)
            came += len(kept)
            got(len(kept))
            if offset + came > size:
                break
    return came


def _fill(place: Place, entry: Entry, manifest: bytes, files: list[ListedFile], folder: Path, got: Told) -> Pulled:
    write_whole(folder / MARKER, _marker(entry))
    came = 0
    for file in files:
        path = folder / file.name
        if is_whole(path, file):
            got(file.bytes)
            continue
        path.unlink(missing_ok=True)
        came += fetch_file(place, entry.version, file, path, got)
    write_whole(folder / MANIFEST_DIGEST, manifest_digest_line(manifest.decode("utf-8")))
    for name in (*(file.name for file in files), MANIFEST_DIGEST):
        (folder / name).chmod(READ_ONLY)
    fsync_tree(folder)
    write_whole(folder / MANIFEST, manifest)
    (folder / MANIFEST).chmod(READ_ONLY)
    (folder / MARKER).unlink()
    fsync_path(folder)
    return Pulled(entry.version, len(files), came)


def _is_there(folder: Path, entry: Entry, files: list[ListedFile]) -> bool:
    """Is the release there already, whole? False if the folder can take it, or the rest of it.

    Raises:
        UsageError: the folder holds something else.
    """
    if not folder.exists():
        return False
    if not folder.is_dir():
        raise UsageError(f"{folder} is a file. Name a new folder: --to DIR")
    marker = folder / MARKER
    if marker.is_file():
        if marker.read_bytes() != _marker(entry):
            version = re.search(rb'"version": "([0-9.]+)"', marker.read_bytes())
            raise UsageError(
                f"{folder} holds a half of {version[1].decode() if version else 'another release'}, not of this {entry.version}. "
                "Pull that one on, remove the folder, or name a new one: --to DIR"
            )
        return False
    if (folder / MANIFEST).is_file():
        there = sha256((folder / MANIFEST).read_bytes()).hexdigest()
        if there == entry.manifest_sha256:
            return all(is_whole(folder / file.name, file) for file in files)
    if any(path.name != HELD for path in folder.iterdir()):
        raise UsageError(
            f"{folder} is not empty, and holds no half of {entry.version}. Nothing was changed. Name a new folder: --to DIR"
        )
    return False


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Let nobody else pull into the folder meanwhile.

    Raises:
        UsageError: somebody else does.
    """
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / HELD)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise UsageError(
            f"another dateline is pulling into {folder}. Wait for it, or name another folder: --to DIR"
        ) from error
    try:
        yield
    finally:
        lock.release()
        (folder / HELD).unlink(missing_ok=True)


def is_whole(path: Path, file: ListedFile) -> bool:
    """Is this file there, and what the manifest says?"""
    return path.is_file() and path.stat().st_size == file.bytes and file_sha256(path) == file.sha256


def _is_plain(file: ListedFile) -> bool:
    """Can a file of this name only lie below the release's folder, and be none of ours?

    >>> [_is_plain(ListedFile(name, 1, "a" * 64)) for name in ("diff/quotes.parquet", "../x", "/etc/x", "a//b", "manifest.json", ".hidden")]
    [True, False, False, False, False, False]
    """
    parts = file.name.split("/")
    plain = all(part and not part.startswith(".") and part.isprintable() and "\\" not in part for part in parts)
    return (
        plain
        and not file.name.endswith(PART)
        and file.name not in (MANIFEST, MANIFEST_DIGEST)
        and file.bytes >= 0
        and DIGEST.fullmatch(file.sha256) is not None
    )


def _marker(entry: Entry) -> bytes:
    return dump_json({"version": entry.version, "manifest_sha256": entry.manifest_sha256}).encode()
