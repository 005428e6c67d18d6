"""records: every input met, with the metadata it carried. Internal: what clean weighs against the page's own words."""

import pyarrow as pa

from schemas.columns import DOCUMENT_ID
from schemas.table import Column, Table

RECORDS = Table(
    name="records",
    stage="ingest",
    row_is="one input met (a file, or a record in a file) and the metadata it carried",
    columns=(
        Column("uri", pa.string(), "Where it was met.", nullable=False),
        DOCUMENT_ID,
        Column("url", pa.string(), "Web address that the input gives."),
        Column("title", pa.string(), "Title that the input gives."),
        Column("published", pa.string(), "Publication date that the input gives, as given."),
        Column("publisher", pa.string(), "Outlet that the input gives."),
        Column("language", pa.string(), "Language that the input gives."),
    ),
    key=("uri", "document_id"),
    released=False,
)
