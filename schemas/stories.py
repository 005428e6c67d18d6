"""stories: articles about one happening."""

import pyarrow as pa

from schemas.columns import id_column
from schemas.table import Column, Table

STORIES = Table(
    name="stories",
    stage="link",
    row_is="one group of articles about the same happening",
    columns=(
        id_column("story_id", "Hash of its first document: the smallest (published_on, document_id), undated last."),
        Column("headline", pa.string(), "Headline of its first article that has one."),
        Column("first_published_on", pa.date32(), "Day of its first dated article; null if none is dated."),
        Column("last_published_on", pa.date32(), "Day of its last dated article; null if none is dated."),
        Column("article_count", pa.int32(), "Its articles, copies among them.", nullable=False, low=1),
        Column("publisher_count", pa.int32(), "Outlets that are known to tell it.", nullable=False, low=0),
        Column("source_count", pa.int32(), "Independent texts: copies of one text count once.", nullable=False, low=1),
    ),
    key=("story_id",),
    id_recipe=("document_id of its first article",),
    intervals=(
        ("first_published_on", "last_published_on"),
        ("source_count", "article_count"),
        ("publisher_count", "article_count"),
    ),
    may_be_empty=False,
    article_text=("headline",),
)
