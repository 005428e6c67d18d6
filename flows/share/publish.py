"""Publish releases to a place where others pull them: `dateline publish`.

Nothing is shown before it is whole, whoever is interrupted and whoever races (README.md here argues why):

1. claim      publishing/<version>.json, create-only: the digest of the one manifest that may become this version
2. data       every file of the release; who finds it there with its digest goes on: that is how a publication resumes
3. manifest   manifest.json, create-only: from here on the version is this release, for ever
4. index      index.json, replaced only if nobody has replaced it meanwhile; yanks and tombstones go with it
5. latest     latest.json, in the same way; then files of releases with a tombstone are deleted
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.errors import OtherRelease, PlaceFailed, WarehouseDamaged
from flows.release.manifest import MANIFEST_DIGEST
from flows.release.verify import file_faults
from flows.share.index import (
    INDEX,
    LATEST,
    Entry,
    claim_name,
    index_json,
    latest_json,
    merged,
    newest,
    parse_index,
    parse_json,
    release_name,
    yank_said,
)
from flows.share.places import Place, Stored, Told
from flows.store.durable import dump_json
from flows.store.warehouse import MANIFEST, Warehouse, read_manifest
from flows.store.withdrawn import TOMBSTONE, yank_of

RACES = 100  # lost in a row before giving up; each is lost to somebody who went on, so in practice one or two are


@dataclass(frozen=True)
class Release:
    """A release in the warehouse, as it is to be published.

    Attributes:
        entry: what the index is to say of it.
        folder: where its files are.
        manifest: the bytes of its manifest.json.
        files: name to (bytes, SHA-256) of every other file, those deleted by a takedown left out.
        tombstone: the bytes of its tombstone, None if it has none.
        deleted: names of the files that a takedown deleted.
    """

    entry: Entry
    folder: Path
    manifest: bytes
    files: dict[str, tuple[int, str]]
    tombstone: bytes | None
    deleted: frozenset[str]


@dataclass(frozen=True)
class Published:
    """What came of publishing.

    Attributes:
        versions: those asked for, oldest first: all are there now.
        uploaded: names of the objects that were written for them; the others were there.
        bytes: of those.
        deleted: names of objects that were deleted because of a tombstone.
        latest: the version that latest.json names, None if every release there is withdrawn.
        withdrawn: versions that readers there now learn to be yanked or taken down.
        kept_yanks: versions that stay yanked there, though they are not in the warehouse.
    """

    versions: tuple[str, ...]
    uploaded: tuple[str, ...]
    bytes: int
    deleted: tuple[str, ...]
    latest: str | None
    withdrawn: tuple[str, ...]
    kept_yanks: tuple[str, ...]


def release_of(warehouse: Warehouse, version: str) -> Release:
    """A release of the warehouse, not yet verified.

    Raises:
        UsageError: there is no such release.
        WarehouseDamaged: its manifest cannot be read.
    """
    folder = warehouse.release(version)
    manifest = read_manifest(folder)
    data = (folder / MANIFEST).read_bytes()
    tombstone = (folder / TOMBSTONE).read_bytes() if (folder / TOMBSTONE).is_file() else None
    deleted = frozenset(parse_json(tombstone, str(folder / TOMBSTONE))["deleted"]) if tombstone else frozenset()
    files = {
        name: (int(file["bytes"]), str(file["sha256"]))
        for name, file in manifest["files"].items()
        if name not in deleted
    }
    yank = yank_of(warehouse, version)
    entry = Entry(
        version=version,
        manifest_sha256=Stored(data, "").digest,
        bytes=sum(file["bytes"] for file in manifest["files"].values()),
        yanked=yank_said(yank) if yank else None,
        tombstone=tombstone is not None,
    )
    return Release(entry, folder, data, files, tombstone, deleted)


def publish(
    warehouse: Warehouse,
    place: Place,
    versions: Sequence[str],
    *,
    instead: bool = False,
    unyank: bool = False,
    begun: Callable[[int], Told] = lambda _: lambda _: None,
) -> Published:
    """Publish these versions, and what has become of all that were published before.

    Args:
        warehouse: whose releases.
        place: where to.
        versions: oldest first.
        instead: take the place of an interrupted publication of another release under the same version.
        unyank: take back there the yanks of these versions that the warehouse does not have any more.
        begun: is told the bytes to be uploaded at most, and gives what is told of each part.

    Raises:
        OtherRelease: the place has, or is just getting, another release of such a version, which was not touched.
        WarehouseDamaged: a file of such a release is not what its manifest says. Nothing was changed.
        PlaceFailed: the place could not be asked, or refused.
    """
    chosen = [release_of(warehouse, version) for version in versions]
    index = read_index(place)
    others = [
        release_of(warehouse, version)
        for version in warehouse.versions()
        if version in index and version not in versions
    ]
    for release in (*chosen, *others):
        _check_same(place, index.get(release.entry.version), release)
    for release in chosen:
        _check_whole(release)
    sent = begun(sum(size for release in chosen for size, _ in release.files.values()))
    uploaded: dict[str, int] = {}
    for release in chosen:
        uploaded |= _send(place, release, sent, instead=instead)
    entries = [release.entry for release in (*others, *chosen)]
    unyanked = versions if unyank else ()
    _update(place, INDEX, lambda old: index_json(merged(_parsed(place, old), entries, unyanked)))
    latest = _move_latest(place)
    deleted = [name for release in (*others, *chosen) for name in _bury(place, release)]
    return Published(
        versions=tuple(versions),
        uploaded=tuple(uploaded),
        bytes=sum(uploaded.values()),
        deleted=tuple(deleted),
        latest=latest,
        withdrawn=tuple(one.version for one in entries if not one.is_good and index.get(one.version, one) != one),
        kept_yanks=tuple(
            one.version
            for one in entries
            if one.yanked is None and index.get(one.version, one).yanked and one.version not in unyanked
        ),
    )


def read_index(place: Place) -> dict[str, Entry]:
    """The releases that a place says it has; empty where nothing was published yet."""
    return _parsed(place, place.read(INDEX))


def _parsed(place: Place, index: Stored | None) -> dict[str, Entry]:
    return parse_index(index.data, f"{place.address}/{INDEX}") if index else {}


def _check_same(place: Place, there: Entry | None, release: Release) -> None:
    if there is not None and there.manifest_sha256 != release.entry.manifest_sha256:
        raise _other(place, release, f"has another release {release.entry.version}", there.manifest_sha256)


def _other(place: Place, release: Release, what: str, digest: str) -> OtherRelease:
    return OtherRelease(
        f"{place.address} {what} (its manifest's SHA-256 begins {digest[:12]}; that of {release.folder} "
        f"{release.entry.manifest_sha256[:12]}). It was not touched. A published version stays what it is: publish to "
        "another folder or prefix, or make releases in the warehouse that publishes there."
    )


def _check_whole(release: Release) -> None:
    """Pass if every file is what the manifest says, but those that a takedown deleted.

    Raises:
        WarehouseDamaged: naming the first that is not.
    """
    manifest = read_manifest(release.folder)
    excused = {*release.deleted, TOMBSTONE}
    faults = [fault for fault in file_faults(release.folder, manifest) if fault.where not in excused]
    if faults:
        more = f" (and {len(faults) - 1:,} faults more)" if len(faults) > 1 else ""
        raise WarehouseDamaged(
            f"{release.folder / faults[0].where} {faults[0].what}{more}: a damaged release is not published. See all: dateline verify "
            f"{release.entry.version}. Fetch it again from where it is whole, or run again and publish the release that comes of it."
        )


def _send(place: Place, release: Release, sent: Told, *, instead: bool) -> dict[str, int]:
    """Files, then the manifest; the names that were written, with their bytes. All of it may be done again at any time."""
    version = release.entry.version
    name = release_name(version, MANIFEST)
    published = place.read(name)
    if published is None:
        _claim(place, release, instead=instead)
        published = place.read(name)  # by somebody who held the claim until now
    if published is not None and published.data != release.manifest:
        _give_up(place, release)
        raise _other(place, release, f"has another release {version}", published.digest)
    uploaded = _send_files(place, release, sent)
    if published is None:
        if not place.create(name, release.manifest):
            published = place.read(name)
            if published is None or published.data != release.manifest:
                raise _other(
                    place,
                    release,
                    f"has got another release {version} meanwhile",
                    published.digest if published else "?",
                )
        uploaded[name] = len(release.manifest)
    _give_up(place, release)
    return uploaded


def _send_files(place: Place, release: Release, sent: Told) -> dict[str, int]:
    version = release.entry.version
    listed = (release.folder / MANIFEST_DIGEST).is_file()  # releases of 0.1.0 have none
    uploaded: dict[str, int] = {}
    buried = _buried(place, version)  # if it comes to be only now, `_bury` deletes what was uploaded
    for file, (size, digest) in sorted(release.files.items()):
        if file in buried or place.holds(release_name(version, file), size, digest):
            sent(size)
            continue
        place.upload(release_name(version, file), release.folder / file, digest, sent)
        uploaded[release_name(version, file)] = size
    if listed:
        line = (release.folder / MANIFEST_DIGEST).read_bytes()
        name = release_name(version, MANIFEST_DIGEST)
        if not place.holds(name, len(line), Stored(line, "").digest):
            place.upload(name, release.folder / MANIFEST_DIGEST, Stored(line, "").digest, lambda _: None)
    known = {*release.files, *release.deleted, MANIFEST, MANIFEST_DIGEST, TOMBSTONE}
    strange = [
        name for name in place.sizes(release_name(version)) if name.removeprefix(release_name(version)) not in known
    ]
    for name in strange:  # of an interrupted publication that this one takes the place of
        place.delete(name)
    return uploaded


def _claim(place: Place, release: Release, *, instead: bool) -> None:
    """Pass if this release is the only one that may become its version.

    Raises:
        OtherRelease: another one is.
        PlaceFailed: the place lets two be it.
    """
    version = release.entry.version
    name = claim_name(version)
    data = dump_json({"version": version, "manifest_sha256": release.entry.manifest_sha256}).encode()
    for _ in range(RACES):
        if place.create(name, data):
            if place.create(name, data):
                raise PlaceFailed(
                    f"{place.address} does not honour create-only writes (If-None-Match: *): two who publish at once would spoil "
                    "each other's release. Nothing was published. Use a server that does, or a folder."
                )
            return
        held = place.read(name)
        if held is None:  # whoever held it is done: its manifest is there, which is looked at next
            continue
        if held.data == data or (instead and place.replace(name, data, held.tag)):
            return
        if not instead:
            digest = str(parse_json(held.data, f"{place.address}/{name}").get("manifest_sha256"))
            other = _other(place, release, f"is just getting another release {version}, or was left half way", digest)
            raise OtherRelease(f"{other} If the other was given up and nobody is at it: dateline publish … --instead")
    raise PlaceFailed(
        f"{place.address}/{name} comes and goes: others publish {version} there. Publish again when they are done."
    )


def _give_up(place: Place, release: Release) -> None:
    """Remove the claim, once the manifest is there and says the same."""
    place.delete(claim_name(release.entry.version))


def _update(place: Place, name: str, change: Callable[[Stored | None], bytes]) -> None:
    """Read, change and write an object that others change, too: whoever was overtaken does it again on what is there now.

    Raises:
        PlaceFailed: it was overtaken again and again.
    """
    for _ in range(RACES):
        old = place.read(name)
        new = change(old)
        if old is not None and new == old.data:
            return
        if place.create(name, new) if old is None else place.replace(name, new, old.tag):
            return
    raise PlaceFailed(
        f"{place.address}/{name} was changed by others {RACES} times while it was to be written. All files are there: publish again."
    )


def _move_latest(place: Place) -> str | None:
    """Let latest.json name the newest release of the index that is not withdrawn; its version.

    The index is read after latest.json, and both are written only over what was read: so whoever writes last has seen the
    newest release, and a slow publisher of an old one cannot take it back.
    """
    version: str | None = None

    def latest(_: Stored | None) -> bytes:
        nonlocal version
        entry = newest(read_index(place))
        version = entry.version if entry else None
        return latest_json(entry)

    _update(place, LATEST, latest)
    return version


def _buried(place: Place, version: str) -> set[str]:
    """Names of the files of a release that were taken down at this place."""
    stored = place.read(release_name(version, TOMBSTONE))
    if stored is None:
        return set()
    return set(parse_json(stored.data, f"{place.address}/{release_name(version, TOMBSTONE)}").get("deleted", ()))


def _bury(place: Place, release: Release) -> list[str]:
    """Put the tombstone up, then delete what it names; the names that were there. Whoever uploads looks for it afterwards."""
    version = release.entry.version
    name = release_name(version, TOMBSTONE)

    def with_ours(old: Stored | None) -> bytes:
        ours = release.tombstone or b""
        if old is None:
            return ours
        theirs = set(parse_json(old.data, f"{place.address}/{name}").get("deleted", ()))
        if release.deleted <= theirs:
            return old.data
        return dump_json({**parse_json(ours, name), "deleted": sorted(release.deleted | theirs)}).encode()

    if release.tombstone is not None:
        _update(place, name, with_ours)
    buried = _buried(place, version)
    there = place.sizes(release_name(version)) if buried else {}
    gone = [name for name in there if name.removeprefix(release_name(version)) in buried]
    for name in gone:
        place.delete(name)
    return gone
