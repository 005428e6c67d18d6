"""What a warehouse need not keep: old releases, refused candidates, leftovers, records of old runs. A plan first, then the act.

Kept are the current release, what anyone has pinned, what stands in for a yanked release, the first release of each MAJOR, the
last few, and every tombstone, which takes no space. Parents are not kept for their children's sake: a release has its
difference to its parent in its own diff/. But `dateline diff` and `dateline history` compare only what is there.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flows.errors import UsageError
from flows.release.candidate import recover
from flows.store.durable import fsync_path
from flows.store.runs import run_ids
from flows.store.steps import reached
from flows.store.warehouse import MANIFEST, Warehouse, remove_tree, version_key
from flows.store.withdrawn import pins_of, read_tombstone, remember_removed, yanks_of

KEPT_RELEASES: Final = 5  # by default: a working week of daily releases, to go back to and to compare with
DAY_SECONDS: Final = 86_400


@dataclass(frozen=True)
class Item:
    """Something that can go: its kind (release, rejected, staging, run), its name, its size on the disk, and why it can go."""

    kind: str
    name: str
    bytes: int
    why: str


@dataclass(frozen=True)
class Plan:
    """What is deleted, and what of the releases is kept, version to reason."""

    delete: tuple[Item, ...]
    keep: Mapping[str, str]

    @property
    def bytes(self) -> int:
        """What becomes free."""
        return sum(item.bytes for item in self.delete)


@dataclass(frozen=True)
class Policy:
    """What to keep.

    Attributes:
        last: so many of the newest releases.
        pinned: version to who needs it, beside the warehouse's own pins.
        before: seconds since the epoch; nothing that was made later goes. None: age does not matter, and records of runs stay.
    """

    last: int = KEPT_RELEASES
    pinned: Mapping[str, str] | None = None
    before: float | None = None


def plan_gc(warehouse: Warehouse, policy: Policy) -> Plan:
    """Look at a warehouse; deletes nothing."""
    keep = dict(_reasons_to_keep(warehouse, policy))
    delete = [
        Item(
            "release",
            version,
            _size(warehouse.releases / version),
            f"not among the last {policy.last}, and nobody's pin",
        )
        for version in warehouse.versions()
        if version not in keep
    ]
    shown = Path((warehouse.read_state("last_refusal") or {}).get("kept", "")).name
    delete += [
        Item("rejected", path.name, _size(path), "refused")
        for path in sorted(warehouse.rejected.glob("*"))
        if path.name != shown and not _is_young(path, policy)
    ]
    delete += [
        Item("staging", path.name, _size(path), "left by a killed run") for path in sorted(warehouse.staging.glob("*"))
    ]
    if policy.before is not None:
        delete += [
            Item("run", name, _size(warehouse.runs / name), "old")
            for name in run_ids(warehouse.runs)[:-1]
            if not _is_young(warehouse.runs / name, policy)
        ]
    return Plan(tuple(delete), {version: keep[version] for version in warehouse.versions() if version in keep})


def collect(warehouse: Warehouse, policy: Policy) -> Plan:
    """Delete what `plan_gc` says now; what was deleted. Only under the warehouse's lock.

    A release is moved away whole before its first file goes, and before that its number is put on record, so that it is never
    given again. What a killed process leaves in staging is swept by whatever comes next.
    """
    left = tuple(item for item in plan_gc(warehouse, policy).delete if item.kind == "staging")
    recover(warehouse)
    plan = plan_gc(warehouse, policy)
    remember_removed(warehouse, [item.name for item in plan.delete if item.kind == "release"])
    reached("gc.remembered")
    folders = {"release": warehouse.releases, "rejected": warehouse.rejected, "run": warehouse.runs}
    for item in plan.delete:
        warehouse.check_writing()
        if item.kind == "release" and item.name == warehouse.current_version():
            raise UsageError(f"release {item.name} became current meanwhile: nothing more is deleted.")
        aside = warehouse.staging / f"removed-{item.kind}-{item.name}"
        (folders[item.kind] / item.name).rename(aside)
        fsync_path(folders[item.kind])
        reached("gc.aside")
        remove_tree(aside)
    return Plan((*left, *plan.delete), plan.keep)


def _reasons_to_keep(warehouse: Warehouse, policy: Policy) -> Iterator[tuple[str, str]]:
    """Version and reason; of several for one version the last counts."""
    versions = warehouse.versions()
    yield from (
        (version, "made lately") for version in versions if _is_young(warehouse.releases / version / MANIFEST, policy)
    )
    yield from ((version, f"one of the last {policy.last}") for version in versions[-policy.last :])
    yield from _firsts(versions)
    yield from (
        (yank.successor, f"stands in for {yank.version}") for yank in yanks_of(warehouse).values() if yank.successor
    )
    yield from ((version, "pinned") for version in pins_of(warehouse))
    yield from (policy.pinned or {}).items()
    stones = (version for version in versions if read_tombstone(warehouse.releases / version) is not None)
    yield from ((version, "holds nothing but its tombstone and what a takedown left") for version in stones)
    if (current := warehouse.current_version()) is not None:
        yield current, "current"


def _firsts(versions: Iterable[str]) -> Iterator[tuple[str, str]]:
    met: set[int] = set()
    for version in versions:
        major = version_key(version)[0]
        if major not in met:
            yield version, f"first of MAJOR {major}"
        met.add(major)


def _is_young(path: Path, policy: Policy) -> bool:
    return policy.before is not None and path.stat().st_mtime > policy.before


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.lstat().st_size for file in files if file.is_symlink() or file.is_file())
