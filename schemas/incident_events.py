"""incident_events: which events report an incident."""

import pyarrow as pa

from schemas.columns import ID_PATTERN, INCIDENT_ID
from schemas.table import Column, Table

INCIDENT_EVENTS = Table(
    name="incident_events",
    stage="link",
    row_is="one event and the incident that it reports",
    columns=(
        INCIDENT_ID,
        Column(
            "event_id",
            pa.string(),
            "The event; each is of one incident at most.",
            nullable=False,
            pattern=ID_PATTERN,
            references="events.event_id",
        ),
    ),
    key=("event_id",),
)
