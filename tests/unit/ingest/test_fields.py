"""Records as scrapers, extractors and news services write them, without a field map."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.ingest.fields import FIELD_NAMES, Fields, plain_name
from flows.ingest.inputs import discover
from flows.ingest.readers import read_records

STORY = "Envoys of Norway and Iceland met in Oslo on Tuesday to talk about the fishing grounds between them."
URL = "https://www.example.org/talks"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(
            {
                "authors": ["Ann Writer"],
                "date_download": "2024-01-01 09:00:00",
                "date_modify": None,
                "date_publish": "2019-03-04 10:00:00",
                "description": "Talks",
                "language": "en",
                "maintext": STORY,
                "source_domain": "www.example.org",
                "title": "Talks resume",
                "title_page": "Talks resume | Example",
                "url": URL,
            },
            (URL, "Talks resume", "2019-03-04 10:00:00", None, "en"),
            id="news-please",
        ),
        pytest.param(
            {
                "title": "Talks resume",
                "text": STORY,
                "publish_date": "2019-03-04",
                "url": URL,
                "source_url": "https://x.org",
            },
            (URL, "Talks resume", "2019-03-04", None, None),
            id="newspaper",
        ),
        pytest.param(
            {
                "title": "Talks resume",
                "hostname": "example.org",
                "date": "2019-03-04",
                "raw_text": f"Talks resume {STORY}",
                "text": STORY,
                "source": URL,
                "source-hostname": "Example",
                "excerpt": "Talks",
            },
            (URL, "Talks resume", "2019-03-04", None, None),
            id="trafilatura",
        ),
        pytest.param(
            {"title": "Talks resume", "text": STORY, "domain": "example.org", "date": "2019-03-04 00:00:00"},
            (None, "Talks resume", "2019-03-04 00:00:00", "example.org", None),
            id="cc-news-without-address",
        ),
        pytest.param(
            {
                "stories_id": 7,
                "media_name": "Example",
                "media_url": "http://example.org",
                "publish_date": "2019-03-04",
                "language": "en",
                "title": "Talks resume",
                "url": URL,
                "story_text": STORY,
            },
            (URL, "Talks resume", "2019-03-04", "Example", "en"),
            id="media-cloud",
        ),
        pytest.param(
            {
                "uuid": "7f",
                "url": URL,
                "published": "2019-03-04T10:00:00.000+02:00",
                "crawled": "2024-01-01",
                "title": "Talks resume",
                "text": STORY,
                "language": "english",
                "thread": {"site": "example.org"},
            },
            (URL, "Talks resume", "2019-03-04T10:00:00.000+02:00", None, "english"),
            id="webz-io",
        ),
        pytest.param(
            {
                "source": {"id": None, "name": "Example"},
                "title": "Talks resume",
                "description": "Talks",
                "url": URL,
                "publishedAt": "2019-03-04T10:00:00Z",
                "content": STORY,
            },
            (URL, "Talks resume", "2019-03-04T10:00:00Z", "Example", None),
            id="newsapi",
        ),
        pytest.param(
            {
                "uri": "123",
                "lang": "eng",
                "dateTimePub": "2019-03-04T10:00:00Z",
                "date": "2019-03-05",
                "url": URL,
                "title": "Talks resume",
                "body": STORY,
                "source": {"uri": "example.org", "title": "Example"},
            },
            (URL, "Talks resume", "2019-03-04T10:00:00Z", "Example", "eng"),
            id="event-registry",
        ),
        pytest.param(
            {
                "@type": "NewsArticle",
                "headline": "Talks resume",
                "articleBody": STORY,
                "datePublished": "2019-03-04",
                "dateModified": "2024-01-01",
                "publisher": {"@type": "Organization", "name": "Example"},
                "inLanguage": "en",
                "url": URL,
            },
            (URL, "Talks resume", "2019-03-04", "Example", "en"),
            id="schema-org",
        ),
        pytest.param(
            {"DocumentIdentifier": URL, "SourceCommonName": "example.org", "article_text": STORY},
            (URL, None, None, "example.org", None),
            id="gdelt",
        ),
        pytest.param(
            {"title": "Talks resume", "publication": "Example", "date": "2019-03-04", "url": URL, "article": STORY},
            (URL, "Talks resume", "2019-03-04", "Example", None),
            id="all-the-news",
        ),
        pytest.param(
            {
                "_id": {"$oid": "5f"},
                "Headline": "Talks resume",
                "Pub-Date": {"$date": "2019-03-04"},
                "Body": STORY,
                "link": URL,
            },
            (URL, "Talks resume", "2019-03-04", None, None),
            id="mongodb-export-of-a-scraper",
        ),
    ],
)
def test_records_as_others_write_them_need_no_field_map(row, expected):
    fields = Fields(row, {})
    assert fields.content() == (STORY, "text/plain")
    assert tuple(map(fields.metadata, ("url", "title", "published", "publisher", "language"))) == expected


@pytest.mark.parametrize("name", ["description", "summary", "excerpt", "snippet", "comments"])
def test_what_is_not_the_article_is_no_text(name):
    assert Fields({name: STORY}, {}).content() == (None, "text/plain")


@pytest.mark.parametrize(
    "name", ["date_download", "crawled", "seendate", "timestamp", "date_modify", "warc_date", "scraped_at"]
)
def test_when_a_page_was_fetched_or_changed_is_no_publication_date(name):
    assert Fields({name: "2024-01-01"}, {}).metadata("published") is None


@pytest.mark.parametrize("name", ["body", "content", "article", "articleBody"])
def test_markup_under_a_name_that_some_use_for_it_is_a_page_and_words_are_a_text(name):
    assert Fields({name: f"\n<div><p>{STORY}</p></div>"}, {}).content()[1] == "text/html"
    assert Fields({name: f"{STORY} <p> is a tag</p>"}, {}).content()[1] == "text/plain"
    assert Fields({name: "<p is less than p> and so on"}, {}).content()[1] == "text/plain"
    assert Fields({"text": f"<p>{STORY}</p>"}, {}).content()[1] == "text/plain"
    assert Fields({name: f"<p>{STORY}</p>"}, {"text": name}).content()[1] == "text/plain"


def test_a_value_that_cannot_be_the_field_gives_way_to_the_next_name():
    row = {"text": None, "content": ["a"], "body": " ", "article": STORY, "published": True, "date": "2019-03-04"}
    assert Fields(row, {}).content() == (STORY, "text/plain")
    assert Fields(row, {}).metadata("published") == "2019-03-04"


def test_names_are_written_as_they_are_looked_for_and_stand_once():
    names = [name for each in FIELD_NAMES.values() for name in each]
    assert [plain_name(name) for name in names] == names
    assert len(set(names)) == len(names)


def test_parquet_columns_are_known_by_the_same_names(tmp_path):
    table = pa.table({"Article_Text": [STORY], "datePublished": ["2019-03-04"], "media-name": ["Example"], "x": [1]})
    pq.write_table(table, tmp_path / "a.parquet")
    (tmp_path / "b.jsonl").write_text(json.dumps(table.to_pylist()[0]))
    for name in ("a.parquet", "b.jsonl"):
        (file,) = discover([tmp_path / name], warehouse=tmp_path / "warehouse")
        (record,) = read_records(file)
        assert (record.raw, record.published, record.publisher) == (STORY.encode(), "2019-03-04", "Example")
