"""What a run is told: from dateline.toml, then from the command line."""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from flows import SETTINGS_FILE
from flows.errors import UsageError


class Settings(BaseModel):
    """Everything that a run can be told; each key may stand in dateline.toml.

    >>> Settings(inputs=("news",)).warehouse
    PosixPath('warehouse')
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    inputs: tuple[str, ...] = Field((), description="Files, folders and patterns to read.")
    warehouse: Path = Field(Path("warehouse"), description="Folder of releases.")
    workers: int = Field(0, ge=0, le=256, description="Processes; 0 means one a core.")
    keep: bool = Field(
        default=False, description="Carry over documents of the parent release that the inputs no longer hold."
    )
    wait_seconds: float = Field(
        0, ge=0, le=604_800, description="How long a run waits for another that is writing; 0 refuses at once."
    )
    corrections: Annotated[Path | None, BeforeValidator(lambda given: given or None)] = Field(
        None, description="CSV of values to put right after extraction; empty for none."
    )
    cron: str | None = Field(None, description="When `dateline serve` runs, in cron's five fields.")
    webhook: SecretStr | None = Field(
        None,
        description="Address that Prefect's server calls on a release and on a refusal; `dateline webhook` sets it up.",
    )
    map: dict[str, str] = Field(
        default_factory=dict, description="Record fields: ours = theirs, such as published = 'when'."
    )

    @property
    def worker_count(self) -> int:
        """Processes to use: as set, else one a core that this process may use."""
        if self.workers:
            return self.workers
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


RECORD_FIELDS = ("id", "text", "html", "url", "title", "published", "publisher", "language")


def load_settings(file: Path | None = None, **overrides: Any) -> Settings:
    """Settings from `file` (default: dateline.toml in the working folder, if there), then the overrides that are not None.

    Raises:
        UsageError: the file is missing although named, cannot be read, or holds an unknown key or a bad value, or a name in it is no UTF-8,
            or the warehouse's path has a question mark.
    """
    found: dict[str, Any] = {}
    path = file or Path(SETTINGS_FILE)
    if path.is_file():
        try:
            found = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise UsageError(f"{path} cannot be read: {error}") from error
    elif file is not None:
        raise UsageError(f"there is no settings file {file}")
    found.update({name: value for name, value in overrides.items() if value is not None})
    try:
        settings = Settings.model_validate(found)
    except ValidationError as error:
        lines = "; ".join(f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors())
        raise UsageError(f"{path}: {lines}. Known keys: {', '.join(Settings.model_fields)}.") from error
    for name in (*settings.inputs, str(settings.warehouse)):
        try:
            name.encode("utf-8")
        except UnicodeEncodeError as error:
            shown = os.fsencode(name).decode("utf-8", "backslashreplace")
            raise UsageError(
                f"the name {shown!r} is no UTF-8, which Prefect and DuckDB need. Rename it, or go into that folder and "
                "write `.` for it. What lies inside an input may have any name."
            ) from error
    if "?" in str(settings.warehouse.absolute()):
        # DuckDB takes what follows for the options of an address, and looks for its journal in a folder that is not there
        raise UsageError(
            f"the warehouse {settings.warehouse} has a ? in its path, below which DuckDB cannot write. Use another: --warehouse DIR"
        )
    if strange := sorted(set(settings.map) - set(RECORD_FIELDS)):
        raise UsageError(
            f"unknown record field {strange[0]!r} in the field map. Ours are: {', '.join(RECORD_FIELDS)}. Write ours=theirs."
        )
    return settings
