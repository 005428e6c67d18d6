"""sentences: of headlines, subheads, captions and bodies."""

from schemas.columns import DOCUMENT_ID, END_CHAR, INDEX, START_CHAR, TEXT, id_column
from schemas.table import Span, Table

SENTENCES = Table(
    name="sentences",
    stage="extract",
    row_is="one sentence of a headline, subhead, caption or body",
    columns=(id_column("sentence_id", "Hash of document and offsets."), DOCUMENT_ID, INDEX, START_CHAR, END_CHAR, TEXT),
    key=("document_id", "index"),
    id_recipe=("document_id", "start_char", "end_char"),
    spans=(Span(),),
    may_be_empty=False,
    article_text=("text",),
)
