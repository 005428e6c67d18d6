"""Laws of quotations that hold for any text."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.extract.quotes import find_quotes
from flows.extract.reading import Page, Reading, parse_paragraphs
from flows.extract.sentences import find_sentences
from flows.text.spans import quoted_spans

MARKS = "\"“”„«»'‘’`"
LINES = st.lists(
    st.text(st.sampled_from([*MARKS, "a", "B", "s", " ", ".", ",", "\u00a0", "é", "1", "-"]), max_size=60), max_size=5
)
ANY_LINES = st.lists(st.text(max_size=40).filter(lambda line: "\n" not in line), max_size=4)
SAYINGS = st.lists(
    st.lists(
        st.sampled_from(
            [
                '"',
                "“",
                "”",
                "‘",
                "’",
                "said",
                "Anna Berg",
                "she",
                "the statement",
                "according to",
                "we go home now",
                ",",
                ".",
                ":",
            ]
        ),
        max_size=14,
    ).map(" ".join),
    min_size=1,
    max_size=4,
)


def joined(lines):
    text, paragraphs, at = "\n".join(lines), [], 0
    for line in lines:
        if line.strip():
            paragraphs.append((at, at + len(line)))
        at += len(line) + 1
    return text, paragraphs


@given(st.one_of(LINES, ANY_LINES))
def test_spans_never_overlap_and_lie_inside_their_paragraph(lines):
    text, paragraphs = joined(lines)
    found = quoted_spans(text, paragraphs)
    assert len(found) == len(paragraphs)
    for (start, end), spans in zip(paragraphs, found, strict=True):
        for span in spans:
            assert start <= span.opened_at <= span.start < span.end <= span.closed_at <= end
            assert text[span.start : span.end].strip() == text[span.start : span.end]
        for one, other in pairwise(spans):
            assert one.closed_at <= other.opened_at


@given(st.lists(st.text(st.sampled_from("ab .,“”"), max_size=60), max_size=4))
def test_a_mark_inside_a_quotation_has_its_partner_inside(lines):
    text, paragraphs = joined(lines)
    for spans in quoted_spans(text, paragraphs):
        for span in spans:
            words = text[span.start : span.end]
            if span.opened and span.closed and words.count("“") + words.count("”"):
                assert (words.count("“") + words.count("”")) % 2 == 0 or "““" in words or "””" in words


@given(SAYINGS)
@settings(max_examples=40, deadline=None)
def test_any_mix_of_marks_and_words_of_saying_gives_sound_quotes(lines):
    text, paragraphs = joined(lines)
    page = Page("0" * 16, text, None, tuple((s, e, "body") for s, e in paragraphs))
    reading = Reading(page, paragraphs=parse_paragraphs(page))
    reading = Reading(page, paragraphs=reading.paragraphs, sentences=tuple(find_sentences(reading)))
    quotes = find_quotes(reading)
    assert quotes == find_quotes(reading)
    assert not any(quote.continues for quote in quotes[:1])
    for one, other in pairwise(quotes):
        assert one.end_char <= other.start_char
        assert not other.continues or other.speaker == one.speaker
    for quote in quotes:
        assert any(s <= quote.start_char < quote.end_char <= e for s, e in paragraphs)
        assert (quote.speaker is None) == (quote.speaker_start_char is None) == (quote.speaker_end_char is None)
        if quote.speaker_start_char is not None:
            assert text[quote.speaker_start_char : quote.speaker_end_char].strip()
