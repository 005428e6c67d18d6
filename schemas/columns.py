"""Columns that several tables share, each written once."""

import pyarrow as pa

from schemas.codes import DATE_PRECISION
from schemas.table import Column

ID_PATTERN = "[0-9a-f]{16}"


def id_column(name: str, description: str) -> Column:
    """A primary id: 16 hex digits, a function of content."""
    return Column(name, pa.string(), description, nullable=False, pattern=ID_PATTERN)


DOCUMENT_ID = Column(
    "document_id",
    pa.string(),
    "The document: first 16 hex digits of the SHA-256 of its raw bytes.",
    nullable=False,
    pattern=ID_PATTERN,
    references="documents.document_id",
)
SENTENCE_ID = Column(
    "sentence_id",
    pa.string(),
    "The sentence that the evidence begins in.",
    pattern=ID_PATTERN,
    references="sentences.sentence_id",
)
ENTITY_ID = Column(
    "entity_id",
    pa.string(),
    "The entity it resolves to; filled by link.",
    pattern=ID_PATTERN,
    references="entities.entity_id",
)
INCIDENT_ID = Column(
    "incident_id", pa.string(), "The incident.", nullable=False, pattern=ID_PATTERN, references="incidents.incident_id"
)
INDEX = Column("index", pa.int32(), "Position among its document's rows, from 0.", nullable=False, low=0)
START_CHAR = Column(
    "start_char",
    pa.int32(),
    "Where the evidence begins in documents.text, in Unicode code points.",
    nullable=False,
    low=0,
)
END_CHAR = Column(
    "end_char",
    pa.int32(),
    "Where the evidence ends in documents.text (exclusive), in Unicode code points.",
    nullable=False,
    low=1,
)
TEXT = Column("text", pa.string(), "The words between start_char and end_char.", nullable=False)
DATE_START = Column("date_start", pa.date32(), "First day it may have been; null if the text gives none.")
DATE_END = Column("date_end", pa.date32(), "Last day it may have been (inclusive); null if the text gives none.")
DATE_PRECISION_COLUMN = Column(
    "date_precision", pa.string(), "How fine the date is; null if there is none.", codes=DATE_PRECISION
)
TIMEX_ID = Column(
    "timex_id", pa.string(), "The time expression that dates it.", pattern=ID_PATTERN, references="timexes.timex_id"
)
PLACE = Column("place", pa.string(), "Where, in the text's words.")
PLACE_START_CHAR = Column("place_start_char", pa.int32(), "Where the place's words begin.", low=0)
PLACE_END_CHAR = Column("place_end_char", pa.int32(), "Where the place's words end (exclusive).", low=1)
PLACE_ENTITY_ID = Column(
    "place_entity_id",
    pa.string(),
    "The place's entity; filled by link.",
    pattern=ID_PATTERN,
    references="entities.entity_id",
)
CONFIDENCE = Column(
    "confidence", pa.float32(), "Estimated chance that the row is right, 0 to 1.", nullable=False, low=0.0, high=1.0
)
CORRECTED = Column(
    "corrected",
    pa.list_(pa.string()),
    "Columns of this row that a person corrected, sorted; null if none was. What was read, why and by whom: corrections.",
)
