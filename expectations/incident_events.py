"""incident_events: which events report an incident."""

from expectations.check import Check
from expectations.structure import structural
from schemas.incident_events import INCIDENT_EVENTS

CHECKS: tuple[Check, ...] = (*structural(INCIDENT_EVENTS),)
