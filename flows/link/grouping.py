"""Group: which articles copy each other, which tell of one happening, and which day that gives to those without. Reads tables, returns rows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from flows.link.articles import Article
from flows.link.story_dates import InferredDate, articles_concerned, dates_from_neighbours
from flows.store import ledger
from flows.store.ledger import Entry, concat
from flows.store.parquet import Row, to_arrow
from flows.store.units import Done, Unit, finished
from flows.text.ids import content_id
from schemas.article_links import ARTICLE_LINKS
from schemas.duplicates import DUPLICATES
from schemas.stories import STORIES

ARTICLE_COLUMNS = ("article_id", "headline", "body", "published_on", "publisher", "agency")
TABLES = ("duplicates", "stories", "article_links")


def group_unit(unit: Unit) -> Done:
    """Group everything that the unit's inputs hold: clean's entries, then extract's, in the same order of shards."""
    if done := finished(unit):
        return done
    half = len(unit.inputs) // 2
    tables = group_tables(unit.inputs[:half], unit.inputs[half:])
    entry = ledger.commit(unit.stage_folder, unit.name, unit.key, unit.fingerprint, tables, {})
    return Done(entry, len(unit.inputs), 0)


def group_tables(cleaned: Sequence[Entry], extracted: Sequence[Entry]) -> dict[str, pa.Table]:
    """`duplicates`, `stories` and `article_links`. Shards are read one at a time."""
    shards = zip(cleaned, extracted, strict=True)
    articles = [article for clean, extract in shards for article in _articles_of(clean, extract)]
    stories = {article.document_id: content_id("stories", article.document_id) for article in articles}
    originals: dict[str, str] = {}
    dated = dates_from_neighbours(articles, stories, _timexes_of(extracted, articles_concerned(articles, stories)))
    links = [_links_of(article.document_id, stories, originals, dated) for article in articles]
    return {
        "duplicates": to_arrow(DUPLICATES, []),
        "stories": to_arrow(STORIES, story_rows(articles, stories, originals)),
        "article_links": to_arrow(ARTICLE_LINKS, links),
    }


def _links_of(
    document_id: str, stories: Mapping[str, str], originals: Mapping[str, str], dated: Mapping[str, InferredDate]
) -> Row:
    """A row of `article_links`."""
    inferred = dated.get(document_id)
    return {
        "article_id": document_id,
        "story_id": stories[document_id],
        "duplicate_of": originals.get(document_id),
        "published_on": inferred.published_on if inferred else None,
        "published_from_document_id": inferred.from_document_id if inferred else None,
    }


def _timexes_of(extracted: Sequence[Entry], documents: frozenset[str]) -> dict[str, list[Row]]:
    """Document to its rows of `timexes`, in the order of the text, for these documents."""
    found: dict[str, list[Row]] = {document: [] for document in documents}
    chosen = pa.array(sorted(documents), pa.string())
    for shard in extracted if documents else ():
        rows = concat([shard], "timexes")
        for row in rows.filter(pc.is_in(rows["document_id"], chosen)).to_pylist():
            found[row["document_id"]].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row["start_char"], row["end_char"]))
    return found


def story_rows(articles: Sequence[Article], stories: Mapping[str, str], originals: Mapping[str, str]) -> list[Row]:
    """Rows of `stories`, of articles that each have one; `originals` is copy to original."""
    members: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        members[stories[article.document_id]].append(article)
    rows = []
    for story_id, told in members.items():
        told.sort(key=lambda article: (article.published_on is None, article.published_on, article.document_id))
        days = [article.published_on for article in told if article.published_on]
        rows.append(
            {
                "story_id": story_id,
                "headline": next((article.headline for article in told if article.headline), None),
                "first_published_on": days[0] if days else None,
                "last_published_on": days[-1] if days else None,
                "article_count": len(told),
                "publisher_count": len({article.publisher for article in told if article.publisher}),
                "source_count": len({originals.get(a.document_id, a.document_id) for a in told}),
            }
        )
    return rows


def _articles_of(clean: Entry, extract: Entry) -> Iterator[Article]:
    """The shard's articles that no stage refused."""
    refused = {row["document_id"] for made in (clean, extract) for row in concat([made], "refusals").to_pylist()}
    for row in concat([clean], "articles").select(list(ARTICLE_COLUMNS)).to_pylist():
        if row["article_id"] not in refused:
            yield Article(row.pop("article_id"), **row)
