"""Where published releases lie: a folder or a bucket, as one thing that publish and pull can ask for.

    place_of("published")               a folder (flows/share/folder.py)
    place_of("s3://bucket/prefix")      a bucket (flows/share/bucket.py)

Names are paths below the place, with `/`. An object is there whole or not at all: no reader of either kind sees a part.
"""

import errno
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from flows.errors import StorageFailed, UsageError

BUCKET_SCHEME = "s3://"


Told = Callable[[int], None]  # is told how many more bytes have gone through


@dataclass(frozen=True)
class Stored:
    """A small object as it was read.

    Attributes:
        data: its bytes.
        tag: what the place calls this content; `replace` writes only if it is still this.
    """

    data: bytes
    tag: str

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hex."""
        return sha256(self.data).hexdigest()


class Place(Protocol):
    """A folder or bucket with published releases. Every method raises DatelineErrors that say what to do next."""

    @property
    def address(self) -> str:
        """As the user wrote it."""

    def sizes(self, prefix: str) -> dict[str, int]:
        """Name to bytes of every object below `prefix` (a folder's name with its `/`); empty if there is none."""

    def read(self, name: str) -> Stored | None:
        """A small object; None if it is not there."""

    def create(self, name: str, data: bytes) -> bool:
        """Write a small object that must not be there yet; False, and nothing written, if it is."""

    def replace(self, name: str, data: bytes, tag: str) -> bool:
        """Write over a small object that must still be the one with this tag; False, and nothing written, if it is not."""

    def holds(self, name: str, size: int, digest: str) -> bool:
        """Is this object there, with this many bytes and this SHA-256, as far as the place can tell without handing it out?"""

    def upload(self, name: str, file: Path, digest: str, sent: Told) -> None:
        """Write a file of any size, over what may be there; its SHA-256 is kept with it, for `holds`."""

    def download(self, name: str, offset: int) -> Iterator[bytes]:
        """The bytes of an object from `offset` on, in parts.

        Raises:
            NotPublished: it is not there.
        """

    def delete(self, name: str) -> None:
        """Remove an object, if it is there."""


def place_of(address: str) -> Place:
    """The place that an address names.

    Raises:
        UsageError: the address is of a kind that is not known, or names no bucket.
    """
    if not address.strip():
        raise UsageError(
            "the address is empty (a variable that is not set?). Name a folder, or a bucket as s3://BUCKET/PREFIX"
        )
    if address.startswith(BUCKET_SCHEME):
        from flows.share.bucket import open_bucket

        return open_bucket(address)
    if found := re.match(r"([a-z][a-z0-9+.-]+)://", address):
        raise UsageError(
            f"{address}: {found[1]}:// is not known here. Name a folder, or a bucket as s3://BUCKET/PREFIX "
            "(for another S3 server than Amazon's: AWS_ENDPOINT_URL=…)."
        )
    from flows.share.folder import FolderPlace

    return FolderPlace(Path(address))


def is_remote(address: str) -> bool:
    """Is asking this place a question to another machine?

    >>> is_remote("s3://bucket/prefix"), is_remote("published")
    (True, False)
    """
    return address.startswith(BUCKET_SCHEME)


def told(parts: Iterator[bytes], sent: Told) -> Iterator[bytes]:
    """The same parts; of each, once the next is asked for, `sent` is told the bytes."""
    for part in parts:
        yield part
        sent(len(part))


def copying_failed(error: OSError, where: object) -> StorageFailed:
    """A full disk or missing rights, met while releases are copied, with what to do next.

    >>> print(copying_failed(OSError(errno.ENOSPC, "No space left on device", "a/b"), "a"))
    a/b: No space left on device. Free some space there, then do the same again: it goes on where it stopped.
    """
    advice = "Look at the disk"
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        advice = "Free some space there"
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        advice = f"Give this user the right to read and write {where}, or name another place"
    elif error.errno in (errno.ENOTDIR, errno.EEXIST, errno.EISDIR):
        advice = "Name another place"
    return StorageFailed(
        f"{error.filename or where}: {error.strerror or error}. {advice}, then do the same again: it goes on where it stopped."
    )
