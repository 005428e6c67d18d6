"""Laws that events obey whatever the sentences are."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.extract.document import read_page
from flows.extract.reading import Page
from schemas.codes import EVENT_STATUS, PLOVER_ROOTS

STATES = st.sampled_from(["Peru", "Chile", "Mali", "Chad", "Norway", "rebels", "the army", "Ivan Petrov"])
ACTS = st.sampled_from(
    ["attacked", "accused", "met", "urged", "will visit", "did not sue", "held talks with", "and", "said"]
)
SENTENCES = st.lists(st.tuples(STATES, ACTS, STATES), min_size=1, max_size=6)


@settings(max_examples=25, deadline=None)
@given(SENTENCES)
def test_evidence_is_in_the_text_ids_differ_and_reading_twice_is_reading_once(parts):
    text = " ".join(f"{a} {act} {b} on Monday." for a, act, b in parts)
    page = Page("0" * 16, text, date(2020, 3, 5), ((0, len(text), "body"),))
    _, events = read_page(page)
    keys = [(e.start_char, e.end_char, e.plover, e.trigger) for e in events]
    assert len(set(keys)) == len(keys)
    for event in events:
        assert event.plover in PLOVER_ROOTS
        assert event.status in EVENT_STATUS
        for start, end in ((event.start_char, event.end_char), *event.further_mentions):
            assert 0 <= start < end <= len(text)
        stated = text[event.trigger_start_char : event.trigger_end_char]
        assert event.start_char <= event.trigger_start_char < event.trigger_end_char <= event.end_char
        assert stated.startswith(event.trigger.split(" ")[0])
        assert stated.endswith(event.trigger.split(" ")[-1])
        assert event.rule
        assert (event.date_basis is None) == (event.date_start is None)
        for party in event.parties:
            assert party.name
            assert party.start_char is None or text[party.start_char : party.end_char]
        if event.date_start and event.date_end:
            assert event.date_start <= event.date_end
    assert read_page(page)[1] == events
