"""From what a user types to a row: an id, or as much of its beginning as no other shares."""

import re
from collections.abc import Sequence

import duckdb

from flows.errors import UsageError
from flows.store.query import Row, rows_of

LEAST_PREFIX = 4  # hex digits of an id that may stand for it, if no other begins with them
SHOWN_IDS = 3  # of several that begin so: enough to see that it is short


def as_typed(given: str, how: str) -> str:
    """The id, or its beginning, in lower case and without blanks around it.

    Args:
        given: what the user typed.
        how: how to list ids, for the message.

    Raises:
        UsageError: it is no beginning of an id.
    """
    given = given.strip().lower()
    if not re.fullmatch(f"[0-9a-f]{{{LEAST_PREFIX},16}}", given):
        raise UsageError(
            f"{given} is no id: these are 16 hex digits, or the first {LEAST_PREFIX} or more of them. {how}"
        )
    return given


def only_row(
    connection: duckdb.DuckDBPyConnection, keys: Sequence[tuple[str, str]], given: str
) -> tuple[str, Row] | None:
    """The one row whose id begins so, and its table; None if no id does.

    Args:
        connection: a release.
        keys: the tables to look into, each with its column of ids.
        given: an id or its beginning, from `as_typed`.

    Raises:
        UsageError: several ids begin so.
    """
    found = [
        (table, key, row)
        for table, key in keys
        for row in rows_of(connection, f'select * from {table} where starts_with("{key}", ?) order by all', given)
    ]
    if len(found) > 1:
        ids = [str(row[key]) for _, key, row in found]
        more = f" and {len(ids) - SHOWN_IDS:,} more" if len(ids) > SHOWN_IDS else ""
        raise UsageError(f"{given} begins {len(ids):,} ids: {', '.join(ids[:SHOWN_IDS])}{more}. Give more of it.")
    return (found[0][0], found[0][2]) if found else None
