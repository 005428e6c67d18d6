"""entities: the persons, organisations and places that mentions resolve to."""

import pyarrow as pa

from schemas.codes import ENTITY_TYPES, PLACE_PRECISION
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
            "country_code",
            pa.string(),
            "ISO 3166-1 alpha-3 of the country it is or belongs to; of a place in dispute a neutral code of the kind "
            "that ISO leaves to users (X..), see places.meta.yml.",
            pattern="[A-Z]{3}",
        ),
        Column(
            "claimed_by",
            pa.list_(pa.string()),
            "ISO 3166-1 alpha-3 of the states between which a place is in dispute, sorted; empty elsewhere.",
            nullable=False,
        ),
        Column(
            "aliases",
            pa.list_(pa.string()),
            "Every wording met, sorted; of an office-holder also the wordings of the office.",
            nullable=False,
        ),
        Column(
            "roles",
            pa.list_(pa.string()),
            "Public offices that the reference table knows, the earliest first: role, country and ISO 8601 interval of "
            "days, .. where open; persons only.",
            nullable=False,
        ),
        Column("wikidata_id", pa.string(), "Wikidata item, where known for certain; persons only.", pattern="Q[0-9]+"),
        Column("latitude", pa.float64(), "WGS 84, degrees; places only.", low=-90.0, high=90.0),
        Column("longitude", pa.float64(), "WGS 84, degrees; places only.", low=-180.0, high=180.0),
        Column(
            "place_precision",
            pa.string(),
            "What the coordinates stand for: the middle of a site, a city, an area (valley, sea, island), a region, a "
            "country or a continent; null without coordinates.",
            codes=PLACE_PRECISION,
        ),
        Column("geonames_id", pa.int64(), "GeoNames id; places only.", low=1),
        Column("article_count", pa.int32(), "Articles that mention it, by name or by office.", nullable=False, low=1),
    ),
    key=("entity_id",),
    id_recipe=("group of its type", "folded canonical name"),
    may_be_empty=False,
)
