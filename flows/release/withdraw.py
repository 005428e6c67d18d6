"""Withdrawing what was released: a release that is not to be used any more (yank). All of it under the warehouse's lock."""

from dataclasses import dataclass

from flows.errors import UsageError
from flows.release.candidate import recover
from flows.store.durable import swap_link
from flows.store.steps import reached
from flows.store.warehouse import Warehouse, version_key
from flows.store.withdrawn import TOMBSTONE, Yank, forget_yank, leave_yanked, write_yank, yanks_of


@dataclass(frozen=True)
class Yanked:
    """What a yank did.

    Attributes:
        yank: as it is on record.
        before: version that `current` pointed at, None if at none.
        current: version that it points at now.
    """

    yank: Yank
    before: str | None
    current: str | None


def yank_release(warehouse: Warehouse, version: str, reason: str, successor: str | None, today: str) -> Yanked:
    """Withdraw a release without touching it: it can still be fetched by its version, but nothing leads to it any more.

    The record is written first, then `current` is moved if it points at the release. A process that dies in between leaves
    a release that is yanked and current; the next run, or the next yank, begins by moving `current` (`recover`).

    Args:
        warehouse: whose lock this process holds.
        version: of the release.
        reason: why, for everyone who is warned.
        successor: what to use in its place.
        today: ISO date.

    Raises:
        UsageError: there is no such release or successor, either is yanked already, or they are the same.
    """
    warehouse.release(version)
    recover(warehouse)
    yanks = yanks_of(warehouse)
    if version in yanks:
        raise UsageError(
            f"release {version} is yanked already, since {yanks[version].yanked_on}: {yanks[version].reason}. To give "
            f"another reason or successor take it back first: dateline yank {version} --undo"
        )
    if successor is not None:
        if successor == version:
            raise UsageError(f"release {version} cannot be its own successor. Name another, or none.")
        warehouse.release(successor)
        if successor in yanks:
            raise UsageError(
                f"release {successor} is yanked itself: {yanks[successor].reason}. Name another successor, or none."
            )
    before = warehouse.current_version()
    yank = Yank(version, reason, successor, today)
    write_yank(warehouse, yank)
    reached("yank.recorded")
    return Yanked(yank, before, leave_yanked(warehouse))


def unyank_release(warehouse: Warehouse, version: str) -> Yanked:
    """Take a yank back. If the release is newer than the current one, or none is current, `current` returns to it.

    `current` is moved first: a process that dies in between leaves the yank standing, and `recover` moves `current` off again.

    Raises:
        UsageError: there is no such release, it is not yanked, or its files were deleted.
    """
    folder = warehouse.release(version)
    recover(warehouse)
    yank = yanks_of(warehouse).get(version)
    if yank is None:
        raise UsageError(f"release {version} is not yanked: there is nothing to take back.")
    if (folder / TOMBSTONE).is_file():
        raise UsageError(
            f"files of release {version} were deleted ({folder / TOMBSTONE}): its yank cannot be taken back."
        )
    before = warehouse.current_version()
    if before is None or version_key(version) > version_key(before):
        warehouse.check_writing()
        swap_link(warehouse.current, f"releases/{version}")
        reached("yank.returned")
    forget_yank(warehouse, version)
    recover(warehouse)  # the database's link, where no release was current
    return Yanked(yank, before, warehouse.current_version())
