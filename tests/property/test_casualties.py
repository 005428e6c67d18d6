"""Laws of casualty rows, whatever the text."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.extract.document import read_page
from flows.extract.reading import Page
from schemas.codes import CASUALTY_RULES

WORDS = st.sampled_from(
    [
        "killed",
        "wounded",
        "dead",
        "missing",
        "captured",
        "displaced",
        "soldiers",
        "people",
        "including",
        "at",
        "least",
        "more",
        "than",
        "up",
        "to",
        "between",
        "and",
        "of",
        "the",
        "12",
        "3,000",
        "two",
        "dozen",
        "hundreds",
        "was",
        "were",
        "left",
        "toll",
        "rose",
        "said",
        ",",
        ".",
        ":",
        "army",
        "Chad",
        "Turkish",
        "on",
        "Monday",
        "in",
        "Gao",
        "who",
        "hostages",
        "took",
    ]
)
TEXTS = st.lists(WORDS, max_size=30).map(" ".join) | st.text(max_size=60)


def rows(text):
    return read_page(Page("0" * 16, text, date(2021, 5, 20), ((0, len(text), "body"),)))[0].casualties


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_rows_point_into_the_text_and_bounds_are_in_order(text):
    found = rows(text)
    for row in found:
        assert 0 <= row.start_char < row.end_char <= len(text)
        assert row.low is None or row.high is None or row.low <= row.high
        assert (row.date_start is None) == (row.date_end is None) == (row.date_precision is None)
        assert row.date_start is None or row.date_start <= row.date_end
        assert (row.qualifier == "vague") <= (row.low is None and row.high is None)
        assert row.rule in CASUALTY_RULES
        assert 0 <= row.trigger_start_char < row.trigger_end_char <= len(text)
        hedged = row.qualifier in ("at_least", "more_than", "up_to", "about", "feared")
        assert hedged == (row.hedge_start_char is not None)
    keys = [(r.start_char, r.end_char, r.kind, r.low, r.high) for r in found]
    assert len(keys) == len(set(keys))
    assert found == rows(text)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 9999), st.sampled_from(["killed", "wounded", "captured"]))
def test_any_figure_is_read_as_it_stands(number, kind):
    (row,) = rows(f"The raid {kind} {number:,} soldiers.")
    assert (row.kind, row.low, row.high) == (kind, number, number)
