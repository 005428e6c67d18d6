"""Versions are derived from the difference to the parent, never typed."""

from collections.abc import Collection, Mapping
from typing import Any

FIRST = "1.0.0"
UNCOUNTED = frozenset({"checks"})  # its rows speak of the gate, and drift depends on the parent


def next_version(
    parent: Mapping[str, Any] | None, tables: Mapping[str, Mapping[str, Any]], taken: Collection[str] = ()
) -> str:
    """The version that follows the parent's.

    MAJOR when a table or column is gone or retyped, MINOR when some answer can change (other rows, new columns),
    PATCH when every row digest is the same.

    Args:
        parent: the parent's manifest, None for a first release.
        tables: of the new release, each with `row_digest` and `schema` (column name to type).
        taken: versions that the warehouse holds already: where `current` was set back by hand, the next number is not free.

    >>> old = {"version": "1.2.3", "tables": {"quotes": {"row_digest": "a", "schema": {"text": "VARCHAR"}}}}
    >>> next_version(old, {"quotes": {"row_digest": "b", "schema": {"text": "VARCHAR"}}})
    '1.3.0'
    >>> next_version(old, {"quotes": {"row_digest": "a", "schema": {"text": "VARCHAR"}}})
    '1.2.4'
    >>> next_version(old, {"quotes": {"row_digest": "b", "schema": {"words": "VARCHAR"}}})
    '2.0.0'
    >>> next_version(old, {"quotes": {"row_digest": "b", "schema": {"text": "VARCHAR"}}}, taken=["1.2.3", "1.3.0"])
    '1.4.0'
    >>> next_version(None, {})
    '1.0.0'
    """
    wanted = FIRST if parent is None else _following(parent, tables)
    while wanted in taken:
        major, minor, patch = (int(part) for part in wanted.split("."))
        wanted = f"{major}.{minor}.{patch + 1}" if patch else f"{major}.{minor + 1}.0" if minor else f"{major + 1}.0.0"
    return wanted


def _following(parent: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]]) -> str:
    major, minor, patch = (int(part) for part in parent["version"].split("."))
    before = parent["tables"]
    if any(_contract_broken(before[name], tables.get(name)) for name in before):
        return f"{major + 1}.0.0"
    if set(tables) != set(before) or any(
        tables[name]["row_digest"] != before[name]["row_digest"] or tables[name]["schema"] != before[name]["schema"]
        for name in tables
        if name not in UNCOUNTED
    ):
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"


def _contract_broken(before: Mapping[str, Any], after: Mapping[str, Any] | None) -> bool:
    return after is None or any(after["schema"].get(name) != kind for name, kind in before["schema"].items())
