"""CHANGELOG.md of a release: what is in it, and how the number of rows moved since the parent."""

from collections.abc import Mapping
from typing import Any


def release_notes(version: str, parent: Mapping[str, Any] | None, tables: Mapping[str, Any]) -> str:
    """Markdown: a line a table whose rows differ from the parent's.

    >>> print(release_notes("1.0.0", None, {"quotes": {"rows": 3, "row_digest": "a"}}), end="")
    # 1.0.0
    <BLANKLINE>
    The first release of this warehouse.
    <BLANKLINE>
    - quotes: 3 rows.
    """
    lines = [f"# {version}", ""]
    lines.append(f"Compared with {parent['version']}." if parent else "The first release of this warehouse.")
    lines.append("")
    before = parent["tables"] if parent else {}
    for name, table in tables.items():
        was = before.get(name)
        if was is None:
            lines.append(f"- {name}: {table['rows']:,} rows.")
        elif was["row_digest"] != table["row_digest"] and name != "checks":
            lines.append(f"- {name}: {table['rows']:,} rows, {table['rows'] - was['rows']:+,}; some rows differ.")
    if parent and len(lines) == 4:  # noqa: PLR2004  # only the heading
        lines.append("No row differs: only files around the data do.")
    return "\n".join(lines) + "\n"
