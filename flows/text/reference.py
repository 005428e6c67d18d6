"""Reading seeds/reference: CSV files, each with a .meta.yml that says where its facts come from.

The argument of `reference_rows` must be a literal: the ledger's fingerprint reads it from the source to know which
files a stage depends on (flows/store/fingerprint.py).
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
    path = files("seeds") / "reference" / name
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ReferenceDamaged(f"seeds/reference/{name} cannot be read ({error}). Reinstall dateline.") from error
    return tuple(csv.DictReader(text.splitlines()))
