"""event_actors: parties with names."""

from expectations.check import Check, hashed, never
from expectations.structure import structural
from schemas.event_actors import EVENT_ACTORS

CHECKS: tuple[Check, ...] = (
    *structural(EVENT_ACTORS),
    hashed(EVENT_ACTORS, "event_id", "role", "name"),
    never(EVENT_ACTORS, "named", "trim(name) = ''", "A party has a name.", column="name"),
)
