"""A copy of a release without article text, to share where the text may not go: offsets and digests stay."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from flows.errors import UsageError
from flows.release.database import STORAGE_VERSION
from flows.release.manifest import describe_files
from flows.release.metadata import write_metadata
from flows.release.verify import EXPORT_DIGEST
from flows.store.durable import dump_json
from flows.store.parquet import file_sha256, row_digest
from schemas.export import type_name
from schemas.registry import RELEASED, table_named
from schemas.table import Column, Table

COPIED = ("DATACARD.md", "CHANGELOG.md")


def export_facts(release: Path, manifest: dict[str, Any], target: Path) -> dict[str, Any]:
    """Write <table>.parquet, dateline.duckdb, their description for others and a manifest of their own into `target`; the manifest.

    In tables that hold article text, that column is null and `text_sha256` holds the digest of what stood there, so that
    `dateline verify --against FOLDER` can check the copy with the originals.

    Raises:
        UsageError: `target` exists and is not an empty folder, or the release has a column that this program does not know.
    """
    _check_known(manifest)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target} exists and is not empty. Name a new folder.")
    target.mkdir(parents=True, exist_ok=True)
    tables: dict[str, Any] = {}
    with duckdb.connect() as connection:
        database = str(target / "dateline.duckdb").replace("'", "''")
        connection.execute(f"attach '{database}' as copy (storage_version '{STORAGE_VERSION}')")
        for name in manifest["tables"]:
            source = str(release / f"{name}.parquet").replace("'", "''")
            query = _without_text(name, source)
            path = target / f"{name}.parquet"
            key = ", ".join(f'"{column}"' for column in table_named(name).key)
            quoted = str(path).replace("'", "''")
            connection.execute(f"copy ({query} order by {key}) to '{quoted}' (format parquet, compression zstd)")
            connection.execute(f"create table copy.{name} as select * from read_parquet('{quoted}')")
            rows = connection.execute(f"select * from read_parquet('{quoted}')").to_arrow_table()
            tables[name] = {
                **manifest["tables"][name],
                "bytes": path.stat().st_size,
                "sha256": file_sha256(path),
                "row_digest": row_digest(rows),
                "schema": {column.name: type_name(column) for column in facts_table(name, manifest).columns},
            }
        connection.execute("detach copy")
    for name in COPIED:
        (target / name).write_bytes((release / name).read_bytes())
    shapes = [facts_table(name, manifest) for name in tables]
    write_metadata(target, manifest["version"], shapes, tables, (target / "DATACARD.md").read_text(encoding="utf-8"))
    copied = {
        **manifest,
        "export": {"of": manifest["version"], "without": "article text"},
        "tables": tables,
        "files": describe_files(target),
    }
    (target / "manifest.json").write_text(dump_json(copied), encoding="utf-8")
    return copied


def facts_table(name: str, manifest: Mapping[str, Any]) -> Table:
    """What a table of the copy looks like: the columns that the release has, article text null, and its digest behind them."""
    table = _as_released(table_named(name), manifest)
    columns = list(table.columns)
    for text in table.article_text:
        columns = [replace(one, nullable=True) if one.name == text else one for one in columns]
        columns.append(
            Column(
                EXPORT_DIGEST,
                pa.string(),
                f"SHA-256 of what stood in {text}; this copy has no article text.",
                pattern="[0-9a-f]{64}",
            )
        )
    return replace(table, columns=tuple(columns))


def _as_released(table: Table, manifest: Mapping[str, Any]) -> Table:
    """The description of a table without what its release, of an earlier contract, does not have yet."""
    has = manifest["tables"][table.name]["schema"].keys()
    columns = [column for column in table.columns if column.name in has]
    return replace(
        table,
        columns=tuple(
            column
            if (column.references or table.name).partition(".")[0] in manifest["tables"]
            else replace(column, references=None)
            for column in columns
        ),
        key=tuple(name for name in table.key if name in has),
        spans=tuple(span for span in table.spans if {span.start, span.end, span.text or span.start} <= has),
        intervals=tuple(pair for pair in table.intervals if {*pair} <= has),
        link_owned=tuple(name for name in table.link_owned if name in has),
        article_text=tuple(name for name in table.article_text if name in has),
    )


def _check_known(manifest: dict[str, Any]) -> None:
    known = {(table.name, column) for table in RELEASED for column in table.column_names}
    for name, described in manifest["tables"].items():
        if strange := [f"{name}.{column}" for column in described["schema"] if (name, column) not in known]:
            raise UsageError(
                f"release {manifest['version']} has {strange[0]}, which this version of dateline does not know: it cannot tell whether "
                "article text is in it. Export the release with the version that made it."
            )


def _without_text(name: str, source: str) -> str:
    table = table_named(name)
    if not table.article_text:
        return f"select * from read_parquet('{source}')"
    (column,) = table.article_text
    return f'select * replace (null::varchar as "{column}"), sha256("{column}") as {EXPORT_DIGEST} from read_parquet(\'{source}\')'
