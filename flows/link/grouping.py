"""Group: which articles copy each other, which tell of one happening, and which day that gives to those without. Reads tables, returns rows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from flows.link.articles import Article
from flows.link.duplicates import find_duplicates
from flows.link.duplicates import originals as originals_of
from flows.link.profiles import Profile, make_profile
from flows.link.stories import find_stories, story_rows
from flows.link.story_dates import InferredDate, articles_concerned, dates_from_neighbours
from flows.store import ledger
from flows.store.ledger import Entry, concat
from flows.store.parquet import Row, to_arrow
from flows.store.units import Done, Unit, finished
from schemas.article_links import ARTICLE_LINKS
from schemas.duplicates import DUPLICATES
from schemas.stories import STORIES

ARTICLE_COLUMNS = ("article_id", "headline", "body", "published_on", "publisher", "agency")
# What profiles are made of, besides the article.
PROFILED = {
    "mentions": ("entity_type", "name"),
    "timexes": ("value", "date_start", "date_precision"),
    "casualties": ("kind", "low"),
}
TABLES = ("duplicates", "stories", "article_links")


def group_unit(unit: Unit) -> Done:
    """Group everything that the unit's inputs hold: ingest's gathered entries, then clean's and extract's, in the same order of shards."""
    if done := finished(unit):
        return done
    shards = len(unit.inputs) // 3
    gathered, cleaned, extracted = (unit.inputs[at : at + shards] for at in range(0, 3 * shards, shards))
    tables = group_tables(gathered, cleaned, extracted)
    entry = ledger.commit(unit.stage_folder, unit.name, unit.key, unit.fingerprint, tables, {})
    return Done(entry, len(unit.inputs), 0)


def group_tables(
    gathered: Sequence[Entry], cleaned: Sequence[Entry], extracted: Sequence[Entry]
) -> dict[str, pa.Table]:
    """`duplicates`, `stories` and `article_links`. Shards are read one at a time."""
    articles: list[Article] = []
    profiles: list[Profile] = []
    for gather, clean, extract in zip(gathered, cleaned, extracted, strict=True):
        of_shard = list(_articles_of(gather, clean, extract))
        articles += of_shard
        profiles += _profiles_of(of_shard, extract)
    duplicates = find_duplicates(articles)
    originals = originals_of(articles, duplicates)
    stories = find_stories(profiles, originals)
    dated = dates_from_neighbours(articles, stories, _timexes_of(extracted, articles_concerned(articles, stories)))
    links = [_links_of(article.document_id, stories, originals, dated) for article in articles]
    return {
        "duplicates": to_arrow(DUPLICATES, duplicates),
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


def _articles_of(gather: Entry, clean: Entry, extract: Entry) -> Iterator[Article]:
    """The shard's articles that no stage refused."""
    documents = concat([gather], "documents").select(["document_id", "text"])
    texts = dict(zip(documents["document_id"].to_pylist(), documents["text"].to_pylist(), strict=True))
    refused = {row["document_id"] for made in (clean, extract) for row in concat([made], "refusals").to_pylist()}
    for row in concat([clean], "articles").select(list(ARTICLE_COLUMNS)).to_pylist():
        row["document_id"] = row.pop("article_id")
        if row["document_id"] not in refused:
            yield Article(**row, text=texts[row["document_id"]])


def _profiles_of(articles: Sequence[Article], extract: Entry) -> Iterator[Profile]:
    """The profiles of a shard's articles."""
    found: dict[str, dict[str, list[Row]]] = {name: defaultdict(list) for name in PROFILED}
    for name, by_document in found.items():
        for row in concat([extract], name).select(["document_id", *PROFILED[name]]).to_pylist():
            by_document[row["document_id"]].append(row)
    for article in articles:
        mentions, timexes, casualties = (found[name][article.document_id] for name in PROFILED)
        yield make_profile(article, mentions, timexes, casualties)
