"""A real disk that is too small, for tests that fill it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

# The owner's pid is the name of the disk, so that the next test can tell a disk in use from one whose test was killed.
SOURCE = "dateline-test-"

needs_mount = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("mount"), reason="only root can mount a small disk"
)


@contextmanager
def small_disk(size_bytes: int) -> Iterator[Path]:
    """A disk of so many bytes. It lies outside pytest's own folders: those are emptied at the end of every later
    session, and a disk that a killed test left mounted in one of them made each of those sessions fail."""
    _unmount_those_of_the_dead()
    disk = Path(tempfile.mkdtemp(prefix="dateline-disk-"))
    source = f"{SOURCE}{os.getpid()}"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size_bytes}", source, str(disk)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode != 0:
        disk.rmdir()
        pytest.skip(f"mounting is not allowed here: {mounted.stderr.strip()}")
    try:
        yield disk
    finally:
        _unmount(disk)


def remount(disk: Path, option: str) -> None:
    """Change a disk in use: `size=200m` to let it grow, `ro` to take the right to write."""
    subprocess.run(["mount", "-o", f"remount,{option}", str(disk)], check=True)


def _unmount(disk: Path) -> None:
    # lazily: a server that the test has just stopped may hold a file for some moments more
    subprocess.run(["umount", "--lazy", str(disk)], check=True)
    disk.rmdir()


def _unmount_those_of_the_dead() -> None:
    for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines():
        source, disk, *_ = line.split()
        if source.startswith(SOURCE) and not Path("/proc", source.removeprefix(SOURCE)).exists():
            _unmount(Path(disk))
