"""quality/trend.parquet: the figures of the last releases side by side, carried from parent to child.

One row a figure of one release. `kind` and `name` say which: `rows` of a table, `documents` by status, `checks` that held, warned or
were accepted, `headroom` of a check, `scorecard` measure. No clock: releases follow one another by parent.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from flows.store.parquet import read_checked

LAST_RELEASES = 20  # this one among them; a chart of more is read no better, and older ones keep their own file
FILE = "quality/trend.parquet"
SCHEMA = pa.schema(
    [
        pa.field("releases_ago", pa.int32(), nullable=False),
        pa.field("version", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("value", pa.float64(), nullable=False),
    ]
)

Figure = dict[str, Any]


def figures_of(
    version: str,
    table_rows: Mapping[str, int],
    fates: Mapping[str, int],
    check_rows: Iterable[Mapping[str, Any]],
    scores: Iterable[Mapping[str, Any]],
) -> list[Figure]:
    """The rows of one release, sorted.

    >>> [(row["kind"], row["name"], row["value"]) for row in figures_of("1.0.0", {"quotes": 3}, {"accepted": 2}, [], [])]
    [('documents', 'accepted', 2.0), ('rows', 'quotes', 3.0)]
    """
    checks = list(check_rows)
    found = {
        **{("rows", name): float(count) for name, count in table_rows.items()},
        **{("documents", status): float(count) for status, count in fates.items()},
        **{("checks", outcome): float(count) for outcome, count in Counter(map(outcome_of, checks)).items()},
        **{("headroom", row["check_id"]): row["headroom"] for row in checks if row.get("headroom") is not None},
        **{("scorecard", row["measure"]): row["figure"] for row in scores},
    }
    return [
        {"releases_ago": 0, "version": version, "kind": kind, "name": name, "value": value}
        for (kind, name), value in sorted(found.items())
    ]


def outcome_of(row: Mapping[str, Any]) -> str:
    """What follows from a check's row.

    >>> outcome_of({"success": False, "severity": "critical", "accepted_reason": None})
    'refusing'
    """
    if row["success"]:
        return "held"
    if row["accepted_reason"] is not None:
        return "accepted"
    return "refusing" if row["severity"] == "critical" else "warning"


def earlier_figures(parent: Mapping[str, Any] | None, parent_folder: Path | None) -> list[Figure]:
    """What the parent's file says, each release one further back; of a parent without one, its rows by the manifest.

    Raises:
        WarehouseDamaged: the parent's file is not the one that its manifest lists.
    """
    if parent is None:
        return []
    listed = parent.get("files", {}).get(FILE)
    file = parent_folder / FILE if parent_folder else None
    if listed is None or file is None or not file.is_file():  # an older release, or one that was taken down
        counted = {name: table["rows"] for name, table in parent["tables"].items()}
        known = figures_of(parent["version"], counted, {}, [], [])
    else:
        known = read_checked(file, listed["sha256"]).to_pylist()
    moved = [{**row, "releases_ago": row["releases_ago"] + 1} for row in known]
    return [row for row in moved if row["releases_ago"] < LAST_RELEASES]


def write_trend(figures: Sequence[Figure], file: Path) -> None:
    """Newest release first."""
    table = pa.Table.from_pylist(list(figures), schema=SCHEMA)
    pq.write_table(table.combine_chunks(), file, compression="zstd")
