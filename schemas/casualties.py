"""casualties: counts of people killed, wounded, missing, captured or displaced, as claimed."""

import pyarrow as pa

from schemas.codes import CASUALTY_KINDS, CASUALTY_QUALIFIERS, CASUALTY_RULES
from schemas.columns import (
    CORRECTED,
    DATE_END,
    DATE_PRECISION_COLUMN,
    DATE_START,
    DOCUMENT_ID,
    END_CHAR,
    ID_PATTERN,
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

CASUALTIES = Table(
    name="casualties",
    stage="extract",
    row_is="one claimed count of people (a single victim counts as 1)",
    columns=(
        id_column("casualty_id", "Hash of document, offsets, kind, low and high."),
        DOCUMENT_ID,
        SENTENCE_ID.required(),
        START_CHAR,
        END_CHAR,
        TEXT,
        Column("kind", pa.string(), "What befell them.", nullable=False, codes=CASUALTY_KINDS),
        Column("low", pa.int64(), "Fewest people claimed; null if open below (up to 50).", low=0),
        Column("high", pa.int64(), "Most people claimed; null if open above (at least 50).", low=0),
        Column("qualifier", pa.string(), "How the text hedges the figure.", nullable=False, codes=CASUALTY_QUALIFIERS),
        Column(
            "count_start_char",
            pa.int32(),
            "Where the number's own words begin; null for a single victim without a number.",
            low=0,
        ),
        Column("count_end_char", pa.int32(), "Where the number's own words end (exclusive).", low=1),
        Column(
            "hedge_start_char",
            pa.int32(),
            "Where the words that make the qualifier begin (at least, up to, feared); null where the number stands alone.",
            low=0,
        ),
        Column("hedge_end_char", pa.int32(), "Where the words that make the qualifier end (exclusive).", low=1),
        Column(
            "trigger_start_char",
            pa.int32(),
            "Where the word begins that tells what befell them.",
            nullable=False,
            low=0,
        ),
        Column("trigger_end_char", pa.int32(), "Where that word ends (exclusive).", nullable=False, low=1),
        Column(
            "rule",
            pa.string(),
            "The pattern that ties the figure to that word: active_verb (killed 12), passive_verb (12 were killed), "
            "suffering_verb (12 died), loss (lost 12 men, claimed 12 lives), state (left 12 dead), casualty_noun "
            "(12 fatalities), nominal (the killing of 12), toll (the death toll rose to 12); by the order of words "
            "fate_behind (12 dead), fate_before (killing 12), joined (and 12 others), list (a line below “Killed:”).",
            nullable=False,
            codes=CASUALTY_RULES,
        ),
        Column("victims", pa.string(), "Who, as worded."),
        Column("side", pa.string(), "Country or group that they belong to, by its name (Turkey for Turkish soldiers)."),
        DATE_START,
        DATE_END,
        DATE_PRECISION_COLUMN,
        TIMEX_ID,
        PLACE,
        PLACE_START_CHAR,
        PLACE_END_CHAR,
        PLACE_ENTITY_ID,
        Column("attributed_to", pa.string(), "Who claims the figure; null when the text states it as its own."),
        Column("event_id", pa.string(), "The event that cost them.", pattern=ID_PATTERN, references="events.event_id"),
        CORRECTED,
    ),
    key=("document_id", "start_char", "end_char", "kind", "casualty_id"),
    id_recipe=("document_id", "start_char", "end_char", "kind", "low", "high"),
    spans=(
        Span(),
        Span("count_start_char", "count_end_char", None),
        Span("hedge_start_char", "hedge_end_char", None),
        Span("trigger_start_char", "trigger_end_char", None),
        Span("place_start_char", "place_end_char", "place"),
    ),
    intervals=(("low", "high"), ("date_start", "date_end")),
    link_owned=("place_entity_id",),
    article_text=("text",),
)
