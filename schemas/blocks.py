"""blocks: the lines of a text or the block elements of an HTML page, with what the markup said. Internal to clean."""

import pyarrow as pa

from schemas.columns import DOCUMENT_ID, END_CHAR, INDEX, START_CHAR
from schemas.table import Column, Span, Table

BLOCKS = Table(
    name="blocks",
    stage="ingest",
    row_is="one block element of an HTML page that holds text of its own",
    columns=(
        DOCUMENT_ID,
        INDEX,
        START_CHAR,
        END_CHAR,
        Column("tag", pa.string(), "The block's element, such as p, h1, li, td.", nullable=False),
        Column(
            "path",
            pa.string(),
            "Elements, ids and classes from the page down to the one that holds all its text, outermost first, `tag#id.class`.",
            nullable=False,
        ),
        Column("link_share", pa.float32(), "Share of its characters inside links.", nullable=False, low=0.0, high=1.0),
        Column("main_content", pa.bool_(), "Whether an extractor of main content keeps it.", nullable=False),
        Column("datetime", pa.string(), "Machine-readable date inside it (<time datetime>), as given."),
    ),
    key=("document_id", "index"),
    spans=(Span(text=None),),
    released=False,
)
