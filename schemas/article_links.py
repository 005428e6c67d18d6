"""article_links: what link knows of each article. Internal: its narrow map, which release joins into documents and articles."""

import pyarrow as pa

from schemas.columns import ID_PATTERN, id_column
from schemas.table import Column, Table

ARTICLE_LINKS = Table(
    name="article_links",
    stage="link",
    row_is="one article, its story, the document that it copies, and the day that its neighbours give it",
    columns=(
        id_column("article_id", "The article."),
        Column("story_id", pa.string(), "Its story.", nullable=False, pattern=ID_PATTERN),
        Column("duplicate_of", pa.string(), "The document that it copies.", pattern=ID_PATTERN),
        Column("published_on", pa.date32(), "Publication day that its story gives it; null unless clean found none."),
        Column(
            "published_from_document_id", pa.string(), "The document that this day follows from.", pattern=ID_PATTERN
        ),
    ),
    key=("article_id",),
    released=False,
)
