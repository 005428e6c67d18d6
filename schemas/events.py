"""events: who did what to whom, when and where, as a document reports it."""

import pyarrow as pa

from schemas.codes import EVENT_STATUS, PLOVER_ROOTS
from schemas.columns import (
    CONFIDENCE,
    DATE_END,
    DATE_PRECISION_COLUMN,
    DATE_START,
    DOCUMENT_ID,
    END_CHAR,
    PLACE,
    PLACE_END_CHAR,
    PLACE_ENTITY_ID,
    PLACE_START_CHAR,
    SENTENCE_ID,
    START_CHAR,
    TEXT,
    TIMEX_ID,
    id_column,
)
from schemas.table import Column, Span, Table

EVENTS = Table(
    name="events",
    stage="extract",
    row_is="one event that a document reports",
    columns=(
        id_column("event_id", "Hash of document, offsets and type."),
        DOCUMENT_ID,
        SENTENCE_ID.required(),
        START_CHAR,
        END_CHAR,
        TEXT,
        Column("plover", pa.string(), "PLOVER root code.", nullable=False, codes=PLOVER_ROOTS),
        Column(
            "mode", pa.string(), "PLOVER mode, where the words tell it (ASSAULT: aerial, bombing …).", pattern="[a-z-]+"
        ),
        Column("trigger", pa.string(), "The word that states the event, as written.", nullable=False),
        Column("status", pa.string(), "Whether it happened.", nullable=False, codes=EVENT_STATUS),
        Column(
            "is_background", pa.bool_(), "Whether it is history that the report recalls, not its news.", nullable=False
        ),
        DATE_START,
        DATE_END,
        DATE_PRECISION_COLUMN,
        TIMEX_ID,
        PLACE,
        PLACE_START_CHAR,
        PLACE_END_CHAR,
        PLACE_ENTITY_ID,
        CONFIDENCE,
    ),
    key=("document_id", "start_char", "end_char", "plover", "event_id"),
    spans=(Span(), Span("place_start_char", "place_end_char", "place")),
    intervals=(("date_start", "date_end"),),
    link_owned=("place_entity_id",),
    article_text=("text",),
)
