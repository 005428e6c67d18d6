"""Reading seeds/reference: CSV files and trained weights, each with a .meta.yml that says where it comes from.

The argument of `reference_rows` and `reference_bytes` must be a literal: the ledger's fingerprint reads it from the source
to know which files a stage depends on (flows/store/fingerprint.py).
"""

import csv
from functools import cache
from importlib.resources import files

from flows.errors import ReferenceDamaged


@cache
def reference_rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of seeds/reference/`name`, as read: every value a string, empty where there is none.

    Raises:
        ReferenceDamaged: the file is not there. An empty file is no error: extractors work on without it.
    """
    return tuple(csv.DictReader(reference_bytes(name).decode("utf-8").splitlines()))


def reference_bytes(name: str) -> bytes:
    """seeds/reference/`name` as it is.

    Raises:
        ReferenceDamaged: the file is not there.
    """
    path = files("seeds") / "reference" / name
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReferenceDamaged(f"seeds/reference/{name} cannot be read ({error}). Reinstall dateline.") from error
