"""What a release says of itself in the formats of others: Frictionless Data Package, Croissant, Hugging Face's card."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from flows.release.croissant import croissant
from flows.release.datapackage import data_package
from flows.release.huggingface import hugging_face_card
from flows.store.durable import dump_json
from schemas.table import Table


def write_metadata(
    folder: Path, version: str, tables: Sequence[Table], files: Mapping[str, Mapping[str, Any]], card: str
) -> None:
    """Write datapackage.json, croissant.json and README.md beside the tables, from their description.

    They hold the digests of the tables' files, so the tables are written before them, and the manifest, which lists them, after.

    Args:
        folder: the release.
        version: of the release.
        tables: what it holds, in order.
        files: for each table's name its `file`, `rows`, `bytes` and `sha256`, as in the manifest.
        card: the data card, which README.md repeats.
    """
    written = {
        "datapackage.json": dump_json(data_package(version, tables, files)),
        "croissant.json": dump_json(croissant(version, tables, files)),
        "README.md": hugging_face_card(tables, files, _languages(folder / "articles.parquet"), card),
    }
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")


def _languages(articles: Path) -> list[str]:
    query = "select distinct language from read_parquet(?) where language is not null order by language"
    with duckdb.connect() as connection:
        return [language for (language,) in connection.execute(query, [str(articles)]).fetchall()]
