"""Write, fsync, rename: a file or folder is there whole or not at all."""

import json
import os
from pathlib import Path
from typing import Any


def fsync_path(path: Path) -> None:
    """Flush a file or folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fsync_tree(folder: Path) -> None:
    """Flush every file below a folder, then the folders, deepest first."""
    for path in sorted(folder.rglob("*"), key=lambda path: -len(path.parts)):
        if not path.is_symlink():
            fsync_path(path)
    fsync_path(folder)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write beside, fsync, rename over: a reader sees the old content or the new, never a part."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)  # on a full disk the half that was written is in the way
        raise
    fsync_path(path.parent)


def dump_json(value: Any) -> str:
    """JSON for people and diffs: indented, keys sorted, with a newline at the end.

    >>> print(dump_json({"b": 1, "a": "ä"}), end="")
    {
      "a": "ä",
      "b": 1
    }
    """
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def swap_link(link: Path, target: str) -> None:
    """Make a symlink point at `target` (relative to its folder) in one rename."""
    beside = link.with_name(f".{link.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    beside.symlink_to(target)
    beside.replace(link)
    fsync_path(link.parent)
