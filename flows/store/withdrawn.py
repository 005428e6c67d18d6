"""What was withdrawn from a warehouse: releases not to be used any more, and documents not to be taken in again.

yanked/<version>.json            one a yanked release: it stays where it is, nothing leads to it any more
takedowns/<document_id>.json     one a document that was taken down, written before anything of it is deleted
releases/<version>/TOMBSTONE.json    in place of the files of a release that held such a document

A release is never edited, so what is said of it later stands beside it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from flows.errors import UsageError, WarehouseDamaged
from flows.store.durable import dump_json, fsync_path, swap_link, write_whole
from flows.store.steps import reached
from flows.store.warehouse import DATABASE, Warehouse, version_key

TOMBSTONE = "TOMBSTONE.json"
REMOVED, PINS = "removed.json", "pins.json"  # {"versions": […]}: of `dateline gc`
Record = TypeVar("Record", "Yank", "Takedown", "Tombstone")


@dataclass(frozen=True)
class Yank:
    """A release that is not to be used any more.

    Attributes:
        version: of the release.
        reason: why, in the words of whoever yanked it.
        successor: version to use in its place, None if there is none.
        yanked_on: ISO date.
    """

    version: str
    reason: str
    successor: str | None
    yanked_on: str


@dataclass(frozen=True)
class Takedown:
    """A document that is not to be in any release.

    Attributes:
        document_id: of the document: the first 16 hex digits of `sha256`.
        sha256: of its raw bytes, by which it is known when it is met again.
        reason: why, in the words of whoever took it down.
        taken_down_on: ISO date.
        versions: releases that held it, oldest first.
    """

    document_id: str
    sha256: str
    reason: str
    taken_down_on: str
    versions: tuple[str, ...]


@dataclass(frozen=True)
class Tombstone:
    """What stands in a release in place of the files that a takedown deleted.

    Attributes:
        version: of the release.
        document_id: of the document that it held.
        sha256: of the document's raw bytes.
        reason: why it was taken down.
        taken_down_on: ISO date.
        deleted: names of the files that are gone.
        also: further documents that were taken down after the first, each with the fields above that tell of it.
    """

    version: str
    document_id: str
    sha256: str
    reason: str
    taken_down_on: str
    deleted: tuple[str, ...]
    also: tuple[Mapping[str, str], ...]

    @property
    def document_ids(self) -> tuple[str, ...]:
        """All documents that it is for."""
        return self.document_id, *(other["document_id"] for other in self.also)


def yanks_of(warehouse: Warehouse) -> dict[str, Yank]:
    """Version to its yank; empty if none is yanked.

    Raises:
        WarehouseDamaged: a record cannot be read. What was withdrawn must not come back because a file is torn.
    """
    found = [_read(path, Yank) for path in _records(_yanked(warehouse))]
    return {yank.version: yank for yank in found}


def anything_yanked(warehouse: Warehouse) -> bool:
    """Whether any release ever was: one look for one folder."""
    return _yanked(warehouse).is_dir()


def yank_of(warehouse: Warehouse, version: str) -> Yank | None:
    """The yank of one version, None if it is not yanked: one look at one file.

    Raises:
        WarehouseDamaged: the record cannot be read.
    """
    path = _yanked(warehouse) / f"{version}.json"
    return _read(path, Yank) if path.is_file() else None


def write_yank(warehouse: Warehouse, yank: Yank) -> None:
    """Put a yank on record; from then on it stands. Only under the warehouse's lock."""
    _write(_yanked(warehouse) / f"{yank.version}.json", yank)


def forget_yank(warehouse: Warehouse, version: str) -> None:
    """Take a yank back. Only under the warehouse's lock."""
    (_yanked(warehouse) / f"{version}.json").unlink(missing_ok=True)


def takedowns_of(warehouse: Warehouse) -> dict[str, Takedown]:
    """Document id to its takedown; empty if no document was taken down.

    Raises:
        WarehouseDamaged: a record cannot be read. What was withdrawn must not come back because a file is torn.
    """
    found = [_read(path, Takedown) for path in _records(_takedowns(warehouse))]
    return {takedown.document_id: takedown for takedown in found}


def write_takedown(warehouse: Warehouse, takedown: Takedown) -> None:
    """Put a takedown on record; from then on every run honours it. Only under the warehouse's lock."""
    _write(_takedowns(warehouse) / f"{takedown.document_id}.json", takedown)


def successor_of(yanks: Mapping[str, Yank], version: str) -> str | None:
    """What to use in place of a yanked version: its successor, or that one's if it was yanked too; None if that leads nowhere.

    >>> yanks = {"1.0.0": Yank("1.0.0", "wrong", "1.1.0", ""), "1.1.0": Yank("1.1.0", "as wrong", "1.2.0", "")}
    >>> successor_of(yanks, "1.0.0")
    '1.2.0'
    """
    wanted: str | None = version
    met: set[str] = set()  # against records that were written by hand and lead in a circle
    while wanted is not None and wanted in yanks:
        met.add(wanted)
        wanted = yanks[wanted].successor
        if wanted in met:
            return None
    return wanted


def leave_yanked(warehouse: Warehouse) -> str | None:
    """Move `current` off a yanked release, by one rename: to its successor, else to the newest release that is not yanked.

    If every release is yanked `current` is removed, and with it the database's link: nobody is led to a release that is
    not to be used. Only under the warehouse's lock; every run begins with it, so a yank that was killed half-way is finished.

    Returns:
        The version that `current` points at afterwards.
    """
    current, yanks = warehouse.current_version(), yanks_of(warehouse)
    if current is None or current not in yanks:
        return current
    known = warehouse.versions()
    wanted = successor_of(yanks, current)
    if wanted not in known:
        wanted = max((version for version in known if version not in yanks), key=version_key, default=None)
    warehouse.check_writing()
    if wanted is None:
        for link in (warehouse.root / DATABASE, warehouse.current):
            link.unlink(missing_ok=True)
        fsync_path(warehouse.root)
    else:
        swap_link(warehouse.current, f"releases/{wanted}")
    reached("yank.moved")
    return wanted


def taken_versions(warehouse: Warehouse) -> frozenset[str]:
    """Versions that no new release may have: of releases that are there, that were yanked, and that were removed."""
    return frozenset(warehouse.versions()) | yanks_of(warehouse).keys() | _read_versions(warehouse.root / REMOVED)


def remember_removed(warehouse: Warehouse, versions: Iterable[str]) -> None:
    """Put on record that releases are about to be removed, so that their numbers are not given again. Only under the lock."""
    known = _read_versions(warehouse.root / REMOVED)
    if wanted := known.union(versions) - known:
        _write_versions(warehouse.root / REMOVED, known | wanted)


def pins_of(warehouse: Warehouse) -> frozenset[str]:
    """Versions that are kept whatever else is removed."""
    return _read_versions(warehouse.root / PINS)


def write_pins(warehouse: Warehouse, versions: Iterable[str]) -> None:
    """Replace the pins. Only under the warehouse's lock."""
    _write_versions(warehouse.root / PINS, versions)


def read_tombstone(folder: Path) -> Tombstone | None:
    """The tombstone of a release's folder; None if its files are all there.

    Raises:
        WarehouseDamaged: it cannot be read.
    """
    path = folder / TOMBSTONE
    return _read(path, Tombstone) if path.is_file() else None


def write_tombstone(folder: Path, tombstone: Tombstone) -> None:
    """Put up a tombstone, read-only as every file of a release. Only under the warehouse's lock."""
    _write(folder / TOMBSTONE, tombstone)
    (folder / TOMBSTONE).chmod(0o444)


def check_readable(warehouse: Warehouse, version: str | None = None) -> None:
    """Pass if no files of a release, or of the current one, were deleted by a takedown.

    Raises:
        UsageError: they were; it says why, and what to read in its place.
    """
    folder = warehouse.release(version)
    tombstone = read_tombstone(folder)
    if tombstone is not None:
        instead = successor_of(yanks_of(warehouse), folder.name)
        advice = f"Use release {instead} in its place." if instead else "Use another: dateline releases"
        raise UsageError(
            f"release {folder.name} can no longer be read: it held document {tombstone.document_id}, which was taken down "
            f"on {tombstone.taken_down_on}: {tombstone.reason.rstrip('.')}. {advice}"
        )


def _yanked(warehouse: Warehouse) -> Path:
    return warehouse.root / "yanked"


def _takedowns(warehouse: Warehouse) -> Path:
    return warehouse.root / "takedowns"


def _records(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.glob("*.json")) if not path.name.startswith("."))


def _read(path: Path, kind: type[Record]) -> Record:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
        fields: dict[str, Any] = {name: loaded[name] for name in kind.__dataclass_fields__}
        for name, value in fields.items():
            fields[name] = tuple(value) if isinstance(value, list) else value
        return kind(**fields)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WarehouseDamaged(
            f"{path} cannot be read as what was withdrawn ({error!r}). Mend it by hand, or withdraw again after removing it."
        ) from error


def _read_versions(path: Path) -> frozenset[str]:
    try:
        return frozenset(json.loads(path.read_text(encoding="utf-8"))["versions"])
    except FileNotFoundError:
        return frozenset()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WarehouseDamaged(f"{path} cannot be read as a list of versions ({error!r}). Mend it by hand.") from error


def _write_versions(path: Path, versions: Iterable[str]) -> None:
    write_whole(path, dump_json({"versions": sorted(versions, key=version_key)}))


def _write(path: Path, record: Yank | Takedown | Tombstone) -> None:
    path.parent.mkdir(exist_ok=True)
    write_whole(path, dump_json(asdict(record)))
