"""sentences: where they end, and where a point ends nothing."""

import time

import pytest

from flows.extract.sentences import sentence_spans


def sentences_of(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Truce holds along the Orlan river", id="headline-without-stop-is-one"),
        pytest.param("The order was signed by Maj. Gen. Oskar Velin on Friday.", id="titles-before-names"),
        pytest.param("Dr. J. P. Maren and Mrs. Ilse Holm signed it.", id="initials"),
        pytest.param("The U.S. Embassy and the U.N. Security Council were told.", id="acronyms-before-names"),
        pytest.param("Prices rose 3.5 percent, to $1.2 billion.", id="decimals"),
        pytest.param("They waited... and then went home.", id="ellipsis-that-goes-on"),
        pytest.param('"Who did this?" Anna Berg asked.', id="question-then-its-speaker"),
        pytest.param('"Stop!" the guard shouted.', id="exclamation-then-its-speaker"),
        pytest.param("It was filed on Jan. 5 under No. 12 by Acme Inc. lawyers.", id="months-and-numbers"),
        pytest.param("See example.com for the full text.", id="addresses"),
    ],
)
def test_a_point_inside_a_sentence_ends_nothing(text):
    assert sentences_of(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("He left. She stayed.", ["He left.", "She stayed."], id="full-stop"),
        pytest.param(
            "Troops from the U.S. They arrived at dawn.",
            ["Troops from the U.S.", "They arrived at dawn."],
            id="acronym-then-a-word-that-opens",
        ),
        pytest.param(
            "“We leave.” The rest was noise.", ["“We leave.”", "The rest was noise."], id="quote-closes-after-the-stop"
        ),
        pytest.param(
            'He said "never again." Then he left.',
            ['He said "never again."', "Then he left."],
            id="straight-quote-closes",
        ),
        pytest.param("Who knew? Nobody did!", ["Who knew?", "Nobody did!"], id="question"),
        pytest.param("It ended… Nobody came.", ["It ended…", "Nobody came."], id="ellipsis-then-capital"),
        pytest.param(
            "They crossed the border.Meanwhile talks went on.",
            ["They crossed the border.", "Meanwhile talks went on."],
            id="lost-blank",
        ),
        pytest.param("The answer was no. Talks ended.", ["The answer was no.", "Talks ended."], id="no-is-a-word-too"),
        pytest.param("It is 5 p.m. The guns fell silent.", ["It is 5 p.m.", "The guns fell silent."], id="clock-time"),
        pytest.param(
            "Three died. (One was a child.) All were named.",
            ["Three died.", "(One was a child.)", "All were named."],
            id="brackets",
        ),
    ],
)
def test_a_stop_ends_its_sentence(text, expected):
    assert sentences_of(text) == expected


def test_blanks_around_a_sentence_are_not_part_of_it():
    assert sentences_of("  He left. \u00a0 She stayed.\t") == ["He left.", "She stayed."]


def test_no_words_no_sentence():
    assert sentences_of(" \t\u00a0") == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("word " * 400_000, id="no-stops"),
        pytest.param("." * 1_000_000, id="only-stops"),
        pytest.param("B. " * 100_000, id="initials-throughout"),
        pytest.param('Who?" B ' * 60_000, id="questions-throughout"),
        pytest.param("x" * 3_000_000, id="one-word"),
    ],
)
def test_odd_text_takes_linear_time(text):
    begun = time.perf_counter()
    assert sum(1 for _ in sentence_spans(text)) >= 1
    assert time.perf_counter() - begun < 20
