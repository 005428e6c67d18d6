"""articles: what each readable document says of itself: headline, date, byline, body."""

import pyarrow as pa

from schemas.codes import PAGE_TYPES, PUBLISHED_BASIS
from schemas.columns import ID_PATTERN, id_column
from schemas.table import Column, Span, Table

ARTICLES = Table(
    name="articles",
    stage="clean",
    row_is="one document that is not quarantined",
    columns=(
        id_column("article_id", "The same as its document_id.").refers_to("documents.document_id"),
        Column("headline", pa.string(), "The headline in the page's words; null if it has none."),
        Column("headline_start_char", pa.int32(), "Where the headline begins.", low=0),
        Column("headline_end_char", pa.int32(), "Where the headline ends (exclusive).", low=1),
        Column("published_on", pa.date32(), "Publication day; null rather than a guess."),
        Column(
            "published_basis",
            pa.string(),
            "explicit: on the page; metadata: given with it; inferred: follows from its text, or from its story.",
            codes=PUBLISHED_BASIS,
        ),
        Column("published_start_char", pa.int32(), "Where the words that date it begin; null if metadata.", low=0),
        Column("published_end_char", pa.int32(), "Where the words that date it end (exclusive).", low=1),
        Column(
            "published_from_document_id",
            pa.string(),
            "The article of its story that gives the day, where its own page does not; filled by link.",
            pattern=ID_PATTERN,
            references="documents.document_id",
        ),
        Column("publisher", pa.string(), "The outlet; null if neither page nor metadata name it."),
        Column("agency", pa.string(), "News agency credited with the text."),
        Column("byline", pa.string(), "Authors as credited."),
        Column("dateline_place", pa.string(), "Place at the head of the report, as written."),
        Column("language", pa.string(), "ISO 639-1 code.", pattern="[a-z]{2,3}"),
        Column("page_type", pa.string(), "What kind of page it is.", nullable=False, codes=PAGE_TYPES),
        Column("body", pa.string(), "Body and subhead segments joined by blank lines.", nullable=False),
        Column("word_count", pa.int32(), "Words in body.", nullable=False, low=0),
        Column(
            "story_id",
            pa.string(),
            "The story it belongs to; filled by link.",
            pattern=ID_PATTERN,
            references="stories.story_id",
        ),
    ),
    key=("article_id",),
    id_recipe=("document_id",),
    spans=(
        Span("headline_start_char", "headline_end_char", "headline"),
        Span("published_start_char", "published_end_char", None),
    ),
    may_be_empty=False,
    link_owned=("published_from_document_id", "story_id"),
    article_text=("body",),
)
