"""mentions: where names stand."""

import pyarrow as pa

from schemas.codes import ENTITY_TYPES
from schemas.columns import (
    CORRECTED,
    DOCUMENT_ID,
    END_CHAR,
    ENTITY_ID,
    SENTENCE_ID,
    START_CHAR,
    TEXT,
    id_column,
)
from schemas.table import Column, Span, Table

MENTIONS = Table(
    name="mentions",
    stage="extract",
    row_is="one mention of a named person, organisation, place, group or named event",
    columns=(
        id_column("mention_id", "Hash of document and offsets."),
        DOCUMENT_ID,
        SENTENCE_ID.required(),
        START_CHAR,
        END_CHAR,
        TEXT,
        Column("entity_type", pa.string(), "OntoNotes label.", nullable=False, codes=ENTITY_TYPES),
        Column("name", pa.string(), "The fullest name that this document gives to the same thing.", nullable=False),
        ENTITY_ID,
        CORRECTED,
    ),
    key=("document_id", "start_char", "end_char"),
    id_recipe=("document_id", "start_char", "end_char"),
    spans=(Span(),),
    may_be_empty=False,
    link_owned=("entity_id",),
)
