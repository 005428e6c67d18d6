"""No step of extract takes a time that grows faster than the text, whatever the text."""

import pytest

from flows.extract import document
from tests.benchmarks.pathological import KINDS, page_of, remembering_parser, superlinear, text_of

ATTEMPTS = 3  # a machine that does other things as well may make one look bad


@pytest.fixture(scope="module")
def parser():
    parse = remembering_parser()
    document.extract_page(page_of(text_of("prose in one paragraph", 2_000)))  # what is loaded once is loaded
    return parse


@pytest.mark.parametrize("kind", KINDS)
def test_a_character_costs_no_more_in_a_longer_text(kind, parser):
    found = {}
    for _ in range(ATTEMPTS):
        found = superlinear(kind, parser)
        if not found:
            return
    assert not found, "step: seconds for the short text and for the long one"


def test_a_loop_within_a_loop_is_seen(monkeypatch, parser):
    find_sentences = document.find_sentences

    def looks_at_each_word_from_each(reading):
        for paragraph in reading.paragraphs:
            words = range(len(paragraph.doc))
            assert sum(1 for _ in words for _ in words) == len(words) ** 2
        return find_sentences(reading)

    monkeypatch.setattr(document, "find_sentences", looks_at_each_word_from_each)
    assert "find_sentences" in superlinear("prose in one paragraph", parser)
