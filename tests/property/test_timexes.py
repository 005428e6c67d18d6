from datetime import date
from time import process_time

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from flows.extract.reading import Page, Paragraph, Reading
from flows.extract.timexes import find_timexes
from flows.text.dates import interval_of

# Without tagger and parser: the laws hold whatever spaCy reads, and thousands of texts are read in a second.
BLANK = spacy.blank("en")
VOCABULARY = """
    on in the of a an and to - – / . , ( ) ' last next this that same previous following early late mid May march Oct
    Monday Sun Sundays 8 9 31 07 1990s '90s 1559 2016 1994 490 BC 10:35 a m p.m. GMT 31/10/2022 2022-10-31 10th two
    half several days day weeks month years ago earlier later before after weekend quarter first second century 9/11
    every per daily today yesterday tonight overnight night morning Easter Christmas New Year spring fall 99999999
    1,000,000 now past future troops said final current latest fiscal ended full for noon midnight 2½ old or so 's 1986/87
    Thanksgiving Labor Day 1800s nights
"""
WORDS = st.sampled_from(VOCABULARY.split())
TEXTS = st.lists(WORDS, max_size=25).map(" ".join) | st.text(max_size=60)
DAYS = st.none() | st.dates()


def timexes_of(text, published):
    page = Page("0" * 16, text, published, ((0, len(text), "body"),))
    return find_timexes(Reading(page, paragraphs=(Paragraph(0, len(text), "body", BLANK(text)),)))


@given(TEXTS, DAYS)
def test_rows_are_in_order_within_the_text_and_none_overlaps_another(text, published):
    at = 0
    for found in timexes_of(text, published):
        assert at <= found.start_char < found.end_char <= len(text)
        assert text[found.start_char : found.end_char].strip() == text[found.start_char : found.end_char]
        at = found.end_char


@given(TEXTS, DAYS)
def test_dates_follow_from_the_value(text, published):
    for found in timexes_of(text, published):
        if found.timex_type in {"DURATION", "SET"}:
            assert found.date_start is None
        elif found.value is not None:
            dates = (found.date_start, found.date_end, found.date_precision)
            assert dates == (interval_of(found.value) or (None, None, None))
        if found.date_start and found.date_end:
            assert found.date_start <= found.date_end


@given(TEXTS, DAYS)
def test_a_page_is_always_read_the_same(text, published):
    assert timexes_of(text, published) == timexes_of(text, published)


@pytest.mark.parametrize(
    "unit",
    [
        pytest.param("word ", id="plain-words"),
        pytest.param("May ", id="months"),
        pytest.param("1 ", id="numbers"),
        pytest.param("1,111,", id="digits-and-commas"),
        pytest.param("a few days ", id="durations"),
        pytest.param("9", id="one-long-number"),
        pytest.param("x", id="one-long-word"),
        pytest.param("the end of the ", id="prefixes"),
    ],
)
def test_time_grows_with_the_text_and_no_faster(unit):
    def seconds(length):
        text = (unit * (length // len(unit) + 1))[:length].strip()
        page = Page("0" * 16, text, date(2021, 6, 9), ((0, len(text), "body"),))
        reading = Reading(page, paragraphs=(Paragraph(0, len(text), "body", BLANK.make_doc(text)),))
        begun = process_time()
        find_timexes(reading)
        return process_time() - begun

    seconds(1_000)
    # four times the text in twelve times the time at most: what grows with the square takes sixteen. The better of two
    # runs: once in some forty a busy machine held up the longer one alone (1.57 s, where it takes 0.5)
    assert min(seconds(160_000), seconds(160_000)) < 12 * max(seconds(40_000), 0.01)
