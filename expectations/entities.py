"""entities: what mentions resolve to."""

from expectations.check import Check, at_most, never
from expectations.structure import structural
from schemas.entities import ENTITIES

CHECKS: tuple[Check, ...] = (
    *structural(ENTITIES),
    never(
        ENTITIES,
        "coordinates_in_pairs",
        "(latitude is null) <> (longitude is null)",
        "A latitude has a longitude.",
        column="latitude",
    ),
    never(
        ENTITIES,
        "not_null_island",
        "latitude = 0 and longitude = 0",
        "No place lies at (0, 0), which means unknown.",
        column="latitude",
    ),
    never(
        ENTITIES,
        "only_places_have_coordinates",
        "latitude is not null and entity_type not in ('GPE', 'LOC', 'FAC')",
        "Only places have coordinates.",
        column="latitude",
    ),
    never(ENTITIES, "has_alias", "len(aliases) = 0", "An entity was met under some wording.", column="aliases"),
    at_most(
        ENTITIES, "few_one_letter", "length(name) < 2", 0.01, "Few entities have a name of one letter.", least_rows=100
    ),
)
