"""event_mentions: where a document tells of an event again."""

import pyarrow as pa

from schemas.columns import DOCUMENT_ID, END_CHAR, ID_PATTERN, SENTENCE_ID, START_CHAR, TEXT
from schemas.table import Column, Span, Table

EVENT_MENTIONS = Table(
    name="event_mentions",
    stage="extract",
    row_is="one further mention of an event in its document",
    columns=(
        Column("event_id", pa.string(), "The event.", nullable=False, pattern=ID_PATTERN, references="events.event_id"),
        DOCUMENT_ID,
        SENTENCE_ID.required(),
        START_CHAR,
        END_CHAR,
        TEXT,
    ),
    key=("document_id", "start_char", "end_char", "event_id"),
    spans=(Span(),),
    article_text=("text",),
)
