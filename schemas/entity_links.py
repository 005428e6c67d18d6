"""entity_links: which entity a fact's name is. Internal: link's narrow map, which release joins into the columns that link owns."""

import pyarrow as pa

from schemas.columns import ENTITY_ID, ID_PATTERN
from schemas.table import Column, Table

ENTITY_LINKS = Table(
    name="entity_links",
    stage="link",
    row_is="one name in one fact and the entity that it is",
    columns=(
        Column("table_name", pa.string(), "The fact's table.", nullable=False),
        Column("row_id", pa.string(), "The fact's own id.", nullable=False, pattern=ID_PATTERN),
        ENTITY_ID,
        Column(
            "country_code",
            pa.string(),
            "ISO 3166-1 alpha-3 of the entity, or of the state that a party without one is described by.",
            pattern="[A-Z]{3}",
        ),
    ),
    key=("table_name", "row_id"),
    released=False,
)
