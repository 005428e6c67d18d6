"""Which files of a folder hold given words, whatever they are packed in: Parquet, DuckDB, JSON, HTML or plain bytes."""

import gzip
import html
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

WORD = re.compile(r"[^\W_]+")


def files_with(folder: Path, words: str) -> list[str]:
    """Names of all files below a folder, hidden ones too, in which the words stand; links are not followed."""
    wanted = letters_of(words)
    assert len(wanted) > 10, "too little to tell whose words they are"
    return [
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and any(wanted in letters_of(text) for text in texts_in(path))
    ]


def letters_of(text: str) -> str:
    """Letters and digits alone: the same whether a text is plain, or written as JSON or HTML."""
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    return "".join(WORD.findall(html.unescape(re.sub(r"\\[nrt]", " ", plain)).casefold()))


def texts_in(path: Path) -> Iterator[str]:
    """Everything in a file that could be read as text: its bytes, and what they unpack to."""
    data = path.read_bytes()
    yield data.decode("utf-8", errors="replace")
    yield data.decode("utf-16-le", errors="replace")
    if path.suffix == ".gz":
        yield gzip.decompress(data).decode("utf-8", errors="replace")
    elif path.suffix == ".parquet":
        for row in pq.read_table(path).to_pylist():
            yield from map(str, row.values())
    elif path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            for (table,) in connection.execute("select table_name from duckdb_tables()").fetchall():
                for row in connection.execute(f'select * from "{table}"').fetchall():
                    yield from map(str, row)
