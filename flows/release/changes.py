"""A diff in numbers: how many rows of which table were added, revised or retracted, by cause, and in which columns."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from flows.release.diff import COMPARED, MEMORY, literal
from schemas.codes import CAUSES, CHANGES
from schemas.table import Table

SHOWN_CORRECTIONS: Final = 100  # told one by one; the diff has all


Correction = Mapping[str, Any]  # a row of `corrections` without nulls


@dataclass(frozen=True)
class Changes:
    """Everything that a changelog tells of the rows.

    Attributes:
        rows: (table, change, cause) to rows; those of none are not in it. In the order of the contract and of the codes.
        columns: table to column to rows that were revised in it, the most frequent first.
        replaced: kind of id (story, incident) to ids that are no more: with another in their place, and with none.
        corrections: rows of `corrections` that differ, in the parent and in the release, each None if it is not there; the
            first SHOWN_CORRECTIONS.
        renamed: documents that are in both, under another name or with other metadata.
    """

    rows: Mapping[tuple[str, str, str], int]
    columns: Mapping[str, Mapping[str, int]]
    replaced: Mapping[str, tuple[int, int]]
    corrections: tuple[tuple[Correction | None, Correction | None], ...]
    renamed: int = 0

    def count(self, table: str | None = None, change: str | None = None, cause: str | None = None) -> int:
        """Rows of a table, with a change, of a cause; None is any."""
        wanted = (table, change, cause)
        return sum(
            rows
            for key, rows in self.rows.items()
            if all(asked is None or asked == found for asked, found in zip(wanted, key, strict=True))
        )

    @property
    def causes(self) -> frozenset[str]:
        """The causes that any row has."""
        return frozenset(cause for _, _, cause in self.rows)

    def as_json(self) -> dict[str, Any]:
        """For machines: table to rows by change, by change and cause, and by revised column."""
        return {
            table: {
                **{change: self.count(table, change) for change in CHANGES},
                "causes": {
                    change: {cause: n for (of, how, cause), n in self.rows.items() if (of, how) == (table, change)}
                    for change in CHANGES
                },
                "columns": dict(self.columns.get(table, {})),
            }
            for table in dict.fromkeys(key[0] for key in self.rows)
        }


def read_changes(folder: Path, tables: Iterable[Table] = COMPARED) -> Changes:
    """Count the rows of the diff files in `folder`. Those of each table are read once, as they stand on disk."""
    rows: dict[tuple[str, str, str], int] = {}
    columns: dict[str, dict[str, int]] = {}
    replaced: dict[str, tuple[int, int]] = {}
    corrections: list[tuple[Correction | None, Correction | None]] = []
    with duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{MEMORY}'")
        connection.execute("create temp table renamed (row_id varchar)")
        for table in tables:
            source = f"read_parquet({literal(folder / f'{table.name}.parquet')})"
            counted = connection.execute(f"select change, cause, count(*) from {source} group by all").fetchall()
            if not counted:
                continue
            counted.sort(key=lambda row: (CHANGES.index(row[0]), CAUSES.index(row[1])))
            rows |= {(table.name, change, cause): count for change, cause, count in counted}
            columns[table.name] = dict(
                connection.execute(
                    f"select name, count(*) as n from (select unnest(changed_columns) as name from {source}) "
                    "group by name order by n desc, name"
                ).fetchall()
            )
            if table.name == "corrections":
                told = connection.execute(
                    f"select old, new from {source} where change <> 'revised' and coalesce(old, new) is not null order by row_id"
                ).fetchmany(SHOWN_CORRECTIONS)
                corrections = [(old and json.loads(old), new and json.loads(new)) for old, new in told]
            if table.name in {"documents", "articles"}:
                where = "change = 'revised' and cause = 'changed_input'"
                connection.execute(f"insert into renamed select row_id from {source} where {where}")
            if table.name == "id_map":
                gone = connection.execute(
                    "select new::json->>'kind' as kind, count(*) filter (new::json->>'new_id' is not null), "
                    "count(*) filter (new::json->>'new_id' is null) "
                    f"from {source} where change = 'added' and new is not null group by kind order by kind desc"
                ).fetchall()
                replaced = {kind: (with_another, with_none) for kind, with_another, with_none in gone}
        (renamed,) = connection.execute("select count(distinct row_id) from renamed").fetchall()[0]
    return Changes(rows, columns, replaced, tuple(corrections), renamed)
