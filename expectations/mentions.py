"""mentions: names, each resolved to an entity."""

from expectations.check import Check, at_most, hashed, never
from expectations.structure import structural
from schemas.mentions import MENTIONS

LONG_NAME_CHARS = 120  # the longest names of bodies on the sample pages have about 80
MAX_LONG_SHARE = 0.01

CHECKS: tuple[Check, ...] = (
    *structural(MENTIONS),
    hashed(MENTIONS, "document_id", "start_char", "end_char"),
    never(MENTIONS, "resolved", "entity_id is null", "Every mention resolves to an entity.", column="entity_id"),
    never(
        MENTIONS,
        "has_letters",
        "not regexp_matches(text, '\\pL|\\pN')",
        "A name holds a letter or digit.",
        column="text",
    ),
    at_most(
        MENTIONS,
        "few_long",
        f"end_char - start_char > {LONG_NAME_CHARS}",
        MAX_LONG_SHARE,
        "Few names are very long.",
        least_rows=200,
    ),
)
