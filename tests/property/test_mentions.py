"""Laws of sentences and names that hold for any text."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.extract.mentions import KEPT_TYPES, find_mentions
from flows.extract.reading import Page, Reading, parse_paragraphs
from flows.extract.references import resolve_references
from flows.extract.sentences import find_sentences, sentence_spans
from flows.link.entities import link_entities

PIECES = [
    "Putin",
    "Vladimir Putin",
    "Russia",
    "'s",
    "’s",
    "the",
    "U.S.",
    "-",
    "Aliyev",
    "said",
    "in",
    "and",
    ",",
    ".",
    "he",
    "Bel Korem",
]
PIECES += [
    "KIEV",
    "Gen.",
    "foreign ministry",
    "Russian",
    "(",
    ")",
    '"',
    "two leaders",
    "his counterpart",
    "é",
    "\u00a0",
    "/",
    "©",
    "AFP",
]
LINES = st.lists(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join), min_size=1, max_size=4)
ANY_TEXT = st.text(max_size=120).filter(lambda text: "\n" not in text)
LABELS = ("headline", "caption", "body", "body")


def read(lines: list[str]) -> Reading:
    text = "\n".join(lines)
    segments = []
    at = 0
    for line, label in zip(lines, LABELS, strict=False):
        if line.strip():
            segments.append((at, at + len(line), label))
        at += len(line) + 1
    page = Page("0" * 16, text, None, tuple(segments))
    reading = Reading(page, paragraphs=parse_paragraphs(page))
    reading = replace(reading, sentences=tuple(find_sentences(reading)))
    return replace(reading, mentions=tuple(find_mentions(reading)))


@given(st.one_of(ANY_TEXT, LINES.map(" ".join)))
def test_sentences_cover_every_word_once_and_in_order(text):
    spans = list(sentence_spans(text))
    assert all(start < end and text[start:end] == text[start:end].strip() for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    joined = "".join("".join(text[start:end].split()) for start, end in spans)
    assert joined.replace("\u200b", "") == "".join(text.split()).replace("\u200b", "")


@settings(max_examples=60, deadline=None)
@given(LINES)
def test_mentions_lie_apart_in_their_sentences_under_names_that_are_not_empty(lines):
    reading = read(lines)
    for mention in reading.mentions:
        text = reading.page.text[mention.start_char : mention.end_char]
        assert text.strip() == text != ""
        assert mention.name.strip() == mention.name != ""
        assert mention.entity_type in KEPT_TYPES
        assert any(s.start_char <= mention.start_char < s.end_char for s in reading.sentences)
    assert all(one.end_char <= other.start_char for one, other in pairwise(reading.mentions))


@settings(max_examples=40, deadline=None)
@given(LINES)
def test_references_stand_for_names_that_the_document_mentions(lines):
    reading = read(lines)
    names = {mention.name for mention in reading.mentions}
    for reference in resolve_references(reading):
        assert reference.start_char < reference.end_char
        assert reference.names
        assert set(reference.names) <= names


@settings(max_examples=40, deadline=None)
@given(LINES, st.randoms(use_true_random=False))
def test_entities_are_a_function_of_the_set_of_mentions(lines, random):
    reading = read(lines)
    rows = [
        {
            "mention_id": str(i),
            "document_id": "d",
            "entity_type": mention.entity_type,
            "name": mention.name,
            "text": reading.page.text[mention.start_char : mention.end_char],
        }
        for i, mention in enumerate(reading.mentions)
    ]
    shuffled = list(rows)
    random.shuffle(shuffled)
    linked = link_entities(rows)
    assert link_entities(shuffled) == linked
    assert {row["entity_id"] for row in linked[0]} == set(linked[1].values())
