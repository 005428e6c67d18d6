"""What Prefect and Great Expectations read from the environment when they are imported."""

import os
from pathlib import Path

from flows.store.warehouse import Warehouse


def prefect_environment(*, verbose: bool, warehouse: Warehouse | None = None) -> None:
    """What Prefect and Great Expectations read at import: no telemetry, a patient start, a quiet log unless asked for.

    Prefect keeps its database below the home folder; where there is none that can be written, in the warehouse's state/.
    """
    if warehouse is not None and not os.environ.get("PREFECT_HOME") and not _home_is_writable():
        os.environ["PREFECT_HOME"] = str(warehouse.state.absolute() / "prefect")
    defaults = {
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "GX_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",  # 8–20 s on a free machine
        "PREFECT_LOGGING_LEVEL": "INFO" if verbose else "CRITICAL",
        "PREFECT_LOGGING_ROOT_LEVEL": "WARNING" if verbose else "CRITICAL",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


def _home_is_writable() -> bool:
    try:
        folder = Path.home() / ".prefect"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # RuntimeError: nobody knows where this user's home is
        return False
    return os.access(folder, os.W_OK)
