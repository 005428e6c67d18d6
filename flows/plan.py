"""What a run would do, known before anything starts: which files, which code, and whether there is anything new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flows.errors import WarehouseDamaged
from flows.extract.corrections import Correction, all_corrections, digest
from flows.ingest.inputs import InputFile, discover, file_digest
from flows.release.deprecation import check_announced
from flows.release.version import Level
from flows.settings import Settings
from flows.store.fingerprint import fingerprint, program_parts, reference_parts
from flows.store.ledger import digest_of, is_whole, read_entries, read_entry
from flows.store.warehouse import Warehouse
from flows.store.withdrawn import takedowns_of

# Stage → the modules that its results come from. flow.py files decide nothing about rows, so they do not count.
STAGE_ROOTS: Mapping[str, tuple[str, ...]] = {
    "ingest": ("flows.ingest.unit",),
    "clean": ("flows.clean.shard",),
    "extract": ("flows.extract.shard",),
    "group": ("flows.link.grouping",),
    "dated": ("flows.extract.dated",),
    "corrected": ("flows.extract.corrected",),
    "link": ("flows.link.unit",),
    "release": ("flows.release.candidate",),
}


def told_apart() -> dict[str, dict[str, str]]:
    """What the fingerprints of `code` are made of, told apart for the manifest: stage to the digest of its `program`, and of its `reference` files."""
    return {
        "program": {stage: digest_of(*program_parts(*roots)) for stage, roots in STAGE_ROOTS.items()},
        "reference": {stage: digest_of(*reference_parts(*roots)) for stage, roots in STAGE_ROOTS.items()},
    }


@dataclass(frozen=True)
class Plan:
    """A run before it starts.

    Attributes:
        files: what was found in the inputs, sorted by uri.
        kept: folders of the parent's ingest entries that are carried over (`keep`).
        inputs: uri and digest of everything that goes in, files and kept.
        code: stage to fingerprint.
        options: what else the result depends on (the field map, accepted checks, corrections, what was taken down).
        parent: manifest of the current release, None before the first.
        at_least: the level of version that was asked for. No part of the input: the next run without it has nothing new.
        corrections: those that come with dateline and the user's, by row and column.
        taken_down: ids of documents that no release may hold, in order.
    """

    files: tuple[InputFile, ...]
    kept: tuple[str, ...]
    inputs: Mapping[str, str]
    code: Mapping[str, str]
    options: str
    parent: Mapping[str, Any] | None
    at_least: Level | None = None
    corrections: tuple[Correction, ...] = ()
    taken_down: tuple[str, ...] = ()

    @property
    def input_fingerprint(self) -> str:
        """Digest of everything that goes in."""
        return digest_of(self.options, *(f"{uri}={digest}" for uri, digest in sorted(self.inputs.items())))

    def read_as(self, ingested: Sequence[str]) -> str:
        """Digest of everything that went in as it was read: a file that changed on the way is not what was planned.

        Args:
            ingested: folders of the ingest stage's entries.
        """
        entries = read_entries(folder for folder in ingested if folder not in self.kept)
        read = {uri: digest for entry in entries for uri, digest in entry.documents.items()}
        return replace(self, inputs={**self.inputs, **read}).input_fingerprint

    @property
    def nothing_new(self) -> bool:
        """Whether the current release was made of the same input by the same code, and no other version of it is asked for."""
        return (
            self.parent is not None
            and self.at_least is None
            and self.parent["inputs"]["fingerprint"] == self.input_fingerprint
            and self.parent["code"] == dict(self.code)
        )


def make_plan(
    settings: Settings, accepted: Mapping[str, str], at_least: Level | None = None, force_major: str | None = None
) -> Plan:
    """Look at the inputs and the warehouse; reads files to hash them, writes nothing.

    Raises:
        UsageError: an input does not exist, two inputs would give the same uris, or a line of the corrections is wrong.
        ContractBroken: what this code releases breaks the current release's contract, and no release announced it.
        WarehouseDamaged: `keep` is asked for and the parent's documents are not in the ledger.
    """
    warehouse = Warehouse(settings.warehouse)
    only_kept = settings.keep and not settings.inputs  # what a takedown asks for
    files = () if only_kept else tuple(discover([Path(path) for path in settings.inputs], warehouse=warehouse.root))
    parent = warehouse.manifest() if warehouse.current_version() else None
    check_announced(warehouse, parent, at_least, force_major)
    inputs = {file.uri: file_digest(file) for file in files}
    kept: tuple[str, ...] = ()
    if settings.keep and parent is not None:
        kept, carried = _carried(warehouse, parent)
        # a file that is still there unchanged is one input; one whose name now holds other bytes is two
        older = {
            (uri if uri not in inputs else f"{uri}={digest}"): digest
            for uri, digest in carried.items()
            if inputs.get(uri) != digest
        }
        inputs |= older
    corrections = all_corrections(settings.corrections)
    taken_down = tuple(sorted(takedowns_of(warehouse)))
    more = [digest(corrections)] if corrections else []
    more += [repr(taken_down)] if taken_down else []
    options = repr((sorted(settings.map.items()), sorted(accepted.items()), *more))
    code = {stage: fingerprint(*roots) for stage, roots in STAGE_ROOTS.items()}
    return Plan(files, kept, inputs, code, options, parent, at_least, corrections, taken_down)


def _carried(warehouse: Warehouse, parent: Mapping[str, Any]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Ingest entries of the parent release and the files that they hold."""
    names = parent["inputs"].get("entries", [])
    folders = tuple(str(warehouse.work / "ingest" / name) for name in names)
    entries = [read_entry(Path(folder)) for folder in folders]
    if not names or any(entry is None or not is_whole(entry) for entry in entries):
        raise WarehouseDamaged(
            f"--keep needs what release {parent['version']} was made of, and {warehouse.work / 'ingest'} no longer holds all of it. "
            "Run once without --keep on all inputs."
        )
    return folders, {uri: digest for entry in entries if entry for uri, digest in entry.documents.items()}
