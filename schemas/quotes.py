"""quotes: stretches of direct speech and who said them."""

import pyarrow as pa

from schemas.codes import QUOTE_FORMS
from schemas.columns import (
    CORRECTED,
    DOCUMENT_ID,
    END_CHAR,
    ENTITY_ID,
    ID_PATTERN,
    SENTENCE_ID,
    START_CHAR,
    TEXT,
    id_column,
)
from schemas.table import Column, Span, Table

QUOTES = Table(
    name="quotes",
    stage="extract",
    row_is="one stretch of quoted speech",
    columns=(
        id_column("quote_id", "Hash of document and offsets."),
        DOCUMENT_ID,
        SENTENCE_ID.required(),
        START_CHAR,
        END_CHAR,
        TEXT.described("The words between start_char and end_char: what was said, without the marks."),
        Column(
            "form",
            pa.string(),
            "speech: a sentence or more; fragment: words quoted inside the writer's sentence.",
            nullable=False,
            codes=QUOTE_FORMS,
        ),
        Column(
            "speaker",
            pa.string(),
            "Fullest name or description of the speaker that the text gives; null rather than a guess.",
        ),
        Column("speaker_start_char", pa.int32(), "Where the words that name the speaker begin.", low=0),
        Column("speaker_end_char", pa.int32(), "Where they end (exclusive).", low=1),
        Column(
            "speaker_entity_id",
            ENTITY_ID.type,
            "The speaker's entity; filled by link.",
            pattern=ENTITY_ID.pattern,
            references=ENTITY_ID.references,
        ),
        Column("cue", pa.string(), "The word of saying, as written (said, told, according to)."),
        Column(
            "continues_quote_id",
            pa.string(),
            "The quotation before it whose utterance it goes on with, by the same speaker: parted by the clause of saying, "
            "or by a paragraph's end. Null where an utterance begins.",
            pattern=ID_PATTERN,
            references="quotes.quote_id",
        ),
        CORRECTED,
    ),
    key=("document_id", "start_char", "end_char"),
    id_recipe=("document_id", "start_char", "end_char"),
    spans=(Span(), Span("speaker_start_char", "speaker_end_char", None)),
    link_owned=("speaker_entity_id",),
    article_text=("text",),
)
