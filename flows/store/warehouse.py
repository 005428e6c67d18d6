"""Where everything lives in a warehouse, what `current` is, and who may write.

releases/<version>/   immutable releases          current            → releases/<version>
rejected/<id>/        refused candidates          dateline.duckdb    → current/dateline.duckdb
staging/              candidates being built      work/              the ledger (flows/store/ledger.py)
state/                last run, last refusal      .lock              held by the one run that writes
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows.errors import UsageError, WarehouseBusy, WarehouseDamaged
from flows.store.durable import dump_json, write_whole

MANIFEST = "manifest.json"
DATABASE = "dateline.duckdb"


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
    def current(self) -> Path:
        """Symlink to the newest good release."""
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
        wanted = version or self.current_version()
        if wanted is None:
            raise UsageError(f"{self.root} holds no release yet. Make one: dateline run INPUT --warehouse {self.root}")
        folder = self.releases / wanted
        if "/" in wanted or not (folder / MANIFEST).is_file():
            raise UsageError(f"{self.root} has no release {wanted}. It has: {', '.join(self.versions()) or 'none'}.")
        return folder

    def manifest(self, version: str | None = None) -> dict[str, Any]:
        """The manifest of a version, or of the current one."""
        path = self.release(version) / MANIFEST
        try:
            loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise WarehouseDamaged(f"{path} cannot be read: {error}. Try: dateline verify") from error
        return loaded

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

    @contextmanager
    def recorded(self) -> Iterator[dict[str, Any]]:
        """Keep what becomes of a run in state/last_run.json: fill the dictionary given; an exception is recorded and goes on."""
        run: dict[str, Any] = {"started": _now()}
        try:
            yield run
        except BaseException as error:
            run |= {
                "result": getattr(error, "run_result", "failed"),
                "message": str(error)[:2000] or type(error).__name__,
            }
            raise
        finally:
            self.write_state("last_run", {**run, "ended": _now()})

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the warehouse's lock; the kernel frees it when the process ends, however it ends.

        Raises:
            WarehouseBusy: another run holds it.
        """
        from filelock import FileLock, Timeout

        try:
            lock = FileLock(self.root / ".lock", timeout=0, thread_local=False)
            lock.acquire()
        except Timeout as error:
            raise WarehouseBusy(
                f"another run is writing to {self.root}. Wait for it (dateline status --warehouse {self.root}) or use another warehouse."
            ) from error
        try:
            yield
        finally:
            lock.release()

    def sweep_staging(self) -> None:
        """Remove candidates that a killed run left behind. Only under the lock."""
        for path in self.staging.glob("*"):
            make_writable(path)
            shutil.rmtree(path, ignore_errors=True)


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
