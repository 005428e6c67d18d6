"""refusals: pages that clean could read but that hold no article. Internal: release writes them into documents."""

import pyarrow as pa

from schemas.columns import DOCUMENT_ID
from schemas.table import Column, Table

REFUSALS = Table(
    name="refusals",
    stage="clean",
    row_is="one document that clean quarantines",
    columns=(
        DOCUMENT_ID,
        Column("status_reason", pa.string(), "Why, as a code.", nullable=False, pattern="[a-z_0-9]+"),
    ),
    key=("document_id",),
    released=False,
)
