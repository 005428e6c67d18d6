"""Where an event was: at a place its words name, else where the report is."""

from datetime import date

import pytest

from flows.extract.document import read_page
from flows.extract.reading import Page


def events(text, dateline=None):
    segments, at = [], 0
    for line in text.split("\n"):
        segments.append((at, at + len(line), "body"))
        at += len(line) + 1
    return read_page(Page("0" * 16, text, date(2021, 5, 20), tuple(segments), dateline_place=dateline))[1]


def place(text, trigger, dateline=None):
    found = [event for event in events(text, dateline) if event.trigger == trigger]
    assert len(found) == 1, [(event.plover, event.trigger) for event in events(text, dateline)]
    event = found[0]
    if event.place is not None:
        assert text[event.place_start_char : event.place_end_char] == event.place
    return event.place


@pytest.mark.parametrize(
    ("text", "trigger", "where"),
    [
        pytest.param("Rebels attacked soldiers in Kandahar on Monday.", "attacked", "Kandahar", id="its-clause"),
        pytest.param("Rebels seized Kandahar on Monday.", "seized", "Kandahar", id="what-is-taken"),
        pytest.param(
            "Rebels attacked soldiers in Kandahar on Monday.\nThe soldiers arrested three rebels.",
            "arrested",
            "Kandahar",
            id="where-the-report-is",
        ),
        pytest.param(
            "The envoys met in Oslo in 2014.\nKenya held talks with Uganda on Monday.",
            "held talks",
            None,
            id="not-where-they-met-at-another-time",
        ),
        pytest.param(
            "In Oslo, Kenya condemned the attacks on villages in Mali.", "condemned", "Oslo", id="where-the-speaker-is"
        ),
        pytest.param("Kenya condemned the attacks on villages in Mali.", "condemned", None, id="not-what-is-spoken-of"),
        pytest.param(
            "The rebels fought the army of the Arab-led regime in Khartoum.",
            "fought",
            None,
            id="a-government-acts-elsewhere",
        ),
        pytest.param("The troops withdrew from Kandahar on Monday.", "withdrew from", "Kandahar", id="left-behind"),
        pytest.param(
            "Envoys spoke of Nagorno-Karabakh in Vienna.\nSoldiers of Armenia entered the breakaway region on Monday.",
            "entered",
            "Nagorno-Karabakh",
            id="the-region-named-before",
        ),
        pytest.param(
            "Syrian soldiers entered a rebel-held town on Monday.\nA reporter in the town of Saraqeb saw smoke.",
            "entered",
            "Saraqeb",
            id="the-town-named-after",
        ),
        pytest.param(
            "Oman is mediating the talks.\nThe talks in Geneva were slow.", "mediating talks", "Geneva", id="talks-led"
        ),
        pytest.param(
            "Oman is mediating a new round of talks.\nThe talks in Geneva failed, those talks in Oslo too.",
            "mediating talks",
            None,
            id="not-of-talks-at-two-towns",
        ),
        pytest.param(
            "Norway held talks on the crisis in Darfur with Mali.", "held talks", None, id="not-what-is-talked-of"
        ),
        pytest.param(
            "Oman is mediating the talks.\nThe Darfur talks were slow.",
            "mediating talks",
            None,
            id="not-what-talks-are-about",
        ),
        pytest.param(
            "The Homs prison was bombed by Syrian jets.",
            "bombed",
            "Homs",
            id="the-name-of-a-site-that-is-struck",
        ),
        pytest.param(
            "Kenya shot rebels when soldiers came from parts of Somalia.", "shot", None, id="where-others-came-from"
        ),
    ],
)
def test_where_an_event_was(text, trigger, where):
    assert place(text, trigger) == where


def test_an_act_of_speech_in_the_lead_is_where_the_dateline_is():
    text = "NAIROBI - Kenya condemned the attacks on villages in Mali."
    assert place(text, "condemned", "NAIROBI") == "NAIROBI"


def test_an_attack_in_the_lead_is_not_where_its_writer_sits():
    text = "NAIROBI - Rebels attacked soldiers on Monday."
    assert place(text, "attacked", "NAIROBI") is None
