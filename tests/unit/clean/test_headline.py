"""headline: which line names the story."""

import csv
from importlib.resources import files

import pytest

from flows.clean.headline import candidate_features
from flows.clean.lines import lines_of
from flows.clean.prose import read_lines
from flows.clean.segments import label_lines

HEADLINE = "Envoys agree to reopen the northern road"
STORY = [
    "The two sides agreed on Monday to reopen the northern road, officials in the capital said after three days of talks.",
    "“We will keep our word and clear the mines before winter,” the deputy minister told reporters at the border post.",
]


def headline_of(*lines: str) -> str | None:
    labelled = label_lines(lines_of("\n".join(lines)))
    return None if labelled.headline is None else labelled.lines[labelled.headline].text


@pytest.mark.parametrize(
    "above",
    [
        pytest.param((HEADLINE,), id="alone"),
        pytest.param(("The Valley Courier", HEADLINE), id="below the outlet's name"),
        pytest.param(
            (HEADLINE, "Talks between the envoys on the northern road end after three days"), id="above a deck"
        ),
        pytest.param(
            (HEADLINE, "Share on Facebook", "Share on Twitter", "Print", "By Ann Writer"),
            id="buttons before the byline",
        ),
        pytest.param(("Home News " + HEADLINE, HEADLINE, "Published on 20/06/2019"), id="below a trail of sections"),
        pytest.param(("Politics", "Northern road", HEADLINE, "March 3, 2019"), id="below its sections"),
    ],
)
def test_the_line_that_tells_the_story_is_chosen(above):
    assert headline_of(*above, *STORY) == HEADLINE


def test_a_text_without_a_headline_has_none():
    assert headline_of(*STORY) is None


def test_the_confidence_is_greater_where_no_other_line_rivals_it():
    alone = label_lines(lines_of("\n".join([HEADLINE, *STORY])))
    rival = label_lines(lines_of("\n".join(["Envoys open the road in the capital", HEADLINE, *STORY])))
    sure, less_sure = (labelled.confidences[labelled.headline] for labelled in (alone, rival))
    assert 1.0 >= sure > less_sure > 0.3


def test_every_feature_has_a_weight_and_every_weight_a_feature():
    reading = read_lines(lines_of("\n".join([HEADLINE, *STORY])))
    ((_, seen), *_) = candidate_features(reading, 1, 3, None)
    table = (files("seeds") / "reference" / "headline_weights.csv").read_text(encoding="utf-8")
    assert {row["feature"] for row in csv.DictReader(table.splitlines())} == set(seen)


def test_without_weights_there_is_still_an_answer(monkeypatch):
    monkeypatch.setattr("flows.clean.headline._weights", lambda: ({}, {}))
    assert headline_of(HEADLINE, *STORY) == HEADLINE
