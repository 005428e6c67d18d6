"""diff/<table>.parquet: how the rows of a table differ from the parent release's. The same columns for every table."""

import pyarrow as pa

from schemas.codes import CAUSES, CHANGES
from schemas.table import Column, Table

# Not in the registry: it is no table of a release but the form of many files beside its tables, one a table.
DIFF = Table(
    name="diff",
    stage="release",
    row_is="one row of a table that the release and its parent do not share, or have with other values",
    columns=(
        Column(
            "row_id",
            pa.string(),
            "The row: its id; where a table has none of its own, the columns of its key in order, joined by colons.",
            nullable=False,
        ),
        Column(
            "change",
            pa.string(),
            "added: only in the release; retracted: only in the parent; revised: in both, with other values.",
            nullable=False,
            codes=CHANGES,
        ),
        Column(
            "changed_columns",
            pa.list_(pa.string()),
            "Of a revised row, the columns that differ, in the table's order; empty for others.",
            nullable=False,
        ),
        Column(
            "old",
            pa.string(),
            "JSON object: column to value in the parent; of a revised row the changed columns, of a retracted one all that are not null. "
            "Floats have six decimals, article text is sha256: and its digest. Null for added rows, and where a document was taken down.",
        ),
        Column("new", pa.string(), "The same of the release; null for retracted rows."),
        Column(
            "cause",
            pa.string(),
            "Why, the first that applies: correction (the row, or where nothing else applies one of the same document, has other corrections by hand); new_input, changed_input, removed_input "
            "(a document of the row is new, has other bytes or other metadata at the same uri, is gone); code (of the stage that makes it, or of one "
            "before); reference_data (only files under seeds/reference differ); linking (other documents moved it).",
            nullable=False,
            codes=CAUSES,
        ),
    ),
    key=("row_id",),
    released=False,
)
