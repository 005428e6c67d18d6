"""event_actors: the parties to an event."""

import pyarrow as pa

from schemas.codes import EVENT_ROLES
from schemas.columns import CORRECTED, DOCUMENT_ID, ENTITY_ID, ID_PATTERN, id_column
from schemas.table import Column, Span, Table

EVENT_ACTORS = Table(
    name="event_actors",
    stage="extract",
    row_is="one party to an event",
    columns=(
        id_column("event_actor_id", "Hash of event, role and name."),
        Column("event_id", pa.string(), "The event.", nullable=False, pattern=ID_PATTERN, references="events.event_id"),
        DOCUMENT_ID,
        Column(
            "role",
            pa.string(),
            "actor: who does it, or each side of a symmetric event; recipient: to whom.",
            nullable=False,
            codes=EVENT_ROLES,
        ),
        Column("name", pa.string(), "Fullest name or description that the document gives.", nullable=False),
        Column(
            "start_char", pa.int32(), "Where the words that name the party begin; null if it is only implied.", low=0
        ),
        Column("end_char", pa.int32(), "Where they end (exclusive).", low=1),
        ENTITY_ID,
        Column(
            "country_code",
            pa.string(),
            "ISO 3166-1 alpha-3 of the party's country; filled by link.",
            pattern="[A-Z]{3}",
        ),
        CORRECTED,
    ),
    key=("event_id", "role", "name"),
    id_recipe=("event_id", "role", "name"),
    spans=(Span(text=None),),
    link_owned=("entity_id", "country_code"),
)
