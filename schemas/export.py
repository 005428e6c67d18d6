"""From the one description of a table: its Arrow schema, its DuckDB comments, its page in the dictionary."""

from pathlib import Path

import pyarrow as pa

from schemas.deprecated import notes_on
from schemas.registry import RELEASED
from schemas.table import Column, Table

DICTIONARY_BEGIN = "<!-- dictionary:begin -->"
DICTIONARY_END = "<!-- dictionary:end -->"


def arrow_schema(table: Table) -> pa.Schema:
    """The Arrow schema, columns in order, nullability as declared."""
    return pa.schema([pa.field(column.name, column.type, nullable=column.nullable) for column in table.columns])


def duckdb_comments(table: Table) -> list[str]:
    """COMMENT statements for a table and its columns.

    >>> from schemas.sentences import SENTENCES
    >>> duckdb_comments(SENTENCES)[0]
    "comment on table sentences is 'One row is one sentence of a headline, subhead, caption or body.'"
    """

    def quoted(text: str) -> str:
        return "'" + text.replace("'", "''") + "'"

    statements = [f"comment on table {table.name} is {quoted(told_of(table))}"]
    for column in table.columns:
        statements.append(f'comment on column {table.name}."{column.name}" is {quoted(told_of(table, column))}')
    return statements


def sentence_of(column: Column) -> str:
    """The description with the codes it may hold."""
    if column.codes is None:
        return column.description
    return f"{column.description} One of: {', '.join(column.codes)}."


def told_of(table: Table, column: Column | None = None) -> str:
    """What users read of a table or a column of it: what it is, and whether it will go.

    >>> from schemas.sentences import SENTENCES
    >>> told_of(SENTENCES, SENTENCES.column("index"))
    "Position among its document's rows, from 0."
    """
    what = f"One row is {table.row_is}." if column is None else sentence_of(column)
    return " ".join([what, *(note.sentence for note in notes_on(table.name, column.name if column else None))])


def type_name(column: Column) -> str:
    """The type as DuckDB users write it.

    >>> from schemas.documents import DOCUMENTS
    >>> [type_name(DOCUMENTS.column(name)) for name in ("uris", "byte_length", "text_repaired")]
    ['VARCHAR[]', 'BIGINT', 'BOOLEAN']
    """
    names = {
        pa.string(): "VARCHAR",
        pa.bool_(): "BOOLEAN",
        pa.int32(): "INTEGER",
        pa.int64(): "BIGINT",
        pa.float32(): "FLOAT",
        pa.float64(): "DOUBLE",
        pa.date32(): "DATE",
        pa.list_(pa.string()): "VARCHAR[]",
    }
    return names[column.type]


def dictionary() -> str:
    """The data dictionary, in Markdown: what schemas/README.md must equal below its mark."""
    lines: list[str] = []
    for table in RELEASED:
        lines += [
            f"### {table.name}",
            "",
            f"{told_of(table)} Made by `{table.stage}`. Key: {', '.join(f'`{name}`' for name in table.key)}.",
            "",
            "| column | type | null | what it is |",
            "| --- | --- | --- | --- |",
        ]
        for column in table.columns:
            words = told_of(table, column)
            if column.references:
                words += f" → `{column.references}`."
            words = words.replace("|", "\\|")
            lines.append(f"| `{column.name}` | {type_name(column)} | {'yes' if column.nullable else 'no'} | {words} |")
        lines.append("")
    return "\n".join(lines)


def write_dictionary(readme: Path) -> None:
    """Put the dictionary between its marks in a Markdown file.

    Raises:
        ValueError: the file lacks a mark.
    """
    before, begin, rest = readme.read_text(encoding="utf-8").partition(DICTIONARY_BEGIN)
    _, end, after = rest.partition(DICTIONARY_END)
    if not begin or not end:
        raise ValueError(f"{readme} lacks {DICTIONARY_BEGIN} or {DICTIONARY_END}")
    readme.write_text(f"{before}{begin}\n\n{dictionary()}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    write_dictionary(Path(__file__).with_name("README.md"))
