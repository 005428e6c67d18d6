"""What a place says of its releases: index.json, latest.json, and who is publishing a version just now.

releases/<version>/<files>     as in a warehouse; a release is published once its manifest.json is there
publishing/<version>.json      the manifest's digest of the one release that may become this version, until it has
index.json                     every published release: digest, bytes, yanked or not
latest.json                    the newest release that is not withdrawn: version and digest; written last

A reader takes one object, index.json, and everything else follows from it by digests.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from flows.errors import Tampered
from flows.store.durable import dump_json
from flows.store.warehouse import version_key
from flows.store.withdrawn import Yank

NAME = "dateline"
FORMAT = 1  # of index.json
INDEX = "index.json"
LATEST = "latest.json"
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class YankSaid:
    """That a release is not to be used any more, as a place says it.

    Attributes:
        reason: in the words of whoever yanked it.
        successor: version to use in its place, None if there is none.
        yanked_on: ISO date.
    """

    reason: str
    successor: str | None
    yanked_on: str


@dataclass(frozen=True)
class Entry:
    """One published release.

    Attributes:
        version: MAJOR.MINOR.PATCH.
        manifest_sha256: of the bytes of its manifest.json, which has a digest of every other file.
        bytes: of its files together.
        yanked: None while it may be used.
        tombstone: files of it were deleted, because they held a document that was taken down.
    """

    version: str
    manifest_sha256: str
    bytes: int
    yanked: YankSaid | None = None
    tombstone: bool = False

    @property
    def is_good(self) -> bool:
        """May ranges and `latest` lead to it?"""
        return self.yanked is None and not self.tombstone


def yank_said(yank: Yank) -> YankSaid:
    """A warehouse's record of a yank, as a place says it."""
    return YankSaid(yank.reason, yank.successor, yank.yanked_on)


Index = Mapping[str, Entry]  # by version


def release_name(version: str, file: str = "") -> str:
    """The name of a file of a release at a place.

    >>> release_name("1.0.0", "quotes.parquet")
    'releases/1.0.0/quotes.parquet'
    """
    return f"releases/{version}/{file}"


def claim_name(version: str) -> str:
    """The name of the note that says which release may become this version."""
    return f"publishing/{version}.json"


def merged(known: Index, entries: Iterable[Entry], unyanked: Collection[str] = ()) -> dict[str, Entry]:
    """The index with these releases added. What was withdrawn stays withdrawn: a warehouse may not have heard of it.

    Only of versions named in `unyanked` is a yank taken back, if their entry says so.

    >>> old = {"1.0.0": Entry("1.0.0", "a" * 64, 10, YankSaid("wrong dates", None, "2026-01-02"))}
    >>> new = merged(old, [Entry("1.0.0", "a" * 64, 10), Entry("1.1.0", "b" * 64, 20)])
    >>> [(version, entry.is_good) for version, entry in new.items()]
    [('1.0.0', False), ('1.1.0', True)]
    """
    found = dict(known)
    for entry in entries:
        before = found.get(entry.version)
        yanked, tombstone = (before.yanked, before.tombstone) if before else (None, False)
        yanked = None if entry.version in unyanked else yanked
        found[entry.version] = replace(entry, yanked=entry.yanked or yanked, tombstone=entry.tombstone or tombstone)
    return {version: found[version] for version in sorted(found, key=version_key)}


def newest(index: Index) -> Entry | None:
    """The newest release that is not withdrawn; None if there is none."""
    good = [entry for entry in index.values() if entry.is_good]
    return max(good, key=lambda entry: version_key(entry.version), default=None)


def index_json(index: Index) -> bytes:
    """index.json as it is written: the same releases, the same bytes."""
    releases = [asdict(index[version]) for version in sorted(index, key=version_key)]
    return dump_json({"name": NAME, "format": FORMAT, "releases": releases}).encode()


def latest_json(entry: Entry | None) -> bytes:
    """latest.json as it is written; nulls where every release is withdrawn."""
    version, digest = (entry.version, entry.manifest_sha256) if entry else (None, None)
    return dump_json({"version": version, "manifest_sha256": digest}).encode()


def parse_index(data: bytes, where: str) -> dict[str, Entry]:
    """index.json as it was read. It comes from others, so nothing in it is taken on trust.

    Raises:
        Tampered: it is no index of this program's, or of a later format.
    """
    loaded = parse_json(data, where)
    try:
        if loaded["name"] != NAME or loaded["format"] != FORMAT:
            raise Tampered(
                f"{where} is an index of {loaded['name']!r} in format {loaded['format']!r}; this program reads format {FORMAT} "
                f"of {NAME}. A newer dateline may read it."
            )
        entries = [_entry(fields) for fields in loaded["releases"]]
    except (KeyError, TypeError, ValueError) as error:
        raise Tampered(
            f"{where} is no index of releases ({error!r}). Ask whoever publishes there to publish again."
        ) from error
    return {entry.version: entry for entry in entries}


def parse_json(data: bytes, where: str) -> dict[str, Any]:
    """A JSON object that came from elsewhere.

    Raises:
        Tampered: it is none.
    """
    try:
        loaded = json.loads(data)
    except ValueError as error:
        raise Tampered(f"{where} is no JSON ({error}). Ask whoever publishes there to publish again.") from error
    if not isinstance(loaded, dict):
        raise Tampered(f"{where} is no JSON object. Ask whoever publishes there to publish again.")
    return loaded


def _entry(fields: Mapping[str, Any]) -> Entry:
    yank = fields.get("yanked")
    entry = Entry(
        version=str(fields["version"]),
        manifest_sha256=str(fields["manifest_sha256"]),
        bytes=int(fields["bytes"]),
        yanked=YankSaid(str(yank["reason"]), yank["successor"] and str(yank["successor"]), str(yank["yanked_on"]))
        if yank
        else None,
        tombstone=bool(fields.get("tombstone")),
    )
    if not VERSION.fullmatch(entry.version):
        raise ValueError(f"{entry.version!r} is no version")
    if not DIGEST.fullmatch(entry.manifest_sha256):
        raise ValueError(f"{entry.manifest_sha256!r} is no SHA-256")
    return entry
