"""What a page's head says of the page."""

import pytest

from flows.ingest.html import read_html
from flows.ingest.page_metadata import PageMetadata


def metadata(head: str) -> PageMetadata:
    return read_html(f"<html lang=en-GB><head>{head}</head><body><p>Text.</p>").metadata


def test_every_field_is_found():
    assert metadata(
        "<link rel=canonical href='https://example.org/a'><meta property='og:title' content='Talks  resume'>"
        "<meta property='article:published_time' content='2019-03-04T10:00:00Z'>"
        "<meta property='og:site_name' content='Example News'>"
    ) == PageMetadata("https://example.org/a", "Talks resume", "2019-03-04T10:00:00Z", "Example News", "en-GB")


def test_a_page_without_a_head_says_nothing():
    assert read_html("<p>Text.</p>").metadata == PageMetadata()


def test_the_title_element_is_the_last_resort():
    assert metadata("<title>Talks resume | Example</title>").title == "Talks resume | Example"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Talks resume | Example News", "Talks resume"),
        ("Talks resume - EXAMPLE.NEWS", "Talks resume"),
        ("Talks resume – World – Example News", "Talks resume – World"),
        ("Talks resume - a chance", "Talks resume - a chance"),
        ("Example News", "Example News"),
        ("Talks-Example News", "Talks-Example News"),
    ],
)
def test_the_outlet_at_the_end_of_a_title_is_taken_off(title, expected):
    head = f"<meta property='og:site_name' content='Example News'><title>{title}</title>"
    assert metadata(head).title == expected


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "datePublished": "2019-03-04"}',
        '[{"@type": "WebSite"}, {"@type": ["ReportageNewsArticle"], "datePublished": "2019-03-04"}]',
        '{"@graph": [{"@type": "VideoObject", "datePublished": "2001"}, {"@type": "BlogPosting", "datePublished": "2019-03-04"}]}',
        '{"@type": "NewsArticle", "articleBody": "line\nbreak in a string", "datePublished": "2019-03-04"}',
    ],
)
def test_the_date_in_json_ld_is_that_of_the_article(script):
    head = f"<script type='application/ld+json'>{script}</script><meta name=date content='2022-02-02'>"
    assert metadata(head).published == "2019-03-04"


@pytest.mark.parametrize(
    "script",
    [
        "",
        "{",
        "[" * 100_000,
        "null",
        '"text"',
        '{"@type": "NewsArticle", "datePublished": 5, "publisher": "x"}',
        "\ufffd",
    ],
)
def test_damaged_json_ld_is_passed_over(script):
    head = f"<script type='application/ld+json'>{script}</script><meta name=date content='2022-02-02'>"
    assert metadata(head).published == "2022-02-02"


def test_the_publisher_of_the_article_goes_before_the_name_of_the_site():
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x", "publisher": {"name": "The Paper"}}'
        "</script><meta property='og:site_name' content='paper.example'>"
    )
    assert metadata(head).publisher == "The Paper"


def test_absurdly_long_values_are_no_titles():
    assert metadata("<meta property='og:title' content='" + "x" * 5_000 + "'><title>Talks</title>").title == "Talks"
