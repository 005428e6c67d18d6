"""Where everything lives in a warehouse, what `current` is, and who may write.

releases/<version>/   immutable releases          current            → releases/<version>
rejected/<id>/        refused candidates          dateline.duckdb    → current/dateline.duckdb
staging/              candidates being built      work/              the ledger (flows/store/ledger.py)
state/                who writes, last refusal    .lock              held by the one run that writes
runs/<id>/            events and report of a run  (flows/store/runs.py)
yanked/ takedowns/    what was withdrawn          (flows/store/withdrawn.py)
"""

import json
import os
import secrets
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows.errors import StorageFailed, UsageError, WarehouseBusy, WarehouseDamaged, WarehouseOvertaken
from flows.store.durable import dump_json, write_whole
from flows.store.steps import reached

MANIFEST = "manifest.json"
DATABASE = "dateline.duckdb"
LOCK = ".lock"
WRITER = "writer"  # state file: who holds the lock, or held it last

_tokens: dict[Path, str] = {}  # of the warehouses that this process writes to


@dataclass(frozen=True)
class Warehouse:
    """The folder of releases and everything around them."""

    root: Path

    @property
    def releases(self) -> Path:
        """Immutable releases, one folder a version."""
        return self.root / "releases"

    @property
    def rejected(self) -> Path:
        """Refused candidates, kept for inspection."""
        return self.root / "rejected"

    @property
    def staging(self) -> Path:
        """Candidates being built."""
        return self.root / "staging"

    @property
    def work(self) -> Path:
        """The ledger's entries."""
        return self.root / "work"

    @property
    def state(self) -> Path:
        """What happened last: JSON files."""
        return self.root / "state"

    @property
    def runs(self) -> Path:
        """What became of each run (flows/store/runs.py)."""
        return self.root / "runs"

    @property
    def current(self) -> Path:
        """Symlink to the newest good release that is not yanked."""
        return self.root / "current"

    def prepare(self) -> None:
        """Make the folders.

        Raises:
            UsageError: the folder cannot be made or written.
        """
        try:
            for folder in (self.releases, self.rejected, self.staging, self.work, self.state):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                f"the warehouse {self.root} cannot be written: {error.strerror}. Choose another: --warehouse DIR"
            ) from error
        if not os.access(self.root, os.W_OK):
            raise UsageError(f"the warehouse {self.root} is read-only. Choose another: --warehouse DIR")

    def versions(self) -> list[str]:
        """Released versions, oldest first, by number.

        Folders without a manifest are no releases.
        """
        found = [path.name for path in self.releases.glob("*") if (path / MANIFEST).is_file()]
        return sorted(found, key=version_key)

    def current_version(self) -> str | None:
        """The version that `current` points at; None before the first release.

        Raises:
            WarehouseDamaged: the link points at something that is no release.
        """
        if not self.current.is_symlink():
            return None
        version = self.current.readlink().name
        if not (self.releases / version / MANIFEST).is_file():
            raise WarehouseDamaged(
                f"{self.current} points at {version}, which has no manifest. Releases here: "
                f"{', '.join(self.versions()) or 'none'}. Try: dateline verify, then run again."
            )
        return version

    def release(self, version: str | None = None) -> Path:
        """The folder of a version, or of the current one.

        Raises:
            UsageError: there is no such release.
        """
        wanted = self.current_version() if version is None else version
        if wanted is None and (known := self.versions()):
            raise UsageError(
                f"{self.root} has no current release: of {', '.join(known)} none is in use (dateline releases). Name one: "
                "--version V, make another: dateline run INPUT, or take a yank back: dateline yank V --undo"
            )
        if wanted is None:
            raise UsageError(f"{self.root} holds no release yet. Make one: dateline run INPUT --warehouse {self.root}")
        folder = self.releases / wanted
        if "/" in wanted or not (folder / MANIFEST).is_file():
            raise UsageError(
                f"{self.root} has no release {wanted or 'without a name'}. It has: {', '.join(self.versions()) or 'none'}."
            )
        return folder

    def manifest(self, version: str | None = None) -> dict[str, Any]:
        """The manifest of a version, or of the current one."""
        return read_manifest(self.release(version))

    def read_state(self, name: str) -> dict[str, Any] | None:
        """A state file, None if there is none or it cannot be read (state is a convenience, never the truth)."""
        try:
            loaded: dict[str, Any] = json.loads((self.state / f"{name}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return loaded

    def write_state(self, name: str, value: dict[str, Any]) -> None:
        """Replace a state file."""
        write_whole(self.state / f"{name}.json", dump_json(value))

    def forget_state(self, name: str) -> None:
        """Remove a state file, if it is there."""
        (self.state / f"{name}.json").unlink(missing_ok=True)

    @contextmanager
    def writing(self, wait_seconds: float = 0) -> Iterator[None]:
        """Hold the warehouse's lock; the kernel frees it when the process ends, however it ends.

        A lock can be lost all the same: somebody deletes the file, or a network drive forgets it while this process
        sleeps. So whoever gets it also writes a token, and looks before each step of publishing whether it still stands
        there (`check_writing`).

        Args:
            wait_seconds: how long to wait for another run.

        Raises:
            WarehouseBusy: another run holds it.
        """
        from filelock import FileLock, Timeout

        try:
            lock = FileLock(self.root / LOCK, timeout=wait_seconds, thread_local=False)
            lock.acquire()
        except Timeout as error:
            writer = self.read_state(WRITER) or {}
            who = f" (process {writer['pid']} on {writer['host']}, since {writer['since']})" if writer else ""
            waited = f"It was waited for {wait_seconds:g} s. " if wait_seconds else ""
            raise WarehouseBusy(
                f"another run{who} is writing to {self.root}. {waited}Run again when it is done "
                f"(dateline status --warehouse {self.root}), wait for it with --wait SECONDS, or use another warehouse."
            ) from error
        token = secrets.token_hex(16)
        try:
            self.write_state(
                WRITER, {"token": token, "pid": os.getpid(), "host": socket.gethostname(), "since": _now()}
            )
            _tokens[self.root.resolve()] = token
            reached("run.locked")
            yield
        finally:
            _tokens.pop(self.root.resolve(), None)
            lock.release()

    @contextmanager
    def storage_failures_named(self) -> Iterator[None]:
        """Let a full disk or missing rights, met anywhere in the block, be said as such.

        Raises:
            StorageFailed: from the operating system's error, or DuckDB's about a file.
        """
        try:
            yield
        except OSError as error:
            if error.errno is None or isinstance(error, ConnectionError | TimeoutError):
                raise
            raise StorageFailed.from_error(error, self.root) from error
        except Exception as error:
            if type(error).__name__ != "IOException":  # DuckDB's; importing it here would cost the query path
                raise
            raise StorageFailed.from_error(OSError(None, str(error)), self.root) from error

    def check_writing(self) -> None:
        """Pass if this process is still the one that writes.

        Raises:
            WarehouseOvertaken: another run has taken the warehouse meanwhile.
        """
        writer = self.read_state(WRITER) or {}
        if writer.get("token") is None or writer["token"] != _tokens.get(self.root.resolve()):
            raise WarehouseOvertaken(
                f"another run (process {writer.get('pid')} on {writer.get('host')}) has taken {self.root} since this one began: "
                "this one publishes nothing. Let only one run write at a time, and do not delete "
                f"{self.root / LOCK} while one does."
            )

    def sweep_unfinished(self) -> int:
        """Remove what killed runs left half done, except releases; how many folders and files. Only under the lock."""
        from flows.store.ledger import sweep_unfinished

        removed = sweep_unfinished(self.work)
        for folder in self.staging.glob("*"):
            remove_tree(folder)
            removed += 1
        for beside in (*self.root.glob(".*.*"), *self.state.glob(".*.*")):  # a link or state file that was not renamed
            beside.unlink(missing_ok=True)
            removed += 1
        return removed


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a release, or of an exported copy.

    Raises:
        WarehouseDamaged: it is no JSON any more.
    """
    path = folder / MANIFEST
    try:
        loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WarehouseDamaged(
            f"{path} cannot be read: {error}. The file is damaged: fetch the release again, or run again on the same input."
        ) from error
    return loaded


def remove_tree(folder: Path) -> None:
    """Remove a folder whose files may be read-only."""
    make_writable(folder)
    shutil.rmtree(folder)


def make_writable(folder: Path) -> None:
    """Give files below a folder back their write bit, so that it can be removed on every platform."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o200)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def version_key(version: str) -> tuple[int, ...]:
    """MAJOR.MINOR.PATCH as numbers.

    >>> sorted(["1.10.0", "1.9.0"], key=version_key)
    ['1.9.0', '1.10.0']
    """
    return tuple(int(part) if part.isdigit() else -1 for part in version.split("."))
