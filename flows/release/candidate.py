"""A candidate: a release folder in staging, built, judged, then published or refused. All file work of the release stage."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from flows.release.assemble import assemble, stage
from flows.release.changelog import release_notes
from flows.release.database import build_database
from flows.release.datacard import data_card
from flows.release.manifest import build_manifest, describe_files, describe_tables
from flows.release.scorecard import published_scorecard
from flows.release.version import next_version
from flows.store.durable import dump_json, fsync_path, fsync_tree, swap_link
from flows.store.ledger import digest_of, read_entries
from flows.store.parquet import Row, to_arrow, write_parquet
from flows.store.warehouse import DATABASE, MANIFEST, Warehouse, make_writable
from schemas.checks import CHECKS

READ_ONLY = 0o444


@dataclass(frozen=True)
class Ingredients:
    """The ledger's entries that a candidate is made of, by folder."""

    gathered: Sequence[str]
    cleaned: Sequence[str]
    extracted: Sequence[str]
    linked: str

    @property
    def name(self) -> str:
        """A name for the candidate: the same ingredients, the same name."""
        return digest_of(*self.gathered, *self.cleaned, *self.extracted, self.linked)[:12]


def build_candidate(warehouse: Warehouse, ingredients: Ingredients) -> Path:
    """Write the tables into staging/<name>/ and flush them; what a killed run left there is swept first."""
    warehouse.sweep_staging()
    folder = warehouse.staging / ingredients.name
    tables = assemble(
        read_entries(ingredients.gathered),
        read_entries(ingredients.cleaned),
        read_entries(ingredients.extracted),
        read_entries([ingredients.linked])[0],
    )
    stage(tables, folder)
    fsync_tree(folder)
    return folder


def finish_candidate(
    folder: Path,
    *,
    parent: Mapping[str, Any] | None,
    check_rows: Sequence[Row],
    inputs: Mapping[str, Any],
    code: Mapping[str, str],
    accepted: Mapping[str, str],
) -> dict[str, Any]:
    """Add what surrounds the judged tables: checks, DuckDB file, scorecard, data card, and last the manifest, which is returned."""
    write_parquet(CHECKS, to_arrow(CHECKS, check_rows), folder / "checks.parquet")
    tables = describe_tables(folder)
    loaded = build_database(folder, folder / DATABASE)
    for name, table in tables.items():
        if loaded.get(name) != table["rows"]:
            raise RuntimeError(f"{DATABASE} has {loaded.get(name)} rows of {name}, its Parquet file {table['rows']}")
    version = next_version(parent, tables)
    (folder / "quality" / "scorecard.json").write_text(dump_json(published_scorecard()), encoding="utf-8")
    (folder / "CHANGELOG.md").write_text(release_notes(version, parent, tables), encoding="utf-8")
    card = data_card(version, parent, folder, tables, inputs, check_rows, accepted)
    (folder / "DATACARD.md").write_text(card, encoding="utf-8")
    manifest = build_manifest(
        version=version,
        parent=parent["version"] if parent else None,
        tables=tables,
        files=describe_files(folder),
        inputs=inputs,
        code=code,
        accepted=accepted,
    )
    (folder / MANIFEST).write_text(dump_json(manifest), encoding="utf-8")
    fsync_tree(folder)
    return manifest


def publish_candidate(warehouse: Warehouse, folder: Path, version: str) -> Path:
    """Make a finished candidate the current release: read-only, renamed, linked. Each step is one rename."""
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(READ_ONLY)
    final = warehouse.releases / version
    if final.exists():
        # a run that was killed between the rename and the link left it: `current` never pointed there
        final.rename(_free_name(warehouse.rejected / f"unlinked-{version}"))
    folder.rename(final)
    fsync_path(warehouse.releases)
    swap_link(warehouse.current, f"releases/{version}")
    link = warehouse.root / DATABASE
    if not link.is_symlink():
        swap_link(link, f"current/{DATABASE}")
    return final


def refuse_candidate(warehouse: Warehouse, folder: Path, check_rows: Sequence[Row]) -> Path:
    """Keep a refused candidate under rejected/ with its report; an earlier one of the same ingredients gives way."""
    write_parquet(CHECKS, to_arrow(CHECKS, check_rows), folder / "checks.parquet")
    build_database(folder, folder / DATABASE)
    kept = warehouse.rejected / folder.name
    if kept.exists():
        make_writable(kept)
        shutil.rmtree(kept)
    fsync_tree(folder)
    folder.rename(kept)
    fsync_path(warehouse.rejected)
    return kept


def _free_name(path: Path) -> Path:
    """The path, or with the first number that makes it new."""
    numbered = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return path if not path.exists() else next(other for other in numbered if not other.exists())
