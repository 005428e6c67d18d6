"""What the description of a table is. Arrow schemas, DDL, checks and the dictionary are derived from it (export.py)."""

from dataclasses import dataclass, replace

import pyarrow as pa


@dataclass(frozen=True)
class Column:
    """One column, described once.

    Attributes:
        name: as in the Parquet file; carries its unit or basis (`byte_length`, `published_basis`).
        type: Arrow type.
        description: a sentence for the dictionary and the DuckDB comment.
        nullable: whether a row may leave it null.
        codes: the closed vocabulary its values come from, if it has one.
        low: the smallest value allowed, if there is one.
        high: the largest value allowed, if there is one.
        pattern: a regular expression (RE2, whole value) that its values match, if they have a shape.
        references: `table.column` that its values must exist in, if it is a foreign key.
    """

    name: str
    type: pa.DataType
    description: str
    nullable: bool = True
    codes: tuple[str, ...] | None = None
    low: float | None = None
    high: float | None = None
    pattern: str | None = None
    references: str | None = None

    def required(self) -> "Column":
        """The same column, never null."""
        return replace(self, nullable=False)

    def described(self, description: str) -> "Column":
        """The same column with another sentence."""
        return replace(self, description=description)

    def named(self, name: str) -> "Column":
        """The same column under another name."""
        return replace(self, name=name)

    def refers_to(self, address: str) -> "Column":
        """The same column as a foreign key to `table.column`."""
        return replace(self, references=address)


@dataclass(frozen=True)
class Span:
    """Columns that point into `documents.text`; when `text` is named, that column repeats the words between."""

    start: str = "start_char"
    end: str = "end_char"
    text: str | None = "text"


@dataclass(frozen=True)
class Table:
    """One table.

    Attributes:
        name: its address everywhere: schema module, stage module, suite and file.
        stage: the stage that makes it.
        row_is: what one row is, as a noun phrase.
        columns: in the order of the file.
        key: column names whose values identify a row; rows are sorted by them.
        id_recipe: what the id in the first column is a hash of, in order: columns, or words where no column holds it. Empty for
            tables without an id of their own. Ids made otherwise mean something else, so a changed recipe breaks the contract.
        spans: the evidence columns; all null together or none.
        intervals: (start, end) column pairs where start must not come after end.
        may_be_empty: whether a sound release of some size can have no row here.
        released: False for what only the pipeline sees.
        link_owned: columns that extract leaves null and link fills through maps.
        article_text: columns that hold stretches of article text, which `export --facts` leaves out.
    """

    name: str
    stage: str
    row_is: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    id_recipe: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    intervals: tuple[tuple[str, str], ...] = ()
    may_be_empty: bool = True
    released: bool = True
    link_owned: tuple[str, ...] = ()
    article_text: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a description that contradicts itself, at import."""
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names):
            raise ValueError(f"{self.name}: a column is described twice: {sorted(names)}")
        used = {*self.key, *self.link_owned, *self.article_text, *(name for pair in self.intervals for name in pair)}
        used |= {name for span in self.spans for name in (span.start, span.end, span.text) if name}
        if missing := used - set(names):
            raise ValueError(f"{self.name}: key, spans or intervals name columns it lacks: {sorted(missing)}")

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names, in the order of the file."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}; it has {', '.join(self.column_names)}")
