"""id_map: ids of stories and incidents that this release no longer has, and what stands in their place."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

Row = dict[str, Any]

# kind → (table that says what a group holds, column of its id, column of what it holds)
MEMBERSHIP: Mapping[str, tuple[str, str, str]] = {
    "story": ("articles", "story_id", "article_id"),
    "incident": ("incident_events", "incident_id", "event_id"),
}


def replaced_ids(kind: str, before: Mapping[str, str], now: Mapping[str, str], version: str) -> list[Row]:
    """Rows of `id_map` for the groups that are no more.

    A group's successor is the one that holds most of what it held, of equals the one with the smaller id. One that lost
    its name because it was split leads to its larger part; the other parts are new groups.

    Args:
        kind: story or incident.
        before: member (an article, an event) to group in the parent release.
        now: the same in this release.
        version: of this release.

    >>> before, now = {"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "1"}
    >>> [(row["old_id"], row["new_id"]) for row in replaced_ids("story", before, now, "1.1.0")]
    [('2', '1'), ('3', None)]
    """
    held: dict[str, list[str]] = defaultdict(list)
    for member, group in before.items():
        held[group].append(member)
    rows = []
    for old_id in sorted(held.keys() - set(now.values())):
        holders = Counter(now[member] for member in held[old_id] if member in now)
        new_id = min(holders, key=lambda group: (-holders[group], group)) if holders else None
        rows.append({"old_id": old_id, "new_id": new_id, "kind": kind, "since_version": version})
    return rows


def carried_ids(earlier: Sequence[Row], replaced: Sequence[Row], living: frozenset[str]) -> list[Row]:
    """The parent's rows of `id_map` with what has been replaced since followed on, and the new ones; by old id.

    An id that is there again is no longer replaced. What had nothing left keeps having nothing.

    Args:
        earlier: rows of the parent's `id_map`.
        replaced: rows of `replaced_ids`.
        living: ids of all stories and incidents of this release.

    >>> first = {"old_id": "a", "new_id": "b", "kind": "story", "since_version": "1.1.0"}
    >>> second = {"old_id": "b", "new_id": "c", "kind": "story", "since_version": "1.2.0"}
    >>> [(row["old_id"], row["new_id"]) for row in carried_ids([first], [second], frozenset({"c"}))]
    [('a', 'c'), ('b', 'c')]
    """
    successor = {row["old_id"]: row["new_id"] for row in replaced}
    carried = [row | {"new_id": successor.get(row["new_id"], row["new_id"])} for row in earlier]
    rows = {row["old_id"]: row for row in [*carried, *replaced] if row["old_id"] not in living}
    return [rows[old_id] for old_id in sorted(rows)]


def id_map_rows(folder: Path, parent: Path | None, version: str) -> list[Row]:
    """Rows of `id_map` for the staged tables in `folder`; `parent` is the parent release's folder, None before the first.

    A parent of an older contract, without these tables, has no ids to follow.
    """
    if parent is None or not (parent / "incidents.parquet").is_file():
        return []
    replaced: list[Row] = []
    living: set[str] = set()
    for kind, (table, group, member) in MEMBERSHIP.items():
        before, now = (_members(place / f"{table}.parquet", group, member) for place in (parent, folder))
        replaced += replaced_ids(kind, before, now, version)
        living |= set(now.values())
    earlier = pq.read_table(parent / "id_map.parquet").to_pylist()
    return carried_ids(earlier, replaced, frozenset(living))


def _members(file: Path, group: str, member: str) -> dict[str, str]:
    rows = pq.read_table(file, columns=[member, group])
    return dict(zip(rows[member].to_pylist(), rows[group].to_pylist(), strict=True))
