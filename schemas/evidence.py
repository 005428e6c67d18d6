"""SQL that finds facts whose evidence is not there: used by the gate before a release and by `dateline verify` after it."""

from schemas.table import Span, Table


def owner_column(table: Table) -> str:
    """The column that names the document a row belongs to.

    >>> from schemas.articles import ARTICLES
    >>> owner_column(ARTICLES)
    'article_id'
    """
    return "article_id" if table.name == "articles" else "document_id"


def broken_evidence(table: Table, span: Span, rows: str, documents: str = "documents") -> str:
    """A query for the rows whose span is outside its document, or says something else than the row repeats.

    `rows` is a table or view shaped like `table`; `documents` one that has document_id and text.
    """
    owner = owner_column(table)
    start, end = f'fact."{span.start}"', f'fact."{span.end}"'
    wrong = f"document.text is null or {end} > length(document.text)"
    if span.text:
        wrong += f' or substring(document.text, {start} + 1, {end} - {start}) <> fact."{span.text}"'
    return (
        f'select fact."{owner}", {start}, {end} from {rows} fact join {documents} document '
        f'on document.document_id = fact."{owner}" where {start} is not null and ({wrong})'
    )
