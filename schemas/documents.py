"""documents: every distinct input, accepted or not."""

import pyarrow as pa

from schemas.codes import DOCUMENT_STATUS
from schemas.columns import ID_PATTERN, id_column
from schemas.table import Column, Table

DOCUMENTS = Table(
    name="documents",
    stage="ingest",
    row_is="one distinct input document, accepted or not",
    columns=(
        id_column("document_id", "First 16 hex digits of the SHA-256 of the raw bytes of its text or HTML."),
        Column(
            "uris",
            pa.list_(pa.string()),
            "Every place it was met: path in the input, `#record id` for records.",
            nullable=False,
        ),
        Column(
            "media_type",
            pa.string(),
            "text/plain, text/html, or application/octet-stream if unreadable.",
            nullable=False,
        ),
        Column("byte_length", pa.int64(), "Length of the raw bytes.", nullable=False, low=0),
        Column(
            "sha256",
            pa.string(),
            "SHA-256 of the raw bytes, in hex; null if they could not be read.",
            pattern="[0-9a-f]{64}",
        ),
        Column("encoding", pa.string(), "Encoding that the bytes were read with; null if they were not."),
        Column(
            "language",
            pa.string(),
            "ISO 639-1 code of the main language; null if it cannot be told.",
            pattern="[a-z]{2,3}",
        ),
        Column("status", pa.string(), "What became of it.", nullable=False, codes=DOCUMENT_STATUS),
        Column(
            "status_reason", pa.string(), "Why it was quarantined, as a code; null otherwise.", pattern="[a-z_0-9]+"
        ),
        Column(
            "duplicate_of",
            pa.string(),
            "The document that it copies; filled by link.",
            pattern=ID_PATTERN,
            references="documents.document_id",
        ),
        Column(
            "text",
            pa.string(),
            "The decoded text, unchanged; all offsets count in it. Null if it could not be decoded.",
        ),
        Column("text_repaired", pa.bool_(), "Whether mojibake was repaired before offsets were taken.", nullable=False),
    ),
    key=("document_id",),
    id_recipe=("sha256 (where the bytes could not be read: uris)",),
    may_be_empty=False,
    link_owned=("duplicate_of",),
    article_text=("text",),
)
