"""manifest.json: what a release is made of, and how to check that it still is."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from flows.release.contract import table_contract
from flows.release.version import Decision
from flows.store.parquet import file_sha256, row_digest
from schemas.registry import RELEASED

FORMAT = 1  # of the manifest itself
MANIFEST_DIGEST = "manifest.json.sha256"  # as `sha256sum --check` reads it: the one file that no manifest can list
UNLISTED = frozenset({"manifest.json", MANIFEST_DIGEST})


def describe_tables(folder: Path) -> dict[str, dict[str, Any]]:
    """For every Parquet file of a staged release: rows, bytes, SHA-256, a digest of the rows, and what it promises."""
    described: dict[str, dict[str, Any]] = {}
    for table in RELEASED:
        path = folder / f"{table.name}.parquet"
        rows: pa.Table = pq.read_table(path)
        described[table.name] = {
            "file": path.name,
            "rows": rows.num_rows,
            "bytes": path.stat().st_size,
            "sha256": file_sha256(path),
            "row_digest": row_digest(rows),
            **table_contract(table),
        }
    return described


def describe_files(folder: Path) -> dict[str, dict[str, Any]]:
    """Bytes and SHA-256 of every file of a release but the manifest and its digest, by path."""
    return {
        path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": file_sha256(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in UNLISTED
    }


def manifest_digest_line(written: str) -> str:
    """The content of manifest.json.sha256."""
    return f"{sha256(written.encode('utf-8')).hexdigest()}  manifest.json\n"


def build_manifest(
    *,
    decided: Decision,
    deprecations: Sequence[Mapping[str, Any]],
    forced_major: Mapping[str, Any] | None,
    tables: Mapping[str, Any],
    files: Mapping[str, Any],
    inputs: Mapping[str, Any],
    code: Mapping[str, str],
    accepted: Mapping[str, str],
    program: Mapping[str, str],
    reference: Mapping[str, str],
) -> dict[str, Any]:
    """The manifest as it is written. It holds no clock and no path of the machine: the same release, the same bytes.

    Args:
        decided: its version, what it was compared with, and which differences decided.
        deprecations: notes of what will go.
        forced_major: the reason why its contract breaks without such a note before, and what breaks; None if that is not so.
        tables: from describe_tables.
        files: from describe_files.
        inputs: counts and fingerprint of what went in.
        code: stage to fingerprint.
        accepted: failed critical checks that were accepted by hand, with the reason.
        program: stage to digest of what its fingerprint counts but the reference files.
        reference: stage to digest of the reference files that its fingerprint counts.
    """
    return {
        "name": "dateline",
        "format": FORMAT,
        "version": decided.version,
        "parent": decided.parent,
        "version_because": decided.as_json(),
        "deprecations": [dict(note) for note in deprecations],
        "forced_major": None if forced_major is None else dict(forced_major),
        "inputs": dict(inputs),
        "code": dict(code),
        "program": dict(program),
        "reference": dict(reference),
        "accepted_checks": dict(accepted),
        "tables": dict(tables),
        "files": dict(files),
    }
