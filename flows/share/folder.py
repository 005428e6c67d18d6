"""A folder as a place for releases: flushed to the disk, and fenced by hard links and a lock where a bucket has conditional puts."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flows.errors import NotPublished
from flows.share.places import Stored, Told, copying_failed, told
from flows.store.durable import fsync_path, write_whole
from flows.store.parquet import file_sha256

READ_ONLY = 0o444
PART_BYTES = 1 << 20  # read and written at a time
LOCK = ".lock"
STALE_SECONDS = 3600  # after which a part that nobody has written to is a killed publisher's


@dataclass(frozen=True)
class FolderPlace:
    """Releases below a folder. Temporary files and the lock are hidden, and nobody takes them for published ones."""

    root: Path

    @property
    def address(self) -> str:
        """The folder, as the user wrote it."""
        return str(self.root)

    def sizes(self, prefix: str) -> dict[str, int]:
        """Name to bytes of every file below `prefix`."""
        with self._named():
            return {
                path.relative_to(self.root).as_posix(): path.stat().st_size
                for path in sorted((self.root / prefix).rglob("*"))
                if path.is_file() and not path.name.startswith(".")
            }

    def read(self, name: str) -> Stored | None:
        """A small file; None if it is not there."""
        with self._named():
            try:
                data = (self.root / name).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                return None
        return Stored(data, sha256(data).hexdigest())

    def create(self, name: str, data: bytes) -> bool:
        """Write a file that must not be there yet, by a hard link, which no two processes can make under one name."""
        path = self.root / name
        with self._named():
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = _beside(path)
            try:
                _write_flushed(beside, iter([data]))
                os.link(beside, path)
            except FileExistsError:
                return False
            finally:
                beside.unlink(missing_ok=True)
            fsync_path(path.parent)
        return True

    def replace(self, name: str, data: bytes, tag: str) -> bool:
        """Write over a file that must still be the one with this tag: looked at and renamed under the folder's lock."""
        from filelock import FileLock

        with self._named(), FileLock(self.root / LOCK):
            there = self.read(name)
            if there is None or there.tag != tag:
                return False
            write_whole(self.root / name, data)
        return True

    def holds(self, name: str, size: int, digest: str) -> bool:
        """Is this file there, with this size and this SHA-256? It is read to know."""
        path = self.root / name
        with self._named():
            return path.is_file() and path.stat().st_size == size and file_sha256(path) == digest

    def upload(self, name: str, file: Path, digest: str, sent: Told) -> None:  # noqa: ARG002  # here the file itself can be asked
        """Copy a file under a hidden name, flush it, rename it; read-only."""
        path = self.root / name
        with self._named():
            path.parent.mkdir(parents=True, exist_ok=True)
            _sweep(path)
            beside = _beside(path)
            try:
                _write_flushed(beside, told(_parts(file, 0), sent))
                beside.chmod(READ_ONLY)
                beside.replace(path)
            finally:
                beside.unlink(missing_ok=True)
            fsync_path(path.parent)

    def download(self, name: str, offset: int) -> Iterator[bytes]:
        """The bytes of a file from `offset` on."""
        with self._named():
            try:
                yield from _parts(self.root / name, offset)
            except (FileNotFoundError, NotADirectoryError) as error:
                raise NotPublished(f"{self.root / name} is not there") from error

    def delete(self, name: str) -> None:
        """Remove a file, if it is there."""
        with self._named():
            (self.root / name).unlink(missing_ok=True)

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Let the operating system's errors say what to do next.

        Raises:
            StorageFailed: a full disk, missing rights.
        """
        try:
            yield
        except OSError as error:
            raise copying_failed(error, self.root) from error


def _beside(path: Path) -> Path:
    """A hidden name of this process's own, in the same folder."""
    return path.with_name(f".{path.name}.{socket.gethostname()}.{os.getpid()}.{threading.get_ident()}.part")


def _sweep(path: Path) -> None:
    """Remove what killed publishers left of this file."""
    for part in path.parent.glob(f".{path.name}.*.part"):
        if time.time() - part.stat().st_mtime > STALE_SECONDS:
            part.unlink(missing_ok=True)


def _parts(file: Path, offset: int) -> Iterator[bytes]:
    with file.open("rb") as stream:
        stream.seek(offset)
        while part := stream.read(PART_BYTES):
            yield part


def _write_flushed(path: Path, parts: Iterator[bytes]) -> None:
    with path.open("wb") as stream:
        for part in parts:
            stream.write(part)
        stream.flush()
        os.fsync(stream.fileno())
