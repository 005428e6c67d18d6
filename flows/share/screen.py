"""What a query would answer on another release, for a terminal: rows that change side by side, then those that go and come."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table as RichTable

from flows.printable import plain
from flows.share.upgrade import Changed, Preview

SHOWN_ROWS = 20  # of each kind; --json has all
CELL_CHARS = 60


def preview_shown(found: Preview, old: str, new: str) -> RenderableType:
    """A preview, with the releases' versions."""
    return Group(*_parts(found, old, new))


def _parts(found: Preview, old: str, new: str) -> Iterator[RenderableType]:
    if found.error is not None:
        yield f"[bold red]The query would not run on {new}:[/] {escape(plain(found.error))}"
        yield f"On {old} it answers {found.rows[0]:,} rows."
        return
    counts = (
        f"{found.same:,} stay",
        f"{len(found.changed):,} change",
        f"{len(found.gone):,} go",
        f"{len(found.came):,} come",
    )
    yield f"[bold]{old} → {new}:[/] {found.rows[0]:,} rows → {found.rows[1]:,} rows: {', '.join(counts)}."
    for what, names in (("would be gone", found.columns_gone), ("would be new", found.columns_came)):
        if names:
            yield f"Columns that {what}: {escape(plain(', '.join(names)))}"
    for name, (before, after) in (found.columns_retyped or {}).items():
        yield f"Column {escape(plain(name))}: {before} → {after}"
    if found.changed:
        yield _changes(found.changed, old, new)
    for title, rows in (("only on " + old, found.gone), ("only on " + new, found.came)):
        if rows:
            yield _listing(title, rows)


def _changes(changed: Sequence[Changed], old: str, new: str) -> RichTable:
    table = RichTable(
        *(escape(plain(name)) for name in changed[0].key),
        "column",
        old,
        new,
        title="changed",
        title_justify="left",
        box=SIMPLE_HEAD,
    )
    for one in changed[:SHOWN_ROWS]:
        for name, (before, after) in one.values.items():
            table.add_row(*map(_cell, one.key.values()), escape(plain(name)), _cell(before), _cell(after))
    _say_more(table, len(changed))
    return table


def _listing(title: str, rows: Sequence[Mapping[str, Any]]) -> RichTable:
    table = RichTable(*(escape(plain(name)) for name in rows[0]), title=title, title_justify="left", box=SIMPLE_HEAD)
    for row in rows[:SHOWN_ROWS]:
        table.add_row(*map(_cell, row.values()))
    _say_more(table, len(rows))
    return table


def _say_more(table: RichTable, count: int) -> None:
    if count > SHOWN_ROWS:
        table.caption = f"{SHOWN_ROWS} of {count:,} rows; --json has all"


def _cell(value: Any) -> str:
    text = "null" if value is None else plain(str(value).replace("\n", " "))
    return escape(text if len(text) <= CELL_CHARS else text[: CELL_CHARS - 1] + "…")
