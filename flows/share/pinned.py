"""Is the release that dateline.lock pins still one to use? Asked by every command, so nothing heavy is imported here.

A folder is looked at each time. A bucket is asked at most once a day and not waited for long; what it said is kept beside the lock.
"""

import json
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from flows.errors import DatelineError
from flows.share.index import INDEX, Entry, parse_index, yank_said
from flows.share.lock import LOCK, Lock, as_seen_from_here, read_lock
from flows.share.places import is_remote
from flows.share.ranges import why_withdrawn
from flows.store.durable import dump_json, write_whole
from flows.store.warehouse import Warehouse
from flows.store.withdrawn import TOMBSTONE, yank_of


def pinned_warning(folder: Path, today: date) -> str | None:
    """What to say of the release that the folder's dateline.lock pins; None if there is no lock, or nothing to say.

    Args:
        folder: where the user works.
        today: a bucket that was asked on this day is not asked again.
    """
    file = folder / LOCK
    try:
        lock = read_lock(file)
        if lock is None:
            return None
        source = as_seen_from_here(lock.source, file)
        if is_remote(source):
            return _asked_today(file, lock, source, today)
        return _told(lock, _entry_in(Path(source), lock), source)
    except DatelineError as error:  # whoever queries must not be stopped by what somebody publishes
        return str(error)


def _told(lock: Lock, entry: Entry | None, source: str) -> str | None:
    if entry is None:
        return None
    if entry.manifest_sha256 != lock.manifest_sha256:
        return f"{LOCK} pins a release {lock.version} that is not the one of {source}: ask whoever publishes there"
    if entry.is_good:
        return None
    advice = (
        f"dateline upgrade {entry.yanked.successor}" if entry.yanked and entry.yanked.successor else "dateline upgrade"
    )
    return f"{lock.version}, which {LOCK} pins, was {why_withdrawn(entry)}. Move on: {advice}"


def _entry_in(root: Path, lock: Lock) -> Entry | None:
    """What a folder says of the pinned release: a published one by its index, a warehouse by its records."""
    if (root / INDEX).is_file():
        return parse_index((root / INDEX).read_bytes(), str(root / INDEX)).get(lock.version)
    warehouse = Warehouse(root)
    yank = yank_of(warehouse, lock.version)
    tombstone = (warehouse.releases / lock.version / TOMBSTONE).is_file()
    return Entry(lock.version, lock.manifest_sha256, 0, yank_said(yank) if yank else None, tombstone)


def _asked_today(file: Path, lock: Lock, source: str, today: date) -> str | None:
    """What a bucket says of the pinned release, or said before if it was asked today."""
    memory = file.with_name(f".{file.name}.asked")
    known = _remembered(memory)
    said = known.get("said") if known.get("manifest_sha256") == lock.manifest_sha256 else None
    if known.get("asked_on") == today.isoformat() and known.get("manifest_sha256") == lock.manifest_sha256:
        return said
    from flows.share.bucket import open_bucket

    failed = None
    try:
        stored = open_bucket(source, patient=False).read(INDEX)
        index = parse_index(stored.data, f"{source}/{INDEX}") if stored else {}
        said = _told(lock, index.get(lock.version), source)
    except DatelineError as error:
        failed = f"could not ask whether {lock.version}, which {LOCK} pins, still stands; tomorrow again. {error}"
    answer = {"manifest_sha256": lock.manifest_sha256, "asked_on": today.isoformat(), "said": said}
    with suppress(
        OSError
    ):  # in a folder that may not be written it is asked each time, which costs a moment, not a warning
        write_whole(memory, dump_json(answer))
    return said or failed


def _remembered(memory: Path) -> dict[str, Any]:
    try:
        loaded = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return loaded if isinstance(loaded, dict) else {}
