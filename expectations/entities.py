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
    never(
        ENTITIES,
        "coordinates_have_precision",
        "(latitude is null) <> (place_precision is null)",
        "Coordinates say what they stand for.",
        column="place_precision",
    ),
    never(
        ENTITIES,
        "claimants_are_countries",
        "not list_aggregate(list_transform(claimed_by, lambda code: regexp_full_match(code, '[A-Z]{3}')), 'bool_and')",
        "Claimants are ISO 3166-1 alpha-3 codes.",
        column="claimed_by",
    ),
    never(
        ENTITIES,
        "only_places_are_claimed",
        "len(claimed_by) > 0 and entity_type not in ('GPE', 'LOC', 'FAC')",
        "Only places are claimed.",
        column="claimed_by",
    ),
    never(
        ENTITIES,
        "only_persons_hold_office",
        "(len(roles) > 0 or wikidata_id is not null) and entity_type <> 'PERSON'",
        "Only persons hold offices.",
        column="roles",
    ),
    never(ENTITIES, "has_alias", "len(aliases) = 0", "An entity was met under some wording.", column="aliases"),
    at_most(
        ENTITIES, "few_one_letter", "length(name) < 2", 0.01, "Few entities have a name of one letter.", least_rows=100
    ),
)
