"""entities: the persons, organisations and places that mentions resolve to."""

import pyarrow as pa

from schemas.codes import ENTITY_TYPES
from schemas.columns import id_column
from schemas.table import Column, Table

ENTITIES = Table(
    name="entities",
    stage="link",
    row_is="one person, organisation, place, group or named event that mentions resolve to",
    columns=(
        id_column("entity_id", "Hash of type and canonical name."),
        Column("name", pa.string(), "Canonical name.", nullable=False),
        Column(
            "entity_type", pa.string(), "OntoNotes label of most of its mentions.", nullable=False, codes=ENTITY_TYPES
        ),
        Column(
            "country_code", pa.string(), "ISO 3166-1 alpha-3 of the country it is or belongs to.", pattern="[A-Z]{3}"
        ),
        Column("aliases", pa.list_(pa.string()), "Every wording met, sorted.", nullable=False),
        Column("latitude", pa.float64(), "WGS 84, degrees; places only.", low=-90.0, high=90.0),
        Column("longitude", pa.float64(), "WGS 84, degrees; places only.", low=-180.0, high=180.0),
        Column("geonames_id", pa.int64(), "GeoNames id; places only.", low=1),
        Column("article_count", pa.int32(), "Articles that mention it.", nullable=False, low=1),
    ),
    key=("entity_id",),
    may_be_empty=False,
)
