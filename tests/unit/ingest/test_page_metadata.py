"""What a page's head says of the page."""

import time

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


@pytest.mark.parametrize(
    "markup",
    [
        "<meta name='OriginalPublicationDate' content='2019/03/04 14:36:50'>",
        "<meta property='og:article:published_time' content='2019-03-04T10:00:00Z'>",
        "<meta name='dc.date.issued' content='2019-03-04'><meta name=date content='2022-02-02'>",
        "<meta name='pubdate' content='20190304'>",
        "<meta name='publish-date' content='Mon, 04 Mar 2019 10:00:00 GMT'>",
        "<meta name='published_at' content='1551693600'>",
        "<meta name='published_at' content='/Date(1551693600000)/'>",
        "<meta name='article.published' content='today'><meta name='article.created' content='2019-03-04'>",
        "<script type='application/ld+json; charset=utf-8'>{'datePublished': 1}</script><meta itemprop=datePublished content='2019-03-04'>",
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "a "b" c", "datePublished": "2019-03-04"}</script>',
        '<script type="application/ld+json">//<![CDATA[\n{"@type": "NewsArticle", "datePublished": "2019-03-04"}\n//]]></script>',
        '<script type="application/ld+json">[{"@type": "NewsArticle", "headline": "a"}, {"@type": "WebPage", "datePublished": "2019-03-04"}]</script>',
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "1970-01-01T00:00:00Z", "dateCreated": "2019-03-04"}</script>',
    ],
)
def test_the_head_gives_the_day_in_many_ways(markup):
    found = metadata(markup).published
    assert found is not None
    assert found.startswith(("2019-03-04", "2019/03/04", "20190304", "Mon, 04 Mar 2019"))


OTHER_STORY = "<div class='related-stories'><h3>Ferry sails</h3><time datetime='2021-01-01'>1 January</time></div>"


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Talks</h1><span itemprop='datePublished' content='2019-03-04'>yesterday</span>",
        "<h1>Talks</h1><p>By A</p><time datetime='2019-03-04T10:00'>3 hours ago</time><time datetime='2021-01-01'>x</time>",
        "<time datetime='2021-01-01'>1 January</time><h1>Talks</h1><time datetime='2019-03-04'>4 March</time>",
        "<time datetime='2021-01-01'>1 January</time><h1>Talks</h1><time pubdate datetime='2019-03-04'>4 March</time>",
        "<h1>Talks</h1><time datetime='2021-01-01' class='updated'>x</time><time class='entry-date published' datetime='2019-03-04'>x</time>",
        "<abbr class='published' title='2019-03-04T10:00'>Monday</abbr><h1>Talks</h1>",
        "<h1>Talks</h1><p data-publish-date='2019-03-04'>Monday</p>",
        "<div data-timestamp='1609459200'>"
        + "x " * 60
        + "</div><h1>Talks</h1><span data-timestamp='1551693600000'>3 hours ago</span>",
        OTHER_STORY + "<h1>Talks</h1><time datetime='2019-03-04'>4 March</time>",
        "<h1>Talks</h1>" + OTHER_STORY + "<p><time>4 March 2019</time></p>",
    ],
)
def test_elements_give_the_day_where_the_head_does_not(body):
    found = read_html(f"<html><head></head><body>{body}<p>Text.</p>").metadata.published
    assert found is not None
    assert found.startswith(("2019-03-04", "4 March 2019"))


@pytest.mark.parametrize(
    "body",
    [
        OTHER_STORY,
        f"<h1>Talks</h1>{OTHER_STORY}",
        "<h1>Talks</h1><time>an hour ago</time>",
        "<h1>Talks</h1><div data-timestamp='1551693600'></div>",
        "<h1>Talks</h1><div class='comment'><p itemprop='datePublished' content='2019-03-04'>x</p></div>",
    ],
)
def test_no_day_is_taken_from_another_story_or_from_words(body):
    assert read_html(f"<html><head></head><body>{body}<p>Text.</p>").metadata.published is None


@pytest.mark.parametrize(
    ("utc", "other", "expected"),
    [
        ("2019-03-05T01:20:30Z", "2019-03-04T20:20:30-05:00", "2019-03-04T20:20:30-05:00"),
        ("2019-03-05T01:20:30Z", "2019-03-04 20:20:30", "2019-03-04 20:20:30"),
        ("2019-03-05T01:20:30Z", "2019-03-04", "2019-03-04"),
        ("2019-03-05T01:20:30Z", "2019-03-04 20:11:12", "2019-03-05T01:20:30Z"),
        ("2019-03-05T01:20:30+09:00", "2019-03-04T16:20:30Z", "2019-03-05T01:20:30+09:00"),
    ],
)
def test_the_day_is_the_outlets_own_where_one_moment_is_written_twice(utc, other, expected):
    head = f"<meta property='article:published_time' content='{utc}'><meta name='sailthru.date' content='{other}'>"
    assert metadata(head).published == expected


def test_of_several_stories_in_json_ld_the_one_with_the_pages_address_is_its_own():
    stories = (
        '[{"@type": "NewsArticle", "url": "https://example.org/b", "headline": "b", "datePublished": "2018-01-01"},'
        '{"@type": "NewsArticle", "url": "https://example.org/a", "headline": "a", "datePublished": "2019-03-04"}]'
    )
    found = metadata(
        f"<link rel=canonical href='https://example.org/a'><script type='application/ld+json'>{stories}</script>"
    )
    assert (found.title, found.published) == ("a", "2019-03-04")


def test_a_publisher_may_be_named_by_its_id():
    graph = (
        '{"@graph": [{"@type": "Organization", "@id": "#o", "name": "The Paper"},'
        '{"@type": "Article", "headline": "x", "publisher": {"@id": "#o"}}]}'
    )
    head = f"<script type='application/ld+json'>{graph}</script><meta property='og:site_name' content='paper.example'>"
    assert metadata(head).publisher == "The Paper"


@pytest.mark.parametrize("element", ["<meta name=a content=b>", "<time datetime='2019-03-04'>x</time>"])
def test_many_elements_take_no_quadratic_time(element):
    began = time.process_time()
    page = read_html(f"<html><head></head><body><h1>x</h1>{element * 20_000}<p>Text.</p>")
    assert time.process_time() - began < 20  # a second; a loop over all nodes takes minutes
    assert page.metadata.published in {None, "2019-03-04"}


def test_the_publisher_of_the_article_goes_before_the_name_of_the_site():
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x", "publisher": {"name": "The Paper"}}'
        "</script><meta property='og:site_name' content='paper.example'>"
    )
    assert metadata(head).publisher == "The Paper"


def test_entities_that_were_escaped_twice_are_undone():
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Roads &amp; ports: it&#8217;s open"}</script>'
    assert metadata(head).title == "Roads & ports: it’s open"


def test_absurdly_long_values_are_no_titles():
    assert metadata("<meta property='og:title' content='" + "x" * 5_000 + "'><title>Talks</title>").title == "Talks"
