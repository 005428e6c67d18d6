"""Where and when a clause happened, told from the clauses and names beside it."""

from datetime import date

import pytest

from flows.extract.circumstances import dated, fresh, when, where
from flows.extract.document import read_page
from flows.extract.reading import Page

PUBLISHED = date(2021, 5, 20)  # a Thursday


def read(text, published=PUBLISHED):
    segments, at = [], 0
    for line in text.split("\n"):
        segments.append((at, at + len(line), "body"))
        at += len(line) + 1
    return read_page(Page("0" * 16, text, published, tuple(segments)))[0]


@pytest.mark.parametrize(
    ("text", "words", "place"),
    [
        pytest.param("Two men were killed in Kabul.", "killed", "Kabul", id="behind-a-preposition"),
        pytest.param("Turkey said that two men were killed.", "killed", None, id="who-says-is-no-place"),
        pytest.param("The blast hit the town of Kandahar.", "hit", "Kandahar", id="of-after-a-locality"),
        pytest.param("A mine exploded 40 km north of Kandahar.", "exploded", None, id="north-of-a-town-is-not-in-it"),
        pytest.param(
            "The border between Chad and Niger opened when two men were killed.", "killed", None, id="a-border-told-of"
        ),
        pytest.param("Two men were killed on the border between Chad and Niger.", "killed", "Chad", id="on-a-border"),
        pytest.param(
            "Two men were killed as troops pushed toward the outskirts of Kandahar.",
            "pushed",
            "Kandahar",
            id="toward-its-outskirts",
        ),
        pytest.param("Troops came from parts of Mali and two men were killed.", "killed", None, id="from-parts-of-it"),
        pytest.param("The ministers spoke at a Vienna meeting.", "spoke", "Vienna", id="a-name-before-a-meeting"),
    ],
)
def test_where(text, words, place):
    start = text.index(words)
    found = where(read(text), start, start + len(words))
    assert (found and text[found.start_char : found.end_char]) == place


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        pytest.param("Two men were killed on Monday.", "killed", date(2021, 5, 17), id="its-own-clause"),
        pytest.param(
            "He said on Wednesday that two men died on Monday.", "died", date(2021, 5, 17), id="not-the-telling"
        ),
        pytest.param("The army said on Wednesday that two men had died.", "died", None, id="only-the-telling-is-dated"),
        pytest.param("Two men were killed.", "killed", None, id="no-date"),
    ],
)
def test_when(text, words, day):
    start = text.index(words)
    found = when(read(text), start, start + len(words))
    assert (found and found.date_start) == day


def test_between_two_months_is_from_the_first_to_the_last_day():
    text = "Some 300 people died between March 2020 and June 2020."
    found = dated(read(text), 0, 10)
    assert (found.start, found.end) == (date(2020, 3, 1), date(2020, 6, 30))


def test_what_is_new_takes_the_day_last_told_of():
    text = "Rebels attacked the town on Tuesday.\nFour men were killed."
    found = fresh(read(text), text.index("Four"), len(text))
    assert (found.start, found.end) == (date(2021, 5, 18), date(2021, 5, 18))


def test_what_is_told_among_history_is_not_new():
    text = "Rebels attacked the town in 2014.\nFour men were killed."
    assert fresh(read(text), text.index("Four"), len(text)) is None
