"""event_mentions: structure only; relations.py ties them to their events."""

from expectations.check import Check
from expectations.structure import structural
from schemas.event_mentions import EVENT_MENTIONS

CHECKS: tuple[Check, ...] = structural(EVENT_MENTIONS)
