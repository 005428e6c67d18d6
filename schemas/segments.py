"""segments: every line or block of a document, labelled. Nothing is deleted."""

import pyarrow as pa

from schemas.codes import SEGMENT_LABELS
from schemas.columns import CONFIDENCE, DOCUMENT_ID, END_CHAR, INDEX, START_CHAR, id_column
from schemas.table import Column, Span, Table

SEGMENTS = Table(
    name="segments",
    stage="clean",
    row_is="one block of a document's text (a line, for plain text)",
    columns=(
        id_column("segment_id", "Hash of document and offsets."),
        DOCUMENT_ID,
        INDEX,
        START_CHAR,
        END_CHAR,
        Column("label", pa.string(), "What the block is.", nullable=False, codes=SEGMENT_LABELS),
        CONFIDENCE,
    ),
    key=("document_id", "index"),
    id_recipe=("document_id", "start_char", "end_char"),
    spans=(Span(text=None),),
    may_be_empty=False,
)
