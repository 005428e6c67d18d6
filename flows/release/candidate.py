"""A candidate: a release folder in staging, built, judged, then published or refused. All file work of the release stage."""

import errno
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from flows.errors import DatelineError, WarehouseOvertaken
from flows.release.assemble import assemble, stage
from flows.release.changelog import Compared, release_notes
from flows.release.changes import read_changes
from flows.release.contract import contract_today
from flows.release.database import build_database
from flows.release.datacard import contract_section, data_card
from flows.release.deprecation import forced_for_manifest, notes_for_manifest
from flows.release.diff import FOLDER as DIFF_FOLDER
from flows.release.diff import Circumstances, blamed_stages, write_diff
from flows.release.id_map import id_map_rows
from flows.release.manifest import (
    MANIFEST_DIGEST,
    build_manifest,
    describe_files,
    describe_tables,
    manifest_digest_line,
)
from flows.release.metadata import write_metadata
from flows.release.moved import what_moved
from flows.release.quality import write_quality
from flows.release.verify import file_faults
from flows.release.version import Level, decide_version
from flows.store.durable import dump_json, fsync_path, fsync_tree, swap_link
from flows.store.ledger import digest_of, read_entries
from flows.store.parquet import Row, to_arrow, write_parquet
from flows.store.steps import reached
from flows.store.warehouse import DATABASE, MANIFEST, Warehouse, remove_tree
from flows.store.withdrawn import leave_yanked, takedowns_of, taken_versions
from flows.store.withhold import withhold
from schemas.checks import CHECKS
from schemas.id_map import ID_MAP
from schemas.registry import RELEASED

READ_ONLY = 0o444
PUBLISHING = "publishing"  # state file: the release that is about to be renamed and linked, for `recover`


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


def build_candidate(warehouse: Warehouse, ingredients: Ingredients, at_least: Level | None = None) -> Path:
    """Write the tables into staging/<name>/ and flush them.

    The parent decides nothing but `id_map`. The version that its rows name is known before the release has one: an id that
    is gone is a row that is gone, so what follows is no mere patch, and whether the contract breaks is known from the code.
    """
    parent = warehouse.manifest() if warehouse.current_version() else None
    name = digest_of(ingredients.name, parent["version"] if parent else "")[: len(ingredients.name)]
    folder = warehouse.staging / name
    reached("stage.begun")
    tables = assemble(
        read_entries(ingredients.gathered),
        read_entries(ingredients.cleaned),
        read_entries(ingredients.extracted),
        read_entries([ingredients.linked])[0],
    )
    stage(tables, folder)
    other_rows = {name: {**contract, "row_digest": ""} for name, contract in contract_today().items()}
    decided = decide_version(parent, other_rows, taken_versions(warehouse), at_least)
    replaced = id_map_rows(folder, warehouse.release() if parent else None, decided.version)
    write_parquet(ID_MAP, to_arrow(ID_MAP, replaced), folder / "id_map.parquet")
    reached("stage.written")
    fsync_tree(folder)
    reached("stage.flushed")
    return folder


def finish_candidate(
    folder: Path,
    *,
    parent: Mapping[str, Any] | None,
    check_rows: Sequence[Row],
    inputs: Mapping[str, Any],
    code: Mapping[str, str],
    accepted: Mapping[str, str],
    taken: Collection[str] = (),
    at_least: Level | None = None,
    forced: str | None = None,
    parent_folder: Path | None = None,
    program: Mapping[str, str] | None = None,
    reference: Mapping[str, str] | None = None,
    taken_down: Collection[str] = (),
) -> dict[str, Any]:
    """Add what surrounds the judged tables: checks, DuckDB file, diff, scorecard, data card, and last the manifest, which is returned.

    Args:
        folder: the candidate.
        parent: manifest of the release that it follows, None before the first.
        check_rows: what the gate saw.
        inputs: counts and fingerprint of what went in.
        code: stage to fingerprint.
        accepted: failed critical checks that were accepted by hand, with the reason.
        taken: versions that the warehouse holds.
        at_least: the level of version that the run asked for.
        forced: why a MAJOR version may come without notice, if it may.
        parent_folder: of the release that it follows; a first one has no diff.
        program: stage to digest of its code without reference files, for the diff to tell the two apart.
        reference: stage to digest of the reference files.
        taken_down: documents whose words and values the diff may not repeat.
    """
    if (parent is None) is not (parent_folder is None):
        raise ValueError("a release follows another, whose manifest and folder are both given, or it is the first")
    write_parquet(CHECKS, to_arrow(CHECKS, check_rows), folder / "checks.parquet")
    reached("publish.checks")
    tables = describe_tables(folder)
    loaded = build_database(folder, folder / DATABASE)
    reached("publish.database")
    for name, table in tables.items():
        if loaded.get(name) != table["rows"]:
            raise RuntimeError(f"{DATABASE} has {loaded.get(name)} rows of {name}, its Parquet file {table['rows']}")
    made_by = {"code": code, "program": program or {}, "reference": reference or {}}
    decided = decide_version(parent, tables, taken, at_least)
    compared: Compared | None = None
    if parent is not None and parent_folder is not None:
        known = Circumstances(blamed_stages(parent, made_by), frozenset(taken_down))
        write_diff(parent_folder, folder, folder / DIFF_FOLDER, known)
        contract = [change.sentence for change in decided.changes]
        changes, moved = read_changes(folder / DIFF_FOLDER), what_moved(parent_folder, folder)
        compared = Compared(changes, moved, known.blamed, contract)
    reached("publish.diff")
    version, notes = decided.version, notes_for_manifest()
    forced_major = forced_for_manifest(decided, forced)
    announced = contract_section(notes, forced_major)
    write_quality(folder, version, parent, parent_folder, check_rows)
    written_notes = release_notes(version, parent, tables, compared, decided.because, announced)
    (folder / "CHANGELOG.md").write_text(written_notes, encoding="utf-8")
    card = data_card(version, parent, folder, tables, inputs, check_rows, accepted, announced)
    (folder / "DATACARD.md").write_text(card, encoding="utf-8")
    write_metadata(folder, version, RELEASED, tables, card)
    manifest = build_manifest(
        decided=decided,
        deprecations=notes,
        forced_major=forced_major,
        tables=tables,
        files=describe_files(folder),
        inputs=inputs,
        accepted=accepted,
        **made_by,
    )
    written = dump_json(manifest)
    (folder / MANIFEST).write_text(written, encoding="utf-8")
    (folder / MANIFEST_DIGEST).write_text(manifest_digest_line(written), encoding="utf-8")
    reached("publish.manifest")
    fsync_tree(folder)
    reached("publish.flushed")
    return manifest


def publish_candidate(warehouse: Warehouse, folder: Path, version: str, parent: str | None) -> Path:
    """Make a finished candidate the current release: read-only, renamed, linked. Each step is one rename.

    Two renames decide a race. A folder cannot take the name of a release that is there, and `current` is only moved while
    it still is what the candidate was compared with and this process still holds the warehouse.

    Raises:
        WarehouseOvertaken: another run has published, or taken the warehouse, since this one began.
    """
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(READ_ONLY)
    reached("publish.read_only")
    final = warehouse.releases / version
    _check_parent(warehouse, version, parent)
    warehouse.write_state(PUBLISHING, {"version": version, "parent": parent})
    reached("publish.announced")
    try:
        folder.rename(final)
    except OSError as error:
        if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
            raise
        raise WarehouseOvertaken(
            f"{final} is there already: another run published it. Run again: it starts from what is there."
        ) from error
    fsync_path(warehouse.releases)
    reached("publish.renamed")
    _link(warehouse, version, parent)
    warehouse.forget_state(PUBLISHING)
    return final


def recover(warehouse: Warehouse) -> str | None:
    """What a killed run left: staging and half files are swept, a release that only lacked its link is linked.

    Such a release was judged, flushed and renamed: linking it is all that was missing. One that is not whole after all
    is put under rejected/. A yank that was killed before it moved `current` is finished, and the ledger is without documents
    that were taken down. Only under the lock.

    Returns:
        The version that was linked, if one was.
    """
    warehouse.sweep_unfinished()
    intent = warehouse.read_state(PUBLISHING)
    linked: str | None = None
    if intent is not None:
        version, parent = intent["version"], intent["parent"]
        folder = warehouse.releases / version
        if warehouse.current_version() == parent and folder.is_dir():
            if _is_whole(warehouse, version):
                _link(warehouse, version, parent)
                linked = version
            else:
                folder.rename(_free_name(warehouse.rejected / f"unlinked-{version}"))
        warehouse.forget_state(PUBLISHING)
    withhold(warehouse.work, takedowns_of(warehouse))
    if leave_yanked(warehouse) is not None:
        _link_database(warehouse)
    return linked


def _is_whole(warehouse: Warehouse, version: str) -> bool:
    try:
        return not list(file_faults(warehouse.releases / version, warehouse.manifest(version)))
    except DatelineError:  # not even a manifest that can be read
        return False


def _check_parent(warehouse: Warehouse, version: str, parent: str | None) -> None:
    warehouse.check_writing()
    if (current := warehouse.current_version()) != parent:
        raise WarehouseOvertaken(
            f"release {version} was compared with {parent or 'nothing'}, and the current release is now {current}: another run "
            "published meanwhile. Run again: it starts from what is there."
        )


def _link(warehouse: Warehouse, version: str, parent: str | None) -> None:
    _check_parent(warehouse, version, parent)
    swap_link(warehouse.current, f"releases/{version}")
    reached("publish.linked")
    _link_database(warehouse)
    reached("publish.done")


def _link_database(warehouse: Warehouse) -> None:
    link = warehouse.root / DATABASE
    if not link.is_symlink():
        swap_link(link, f"current/{DATABASE}")


def refuse_candidate(warehouse: Warehouse, folder: Path, check_rows: Sequence[Row]) -> Path:
    """Keep a refused candidate under rejected/ with its report; an earlier one of the same ingredients gives way."""
    write_parquet(CHECKS, to_arrow(CHECKS, check_rows), folder / "checks.parquet")
    build_database(folder, folder / DATABASE)
    current = warehouse.current_version()
    parent, parent_folder = (warehouse.manifest(current), warehouse.release(current)) if current else (None, None)
    write_quality(folder, None, parent, parent_folder, check_rows)
    reached("refuse.written")
    kept = warehouse.rejected / folder.name
    if kept.exists():
        remove_tree(kept)
    reached("refuse.removed")
    fsync_tree(folder)
    folder.rename(kept)
    fsync_path(warehouse.rejected)
    reached("refuse.kept")
    return kept


def _free_name(path: Path) -> Path:
    """The path, or with the first number that makes it new."""
    numbered = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return path if not path.exists() else next(other for other in numbered if not other.exists())
