"""dateline.lock: the release that a project uses, to be kept with the project's code.

    {"name": "dateline", "version": "1.2.0", "manifest_sha256": "…", "source": "s3://bucket/prefix", "folder": "data"}

The manifest's digest pins every byte of the release, wherever it is pulled from. `source` and `folder` are as the user wrote
them: relative ones from the folder that the lock lies in.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from flows.errors import UsageError
from flows.share.index import DIGEST, NAME, VERSION
from flows.share.places import BUCKET_SCHEME, copying_failed
from flows.store.durable import dump_json, write_whole

LOCK = "dateline.lock"


@dataclass(frozen=True)
class Lock:
    """A pinned release.

    Attributes:
        name: of the dataset.
        version: MAJOR.MINOR.PATCH.
        manifest_sha256: of the bytes of its manifest.json.
        source: folder or bucket that it was pulled from.
        folder: where it was pulled to.
    """

    name: str
    version: str
    manifest_sha256: str
    source: str
    folder: str


def read_lock(file: Path) -> Lock | None:
    """What a lock says; None if there is none.

    Raises:
        UsageError: it cannot be read as a lock.
    """
    try:
        loaded = json.loads(file.read_text(encoding="utf-8"))
        lock = Lock(**{name: str(loaded[name]) for name in Lock.__dataclass_fields__})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{file} cannot be read as a lock ({error!r}). {_REMEDY}") from error
    if lock.name != NAME or not VERSION.fullmatch(lock.version) or not DIGEST.fullmatch(lock.manifest_sha256):
        raise UsageError(
            f"{file} pins {lock.name} {lock.version} ({lock.manifest_sha256}), which is no release of {NAME}. {_REMEDY}"
        )
    return lock


_REMEDY = "Take it from version control as it was, or remove it and pull by name: dateline pull SOURCE VERSION --to DIR"


def write_lock(file: Path, lock: Lock) -> None:
    """Replace a lock, in one rename.

    Raises:
        StorageFailed: the disk is full, or the folder may not be written.
    """
    try:
        write_whole(file, dump_json(asdict(lock)))
    except OSError as error:
        raise copying_failed(error, file) from error


def as_written(path: str, file: Path) -> str:
    """A source or folder as the lock is to hold it: relative ones are given from here, and kept from the lock's folder.

    >>> as_written("published", Path("dateline.lock")), as_written("s3://bucket/prefix", Path("project/dateline.lock"))
    ('published', 's3://bucket/prefix')
    >>> as_written("published", Path("project/dateline.lock"))
    '../published'
    """
    if path.startswith(BUCKET_SCHEME) or Path(path).is_absolute():
        return path
    return Path(os.path.relpath(path, file.parent)).as_posix()


def as_seen_from_here(path: str, file: Path) -> str:
    """A source or folder that a lock holds, from where this program runs.

    >>> as_seen_from_here("../published", Path("project/dateline.lock"))
    'project/../published'
    """
    if path.startswith(BUCKET_SCHEME) or Path(path).is_absolute():
        return path
    return (file.parent / path).as_posix()
