"""What spans tables: foreign keys, evidence inside its document and equal to it, full coverage, one fate per input, drift."""

from collections.abc import Iterable

from expectations.check import WARNING, Check, relation
from schemas.articles import ARTICLES
from schemas.casualties import CASUALTIES
from schemas.documents import DOCUMENTS
from schemas.events import EVENTS
from schemas.evidence import broken_evidence
from schemas.registry import RELEASED
from schemas.segments import SEGMENTS
from schemas.table import Column, Table

# What Python's str.isspace calls blank, for RE2, whose \s knows ASCII only.
BLANK = r"[\s\x{0B}\x{1C}-\x{1F}\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]"

MAX_ROW_CHANGE = 0.5  # of the parent's rows: half as many or half again is a different input or a broken stage
MAX_NULL_CHANGE = 0.2  # of a column's rows: a column that was filled and is empty has lost its source
LEAST_PARENT_ROWS = 50  # below this, shares jump by chance

AUDITED: tuple[Table, ...] = tuple(table for table in RELEASED if table.name != "checks")


def foreign_keys(tables: Iterable[Table] = AUDITED) -> list[Check]:
    """Every column that references another table finds its row."""
    checks = []
    for table in tables:
        for column in table.columns:
            if column.references is None:
                continue
            other, _, key = column.references.partition(".")
            query = (
                f'select child."{column.name}", child."{table.key[0]}" from {{batch}} child '
                f'where child."{column.name}" is not null and child."{column.name}" not in (select "{key}" from {other})'
            )
            because = f"{table.name}.{column.name} exists in {column.references}."
            checks.append(relation(f"{table.name}_exists", table, query, because, column=column.name))
    return checks


def evidence(tables: Iterable[Table] = AUDITED) -> list[Check]:
    """Every span lies inside its document, and the text between is what the row says."""
    checks = []
    for table in tables:
        for span in table.spans:
            query = broken_evidence(table, span, "{batch}")
            words = f" and {span.text} repeats its words." if span.text else "."
            because = f"{table.name}: {span.start} to {span.end} lies in the document{words}"
            checks.append(relation(f"{table.name}_evidence", table, query, because, column=span.start))
    return checks


def coverage() -> list[Check]:
    """Segments do not overlap and leave no non-blank character out."""
    overlap = (
        "select document_id, start_char, end_char from {batch} "
        "qualify start_char < lag(end_char) over (partition by document_id order by start_char, end_char)"
    )
    uncovered = f"""
        select article.article_id from {{batch}} article
        join documents document on document.document_id = article.article_id
        left join (
            select segment.document_id, sum(length(regexp_replace(
                substring(document.text, segment.start_char + 1, segment.end_char - segment.start_char), '{BLANK}', '', 'g'))) as covered
            from segments segment join documents document using (document_id) group by segment.document_id
        ) counted on counted.document_id = article.article_id
        where length(regexp_replace(document.text, '{BLANK}', '', 'g')) <> coalesce(counted.covered, 0)
    """
    return [
        relation("segments_do_not_overlap", SEGMENTS, overlap, "Segments of a document do not overlap."),
        relation(
            "segments_cover", ARTICLES, uncovered, "Segments leave no non-blank character of an article's document out."
        ),
    ]


def fates() -> list[Check]:
    """Every input has one status, and what follows from the status is there."""
    no_row = """
        select input.uri from inputs input where not exists (
            select 1 from (select unnest(uris) as uri from {batch}) met
            where met.uri = input.uri or starts_with(met.uri, input.uri || '#'))
    """
    no_accepted = "select count(*) as accepted from {batch} where status = 'accepted' having count(*) = 0"
    article = """
        select document.document_id, document.status from {batch} document
        left join articles article on article.article_id = document.document_id
        where (document.status = 'quarantined') = (article.article_id is not null)
    """
    return [
        relation("every_input_is_a_document", DOCUMENTS, no_row, "Every file that went in is a row of documents."),
        relation(
            "some_document_is_accepted", DOCUMENTS, no_accepted, "A release holds at least one accepted document."
        ),
        relation(
            "article_unless_quarantined", DOCUMENTS, article, "A document has an article unless it is quarantined."
        ),
    ]


def facts() -> list[Check]:
    """Facts that point at facts agree with them."""
    sentence = [
        relation(
            f"{table.name}_begin_in_their_sentence",
            table,
            "select fact.document_id, fact.start_char from {batch} fact join sentences sentence using (sentence_id) "
            "where fact.document_id <> sentence.document_id or fact.start_char < sentence.start_char or fact.start_char >= sentence.end_char",
            f"A row of {table.name} begins in the sentence that it names.",
        )
        for table in AUDITED
        if "sentence_id" in table.column_names and table.name != "sentences"
    ]
    return [
        *sentence,
        relation(
            "casualties_event_is_their_documents",
            CASUALTIES,
            "select casualty_id, casualty.event_id from {batch} casualty join events event using (event_id) where casualty.document_id <> event.document_id",
            "A casualty's event is told in the same document.",
        ),
        relation(
            "events_have_actors",
            EVENTS,
            "select event.event_id, event.document_id from {batch} event where event.event_id not in (select event_id from event_actors)",
            "An event has at least one party.",
            severity=WARNING,
        ),
        relation(
            "happened_is_not_after_publication",
            EVENTS,
            "select event_id, date_start, published_on from {batch} event join articles on article_id = event.document_id "
            "where status = 'happened' and date_start > published_on + 1",
            "What has happened is not dated after the report.",
            severity=WARNING,
        ),
    ]


def drift() -> list[Check]:
    """Against the parent release: tables that shrink or swell, categories that empty, columns that lose their values.

    Run only when there is a parent, whose tables are then visible as parent_<table>.
    """
    checks = []
    for table in AUDITED:
        rows = (
            f"select (select count(*) from parent_{table.name}) as before, count(*) as after from {{batch}} "
            f"having before >= {LEAST_PARENT_ROWS} and abs(after - before) > {MAX_ROW_CHANGE} * before"
        )
        checks.append(
            relation(
                f"{table.name}_rows_like_parent",
                table,
                rows,
                f"{table.name} has about as many rows as before.",
                severity=WARNING,
            )
        )
        for column in table.columns:
            if column.codes is not None:
                checks.append(_no_category_empties(table, column))
            if column.nullable and column.name not in table.link_owned:
                checks.append(_nulls_like_parent(table, column))
    gone = (
        f"select publisher, count(*) as before from parent_articles where publisher is not null "
        f"and publisher not in (select publisher from {{batch}} where publisher is not null) "
        f"group by publisher having count(*) >= {LEAST_PARENT_ROWS}"
    )
    checks.append(
        relation("no_publisher_vanishes", ARTICLES, gone, "No publisher with many articles vanishes.", severity=WARNING)
    )
    return checks


def _no_category_empties(table: Table, column: Column) -> Check:
    query = (
        f'select "{column.name}", count(*) as before from parent_{table.name} where "{column.name}" is not null '
        f'and "{column.name}" not in (select "{column.name}" from {{batch}} where "{column.name}" is not null) '
        f'group by "{column.name}" having count(*) >= {LEAST_PARENT_ROWS}'
    )
    because = f"No value of {table.name}.{column.name} that was common is gone."
    return relation(f"{table.name}_categories_like_parent", table, query, because, column=column.name, severity=WARNING)


def _nulls_like_parent(table: Table, column: Column) -> Check:
    share = f'count(*) filter (where "{column.name}" is null) / greatest(count(*), 1)'
    query = (
        f"select parent.share as before, now.share as after from (select {share} as share, count(*) as total from {{batch}}) now, "
        f"(select {share} as share, count(*) as total from parent_{table.name}) parent "
        f"where least(now.total, parent.total) >= {LEAST_PARENT_ROWS} and abs(now.share - parent.share) > {MAX_NULL_CHANGE}"
    )
    because = f"{table.name}.{column.name} is null about as often as before."
    return relation(f"{table.name}_nulls_like_parent", table, query, because, column=column.name, severity=WARNING)


def relations(*, with_parent: bool) -> tuple[Check, ...]:
    """Every check that spans tables; drift only when there is a parent to drift from."""
    return (*foreign_keys(), *evidence(), *coverage(), *fates(), *facts(), *(drift() if with_parent else ()))
