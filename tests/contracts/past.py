"""Releases of past contracts, kept in tests/contracts/past: packed, unpacked, and which contract is today's."""

import argparse
import io
import json
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flows.release.contract import contract_changes, contract_today
from flows.release.manifest import MANIFEST_DIGEST, manifest_digest_line
from flows.store.durable import dump_json
from flows.store.warehouse import DATABASE, MANIFEST, Warehouse, read_manifest, version_key

PAST = Path(__file__).with_name("past")
CURRENT = PAST / "current.json"
LEFT_OUT = "quality/data_docs/"  # shows the folder that it was made in
CONTRACT_PARTS = ("schema", "codes", "key", "id_recipe")

Contract = dict[str, dict[str, Any]]


def archives() -> list[Path]:
    """The kept releases, oldest first."""
    return sorted(PAST.glob("*.tar.xz"), key=lambda path: version_key(version_of(path)))


def version_of(archive: Path) -> str:
    """The version of a kept release, from its name."""
    return archive.name.partition("-")[0]


def contract_of(manifest: Mapping[str, Any]) -> Contract:
    """What a manifest records of the contract; those of earlier releases record less."""
    return {
        name: {part: table[part] for part in CONTRACT_PARTS if part in table}
        for name, table in manifest["tables"].items()
    }


def unpack(root: Path, newest: str | None = None) -> Warehouse:
    """A warehouse of the kept releases, up to one of them, which is current."""
    store = Warehouse(root)
    store.prepare()
    for archive in archives():
        if newest is None or version_key(version_of(archive)) <= version_key(newest):
            with tarfile.open(archive) as packed:
                packed.extractall(store.releases, filter="data")
    store.current.symlink_to(f"releases/{store.versions()[-1]}")
    (store.root / DATABASE).symlink_to(f"current/{DATABASE}")
    return store


def keep(release: Path, name: str) -> Path:
    """Pack a release; the archive."""
    manifest = read_manifest(release)
    manifest["files"] = {path: one for path, one in manifest["files"].items() if not path.startswith(LEFT_OUT)}
    written = dump_json(manifest)
    files = {path: (release / path).read_bytes() for path in manifest["files"]} | {MANIFEST: written.encode()}
    if (release / MANIFEST_DIGEST).is_file():
        files[MANIFEST_DIGEST] = manifest_digest_line(written).encode()
    archive = PAST / f"{manifest['version']}-{name}.tar.xz"
    with tarfile.open(archive, "w:xz", preset=9) as packed:
        for path, content in sorted(files.items()):
            entry = tarfile.TarInfo(f"{manifest['version']}/{path}")
            entry.size, entry.mode = len(content), 0o444
            packed.addfile(entry, io.BytesIO(content))
    return archive


def recorded() -> Contract:
    """The contract of current.json."""
    loaded: Contract = json.loads(CURRENT.read_text(encoding="utf-8"))
    return loaded


def is_kept(contract: Contract) -> bool:
    """Whether a kept release has exactly this contract."""
    return any(contract_of(kept_manifest(archive)) == contract for archive in archives())


def kept_manifest(archive: Path) -> dict[str, Any]:
    """The manifest of a kept release."""
    with tarfile.open(archive) as packed:
        stream = packed.extractfile(f"{version_of(archive)}/{MANIFEST}")
        assert stream is not None
        loaded: dict[str, Any] = json.load(stream)
    return loaded


def main() -> str | None:
    """`keep RELEASE NAME` or `record [--unreleased]`; what is wrong, if anything."""
    parser = argparse.ArgumentParser(prog="python -m tests.contracts.past", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    keeping = verbs.add_parser("keep", help="pack a release")
    keeping.add_argument("release", type=Path)
    keeping.add_argument("name")
    recording = verbs.add_parser("record", help="make today's contract the recorded one")
    recording.add_argument("--unreleased", action="store_true", help="the one recorded before was never on main")
    given = parser.parse_args()
    if given.verb == "keep":
        keep(given.release, given.name)
        return None
    before = recorded() if CURRENT.is_file() else None
    if before and before != contract_today() and not given.unreleased and not is_kept(before):
        changes = "; ".join(change.sentence for change in contract_changes(before, contract_today()))
        return f"keep a release of the contract before this change first ({changes}): see {PAST / 'README.md'}"
    CURRENT.write_text(dump_json(contract_today()), encoding="utf-8")
    return None


if __name__ == "__main__":
    sys.exit(main())
