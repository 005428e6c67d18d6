"""Laws of clean: whatever a page is, its segments cover it, in order, once; and the article's offsets are its words."""

import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.clean.document import Block, Cleaned, Metadata, clean_document
from flows.clean.shard import BLOCK_FIELDS
from flows.ingest.html import UnreadableHtml, read_html
from schemas.codes import PAGE_TYPES, PUBLISHED_BASIS, SEGMENT_LABELS

PIECES = (
    "Home",
    "Home | World | Sport | Contact",
    "Share this article",
    "By Ann Writer and Bob Reporter",
    "Published on 21/03/2019",
    "March 3, 2019 5:04 pm",
    "READ MORE: Ferry service resumes",
    "Related stories",
    "Envoys agree to reopen the northern road",
    "The two sides agreed on Monday to reopen the northern road, officials said.",
    "“We will keep our word,” the minister told reporters in the capital.",
    "Soldiers at the bridge. (Photo: A. Person/Agency)",
    "12 wounded",
    "Killed: at least 7",
    "PORT TOWN, May 3 (AFP) -- Boats came back to the harbour on Tuesday after two days of storms.",
    "We use cookies to improve your visit.",
    "Leave a comment",
    "© 2019 Harbour News. All rights reserved.",
    "0:57",
    "\u2028",
    "\u200b",
    "\x0c",
    "🙂",
    "𝒜" * 5,
    "",
    "   ",
)
BREAKS = ("\n", "\r\n", "\r", "\n\n", "\n \n", "\r\r\n")
pages = st.lists(
    st.tuples(st.one_of(st.sampled_from(PIECES), st.text(max_size=40)), st.sampled_from(BREAKS)), max_size=30
).map(lambda parts: "".join(piece + end for piece, end in parts))
anything = st.one_of(pages, st.text(max_size=400))
few_examples = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def assert_lawful(text: str, cleaned: Cleaned) -> None:
    position = 0
    for segment in cleaned.segments:
        assert position <= segment.start_char < segment.end_char <= len(text)
        assert not text[position : segment.start_char].strip()
        assert segment.label in SEGMENT_LABELS
        assert 0.0 <= segment.confidence <= 1.0
        position = segment.end_char
    assert not text[position:].strip()
    article = cleaned.article
    assert (article is None) == (cleaned.refused is not None)
    if article is None:
        return
    assert article.body.strip()
    assert article.page_type in PAGE_TYPES
    assert article.published_basis in (None, *PUBLISHED_BASIS)
    assert (article.published_on is None) == (article.published_basis is None)
    if article.headline is not None:
        assert text[article.headline_start_char : article.headline_end_char] == article.headline
    if article.published_start_char is not None:
        assert text[article.published_start_char : article.published_end_char].strip()


@few_examples
@given(anything)
def test_segments_cover_every_character_that_is_not_blank_and_never_overlap(text):
    assert_lawful(text, clean_document(text))


@few_examples
@given(pages)
def test_in_plain_text_no_segment_spans_a_line_break(text):
    for segment in clean_document(text).segments:
        assert not set(text[segment.start_char : segment.end_char]) & {"\n", "\r"}


@few_examples
@given(pages, st.data())
def test_the_law_holds_for_blocks_with_any_markup_and_any_gaps(text, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    tags = st.sampled_from(("p", "h1", "h2", "li", "div", "figcaption"))
    paths = st.sampled_from(
        ("body div.story p", "body nav ul li", "body aside.related p", "body div#comments p", "p", "")
    )
    blocks = [
        Block(start, end, data.draw(tags), data.draw(paths), data.draw(st.floats(0, 1)), data.draw(st.booleans()))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
        if start < end
    ]
    assert_lawful(text, clean_document(text, blocks, Metadata(title=data.draw(st.sampled_from((None, *PIECES))))))


TAGS = (
    "p",
    "div",
    "h1",
    "h2",
    "li",
    "td",
    "span",
    "a",
    "figcaption",
    "footer",
    "aside",
    "pre",
    "br",
    "script",
    "title",
)
web_pages = st.recursive(
    st.one_of(st.sampled_from(PIECES), st.text(max_size=20)),
    lambda inner: st.tuples(
        st.sampled_from(TAGS),
        st.sampled_from(("", ' class="story"', ' class="related"', ' id="comments"', " hidden", ' class="author')),
        st.lists(inner, max_size=4),
    ).map(lambda made: f"<{made[0]}{made[1]}>{''.join(made[2])}</{made[0]}>"),
    max_leaves=25,
)


@few_examples
@given(web_pages)
def test_of_a_web_page_every_visible_character_is_in_one_segment(html):
    try:
        page = read_html(html)
    except UnreadableHtml:
        return
    blocks = [Block(**{name: getattr(block, name) for name in BLOCK_FIELDS}) for block in page.blocks]
    cleaned = clean_document(page.text, blocks, Metadata(title=page.metadata.title, url=page.metadata.url))
    assert_lawful(page.text, cleaned)
    assert [(s.start_char, s.end_char) for s in cleaned.segments] == [(b.start_char, b.end_char) for b in blocks]


@few_examples
@given(pages)
def test_cleaning_twice_gives_the_same(text):
    assert clean_document(text) == clean_document(text)


@few_examples
@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_metadata_of_any_text_break_nothing(url, title, published):
    text = "Talks open\n\nEnvoys of both sides met in the port on Monday, officials said."
    assert_lawful(text, clean_document(text, (), Metadata(url=url, title=title, published=published)))


LONG = 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("word " * (LONG // 5), id="a megabyte on one line without punctuation"),
        pytest.param("x" * LONG, id="a megabyte without a blank"),
        pytest.param("12/" * (LONG // 3), id="a megabyte of slashes and digits"),
        pytest.param("Monday, May 3, 2016 " * (LONG // 20), id="a megabyte of dates"),
        pytest.param("(" * LONG, id="a megabyte of open brackets"),
        pytest.param("Home | " * (LONG // 7), id="a megabyte of menu on one line"),
        pytest.param("\n" * LONG, id="a million blank lines"),
        pytest.param("Some words\n" * 20_000, id="twenty thousand short lines"),
        pytest.param("12 Jan\n2016\n" * 10_000, id="twenty thousand pieces of dates"),
        pytest.param("Ann Bee says:\n" * 20_000, id="twenty thousand commenters"),
        pytest.param(
            "Some words\n" * 10_000 + "The two sides agreed to meet again.\nMarch 3, 2019\nShare\n" * 3_000,
            id="three thousand stories, each with a date and a button",
        ),
        pytest.param(
            "".join(f"Word{n} other{n} third{n} came to be seen there.\nRelated stories\n" for n in range(5_000)),
            id="five thousand teasers, each on something else",
        ),
        pytest.param("Ann Bee is a writer and editor.\n" * 10_000, id="ten thousand lives of writers"),
    ],
)
def test_time_grows_with_the_text_alone(text):
    begun = time.perf_counter()
    assert_lawful(text, clean_document(text))
    assert time.perf_counter() - begun < 10  # 0.1 to 2 s measured; a quadratic step takes minutes


def test_shuffled_lines_keep_the_law():
    lines = list(PIECES) * 5
    shuffle = random.Random(7).shuffle  # noqa: S311 # an order, no secret
    for _ in range(10):
        shuffle(lines)
        text = "\n".join(lines)
        assert_lawful(text, clean_document(text))
