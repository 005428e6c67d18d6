"""Is a release still what its manifest says, and does every fact still stand at its words?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from flows.release.manifest import MANIFEST_DIGEST, UNLISTED, manifest_digest_line
from flows.store.parquet import file_sha256
from flows.store.withdrawn import TOMBSTONE, read_tombstone
from schemas.evidence import broken_evidence, owner_column
from schemas.registry import RELEASED
from schemas.table import Span, Table

EXPORT_DIGEST = "text_sha256"  # column that an export has in place of article text


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: where (a file, or table.column), what, and how many rows of it."""

    where: str
    what: str
    rows: int = 0


@dataclass(frozen=True)
class Verified:
    """What was looked at, and what was wrong with it."""

    files: int
    facts: int
    findings: tuple[Finding, ...]


def verify_release(folder: Path, manifest: Mapping[str, Any], originals: Mapping[str, str] | None = None) -> Verified:
    """Check every file's digest and every fact's offsets.

    A release of an earlier contract is checked as far as today's knows its evidence: the spans that it has, in tables that there are still.

    Args:
        folder: the release.
        manifest: its manifest.
        originals: document id to text, for an export without article text; None to use the release's own texts.
    """
    findings = list(file_faults(folder, manifest))
    broken = {finding.where for finding in findings}
    tombstone = read_tombstone(folder)
    broken |= set(tombstone.deleted) if tombstone else set()
    tables = [table for table in RELEASED if table.name in manifest["tables"] and f"{table.name}.parquet" not in broken]
    facts = 0
    with duckdb.connect() as connection:
        for table in tables:
            path = str(folder / f"{table.name}.parquet").replace("'", "''")
            connection.execute(f"create view {table.name} as select * from read_parquet('{path}')")
        if not any(table.name == "documents" for table in tables):
            return Verified(len(manifest["files"]), 0, tuple(findings))
        if originals is not None:
            connection.execute("create table originals (document_id varchar, text varchar)")
            connection.executemany(
                "insert into originals values (?, ?)",
                [[key, text] for key, text in sorted(originals.items())] or [["", ""]],
            )
            findings += _missing_originals(connection)
        for table in tables:
            for span in _spans(connection, table):
                facts += _count(connection, f'select count(*) from {table.name} where "{span.start}" is not null')
                wrong = _count(
                    connection, f"select count(*) from ({_broken(connection, table, span, originals is not None)})"
                )
                if wrong:
                    findings.append(
                        Finding(f"{table.name}.{span.start}", "the words there are not what the row says", wrong)
                    )
    return Verified(len(manifest["files"]), facts, tuple(findings))


def file_faults(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Finding]:
    """Files of a release that are missing, too many, or not what the manifest says; the manifest by its own digest.

    Files that a takedown deleted are missed by nobody; one that is still there is told of.
    """
    tombstone = read_tombstone(folder)
    deleted = tombstone.deleted if tombstone else ()
    digest = folder / MANIFEST_DIGEST
    if digest.is_file():  # releases of 0.1.0 have none
        written = (folder / "manifest.json").read_text(encoding="utf-8", errors="replace")
        if digest.read_text(encoding="utf-8", errors="replace") != manifest_digest_line(written):
            yield Finding("manifest.json", f"differs from {MANIFEST_DIGEST}")
    for name, described in manifest["files"].items():
        path = folder / name
        if name in deleted:
            if path.exists():
                yield Finding(name, "should be gone: its takedown was killed half-way. Do the same takedown again.")
        elif not path.is_file():
            yield Finding(name, "is missing")
        elif path.stat().st_size != described["bytes"] or file_sha256(path) != described["sha256"]:
            yield Finding(name, "differs from the manifest")
    listed = {*manifest["files"], *UNLISTED, TOMBSTONE}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in listed:
            yield Finding(name, "is not in the manifest")


def _spans(connection: duckdb.DuckDBPyConnection, table: Table) -> list[Span]:
    """The spans of a table that a release has all columns of."""
    names = _columns(connection, table)
    return [span for span in table.spans if {span.start, span.end, span.text or span.start} <= names]


def _columns(connection: duckdb.DuckDBPyConnection, table: Table) -> set[str]:
    return {row[0] for row in connection.execute(f"select column_name from (describe {table.name})").fetchall()}


def _broken(connection: duckdb.DuckDBPyConnection, table: Table, span: Span, from_originals: bool) -> str:
    if not from_originals:
        return broken_evidence(table, span, table.name)
    owner = owner_column(table)
    names = _columns(connection, table)
    said = f'substring(document.text, fact."{span.start}" + 1, fact."{span.end}" - fact."{span.start}")'
    wrong = f'fact."{span.end}" > length(document.text)'
    if span.text and span.text in table.article_text and EXPORT_DIGEST in names:
        wrong += f" or sha256({said}) <> fact.{EXPORT_DIGEST}"
    elif span.text:
        wrong += f' or {said} <> fact."{span.text}"'
    return (
        f'select 1 from {table.name} fact join originals document on document.document_id = fact."{owner}" '
        f'where fact."{span.start}" is not null and ({wrong})'
    )


def _missing_originals(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    missing = _count(
        connection,
        "select count(*) from documents where status <> 'quarantined' and document_id not in (select document_id from originals)",
    )
    if missing:
        yield Finding("documents", "have no original in the folder given", missing)


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    found = connection.execute(query).fetchone()
    return int(found[0]) if found else 0
