"""timexes: expressions of time, TimeML TIMEX3."""

import pyarrow as pa

from schemas.codes import TIMEX_TYPES
from schemas.columns import (
    CORRECTED,
    DATE_END,
    DATE_PRECISION_COLUMN,
    DATE_START,
    DOCUMENT_ID,
    END_CHAR,
    SENTENCE_ID,
    START_CHAR,
    TEXT,
    id_column,
)
from schemas.table import Column, Span, Table

TIMEXES = Table(
    name="timexes",
    stage="extract",
    row_is="one expression of time",
    columns=(
        id_column("timex_id", "Hash of document and offsets."),
        DOCUMENT_ID,
        SENTENCE_ID.required(),
        START_CHAR,
        END_CHAR,
        TEXT,
        Column("timex_type", pa.string(), "TIMEX3 type.", nullable=False, codes=TIMEX_TYPES),
        Column(
            "value",
            pa.string(),
            "TIMEX3 value: 2016-04, 2016-W25, 199, XXXX-07-12 (year open), P3D; null if it cannot be told.",
        ),
        DATE_START.described("First day of the value; null for durations, sets and open years."),
        DATE_END.described("Last day of the value (inclusive); null for durations, sets and open years."),
        DATE_PRECISION_COLUMN,
        CORRECTED,
    ),
    key=("document_id", "start_char", "end_char"),
    id_recipe=("document_id", "start_char", "end_char"),
    spans=(Span(),),
    intervals=(("date_start", "date_end"),),
)
