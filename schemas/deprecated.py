"""What of the contract will go: declared here a release or more before it does, so that who builds on it can move.

A note stands in every release made while it is declared here: in the manifest, the data card, the comments of the DuckDB file
and `dateline schema`. A release that breaks the contract is refused unless an earlier release of its warehouse carried the note
of exactly what goes. So: declare it, let a release be made, then remove it together with its note.
"""

from dataclasses import dataclass
from typing import Final, Literal

Breakage = Literal["gone", "retyped", "meaning"]


@dataclass(frozen=True)
class Deprecation:
    """A table, a column or a code of a closed vocabulary that will go, or mean something else.

    Attributes:
        table: its table.
        since: version of the program that announced it first.
        note: why, and what to do, in a sentence.
        column: the column; None for a whole table.
        code: the value of that column's vocabulary; None for a whole column.
        what: gone; retyped; or meaning: it stays, and its values (of an id: how it is made; of a table: its key) mean
            something else.
        replacement: `table`, `table.column` or value to use in its place, if there is one.
    """

    table: str
    since: str
    note: str
    column: str | None = None
    code: str | None = None
    what: Breakage = "gone"
    replacement: str | None = None

    @property
    def sentence(self) -> str:
        """What users read.

        >>> Deprecation("quotes", "0.2.0", "The verb is in `cue`.", column="verb", replacement="quotes.cue").sentence
        'Deprecated since 0.2.0: quotes.verb will go. Use quotes.cue. The verb is in `cue`.'
        """
        will = {"gone": "will go", "retyped": "will have another type", "meaning": "will mean something else"}[
            self.what
        ]
        use = f" Use {self.replacement}." if self.replacement else ""
        return f"Deprecated since {self.since}: {address(self.table, self.column, self.code)} {will}.{use} {self.note}"


def address(table: str, column: str | None = None, code: str | None = None) -> str:
    """How a part of the contract is written.

    >>> address("quotes"), address("quotes", "form"), address("quotes", "form", "speech")
    ('quotes', 'quotes.form', 'quotes.form = speech')
    """
    return ".".join(part for part in (table, column) if part) + (f" = {code}" if code else "")


DEPRECATED: Final[tuple[Deprecation, ...]] = ()


def notes_on(table: str, column: str | None = None) -> list[Deprecation]:
    """The notes on a column and its codes, or (no column named) on a table as a whole."""
    return [note for note in DEPRECATED if (note.table, note.column) == (table, column)]
