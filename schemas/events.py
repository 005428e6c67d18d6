"""events: who did what to whom, when and where, as a document reports it."""

import pyarrow as pa

from schemas.codes import DATE_BASIS, EVENT_STATUS, PLOVER_ROOTS
from schemas.columns import (
    CONFIDENCE,
    CORRECTED,
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
        id_column("event_id", "Hash of document, offsets, root, trigger, and separately_with if there is one."),
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
        Column(
            "trigger_start_char",
            pa.int32(),
            "Where the trigger's first word begins in documents.text.",
            nullable=False,
            low=0,
        ),
        Column(
            "trigger_end_char",
            pa.int32(),
            "Where the trigger's last word ends (exclusive); other words may stand between the two.",
            nullable=False,
            low=1,
        ),
        Column(
            "rule",
            pa.string(),
            "What made the row of these words: a line of the lexicon (part of speech, lemmas -> root and mode), and what "
            "changed its root.",
            nullable=False,
        ),
        Column(
            "separately_with",
            pa.string(),
            "The party that it was with, where the same words tell of a meeting with each of several, one after the other "
            "(held separate talks with X and Y); else null. Part of the id.",
        ),
        Column("status", pa.string(), "Whether it happened.", nullable=False, codes=EVENT_STATUS),
        Column(
            "is_background", pa.bool_(), "Whether it is history that the report recalls, not its news.", nullable=False
        ),
        DATE_START,
        DATE_END,
        DATE_PRECISION_COLUMN,
        TIMEX_ID,
        Column(
            "date_basis",
            pa.string(),
            "What gives the date: the event's own clause, the clause of a further mention, the rest of its sentence, the day "
            "that the report tells of around it (story), or the day of publication (report); null without a date.",
            codes=DATE_BASIS,
        ),
        PLACE,
        PLACE_START_CHAR,
        PLACE_END_CHAR,
        PLACE_ENTITY_ID,
        CONFIDENCE,
        CORRECTED,
    ),
    key=("document_id", "start_char", "end_char", "plover", "event_id"),
    id_recipe=("document_id", "start_char", "end_char", "plover", "trigger", "separately_with"),
    spans=(
        Span(),
        Span("trigger_start_char", "trigger_end_char", None),
        Span("place_start_char", "place_end_char", "place"),
    ),
    intervals=(("date_start", "date_end"),),
    link_owned=("place_entity_id",),
    article_text=("text",),
)
