"""Releases of hand-written rows, built, finished and published by the real functions, without Prefect, gate or extractors: in a second."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flows.release.candidate import finish_candidate, publish_candidate
from flows.store.warehouse import Warehouse
from flows.store.withdrawn import taken_versions
from tests.contracts.sound import Rows, sound_rows, write_staged

CODE = {"ingest": "code of ingest", "extract": "code of extract", "link": "code of link", "release": "code of release"}
CHECK_ROW = {
    "check_id": "documents.some_rows",
    "suite": "documents",
    "expectation": "NoRowMay",
    "column_name": None,
    "severity": "critical",
    "success": True,
    "accepted_reason": None,
    "observed": "0",
    "unexpected_count": 0,
    "description": "There are documents.",
    "unit": "rows",
    "bound": "at_most",
    "threshold": 0.0,
    "observed_value": 0.0,
    "headroom": None,
}


def make_warehouse(folder: Path) -> Warehouse:
    """An empty warehouse."""
    store = Warehouse(folder)
    store.prepare()
    return store


def make_release(
    store: Warehouse,
    rows: Rows | None = None,
    *,
    inputs: str = "some input",
    code: Mapping[str, str] | None = None,
    program: Mapping[str, str] | None = None,
    check_rows: Sequence[Mapping[str, Any]] = (CHECK_ROW,),
    **asked: Any,
) -> dict[str, Any]:
    """Publish these rows (those of `sound_rows` if not given) as the release that follows the current one; its manifest.

    `asked` goes to `finish_candidate`.
    """
    with store.writing():
        folder = store.staging / "made"
        write_staged(rows if rows is not None else sound_rows(), folder)
        (folder / "quality").mkdir()
        parent = store.manifest() if store.current_version() else None
        manifest = finish_candidate(
            folder,
            parent=parent,
            check_rows=list(check_rows),
            inputs={"files": 3, "kept": 0, "fingerprint": inputs, "entries": []},
            code=dict(code or CODE),
            accepted={},
            taken=taken_versions(store),
            parent_folder=store.release() if parent else None,
            program=program,
            **asked,
        )
        publish_candidate(store, folder, manifest["version"], manifest["parent"])
    return manifest
